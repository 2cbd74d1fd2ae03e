/*
 * op_group_state: a grouping's state as blocks of bytes and back (keyed_block): keys, then the states of the aggregates.
 *
 * Blocks know nothing of lanes: their rows are given to lanes when they are loaded, by a hash whose seed may be another
 * one by then. Groups stand in a loaded state in the order in which their keys first appear in the blocks: with one
 * lane and nothing removed, that is the order in which they were made; else they may leave in another order than before.
 */
#include "op_group_state.h"
#include "op_group_impl.h"

#include "data_order.h"
#include "keyed_block.h"

/* ---- out ------------------------------------------------------------------------------------------------------ */

static streamq_status save_piece(const group *s, const group_lane *lane, sqi_block_kind kind, const uint32_t *rows,
                                 uint32_t n, sqi_op_env *env, sqi_buf *to, streamq_error **err)
{
    size_t at;
    SQI_TRY(sqi_block_put(lane->table, kind, rows, n, &at, to, env->eval->arena, err));
    if (kind == SQI_BLOCK_ROWS)
        SQI_TRY(
            sqi_group_aggs_save(lane->agg, s->nagg, env, sqi_table_values_get(lane->table), rows, n, NULL, to, err));
    return sqi_block_end(to, at) ? STREAMQ_OK : sqi_block_failed(to, err);
}

static streamq_status save_rows(sqi_op *op, const group_lane *lane, sqi_block_kind kind, const uint32_t *rows,
                                uint32_t n, sqi_buf *to, streamq_error **err)
{
    sqi_arena *arena = op->env->eval->arena;
    for (uint32_t at = 0; at < n; at += SQI_BLOCK_PIECE) {
        uint32_t some = n - at < SQI_BLOCK_PIECE ? n - at : SQI_BLOCK_PIECE;
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        streamq_status status = save_piece(op->state, lane, kind, rows + at, some, op->env, to, err);
        sqi_arena_release(arena, mark);
        SQI_TRY(status);
    }
    return STREAMQ_OK;
}

static bool begin_block(const group *s, sqi_buf *to)
{
    uint64_t total = 0;
    for (uint32_t k = 0; k < s->nlane; ++k)
        total += sqi_table_live(s->lane[k].table);
    return sqi_block_begin(to, total);
}

void sqi_group_keep_begin(group *s)
{
    sqi_buf_clear(&s->kept);
    s->kept_rows = 0;
}

streamq_status sqi_group_keep(sqi_op *op, const sqi_vec *col, const uint32_t *rows, uint32_t n, streamq_error **err)
{
    group *s = op->state;
    sqi_op_env *env = op->env;
    size_t at;
    if (!env->durable || env->chunk_rows != SQI_BLOCK_PIECE) /* pieces would be too short or too long */
        return STREAMQ_OK;
    SQI_TRY(sqi_block_put_keys(SQI_BLOCK_ROWS, col, s->nkey, n, &at, &s->kept, env->eval->arena, err));
    SQI_TRY(sqi_group_aggs_save(s->lane->agg, s->nagg, env, sqi_table_values_get(s->lane->table), rows, n,
                                col + s->nkey, &s->kept, err));
    s->kept_rows += n;
    return sqi_block_end(&s->kept, at) ? STREAMQ_OK : sqi_block_failed(&s->kept, err);
}

static streamq_status save_changed(sqi_op *op, const group_lane *lane, sqi_buf *to, streamq_error **err)
{
    const group *s = op->state;
    const uint32_t *rows;
    uint32_t n;
    sqi_table_dirty(lane->table, &rows, &n);
    if (s->nlane > 1 || s->kept_rows != n)
        return save_rows(op, lane, SQI_BLOCK_ROWS, rows, n, to, err);
    return sqi_buf_put(to, s->kept.ptr, s->kept.len) ? STREAMQ_OK : sqi_block_failed(to, err);
}

streamq_status sqi_group_save_changes(sqi_op *op, sqi_buf *to, streamq_error **err)
{
    const group *s = op->state;
    const uint32_t *rows;
    uint32_t n;
    if (!begin_block(s, to))
        return sqi_block_failed(to, err);
    for (uint32_t k = 0; k < s->nlane; ++k) {
        sqi_table_removed(s->lane[k].table, &rows, &n);
        SQI_TRY(save_rows(op, &s->lane[k], SQI_BLOCK_REMOVED, rows, n, to, err));
    }
    for (uint32_t k = 0; k < s->nlane; ++k)
        SQI_TRY(save_changed(op, &s->lane[k], to, err));
    return STREAMQ_OK;
}

/* The cursor is the lane, and in its lower half the number of the row to go on with. */
streamq_status sqi_group_save_some(sqi_op *op, uint64_t *cursor, size_t most, sqi_buf *to, streamq_error **err)
{
    const group *s = op->state;
    uint32_t rows[SQI_BLOCK_PIECE], next = (uint32_t)*cursor, lane = (uint32_t)(*cursor >> 32);
    if (!begin_block(s, to))
        return sqi_block_failed(to, err);
    const size_t begin = to->len;
    for (uint64_t done = 0; lane < s->nlane && (!done || to->len - begin < most);) {
        uint32_t some = sqi_block_next_rows(to->len - begin, done, most);
        uint32_t n = sqi_table_walk(s->lane[lane].table, &next, rows, some);
        SQI_TRY(save_rows(op, &s->lane[lane], SQI_BLOCK_ROWS, rows, n, to, err));
        done += n;
        lane += !n;
        next = n ? next : 0;
    }
    *cursor = lane < s->nlane ? (uint64_t)lane << 32 | next : 0;
    return STREAMQ_OK;
}

/* ---- in ------------------------------------------------------------------------------------------------------- */

/* The rows of a piece by lane. */
static streamq_status to_lanes(const sqi_op *op, const sqi_block_piece *piece, uint64_t **hash, sqi_rows *by_lane,
                               streamq_error **err)
{
    const group *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    const sqi_rows all = {NULL, piece->n};
    *hash = NULL;
    by_lane[0] = all;
    if (s->nlane == 1)
        return STREAMQ_OK;
    if (!(*hash = sqi_arena_get(arena, (size_t)piece->n * sizeof **hash)))
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < s->nlane; ++k)
        if (!(by_lane[k].sel = sqi_arena_get(arena, ((size_t)piece->n + 1) * sizeof(uint32_t))))
            return sqi_error_nomem(err);
    for (uint32_t k = 0; k < s->nkey; ++k)
        sqi_order_hash(&piece->key[k], all, op->env->hash_seed, k > 0, *hash);
    sqi_group_sort_by_lane(*hash, all, s->nlane, by_lane);
    if (!sqi_table_takes_hashes(s->lane->table))
        *hash = NULL;
    return STREAMQ_OK;
}

static streamq_status remove_rows(sqi_op *op, group_lane *lane, const sqi_block_piece *piece, sqi_rows rows,
                                  uint32_t *row, streamq_error **err)
{
    uint32_t n = 0;
    SQI_TRY(sqi_table_lookup(lane->table, piece->key, rows, SQI_TABLE_FIND, row, NULL, NULL, err));
    for (SQI_EACH(rows, k, i)) /* the list that remains is never ahead of the position */
        if (row[i] != SQI_TABLE_NONE)
            row[n++] = row[i];
    SQI_TRY(sqi_table_remove(lane->table, row, n, err));
    sqi_group_clear_removed(op, lane);
    sqi_table_clean(lane->table);
    return STREAMQ_OK;
}

static streamq_status find_rows(group_lane *lane, const sqi_block_piece *piece, const uint64_t *hash, sqi_rows rows,
                                bool stamped, uint32_t *row, char **record, streamq_error **err)
{
    if (stamped)
        SQI_TRY(sqi_table_lookup_stamped(lane->table, piece->key, hash, rows, lane->place, row, err));
    else
        SQI_TRY(sqi_table_lookup(lane->table, piece->key, rows, SQI_TABLE_INSERT, row, NULL, NULL, err));
    if (!rows.sel)
        sqi_table_records(lane->table, row, rows.n, record);
    for (uint32_t k = 0; rows.sel && k < rows.n; ++k)
        sqi_table_records(lane->table, &row[rows.sel[k]], 1, &record[rows.sel[k]]);
    sqi_table_clean(lane->table);
    lane->place += piece->n;
    return STREAMQ_OK;
}

static streamq_status load_piece(sqi_op *op, sqi_block_piece *piece, streamq_error **err)
{
    group *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    uint32_t *row = sqi_arena_get(arena, (size_t)piece->n * sizeof *row);
    char **record = sqi_arena_get(arena, (size_t)piece->n * sizeof *record);
    sqi_rows *by_lane = sqi_arena_array(arena, s->nlane, sizeof *by_lane);
    uint64_t *hash;
    if (!row || !record || !by_lane)
        return sqi_error_nomem(err);
    SQI_TRY(to_lanes(op, piece, &hash, by_lane, err));
    for (uint32_t k = 0; k < s->nlane; ++k)
        SQI_TRY(piece->kind == SQI_BLOCK_REMOVED
                    ? remove_rows(op, &s->lane[k], piece, by_lane[k], row, err)
                    : find_rows(&s->lane[k], piece, hash, by_lane[k], s->nlane > 1, row, record, err));
    if (piece->kind == SQI_BLOCK_REMOVED)
        return sqi_block_used(piece, err);
    for (uint32_t k = 0; k < piece->n; ++k)
        row[k] = k;
    SQI_TRY(sqi_group_aggs_load(s->lane->agg, s->nagg, op->env, sqi_table_values_of(s->lane->table, record), row,
                                piece->n, &piece->values, err));
    return sqi_block_used(piece, err);
}

streamq_status sqi_group_load(sqi_op *op, sqi_span bytes, streamq_error **err)
{
    const group *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    sqi_block block;
    sqi_block_piece piece = {.n = 1};
    uint32_t nkey;
    const sqi_type *const *type = sqi_table_key_types(s->lane->table, &nkey);
    SQI_TRY(sqi_block_open(&block, bytes, err));
    while (piece.n) {
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        streamq_status status = sqi_block_next(&block, type, nkey, &piece, arena, err);
        if (status == STREAMQ_OK && piece.n)
            status = load_piece(op, &piece, err);
        sqi_arena_release(arena, mark);
        SQI_TRY(status);
    }
    return STREAMQ_OK;
}

streamq_status sqi_group_loaded(sqi_op *op, streamq_error **err)
{
    const group *s = op->state;
    (void)err;
    for (uint32_t k = 0; k < s->nlane; ++k)
        if (s->lane[k].top)
            sqi_group_top_reload(s->lane[k].top, s->lane[k].table);
    return STREAMQ_OK;
}

/* ---- looked at from outside ----------------------------------------------------------------------------------- */

streamq_status sqi_group_state_walk(sqi_op *op, uint32_t *next, uint32_t most, sqi_chunk *out, streamq_error **err)
{
    const group *s = op->state;
    const group_lane *lane = s->lane;
    sqi_arena *arena = op->env->eval->arena;
    uint32_t *rows = sqi_arena_get(arena, ((size_t)most + 1) * sizeof *rows);
    sqi_vec *col = sqi_arena_array(arena, s->nkey + s->nagg + 1, sizeof *col);
    if (!rows || !col)
        return sqi_error_nomem(err);
    uint32_t n = sqi_table_walk(lane->table, next, rows, most);
    *out = (sqi_chunk){.n = n, .ncol = s->nkey + s->nagg, .rows = {NULL, n}, .col = col};
    if (!n)
        return STREAMQ_OK;
    SQI_TRY(sqi_table_keys(lane->table, rows, n, col, arena, err));
    return sqi_group_aggs_emit(lane->agg, s->nagg, op->env, sqi_table_values_get(lane->table), rows, n, col + s->nkey,
                               err);
}
