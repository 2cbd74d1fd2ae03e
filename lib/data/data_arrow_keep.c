/*
 * data_arrow_keep: release callbacks. A parent releases the children that are still its own, then gives up its count.
 */
#include "data_arrow_keep.h"

sqi_arrow_keep *sqi_arrow_keep_new(const sqi_alloc *alloc)
{
    sqi_alloc own;
    sqi_alloc_init(&own);
    own.resize = alloc->resize;
    own.release = alloc->release;
    own.user = alloc->user;
    sqi_arrow_keep *keep = sqi_alloc_zero(&own, sizeof *keep);
    if (!keep)
        return NULL;
    atomic_init(&keep->refs, 0);
    sqi_alloc_init(&keep->alloc);
    keep->alloc.resize = own.resize;
    keep->alloc.release = own.release;
    keep->alloc.user = own.user;
    sqi_arena_init(&keep->arena, &keep->alloc);
    return keep;
}

void sqi_arrow_keep_drop(sqi_arrow_keep *keep)
{
    if (!keep)
        return;
    sqi_arena_fini(&keep->arena);
    void (*release)(void *, void *, size_t) = keep->alloc.release;
    release(keep->alloc.user, keep, sizeof *keep);
}

static void unref(sqi_arrow_keep *keep)
{
    if (atomic_fetch_sub_explicit(&keep->refs, 1, memory_order_acq_rel) == 1)
        sqi_arrow_keep_drop(keep);
}

static void release_array(struct ArrowArray *array)
{
    sqi_arrow_keep *keep = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    array->release = NULL;
    unref(keep);
}

static void release_schema(struct ArrowSchema *schema)
{
    sqi_arrow_keep *keep = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
    schema->release = NULL;
    unref(keep);
}

void sqi_arrow_keep_array(sqi_arrow_keep *keep, struct ArrowArray *array)
{
    atomic_fetch_add_explicit(&keep->refs, 1, memory_order_relaxed);
    array->private_data = keep;
    array->release = release_array;
}

void sqi_arrow_keep_schema(sqi_arrow_keep *keep, struct ArrowSchema *schema)
{
    atomic_fetch_add_explicit(&keep->refs, 1, memory_order_relaxed);
    schema->private_data = keep;
    schema->release = release_schema;
}
