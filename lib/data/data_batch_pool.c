/*
 * data_batch_pool: see the header. A few slots, each an atomic pointer: taking and giving back are one exchange, and a
 * batch is in a slot or in one pair of hands, so there is nothing to lock. Batches that grew large are not kept: what
 * they cost is nothing beside their rows.
 */
#include "data_batch_pool.h"

enum { SLOTS = 4, MOST_BYTES = 512 * 1024 };

struct sqi_batch_pool {
    sqi_alloc *alloc;
    const sqi_schema *schema;
    _Atomic uint32_t refs;
    sqi_batch *_Atomic slot[SLOTS];
};

sqi_batch_pool *sqi_batch_pool_new(sqi_alloc *alloc, const sqi_schema *schema, streamq_error **err)
{
    sqi_batch_pool *p = sqi_alloc_zero(alloc, sizeof *p);
    if (!p) {
        sqi_error_nomem(err);
        return NULL;
    }
    p->alloc = alloc;
    p->schema = schema;
    atomic_init(&p->refs, 1);
    return p;
}

static void unref(sqi_batch_pool *p)
{
    if (atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (int i = 0; i < SLOTS; i++)
        sqi_batch_destroy(p->slot[i]);
    sqi_alloc_free(p->alloc, p, sizeof *p);
}

void sqi_batch_pool_close(sqi_batch_pool *p)
{
    if (p)
        unref(p);
}

static void put(void *pool, sqi_batch *b)
{
    sqi_batch_pool *p = pool;
    if (sqi_arena_bytes(&b->arena) <= MOST_BYTES) {
        sqi_batch_clear(b);
        for (int i = 0; b && i < SLOTS; i++) {
            sqi_batch *nothing = NULL;
            if (atomic_compare_exchange_strong_explicit(&p->slot[i], &nothing, b, memory_order_acq_rel,
                                                        memory_order_relaxed))
                b = NULL;
        }
    }
    sqi_batch_destroy(b);
    unref(p);
}

static sqi_batch *taken(sqi_batch_pool *p)
{
    for (int i = 0; i < SLOTS; i++)
        if (atomic_load_explicit(&p->slot[i], memory_order_relaxed)) {
            sqi_batch *b = atomic_exchange_explicit(&p->slot[i], NULL, memory_order_acq_rel);
            if (b)
                return b;
        }
    return NULL;
}

sqi_batch *sqi_batch_pool_get(sqi_batch_pool *p, streamq_error **err)
{
    sqi_batch *b = taken(p);
    if (!b && !(b = sqi_batch_new(p->alloc, p->schema, err)))
        return NULL;
    b->ended = put;
    b->pool = p;
    atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
    return b;
}
