/*
 * op_state_read: saved state looked at from outside, without the query: from an operator's shape and its blocks (op.h) to
 * rows: the keys, then what each aggregate would give.
 *
 *     sqi_state_reader_new(&r, shape, env, registry, err)
 *     sqi_state_reader_load(r, block, err)      every block, in the order they were made
 *     sqi_state_reader_next(r, &chunk, err)     until a chunk has no rows
 *
 * Shape and blocks are untrusted.
 */
#ifndef SQI_OP_STATE_READ_H
#define SQI_OP_STATE_READ_H

#include "op.h"

typedef struct sqi_state_reader sqi_state_reader;

/* Of `env` are used: alloc, of eval the pool, the zones and settings, hash_seed, chunk_rows. The registry may be NULL: what
   is not found there is shown as its bytes. Valid for free whatever it returns. */
streamq_status sqi_state_reader_new(sqi_state_reader **out, sqi_span shape, const sqi_op_env *env,
                                    const sqi_registry *registry, streamq_error **err);
void sqi_state_reader_free(sqi_state_reader *r); /* NULL is fine */

/* The columns of the rows, the keys first: *nkey of them. They have the names that the query gave them. */
const sqi_schema *sqi_state_reader_schema(const sqi_state_reader *r, uint32_t *nkey);
/* The operator that it is of, as its metrics call it; and of a column that is an aggregate the function: "sum". */
const char *sqi_state_reader_operator(const sqi_state_reader *r);
sqi_span sqi_state_reader_function(const sqi_state_reader *r, uint32_t column); /* empty: no aggregate */
streamq_status sqi_state_reader_load(sqi_state_reader *r, sqi_span block, streamq_error **err);
/* After the last block. The chunk is valid until the next call; no rows: the end. */
streamq_status sqi_state_reader_next(sqi_state_reader *r, sqi_chunk *out, streamq_error **err);

/* The keys that a block says were removed, whatever was loaded; each chunk is valid within the call. */
typedef streamq_status (*sqi_state_reader_take)(void *context, const sqi_chunk *keys, streamq_error **err);
streamq_status sqi_state_reader_removed(sqi_state_reader *r, sqi_span block, sqi_state_reader_take take, void *context,
                                        streamq_error **err);

#endif
