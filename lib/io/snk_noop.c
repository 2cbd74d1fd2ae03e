/*
 * snk_noop: takes every row and keeps none, as Spark's "noop" sink: for measuring and for queries run for their
 * effects.
 */
#include "io_sink.h"

static streamq_status noop_open(sqi_sink *k, streamq_error **err)
{
    (void)k;
    (void)err;
    return STREAMQ_OK;
}

static streamq_status noop_batch(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    (void)k;
    (void)batch_id;
    (void)err;
    return STREAMQ_OK;
}

static streamq_status noop_write(sqi_sink *k, const sqi_chunk *chunk, streamq_error **err)
{
    (void)k;
    (void)chunk;
    (void)err;
    return STREAMQ_OK;
}

static void noop_end(sqi_sink *k)
{
    (void)k;
}

static bool noop_describe(const sqi_sink *k, sqi_buf *to)
{
    (void)k;
    return sqi_buf_text(to, "NoopTable");
}

const sqi_sink_type sqi_snk_noop = {
    .name = "noop",
    .idempotent = true,
    .open = noop_open,
    .begin = noop_batch,
    .write = noop_write,
    .commit = noop_batch,
    .abort = noop_end,
    .describe = noop_describe,
    .close = noop_end,
};
