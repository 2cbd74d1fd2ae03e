/*
 * keyed_index: the hash index of the keyed table: from a 32-bit tag (the upper half of the key's hash) to row numbers.
 *
 * A bucket is one cache line: eight tags, compared at once, and the rows they stand for (plus one; 0 is empty), filled
 * from the front. What does not fit its bucket goes to the next one. Buckets stand in pages; the low bits of the tag are
 * the bucket of a page, the high bits choose the page through a directory (extendible hashing). A page that is four
 * fifths full is split in two, so an insertion moves at most one page however large the table is: no pause grows with
 * it. A table of one page starts small and doubles it first. Keys are not known here: tags may repeat, and the caller
 * compares keys. What it finds is a chain of candidates:
 *
 *     sqi_index_walk w = sqi_index_begin(ix, tag);
 *     while ((row = sqi_index_next(&w)) != UINT32_MAX)
 *         if (my key is the key of row) ...
 */
#ifndef SQI_KEYED_INDEX_H
#define SQI_KEYED_INDEX_H

#include "base_alloc.h"
#include "base_error.h"
#include "base_scan.h"
#include "keyed_pages.h"

enum { SQI_INDEX_BUCKET = 8 };

typedef struct sqi_index_bucket {
    uint32_t tag[SQI_INDEX_BUCKET], row[SQI_INDEX_BUCKET];
} sqi_index_bucket;

typedef struct sqi_index {
    sqi_alloc *alloc;
    sqi_index_bucket **directory; /* pages, 1 << depth entries; a page of lower depth stands in several */
    uint32_t depth, shift;        /* shift = 32 - depth */
    uint32_t mask;                /* buckets of a page - 1 */
    sqi_pages pages;              /* of the full size */
    size_t bytes;                 /* of everything else */
} sqi_index;

streamq_status sqi_index_init(sqi_index *ix, sqi_alloc *alloc, streamq_error **err);
void sqi_index_fini(sqi_index *ix);                                                   /* valid on a zeroed one */
size_t sqi_index_bytes(const sqi_index *ix);                                          /* held */
streamq_status sqi_index_make_room(sqi_index *ix, uint32_t tag, streamq_error **err); /* the slow way of reserve */
void sqi_index_put_far(sqi_index *ix, uint32_t tag, uint32_t row);                    /* the slow way of put */
void sqi_index_erase(sqi_index *ix, uint32_t tag, uint32_t row);                      /* the pair is there */

static inline sqi_index_bucket *sqi_index_page(const sqi_index *ix, uint32_t tag)
{
    return ix->directory[(uint64_t)tag >> ix->shift];
}

/* A bit, of two that are alike, for each of eight numbers (aligned to 16) that is this one. */
static inline uint32_t sqi_index_hits(const uint32_t *number, uint32_t wanted)
{
#if defined(SQI_SCAN_SSE2)
    __m128i all = _mm_set1_epi32((int)wanted);
    __m128i low = _mm_cmpeq_epi32(_mm_load_si128((const __m128i *)(const void *)number), all);
    __m128i high = _mm_cmpeq_epi32(_mm_load_si128((const __m128i *)(const void *)(number + 4)), all);
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi32(low, high));
#else
    uint32_t hits = 0;
    for (uint32_t k = 0; k < SQI_INDEX_BUCKET; k++)
        hits |= (uint32_t)(number[k] == wanted) * 3u << 2 * k;
    return hits;
#endif
}

/* The slots that have the tag. Empty slots have tag 0 and come last. */
static inline uint32_t sqi_index_match(const sqi_index_bucket *b, uint32_t tag)
{
    return sqi_index_hits(b->tag, tag);
}

static inline bool sqi_index_full(const sqi_index_bucket *b)
{
    return b->row[SQI_INDEX_BUCKET - 1] != 0;
}

/* Entries of a bucket. */
static inline uint32_t sqi_index_used(const sqi_index_bucket *b)
{
    uint32_t empty = sqi_index_hits(b->row, 0);
    return empty ? (uint32_t)__builtin_ctz(empty) / 2 : SQI_INDEX_BUCKET;
}

/* The cache line before the buckets. */
typedef struct sqi_index_head {
    uint32_t count, depth; /* entries; how many high bits of the tag this page has for itself */
    void *block;           /* of a page smaller than the full size: what was allocated */
} sqi_index_head;

static inline sqi_index_head *sqi_index_head_of(const sqi_index_bucket *page)
{
    return (sqi_index_head *)(uintptr_t)((const char *)page - sizeof(sqi_index_bucket));
}

/* Make sure that one more entry for this tag fits. */
static inline streamq_status sqi_index_reserve(sqi_index *ix, uint32_t tag, streamq_error **err)
{
    bool fits = sqi_index_head_of(sqi_index_page(ix, tag))->count < (ix->mask + 1) * SQI_INDEX_BUCKET * 4 / 5;
    return fits ? STREAMQ_OK : sqi_index_make_room(ix, tag, err);
}

/* After reserve. */
static inline void sqi_index_put(sqi_index *ix, uint32_t tag, uint32_t row)
{
    sqi_index_bucket *page = sqi_index_page(ix, tag), *b = &page[tag & ix->mask];
    if (sqi_index_full(b)) {
        sqi_index_put_far(ix, tag, row);
        return;
    }
    uint32_t slot = sqi_index_used(b);
    b->tag[slot] = tag;
    b->row[slot] = row + 1;
    sqi_index_head_of(page)->count++;
}

typedef struct sqi_index_walk {
    const sqi_index_bucket *page;
    uint32_t tag, mask, at, hits;
} sqi_index_walk;

static inline sqi_index_walk sqi_index_begin(const sqi_index *ix, uint32_t tag)
{
    sqi_index_walk w = {.page = sqi_index_page(ix, tag), .tag = tag, .mask = ix->mask, .at = tag & ix->mask};
    w.hits = sqi_index_match(&w.page[w.at], tag);
    return w;
}

/* The next row with the tag; UINT32_MAX: no more. */
static inline uint32_t sqi_index_next(sqi_index_walk *w)
{
    for (;;) {
        if (w->hits) {
            uint32_t row = w->page[w->at].row[__builtin_ctz(w->hits) / 2];
            w->hits &= w->hits - 1; /* both bits of the slot */
            w->hits &= w->hits - 1;
            if (row)
                return row - 1;
            return UINT32_MAX; /* empty slots, which only a tag of 0 matches: nothing stands behind them */
        }
        if (!sqi_index_full(&w->page[w->at]))
            return UINT32_MAX;
        w->at = (w->at + 1) & w->mask;
        w->hits = sqi_index_match(&w->page[w->at], w->tag);
    }
}

/* The tag was not found and is going to be put in: its page's count is asked for ahead. */
static inline void sqi_index_expect(const sqi_index_walk *w)
{
    __builtin_prefetch((const char *)w->page - sizeof(sqi_index_bucket), 1);
}

#endif
