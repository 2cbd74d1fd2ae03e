/* Folders of files through the public API: streams that are stopped and go on (rows K6, K8, K9 and K27 of Spark's suites),
   and bounded reads. What is expected was asked of Spark 4.3. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

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

static const char *inside(const char *name)
{
    return temp_dir_name(dir, name);
}

/* Written elsewhere and renamed. */
static void put(const char *name, const char *text)
{
    char path[300];
    static long order;
    struct utimbuf when = {1700000000 + order, 1700000000 + order};
    order++;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    for (char *p = path + strlen(dir) + 1; (p = strchr(p, '/')) != NULL; *p++ = '/') {
        *p = '\0';
        (void)mkdir(path, 0777);
    }
    FILE *f = fopen(inside(".writing"), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
    ck_assert_int_eq(utime(inside(".writing"), &when), 0);
    ck_assert_int_eq(rename(inside(".writing"), path), 0);
}

static streamq_stream *folder(const char *format, const char *name, bool streaming, const char *schema,
                              const char *const *options)
{
    streamq_reader *reader = (streaming ? streamq_read_stream : streamq_read)(r.plan, format);
    streamq_reader_option(reader, "path", inside(name));
    if (schema)
        streamq_reader_schema(reader, schema);
    for (; options && *options; options += 2)
        streamq_reader_option(reader, options[0], options[1]);
    return streamq_reader_load(reader);
}

static streamq_query *start(streamq_stream *stream, const char *checkpoint)
{
    streamq_writer *w = streamq_write_stream(stream, "pull");
    if (checkpoint)
        streamq_writer_option(w, "checkpointLocation", checkpoint);
    streamq_query *q = streamq_writer_open(w, &r.error);
    ck_assert_msg(q != NULL, "%s", r.error ? streamq_error_message(r.error) : "no query");
    return q;
}

/* The rows of all batches that wait, each batch's sorted; "" if none does. */
static const char *next(streamq_query *q)
{
    static char text[4096];
    streamq_batch *b;
    text[0] = '\0';
    streamq_status status = streamq_query_process_all_available(q, 10000, &r.error);
    ck_assert_msg(status == STREAMQ_OK, "%s", r.error ? streamq_error_message(r.error) : "");
    while ((b = streamq_query_next_batch(q, NULL)) != NULL) {
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", *text ? " / " : "", api_rig_rows(b));
        streamq_batch_free(b);
    }
    return text;
}

/* The rows of a bounded plan, sorted. */
static const char *collected(streamq_stream *stream)
{
    streamq_batch *b = streamq_collect(stream, &r.error);
    ck_assert_msg(b != NULL, "%s", r.error ? streamq_error_message(r.error) : "no batch");
    const char *rows = api_rig_rows(b);
    streamq_batch_free(b);
    return rows;
}

/* K6 */
START_TEST(a_stream_that_is_stopped_goes_on_with_what_came_meanwhile)
{
    begin();
    put("in/a file with spaces", "drop1\nkeep2\nkeep3\n");
    streamq_stream *s = streamq_where(folder("text", "in", true, NULL, NULL), "value LIKE 'keep%'");
    streamq_query *q = start(s, inside("c"));
    ck_assert_str_eq(next(q), "keep2\nkeep3");
    streamq_query_free(q);
    put("in/b", "drop4\nkeep5\nkeep6\n");
    q = start(s, inside("c"));
    ck_assert_str_eq(next(q), "keep5\nkeep6");
    put("in/c", "drop7\nkeep8\nkeep9\n");
    ck_assert_str_eq(next(q), "keep8\nkeep9");
    streamq_query_free(q);
    q = start(s, inside("c"));
    ck_assert_str_eq(next(q), "");
    streamq_query_free(q);
    end();
}
END_TEST

/* K9 */
START_TEST(two_folders_in_one_query_are_each_read_once)
{
    begin();
    put("one/a", "1a\n");
    put("two/a", "2a\n");
    streamq_stream *s = streamq_union(folder("text", "one", true, NULL, NULL), folder("text", "two", true, NULL, NULL));
    streamq_query *q = start(s, inside("c"));
    ck_assert_str_eq(next(q), "1a\n2a");
    streamq_query_free(q);
    put("one/b", "1b\n");
    q = start(s, inside("c"));
    ck_assert_str_eq(next(q), "1b");
    streamq_query_free(q);
    put("two/b", "2b\n");
    q = start(s, inside("c"));
    ck_assert_str_eq(next(q), "2b");
    put("one/c", "1c\n");
    put("two/c", "2c\n");
    ck_assert_str_eq(next(q), "1c\n2c");
    streamq_query_free(q);
    end();
}
END_TEST

/* K8: maxFilesPerTrigger does not hold for one batch of everything, but for available-now. */
START_TEST(limits_and_triggers)
{
    const char *const two[] = {"maxFilesPerTrigger", "2", NULL};
    begin();
    put("in/a", "1\n");
    put("in/b", "2\n");
    put("in/c", "3\n");
    streamq_stream *s = folder("text", "in", true, NULL, two);
    streamq_writer *w = streamq_write_stream(s, "pull");
    streamq_writer_trigger_once(w);
    streamq_query *q = streamq_writer_open(w, &r.error);
    ck_assert_str_eq(next(q), "1\n2\n3");
    streamq_query_free(q);
    w = streamq_write_stream(s, "pull");
    streamq_writer_trigger_available_now(w);
    q = streamq_writer_open(w, &r.error);
    ck_assert_str_eq(next(q), "1\n2 / 3");
    streamq_query_free(q);
    end();
}
END_TEST

/* K11: a file of batch n goes when batch n + 1 is planned. */
START_TEST(files_go_one_batch_later)
{
    const char *const options[] = {"cleanSource", "archive", "sourceArchiveDir", NULL, NULL};
    char archive[100], moved[300];
    begin();
    snprintf(archive, sizeof archive, "%s/archive", dir);
    const char *all[5];
    memcpy(all, options, sizeof options);
    all[3] = archive;
    put("in/a", "a\n");
    streamq_query *q = start(folder("text", "in", true, NULL, all), inside("c"));
    ck_assert_str_eq(next(q), "a");
    ck_assert_int_eq(access(inside("in/a"), F_OK), 0);
    put("in/b", "b\n");
    ck_assert_str_eq(next(q), "b");
    ck_assert_int_ne(access(inside("in/a"), F_OK), 0);
    snprintf(moved, sizeof moved, "%s%s/in/a", archive, dir);
    ck_assert_int_eq(access(moved, F_OK), 0);
    streamq_query_free(q);
    end();
}
END_TEST

/* K27, with files that come while the query is stopped and started at random. */
START_TEST(every_row_is_read_once_however_often_the_query_is_started)
{
    static bool seen[2000];
    unsigned random = 12345;
    int written = 0, read = 0;
    begin();
    memset(seen, 0, sizeof seen);
    put("in/first", "");
    const char *const three[] = {"maxFilesPerTrigger", "3", NULL};
    streamq_stream *s = folder("text", "in", true, NULL, three);
    streamq_query *q = NULL;
    for (int i = 0; i < 120 || q; i++) {
        random = random * 1103515245u + 12345u;
        for (unsigned k = 0; i < 120 && k < (random >> 16) % 4; k++) {
            char name[40], text[60];
            snprintf(name, sizeof name, "in/%d", written);
            snprintf(text, sizeof text, "%d\n%d\n", written, written + 1);
            written += 2;
            put(name, text);
        }
        if (!q)
            q = start(s, inside("c"));
        char *rows = strdup(next(q));
        for (char *p = strtok(rows, "\n/ "); p; p = strtok(NULL, "\n/ ")) {
            ck_assert_msg(!seen[atoi(p)], "%s was read twice", p);
            seen[atoi(p)] = true;
            read++;
        }
        free(rows);
        if ((random >> 20) % 5 == 0 || i >= 120) {
            streamq_query_free(q);
            q = NULL;
        }
    }
    ck_assert_int_eq(read, written);
    end();
}
END_TEST

START_TEST(words_of_files_are_counted)
{
    begin();
    put("in/a", "apache spark\napache hadoop\n");
    streamq_stream *words =
        streamq_select(folder("text", "in", true, NULL, NULL), "explode(split(value, ' ')) AS word");
    streamq_stream *counts = streamq_agg(streamq_group_by(words, "word"), "count(*) AS n");
    streamq_writer *w = streamq_write_stream(counts, "pull");
    streamq_writer_output_mode(w, STREAMQ_UPDATE);
    streamq_query *q = streamq_writer_open(w, &r.error);
    api_rig_ok(&r);
    ck_assert_str_eq(next(q), "apache|2\nhadoop|1\nspark|1");
    put("in/b", "apache\r\nno end");
    ck_assert_str_eq(next(q), "apache|3\nend|1\nno|1");
    streamq_query_free(q);
    end();
}
END_TEST

START_TEST(bounded_reads_of_every_format)
{
    const char *const header[] = {"header", "true", "inferSchema", "true", NULL};
    begin();
    put("t/a.txt", "x\ny\n");
    put("c/p=1/a.csv", "n,s\n1,x\n2,\"a b\"\n");
    put("c/p=2/a.csv", "n,s\n3,\n");
    put("j/a.json", "{\"n\":1,\"l\":[1,2]}\n{\"n\":2.5}\n");
    ck_assert_str_eq(collected(folder("text", "t", false, NULL, NULL)), "x\ny");
    ck_assert_str_eq(collected(folder("text", "t/*.txt", false, "line STRING", NULL)), "x\ny");
    ck_assert_str_eq(collected(folder("csv", "c", false, NULL, header)), "1|x|1\n2|a b|1\n3|NULL|2");
    ck_assert_str_eq(
        collected(folder("csv", "c/p=1", false, "a INT, b STRING", (const char *[]){"header", "true", NULL})),
        "1|x\n2|a b");
    ck_assert_str_eq(collected(folder("json", "j", false, NULL, NULL)), "NULL|2.5\n[1, 2]|1.0");
    ck_assert_str_eq(collected(streamq_where(folder("csv", "c", false, NULL, header), "p = 2")), "3|NULL|2");
    end();
}
END_TEST

static void refused(streamq_stream *s, const char *condition, const char *text)
{
    streamq_batch *b = streamq_collect(s, &r.error);
    ck_assert_ptr_null(b);
    api_rig_refused(&r, condition, text);
    api_rig_end(&r);
    api_rig_begin(&r, NULL);
}

START_TEST(what_cannot_be_read_is_refused_when_it_is_declared)
{
    begin();
    put("in/a.json", "{}\n");
    refused(folder("text", "nope", false, NULL, NULL), "PATH_NOT_FOUND", "nope");
    refused(folder("json", "in", true, NULL, NULL), "INVALID_ARGUMENT", "Schema must be specified");
    refused(folder("text", "in", false, NULL, (const char *[]){"heder", "true", NULL}), "UNKNOWN_OPTION", "heder");
    refused(folder("csv", "in", false, NULL, (const char *[]){"heder", "true", NULL}), "UNKNOWN_OPTION", "header");
    refused(streamq_reader_load(streamq_read(r.plan, "text")), "MISSING_OPTION", "path");
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_stream_that_is_stopped_goes_on_with_what_came_meanwhile,
                                  two_folders_in_one_query_are_each_read_once,
                                  limits_and_triggers,
                                  files_go_one_batch_later,
                                  every_row_is_read_once_however_often_the_query_is_started,
                                  words_of_files_are_counted,
                                  bounded_reads_of_every_format,
                                  what_cannot_be_read_is_refused_when_it_is_declared};
    return sqi_test_main("api_files", tests, sizeof tests / sizeof *tests);
}
