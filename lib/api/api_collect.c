/*
 * api_collect: bounded plans run to their end on the caller's thread.
 */
#include "api_state.h"
#include "data_arrow.h"
#include "plan_check.h"
#include "plan_optimize.h"
#include "run_collect.h"

static streamq_status collect(streamq_stream *stream, const char *function, sqi_batch **out, streamq_error **err)
{
    *out = NULL;
    if (!SQI_IS(stream, STREAM))
        return sqi_api_bad_handle(err, function, "stream");
    streamq_plan *plan = stream->plan;
    const sqi_node *optimized;
    sqi_schema schema;
    if (plan->error || !stream->node)
        return sqi_error_pass(err, sqi_error_copy(plan->error));
    SQI_TRY(sqi_plan_check_batch(stream->node, err));
    SQI_TRY(sqi_plan_optimize(&plan->context, stream->node, &optimized, err));
    SQI_TRY(sqi_plan_schema(&plan->context, optimized, &schema, err));
    sqi_arena_reset(&plan->scratch);
    return sqi_collect(optimized, &schema, &plan->io, &plan->eval, plan->io.chunk_rows, out, err);
}

streamq_batch *streamq_collect(streamq_stream *stream, streamq_error **error)
{
    sqi_batch *batch;
    if (collect(stream, "streamq_collect", &batch, error) != STREAMQ_OK)
        return NULL;
    streamq_batch *b = sqi_api_batch(batch, stream->plan->io.zone);
    if (!b)
        (void)sqi_error_nomem(error);
    return b;
}

streamq_status streamq_collect_arrow(streamq_stream *stream, struct ArrowArrayStream *out, streamq_error **error)
{
    sqi_batch *batch;
    if (!out)
        return sqi_error_set(error, SQI_COND_INVALID_ARGUMENT, "streamq_collect_arrow: `out` is NULL");
    SQI_TRY(collect(stream, "streamq_collect_arrow", &batch, error));
    streamq_status status = sqi_arrow_export_stream(batch, out, error);
    sqi_batch_unref(batch);
    return status;
}
