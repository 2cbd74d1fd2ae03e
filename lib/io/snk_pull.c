/*
 * snk_pull: a queue of finished batches, filled by the query at commit and emptied by whoever takes results.
 *
 * The queue never refuses a batch: a trigger that started must be able to end. `full` tells the query not to start
 * another, so the queue exceeds its capacity by no more than what one trigger makes. An id that was queued before is
 * dropped. Empty batches are queued too: they say that a trigger ran.
 */
#include "snk_pull.h"

#include <pthread.h>

#include "io_stage.h"

enum { DEFAULT_CAPACITY = 1024 };

typedef struct pulled {
    sqi_batch *batch;
    int64_t id;
} pulled;

struct sqi_pull {
    sqi_alloc *alloc;
    _Atomic uint32_t refs;
    pthread_mutex_t lock;
    size_t capacity;
    pulled *item; /* [head, n) wait */
    size_t head, n, cap;
    int64_t last_id;
};

sqi_pull *sqi_pull_new(sqi_alloc *alloc, size_t capacity, streamq_error **err)
{
    sqi_pull *p = sqi_alloc_zero(alloc, sizeof *p);
    if (!p) {
        sqi_error_nomem(err);
        return NULL;
    }
    p->alloc = alloc;
    p->capacity = capacity ? capacity : DEFAULT_CAPACITY;
    p->last_id = -1;
    atomic_init(&p->refs, 1);
    if (pthread_mutex_init(&p->lock, NULL) == 0)
        return p;
    sqi_error_set(err, SQI_COND_IO_ERROR, "the system gave no lock for a queue of results");
    sqi_alloc_free(alloc, p, sizeof *p);
    return NULL;
}

sqi_pull *sqi_pull_ref(sqi_pull *p)
{
    atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
    return p;
}

void sqi_pull_unref(sqi_pull *p)
{
    if (!p || atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = p->head; i < p->n; i++)
        sqi_batch_unref(p->item[i].batch);
    sqi_alloc_free(p->alloc, p->item, p->cap * sizeof *p->item);
    pthread_mutex_destroy(&p->lock);
    sqi_alloc_free(p->alloc, p, sizeof *p);
}

size_t sqi_pull_count(sqi_pull *p)
{
    pthread_mutex_lock(&p->lock);
    size_t n = p->n - p->head;
    pthread_mutex_unlock(&p->lock);
    return n;
}

bool sqi_pull_full(sqi_pull *p)
{
    return sqi_pull_count(p) >= p->capacity;
}

sqi_batch *sqi_pull_take(sqi_pull *p, int64_t *batch_id)
{
    sqi_batch *b = NULL;
    pthread_mutex_lock(&p->lock);
    if (p->head < p->n) {
        b = p->item[p->head].batch;
        if (batch_id)
            *batch_id = p->item[p->head].id;
        p->head++;
    }
    if (p->head == p->n)
        p->head = p->n = 0;
    pthread_mutex_unlock(&p->lock);
    return b;
}

/* Under the lock. Takes the batch if it succeeds; *taken says whether it is in the queue. */
static streamq_status put(sqi_pull *p, sqi_batch *batch, int64_t batch_id, bool *taken, streamq_error **err)
{
    *taken = false;
    if (batch_id <= p->last_id)
        return STREAMQ_OK;
    if (p->n == p->cap && p->head > 0 && p->head >= p->n - p->head) { /* moves no more than was taken out */
        memmove(p->item, p->item + p->head, (p->n - p->head) * sizeof *p->item);
        p->n -= p->head;
        p->head = 0;
    }
    void *items = p->item;
    bool grown = sqi_alloc_grow(p->alloc, &items, &p->cap, p->n + 1, sizeof *p->item);
    p->item = items;
    if (!grown)
        return sqi_error_nomem(err);
    p->item[p->n++] = (pulled){batch, batch_id};
    p->last_id = batch_id;
    *taken = true;
    return STREAMQ_OK;
}

/* ------------------------------------------------------------------------------------------------------ the sink */

static const sqi_option_row options[] = {
    {"capacity", SQI_OPTION_INT, "1024", 1, INT32_MAX, false, "batches that may wait before the query does"},
};

static streamq_status pull_open(sqi_sink *k, streamq_error **err)
{
    if (!k->declared)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "sink 'pull' needs the queue its results wait in");
    return STREAMQ_OK;
}

static streamq_status pull_begin(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    (void)batch_id;
    return sqi_stage_begin(k->state, k, err);
}

static streamq_status pull_write(sqi_sink *k, const sqi_chunk *chunk, streamq_error **err)
{
    return sqi_stage_write(k->state, chunk, err);
}

static streamq_status pull_commit(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    sqi_pull *p = k->declared;
    sqi_stage *stage = k->state;
    bool taken;
    pthread_mutex_lock(&p->lock);
    streamq_status status = put(p, stage->batch, batch_id, &taken, err);
    pthread_mutex_unlock(&p->lock);
    if (taken)
        (void)sqi_stage_take(stage);
    if (status == STREAMQ_OK)
        sqi_stage_drop(stage);
    return status;
}

static void pull_abort(sqi_sink *k)
{
    sqi_stage_drop(k->state);
}

static void pull_close(sqi_sink *k)
{
    sqi_stage_fini(k->state);
}

const sqi_sink_type sqi_snk_pull = {
    .name = "pull",
    .state_size = sizeof(sqi_stage),
    .option = options,
    .noption = sizeof options / sizeof *options,
    .idempotent = true,
    .open = pull_open,
    .begin = pull_begin,
    .write = pull_write,
    .commit = pull_commit,
    .abort = pull_abort,
    .close = pull_close,
};
