/*
 * run_watch: what other threads may ask of a query while it runs: status, progress, waiting for its end or for idleness.
 * Everything here takes the query's mutex; nothing here runs a batch.
 */
#include "run_state.h"

void sqi_watch_message(sqi_query *q, sqi_message m)
{
    pthread_mutex_lock(&q->mutex);
    q->message = m;
    q->trigger_active = m == SQI_MESSAGE_GETTING_OFFSETS || m == SQI_MESSAGE_PROCESSING;
    if (m != SQI_MESSAGE_GETTING_OFFSETS)
        q->data_available = m == SQI_MESSAGE_PROCESSING;
    pthread_mutex_unlock(&q->mutex);
}

/* Listeners hear of a thing or they do not; a query does not end for want of memory to tell about it. */
static void lost(sqi_query *q)
{
    sqi_log_write(&q->spec.io->log, SQI_LOG_WARN, "an event was not told to the listeners: no memory");
}

static void event_with_json(sqi_query *q, int32_t kind, bool (*print)(sqi_query *, sqi_buf *))
{
    sqi_buf json;
    sqi_buf_init(&json, q->alloc, 0);
    if (!print(q, &json))
        lost(q);
    else
        q->spec.events.event(q->spec.events.context, kind, sqi_buf_view(&json));
    sqi_buf_fini(&json);
}

static bool listened(sqi_query *q)
{
    return q->spec.events.wanted && q->spec.events.wanted(q->spec.events.context);
}

static bool put_ids(sqi_query *q, sqi_buf *to)
{
    bool ok = sqi_buf_printf(to, "\"id\":\"%s\",\"runId\":\"%s\"", q->id, q->run_id);
    if (q->spec.name.len)
        ok = ok && sqi_buf_text(to, ",\"name\":") && sqi_buf_json(to, q->spec.name);
    return ok;
}

static bool put_progress_event(sqi_query *q, sqi_buf *to)
{
    return sqi_buf_text(to, "{\"progress\":") && sqi_query_last_json(q, to) && sqi_buf_byte(to, '}');
}

bool sqi_query_event_json(sqi_query *q, sqi_buf *to)
{
    return sqi_buf_byte(to, '{') && put_ids(q, to) && sqi_buf_byte(to, '}');
}

void sqi_watch_event(sqi_query *q, int32_t kind, const streamq_error *failure)
{
    if (!listened(q))
        return;
    if (!failure) {
        event_with_json(q, kind, kind == STREAMQ_EVENT_PROGRESS ? put_progress_event : sqi_query_event_json);
        return;
    }
    sqi_buf json;
    sqi_buf_init(&json, q->alloc, 0);
    if (!sqi_buf_byte(&json, '{') || !put_ids(q, &json) || !sqi_buf_text(&json, ",\"exception\":") ||
        !sqi_buf_json(&json, sqi_span_of(sqi_error_message(failure))) ||
        !sqi_buf_printf(&json, ",\"errorClassOnException\":\"%s\"}", sqi_cond_name(sqi_error_cond(failure))))
        lost(q);
    else
        q->spec.events.event(q->spec.events.context, kind, sqi_buf_view(&json));
    sqi_buf_fini(&json);
}

static void add_progress(sqi_query *q, sqi_progress *p)
{
    p->id = q->id;
    p->run_id = q->run_id;
    p->name = q->spec.name;
    p->nsource = q->ninput;
    p->state = q->metrics;
    p->nstate = q->nmetrics;
    p->sink = q->sink;
    pthread_mutex_lock(&q->mutex);
    sqi_recent_add(&q->recent, p);
    pthread_mutex_unlock(&q->mutex);
    sqi_watch_event(q, p->idle ? STREAMQ_EVENT_IDLE : STREAMQ_EVENT_PROGRESS, NULL);
}

void sqi_watch_progress(sqi_query *q)
{
    const sqi_done *d = &q->done;
    sqi_progress p = {.wall_micros = d->wall,
                      .since_micros = d->since,
                      .batch_id = d->batch_id,
                      .source = d->source,
                      .output_rows = d->rows_out};
    q->last_event_micros = sqi_query_now(q);
    memcpy(p.phase, d->phase, sizeof p.phase);
    add_progress(q, &p);
}

/* A trigger that found nothing: at most every idle_event_micros. */
void sqi_watch_idle(sqi_query *q, int64_t wall_micros)
{
    int64_t now = sqi_query_now(q);
    if (!q->trigger.worked || now - q->last_event_micros < q->spec.idle_event_micros)
        return;
    q->last_event_micros = now;
    for (size_t i = 0; i < q->ninput; ++i)
        q->source_progress[i] =
            (sqi_source_progress){q->input[i].source, q->input[i].start, q->input[i].end, q->input[i].rows};
    for (size_t i = 0; i < q->nmetrics; ++i) {
        q->metrics[i].rows_updated = q->metrics[i].rows_removed = q->metrics[i].rows_dropped = 0;
        q->metrics[i].updates_micros = q->metrics[i].removals_micros = q->metrics[i].commit_micros = 0;
    }
    sqi_progress p = {.wall_micros = wall_micros,
                      .since_micros = q->last_trigger_wall ? wall_micros - q->last_trigger_wall : 0,
                      .batch_id = q->batch_id,
                      .idle = true,
                      .source = q->source_progress};
    memcpy(p.phase, q->phase, sizeof p.phase);
    add_progress(q, &p);
}

bool sqi_query_last_json(sqi_query *q, sqi_buf *to)
{
    pthread_mutex_lock(&q->mutex);
    const sqi_progress *p = sqi_recent_last(&q->recent);
    bool ok = !p || sqi_progress_json(to, p);
    pthread_mutex_unlock(&q->mutex);
    return ok;
}

bool sqi_query_recent_json(sqi_query *q, sqi_buf *to)
{
    pthread_mutex_lock(&q->mutex);
    bool ok = sqi_recent_json(&q->recent, to);
    pthread_mutex_unlock(&q->mutex);
    return ok;
}

static bool put_message(sqi_query *q, sqi_buf *to)
{
    switch (q->message) {
    case SQI_MESSAGE_INITIALIZING:
        return sqi_buf_text(to, "Initializing sources");
    case SQI_MESSAGE_GETTING_OFFSETS:
        return sqi_buf_text(to, "Getting offsets from the sources");
    case SQI_MESSAGE_PROCESSING:
        return sqi_buf_text(to, "Processing new data");
    case SQI_MESSAGE_WAITING_DATA:
        return sqi_buf_text(to, "Waiting for data to arrive");
    case SQI_MESSAGE_WAITING_TRIGGER:
        return sqi_buf_text(to, "Waiting for next trigger");
    case SQI_MESSAGE_STOPPED:
        return sqi_buf_text(to, "Stopped");
    case SQI_MESSAGE_FAILED:
        break;
    }
    return sqi_buf_text(to, "Terminated with exception: ") && sqi_buf_text(to, sqi_error_text(q->failure));
}

bool sqi_query_status_json(sqi_query *q, sqi_buf *to)
{
    sqi_buf text;
    sqi_buf_init(&text, q->alloc, 0);
    pthread_mutex_lock(&q->mutex);
    bool ok = put_message(q, &text) && sqi_buf_text(to, "{\"message\":") && sqi_buf_json(to, sqi_buf_view(&text)) &&
              sqi_buf_printf(to, ",\"isDataAvailable\":%s,\"isTriggerActive\":%s}",
                             q->data_available ? "true" : "false", q->trigger_active ? "true" : "false");
    pthread_mutex_unlock(&q->mutex);
    sqi_buf_fini(&text);
    return ok;
}

bool sqi_query_active(sqi_query *q)
{
    return !atomic_load(&q->ended);
}

streamq_error *sqi_query_failure(sqi_query *q)
{
    pthread_mutex_lock(&q->mutex);
    streamq_error *copy = sqi_error_copy(q->failure);
    pthread_mutex_unlock(&q->mutex);
    return copy;
}

bool sqi_query_wait_end(sqi_query *q, int64_t deadline_micros)
{
    bool in_time = true;
    pthread_mutex_lock(&q->mutex);
    while (!q->ended && in_time)
        in_time = q->io.os->wait(q->io.os->context, &q->changed, &q->mutex, deadline_micros);
    bool ended = q->ended;
    pthread_mutex_unlock(&q->mutex);
    return ended;
}

uint64_t sqi_query_ask_idle(sqi_query *q)
{
    pthread_mutex_lock(&q->mutex);
    uint64_t asked = ++q->idle_asked;
    pthread_mutex_unlock(&q->mutex);
    return asked;
}

bool sqi_query_wait_idle(sqi_query *q, uint64_t asked, int64_t deadline_micros)
{
    bool in_time = true;
    pthread_mutex_lock(&q->mutex);
    while (!q->ended && q->idle_seen < asked && in_time)
        in_time = q->io.os->wait(q->io.os->context, &q->changed, &q->mutex, deadline_micros);
    bool done = q->ended || q->idle_seen >= asked;
    pthread_mutex_unlock(&q->mutex);
    return done;
}
