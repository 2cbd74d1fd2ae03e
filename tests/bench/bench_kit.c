#include "bench_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double bench_seconds(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double bench_cpu_seconds(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

double bench_peak_rss_mb(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_maxrss / 1024;
}

void *bench_must(void *p)
{
    if (!p) {
        fprintf(stderr, "no memory\n");
        abort();
    }
    return p;
}

void *bench_pages(size_t size)
{
    const size_t page = (size_t)2 << 20;
    size = (size + page - 1) / page * page;
    void *p = bench_must(aligned_alloc(page, size));
    madvise(p, size, MADV_HUGEPAGE); /* a wish */
    memset(p, 0, size);
    return p;
}

void bench_warm_memory(size_t size)
{
    pid_t child = fork();
    if (child == 0) {
        free(bench_pages(size));
        _exit(0);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
}

static uint64_t state = 88172645463325252u;

uint64_t bench_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

void bench_random_seed(uint64_t seed)
{
    state = seed ? seed : 88172645463325252u;
    for (int i = 0; i < 8; i++)
        bench_random();
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double bench_percentile(double *values, size_t n, double share)
{
    if (n == 0)
        return 0;
    qsort(values, n, sizeof *values, by_value);
    size_t at = (size_t)(share * (double)n);
    return values[at < n ? at : n - 1];
}

bool bench_wanted(const char *row)
{
    const char *rows = getenv("BENCH_ROWS");
    if (!rows || !*rows)
        return true;
    size_t len = strlen(row);
    for (const char *at = rows; (at = strstr(at, row)); at += len)
        if ((at == rows || at[-1] == ' ') && (at[len] == ' ' || at[len] == 0))
            return true;
    return false;
}

/* ---------------------------------------------------------------------------------------------- the line of a figure */

static char next_goal[64];

void bench_goal(const char *goal)
{
    snprintf(next_goal, sizeof next_goal, "%s", goal ? goal : "");
}

/* Texts come from the programs: of JSON's special characters, they may hold quotes and backslashes. */
static void put_text(const char *name, const char *text)
{
    if (!text || !*text)
        return;
    printf(",\"%s\":\"", name);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void put_begin(const char *row, const char *what, const char *unit)
{
    printf("{\"row\":\"%s\"", row);
    put_text("what", what);
    put_text("unit", unit);
}

static void put_end(bool memory)
{
    put_text("goal", next_goal);
    next_goal[0] = 0;
    if (memory)
        printf(",\"rss_mb\":%.1f", bench_peak_rss_mb());
}

void bench_figure(const char *row, const char *what, const char *unit, double figure, const char *goal)
{
    bench_beside(row, what, unit, figure, NULL, 0, goal);
}

void bench_beside(const char *row, const char *what, const char *unit, double figure, const char *peer_name,
                  double peer, const char *goal)
{
    put_begin(row, what, unit);
    printf(",\"ours\":%.6g", figure);
    if (peer_name) {
        printf(",\"peer\":%.6g", peer);
        put_text("peer_name", peer_name);
    }
    if (goal && *goal)
        bench_goal(goal);
    put_end(peer_name != NULL);
    printf("}\n");
    fflush(stdout);
}

void bench_missing(const char *row, const char *what, const char *why, const char *goal)
{
    if (!bench_wanted(row))
        return;
    put_begin(row, what, NULL);
    put_text("missing", why);
    bench_goal(goal);
    put_text("goal", next_goal);
    next_goal[0] = 0;
    printf("}\n");
    fflush(stdout);
}

void bench_compare(const char *row, const char *what, const char *unit, double work, bench_run ours,
                   const char *peer_name, bench_run peer, void *context, int rounds)
{
    enum { MOST = 101 };
    double mine[MOST], theirs[MOST], ratio[MOST], cpu[MOST];
    if (!bench_wanted(row))
        return;
    rounds = rounds < 1 ? 1 : rounds > MOST ? MOST : rounds;
    for (int i = 0; i < rounds; i++) {
        double cpu_before = bench_cpu_seconds();
        mine[i] = ours(context);
        cpu[i] = bench_cpu_seconds() - cpu_before;
        theirs[i] = peer(context);
        ratio[i] = theirs[i] / mine[i];
    }
    size_t n = (size_t)rounds;
    put_begin(row, what, unit);
    printf(",\"ours\":%.6g,\"peer\":%.6g", work / bench_percentile(mine, n, 0.5),
           work / bench_percentile(theirs, n, 0.5));
    put_text("peer_name", peer_name);
    printf(",\"ratio\":%.4g", bench_percentile(ratio, n, 0.5));
    printf(",\"spread\":[%.4g,%.4g],\"rounds\":%d,\"cpu_s\":%.4g", ratio[0], ratio[n - 1], rounds,
           bench_percentile(cpu, n, 0.5));
    put_end(true);
    printf("}\n");
    fflush(stdout);
}
