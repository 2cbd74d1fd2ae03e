#include "limit_keys.h"

#include "bench_kit.h"

#include <stdlib.h>

enum { BLOCK = 256, FIRST_SLOTS = 1 << 16 };

/* count 0: free. batch: the one that changed it last. */
typedef struct slot {
    int64_t key;
    uint32_t count, batch;
} slot;

struct limit_keys {
    slot *slots;
    size_t size, used;
    unsigned shift;
    uint32_t batch;
    uint32_t *touched;
    size_t touched_room;
};

static inline size_t home(int64_t key, unsigned shift)
{
    return (size_t)((uint64_t)key * 0x9e3779b97f4a7c15u >> shift);
}

static void set_size(limit_keys *t, size_t size)
{
    t->size = size;
    t->slots = bench_pages(size * sizeof *t->slots);
    t->shift = 64 - (unsigned)__builtin_ctzll(size);
}

static void grow(limit_keys *t)
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

size_t limit_keys_update(limit_keys *t, const int64_t *key, size_t n, int64_t *changed, int64_t *count)
{
    uint32_t at[BLOCK];
    size_t listed = 0;
    while ((t->used + n) * 4 > t->size * 3)
        grow(t);
    if (t->touched_room < n) {
        free(t->touched);
        t->touched = bench_must(malloc(n * sizeof *t->touched));
        t->touched_room = n;
    }
    t->batch++;
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t rows = n - i < BLOCK ? n - i : BLOCK;
        for (size_t j = 0; j < rows; j++) {
            at[j] = (uint32_t)home(key[i + j], t->shift);
            __builtin_prefetch(&t->slots[at[j]], 1);
        }
        for (size_t j = 0; j < rows; j++) {
            size_t s = at[j];
            while (t->slots[s].count && t->slots[s].key != key[i + j])
                s = (s + 1) & (t->size - 1);
            t->used += t->slots[s].count == 0;
            t->slots[s].key = key[i + j];
            t->slots[s].count++;
            if (t->slots[s].batch != t->batch) {
                t->slots[s].batch = t->batch;
                t->touched[listed++] = (uint32_t)s;
            }
        }
    }
    for (size_t i = 0; i < listed; i++) {
        if (i + 16 < listed)
            __builtin_prefetch(&t->slots[t->touched[i + 16]]);
        changed[i] = t->slots[t->touched[i]].key;
        count[i] = t->slots[t->touched[i]].count;
    }
    return listed;
}

size_t limit_keys_used(const limit_keys *t)
{
    return t->used;
}

limit_keys *limit_keys_new(void)
{
    limit_keys *t = bench_must(calloc(1, sizeof *t));
    set_size(t, FIRST_SLOTS);
    return t;
}

void limit_keys_free(limit_keys *t)
{
    if (!t)
        return;
    free(t->slots);
    free(t->touched);
    free(t);
}
