/*
 * keyed_slab: size classes of 16 bytes up to 256, then four to a doubling up to 4096. Blocks double from 4 KiB to
 * 64 KiB; the rest of a block that is too short for a request is cut up for the classes it fits.
 */
#include "keyed_slab.h"

#include <string.h>

enum { STEP = 16, FINE = 256, FINE_CLASSES = FINE / STEP, LARGEST = 4096, FIRST_BLOCK = 4096, LAST_BLOCK = 65536 };

struct sqi_slab_block {
    struct sqi_slab_block *next;
    size_t size;
};

struct sqi_slab_large {
    struct sqi_slab_large *next, *prev;
    size_t size; /* all of it */
    size_t unused;
};

_Static_assert(FINE_CLASSES + 16 == SQI_SLAB_CLASSES, "four classes to each of four doublings");

void sqi_slab_init(sqi_slab *s, sqi_alloc *alloc)
{
    *s = (sqi_slab){.alloc = alloc};
}

void sqi_slab_fini(sqi_slab *s)
{
    for (struct sqi_slab_block *b = s->block, *next; b; b = next) {
        next = b->next;
        sqi_alloc_free(s->alloc, b, b->size);
    }
    for (struct sqi_slab_large *l = s->large, *next; l; l = next) {
        next = l->next;
        sqi_alloc_free(s->alloc, l, l->size);
    }
    *s = (sqi_slab){0};
}

/* The class of a size up to LARGEST, and the bytes its runs have. */
static unsigned class_of(size_t size, size_t *bytes)
{
    if (size <= FINE) {
        *bytes = (size + STEP - 1) / STEP * STEP;
        return (unsigned)(*bytes / STEP) - 1;
    }
    unsigned log = 63u - (unsigned)__builtin_clzll(size - 1); /* 2^log < size <= 2^(log + 1) */
    size_t step = (size_t)1 << (log - 2);
    size_t quarter = (size - ((size_t)1 << log) + step - 1) / step; /* 1 .. 4 */
    *bytes = ((size_t)1 << log) + quarter * step;
    return FINE_CLASSES + (log - 8) * 4 + (unsigned)quarter - 1;
}

static void push(sqi_slab *s, void *ptr, unsigned class)
{
    memcpy(ptr, &s->free[class], sizeof(void *));
    s->free[class] = ptr;
}

/* What is left of the block becomes runs of the fine classes. */
static void cut_rest(sqi_slab *s)
{
    while (s->next && (size_t)(s->end - s->next) >= STEP) {
        size_t rest = (size_t)(s->end - s->next), bytes = rest < FINE ? rest / STEP * STEP : FINE;
        push(s, s->next, (unsigned)(bytes / STEP) - 1);
        s->next += bytes;
    }
}

static bool more(sqi_slab *s)
{
    size_t size = s->block ? s->block->size * 2 : FIRST_BLOCK;
    size = size > LAST_BLOCK ? LAST_BLOCK : size < 2 * LARGEST && s->block ? 2 * LARGEST : size;
    struct sqi_slab_block *b = sqi_alloc_get(s->alloc, size);
    if (!b)
        return false;
    cut_rest(s);
    *b = (struct sqi_slab_block){s->block, size};
    s->block = b;
    s->next = (char *)(b + 1);
    s->end = (char *)b + size;
    s->bytes += size;
    return true;
}

static void *get_large(sqi_slab *s, size_t size)
{
    if (size > SIZE_MAX - sizeof(struct sqi_slab_large))
        return NULL;
    size_t all = size + sizeof(struct sqi_slab_large);
    struct sqi_slab_large *l = sqi_alloc_get(s->alloc, all);
    if (!l)
        return NULL;
    *l = (struct sqi_slab_large){.next = s->large, .size = all};
    if (l->next)
        l->next->prev = l;
    s->large = l;
    s->bytes += all;
    return l + 1;
}

static void put_large(sqi_slab *s, void *ptr)
{
    struct sqi_slab_large *l = (struct sqi_slab_large *)ptr - 1;
    if (l->next)
        l->next->prev = l->prev;
    if (l->prev)
        l->prev->next = l->next;
    else
        s->large = l->next;
    s->bytes -= l->size;
    sqi_alloc_free(s->alloc, l, l->size);
}

void *sqi_slab_get(sqi_slab *s, size_t size)
{
    size_t bytes;
    if (size > LARGEST)
        return get_large(s, size);
    unsigned class = class_of(size, &bytes);
    void *ptr = s->free[class];
    if (ptr) {
        memcpy(&s->free[class], ptr, sizeof(void *));
        return ptr;
    }
    while ((size_t)(s->end - s->next) < bytes)
        if (!more(s))
            return NULL;
    ptr = s->next;
    s->next += bytes;
    return ptr;
}

void sqi_slab_put(sqi_slab *s, void *ptr, size_t size)
{
    size_t bytes;
    if (size > LARGEST)
        put_large(s, ptr);
    else
        push(s, ptr, class_of(size, &bytes));
}
