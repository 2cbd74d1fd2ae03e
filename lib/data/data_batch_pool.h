/*
 * data_batch_pool: batches of one schema that are used again. Who makes a batch for every push or every micro-batch takes
 * it from a pool; the last reference puts it back with its memory, so a steady state allocates nothing.
 *
 * Counted by its owner and by every batch that is out: batches may outlive the owner. Any thread takes and gives back.
 */
#ifndef SQI_DATA_BATCH_POOL_H
#define SQI_DATA_BATCH_POOL_H

#include "data_batch.h"

typedef struct sqi_batch_pool sqi_batch_pool;

/* The schema stays the caller's, and stays while the pool is used: every batch copies it once. */
sqi_batch_pool *sqi_batch_pool_new(sqi_alloc *alloc, const sqi_schema *schema, streamq_error **err);
void sqi_batch_pool_close(sqi_batch_pool *p); /* the owner lets go; NULL is fine */
/* A batch without rows: one that came back, or a new one. */
sqi_batch *sqi_batch_pool_get(sqi_batch_pool *p, streamq_error **err);

#endif
