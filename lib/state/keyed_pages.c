/*
 * keyed_pages: see the header. Extents are a list; the runs that were given back are another, through their first bytes.
 */
#include "keyed_pages.h"

#include <string.h>

enum { LINE = 64, SMALL = 16 << 20, LARGE_EXTENT = 4 << 20 };

struct sqi_pages_extent {
    struct sqi_pages_extent *next;
    size_t size;
};

void sqi_pages_init(sqi_pages *p, sqi_alloc *alloc, size_t run)
{
    *p = (sqi_pages){.alloc = alloc, .run = (run + LINE - 1) / LINE * LINE};
}

void sqi_pages_fini(sqi_pages *p)
{
    for (struct sqi_pages_extent *e = p->extents, *next; e; e = next) {
        next = e->next;
        sqi_alloc_free(p->alloc, e, e->size);
    }
    *p = (sqi_pages){0};
}

static bool more(sqi_pages *p)
{
    size_t least = sizeof(struct sqi_pages_extent) + LINE + p->run;
    size_t size = p->bytes < SMALL || least > LARGE_EXTENT ? least : LARGE_EXTENT;
    struct sqi_pages_extent *e = sqi_alloc_get(p->alloc, size);
    if (!e)
        return false;
    *e = (struct sqi_pages_extent){p->extents, size};
    p->extents = e;
    p->bytes += size;
    p->next = (char *)(e + 1);
    p->next += (LINE - (uintptr_t)p->next % LINE) % LINE;
    p->end = (char *)e + size;
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
