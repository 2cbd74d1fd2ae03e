/*
 * api_query: the handle of a query: stepping it, watching it, waiting for it, stopping it, letting go of it.
 */
#include "api_state.h"

streamq_status streamq_query_step(streamq_query *query, int32_t *what, streamq_error **error)
{
    sqi_step did = SQI_STEP_IDLE;
    if (what)
        *what = STREAMQ_STEP_FINISHED;
    if (!SQI_IS(query, QUERY))
        return sqi_api_bad_handle(error, "streamq_query_step", "query");
    if (query->threaded)
        return sqi_error_set(
            error, SQI_COND_CALL_OUT_OF_ORDER,
            "streamq_query_step: this query has its own thread; make it with streamq_writer_open to step it");
    SQI_TRY(sqi_query_step(query->query, &did, error));
    if (did == SQI_STEP_IDLE)
        sqi_query_arm(query->query);
    if (what)
        *what = (int32_t)did;
    return STREAMQ_OK;
}

int streamq_query_fd(streamq_query *query)
{
    return SQI_IS(query, QUERY) ? sqi_query_fd(query->query) : -1;
}

streamq_batch *streamq_query_next_batch(streamq_query *query, int64_t *batch_id)
{
    int64_t id;
    sqi_pull *pull = SQI_IS(query, QUERY) ? sqi_query_pull(query->query) : NULL;
    bool was_full = pull && sqi_pull_full(pull);
    sqi_batch *b = pull ? sqi_pull_take(pull, batch_id ? batch_id : &id) : NULL;
    if (!b)
        return NULL;
    if (was_full)
        sqi_query_wake(query->query);
    return sqi_api_batch(b, sqi_query_zone(query->query));
}

void streamq_query_request_stop(streamq_query *query)
{
    if (SQI_IS(query, QUERY))
        sqi_query_request_stop(query->query);
}

/* A query without a thread ends on the thread that stops it, if nobody steps it just now. */
static void end_unthreaded(streamq_query *q)
{
    sqi_step what;
    if (!q->threaded)
        (void)sqi_query_step(q->query, &what, NULL); /* sees the request and ends; busy: the stepper will */
}

streamq_status streamq_query_stop(streamq_query *query, int64_t timeout_ms, streamq_error **error)
{
    if (!SQI_IS(query, QUERY))
        return sqi_api_bad_handle(error, "streamq_query_stop", "query");
    sqi_query_request_stop(query->query);
    if (sqi_query_stepping_here(query->query))
        return STREAMQ_OK;
    end_unthreaded(query);
    if (!sqi_query_wait_end(query->query, sqi_api_deadline(query->session, timeout_ms)))
        return sqi_error_set(error, SQI_COND_TIMED_OUT, "the query is still ending after %lld ms",
                             (long long)timeout_ms);
    return STREAMQ_OK;
}

streamq_status streamq_query_await_termination(streamq_query *query, int64_t timeout_ms, streamq_error **error)
{
    if (!SQI_IS(query, QUERY))
        return sqi_api_bad_handle(error, "streamq_query_await_termination", "query");
    if (sqi_query_stepping_here(query->query))
        return sqi_error_set(
            error, SQI_COND_CALL_OUT_OF_ORDER,
            "streamq_query_await_termination: called from the query's own callback, it would wait for ever");
    if (!query->threaded && sqi_query_active(query->query))
        return sqi_error_set(
            error, SQI_COND_CALL_OUT_OF_ORDER,
            "streamq_query_await_termination: nobody runs this query; step it, or make it with streamq_writer_start");
    if (!sqi_query_wait_end(query->query, sqi_api_deadline(query->session, timeout_ms)))
        return sqi_error_set(error, SQI_COND_TIMED_OUT, "the query still runs after %lld ms", (long long)timeout_ms);
    streamq_error *failure = sqi_query_failure(query->query);
    return failure ? sqi_error_pass(error, failure) : STREAMQ_OK;
}

static streamq_status step_until_idle(streamq_query *q, int64_t deadline, streamq_error **error)
{
    sqi_step what = SQI_STEP_WORKED;
    while (what == SQI_STEP_WORKED) {
        if (q->session->os->monotonic_micros(q->session->os->context) > deadline)
            return sqi_error_set(error, SQI_COND_TIMED_OUT, "there was still data to process when the time had passed");
        SQI_TRY(sqi_query_step(q->query, &what, error));
    }
    return STREAMQ_OK;
}

streamq_status streamq_query_process_all_available(streamq_query *query, int64_t timeout_ms, streamq_error **error)
{
    if (!SQI_IS(query, QUERY))
        return sqi_api_bad_handle(error, "streamq_query_process_all_available", "query");
    if (sqi_query_stepping_here(query->query))
        return sqi_error_set(
            error, SQI_COND_CALL_OUT_OF_ORDER,
            "streamq_query_process_all_available: called from the query's own callback, it would wait for ever");
    int64_t deadline = sqi_api_deadline(query->session, timeout_ms);
    if (!query->threaded)
        return step_until_idle(query, deadline, error);
    if (!sqi_sched_process_all(query->query, deadline))
        return sqi_error_set(error, SQI_COND_TIMED_OUT, "there was still data to process after %lld ms",
                             (long long)timeout_ms);
    streamq_error *failure = sqi_query_failure(query->query);
    return failure ? sqi_error_pass(error, failure) : STREAMQ_OK;
}

int32_t streamq_query_is_active(streamq_query *query)
{
    return SQI_IS(query, QUERY) && sqi_query_active(query->query);
}
const char *streamq_query_id(const streamq_query *query)
{
    return SQI_IS(query, QUERY) ? sqi_query_id(query->query) : "";
}
const char *streamq_query_run_id(const streamq_query *query)
{
    return SQI_IS(query, QUERY) ? sqi_query_run_id(query->query) : "";
}
const char *streamq_query_name(const streamq_query *query)
{
    return SQI_IS(query, QUERY) ? query->name : NULL;
}
streamq_error *streamq_query_exception(streamq_query *query)
{
    return SQI_IS(query, QUERY) ? sqi_query_failure(query->query) : NULL;
}

static char *printed(streamq_query *q, bool (*print)(sqi_query *, sqi_buf *))
{
    if (!SQI_IS(q, QUERY))
        return NULL;
    sqi_buf text;
    sqi_buf_init(&text, &q->session->alloc, 0);
    char *copy = print(q->query, &text) && text.len ? sqi_api_text(sqi_buf_view(&text)) : NULL;
    sqi_buf_fini(&text);
    return copy;
}

char *streamq_query_status(streamq_query *query)
{
    return printed(query, sqi_query_status_json);
}
char *streamq_query_last_progress(streamq_query *query)
{
    return printed(query, sqi_query_last_json);
}
char *streamq_query_recent_progress(streamq_query *query)
{
    return printed(query, sqi_query_recent_json);
}

static bool explain_simple(sqi_query *q, sqi_buf *to)
{
    return sqi_buf_text(to, "== Physical Plan ==\n") && sqi_query_explain(q, to);
}

char *streamq_query_explain(streamq_query *query, const char *mode)
{
    bool extended = mode && sqi_span_equal_nocase(sqi_span_of(mode), SQI_SPAN("extended"));
    return printed(query, extended ? sqi_query_explain_extended : explain_simple);
}

void sqi_api_query_release(streamq_query *q)
{
    sqi_alloc *alloc = &q->session->alloc;
    sqi_query_request_stop(q->query);
    end_unthreaded(q);
    sqi_sched_join(&q->sched);
    sqi_query_free(q->query);
    q->magic = 0;
    if (q->name)
        sqi_alloc_free(alloc, q->name, strlen(q->name) + 1);
    sqi_alloc_free(alloc, q, sizeof *q);
}

void streamq_query_free(streamq_query *query)
{
    if (!SQI_IS(query, QUERY))
        return;
    streamq_session *s = query->session;
    if (sqi_query_stepping_here(query->query)) {
        sqi_log_write(&s->log, STREAMQ_LOG_ERROR,
                      "[CALL_OUT_OF_ORDER] streamq_query_free was called from a callback of the query: the query is "
                      "stopped and freed with its session");
        sqi_query_request_stop(query->query);
        return;
    }
    pthread_mutex_lock(&s->mutex);
    streamq_query **at = &s->query;
    while (*at && *at != query)
        at = &(*at)->next;
    if (*at)
        *at = query->next;
    pthread_mutex_unlock(&s->mutex);
    sqi_api_query_release(query);
}
