/*
 * base_arena: memory that is given back wholesale. A chain of blocks; reset keeps the blocks, so a steady state
 * allocates nothing. Not thread-safe: one owner at a time.
 */
#ifndef SQI_BASE_ARENA_H
#define SQI_BASE_ARENA_H

#include "base_alloc.h"
#include "base_str.h"

typedef struct sqi_arena_block sqi_arena_block;

typedef struct sqi_arena {
    sqi_alloc *alloc;
    sqi_arena_block *first, *current;
    char *next, *end;
    bool held; /* releases do nothing: what was handed out stays until reset */
} sqi_arena;

typedef struct sqi_arena_mark {
    sqi_arena_block *block;
    char *next;
} sqi_arena_mark;

void sqi_arena_init(sqi_arena *a, sqi_alloc *alloc); /* takes no memory yet */
void sqi_arena_fini(sqi_arena *a);                   /* valid on a zeroed arena */
void sqi_arena_reset(sqi_arena *a);                  /* everything handed out is gone; blocks are kept */

sqi_arena_mark sqi_arena_mark_get(const sqi_arena *a);
void sqi_arena_release(sqi_arena *a, sqi_arena_mark m); /* back to the mark */

void *sqi_arena_get(sqi_arena *a, size_t size);             /* 16-byte aligned, not zeroed; NULL: no memory */
void *sqi_arena_zero(sqi_arena *a, size_t size);            /* zeroed */
void *sqi_arena_array(sqi_arena *a, size_t n, size_t size); /* overflow-checked, zeroed */
/* Room for one more item behind the n of an array that has room for *cap: if need be a copy in twice the room, zeroed
   behind the items. False: no memory; the array stays as it is. */
bool sqi_arena_room(sqi_arena *a, void **items, uint32_t n, uint32_t *cap, size_t size);
char *sqi_arena_text(sqi_arena *a, const char *ptr, size_t len); /* a copy with a NUL after it */
char *sqi_arena_printf(sqi_arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
size_t sqi_arena_bytes(const sqi_arena *a); /* held, used or not */

#endif
