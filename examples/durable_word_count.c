/*
 * durable_word_count: counts the words of the text files in a folder, and of those that come, into a file of counts. Kill
 * it at any time and start it again: it goes on where it was, and no word is lost or counted twice.
 *
 *     build/examples/durable_word_count FOLDER CHECKPOINT COUNTS [once]
 *
 * Move files into the folder when they are whole. With `once` it ends when there is nothing left to count; else Ctrl-C
 * ends it between two batches.
 */
#include <signal.h>
#include <stdio.h>
#include <streamq.h>
#include <string.h>

static streamq_query *query;

static void stop(int number)
{
    (void)number;
    streamq_query_request_stop(query);
}

/* The whole result of each batch takes the place of the one before: doing that twice changes nothing. */
static int32_t replace(void *user, int64_t batch_id, streamq_batch *batch)
{
    const char *path = user;
    char beside[4096];
    (void)batch_id;
    snprintf(beside, sizeof beside, "%s.new", path);
    FILE *f = fopen(beside, "w");
    if (!f)
        return 1;
    for (size_t i = 0; i < streamq_batch_rows(batch); ++i) {
        size_t length;
        const char *word = streamq_batch_get_string(batch, i, 0, &length);
        fprintf(f, "%7lld %.*s\n", (long long)streamq_batch_get_int64(batch, i, 1), (int)length, word);
    }
    return fclose(f) != 0 || rename(beside, path) != 0;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: %s FOLDER CHECKPOINT COUNTS [once]\n", argv[0]);
        return 2;
    }
    streamq_session *session = streamq_session_new(NULL);
    streamq_plan *plan = streamq_plan_new(session);

    streamq_reader *reader = streamq_read_stream(plan, "text");
    streamq_reader_option(reader, "path", argv[1]);
    streamq_reader_option(reader, "maxFilesPerTrigger", "1");
    streamq_stream *lines = streamq_reader_load(reader);

    streamq_stream *words = streamq_select(lines, "explode(split(value, ' ')) AS word");
    streamq_stream *counts = streamq_count(streamq_group_by(streamq_where(words, "word <> ''"), "word"));

    streamq_writer *writer = streamq_write_stream(streamq_sort(counts, "word"), "foreachBatch");
    streamq_writer_foreach_batch(writer, replace, argv[3]);
    streamq_writer_output_mode(writer, STREAMQ_COMPLETE);
    streamq_writer_option(writer, "checkpointLocation", argv[2]);
    if (argc > 4 && strcmp(argv[4], "once") == 0)
        streamq_writer_trigger_available_now(writer);

    streamq_error *error = NULL;
    query = streamq_writer_start(writer, &error);
    if (query) {
        signal(SIGINT, stop);
        streamq_query_await_termination(query, -1, &error);
    }
    int status = error != NULL;
    if (error)
        fprintf(stderr, "%s\n", streamq_error_message(error));
    streamq_error_free(error);
    streamq_plan_free(plan);
    streamq_session_free(session);
    return status;
}
