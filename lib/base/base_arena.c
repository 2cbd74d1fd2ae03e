/*
 * base_arena: a chain of blocks, filled from the front.
 *
 * `current` is the block that `next` and `end` point into; the blocks behind it in the chain are empty and are used
 * again before a new one is taken. A request larger than a block gets a block of its own size. Blocks double in
 * size up to 256 KiB. Releasing to a mark makes every later block empty; nothing goes back to the heap before fini.
 *
 * Under AddressSanitizer every byte that is not handed out is poisoned, so a use after reset or release is caught
 * as a use after free would be.
 */
#include "base_arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(POISONED)
#include <sanitizer/asan_interface.h>
#define HIDE(ptr, len) ASAN_POISON_MEMORY_REGION(ptr, len)
#define SHOW(ptr, len) ASAN_UNPOISON_MEMORY_REGION(ptr, len)
#else
#define HIDE(ptr, len) ((void)(ptr), (void)(len))
#define SHOW(ptr, len) ((void)(ptr), (void)(len))
#endif

enum { ALIGN = 16, FIRST_BLOCK = 1024, LARGEST_BLOCK = 256 * 1024 };

struct sqi_arena_block {
    struct sqi_arena_block *next;
    size_t size; /* the header included */
};

/* Rounded up, so that the bytes behind the header are aligned. */
enum { HEADER = (sizeof(struct sqi_arena_block) + ALIGN - 1) / ALIGN * ALIGN };

static char *block_begin(sqi_arena_block *b)
{
    return (char *)b + HEADER;
}

static char *block_end(sqi_arena_block *b)
{
    return (char *)b + b->size;
}

/* The block's bytes are empty from now on. */
static void enter(sqi_arena *a, sqi_arena_block *b)
{
    a->current = b;
    a->next = block_begin(b);
    a->end = block_end(b);
    HIDE(a->next, (size_t)(a->end - a->next));
}

static void hide_all(sqi_arena_block *b)
{
    for (; b; b = b->next)
        HIDE(block_begin(b), b->size - HEADER);
}

void sqi_arena_init(sqi_arena *a, sqi_alloc *alloc)
{
    *a = (sqi_arena){.alloc = alloc};
}

void sqi_arena_fini(sqi_arena *a)
{
    sqi_arena_block *b = a->first;
    while (b) {
        sqi_arena_block *next = b->next;
        SHOW(block_begin(b), b->size - HEADER);
        sqi_alloc_free(a->alloc, b, b->size);
        b = next;
    }
    *a = (sqi_arena){.alloc = a->alloc};
}

void sqi_arena_reset(sqi_arena *a)
{
    if (!a->first)
        return;
    hide_all(a->first->next);
    enter(a, a->first);
}

sqi_arena_mark sqi_arena_mark_get(const sqi_arena *a)
{
    return (sqi_arena_mark){a->current, a->next};
}

void sqi_arena_release(sqi_arena *a, sqi_arena_mark m)
{
    if (a->held)
        return;
    if (!m.block) {
        sqi_arena_reset(a);
        return;
    }
    hide_all(m.block->next);
    a->current = m.block;
    a->next = m.next;
    a->end = block_end(m.block);
    HIDE(a->next, (size_t)(a->end - a->next));
}

/* Make a block current that has room for `size` bytes: an empty one further down the chain, or a new one. */
static bool next_block(sqi_arena *a, size_t size)
{
    if (size > SIZE_MAX - HEADER)
        return false;
    if (a->current && a->current->next && a->current->next->size - HEADER >= size) {
        enter(a, a->current->next);
        return true;
    }
    size_t bytes = a->current ? a->current->size * 2 : FIRST_BLOCK;
    if (bytes > LARGEST_BLOCK)
        bytes = LARGEST_BLOCK;
    if (bytes < size + HEADER)
        bytes = size + HEADER;
    sqi_arena_block *b = sqi_alloc_get(a->alloc, bytes);
    if (!b)
        return false;
    b->size = bytes;
    b->next = a->current ? a->current->next : NULL;
    if (a->current)
        a->current->next = b;
    else
        a->first = b;
    enter(a, b);
    return true;
}

void *sqi_arena_get(sqi_arena *a, size_t size)
{
    if (size > SIZE_MAX - ALIGN)
        return NULL;
    size_t whole = size ? (size + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
    if ((size_t)(a->end - a->next) < whole && !next_block(a, whole))
        return NULL;
    void *ptr = a->next;
    a->next += whole;
    SHOW(ptr, size);
    return ptr;
}

void *sqi_arena_zero(sqi_arena *a, size_t size)
{
    void *ptr = sqi_arena_get(a, size);
    if (ptr)
        memset(ptr, 0, size);
    return ptr;
}

void *sqi_arena_array(sqi_arena *a, size_t n, size_t size)
{
    size_t bytes;
    return sqi_size_mul(n, size, &bytes) ? sqi_arena_zero(a, bytes) : NULL;
}

bool sqi_arena_room(sqi_arena *a, void **items, uint32_t n, uint32_t *cap, size_t size)
{
    if (n < *cap)
        return true;
    if (*cap > UINT32_MAX / 2)
        return false;
    uint32_t more = *cap ? *cap * 2 : 8;
    void *grown = sqi_arena_array(a, more, size);
    if (!grown)
        return false;
    if (n)
        memcpy(grown, *items, (size_t)n * size);
    *items = grown;
    *cap = more;
    return true;
}

char *sqi_arena_text(sqi_arena *a, const char *ptr, size_t len)
{
    if (len == SIZE_MAX)
        return NULL;
    char *copy = sqi_arena_get(a, len + 1);
    if (!copy)
        return NULL;
    if (len)
        memcpy(copy, ptr, len);
    copy[len] = '\0';
    return copy;
}

char *sqi_arena_printf(sqi_arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        return NULL;
    char *text = sqi_arena_get(a, (size_t)len + 1);
    if (!text)
        return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

size_t sqi_arena_bytes(const sqi_arena *a)
{
    size_t bytes = 0;
    for (const sqi_arena_block *b = a->first; b; b = b->next)
        bytes += b->size;
    return bytes;
}
