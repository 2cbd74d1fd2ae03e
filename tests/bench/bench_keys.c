/*
 * bench_keys: row 11 of the table: counts by a bigint in update mode, in batches of 64 Ki rows: first every key once, in
 * no order, while the table grows; then half as many rows that hit keys evenly. Updates a second of both together, and
 * the longest batch of the growth over the median one. The peer is a table that stops to double. Both run three times in
 * turn; the run with the median rate counts.
 *
 *     bench_keys [MILLIONS OF KEYS]
 */
#include "arrow_kit.h"
#include "bench_kit.h"
#include "limit_keys.h"
#include "query_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 64 << 10 };

typedef struct keys {
    size_t distinct, growing, batches; /* the first `growing` of the batches bring new keys */
    int64_t *key, *changed, *count;    /* of one batch */
    double *took;                      /* seconds of each batch */
} keys;

/* Distinct for distinct i, and in no order. */
static int64_t nth_key(uint64_t i)
{
    i = (i ^ i >> 31) * 0xbf58476d1ce4e5b9u;
    i = (i ^ i >> 27) * 0x94d049bb133111ebu;
    return (int64_t)(i ^ i >> 31);
}

static void make_batch(const keys *k, size_t batch)
{
    for (size_t i = 0; i < BATCH; i++)
        k->key[i] = nth_key(batch < k->growing ? batch * BATCH + i : bench_random() % k->distinct);
}

static streamq_stream *plan(streamq_stream *rows)
{
    return streamq_count(streamq_group_by(rows, "k"));
}

typedef struct result {
    double rate, longest, median, growing_rate, even_rate, bytes_a_key;
} result;

static result sum_up(const keys *k)
{
    double growing = 0, even = 0;
    for (size_t i = 0; i < k->batches; i++)
        *(i < k->growing ? &growing : &even) += k->took[i];
    result r = {.rate = (double)k->batches * BATCH / (growing + even) / 1e6,
                .growing_rate = (double)k->growing * BATCH / growing / 1e6,
                .even_rate = (double)(k->batches - k->growing) * BATCH / even / 1e6};
    r.median = bench_percentile(k->took, k->growing, 0.5);
    r.longest = k->took[k->growing - 1];
    return r;
}

static result run_ours(const keys *k)
{
    streamq_error *error = NULL;
    query_kit q = query_kit_open(1, plan, "k BIGINT", "noop", STREAMQ_UPDATE);
    const arrow_kit_column column = {"k", "l", k->key};
    bench_random_seed(11);
    for (size_t b = 0; b < k->batches && !error; b++) {
        make_batch(k, b);
        double begin = bench_seconds();
        arrow_kit_push(q.feed, &column, 1, 0, BATCH);
        streamq_query_step(q.query, NULL, &error);
        k->took[b] = bench_seconds() - begin;
    }
    query_kit_check(error);
    double rows = query_kit_progress(&q, "numRowsTotal"), bytes = query_kit_progress(&q, "memoryUsedBytes");
    if (rows != (double)k->distinct) {
        fprintf(stderr, "bench_keys: %.0f keys in state, %zu were given\n", rows, k->distinct);
        exit(1);
    }
    query_kit_close(&q);
    result r = sum_up(k);
    r.bytes_a_key = bytes / rows;
    return r;
}

static result run_peer(const keys *k)
{
    limit_keys *t = limit_keys_new();
    bench_random_seed(11);
    for (size_t b = 0; b < k->batches; b++) {
        make_batch(k, b);
        double begin = bench_seconds();
        limit_keys_update(t, k->key, BATCH, k->changed, k->count);
        k->took[b] = bench_seconds() - begin;
    }
    if (limit_keys_used(t) != k->distinct)
        abort();
    limit_keys_free(t);
    return sum_up(k);
}

static double available_mb(void)
{
    char line[128];
    double mb = 0;
    FILE *f = fopen("/proc/meminfo", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "MemAvailable:", 13) == 0)
            mb = strtod(line + 13, NULL) / 1024;
    if (f)
        fclose(f);
    return mb;
}

static int by_rate(const void *a, const void *b)
{
    double x = ((const result *)a)->rate, y = ((const result *)b)->rate;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    enum { ROUNDS = 3, BYTES_WARM = 40, BYTES_A_KEY = 160 }; /* at the worst moment: a table beside its double */
    double wanted = argc > 1 ? strtod(argv[1], NULL) : 50, room = available_mb() * 1e6 / BYTES_A_KEY / 1e6;
    double millions = room > 0 && wanted > room ? room : wanted;
    keys k = {.growing = (size_t)(millions * 1e6 / BATCH) + 1};
    k.batches = k.growing + k.growing / 2 + 1;
    k.distinct = k.growing * BATCH;
    k.key = bench_must(malloc(BATCH * sizeof *k.key));
    k.changed = bench_must(malloc(BATCH * sizeof *k.changed));
    k.count = bench_must(malloc(BATCH * sizeof *k.count));
    k.took = bench_must(malloc(k.batches * sizeof *k.took));
    result all[2][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        bench_warm_memory(k.distinct * BYTES_WARM);
        all[0][round] = run_ours(&k);
        bench_warm_memory(k.distinct * BYTES_WARM);
        all[1][round] = run_peer(&k);
    }
    qsort(all[0], ROUNDS, sizeof **all, by_rate);
    qsort(all[1], ROUNDS, sizeof **all, by_rate);
    result ours = all[0][ROUNDS / 2], peer = all[1][ROUNDS / 2];

    char of[96], what[192];
    const char *name = "hand-written table that stops to double",
               *note = millions < wanted ? " (memory for no more)" : "";
    snprintf(of, sizeof of, "%.0f M distinct bigint keys%s", (double)k.distinct / 1e6, note);
    snprintf(what, sizeof what, "%s, counts in update mode, 64 Ki-row batches: inserts, then even updates", of);
    bench_beside("11", what, "M updates/s", ours.rate, name, peer.rate, ">= 8");
    snprintf(what, sizeof what, "%s: inserts alone, while the table grows", of);
    bench_beside("11", what, "M updates/s", ours.growing_rate, name, peer.growing_rate, "");
    snprintf(what, sizeof what, "%s: even updates alone", of);
    bench_beside("11", what, "M updates/s", ours.even_rate, name, peer.even_rate, "");
    snprintf(what, sizeof what, "%s: longest batch over the median one while the table grows", of);
    bench_beside("11", what, "x", ours.longest / ours.median, name, peer.longest / peer.median, "<= 20");
    snprintf(what, sizeof what, "%s: state memory a key", of);
    bench_figure("11", what, "bytes", ours.bytes_a_key, "");
    free(k.key);
    free(k.changed);
    free(k.count);
    free(k.took);
    return 0;
}
