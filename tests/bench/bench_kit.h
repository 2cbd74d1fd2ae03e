/*
 * bench_kit: what the benchmark programs share: turns of ours and a peer in one process (A B A B), medians and their
 * spread, and one line of JSON for each figure, which tests/tools/bench.sh collects. Nothing here knows streamq.
 */
#ifndef BENCH_KIT_H
#define BENCH_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

double bench_seconds(void);     /* monotonic */
double bench_cpu_seconds(void); /* of the process, all threads */
double bench_peak_rss_mb(void); /* of the process so far */
void *bench_must(void *p);      /* aborts on NULL: a benchmark has no other answer to a lack of memory */
/* size zeroed bytes at the start of a large page, if the system has them; released with free. */
void *bench_pages(size_t size);
/* Uses so much memory for a moment, in another process. A virtual machine may have to be given it by its host first, which
   takes longer than anything measured here. */
void bench_warm_memory(size_t size);

uint64_t bench_random(void); /* xorshift with a fixed seed */
void bench_random_seed(uint64_t seed);

/* Whether this row is asked for: $BENCH_ROWS names rows, nothing means all. Figures of other rows are not measured. */
bool bench_wanted(const char *row);

/* One run; returns its seconds. What is prepared outside of the measured part is not in them. */
typedef double (*bench_run)(void *context);

/* The limit that the next figure is held against (text, ">= 0.9"): a ratio's where there is a peer. */
void bench_goal(const char *goal);
/* Runs ours and the peer in turn, `rounds` times each, and prints a line: units of work a second for both, the median
   of the ratios ours : peer of the rounds, and the ratios' least and greatest. */
void bench_compare(const char *row, const char *what, const char *unit, double work, bench_run ours,
                   const char *peer_name, bench_run peer, void *context, int rounds);
/* A figure without a peer in this program, with the limit it is held against (text; "" for none). */
void bench_figure(const char *row, const char *what, const char *unit, double figure, const char *goal);
/* A figure with the same figure of a peer beside it, shown for comparison: the goal is held against the figure itself. */
void bench_beside(const char *row, const char *what, const char *unit, double figure, const char *peer_name,
                  double peer, const char *goal);
/* A row that cannot be measured here, and why. */
void bench_missing(const char *row, const char *what, const char *why, const char *goal);
/* The value below which the share (0..1) of n values lies; sorts them. */
double bench_percentile(double *values, size_t n, double share);

#endif
