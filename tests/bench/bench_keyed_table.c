/*
 * bench_keyed_table: lookups a second of the keyed table, for the shapes of keys that matter, each with a count kept
 * for its row. One thread, processor time; each figure is the best of several passes over the same chunks.
 *
 * The peer is what one would write by hand for one type: an array of keys and counts, large enough from the start,
 * linear probing, no growth, no nulls, no dirty marks. The ratio is what holds across machines and loads.
 * Usage: bench_keyed_table [lookups in millions]
 */
#include "base_hash.h"
#include "data_builder.h"
#include "keyed_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CHUNK = 2048, PASSES = 5 };

static uint64_t rng = 88172645463325252u;
static double uniform(void)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (double)(rng >> 11) / 9007199254740992.0;
}

/* Ranks by Zipf's law with exponent 1 through the inverse of the continuous distribution. */
static uint32_t zipf(uint32_t n)
{
    return (uint32_t)(exp(uniform() * log((double)n + 1)) - 1);
}
static uint32_t even(uint32_t n)
{
    return (uint32_t)(uniform() * n);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

typedef struct bench {
    const char *name;
    const sqi_type *key[3];
    uint32_t nkey, distinct;
    uint32_t (*draw)(uint32_t n);
    const char *format; /* of strings */
} bench;

static void fill(const bench *b, sqi_vec *keys, sqi_arena *arena)
{
    sqi_builder *builder[3];
    for (uint32_t c = 0; c < b->nkey; c++)
        builder[c] = sqi_builder_new(b->key[c], arena);
    for (uint32_t i = 0; i < CHUNK; i++) {
        uint32_t id = b->draw(b->distinct);
        for (uint32_t c = 0; c < b->nkey; c++) {
            char text[64];
            if (b->key[c]->id == SQI_STRING)
                sqi_builder_bytes(builder[c], (sqi_span){text, (size_t)snprintf(text, sizeof text, b->format,
                                                                                id * 2654435761u % 16777216u)});
            else
                sqi_builder_int(builder[c], (int64_t)id * (c + 1));
        }
    }
    for (uint32_t c = 0; c < b->nkey; c++)
        if (sqi_builder_finish(builder[c], &keys[c], NULL) != STREAMQ_OK)
            exit(1);
}

static void pass(sqi_table *t, const bench *b, const sqi_vec *keys, uint32_t chunks)
{
    static uint32_t row[CHUNK];
    for (uint32_t c = 0; c < chunks; c++) {
        if (sqi_table_lookup(t, keys + (size_t)c * b->nkey, (sqi_rows){NULL, CHUNK}, SQI_TABLE_TOUCH, row, NULL, NULL,
                             NULL) != STREAMQ_OK)
            exit(1);
        sqi_table_values values = sqi_table_values_get(t);
        for (uint32_t i = 0; i < CHUNK; i++)
            ++*(int64_t *)sqi_table_values_at(&values, row[i]);
    }
    sqi_table_clean(t);
}

/* ------------------------------------------------------------------------------------------------------ the peer */

enum { PEER_SLOTS = 1 << 22 };
typedef struct peer_slot {
    uint64_t key[2];
    int64_t count; /* 0: empty */
} peer_slot;

static void peer_pass(peer_slot *slots, uint32_t mask, const bench *b, const sqi_vec *keys, uint32_t chunks)
{
    bool text = b->key[0]->id == SQI_STRING;
    for (uint32_t c = 0; c < chunks; c++)
        for (uint32_t i = 0; i < CHUNK; i++) {
            uint64_t key[2] = {0, 0};
            if (text)
                memcpy(key, &SQI_AT(&keys[c], sqi_str, i), sizeof key);
            else
                key[0] = b->key[0]->id == SQI_INT ? (uint64_t)SQI_AT(&keys[c], int32_t, i)
                                                  : (uint64_t)SQI_AT(&keys[c], int64_t, i);
            uint32_t at = (uint32_t)(sqi_hash_u64(key[0] * 31 ^ key[1]) >> 32) & mask;
            while (slots[at].count && (slots[at].key[0] != key[0] || slots[at].key[1] != key[1]))
                at = (at + 1) & mask;
            slots[at].key[0] = key[0];
            slots[at].key[1] = key[1];
            slots[at].count++;
        }
}

/* Best lookups a second; 0 where the peer has no code for the shape. */
static double peer(const bench *b, const sqi_vec *keys, uint32_t chunks)
{
    if (b->nkey != 1 || (b->key[0]->id == SQI_STRING && b->format[0] != 'w'))
        return 0;
    uint32_t size = 64;
    while (size < 2 * b->distinct && size < PEER_SLOTS)
        size *= 2;
    peer_slot *slots = calloc(size, sizeof *slots);
    double best = 1e9;
    for (int p = 0; p < PASSES && slots; p++) {
        double start = now();
        peer_pass(slots, size - 1, b, keys, chunks);
        double took = now() - start;
        best = p && took < best ? took : best;
    }
    free(slots);
    return (double)chunks * CHUNK / best;
}

/* ------------------------------------------------------------------------------------------------------------------ */

static void run(const bench *b, uint32_t chunks)
{
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_vec *keys = sqi_arena_array(&arena, (size_t)chunks * b->nkey + 1, sizeof *keys);
    for (uint32_t c = 0; c < chunks; c++)
        fill(b, keys + (size_t)c * b->nkey, &arena);
    double n = (double)chunks * CHUNK, best = 1e9, first = 0;
    sqi_table *t = sqi_table_new(&alloc, b->key, b->nkey, 8, 8, 42, NULL);
    for (int p = 0; p < PASSES; p++) {
        double start = now();
        pass(t, b, keys, chunks);
        double took = now() - start;
        first = p ? first : took;
        best = p && took < best ? took : best;
    }
    double by_hand = peer(b, keys, chunks);
    sqi_table_counts counts = sqi_table_counts_get(t);
    printf("%-28s %8u keys %6.1f bytes a row  first pass %6.1f M/s  then %6.1f M/s", b->name, counts.total,
           (double)counts.bytes / counts.total, n / first / 1e6, n / best / 1e6);
    if (by_hand > 0)
        printf("  by hand %6.1f M/s  ratio %.2f", by_hand / 1e6, n / best / by_hand);
    printf("\n");
    sqi_table_free(t);
    sqi_arena_fini(&arena);
}

int main(int argc, char **argv)
{
    uint32_t millions = argc > 1 ? (uint32_t)atoi(argv[1]) : 4;
    const bench benches[] = {
        {"short strings, Zipf, 200k", {&sqi_type_string}, 1, 200000, zipf, "w%x"},
        {"short strings, even, 200k", {&sqi_type_string}, 1, 200000, even, "w%x"},
        {"short strings, Zipf, 1k", {&sqi_type_string}, 1, 1000, zipf, "w%x"},
        {"long strings, Zipf, 200k", {&sqi_type_string}, 1, 200000, zipf, "a rather longer key %x"},
        {"bigint, Zipf, 200k", {&sqi_type_bigint}, 1, 200000, zipf, ""},
        {"bigint, even, 2M", {&sqi_type_bigint}, 1, 2000000, even, ""},
        {"int, even, 1k", {&sqi_type_int}, 1, 1000, even, ""},
        {"two bigints, Zipf, 200k", {&sqi_type_bigint, &sqi_type_bigint}, 2, 200000, zipf, ""},
        {"string and int, Zipf, 200k", {&sqi_type_string, &sqi_type_int}, 2, 200000, zipf, "w%x"},
        {"no key", {NULL}, 0, 1, even, ""},
    };
    for (size_t i = 0; i < sizeof benches / sizeof *benches; i++)
        run(&benches[i], millions * 1000000 / CHUNK);
    return 0;
}
