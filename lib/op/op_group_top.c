/*
 * op_group_top: see the header.
 *
 * The order is the sort's items, then the row number: a stable sort over rows in order of insertion. It has no ties. The
 * edge is a place in that order: every row at or before it is a member, no row behind it is. As long as there are n
 * members, they hold the first n rows.
 *
 * A micro-batch compares only the rows that it touched with the edge. When members become too many, the edge moves to
 * the front (`cut`); when fewer than n are left, all rows are looked at once more (`rescan`). Between a cut and a rescan
 * hundreds of rows must have crossed the edge, so both are paid for by the rows that changed.
 *
 * Members are bits by row number: reading them in order is reading them in order of insertion, as long as no row was
 * ever removed and its number given to another. From then on all rows leave, as without this file.
 */
#include "op_group_top.h"

#include "data_batch.h"
#include "op_sort_key.h"

enum {
    PIECE = 2048,   /* rows that are looked at together */
    SPARE = 1024,   /* members beside the first n that a cut leaves */
    WORD_BITS = 64, /* of the members' bitmap */
};

struct sqi_group_top {
    sqi_op_env *env;
    sqi_prog *prog; /* the sort's items over the groups' columns */
    const uint8_t *flags;
    uint32_t n, ncol, limit;
    sqi_group_columns columns;
    void *context;
    bool *wanted;         /* columns that the items read */
    sqi_vec *col, *key;   /* ncol and n headers */
    sqi_schema schema;    /* of the items */
    uint64_t *member;     /* a bit for each row */
    size_t words;         /* of it */
    uint32_t count;       /* bits set */
    sqi_batch *edge;      /* one row: the items of the last member of the cut; NULL: all rows are members */
    sqi_batch *last_edge; /* memory for the next one */
    uint32_t edge_row;    /* its row number */
    bool off;             /* a row was removed once */
    bool fresh;           /* no row was looked at yet */
};

/* ---- life ----------------------------------------------------------------------------------------------------- */

static bool note_column(void *context, const sqi_bound *e)
{
    sqi_group_top *t = context;
    if (e->kind == SQI_BOUND_COLUMN && e->column < t->ncol)
        t->wanted[e->column] = true;
    return true;
}

streamq_status sqi_group_top_new(sqi_group_top **out, const sqi_op_group_top_params *p, uint32_t ncol,
                                 sqi_group_columns columns, void *context, sqi_op_env *env, streamq_error **err)
{
    sqi_alloc *alloc = env->alloc;
    sqi_group_top *t = *out = sqi_alloc_zero(alloc, sizeof *t);
    if (!t)
        return sqi_error_nomem(err);
    t->env = env;
    t->flags = p->flags;
    t->n = p->n;
    t->ncol = ncol;
    t->limit = p->limit;
    t->columns = columns;
    t->context = context;
    t->wanted = sqi_alloc_array(alloc, ncol + 1, sizeof *t->wanted);
    t->col = sqi_alloc_array(alloc, (size_t)ncol + p->n + 1, sizeof *t->col);
    t->schema.field = sqi_alloc_array(alloc, p->n + 1, sizeof *t->schema.field);
    if (!t->wanted || !t->col || !t->schema.field)
        return sqi_error_nomem(err);
    t->key = t->col + ncol;
    t->schema.n = p->n;
    for (uint32_t k = 0; k < p->n; ++k) {
        t->schema.field[k] = (sqi_field){SQI_SPAN(""), p->expr[k]->type, true};
        sqi_bound_visit(p->expr[k], note_column, t);
    }
    return sqi_prog_new(&t->prog, p->expr, p->n, env->eval, err);
}

void sqi_group_top_free(sqi_group_top *t)
{
    if (!t)
        return;
    sqi_alloc *alloc = t->env->alloc;
    sqi_prog_free(t->prog);
    sqi_batch_unref(t->edge);
    sqi_batch_unref(t->last_edge);
    sqi_alloc_free(alloc, t->wanted, (t->ncol + 1) * sizeof *t->wanted);
    sqi_alloc_free(alloc, t->col, ((size_t)t->ncol + t->n + 1) * sizeof *t->col);
    sqi_alloc_free(alloc, t->schema.field, (t->n + 1) * sizeof *t->schema.field);
    sqi_alloc_free(alloc, t->member, t->words * sizeof *t->member);
    sqi_alloc_free(alloc, t, sizeof *t);
}

/* ---- members -------------------------------------------------------------------------------------------------- */

static bool make_room(sqi_group_top *t, uint32_t row)
{
    void *member = t->member;
    size_t before = t->words;
    if (!sqi_alloc_grow(t->env->alloc, &member, &t->words, row / WORD_BITS + 1, sizeof *t->member))
        return false;
    t->member = member;
    if (t->words > before)
        memset(t->member + before, 0, (t->words - before) * sizeof *t->member);
    return true;
}

static void set_member(sqi_group_top *t, uint32_t row, bool is)
{
    uint64_t bit = UINT64_C(1) << row % WORD_BITS, *word = &t->member[row / WORD_BITS];
    bool was = *word & bit;
    *word = is ? *word | bit : *word & ~bit;
    t->count += (uint32_t)is - (uint32_t)was;
}

/* Up to `most` members behind `last`. */
static uint32_t list_members(const sqi_group_top *t, uint32_t last, uint32_t *rows, uint32_t most)
{
    uint32_t n = 0, next = last + 1; /* SQI_TABLE_NONE + 1 is 0 */
    for (size_t w = next / WORD_BITS; w < t->words && n < most; ++w) {
        uint64_t bits = t->member[w];
        if (w == next / WORD_BITS)
            bits &= UINT64_MAX << next % WORD_BITS;
        for (; bits && n < most; bits &= bits - 1)
            rows[n++] = (uint32_t)(w * WORD_BITS) + (uint32_t)__builtin_ctzll(bits);
    }
    return n;
}

/* The sort's items for these rows, in t->key. */
static streamq_status make_keys(sqi_group_top *t, const uint32_t *rows, uint32_t n, streamq_error **err)
{
    memset(t->col, 0, t->ncol * sizeof *t->col);
    SQI_TRY(t->columns(t->context, rows, n, t->wanted, t->col, err));
    sqi_chunk chunk = {.n = n, .ncol = t->ncol, .rows = {NULL, n}, .col = t->col};
    return sqi_prog_run(t->prog, t->env->eval, &chunk, t->key, err);
}

/* ---- cut ------------------------------------------------------------------------------------------------------ */

/* Position i of the keys, which belongs to this row, is the edge from now on. */
static streamq_status move_edge(sqi_group_top *t, uint32_t i, uint32_t row, streamq_error **err)
{
    sqi_batch *to = t->last_edge;
    if (!to && !(to = sqi_batch_new(t->env->alloc, &t->schema, err)))
        return STREAMQ_ERR_NOMEM;
    t->last_edge = NULL;
    sqi_batch_clear(to);
    sqi_chunk one = {.n = i + 1, .ncol = t->n, .rows = {&i, 1}, .col = t->key};
    streamq_status status = sqi_batch_append(to, &one, err);
    if (status != STREAMQ_OK) {
        sqi_batch_unref(to);
        return status;
    }
    t->last_edge = t->edge;
    t->edge = to;
    t->edge_row = row;
    return STREAMQ_OK;
}

static uint32_t most_members(const sqi_group_top *t)
{
    return 4 * t->limit + 2 * SPARE;
}

/* Too many members: the first of them stay. */
static streamq_status cut_in(sqi_group_top *t, streamq_error **err)
{
    sqi_arena *arena = t->env->eval->arena;
    uint32_t n = t->count, keep = 2 * t->limit + SPARE;
    uint32_t *rows = sqi_arena_array(arena, n, sizeof *rows), *index = sqi_arena_array(arena, n, sizeof *index);
    if (!rows || !index)
        return sqi_error_nomem(err);
    list_members(t, SQI_TABLE_NONE, rows, n);
    SQI_TRY(make_keys(t, rows, n, err));
    SQI_TRY(sqi_sort_key_order(t->key, t->flags, t->n, n, index, arena, err));
    SQI_TRY(move_edge(t, index[keep - 1], rows[index[keep - 1]], err));
    for (uint32_t k = keep; k < n; ++k)
        set_member(t, rows[index[k]], false);
    return STREAMQ_OK;
}

/* ---- rows that changed ---------------------------------------------------------------------------------------- */

static bool at_or_before_edge(const sqi_group_top *t, uint32_t i, uint32_t row)
{
    if (!t->edge)
        return true;
    int c = sqi_sort_key_compare(t->key, i, t->edge->chunk[0].col, 0, t->flags, t->n);
    return c < 0 || (c == 0 && row <= t->edge_row);
}

static streamq_status take_piece(sqi_group_top *t, const uint32_t *rows, uint32_t n, streamq_error **err)
{
    if (t->edge)
        SQI_TRY(make_keys(t, rows, n, err));
    for (uint32_t i = 0; i < n; ++i) {
        if (!make_room(t, rows[i]))
            return sqi_error_nomem(err);
        set_member(t, rows[i], at_or_before_edge(t, i, rows[i]));
    }
    return t->count > most_members(t) ? cut_in(t, err) : STREAMQ_OK;
}

static streamq_status take(sqi_group_top *t, const uint32_t *rows, uint32_t n, streamq_error **err)
{
    sqi_arena *arena = t->env->eval->arena;
    for (uint32_t at = 0; at < n;) {
        uint32_t some = n - at < PIECE ? n - at : PIECE;
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        streamq_status status = take_piece(t, rows + at, some, err);
        sqi_arena_release(arena, mark);
        SQI_TRY(status);
        at += some;
    }
    return STREAMQ_OK;
}

/* Too few members: every row is looked at again. */
static streamq_status rescan(sqi_group_top *t, const sqi_table *table, streamq_error **err)
{
    sqi_arena *arena = t->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    uint32_t *rows = sqi_arena_get(arena, PIECE * sizeof *rows), last = SQI_TABLE_NONE, n;
    streamq_status status = rows ? STREAMQ_OK : sqi_error_nomem(err);
    sqi_batch_unref(t->last_edge);
    t->last_edge = t->edge;
    t->edge = NULL;
    if (t->member)
        memset(t->member, 0, t->words * sizeof *t->member);
    t->count = 0;
    t->fresh = false;
    while (status == STREAMQ_OK && (n = sqi_table_scan(table, last, rows, PIECE))) {
        last = rows[n - 1];
        status = take(t, rows, n, err);
    }
    sqi_arena_release(arena, mark);
    return status;
}

streamq_status sqi_group_top_update(sqi_group_top *t, sqi_table *table, streamq_error **err)
{
    const uint32_t *rows;
    uint32_t n;
    sqi_table_removed(table, &rows, &n);
    t->off = t->off || n;
    if (t->off)
        return STREAMQ_OK;
    if (t->fresh)
        return rescan(t, table, err);
    sqi_table_dirty(table, &rows, &n);
    SQI_TRY(take(t, rows, n, err));
    uint32_t total = sqi_table_counts_get(table).total;
    return t->count < t->limit && t->count < total ? rescan(t, table, err) : STREAMQ_OK;
}

void sqi_group_top_reload(sqi_group_top *t, const sqi_table *table)
{
    t->fresh = true;
    t->off = t->off || sqi_table_reused(table);
}

uint32_t sqi_group_top_scan(const sqi_group_top *t, const sqi_table *table, uint32_t last, uint32_t *rows,
                            uint32_t most)
{
    return t->off ? sqi_table_scan(table, last, rows, most) : list_members(t, last, rows, most);
}

uint32_t sqi_group_top_count(const sqi_group_top *t, sqi_table *table)
{
    return t->off ? sqi_table_counts_get(table).total : t->count;
}
