/*
 * api_manager: the session as Spark's StreamingQueryManager: which queries are active, waiting for any of them, and
 * listeners. Listeners are called without the session's lock, on a copy of the list, so they may add and remove.
 */
#include "api_state.h"

size_t streamq_session_query_count(streamq_session *session)
{
    size_t n = 0;
    if (!SQI_IS(session, SESSION))
        return 0;
    pthread_mutex_lock(&session->mutex);
    for (const streamq_query *q = session->query; q; q = q->next)
        n += sqi_query_active(q->query);
    pthread_mutex_unlock(&session->mutex);
    return n;
}

streamq_query *streamq_session_find_query(streamq_session *session, const char *name)
{
    streamq_query *found = NULL;
    if (!SQI_IS(session, SESSION) || !name)
        return NULL;
    pthread_mutex_lock(&session->mutex);
    for (streamq_query *q = session->query; q && !found; q = q->next)
        if (q->name && strcmp(q->name, name) == 0 && sqi_query_active(q->query))
            found = q;
    pthread_mutex_unlock(&session->mutex);
    return found;
}

void sqi_api_session_ended(void *context, sqi_query *q)
{
    streamq_session *s = context;
    streamq_error *failure = sqi_query_failure(q);
    pthread_mutex_lock(&s->mutex);
    ++s->terminated;
    if (!s->first_failure) {
        s->first_failure = failure;
        failure = NULL;
    }
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->mutex);
    sqi_error_free(failure);
}

streamq_status streamq_session_await_any(streamq_session *session, int64_t timeout_ms, streamq_error **error)
{
    if (!SQI_IS(session, SESSION))
        return sqi_api_bad_handle(error, "streamq_session_await_any", "session");
    int64_t deadline = sqi_api_deadline(session, timeout_ms);
    bool in_time = true;
    pthread_mutex_lock(&session->mutex);
    while (!session->terminated && in_time)
        in_time = session->os->wait(session->os->context, &session->changed, &session->mutex, deadline);
    bool ended = session->terminated > 0;
    streamq_error *failure = sqi_error_copy(session->first_failure);
    pthread_mutex_unlock(&session->mutex);
    if (!ended)
        return sqi_error_set(error, SQI_COND_TIMED_OUT, "no query ended within %lld ms", (long long)timeout_ms);
    return failure ? sqi_error_pass(error, failure) : STREAMQ_OK;
}

void streamq_session_reset_terminated(streamq_session *session)
{
    if (!SQI_IS(session, SESSION))
        return;
    pthread_mutex_lock(&session->mutex);
    session->terminated = 0;
    sqi_error_free(session->first_failure);
    session->first_failure = NULL;
    pthread_mutex_unlock(&session->mutex);
}

/* -------------------------------------------------------------- listeners */

int64_t streamq_session_add_listener(streamq_session *session, streamq_listener listener, void *user)
{
    if (!SQI_IS(session, SESSION) || !listener)
        return 0;
    sqi_listening *l = sqi_alloc_zero(&session->alloc, sizeof *l);
    if (!l)
        return 0;
    pthread_mutex_lock(&session->mutex);
    *l = (sqi_listening){.number = ++session->next_listener, .call = listener, .user = user};
    sqi_listening **end = &session->listening;
    while (*end)
        end = &(*end)->next;
    *end = l;
    int64_t number = l->number;
    atomic_fetch_add(&session->listeners, 1);
    pthread_mutex_unlock(&session->mutex);
    return number;
}

void streamq_session_remove_listener(streamq_session *session, int64_t number)
{
    if (!SQI_IS(session, SESSION))
        return;
    sqi_listening *gone = NULL;
    pthread_mutex_lock(&session->mutex);
    for (sqi_listening **l = &session->listening; *l; l = &(*l)->next)
        if ((*l)->number == number) {
            gone = *l;
            *l = gone->next;
            atomic_fetch_sub(&session->listeners, 1);
            break;
        }
    /* Whoever is calling it right now finishes first, unless that is this thread. */
    while (gone && gone->busy && !pthread_equal(gone->caller, pthread_self()))
        pthread_cond_wait(&session->changed, &session->mutex);
    bool inside = gone && gone->busy;
    if (inside)
        gone->removed = true;
    pthread_mutex_unlock(&session->mutex);
    if (gone && !inside)
        sqi_alloc_free(&session->alloc, gone, sizeof *gone);
}

bool sqi_api_session_wanted(void *context)
{
    streamq_session *s = context;
    return atomic_load_explicit(&s->listeners, memory_order_relaxed) > 0;
}

/* The listener after the one numbered `after`, marked busy; NULL at the end. */
static sqi_listening *take_next(streamq_session *s, int64_t after)
{
    sqi_listening *l = s->listening;
    while (l && (l->number <= after || l->busy)) {
        if (l->number > after && !pthread_equal(l->caller, pthread_self())) {
            pthread_cond_wait(&s->changed, &s->mutex); /* another query's event is with it: one at a time */
            l = s->listening;
            continue;
        }
        l = l->next;
    }
    if (l) {
        l->busy = true;
        l->caller = pthread_self();
    }
    return l;
}

void sqi_api_session_event(void *context, int32_t kind, sqi_span json)
{
    streamq_session *s = context;
    int64_t after = 0;
    char *text = sqi_api_text(json); /* NUL-terminated for the listener */
    if (!text)
        return;
    pthread_mutex_lock(&s->mutex);
    for (sqi_listening *l; (l = take_next(s, after)) != NULL;) {
        after = l->number;
        pthread_mutex_unlock(&s->mutex);
        l->call(l->user, kind, text, json.len);
        pthread_mutex_lock(&s->mutex);
        l->busy = false;
        pthread_cond_broadcast(&s->changed);
        if (l->removed)
            sqi_alloc_free(&s->alloc, l, sizeof *l);
    }
    pthread_mutex_unlock(&s->mutex);
    streamq_string_free(text);
}
