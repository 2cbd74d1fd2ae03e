/* expr_bench: see the header. Allocation does not fail here; tests of failing allocations bring their own. */
#include "expr_bench.h"

#include <stdlib.h>

#include "data_text.h"

void expr_bench_init(expr_bench *x)
{
    memset(x, 0, sizeof *x);
    sqi_alloc_init(&x->alloc);
    sqi_arena_init(&x->plan, &x->alloc);
    sqi_arena_init(&x->scratch, &x->alloc);
    x->pool = sqi_type_pool_new(&x->alloc);
    x->zones = sqi_zones_new(&x->alloc);
    if (!x->pool || !x->zones)
        abort();
    x->eval = (sqi_eval){.alloc = &x->alloc,
                         .arena = &x->scratch,
                         .pool = x->pool,
                         .zones = x->zones,
                         .zone = sqi_zone_utc(),
                         .ansi = true,
                         .now_micros = INT64_C(1704164645123456), /* 2024-01-02 03:04:05.123456 */
                         .random_seed = 42};
    x->binder = (sqi_binder){.arena = &x->plan, .eval = &x->eval, .scope = &x->scope, .clause = "SELECT"};
}

void expr_bench_fini(expr_bench *x)
{
    sqi_arena_fini(&x->plan);
    sqi_arena_fini(&x->scratch);
    sqi_zones_free(x->zones);
    sqi_type_pool_free(x->pool);
}

void expr_bench_reset(expr_bench *x)
{
    sqi_arena_reset(&x->plan);
    sqi_arena_reset(&x->scratch);
    x->scope = (sqi_scope){0, NULL};
}

streamq_status expr_bench_parse(expr_bench *x, const char *text, sqi_ast **out, streamq_error **err)
{
    sqi_parser p;
    memset(&p, 0, sizeof p);
    SQI_TRY(sqi_parser_init(&p, sqi_span_of(text), &x->plan, x->pool, x->zones, x->eval.zone, err));
    return sqi_parse_expression(&p, out, err);
}

streamq_status expr_bench_bind(expr_bench *x, const char *text, const sqi_schema *schema, sqi_bound **out,
                               streamq_error **err)
{
    sqi_ast *ast;
    SQI_TRY(expr_bench_parse(x, text, &ast, err));
    x->scope = (sqi_scope){0, NULL};
    if (schema) {
        sqi_attribute *attr = sqi_arena_array(&x->plan, schema->n + 1, sizeof *attr);
        for (uint32_t i = 0; i < schema->n; i++)
            attr[i] = (sqi_attribute){
                .name = schema->field[i].name, .type = schema->field[i].type, .nullable = schema->field[i].nullable};
        x->scope = (sqi_scope){schema->n, attr};
    }
    return sqi_bind(&x->binder, ast, out, err);
}

streamq_status expr_bench_run(expr_bench *x, sqi_bound *e, const sqi_chunk *chunk, sqi_vec *out, streamq_error **err)
{
    sqi_prog *prog;
    SQI_TRY(sqi_prog_new(&prog, &e, 1, &x->eval, err));
    streamq_status status = sqi_prog_run(prog, &x->eval, chunk, out, err);
    sqi_prog_free(prog);
    return status;
}

const char *expr_bench_text(expr_bench *x, const sqi_vec *v, uint32_t i)
{
    i &= v->mask; /* a constant's value stands at position 0 */
    if (v->type->id == SQI_VOID || !sqi_vec_valid(v, i))
        return "NULL";
    sqi_buf text;
    sqi_buf_init(&text, &x->alloc, 0);
    sqi_text_value(&text, v, i, x->eval.zone, SQI_TEXT_CAST);
    const char *copy = sqi_arena_text(&x->scratch, text.ptr ? text.ptr : "", text.len);
    sqi_buf_fini(&text);
    return copy;
}

const char *expr_bench_answer(expr_bench *x, const char *text)
{
    streamq_error *err = NULL;
    sqi_bound *e;
    sqi_vec v;
    sqi_chunk chunk = {.n = 1, .rows = {NULL, 1}};
    expr_bench_reset(x);
    streamq_status status = expr_bench_bind(x, text, NULL, &e, &err);
    if (status == STREAMQ_OK)
        status = expr_bench_run(x, e, &chunk, &v, &err);
    if (status != STREAMQ_OK) {
        const char *name = sqi_cond_name(sqi_error_cond(err));
        sqi_error_free(err);
        return name;
    }
    sqi_buf type;
    sqi_buf_init(&type, &x->alloc, 0);
    sqi_type_print(&type, e->type);
    const char *out = sqi_arena_printf(&x->scratch, "%.*s | %s", (int)type.len, type.ptr, expr_bench_text(x, &v, 0));
    sqi_buf_fini(&type);
    return out;
}
