/*
 * snk_pull: results that the program takes when it likes: a queue of batches between the query and its consumer.
 */
#ifndef SQI_SNK_PULL_H
#define SQI_SNK_PULL_H

#include "io_sink.h"

sqi_pull *sqi_pull_new(sqi_alloc *alloc, size_t capacity, streamq_error **err); /* batches; 0: 1024 */
sqi_pull *sqi_pull_ref(sqi_pull *p);
void sqi_pull_unref(sqi_pull *p);
bool sqi_pull_full(sqi_pull *p);
/* The oldest batch and its id, or NULL if none waits. The caller owns the reference. */
sqi_batch *sqi_pull_take(sqi_pull *p, int64_t *batch_id);
size_t sqi_pull_count(sqi_pull *p);

#endif
