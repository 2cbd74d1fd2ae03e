/* Triggers, progress and time-driven sources through whole queries, on a clock that only the test moves: nothing sleeps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "api_state.h"
#include "os_sim.h"
#include "test_main.h"

#define SECOND INT64_C(1000000)

static sqi_os_sim sim;

static void begin(api_rig *r)
{
    streamq_config *c = streamq_config_new();
    sqi_os_sim_init(&sim, 1700000003 * SECOND, 7); /* 3 s after a slot of 10 s */
    c->os = &sim.os;
    api_rig_begin(r, c);
    streamq_config_free(c);
}

static void end(api_rig *r)
{
    api_rig_end(r);
    sqi_os_sim_fini(&sim);
}

static int32_t step(api_rig *r, streamq_query *q)
{
    int32_t what = -1;
    ck_assert_int_eq(streamq_query_step(q, &what, &r->error), STREAMQ_OK);
    return what;
}

static streamq_query *open_interval(api_rig *r, const char *interval)
{
    streamq_writer *w = streamq_write_stream(api_rig_counts(r), "pull");
    streamq_writer_output_mode(w, STREAMQ_UPDATE);
    streamq_writer_trigger_interval(w, interval);
    streamq_query *q = streamq_writer_open(w, &r->error);
    api_rig_ok(r);
    return q;
}

START_TEST(an_interval_query_runs_at_the_slots_of_the_epoch)
{
    api_rig r;
    begin(&r);
    streamq_query *q = open_interval(&r, "10 seconds");
    api_rig_push(&r, "a");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED); /* the first at once */
    api_rig_push(&r, "b");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_IDLE);
    ck_assert_int_eq(sqi_query_deadline(q->query), sim.monotonic + 7 * SECOND);
    sqi_os_sim_advance(&sim, 7 * SECOND - 1);
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_IDLE);
    sqi_os_sim_advance(&sim, 1);
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    ck_assert_int_eq(sqi_query_deadline(q->query), sim.monotonic + 10 * SECOND);
    api_rig_push(&r, "c");
    sqi_os_sim_advance(&sim, 25 * SECOND); /* two slots missed: one run, not two */
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_IDLE);
    ck_assert_int_eq(sqi_query_deadline(q->query), sim.monotonic + 5 * SECOND);
    streamq_query_free(q);
    end(&r);
}
END_TEST

START_TEST(a_day_of_triggers_passes_in_a_moment)
{
    api_rig r;
    begin(&r);
    streamq_query *q = open_interval(&r, "1 minute");
    int worked = 0;
    for (int i = 0; i < 24 * 60; ++i) {
        api_rig_push(&r, "x");
        worked += step(&r, q) == STREAMQ_STEP_WORKED;
        streamq_batch_free(streamq_query_next_batch(q, NULL));
        sqi_os_sim_advance(&sim, 60 * SECOND);
    }
    ck_assert_int_eq(worked, 24 * 60);
    streamq_query_free(q);
    end(&r);
}
END_TEST

START_TEST(progress_tells_rates_from_the_clock)
{
    api_rig r;
    begin(&r);
    streamq_query *q = open_interval(&r, "10 seconds");
    api_rig_push(&r, "a\nb");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    char *p = streamq_query_last_progress(q);
    ck_assert_ptr_nonnull(strstr(p, "\"timestamp\":\"2023-11-14T22:13:23.000Z\""));
    ck_assert_ptr_nonnull(strstr(p, "\"inputRowsPerSecond\":0.0"));
    streamq_string_free(p);
    sqi_os_sim_advance(&sim, 7 * SECOND);
    api_rig_push(&r, "a\nb\nc\nd\ne\nf\ng");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    p = streamq_query_last_progress(q);
    ck_assert_ptr_nonnull(strstr(p, "\"inputRowsPerSecond\":1.0"));
    ck_assert_ptr_nonnull(strstr(p, "\"processedRowsPerSecond\":7000.0")); /* at least a millisecond is counted */
    streamq_string_free(p);
    streamq_query_free(q);
    end(&r);
}
END_TEST

static void count_events(void *user, int32_t event, const char *json, size_t length)
{
    (void)json;
    (void)length;
    ++((int *)user)[event];
}

START_TEST(an_idle_query_reports_every_ten_seconds)
{
    api_rig r;
    int events[4] = {0};
    begin(&r);
    ck_assert_int_gt(streamq_session_add_listener(r.session, count_events, events), 0);
    streamq_query *q = streamq_writer_open(streamq_write_stream(r.lines, "noop"), &r.error);
    api_rig_push(&r, "a");
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    for (int i = 0; i < 35; ++i) {
        ck_assert_int_eq(step(&r, q), STREAMQ_STEP_IDLE);
        sqi_os_sim_advance(&sim, SECOND);
    }
    ck_assert_int_eq(events[STREAMQ_EVENT_PROGRESS], 1);
    ck_assert_int_eq(events[STREAMQ_EVENT_IDLE], 3);
    streamq_query_free(q);
    end(&r);
}
END_TEST

START_TEST(the_rate_source_makes_rows_as_time_passes)
{
    api_rig r;
    begin(&r);
    streamq_reader *reader = streamq_read_stream(r.plan, "rate");
    streamq_reader_option(reader, "rowsPerSecond", "3");
    streamq_query *q = streamq_writer_open(
        streamq_write_stream(streamq_select(streamq_reader_load(reader), "value"), "pull"), &r.error);
    api_rig_ok(&r);
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED); /* batch 0 is empty */
    streamq_batch *b = streamq_query_next_batch(q, NULL);
    ck_assert_uint_eq(streamq_batch_rows(b), 0);
    streamq_batch_free(b);
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_IDLE);
    ck_assert_int_le(sqi_query_deadline(q->query), sim.monotonic + SECOND);
    sqi_os_sim_advance(&sim, 2 * SECOND);
    ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
    b = streamq_query_next_batch(q, NULL);
    ck_assert_str_eq(api_rig_rows(b), "0\n1\n2\n3\n4\n5");
    streamq_batch_free(b);
    streamq_query_free(q);
    end(&r);
}
END_TEST

START_TEST(current_timestamp_is_frozen_for_a_batch)
{
    api_rig r;
    begin(&r);
    streamq_query *q = streamq_writer_open(
        streamq_write_stream(streamq_select(r.lines, "CAST(current_timestamp() AS STRING) AS t"), "pull"), &r.error);
    api_rig_ok(&r);
    for (int i = 0; i < 2; ++i) {
        api_rig_push(&r, "a\nb");
        ck_assert_int_eq(step(&r, q), STREAMQ_STEP_WORKED);
        streamq_batch *b = streamq_query_next_batch(q, NULL);
        ck_assert_str_eq(api_rig_rows(b),
                         i ? "2023-11-14 22:13:28\n2023-11-14 22:13:28" : "2023-11-14 22:13:23\n2023-11-14 22:13:23");
        streamq_batch_free(b);
        sqi_os_sim_advance(&sim, 5 * SECOND);
    }
    streamq_query_free(q);
    end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_interval_query_runs_at_the_slots_of_the_epoch,
                                  a_day_of_triggers_passes_in_a_moment,
                                  progress_tells_rates_from_the_clock,
                                  an_idle_query_reports_every_ten_seconds,
                                  the_rate_source_makes_rows_as_time_passes,
                                  current_timestamp_is_frozen_for_a_batch};
    return sqi_test_main("trigger_clock", tests, sizeof tests / sizeof *tests);
}
