/*
 * One input, cut into micro-batches at random places: the complete-mode answer of a stream is the answer of the bounded
 * read of the same rows; and restarts between the micro-batches, with other threads and chunks, change nothing of what each
 * of them gives. Set EQUIVALENCE_SEED to repeat a failure, EQUIVALENCE_SPLITS for another number of splits
 * (2000, and a fifth as many in small chunks), EQUIVALENCE_RESTARTS for another number of runs with restarts (400).
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "api_state.h"
#include "disk_sim.h"
#include "os_sim.h"
#include "test_main.h"

enum { ROWS = 24, MOST_BATCHES = 6, PARTS = 40 };

/* Over the stream t (s STRING, n INT, d DOUBLE, m DECIMAL(12,2), a ARRAY<INT>). Doubles are halves: sums are exact. */
static const char *const plans[] = {
    "SELECT s, count(*) FROM t GROUP BY s",
    "SELECT s, sum(n), avg(n), min(n), max(n) FROM t GROUP BY s",
    "SELECT n, count(s), min(s), max(s) FROM t GROUP BY n",
    "SELECT d, count(*), sum(m) FROM t GROUP BY d",
    "SELECT m, avg(d), stddev(d) IS NULL FROM t GROUP BY m",
    "SELECT count(*), count(n), sum(n), avg(m), min(m), max(d) FROM t",
    "SELECT count(*) FROM t WHERE n > 100",
    "SELECT s, n, count(*) FROM t GROUP BY s, n",
    "SELECT s, n, count(*), grouping_id() FROM t GROUP BY ROLLUP (s, n)",
    "SELECT s, d, sum(n) FROM t GROUP BY CUBE (s, d)",
    "SELECT s, count(*) AS c FROM t GROUP BY s HAVING c > 2",
    "SELECT x, count(*) FROM (SELECT explode(a) AS x FROM t) GROUP BY x",
    "SELECT x, sum(n) FROM (SELECT n, explode_outer(a) AS x FROM t WHERE d IS NOT NULL) GROUP BY x",
    "SELECT s, approx_count_distinct(n) FROM t GROUP BY s",
    "SELECT v, count(*) FROM (SELECT s AS v FROM t UNION ALL SELECT upper(s) FROM t WHERE n > 2) GROUP BY v",
    "SELECT DISTINCT s, n FROM t",
    "SELECT upper(s), bool_and(n > 0), bool_or(n > 3), bit_xor(n) FROM t GROUP BY upper(s)",
    "SELECT n % 3, max_by(m, m), sum(CASE WHEN s IS NULL THEN 1 ELSE 0 END) FROM t GROUP BY n % 3",
    "SELECT size(a), sort_array(collect_set(n)), count(*) FILTER (WHERE d > 1) FROM t GROUP BY size(a)",
    "SELECT a, count(*), sum(d) FROM t GROUP BY a",
};
enum { PLANS = sizeof plans / sizeof *plans };

/* Of `usual` runs, or as many as the variable says: a part's share. */
static int share(const char *variable, int usual)
{
    const char *text = getenv(variable);
    return ((text ? atoi(text) : usual) + PARTS - 1) / PARTS;
}

static uint64_t state;

static uint32_t below(uint32_t n) /* splitmix64 */
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) % n);
}

static void put_row(char *to, size_t size)
{
    static const char *const words[] = {"NULL",      "''", "'a'", "'b'", "'B'", "'a longer word than a view holds'",
                                        "'\xC3\xA9'"};
    static const char *const numbers[] = {"NULL", "0", "1", "2", "3", "4", "-7", "2147483647"};
    static const char *const doubles[] = {"NULL", "0.0D", "-0.0D", "0.5D", "1.5D", "-2.5D", "double('NaN')"};
    static const char *const decimals[] = {"NULL", "0", "1.25", "-3.5", "99999.99"};
    static const char *const arrays[] = {"NULL", "array()", "array(1)", "array(1, NULL)", "array(2, 1, 2)"};
    snprintf(to, size, "(%s, %s, %s, %s, %s)", words[below(7)], numbers[below(8)], doubles[below(7)],
             decimals[below(5)], arrays[below(5)]);
}

typedef struct bench {
    api_rig r; /* its session; the feed below is its own */
    streamq_feed *feed;
    char row[ROWS][128];
    size_t nrow;
} bench;

static streamq_stream *over(bench *b, bool streaming, const char *sql)
{
    streamq_reader *reader = streaming ? streamq_read_stream(b->r.plan, "memory") : streamq_read(b->r.plan, "memory");
    streamq_reader_feed(reader, b->feed);
    (void)streamq_stream_alias(streamq_reader_load(reader), "t");
    return streamq_sql(b->r.plan, sql);
}

static void push(bench *b, size_t from, size_t to)
{
    static char sql[ROWS * 130];
    *sql = '\0';
    for (size_t i = from; i < to; ++i)
        strcat(strcat(sql, i > from ? ", " : ""), b->row[i]);
    ck_assert_int_eq(streamq_feed_push_sql(b->feed, sql, &b->r.error), STREAMQ_OK);
}

static void begin(bench *b, streamq_session *session)
{
    b->r.plan = streamq_plan_new(session);
    b->feed = streamq_feed_new(session, "s STRING, n INT, d DOUBLE, m DECIMAL(12,2), a ARRAY<INT>", &b->r.error);
    api_rig_ok(&b->r);
}

static void end(bench *b)
{
    streamq_feed_free(b->feed);
    streamq_plan_free(b->r.plan);
    b->r.plan = NULL;
}

static char *bounded(bench *b, streamq_session *session, const char *sql)
{
    begin(b, session);
    push(b, 0, b->nrow);
    streamq_batch *all = streamq_collect(over(b, false, sql), &b->r.error);
    api_rig_ok(&b->r);
    char *text = strdup(api_rig_rows(all));
    streamq_batch_free(all);
    end(b);
    return text;
}

static char *streamed(bench *b, streamq_session *session, const char *sql)
{
    char *text = NULL;
    begin(b, session);
    streamq_writer *w = streamq_write_stream(over(b, true, sql), "pull");
    streamq_writer_output_mode(w, STREAMQ_COMPLETE);
    streamq_query *q = streamq_writer_open(w, &b->r.error);
    api_rig_ok(&b->r);
    size_t at = 0, batches = 1 + below(MOST_BATCHES);
    for (size_t k = 0; k < batches; ++k) {
        size_t to = k + 1 == batches ? b->nrow : at + below((uint32_t)(b->nrow - at + 1));
        push(b, at, to); /* may be empty */
        at = to;
        if (k + 1 < batches && below(4) == 0)
            continue; /* two pushes in one micro-batch */
        (void)streamq_query_process_all_available(q, -1, &b->r.error);
        api_rig_ok(&b->r);
    }
    for (streamq_batch *next; (next = streamq_query_next_batch(q, NULL)) != NULL; streamq_batch_free(next)) {
        free(text);
        text = strdup(api_rig_rows(next)); /* the last one counts */
    }
    streamq_query_free(q);
    end(b);
    return text;
}

static void compare_splits(const char *chunk_rows, int splits, int part)
{
    const char *seed_text = getenv("EQUIVALENCE_SEED");
    streamq_config *config = streamq_config_new();
    ck_assert_int_eq(streamq_config_set(config, "streamq.chunkRows", chunk_rows, NULL), STREAMQ_OK);
    streamq_session *session = streamq_session_new(config);
    uint64_t first =
        seed_text ? strtoull(seed_text, NULL, 10) : (uint64_t)part * 100003 + 1; /* which plan: its remainder */
    for (int i = 0; i < (seed_text ? 1 : splits); ++i) {
        bench b = {{0}, NULL, {{0}}, 0};
        uint64_t seed = first + (uint64_t)i;
        state = seed;
        b.nrow = below(ROWS + 1);
        for (size_t k = 0; k < b.nrow; ++k)
            put_row(b.row[k], sizeof b.row[k]);
        const char *sql = plans[seed % PLANS];
        char *want = bounded(&b, session, sql), *got = streamed(&b, session, sql);
        /* A stream that was given no rows at all ran no batch: nothing to compare. */
        ck_assert_msg(b.nrow == 0 || (got && strcmp(want, got) == 0),
                      "seed %llu, chunks of %s rows: %s\nbounded:\n%s\nstreamed:\n%s", (unsigned long long)seed,
                      chunk_rows, sql, want, got ? got : "nothing");
        free(want);
        free(got);
    }
    streamq_session_free(session);
    streamq_config_free(config);
}

START_TEST(any_split_gives_the_bounded_answer)
{
    compare_splits("2048", share("EQUIVALENCE_SPLITS", 2000), _i);
}
END_TEST

START_TEST(any_split_gives_the_bounded_answer_in_chunks_of_one)
{
    compare_splits("1", share("EQUIVALENCE_SPLITS", 2000) / 5, _i);
}
END_TEST

START_TEST(any_split_gives_the_bounded_answer_in_chunks_of_seven)
{
    compare_splits("7", share("EQUIVALENCE_SPLITS", 2000) / 5, _i);
}
END_TEST

/* -------------------------------------------------------------- restarts */

static const char *const append_plans[] = {
    "SELECT s, n, d FROM t", /* without duplicates */
    "SELECT s, n FROM t WHERE n IS NOT NULL LIMIT 7",
    "SELECT n, explode(a) AS x FROM t",
};
enum { APPEND_PLANS = sizeof append_plans / sizeof *append_plans };

typedef struct lives {
    bench *b;
    size_t plan; /* of plans, then of append_plans */
    streamq_output_mode mode;
    size_t cut[MOST_BATCHES], ncut; /* where micro-batches end */
    char *text;                     /* what they gave */
    size_t len;
    sqi_os_sim machine;
    sqi_disk_sim *disk;
    streamq_session *session;
    streamq_query *query;
} lives;

static int32_t on_batch(void *user, int64_t id, streamq_batch *batch)
{
    lives *l = user;
    const char *rows = api_rig_rows(batch);
    char *text = realloc(l->text, l->len + strlen(rows) + 40);
    if (!text)
        abort();
    l->text = text;
    l->len += (size_t)sprintf(text + l->len, "batch %lld\n%s\n", (long long)id, rows);
    return 0;
}

static void begin_life(lives *l, const char *threads, const char *chunk)
{
    bench *b = l->b;
    streamq_config *config = streamq_config_new();
    config->os = &l->machine.os;
    ck_assert_int_eq(streamq_config_set(config, "streamq.threads", threads, NULL), STREAMQ_OK);
    ck_assert_int_eq(streamq_config_set(config, "streamq.parallelRows", "1", NULL), STREAMQ_OK);
    ck_assert_int_eq(streamq_config_set(config, "streamq.chunkRows", chunk, NULL), STREAMQ_OK);
    l->session = streamq_session_new(config);
    streamq_config_free(config);
    begin(b, l->session);
    streamq_stream *stream = over(b, true, l->plan < PLANS ? plans[l->plan] : append_plans[l->plan - PLANS]);
    if (l->plan == PLANS)
        stream = streamq_drop_duplicates(stream, "s, n, d");
    streamq_writer *w = streamq_write_stream(stream, "foreachBatch");
    streamq_writer_output_mode(w, l->mode);
    streamq_writer_foreach_batch(w, on_batch, l);
    streamq_writer_option(w, "checkpointLocation", "/ckpt");
    l->query = streamq_writer_open(w, &b->r.error);
    api_rig_ok(&b->r);
}

static void end_life(lives *l)
{
    streamq_query_free(l->query);
    end(l->b);
    streamq_session_free(l->session);
}

/* What all micro-batches give; with restarts the query is begun anew before some of them. */
static char *live(lives *l, bool restarts)
{
    static const char *const threads[] = {"1", "2", "3"}, *const chunks[] = {"1", "3", "2048"};
    sqi_os_sim_init(&l->machine, INT64_C(1700000000000000), 7);
    l->disk = sqi_disk_sim_new(7);
    l->machine.os.files = sqi_disk_sim_files(l->disk);
    l->text = calloc(1, 1);
    l->len = 0;
    begin_life(l, "1", "2048");
    for (size_t k = 0; k < l->ncut; k++) {
        if (restarts && below(3) > 0) {
            end_life(l);
            begin_life(l, threads[below(3)], chunks[below(3)]);
        }
        push(l->b, k ? l->cut[k - 1] : 0, l->cut[k]);
        (void)streamq_query_process_all_available(l->query, -1, &l->b->r.error);
        api_rig_ok(&l->b->r);
    }
    end_life(l);
    sqi_disk_sim_free(l->disk);
    sqi_os_sim_fini(&l->machine);
    return l->text;
}

static void choose(lives *l, uint64_t seed)
{
    state = seed;
    l->b->nrow = 1 + below(ROWS);
    for (size_t k = 0; k < l->b->nrow; ++k)
        put_row(l->b->row[k], sizeof l->b->row[k]);
    l->plan = seed % (PLANS + APPEND_PLANS);
    l->mode = l->plan >= PLANS ? STREAMQ_APPEND : below(2) ? STREAMQ_UPDATE : STREAMQ_COMPLETE;
    l->ncut = 2 + below(MOST_BATCHES - 1);
    for (size_t k = 0, at = 0; k < l->ncut; k++)
        l->cut[k] = at = k + 1 == l->ncut ? l->b->nrow : at + below((uint32_t)(l->b->nrow - at + 1));
}

START_TEST(restarts_between_batches_change_nothing)
{
    const char *seed_text = getenv("EQUIVALENCE_SEED");
    int runs = seed_text ? 1 : share("EQUIVALENCE_RESTARTS", 400);
    uint64_t first = seed_text ? strtoull(seed_text, NULL, 10) : (uint64_t)_i * 100000 + 1;
    for (int i = 0; i < runs; i++) {
        bench b = {{0}, NULL, {{0}}, 0};
        lives l = {.b = &b};
        uint64_t seed = first + (uint64_t)i;
        choose(&l, seed);
        char *want = live(&l, false), *got = live(&l, true);
        ck_assert_msg(strcmp(want, got) == 0, "seed %llu, plan %zu, mode %d\nwithout restarts:\n%s\nwith:\n%s",
                      (unsigned long long)seed, l.plan, (int)l.mode, want, got);
        free(want);
        free(got);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        any_split_gives_the_bounded_answer, any_split_gives_the_bounded_answer_in_chunks_of_one,
        any_split_gives_the_bounded_answer_in_chunks_of_seven, restarts_between_batches_change_nothing};
    return sqi_test_main_each("equivalence", NULL, 0, tests, sizeof tests / sizeof *tests, PARTS);
}
