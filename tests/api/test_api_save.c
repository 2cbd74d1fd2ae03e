/* Writers of files through the public API: streams into folders, bounded plans saved, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "temp_dir.h"
#include "test_main.h"

static api_rig r;
static char home[64], path[128], text[4096];

static void begin(void)
{
    api_rig_begin(&r, NULL);
    temp_dir_begin(home);
    snprintf(path, sizeof path, "%s/out", home);
}

static void end(void)
{
    api_rig_end(&r);
    temp_dir_end(home);
}

/* What a shell command says about the folder, which is $OUT. */
static const char *shell(const char *command)
{
    setenv("OUT", path, 1);
    FILE *from = popen(command, "r");
    ck_assert_ptr_nonnull(from);
    size_t n = fread(text, 1, sizeof text - 1, from);
    text[n] = '\0';
    pclose(from);
    return text;
}

static streamq_writer *writer_of(streamq_stream *stream, const char *format)
{
    char checkpoint[160];
    streamq_writer *w = streamq_write_stream(stream, format);
    snprintf(checkpoint, sizeof checkpoint, "%s.checkpoint", path);
    streamq_writer_option(w, "path", path);
    streamq_writer_option(w, "checkpointLocation", checkpoint);
    return w;
}

static void run(streamq_writer *w)
{
    streamq_query *q = streamq_writer_open(w, &r.error);
    api_rig_ok(&r);
    streamq_query_process_all_available(q, -1, &r.error);
    api_rig_ok(&r);
    streamq_query_free(q);
}

static void refused(streamq_writer *w, const char *condition, const char *word)
{
    ck_assert_ptr_null(streamq_writer_open(w, &r.error));
    api_rig_refused(&r, condition, word);
}

START_TEST(a_stream_goes_into_files_exactly_once)
{
    begin();
    api_rig_push(&r, "a b\nc");
    run(writer_of(streamq_select(r.lines, "explode(split(value, ' ')) AS word"), "text"));
    ck_assert_str_eq(shell("cat $OUT/part-*"), "a\nb\nc\n");
    ck_assert_str_eq(shell("ls $OUT/_spark_metadata"), "0\n");
    api_rig_push(&r, "d");
    run(writer_of(streamq_select(r.lines, "explode(split(value, ' ')) AS word"), "text"));
    ck_assert_str_eq(shell("cat $OUT/part-* | sort | tr -d '\\n'"), "abcd");
    ck_assert_str_eq(shell("ls $OUT/_spark_metadata"), "0\n1\n");
    end();
}
END_TEST

START_TEST(partition_columns_become_folders)
{
    begin();
    api_rig_push(&r, "a b a");
    streamq_writer *w = writer_of(
        streamq_select(r.lines, "explode(split(value, ' ')) AS word, 1 AS n, 'odd/one' AS `other part`"), "csv");
    streamq_writer_partition_by(w, "`other part`, WORD");
    run(w);
    ck_assert_str_eq(shell("cd $OUT; for d in *=*/*; do echo \"$d\" $(cat \"$d\"/part-*); done"),
                     "other part=odd%2Fone/WORD=a 1 1\nother part=odd%2Fone/WORD=b 1\n");
    end();
}
END_TEST

START_TEST(what_the_sinks_of_files_do_not_do_is_refused)
{
    begin();
    streamq_writer *w = writer_of(api_rig_counts(&r), "csv");
    streamq_writer_output_mode(w, STREAMQ_COMPLETE);
    refused(w, "STREAMING_OUTPUT_MODE.UNSUPPORTED_DATASOURCE", "complete");
    w = writer_of(r.lines, "csv");
    streamq_writer_output_mode(w, STREAMQ_UPDATE);
    refused(w, "STREAMING_OUTPUT_MODE.UNSUPPORTED_DATASOURCE", "update");
    w = streamq_write_stream(r.lines, "csv");
    streamq_writer_option(w, "path", path);
    refused(w, "MISSING_OPTION", "checkpointLocation");
    w = writer_of(r.lines, "text");
    streamq_writer_partition_by(w, "zz");
    refused(w, "COLUMN_NOT_FOUND", "zz");
    w = writer_of(r.lines, "text");
    streamq_writer_partition_by(w, "value");
    refused(w, "ALL_PARTITION_COLUMNS_NOT_ALLOWED", "all columns");
    w = writer_of(r.lines, "text");
    streamq_writer_option(w, "no such", "option");
    refused(w, "UNKNOWN_OPTION", "no such");
    ck_assert_str_eq(shell("ls $OUT 2>/dev/null | tr -d '\\n'"), "");
    end();
}
END_TEST

static int32_t take_batch(void *user, int64_t id, streamq_batch *batch)
{
    (void)user;
    (void)id;
    (void)batch;
    return 0;
}

START_TEST(partitions_of_other_sinks_are_refused_or_passed_over_as_spark_does)
{
    begin();
    streamq_writer *w = streamq_write_stream(r.lines, "foreachBatch");
    streamq_writer_foreach_batch(w, take_batch, NULL);
    streamq_writer_partition_by(w, "value");
    refused(w, "UNSUPPORTED_CALL.WITHOUT_SUGGESTION", "foreachBatch");
    w = streamq_write_stream(r.lines, "memory");
    streamq_writer_query_name(w, "t");
    streamq_writer_partition_by(w, "value");
    refused(w, "UNSUPPORTED_CALL.WITHOUT_SUGGESTION", "memory");
    w = streamq_write_stream(r.lines, "pull");
    streamq_writer_partition_by(w, "value");
    refused(w, "UNSUPPORTED_CALL.WITHOUT_SUGGESTION", "pull");
    w = streamq_write_stream(r.lines, "noop");
    streamq_writer_partition_by(w, "value");
    streamq_query *q = streamq_writer_open(w, &r.error);
    api_rig_ok(&r);
    streamq_query_free(q);
    end();
}
END_TEST

static streamq_writer *saver(const char *sql, const char *format, const char *mode)
{
    streamq_writer *w = streamq_write(streamq_sql(r.plan, sql), format);
    streamq_writer_option(w, "path", path);
    if (mode)
        streamq_writer_save_mode(w, mode);
    return w;
}

static void save(streamq_writer *w)
{
    streamq_writer_save(w, &r.error);
    api_rig_ok(&r);
}

START_TEST(a_bounded_plan_is_saved)
{
    begin();
    save(saver("SELECT id, concat('w', id) AS w FROM range(3)", "csv", NULL));
    ck_assert_str_eq(shell("cat $OUT/part-*"), "0,w0\n1,w1\n2,w2\n");
    ck_assert_str_eq(shell("ls $OUT/_SUCCESS | wc -l"), "1\n");
    ck_assert_int_eq(streamq_writer_save(saver("SELECT 1", "csv", NULL), &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "PATH_ALREADY_EXISTS", "/out");
    save(saver("SELECT 7 AS id, 'x' AS w", "csv", "append"));
    ck_assert_str_eq(shell("cat $OUT/part-* | sort | tail -2"), "2,w2\n7,x\n");
    save(saver("SELECT 8", "csv", "ignore"));
    ck_assert_str_eq(shell("ls $OUT | wc -l"), "3\n");
    streamq_writer *w = saver("SELECT id, id % 2 AS k FROM range(4)", "csv", "overwrite");
    streamq_writer_option(w, "header", "true");
    streamq_writer_partition_by(w, "k");
    save(w);
    ck_assert_str_eq(shell("cd $OUT; for d in */; do echo $d $(cat $d/*); done"), "k=0/ id 0 2\nk=1/ id 1 3\n");
    end();
}
END_TEST

START_TEST(what_cannot_be_saved_is_refused)
{
    begin();
    streamq_writer *w = saver("SELECT 1", "csv", NULL);
    refused(w, "WRITE_STREAM_NOT_ALLOWED", "");
    w = streamq_write(r.lines, "csv");
    refused(w, "CALL_OUT_OF_ORDER", "streamq_writer_save");
    w = writer_of(r.lines, "csv");
    ck_assert_int_eq(streamq_writer_save(w, &r.error), STREAMQ_ERR_STATE);
    api_rig_refused(&r, "CALL_OUT_OF_ORDER", "streamq_writer_start");
    w = streamq_write(r.lines, "csv");
    ck_assert_int_eq(streamq_writer_save(w, &r.error), STREAMQ_ERR_ANALYSIS);
    api_rig_refused(&r, "CALL_ON_STREAMING_DATASET_UNSUPPORTED", "stream");
    w = saver("SELECT 1", "console", NULL);
    ck_assert_int_eq(streamq_writer_save(w, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "UNKNOWN_SINK", "csv");
    ck_assert_int_eq(streamq_writer_save(NULL, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_HANDLE", "streamq_writer_save");
    w = streamq_write(streamq_sql(r.plan, "SELECT 1"), "csv");
    ck_assert_int_eq(streamq_writer_save(w, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "MISSING_OPTION", "path");
    streamq_writer_partition_by(NULL, "a");
    streamq_writer_save_mode(NULL, "append");
    ck_assert_ptr_null(streamq_write(NULL, "csv"));
    ck_assert_str_eq(shell("ls $OUT 2>/dev/null | tr -d '\\n'"), "");
    end();
}
END_TEST

START_TEST(a_failure_while_rows_are_made_leaves_nothing)
{
    begin();
    streamq_writer *w = saver("SELECT 1 DIV (2 - id) AS v FROM range(9)", "csv", NULL);
    ck_assert_int_eq(streamq_writer_save(w, &r.error), STREAMQ_ERR_DATA);
    api_rig_refused(&r, "DIVIDE_BY_ZERO", "zero");
    ck_assert_str_eq(shell("ls -d $OUT 2>/dev/null | tr -d '\\n'"), "");
    end();
}
END_TEST

START_TEST(builders_that_fail_are_told_at_the_end)
{
    begin();
    streamq_writer *w = saver("SELECT 1", "csv", "sometimes");
    ck_assert_int_eq(streamq_writer_save(w, &r.error), STREAMQ_ERR_INVALID);
    api_rig_refused(&r, "INVALID_SAVE_MODE", "overwrite");
    end();
    begin();
    w = saver("SELECT 1 AS a, 2 AS b", "csv", NULL);
    streamq_writer_partition_by(w, "a +");
    ck_assert_int_ne(streamq_writer_save(w, &r.error), STREAMQ_OK);
    api_rig_refused(&r, "PARSE_SYNTAX_ERROR", "a +");
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_stream_goes_into_files_exactly_once,
                                  partition_columns_become_folders,
                                  what_the_sinks_of_files_do_not_do_is_refused,
                                  partitions_of_other_sinks_are_refused_or_passed_over_as_spark_does,
                                  a_bounded_plan_is_saved,
                                  what_cannot_be_saved_is_refused,
                                  a_failure_while_rows_are_made_leaves_nothing,
                                  builders_that_fail_are_told_at_the_end};
    return sqi_test_main("api_save", tests, sizeof tests / sizeof *tests);
}
