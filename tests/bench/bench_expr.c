/*
 * bench_expr: what the loops of expressions cost, over chunks that stay in cache. Nanoseconds a row, the best of
 * several runs; the last column is the rate.
 *
 *     make bench-expr   (or: build/tests/bench/bench_expr)
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "data_builder.h"
#include "expr_bench.h"

#define ROWS SQI_CHUNK_ROWS
#define RUNS 7
#define LOOPS 2000

typedef struct bench {
    expr_bench x;
    sqi_vec col[8];
    sqi_field field[8];
    sqi_chunk chunk;
} bench;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t next(uint64_t *s)
{
    *s = *s * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *s >> 33;
}

enum { A, B, N, X, Y, T, L, D }; /* int, int, int with nulls, double, double, text, bigint, decimal */

static void fill(bench *b, sqi_arena *arena)
{
    static const char *const name[] = {"a", "b", "n", "x", "y", "t", "l", "d"};
    static const char *const line[] = {"the quick brown fox jumps over the lazy dog",
                                       "lorem ipsum dolor sit amet consectetur adipiscing elit",
                                       "to be or not to be that is the question", "one two three"};
    const sqi_type *type[] = {&sqi_type_int,    &sqi_type_int,    &sqi_type_int,    &sqi_type_double,
                              &sqi_type_double, &sqi_type_string, &sqi_type_bigint, sqi_type_decimal(b->x.pool, 12, 2)};
    sqi_builder *to[8];
    uint64_t seed = 1;
    for (int c = 0; c < 8; c++)
        to[c] = sqi_builder_new(type[c], arena);
    for (uint32_t i = 0; i < ROWS; i++) {
        sqi_builder_int(to[A], (int64_t)(next(&seed) % 1000));
        sqi_builder_int(to[B], (int64_t)(next(&seed) % 1000) + 1);
        if (next(&seed) % 10 == 0)
            sqi_builder_null(to[N]);
        else
            sqi_builder_int(to[N], (int64_t)(next(&seed) % 1000));
        sqi_builder_real(to[X], (double)(next(&seed) % 100000) / 100);
        sqi_builder_real(to[Y], (double)(next(&seed) % 100000) / 100);
        sqi_builder_bytes(to[T], sqi_span_of(line[next(&seed) % 4]));
        sqi_builder_int(to[L], (int64_t)next(&seed));
        sqi_builder_decimal(to[D], (sqi_int128)(next(&seed) % 1000000));
    }
    for (int c = 0; c < 8; c++) {
        sqi_builder_finish(to[c], &b->col[c], NULL);
        b->field[c] = (sqi_field){sqi_span_of(name[c]), type[c], c == N};
    }
    b->chunk = (sqi_chunk){.n = ROWS, .ncol = 8, .rows = {NULL, ROWS}, .col = b->col};
}

static void measure(bench *b, const char *text, bool filter, sqi_rows rows)
{
    sqi_schema schema = {8, b->field};
    streamq_error *err = NULL;
    sqi_bound *e;
    sqi_prog *prog = NULL;
    sqi_chunk chunk = b->chunk;
    chunk.rows = rows;
    expr_bench_reset(&b->x);
    if (expr_bench_bind(&b->x, text, &schema, &e, &err) != STREAMQ_OK ||
        sqi_prog_new(&prog, &e, 1, &b->x.eval, &err) != STREAMQ_OK) {
        printf("%-40s %s\n", text, sqi_error_message(err));
        sqi_error_free(err);
        return;
    }
    double best = 1e9;
    uint32_t kept = 0;
    for (int run = 0; run < RUNS; run++) {
        double begin = now();
        for (int k = 0; k < LOOPS; k++) {
            sqi_vec out;
            sqi_rows left = {NULL, 0};
            streamq_status status = filter ? sqi_prog_filter(prog, &b->x.eval, &chunk, &left, &err)
                                           : sqi_prog_run(prog, &b->x.eval, &chunk, &out, &err);
            if (status != STREAMQ_OK) {
                printf("%-40s %s\n", text, sqi_error_message(err));
                exit(EXIT_FAILURE);
            }
            kept = left.n;
            sqi_arena_reset(&b->x.scratch);
        }
        double t = (now() - begin) / LOOPS / rows.n;
        if (t < best)
            best = t;
    }
    printf("%-44s %-7s %8.3f ns/row %9.0f M rows/s", text,
           filter     ? "filter"
           : rows.sel ? "sel 1/2"
                      : "dense",
           best * 1e9, 1e-6 / best);
    if (filter)
        printf("   keeps %.0f%%", 100.0 * kept / rows.n);
    printf("\n");
    sqi_prog_free(prog);
}

int main(void)
{
    static bench b;
    sqi_arena columns;
    expr_bench_init(&b.x);
    sqi_arena_init(&columns, &b.x.alloc);
    fill(&b, &columns);
    uint32_t *half = sqi_arena_get(&columns, ROWS * sizeof *half), n = 0;
    for (uint32_t i = 0; i < ROWS; i += 2)
        half[n++] = i;
    sqi_rows dense = {NULL, ROWS}, sel = {half, n};
    static const char *const values[] = {"a + b",
                                         "a + 1",
                                         "a * b",
                                         "a - n",
                                         "l + 1",
                                         "x + y",
                                         "x * 2",
                                         "x / 3",
                                         "a % 7",
                                         "d + d",
                                         "d * 2",
                                         "d / 3",
                                         "a < b",
                                         "a = 500",
                                         "x < y",
                                         "n > 500",
                                         "t = 'one two three'",
                                         "l < 1000000000",
                                         "d > 5000",
                                         "a > 500 AND b < 300",
                                         "a IN (1, 2, 3)",
                                         "CASE WHEN a > 500 THEN b ELSE n END",
                                         "coalesce(n, a)",
                                         "n IS NULL",
                                         "CAST(a AS BIGINT)",
                                         "CAST(a AS STRING)",
                                         "split(t, ' ')",
                                         "upper(t)",
                                         "length(t)",
                                         "sqrt(x)",
                                         "transform(split(t, ' '), w -> upper(w))"};
    static const char *const conditions[] = {"a < b",
                                             "a = 500",
                                             "n > 500",
                                             "a > 100 AND b < 300 AND x < 500",
                                             "t = 'one two three'",
                                             "t LIKE '%or%'",
                                             "a IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        measure(&b, values[i], false, dense);
    for (size_t i = 0; i < 6; i++)
        measure(&b, values[i], false, sel);
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        measure(&b, conditions[i], true, dense);
    sqi_arena_fini(&columns);
    expr_bench_fini(&b.x);
    return EXIT_SUCCESS;
}
