/*
 * bench_durable: rows D1 to D4 of the table: what a checkpoint costs. One-row micro-batches against a bare append and
 * sync on the same disk, turn by turn; large ones against the same query without a checkpoint; a restart with millions of
 * keys against reading its files; the size of the directory after many micro-batches.
 *
 *     bench_durable            the directory is made below $BENCH_DIR, or here
 */
#include "bench_kit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <streamq.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEYS = 1000, ROUNDS = 3000, BARE = 300 };

static char below[256];

static void must(const streamq_error *error)
{
    if (error) {
        fprintf(stderr, "%s\n", streamq_error_message(error));
        exit(1);
    }
}

static const char *place(const char *name)
{
    static char path[4][400];
    static int turn;
    char *p = path[turn++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", below, name);
    return p;
}

/* -------------------------------------------------------------- queries */

typedef struct counts {
    streamq_session *session;
    streamq_plan *plan;
    streamq_feed *feed;
    streamq_query *query;
} counts;

/* Counts by key, in update mode; checkpoint NULL: none. */
static counts open_counts(const char *checkpoint, const char *sink)
{
    counts c = {.session = bench_must(streamq_session_new(NULL))};
    streamq_error *error = NULL;
    c.plan = bench_must(streamq_plan_new(c.session));
    c.feed = streamq_feed_new(c.session, "k BIGINT", &error);
    must(error);
    streamq_reader *reader = streamq_read_stream(c.plan, "memory");
    streamq_reader_feed(reader, c.feed);
    streamq_writer *writer =
        streamq_write_stream(streamq_count(streamq_group_by(streamq_reader_load(reader), "k")), sink);
    streamq_writer_output_mode(writer, STREAMQ_UPDATE);
    if (checkpoint)
        streamq_writer_option(writer, "checkpointLocation", checkpoint);
    c.query = streamq_writer_open(writer, &error);
    must(error);
    return c;
}

static void close_counts(counts *c)
{
    streamq_query_free(c->query);
    streamq_feed_free(c->feed);
    streamq_plan_free(c->plan);
    streamq_session_free(c->session);
}

static void push(counts *c, size_t rows, uint64_t keys)
{
    streamq_error *error = NULL;
    for (size_t i = 0; i < rows; ++i)
        streamq_feed_add_int64(c->feed, (int64_t)(bench_random() % keys));
    streamq_feed_flush(c->feed, &error);
    must(error);
}

static double step(counts *c)
{
    streamq_error *error = NULL;
    double begin = bench_seconds();
    streamq_query_step(c->query, NULL, &error);
    must(error);
    return bench_seconds() - begin;
}

/* -------------------------------------------------------------- D1 */

static double append(int fd)
{
    static const char bytes[BARE];
    double begin = bench_seconds();
    if (write(fd, bytes, sizeof bytes) != BARE || fdatasync(fd) != 0) {
        perror("append");
        exit(1);
    }
    return bench_seconds() - begin;
}

static void one_row(void)
{
    static double ours[ROUNDS], bare[ROUNDS];
    int fd = open(place("bare"), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    counts c = open_counts(place("one"), "noop");
    push(&c, KEYS * 10, KEYS);
    step(&c);
    for (int i = -100; i < ROUNDS; ++i) {
        push(&c, 1, KEYS);
        double a = step(&c), b = append(fd);
        if (i >= 0) {
            ours[i] = a * 1e6;
            bare[i] = b * 1e6;
        }
    }
    double p50 = bench_percentile(ours, ROUNDS, 0.5), p99 = bench_percentile(ours, ROUNDS, 0.99);
    double bare50 = bench_percentile(bare, ROUNDS, 0.5), bare99 = bench_percentile(bare, ROUNDS, 0.99);
    bench_beside("D1", "durable one-row batch, p50", "us", p50, "append 300 bytes + fdatasync", bare50, "");
    bench_beside("D1", "durable one-row batch, p99", "us", p99, "append 300 bytes + fdatasync", bare99, "");
    bench_figure("D1", "the same, p50 against the bare append", "x", p50 / bare50, "<= 1.15");
    bench_figure("D1", "the same, p99 against the bare append", "x", p99 / bare99, "<= 1.5");
    close_counts(&c);
    close(fd);
}

/* -------------------------------------------------------------- D2 */

enum { BATCH = 65536, MANY = 100000, WARM_BATCHES = 20, BATCHES = 200 };

static long long batches_done(streamq_query *q)
{
    char *json = streamq_query_last_progress(q);
    const char *p = json ? strstr(json, "\"batchId\":") : NULL;
    long long n = p ? atoll(p + strlen("\"batchId\":")) + 1 : 0;
    streamq_string_free(json);
    return n;
}

static void await_batches(streamq_query *q, long long n)
{
    while (batches_done(q) < n)
        usleep(1000);
}

/* Micro-batches as fast as they go on a thread of the query's own: seconds of BATCHES of them. */
static double stream(bool durable)
{
    static int turn;
    char name[32];
    counts c = {.session = bench_must(streamq_session_new(NULL))};
    streamq_error *error = NULL;
    c.plan = bench_must(streamq_plan_new(c.session));
    streamq_reader *reader = streamq_read_stream(c.plan, "rate-micro-batch");
    streamq_reader_option(reader, "rowsPerBatch", "65536");
    /* 100,000 keys in no order: a multiplication spreads the numbers. */
    streamq_stream *keys = streamq_select(streamq_reader_load(reader), "value * 48271 % 100000 AS k");
    streamq_writer *writer = streamq_write_stream(streamq_count(streamq_group_by(keys, "k")), "noop");
    streamq_writer_output_mode(writer, STREAMQ_UPDATE);
    snprintf(name, sizeof name, "stream-%d", turn++);
    if (durable)
        streamq_writer_option(writer, "checkpointLocation", place(name));
    c.query = streamq_writer_start(writer, &error);
    must(error);
    await_batches(c.query, WARM_BATCHES);
    double begin = bench_seconds();
    long long first = batches_done(c.query);
    await_batches(c.query, first + BATCHES);
    double seconds = (bench_seconds() - begin) * BATCHES / (double)(batches_done(c.query) - first);
    streamq_query_stop(c.query, -1, NULL);
    close_counts(&c);
    return seconds;
}

static double stream_durable(void *context)
{
    (void)context;
    return stream(true);
}

static double stream_plain(void *context)
{
    (void)context;
    return stream(false);
}

static void large(void)
{
    bench_goal(">= 0.7");
    bench_compare("D2", "durable batches of 64 Ki rows, 100,000 keys changing", "M rows/s",
                  (double)BATCH * BATCHES / 1e6, stream_durable, "without a checkpoint", stream_plain, NULL, 31);
}

/* -------------------------------------------------------------- D3 */

enum { KEYS_IN_ALL = 10000000, KEYS_A_BATCH = 200000 };

static counts open_rate(void)
{
    counts c = {.session = bench_must(streamq_session_new(NULL))};
    streamq_error *error = NULL;
    char rows[24];
    c.plan = bench_must(streamq_plan_new(c.session));
    streamq_reader *reader = streamq_read_stream(c.plan, "rate-micro-batch");
    snprintf(rows, sizeof rows, "%d", KEYS_A_BATCH);
    streamq_reader_option(reader, "rowsPerBatch", rows);
    streamq_writer *writer =
        streamq_write_stream(streamq_count(streamq_group_by(streamq_reader_load(reader), "value")), "noop");
    streamq_writer_output_mode(writer, STREAMQ_UPDATE);
    streamq_writer_option(writer, "checkpointLocation", place("restart"));
    c.query = streamq_writer_open(writer, &error);
    must(error);
    return c;
}

static double read_files(const char *dir, uint64_t *bytes)
{
    static char block[1 << 20];
    double begin = bench_seconds();
    DIR *d = bench_must(opendir(dir));
    *bytes = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        char path[700];
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        int fd = open(path, O_RDONLY);
        for (ssize_t n; fd >= 0 && (n = read(fd, block, sizeof block)) > 0;)
            *bytes += (uint64_t)n;
        close(fd);
    }
    closedir(d);
    return bench_seconds() - begin;
}

static void restart(void)
{
    uint64_t bytes;
    counts c = open_rate();
    for (int i = 0; i < KEYS_IN_ALL / KEYS_A_BATCH; ++i)
        step(&c);
    close_counts(&c);
    double best = 1e9, files = 1e9;
    for (int i = 0; i < 3; ++i) {
        double begin = bench_seconds();
        c = open_rate();
        double took = bench_seconds() - begin;
        close_counts(&c);
        double reading = read_files(place("restart"), &bytes);
        best = took < best ? took : best;
        files = reading < files ? reading : files;
    }
    bench_beside("D3", "restart with 10 million keys", "s", best, "reading its files", files, "<= 2.0");
    bench_figure("D3", "the same, size of the directory", "MB", (double)bytes / 1e6, "");
}

/* -------------------------------------------------------------- D4 */

enum { SMALL_BATCHES = 100000, A_GROUP = 16 /* bytes: its key and its count */ };

static void size(void)
{
    uint64_t bytes, most = 0;
    counts c = open_counts(place("size"), "noop");
    push(&c, KEYS * 10, KEYS);
    step(&c);
    for (int i = 1; i <= SMALL_BATCHES; ++i) {
        push(&c, 1, KEYS);
        step(&c);
        if (i % 1000 == 0) {
            read_files(place("size"), &bytes);
            most = bytes > most ? bytes : most;
        }
    }
    close_counts(&c);
    char goal[32];
    snprintf(goal, sizeof goal, "<= %.2f", 3 * KEYS * A_GROUP / 1e6 + 4);
    bench_figure("D4", "checkpoint after 100,000 batches of one row, 1,000 keys (goal: 3 times its state and 4 MB)",
                 "MB", (double)bytes / 1e6, goal);
    bench_figure("D4", "the most that it was on the way", "MB", (double)most / 1e6, goal);
}

int main(void)
{
    const char *dir = getenv("BENCH_DIR");
    char command[300];
    snprintf(below, sizeof below, "%s/durable-XXXXXX", dir ? dir : ".");
    bench_must(mkdtemp(below));
    bench_random_seed(7);
    if (bench_wanted("D1"))
        one_row();
    if (bench_wanted("D2"))
        large();
    if (bench_wanted("D3"))
        restart();
    if (bench_wanted("D4"))
        size();
    snprintf(command, sizeof command, "rm -rf %s", below);
    return system(command) != 0;
}
