/*
 * snk_foreach: results handed to the program, row by row ("foreach") or batch by batch ("foreachBatch").
 *
 * Callbacks run within commit, on the thread that steps the query, and only for a batch that is whole: a batch that
 * fails before its commit is never seen. A batch that is repeated after a failure is handed out again with the same
 * id; the program tells repeats by it. A callback that fails ends the query.
 */
#include "io_stage.h"

static streamq_status foreach_open(sqi_sink *k, streamq_error **err)
{
    const sqi_foreach *f = k->declared;
    bool by_row = k->type == &sqi_snk_foreach;
    if (!f || (by_row ? !f->row : !f->batch))
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT,
                             "sink '%s' calls the program; give the writer a callback with %s", k->type->name,
                             by_row ? "streamq_writer_foreach" : "streamq_writer_foreach_batch");
    return STREAMQ_OK;
}

static streamq_status foreach_begin(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    (void)batch_id;
    return sqi_stage_begin(k->state, k, err);
}

static streamq_status foreach_write(sqi_sink *k, const sqi_chunk *chunk, streamq_error **err)
{
    return sqi_stage_write(k->state, chunk, err);
}

/* A callback may say no without saying why. */
static streamq_status answer(streamq_status status, int64_t batch_id, streamq_error **err)
{
    if (status != STREAMQ_OK && err && !*err)
        sqi_error_set(err, SQI_COND_USER_CALLBACK_FAILED, "the program's callback refused batch %lld with %d",
                      (long long)batch_id, (int)status);
    return status;
}

static streamq_status each_row(const sqi_foreach *f, const sqi_sink *k, int64_t batch_id, const sqi_batch *b,
                               streamq_error **err)
{
    for (size_t c = 0; c < b->nchunk; c++)
        for (SQI_EACH(b->chunk[c].rows, n, i))
            SQI_TRY(answer(f->row(f->user, batch_id, k->schema, &b->chunk[c], i, err), batch_id, err));
    return STREAMQ_OK;
}

static streamq_status foreach_commit(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    const sqi_foreach *f = k->declared;
    sqi_batch *b = sqi_stage_take(k->state);
    streamq_status status = k->type == &sqi_snk_foreach ? each_row(f, k, batch_id, b, err)
                                                        : answer(f->batch(f->user, batch_id, b, err), batch_id, err);
    sqi_batch_unref(b);
    return status;
}

static void foreach_abort(sqi_sink *k)
{
    sqi_stage_drop(k->state);
}

static void foreach_close(sqi_sink *k)
{
    sqi_stage_fini(k->state);
}

static bool foreach_describe(const sqi_sink *k, sqi_buf *to)
{
    return sqi_buf_text(to, k->type == &sqi_snk_foreach ? "ForeachWriterTable" : "ForeachBatchSink");
}

const sqi_sink_type sqi_snk_foreach = {
    .name = "foreach",
    .state_size = sizeof(sqi_stage),
    .open = foreach_open,
    .begin = foreach_begin,
    .write = foreach_write,
    .commit = foreach_commit,
    .abort = foreach_abort,
    .describe = foreach_describe,
    .close = foreach_close,
};

const sqi_sink_type sqi_snk_foreach_batch = {
    .name = "foreachBatch",
    .state_size = sizeof(sqi_stage),
    .open = foreach_open,
    .begin = foreach_begin,
    .write = foreach_write,
    .commit = foreach_commit,
    .abort = foreach_abort,
    .describe = foreach_describe,
    .close = foreach_close,
};
