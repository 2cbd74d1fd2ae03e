/*
 * event_loop: a query inside a program's own event loop. No thread of the library runs: poll() waits for the query's
 * descriptor beside the program's own, a step runs when it fires, results are pulled as Arrow arrays.
 *
 *     event_loop [HOST PORT]     words from a TCP source; without arguments, lines from standard input
 *
 * Prints every word whose count changed; ends with the input.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <streamq.h>
#include <streamq_arrow.h>
#include <string.h>
#include <unistd.h>

static void print_changes(streamq_query *query, streamq_error **error)
{
    streamq_batch *batch;
    int64_t id;
    while ((batch = streamq_query_next_batch(query, &id)) != NULL) {
        struct ArrowArray rows;
        struct ArrowSchema schema;
        if (streamq_batch_export(batch, &rows, &schema, error) == STREAMQ_OK) {
            /* two columns: utf8 (offsets, bytes) and int64 */
            const int32_t *offset = rows.children[0]->buffers[1];
            const char *bytes = rows.children[0]->buffers[2];
            const int64_t *count = rows.children[1]->buffers[1];
            for (int64_t i = 0; i < rows.length; ++i)
                printf("batch %lld: %.*s %lld\n", (long long)id, (int)(offset[i + 1] - offset[i]), bytes + offset[i],
                       (long long)count[i]);
            rows.release(&rows);
            schema.release(&schema);
        }
        streamq_batch_free(batch);
    }
    fflush(stdout);
}

static int run_steps(streamq_query *query, streamq_error **error)
{
    int32_t what;
    do {
        if (streamq_query_step(query, &what, error) != STREAMQ_OK)
            return 0;
        print_changes(query, error);
    } while (what == STREAMQ_STEP_WORKED || what == STREAMQ_STEP_FULL);
    return what != STREAMQ_STEP_FINISHED && !*error;
}

static int read_input(streamq_feed *feed, streamq_error **error)
{
    static char line[1 << 16];
    ssize_t n = read(STDIN_FILENO, line, sizeof line);
    return n > 0 && streamq_feed_push_lines(feed, line, n, error) == STREAMQ_OK;
}

int main(int argc, char **argv)
{
    streamq_error *error = NULL;
    streamq_session *session = streamq_session_new(NULL);
    streamq_plan *plan = streamq_plan_new(session);
    streamq_feed *feed = streamq_feed_new(session, "value STRING", &error);
    streamq_reader *reader = streamq_read_stream(plan, argc == 3 ? "socket" : "memory");
    if (argc == 3) {
        streamq_reader_option(reader, "host", argv[1]);
        streamq_reader_option(reader, "port", argv[2]);
    } else {
        streamq_reader_feed(reader, feed);
    }
    streamq_stream *words = streamq_select(streamq_reader_load(reader), "explode(split(value, ' ')) AS word");
    streamq_writer *writer = streamq_write_stream(streamq_count(streamq_group_by(words, "word")), "pull");
    streamq_writer_output_mode(writer, STREAMQ_UPDATE);
    streamq_query *query = streamq_writer_open(writer, &error);

    int going = query != NULL && run_steps(query, &error);
    struct pollfd wait[2] = {{.fd = query ? streamq_query_fd(query) : -1, .events = POLLIN},
                             {.fd = STDIN_FILENO, .events = POLLIN}};
    while (going && poll(wait, argc == 3 ? 1 : 2, -1) >= 0) {
        if (argc != 3 && wait[1].revents)
            going = read_input(feed, &error);
        if (!error)
            going = run_steps(query, &error) && going;
    }
    int status = error != NULL;
    if (error)
        fprintf(stderr, "%s\n", streamq_error_message(error));
    streamq_error_free(error);
    streamq_feed_free(feed);
    streamq_plan_free(plan);
    streamq_session_free(session);
    return status;
}
