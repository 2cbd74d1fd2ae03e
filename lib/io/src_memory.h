/*
 * src_memory: the feed behind memory streams: batches that a program pushes, numbered, kept until every query that
 * reads the feed has committed them. Any thread may push; capacity (rows, bytes) gives back-pressure: a push that does
 * not fit says so and takes nothing.
 */
#ifndef SQI_SRC_MEMORY_H
#define SQI_SRC_MEMORY_H

#include "io_source.h"

typedef struct sqi_feed sqi_feed;

sqi_feed *sqi_feed_new(sqi_alloc *alloc, const sqi_schema *schema, uint64_t max_rows, uint64_t max_bytes,
                       streamq_error **err);
sqi_feed *sqi_feed_ref(sqi_feed *f);
void sqi_feed_unref(sqi_feed *f);
const sqi_schema *sqi_feed_schema(const sqi_feed *f);
sqi_batch *sqi_feed_batch(sqi_feed *f, streamq_error **err); /* without rows, to fill and push; memory is used again */
void sqi_feed_limit(sqi_feed *f, uint64_t max_rows, uint64_t max_bytes); /* 0: the default; what waits stays */
/* Takes over the caller's reference of the batch if it succeeds. LIMIT_EXCEEDED: no room now. An empty batch is a
 * batch. */
streamq_status sqi_feed_push(sqi_feed *f, sqi_batch *batch, streamq_error **err);
/* Wait for room until the monotonic deadline; TIMED_OUT. */
streamq_status sqi_feed_wait(sqi_feed *f, const sqi_os *os, uint64_t rows, uint64_t bytes, int64_t deadline,
                             streamq_error **err);
void sqi_feed_close(sqi_feed *f);    /* no more pushes; a bounded read ends here */
uint64_t sqi_feed_rows(sqi_feed *f); /* rows that wait in the feed */

#endif
