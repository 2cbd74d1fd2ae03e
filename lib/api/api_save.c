/*
 * api_save: writers of files: partition columns, and the batch write: a bounded plan run into a folder (io_save).
 */
#include "api_state.h"
#include "plan_check.h"
#include "plan_optimize.h"
#include "run_collect.h"

void streamq_writer_partition_by(streamq_writer *writer, const char *columns)
{
    if (!SQI_IS(writer, WRITER))
        return;
    sqi_span *name = NULL;
    streamq_error *error = NULL;
    uint32_t n = 0;
    if (sqi_api_stream_names(writer->plan, columns, "streamq_writer_partition_by", &name, &n, &error) == STREAMQ_OK) {
        writer->partition = name;
        writer->npartition = n;
    } else {
        (void)sqi_api_failed(writer->plan, error);
    }
}

streamq_writer *streamq_write(streamq_stream *stream, const char *format)
{
    streamq_writer *w = streamq_write_stream(stream, format);
    if (w)
        w->batch = true;
    return w;
}

void streamq_writer_save_mode(streamq_writer *writer, const char *mode)
{
    if (!SQI_IS(writer, WRITER))
        return;
    streamq_error *error = NULL;
    (void)sqi_save_mode_find(sqi_span_of(mode ? mode : "NULL"), &writer->save_mode, &error);
    if (error)
        (void)sqi_api_failed(writer->plan, error);
}

streamq_status sqi_api_save_check_stream(const streamq_writer *w, const sqi_sink_type *type, streamq_error **err)
{
    /* Spark's newer sinks pass partition columns over. */
    bool ignores = type == &sqi_snk_console || type == &sqi_snk_noop;
    if (w->batch)
        return sqi_error_set(err, SQI_COND_CALL_OUT_OF_ORDER,
                             "this writer was made by streamq_write: run it with streamq_writer_save");
    if (type->append_only && w->mode != STREAMQ_APPEND)
        return sqi_error_set(
            err, SQI_COND_STREAMING_OUTPUT_MODE__UNSUPPORTED_DATASOURCE,
            "the sink '%s' does not take the output mode %s: files that are written are not changed any "
            "more; use append",
            type->name, w->mode == STREAMQ_UPDATE ? "update" : "complete");
    if (w->npartition && !type->files && !ignores)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_CALL__WITHOUT_SUGGESTION,
                             "the sink '%s' does not support partitioning", type->name);
    return STREAMQ_OK;
}

/* ---------------------------------------------------------------------------------------- save */

static streamq_status find_format(const streamq_writer *w, const sqi_format_type **format, streamq_error **err)
{
    enum { MOST = 16 };
    sqi_span names[MOST];
    size_t n = 0;
    *format = sqi_format_find(w->format);
    if (*format)
        return STREAMQ_OK;
    for (const sqi_format_type *t; n < MOST && (t = sqi_format_at(n)) != NULL; ++n)
        names[n] = sqi_span_of(t->name);
    streamq_status status = sqi_error_set(err, SQI_COND_UNKNOWN_SINK, "there is no format '%.*s' to write files in",
                                          (int)(w->format.len < 200 ? w->format.len : 200), w->format.ptr);
    if (err)
        sqi_error_candidates(*err, names, n);
    return status;
}

static streamq_status take_chunk(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    return sqi_save_write(context, chunk, err);
}

static streamq_status save(streamq_writer *w, streamq_error **err)
{
    streamq_plan *plan = w->plan;
    const sqi_node *optimized;
    sqi_schema schema;
    sqi_save *s;
    if (plan->error || !w->node)
        return sqi_error_pass(err, sqi_error_copy(plan->error));
    if (!w->batch)
        return sqi_error_set(err, SQI_COND_CALL_OUT_OF_ORDER,
                             "this writer was made by streamq_write_stream: run it with streamq_writer_start");
    sqi_save_spec spec = {
        .options = &w->options, .schema = &schema, .target = {w->partition, w->npartition}, .mode = w->save_mode};
    SQI_TRY(sqi_plan_check_batch(w->node, err));
    SQI_TRY(find_format(w, &spec.format, err));
    SQI_TRY(sqi_plan_optimize(&plan->context, w->node, &optimized, err));
    SQI_TRY(sqi_plan_schema(&plan->context, optimized, &schema, err));
    sqi_arena_reset(&plan->scratch);
    SQI_TRY(sqi_save_begin(&s, &plan->io, &spec, err));
    if (!s) /* something is there, and that is fine */
        return STREAMQ_OK;
    streamq_status status =
        sqi_collect_into(optimized, &plan->io, &plan->eval, plan->io.chunk_rows, take_chunk, s, err);
    if (status == STREAMQ_OK)
        status = sqi_save_commit(s, err);
    sqi_save_free(s);
    return status;
}

streamq_status streamq_writer_save(streamq_writer *writer, streamq_error **error)
{
    return SQI_IS(writer, WRITER) ? save(writer, error) : sqi_api_bad_handle(error, "streamq_writer_save", "writer");
}
