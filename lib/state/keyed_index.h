/*
 * keyed_index: the hash index of the keyed table: from a 32-bit tag (the upper half of the key's hash) to row numbers.
 *
 * Slots are 64 bits, tag and row + 1, 0 when empty, in pages with linear probing; the low bits of the tag are the place
 * in a page, the high bits choose the page through a directory (extendible hashing). A page that is three quarters
 * full is split in two, so an insertion moves at most one page however large the table is: no pause grows with it. A
 * table of one page starts small and doubles it first. Keys are not known here: tags may repeat, and the caller
 * compares keys. What it finds is a chain of candidates:
 *
 *     const uint64_t *slot = sqi_index_slots(ix, tag);
 *     for (uint32_t at = tag & ix->mask; slot[at]; at = (at + 1) & ix->mask)
 *         if (sqi_index_tag(slot[at]) == tag && my key is the key of sqi_index_row(slot[at])) ...
 */
#ifndef SQI_KEYED_INDEX_H
#define SQI_KEYED_INDEX_H

#include "base_alloc.h"
#include "base_error.h"

typedef struct sqi_index_page {
    uint32_t count, depth; /* used slots; how many high bits of the tag this page has for itself */
    uint64_t slot[];
} sqi_index_page;

typedef struct sqi_index {
    sqi_alloc *alloc;
    sqi_index_page **directory; /* 1 << depth entries; a page of lower depth stands in several */
    uint32_t depth, shift;      /* shift = 32 - depth */
    uint32_t mask;              /* slots of a page - 1 */
    size_t bytes;
} sqi_index;

streamq_status sqi_index_init(sqi_index *ix, sqi_alloc *alloc, streamq_error **err);
void sqi_index_fini(sqi_index *ix); /* valid on a zeroed one */
/* Make sure that one more slot for this tag fits. */
streamq_status sqi_index_reserve(sqi_index *ix, uint32_t tag, streamq_error **err);
void sqi_index_put(sqi_index *ix, uint32_t tag, uint32_t row);   /* after reserve */
void sqi_index_erase(sqi_index *ix, uint32_t tag, uint32_t row); /* the pair is there */

static inline uint32_t sqi_index_tag(uint64_t slot)
{
    return (uint32_t)(slot >> 32);
}
static inline uint32_t sqi_index_row(uint64_t slot)
{
    return (uint32_t)slot - 1;
}
static inline uint64_t *sqi_index_slots(const sqi_index *ix, uint32_t tag)
{
    return ix->directory[(uint64_t)tag >> ix->shift]->slot;
}

#endif
