/* A query through the public API: stepped, threaded, pulled, watched, stopped. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "test_main.h"

static streamq_query *open_pull(api_rig *r, streamq_output_mode mode)
{
    streamq_writer *w = streamq_write_stream(api_rig_counts(r), "pull");
    streamq_writer_output_mode(w, mode);
    streamq_query *q = streamq_writer_open(w, &r->error);
    api_rig_ok(r);
    return q;
}

static int32_t step(api_rig *r, streamq_query *q)
{
    int32_t what = -1;
    ck_assert_int_eq(streamq_query_step(q, &what, &r->error), STREAMQ_OK);
    return what;
}

static void assert_next(streamq_query *q, int64_t id, const char *rows)
{
    int64_t batch_id = -1;
    streamq_batch *b = streamq_query_next_batch(q, &batch_id);
    ck_assert_ptr_nonnull(b);
    ck_assert_int_eq(batch_id, id);
    ck_assert_str_eq(api_rig_rows(b), rows);
    streamq_batch_free(b);
}

START_TEST(a_stepped_query_gives_one_batch_a_step)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_query *q = open_pull(&r, STREAMQ_UPDATE);
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_IDLE);
    api_rig_push(&r, "a b\nb");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    assert_next(q, 0, "a|1\nb|2");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_IDLE);
    api_rig_push(&r, "b c");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    assert_next(q, 1, "b|3\nc|1");
    ck_assert_ptr_null(streamq_query_next_batch(q, NULL));
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

START_TEST(the_descriptor_is_readable_when_there_is_something_to_do)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_query *q = open_pull(&r, STREAMQ_COMPLETE);
    struct pollfd p = {.fd = streamq_query_fd(q), .events = POLLIN};
    while (step(&r, q) != STREAMQ_STEP_IDLE)
        ;
    ck_assert_int_eq(poll(&p, 1, 0), 0);
    api_rig_push(&r, "a");
    ck_assert_int_eq(poll(&p, 1, 1000), 1);
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    assert_next(q, 0, "a|1");
    while (step(&r, q) != STREAMQ_STEP_IDLE)
        ;
    ck_assert_int_eq(poll(&p, 1, 0), 0);
    streamq_query_request_stop(q);
    ck_assert_int_eq(poll(&p, 1, 1000), 1);
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_FINISHED);
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_full_pull_queue_holds_the_next_batch_back)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_writer *w = streamq_write_stream(r.lines, "pull");
    streamq_writer_option(w, "capacity", "1");
    streamq_query *q = streamq_writer_open(w, &r.error);
    api_rig_ok(&r);
    api_rig_push(&r, "a");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    api_rig_push(&r, "b");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_FULL);
    assert_next(q, 0, "a");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    assert_next(q, 1, "b");
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_threaded_query_fills_a_table_that_sql_reads)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_writer *w = streamq_write_stream(api_rig_counts(&r), "memory");
    streamq_writer_query_name(w, "counts");
    streamq_writer_output_mode(w, STREAMQ_COMPLETE);
    streamq_query *q = streamq_writer_start(w, &r.error);
    api_rig_ok(&r);
    for (int i = 1; i <= 3; ++i) {
        char want[64];
        api_rig_push(&r, "x y x");
        ck_assert_int_eq(streamq_query_process_all_available(q, 10000, &r.error), STREAMQ_OK);
        streamq_plan *plan = streamq_plan_new(r.session);
        streamq_batch *b =
            streamq_collect(streamq_sql(plan, "SELECT word, count FROM counts WHERE count > 0"), &r.error);
        api_rig_ok(&r);
        snprintf(want, sizeof want, "x|%d\ny|%d", 2 * i, i);
        ck_assert_str_eq(api_rig_rows(b), want);
        streamq_batch_free(b);
        streamq_plan_free(plan);
    }
    ck_assert_int_eq(streamq_query_is_active(q), 1);
    ck_assert_ptr_eq(streamq_session_find_query(r.session, "counts"), q);
    ck_assert_int_eq(streamq_query_stop(q, -1, &r.error), STREAMQ_OK);
    ck_assert_int_eq(streamq_query_is_active(q), 0);
    ck_assert_ptr_null(streamq_session_find_query(r.session, "counts"));
    ck_assert_int_eq(streamq_query_await_termination(q, 0, &r.error), STREAMQ_OK);
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_failure_in_a_batch_ends_the_query_and_stays)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_query *q = streamq_writer_start(
        streamq_write_stream(streamq_select(r.lines, "CAST(value AS INT) + 1 AS n"), "noop"), &r.error);
    api_rig_ok(&r);
    api_rig_push(&r, "1");
    ck_assert_int_eq(streamq_query_process_all_available(q, 10000, &r.error), STREAMQ_OK);
    api_rig_push(&r, "one");
    ck_assert_int_eq(streamq_query_await_termination(q, 10000, &r.error), STREAMQ_ERR_DATA);
    api_rig_refused(&r, "CAST_INVALID_INPUT", "'one'");
    streamq_error *why = streamq_query_exception(q);
    ck_assert_str_eq(streamq_error_condition(why), "CAST_INVALID_INPUT");
    ck_assert_ptr_nonnull(strstr(streamq_error_message(why), "batch 1"));
    streamq_error_free(why);
    char *status = streamq_query_status(q);
    ck_assert_ptr_nonnull(strstr(status, "Terminated with exception"));
    streamq_string_free(status);
    ck_assert_int_eq(streamq_session_await_any(r.session, 0, &r.error), STREAMQ_ERR_DATA);
    api_rig_refused(&r, "CAST_INVALID_INPUT", "'one'");
    streamq_session_reset_terminated(r.session);
    ck_assert_int_eq(streamq_session_await_any(r.session, 0, &r.error), STREAMQ_ERR_TIMEOUT);
    api_rig_refused(&r, "TIMED_OUT", "");
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

START_TEST(once_and_available_now_end_by_themselves)
{
    for (int once = 0; once < 2; ++once) {
        api_rig r;
        api_rig_begin(&r, NULL);
        api_rig_push(&r, "a");
        api_rig_push(&r, "b");
        streamq_writer *w = streamq_write_stream(api_rig_counts(&r), "pull");
        streamq_writer_output_mode(w, STREAMQ_COMPLETE);
        if (once)
            streamq_writer_trigger_once(w);
        else
            streamq_writer_trigger_available_now(w);
        streamq_query *q = streamq_writer_start(w, &r.error);
        api_rig_ok(&r);
        ck_assert_int_eq(streamq_query_await_termination(q, 10000, &r.error), STREAMQ_OK);
        assert_next(q, 0, "a|1\nb|1");
        streamq_query_free(q);
        api_rig_end(&r);
    }
}
END_TEST

START_TEST(progress_has_sparks_fields_and_measured_numbers)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_query *q = open_pull(&r, STREAMQ_UPDATE);
    ck_assert_ptr_null(streamq_query_last_progress(q));
    api_rig_push(&r, "a b c\na");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    char *p = streamq_query_last_progress(q);
    const char *const parts[] = {"\"batchId\":0",        "\"numInputRows\":2",    "\"operatorName\":\"stateStoreSave\"",
                                 "\"numRowsTotal\":3",   "\"numRowsUpdated\":3",  "\"numOutputRows\":3",
                                 "\"startOffset\":null", "\"triggerExecution\":", "\"name\":null",
                                 "\"memoryUsedBytes\":"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i)
        ck_assert_msg(strstr(p, parts[i]) != NULL, "%s is not in %s", parts[i], p);
    ck_assert_ptr_nonnull(strstr(p, streamq_query_id(q)));
    ck_assert_ptr_nonnull(strstr(p, streamq_query_run_id(q)));
    streamq_string_free(p);
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

typedef struct heard {
    int count[4];
    char last[256];
} heard;

static void listen(void *user, int32_t event, const char *json, size_t length)
{
    heard *h = user;
    ck_assert_uint_eq(strlen(json), length);
    ++h->count[event];
    if (event == STREAMQ_EVENT_TERMINATED)
        snprintf(h->last, sizeof h->last, "%s", json);
}

START_TEST(listeners_hear_start_progress_and_end)
{
    api_rig r;
    heard h = {{0}, ""};
    api_rig_begin(&r, NULL);
    int64_t number = streamq_session_add_listener(r.session, listen, &h);
    streamq_query *q = open_pull(&r, STREAMQ_UPDATE);
    ck_assert_int_eq(h.count[STREAMQ_EVENT_STARTED], 1);
    api_rig_push(&r, "a");
    step(&r, q);
    ck_assert_int_eq(h.count[STREAMQ_EVENT_PROGRESS], 1);
    streamq_query_free(q);
    ck_assert_int_eq(h.count[STREAMQ_EVENT_TERMINATED], 1);
    ck_assert_ptr_null(strstr(h.last, "exception"));
    streamq_session_remove_listener(r.session, number);
    q = open_pull(&r, STREAMQ_UPDATE);
    ck_assert_int_eq(h.count[STREAMQ_EVENT_STARTED], 1);
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

typedef struct stopper {
    streamq_query *query;
    int batches;
} stopper;

static int32_t stop_inside(void *user, int64_t id, streamq_batch *batch)
{
    stopper *s = user;
    (void)id;
    (void)batch;
    ++s->batches;
    ck_assert_int_eq(streamq_query_stop(s->query, -1, NULL), STREAMQ_OK); /* asks, and returns at once */
    streamq_error *error = NULL;
    ck_assert_int_eq(streamq_query_await_termination(s->query, -1, &error), STREAMQ_ERR_STATE);
    streamq_error_free(error);
    return 0;
}

START_TEST(a_query_may_be_stopped_from_its_own_callback)
{
    api_rig r;
    stopper s = {NULL, 0};
    api_rig_begin(&r, NULL);
    streamq_writer *w = streamq_write_stream(r.lines, "foreachBatch");
    streamq_writer_foreach_batch(w, stop_inside, &s);
    s.query = streamq_writer_start(w, &r.error);
    api_rig_ok(&r);
    api_rig_push(&r, "a");
    ck_assert_int_eq(streamq_query_await_termination(s.query, 10000, &r.error), STREAMQ_OK);
    ck_assert_int_eq(s.batches, 1);
    streamq_query_free(s.query);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_session_stops_what_still_runs_and_the_plan_may_go_first)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    for (int i = 0; i < 4; ++i) {
        streamq_writer *w = streamq_write_stream(r.lines, "noop");
        if (i % 2)
            streamq_writer_trigger_interval(w, "1 hour");
        ck_assert_ptr_nonnull(streamq_writer_start(w, &r.error));
    }
    ck_assert_uint_eq(streamq_session_query_count(r.session), 4);
    streamq_plan_free(r.plan);
    r.plan = NULL;
    api_rig_push(&r, "a\nb");
    api_rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_stepped_query_gives_one_batch_a_step,          the_descriptor_is_readable_when_there_is_something_to_do,
        a_full_pull_queue_holds_the_next_batch_back,     a_threaded_query_fills_a_table_that_sql_reads,
        a_failure_in_a_batch_ends_the_query_and_stays,   once_and_available_now_end_by_themselves,
        progress_has_sparks_fields_and_measured_numbers, listeners_hear_start_progress_and_end,
        a_query_may_be_stopped_from_its_own_callback,    a_session_stops_what_still_runs_and_the_plan_may_go_first};
    return sqi_test_main("api_query", tests, sizeof tests / sizeof *tests);
}
