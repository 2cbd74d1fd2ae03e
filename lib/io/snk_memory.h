/*
 * snk_memory: a named table in memory, filled by a query batch by batch and readable at any time by any thread.
 * Append and update modes add rows, complete replaces them; a batch id at or below the last one is dropped.
 */
#ifndef SQI_SNK_MEMORY_H
#define SQI_SNK_MEMORY_H

#include "io_sink.h"

typedef struct sqi_memory_table sqi_memory_table;

sqi_memory_table *sqi_memory_table_new(sqi_alloc *alloc, sqi_span name, const sqi_schema *schema, streamq_error **err);
sqi_memory_table *sqi_memory_table_ref(sqi_memory_table *t);
void sqi_memory_table_unref(sqi_memory_table *t);
sqi_span sqi_memory_table_name(const sqi_memory_table *t);
const sqi_schema *sqi_memory_table_schema(const sqi_memory_table *t);
/* The batches that make up the table now, each with a reference; free the array with sqi_alloc_free(alloc, *out, *n *
 * sizeof **out). */
streamq_status sqi_memory_table_snapshot(sqi_memory_table *t, sqi_batch ***out, size_t *n, streamq_error **err);
/* What snk_memory calls at commit. */
streamq_status sqi_memory_table_store(sqi_memory_table *t, int64_t batch_id, bool replace, sqi_batch *batch,
                                      streamq_error **err);

#endif
