/*
 * What stop and start again shows: the restart steps of Spark's own suites (A7, A13, A14, A17, J1, J2, J3) and what went
 * wrong in other systems around a restart (PR2 to PR9, PR19, PR22). Files in and out: test_restart_files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ext_numbers.h"
#include "restart_rig.h"
#include "test_main.h"

/* -------------------------------------------------------------- Spark's suites */

static int fails_left;

static int32_t fails_on_four(void *user, const struct ArrowArray *arguments, struct ArrowArray *out,
                             streamq_ext_error *error)
{
    (void)user, (void)arguments, (void)out;
    if (fails_left-- > 0) {
        streamq_ext_fail(error, "not this time");
        return 1;
    }
    return 1;
}

START_TEST(a_batch_that_failed_is_run_again_whole) /* A7 */
{
    static const char sql[] = "SELECT v, count(*) FROM (SELECT CASE WHEN v = 4 THEN odd(v) ELSE v END AS v FROM t) "
                              "GROUP BY v";
    static const char again[] = "SELECT v, count(*) FROM (SELECT CASE WHEN v = 4 THEN v + 0 ELSE v END AS v FROM t) "
                                "GROUP BY v";
    restart_rig r;
    streamq_function f = {
        .struct_size = sizeof f, .name = "odd", .arguments = "INT", .result = "INT", .call = fails_on_four};
    restart_rig_begin(&r);
    restart_rig_live(&r);
    ck_assert_int_eq(streamq_session_register_function(r.session, &f, &r.error), STREAMQ_OK);
    streamq_plan_free(r.plan); /* a plan sees what was registered before it was made */
    r.plan = streamq_plan_new(r.session);
    streamq_reader *reader = streamq_read_stream(r.plan, "memory");
    streamq_reader_feed(reader, r.feed);
    (void)streamq_stream_alias(streamq_reader_load(reader), "t");
    fails_left = 1;
    restart_rig_open(&r, restart_rig_writer(&r, sql, STREAMQ_UPDATE, NULL));
    restart_rig_push(&r, "(1), (2), (3), (4)");
    restart_rig_run(&r);
    restart_rig_fails(&r, "USER_CALLBACK_FAILED", "not this time");
    restart_rig_gives(&r, "");
    restart_rig_start(&r, again, STREAMQ_UPDATE);
    restart_rig_push(&r, "(1), (2), (3), (4)"); /* the feed of a program that is gone is filled again */
    restart_rig_run(&r);
    restart_rig_gives(&r, "0: 1|1, 2|1, 3|1, 4|1");
    restart_rig_end(&r);
}
END_TEST

START_TEST(a_global_count_goes_on_over_batches_without_rows) /* A13 */
{
    static const char sql[] = "SELECT count(*) FROM t";
    restart_rig r;
    restart_rig_begin(&r);
    restart_rig_start(&r, sql, STREAMQ_COMPLETE);
    restart_rig_push(&r, "(1)");
    restart_rig_run(&r);
    restart_rig_push(&r, "");
    restart_rig_run(&r);
    restart_rig_gives(&r, "0: 1; 1: 1");
    restart_rig_start(&r, sql, STREAMQ_COMPLETE);
    restart_rig_push(&r, "(2), (3)");
    restart_rig_run(&r);
    restart_rig_push(&r, "");
    restart_rig_run(&r);
    restart_rig_gives(&r, "2: 3; 3: 3");
    restart_rig_end(&r);
}
END_TEST

START_TEST(a_key_that_is_always_the_same_goes_on_in_other_chunks) /* A14 */
{
    static const char sql[] = "SELECT v % 1 AS k, count(*) FROM t GROUP BY v % 1";
    restart_rig r;
    restart_rig_begin(&r);
    restart_rig_start(&r, sql, STREAMQ_COMPLETE);
    restart_rig_push(&r, "(1)");
    restart_rig_run(&r);
    restart_rig_gives(&r, "0: 0|1");
    r.chunk = "1";
    r.threads = "2";
    restart_rig_start(&r, sql, STREAMQ_COMPLETE);
    restart_rig_push(&r, "(1), (2), (3)");
    restart_rig_run(&r);
    restart_rig_push(&r, "");
    restart_rig_run(&r);
    restart_rig_gives(&r, "1: 0|4; 2: 0|4");
    restart_rig_end(&r);
}
END_TEST

START_TEST(the_number_of_threads_may_change_over_restarts) /* A17 */
{
    static const char sql[] = "SELECT v, count(*) FROM t GROUP BY v";
    restart_rig r;
    restart_rig_begin(&r);
    r.threads = "2";
    restart_rig_start(&r, sql, STREAMQ_COMPLETE);
    restart_rig_push(&r, "(1), (2)");
    restart_rig_run(&r);
    restart_rig_gives(&r, "0: 1|1, 2|1");
    r.threads = "5";
    restart_rig_start(&r, sql, STREAMQ_COMPLETE);
    restart_rig_push(&r, "(3), (2)");
    restart_rig_run(&r);
    restart_rig_gives(&r, "1: 1|1, 2|2, 3|1");
    r.threads = "1";
    restart_rig_start(&r, sql, STREAMQ_COMPLETE);
    restart_rig_push(&r, "(3), (1)");
    restart_rig_run(&r);
    restart_rig_gives(&r, "2: 1|2, 2|2, 3|2");
    restart_rig_end(&r);
}
END_TEST

START_TEST(rows_that_came_while_it_was_stopped_are_read_when_it_starts) /* J1 */
{
    restart_rig r;
    restart_rig_begin(&r);
    restart_rig_start(&r, "SELECT v + 1 FROM t", STREAMQ_APPEND);
    restart_rig_push(&r, "(1), (2), (3)");
    restart_rig_run(&r);
    restart_rig_gives(&r, "0: 2, 3, 4");
    restart_rig_live(&r);
    restart_rig_push(&r, "(4), (5), (6)");
    restart_rig_open(&r, restart_rig_writer(&r, "SELECT v + 1 FROM t", STREAMQ_APPEND, NULL));
    restart_rig_run(&r);
    restart_rig_gives(&r, "1: 5, 6, 7");
    restart_rig_end(&r);
}
END_TEST

static void tick(restart_rig *r, int64_t seconds)
{
    sqi_os_sim_advance(&r->machine, seconds * 1000000);
    (void)streamq_query_step(r->query, NULL, &r->error);
}

static void start_with_interval(restart_rig *r)
{
    restart_rig_live(r);
    streamq_writer *w = restart_rig_writer(r, "SELECT v FROM t", STREAMQ_APPEND, NULL);
    streamq_writer_trigger_interval(w, "10 seconds");
    restart_rig_open(r, w);
}

START_TEST(batch_ids_count_batches_and_not_ticks) /* J2 */
{
    restart_rig r;
    restart_rig_begin(&r);
    start_with_interval(&r);
    restart_rig_push(&r, "(1), (2), (3)");
    tick(&r, 0);
    restart_rig_push(&r, "(4), (5), (6)");
    tick(&r, 10);
    restart_rig_gives(&r, "0: 1, 2, 3; 1: 4, 5, 6");
    for (int i = 0; i < 3; i++)
        tick(&r, 10);
    size_t calls = sqi_disk_sim_calls(r.disk);
    tick(&r, 10);
    ck_assert_uint_eq(sqi_disk_sim_calls(r.disk), calls); /* a tick without data writes nothing */
    start_with_interval(&r);
    tick(&r, 10);
    restart_rig_gives(&r, "");
    restart_rig_push(&r, "(7), (8), (9)");
    tick(&r, 10);
    restart_rig_gives(&r, "2: 7, 8, 9");
    restart_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- several sources */

static void start_union(restart_rig *r, streamq_feed **other)
{
    restart_rig_live(r);
    *other = streamq_feed_new(r->session, "v INT", NULL);
    streamq_reader *reader = streamq_read_stream(r->plan, "memory");
    streamq_reader_feed(reader, *other);
    (void)streamq_stream_alias(streamq_reader_load(reader), "u");
    restart_rig_open(r, restart_rig_writer(r, "SELECT v FROM t UNION ALL SELECT v * 10 FROM u", STREAMQ_APPEND, NULL));
}

START_TEST(a_source_that_had_nothing_yet_is_read_from_its_beginning_after_a_restart) /* PR2, J3 */
{
    restart_rig r;
    streamq_feed *other;
    restart_rig_begin(&r);
    start_union(&r, &other);
    restart_rig_push(&r, "(1), (2)");
    restart_rig_run(&r);
    restart_rig_gives(&r, "0: 1, 2");
    streamq_feed_free(other);
    start_union(&r, &other);
    ck_assert_int_eq(streamq_feed_push_sql(other, "(7)", NULL), STREAMQ_OK);
    restart_rig_run(&r);
    restart_rig_gives(&r, "1: 70");
    streamq_feed_free(other);
    start_union(&r, &other); /* now the first one is idle, after an offset */
    ck_assert_int_eq(streamq_feed_push_sql(other, "(8)", NULL), STREAMQ_OK);
    restart_rig_run(&r);
    restart_rig_push(&r, "(3)");
    restart_rig_run(&r);
    restart_rig_gives(&r, "2: 80; 3: 3");
    streamq_feed_free(other);
    restart_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- a source of the program */

typedef struct jumping { /* offsets are not consecutive, as where transactions leave marks: number n is at n * n */
    ext_numbers numbers; /* first: the source's functions take it for theirs */
    int64_t asked_from;  /* by the last read; -1: before everything */
    int32_t (*read)(void *instance, const streamq_offset *start, const streamq_offset *end,
                    struct ArrowArrayStream *out, streamq_ext_error *error);
} jumping;

static int64_t number_of(const streamq_offset *o)
{
    int64_t v = 0;
    if (o->length)
        memcpy(&v, o->bytes, sizeof v);
    return v;
}

static void put_number(streamq_offset *o, int64_t v)
{
    o->length = sizeof v;
    memcpy(o->bytes, &v, sizeof v);
}

static int64_t root_of(int64_t square)
{
    int64_t n = 0;
    while ((n + 1) * (n + 1) <= square)
        n++;
    return n;
}

static int32_t jump_latest(void *instance, const streamq_offset *start, streamq_offset *end, streamq_ext_error *error)
{
    const jumping *j = instance;
    int64_t next = root_of(number_of(start)) + j->numbers.step;
    (void)error;
    next = next < j->numbers.until ? next : j->numbers.until;
    put_number(end, next * next);
    return 0;
}

static int32_t jump_read(void *instance, const streamq_offset *start, const streamq_offset *end,
                         struct ArrowArrayStream *out, streamq_ext_error *error)
{
    jumping *j = instance;
    streamq_offset from = {0}, to = {0};
    j->asked_from = start->length ? number_of(start) : -1;
    put_number(&from, root_of(number_of(start)));
    put_number(&to, root_of(number_of(end)));
    return j->read(instance, &from, &to, out, error);
}

static void start_jumping(restart_rig *r, jumping *j)
{
    streamq_source source = ext_numbers_source(&j->numbers);
    restart_rig_live(r);
    j->asked_from = -2;
    j->read = source.read;
    source.read = jump_read;
    source.latest = jump_latest;
    source.commit = NULL;
    ck_assert_int_eq(streamq_session_register_source(r->session, "jumping", &source, &r->error), STREAMQ_OK);
    streamq_plan_free(r->plan);
    r->plan = streamq_plan_new(r->session);
    (void)streamq_stream_alias(streamq_reader_load(streamq_read_stream(r->plan, "jumping")), "j");
    restart_rig_open(r, restart_rig_writer(r, "SELECT n FROM j", STREAMQ_APPEND, NULL));
}

START_TEST(offsets_may_have_gaps_and_start_where_the_log_ends) /* PR4, PR5 */
{
    restart_rig r;
    jumping j = {.numbers = {.until = 3, .step = 2, .take = malloc, .give = free}};
    restart_rig_begin(&r);
    start_jumping(&r, &j);
    restart_rig_run(&r);
    restart_rig_gives(&r, "0: 1, 2; 1: 3");
    restart_rig_die(&r);
    j.numbers.until = 6;
    start_jumping(&r, &j);
    restart_rig_run(&r);
    restart_rig_gives(&r, "2: 4, 5; 3: 6");
    ck_assert_int_eq(j.asked_from, 25);
    restart_rig_die(&r);
    start_jumping(&r, &j); /* nothing new: not rewound, not read */
    restart_rig_run(&r);
    restart_rig_gives(&r, "");
    ck_assert_int_eq(j.asked_from, -2);
    restart_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- a sink of the program */

static void start_with_sink(restart_rig *r, ext_numbers *x, const char *sql)
{
    streamq_sink sink = ext_numbers_sink(x);
    restart_rig_live(r);
    ck_assert_int_eq(streamq_session_register_sink(r->session, "adding", &sink, &r->error), STREAMQ_OK);
    restart_rig_open(r, restart_rig_writer(r, sql, STREAMQ_APPEND, "adding"));
}

START_TEST(a_batch_without_output_is_committed_to_the_sink) /* PR6 */
{
    restart_rig r;
    ext_numbers x = {.take = malloc, .give = free};
    static const char sql[] = "SELECT CAST(v AS BIGINT) AS n FROM t WHERE v > 5";
    restart_rig_begin(&r);
    start_with_sink(&r, &x, sql);
    restart_rig_push(&r, "(1), (2)");
    restart_rig_run(&r);
    ck_assert_int_eq(x.commits, 1);
    ck_assert_int_eq(x.sum, 0);
    start_with_sink(&r, &x, sql);
    restart_rig_push(&r, "(7)");
    restart_rig_run(&r);
    ck_assert_int_eq(x.commits, 2);
    ck_assert_int_eq(x.sum, 7);
    restart_rig_end(&r);
}
END_TEST

START_TEST(a_sink_that_fails_before_the_commit_moves_no_offset) /* PR9, PR22 */
{
    static const char *const members[] = {"sink.open", "sink.begin", "sink.write"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        restart_rig r;
        ext_numbers x = {.take = malloc, .give = free};
        restart_rig_begin(&r);
        start_with_sink(&r, &x, "SELECT CAST(v AS BIGINT) AS n FROM t");
        restart_rig_push(&r, "(1)");
        restart_rig_run(&r);
        ck_assert_int_eq(x.sum, 1);
        x.fails = members[i];
        start_with_sink(&r, &x, "SELECT CAST(v AS BIGINT) AS n FROM t");
        restart_rig_push(&r, "(2), (3)");
        if (r.query)
            restart_rig_run(&r);
        restart_rig_fails(&r, "USER_CALLBACK_FAILED", "out of sorts");
        x.fails = NULL;
        start_with_sink(&r, &x, "SELECT CAST(v AS BIGINT) AS n FROM t");
        restart_rig_push(&r, "(2), (3)");
        restart_rig_run(&r);
        ck_assert_int_eq(x.sum, 6);
        ck_assert_int_eq(x.commits, 2);
        restart_rig_end(&r);
    }
}
END_TEST

START_TEST(a_commit_that_failed_is_tried_again_with_the_rows_it_had)
{
    restart_rig r;
    ext_numbers x = {.take = malloc, .give = free};
    restart_rig_begin(&r);
    x.fails = "sink.commit";
    start_with_sink(&r, &x, "SELECT CAST(v AS BIGINT) AS n FROM t");
    restart_rig_push(&r, "(2), (3)");
    restart_rig_run(&r);
    restart_rig_fails(&r, "USER_CALLBACK_FAILED", "out of sorts");
    x.fails = NULL;
    start_with_sink(&r, &x, "SELECT CAST(v AS BIGINT) AS n FROM t");
    restart_rig_push(&r, "(2), (3)");
    restart_rig_push(&r, "(100)"); /* not in the batch that was logged */
    (void)streamq_query_step(r.query, NULL, &r.error);
    ck_assert_int_eq(x.sum, 5);
    restart_rig_run(&r);
    ck_assert_int_eq(x.sum, 105);
    restart_rig_end(&r);
}
END_TEST

START_TEST(a_batch_that_was_committed_and_not_noted_comes_again_with_its_id) /* PR7 */
{
    restart_rig r;
    restart_rig_begin(&r);
    restart_rig_start(&r, "SELECT v, count(*) FROM t GROUP BY v", STREAMQ_UPDATE);
    restart_rig_push(&r, "(1)");
    restart_rig_run(&r);
    restart_rig_push(&r, "(1), (2)");
    sqi_disk_sim_fail(r.disk, (sqi_disk_fault){.calls = SQI_DISK_BIT(SQI_DISK_WRITE), .at = 2, .code = 5});
    restart_rig_run(&r); /* the first write is the batch's record, the second says that it was delivered */
    restart_rig_fails(&r, "IO_ERROR", "/ckpt/wal-");
    restart_rig_gives(&r, "0: 1|1; 1: 1|2, 2|1");
    restart_rig_start(&r, "SELECT v, count(*) FROM t GROUP BY v", STREAMQ_UPDATE);
    restart_rig_push(&r, "(1), (2)");
    restart_rig_push(&r, "(1)");
    restart_rig_run(&r);
    restart_rig_gives(&r, "1: 1|2, 2|1; 2: 1|3");
    restart_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- states of life */

START_TEST(it_restarts_from_every_state_of_its_life) /* PR19 */
{
    static const char sql[] = "SELECT count(*) FROM t";
    restart_rig r;
    restart_rig_begin(&r);
    restart_rig_start(&r, sql, STREAMQ_COMPLETE); /* never stepped */
    restart_rig_start(&r, sql, STREAMQ_COMPLETE); /* idle */
    restart_rig_run(&r);
    restart_rig_start(&r, sql, STREAMQ_COMPLETE); /* the first row after that */
    restart_rig_push(&r, "(1)");
    restart_rig_run(&r);
    restart_rig_gives(&r, "0: 1");
    restart_rig_start(&r, sql, STREAMQ_COMPLETE); /* stopped before it has seen what waits */
    restart_rig_push(&r, "(2)");
    ck_assert_int_eq(streamq_query_stop(r.query, -1, &r.error), STREAMQ_OK);
    restart_rig_start(&r, sql, STREAMQ_COMPLETE);
    restart_rig_push(&r, "(2), (3)");
    restart_rig_run(&r);
    restart_rig_gives(&r, "1: 3");
    streamq_query_request_stop(r.query); /* asked only, then dropped */
    restart_rig_start(&r, sql, STREAMQ_COMPLETE);
    ck_assert_int_eq(streamq_query_is_active(r.query), 1);
    restart_rig_push(&r, "(4)");
    restart_rig_run(&r);
    restart_rig_gives(&r, "2: 4");
    restart_rig_end(&r);
}
END_TEST

START_TEST(ids_stay_and_run_ids_are_new)
{
    restart_rig r;
    char id[64], run[64];
    restart_rig_begin(&r);
    restart_rig_start(&r, "SELECT v FROM t", STREAMQ_APPEND);
    snprintf(id, sizeof id, "%s", streamq_query_id(r.query));
    snprintf(run, sizeof run, "%s", streamq_query_run_id(r.query));
    restart_rig_start(&r, "SELECT v FROM t", STREAMQ_APPEND);
    ck_assert_str_eq(streamq_query_id(r.query), id);
    ck_assert_str_ne(streamq_query_run_id(r.query), run);
    restart_rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_batch_that_failed_is_run_again_whole,
                                  a_global_count_goes_on_over_batches_without_rows,
                                  a_key_that_is_always_the_same_goes_on_in_other_chunks,
                                  the_number_of_threads_may_change_over_restarts,
                                  rows_that_came_while_it_was_stopped_are_read_when_it_starts,
                                  batch_ids_count_batches_and_not_ticks,
                                  a_source_that_had_nothing_yet_is_read_from_its_beginning_after_a_restart,
                                  offsets_may_have_gaps_and_start_where_the_log_ends,
                                  a_batch_without_output_is_committed_to_the_sink,
                                  a_sink_that_fails_before_the_commit_moves_no_offset,
                                  a_commit_that_failed_is_tried_again_with_the_rows_it_had,
                                  a_batch_that_was_committed_and_not_noted_comes_again_with_its_id,
                                  it_restarts_from_every_state_of_its_life,
                                  ids_stay_and_run_ids_are_new};
    return sqi_test_main("restart", tests, sizeof tests / sizeof *tests);
}
