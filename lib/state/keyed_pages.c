/*
 * keyed_pages: see the header. Extents are a list; the runs that were given back are another, through their first bytes.
 * An extent is one run, while there are few; then a large page that is claimed run by run; then several large pages at
 * once, which are a small part of what is held by then.
 */
#include "keyed_pages.h"

#include <string.h>

enum { LINE = 64, SMALL = 1 << 20, MIDDLE = 8 << 20, LARGE_EXTENT = 4 << 20 };

typedef enum extent_kind { SINGLE, GRADUAL, LARGE } extent_kind;

struct sqi_pages_extent {
    struct sqi_pages_extent *next;
    size_t size, held;
    extent_kind kind;
};

enum { HEAD = (sizeof(struct sqi_pages_extent) + LINE - 1) / LINE * LINE };

void sqi_pages_init(sqi_pages *p, sqi_alloc *alloc, size_t run)
{
    *p = (sqi_pages){.alloc = alloc, .run = (run + LINE - 1) / LINE * LINE};
}

void sqi_pages_fini(sqi_pages *p)
{
    for (struct sqi_pages_extent *e = p->extents, *next; e; e = next) {
        next = e->next;
        if (e->kind == SINGLE)
            sqi_alloc_free(p->alloc, e, e->size);
        else
            sqi_alloc_large_free(p->alloc, e, e->size, e->held);
    }
    *p = (sqi_pages){0};
}

static bool claim(sqi_pages *p, size_t more)
{
    if (!sqi_alloc_claim(p->alloc, more))
        return false;
    p->bytes += more;
    return true;
}

static void *gradual(sqi_pages *p)
{
    void *e = sqi_alloc_gradual(p->alloc, SQI_LARGE_PAGE);
    if (e && claim(p, HEAD))
        return e;
    sqi_alloc_large_free(p->alloc, e, SQI_LARGE_PAGE, 0);
    return NULL;
}

static bool more(sqi_pages *p)
{
    struct sqi_pages_extent e = {.next = p->extents, .kind = SINGLE, .size = HEAD + LINE + p->run}, *at = NULL;
    bool fits = e.size <= SQI_LARGE_PAGE;
    if (fits && p->bytes >= MIDDLE) {
        e.kind = LARGE;
        e.size = LARGE_EXTENT;
        at = sqi_alloc_large(p->alloc, e.size);
    } else if (fits && p->bytes >= SMALL && (at = gradual(p))) {
        e.kind = GRADUAL;
        e.size = SQI_LARGE_PAGE;
    } else {
        at = sqi_alloc_get(p->alloc, e.size);
    }
    if (!at)
        return false;
    if (p->extents && p->extents->kind == GRADUAL)
        sqi_alloc_claimed_all(p->alloc, p->extents, p->extents->size);
    e.held = e.kind == GRADUAL ? HEAD : e.size;
    p->bytes += e.kind == GRADUAL ? 0 : e.size;
    *at = e;
    p->extents = at;
    p->next = (char *)at + HEAD;
    p->next += (LINE - (uintptr_t)p->next % LINE) % LINE;
    p->end = (char *)at + e.size;
    return true;
}

void *sqi_pages_get(sqi_pages *p)
{
    void *run = p->free;
    if (run) {
        memcpy(&p->free, run, sizeof p->free);
        return run;
    }
    if ((size_t)(p->end - p->next) < p->run && !more(p))
        return NULL;
    if (p->extents->kind == GRADUAL) {
        if (!claim(p, p->run))
            return NULL;
        p->extents->held += p->run;
    }
    run = p->next;
    p->next += p->run;
    return run;
}

void sqi_pages_put(sqi_pages *p, void *run)
{
    if (!run)
        return;
    memcpy(run, &p->free, sizeof p->free);
    p->free = run;
}
