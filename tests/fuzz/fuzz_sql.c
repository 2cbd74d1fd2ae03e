/*
 * fuzz_sql: any bytes to every parser of SQL text. The first byte chooses: E expression, L select list, S sort list,
 * T type, D schema, anything else a whole query (and belongs to it).
 *
 * What must hold: no crash, memory all given back, a status and an error of one mind, a place inside the text, trees
 * no higher than the limit whose nodes lie inside the text and are equal to themselves, default names that print.
 */
#include "sql_query.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                   \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
            abort();                                                                      \
        }                                                                                 \
    } while (0)

static void check_tree(const sqi_ast *e, size_t len, sqi_alloc *alloc)
{
    sqi_buf name;
    MUST(e->height >= 1 && e->height <= SQI_PARSE_DEPTH);
    MUST(e->begin <= e->end && e->end <= len);
    MUST(sqi_ast_equal(e, e));
    sqi_buf_init(&name, alloc, 1 << 20);
    bool printed = sqi_ast_print(&name, e);
    MUST(printed || name.failed);
    sqi_buf_fini(&name);
    for (uint32_t i = 0; i < e->narg; i++) {
        MUST(e->arg[i]->height < e->height);
        MUST(e->arg[i]->begin <= e->arg[i]->end && e->arg[i]->end <= len);
    }
}

static void check_error(streamq_status status, const streamq_error *error, size_t len)
{
    size_t begin = 0, end = 0;
    MUST((status == STREAMQ_OK) == (error == NULL));
    if (!error)
        return;
    MUST(sqi_error_status(error) == status);
    MUST(sqi_error_where(error, &begin, &end) || status == STREAMQ_ERR_NOMEM);
    MUST(begin <= end && end <= len);
    MUST(sqi_error_message(error)[0] == '[');
}

static streamq_status run(sqi_parser *p, char mode, size_t len, sqi_alloc *alloc, streamq_error **err)
{
    sqi_ast *e = NULL, **item = NULL;
    uint32_t n = 0;
    sqi_schema schema;
    const sqi_type *type;
    sqi_sql_query *q;
    streamq_status status;
    switch (mode) {
    case 'E':
        status = sqi_parse_expression(p, &e, err);
        item = &e;
        n = 1;
        break;
    case 'L':
        status = sqi_parse_list(p, true, &item, &n, err);
        break;
    case 'S':
        status = sqi_parse_sort_list(p, &item, &n, err);
        break;
    case 'T':
        return sqi_parse_type(p, &type, err);
    case 'D':
        return sqi_parse_schema(p, &schema, err);
    default:
        status = sqi_sql_parse(p, &q, err);
        MUST(status != STREAMQ_OK || (q->height <= SQI_PARSE_DEPTH && q->begin <= q->end && q->end <= len));
        return status;
    }
    for (uint32_t i = 0; status == STREAMQ_OK && i < n; i++)
        check_tree(item[i], len, alloc);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char modes[] = "ELSTD";
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_parser p;
    streamq_error *error = NULL;
    char mode = size && memchr(modes, data[0], sizeof modes - 1) ? (char)data[0] : 'Q';
    sqi_span text = {(const char *)data, size};
    if (mode != 'Q')
        text = (sqi_span){text.ptr + 1, size - 1};
    sqi_alloc_init(&alloc);
    alloc.limit = (size_t)256 << 20;
    sqi_arena_init(&arena, &alloc);
    sqi_type_pool *pool = sqi_type_pool_new(&alloc);
    sqi_zones *zones = sqi_zones_new(&alloc);
    streamq_status status = sqi_parser_init(&p, text, &arena, pool, zones, sqi_zone_utc(), &error);
    if (status == STREAMQ_OK)
        status = run(&p, mode, text.len, &alloc, &error);
    check_error(status, error, text.len);
    sqi_error_free(error);
    sqi_zones_free(zones);
    sqi_type_pool_free(pool);
    sqi_arena_fini(&arena);
    MUST(alloc.used == 0);
    return 0;
}
