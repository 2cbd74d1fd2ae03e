/*
 * keyed_slab: short runs of bytes that come and go: the long keys of a table. Sizes are given back with the bytes, runs
 * of a size class are reused, larger ones go to the allocator. Everything goes with fini.
 */
#ifndef SQI_KEYED_SLAB_H
#define SQI_KEYED_SLAB_H

#include "base_alloc.h"

#define SQI_SLAB_CLASSES 32

typedef struct sqi_slab {
    sqi_alloc *alloc;
    struct sqi_slab_block *block; /* where small runs are cut from */
    struct sqi_slab_large *large;
    char *next, *end;
    void *free[SQI_SLAB_CLASSES];
    size_t bytes; /* held */
} sqi_slab;

void sqi_slab_init(sqi_slab *s, sqi_alloc *alloc); /* takes no memory yet */
void sqi_slab_fini(sqi_slab *s);                   /* valid on a zeroed one */
void *sqi_slab_get(sqi_slab *s, size_t size);      /* size > 0; 8-byte aligned; NULL: no memory */
void sqi_slab_put(sqi_slab *s, void *ptr, size_t size);

#endif
