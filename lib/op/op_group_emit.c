/*
 * op_group_emit: the results of a grouping leave: key columns, then a column for each aggregate.
 *
 * With several lanes the rows of all of them are read in the order of their stamps. The stamps are cut into ranges; the
 * workers make one chunk of each range, and the driver hands them on in order.
 */
#include "op_group_impl.h"

enum { SLOTS_A_LANE = 3, HELP_SHARE = 4 /* so much less work than taking a row in is handing one out */ };

static bool only_changed(const sqi_op *op)
{
    return op->env->streaming && op->env->mode == STREAMQ_UPDATE;
}

/* Rows that leave because they changed are merged block by block as they do, while their records are in the cache. */
static bool merges_late(const sqi_op *op)
{
    const group *s = op->state;
    return only_changed(op) && !s->lane->top;
}

static streamq_status merge_rows(const group *s, const group_lane *lane, const uint32_t *rows, uint32_t n,
                                 sqi_op_env *env, streamq_error **err)
{
    for (uint32_t a = 0; a < s->nagg; ++a)
        SQI_TRY(sqi_group_agg_merge(&lane->agg[a], env, lane->table, rows, n, err));
    return STREAMQ_OK;
}

static streamq_status make_columns(const sqi_op *op, const group_lane *lane, const uint32_t *rows, uint32_t n,
                                   sqi_op_env *env, sqi_vec *col, streamq_error **err)
{
    const group *s = op->state;
    if (merges_late(op))
        SQI_TRY(merge_rows(s, lane, rows, n, env, err));
    SQI_TRY(sqi_table_keys(lane->table, rows, n, col, env->eval->arena, err));
    return sqi_group_aggs_emit(lane->agg, s->nagg, env, sqi_table_values_get(lane->table), rows, n, col + s->nkey, err);
}

/* ---- the first groups of an order ----------------------------------------------------------------------------- */

static streamq_status make_wanted(void *context, const uint32_t *rows, uint32_t n, const bool *wanted, sqi_vec *col,
                                  streamq_error **err)
{
    const group_lane *lane = context;
    const group *s = lane->op->state;
    sqi_op_env *env = lane->op->env;
    if (memchr(wanted, true, s->nkey))
        SQI_TRY(sqi_table_keys(lane->table, rows, n, col, env->eval->arena, err));
    if (!s->nagg || !memchr(wanted + s->nkey, true, s->nagg))
        return STREAMQ_OK;
    return sqi_group_aggs_emit(lane->agg, s->nagg, env, sqi_table_values_get(lane->table), rows, n, col + s->nkey, err);
}

streamq_status sqi_group_top_init(sqi_op *op, const sqi_op_group_top_params *p, streamq_error **err)
{
    group *s = op->state;
    s->first = p->limit;
    for (uint32_t k = 0; k < s->nlane; ++k) {
        s->lane[k].op = op;
        SQI_TRY(sqi_group_top_new(&s->lane[k].top, p, s->nkey + s->nagg, make_wanted, &s->lane[k], op->env, err));
    }
    return STREAMQ_OK;
}

/* The rows of a lane that leave in complete mode. */
static uint32_t scan_rows(const group_lane *l, uint32_t last, uint32_t *rows, uint32_t most)
{
    return l->top ? sqi_group_top_scan(l->top, l->table, last, rows, most) : sqi_table_scan(l->table, last, rows, most);
}

static uint32_t count_rows(const group_lane *l)
{
    return l->top ? sqi_group_top_count(l->top, l->table) : sqi_table_counts_get(l->table).total;
}

/* ---- one lane ------------------------------------------------------------------------------------------------- */

static streamq_status emit_rows(sqi_op *op, const uint32_t *rows, uint32_t n, bool changed, streamq_error **err)
{
    group *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    sqi_vec *col = sqi_arena_array(arena, s->nkey + s->nagg + 1, sizeof *col);
    streamq_status status = col ? make_columns(op, s->lane, rows, n, op->env, col, err) : sqi_error_nomem(err);
    if (status == STREAMQ_OK && changed)
        status = sqi_group_keep(op, col, rows, n, err);
    if (status == STREAMQ_OK) {
        sqi_chunk out = {.n = n, .ncol = s->nkey + s->nagg, .rows = {NULL, n}, .col = col};
        status = sqi_op_emit(op, &out, err);
    }
    sqi_arena_release(arena, mark);
    return status;
}

static streamq_status emit_changed(sqi_op *op, streamq_error **err)
{
    group *s = op->state;
    const uint32_t *rows;
    uint32_t n;
    sqi_table_dirty(s->lane->table, &rows, &n);
    sqi_group_keep_begin(s);
    for (uint32_t at = 0; at < n;) {
        uint32_t some = n - at < op->env->chunk_rows ? n - at : op->env->chunk_rows;
        SQI_TRY(emit_rows(op, rows + at, some, true, err));
        at += some;
    }
    return STREAMQ_OK;
}

static streamq_status emit_all(sqi_op *op, streamq_error **err)
{
    group *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    uint32_t *rows = sqi_arena_get(arena, (size_t)op->env->chunk_rows * sizeof *rows), last = SQI_TABLE_NONE, n;
    if (!rows)
        return sqi_error_nomem(err);
    while ((n = scan_rows(s->lane, last, rows, op->env->chunk_rows))) {
        last = rows[n - 1];
        SQI_TRY(emit_rows(op, rows, n, false, err));
    }
    return STREAMQ_OK;
}

/* ---- several lanes -------------------------------------------------------------------------------------------- */

/* The rows of one lane that leave, by stamp. */
typedef struct lane_rows {
    const uint32_t *row;
    const uint64_t *stamp; /* NULL: ask the table */
    const sqi_table *table;
    uint32_t n;
} lane_rows;

/* A range of stamps on its way: of each lane the rows [from, to). */
typedef struct group_out {
    sqi_arena arena;
    sqi_eval eval;
    sqi_op_env env;
    uint32_t *from, *to;
    sqi_chunk chunk;
} group_out;

typedef struct leaving {
    sqi_op *op;
    lane_rows *lane;
} leaving;

static uint64_t stamp_of(const lane_rows *l, uint32_t k)
{
    return l->stamp ? l->stamp[k] : sqi_table_born(l->table, l->row[k]);
}

/* The first row of a lane in [from, to) whose stamp is not below, or `to`. It is about `step` rows away. */
static uint32_t find_stamp(const lane_rows *l, uint32_t from, uint32_t to, uint32_t step, uint64_t stamp)
{
    for (; step < to - from && stamp_of(l, from + step) < stamp; step *= 2)
        from += step;
    to = step < to - from ? from + step : to;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (stamp_of(l, middle) < stamp)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* The rows of one lane in a range: what is left of them while they are put in order. */
typedef struct lane_rest {
    char *const *record;
    const uint64_t *stamp;
    uint32_t n;
} lane_rest;

static char **take_rest(const lane_rest *rest, uint32_t from, char **record)
{
    for (uint32_t k = from; k < rest->n; k++)
        *record++ = rest->record[k];
    return record;
}

/* Two lanes: which of them is next is a coin toss, so no branch asks. A choice by masks stays one. */
static void order_two(const lane_rest *rest, char **record)
{
    const uint64_t *const first = rest[0].stamp, *const second = rest[1].stamp;
    char *const *own = rest[0].record; /* those of the second lane stand behind those of the first */
    const uint32_t begin = rest[0].n, end = rest[1].n;
    uint32_t low = 0, high = 0;
    while (low < begin && high < end) {
        uint32_t other = second[high] < first[low];
        *record++ = own[low ^ ((low ^ (begin + high)) & (0 - other))];
        low += !other;
        high += other;
    }
    take_rest(&rest[1], high, take_rest(&rest[0], low, record));
}

/* record[k]: the k-th by stamp of all lanes. */
static void put_in_order(lane_rest *rest, uint32_t nlane, uint32_t n, char **record)
{
    if (nlane == 2) {
        order_two(rest, record);
        return;
    }
    for (uint32_t k = 0; k < n; k++) {
        lane_rest *least = NULL;
        for (lane_rest *r = rest; r < rest + nlane; r++)
            least = r->n && (!least || *r->stamp < *least->stamp) ? r : least;
        record[k] = *least->record++;
        least->stamp++;
        least->n--;
    }
}

static const uint64_t *stamps_of(const lane_rows *l, uint32_t from, uint32_t n, sqi_arena *arena)
{
    if (l->stamp)
        return l->stamp + from;
    uint64_t *stamp = sqi_arena_get(arena, ((size_t)n + 1) * sizeof *stamp);
    for (uint32_t k = 0; stamp && k < n; k++)
        stamp[k] = stamp_of(l, from + k);
    return stamp;
}

/* Their records in order, merged if they are to be. */
static streamq_status collect_records(const leaving *l, group_out *o, uint32_t n, char **record, streamq_error **err)
{
    const group *s = l->op->state;
    sqi_arena *arena = &o->arena;
    lane_rest *rest = sqi_arena_array(arena, s->nlane, sizeof *rest);
    char **own = sqi_arena_get(arena, ((size_t)n + 1) * sizeof *own);
    if (!rest || !own)
        return sqi_error_nomem(err);
    for (uint32_t p = 0; p < s->nlane; p++) {
        const lane_rows *rows = &l->lane[p];
        uint32_t from = o->from[p], some = o->to[p] - from;
        if (merges_late(l->op))
            SQI_TRY(merge_rows(s, &s->lane[p], rows->row + from, some, &o->env, err));
        rest[p] = (lane_rest){own, stamps_of(rows, from, some, arena), some};
        if (some && !rest[p].stamp)
            return sqi_error_nomem(err);
        sqi_table_records(rows->table, rows->row + from, some, own);
        own += some;
    }
    put_in_order(rest, s->nlane, n, record);
    return STREAMQ_OK;
}

/* The chunk of one range. */
static streamq_status make_chunk(const leaving *l, group_out *o, streamq_error **err)
{
    const group *s = l->op->state;
    const group_lane *any = s->lane;
    sqi_arena *arena = &o->arena;
    uint32_t ncol = s->nkey + s->nagg, n = 0;
    for (uint32_t p = 0; p < s->nlane; p++)
        n += o->to[p] - o->from[p];
    sqi_vec *col = sqi_arena_array(arena, ncol + 1, sizeof *col);
    char **record = sqi_arena_get(arena, ((size_t)n + 1) * sizeof *record);
    uint32_t *rows = sqi_arena_get(arena, ((size_t)n + 1) * sizeof *rows);
    if (!col || !record || !rows)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < n; k++)
        rows[k] = k;
    SQI_TRY(collect_records(l, o, n, record, err));
    SQI_TRY(sqi_table_keys_of(any->table, record, rows, n, col, arena, err));
    SQI_TRY(sqi_group_aggs_emit(any->agg, s->nagg, &o->env, sqi_table_values_of(any->table, record), rows, n,
                                col + s->nkey, err));
    o->chunk = (sqi_chunk){.n = n, .ncol = ncol, .rows = {NULL, n}, .col = col};
    return STREAMQ_OK;
}

static group_out *slot_of(const group *s, uint64_t item)
{
    return &s->out[item % s->pipe.nslot];
}

static streamq_status prepare(void *context, uint64_t item, uint32_t worker, streamq_error **err)
{
    const leaving *l = context;
    (void)worker;
    return make_chunk(l, slot_of(l->op->state, item), err);
}

static streamq_status hand_on(void *context, uint64_t item, uint32_t lane, uint32_t worker, streamq_error **err)
{
    const leaving *l = context;
    (void)lane;
    (void)worker;
    return sqi_op_emit(l->op, &slot_of(l->op->state, item)->chunk, err);
}

static streamq_status list_rows(const group *s, bool changed, lane_rows *lane, sqi_arena *arena, streamq_error **err)
{
    for (uint32_t p = 0; p < s->nlane; p++) {
        sqi_table *t = s->lane[p].table;
        lane[p].table = t;
        if (changed) {
            static const uint32_t none;
            sqi_table_dirty(t, &lane[p].row, &lane[p].n);
            lane[p].row = lane[p].n ? lane[p].row : &none; /* a lane that was never touched has no list */
            lane[p].stamp = sqi_table_dirty_stamps(t);
            continue;
        }
        uint32_t total = count_rows(&s->lane[p]);
        uint32_t *row = sqi_arena_get(arena, ((size_t)total + 1) * sizeof *row);
        if (!row)
            return sqi_error_nomem(err);
        lane[p].n = scan_rows(&s->lane[p], SQI_TABLE_NONE, row, total);
        lane[p].row = row;
    }
    return STREAMQ_OK;
}

/* A worker runs with the settings of this micro-batch and scratch of its own. */
static void begin_slot(const sqi_op *op, group_out *o)
{
    sqi_arena_reset(&o->arena);
    o->eval = *op->env->eval;
    o->env = *op->env;
    o->eval.arena = &o->arena;
    o->env.eval = &o->eval;
}

/* Rows of a range, and the lane that has most of them. */
static uint64_t count_range(const group *s, const group_out *o, uint32_t *most)
{
    uint64_t total = 0;
    *most = 0;
    for (uint32_t p = 0; p < s->nlane; p++) {
        total += o->to[p] - o->from[p];
        *most = o->to[p] - o->from[p] > o->to[*most] - o->from[*most] ? p : *most;
    }
    return total;
}

/* The next range: o->to, from o->from on. It has chunk_rows rows at most (or one of each lane, where that is more): as
   long as it has more, the lane with most of them is cut to its share, and the others to what stands before the cut.
   False: nothing is left. */
static bool cut_range(const sqi_op *op, const leaving *l, group_out *o)
{
    const group *s = op->state;
    uint32_t share = op->env->chunk_rows / s->nlane ? op->env->chunk_rows / s->nlane : 1, most;
    for (uint32_t p = 0; p < s->nlane; p++)
        o->to[p] = l->lane[p].n;
    uint64_t total = count_range(s, o, &most);
    while (total > op->env->chunk_rows && o->to[most] - o->from[most] > share) {
        uint64_t end = stamp_of(&l->lane[most], o->from[most] + share);
        for (uint32_t p = 0; p < s->nlane; p++)
            o->to[p] = find_stamp(&l->lane[p], o->from[p], o->to[p], share, end);
        total = count_range(s, o, &most);
    }
    return total > 0;
}

static void put_ranges(sqi_op *op, const leaving *l)
{
    group *s = op->state;
    while (!sqi_pipe_failed(&s->pipe)) {
        uint64_t item = sqi_pipe_room(&s->pipe);
        group_out *o = slot_of(s, item), *before = slot_of(s, item + s->pipe.nslot - 1);
        for (uint32_t p = 0; p < s->nlane; p++)
            o->from[p] = item ? before->to[p] : 0;
        if (!cut_range(op, l, o))
            return;
        begin_slot(op, o);
        sqi_pipe_put(&s->pipe);
    }
}

static streamq_status emit_lanes(sqi_op *op, streamq_error **err)
{
    group *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    leaving l = {op, sqi_arena_array(arena, s->nlane, sizeof *l.lane)};
    uint64_t total = 0;
    if (!l.lane)
        return sqi_error_nomem(err);
    SQI_TRY(list_rows(s, only_changed(op), l.lane, arena, err));
    for (uint32_t p = 0; p < s->nlane; p++)
        total += l.lane[p].n;
    const sqi_pipe_job job = {&l, true, prepare, hand_on};
    sqi_pipe_open(&s->pipe, &job, total >= op->env->help_rows * HELP_SHARE);
    put_ranges(op, &l);
    return sqi_pipe_close(&s->pipe, err);
}

streamq_status sqi_group_emit_init(sqi_op *op, streamq_error **err)
{
    group *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    uint32_t nslot = s->nlane * SLOTS_A_LANE;
    SQI_TRY(sqi_pipe_init(&s->pipe, alloc, op->env->pool, s->nlane, nslot, 1, err));
    if (!(s->out = sqi_alloc_array(alloc, nslot, sizeof *s->out)))
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < nslot; k++)
        sqi_arena_init(&s->out[k].arena, alloc);
    for (uint32_t k = 0; k < nslot; k++) {
        s->out[k].from = sqi_alloc_array(alloc, 2 * s->nlane, sizeof *s->out[k].from);
        if (!s->out[k].from)
            return sqi_error_nomem(err);
        s->out[k].to = s->out[k].from + s->nlane;
    }
    return STREAMQ_OK;
}

void sqi_group_emit_fini(sqi_op *op)
{
    group *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    uint32_t nslot = s->nlane * SLOTS_A_LANE;
    for (uint32_t k = 0; s->out && k < nslot; k++) {
        sqi_arena_fini(&s->out[k].arena);
        sqi_alloc_free(alloc, s->out[k].from, 2 * s->nlane * sizeof *s->out[k].from);
    }
    sqi_alloc_free(alloc, s->out, nslot * sizeof *s->out);
    sqi_pipe_fini(&s->pipe);
}

/* ---- partial states ------------------------------------------------------------------------------------------- */

static void all_merged(const group *s)
{
    for (uint32_t k = 0; k < s->nlane; ++k)
        for (uint32_t a = 0; a < s->nagg; ++a)
            sqi_group_agg_merged(&s->lane[k].agg[a]);
}

/* After a failure of rows that were merged as they left: the error of a merge, wherever it stands, comes before those of
   the operators above, so that it does not show which rows were merged by then. */
static streamq_status merge_error(sqi_op *op, streamq_status status, streamq_error **err)
{
    const group *s = op->state;
    for (uint32_t i = 0; i < s->nagg * s->nlane; ++i) {
        const group_lane *lane = &s->lane[i % s->nlane];
        streamq_error *own = NULL;
        const uint32_t *rows;
        uint32_t n;
        sqi_table_dirty(lane->table, &rows, &n);
        streamq_status merged = sqi_group_agg_merge(&lane->agg[i / s->nlane], op->env, lane->table, rows, n, &own);
        if (merged == STREAMQ_OK)
            continue;
        if (err) {
            sqi_error_free(*err);
            *err = own;
        } else {
            sqi_error_free(own);
        }
        return merged;
    }
    return status;
}

streamq_status sqi_group_emit(sqi_op *op, streamq_error **err)
{
    const group *s = op->state;
    for (uint32_t k = 0; k < s->nlane; ++k)
        if (s->lane[k].top)
            SQI_TRY(sqi_group_top_update(s->lane[k].top, s->lane[k].table, err));
    streamq_status status = s->nlane > 1       ? emit_lanes(op, err)
                            : only_changed(op) ? emit_changed(op, err)
                                               : emit_all(op, err);
    if (!merges_late(op))
        return status;
    if (status != STREAMQ_OK)
        status = merge_error(op, status, err);
    all_merged(s);
    return status;
}

static streamq_status merge_lane(const group *s, const group_lane *lane, sqi_op_env *env, streamq_error **err)
{
    const uint32_t *changed;
    uint32_t n;
    sqi_table_dirty(lane->table, &changed, &n);
    return merge_rows(s, lane, changed, n, env, err);
}

static streamq_status prepare_merge(void *context, uint64_t item, uint32_t worker, streamq_error **err)
{
    sqi_op *op = context;
    const group *s = op->state;
    (void)worker;
    return merge_lane(s, &s->lane[item], &slot_of(s, item)->env, err);
}

static streamq_status nothing_left(void *context, uint64_t item, uint32_t lane, uint32_t worker, streamq_error **err)
{
    (void)context;
    (void)item;
    (void)lane;
    (void)worker;
    (void)err;
    return STREAMQ_OK;
}

static streamq_status merge_lanes(sqi_op *op, streamq_error **err)
{
    group *s = op->state;
    const sqi_pipe_job job = {op, true, prepare_merge, nothing_left};
    uint64_t changed = 0;
    for (uint32_t p = 0; p < s->nlane; p++)
        changed += sqi_table_counts_get(s->lane[p].table).updated;
    sqi_pipe_open(&s->pipe, &job, changed >= op->env->help_rows * HELP_SHARE);
    for (uint32_t p = 0; p < s->nlane; p++) {
        begin_slot(op, slot_of(s, sqi_pipe_room(&s->pipe)));
        sqi_pipe_put(&s->pipe);
    }
    return sqi_pipe_close(&s->pipe, err);
}

streamq_status sqi_group_merge(sqi_op *op, streamq_error **err)
{
    const group *s = op->state;
    if (merges_late(op))
        return STREAMQ_OK;
    streamq_status status = s->nlane > 1 ? merge_lanes(op, err) : merge_lane(s, s->lane, op->env, err);
    all_merged(s);
    return status;
}
