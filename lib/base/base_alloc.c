/*
 * base_alloc: counted memory, and the only calls of malloc, realloc, free and mmap for memory in the library.
 *
 * A request is counted before it is made and given back when it fails, so `used` never passes `limit`, whatever
 * several threads ask at once. `peak` follows `used`. Sizes come back with every free: no block has a header.
 * What is not here: arenas (base_arena), growable bytes (base_buf).
 */
#include "base_alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { COLLAPSE = 25 }; /* MADV_COLLAPSE, which older headers do not know */

/* Large pages behind a large block, if the system has them to give; what it answers does not matter. */
static void *advise(void *ptr, size_t size)
{
#if defined(MADV_HUGEPAGE)
    uintptr_t begin = ((uintptr_t)ptr + SQI_LARGE_PAGE - 1) / SQI_LARGE_PAGE * SQI_LARGE_PAGE,
              end = ((uintptr_t)ptr + size) / SQI_LARGE_PAGE * SQI_LARGE_PAGE;
    if (begin < end)
        (void)madvise((char *)ptr + (begin - (uintptr_t)ptr), end - begin, MADV_HUGEPAGE);
#else
    (void)size;
#endif
    return ptr;
}

static void *heap_resize(void *user, void *ptr, size_t old_size, size_t new_size)
{
    (void)user;
    (void)old_size;
    void *block = realloc(ptr, new_size);
    return block && new_size >= 2 * SQI_LARGE_PAGE ? advise(block, new_size) : block;
}

static void heap_release(void *user, void *ptr, size_t size)
{
    (void)user;
    (void)size;
    free(ptr);
}

/* Fresh memory from a boundary of large pages on: a block of the C library's heap begins anywhere, and the bytes that
   the heap writes between two blocks keep the system from giving a large page there. */
static void *map_large(size_t size)
{
    if (size > SIZE_MAX - SQI_LARGE_PAGE)
        return NULL;
    char *all = mmap(NULL, size + SQI_LARGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED)
        return NULL;
    size_t before = (SQI_LARGE_PAGE - (uintptr_t)all % SQI_LARGE_PAGE) % SQI_LARGE_PAGE;
    if (before)
        (void)munmap(all, before); /* what stays mapped is addresses, not memory */
    (void)munmap(all + before + size, SQI_LARGE_PAGE - before);
    return all + before;
}

void *sqi_heap_get(size_t size)
{
    return calloc(1, size);
}

void sqi_heap_free(void *ptr)
{
    free(ptr);
}

void sqi_alloc_init(sqi_alloc *a)
{
    a->resize = heap_resize;
    a->release = heap_release;
    a->user = NULL;
    a->limit = 0;
    atomic_init(&a->used, 0);
    atomic_init(&a->peak, 0);
    atomic_init(&a->calls, 0);
}

/* Count `more` bytes as held. False: the limit does not allow it, nothing is counted. */
static bool charge(sqi_alloc *a, size_t more)
{
    size_t used = atomic_load_explicit(&a->used, memory_order_relaxed);
    size_t wanted;
    do {
        if (more > SIZE_MAX - used)
            return false;
        wanted = used + more;
        size_t limit = atomic_load_explicit(&a->limit, memory_order_relaxed);
        if (limit && wanted > limit)
            return false;
    } while (
        !atomic_compare_exchange_weak_explicit(&a->used, &used, wanted, memory_order_relaxed, memory_order_relaxed));
    return true;
}

static void discharge(sqi_alloc *a, size_t less)
{
    atomic_fetch_sub_explicit(&a->used, less, memory_order_relaxed);
}

/* After a request was met: the peak counts only what was really held. */
static void note_peak(sqi_alloc *a)
{
    size_t used = atomic_load_explicit(&a->used, memory_order_relaxed);
    size_t peak = atomic_load_explicit(&a->peak, memory_order_relaxed);
    while (used > peak &&
           !atomic_compare_exchange_weak_explicit(&a->peak, &peak, used, memory_order_relaxed, memory_order_relaxed))
        continue;
}

static void note(sqi_alloc *a)
{
    note_peak(a);
    atomic_fetch_add_explicit(&a->calls, 1, memory_order_relaxed);
}

void *sqi_alloc_get(sqi_alloc *a, size_t size)
{
    return sqi_alloc_resize(a, NULL, 0, size);
}

void *sqi_alloc_zero(sqi_alloc *a, size_t size)
{
    void *ptr = sqi_alloc_get(a, size);
    if (ptr)
        memset(ptr, 0, size);
    return ptr;
}

void *sqi_alloc_array(sqi_alloc *a, size_t n, size_t size)
{
    size_t bytes;
    return sqi_size_mul(n, size, &bytes) ? sqi_alloc_zero(a, bytes) : NULL;
}

void *sqi_alloc_resize(sqi_alloc *a, void *ptr, size_t old_size, size_t new_size)
{
    if (new_size == 0)
        return NULL;
    size_t more = new_size > old_size ? new_size - old_size : 0;
    if (!charge(a, more))
        return NULL;
    void *block = a->resize(a->user, ptr, old_size, new_size);
    if (!block) {
        discharge(a, more);
        return NULL;
    }
    if (new_size < old_size)
        discharge(a, old_size - new_size);
    note(a);
    return block;
}

void sqi_alloc_free(sqi_alloc *a, void *ptr, size_t size)
{
    if (!ptr)
        return;
    a->release(a->user, ptr, size);
    discharge(a, size);
}

static bool is_heap(const sqi_alloc *a)
{
    return a->resize == heap_resize;
}

void *sqi_alloc_large(sqi_alloc *a, size_t size)
{
    if (!is_heap(a))
        return sqi_alloc_get(a, size);
    if (!charge(a, size))
        return NULL;
    void *block = map_large(size);
    if (block)
        note(a);
    else
        discharge(a, size);
    return block ? advise(block, size) : NULL;
}

void *sqi_alloc_gradual(sqi_alloc *a, size_t size)
{
    void *block = is_heap(a) ? map_large(size) : NULL;
    if (block)
        atomic_fetch_add_explicit(&a->calls, 1, memory_order_relaxed);
    return block;
}

bool sqi_alloc_claim(sqi_alloc *a, size_t more)
{
    if (!charge(a, more))
        return false;
    note_peak(a);
    return true;
}

void sqi_alloc_claimed_all(sqi_alloc *a, void *ptr, size_t size)
{
    (void)a;
    advise(ptr, size); /* for systems that do it later, in their own time */
#if defined(__linux__)
    (void)madvise(ptr, size, COLLAPSE);
#endif
}

void sqi_alloc_large_free(sqi_alloc *a, void *ptr, size_t size, size_t claimed)
{
    if (!is_heap(a)) {
        sqi_alloc_free(a, ptr, size);
    } else if (ptr) {
        (void)munmap(ptr, size);
        discharge(a, claimed);
    }
}

bool sqi_alloc_grow(sqi_alloc *a, void **items, size_t *cap, size_t need, size_t item_size)
{
    if (need <= *cap)
        return true;
    size_t wanted = *cap < 8 ? 8 : *cap;
    while (wanted < need) {
        if (wanted > SIZE_MAX / 2) {
            wanted = need;
            break;
        }
        wanted *= 2;
    }
    size_t old_bytes = *cap * item_size, new_bytes;
    if (!sqi_size_mul(wanted, item_size, &new_bytes))
        return false;
    void *block = sqi_alloc_resize(a, *items, old_bytes, new_bytes);
    if (!block)
        return false;
    *items = block;
    *cap = wanted;
    return true;
}

bool sqi_size_mul(size_t n, size_t size, size_t *out)
{
    return !__builtin_mul_overflow(n, size, out);
}
