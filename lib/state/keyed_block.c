/*
 * keyed_block: see the header.
 */
#include "keyed_block.h"

#include "data_order.h"

enum { VERSION = 1, FIRST_GUESS = 32 /* bytes a row */, LEAST = 16 /* rows of a piece */ };

uint32_t sqi_block_next_rows(size_t bytes, uint64_t rows, size_t most)
{
    const size_t each = rows ? (size_t)(bytes / rows) + 1 : FIRST_GUESS;
    size_t n = bytes < most ? (most - bytes) / each : 0;
    return n < LEAST ? LEAST : n < SQI_BLOCK_PIECE ? (uint32_t)n : SQI_BLOCK_PIECE;
}

bool sqi_block_begin(sqi_buf *to, uint64_t total)
{
    return sqi_buf_byte(to, VERSION) && sqi_bytes_put_varint(to, total);
}

streamq_status sqi_block_failed(const sqi_buf *to, streamq_error **err)
{
    if (to->cap < to->ceiling / 2)
        return sqi_error_nomem(err);
    return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "one block of a query's state takes more than %zu bytes",
                         to->ceiling);
}

streamq_status sqi_block_put_keys(sqi_block_kind kind, const sqi_vec *key, uint32_t nkey, uint32_t n, size_t *at,
                                  sqi_buf *to, sqi_arena *scratch, streamq_error **err)
{
    sqi_bytes_begin(to, at);
    sqi_buf_byte(to, (char)kind);
    sqi_bytes_put_varint(to, n);
    for (uint32_t k = 0; k < nkey; k++)
        sqi_pack_column(to, &key[k], (sqi_rows){NULL, n}, scratch);
    return to->failed ? sqi_block_failed(to, err) : STREAMQ_OK;
}

streamq_status sqi_block_put(const sqi_table *t, sqi_block_kind kind, const uint32_t *rows, uint32_t n, size_t *at,
                             sqi_buf *to, sqi_arena *scratch, streamq_error **err)
{
    uint32_t nkey;
    sqi_table_key_types(t, &nkey);
    sqi_vec *key = sqi_arena_array(scratch, nkey + 1, sizeof *key);
    if (!key)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_table_keys(t, rows, n, key, scratch, err));
    return sqi_block_put_keys(kind, key, nkey, n, at, to, scratch, err);
}

bool sqi_block_end(sqi_buf *to, size_t at)
{
    return sqi_bytes_end(to, at);
}

/* ---- reading -------------------------------------------------------------------------------------------------- */

streamq_status sqi_block_open(sqi_block *b, sqi_span bytes, streamq_error **err)
{
    *b = (sqi_block){.left = sqi_bytes_of(bytes)};
    uint8_t version = sqi_bytes_get8(&b->left);
    if (!b->left.bad && version != VERSION)
        return sqi_error_set(err, SQI_COND_CHECKPOINT_VERSION,
                             "a block of saved state has version %u, this library reads version %d", version, VERSION);
    b->total = sqi_bytes_get_varint(&b->left);
    return b->left.bad ? sqi_unpack_damaged(&b->left, "block of state", err) : STREAMQ_OK;
}

streamq_status sqi_block_next(sqi_block *b, const sqi_type *const *type, uint32_t nkey, sqi_block_piece *out,
                              sqi_arena *arena, streamq_error **err)
{
    *out = (sqi_block_piece){.n = 0};
    if (!sqi_bytes_left(&b->left))
        return STREAMQ_OK;
    sqi_bytes from = sqi_bytes_of(sqi_bytes_get_block(&b->left));
    uint8_t kind = sqi_bytes_get8(&from);
    uint64_t n = sqi_bytes_get_varint(&from);
    if (b->left.bad || from.bad || kind > SQI_BLOCK_REMOVED || !n || n > (nkey ? SQI_BLOCK_PIECE_MOST : 1))
        return sqi_unpack_damaged(&b->left, "block of state", err);
    out->kind = kind;
    out->key = sqi_arena_array(arena, nkey + 1, sizeof *out->key);
    if (!out->key)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < nkey; k++) {
        sqi_vec raw;
        SQI_TRY(sqi_unpack_column(&from, type[k], (uint32_t)n, &raw, arena, err));
        SQI_TRY(sqi_order_normalize(&out->key[k], &raw, (sqi_rows){NULL, (uint32_t)n}, arena, err));
    }
    out->n = (uint32_t)n;
    out->values = from;
    return STREAMQ_OK;
}

streamq_status sqi_block_used(const sqi_block_piece *piece, streamq_error **err)
{
    sqi_bytes left = piece->values;
    return left.bad || sqi_bytes_left(&left) ? sqi_unpack_damaged(&left, "block of state", err) : STREAMQ_OK;
}
