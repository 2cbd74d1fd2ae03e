/*
 * keyed_block: rows of a keyed table as bytes and back: the changes of a micro-batch, or a part of the whole.
 *
 *   block   a byte: the version; a varint: rows in all when it was written, so that who reads may make room;
 *           then pieces to the end
 *   piece   32 bits: how long the rest is; a byte: rows that are there, or rows that were removed; a varint: how many, at
 *           least one; a column for each key (data_pack); of rows that are there, what the operator appends
 *
 * Removed rows of a block come before the others: their keys may be there again. Pieces are short, so that a column is
 * written and read while the rows are in the cache, and so that neither needs much memory.
 */
#ifndef SQI_KEYED_BLOCK_H
#define SQI_KEYED_BLOCK_H

#include "data_pack.h"
#include "keyed_table.h"

enum { SQI_BLOCK_PIECE = 2048, SQI_BLOCK_PIECE_MOST = 65536 }; /* rows of a piece: as written; as read */

typedef enum sqi_block_kind { SQI_BLOCK_ROWS, SQI_BLOCK_REMOVED } sqi_block_kind;

/* Writing: begin, then for each piece: put, the operator's columns, end. False: `to->failed`. */
bool sqi_block_begin(sqi_buf *to, uint64_t total);
/* At most SQI_BLOCK_PIECE rows, at least one. *at is for end. scratch: used under the caller's mark. */
streamq_status sqi_block_put(const sqi_table *t, sqi_block_kind kind, const uint32_t *rows, uint32_t n, size_t *at,
                             sqi_buf *to, sqi_arena *scratch, streamq_error **err);
/* The same for who has the rows' keys at hand. */
streamq_status sqi_block_put_keys(sqi_block_kind kind, const sqi_vec *key, uint32_t nkey, uint32_t n, size_t *at,
                                  sqi_buf *to, sqi_arena *scratch, streamq_error **err);
bool sqi_block_end(sqi_buf *to, size_t at);
/* How many rows the next piece of a part gets, that is to have about `most` bytes; so many rows took so many till now. */
uint32_t sqi_block_next_rows(size_t bytes, uint64_t rows, size_t most);
/* The error of a buffer that failed. */
streamq_status sqi_block_failed(const sqi_buf *to, streamq_error **err);

/* Reading bytes that may be anything. */
typedef struct sqi_block {
    sqi_bytes left;
    uint64_t total;
} sqi_block;

typedef struct sqi_block_piece {
    sqi_block_kind kind;
    uint32_t n;       /* 0: the block has ended */
    sqi_vec *key;     /* n values each, in normal form; texts point into the block */
    sqi_bytes values; /* the operator's columns: nothing may be left of them */
} sqi_block_piece;

streamq_status sqi_block_open(sqi_block *b, sqi_span bytes, streamq_error **err);
/* The next piece, for a table of these keys; its vectors stand in the arena. */
streamq_status sqi_block_next(sqi_block *b, const sqi_type *const *type, uint32_t nkey, sqi_block_piece *out,
                              sqi_arena *arena, streamq_error **err);
/* The error of a piece with more or fewer bytes than its columns take; STREAMQ_OK if all were used. */
streamq_status sqi_block_used(const sqi_block_piece *piece, streamq_error **err);

#endif
