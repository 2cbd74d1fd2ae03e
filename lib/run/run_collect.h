/*
 * run_collect: a bounded plan run to its end on the caller's thread, its rows kept in one batch, or handed on.
 */
#ifndef SQI_RUN_COLLECT_H
#define SQI_RUN_COLLECT_H

#include "run_query.h"

streamq_status sqi_collect(const sqi_node *plan, const sqi_schema *schema, const sqi_io_env *io,
                           const sqi_eval *settings, uint32_t chunk_rows, sqi_batch **out, streamq_error **err);

/* The same, each chunk handed to `push`, valid within the call. */
typedef streamq_status (*sqi_collect_push)(void *context, const sqi_chunk *chunk, streamq_error **err);
streamq_status sqi_collect_into(const sqi_node *plan, const sqi_io_env *io, const sqi_eval *settings,
                                uint32_t chunk_rows, sqi_collect_push push, void *context, streamq_error **err);

#endif
