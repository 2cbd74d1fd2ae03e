/*
 * keyed_pages: see the header. Extents are a list; the runs that were given back are another, through their first bytes.
 */
#include "keyed_pages.h"

#include <string.h>

enum { LINE = 64, SMALL = 1 << 20, MIDDLE = 8 << 20, LARGE_EXTENT = 4 << 20 };

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
        if (e->size % SQI_LARGE_PAGE)
            sqi_alloc_free(p->alloc, e, e->size);
        else
            sqi_alloc_large_free(p->alloc, e, e->size);
    }
    *p = (sqi_pages){0};
}

/* What an extent has not handed out yet is only addresses, as long as it comes in small pages. */
static bool is_gradual(const struct sqi_pages_extent *e)
{
    return e && e->size == SQI_LARGE_PAGE;
}

static bool more(sqi_pages *p)
{
    size_t size = sizeof(struct sqi_pages_extent) + LINE + p->run;
    bool large = p->bytes >= SMALL && size <= SQI_LARGE_PAGE, at_once = p->bytes >= MIDDLE;
    if (large)
        size = at_once ? LARGE_EXTENT : SQI_LARGE_PAGE;
    else
        size += size % SQI_LARGE_PAGE == 0; /* its size tells a large one */
    struct sqi_pages_extent *e = large ? sqi_alloc_large(p->alloc, size, at_once) : sqi_alloc_get(p->alloc, size);
    if (!e)
        return false;
    if (is_gradual(p->extents))
        sqi_alloc_large_full(p->alloc, p->extents, p->extents->size);
    *e = (struct sqi_pages_extent){p->extents, size};
    p->extents = e;
    p->next = (char *)(e + 1);
    p->next += (LINE - (uintptr_t)p->next % LINE) % LINE;
    p->end = (char *)e + size;
    p->bytes += is_gradual(e) ? 0 : size;
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
    p->bytes += is_gradual(p->extents) ? p->run : 0;
    return run;
}

void sqi_pages_put(sqi_pages *p, void *run)
{
    if (!run)
        return;
    memcpy(run, &p->free, sizeof p->free);
    p->free = run;
}
