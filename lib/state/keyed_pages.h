/*
 * keyed_pages: runs of memory of one size, aligned to cache lines: the segments of a table's rows, the pages of its
 * index. Runs given back are used again; the memory goes with fini. A small table asks for one run at a time, a large
 * one for several megabytes, which the system can back with large pages: with tens of millions of keys every lookup
 * would otherwise also miss the translation of its address.
 */
#ifndef SQI_KEYED_PAGES_H
#define SQI_KEYED_PAGES_H

#include "base_alloc.h"

typedef struct sqi_pages {
    sqi_alloc *alloc;
    size_t run; /* bytes of a run, a multiple of a cache line */
    struct sqi_pages_extent *extents;
    char *next, *end; /* of the newest extent */
    void *free;
    size_t bytes; /* held */
} sqi_pages;

void sqi_pages_init(sqi_pages *p, sqi_alloc *alloc, size_t run); /* takes no memory yet */
void sqi_pages_fini(sqi_pages *p);                               /* valid on a zeroed one */
void *sqi_pages_get(sqi_pages *p);                               /* not zeroed; NULL: no memory */
void sqi_pages_put(sqi_pages *p, void *run);                     /* NULL is fine */

#endif
