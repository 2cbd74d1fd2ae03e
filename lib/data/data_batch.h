/*
 * data_batch: rows that are kept: an immutable, counted set of chunks with the memory behind them.
 *
 * A batch is filled by one owner, sealed by its first ref to somebody else, and then only read, by any thread.
 */
#ifndef SQI_DATA_BATCH_H
#define SQI_DATA_BATCH_H

#include "data_schema.h"
#include "data_vec.h"

typedef struct sqi_batch {
    _Atomic uint32_t refs;
    sqi_alloc *alloc;
    sqi_arena arena; /* the schema, the chunks and all they point to */
    sqi_schema schema;
    sqi_chunk *chunk;
    size_t nchunk, chunk_cap;
    uint64_t rows;
    sqi_span text; /* behind the chunks: lines of one column that are counted when they are read; held by `keep` */
    uint64_t shared_bytes; /* of things kept that count as the batch's */
    struct sqi_keep *keep; /* things released with the batch: buffers of a source, Arrow arrays, other batches */
    sqi_arena_mark empty;  /* of the arena, behind the schema */
    void (*ended)(void *pool, struct sqi_batch *b); /* takes it instead of the heap; NULL: none (data_batch_pool) */
    void *pool;
} sqi_batch;

sqi_batch *sqi_batch_new(sqi_alloc *alloc, const sqi_schema *schema, streamq_error **err); /* copies the schema */
sqi_batch *sqi_batch_ref(sqi_batch *b);
void sqi_batch_unref(sqi_batch *b); /* NULL is fine */

/* For data_batch_pool: nothing is in it but its schema, its memory stays; the memory goes. */
void sqi_batch_clear(sqi_batch *b);
void sqi_batch_destroy(sqi_batch *b); /* NULL is fine */

/* Deep copy of a chunk's rows. */
streamq_status sqi_batch_append(sqi_batch *b, const sqi_chunk *chunk, streamq_error **err);
/* A chunk whose vectors point into memory that `keep` holds or the batch's arena: nothing is copied but the headers. */
streamq_status sqi_batch_append_shared(sqi_batch *b, const sqi_chunk *chunk, streamq_error **err);
/* release(thing) is called when the batch goes; also when this call fails. */
streamq_status sqi_batch_keep(sqi_batch *b, void (*release)(void *thing), void *thing, streamq_error **err);

/* Chunks are cut to the size asked for when read: the rows at .. at + rows - 1 of a chunk as a chunk of about that many
   positions. Values are shared; headers, and a bitmap or selection that has to be moved, are made in the arena. */
streamq_status sqi_chunk_slice(sqi_chunk *out, const sqi_chunk *in, uint32_t at, uint32_t rows, sqi_arena *arena,
                               streamq_error **err);

#endif
