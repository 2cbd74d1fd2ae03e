/* func_bench: see the header. */
#include "func_bench.h"

#include <stdlib.h>

#include "data_text.h"
#include "expr_parse.h"

streamq_status func_bench_init(func_bench *b, sqi_alloc *alloc)
{
    memset(b, 0, sizeof *b);
    sqi_fail_alloc_init(&b->own);
    b->alloc = alloc ? alloc : &b->own.alloc;
    sqi_arena_init(&b->plan, b->alloc);
    sqi_arena_init(&b->data, b->alloc);
    sqi_arena_init(&b->scratch, b->alloc);
    b->pool = sqi_type_pool_new(b->alloc);
    b->zones = sqi_zones_new(b->alloc);
    b->eval = (sqi_eval){.alloc = b->alloc,
                         .arena = &b->scratch,
                         .pool = b->pool,
                         .zones = b->zones,
                         .zone = sqi_zone_utc(),
                         .ansi = true,
                         .random_seed = 42};
    b->rows.n = UINT32_MAX;
    return b->pool && b->zones ? STREAMQ_OK : STREAMQ_ERR_NOMEM;
}

void func_bench_fini(func_bench *b)
{
    sqi_arena_fini(&b->plan);
    sqi_arena_fini(&b->data);
    sqi_arena_fini(&b->scratch);
    sqi_zones_free(b->zones);
    sqi_type_pool_free(b->pool);
    free(b->text);
    sqi_fail_alloc_assert_clean(&b->own);
}

void func_bench_drop(func_bench *b)
{
    b->ncol = 0;
    b->rows = (sqi_rows){NULL, UINT32_MAX};
}

static sqi_builder *column(func_bench *b, const char *name, const sqi_type *type, uint32_t n)
{
    if (b->ncol == FUNC_BENCH_COLUMNS)
        abort();
    b->field[b->ncol] = (sqi_field){sqi_span_of(name), type, true};
    b->n = n;
    return sqi_builder_new(type, &b->data);
}

static void finish(func_bench *b, sqi_builder *builder)
{
    sqi_vec *v = &b->col[b->ncol++];
    if (!builder || sqi_builder_finish(builder, v, NULL) != STREAMQ_OK)
        v->type = NULL; /* no memory: run says so */
}

void func_bench_bytes(func_bench *b, const char *name, uint32_t n, const sqi_span *values)
{
    sqi_builder *builder = column(b, name, &sqi_type_string, n);
    for (uint32_t i = 0; builder && i < n; i++) {
        if (values[i].ptr)
            sqi_builder_bytes(builder, values[i]);
        else
            sqi_builder_null(builder);
    }
    finish(b, builder);
}

void func_bench_texts(func_bench *b, const char *name, uint32_t n, const char *const *values)
{
    sqi_builder *builder = column(b, name, &sqi_type_string, n);
    for (uint32_t i = 0; builder && i < n; i++) {
        if (values[i])
            sqi_builder_bytes(builder, sqi_span_of(values[i]));
        else
            sqi_builder_null(builder);
    }
    finish(b, builder);
}

void func_bench_ints(func_bench *b, const char *name, uint32_t n, const int32_t *values)
{
    sqi_builder *builder = column(b, name, &sqi_type_int, n);
    for (uint32_t i = 0; builder && i < n; i++)
        sqi_builder_int(builder, values[i]);
    finish(b, builder);
}

static streamq_status bind(func_bench *b, const char *text, sqi_bound **out, streamq_error **err)
{
    sqi_parser p;
    sqi_ast *ast;
    sqi_attribute attr[FUNC_BENCH_COLUMNS];
    memset(&p, 0, sizeof p);
    memset(attr, 0, sizeof attr);
    for (uint32_t i = 0; i < b->ncol; i++)
        attr[i] = (sqi_attribute){.name = b->field[i].name, .type = b->field[i].type, .nullable = true};
    sqi_scope scope = {b->ncol, attr};
    sqi_binder binder = {.arena = &b->plan, .eval = &b->eval, .scope = &scope, .clause = "SELECT"};
    SQI_TRY(sqi_parser_init(&p, sqi_span_of(text), &b->plan, b->pool, b->zones, b->eval.zone, err));
    SQI_TRY(sqi_parse_expression(&p, &ast, err));
    return sqi_bind(&binder, ast, out, err);
}

streamq_status func_bench_run(func_bench *b, const char *text, streamq_error **err)
{
    sqi_bound *e;
    sqi_prog *prog;
    for (uint32_t i = 0; i < b->ncol; i++)
        if (!b->col[i].type)
            return sqi_error_nomem(err);
    sqi_arena_reset(&b->scratch);
    SQI_TRY(bind(b, text, &e, err));
    uint32_t n = b->ncol ? b->n : 1;
    sqi_chunk chunk = {
        .n = n, .ncol = b->ncol, .col = b->col, .rows = b->rows.n == UINT32_MAX ? (sqi_rows){NULL, n} : b->rows};
    SQI_TRY(sqi_prog_new(&prog, &e, 1, &b->eval, err));
    streamq_status status = sqi_prog_run(prog, &b->eval, &chunk, &b->out, err);
    b->type = e->type;
    sqi_prog_free(prog);
    return status;
}

void func_bench_made(func_bench *b, const char *name, const char *text)
{
    streamq_status status = func_bench_run(b, text, NULL);
    if (b->ncol == FUNC_BENCH_COLUMNS)
        abort();
    b->field[b->ncol] = (sqi_field){sqi_span_of(name), b->type, true};
    sqi_vec *v = &b->col[b->ncol++];
    if (status != STREAMQ_OK || sqi_vec_copy(v, &b->out, (sqi_rows){NULL, b->n}, &b->data, NULL) != STREAMQ_OK)
        v->type = NULL;
}

static void put(func_bench *b, size_t *n, const char *text, size_t len)
{
    if (*n + len + 1 > b->text_size) {
        b->text_size = (*n + len + 1) * 2;
        b->text = realloc(b->text, b->text_size);
        if (!b->text)
            abort();
    }
    memcpy(b->text + *n, text, len);
    *n += len;
    b->text[*n] = '\0';
}

static const char *condition(streamq_error *err)
{
    const char *name = sqi_cond_name(sqi_error_cond(err));
    sqi_error_free(err);
    return name;
}

const char *func_bench_all(func_bench *b, const char *text)
{
    streamq_error *err = NULL;
    size_t n = 0;
    if (func_bench_run(b, text, &err) != STREAMQ_OK)
        return condition(err);
    sqi_rows rows = b->rows.n == UINT32_MAX ? (sqi_rows){NULL, b->ncol ? b->n : 1} : b->rows;
    put(b, &n, "", 0);
    for (SQI_EACH(rows, k, i)) {
        sqi_buf cell;
        sqi_buf_init(&cell, b->alloc, 0);
        uint32_t at = i & b->out.mask;
        if (k)
            put(b, &n, ";", 1);
        if (b->out.type->id == SQI_VOID || !sqi_vec_valid(&b->out, at))
            put(b, &n, "NULL", 4);
        else if (sqi_text_value(&cell, &b->out, at, b->eval.zone, SQI_TEXT_CAST) && cell.len)
            put(b, &n, cell.ptr, cell.len);
        sqi_buf_fini(&cell);
    }
    return b->text;
}

const char *func_bench_one(func_bench *b, const char *text)
{
    func_bench_drop(b);
    return func_bench_all(b, text);
}
