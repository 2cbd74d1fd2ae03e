/* checkpointLocation through the public API: where it is, whose it is, what goes on after a restart, what is refused. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api_rig.h"
#include "temp_dir.h"
#include "test_main.h"

static char dir[64];

static void begin(api_rig *r)
{
    temp_dir_begin(dir);
    api_rig_begin(r, NULL);
}

static void end(api_rig *r)
{
    api_rig_end(r);
    temp_dir_end(dir);
}

static const char *inside(const char *name)
{
    return temp_dir_name(dir, name);
}

static streamq_writer *writer(streamq_stream *stream, streamq_output_mode mode, const char *checkpoint)
{
    streamq_writer *w = streamq_write_stream(stream, "pull");
    streamq_writer_output_mode(w, mode);
    if (checkpoint)
        streamq_writer_option(w, "checkpointLocation", checkpoint);
    return w;
}

static streamq_query *start(api_rig *r, streamq_stream *stream, streamq_output_mode mode, const char *checkpoint)
{
    return streamq_writer_open(writer(stream, mode, checkpoint), &r->error);
}

/* The next result; NULL: there is none. */
static const char *next(api_rig *r, streamq_query *q, int64_t id)
{
    int64_t batch_id = -1;
    ck_assert_int_eq(streamq_query_process_all_available(q, 10000, &r->error), STREAMQ_OK);
    streamq_batch *b = streamq_query_next_batch(q, &batch_id);
    if (!b)
        return NULL;
    ck_assert_int_eq(batch_id, id);
    const char *rows = api_rig_rows(b);
    streamq_batch_free(b);
    return rows;
}

static size_t entries(const char *path)
{
    size_t n = 0;
    DIR *d = opendir(path);
    ck_assert_ptr_nonnull(d);
    for (const struct dirent *e; (e = readdir(d)) != NULL;)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

START_TEST(counts_go_on_after_a_restart)
{
    api_rig r;
    begin(&r);
    streamq_query *q = start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("c"));
    api_rig_push(&r, "a b\nb");
    ck_assert_str_eq(next(&r, q, 0), "a|1\nb|2");
    char id[64], run[64];
    snprintf(id, sizeof id, "%s", streamq_query_id(q));
    snprintf(run, sizeof run, "%s", streamq_query_run_id(q));
    streamq_query_free(q);
    q = start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("c"));
    api_rig_ok(&r);
    ck_assert_ptr_null(next(&r, q, 1)); /* nothing is repeated */
    ck_assert_str_eq(streamq_query_id(q), id);
    ck_assert_str_ne(streamq_query_run_id(q), run);
    api_rig_push(&r, "b c");
    ck_assert_str_eq(next(&r, q, 1), "b|3\nc|1");
    streamq_query_free(q);
    end(&r);
}
END_TEST

START_TEST(a_checkpoint_has_one_query_at_a_time)
{
    api_rig r;
    begin(&r);
    streamq_query *q = start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("c"));
    ck_assert_ptr_null(start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("c")));
    api_rig_refused(&r, "CONCURRENT_QUERY", inside("c"));
    ck_assert_int_eq(streamq_query_stop(q, -1, &r.error), STREAMQ_OK); /* stopped is enough */
    streamq_query *again = start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("c"));
    api_rig_ok(&r);
    streamq_query_free(again);
    streamq_query_free(q);
    end(&r);
}
END_TEST

START_TEST(a_changed_query_is_refused_with_the_differences)
{
    api_rig r;
    begin(&r);
    streamq_query_free(start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("c")));
    streamq_stream *by_length = streamq_count(streamq_group_by(streamq_select(r.lines, "length(value) AS n"), "n"));
    ck_assert_ptr_null(start(&r, by_length, STREAMQ_UPDATE, inside("c")));
    api_rig_refused(&r, "CHECKPOINT_MISMATCH", "checkpoint: key STRING word");
    streamq_stream *sums = streamq_agg(
        streamq_group_by(streamq_select(r.lines, "explode(split(value, ' ')) AS word"), "word"), "sum(length(word))");
    ck_assert_ptr_null(start(&r, sums, STREAMQ_UPDATE, inside("c")));
    api_rig_refused(&r, "CHECKPOINT_MISMATCH", "sum");
    ck_assert_ptr_null(start(&r, streamq_union(r.lines, r.lines), STREAMQ_APPEND, inside("c")));
    api_rig_refused(&r, "CHECKPOINT_MISMATCH", "key STRING word");
    end(&r);
}
END_TEST

/* Spark: filters, and expressions and names that leave types as they are, may change. */
START_TEST(filters_and_names_may_change)
{
    api_rig r;
    begin(&r);
    streamq_query *q = start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("c"));
    api_rig_push(&r, "a b");
    ck_assert_str_eq(next(&r, q, 0), "a|1\nb|1");
    streamq_query_free(q);
    streamq_stream *words = streamq_where(streamq_select(r.lines, "explode(split(value, ' ')) AS w"), "w <> 'b'");
    q = start(&r, streamq_where(streamq_count(streamq_group_by(words, "w")), "count > 1"), STREAMQ_UPDATE, inside("c"));
    api_rig_ok(&r);
    api_rig_push(&r, "a b c");
    ck_assert_str_eq(next(&r, q, 1), "a|2");
    streamq_query_free(q);
    end(&r);
}
END_TEST

START_TEST(an_explicit_location_beats_the_sessions)
{
    api_rig r;
    begin(&r);
    ck_assert_int_eq(streamq_session_set(r.session, "spark.sql.streaming.checkpointLocation", inside("all"), &r.error),
                     STREAMQ_OK);
    streamq_writer *w = writer(api_rig_counts(&r), STREAMQ_UPDATE, NULL);
    streamq_writer_query_name(w, "counts");
    streamq_query_free(streamq_writer_open(w, &r.error));
    api_rig_ok(&r);
    ck_assert_int_eq(access(inside("all/counts/metadata"), F_OK), 0);
    w = writer(api_rig_counts(&r), STREAMQ_UPDATE, inside("own"));
    streamq_writer_query_name(w, "other");
    streamq_query_free(streamq_writer_open(w, &r.error));
    ck_assert_int_eq(access(inside("own/metadata"), F_OK), 0);
    ck_assert_int_ne(access(inside("all/other"), F_OK), 0);
    w = writer(api_rig_counts(&r), STREAMQ_UPDATE, NULL);
    streamq_writer_query_name(w, "../escape");
    ck_assert_ptr_null(streamq_writer_open(w, &r.error));
    api_rig_refused(&r, "INVALID_OPTION_VALUE", "../escape");
    end(&r);
}
END_TEST

START_TEST(odd_names_and_uris_are_paths)
{
    char uri[200];
    api_rig r;
    begin(&r);
    streamq_query_free(start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("chk @#chk")));
    api_rig_ok(&r);
    ck_assert_int_eq(access(inside("chk @#chk/metadata"), F_OK), 0);
    snprintf(uri, sizeof uri, "file://%s/from a uri/deep", dir);
    streamq_query_free(start(&r, api_rig_counts(&r), STREAMQ_UPDATE, uri));
    api_rig_ok(&r);
    ck_assert_int_eq(access(inside("from a uri/deep/metadata"), F_OK), 0);
    ck_assert_ptr_null(start(&r, api_rig_counts(&r), STREAMQ_UPDATE, "hdfs://host/a"));
    api_rig_refused(&r, "INVALID_OPTION_VALUE", "hdfs://host/a");
    end(&r);
}
END_TEST

START_TEST(a_location_that_cannot_be_is_named)
{
    api_rig r;
    begin(&r);
    FILE *f = fopen(inside("file"), "w");
    fclose(f);
    ck_assert_ptr_null(start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("file/below")));
    api_rig_refused(&r, "IO_ERROR", "file/below");
    ck_assert_ptr_null(start(&r, api_rig_counts(&r), STREAMQ_UPDATE, ""));
    ck_assert_ptr_nonnull(r.error);
    streamq_error_free(r.error);
    r.error = NULL;
    end(&r);
}
END_TEST

START_TEST(a_checkpoint_of_spark_is_refused_by_name)
{
    api_rig r;
    begin(&r);
    ck_assert_int_eq(mkdir(inside("spark"), 0700), 0);
    FILE *f = fopen(inside("spark/metadata"), "w");
    fputs("{\"id\":\"3b43cf3b-5d2d-4d0a-8c5b-5c1a2f0d0f6e\"}", f);
    fclose(f);
    ck_assert_ptr_null(start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("spark")));
    api_rig_refused(&r, "CHECKPOINT_VERSION", "a checkpoint of Spark");
    end(&r);
}
END_TEST

/* Spark's DataStreamReaderWriterSuite: gone after a clean stop, kept after an error, an explicit one never deleted. */
START_TEST(a_temporary_checkpoint_goes_with_its_query_unless_that_fails)
{
    api_rig r;
    begin(&r);
    setenv("TMPDIR", inside("tmp"), 1);
    ck_assert_int_eq(mkdir(inside("tmp"), 0700), 0);
    ck_assert_int_eq(streamq_session_set(r.session, "streamq.temporaryCheckpoints", "true", &r.error), STREAMQ_OK);
    streamq_query *q = start(&r, api_rig_counts(&r), STREAMQ_UPDATE, NULL);
    api_rig_ok(&r);
    ck_assert_uint_eq(entries(inside("tmp")), 1);
    api_rig_push(&r, "a");
    ck_assert_str_eq(next(&r, q, 0), "a|1");
    streamq_query_free(q);
    ck_assert_uint_eq(entries(inside("tmp")), 0);
    q = start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("own"));
    streamq_query_free(q);
    ck_assert_int_eq(access(inside("own/metadata"), F_OK), 0);
    q = start(&r, streamq_select(r.lines, "1 / length(value)"), STREAMQ_APPEND, NULL);
    api_rig_push(&r, "x\n\n");
    ck_assert_int_ne(streamq_query_process_all_available(q, 10000, &r.error), STREAMQ_OK);
    api_rig_refused(&r, "DIVIDE_BY_ZERO", "");
    streamq_query_free(q);
    ck_assert_uint_eq(entries(inside("tmp")), 1);
    end(&r);
}
END_TEST

START_TEST(the_memory_sink_resumes_in_complete_mode_only)
{
    api_rig r;
    begin(&r);
    for (int mode = STREAMQ_UPDATE; mode <= STREAMQ_COMPLETE; ++mode) {
        for (int life = 0; life < 2; ++life) {
            streamq_writer *w = streamq_write_stream(api_rig_counts(&r), "memory");
            streamq_writer_output_mode(w, mode);
            streamq_writer_query_name(w, "t");
            streamq_writer_option(w, "checkpointLocation", inside(mode == STREAMQ_COMPLETE ? "c" : "u"));
            streamq_query *q = streamq_writer_open(w, &r.error);
            if (life && mode == STREAMQ_UPDATE) {
                ck_assert_ptr_null(q);
                api_rig_refused(&r, "UNSUPPORTED_FEATURE.CHECKPOINT", "output mode complete");
                continue;
            }
            api_rig_ok(&r);
            api_rig_push(&r, "a");
            ck_assert_int_eq(streamq_query_process_all_available(q, 10000, &r.error), STREAMQ_OK);
            streamq_plan *plan = streamq_plan_new(r.session);
            streamq_batch *b = streamq_collect(streamq_sql(plan, "SELECT * FROM t"), &r.error);
            api_rig_ok(&r);
            streamq_plan_free(plan);
            ck_assert_str_eq(api_rig_rows(b), life ? "a|2" : "a|1");
            streamq_batch_free(b);
            streamq_query_free(q);
        }
    }
    end(&r);
}
END_TEST

typedef struct seen {
    char rows[3][512];
    int n, fail_at;
} seen;

static int32_t see(void *user, int64_t batch_id, streamq_batch *batch)
{
    seen *s = user;
    (void)batch_id;
    snprintf(s->rows[s->n], sizeof s->rows[0], "%s", api_rig_rows(batch));
    return s->n++ == s->fail_at;
}

START_TEST(time_and_random_numbers_are_the_same_when_a_batch_runs_again)
{
    api_rig r;
    seen s = {.fail_at = 1};
    begin(&r);
    for (int life = 0; life < 2; ++life) {
        streamq_stream *stream = streamq_select(r.lines, "rand() AS a, randn() AS b, uuid() AS c, current_timestamp()");
        streamq_writer *w = streamq_write_stream(stream, "foreachBatch");
        streamq_writer_foreach_batch(w, see, &s);
        streamq_writer_option(w, "checkpointLocation", inside("c"));
        streamq_query *q = streamq_writer_open(w, &r.error);
        api_rig_ok(&r);
        for (int batch = 0; !life && batch < 2; ++batch) {
            api_rig_push(&r, "x");
            (void)streamq_query_process_all_available(q, 10000, &r.error);
        }
        if (!life)
            api_rig_refused(&r, "USER_CALLBACK_FAILED", "batch 1");
        usleep(2000); /* the clock goes on */
        (void)streamq_query_process_all_available(q, 10000, NULL);
        streamq_query_free(q);
    }
    ck_assert_int_eq(s.n, 3);
    ck_assert_str_ne(s.rows[0], s.rows[1]);
    ck_assert_str_eq(s.rows[1], s.rows[2]);
    end(&r);
}
END_TEST

START_TEST(progress_shows_what_the_log_costs)
{
    api_rig r;
    begin(&r);
    streamq_query *q = start(&r, api_rig_counts(&r), STREAMQ_UPDATE, inside("c"));
    api_rig_push(&r, "a");
    ck_assert_str_eq(next(&r, q, 0), "a|1");
    char *json = streamq_query_last_progress(q);
    ck_assert_ptr_nonnull(strstr(json, "\"walCommit\""));
    ck_assert_ptr_nonnull(strstr(json, "\"commitOffsets\""));
    streamq_string_free(json);
    streamq_query_free(q);
    end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {counts_go_on_after_a_restart,
                                  a_checkpoint_has_one_query_at_a_time,
                                  a_changed_query_is_refused_with_the_differences,
                                  filters_and_names_may_change,
                                  an_explicit_location_beats_the_sessions,
                                  odd_names_and_uris_are_paths,
                                  a_location_that_cannot_be_is_named,
                                  a_checkpoint_of_spark_is_refused_by_name,
                                  a_temporary_checkpoint_goes_with_its_query_unless_that_fails,
                                  the_memory_sink_resumes_in_complete_mode_only,
                                  time_and_random_numbers_are_the_same_when_a_batch_runs_again,
                                  progress_shows_what_the_log_costs};
    return sqi_test_main("api_durable", tests, sizeof tests / sizeof *tests);
}
