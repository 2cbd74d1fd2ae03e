/*
 * bench_socket: row 2 of the table: the word count of a text that comes from a TCP socket on loopback, fed by a process
 * that does nothing else, against recv and the loop written by hand, from the same writer.
 *
 * A micro-batch is what has arrived, 16 MB at most. The first line is update mode (each batch gives the counts that it
 * changed) into the sink noop; the hand-written loop counts all and sorts once at the end. The second is complete mode:
 * all counts in order after every batch, which the loop does not do; its last result is checked against the loop's.
 *
 *     bench_socket [MEGABYTES [ROUNDS]]
 */
#include "bench_kit.h"
#include "query_kit.h"
#include "zipf_text.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SEND = 1 << 20, RECEIVE = 256 << 10 };

typedef struct wire {
    zipf_text text;
    pid_t writer;
    int port;
    size_t rows; /* that the query has taken */
    query_kit query;
    streamq_batch *ours;
    limit_words *counts;
    limit_word *peer;
    size_t peer_n;
} wire;

/* -------------------------------------------------------------------------------------------------------- the writer */

static void write_all(int listener, const zipf_text *text)
{
    int to = accept(listener, NULL, NULL);
    for (size_t at = 0; to >= 0 && at < text->len;) {
        ssize_t n = send(to, text->ptr + at, text->len - at < SEND ? text->len - at : SEND, MSG_NOSIGNAL);
        if (n <= 0)
            _exit(1);
        at += (size_t)n;
    }
    _exit(to < 0);
}

static void start_writer(wire *w)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    if (listener < 0 || bind(listener, (struct sockaddr *)&a, len) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr *)&a, &len) != 0 || (w->writer = fork()) < 0) {
        perror("bench_socket");
        exit(1);
    }
    if (w->writer == 0)
        write_all(listener, &w->text);
    close(listener);
    w->port = ntohs(a.sin_port);
}

static void end_writer(wire *w)
{
    int status = 0;
    waitpid(w->writer, &status, 0);
    if (status != 0) {
        fprintf(stderr, "bench_socket: the writer failed\n");
        exit(1);
    }
}

/* ----------------------------------------------------------------------------------------------------------- streamq */

/* The rows of a batch, from its progress: the query is done when it has taken all lines. */
static void on_event(void *user, int32_t event, const char *json, size_t length)
{
    wire *w = user;
    const char *at = event == STREAMQ_EVENT_PROGRESS && length ? strstr(json, "\"numInputRows\"") : NULL;
    at = at ? strchr(at, ':') : NULL;
    if (at)
        w->rows += strtoull(at + 1, NULL, 10);
}

static void open_query(wire *w, streamq_output_mode mode)
{
    char port[16];
    snprintf(port, sizeof port, "%d", w->port);
    query_kit *q = &w->query;
    q->session = bench_must(streamq_session_new(NULL));
    q->plan = bench_must(streamq_plan_new(q->session));
    streamq_session_add_listener(q->session, on_event, w);
    streamq_reader *reader = streamq_read_stream(q->plan, "socket");
    streamq_reader_option(reader, "host", "127.0.0.1");
    streamq_reader_option(reader, "port", port);
    streamq_stream *words = streamq_select(streamq_reader_load(reader), "explode(split(value, ' ')) AS word");
    streamq_stream *counts = streamq_count(streamq_group_by(words, "word"));
    bool complete = mode == STREAMQ_COMPLETE;
    streamq_writer *to =
        streamq_write_stream(complete ? streamq_sort(counts, "count DESC") : counts, complete ? "pull" : "noop");
    streamq_writer_output_mode(to, mode);
    streamq_error *error = NULL;
    q->query = streamq_writer_open(to, &error);
    query_kit_check(error);
}

static double run_ours(wire *w, streamq_output_mode mode)
{
    streamq_batch_free(w->ours);
    w->ours = NULL;
    query_kit_close(&w->query);
    start_writer(w);
    w->rows = 0;
    double begin = bench_seconds();
    open_query(w, mode);
    streamq_query *query = w->query.query;
    while (w->rows < w->text.lines) {
        int32_t what = 0;
        streamq_error *error = NULL;
        streamq_query_step(query, &what, &error);
        query_kit_check(error);
        for (streamq_batch *b; (b = streamq_query_next_batch(query, NULL)); w->ours = b)
            streamq_batch_free(w->ours);
        struct pollfd p = {streamq_query_fd(query), POLLIN, 0};
        if (what == STREAMQ_STEP_IDLE && poll(&p, 1, 60000) == 0) {
            fprintf(stderr, "bench_socket: %zu of %zu lines came\n", w->rows, w->text.lines);
            exit(1);
        }
    }
    double took = bench_seconds() - begin;
    end_writer(w);
    return took;
}

static double ours_update(void *context)
{
    return run_ours(context, STREAMQ_UPDATE);
}

static double ours_complete(void *context)
{
    return run_ours(context, STREAMQ_COMPLETE);
}

/* ----------------------------------------------------------------------------------------------------------- by hand */

static double run_peer(void *context)
{
    wire *w = context;
    limit_words_free(w->counts);
    free(w->peer);
    start_writer(w);
    double begin = bench_seconds();
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)w->port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int from = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (from < 0 || connect(from, (struct sockaddr *)&a, sizeof a) != 0)
        bench_must(NULL);
    w->counts = limit_words_new();
    char *buffer = bench_must(malloc(2 * RECEIVE + LIMIT_ROOM));
    size_t kept = 0;
    for (ssize_t n; kept <= RECEIVE && (n = recv(from, buffer + kept, RECEIVE, 0)) > 0;) {
        size_t len = kept + (size_t)n;
        kept = limit_words_add(w->counts, buffer, len);
        memmove(buffer, buffer + len - kept, kept);
    }
    w->peer = limit_words_sorted(w->counts, &w->peer_n);
    double took = bench_seconds() - begin;
    free(buffer);
    close(from);
    end_writer(w);
    return took;
}

int main(int argc, char **argv)
{
    size_t megabytes = argc > 1 ? (size_t)atol(argv[1]) : ZIPF_TEXT_MB;
    int rounds = argc > 2 ? atoi(argv[2]) : 5;
    wire w = {.text = zipf_text_open(megabytes ? megabytes : 1)};
    char what[160], peer[96];
    double words = (double)w.text.words / 1e6;
    snprintf(what, sizeof what, "word count, %zu MB from a TCP socket, 1 thread, update mode", megabytes);
    snprintf(peer, sizeof peer, "recv + hand-written C, %s", limit_words_path());
    bench_goal(">= 0.85");
    bench_compare("2", what, "M words/s", words, ours_update, peer, run_peer, &w, rounds);
    snprintf(what, sizeof what, "the same, complete mode: all counts sorted after each batch (the peer: once)");
    bench_compare("2", what, "M words/s", words, ours_complete, peer, run_peer, &w, rounds);
    if (w.ours)
        query_kit_same_words(w.ours, w.peer, w.peer_n);
    streamq_batch_free(w.ours);
    query_kit_close(&w.query);
    free(w.peer);
    limit_words_free(w.counts);
    zipf_text_close(&w.text);
    return 0;
}
