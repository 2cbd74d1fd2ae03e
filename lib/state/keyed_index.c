/*
 * keyed_index: pages and their directory. Erasing moves an entry of a later bucket back into a bucket that was full, so
 * there are no tombstones and probing never degrades. Pages are not merged again.
 */
#include "keyed_index.h"

#include <string.h>

enum { LINE = 64, FIRST_BUCKETS = 8, PAGE_BUCKETS = 512, DEPTH_MAX = 20 };

_Static_assert(sizeof(sqi_index_bucket) == LINE, "a bucket is a cache line");
_Static_assert(sizeof(sqi_index_head) <= LINE, "the head has one, too");

static size_t page_bytes(uint32_t mask)
{
    return LINE + ((size_t)mask + 1) * sizeof(sqi_index_bucket);
}

/* Small ones come and go while a table is young. */
static char *small_page(sqi_index *ix, uint32_t mask, void **block)
{
    *block = sqi_alloc_get(ix->alloc, page_bytes(mask) + LINE);
    if (!*block)
        return NULL;
    ix->bytes += page_bytes(mask) + LINE;
    return (char *)*block + (LINE - (uintptr_t)*block % LINE) % LINE;
}

static sqi_index_bucket *page_new(sqi_index *ix, uint32_t mask, uint32_t depth)
{
    void *block = NULL;
    char *begin = mask + 1 == PAGE_BUCKETS ? sqi_pages_get(&ix->pages) : small_page(ix, mask, &block);
    if (!begin)
        return NULL;
    memset(begin, 0, page_bytes(mask));
    sqi_index_bucket *page = (sqi_index_bucket *)(void *)(begin + LINE);
    *sqi_index_head_of(page) = (sqi_index_head){.depth = depth, .block = block};
    return page;
}

static void page_free(sqi_index *ix, sqi_index_bucket *page, uint32_t mask)
{
    if (!page)
        return;
    if (mask + 1 == PAGE_BUCKETS) {
        sqi_pages_put(&ix->pages, sqi_index_head_of(page));
        return;
    }
    sqi_alloc_free(ix->alloc, sqi_index_head_of(page)->block, page_bytes(mask) + LINE);
    ix->bytes -= page_bytes(mask) + LINE;
}

size_t sqi_index_bytes(const sqi_index *ix)
{
    return ix->bytes + ix->pages.bytes;
}

static void page_put(sqi_index_bucket *page, uint32_t mask, uint32_t tag, uint32_t row_and_one)
{
    uint32_t at = tag & mask;
    while (sqi_index_full(&page[at]))
        at = (at + 1) & mask;
    uint32_t slot = sqi_index_used(&page[at]);
    page[at].tag[slot] = tag;
    page[at].row[slot] = row_and_one;
    sqi_index_head_of(page)->count++;
}

static size_t directory_bytes(uint32_t depth)
{
    return sizeof(sqi_index_bucket *) << depth;
}

streamq_status sqi_index_init(sqi_index *ix, sqi_alloc *alloc, streamq_error **err)
{
    *ix = (sqi_index){.alloc = alloc, .shift = 32, .mask = FIRST_BUCKETS - 1};
    sqi_pages_init(&ix->pages, alloc, page_bytes(PAGE_BUCKETS - 1));
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
    if (ix->mask + 1 < PAGE_BUCKETS)
        page_free(ix, ix->directory[0], ix->mask);
    sqi_pages_fini(&ix->pages);
    sqi_alloc_free(ix->alloc, ix->directory, directory_bytes(ix->depth));
    *ix = (sqi_index){0};
}

/* The only page becomes one of twice the size. */
static streamq_status widen(sqi_index *ix, streamq_error **err)
{
    sqi_index_bucket *old = ix->directory[0];
    uint32_t mask = ix->mask * 2 + 1;
    sqi_index_bucket *page = page_new(ix, mask, 0);
    if (!page)
        return sqi_error_nomem(err);
    for (uint32_t at = 0; at <= ix->mask; at++)
        for (uint32_t k = 0; k < SQI_INDEX_BUCKET && old[at].row[k]; k++)
            page_put(page, mask, old[at].tag[k], old[at].row[k]);
    page_free(ix, old, ix->mask);
    ix->directory[0] = page;
    ix->mask = mask;
    return STREAMQ_OK;
}

static streamq_status deepen(sqi_index *ix, streamq_error **err)
{
    if (ix->depth == DEPTH_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "the index of a state table is full");
    sqi_index_bucket **wider = sqi_alloc_get(ix->alloc, directory_bytes(ix->depth + 1));
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

/* The entries of a bucket to the two halves of its page. Most of them stand where they belong: they go to the same place
   of a half, and only the others have to look for one. */
static void deal(const sqi_index_bucket *from, uint32_t at, sqi_index_bucket *const half[2], uint32_t mask,
                 uint32_t bit)
{
    uint32_t n[2] = {sqi_index_used(&half[0][at]), sqi_index_used(&half[1][at])};
    for (uint32_t k = 0; k < SQI_INDEX_BUCKET && from->row[k]; k++) {
        uint32_t tag = from->tag[k], side = tag >> bit & 1;
        sqi_index_bucket *to = &half[side][at];
        if ((tag & mask) != at || n[side] == SQI_INDEX_BUCKET) {
            page_put(half[side], mask, tag, from->row[k]);
            n[side] = sqi_index_used(to);
            continue;
        }
        to->tag[n[side]] = tag;
        to->row[n[side]++] = from->row[k];
        sqi_index_head_of(half[side])->count++;
    }
}

/* Two pages for one, by the next bit of the tag. */
static streamq_status split(sqi_index *ix, uint32_t tag, streamq_error **err)
{
    sqi_index_bucket *old = sqi_index_page(ix, tag);
    if (sqi_index_head_of(old)->depth == ix->depth)
        SQI_TRY(deepen(ix, err));
    uint32_t depth = sqi_index_head_of(old)->depth + 1, bit = 32 - depth;
    sqi_index_bucket *half[2] = {page_new(ix, ix->mask, depth), page_new(ix, ix->mask, depth)};
    if (!half[0] || !half[1]) {
        page_free(ix, half[0], ix->mask);
        page_free(ix, half[1], ix->mask);
        return sqi_error_nomem(err);
    }
    for (uint32_t at = 0; at <= ix->mask; at++)
        deal(&old[at], at, half, ix->mask, bit);
    size_t run = (size_t)1 << (ix->depth - depth); /* entries of each half */
    size_t first = ((size_t)tag >> ix->shift) & ~(2 * run - 1);
    for (size_t i = 0; i < 2 * run; i++)
        ix->directory[first + i] = half[i >= run];
    page_free(ix, old, ix->mask);
    return STREAMQ_OK;
}

streamq_status sqi_index_make_room(sqi_index *ix, uint32_t tag, streamq_error **err)
{
    for (;;) {
        if (sqi_index_head_of(sqi_index_page(ix, tag))->count < (ix->mask + 1) * SQI_INDEX_BUCKET * 4 / 5)
            return STREAMQ_OK;
        SQI_TRY(ix->mask + 1 < PAGE_BUCKETS ? widen(ix, err) : split(ix, tag, err));
    }
}

void sqi_index_put_far(sqi_index *ix, uint32_t tag, uint32_t row)
{
    page_put(sqi_index_page(ix, tag), ix->mask, tag, row + 1);
}

static void take_out(sqi_index_bucket *b, uint32_t slot)
{
    uint32_t last = sqi_index_used(b) - 1;
    b->tag[slot] = b->tag[last];
    b->row[slot] = b->row[last];
    b->tag[last] = b->row[last] = 0;
}

/* An entry of bucket `at` that may stand in `hole`, or in any bucket before it; SQI_INDEX_BUCKET: none. */
static uint32_t find_early(const sqi_index_bucket *page, uint32_t mask, uint32_t at, uint32_t hole)
{
    uint32_t k = 0;
    while (k < SQI_INDEX_BUCKET && page[at].row[k] && ((at - page[at].tag[k]) & mask) < ((at - hole) & mask))
        k++;
    return k < SQI_INDEX_BUCKET && page[at].row[k] ? k : SQI_INDEX_BUCKET;
}

/* A bucket that is not full ends every search, so one that was full is filled again from behind. */
void sqi_index_erase(sqi_index *ix, uint32_t tag, uint32_t row)
{
    sqi_index_bucket *page = sqi_index_page(ix, tag);
    uint32_t mask = ix->mask, hole = tag & mask, slot = 0;
    for (;; hole = (hole + 1) & mask) {
        for (slot = 0; slot < SQI_INDEX_BUCKET && page[hole].row[slot] != row + 1; slot++)
            ;
        if (slot < SQI_INDEX_BUCKET)
            break;
    }
    sqi_index_head_of(page)->count--;
    bool full = sqi_index_full(&page[hole]);
    take_out(&page[hole], slot);
    for (uint32_t at = (hole + 1) & mask; full && at != hole; at = (at + 1) & mask) {
        full = sqi_index_full(&page[at]);
        uint32_t k = find_early(page, mask, at, hole);
        if (k == SQI_INDEX_BUCKET)
            continue;
        uint32_t free = sqi_index_used(&page[hole]);
        page[hole].tag[free] = page[at].tag[k];
        page[hole].row[free] = page[at].row[k];
        take_out(&page[at], k);
        hole = at;
    }
}
