/*
 * keyed_index: pages and their directory. Erasing moves later slots of the run back, so there are no tombstones and
 * probing never degrades. Pages are not merged again.
 */
#include "keyed_index.h"

enum { FIRST_SLOTS = 64, PAGE_SLOTS = 4096, DEPTH_MAX = 20 };

static size_t page_bytes(uint32_t mask)
{
    return sizeof(sqi_index_page) + ((size_t)mask + 1) * sizeof(uint64_t);
}

static sqi_index_page *page_new(sqi_index *ix, uint32_t mask, uint32_t depth)
{
    sqi_index_page *page = sqi_alloc_zero(ix->alloc, page_bytes(mask));
    if (!page)
        return NULL;
    page->depth = depth;
    ix->bytes += page_bytes(mask);
    return page;
}

static void page_free(sqi_index *ix, sqi_index_page *page, uint32_t mask)
{
    if (!page)
        return;
    sqi_alloc_free(ix->alloc, page, page_bytes(mask));
    ix->bytes -= page_bytes(mask);
}

static void page_put(sqi_index_page *page, uint32_t mask, uint64_t slot)
{
    uint32_t at = sqi_index_tag(slot) & mask;
    while (page->slot[at])
        at = (at + 1) & mask;
    page->slot[at] = slot;
    page->count++;
}

static size_t directory_bytes(uint32_t depth)
{
    return sizeof(sqi_index_page *) << depth;
}

streamq_status sqi_index_init(sqi_index *ix, sqi_alloc *alloc, streamq_error **err)
{
    *ix = (sqi_index){.alloc = alloc, .shift = 32, .mask = FIRST_SLOTS - 1};
    ix->directory = sqi_alloc_get(alloc, directory_bytes(0));
    if (!ix->directory)
        return sqi_error_nomem(err);
    ix->bytes = directory_bytes(0);
    ix->directory[0] = page_new(ix, ix->mask, 0);
    return ix->directory[0] ? STREAMQ_OK : sqi_error_nomem(err);
}

void sqi_index_fini(sqi_index *ix)
{
    if (!ix->directory)
        return;
    for (size_t i = 0; i < (size_t)1 << ix->depth;) {
        sqi_index_page *page = ix->directory[i];
        i += page ? (size_t)1 << (ix->depth - page->depth) : 1;
        page_free(ix, page, ix->mask);
    }
    sqi_alloc_free(ix->alloc, ix->directory, directory_bytes(ix->depth));
    *ix = (sqi_index){0};
}

/* The only page becomes one of twice the size. */
static streamq_status widen(sqi_index *ix, streamq_error **err)
{
    sqi_index_page *old = ix->directory[0];
    uint32_t mask = ix->mask * 2 + 1;
    sqi_index_page *page = page_new(ix, mask, 0);
    if (!page)
        return sqi_error_nomem(err);
    for (uint32_t at = 0; at <= ix->mask; at++)
        if (old->slot[at])
            page_put(page, mask, old->slot[at]);
    page_free(ix, old, ix->mask);
    ix->directory[0] = page;
    ix->mask = mask;
    return STREAMQ_OK;
}

static streamq_status deepen(sqi_index *ix, streamq_error **err)
{
    if (ix->depth == DEPTH_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "the index of a state table is full");
    sqi_index_page **wider = sqi_alloc_get(ix->alloc, directory_bytes(ix->depth + 1));
    if (!wider)
        return sqi_error_nomem(err);
    for (size_t i = 0; i < (size_t)1 << ix->depth; i++)
        wider[2 * i] = wider[2 * i + 1] = ix->directory[i];
    sqi_alloc_free(ix->alloc, ix->directory, directory_bytes(ix->depth));
    ix->bytes += directory_bytes(ix->depth);
    ix->directory = wider;
    ix->depth++;
    ix->shift--;
    return STREAMQ_OK;
}

/* Two pages for one, by the next bit of the tag. */
static streamq_status split(sqi_index *ix, uint32_t tag, streamq_error **err)
{
    sqi_index_page *old = ix->directory[(uint64_t)tag >> ix->shift];
    if (old->depth == ix->depth)
        SQI_TRY(deepen(ix, err));
    uint32_t depth = old->depth + 1, bit = 32 - depth;
    sqi_index_page *half[2] = {page_new(ix, ix->mask, depth), page_new(ix, ix->mask, depth)};
    if (!half[0] || !half[1]) {
        page_free(ix, half[0], ix->mask);
        page_free(ix, half[1], ix->mask);
        return sqi_error_nomem(err);
    }
    for (uint32_t at = 0; at <= ix->mask; at++)
        if (old->slot[at])
            page_put(half[sqi_index_tag(old->slot[at]) >> bit & 1], ix->mask, old->slot[at]);
    size_t run = (size_t)1 << (ix->depth - depth); /* entries of each half */
    size_t first = ((size_t)tag >> ix->shift) & ~(2 * run - 1);
    for (size_t i = 0; i < 2 * run; i++)
        ix->directory[first + i] = half[i >= run];
    page_free(ix, old, ix->mask);
    return STREAMQ_OK;
}

streamq_status sqi_index_reserve(sqi_index *ix, uint32_t tag, streamq_error **err)
{
    for (;;) {
        const sqi_index_page *page = ix->directory[(uint64_t)tag >> ix->shift];
        if (page->count < (ix->mask + 1) / 4 * 3)
            return STREAMQ_OK;
        SQI_TRY(ix->mask + 1 < PAGE_SLOTS ? widen(ix, err) : split(ix, tag, err));
    }
}

void sqi_index_put(sqi_index *ix, uint32_t tag, uint32_t row)
{
    page_put(ix->directory[(uint64_t)tag >> ix->shift], ix->mask, (uint64_t)tag << 32 | (row + 1));
}

void sqi_index_erase(sqi_index *ix, uint32_t tag, uint32_t row)
{
    sqi_index_page *page = ix->directory[(uint64_t)tag >> ix->shift];
    uint64_t *slot = page->slot, wanted = (uint64_t)tag << 32 | (row + 1);
    uint32_t mask = ix->mask, hole = tag & mask;
    while (slot[hole] != wanted)
        hole = (hole + 1) & mask;
    for (uint32_t at = (hole + 1) & mask; slot[at]; at = (at + 1) & mask) {
        uint32_t home = sqi_index_tag(slot[at]) & mask;
        if (((at - home) & mask) < ((at - hole) & mask))
            continue; /* its home lies behind the hole */
        slot[hole] = slot[at];
        hole = at;
    }
    slot[hole] = 0;
    page->count--;
}
