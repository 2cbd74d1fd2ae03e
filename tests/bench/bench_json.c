/*
 * bench_json: row 30: lines of JSON into columns, all seven fields of a record and three of them, by the decoder of the
 * format json and by a scan that is written for these lines alone.
 *
 *     bench_json [MB [ROUNDS]]
 */
#include "bench_kit.h"
#include "io_format.h"
#include "limit_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 20 };

typedef struct sums { /* what both must find */
    uint64_t rows, bytes, time;
    double price;
} sums;

typedef struct lines {
    char *text;
    size_t len;
    bool three;
    sums ours, theirs;
} lines;

static const char *const types[] = {"banner", "modal", "sponsored-search", "mail", "mobile"};
static const char *const events[] = {"view", "click", "purchase"};

static void make(lines *l, size_t bytes)
{
    l->text = bench_must(malloc(bytes + 1024));
    bench_random_seed(7);
    for (uint64_t i = 0; l->len < bytes; i++) {
        uint64_t a = bench_random(), b = bench_random();
        l->len += (size_t)sprintf(
            l->text + l->len,
            "{\"user_id\":\"%08x-%04x-%04x-%04x-%012llx\",\"page_id\":\"%08x-%04x-%012llx\",\"ad_type\":\"%s\","
            "\"event_type\":\"%s\",\"ip_address\":\"%d.%d.%d.%d\",\"event_time\":%llu,\"price\":%u.%02u}\n",
            (unsigned)a, (unsigned)(a >> 32) & 0xffff, (unsigned)(a >> 48), (unsigned)b & 0xffff,
            (unsigned long long)(b >> 16), (unsigned)(a * 3), (unsigned)(b >> 7) & 0xffff,
            (unsigned long long)(a >> 16), types[a % 5], events[b % 3], (int)(a >> 8 & 255), (int)(a >> 16 & 255),
            (int)(b >> 8 & 255), (int)(b & 255), (unsigned long long)(UINT64_C(1700000000000) + i),
            (unsigned)(a % 1000), (unsigned)(b % 100));
    }
}

/* ------------------------------------------------------------------------------------------------------------- ours */

static void add_texts(sums *s, const sqi_chunk *chunk, uint32_t c)
{
    for (uint32_t i = 0; i < chunk->n; i++)
        s->bytes += SQI_AT(&chunk->col[c], sqi_str, i).len;
}

static streamq_status add(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    lines *l = context;
    sums *s = &l->ours;
    (void)err;
    s->rows += chunk->n;
    for (uint32_t c = 0; c < (l->three ? 2u : 5u); c++)
        add_texts(s, chunk, c);
    const sqi_vec *time = &chunk->col[l->three ? 2 : 5];
    for (uint32_t i = 0; i < chunk->n; i++)
        s->time += (uint64_t)SQI_AT(time, int64_t, i);
    for (uint32_t i = 0; !l->three && i < chunk->n; i++)
        s->price += SQI_AT(&chunk->col[6], double, i);
    return STREAMQ_OK;
}

static void must(streamq_status status)
{
    if (status == STREAMQ_OK)
        return;
    fprintf(stderr, "bench_json: failed\n");
    exit(1);
}

static double run_ours(void *context)
{
    lines *l = context;
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_decoder *d;
    sqi_format_feed feed;
    sqi_os os = *sqi_os_posix();
    sqi_field field[7];
    uint32_t n = 0;
    for (uint32_t i = 0; i < 7; i++)
        if (!l->three || i == 2 || i == 3 || i == 5)
            field[n++] = (sqi_field){sqi_span_of(limit_json_names[i]),
                                     i == 6   ? &sqi_type_double
                                     : i == 5 ? &sqi_type_bigint
                                              : &sqi_type_string,
                                     true};
    sqi_schema schema = {n, field};
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_options options = {.arena = &arena};
    sqi_io_env env = {.alloc = &alloc, .os = &os, .zone = sqi_zone_utc(), .chunk_rows = LIMIT_JSON_ROWS};
    memset(&l->ours, 0, sizeof l->ours);
    must(sqi_decoder_new(&d, &sqi_format_json, &env, &options, &schema, NULL));
    must(d->type->begin(d, NULL));
    sqi_format_feed_init(&feed, &alloc);
    double begin = bench_seconds(), copies = 0;
    for (size_t at = 0; at < l->len; at += BLOCK) {
        size_t len = l->len - at < BLOCK ? l->len - at : BLOCK;
        char *to;
        must(sqi_format_feed_room(&feed, len, &to, NULL));
        double copy = bench_seconds(); /* a file would be read to this place */
        memcpy(to, l->text + at, len);
        copies += bench_seconds() - copy;
        must(sqi_format_feed_decode(&feed, len, at + len == l->len, d, add, l, NULL));
    }
    double took = bench_seconds() - begin - copies;
    sqi_format_feed_fini(&feed);
    sqi_decoder_free(d);
    sqi_arena_fini(&arena);
    return took;
}

/* ---------------------------------------------------------------------------------------------------------- by hand */

static double run_theirs(void *context)
{
    static limit_json chunk;
    lines *l = context;
    sums *s = &l->theirs;
    const char *p = l->text, *end = p + l->len;
    memset(s, 0, sizeof *s);
    double begin = bench_seconds();
    while (p < end) {
        if (!limit_json_read(&chunk, &p, end, l->three))
            exit(1);
        s->rows += chunk.rows;
        for (uint32_t c = l->three ? 2 : 0; c < (l->three ? 4u : 5u); c++)
            for (uint32_t i = 0; i < chunk.rows; i++)
                s->bytes += chunk.text[c][i].len;
        for (uint32_t i = 0; i < chunk.rows; i++)
            s->time += (uint64_t)chunk.time[i];
        for (uint32_t i = 0; !l->three && i < chunk.rows; i++)
            s->price += chunk.price[i];
    }
    return bench_seconds() - begin;
}

static void run(lines *l, bool three, int rounds)
{
    l->three = three;
    bench_goal(">= 0.4");
    bench_compare("30",
                  three ? "json: three of seven fields, 200-byte lines in memory"
                        : "json: all seven fields, 200-byte lines in memory",
                  "MB/s", (double)l->len / 1e6, run_ours, "hand-written C", run_theirs, l, rounds);
    if (bench_wanted("30") && memcmp(&l->ours, &l->theirs, sizeof l->ours) != 0) {
        fprintf(stderr, "bench_json: the results differ\n");
        exit(1);
    }
}

int main(int argc, char **argv)
{
    lines l = {0};
    make(&l, (argc > 1 ? (size_t)atol(argv[1]) : 100) * 1000000);
    int rounds = argc > 2 ? atoi(argv[2]) : 5;
    run(&l, false, rounds);
    run(&l, true, rounds);
    free(l.text);
    return 0;
}
