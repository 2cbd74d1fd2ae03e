/*
 * op_sort: ORDER BY within a micro-batch, with or without LIMIT.
 *
 * Rows are kept (copied into a batch) together with the values of the ORDER BY items, computed once. At flush the
 * chunks become one set of columns, an index of the rows is sorted (op_sort_key), and gathered chunks leave in order.
 * The sort is stable. Here is no comparison of values.
 *
 * With a limit at most about twice the limit is kept: when that is full, the rows are cut back to the first `limit`,
 * and from then on a row that is not before the last of them is not kept at all.
 */
#include "data_batch_pool.h"
#include "op.h"
#include "op_sort_key.h"

enum { KEPT_BYTES = 512 * 1024 }; /* scratch that stays for the next micro-batch; more goes back */

typedef struct sort {
    sqi_prog *prog;
    sqi_schema schema;         /* the input's columns, then the items that are not columns of it */
    sqi_vec *col, *key, *edge; /* schema.n, n and n headers */
    uint32_t *key_column;      /* where each item stands in the schema */
    uint8_t *flags;
    uint32_t n, ncol, nvec;
    uint64_t limit;
    sqi_batch_pool *pool;
    sqi_batch *kept;
    sqi_arena scratch; /* of ordering */
    bool full;         /* kept was cut back to `limit` rows in this micro-batch */
    uint32_t edge_row; /* the last of them, in `edge`, while full */
} sort;

static streamq_status init_columns(sqi_op *op, const sqi_op_sort_params *p, streamq_error **err)
{
    sort *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    s->n = p->n;
    s->ncol = p->schema->n;
    s->nvec = s->ncol + 3 * s->n + 1;
    s->schema.field = sqi_alloc_array(alloc, s->ncol + s->n + 1, sizeof *s->schema.field);
    s->col = sqi_alloc_array(alloc, s->nvec, sizeof *s->col);
    s->key_column = sqi_alloc_array(alloc, s->n + 1, sizeof *s->key_column);
    s->flags = sqi_alloc_array(alloc, s->n + 1, sizeof *s->flags);
    if (!s->schema.field || !s->col || !s->key_column || !s->flags)
        return sqi_error_nomem(err);
    s->key = s->col + s->ncol + s->n;
    s->edge = s->key + s->n;
    if (s->ncol)
        memcpy(s->schema.field, p->schema->field, s->ncol * sizeof *s->schema.field);
    s->schema.n = s->ncol;
    for (uint32_t k = 0; k < s->n; ++k) {
        const sqi_bound *e = p->expr[k];
        s->flags[k] = p->flags[k];
        s->key_column[k] = e->kind == SQI_BOUND_COLUMN ? e->column : s->schema.n;
        if (e->kind != SQI_BOUND_COLUMN)
            s->schema.field[s->schema.n++] = (sqi_field){SQI_SPAN(""), e->type, true};
    }
    return STREAMQ_OK;
}

static streamq_status init(sqi_op *op, const void *params, streamq_error **err)
{
    const sqi_op_sort_params *p = params;
    sort *s = op->state;
    s->limit = p->limit < 0 ? UINT64_MAX : (uint64_t)p->limit;
    sqi_arena_init(&s->scratch, op->env->alloc);
    SQI_TRY(init_columns(op, p, err));
    if (!(s->pool = sqi_batch_pool_new(op->env->alloc, &s->schema, err)))
        return STREAMQ_ERR_NOMEM;
    return sqi_prog_new(&s->prog, p->expr, p->n, op->env->eval, err);
}

/* All rows of a batch as one set of columns, and their order. */
static streamq_status order_rows(const sort *s, const sqi_batch *b, sqi_vec *all, uint32_t *index, sqi_arena *arena,
                                 streamq_error **err)
{
    const sqi_vec **part = sqi_arena_array(arena, b->nchunk, sizeof *part);
    uint32_t *size = sqi_arena_array(arena, b->nchunk, sizeof *size);
    sqi_vec *key = sqi_arena_array(arena, s->n + 1, sizeof *key);
    if (!part || !size || !key)
        return sqi_error_nomem(err);
    for (size_t i = 0; i < b->nchunk; ++i)
        size[i] = b->chunk[i].n;
    for (uint32_t c = 0; c < s->schema.n; ++c) {
        for (size_t i = 0; i < b->nchunk; ++i)
            part[i] = &b->chunk[i].col[c];
        SQI_TRY(sqi_vec_concat(&all[c], part, size, (uint32_t)b->nchunk, arena, err));
    }
    for (uint32_t k = 0; k < s->n; ++k)
        key[k] = all[s->key_column[k]];
    return sqi_sort_key_order(key, s->flags, s->n, (uint32_t)b->rows, index, arena, err);
}

typedef streamq_status (*taker)(void *context, const sqi_chunk *piece, streamq_error **err);

/* Hand the first `limit` rows of a batch in order to `take`, piece by piece, with their first `ncol` columns. */
static streamq_status in_order(sqi_op *op, const sqi_batch *b, uint32_t ncol, taker take, void *context,
                               streamq_error **err)
{
    sort *s = op->state;
    sqi_arena *arena = &s->scratch;
    if (b->rows >= UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                             "a sort holds %llu rows, the limit is %u: add a LIMIT or sort less at once",
                             (unsigned long long)b->rows, UINT32_MAX - 1);
    uint32_t rows = b->rows < s->limit ? (uint32_t)b->rows : (uint32_t)s->limit;
    sqi_vec *all = sqi_arena_array(arena, s->schema.n + 1, sizeof *all);
    uint32_t *index = sqi_arena_get(arena, (size_t)b->rows * sizeof *index);
    sqi_vec *col = sqi_arena_array(arena, ncol + 1, sizeof *col);
    if (!all || !index || !col)
        return sqi_error_nomem(err);
    SQI_TRY(order_rows(s, b, all, index, arena, err));
    for (uint32_t at = 0; at < rows;) {
        uint32_t n = rows - at < op->env->chunk_rows ? rows - at : op->env->chunk_rows;
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        for (uint32_t c = 0; c < ncol; ++c)
            SQI_TRY(sqi_vec_gather(&col[c], &all[c], index + at, n, arena, err));
        SQI_TRY(take(context, &(sqi_chunk){.n = n, .ncol = ncol, .rows = {NULL, n}, .col = col}, err));
        sqi_arena_release(arena, mark);
        at += n;
    }
    return STREAMQ_OK;
}

static streamq_status keep(void *context, const sqi_chunk *piece, streamq_error **err)
{
    return sqi_batch_append(context, piece, err);
}

static streamq_status hand_on(void *context, const sqi_chunk *piece, streamq_error **err)
{
    return sqi_op_emit(context, piece, err);
}

/* Runs in_order and gives its scratch back. */
static streamq_status hand_out(sqi_op *op, uint32_t ncol, taker take, void *context, streamq_error **err)
{
    sort *s = op->state;
    streamq_status status = in_order(op, s->kept, ncol, take, context, err);
    if (sqi_arena_bytes(&s->scratch) > KEPT_BYTES)
        sqi_arena_fini(&s->scratch);
    sqi_arena_reset(&s->scratch);
    return status;
}

/* Keep only the first `limit` rows; the last of them is the edge that later rows are held against. */
static streamq_status cut_back(sqi_op *op, streamq_error **err)
{
    sort *s = op->state;
    sqi_batch *cut = sqi_batch_pool_get(s->pool, err);
    if (!cut)
        return STREAMQ_ERR_NOMEM;
    streamq_status status = hand_out(op, s->schema.n, keep, cut, err);
    if (status != STREAMQ_OK) {
        sqi_batch_unref(cut);
        return status;
    }
    sqi_batch_unref(s->kept);
    s->kept = cut;
    const sqi_chunk *last = &cut->chunk[cut->nchunk - 1];
    for (uint32_t k = 0; k < s->n; ++k)
        s->edge[k] = last->col[s->key_column[k]];
    s->edge_row = last->n - 1;
    s->full = true;
    return STREAMQ_OK;
}

/* The rows before the edge; those beside it came later and lose. */
static streamq_status before_edge(const sort *s, sqi_chunk *chunk, sqi_arena *arena, streamq_error **err)
{
    uint32_t *sel = sqi_arena_get(arena, (size_t)chunk->rows.n * sizeof *sel), n = 0;
    if (!sel)
        return sqi_error_nomem(err);
    for (SQI_EACH(chunk->rows, k, i))
        if (sqi_sort_key_compare(s->key, i, s->edge, s->edge_row, s->flags, s->n) < 0)
            sel[n++] = i;
    chunk->rows = (sqi_rows){sel, n};
    return STREAMQ_OK;
}

static streamq_status keep_chunk(sqi_op *op, const sqi_chunk *chunk, streamq_error **err)
{
    sort *s = op->state;
    SQI_TRY(sqi_prog_run(s->prog, op->env->eval, chunk, s->key, err));
    sqi_chunk own = *chunk;
    own.col = s->col;
    own.ncol = s->schema.n;
    if (s->ncol)
        memcpy(s->col, chunk->col, s->ncol * sizeof *s->col);
    for (uint32_t k = 0; k < s->n; ++k)
        if (s->key_column[k] >= s->ncol)
            s->col[s->key_column[k]] = s->key[k];
    if (s->full)
        SQI_TRY(before_edge(s, &own, op->env->eval->arena, err));
    if (!s->kept && !(s->kept = sqi_batch_pool_get(s->pool, err)))
        return STREAMQ_ERR_NOMEM;
    SQI_TRY(sqi_batch_append(s->kept, &own, err));
    uint64_t room = s->limit > 4 * (uint64_t)op->env->chunk_rows ? s->limit : 4 * (uint64_t)op->env->chunk_rows;
    if (s->limit < UINT32_MAX && s->kept->rows > s->limit + room)
        return cut_back(op, err);
    return STREAMQ_OK;
}

static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    const sort *s = op->state;
    if (!s->limit)
        return STREAMQ_OK;
    sqi_arena *arena = op->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    streamq_status status = keep_chunk(op, chunk, err);
    sqi_arena_release(arena, mark);
    return status;
}

static streamq_status flush(sqi_op *op, streamq_error **err)
{
    sort *s = op->state;
    if (!s->kept)
        return STREAMQ_OK;
    streamq_status status = hand_out(op, s->ncol, hand_on, op, err);
    sqi_batch_unref(s->kept);
    s->kept = NULL;
    s->full = false;
    return status;
}

static bool explain(const sqi_op *op, sqi_buf *to)
{
    const sort *s = op->state;
    return s->limit == UINT64_MAX || sqi_buf_printf(to, ", first %llu", (unsigned long long)s->limit);
}

static void fini(sqi_op *op)
{
    sort *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    sqi_prog_free(s->prog);
    sqi_batch_unref(s->kept);
    sqi_batch_pool_close(s->pool);
    sqi_arena_fini(&s->scratch);
    sqi_alloc_free(alloc, s->schema.field, (s->ncol + s->n + 1) * sizeof *s->schema.field);
    sqi_alloc_free(alloc, s->col, s->nvec * sizeof *s->col);
    sqi_alloc_free(alloc, s->key_column, (s->n + 1) * sizeof *s->key_column);
    sqi_alloc_free(alloc, s->flags, s->n + 1);
}

const sqi_op_type sqi_op_sort = {.name = "Sort",
                                 .state_size = sizeof(sort),
                                 .init = init,
                                 .push = push,
                                 .flush = flush,
                                 .explain = explain,
                                 .fini = fini};
