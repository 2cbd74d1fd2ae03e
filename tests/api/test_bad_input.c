/* What a hostile or careless program or peer may do: a clear error or a defined result each time, and quickly. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <streamq_arrow.h>
#include <streamq_ext.h>
#include <string.h>

#include "api_rig.h"
#include "loopback.h"
#include "test_main.h"

/* Text repeated, between a head and a tail; freed by the caller. */
static char *repeated(const char *head, const char *part, size_t times, const char *tail)
{
    size_t n = strlen(part), at = strlen(head);
    char *text = malloc(at + n * times + strlen(tail) + 1);
    ck_assert_ptr_nonnull(text);
    memcpy(text, head, at);
    for (size_t i = 0; i < times; ++i, at += n)
        memcpy(text + at, part, n);
    strcpy(text + at, tail);
    return text;
}

static streamq_batch *ask(api_rig *r, const char *sql)
{
    streamq_plan *plan = streamq_plan_new(r->session);
    streamq_batch *b = streamq_collect(streamq_sql(plan, sql), &r->error);
    streamq_plan_free(plan);
    return b;
}

static void assert_answer(api_rig *r, const char *sql, const char *rows)
{
    streamq_batch *b = ask(r, sql);
    api_rig_ok(r);
    ck_assert_str_eq(api_rig_rows(b), rows);
    streamq_batch_free(b);
}

/* -------------------------------------------------------------- handles */

static void refuse(streamq_error **error)
{
    ck_assert_ptr_nonnull(*error);
    const char *condition = streamq_error_condition(*error);
    ck_assert_msg(!strcmp(condition, "INVALID_HANDLE") || !strcmp(condition, "INVALID_ARGUMENT"), "%s", condition);
    streamq_error_free(*error);
    *error = NULL;
}

#define INVALID(call)                                \
    do {                                             \
        ck_assert_int_eq(call, STREAMQ_ERR_INVALID); \
        refuse(&e);                                  \
    } while (0)
#define NOTHING(call)             \
    do {                          \
        ck_assert_ptr_null(call); \
        refuse(&e);               \
    } while (0)

static int32_t no_batch(void *user, int64_t id, streamq_batch *batch)
{
    (void)user, (void)id, (void)batch;
    return 0;
}
static int32_t no_row(void *user, int64_t id, streamq_batch *batch, size_t row)
{
    (void)user, (void)id, (void)batch, (void)row;
    return 0;
}
static int32_t no_text(void *user, const char *text, size_t n)
{
    (void)user, (void)text, (void)n;
    return 0;
}
static void no_event(void *user, int32_t event, const char *json, size_t n)
{
    (void)user, (void)event, (void)json, (void)n;
}

/* Every function that takes one, with something that is none. */
static void call_session_functions(void *bad)
{
    streamq_error *e = NULL;
    INVALID(streamq_config_set(bad, "a", "b", &e));
    INVALID(streamq_config_allocator(bad, NULL, &e));
    streamq_config_log(bad, NULL, NULL);
    streamq_config_free(bad);
    streamq_session_free(bad);
    INVALID(streamq_session_set(bad, "a", "b", &e));
    ck_assert_ptr_null(streamq_session_get(bad, "spark.sql.ansi.enabled"));
    ck_assert_uint_eq(streamq_session_memory(bad, NULL), 0);
    ck_assert_uint_eq(streamq_session_query_count(bad), 0);
    ck_assert_ptr_null(streamq_session_find_query(bad, "q"));
    INVALID(streamq_session_await_any(bad, 0, &e));
    streamq_session_reset_terminated(bad);
    ck_assert_int_eq(streamq_session_add_listener(bad, no_event, NULL), 0);
    streamq_session_remove_listener(bad, 1);
    INVALID(streamq_session_register_source(bad, "f", NULL, &e));
    INVALID(streamq_session_register_sink(bad, "f", NULL, &e));
    INVALID(streamq_session_register_function(bad, NULL, &e));
    INVALID(streamq_session_register_aggregate(bad, NULL, &e));
    ck_assert_ptr_null(streamq_plan_new(bad));
    NOTHING(streamq_feed_new(bad, "value STRING", &e));
}

static void call_plan_functions(void *bad)
{
    streamq_error *e = NULL;
    streamq_plan_free(bad);
    ck_assert_ptr_null(streamq_plan_error(bad));
    INVALID(streamq_plan_set_null(bad, "n", &e));
    INVALID(streamq_plan_set_bool(bad, "n", 1, &e));
    INVALID(streamq_plan_set_int64(bad, "n", 1, &e));
    INVALID(streamq_plan_set_double(bad, "n", 1, &e));
    INVALID(streamq_plan_set_string(bad, "n", "s", -1, &e));
    NOTHING(streamq_plan_explain(bad, NULL, &e));
    ck_assert_ptr_null(streamq_read_stream(bad, "socket"));
    ck_assert_ptr_null(streamq_read(bad, "memory"));
    streamq_reader_option(bad, "a", "b");
    streamq_reader_schema(bad, "a INT");
    streamq_reader_feed(bad, NULL);
    ck_assert_ptr_null(streamq_reader_load(bad));
    ck_assert_ptr_null(streamq_sql(bad, "SELECT 1"));
    NOTHING(streamq_stream_schema(bad, &e));
    NOTHING(streamq_stream_schema_ddl(bad, &e));
    NOTHING(streamq_collect(bad, &e));
    struct ArrowArrayStream out;
    INVALID(streamq_collect_arrow(bad, &out, &e));
}

static void call_stream_functions(void *bad)
{
    streamq_expr *list[] = {bad};
    ck_assert_ptr_null(streamq_select(bad, "a"));
    ck_assert_ptr_null(streamq_where(bad, "a"));
    ck_assert_ptr_null(streamq_with_column(bad, "a", "1"));
    ck_assert_ptr_null(streamq_sort(bad, "a"));
    ck_assert_ptr_null(streamq_limit(bad, 1));
    ck_assert_ptr_null(streamq_distinct(bad));
    ck_assert_ptr_null(streamq_drop_duplicates(bad, NULL));
    ck_assert_ptr_null(streamq_union(bad, bad));
    ck_assert_ptr_null(streamq_drop(bad, "a"));
    ck_assert_ptr_null(streamq_rename(bad, "a", "b"));
    ck_assert_ptr_null(streamq_stream_alias(bad, "a"));
    ck_assert_ptr_null(streamq_group_by(bad, "a"));
    ck_assert_ptr_null(streamq_count(bad));
    ck_assert_ptr_null(streamq_agg(bad, "count(*)"));
    ck_assert_ptr_null(streamq_sum(bad, "a"));
    ck_assert_ptr_null(streamq_avg(bad, "a"));
    ck_assert_ptr_null(streamq_min(bad, "a"));
    ck_assert_ptr_null(streamq_max(bad, "a"));
    ck_assert_ptr_null(streamq_select_exprs(bad, list, 1));
    ck_assert_ptr_null(streamq_where_expr(bad, bad));
    ck_assert_ptr_null(streamq_with_column_expr(bad, "a", bad));
    ck_assert_ptr_null(streamq_group_by_exprs(bad, list, 1));
    ck_assert_ptr_null(streamq_agg_exprs(bad, list, 1));
    ck_assert_ptr_null(streamq_sort_exprs(bad, list, 1));
    ck_assert_ptr_null(streamq_write_stream(bad, "noop"));
}

static void call_expr_functions(void *bad)
{
    streamq_expr *list[] = {bad};
    ck_assert_ptr_null(streamq_col(bad, "a"));
    ck_assert_ptr_null(streamq_expr_text(bad, "a"));
    ck_assert_ptr_null(streamq_lit_null(bad));
    ck_assert_ptr_null(streamq_lit_bool(bad, 1));
    ck_assert_ptr_null(streamq_lit_int32(bad, 1));
    ck_assert_ptr_null(streamq_lit_int64(bad, 1));
    ck_assert_ptr_null(streamq_lit_double(bad, 1));
    ck_assert_ptr_null(streamq_lit_string(bad, "a", 1));
    ck_assert_ptr_null(streamq_call(bad, "upper", list, 1));
    ck_assert_ptr_null(streamq_cast(bad, "INT"));
    ck_assert_ptr_null(streamq_as(bad, "a"));
    ck_assert_ptr_null(streamq_asc(bad));
    ck_assert_ptr_null(streamq_desc(bad));
    ck_assert_ptr_null(streamq_explode(bad));
    ck_assert_ptr_null(streamq_split(bad, " "));
}

static void call_query_functions(void *bad)
{
    streamq_error *e = NULL;
    streamq_writer_option(bad, "a", "b");
    streamq_writer_output_mode(bad, STREAMQ_APPEND);
    streamq_writer_query_name(bad, "a");
    streamq_writer_trigger_interval(bad, "1 second");
    streamq_writer_trigger_once(bad);
    streamq_writer_trigger_available_now(bad);
    streamq_writer_foreach_batch(bad, no_batch, NULL);
    streamq_writer_foreach(bad, no_row, NULL);
    streamq_writer_console(bad, no_text, NULL);
    NOTHING(streamq_writer_start(bad, &e));
    NOTHING(streamq_writer_open(bad, &e));
    INVALID(streamq_query_step(bad, NULL, &e));
    ck_assert_int_eq(streamq_query_fd(bad), -1);
    ck_assert_ptr_null(streamq_query_next_batch(bad, NULL));
    INVALID(streamq_query_stop(bad, 0, &e));
    streamq_query_request_stop(bad);
    INVALID(streamq_query_await_termination(bad, 0, &e));
    INVALID(streamq_query_process_all_available(bad, 0, &e));
    ck_assert_int_eq(streamq_query_is_active(bad), 0);
    (void)streamq_query_id(bad), (void)streamq_query_run_id(bad);
    ck_assert_ptr_null(streamq_query_name(bad));
    ck_assert_ptr_null(streamq_query_exception(bad));
    ck_assert_ptr_null(streamq_query_status(bad));
    ck_assert_ptr_null(streamq_query_last_progress(bad));
    ck_assert_ptr_null(streamq_query_recent_progress(bad));
    ck_assert_ptr_null(streamq_query_explain(bad, NULL));
    streamq_query_free(bad);
}

static void call_batch_functions(void *bad)
{
    streamq_error *e = NULL;
    struct ArrowArray array;
    struct ArrowSchema schema;
    size_t n = 7;
    ck_assert_ptr_null(streamq_batch_ref(bad));
    streamq_batch_free(bad);
    ck_assert_uint_eq(streamq_batch_rows(bad), 0);
    ck_assert_uint_eq(streamq_batch_columns(bad), 0);
    (void)streamq_batch_column_name(bad, 0), (void)streamq_batch_column_type(bad, 0);
    ck_assert_int_eq(streamq_batch_is_null(bad, 0, 0), 1);
    ck_assert_int_eq(streamq_batch_get_int64(bad, 0, 0), 0);
    ck_assert(streamq_batch_get_double(bad, 0, 0) == 0);
    ck_assert_ptr_null(streamq_batch_get_string(bad, 0, 0, &n));
    ck_assert_ptr_null(streamq_batch_get_text(bad, 0, 0));
    ck_assert_ptr_null(streamq_batch_show(bad, 20, 20));
    INVALID(streamq_batch_export(bad, &array, &schema, &e));
}

static void call_feed_functions(void *bad)
{
    streamq_error *e = NULL;
    struct ArrowArray array = {0};
    struct ArrowSchema schema = {0};
    streamq_feed_free(bad);
    streamq_feed_capacity(bad, 1, 1);
    INVALID(streamq_feed_push_lines(bad, "a", -1, &e));
    INVALID(streamq_feed_lend_lines(bad, "a", -1, NULL, NULL, &e));
    INVALID(streamq_feed_push_sql(bad, "('a')", &e));
    INVALID(streamq_feed_push_arrow(bad, &array, &schema, &e));
    streamq_feed_add_null(bad);
    streamq_feed_add_bool(bad, 1);
    streamq_feed_add_int64(bad, 1);
    streamq_feed_add_double(bad, 1);
    streamq_feed_add_string(bad, "a", -1);
    INVALID(streamq_feed_flush(bad, &e));
    INVALID(streamq_feed_wait(bad, 1, 0, &e));
    streamq_feed_close(bad);
}

static void call_every_function(void *bad)
{
    call_session_functions(bad);
    call_plan_functions(bad);
    call_stream_functions(bad);
    call_expr_functions(bad);
    call_query_functions(bad);
    call_batch_functions(bad);
    call_feed_functions(bad);
    streamq_error_free(NULL);
    streamq_string_free(NULL);
}

START_TEST(null_and_foreign_handles_are_refused_by_every_function)
{
    uint64_t zeros[64] = {0}, noise[64];
    memset(noise, 0xA5, sizeof noise);
    call_every_function(NULL);
    call_every_function(zeros);
    call_every_function(noise);
    ck_assert_int_eq(streamq_error_status(NULL), STREAMQ_OK);
    ck_assert_str_eq(streamq_error_message(NULL), "");
}
END_TEST

START_TEST(handles_of_a_wrong_kind_are_refused)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_writer *w = streamq_write_stream(r.lines, "noop");
    streamq_query *q = streamq_writer_open(w, &r.error);
    streamq_batch *b = ask(&r, "SELECT 1");
    void *const handles[] = {
        r.session, r.plan, r.lines, r.feed, w, q, b, streamq_col(r.plan, "value"), streamq_group_by(r.lines, NULL)};
    enum { SESSION, PLAN, STREAM, FEED, WRITER, QUERY, BATCH, EXPR, GROUPED };
    for (size_t i = 0; i < sizeof handles / sizeof *handles; ++i) {
        if (i != SESSION)
            call_session_functions(handles[i]);
        if (i != PLAN && i != STREAM)
            call_plan_functions(handles[i]);
        if (i != STREAM && i != GROUPED)
            call_stream_functions(handles[i]);
        if (i != PLAN && i != EXPR)
            call_expr_functions(handles[i]);
        if (i != WRITER && i != QUERY)
            call_query_functions(handles[i]);
        if (i != BATCH)
            call_batch_functions(handles[i]);
        if (i != FEED)
            call_feed_functions(handles[i]);
    }
    streamq_batch_free(b);
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

START_TEST(an_ended_query_answers_and_takes_no_steps)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_query *q = streamq_writer_open(streamq_write_stream(r.lines, "pull"), &r.error);
    ck_assert_int_eq(streamq_query_stop(q, -1, &r.error), STREAMQ_OK);
    ck_assert_int_eq(streamq_query_stop(q, -1, &r.error), STREAMQ_OK);
    int32_t what = -1;
    ck_assert_int_eq(streamq_query_step(q, &what, &r.error), STREAMQ_OK);
    ck_assert_int_eq(what, STREAMQ_STEP_FINISHED);
    ck_assert_int_eq(streamq_query_await_termination(q, -1, &r.error), STREAMQ_OK);
    ck_assert_ptr_null(streamq_query_next_batch(q, NULL));
    ck_assert_ptr_null(streamq_query_exception(q));
    char *status = streamq_query_status(q);
    ck_assert_ptr_nonnull(strstr(status, "Stopped"));
    streamq_string_free(status);
    streamq_query_free(q);
    streamq_feed_close(r.feed);
    ck_assert_int_eq(streamq_feed_push_lines(r.feed, "late", -1, &r.error), STREAMQ_ERR_STATE);
    streamq_error_free(r.error);
    r.error = NULL;
    api_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- builders, options, names */

START_TEST(the_first_error_of_a_plan_wins_and_shows_the_place)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_stream *s = streamq_select(r.lines, "upper(valeu) AS v");
    s = streamq_where(streamq_limit(streamq_select(s, "1 +"), -4), "nothing like this");
    streamq_writer *w = streamq_write_stream(s, "consol");
    streamq_writer_trigger_interval(w, "soon");
    ck_assert_ptr_null(streamq_writer_start(w, &r.error));
    size_t begin = 0, end = 0;
    ck_assert_int_eq(streamq_error_position(r.error, &begin, &end), 1);
    ck_assert_uint_eq(begin, 6);
    ck_assert_uint_eq(end, 11);
    ck_assert_ptr_nonnull(strstr(streamq_error_message(r.error), "value"));
    api_rig_refused(&r, "UNRESOLVED_COLUMN.WITH_SUGGESTION", "      ^^^^^");
    ck_assert_ptr_nonnull(streamq_plan_error(r.plan));
    api_rig_end(&r);
}
END_TEST

static void assert_start_refused(const char *format, const char *option, const char *value, int32_t mode,
                                 const char *interval, const char *condition, const char *part)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_writer *w = streamq_write_stream(r.lines, format);
    if (option)
        streamq_writer_option(w, option, value);
    streamq_writer_output_mode(w, mode);
    if (interval)
        streamq_writer_trigger_interval(w, interval);
    ck_assert_ptr_null(streamq_writer_start(w, &r.error));
    api_rig_refused(&r, condition, part);
    api_rig_end(&r);
}

START_TEST(misspelt_formats_options_modes_and_intervals_are_named)
{
    assert_start_refused("consol", NULL, NULL, 0, NULL, "UNKNOWN_SINK", "console");
    assert_start_refused("", NULL, NULL, 0, NULL, "UNKNOWN_SINK", "there is no sink");
    assert_start_refused("console", "numRow", "5", 0, NULL, "UNKNOWN_OPTION", "numRows");
    assert_start_refused("console", "numRows", "five", 0, NULL, "INVALID_OPTION_VALUE", "numRows");
    assert_start_refused("pull", "capacity", "99999999999999999999", 0, NULL, "INVALID_OPTION_VALUE", "capacity");
    assert_start_refused("noop", NULL, NULL, 3, NULL, "INVALID_ARGUMENT", "output mode 3");
    assert_start_refused("noop", NULL, NULL, -1, NULL, "INVALID_ARGUMENT", "output mode -1");
    static const char *const intervals[] = {
        "", "soon", "-1 second", "1 fortnight", "99999999999999999999 days", "1 second x"};
    for (size_t i = 0; i < sizeof intervals / sizeof *intervals; ++i)
        assert_start_refused("noop", NULL, NULL, 0, intervals[i], "INVALID_OPTION_VALUE", "trigger interval");
}
END_TEST

/* -------------------------------------------------------------- text */

START_TEST(malformed_bytes_and_nul_in_lines_are_kept_and_shown)
{
    static const char lines[] = "a\xff"
                                "b\nx\0y\n\xed\xa0\x80\n";
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_query *q = streamq_writer_open(
        streamq_write_stream(streamq_select(r.lines, "value, length(value), hex(value)"), "pull"), &r.error);
    ck_assert_int_eq(streamq_feed_push_lines(r.feed, lines, sizeof lines - 1, &r.error), STREAMQ_OK);
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &r.error), STREAMQ_OK);
    streamq_batch *b = streamq_query_next_batch(q, NULL);
    size_t n = 0;
    ck_assert_uint_eq(streamq_batch_rows(b), 3);
    const char *nul = streamq_batch_get_string(b, 1, 0, &n);
    ck_assert(n == 3 && memcmp(nul, "x\0y", 3) == 0);
    ck_assert_int_eq(streamq_batch_get_int64(b, 1, 1), 3);
    char *shown = streamq_batch_show(b, 20, 0);
    ck_assert_ptr_nonnull(strstr(shown, "a\xEF\xBF\xBD"
                                        "b"));
    streamq_string_free(shown);
    streamq_batch_free(b);
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

START_TEST(nul_in_literals_and_parameters_is_a_byte_like_others)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    assert_answer(&r, "SELECT hex('a\\0b'), length('a\\0b'), 'a\\0b' = 'a', hex(upper('a\\u0000b'))",
                  "610062|3|false|410042");
    streamq_plan *plan = streamq_plan_new(r.session);
    ck_assert_int_eq(streamq_plan_set_string(plan, "p", "a\0b", 3, &r.error), STREAMQ_OK);
    streamq_batch *b = streamq_collect(streamq_sql(plan, "SELECT hex(:p), :p || 'c' = 'a\\0bc'"), &r.error);
    api_rig_ok(&r);
    ck_assert_str_eq(api_rig_rows(b), "610062|true");
    streamq_batch_free(b);
    ck_assert_int_eq(streamq_plan_set_string(plan, "p", "a", -2, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_ARGUMENT", "length");
    streamq_plan_free(plan);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_line_of_a_hundred_megabytes_goes_through)
{
    enum { LENGTH = 100 * 1000 * 1000 };
    char *line = malloc(LENGTH);
    api_rig r;
    api_rig_begin(&r, NULL);
    memset(line, 'x', LENGTH);
    streamq_query *q =
        streamq_writer_open(streamq_write_stream(streamq_select(r.lines, "length(value)"), "pull"), &r.error);
    ck_assert_int_eq(streamq_feed_push_lines(r.feed, line, LENGTH, &r.error), STREAMQ_OK);
    free(line);
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &r.error), STREAMQ_OK);
    streamq_batch *b = streamq_query_next_batch(q, NULL);
    ck_assert_int_eq(streamq_batch_get_int64(b, 0, 0), LENGTH);
    streamq_batch_free(b);
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

START_TEST(a_line_without_end_from_a_socket_stops_at_the_limit)
{
    sqi_loopback peer;
    api_rig r;
    api_rig_begin(&r, NULL);
    sqi_loopback_open(&peer);
    streamq_reader *reader = streamq_read_stream(r.plan, "socket");
    streamq_reader_option(reader, "host", "127.0.0.1");
    streamq_reader_option(reader, "port", peer.port);
    streamq_reader_option(reader, "maxLineBytes", "64k");
    streamq_query *q = streamq_writer_open(streamq_write_stream(streamq_reader_load(reader), "noop"), &r.error);
    api_rig_ok(&r);
    int32_t what;
    ck_assert_int_eq(streamq_query_step(q, &what, &r.error), STREAMQ_OK); /* connects */
    sqi_loopback_accept(&peer);
    static char bytes[16384];
    memset(bytes, 'x', sizeof bytes);
    streamq_status status = STREAMQ_OK;
    for (int i = 0; i < 1000 && status == STREAMQ_OK; ++i) { /* a sender that would go on to a gigabyte */
        sqi_loopback_send_bytes(&peer, bytes, sizeof bytes);
        status = streamq_query_step(q, &what, &r.error);
    }
    ck_assert_int_eq(status, STREAMQ_ERR_LIMIT);
    api_rig_refused(&r, "LIMIT_EXCEEDED", "maxLineBytes");
    size_t peak = 0;
    (void)streamq_session_memory(r.session, &peak);
    ck_assert_uint_le(peak, 1 << 20);
    streamq_query_free(q);
    sqi_loopback_close(&peer);
    api_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- SQL that is too much */

/* An answer or a clear error: anything but a crash. Gives the condition, "" for an answer. */
static const char *outcome_of(api_rig *r, char *sql)
{
    static char condition[80];
    streamq_batch *b = ask(r, sql);
    ck_assert((b != NULL) != (r->error != NULL));
    snprintf(condition, sizeof condition, "%s", streamq_error_condition(r->error));
    streamq_error_free(r->error);
    r->error = NULL;
    streamq_batch_free(b);
    free(sql);
    return condition;
}

START_TEST(expressions_nested_too_deep_are_refused)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    char *open = repeated("SELECT ", "(", 10000, "1"), *both = repeated(open, ")", 10000, "");
    free(open);
    ck_assert_str_eq(outcome_of(&r, both), "FAILED_TO_PARSE_TOO_COMPLEX");
    ck_assert_str_eq(outcome_of(&r, repeated("SELECT ", "NOT ", 100000, "true")), "FAILED_TO_PARSE_TOO_COMPLEX");
    ck_assert_str_eq(outcome_of(&r, repeated("SELECT ", "- ", 100000, "1")), "FAILED_TO_PARSE_TOO_COMPLEX");
    ck_assert_str_eq(outcome_of(&r, repeated("SELECT CAST(NULL AS ", "ARRAY<", 10000, "INT")),
                     "FAILED_TO_PARSE_TOO_COMPLEX");
    ck_assert_str_eq(outcome_of(&r, repeated("SELECT * FROM ", "(SELECT * FROM ", 10000, "t")),
                     "FAILED_TO_PARSE_TOO_COMPLEX");
    char *array = repeated("SELECT ", "array(", 10000, "1"), *closed = repeated(array, ")", 10000, "");
    free(array);
    ck_assert_str_eq(outcome_of(&r, closed), "FAILED_TO_PARSE_TOO_COMPLEX");
    ck_assert_str_eq(outcome_of(&r, repeated("SELECT ", "CASE WHEN true THEN ", 10000, "1")),
                     "FAILED_TO_PARSE_TOO_COMPLEX");
    api_rig_end(&r);
}
END_TEST

START_TEST(long_lists_are_answered_or_refused)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    const char *columns = outcome_of(&r, repeated("SELECT 0", ", 1", 100000, ""));
    ck_assert_msg(!*columns || !strcmp(columns, "FAILED_TO_PARSE_TOO_COMPLEX"), "%s", columns);
    const char *terms =
        outcome_of(&r, repeated("SELECT 1 FROM VALUES (1) AS t(a) WHERE a = 1", " OR a = 2", 100000, ""));
    ck_assert_msg(!*terms || !strcmp(terms, "FAILED_TO_PARSE_TOO_COMPLEX"), "%s", terms);
    const char *in = outcome_of(&r, repeated("SELECT 1 FROM VALUES (1) AS t(a) WHERE a IN (0", ", 1", 100000, ")"));
    ck_assert_msg(!*in || !strcmp(in, "FAILED_TO_PARSE_TOO_COMPLEX"), "%s", in);
    const char *rows = outcome_of(&r, repeated("VALUES (0)", ", (1)", 100000, ""));
    ck_assert_msg(!*rows || !strcmp(rows, "FAILED_TO_PARSE_TOO_COMPLEX"), "%s", rows);
    api_rig_end(&r);
}
END_TEST

START_TEST(numbers_of_any_length_are_answered_or_refused)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    ck_assert_str_ne(outcome_of(&r, repeated("SELECT ", "9", 100000, "")), "");
    ck_assert_str_ne(outcome_of(&r, repeated("SELECT 1e", "9", 100000, "")), "");
    ck_assert_str_ne(outcome_of(&r, repeated("SELECT CAST('", "9", 100000, "' AS INT)")), "");
    ck_assert_str_ne(outcome_of(&r, repeated("SELECT CAST('", "9", 100000, "' AS DECIMAL(38, 0))")), "");
    ck_assert_str_ne(outcome_of(&r, repeated("SELECT repeat('", "x", 10, "', 2000000000)")), "");
    assert_answer(&r, "SELECT CAST('1e999999999' AS DOUBLE)", "Infinity");
    api_rig_end(&r);
}
END_TEST

START_TEST(a_text_of_64_megabytes_is_answered_or_refused)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    const char *blank = outcome_of(&r, repeated("SELECT 1", " ", 64 << 20, ""));
    ck_assert_msg(!*blank || !strcmp(blank, "FAILED_TO_PARSE_TOO_COMPLEX"), "%s", blank);
    const char *text = outcome_of(&r, repeated("SELECT length('", "x", 64 << 20, "')"));
    ck_assert_msg(!*text || !strcmp(text, "FAILED_TO_PARSE_TOO_COMPLEX"), "%s", text);
    ck_assert_str_ne(outcome_of(&r, repeated("SELECT ", "\xff", 1 << 20, "")), "");
    ck_assert_str_ne(outcome_of(&r, repeated("SELECT '", "x", 1 << 20, "")), "");
    ck_assert_str_ne(outcome_of(&r, repeated("/* ", "/* ", 1 << 20, "")), "");
    api_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- callbacks */

static int32_t refuse_second(void *user, int64_t id, streamq_batch *batch)
{
    (void)batch;
    ++*(int *)user;
    return id == 1 ? 42 : 0;
}

START_TEST(a_callback_that_fails_ends_its_query_only)
{
    api_rig r;
    int calls = 0;
    api_rig_begin(&r, NULL);
    streamq_writer *w = streamq_write_stream(r.lines, "foreachBatch");
    streamq_writer_foreach_batch(w, refuse_second, &calls);
    streamq_query *q = streamq_writer_open(w, &r.error),
                  *other = streamq_writer_open(streamq_write_stream(r.lines, "noop"), &r.error);
    api_rig_push(&r, "a");
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &r.error), STREAMQ_OK);
    api_rig_push(&r, "b");
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &r.error), STREAMQ_ERR_USER);
    api_rig_refused(&r, "USER_CALLBACK_FAILED", "42");
    ck_assert_int_eq(streamq_query_step(q, NULL, &r.error), STREAMQ_ERR_USER);
    api_rig_refused(&r, "USER_CALLBACK_FAILED", "42");
    ck_assert_int_eq(calls, 2);
    ck_assert_int_eq(streamq_query_is_active(q), 0);
    ck_assert_int_eq(streamq_query_process_all_available(other, -1, &r.error), STREAMQ_OK);
    streamq_query_free(q);
    streamq_query_free(other);
    api_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- Arrow arrays that lie */

typedef struct lie {
    struct ArrowSchema schema, column, *columns[1];
    struct ArrowArray array, child, *children[1];
    const void *none[1], *buffers[3];
} lie;

static void forget_schema(struct ArrowSchema *s)
{
    s->release = NULL;
}
static void forget_array(struct ArrowArray *a)
{
    a->release = NULL;
}

/* Three BIGINT values in a struct array. */
static void tell(lie *l)
{
    static const int64_t values[3] = {1, 2, 3};
    memset(l, 0, sizeof *l);
    l->column =
        (struct ArrowSchema){.format = "l", .name = "n", .flags = ARROW_FLAG_NULLABLE, .release = forget_schema};
    l->columns[0] = &l->column;
    l->schema = (struct ArrowSchema){
        .format = "+s", .name = "", .n_children = 1, .children = l->columns, .release = forget_schema};
    l->buffers[1] = values;
    l->child = (struct ArrowArray){.length = 3, .n_buffers = 2, .buffers = l->buffers, .release = forget_array};
    l->children[0] = &l->child;
    l->array = (struct ArrowArray){.length = 3,
                                   .n_buffers = 1,
                                   .buffers = l->none,
                                   .n_children = 1,
                                   .children = l->children,
                                   .release = forget_array};
}

static void spoil(lie *l, int how)
{
    switch (how) {
    case 0:
        l->array.length = -1;
        break;
    case 1:
        l->child.length = -3;
        break;
    case 2:
        l->child.length = 2;
        break; /* shorter than its parent */
    case 3:
        l->array.offset = -1;
        break;
    case 4:
        l->child.offset = INT64_MAX;
        break;
    case 5:
        l->array.length = INT64_MAX;
        break;
    case 6:
        l->array.n_children = 0;
        break;
    case 7:
        l->array.children = NULL;
        break;
    case 8:
        l->children[0] = NULL;
        break;
    case 9:
        l->schema.n_children = INT64_MAX;
        break;
    case 10:
        l->column.format = "z!";
        break;
    case 11:
        l->column.format = NULL;
        break;
    case 12:
        l->child.n_buffers = 1;
        break;
    case 13:
        l->child.buffers = NULL;
        break;
    case 14:
        l->buffers[1] = NULL;
        break;
    case 15:
        l->child.null_count = 2;
        break; /* nulls without a bitmap */
    case 16:
        l->column.format = "+l";
        break; /* a list without its child */
    case 17:
        l->column.format = "d:99,1";
        break;
    case 18:
        l->schema.format = "u";
        break;
    case 19:
        l->column.format = "u";
        break; /* text without its bytes */
    case 20:
        l->schema.children = NULL;
        break;
    case 21:
        l->schema.release = NULL;
        break;
    case 22:
        l->array.release = NULL;
        break;
    case 23:
        l->array.n_children = -1;
        break;
    default:
        break;
    }
}
enum { SPOILT = 24 };

START_TEST(arrow_arrays_that_lie_are_refused)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_feed *feed = streamq_feed_new(r.session, "n BIGINT", &r.error);
    for (int how = 0; how < SPOILT; ++how) {
        lie l;
        tell(&l);
        spoil(&l, how);
        streamq_status status = streamq_feed_push_arrow(feed, &l.array, &l.schema, &r.error);
        ck_assert_msg(status != STREAMQ_OK && r.error, "lie %d is believed", how);
        ck_assert_msg(status != STREAMQ_ERR_INTERNAL && status != STREAMQ_ERR_NOMEM, "lie %d: %s", how,
                      streamq_error_message(r.error));
        ck_assert_msg(!l.array.release && !l.schema.release, "lie %d is not released", how);
        streamq_error_free(r.error);
        r.error = NULL;
    }
    lie truth;
    tell(&truth);
    ck_assert_int_eq(streamq_feed_push_arrow(feed, &truth.array, &truth.schema, &r.error), STREAMQ_OK);
    streamq_feed_free(feed);
    api_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- memory */

START_TEST(a_memory_limit_ends_the_query_and_leaves_the_session_usable)
{
    api_rig r;
    streamq_config *config = streamq_config_new();
    ck_assert_int_eq(streamq_config_set(config, "streamq.memory.limit", "4m", NULL), STREAMQ_OK);
    api_rig_begin(&r, config);
    streamq_config_free(config);
    streamq_writer *w = streamq_write_stream(api_rig_counts(&r), "noop");
    streamq_writer_output_mode(w, STREAMQ_UPDATE);
    streamq_query *q = streamq_writer_open(w, &r.error);
    api_rig_ok(&r);
    streamq_status status = STREAMQ_OK;
    for (int i = 0; i < 2000 && status == STREAMQ_OK; ++i) {
        char words[4096];
        size_t n = 0;
        for (int k = 0; k < 100; ++k)
            n += (size_t)snprintf(words + n, sizeof words - n, "a_long_word_number_%d_%d\n", i, k);
        status = streamq_feed_push_lines(r.feed, words, (int64_t)n, &r.error);
        if (status == STREAMQ_OK)
            status = streamq_query_process_all_available(q, -1, &r.error);
    }
    ck_assert_msg(status == STREAMQ_ERR_NOMEM || status == STREAMQ_ERR_LIMIT, "%s", streamq_error_message(r.error));
    streamq_error_free(r.error);
    r.error = NULL;
    size_t peak = 0;
    (void)streamq_session_memory(r.session, &peak);
    ck_assert_uint_le(peak, 4 << 20);
    ck_assert_int_eq(streamq_query_is_active(q), 0);
    streamq_query_free(q);
    assert_answer(&r, "SELECT 1 + 1", "2");
    api_rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {null_and_foreign_handles_are_refused_by_every_function,
                                  handles_of_a_wrong_kind_are_refused,
                                  an_ended_query_answers_and_takes_no_steps,
                                  the_first_error_of_a_plan_wins_and_shows_the_place,
                                  misspelt_formats_options_modes_and_intervals_are_named,
                                  malformed_bytes_and_nul_in_lines_are_kept_and_shown,
                                  nul_in_literals_and_parameters_is_a_byte_like_others,
                                  a_line_of_a_hundred_megabytes_goes_through,
                                  a_line_without_end_from_a_socket_stops_at_the_limit,
                                  expressions_nested_too_deep_are_refused,
                                  long_lists_are_answered_or_refused,
                                  numbers_of_any_length_are_answered_or_refused,
                                  a_text_of_64_megabytes_is_answered_or_refused,
                                  a_callback_that_fails_ends_its_query_only,
                                  arrow_arrays_that_lie_are_refused,
                                  a_memory_limit_ends_the_query_and_leaves_the_session_usable};
    return sqi_test_main("bad input", tests, sizeof tests / sizeof *tests);
}
