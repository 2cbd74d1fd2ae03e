/*
 * fuzz_literals: any bytes as one expression. If it is a literal, writing the value as SQL text and reading that gives
 * the same literal: type and value survive.
 */
#include "data_order.h"
#include "data_text.h"
#include "expr_parse.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const sqi_ast *parse(sqi_span text, sqi_arena *arena, sqi_type_pool *pool, sqi_zones *zones)
{
    sqi_parser p;
    sqi_ast *e = NULL;
    bool ok = sqi_parser_init(&p, text, arena, pool, zones, sqi_zone_utc(), NULL) == STREAMQ_OK &&
              sqi_parse_expression(&p, &e, NULL) == STREAMQ_OK;
    return ok ? e : NULL;
}

static void check(const sqi_vec *v, sqi_arena *arena, sqi_type_pool *pool, sqi_zones *zones)
{
    sqi_buf text;
    sqi_buf_init(&text, arena->alloc, 0);
    bool printed = sqi_text_literal(&text, v, 0, false);
    const sqi_ast *again = printed ? parse(sqi_buf_view(&text), arena, pool, zones) : NULL;
    bool same = again && again->kind == SQI_AST_LITERAL && again->value->type == v->type &&
                sqi_order_equal(again->value, 0, v, 0);
    /* NaN and the infinities are written as casts, they are no literals */
    bool cast = again && again->kind != SQI_AST_LITERAL;
    if (!same && !cast) {
        fprintf(stderr, "a literal is lost: %.*s\n", (int)text.len, text.ptr);
        abort();
    }
    sqi_buf_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_alloc_init(&alloc);
    alloc.limit = (size_t)256 << 20;
    sqi_arena_init(&arena, &alloc);
    sqi_type_pool *pool = sqi_type_pool_new(&alloc);
    sqi_zones *zones = sqi_zones_new(&alloc);
    const sqi_ast *e = parse((sqi_span){(const char *)data, size}, &arena, pool, zones);
    if (e && e->kind == SQI_AST_LITERAL)
        check(e->value, &arena, pool, zones);
    sqi_zones_free(zones);
    sqi_type_pool_free(pool);
    sqi_arena_fini(&arena);
    if (alloc.used != 0) {
        fprintf(stderr, "%zu bytes were not given back\n", (size_t)alloc.used);
        abort();
    }
    return 0;
}
