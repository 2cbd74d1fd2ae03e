/*
 * run_query: the life of a query: made from a plan and a sink, stepped, ended, freed. See the header for the protocol
 * and run_state.h for what is inside.
 *
 * A query is dead after a failure or a stop: sources and sink are closed at once (on the stepping thread), the memory
 * goes with sqi_query_free. Every part is valid to free from the moment the query is zeroed.
 */
#include "run_state.h"

#include "plan_explain.h"

/* -------------------------------------------------------------- making */

static streamq_status open_system(sqi_query *q, streamq_error **err)
{
    char text[128];
    if (!sqi_meta_uuid(q->io.os, q->id) || !sqi_meta_uuid(q->io.os, q->run_id))
        return sqi_error_set(err, SQI_COND_IO_ERROR, "the system gave no random bytes for the query's id");
    if (pthread_mutex_init(&q->mutex, NULL) != 0)
        return sqi_error_nomem(err);
    q->mutex_ready = true;
    if (!sqi_os_cond_init(&q->changed))
        return sqi_error_nomem(err);
    q->cond_ready = true;
    int code = sqi_os_signal_open(&q->signal);
    if (!code)
        code = sqi_os_poller_open(&q->poller);
    if (!code)
        code = sqi_os_poller_open(&q->source_poller);
    if (!code)
        code = sqi_os_poller_add(&q->poller, q->signal.read_fd);
    /* Only a query that runs as soon as there is data watches its sources; the others watch the clock. */
    if (!code && q->spec.trigger.kind != SQI_TRIGGER_INTERVAL)
        code = sqi_os_poller_add(&q->poller, q->source_poller.fd);
    if (code)
        return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot make a descriptor for the query: %s",
                             sqi_os_message(code, text, sizeof text));
    return STREAMQ_OK;
}

static streamq_status open_chain(sqi_query *q, streamq_error **err)
{
    q->eval = *q->spec.eval;
    sqi_arena_init(&q->eval_arena, q->alloc);
    q->eval.arena = &q->eval_arena;
    q->eval.alloc = q->alloc;
    q->eval.now_micros = sqi_query_wall(q);
    uint64_t seed;
    if (!q->io.os->random(q->io.os->context, &seed, sizeof seed))
        return sqi_error_set(err, SQI_COND_IO_ERROR, "the system gave no random bytes for hashing");
    sqi_batch_seed(q);
    q->op_env = (sqi_op_env){.alloc = q->alloc,
                             .eval = &q->eval,
                             .mode = q->spec.mode,
                             .streaming = true,
                             .durable = q->durable,
                             .chunk_rows = q->spec.chunk_rows,
                             .now_micros = q->io.os->monotonic_micros,
                             .context = q->io.os->context,
                             .stop = &q->stop,
                             .hash_seed = seed,
                             .threads = q->spec.threads,
                             .pool = q->spec.workers,
                             .help_rows = q->spec.help_rows};
    q->end = (sqi_op){.type = &sqi_op_output, .env = &q->op_env, .state = q, .ninput = 1};
    SQI_TRY(sqi_chain_build(&q->chain, q->spec.plan, &q->op_env, &q->end, err));
    sqi_arena_reset(&q->eval_arena);
    sqi_op_metrics probe;
    for (size_t i = 0; i < q->chain.nop; ++i)
        q->nmetrics += q->chain.op[i]->type->metrics && q->chain.op[i]->type->metrics(q->chain.op[i], &probe);
    q->metrics = sqi_arena_array(&q->arena, q->nmetrics + 1, sizeof *q->metrics);
    return q->metrics ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status open_sources(sqi_query *q, streamq_error **err)
{
    q->input = sqi_arena_array(&q->arena, q->chain.nsource + 1, sizeof *q->input);
    q->source_progress = sqi_arena_array(&q->arena, q->chain.nsource + 1, sizeof *q->source_progress);
    q->done.source = sqi_arena_array(&q->arena, q->chain.nsource + 1, sizeof *q->done.source);
    q->done.fresh = sqi_arena_array(&q->arena, q->chain.nsource + 1, sizeof *q->done.fresh);
    if (!q->input || !q->source_progress || !q->done.source || !q->done.fresh)
        return sqi_error_nomem(err);
    for (size_t i = 0; i < q->chain.nsource; ++i) {
        sqi_input *in = &q->input[q->ninput++];
        in->plan = q->chain.source[i];
        in->polled_fd = -1;
        const sqi_source_spec *s = in->plan->declared;
        SQI_TRY(sqi_source_open(&in->source, s->type, &q->io, s->options, &in->plan->schema, s->declared, err));
        int fd = s->type->fd ? s->type->fd(in->source) : -1;
        if (fd >= 0 && sqi_os_poller_add(&q->source_poller, fd) == 0)
            in->polled_fd = fd;
    }
    return STREAMQ_OK;
}

static streamq_status open_all(sqi_query *q, streamq_error **err)
{
    SQI_TRY(open_system(q, err));
    SQI_TRY(sqi_durable_open(q, err));
    SQI_TRY(open_chain(q, err));
    SQI_TRY(open_sources(q, err));
    SQI_TRY(sqi_recent_init(&q->recent, q->spec.recent, q->ninput, q->nmetrics, q->alloc, err));
    SQI_TRY(sqi_sink_open(&q->sink, q->spec.sink, &q->io, q->spec.sink_options, &q->spec.schema, q->spec.mode,
                          q->spec.name, q->spec.sink_declared, err));
    return sqi_durable_restore(q, err);
}

streamq_status sqi_query_new(sqi_query **out, const sqi_query_spec *spec, streamq_error **err)
{
    *out = NULL;
    sqi_query *q = sqi_alloc_zero(spec->alloc, sizeof *q);
    if (!q) {
        spec->release(spec->keep);
        return sqi_error_nomem(err);
    }
    q->spec = *spec;
    q->alloc = spec->alloc;
    q->io = *spec->io;
    q->io.chunk_rows = spec->chunk_rows;
    q->signal = (sqi_os_signal){-1, -1, 0};
    q->poller = q->source_poller = (sqi_os_poller){-1, -1};
    sqi_arena_init(&q->arena, q->alloc);
    streamq_status status = open_all(q, err);
    if (status == STREAMQ_OK && spec->name.len &&
        !(q->spec.name.ptr = sqi_arena_text(&q->arena, spec->name.ptr, spec->name.len)))
        status = sqi_error_nomem(err);
    if (status != STREAMQ_OK) {
        q->ended = true; /* it was never active: nobody is told of its end */
        sqi_query_free(q);
        return status;
    }
    *out = q;
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- ending */

/* Takes `failure`. Runs once, on the thread that steps (or frees). */
static void finish(sqi_query *q, streamq_error *failure)
{
    if (!failure)
        (void)sqi_batch_deliver(q, NULL);
    sqi_chain_give_up(&q->chain); /* before the sources and the sink, which workers may be using */
    if (q->sink_begun)
        q->sink->type->abort(q->sink);
    q->sink_begun = false;
    for (size_t i = 0; i < q->ninput; ++i) {
        sqi_os_poller_remove(&q->source_poller, q->input[i].polled_fd);
        q->input[i].polled_fd = -1;
        sqi_source_end(q->input[i].source);
    }
    sqi_sink_end(q->sink);
    sqi_durable_close(q, !failure);
    pthread_mutex_lock(&q->mutex);
    q->failure = failure;
    q->message = failure ? SQI_MESSAGE_FAILED : SQI_MESSAGE_STOPPED;
    q->data_available = q->trigger_active = false;
    pthread_mutex_unlock(&q->mutex);
    sqi_watch_event(q, STREAMQ_EVENT_TERMINATED, failure);
    if (q->spec.events.ended)
        q->spec.events.ended(q->spec.events.context, q);
    pthread_mutex_lock(&q->mutex);
    q->ended = true;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->mutex);
    sqi_os_signal_raise(&q->signal); /* a program that polls the descriptor sees the end */
}

void sqi_query_free(sqi_query *q)
{
    if (!q)
        return;
    if (!q->ended)
        finish(q, NULL);
    for (size_t i = 0; i < q->ninput; ++i)
        sqi_source_close(q->input[i].source);
    sqi_sink_close(q->sink);
    sqi_durable_close(q, false);
    sqi_chain_free(&q->chain);
    sqi_recent_fini(&q->recent);
    sqi_os_poller_close(&q->poller);
    sqi_os_poller_close(&q->source_poller);
    sqi_os_signal_close(&q->signal);
    if (q->cond_ready)
        pthread_cond_destroy(&q->changed);
    if (q->mutex_ready)
        pthread_mutex_destroy(&q->mutex);
    sqi_error_free(q->failure);
    sqi_arena_fini(&q->eval_arena);
    sqi_arena_fini(&q->arena);
    void (*release)(void *) = q->spec.release;
    void *keep = q->spec.keep;
    sqi_alloc_free(q->alloc, q, sizeof *q);
    release(keep);
}

/* -------------------------------------------------------------- stepping */

static void answer_idle(sqi_query *q, uint64_t asked)
{
    pthread_mutex_lock(&q->mutex);
    bool news = q->idle_seen < asked;
    if (news)
        q->idle_seen = asked;
    pthread_mutex_unlock(&q->mutex);
    if (news)
        pthread_cond_broadcast(&q->changed); /* who wakes up finds the mutex free */
}

static streamq_status trigger(sqi_query *q, sqi_step *what, streamq_error **err)
{
    int64_t until;
    pthread_mutex_lock(&q->mutex);
    uint64_t asked = q->idle_asked;
    bool urgent = asked > q->idle_seen && q->spec.trigger.kind == SQI_TRIGGER_INTERVAL;
    pthread_mutex_unlock(&q->mutex);
    switch (sqi_trigger_decide(&q->spec.trigger, &q->trigger, sqi_query_wall(q), &until)) {
    case SQI_TRIGGER_STOP:
        *what = SQI_STEP_FINISHED;
        return STREAMQ_OK;
    case SQI_TRIGGER_WAIT:
        if (!urgent) { /* process_all_available does not wait for the clock's slot */
            *what = SQI_STEP_IDLE;
            return STREAMQ_OK;
        }
        break;
    case SQI_TRIGGER_START:
        break;
    }
    if (q->spec.pull && sqi_pull_full(q->spec.pull)) {
        *what = SQI_STEP_FULL;
        return STREAMQ_OK;
    }
    bool worked;
    sqi_trigger_begin(&q->spec.trigger, &q->trigger, sqi_query_wall(q));
    SQI_TRY(sqi_batch_run(q, &worked, err));
    int64_t late = sqi_trigger_end(&q->spec.trigger, &q->trigger, worked, sqi_query_wall(q));
    if (late > 0)
        sqi_log_write(&q->io.log, SQI_LOG_WARN,
                      "query %s: the batch is falling behind: the trigger interval is %lld ms, it ended %lld ms late",
                      q->id, (long long)(q->spec.trigger.interval_micros / 1000), (long long)(late / 1000));
    *what = worked ? SQI_STEP_WORKED : SQI_STEP_IDLE;
    sqi_watch_message(q, q->spec.trigger.kind == SQI_TRIGGER_INTERVAL ? SQI_MESSAGE_WAITING_TRIGGER
                                                                      : SQI_MESSAGE_WAITING_DATA);
    if (!worked)
        answer_idle(q, asked);
    return STREAMQ_OK;
}

streamq_status sqi_query_step_inside(sqi_query *q, sqi_step *what, streamq_error **err)
{
    if (!sqi_query_active(q)) {
        *what = SQI_STEP_FINISHED;
        return sqi_error_pass(err, sqi_query_failure(q));
    }
    sqi_os_signal_drain(&q->signal);
    streamq_error *failure = NULL;
    streamq_status status = STREAMQ_OK;
    if (atomic_load(&q->stop))
        *what = SQI_STEP_FINISHED;
    else
        status = trigger(q, what, &failure);
    if (status == STREAMQ_OK && (*what != SQI_STEP_WORKED || !q->may_defer))
        status = sqi_batch_deliver(q, &failure);
    if (status != STREAMQ_OK && atomic_load(&q->stop) && sqi_error_cond(failure) == SQI_COND_QUERY_STOPPED) {
        sqi_error_free(failure); /* broken off because it was asked to: an end, not a failure */
        failure = NULL;
        status = STREAMQ_OK;
        *what = SQI_STEP_FINISHED;
    }
    if (status != STREAMQ_OK) {
        sqi_error_context(failure, "query %.*s, batch %lld",
                          q->spec.name.len ? (int)q->spec.name.len : (int)strlen(q->id),
                          q->spec.name.len ? q->spec.name.ptr : q->id, (long long)q->at_batch);
        *what = SQI_STEP_FINISHED;
        finish(q, failure);
        return sqi_error_pass(err, sqi_query_failure(q));
    }
    if (*what == SQI_STEP_FINISHED)
        finish(q, NULL);
    return STREAMQ_OK;
}

static _Thread_local char this_thread; /* its address tells the threads apart, in one atomic word */

bool sqi_query_enter(sqi_query *q)
{
    const char *nobody = NULL;
    return atomic_compare_exchange_strong(&q->stepper, &nobody, &this_thread);
}

/* Whoever queues says so before it looks at the stepper; here the stepper goes before the queue is looked at. */
void sqi_query_leave(sqi_query *q)
{
    atomic_store(&q->stepper, NULL);
    if (!atomic_load(&q->queued))
        return;
    pthread_mutex_lock(&q->mutex);
    pthread_mutex_unlock(&q->mutex); /* it sleeps now, or has seen that nobody steps */
    pthread_cond_broadcast(&q->changed);
}

void sqi_query_queue(sqi_query *q)
{
    pthread_mutex_lock(&q->mutex);
    atomic_store(&q->queued, true);
    while (atomic_load(&q->stepper))
        (void)q->io.os->wait(q->io.os->context, &q->changed, &q->mutex, INT64_MAX);
    atomic_store(&q->queued, false);
    pthread_mutex_unlock(&q->mutex);
}

streamq_status sqi_query_step(sqi_query *q, sqi_step *what, streamq_error **err)
{
    if (!sqi_query_enter(q))
        return sqi_error_set(err, SQI_COND_CALL_OUT_OF_ORDER,
                             "the query is being stepped by another call; a query is "
                             "stepped by one thread at a time and not from its own callbacks");
    q->may_defer = false;
    streamq_status status = sqi_query_step_inside(q, what, err);
    sqi_query_leave(q);
    return status;
}

bool sqi_query_stepping_here(sqi_query *q)
{
    return atomic_load(&q->stepper) == &this_thread;
}

int64_t sqi_query_deadline(sqi_query *q)
{
    int64_t until, deadline = INT64_MAX;
    if (!sqi_query_active(q))
        return 0;
    switch (sqi_trigger_decide(&q->spec.trigger, &q->trigger, sqi_query_wall(q), &until)) {
    case SQI_TRIGGER_STOP:
        return 0;
    case SQI_TRIGGER_WAIT:
        return sqi_query_now(q) + (until - sqi_query_wall(q));
    case SQI_TRIGGER_START:
        break;
    }
    if (!q->trigger.started || !q->trigger.exhausted)
        return 0;
    for (size_t i = 0; i < q->ninput; ++i) {
        const sqi_source *s = q->input[i].source;
        int64_t next = s->type->next_micros ? s->type->next_micros(s) : INT64_MAX;
        deadline = next < deadline ? next : deadline;
    }
    if (q->spec.events.wanted && q->spec.events.wanted(q->spec.events.context)) {
        int64_t idle = q->last_event_micros + q->spec.idle_event_micros;
        deadline = idle < deadline ? idle : deadline;
    }
    return deadline;
}

int sqi_query_fd(sqi_query *q)
{
    return q->poller.fd;
}

void sqi_query_arm(sqi_query *q)
{
    int64_t deadline = sqi_query_deadline(q), now = sqi_query_now(q);
    (void)sqi_os_poller_timer(&q->poller, deadline == INT64_MAX ? -1 : deadline > now ? deadline - now : 0);
}

void sqi_query_wake(sqi_query *q)
{
    sqi_os_signal_raise(&q->signal);
}

void sqi_query_request_stop(sqi_query *q)
{
    atomic_store(&q->stop, true);
    sqi_os_signal_raise(&q->signal);
}

const char *sqi_query_id(const sqi_query *q)
{
    return q->id;
}
const char *sqi_query_run_id(const sqi_query *q)
{
    return q->run_id;
}
sqi_pull *sqi_query_pull(sqi_query *q)
{
    return q->spec.pull;
}
const sqi_zone *sqi_query_zone(const sqi_query *q)
{
    return q->io.zone;
}
bool sqi_query_explain(sqi_query *q, sqi_buf *to)
{
    return sqi_chain_explain(&q->chain, to);
}

bool sqi_query_explain_extended(sqi_query *q, sqi_buf *to)
{
    return sqi_buf_text(to, "== Optimized Logical Plan ==\n") && sqi_plan_explain(to, q->spec.plan, NULL) &&
           sqi_buf_text(to, "\n== Physical Plan ==\n") && sqi_chain_explain(&q->chain, to);
}
