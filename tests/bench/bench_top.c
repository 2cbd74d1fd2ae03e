/*
 * bench_top: row 8 of the table: the ten most frequent of a million keys after every batch of 1,000 rows: complete mode,
 * ORDER BY count DESC LIMIT 10. Beside it the same query with all rows sorted, and a heap over all counts by hand.
 *
 *     bench_top [KEYS [BATCHES]]
 */
#include "bench_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <streamq.h>
#include <string.h>

enum { ROWS = 1000, FIRST = 10 };

typedef struct tags {
    streamq_session *session;
    streamq_plan *plan;
    streamq_feed *feed;
    streamq_query *query;
    size_t keys;
    uint32_t *count; /* by key: what the query must know */
} tags;

static void must(const streamq_error *error)
{
    if (error) {
        fprintf(stderr, "%s\n", streamq_error_message(error));
        exit(1);
    }
}

static size_t put_tag(char *to, size_t key)
{
    return (size_t)sprintf(to, "#tag%06zu", key);
}

static void push(tags *t, const char *text, size_t length)
{
    streamq_error *error = NULL;
    streamq_feed_push_lines(t->feed, text, (int64_t)length, &error);
    must(error);
}

static void step(tags *t)
{
    streamq_error *error = NULL;
    streamq_query_step(t->query, NULL, &error);
    must(error);
}

static void open_query(tags *t, size_t keys, int limit)
{
    streamq_error *error = NULL;
    *t = (tags){.session = bench_must(streamq_session_new(NULL)), .keys = keys};
    t->count = bench_must(calloc(keys, sizeof *t->count));
    t->plan = bench_must(streamq_plan_new(t->session));
    t->feed = streamq_feed_new(t->session, "value STRING", &error);
    must(error);
    streamq_reader *reader = streamq_read_stream(t->plan, "memory");
    streamq_reader_feed(reader, t->feed);
    streamq_stream *counts = streamq_count(streamq_group_by(streamq_reader_load(reader), "value"));
    streamq_stream *sorted = streamq_sort(counts, "count DESC");
    streamq_writer *writer = streamq_write_stream(limit ? streamq_limit(sorted, limit) : sorted, "pull");
    streamq_writer_output_mode(writer, STREAMQ_COMPLETE);
    t->query = streamq_writer_open(writer, &error);
    must(error);
    char *all = bench_must(malloc(keys * 16)), *to = all;
    for (size_t k = 0; k < keys; k++) {
        to += put_tag(to, k);
        *to++ = '\n';
        t->count[k] = 1;
    }
    push(t, all, (size_t)(to - all));
    free(all);
    step(t);
    streamq_batch_free(streamq_query_next_batch(t->query, NULL));
}

static void close_query(tags *t)
{
    streamq_query_free(t->query);
    streamq_feed_free(t->feed);
    streamq_plan_free(t->plan);
    streamq_session_free(t->session);
    free(t->count);
}

/* A batch of rows: half of them of a few thousand frequent tags, the others of any. */
static size_t make_batch(tags *t, char *to)
{
    char *begin = to;
    for (int i = 0; i < ROWS; i++) {
        size_t range = bench_random() % 2 ? t->keys : 1 + t->keys / 300, key = bench_random() % range;
        t->count[key]++;
        to += put_tag(to, key);
        *to++ = '\n';
    }
    return (size_t)(to - begin);
}

/* By hand: the greatest counts of all, in a heap with the least of them on top. */
static double heap_over_all(const tags *t, uint32_t *first)
{
    double begin = bench_seconds();
    memset(first, 0, FIRST * sizeof *first);
    for (size_t k = 0; k < t->keys; k++) {
        uint32_t c = t->count[k], at = 0;
        if (c <= first[0])
            continue;
        for (uint32_t child; (child = 2 * at + 1) < FIRST; at = child) {
            child += child + 1 < FIRST && first[child + 1] < first[child];
            if (c <= first[child])
                break;
            first[at] = first[child];
        }
        first[at] = c;
    }
    return bench_seconds() - begin;
}

static int down(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x < y) - (x > y);
}

static double one_batch(tags *t, const char *text, size_t length, const uint32_t *first)
{
    double begin = bench_seconds();
    push(t, text, length);
    step(t);
    streamq_batch *b = streamq_query_next_batch(t->query, NULL);
    double took = bench_seconds() - begin;
    for (size_t i = 0; i < FIRST; i++)
        if (streamq_batch_get_int64(b, i, 1) != (int64_t)first[i]) {
            fprintf(stderr, "the first tags differ\n");
            exit(1);
        }
    streamq_batch_free(b);
    return took;
}

static void measure(size_t keys, int limit, size_t batches, double *ours, double *hand)
{
    tags t;
    char *text = bench_must(malloc(ROWS * 16));
    uint32_t first[FIRST];
    open_query(&t, keys, limit);
    for (size_t i = 0; i < batches; i++) {
        size_t length = make_batch(&t, text);
        hand[i] = heap_over_all(&t, first) * 1e3;
        qsort(first, FIRST, sizeof *first, down);
        ours[i] = one_batch(&t, text, length, first) * 1e3;
    }
    close_query(&t);
    free(text);
}

int main(int argc, char **argv)
{
    size_t keys = argc > 1 ? (size_t)atol(argv[1]) : 1000000, n = argc > 2 ? (size_t)atol(argv[2]) : 1000;
    n = n < 10 ? 10 : n;
    double *ours = bench_must(malloc(n * sizeof *ours)), *hand = bench_must(malloc(n * sizeof *hand));
    char what[128];
    measure(keys, FIRST, n, ours, hand);
    snprintf(what, sizeof what, "1,000-row batch, top 10 of %zu keys, p50", keys);
    bench_beside("8", what, "ms", bench_percentile(ours, n, 0.5), "hand-written C, a heap over all counts",
                 bench_percentile(hand, n, 0.5), "<= 3");
    snprintf(what, sizeof what, "1,000-row batch, top 10 of %zu keys, p99", keys);
    bench_beside("8", what, "ms", bench_percentile(ours, n, 0.99), "hand-written C, a heap over all counts",
                 bench_percentile(hand, n, 0.99), "<= 3");
    measure(keys, 0, 10, ours, hand);
    snprintf(what, sizeof what, "the same without the limit: all %zu keys sorted and returned, p50", keys);
    bench_figure("8", what, "ms", bench_percentile(ours, 10, 0.5), "");
    free(ours);
    free(hand);
    return 0;
}
