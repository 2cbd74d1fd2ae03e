/*
 * Threads change nothing: every plan gives the same rows in the same order, batch by batch, whatever streamq.threads and
 * streamq.chunkRows are. streamq.parallelRows is 0, so that the workers take part from the first row on.
 *
 * THREADS_ROWS: rows of the large input (12000).
 */
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <streamq_arrow.h>
#include <streamq_ext.h>

#include "api_rig.h"
#include "loopback.h"
#include "test_main.h"

enum { BATCHES = 3, SMALL = 90 };

/* Columns of t, made from a row number: few and many groups, nulls, NaN, both zeros, long strings, nested values. */
static const char columns[] = "s STRING, k INT, n INT, d DOUBLE, m DECIMAL(12,2), a ARRAY<INT>, w STRING";
static const char rows_of[] =
    "SELECT CASE WHEN pmod(hash(i, 1), 11) = 0 THEN NULL WHEN pmod(hash(i, 1), 11) = 1 THEN '' "
    "  WHEN pmod(hash(i, 1), 11) < 4 THEN concat('a key that is longer than a view holds ', pmod(hash(i, 2), 40)) "
    "  ELSE concat('k', pmod(hash(i, 2), 90)) END AS s, "
    "pmod(hash(i, 3), 700) AS k, "
    "CASE WHEN pmod(hash(i, 4), 9) > 0 THEN pmod(hash(i, 5), 20) - 10 END AS n, "
    "CASE pmod(hash(i, 6), 40) WHEN 0 THEN NULL WHEN 1 THEN double('NaN') WHEN 2 THEN -0.0D WHEN 3 THEN 0.0D "
    "  ELSE pmod(hash(i, 7), 100) / 7D * power(10D, pmod(hash(i, 8), 9)) END AS d, "
    "CASE WHEN pmod(hash(i, 9), 8) > 0 THEN CAST(pmod(hash(i, 10), 500) / 4 AS DECIMAL(12,2)) END AS m, "
    "CASE WHEN pmod(hash(i, 11), 6) = 0 THEN NULL WHEN pmod(hash(i, 11), 6) = 1 THEN CAST(array() AS ARRAY<INT>) "
    "  ELSE transform(sequence(1, pmod(hash(i, 12), 4) + 1), x -> nullif(pmod(hash(i, x), 5), 4)) END AS a, "
    "concat_ws(' ', transform(sequence(1, pmod(hash(i, 13), 8)), "
    "  x -> concat('w', pmod(hash(i, x), 25) * pmod(hash(x, i), 25)))) AS w "
    "FROM (SELECT explode(sequence(%d, %d)) AS i)";

static const char *const plans[] = {
    "SELECT word, count(*) AS c FROM (SELECT explode(split(w, ' ')) AS word FROM t) GROUP BY word",
    "SELECT word, count(*) AS c FROM (SELECT explode(split(w, ' ')) AS word FROM t) GROUP BY word "
    "ORDER BY c DESC LIMIT 10",
    "SELECT word, count(*) AS c FROM (SELECT explode(split(w, ' ')) AS word FROM t) GROUP BY word ORDER BY c",
    "SELECT s, count(*) AS c FROM t GROUP BY s HAVING c > 20 LIMIT 7",
    "SELECT s, k % 5, count(*), sum(n) FROM t GROUP BY s, k % 5",
    "SELECT d, count(*), sum(n), first(d) FROM t GROUP BY d",
    "SELECT s, d, m, count(*) FROM t WHERE k < 60 GROUP BY s, d, m",
    "SELECT n, sum(d), avg(d), stddev(d), corr(d, k), skewness(d) FROM t WHERE NOT isnan(d) GROUP BY n",
    "SELECT k, sum(d), avg(d), sum(m), avg(m), min(d), max(d) FROM t GROUP BY k",
    "SELECT s, first(n), last(d), first(s, true), last(w, true), any_value(m) FROM t GROUP BY s",
    "SELECT k, collect_list(n), collect_set(n), min_by(n, d), max_by(s, m), max_by(d, k) FROM t GROUP BY k",
    "SELECT s, count(*) FILTER (WHERE d > 1), sum(n) FILTER (WHERE s IS NOT NULL), count(s), min(w), max(w) "
    "FROM t GROUP BY s",
    "SELECT p, x, count(*), sum(n), first(s), last(s) FROM (SELECT n, s, posexplode(a) AS (p, x) FROM t) GROUP BY p, x",
    "SELECT s, x, count(n), last(k) FROM (SELECT s, n, k, explode_outer(a) AS x FROM t) GROUP BY s, x",
    "SELECT upper(s) AS u, n % 7 AS r, sum(k) FROM t WHERE k > 10 AND d IS NOT NULL GROUP BY upper(s), n % 7",
    "SELECT a, count(*), sum(d), first(k) FROM t GROUP BY a",
    "SELECT m, sum(m), avg(m), max(struct(m, n)), bit_xor(n), bool_or(n > 3) FROM t GROUP BY m",
    "SELECT s, percentile(k, 0.5), approx_count_distinct(k), mode(n), approx_percentile(d, 0.9), median(n) "
    "FROM t GROUP BY s",
    "SELECT regexp_extract(w, '(w[0-9]+) (w[0-9])', 2) AS r, count(*), max(regexp_replace(w, '[13]', '<$0>')) FROM t "
    "WHERE w LIKE '%1%' OR w RLIKE 'w2' GROUP BY r",
    "SELECT date_format(from_utc_timestamp(timestamp_seconds(k * 86400), 'Europe/Berlin'), 'MMM HH') AS h, count(*), "
    "sum(size(filter(a, x -> x > n))) FROM t GROUP BY h",
    "SELECT s, count(*) FROM t WHERE rand(7) < 0.5 GROUP BY s",
    "SELECT s, sum(here(k)) FROM t GROUP BY s",
    "SELECT s, total(k) FROM t GROUP BY s",
    "SELECT count(*), sum(d), first(s) FROM t",
    "SELECT s, k, count(*) FROM t GROUP BY ROLLUP (s, k)",
    "SELECT k, count(*) FROM t GROUP BY k UNION ALL SELECT n, sum(k) FROM t GROUP BY n",
};
enum { PLANS = sizeof plans / sizeof *plans };

typedef struct settings {
    const char *threads, *chunk, *mode; /* "update" */
} settings;

/* -------------------------------------------------------------- functions of the program: on the stepping thread */

static pthread_t stepper;
static _Atomic int elsewhere;

static void release_numbers(struct ArrowArray *a)
{
    free((void *)a->buffers[1]);
    free(a->buffers);
    a->release = NULL;
}

static int64_t *make_numbers(struct ArrowArray *out, int64_t n)
{
    *out = (struct ArrowArray){.length = n, .n_buffers = 2, .release = release_numbers};
    out->buffers = calloc(2, sizeof *out->buffers);
    int64_t *v = calloc((size_t)n + 1, sizeof *v);
    out->buffers[1] = v;
    return v;
}

static int64_t number_at(const struct ArrowArray *row, int64_t i)
{
    const struct ArrowArray *n = row->children[0];
    return ((const int64_t *)n->buffers[1])[i + n->offset];
}

static int32_t here(void *user, const struct ArrowArray *arguments, struct ArrowArray *out, streamq_ext_error *error)
{
    (void)user, (void)error;
    elsewhere += !pthread_equal(pthread_self(), stepper);
    int64_t *v = make_numbers(out, arguments->length);
    for (int64_t i = 0; i < arguments->length; ++i)
        v[i] = number_at(arguments, i) * 3;
    return 0;
}

static int32_t total_step(void *user, void *const *states, const struct ArrowArray *arguments, streamq_ext_error *error)
{
    (void)user, (void)error;
    elsewhere += !pthread_equal(pthread_self(), stepper);
    for (int64_t i = 0; i < arguments->length; ++i)
        *(int64_t *)states[i] = (*(int64_t *)states[i] * 31 + number_at(arguments, i)) % 1000003; /* the order shows */
    return 0;
}

static int32_t total_emit(void *user, const void *const *states, size_t count, struct ArrowArray *out,
                          streamq_ext_error *error)
{
    (void)user, (void)error;
    elsewhere += !pthread_equal(pthread_self(), stepper);
    int64_t *v = make_numbers(out, (int64_t)count);
    for (size_t i = 0; i < count; ++i)
        v[i] = *(const int64_t *)states[i];
    return 0;
}

static void register_functions(streamq_session *session)
{
    const streamq_function f = {
        .struct_size = sizeof f, .name = "here", .arguments = "BIGINT", .result = "BIGINT", .call = here};
    const streamq_aggregate a = {.struct_size = sizeof a,
                                 .name = "total",
                                 .arguments = "BIGINT",
                                 .result = "BIGINT",
                                 .state_size = sizeof(int64_t),
                                 .step = total_step,
                                 .emit = total_emit};
    ck_assert_int_eq(streamq_session_register_function(session, &f, NULL), STREAMQ_OK);
    ck_assert_int_eq(streamq_session_register_aggregate(session, &a, NULL), STREAMQ_OK);
}

/* -------------------------------------------------------------- text of results */

typedef struct text {
    char *ptr;
    size_t len, cap;
} text;

static void add(text *t, const char *s, size_t n)
{
    if (t->len + n + 1 > t->cap) {
        t->cap = (t->len + n + 1) * 2;
        t->ptr = realloc(t->ptr, t->cap);
        ck_assert_ptr_nonnull(t->ptr);
    }
    memcpy(t->ptr + t->len, s, n);
    t->len += n;
    t->ptr[t->len] = '\0';
}

static void add_batch(text *t, const streamq_batch *b)
{
    for (size_t i = 0; i < streamq_batch_rows(b); ++i)
        for (size_t k = 0; k < streamq_batch_columns(b); ++k) {
            char *cell = streamq_batch_get_text(b, i, k);
            add(t, cell ? cell : "NULL", cell ? strlen(cell) : 4);
            add(t, k + 1 < streamq_batch_columns(b) ? "|" : "\n", 1);
            streamq_string_free(cell);
        }
    add(t, "--\n", 3);
}

static void compare(const char *what, const settings *with, const char *want, const char *got)
{
    size_t at = 0, line = 0;
    if (strcmp(want, got) == 0)
        return;
    for (size_t i = 0; want[i] == got[i]; ++i)
        if (want[i] == '\n')
            at = i + 1, ++line;
    ck_abort_msg("%s: %s, %s threads, chunks of %s rows: line %zu\nis       %.*s\ninstead  %.*s", what, with->mode,
                 with->threads, with->chunk, line, (int)strcspn(got + at, "\n"), got + at,
                 (int)strcspn(want + at, "\n"), want + at);
}

/* -------------------------------------------------------------- running */

static int large(void)
{
    const char *rows = getenv("THREADS_ROWS");
    return rows ? atoi(rows) : 12000;
}

static streamq_session *session_with(const char *threads, const char *chunk)
{
    streamq_config *config = streamq_config_new();
    ck_assert_int_eq(streamq_config_set(config, "streamq.threads", threads, NULL), STREAMQ_OK);
    ck_assert_int_eq(streamq_config_set(config, "streamq.chunkRows", chunk, NULL), STREAMQ_OK);
    ck_assert_int_eq(streamq_config_set(config, "streamq.parallelRows", "0", NULL), STREAMQ_OK);
    streamq_session *session = streamq_session_new(config);
    streamq_config_free(config);
    ck_assert_ptr_nonnull(session);
    return session;
}

/* The input in BATCHES parts, made once for a test, by a session of its own. */
static struct {
    streamq_session *session;
    streamq_batch *part[BATCHES];
} input;

static void make_input(int rows)
{
    char sql[sizeof rows_of + 32];
    streamq_error *error = NULL;
    input.session = streamq_session_new(NULL);
    for (int k = 0; k < BATCHES; ++k) {
        streamq_plan *plan = streamq_plan_new(input.session);
        snprintf(sql, sizeof sql, rows_of, rows * k / BATCHES, rows * (k + 1) / BATCHES - 1);
        input.part[k] = streamq_collect(streamq_sql(plan, sql), &error);
        ck_assert_msg(input.part[k] != NULL, "%s", streamq_error_message(error));
        streamq_plan_free(plan);
    }
}

static void free_input(void)
{
    for (int k = 0; k < BATCHES; ++k)
        streamq_batch_free(input.part[k]);
    streamq_session_free(input.session);
}

static void push_part(streamq_feed *feed, int k)
{
    struct ArrowArray array;
    struct ArrowSchema schema;
    streamq_error *error = NULL;
    ck_assert_int_eq(streamq_batch_export(input.part[k], &array, &schema, &error), STREAMQ_OK);
    streamq_status status = streamq_feed_push_arrow(feed, &array, &schema, &error);
    ck_assert_msg(status == STREAMQ_OK, "%s", streamq_error_message(error));
}

typedef struct bench {
    streamq_plan *plan;
    streamq_feed *feed;
    streamq_query *query;
} bench;

/* A query over a feed of t. False: the plan is not for this mode. */
static bool begin(bench *b, streamq_session *session, const char *sql, const char *mode)
{
    streamq_error *error = NULL;
    b->plan = streamq_plan_new(session);
    b->feed = streamq_feed_new(session, columns, &error);
    streamq_reader *reader = streamq_read_stream(b->plan, "memory");
    streamq_reader_feed(reader, b->feed);
    (void)streamq_stream_alias(streamq_reader_load(reader), "t");
    streamq_writer *w = streamq_write_stream(streamq_sql(b->plan, sql), "pull");
    streamq_writer_output_mode(w, strcmp(mode, "update") == 0 ? STREAMQ_UPDATE : STREAMQ_COMPLETE);
    b->query = streamq_writer_open(w, &error);
    bool refused = !b->query && strstr(streamq_error_condition(error), "UNSUPPORTED_STREAMING");
    ck_assert_msg(b->query || refused, "%s: %s", sql, streamq_error_message(error));
    streamq_error_free(error);
    return b->query != NULL;
}

static void end(bench *b)
{
    streamq_query_free(b->query);
    streamq_feed_free(b->feed);
    streamq_plan_free(b->plan);
    *b = (bench){0};
}

static void settle(bench *b, text *t)
{
    streamq_error *error = NULL;
    streamq_status status = streamq_query_process_all_available(b->query, -1, &error);
    ck_assert_msg(status == STREAMQ_OK, "%s", streamq_error_message(error));
    for (streamq_batch *next; (next = streamq_query_next_batch(b->query, NULL)) != NULL; streamq_batch_free(next))
        add_batch(t, next);
}

/* What a plan gives, batch by batch; NULL: it is not for this mode. */
static char *answers(const char *sql, const settings *with)
{
    text t = {0};
    bench b;
    streamq_session *session = session_with(with->threads, with->chunk);
    stepper = pthread_self();
    register_functions(session);
    if (begin(&b, session, sql, with->mode))
        for (int k = 0; k < BATCHES; ++k) {
            push_part(b.feed, k);
            if (k == 1)
                ck_assert_int_eq(
                    streamq_feed_push_sql(b.feed, "('late', 1, NULL, -0.0D, 1.5, array(1), 'w1 w1')", NULL),
                    STREAMQ_OK);
            settle(&b, &t);
        }
    end(&b);
    streamq_session_free(session);
    ck_assert_int_eq(elsewhere, 0);
    return t.ptr;
}

static void compare_settings(const char *sql, int rows, const char *const *chunk, size_t nchunk)
{
    static const char *const threads[] = {"1", "2", "3", "5"}, *const modes[] = {"update", "complete"};
    int met = 0;
    make_input(rows);
    for (size_t m = 0; m < 2; ++m) {
        char *want = NULL;
        for (size_t c = 0; c < nchunk; ++c)
            for (size_t i = 0; i < 4; ++i) {
                settings with = {threads[i], chunk[c], modes[m]};
                char *got = answers(sql, &with);
                if (!got)
                    break;
                if (want && !(i == 0 && strstr(sql, "ROLLUP"))) /* which gives a chunk's rows grouping by grouping */
                    compare(sql, &with, want, got);
                free(want);
                want = got;
                ++met;
            }
        free(want);
    }
    ck_assert_msg(met, "%s runs in no mode", sql);
    free_input();
}

START_TEST(large_batches)
{
    static const char *const chunk[] = {"2048", "7"};
    compare_settings(plans[_i], large(), chunk, 1 + (_i % 3 == 0));
}
END_TEST

START_TEST(small_batches)
{
    static const char *const chunk[] = {"1", "7", "2048"};
    compare_settings(plans[_i], SMALL, chunk, 3);
}
END_TEST

/* -------------------------------------------------------------- other sources */

static const char word_count[] = "SELECT word, count(*) AS c FROM (SELECT explode(split(value, ' ')) AS word FROM t) "
                                 "GROUP BY word";

/* `lines` lines of up to 9 words. */
static char *make_lines(int lines)
{
    text t = {0};
    uint64_t x = 88172645463325252u;
    char word[48];
    for (int i = 0; i < lines; ++i) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17; /* xorshift */
        for (uint64_t k = x % 10, y = x; k > 0; --k, y = y * 6364136223846793005u + 1442695040888963407u)
            add(&t, word,
                (size_t)snprintf(word, sizeof word, "%s%u%s", y >> 60 ? "w" : "a rather-long-word-for-a-view-",
                                 (unsigned)(y >> 33) % 3000 % (unsigned)(1 + (y >> 50) % 3000), k > 1 ? " " : ""));
        add(&t, "\n", 1);
    }
    return t.ptr;
}

static char *from_lines(const char *lines, const settings *with, bool lent)
{
    text t = {0};
    bench b = {0};
    streamq_error *error = NULL;
    streamq_session *session = session_with(with->threads, with->chunk);
    b.plan = streamq_plan_new(session);
    b.feed = streamq_feed_new(session, "value STRING", &error);
    streamq_reader *reader = streamq_read_stream(b.plan, "memory");
    streamq_reader_feed(reader, b.feed);
    (void)streamq_stream_alias(streamq_reader_load(reader), "t");
    streamq_writer *w = streamq_write_stream(streamq_sql(b.plan, word_count), "pull");
    streamq_writer_output_mode(w, STREAMQ_UPDATE);
    b.query = streamq_writer_open(w, &error);
    ck_assert_msg(b.query != NULL, "%s", streamq_error_message(error));
    for (int k = 0; k < BATCHES; ++k) {
        if (lent)
            ck_assert_int_eq(streamq_feed_lend_lines(b.feed, lines, -1, NULL, NULL, NULL), STREAMQ_OK);
        else
            ck_assert_int_eq(streamq_feed_push_lines(b.feed, lines, -1, NULL), STREAMQ_OK);
        settle(&b, &t);
    }
    end(&b);
    streamq_session_free(session);
    return t.ptr;
}

START_TEST(lines_of_a_feed)
{
    static const char *const threads[] = {"1", "2", "3", "5"}, *const chunk[] = {"2048", "7"};
    char *lines = make_lines(large() / 2);
    settings with = {"1", "2048", "lines"};
    char *want = from_lines(lines, &with, false);
    for (size_t i = 0; i < 8; ++i) {
        with = (settings){threads[i / 2], chunk[i % 2], "lines"};
        char *got = from_lines(lines, &with, i & 2);
        compare(word_count, &with, want, got);
        free(got);
    }
    free(want);
    free(lines);
}
END_TEST

typedef struct sender {
    sqi_loopback *server;
    const char *lines;
} sender;

static void *send_all(void *argument)
{
    sender *s = argument;
    sqi_loopback_accept(s->server);
    sqi_loopback_send(s->server, s->lines);
    return NULL;
}

static int64_t words_of(const char *lines)
{
    int64_t n = 0;
    for (const char *p = lines; *p; ++p)
        n += *p == ' ' || *p == '\n';
    return n;
}

/* The complete answer once every word has come, in however many micro-batches. */
static char *from_socket(const char *lines, const settings *with)
{
    sqi_loopback server;
    pthread_t thread;
    text t = {0};
    streamq_error *error = NULL;
    streamq_session *session = session_with(with->threads, with->chunk);
    streamq_plan *plan = streamq_plan_new(session);
    streamq_reader *reader = streamq_read_stream(plan, "socket");
    sqi_loopback_open(&server);
    sender s = {&server, lines};
    streamq_reader_option(reader, "host", "127.0.0.1");
    streamq_reader_option(reader, "port", server.port);
    (void)streamq_stream_alias(streamq_reader_load(reader), "t");
    streamq_writer *w = streamq_write_stream(streamq_sql(plan, word_count), "pull");
    streamq_writer_output_mode(w, STREAMQ_COMPLETE);
    streamq_query *q = streamq_writer_open(w, &error);
    ck_assert_msg(q != NULL, "%s", streamq_error_message(error));
    ck_assert_int_eq(pthread_create(&thread, NULL, send_all, &s), 0);
    for (int64_t come = 0, all = words_of(lines); come < all;) {
        streamq_status status = streamq_query_process_all_available(q, -1, &error);
        ck_assert_msg(status == STREAMQ_OK, "%s", streamq_error_message(error));
        for (streamq_batch *b; (b = streamq_query_next_batch(q, NULL)) != NULL; streamq_batch_free(b)) {
            come = 0;
            for (size_t i = 0; i < streamq_batch_rows(b); ++i)
                come += streamq_batch_get_int64(b, i, 1);
            t.len = 0;
            if (come >= all)
                add_batch(&t, b);
        }
    }
    pthread_join(thread, NULL);
    streamq_query_free(q);
    streamq_plan_free(plan);
    streamq_session_free(session);
    sqi_loopback_close(&server);
    return t.ptr;
}

START_TEST(lines_of_a_socket)
{
    static const char *const threads[] = {"2", "3", "5"};
    char *lines = make_lines(large() / 2);
    settings with = {"1", "2048", "socket"};
    char *want = from_socket(lines, &with);
    for (size_t i = 0; i < 3; ++i) {
        with.threads = threads[i];
        char *got = from_socket(lines, &with);
        compare(word_count, &with, want, got);
        free(got);
    }
    free(want);
    free(lines);
}
END_TEST

/* -------------------------------------------------------------- queries of one session */

typedef struct stepping {
    streamq_session *session;
    const char *sql;
    text got;
} stepping;

static void *step_alone(void *argument)
{
    stepping *s = argument;
    bench b;
    begin(&b, s->session, s->sql, "complete");
    for (int k = 0; k < BATCHES; ++k) {
        push_part(b.feed, k);
        settle(&b, &s->got);
    }
    end(&b);
    return NULL;
}

START_TEST(two_queries_step_at_once)
{
    make_input(large());
    streamq_session *alone = session_with("1", "2048"), *both = session_with("3", "2048");
    stepping want[2] = {{alone, plans[0], {0}}, {alone, plans[8], {0}}};
    stepping got[2] = {{both, plans[0], {0}}, {both, plans[8], {0}}};
    const settings with = {"3", "2048", "two at once"};
    pthread_t thread[2];
    for (int i = 0; i < 2; ++i)
        step_alone(&want[i]);
    for (int i = 0; i < 2; ++i)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, step_alone, &got[i]), 0);
    for (int i = 0; i < 2; ++i) {
        pthread_join(thread[i], NULL);
        compare(want[i].sql, &with, want[i].got.ptr, got[i].got.ptr);
        free(want[i].got.ptr);
        free(got[i].got.ptr);
    }
    streamq_session_free(alone);
    streamq_session_free(both);
    free_input();
}
END_TEST

/* The session has workers for five; later queries use fewer, or none. */
START_TEST(a_later_query_may_ask_for_fewer)
{
    make_input(large());
    static const char *const threads[] = {"5", "2", "1", "3", "64"};
    settings with = {"1", "2048", "complete"};
    streamq_session *session = session_with("1", "2048");
    stepping want = {session, plans[8], {0}};
    step_alone(&want);
    for (size_t i = 0; i < 5; ++i) {
        stepping got = {session, plans[8], {0}};
        ck_assert_int_eq(streamq_session_set(session, "streamq.threads", threads[i], NULL), STREAMQ_OK);
        step_alone(&got);
        with.threads = threads[i];
        compare(got.sql, &with, want.got.ptr, got.got.ptr);
        free(got.got.ptr);
    }
    free(want.got.ptr);
    streamq_session_free(session);
    free_input();
}
END_TEST

#if defined(__linux__)
static int workers_running(void)
{
    int n = 0;
    DIR *dir = opendir("/proc/self/task");
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        char path[300], name[32] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", e->d_name);
        FILE *in = fopen(path, "r");
        n += in && fgets(name, sizeof name, in) && strcmp(name, "streamq-worker\n") == 0;
        if (in)
            fclose(in);
    }
    closedir(dir);
    return n;
}

/* Workers are not even started before a micro-batch is large enough, and they end with the session. */
START_TEST(small_micro_batches_wake_nobody)
{
    bench b;
    text t = {0};
    streamq_session *session = session_with("3", "2048");
    make_input(300);
    ck_assert_int_eq(streamq_session_set(session, "streamq.parallelRows", "150", NULL), STREAMQ_OK);
    begin(&b, session, plans[8], "update");
    push_part(b.feed, 0); /* 100 rows */
    settle(&b, &t);
    ck_assert_int_eq(workers_running(), 0);
    push_part(b.feed, 1);
    push_part(b.feed, 2);
    settle(&b, &t);
    ck_assert_int_eq(workers_running(), 2);
    end(&b);
    free(t.ptr);
    streamq_session_free(session);
    while (workers_running()) /* joined, but the system may need a moment to forget them */
        sched_yield();
    free_input();
}
END_TEST
#endif

/* -------------------------------------------------------------- failures and stops */

/* The error of the first row that fails, and the session goes on. */
START_TEST(the_first_failure_is_the_one_reported)
{
    make_input(large());
    static const char *const threads[] = {"1", "2", "3", "5"};
    for (size_t i = 0; i < 4; ++i) {
        streamq_session *session = session_with(threads[i], "64");
        bench b;
        streamq_error *error = NULL;
        for (int again = 0; again < 3; ++again) {
            begin(&b, session, "SELECT k, sum(CAST(w AS INT)) FROM t WHERE w LIKE 'x%' GROUP BY k", "update");
            push_part(b.feed, 0);
            for (int n = 1; n < 6; ++n) {
                char bad[100];
                snprintf(bad, sizeof bad, "(NULL, %d, 1, 1, 1, NULL, 'x%d')", n, n);
                ck_assert_int_eq(streamq_feed_push_sql(b.feed, bad, NULL), STREAMQ_OK);
                push_part(b.feed, 0);
            }
            ck_assert_int_eq(streamq_query_process_all_available(b.query, -1, &error), STREAMQ_ERR_DATA);
            ck_assert_msg(strstr(streamq_error_message(error), "'x1'") != NULL, "%s", streamq_error_message(error));
            streamq_error_free(error);
            error = NULL;
            ck_assert_ptr_null(streamq_query_next_batch(b.query, NULL));
            if (again == 2) /* the failed one still stands: it must not keep the workers */
                streamq_query_request_stop(b.query);
            end(&b);
        }
        streamq_session_free(session);
    }
    free_input();
}
END_TEST

START_TEST(a_failed_query_lets_the_workers_go)
{
    make_input(large());
    streamq_session *session = session_with("3", "64");
    settings with = {"3", "64", "complete"};
    stepping first = {session, plans[8], {0}}, second = {session, plans[8], {0}};
    bench b;
    step_alone(&first);
    begin(&b, session, "SELECT k, sum(CAST(w AS INT)) FROM t GROUP BY k", "update");
    push_part(b.feed, 0);
    ck_assert_int_eq(streamq_query_process_all_available(b.query, -1, NULL), STREAMQ_ERR_DATA);
    step_alone(&second);
    compare(plans[8], &with, first.got.ptr, second.got.ptr);
    end(&b);
    free(first.got.ptr);
    free(second.got.ptr);
    streamq_session_free(session);
    free_input();
}
END_TEST

static int32_t stop_it(void *user, int64_t id, streamq_batch *batch)
{
    (void)id, (void)batch;
    atomic_store((_Atomic bool *)user, true);
    return 0;
}

/* Wherever the stop meets the query, it ends without an error. */
START_TEST(a_stop_breaks_off_a_running_batch)
{
    make_input(large());
    streamq_session *session = session_with("3", "64");
    for (int i = 0; i < 12; ++i) {
        _Atomic bool wrote = false;
        streamq_error *error = NULL;
        streamq_plan *plan = streamq_plan_new(session);
        streamq_feed *feed = streamq_feed_new(session, columns, &error);
        streamq_reader *reader = streamq_read_stream(plan, "memory");
        streamq_reader_feed(reader, feed);
        (void)streamq_stream_alias(streamq_reader_load(reader), "t");
        streamq_writer *w = streamq_write_stream(streamq_sql(plan, plans[i % 2 ? 0 : 8]), "foreachBatch");
        streamq_writer_foreach_batch(w, stop_it, &wrote);
        streamq_writer_output_mode(w, STREAMQ_UPDATE);
        for (int k = 0; k < 4; ++k)
            push_part(feed, k % BATCHES);
        streamq_query *q = streamq_writer_start(w, &error);
        ck_assert_msg(q != NULL, "%s", streamq_error_message(error));
        for (int wait = 0; wait < i * 200; ++wait)
            sched_yield();
        ck_assert_int_eq(streamq_query_stop(q, -1, &error), STREAMQ_OK);
        ck_assert_int_eq(streamq_query_await_termination(q, -1, &error), STREAMQ_OK);
        streamq_query_free(q);
        streamq_feed_free(feed);
        streamq_plan_free(plan);
    }
    streamq_session_free(session);
    free_input();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        lines_of_a_feed,
        lines_of_a_socket,
        two_queries_step_at_once,
        a_later_query_may_ask_for_fewer,
        the_first_failure_is_the_one_reported,
        a_failed_query_lets_the_workers_go,
        a_stop_breaks_off_a_running_batch,
#if defined(__linux__)
        small_micro_batches_wake_nobody,
#endif
    };
    const TTest *const each[] = {large_batches, small_batches};
    return sqi_test_main_each("threads", tests, sizeof tests / sizeof *tests, each, 2, PLANS);
}
