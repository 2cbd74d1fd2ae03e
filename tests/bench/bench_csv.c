/*
 * bench_csv: row 31 of the table: a CSV file in memory, read in blocks of 256 KiB into columns of INT, STRING, DOUBLE and
 * TIMESTAMP, against a loop written by hand for these types.
 *
 *     bench_csv [MEGABYTES [ROUNDS]]
 */
#include "bench_kit.h"
#include "io_format.h"
#include "limit_csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 << 10, ROWS = 2048, SLACK = 64 };

typedef struct file {
    char *bytes;
    size_t len, rows;
    bool quoted; /* texts stand between quotes */
} file;

static int draw(uint64_t r, unsigned n)
{
    return (int)((unsigned)r % n);
}

static void make(file *f, size_t size)
{
    f->bytes = bench_must(malloc(size + 200 + SLACK));
    f->len = f->rows = 0;
    while (f->len < size) {
        uint64_t r = bench_random(), s = bench_random();
        const char *quote = f->quoted ? "\"" : "";
        int text = 4 + (int)(s % 17);
        f->len += (size_t)sprintf(f->bytes + f->len, "%d,%s%.*s%s,%d.%04d,%04d-%02d-%02d %02d:%02d:%02d\n",
                                  draw(r, 10000000) - 500000, quote, text, &"the quick brown fox jumps"[s % 5], quote,
                                  draw(r >> 20, 100000) - 50000, draw(r >> 40, 10000), 1990 + draw(s >> 8, 40),
                                  1 + draw(s >> 20, 12), 1 + draw(s >> 28, 28), draw(s >> 36, 24), draw(s >> 44, 60),
                                  draw(s >> 52, 60));
        f->rows++;
    }
    memset(f->bytes + f->len, 0, SLACK);
}

static struct {
    size_t rows;
    int64_t number, time;
    double real;
    size_t letters;
} ours_sum, peer_sum;

static bool summing;

static streamq_status count(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    (void)context;
    (void)err;
    ours_sum.rows += chunk->rows.n;
    for (uint32_t i = 0; summing && i < chunk->n; i++) {
        ours_sum.number += SQI_AT(&chunk->col[0], int32_t, i);
        ours_sum.letters += SQI_AT(&chunk->col[1], sqi_str, i).len;
        ours_sum.real += SQI_AT(&chunk->col[2], double, i);
        ours_sum.time += SQI_AT(&chunk->col[3], int64_t, i) / 1000000;
    }
    return STREAMQ_OK;
}

static void check(streamq_status st, streamq_error *err)
{
    if (st == STREAMQ_OK)
        return;
    fprintf(stderr, "bench_csv: %s\n", sqi_error_message(err));
    abort();
}

static double ours(void *context)
{
    static const sqi_field fields[] = {{{"a", 1}, &sqi_type_int, true},
                                       {{"b", 1}, &sqi_type_string, true},
                                       {{"c", 1}, &sqi_type_double, true},
                                       {{"d", 1}, &sqi_type_timestamp, true}};
    const file *f = context;
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_decoder *d;
    streamq_error *err = NULL;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_options options = {.arena = &arena};
    sqi_schema schema = {.n = 4, .field = (sqi_field *)(uintptr_t)fields};
    sqi_io_env env = {.alloc = &alloc, .zone = sqi_zone_utc(), .chunk_rows = ROWS};
    memset(&ours_sum, 0, sizeof ours_sum);
    check(sqi_decoder_new(&d, &sqi_format_csv, &env, &options, &schema, &err), err);
    check(d->type->begin(d, &err), err);
    double begin = bench_seconds();
    for (size_t at = 0; at < f->len;) {
        size_t used, len = f->len - at < BLOCK ? f->len - at : BLOCK;
        check(d->type->take(d, f->bytes + at, len, at + len == f->len, &used, count, NULL, &err), err);
        at += used;
    }
    double took = bench_seconds() - begin;
    sqi_decoder_free(d);
    sqi_arena_fini(&arena);
    return took;
}

static double peer(void *context)
{
    static int32_t number[ROWS];
    static limit_csv_text text[ROWS];
    static double real[ROWS];
    static int64_t time[ROWS];
    const limit_csv_rows rows = {number, text, real, time};
    const file *f = context;
    const char *at = f->bytes, *end = f->bytes + f->len;
    memset(&peer_sum, 0, sizeof peer_sum);
    double begin = bench_seconds();
    while (at < end) {
        size_t n = limit_csv_read(&at, end, &rows, ROWS);
        peer_sum.rows += n;
        for (size_t i = 0; summing && i < n; i++) {
            peer_sum.number += number[i];
            peer_sum.letters += text[i].len;
            peer_sum.real += real[i];
            peer_sum.time += time[i] / 1000000;
        }
    }
    return bench_seconds() - begin;
}

/* Both must have read the same. */
static void compare_sums(file *f)
{
    summing = true;
    ours(f);
    peer(f);
    summing = false;
    if (memcmp(&ours_sum, &peer_sum, sizeof ours_sum) == 0 && ours_sum.rows == f->rows)
        return;
    fprintf(stderr, "bench_csv: %zu rows and %zu rows, which differ\n", ours_sum.rows, peer_sum.rows);
    abort();
}

int main(int argc, char **argv)
{
    size_t megabytes = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 64;
    int rounds = argc > 2 ? atoi(argv[2]) : 7;
    file plain = {.quoted = false}, quoted = {.quoted = true};
    if (!bench_wanted("31"))
        return 0;
    bench_random_seed(11);
    make(&plain, megabytes << 20);
    compare_sums(&plain);
    bench_goal(">= 0.4");
    bench_compare("31", "CSV in memory to columns (int, text, double, timestamp)", "MB/s", (double)plain.len / 1e6,
                  ours, "hand-written", peer, &plain, rounds);
    make(&quoted, megabytes << 20);
    double best = 0;
    for (int i = 0; i < rounds; i++) {
        double speed = (double)quoted.len / 1e6 / ours(&quoted);
        best = speed > best ? speed : best;
    }
    bench_figure("31", "the same with quoted texts", "MB/s", best, "");
    free(plain.bytes);
    free(quoted.bytes);
    return 0;
}
