/*
 * socket_word_count: counts the words that arrive on a TCP socket and prints the table after every batch.
 *
 *     nc -lk 9999                                     in one terminal
 *     build/examples/socket_word_count localhost 9999     in another; type lines into the first
 *
 * Ctrl-C stops the query between two batches.
 */
#include <signal.h>
#include <stdio.h>
#include <streamq.h>

static streamq_query *query;

static void stop(int number)
{
    (void)number;
    streamq_query_request_stop(query);
}

int main(int argc, char **argv)
{
    streamq_session *session = streamq_session_new(NULL);
    streamq_plan *plan = streamq_plan_new(session);

    streamq_reader *reader = streamq_read_stream(plan, "socket");
    streamq_reader_option(reader, "host", argc > 1 ? argv[1] : "localhost");
    streamq_reader_option(reader, "port", argc > 2 ? argv[2] : "9999");
    streamq_stream *lines = streamq_reader_load(reader);

    streamq_stream *words = streamq_select(lines, "explode(split(value, ' ')) AS word");
    streamq_stream *counts = streamq_count(streamq_group_by(words, "word"));
    streamq_stream *sorted = streamq_sort(counts, "count DESC");

    streamq_writer *writer = streamq_write_stream(sorted, "console");
    streamq_writer_output_mode(writer, STREAMQ_COMPLETE);

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
