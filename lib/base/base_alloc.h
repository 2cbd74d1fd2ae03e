/*
 * base_alloc: the only door to the heap. One allocator per session; sizes are given back on free and resize.
 *
 * Every function may return NULL, and the caller reports it (sqi_error_nomem). Counters are exact: `used` is what is
 * held now. Thread-safe as long as the user's functions are.
 */
#ifndef SQI_BASE_ALLOC_H
#define SQI_BASE_ALLOC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SQI_LARGE_PAGE ((size_t)2 << 20)

typedef struct sqi_alloc {
    void *(*resize)(void *user, void *ptr, size_t old_size, size_t new_size); /* ptr NULL: a new block */
    void (*release)(void *user, void *ptr, size_t size);
    void *user;
    _Atomic size_t used, peak, calls; /* bytes held, the most ever held, calls that took memory */
    _Atomic size_t limit;             /* bytes, 0: none. Beyond it a request fails like any other */
} sqi_alloc;

/* The C library's heap, no limit. */
void sqi_alloc_init(sqi_alloc *a);

void *sqi_alloc_get(sqi_alloc *a, size_t size);                                    /* size > 0; not zeroed */
void *sqi_alloc_zero(sqi_alloc *a, size_t size);                                   /* zeroed */
void *sqi_alloc_array(sqi_alloc *a, size_t n, size_t size);                        /* overflow-checked, zeroed */
void *sqi_alloc_resize(sqi_alloc *a, void *ptr, size_t old_size, size_t new_size); /* on NULL ptr stays valid */
void sqi_alloc_free(sqi_alloc *a, void *ptr, size_t size);                         /* NULL is fine */

/* A block of whole large pages, of which none lies partly outside: `size` is a multiple of SQI_LARGE_PAGE. Not zeroed;
   neither resized nor freed by the others. With functions of the user's it is a block like any other. */
void *sqi_alloc_large(sqi_alloc *a, size_t size);
/* One that the system backs with small pages as it is used; only what was claimed (in order) counts as held and may be
   used. When all is, it may be moved into large pages, at the same addresses. NULL with functions of the user's. */
void *sqi_alloc_gradual(sqi_alloc *a, size_t size);
bool sqi_alloc_claim(sqi_alloc *a, size_t more);
void sqi_alloc_claimed_all(sqi_alloc *a, void *ptr, size_t size);
void sqi_alloc_large_free(sqi_alloc *a, void *ptr, size_t size, size_t claimed); /* either; claimed: `size` if large */

/* Grow an array that holds *cap items of item_size to hold at least `need` (doubling). False: no memory or overflow. */
bool sqi_alloc_grow(sqi_alloc *a, void **items, size_t *cap, size_t need, size_t item_size);

/* The C library's heap itself, for what must outlive every session: error objects. */
void *sqi_heap_get(size_t size); /* zeroed */
void sqi_heap_free(void *ptr);

/* n * size, false on overflow. */
bool sqi_size_mul(size_t n, size_t size, size_t *out);

#endif
