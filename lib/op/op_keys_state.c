/*
 * op_keys_state: see the header.
 */
#include "op_keys_state.h"

static streamq_status save_rows(const sqi_table *t, sqi_op_env *env, sqi_block_kind kind, const uint32_t *rows,
                                uint32_t n, sqi_buf *to, streamq_error **err)
{
    sqi_arena *arena = env->eval->arena;
    for (uint32_t at = 0; at < n; at += SQI_BLOCK_PIECE) {
        uint32_t some = n - at < SQI_BLOCK_PIECE ? n - at : SQI_BLOCK_PIECE;
        size_t piece;
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        streamq_status status = sqi_block_put(t, kind, rows + at, some, &piece, to, arena, err);
        sqi_arena_release(arena, mark);
        SQI_TRY(status);
        if (!sqi_block_end(to, piece))
            return sqi_block_failed(to, err);
    }
    return STREAMQ_OK;
}

streamq_status sqi_keys_state_changes(sqi_table *t, sqi_op_env *env, sqi_buf *to, streamq_error **err)
{
    const uint32_t *rows;
    uint32_t n;
    if (!sqi_block_begin(to, sqi_table_live(t)))
        return sqi_block_failed(to, err);
    sqi_table_removed(t, &rows, &n);
    SQI_TRY(save_rows(t, env, SQI_BLOCK_REMOVED, rows, n, to, err));
    sqi_table_dirty(t, &rows, &n);
    return save_rows(t, env, SQI_BLOCK_ROWS, rows, n, to, err);
}

streamq_status sqi_keys_state_some(const sqi_table *t, sqi_op_env *env, uint64_t *cursor, size_t most, sqi_buf *to,
                                   streamq_error **err)
{
    uint32_t rows[SQI_BLOCK_PIECE], next = (uint32_t)*cursor, n = 1;
    if (!sqi_block_begin(to, sqi_table_live(t)))
        return sqi_block_failed(to, err);
    const size_t begin = to->len;
    for (uint64_t done = 0; n && (!done || to->len - begin < most); done += n) {
        n = sqi_table_walk(t, &next, rows, sqi_block_next_rows(to->len - begin, done, most));
        SQI_TRY(save_rows(t, env, SQI_BLOCK_ROWS, rows, n, to, err));
    }
    *cursor = n ? next : 0;
    return STREAMQ_OK;
}

static streamq_status load_piece(sqi_table *t, const sqi_block_piece *piece, sqi_arena *arena, streamq_error **err)
{
    const sqi_rows all = {NULL, piece->n};
    bool removes = piece->kind == SQI_BLOCK_REMOVED;
    uint32_t *row = sqi_arena_get(arena, (size_t)piece->n * sizeof *row), n = 0;
    if (!row)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_block_used(piece, err));
    SQI_TRY(sqi_table_lookup(t, piece->key, all, removes ? SQI_TABLE_FIND : SQI_TABLE_INSERT, row, NULL, NULL, err));
    for (uint32_t k = 0; removes && k < piece->n; ++k)
        if (row[k] != SQI_TABLE_NONE)
            row[n++] = row[k];
    SQI_TRY(sqi_table_remove(t, row, n, err));
    sqi_table_clean(t);
    return STREAMQ_OK;
}

streamq_status sqi_keys_state_load(sqi_table *t, sqi_op_env *env, sqi_span bytes, streamq_error **err)
{
    sqi_arena *arena = env->eval->arena;
    sqi_block block;
    sqi_block_piece piece = {.n = 1};
    uint32_t nkey;
    const sqi_type *const *type = sqi_table_key_types(t, &nkey);
    SQI_TRY(sqi_block_open(&block, bytes, err));
    while (piece.n) {
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        streamq_status status = sqi_block_next(&block, type, nkey, &piece, arena, err);
        if (status == STREAMQ_OK && piece.n)
            status = load_piece(t, &piece, arena, err);
        sqi_arena_release(arena, mark);
        SQI_TRY(status);
    }
    return STREAMQ_OK;
}
