/* Sessions: settings, memory, parameters, explain, errors, readers and writers that are refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "test_main.h"

START_TEST(settings_are_read_and_changed_by_sparks_names)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    char *zone = streamq_session_get(r.session, "spark.sql.session.timezone");
    ck_assert_str_eq(zone, "UTC");
    streamq_string_free(zone);
    ck_assert_int_eq(streamq_session_set(r.session, "spark.sql.session.timeZone", "America/New_York", &r.error),
                     STREAMQ_OK);
    streamq_plan *plan = streamq_plan_new(r.session);
    streamq_batch *b =
        streamq_collect(streamq_sql(plan, "SELECT CAST(TIMESTAMP '2024-07-01 12:00:00Z' AS STRING)"), &r.error);
    api_rig_ok(&r);
    ck_assert_str_eq(api_rig_rows(b), "2024-07-01 08:00:00");
    streamq_batch_free(b);
    streamq_plan_free(plan);
    ck_assert_int_eq(streamq_session_set(r.session, "spark.sql.session.timeZone", "Mars/Base", &r.error),
                     STREAMQ_ERR_DATA);
    api_rig_refused(&r, "INVALID_TIMEZONE", "Mars/Base");
    ck_assert_int_eq(streamq_session_set(r.session, "spark.sql.ansi.enable", "false", &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "UNKNOWN_OPTION", "spark.sql.ansi.enabled");
    ck_assert_int_eq(streamq_session_set(r.session, "streamq.chunkRows", "0", &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_OPTION_VALUE", "streamq.chunkRows");
    ck_assert_ptr_null(streamq_session_get(r.session, "no.such.setting"));
    api_rig_end(&r);
}
END_TEST

START_TEST(a_config_gives_settings_log_and_allocator)
{
    streamq_error *error = NULL;
    streamq_config *c = streamq_config_new();
    ck_assert_int_eq(streamq_config_set(c, "spark.sql.ansi.enabled", "false", &error), STREAMQ_OK);
    ck_assert_int_eq(streamq_config_set(c, "spark.sql.ansi.enabled", "perhaps", &error), STREAMQ_ERR_INVALID);
    streamq_error_free(error);
    error = NULL;
    streamq_allocator none = {0};
    ck_assert_int_eq(streamq_config_allocator(c, &none, &error), STREAMQ_ERR_INVALID);
    streamq_error_free(error);
    api_rig r;
    api_rig_begin(&r, c);
    streamq_config_free(c);
    streamq_batch *b = streamq_collect(
        streamq_sql(r.plan, "SELECT sum(v), array(1)[5] FROM VALUES (9223372036854775807), (1) AS t(v)"), &r.error);
    api_rig_ok(&r);
    ck_assert_str_eq(api_rig_rows(b), "-9223372036854775808|NULL");
    streamq_batch_free(b);
    api_rig_end(&r);
}
END_TEST

START_TEST(memory_is_counted_and_limited)
{
    streamq_config *c = streamq_config_new();
    ck_assert_int_eq(streamq_config_set(c, "streamq.memory.limit", "4m", NULL), STREAMQ_OK);
    api_rig r;
    api_rig_begin(&r, c);
    streamq_config_free(c);
    size_t peak, used = streamq_session_memory(r.session, &peak);
    ck_assert_uint_gt(used, 0);
    ck_assert_uint_ge(peak, used);
    ck_assert_ptr_null(streamq_collect(streamq_sql(r.plan, "SELECT explode(sequence(1, 10000000)) AS x"), &r.error));
    ck_assert_int_eq(streamq_error_status(r.error), STREAMQ_ERR_NOMEM);
    api_rig_refused(&r, "OUT_OF_MEMORY", "");
    streamq_plan_free(r.plan); /* and what it folded */
    r.plan = streamq_plan_new(r.session);
    streamq_batch *b = streamq_collect(streamq_sql(r.plan, "SELECT 1"), &r.error); /* the session goes on */
    api_rig_ok(&r);
    ck_assert_str_eq(api_rig_rows(b), "1");
    streamq_batch_free(b);
    (void)streamq_session_memory(r.session, &peak);
    ck_assert_uint_le(peak, 4u << 20);
    api_rig_end(&r);
}
END_TEST

START_TEST(parameters_are_values_not_text)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    ck_assert_int_eq(streamq_plan_set_string(r.plan, "tag", "' OR true --", -1, &r.error), STREAMQ_OK);
    ck_assert_int_eq(streamq_plan_set_int64(r.plan, "n", 41, &r.error), STREAMQ_OK);
    ck_assert_int_eq(streamq_plan_set_double(r.plan, "d", 0.5, &r.error), STREAMQ_OK);
    ck_assert_int_eq(streamq_plan_set_bool(r.plan, "b", 1, &r.error), STREAMQ_OK);
    ck_assert_int_eq(streamq_plan_set_null(r.plan, "z", &r.error), STREAMQ_OK);
    ck_assert_int_eq(streamq_plan_set_int64(r.plan, "n", 42, &r.error), STREAMQ_OK);
    streamq_batch *b =
        streamq_collect(streamq_sql(r.plan, "SELECT :tag, :n, :d, :b, :z IS NULL, typeof(:n)"), &r.error);
    api_rig_ok(&r);
    ck_assert_str_eq(api_rig_rows(b), "' OR true --|42|0.5|true|true|bigint");
    streamq_batch_free(b);
    ck_assert_int_eq(streamq_plan_set_string(r.plan, "", "x", -1, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_ARGUMENT", "name");
    ck_assert_int_eq(streamq_plan_set_string(r.plan, "x", NULL, -1, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_ARGUMENT", "streamq_plan_set_null");
    (void)streamq_sql(r.plan, "SELECT :missing");
    ck_assert_str_eq(streamq_error_condition(streamq_plan_error(r.plan)), "UNBOUND_SQL_PARAMETER");
    api_rig_end(&r);
}
END_TEST

START_TEST(explain_shows_the_plans)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    char *text = streamq_plan_explain(streamq_sort(api_rig_counts(&r), "count DESC"), "extended", &r.error);
    api_rig_ok(&r);
    const char *const parts[] = {"== Analyzed Logical Plan ==", "== Optimized Logical Plan ==",
                                 "== Physical Plan ==",         "Aggregate",
                                 "explode(split(value",         "Sort"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i)
        ck_assert_msg(strstr(text, parts[i]) != NULL, "%s is not in\n%s", parts[i], text);
    streamq_string_free(text);
    text = streamq_plan_explain(streamq_limit(streamq_sort(api_rig_counts(&r), "count DESC"), 2), "simple", &r.error);
    api_rig_ok(&r);
    ck_assert_str_eq(text, "== Physical Plan ==\n"
                           "Project [word#2, count(1)#3 AS count#4]\n"
                           "+- Sort [count(1)#3 DESC NULLS LAST], true, first 2\n"
                           "   +- HashAggregate(keys=[col#1], functions=[count(1)]), candidates for the first 2\n"
                           "      +- Generate explode(split(value#0,  )), false, [col#1]\n"
                           "         +- MicroBatchScan memory, [value#0]\n");
    streamq_string_free(text);
    text = streamq_plan_explain(streamq_union(streamq_limit(r.lines, 2), streamq_distinct(r.lines)), NULL, &r.error);
    api_rig_ok(&r);
    ck_assert_str_eq(text, "== Physical Plan ==\n"
                           "Union\n"
                           ":- Limit 2, over all batches\n"
                           ":  +- MicroBatchScan memory, [value#0]\n"
                           "+- HashAggregate(keys=[value#1], functions=[])\n"
                           "   +- MicroBatchScan memory, [value#1]\n");
    streamq_string_free(text);
    text = streamq_plan_explain(r.lines, NULL, &r.error);
    ck_assert_ptr_null(strstr(text, "Analyzed"));
    streamq_string_free(text);
    ck_assert_ptr_null(streamq_plan_explain(r.lines, "cost", &r.error));
    api_rig_refused(&r, "INVALID_ARGUMENT", "extended");
    api_rig_end(&r);
}
END_TEST

/* Each of these makes one mistake; the plan (or start) tells it. */
static void misuse(api_rig *r, int i)
{
    streamq_reader *reader = streamq_read_stream(r->plan, i == 0 ? "sockets" : i == 4 ? "memory" : "socket");
    streamq_reader_option(reader, i == 1 ? "hots" : "host", "localhost");
    if (i != 2)
        streamq_reader_option(reader, "port", i == 3 ? "many" : "9999");
    if (i == 5)
        streamq_reader_schema(reader, "value");
    streamq_stream *s = streamq_reader_load(reader);
    streamq_writer *w = streamq_write_stream(i < 6 ? s : r->lines, i == 6    ? "consol"
                                                                   : i == 7  ? "memory"
                                                                   : i == 12 ? "foreach"
                                                                             : "console");
    if (i == 8)
        streamq_writer_option(w, "numRow", "5");
    if (i == 9)
        streamq_writer_output_mode(w, 3);
    if (i == 10)
        streamq_writer_trigger_interval(w, "soon");
    if (i == 11)
        streamq_writer_option(w, "checkpointLocation", "s3://bucket/x");
    ck_assert_ptr_null(streamq_writer_start(w, &r->error));
}

START_TEST(misspelt_formats_and_options_name_the_candidates)
{
    const struct {
        const char *condition, *text;
    } want[] = {{"UNKNOWN_SOURCE", "socket"},
                {"UNKNOWN_OPTION", "host"},
                {"MISSING_OPTION", "port"},
                {"INVALID_OPTION_VALUE", "port"},
                {"UNKNOWN_OPTION", ""},
                {"PARSE_SYNTAX_ERROR", ""},
                {"UNKNOWN_SINK", "console"},
                {"MISSING_OPTION", "query_name"},
                {"UNKNOWN_OPTION", "numRows"},
                {"INVALID_ARGUMENT", "STREAMQ_UPDATE"},
                {"INVALID_OPTION_VALUE", "10 seconds"},
                {"INVALID_OPTION_VALUE", "s3://bucket/x"},
                {"MISSING_OPTION", "callback"}};
    for (int i = 0; i < (int)(sizeof want / sizeof *want); ++i) {
        api_rig r;
        api_rig_begin(&r, NULL);
        misuse(&r, i);
        ck_assert_msg(strcmp(streamq_error_condition(r.error), want[i].condition) == 0, "mistake %d: %s", i,
                      streamq_error_message(r.error));
        api_rig_refused(&r, want[i].condition, want[i].text);
        api_rig_end(&r);
    }
}
END_TEST

START_TEST(two_active_queries_cannot_share_a_name)
{
    api_rig r;
    api_rig_begin(&r, NULL);
    streamq_writer *w = streamq_write_stream(r.lines, "noop");
    streamq_writer_query_name(w, "one");
    streamq_query *q = streamq_writer_open(w, &r.error);
    ck_assert_str_eq(streamq_query_name(q), "one");
    ck_assert_ptr_null(streamq_writer_open(w, &r.error));
    ck_assert_int_ne(streamq_error_status(r.error), STREAMQ_OK);
    streamq_error_free(r.error);
    r.error = NULL;
    streamq_query_free(q);
    q = streamq_writer_open(w, &r.error);
    api_rig_ok(&r);
    streamq_query_free(q);
    api_rig_end(&r);
}
END_TEST

START_TEST(errors_and_frees_take_null)
{
    ck_assert_int_eq(streamq_error_status(NULL), STREAMQ_OK);
    ck_assert_str_eq(streamq_error_condition(NULL), "");
    ck_assert_str_eq(streamq_error_sqlstate(NULL), "");
    ck_assert_str_eq(streamq_error_message(NULL), "");
    ck_assert_str_eq(streamq_error_hint(NULL), "");
    ck_assert_int_eq(streamq_error_position(NULL, NULL, NULL), 0);
    ck_assert_int_eq(streamq_error_is_retriable(NULL), 0);
    streamq_error_free(NULL), streamq_string_free(NULL), streamq_config_free(NULL), streamq_session_free(NULL);
    streamq_plan_free(NULL), streamq_query_free(NULL), streamq_batch_free(NULL), streamq_feed_free(NULL);
    ck_assert_str_eq(streamq_version(), STREAMQ_VERSION);
    ck_assert_ptr_nonnull(strstr(streamq_features(), "pcre2"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {settings_are_read_and_changed_by_sparks_names,
                                  a_config_gives_settings_log_and_allocator,
                                  memory_is_counted_and_limited,
                                  parameters_are_values_not_text,
                                  explain_shows_the_plans,
                                  misspelt_formats_and_options_name_the_candidates,
                                  two_active_queries_cannot_share_a_name,
                                  errors_and_frees_take_null};
    return sqi_test_main("api_session", tests, sizeof tests / sizeof *tests);
}
