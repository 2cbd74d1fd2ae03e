/*
 * run_batch: one micro-batch. Offsets are asked for first and fixed; then the ranges are read through the chain, whose
 * end stages rows in the sink; then the log takes the record, the sink commits, and only then do state and sources
 * forget. A failure anywhere before the commit leaves nothing visible: the sink drops what was staged, and the query is
 * dead. What was logged and is not known to be committed runs again, with the same ranges, when the query is next started.
 */
#include "run_state.h"

#include "base_hash.h"

/* -------------------------------------------------------------- the end of the chain */

/* The sink takes one micro-batch after the other. */
static streamq_status begin_output(sqi_query *q, streamq_error **err)
{
    if (q->sink_begun && !q->done.any)
        return STREAMQ_OK;
    SQI_TRY(sqi_batch_deliver(q, err));
    SQI_TRY(q->sink->type->begin(q->sink, q->batch_id, err));
    q->sink_begun = true;
    return STREAMQ_OK;
}

static streamq_status output_push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    sqi_query *q = op->state;
    (void)input;
    op->rows_out += chunk->rows.n;
    SQI_TRY(begin_output(q, err));
    return q->sink->type->write(q->sink, chunk, err);
}

const sqi_op_type sqi_op_output = {.name = "WriteToSink", .push = output_push};

void sqi_batch_seed(sqi_query *q)
{
    q->eval.random_seed = sqi_hash_bytes(q->id, strlen(q->id), (uint64_t)q->batch_id);
    q->eval.random_calls = 0;
}

/* -------------------------------------------------------------- offsets */

static void follow_fd(sqi_query *q, sqi_input *in)
{
    int fd = in->source->type->fd ? in->source->type->fd(in->source) : -1;
    if (fd == in->polled_fd)
        return;
    sqi_os_poller_remove(&q->source_poller, in->polled_fd);
    in->polled_fd = fd >= 0 && sqi_os_poller_add(&q->source_poller, fd) == 0 ? fd : -1;
}

static bool is_new(const sqi_input *in)
{
    if (!in->end.known)
        return false;
    return in->source->type->always_new || !sqi_offset_equal(&in->start, &in->end);
}

/* Ask every source for its end; *any: some range is not empty. A micro-batch of a life before has its ends. */
static streamq_status ask_offsets(sqi_query *q, bool *any, streamq_error **err)
{
    *any = q->again;
    for (size_t i = 0; q->again && i < q->ninput; ++i)
        q->input[i].rows = 0;
    if (q->again)
        return STREAMQ_OK;
    for (size_t i = 0; i < q->ninput; ++i) {
        sqi_input *in = &q->input[i];
        in->rows = 0;
        in->end = in->start;
        in->source->available_now = q->spec.trigger.kind == SQI_TRIGGER_AVAILABLE_NOW;
        in->source->no_limits = q->spec.trigger.kind == SQI_TRIGGER_ONCE || !in->plan->streaming;
        streamq_status status = in->source->type->latest(in->source, &in->start, &in->end, err);
        follow_fd(q, in);
        SQI_TRY(status);
        *any |= is_new(in);
    }
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- rows */

typedef struct reading {
    sqi_query *q;
    sqi_input *in;
} reading;

static streamq_status take_chunk(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    reading *r = context;
    r->in->rows += chunk->rows.n;
    sqi_arena_mark mark = sqi_arena_mark_get(&r->q->eval_arena);
    streamq_status status = sqi_chain_push(&r->q->chain, r->in->plan, chunk, err);
    sqi_arena_release(&r->q->eval_arena, mark);
    return status;
}

static streamq_status read_ranges(sqi_query *q, streamq_error **err)
{
    for (size_t i = 0; i < q->ninput; ++i) {
        sqi_input *in = &q->input[i];
        reading r = {q, in};
        if (is_new(in))
            SQI_TRY(in->source->type->read(in->source, &in->start, &in->end, take_chunk, &r, err));
    }
    return sqi_chain_finish(&q->chain, err);
}

static void measure_state(sqi_query *q)
{
    size_t n = 0;
    for (size_t i = 0; i < q->chain.nop && n < q->nmetrics; ++i) {
        sqi_op *op = q->chain.op[i];
        if (op->type->metrics && op->type->metrics(op, &q->metrics[n]))
            ++n;
    }
}

/* -------------------------------------------------------------- delivery */

/* A source may forget what was delivered; what it destroys by that, only when the disk knows of the delivery. */
static void forget(sqi_query *q, size_t i)
{
    sqi_input *in = &q->input[i];
    if (!q->done.fresh[i] || !in->source->type->commit)
        return;
    in->untold = q->durable && in->source->type->destroys;
    in->untold_end = q->done.source[i].end;
    if (!in->untold)
        in->source->type->commit(in->source, &in->untold_end);
}

streamq_status sqi_batch_deliver(sqi_query *q, streamq_error **err)
{
    sqi_done *d = &q->done;
    if (!d->any)
        return STREAMQ_OK;
    d->any = false;
    q->at_batch = d->batch_id;
    int64_t t0 = sqi_query_now(q);
    SQI_TRY(sqi_durable_sync(q, err));
    int64_t t1 = sqi_query_now(q);
    SQI_TRY(q->sink->type->commit(q->sink, d->batch_id, err));
    q->sink_begun = false;
    SQI_TRY(sqi_durable_delivered(q, d->batch_id, err));
    for (size_t i = 0; i < q->ninput; ++i)
        forget(q, i);
    int64_t t2 = sqi_query_now(q);
    d->phase[SQI_PHASE_WAL_COMMIT] += t1 - t0;
    d->phase[SQI_PHASE_COMMIT_OFFSETS] = t2 - t1;
    d->phase[SQI_PHASE_TRIGGER] += t2 - t0;
    q->at_batch = q->batch_id;
    sqi_watch_progress(q);
    return STREAMQ_OK;
}

/* Is there so much to do that the next micro-batch begins at once? */
static bool defers(const sqi_query *q)
{
    if (!q->durable || !q->may_defer || q->spec.pull || q->spec.trigger.kind == SQI_TRIGGER_INTERVAL ||
        q->spec.trigger.kind == SQI_TRIGGER_ONCE || atomic_load(&q->stop))
        return false;
    for (size_t i = 0; i < q->ninput; ++i) {
        const sqi_source *s = q->input[i].source;
        if (s->type->always_new || (s->type->more && s->type->more(s, &q->input[i].end)))
            return true;
    }
    return false;
}

/* -------------------------------------------------------------- a micro-batch */

static void note_done(sqi_query *q, int64_t wall)
{
    sqi_done *d = &q->done;
    d->any = true;
    d->batch_id = q->batch_id;
    d->wall = wall;
    d->since = q->last_trigger_wall ? wall - q->last_trigger_wall : 0;
    d->rows_out = q->end.rows_out;
    memcpy(d->phase, q->phase, sizeof d->phase);
    for (size_t i = 0; i < q->ninput; ++i) {
        sqi_input *in = &q->input[i];
        d->source[i] = (sqi_source_progress){in->source, in->start, in->end, in->rows};
        d->fresh[i] = is_new(in);
        if (d->fresh[i])
            in->start = in->end;
    }
    q->again = false;
    ++q->batch_id;
}

/* Compute, stage, log. The one before is delivered on the way, if it was not. */
static streamq_status run_ranges(sqi_query *q, bool *later, streamq_error **err)
{
    int64_t t0 = sqi_query_now(q);
    q->end.rows_out = 0;
    SQI_TRY(read_ranges(q, err));
    SQI_TRY(begin_output(q, err));
    int64_t t1 = sqi_query_now(q);
    measure_state(q);
    *later = defers(q);
    SQI_TRY(sqi_durable_log(q, *later, err));
    sqi_chain_commit(&q->chain);
    q->phase[SQI_PHASE_ADD_BATCH] = t1 - t0;
    q->phase[SQI_PHASE_WAL_COMMIT] = sqi_query_now(q) - t1;
    return STREAMQ_OK;
}

static streamq_status run_batch(sqi_query *q, int64_t wall, int64_t t0, streamq_error **err)
{
    if (!q->again)
        q->time = (sqi_record_head){.timestamp_micros = wall - wall % 1000}; /* Spark's counts milliseconds */
    q->eval.now_micros = q->time.timestamp_micros;
    sqi_batch_seed(q);
    sqi_watch_message(q, SQI_MESSAGE_PROCESSING);
    bool later;
    SQI_TRY(run_ranges(q, &later, err));
    q->phase[SQI_PHASE_TRIGGER] = sqi_query_now(q) - t0;
    note_done(q, wall);
    sqi_arena_reset(&q->eval_arena);
    return later ? STREAMQ_OK : sqi_batch_deliver(q, err);
}

streamq_status sqi_batch_run(sqi_query *q, bool *worked, streamq_error **err)
{
    int64_t wall = sqi_query_wall(q), t0 = sqi_query_now(q);
    bool any;
    *worked = false;
    q->at_batch = q->batch_id;
    memset(q->phase, 0, sizeof q->phase);
    sqi_watch_message(q, SQI_MESSAGE_GETTING_OFFSETS);
    streamq_status status = ask_offsets(q, &any, err);
    q->phase[SQI_PHASE_LATEST_OFFSET] = sqi_query_now(q) - t0;
    if (status == STREAMQ_OK && any)
        status = run_batch(q, wall, t0, err);
    if (status != STREAMQ_OK && q->done.any)
        (void)sqi_batch_deliver(q, NULL); /* the one before has nothing to do with it */
    SQI_TRY(status);
    *worked = any;
    if (!any) {
        SQI_TRY(sqi_batch_deliver(q, err));
        q->phase[SQI_PHASE_TRIGGER] = sqi_query_now(q) - t0;
        sqi_watch_idle(q, wall);
    }
    q->last_trigger_wall = wall;
    return STREAMQ_OK;
}
