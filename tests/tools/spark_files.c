/*
 * spark_files: writes and reads files with the library, for check_spark_files.py:
 *
 *     spark_files save FORMAT PATH MODE COLUMNS SQL [name=value]...       a bounded plan into files
 *     spark_files stream FORMAT PATH COLUMNS BATCHES SQL [name=value]...  SQL over `input` (id BIGINT): four rows a batch
 *     spark_files read FORMAT PATH SCHEMA SQL [name=value]...             SQL over `input`; rows to stdout, cells by '|'
 *     spark_files tail FORMAT PATH SCHEMA SQL [name=value]...             the same as a stream of what is there
 *
 * COLUMNS to partition by and SCHEMA may be "-".
 */
#include <stdio.h>
#include <stdlib.h>
#include <streamq.h>
#include <string.h>

static int failed(streamq_error *error)
{
    fprintf(stderr, "%s\n", streamq_error_message(error));
    streamq_error_free(error);
    return 1;
}

typedef struct setting { /* name=value */
    char name[128];
    const char *value;
} setting;

static setting cut(const char *text)
{
    setting s = {"", strchr(text, '=')};
    if (!s.value || (size_t)(s.value - text) >= sizeof s.name) {
        fprintf(stderr, "'%s' is not name=value\n", text);
        exit(2);
    }
    memcpy(s.name, text, (size_t)(s.value - text));
    s.value++;
    return s;
}

static void configure(streamq_writer *w, const char *path, const char *columns, char **option)
{
    streamq_writer_option(w, "path", path);
    if (strcmp(columns, "-") != 0)
        streamq_writer_partition_by(w, columns);
    for (; *option; option++) {
        setting s = cut(*option);
        streamq_writer_option(w, s.name, s.value);
    }
}

static int save(streamq_plan *plan, char **a)
{
    streamq_error *error = NULL;
    streamq_writer *w = streamq_write(streamq_sql(plan, a[4]), a[0]);
    configure(w, a[1], a[3], a + 5);
    streamq_writer_save_mode(w, a[2]);
    return streamq_writer_save(w, &error) == STREAMQ_OK ? 0 : failed(error);
}

static int stream(streamq_session *session, streamq_plan *plan, char **a)
{
    streamq_error *error = NULL;
    char checkpoint[4096], rows[256];
    streamq_feed *feed = streamq_feed_new(session, "id BIGINT", &error);
    streamq_reader *reader = streamq_read_stream(plan, "memory");
    streamq_reader_feed(reader, feed);
    streamq_stream_alias(streamq_reader_load(reader), "input");
    streamq_writer *w = streamq_write_stream(streamq_sql(plan, a[4]), a[0]);
    configure(w, a[1], a[2], a + 5);
    snprintf(checkpoint, sizeof checkpoint, "%s.checkpoint", a[1]);
    streamq_writer_option(w, "checkpointLocation", checkpoint);
    streamq_query *q = streamq_writer_open(w, &error);
    for (long i = 0, n = atol(a[3]); q && i < n && !error; i++) {
        snprintf(rows, sizeof rows, "(%ld), (%ld), (%ld), (%ld)", 4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3);
        if (streamq_feed_push_sql(feed, rows, &error) == STREAMQ_OK)
            streamq_query_process_all_available(q, -1, &error);
    }
    streamq_query_free(q);
    streamq_feed_free(feed);
    return error ? failed(error) : 0;
}

static void print(streamq_batch *b)
{
    for (size_t r = 0; r < streamq_batch_rows(b); r++)
        for (size_t c = 0; c < streamq_batch_columns(b); c++) {
            char *text = streamq_batch_get_text(b, r, c);
            printf("%s%s%s", c ? "|" : "", text ? text : "NULL", c + 1 == streamq_batch_columns(b) ? "\n" : "");
            streamq_string_free(text);
        }
}

static int32_t print_batch(void *user, int64_t id, streamq_batch *b)
{
    (void)user;
    (void)id;
    print(b);
    return 0;
}

static int read_files(streamq_plan *plan, char **a, int streaming)
{
    streamq_error *error = NULL;
    streamq_reader *reader = streaming ? streamq_read_stream(plan, a[0]) : streamq_read(plan, a[0]);
    streamq_reader_option(reader, "path", a[1]);
    if (strcmp(a[2], "-") != 0)
        streamq_reader_schema(reader, a[2]);
    for (char **option = a + 4; *option; option++) {
        setting s = cut(*option);
        streamq_reader_option(reader, s.name, s.value);
    }
    streamq_stream_alias(streamq_reader_load(reader), "input");
    streamq_stream *rows = streamq_sql(plan, a[3]);
    if (!streaming) {
        streamq_batch *b = streamq_collect(rows, &error);
        if (b)
            print(b);
        streamq_batch_free(b);
        return error ? failed(error) : 0;
    }
    streamq_writer *w = streamq_write_stream(rows, "foreachBatch");
    streamq_writer_foreach_batch(w, print_batch, NULL);
    streamq_writer_trigger_available_now(w);
    streamq_query *q = streamq_writer_start(w, &error);
    if (q)
        streamq_query_await_termination(q, -1, &error);
    streamq_query_free(q);
    return error ? failed(error) : 0;
}

int main(int argc, char **argv)
{
    static const char *const verb[] = {"save", "stream", "read", "tail"};
    static const int least[] = {5, 5, 4, 4};
    streamq_session *session = streamq_session_new(NULL);
    streamq_plan *plan = streamq_plan_new(session);
    int status = 2;
    for (int i = 0; i < 4 && plan; i++) {
        if (argc < 2 + least[i] || strcmp(argv[1], verb[i]) != 0)
            continue;
        status = i == 0   ? save(plan, argv + 2)
                 : i == 1 ? stream(session, plan, argv + 2)
                          : read_files(plan, argv + 2, i == 3);
    }
    streamq_plan_free(plan);
    streamq_session_free(session);
    return status;
}
