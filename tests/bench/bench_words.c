/*
 * bench_words: rows 1, 4 and 12 of the table: the word count of a text in memory, from its bytes to the counts in order,
 * against the loop written by hand; two threads against one; and the state's memory for a word.
 *
 *     bench_words [MEGABYTES [ROUNDS]]
 */
#include "bench_kit.h"
#include "limit_word_count.h"
#include "query_kit.h"
#include "zipf_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct words {
    zipf_text text;
    query_kit query; /* of the last runs: they are compared */
    streamq_batch *ours;
    limit_words *counts;
    limit_word *peer;
    size_t peer_n;
} words;

static double run_threads(words *w, int threads)
{
    streamq_batch_free(w->ours);
    query_kit_close(&w->query);
    w->query = query_kit_open(threads, query_kit_words, "value STRING", "pull", STREAMQ_COMPLETE);
    streamq_error *error = NULL;
    double begin = bench_seconds();
    streamq_feed_lend_lines(w->query.feed, w->text.ptr, (int64_t)w->text.len, NULL, NULL, &error);
    streamq_query_step(w->query.query, NULL, &error);
    w->ours = streamq_query_next_batch(w->query.query, NULL);
    double took = bench_seconds() - begin;
    query_kit_check(error);
    return took;
}

static double run_ours(void *context)
{
    return run_threads(context, 1);
}

static double run_two(void *context)
{
    return run_threads(context, 2);
}

static double run_peer(void *context)
{
    words *w = context;
    limit_words_free(w->counts);
    free(w->peer);
    double begin = bench_seconds();
    w->counts = limit_words_new();
    limit_words_add(w->counts, w->text.ptr, w->text.len);
    w->peer = limit_words_sorted(w->counts, &w->peer_n);
    return bench_seconds() - begin;
}

/* Row 12: what the state takes for a word, less the word's own bytes. */
static void state_memory(words *w)
{
    if (!w->ours)
        run_ours(w);
    if (!w->peer)
        run_peer(w);
    double bytes = query_kit_progress(&w->query, "memoryUsedBytes"),
           rows = query_kit_progress(&w->query, "numRowsTotal");
    double own = 0;
    for (size_t i = 0; i < w->peer_n; i++)
        own += w->peer[i].len;
    if (rows != (double)w->peer_n) {
        fprintf(stderr, "bench_words: %.0f words in state, %zu in the text\n", rows, w->peer_n);
        exit(1);
    }
    bench_figure("12", "state memory a word of the word count, beyond the word's own bytes (memoryUsedBytes)", "bytes",
                 (bytes - own) / rows, "<= 40");
}

int main(int argc, char **argv)
{
    size_t megabytes = argc > 1 ? (size_t)atol(argv[1]) : ZIPF_TEXT_MB;
    int rounds = argc > 2 ? atoi(argv[2]) : 7;
    words w = {.text = zipf_text_open(megabytes ? megabytes : 1)};
    char what[128], peer[64];
    snprintf(what, sizeof what, "word count, %zu MB in memory, sorted counts, 1 thread", megabytes);
    snprintf(peer, sizeof peer, "hand-written C, %s", limit_words_path());
    bench_goal(">= 0.9");
    bench_compare("1", what, "M words/s", (double)w.text.words / 1e6, run_ours, peer, run_peer, &w, rounds);
    bench_goal(">= 1.8");
    bench_compare("4", "word count in memory, 2 threads against 1", "M words/s", (double)w.text.words / 1e6, run_two,
                  "streamq, 1 thread", run_ours, &w, rounds);
    if (w.ours && w.peer)
        query_kit_same_words(w.ours, w.peer, w.peer_n);
    if (bench_wanted("12"))
        state_memory(&w);
    streamq_batch_free(w.ours);
    query_kit_close(&w.query);
    free(w.peer);
    limit_words_free(w.counts);
    zipf_text_close(&w.text);
    return 0;
}
