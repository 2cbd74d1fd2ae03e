/*
 * Linear probing over slots that hold the group whole: one cache line a row, asked for a vector of rows ahead. A group's
 * average is its sum over its count: the doubles that Spark adds up give the same as long as they are exact.
 */
#include "limit_typed.h"

#include "bench_kit.h"

#include <stdlib.h>

enum { BLOCK = 256, FIRST_SLOTS = 2048, FITS_L2 = 16384, PARTS = 64, PART_SHIFT = 64 - 6 };

typedef struct slot {
    int64_t sum, min, max, count; /* count 0: free */
    int32_t key;
    uint32_t batch; /* that touched it last */
} slot;

struct limit_typed {
    slot *slots;
    size_t size, used;
    unsigned shift;
    uint32_t batch;
    uint32_t *touched;
    int32_t *key; /* a batch's rows, part by part */
    int64_t *value;
    size_t touched_n, room;
    bool overflow;
};

/* Fibonacci hashing: the product's upper bits. */
static inline size_t home(int32_t key, unsigned shift)
{
    return (size_t)((uint64_t)(uint32_t)key * 0x9e3779b97f4a7c15u >> shift);
}

static void set_size(limit_typed *t, size_t size)
{
    t->size = size;
    t->slots = bench_pages(size * sizeof *t->slots);
    t->shift = 64 - (unsigned)__builtin_ctzll(size);
}

static void grow(limit_typed *t)
{
    slot *from = t->slots;
    size_t n = t->size;
    set_size(t, 2 * n);
    for (size_t i = 0; i < n; i++) {
        if (!from[i].count)
            continue;
        size_t at = home(from[i].key, t->shift);
        while (t->slots[at].count)
            at = (at + 1) & (t->size - 1);
        t->slots[at] = from[i];
    }
    free(from);
}

/* The slot of a key that is not in its own place, or is not there yet. */
static size_t find(limit_typed *t, int32_t key, size_t at)
{
    for (;; at = (at + 1) & (t->size - 1)) {
        slot *s = &t->slots[at];
        if (s->count && s->key == key)
            return at;
        if (!s->count) {
            *s = (slot){.min = INT64_MAX, .max = INT64_MIN, .key = key, .batch = t->batch - 1};
            t->used++;
            return at;
        }
    }
}

static inline void add_rows(limit_typed *t, const int32_t *key, const int64_t *value, size_t n, bool list)
{
    slot *slots = t->slots;
    unsigned shift = t->shift;
    bool overflow = false;
    if (t->size > FITS_L2)
        for (size_t i = 0; i < n; i++)
            __builtin_prefetch(&slots[home(key[i], shift)], 1);
    for (size_t i = 0; i < n; i++) {
        size_t at = home(key[i], shift);
        slot *s = &slots[at];
        int64_t v = value[i];
        if (__builtin_expect(s->key != key[i] || !s->count, 0))
            s = &slots[find(t, key[i], at)];
        overflow |= __builtin_add_overflow(s->sum, v, &s->sum);
        s->min = v < s->min ? v : s->min;
        s->max = v > s->max ? v : s->max;
        s->count++;
        if (list && s->batch != t->batch) {
            s->batch = t->batch;
            t->touched[t->touched_n++] = (uint32_t)(s - slots);
        }
    }
    t->overflow |= overflow;
}

static void emit(const slot *s, size_t to, const limit_typed_out *out)
{
    out->key[to] = s->key;
    out->sum[to] = s->sum;
    out->avg[to] = (double)s->sum / (double)s->count;
    out->min[to] = s->min;
    out->max[to] = s->max;
    out->count[to] = s->count;
}

/* Room for n more groups is made before they come: a slot's number holds through a batch. */
static void make_room(limit_typed *t, size_t n)
{
    while ((t->used + n) * 4 > t->size * 3)
        grow(t);
}

static size_t list_touched(limit_typed *t, size_t listed, const limit_typed_out *out)
{
    for (size_t i = 0; i < t->touched_n; i++) {
        if (i + 16 < t->touched_n)
            __builtin_prefetch(&t->slots[t->touched[i + 16]]);
        emit(&t->slots[t->touched[i]], listed++, out);
    }
    t->touched_n = 0;
    return listed;
}

/* Room for a batch's rows in the order of their parts, for numbers of slots, and for more groups. */
static void prepare(limit_typed *t, size_t n)
{
    if (t->room < n) {
        free(t->touched);
        free(t->key);
        free(t->value);
        t->touched = bench_must(malloc(n * sizeof *t->touched));
        t->key = bench_must(malloc(n * sizeof *t->key));
        t->value = bench_must(malloc(n * sizeof *t->value));
        t->room = n;
    }
    t->touched_n = 0;
    t->batch++;
}

/* A large table: rows by the part of the table that they meet, so that a part's groups are still near when they are
   listed. */
static size_t update_parts(limit_typed *t, const int32_t *key, const int64_t *value, size_t n,
                           const limit_typed_out *out)
{
    size_t start[PARTS + 1] = {0}, listed = 0;
    make_room(t, n);
    for (size_t i = 0; i < n; i++)
        start[home(key[i], PART_SHIFT) + 1]++;
    for (size_t p = 0; p < PARTS; p++)
        start[p + 1] += start[p];
    for (size_t i = 0; i < n; i++) {
        size_t to = start[home(key[i], PART_SHIFT)]++;
        t->key[to] = key[i];
        t->value[to] = value[i];
    }
    for (size_t p = 0, i = 0; p < PARTS; p++) { /* start[p] is where part p ends by now */
        for (; i < start[p]; i += BLOCK) {
            size_t rows = start[p] - i < BLOCK ? start[p] - i : BLOCK;
            add_rows(t, t->key + i, t->value + i, rows, true);
        }
        i = start[p];
        listed = list_touched(t, listed, out);
    }
    return listed;
}

static int64_t done(const limit_typed *t, size_t listed)
{
    return t->overflow ? -1 : (int64_t)listed;
}

int64_t limit_typed_update(limit_typed *t, const int32_t *key, const int64_t *value, size_t n,
                           const limit_typed_out *out)
{
    prepare(t, n);
    if (t->size > FITS_L2)
        return done(t, update_parts(t, key, value, n, out));
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t rows = n - i < BLOCK ? n - i : BLOCK;
        if ((t->used + rows) * 4 > t->size * 3) { /* the numbers change: what was touched is found again by its batch */
            make_room(t, n);
            t->touched_n = 0;
            for (size_t s = 0; s < t->size; s++)
                if (t->slots[s].count && t->slots[s].batch == t->batch)
                    t->touched[t->touched_n++] = (uint32_t)s;
        }
        add_rows(t, key + i, value + i, rows, true);
    }
    return done(t, list_touched(t, 0, out));
}

bool limit_typed_add(limit_typed *t, const int32_t *key, const int64_t *value, size_t n)
{
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t rows = n - i < BLOCK ? n - i : BLOCK;
        make_room(t, rows);
        add_rows(t, key + i, value + i, rows, false);
    }
    return !t->overflow;
}

size_t limit_typed_groups(const limit_typed *t)
{
    return t->used;
}

void limit_typed_all(const limit_typed *t, const limit_typed_out *out)
{
    size_t n = 0;
    for (size_t i = 0; i < t->size; i++)
        if (t->slots[i].count)
            emit(&t->slots[i], n++, out);
}

limit_typed *limit_typed_new(void)
{
    limit_typed *t = bench_must(calloc(1, sizeof *t));
    set_size(t, FIRST_SLOTS);
    return t;
}

void limit_typed_free(limit_typed *t)
{
    if (!t)
        return;
    free(t->slots);
    free(t->touched);
    free(t->key);
    free(t->value);
    free(t);
}

static void *column(size_t rows, size_t width)
{
    return bench_must(malloc((rows + 1) * width));
}

limit_typed_out limit_typed_out_new(size_t rows)
{
    return (limit_typed_out){column(rows, 4), column(rows, 8), column(rows, 8),
                             column(rows, 8), column(rows, 8), column(rows, 8)};
}

void limit_typed_out_free(limit_typed_out *out)
{
    free(out->key);
    free(out->sum);
    free(out->min);
    free(out->max);
    free(out->count);
    free(out->avg);
}
