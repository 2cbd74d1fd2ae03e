/*
 * sql_table: tables made from expressions: VALUES, range(..), generators as table functions and in LATERAL VIEW.
 */
#include "data_builder.h"
#include "expr_coerce.h"
#include "plan_build.h"
#include "plan_make.h"
#include "plan_screen.h"
#include "sql_scope.h"

#define RANGE_ROWS (1u << 24) /* they stand in memory at once */

/* A chunk in the arena, its columns still to be filled. */
static sqi_chunk *new_chunk(const sqi_sql_scope *s, uint32_t n, uint32_t ncol)
{
    sqi_chunk *chunk = sqi_arena_zero(s->c->arena, sizeof *chunk);
    if (!chunk || !(chunk->col = sqi_arena_array(s->c->arena, ncol, sizeof *chunk->col)))
        return NULL;
    chunk->n = chunk->rows.n = n;
    chunk->ncol = ncol;
    return chunk;
}

streamq_status sqi_sql_one_row(const sqi_sql_scope *s, const sqi_node **out, streamq_error **err)
{
    sqi_schema none = {0};
    sqi_chunk *row = new_chunk(s, 1, 0);
    return row ? sqi_plan_values(s->c, &none, row, out, err) : sqi_error_nomem(err);
}

/* A cell: constant, bound without any columns. */
static streamq_status bind_cell(const sqi_sql_scope *s, const sqi_ast *e, sqi_bound **out, streamq_error **err)
{
    sqi_binder b;
    SQI_TRY(sqi_screen_expression(s->c, e, false, err));
    sqi_names_binder(&b, s->c, NULL, "VALUES", SQI_BIND_AGGREGATES);
    SQI_TRY(sqi_bind(&b, e, out, err));
    if (!sqi_bound_foldable(*out))
        return sqi_names_error(e, err, SQI_COND_INVALID_INLINE_TABLE__CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE,
                               "VALUES holds constants only; this one cannot be computed beforehand");
    return STREAMQ_OK;
}

typedef struct column {
    const sqi_type *type;
    bool nullable;
    sqi_bound **cell; /* one a row */
} column;

static streamq_status bind_column(const sqi_sql_scope *s, const sqi_sql_relation *r, uint32_t k, column *c,
                                  streamq_error **err)
{
    if (!(c->cell = sqi_arena_array(s->c->arena, r->nrow, sizeof *c->cell)))
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < r->nrow; i++) {
        SQI_TRY(bind_cell(s, r->row[i][k], &c->cell[i], err));
        const sqi_type *type = c->cell[i]->type;
        c->nullable = c->nullable || c->cell[i]->nullable;
        if (c->type && c->type != type)
            type = sqi_coerce_common(s->c->eval->pool, c->type, type);
        if (!type)
            return sqi_names_error(r->row[i][k], err, SQI_COND_INVALID_INLINE_TABLE__INCOMPATIBLE_TYPES_IN_INLINE_TABLE,
                                   "column %u of VALUES has types that do not meet; cast the values", k + 1);
        c->type = type;
    }
    return STREAMQ_OK;
}

static streamq_status fill_column(const sqi_sql_scope *s, const sqi_sql_relation *r, column *c, sqi_vec *out,
                                  streamq_error **err)
{
    sqi_builder *b = sqi_builder_new(c->type, s->c->arena);
    sqi_binder binder;
    if (!b)
        return sqi_error_nomem(err);
    sqi_names_binder(&binder, s->c, NULL, "VALUES", 0);
    for (uint32_t i = 0; i < r->nrow; i++) {
        const sqi_vec *value;
        if (!sqi_type_same(c->cell[i]->type, c->type))
            SQI_TRY(sqi_bind_cast(&binder, &c->cell[i], c->type, err));
        SQI_TRY(sqi_eval_constant(s->c->eval, c->cell[i], s->c->arena, &value, err));
        c->nullable = c->nullable || !sqi_vec_valid(value, 0);
        sqi_builder_from(b, value, 0);
    }
    return sqi_builder_finish(b, out, err);
}

streamq_status sqi_sql_values_node(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node **out,
                                   streamq_error **err)
{
    uint32_t n = r->nrow ? r->ncell[0] : 0;
    for (uint32_t i = 0; i < r->nrow; i++)
        if (r->ncell[i] != n)
            return sqi_names_error(r->row[i][0], err, SQI_COND_INVALID_INLINE_TABLE__NUM_COLUMNS_MISMATCH,
                                   "row %u of VALUES has %u columns, the first has %u", i + 1, r->ncell[i], n);
    sqi_schema schema = {n, sqi_arena_array(s->c->arena, n, sizeof *schema.field)};
    sqi_chunk *rows = new_chunk(s, r->nrow, n);
    if (!schema.field || !rows)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < n; k++) {
        column c = {0};
        SQI_TRY(bind_column(s, r, k, &c, err));
        SQI_TRY(fill_column(s, r, &c, &rows->col[k], err));
        char *name = sqi_arena_printf(s->c->arena, "col%u", k + 1);
        if (!name)
            return sqi_error_nomem(err);
        schema.field[k] = (sqi_field){sqi_span_of(name), c.type, c.nullable};
    }
    return sqi_plan_values(s->c, &schema, rows, out, err);
}

static streamq_status range_bound(const sqi_sql_scope *s, const sqi_ast *e, int64_t *value, streamq_error **err)
{
    sqi_binder b;
    sqi_bound *bound;
    const sqi_vec *v;
    SQI_TRY(bind_cell(s, e, &bound, err));
    sqi_names_binder(&b, s->c, NULL, "FROM", 0);
    SQI_TRY(sqi_bind_cast(&b, &bound, &sqi_type_bigint, err));
    SQI_TRY(sqi_eval_constant(s->c->eval, bound, s->c->arena, &v, err));
    if (!sqi_vec_valid(v, 0))
        return sqi_names_error(e, err, SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE,
                               "range(..) wants numbers, not NULL");
    *value = SQI_AT(v, int64_t, 0);
    return STREAMQ_OK;
}

static sqi_ast *bigint_literal(const sqi_sql_scope *s, int64_t value)
{
    sqi_vec *v = sqi_arena_zero(s->c->arena, sizeof *v);
    if (!v || sqi_vec_make(v, &sqi_type_bigint, 1, s->c->arena, NULL) != STREAMQ_OK)
        return NULL;
    v->mask = 0;
    SQI_OUT(v, int64_t)[0] = value;
    return sqi_ast_literal(s->c->arena, v);
}

/* The numbers from first to last, made when the query runs: explode(sequence(..)). */
static streamq_status range_rows(const sqi_sql_scope *s, int64_t first, int64_t last, int64_t by, const sqi_node **out,
                                 streamq_error **err)
{
    sqi_ast *limits[] = {bigint_literal(s, first), bigint_literal(s, last), bigint_literal(s, by)};
    sqi_ast *list = limits[0] && limits[1] && limits[2] ? sqi_ast_call(s->c->arena, "sequence", limits, 3) : NULL;
    sqi_ast *rows = list ? sqi_ast_call(s->c->arena, "explode", &list, 1) : NULL;
    const sqi_node *row;
    static const sqi_span id = {"id", 2};
    if (!rows)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_sql_one_row(s, &row, err));
    sqi_sql_generate g = {.call = rows, .table_function = true, .column = &id, .ncolumn = 1};
    return sqi_sql_generate_node(s, &g, row, out, err);
}

streamq_status sqi_sql_range(const sqi_sql_scope *s, const sqi_ast *call, const sqi_node **out, streamq_error **err)
{
    int64_t arg[4] = {0, 0, 1, 1};
    if (call->narg < 1 || call->narg > 4)
        return sqi_names_error(call, err, SQI_COND_WRONG_NUM_ARGS__WITHOUT_SUGGESTION,
                               "range takes an end, or a start, an end and a step");
    for (uint32_t i = 0; i < call->narg; i++)
        SQI_TRY(range_bound(s, call->arg[i], &arg[call->narg == 1 ? 1 : i], err));
    int64_t start = arg[0], end = arg[1], by = arg[2];
    if (!by)
        return sqi_names_error(call, err, SQI_COND_FAILED_FUNCTION_CALL, "the step of range(..) must not be 0");
    if (by > 0 ? start >= end : start <= end) {
        static const sqi_field id = {{"id", 2}, &sqi_type_bigint, false};
        sqi_schema schema = {1, (sqi_field *)(uintptr_t)&id};
        sqi_chunk *none = new_chunk(s, 0, 1);
        if (!none || sqi_vec_make(&none->col[0], &sqi_type_bigint, 1, s->c->arena, err) != STREAMQ_OK)
            return sqi_error_nomem(err);
        return sqi_plan_values(s->c, &schema, none, out, err);
    }
    uint64_t width = by > 0 ? (uint64_t)by : 0 - (uint64_t)by;
    uint64_t span = by > 0 ? (uint64_t)end - (uint64_t)start : (uint64_t)start - (uint64_t)end;
    if ((span - 1) / width >= RANGE_ROWS)
        return sqi_names_error(call, err, SQI_COND_LIMIT_EXCEEDED, "range(..) of more than %u rows", RANGE_ROWS);
    uint64_t steps = (span - 1) / width * width;
    int64_t last = (int64_t)(by > 0 ? (uint64_t)start + steps : (uint64_t)start - steps);
    return range_rows(s, start, last, by, out, err);
}

static streamq_status no_generator(const sqi_sql_generate *g, streamq_error **err)
{
    int len = (int)g->call->name.len;
    const char *name = g->call->name.ptr;
    if (!g->table_function)
        return sqi_names_error(g->call, err, SQI_COND_UNSUPPORTED_GENERATOR__NOT_GENERATOR,
                               "%.*s gives one value, no rows; LATERAL VIEW wants a generator such as explode", len,
                               name);
    if (sqi_func_find(g->call->name) || sqi_agg_find(g->call->name))
        return sqi_names_error(g->call, err, SQI_COND_NOT_A_TABLE_FUNCTION,
                               "%.*s gives one value, no rows; call it in the select list", len, name);
    return sqi_names_error(g->call, err, SQI_COND_UNRESOLVABLE_TABLE_VALUED_FUNCTION, "there is no table function %.*s",
                           len, name);
}

streamq_status sqi_sql_generate_node(const sqi_sql_scope *s, const sqi_sql_generate *g, const sqi_node *in,
                                     const sqi_node **out, streamq_error **err)
{
    sqi_scope scope = sqi_make_scope(in);
    sqi_binder b;
    sqi_bound *e;
    if (g->table_function && !sqi_generator_find(g->call->name))
        return no_generator(g, err);
    SQI_TRY(sqi_screen_expression(s->c, g->call, in->streaming, err));
    sqi_names_binder(&b, s->c, &scope, g->table_function ? "FROM" : "LATERAL VIEW", SQI_BIND_GENERATORS);
    SQI_TRY(sqi_bind(&b, g->call, &e, err));
    if (e->kind != SQI_BOUND_GENERATOR)
        return no_generator(g, err);
    if (g->ncolumn && g->ncolumn != e->type->nfield)
        return sqi_names_error(
            g->call, err,
            g->table_function ? SQI_COND_NUM_TABLE_VALUE_ALIASES_MISMATCH : SQI_COND_UDTF_ALIAS_NUMBER_MISMATCH,
            "%s gives %u columns, but %u names are written", e->generator->name, e->type->nfield, g->ncolumn);
    if (g->outer && !e->outer) {
        sqi_bound *outer = sqi_arena_get(s->c->arena, sizeof *outer);
        if (!outer)
            return sqi_error_nomem(err);
        *outer = *e;
        outer->outer = true;
        e = outer;
    }
    sqi_node *n = sqi_make_generate(s->c, in, e);
    if (!n)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < e->type->nfield; i++) {
        sqi_attribute *col = &n->col[in->ncol + i];
        col->qualifier = g->qualifier;
        if (g->ncolumn)
            col->name = g->column[i];
    }
    n->ast = g->call;
    return sqi_make_done(n, out, err);
}
