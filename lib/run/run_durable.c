/*
 * run_durable: a query and its checkpoint: what it finds there when it starts, and what it writes there in each
 * micro-batch. See run_checkpoint.h for the directory, docs/design/overview.md for the protocol.
 */
#include "op_shape.h"
#include "run_state.h"

streamq_status sqi_durable_open(sqi_query *q, streamq_error **err)
{
    if (!q->spec.checkpoint)
        return STREAMQ_OK;
    sqi_checkpoint_spec spec = {.alloc = q->alloc,
                                .os = q->io.os,
                                .log = &q->spec.io->log,
                                .retain = q->spec.retain,
                                .growth = (uint64_t)q->spec.growth,
                                .temporary = q->spec.temporary};
    spec.dir = sqi_arena_text(&q->arena, q->spec.checkpoint, strlen(q->spec.checkpoint));
    if (!spec.dir)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_checkpoint_open(&q->checkpoint, &spec, err));
    q->durable = true;
    memcpy(q->id, q->checkpoint.meta.id, sizeof q->id); /* the query's id stays the same over restarts */
    return STREAMQ_OK;
}

void sqi_durable_close(sqi_query *q, bool clean)
{
    if (q->durable)
        sqi_checkpoint_close(&q->checkpoint, clean);
    q->durable = false;
}

/* -------------------------------------------------------------- what there is to keep */

static bool put_source(sqi_query *q, size_t i, sqi_buf *to)
{
    const sqi_source *s = q->input[i].source;
    size_t at;
    return sqi_shape_begin(to, "source", &at) && sqi_buf_text(to, s->type->name) && sqi_shape_next(to, &at) &&
           (s->type->describe ? s->type->describe(s, to) : sqi_buf_text(to, s->type->name)) && sqi_shape_end(to, &at);
}

/* The lines of every source, then those of every operator that keeps something; those operators in parts.op. */
static streamq_status put_shape(sqi_query *q, sqi_buf *to, streamq_error **err)
{
    for (size_t i = 0; i < q->ninput; ++i)
        if (!put_source(q, i, to))
            return sqi_error_nomem(err);
    for (size_t i = 0; i < q->chain.nop; ++i) {
        sqi_op *op = q->chain.op[i];
        size_t before = to->len;
        if (op->type->shape && !op->type->shape(op, to))
            return sqi_error_nomem(err);
        if (to->len == before)
            continue;
        if (to->ptr[to->len - 1] != '\n' && !sqi_buf_byte(to, '\n'))
            return sqi_error_nomem(err);
        q->parts.op[q->parts.nop++] = op;
    }
    return STREAMQ_OK;
}

static streamq_status list_parts(sqi_query *q, streamq_error **err)
{
    sqi_buf shape;
    q->parts = (sqi_checkpoint_parts){.nsource = q->ninput};
    q->parts.source = sqi_arena_array(&q->arena, q->ninput + 1, sizeof *q->parts.source);
    q->parts.op = sqi_arena_array(&q->arena, q->chain.nop + 1, sizeof(sqi_op *));
    if (!q->parts.source || !q->parts.op)
        return sqi_error_nomem(err);
    for (size_t i = 0; i < q->ninput; ++i)
        q->parts.source[i] = (sqi_checkpoint_source){.source = q->input[i].source};
    sqi_buf_init(&shape, q->alloc, SQI_META_MOST / 4);
    streamq_status status = put_shape(q, &shape, err);
    if (status == STREAMQ_OK)
        status = sqi_checkpoint_match(&q->checkpoint, sqi_buf_view(&shape), err);
    sqi_buf_fini(&shape);
    return status;
}

/* -------------------------------------------------------------- starting */

/* A sink that has more than the log has been written to from a newer checkpoint: to go on would lose the rows between. */
static streamq_status check_sink(sqi_query *q, streamq_error **err)
{
    int64_t latest = -1;
    if (!q->sink->type->latest)
        return STREAMQ_OK;
    SQI_TRY(q->sink->type->latest(q->sink, &latest, err));
    if (latest <= q->checkpoint.last)
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_CHECKPOINT_MISMATCH,
                         "the sink '%s' has committed batch %lld, the checkpoint %s knows of none after %lld: it is "
                         "older than the sink's data, or new. Restore the checkpoint that belongs to the sink, or give "
                         "the sink a new place",
                         q->sink->type->name, (long long)latest, q->checkpoint.spec.dir, (long long)q->checkpoint.last);
}

static streamq_status check_memory_sink(const sqi_query *q, streamq_error **err)
{
    if (q->spec.sink != &sqi_snk_memory || q->spec.mode == STREAMQ_COMPLETE || q->checkpoint.last < 0)
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE__CHECKPOINT,
                         "the memory sink keeps rows in memory, so in this output mode it cannot go on from the "
                         "checkpoint %s; use output mode complete, or delete the directory to start over",
                         q->checkpoint.spec.dir);
}

streamq_status sqi_durable_restore(sqi_query *q, streamq_error **err)
{
    bool again;
    if (!q->durable)
        return STREAMQ_OK;
    SQI_TRY(list_parts(q, err));
    SQI_TRY(check_memory_sink(q, err));
    SQI_TRY(check_sink(q, err));
    SQI_TRY(sqi_checkpoint_restore(&q->checkpoint, &q->parts, &q->time, &again, err));
    sqi_arena_reset(&q->eval_arena);
    for (size_t i = 0; i < q->ninput; ++i) {
        q->input[i].start = q->parts.source[i].start;
        q->input[i].end = q->parts.source[i].end;
    }
    q->again = again;
    q->batch_id = q->checkpoint.last + !again;
    if (q->checkpoint.last >= 0)
        sqi_log_write(&q->spec.io->log, SQI_LOG_INFO, "query %s goes on from checkpoint %s: batch %lld %s", q->id,
                      q->checkpoint.spec.dir, (long long)q->batch_id,
                      again ? "was logged and is run again" : "is the next");
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- a micro-batch */

streamq_status sqi_durable_log(sqi_query *q, bool behind, streamq_error **err)
{
    if (!q->durable)
        return STREAMQ_OK;
    for (size_t i = 0; i < q->ninput; ++i) {
        q->parts.source[i].start = q->input[i].start;
        q->parts.source[i].end = q->input[i].end;
    }
    return sqi_checkpoint_log(&q->checkpoint, q->batch_id, &q->time, &q->parts, behind, err);
}

streamq_status sqi_durable_sync(sqi_query *q, streamq_error **err)
{
    if (!q->durable)
        return STREAMQ_OK;
    SQI_TRY(sqi_checkpoint_sync(&q->checkpoint, err));
    for (size_t i = 0; i < q->ninput; ++i) { /* the record says that the micro-batch before was delivered */
        sqi_input *in = &q->input[i];
        if (in->untold)
            in->source->type->commit(in->source, &in->untold_end);
        in->untold = false;
    }
    return STREAMQ_OK;
}

streamq_status sqi_durable_delivered(sqi_query *q, int64_t batch_id, streamq_error **err)
{
    return q->durable ? sqi_checkpoint_delivered(&q->checkpoint, batch_id, err) : STREAMQ_OK;
}
