/*
 * A durable query started and stopped again and again leaves no descriptor, no thread and no memory behind.
 * START_STOP_CYCLES: how often (200); each takes the milliseconds that the system needs to forget a watched folder.
 */
#include <dirent.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api_rig.h"
#include "test_main.h"

enum { WARM = 50, FAILURES = 1000 };

typedef struct holdings { /* of this process */
    size_t descriptors, threads, heap, session;
} holdings;

static int cycles(void)
{
    const char *text = getenv("START_STOP_CYCLES");
    return text ? atoi(text) : 200;
}

static size_t entries(const char *path)
{
    size_t n = 0;
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

static holdings measure(const streamq_session *s)
{
    return (holdings){entries("/proc/self/fd"), entries("/proc/self/task"), mallinfo2().uordblks,
                      s ? streamq_session_memory(s, NULL) : 0};
}

typedef struct house {
    char dir[64];
    streamq_error *error;
    int64_t sum; /* of the last batch */
} house;

static void begin(house *h)
{
    struct stat st;
    char path[96];
    *h = (house){.sum = 0};
    snprintf(h->dir, sizeof h->dir, "%s/streamq-cycles-XXXXXX", stat("/dev/shm", &st) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(h->dir));
    snprintf(path, sizeof path, "%s/in", h->dir);
    ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void finish(house *h)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", h->dir);
    ck_assert_int_eq(system(command), 0);
}

static void ok(house *h)
{
    ck_assert_msg(!h->error, "%s", streamq_error_message(h->error));
}

static int32_t on_batch(void *user, int64_t id, streamq_batch *b)
{
    (void)id;
    ((house *)user)->sum = streamq_batch_get_int64(b, 0, 0);
    return 0;
}

static streamq_session *session_of(void)
{
    streamq_config *c = streamq_config_new();
    ck_assert_int_eq(streamq_config_set(c, "streamq.threads", "2", NULL), STREAMQ_OK);
    ck_assert_int_eq(streamq_config_set(c, "streamq.parallelRows", "1", NULL), STREAMQ_OK);
    streamq_session *s = streamq_session_new(c);
    streamq_config_free(c);
    return s;
}

/* One life on its own thread: a file more, counted; or written to files. */
static void cycle(house *h, streamq_session *s, int nth, bool to_files)
{
    char path[160], to[160];
    snprintf(path, sizeof path, "%s/new", h->dir);
    snprintf(to, sizeof to, "%s/in/%06d", h->dir, nth);
    FILE *f = fopen(path, "we");
    ck_assert(f && fprintf(f, "1\n") > 0 && fclose(f) == 0 && rename(path, to) == 0);
    streamq_plan *plan = streamq_plan_new(s);
    streamq_reader *r = streamq_read_stream(plan, "text");
    snprintf(path, sizeof path, "%s/in", h->dir);
    streamq_reader_option(r, "path", path);
    streamq_reader_option(r, "cleanSource", "delete");
    (void)streamq_stream_alias(streamq_reader_load(r), "t");
    streamq_stream *stream =
        streamq_sql(plan, to_files ? "SELECT value FROM t" : "SELECT sum(CAST(value AS BIGINT)) AS s FROM t");
    streamq_writer *w = streamq_write_stream(stream, to_files ? "text" : "foreachBatch");
    streamq_writer_output_mode(w, to_files ? STREAMQ_APPEND : STREAMQ_UPDATE);
    snprintf(path, sizeof path, "%s/out", h->dir);
    if (to_files)
        streamq_writer_option(w, "path", path);
    else
        streamq_writer_foreach_batch(w, on_batch, h);
    snprintf(path, sizeof path, "%s/ckpt", h->dir);
    streamq_writer_option(w, "checkpointLocation", path);
    streamq_query *q = streamq_writer_start(w, &h->error);
    ok(h);
    streamq_plan_free(plan);
    ck_assert_int_eq(streamq_query_process_all_available(q, -1, &h->error), STREAMQ_OK);
    ck_assert_int_eq(streamq_query_stop(q, -1, &h->error), STREAMQ_OK);
    streamq_query_free(q);
    if (!to_files)
        ck_assert_int_eq(h->sum, nth + 1);
}

static void nothing_more(holdings before, holdings after)
{
    ck_assert_uint_eq(after.descriptors, before.descriptors);
    ck_assert_uint_eq(after.threads, before.threads);
    ck_assert_msg(after.heap <= before.heap, "%zu bytes of heap, before %zu", after.heap, before.heap);
    ck_assert_msg(after.session <= before.session, "%zu bytes in the session, before %zu", after.session,
                  before.session);
}

START_TEST(many_lives_in_one_session_leave_nothing_behind)
{
    house h;
    holdings before = {0};
    begin(&h);
    streamq_session *s = session_of();
    for (int i = 0; i < cycles(); i++) {
        if (i == WARM)
            before = measure(s);
        cycle(&h, s, i, false);
    }
    nothing_more(before, measure(s));
    streamq_session_free(s);
    finish(&h);
}
END_TEST

START_TEST(many_sessions_leave_nothing_behind)
{
    house h;
    holdings before = {0};
    begin(&h);
    for (int i = 0; i < cycles(); i++) {
        if (i == WARM)
            before = measure(NULL);
        streamq_session *s = session_of();
        cycle(&h, s, i, false);
        streamq_session_free(s);
    }
    nothing_more(before, measure(NULL));
    finish(&h);
}
END_TEST

START_TEST(many_lives_with_a_file_sink_leave_nothing_behind)
{
    house h;
    holdings before = {0};
    begin(&h);
    streamq_session *s = session_of();
    for (int i = 0; i < cycles() / 2; i++) {
        if (i == WARM)
            before = measure(NULL);
        cycle(&h, s, i, true);
    }
    nothing_more(before, measure(NULL));
    streamq_session_free(s);
    finish(&h);
}
END_TEST

/* A start that is refused, or a query that fails, gives back as much. */
START_TEST(a_thousand_failures_leave_nothing_behind)
{
    holdings before = {0};
    streamq_session *s = session_of();
    for (int i = 0; i < FAILURES; i++) {
        if (i == WARM)
            before = measure(s);
        streamq_error *error = NULL;
        streamq_plan *plan = streamq_plan_new(s);
        streamq_reader *r = streamq_read_stream(plan, "rate-micro-batch");
        streamq_reader_option(r, "rowsPerBatch", "3");
        (void)streamq_stream_alias(streamq_reader_load(r), "t");
        streamq_writer *w = streamq_write_stream(
            streamq_sql(plan, i % 2 ? "SELECT CAST('x' || value AS INT) FROM t" : "SELECT value FROM t"), "noop");
        streamq_writer_option(w, "checkpointLocation", i % 2 ? "/dev/shm/streamq-cycles-failing" : "/dev/null/nowhere");
        streamq_query *q = streamq_writer_start(w, &error);
        ck_assert_int_eq(q != NULL, i % 2);
        if (q)
            ck_assert_int_ne(streamq_query_await_termination(q, 20000, &error), STREAMQ_OK);
        streamq_error_free(error);
        streamq_query_free(q);
        streamq_plan_free(plan);
        streamq_session_reset_terminated(s);
    }
    nothing_more(before, measure(s));
    streamq_session_free(s);
    ck_assert_int_eq(system("rm -rf /dev/shm/streamq-cycles-failing"), 0);
}
END_TEST

/* Freed blocks that the C library keeps for each thread count as used: it is told not to keep them, and it listens only
   when a program begins. */
int main(int argc, char **argv)
{
    (void)argc;
    if (!getenv("GLIBC_TUNABLES")) {
        setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
        execv("/proc/self/exe", argv);
    }
    const TTest *const tests[] = {many_lives_in_one_session_leave_nothing_behind, many_sessions_leave_nothing_behind,
                                  many_lives_with_a_file_sink_leave_nothing_behind,
                                  a_thousand_failures_leave_nothing_behind};
    return sqi_test_main("start_stop", tests, sizeof tests / sizeof *tests);
}
