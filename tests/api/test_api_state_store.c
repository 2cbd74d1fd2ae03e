/* A checkpoint's state as a table, with Spark's names: while the query runs, after it, from another process; old batches,
   what batches changed, and options that do not fit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api_rig.h"
#include "temp_dir.h"
#include "test_main.h"

static char dir[64];
static api_rig r;

static void begin(void)
{
    temp_dir_begin(dir);
    api_rig_begin(&r, NULL);
}

static void end(void)
{
    api_rig_end(&r);
    temp_dir_end(dir);
}

/* -------------------------------------------------------------- queries to look into */

static streamq_query *start(streamq_stream *stream, streamq_output_mode mode)
{
    streamq_writer *w = streamq_write_stream(stream, "noop");
    streamq_writer_option(w, "checkpointLocation", dir);
    streamq_writer_output_mode(w, mode);
    streamq_query *q = streamq_writer_open(w, &r.error);
    api_rig_ok(&r);
    return q;
}

static void batch(streamq_query *q, const char *lines)
{
    int32_t what;
    api_rig_push(&r, lines);
    ck_assert_int_eq(streamq_query_step(q, &what, &r.error), STREAMQ_OK);
}

static void stop(streamq_query *q)
{
    ck_assert_int_eq(streamq_query_stop(q, -1, &r.error), STREAMQ_OK);
    streamq_query_free(q);
}

/* -------------------------------------------------------------- looking */

/* Options: "name=value" with a space between them. */
static streamq_stream *load_from(streamq_plan *plan, const char *format, const char *path, const char *options)
{
    char text[300];
    streamq_reader *reader = streamq_read(plan, format);
    streamq_reader_option(reader, "path", path);
    snprintf(text, sizeof text, "%s", options);
    for (char *at = text, *option; (option = strtok_r(at, " ", &at)) != NULL;) {
        char *value = strchr(option, '=');
        *value++ = '\0';
        streamq_reader_option(reader, option, value);
    }
    return streamq_reader_load(reader);
}

static const char *look(const char *format, const char *options)
{
    static char text[1 << 16];
    streamq_plan *plan = streamq_plan_new(r.session);
    streamq_batch *b = streamq_collect(load_from(plan, format, dir, options), &r.error);
    snprintf(text, sizeof text, "%s", b ? api_rig_rows(b) : "an error");
    streamq_batch_free(b);
    streamq_plan_free(plan);
    return text;
}

static const char *state(const char *options)
{
    const char *text = look("statestore", options);
    api_rig_ok(&r);
    return text;
}

static const char *columns(const char *options)
{
    static char text[4096];
    streamq_plan *plan = streamq_plan_new(r.session);
    char *ddl = streamq_stream_schema_ddl(load_from(plan, "statestore", dir, options), &r.error);
    api_rig_ok(&r);
    snprintf(text, sizeof text, "%s", ddl);
    streamq_string_free(ddl);
    streamq_plan_free(plan);
    return text;
}

START_TEST(state_is_read_while_the_query_runs_and_after_it)
{
    begin();
    streamq_query *q = start(api_rig_counts(&r), STREAMQ_UPDATE);
    batch(q, "a b a");
    ck_assert_str_eq(columns(""), "key STRUCT<word: STRING>, value STRUCT<count: BIGINT>, partition_id INT");
    ck_assert_str_eq(state(""), "{a}|{2}|0\n{b}|{1}|0");
    batch(q, "a c");
    ck_assert_str_eq(state(""), "{a}|{3}|0\n{b}|{1}|0\n{c}|{1}|0");
    stop(q);
    ck_assert_str_eq(state(""), "{a}|{3}|0\n{b}|{1}|0\n{c}|{1}|0");
    ck_assert_str_eq(state("operatorId=0 storeName=DEFAULT joinSide=none"), "{a}|{3}|0\n{b}|{1}|0\n{c}|{1}|0");
    end();
}
END_TEST

START_TEST(state_is_a_table_like_any_other)
{
    begin();
    streamq_query *q = start(api_rig_counts(&r), STREAMQ_COMPLETE);
    batch(q, "a b a");
    streamq_plan *plan = streamq_plan_new(r.session);
    streamq_stream *s = load_from(plan, "StateStore", dir, "");
    s = streamq_select(streamq_where(s, "value.count > 1"), "upper(key.word) AS w, value.count * 10 AS n");
    streamq_batch *b = streamq_collect(s, &r.error);
    api_rig_ok(&r);
    ck_assert_str_eq(api_rig_rows(b), "A|20");
    streamq_batch_free(b);
    batch(q, "a"); /* the same plan again: what is there by now */
    b = streamq_collect(s, &r.error);
    ck_assert_str_eq(api_rig_rows(b), "A|30");
    streamq_batch_free(b);
    streamq_plan_free(plan);
    stop(q);
    end();
}
END_TEST

START_TEST(old_batches_can_be_read)
{
    begin();
    streamq_query *q = start(api_rig_counts(&r), STREAMQ_UPDATE);
    batch(q, "a b a");
    batch(q, "a c");
    for (int i = 0; i < 2; ++i) {
        ck_assert_str_eq(state("batchId=0"), "{a}|{2}|0\n{b}|{1}|0");
        ck_assert_str_eq(state("batchId=1"), "{a}|{3}|0\n{b}|{1}|0\n{c}|{1}|0");
        (void)look("statestore", "batchId=2");
        api_rig_refused(&r, "STDS_COMMITTED_BATCH_UNAVAILABLE", "no delivered batch 2; the last one is 1");
        if (i == 0)
            stop(q);
    }
    end();
}
END_TEST

START_TEST(the_changes_of_batches_can_be_read)
{
    begin();
    streamq_query *q = start(api_rig_counts(&r), STREAMQ_UPDATE);
    batch(q, "a b a");
    batch(q, "a c");
    batch(q, "b");
    stop(q);
    ck_assert_str_eq(columns("readChangeFeed=true changeStartBatchId=0"),
                     "batch_id BIGINT, change_type STRING, key STRUCT<word: STRING>, value STRUCT<count: BIGINT>, "
                     "partition_id INT");
    ck_assert_str_eq(state("readChangeFeed=true changeStartBatchId=0"),
                     "0|update|{a}|{2}|0\n0|update|{b}|{1}|0\n1|update|{a}|{3}|0\n1|update|{c}|{1}|0\n"
                     "2|update|{b}|{2}|0");
    ck_assert_str_eq(state("readChangeFeed=true changeStartBatchId=1 changeEndBatchId=1"),
                     "1|update|{a}|{3}|0\n1|update|{c}|{1}|0");
    (void)look("statestore", "readChangeFeed=true changeStartBatchId=1 changeEndBatchId=9");
    api_rig_refused(&r, "STDS_COMMITTED_BATCH_UNAVAILABLE", "no delivered batch 9");
    (void)look("statestore", "readChangeFeed=true changeStartBatchId=3");
    api_rig_refused(&r, "STDS_INVALID_OPTION_VALUE.WITH_MESSAGE", "changeStartBatchId");
    end();
}
END_TEST

/* Columns and rows of one query's state after one batch. */
static void expect(streamq_stream *stream, const char *options, const char *ddl, const char *rows)
{
    streamq_query *q = start(stream, STREAMQ_UPDATE);
    batch(q, "a 1\nb 2\na 3");
    ck_assert_str_eq(columns(options), ddl);
    ck_assert_str_eq(state(options), rows);
    stop(q);
}

START_TEST(aggregates_are_shown_as_they_would_leave)
{
    begin();
    streamq_stream *s = streamq_select(r.lines, "split(value, ' ')[0] AS w, int(split(value, ' ')[1]) AS n");
    expect(streamq_agg(streamq_group_by(s, "w"), "sum(n) AS total, avg(n), max(n), collect_list(n)"), "",
           "key STRUCT<w: STRING>, value STRUCT<sum: BIGINT, avg: DOUBLE, max: INT, collect_list: ARRAY<INT>>, "
           "partition_id INT",
           "{a}|{4, 2.0, 3, [1, 3]}|0\n{b}|{2, 2.0, 2, [2]}|0");
    end();
}
END_TEST

START_TEST(two_of_one_kind_have_the_names_of_the_query)
{
    begin();
    streamq_stream *s = streamq_select(r.lines, "split(value, ' ')[0] AS w, int(split(value, ' ')[1]) AS n");
    expect(
        streamq_agg(streamq_group_by(s, "upper(w)"), "count(n), count(w), min(n)"), "operatorId=0",
        "key STRUCT<`upper(w)`: STRING>, value STRUCT<`count(n)`: BIGINT, `count(w)`: BIGINT, min: INT>, partition_id "
        "INT",
        "{A}|{2, 2, 1}|0\n{B}|{1, 1, 2}|0");
    end();
}
END_TEST

START_TEST(a_grouping_without_keys_has_one_row)
{
    begin();
    expect(streamq_agg(streamq_group_by(r.lines, ""), "count(*)"), "",
           "key STRUCT<>, value STRUCT<count: BIGINT>, partition_id INT", "{}|{3}|0");
    end();
}
END_TEST

START_TEST(deduplication_keeps_keys_with_a_dummy)
{
    begin();
    streamq_query *q = start(streamq_drop_duplicates(r.lines, "value"), STREAMQ_APPEND);
    batch(q, "a\nb\na");
    batch(q, "c\nb");
    ck_assert_str_eq(columns(""), "key STRUCT<value: STRING>, value STRUCT<__dummy__: VOID>, partition_id INT");
    ck_assert_str_eq(state(""), "{a}|{null}|0\n{b}|{null}|0\n{c}|{null}|0");
    ck_assert_str_eq(state("readChangeFeed=true changeStartBatchId=1"), "1|update|{c}|{null}|0");
    stop(q);
    end();
}
END_TEST

START_TEST(a_limit_keeps_how_many_rows_came)
{
    begin();
    streamq_query *q = start(streamq_limit(r.lines, 2), STREAMQ_APPEND);
    batch(q, "a");
    ck_assert_str_eq(columns(""), "key STRUCT<key: VOID>, value STRUCT<value: BIGINT>, partition_id INT");
    ck_assert_str_eq(state(""), "{null}|{1}|0");
    batch(q, "b\nc");
    ck_assert_str_eq(state(""), "{null}|{2}|0");
    stop(q);
    end();
}
END_TEST

START_TEST(operators_are_listed_and_read_by_number)
{
    begin();
    streamq_stream *words = streamq_drop_duplicates(r.lines, "value");
    streamq_query *q = start(streamq_count(streamq_group_by(words, "upper(value) AS u")), STREAMQ_UPDATE);
    ck_assert_str_eq(look("state-metadata", ""),
                     "0|stateStoreSave|default|1|-1|-1|NULL\n1|dedupe|default|1|-1|-1|NULL");
    batch(q, "a\nA\na");
    batch(q, "b");
    ck_assert_str_eq(look("state-metadata", ""), "0|stateStoreSave|default|1|0|1|NULL\n1|dedupe|default|1|0|1|NULL");
    api_rig_ok(&r);
    ck_assert_str_eq(state("operatorId=0"), "{A}|{2}|0\n{B}|{1}|0");
    ck_assert_str_eq(state("operatorId=1"), "{A}|{null}|0\n{a}|{null}|0\n{b}|{null}|0");
    (void)look("statestore", "operatorId=2");
    api_rig_refused(&r, "STDS_FAILED_TO_READ_STATE_SCHEMA", "no stateful operator 2; it has 2");
    (void)look("statestore", "operatorId=99999999999");
    api_rig_refused(&r, "STDS_FAILED_TO_READ_STATE_SCHEMA", "no stateful operator");
    stop(q);
    end();
}
END_TEST

START_TEST(a_query_without_state_has_no_operators)
{
    begin();
    streamq_query *q = start(r.lines, STREAMQ_APPEND);
    batch(q, "a");
    stop(q);
    ck_assert_str_eq(look("state-metadata", ""), "");
    (void)look("statestore", "");
    api_rig_refused(&r, "STDS_FAILED_TO_READ_STATE_SCHEMA", "it has 0");
    end();
}
END_TEST

START_TEST(before_the_first_batch_there_is_nothing_to_read)
{
    begin();
    (void)look("statestore", "");
    api_rig_refused(&r, "STDS_COMMITTED_BATCH_UNAVAILABLE", "there is no checkpoint in ");
    (void)look("state-metadata", "");
    api_rig_refused(&r, "STDS_COMMITTED_BATCH_UNAVAILABLE", "there is no checkpoint in ");
    streamq_query *q = start(api_rig_counts(&r), STREAMQ_UPDATE);
    (void)look("statestore", "");
    api_rig_refused(&r, "STDS_COMMITTED_BATCH_UNAVAILABLE", "has no delivered batch yet");
    stop(q);
    end();
}
END_TEST

START_TEST(options_that_do_not_fit_are_named)
{
    static const struct {
        const char *options, *condition, *text;
    } wrong[] = {
        {"batchId=-1", "STDS_INVALID_OPTION_VALUE.IS_NEGATIVE", "'batchId' is -1"},
        {"batchId=x", "INVALID_OPTION_VALUE", "batchId"},
        {"operatorId=-1", "STDS_INVALID_OPTION_VALUE.IS_NEGATIVE", "'operatorId' is -1"},
        {"storeName=x", "STDS_INVALID_OPTION_VALUE.WITH_MESSAGE", "storeName"},
        {"storeName=", "STDS_INVALID_OPTION_VALUE.IS_EMPTY", "storeName"},
        {"joinSide=left", "UNSUPPORTED_FEATURE", "joinSide"},
        {"joinSide=top", "STDS_INVALID_OPTION_VALUE.WITH_MESSAGE", "left, right, none"},
        {"snapshotStartBatchId=0 snapshotPartitionId=0", "UNSUPPORTED_FEATURE", "snapshotStartBatchId"},
        {"readChangeFeed=maybe", "INVALID_OPTION_VALUE", "readChangeFeed"},
        {"readChangeFeed=true", "STDS_REQUIRED_OPTION_UNSPECIFIED", "changeStartBatchId"},
        {"readChangeFeed=true changeStartBatchId=-1", "STDS_INVALID_OPTION_VALUE.IS_NEGATIVE", "changeStartBatchId"},
        {"readChangeFeed=true changeStartBatchId=1 changeEndBatchId=0", "STDS_INVALID_OPTION_VALUE.WITH_MESSAGE",
         "changeEndBatchId"},
        {"readChangeFeed=true changeStartBatchId=0 batchId=0", "STDS_CONFLICT_OPTIONS", "batchId"},
        {"changeStartBatchId=0", "STDS_INVALID_OPTION_VALUE.WITH_MESSAGE", "readChangeFeed"},
        {"changeEndBatchId=0", "STDS_INVALID_OPTION_VALUE.WITH_MESSAGE", "readChangeFeed"},
        {"batchID=0 batches=1", "UNKNOWN_OPTION", "batches"},
        {"path=", "STDS_INVALID_OPTION_VALUE.IS_EMPTY", "path"},
    };
    begin();
    streamq_query *q = start(api_rig_counts(&r), STREAMQ_UPDATE);
    batch(q, "a");
    stop(q);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        (void)look("statestore", wrong[i].options);
        api_rig_refused(&r, wrong[i].condition, wrong[i].text);
    }
    (void)look("state-metadata", "batchId=0");
    api_rig_refused(&r, "UNKNOWN_OPTION", "batchId");
    end();
}
END_TEST

START_TEST(a_reader_needs_a_path_and_takes_neither_schema_nor_stream)
{
    begin();
    for (int i = 0; i < 4; ++i) {
        static const char *const want[] = {"STDS_REQUIRED_OPTION_UNSPECIFIED", "STDS_REQUIRED_OPTION_UNSPECIFIED",
                                           "INVALID_ARGUMENT", "UNSUPPORTED_FEATURE"};
        streamq_plan *plan = streamq_plan_new(r.session);
        streamq_reader *reader =
            i < 3 ? streamq_read(plan, i ? "statestore" : "state-metadata") : streamq_read_stream(plan, "statestore");
        if (i > 1)
            streamq_reader_option(reader, "path", dir);
        if (i == 2)
            streamq_reader_schema(reader, "a INT");
        ck_assert_ptr_null(streamq_collect(streamq_reader_load(reader), &r.error));
        api_rig_refused(&r, want[i], "");
        streamq_plan_free(plan);
    }
    end();
}
END_TEST

START_TEST(a_path_may_be_a_file_uri)
{
    char uri[100];
    begin();
    streamq_query *q = start(api_rig_counts(&r), STREAMQ_UPDATE);
    batch(q, "a");
    stop(q);
    snprintf(uri, sizeof uri, "file://%s", dir);
    streamq_plan *plan = streamq_plan_new(r.session);
    streamq_batch *b = streamq_collect(load_from(plan, "statestore", uri, ""), &r.error);
    api_rig_ok(&r);
    ck_assert_str_eq(api_rig_rows(b), "{a}|{1}|0");
    streamq_batch_free(b);
    streamq_plan_free(plan);
    end();
}
END_TEST

START_TEST(another_process_reads_what_runs_here)
{
    begin();
    streamq_query *q = start(api_rig_counts(&r), STREAMQ_UPDATE);
    batch(q, "a b a");
    pid_t child = fork();
    if (child == 0) {
        streamq_session *session = streamq_session_new(NULL);
        streamq_plan *plan = streamq_plan_new(session);
        streamq_batch *b = streamq_collect(load_from(plan, "statestore", dir, ""), NULL);
        _exit(b && strcmp(api_rig_rows(b), "{a}|{2}|0\n{b}|{1}|0") == 0 ? 0 : 1);
    }
    int how;
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    ck_assert_int_eq(how, 0);
    batch(q, "b"); /* and it goes on here */
    ck_assert_str_eq(state(""), "{a}|{2}|0\n{b}|{2}|0");
    stop(q);
    end();
}
END_TEST

/* A query whose log is begun anew again and again, with a thread of its own. */
static streamq_query *run_fast(streamq_plan *plan)
{
    streamq_reader *reader = streamq_read_stream(plan, "rate-micro-batch");
    streamq_reader_option(reader, "rowsPerBatch", "4000");
    streamq_stream *s = streamq_select(streamq_reader_load(reader), "value % 20000 AS k, repeat('x', 200) AS pad");
    streamq_writer *w = streamq_write_stream(streamq_count(streamq_group_by(s, "k, pad")), "noop");
    streamq_writer_option(w, "checkpointLocation", dir);
    streamq_writer_output_mode(w, STREAMQ_UPDATE);
    streamq_query *q = streamq_writer_start(w, &r.error);
    api_rig_ok(&r);
    return q;
}

START_TEST(files_that_go_while_they_are_read_do_not_matter)
{
    begin();
    ck_assert_int_eq(streamq_session_set(r.session, "spark.sql.streaming.minBatchesToRetain", "1", &r.error), 0);
    streamq_plan *plan = streamq_plan_new(r.session);
    streamq_query *q = run_fast(plan);
    int reads = 0;
    for (int i = 0; i < 2000 && reads < 25; ++i) {
        streamq_batch *b = streamq_collect(
            streamq_select(load_from(plan, "statestore", dir, ""), "value.count AS n, key.k AS k"), &r.error);
        if (!b) { /* not begun yet */
            api_rig_refused(&r, "STDS_COMMITTED_BATCH_UNAVAILABLE", "");
            streamq_plan_free(plan);
            plan = streamq_plan_new(r.session);
            usleep(1000);
            continue;
        }
        int64_t sum = 0;
        for (size_t k = 0; k < streamq_batch_rows(b); ++k)
            sum += streamq_batch_get_int64(b, k, 0);
        ck_assert_int_gt(sum, 0);
        ck_assert_int_eq(sum % 4000, 0); /* whole batches, nothing between them */
        streamq_batch_free(b);
        ++reads;
    }
    ck_assert_int_eq(reads, 25);
    ck_assert_int_eq(streamq_query_is_active(q), 1);
    stop(q);
    streamq_plan_free(plan);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {state_is_read_while_the_query_runs_and_after_it,
                                  state_is_a_table_like_any_other,
                                  old_batches_can_be_read,
                                  the_changes_of_batches_can_be_read,
                                  aggregates_are_shown_as_they_would_leave,
                                  two_of_one_kind_have_the_names_of_the_query,
                                  a_grouping_without_keys_has_one_row,
                                  deduplication_keeps_keys_with_a_dummy,
                                  a_limit_keeps_how_many_rows_came,
                                  operators_are_listed_and_read_by_number,
                                  a_query_without_state_has_no_operators,
                                  before_the_first_batch_there_is_nothing_to_read,
                                  options_that_do_not_fit_are_named,
                                  a_reader_needs_a_path_and_takes_neither_schema_nor_stream,
                                  a_path_may_be_a_file_uri,
                                  another_process_reads_what_runs_here,
                                  files_that_go_while_they_are_read_do_not_matter};
    return sqi_test_main("api_state_store", tests, sizeof tests / sizeof *tests);
}
