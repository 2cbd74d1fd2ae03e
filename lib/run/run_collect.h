/*
 * run_collect: a bounded plan run to its end on the caller's thread, its rows kept in one batch.
 */
#ifndef SQI_RUN_COLLECT_H
#define SQI_RUN_COLLECT_H

#include "run_query.h"

streamq_status sqi_collect(const sqi_node *plan, const sqi_schema *schema, const sqi_io_env *io,
                           const sqi_eval *settings, uint32_t chunk_rows, sqi_batch **out, streamq_error **err);

#endif
