/*
 * bench_typed: row 9 of the table and its part of row 4: sum, avg, min, max and count of a bigint by an int key, in
 * batches of 64 Ki rows that come as Arrow arrays: what each batch changed (update mode), and everything once at the end
 * (complete mode).
 *
 *     bench_typed [MILLIONS OF ROWS [ROUNDS]]
 */
#include "arrow_kit.h"
#include "bench_kit.h"
#include "limit_typed.h"
#include "query_kit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 64 << 10 };

typedef struct typed {
    int32_t *key;
    int64_t *value;
    size_t rows;
    limit_typed_out out;
} typed;

static streamq_stream *plan(streamq_stream *rows)
{
    return streamq_agg(streamq_group_by(rows, "k"),
                       "sum(v) AS s, avg(v) AS a, min(v) AS lo, max(v) AS hi, count(v) AS n");
}

static void push(const typed *t, streamq_feed *feed, size_t first)
{
    const arrow_kit_column columns[] = {{"k", "i", t->key}, {"v", "l", t->value}};
    arrow_kit_push(feed, columns, 2, (int64_t)first, BATCH);
}

/* -------------------------------------------------------------------------------------------------------- update mode */

static double update_threads(const typed *t, int threads)
{
    streamq_error *error = NULL;
    query_kit q = query_kit_open(threads, plan, "k INT, v BIGINT", "noop", STREAMQ_UPDATE);
    double begin = bench_seconds();
    for (size_t i = 0; i < t->rows && !error; i += BATCH) {
        push(t, q.feed, i);
        streamq_query_step(q.query, NULL, &error);
    }
    double took = bench_seconds() - begin;
    query_kit_check(error);
    query_kit_close(&q);
    return took;
}

static double ours_update(void *context)
{
    return update_threads(context, 1);
}

static double ours_update_two(void *context)
{
    return update_threads(context, 2);
}

static double peer_update(void *context)
{
    const typed *t = context;
    double begin = bench_seconds();
    limit_typed *table = limit_typed_new();
    for (size_t i = 0; i < t->rows; i += BATCH)
        if (limit_typed_update(table, t->key + i, t->value + i, BATCH, &t->out) < 0)
            abort();
    double took = bench_seconds() - begin;
    limit_typed_free(table);
    return took;
}

/* ------------------------------------------------------------------------------------------------------ complete mode */

static query_kit last_query; /* a batch lives as long as its session */
static streamq_batch *last;

static void forget_last(void)
{
    streamq_batch_free(last);
    last = NULL;
    query_kit_close(&last_query);
}

static double ours_complete(void *context)
{
    const typed *t = context;
    streamq_error *error = NULL;
    forget_last();
    last_query = query_kit_open(1, plan, "k INT, v BIGINT", "pull", STREAMQ_COMPLETE);
    double begin = bench_seconds();
    for (size_t i = 0; i < t->rows; i += BATCH)
        push(t, last_query.feed, i);
    streamq_query_step(last_query.query, NULL, &error);
    last = streamq_query_next_batch(last_query.query, NULL);
    double took = bench_seconds() - begin;
    query_kit_check(error);
    return took;
}

static size_t groups;

static double peer_complete(void *context)
{
    const typed *t = context;
    double begin = bench_seconds();
    limit_typed *table = limit_typed_new();
    for (size_t i = 0; i < t->rows; i += BATCH)
        if (!limit_typed_add(table, t->key + i, t->value + i, BATCH))
            abort();
    groups = limit_typed_groups(table);
    limit_typed_all(table, &t->out);
    double took = bench_seconds() - begin;
    limit_typed_free(table);
    return took;
}

/* ----------------------------------------------------------------------------------------------------- equal results */

static const limit_typed_out *sorted_by;

static int by_key_of(const void *a, const void *b)
{
    int32_t x = sorted_by->key[*(const uint32_t *)a], y = sorted_by->key[*(const uint32_t *)b];
    return x < y ? -1 : x > y;
}

static int ours_by_key(const void *a, const void *b)
{
    int64_t x = streamq_batch_get_int64(last, *(const uint32_t *)a, 0),
            y = streamq_batch_get_int64(last, *(const uint32_t *)b, 0);
    return x < y ? -1 : x > y;
}

static void check_equal(const typed *t)
{
    uint32_t *mine = bench_must(malloc((groups + 1) * sizeof *mine)),
             *theirs = bench_must(malloc((groups + 1) * sizeof *theirs));
    for (size_t i = 0; i < groups; i++)
        mine[i] = theirs[i] = (uint32_t)i;
    bool equal = streamq_batch_rows(last) == groups;
    sorted_by = &t->out;
    qsort(theirs, groups, sizeof *theirs, by_key_of);
    qsort(mine, groups, sizeof *mine, ours_by_key);
    for (size_t i = 0; i < groups && equal; i++) {
        uint32_t a = mine[i], b = theirs[i];
        equal = streamq_batch_get_int64(last, a, 0) == t->out.key[b] &&
                streamq_batch_get_int64(last, a, 1) == t->out.sum[b] &&
                fabs(streamq_batch_get_double(last, a, 2) - t->out.avg[b]) < 1e-9 * fabs(t->out.avg[b]) + 1e-12 &&
                streamq_batch_get_int64(last, a, 3) == t->out.min[b] &&
                streamq_batch_get_int64(last, a, 4) == t->out.max[b] &&
                streamq_batch_get_int64(last, a, 5) == t->out.count[b];
    }
    free(mine);
    free(theirs);
    if (!equal) {
        fprintf(stderr, "bench_typed: the results differ\n");
        exit(1);
    }
}

static void run(typed *t, uint32_t keys, const char *keys_name, int rounds)
{
    char what[160];
    bench_random_seed(keys);
    for (size_t i = 0; i < t->rows; i++) {
        t->key[i] = (int32_t)((uint32_t)(bench_random() % keys + 1) * 2654435761u);
        t->value[i] = (int64_t)(bench_random() % 2000001) - 1000000;
    }
    const char *peer = "hand-written C";
    forget_last();
    snprintf(what, sizeof what, "sum, avg, min, max, count by int, %s keys, 64 Ki-row batches, update mode", keys_name);
    bench_goal(">= 0.7");
    bench_compare("9", what, "M rows/s", (double)t->rows / 1e6, ours_update, peer, peer_update, t, rounds);
    snprintf(what, sizeof what, "the same, %s keys, one batch, complete mode", keys_name);
    bench_goal(">= 0.7");
    bench_compare("9", what, "M rows/s", (double)t->rows / 1e6, ours_complete, peer, peer_complete, t, rounds);
    if (last)
        check_equal(t);
}

int main(int argc, char **argv)
{
    size_t millions = argc > 1 ? (size_t)atol(argv[1]) : 16;
    int rounds = argc > 2 ? atoi(argv[2]) : 5;
    typed t = {.rows = millions * 1000000 / BATCH * BATCH};
    t.key = bench_pages((t.rows + 1) * sizeof *t.key);
    t.value = bench_pages((t.rows + 1) * sizeof *t.value);
    t.out = limit_typed_out_new(t.rows < 2000000 ? 2000000 : t.rows);
    bench_warm_memory((size_t)512 << 20);
    run(&t, 1000, "1,000", rounds);
    run(&t, 1000000, "1 M", rounds);
    bench_goal(">= 1.8");
    bench_compare("4", "five aggregates by int, 1 M keys, update mode, 2 threads against 1", "M rows/s",
                  (double)t.rows / 1e6, ours_update_two, "streamq, 1 thread", ours_update, &t, rounds);
    forget_last();
    limit_typed_out_free(&t.out);
    free(t.key);
    free(t.value);
    return 0;
}
