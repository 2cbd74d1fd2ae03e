/*
 * op_rig: binding, pushing and collecting for tests of operators. The rig owns what it makes; expressions live in its
 * plan arena, and chunk scratch in an arena of its own, as in a query.
 */
#include "op_rig.h"

#include <check.h>
#include <stdlib.h>

#include "data_builder.h"
#include "data_text.h"
#include "expr_parse.h"

/* ---- collecting ----------------------------------------------------------------------------------------------- */

static streamq_status collect(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    (void)err;
    sqi_rig *r = *(sqi_rig **)op->state;
    r->chunks_out++;
    if (chunk->rows.n > r->largest_out)
        r->largest_out = chunk->rows.n;
    for (SQI_EACH(chunk->rows, k, i)) {
        for (uint32_t c = 0; c < chunk->ncol; ++c) {
            const sqi_vec *v = &chunk->col[c];
            if (c)
                sqi_buf_text(&r->out, " | ");
            if (v->type->id == SQI_VOID || !sqi_vec_valid(v, i))
                sqi_buf_text(&r->out, "NULL");
            else
                sqi_text_value(&r->out, v, i, r->eval.zone, SQI_TEXT_CAST);
        }
        if (chunk->weight)
            sqi_buf_printf(&r->out, " x%lld", (long long)chunk->weight[i]);
        sqi_buf_byte(&r->out, '\n');
    }
    return STREAMQ_OK;
}

static streamq_status collect_init(sqi_op *op, const void *params, streamq_error **err)
{
    (void)err;
    memcpy(op->state, &params, sizeof params);
    return STREAMQ_OK;
}

static const sqi_op_type collector = {
    .name = "Collect", .state_size = sizeof(sqi_rig *), .init = collect_init, .push = collect};

/* ---- the rig -------------------------------------------------------------------------------------------------- */

/* The call stores its error in `err`. */
#define check(call, err)                                                          \
    do {                                                                          \
        streamq_status status_ = (call);                                          \
        if (status_ != STREAMQ_OK)                                                \
            ck_abort_msg("%s", err ? sqi_error_message(err) : "no error object"); \
    } while (0)

/* Check's assertions want a running test even when they hold; a benchmark has none. */
#define must(condition)                     \
    do {                                    \
        if (!(condition))                   \
            ck_abort_msg("%s", #condition); \
    } while (0)

static void parser(sqi_rig *r, sqi_parser *p, const char *text)
{
    streamq_error *err = NULL;
    check(sqi_parser_init(p, sqi_span_of(text), &r->plan, r->pool, r->zones, r->eval.zone, &err), err);
}

void sqi_rig_open(sqi_rig *r, sqi_alloc *alloc, const char *schema)
{
    *r = (sqi_rig){.alloc = alloc};
    sqi_arena_init(&r->plan, alloc);
    sqi_arena_init(&r->scratch, alloc);
    sqi_buf_init(&r->out, alloc, 0);
    r->pool = sqi_type_pool_new(alloc);
    r->zones = sqi_zones_new(alloc);
    r->eval = (sqi_eval){
        .alloc = alloc, .arena = &r->scratch, .pool = r->pool, .zones = r->zones, .zone = sqi_zone_utc(), .ansi = true};
    r->env = (sqi_op_env){.alloc = alloc,
                          .eval = &r->eval,
                          .mode = STREAMQ_UPDATE,
                          .streaming = true,
                          .chunk_rows = SQI_CHUNK_ROWS,
                          .hash_seed = 7};
    streamq_error *err = NULL;
    sqi_parser p;
    parser(r, &p, schema);
    check(sqi_parse_schema(&p, &r->schema, &err), err);
    check(sqi_op_new(&r->end, &collector, r, 1, &r->env, NULL, 0, &err), err);
    r->first = r->end;
}

void sqi_rig_close(sqi_rig *r)
{
    while (r->first) {
        sqi_op *next = r->first->next;
        sqi_op_free(r->first);
        r->first = next;
    }
    sqi_buf_fini(&r->out);
    sqi_arena_fini(&r->scratch);
    sqi_arena_fini(&r->plan);
    sqi_zones_free(r->zones);
    sqi_type_pool_free(r->pool);
}

static sqi_binder binder(sqi_rig *r, sqi_scope *scope)
{
    sqi_attribute *attr = sqi_arena_array(&r->plan, r->schema.n + 1, sizeof *attr);
    must(attr);
    for (uint32_t c = 0; c < r->schema.n; ++c)
        attr[c] = (sqi_attribute){
            .name = r->schema.field[c].name, .type = r->schema.field[c].type, .nullable = r->schema.field[c].nullable};
    *scope = (sqi_scope){r->schema.n, attr};
    return (sqi_binder){.arena = &r->plan,
                        .eval = &r->eval,
                        .scope = scope,
                        .clause = "SELECT",
                        .allow = SQI_BIND_AGGREGATES | SQI_BIND_GENERATORS};
}

streamq_status sqi_rig_try_exprs(sqi_rig *r, const char *list, sqi_bound ***out, uint32_t *n, streamq_error **err)
{
    sqi_parser p;
    sqi_ast **ast;
    sqi_scope *scope = sqi_arena_array(&r->plan, 1, sizeof *scope);
    sqi_binder b = binder(r, scope);
    *n = 0;
    parser(r, &p, list);
    if (*list)
        SQI_TRY(sqi_parse_list(&p, true, &ast, n, err));
    *out = sqi_arena_array(&r->plan, *n + 1, sizeof **out);
    for (uint32_t i = 0; i < *n; ++i)
        SQI_TRY(sqi_bind(&b, ast[i], &(*out)[i], err));
    return STREAMQ_OK;
}

sqi_bound **sqi_rig_exprs(sqi_rig *r, const char *list, uint32_t *n)
{
    streamq_error *err = NULL;
    sqi_bound **out;
    check(sqi_rig_try_exprs(r, list, &out, n, &err), err);
    return out;
}

sqi_bound **sqi_rig_sort(sqi_rig *r, const char *items, uint8_t **flags, uint32_t *n)
{
    streamq_error *err = NULL;
    sqi_parser p;
    sqi_ast **ast;
    sqi_scope *scope = sqi_arena_array(&r->plan, 1, sizeof *scope);
    sqi_binder b = binder(r, scope);
    parser(r, &p, items);
    check(sqi_parse_sort_list(&p, &ast, n, &err), err);
    sqi_bound **out = sqi_arena_array(&r->plan, *n, sizeof *out);
    *flags = sqi_arena_array(&r->plan, *n, 1);
    for (uint32_t i = 0; i < *n; ++i) {
        check(sqi_bind(&b, ast[i]->arg[0], &out[i], &err), err);
        (*flags)[i] = (uint8_t)(ast[i]->descending | ast[i]->nulls_first << 1);
    }
    return out;
}

sqi_op *sqi_rig_add(sqi_rig *r, const sqi_op_type *type, const void *params, uint32_t ninput)
{
    streamq_error *err = NULL;
    sqi_op *op;
    check(sqi_op_new(&op, type, params, ninput, &r->env, r->first, 0, &err), err);
    r->first = op;
    return op;
}

sqi_op *sqi_rig_add_group(sqi_rig *r, const char *keys, const char *aggregates)
{
    sqi_op_group_params p = {.nlane = 1};
    p.key = sqi_rig_exprs(r, keys, &p.nkey);
    p.agg = sqi_rig_exprs(r, aggregates, &p.nagg);
    return sqi_rig_add(r, &sqi_op_group, &p, 1);
}

/* ---- rows ----------------------------------------------------------------------------------------------------- */

static void append_row(sqi_rig *r, const char *line, sqi_builder **column)
{
    streamq_error *err = NULL;
    sqi_parser p;
    sqi_ast **ast;
    uint32_t n;
    sqi_scope scope = {0, NULL};
    sqi_binder b = binder(r, &scope);
    scope.n = 0;
    parser(r, &p, line);
    check(sqi_parse_list(&p, false, &ast, &n, &err), err);
    must(n == r->schema.n);
    for (uint32_t c = 0; c < n; ++c) {
        sqi_bound *e;
        const sqi_vec *v;
        check(sqi_bind(&b, ast[c], &e, &err), err);
        check(sqi_bind_cast(&b, &e, r->schema.field[c].type, &err), err);
        check(sqi_eval_constant(&r->eval, e, &r->plan, &v, &err), err);
        sqi_builder_from(column[c], v, 0);
    }
}

void sqi_rig_chunks(sqi_rig *r, const char *rows, sqi_batch **out)
{
    streamq_error *err = NULL;
    *out = sqi_batch_new(r->alloc, &r->schema, &err);
    must(*out);
    sqi_builder *column[64];
    must(r->schema.n <= 64);
    while (*rows) {
        uint32_t n = 0;
        for (uint32_t c = 0; c < r->schema.n; ++c)
            column[c] = sqi_builder_new(r->schema.field[c].type, &r->plan);
        for (; *rows && n < r->env.chunk_rows; ++n) {
            size_t len = strcspn(rows, "\n");
            append_row(r, sqi_arena_text(&r->plan, rows, len), column);
            rows += len + (rows[len] == '\n');
        }
        sqi_vec *col = sqi_arena_array(&r->plan, r->schema.n, sizeof *col);
        for (uint32_t c = 0; c < r->schema.n; ++c)
            check(sqi_builder_finish(column[c], &col[c], &err), err);
        check(sqi_batch_append(*out, &(sqi_chunk){.n = n, .ncol = r->schema.n, .rows = {NULL, n}, .col = col}, &err),
              err);
    }
}

streamq_status sqi_rig_try_push(sqi_rig *r, const char *rows, streamq_error **err)
{
    sqi_batch *batch;
    streamq_status status = STREAMQ_OK;
    sqi_rig_chunks(r, rows, &batch);
    for (size_t i = 0; i < batch->nchunk && status == STREAMQ_OK; ++i)
        status = sqi_op_push(r->first, 0, &batch->chunk[i], err);
    sqi_batch_unref(batch);
    return status;
}

void sqi_rig_push(sqi_rig *r, const char *rows)
{
    streamq_error *err = NULL;
    check(sqi_rig_try_push(r, rows, &err), err);
}

streamq_status sqi_rig_try_flush(sqi_rig *r, streamq_error **err)
{
    return sqi_op_flush(r->first, err);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *sorted(sqi_rig *r, char *text)
{
    size_t n = 0, len = strlen(text);
    for (const char *at = text; *at; ++at)
        n += *at == '\n';
    char **line = sqi_arena_array(&r->plan, n + 1, sizeof *line), *out = sqi_arena_zero(&r->plan, len + 1), *to = out;
    for (size_t i = 0; i < n; ++i) {
        line[i] = text;
        text += strcspn(text, "\n");
        *text++ = '\0';
    }
    qsort(line, n, sizeof *line, compare_lines);
    for (size_t i = 0; i < n; ++i) {
        size_t part = strlen(line[i]);
        memcpy(to, line[i], part);
        to[part] = '\n';
        to += part + 1;
    }
    return out;
}

static void commit_last(sqi_rig *r)
{
    for (sqi_op *op = r->flushed ? r->first : NULL; op; op = op->next)
        if (op->type->commit)
            op->type->commit(op);
    r->flushed = false;
}

const char *sqi_rig_batch(sqi_rig *r, const char *rows, bool ordered)
{
    streamq_error *err = NULL;
    commit_last(r);
    sqi_rig_push(r, rows);
    check(sqi_rig_try_flush(r, &err), err);
    char *text = sqi_arena_text(&r->plan, r->out.len ? r->out.ptr : "", r->out.len);
    must(!r->out.failed);
    sqi_buf_clear(&r->out);
    r->flushed = true;
    return ordered ? text : sorted(r, text);
}

const char *sqi_rig_state(sqi_rig *r, const sqi_op *op)
{
    sqi_op_metrics m;
    if (!op->type->metrics || !op->type->metrics(op, &m))
        return "";
    return sqi_arena_printf(&r->plan, "%llu %llu %llu", (unsigned long long)m.rows_total,
                            (unsigned long long)m.rows_updated, (unsigned long long)m.rows_removed);
}
