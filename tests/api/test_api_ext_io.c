/* Sources and sinks of the program: a whole query between them, failures of each member, what registration refuses. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "ext_numbers.h"
#include "test_main.h"

static ext_numbers counting(int64_t until, int64_t step)
{
    return (ext_numbers){.until = until, .step = step, .take = malloc, .give = free};
}

static streamq_status add_source(api_rig *r, const char *format, ext_numbers *x)
{
    streamq_source source = ext_numbers_source(x);
    x->made++;
    return streamq_session_register_source(r->session, format, &source, &r->error);
}

static streamq_status add_sink(api_rig *r, const char *format, ext_numbers *x)
{
    streamq_sink sink = ext_numbers_sink(x);
    x->made++;
    return streamq_session_register_sink(r->session, format, &sink, &r->error);
}

static void assert_all_came_back(const ext_numbers *x)
{
    ck_assert_int_eq(x->destroyed, x->made);
    ck_assert_int_eq(x->closed, x->opened);
    ck_assert_int_eq(x->let_go, x->handed_out);
}

/* A rig with both registered under "numbers"; a plan sees what was registered before it. */
static streamq_plan *begin(api_rig *r, ext_numbers *from, ext_numbers *to)
{
    api_rig_begin(r, NULL);
    ck_assert_int_eq(add_source(r, "numbers", from), STREAMQ_OK);
    ck_assert_int_eq(add_sink(r, "numbers", to), STREAMQ_OK);
    return streamq_plan_new(r->session);
}

static streamq_query *open_numbers(api_rig *r, streamq_plan *plan)
{
    streamq_stream *n = streamq_reader_load(streamq_read_stream(plan, "numbers"));
    return streamq_writer_open(streamq_write_stream(streamq_where(n, "n % 2 = 1"), "numbers"), &r->error);
}

START_TEST(a_query_runs_from_the_programs_source_to_its_sink)
{
    api_rig r;
    ext_numbers from = counting(10, 4), to = counting(0, 0);
    streamq_plan *plan = begin(&r, &from, &to);
    streamq_query *q = open_numbers(&r, plan);
    api_rig_ok(&r);
    static const int64_t sums[] = {1 + 3, 1 + 3 + 5 + 7, 1 + 3 + 5 + 7 + 9};
    for (int i = 0; i < 3; ++i) {
        ck_assert_int_eq(streamq_query_step(q, NULL, &r.error), STREAMQ_OK);
        ck_assert_int_eq(to.sum, sums[i]);
    }
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &r.error), STREAMQ_OK);
    ck_assert_int_eq(to.commits, 3);
    ck_assert_int_eq(to.aborts, 0);
    streamq_query_free(q);
    ck_assert_int_eq(from.forgotten, 10);
    ck_assert_int_eq(from.opened, 1);
    ck_assert_int_eq(to.opened, 1);
    streamq_plan_free(plan);
    api_rig_end(&r);
    assert_all_came_back(&from);
    assert_all_came_back(&to);
}
END_TEST

START_TEST(a_bounded_read_of_the_programs_source_is_one_range)
{
    api_rig r;
    ext_numbers from = counting(10, 4), to = counting(0, 0);
    streamq_plan *plan = begin(&r, &from, &to);
    streamq_stream *n = streamq_reader_load(streamq_read(plan, "numbers"));
    streamq_batch *b = streamq_collect(streamq_agg(streamq_group_by(n, "n % 2 AS odd"), "sum(n)"), &r.error);
    api_rig_ok(&r);
    ck_assert_str_eq(api_rig_rows(b), "0|6\n1|4");
    streamq_batch_free(b);
    streamq_plan_free(plan);
    api_rig_end(&r);
    assert_all_came_back(&from);
}
END_TEST

/* The member that fails, and how it is named in the message. */
static const struct member {
    const char *fails, *name;
    bool starts; /* the query could be opened */
} members[] = {{"schema", "source 'numbers': schema", false}, {"open", "source 'numbers': open", false},
               {"latest", "source 'numbers': latest", true},  {"read", "source 'numbers': read", true},
               {"sink.open", "sink 'numbers': open", false},  {"sink.begin", "sink 'numbers': begin", true},
               {"sink.write", "sink 'numbers': write", true}, {"sink.commit", "sink 'numbers': commit", true}};

START_TEST(a_member_that_fails_ends_the_query_with_its_reason)
{
    const struct member *m = &members[_i];
    api_rig r;
    ext_numbers from = counting(10, 4), to = counting(0, 0);
    from.fails = to.fails = m->fails;
    streamq_plan *plan = begin(&r, &from, &to);
    streamq_query *q = open_numbers(&r, plan);
    ck_assert_int_eq(q != NULL, m->starts);
    if (q) {
        ck_assert_int_ne(streamq_query_step(q, NULL, &r.error), STREAMQ_OK);
        ck_assert_int_eq(streamq_query_is_active(q), 0);
        ck_assert_int_eq(to.commits, 0);
        streamq_query_free(q);
    }
    api_rig_refused(&r, "USER_CALLBACK_FAILED", m->name);
    ck_assert_int_eq(to.sum, 0);
    streamq_plan_free(plan);
    api_rig_end(&r);
    assert_all_came_back(&from);
    assert_all_came_back(&to);
}
END_TEST

START_TEST(a_name_that_is_taken_is_refused)
{
    api_rig r;
    ext_numbers x = counting(1, 1);
    streamq_plan *plan = begin(&r, &x, &x);
    static const char *const sources[] = {"numbers", "NUMBERS", "socket", "rate", "memory"};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; ++i) {
        ck_assert_int_eq(add_source(&r, sources[i], &x), STREAMQ_ERR_STATE);
        api_rig_refused(&r, "CALL_OUT_OF_ORDER", "there is a source");
    }
    static const char *const sinks[] = {"numbers", "Numbers", "console", "foreachBatch", "noop"};
    for (size_t i = 0; i < sizeof sinks / sizeof *sinks; ++i) {
        ck_assert_int_eq(add_sink(&r, sinks[i], &x), STREAMQ_ERR_STATE);
        api_rig_refused(&r, "CALL_OUT_OF_ORDER", "there is a sink");
    }
    ck_assert_int_eq(x.destroyed, 10);
    ck_assert_int_eq(add_source(&r, "console", &x), STREAMQ_OK); /* sources and sinks do not share names */
    streamq_plan_free(plan);
    api_rig_end(&r);
    assert_all_came_back(&x);
}
END_TEST

START_TEST(a_name_that_is_none_is_refused)
{
    api_rig r;
    ext_numbers x = counting(1, 1);
    char *huge = malloc(1001);
    memset(huge, 'a', 1000);
    huge[1000] = '\0';
    const char *const names[] = {NULL, "", huge, "a b", "\xff"};
    api_rig_begin(&r, NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        ck_assert_int_eq(add_source(&r, names[i], &x), STREAMQ_ERR_INVALID);
        api_rig_refused(&r, "INVALID_ARGUMENT", "source");
        ck_assert_int_eq(add_sink(&r, names[i], &x), STREAMQ_ERR_INVALID);
        api_rig_refused(&r, "INVALID_ARGUMENT", "sink");
    }
    api_rig_end(&r);
    free(huge);
    assert_all_came_back(&x);
}
END_TEST

START_TEST(a_table_without_its_members_is_refused)
{
    api_rig r;
    ext_numbers x = counting(1, 1);
    api_rig_begin(&r, NULL);
    for (int missing = 0; missing < 4; ++missing) {
        streamq_source s = ext_numbers_source(&x);
        x.made++;
        s.schema = missing == 0 ? NULL : s.schema;
        s.open = missing == 1 ? NULL : s.open;
        s.latest = missing == 2 ? NULL : s.latest;
        s.read = missing == 3 ? NULL : s.read;
        ck_assert_int_eq(streamq_session_register_source(r.session, "s", &s, &r.error), STREAMQ_ERR_INVALID);
        api_rig_refused(&r, "INVALID_ARGUMENT", "schema, open, latest and read");
    }
    for (int missing = 0; missing < 3; ++missing) {
        streamq_sink s = ext_numbers_sink(&x);
        x.made++;
        s.open = missing == 0 ? NULL : s.open;
        s.write = missing == 1 ? NULL : s.write;
        s.commit = missing == 2 ? NULL : s.commit;
        ck_assert_int_eq(streamq_session_register_sink(r.session, "s", &s, &r.error), STREAMQ_ERR_INVALID);
        api_rig_refused(&r, "INVALID_ARGUMENT", "open, write and commit");
    }
    ck_assert_int_eq(x.destroyed, 7);
    streamq_source unsized = ext_numbers_source(&x); /* of no known size: not even `destroy` is read */
    unsized.struct_size = 0;
    ck_assert_int_eq(streamq_session_register_source(r.session, "s", &unsized, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_ARGUMENT", "struct_size");
    streamq_sink longer = ext_numbers_sink(&x);
    longer.struct_size += 8;
    ck_assert_int_eq(streamq_session_register_sink(r.session, "s", &longer, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_ARGUMENT", "struct_size");
    api_rig_end(&r);
    assert_all_came_back(&x);
}
END_TEST

START_TEST(members_that_may_be_missing_are_not_missed)
{
    api_rig r;
    ext_numbers x = counting(3, 2);
    streamq_source from = ext_numbers_source(&x);
    streamq_sink to = ext_numbers_sink(&x);
    from.destroy = NULL;
    from.commit = NULL;
    from.close = NULL;
    to.destroy = NULL;
    to.begin = NULL;
    to.abort = NULL;
    to.close = NULL;
    api_rig_begin(&r, NULL);
    ck_assert_int_eq(streamq_session_register_source(r.session, "numbers", &from, &r.error), STREAMQ_OK);
    ck_assert_int_eq(streamq_session_register_sink(r.session, "numbers", &to, &r.error), STREAMQ_OK);
    streamq_plan *plan = streamq_plan_new(r.session);
    streamq_query *q = open_numbers(&r, plan);
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &r.error), STREAMQ_OK);
    ck_assert_int_eq(x.sum, 1 + 3);
    x.until = 5;
    x.fails = "sink.write";
    ck_assert_int_ne(streamq_query_process_all_available(q, -1, &r.error), STREAMQ_OK);
    api_rig_refused(&r, "USER_CALLBACK_FAILED", "out of sorts");
    streamq_query_free(q);
    streamq_plan_free(plan);
    api_rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_query_runs_from_the_programs_source_to_its_sink,
                                  a_bounded_read_of_the_programs_source_is_one_range,
                                  a_name_that_is_taken_is_refused,
                                  a_name_that_is_none_is_refused,
                                  a_table_without_its_members_is_refused,
                                  members_that_may_be_missing_are_not_missed};
    const TTest *const each[] = {a_member_that_fails_ends_the_query_with_its_reason};
    return sqi_test_main_each("api_ext_io", tests, sizeof tests / sizeof *tests, each, 1,
                              (int)(sizeof members / sizeof *members));
}
