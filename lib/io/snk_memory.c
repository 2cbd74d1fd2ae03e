/*
 * snk_memory: results kept in a named table, as Spark's memory sink.
 *
 * A table is a list of batches under a mutex; readers take references and work outside of it. Storing is all or
 * nothing. A batch id that was stored before is dropped, so a repeat after a failure changes nothing.
 */
#include "snk_memory.h"

#include <pthread.h>

#include "io_stage.h"

struct sqi_memory_table {
    sqi_alloc *alloc;
    sqi_arena arena; /* name and schema */
    sqi_span name;
    sqi_schema schema;
    _Atomic uint32_t refs;
    pthread_mutex_t lock;
    bool lock_ready;
    int64_t last_id;
    sqi_batch **batch;
    size_t n, cap;
};

sqi_memory_table *sqi_memory_table_new(sqi_alloc *alloc, sqi_span name, const sqi_schema *schema, streamq_error **err)
{
    sqi_memory_table *t = sqi_alloc_zero(alloc, sizeof *t);
    if (!t) {
        sqi_error_nomem(err);
        return NULL;
    }
    t->alloc = alloc;
    t->last_id = -1;
    atomic_init(&t->refs, 1);
    sqi_arena_init(&t->arena, alloc);
    t->name = (sqi_span){sqi_arena_text(&t->arena, name.ptr, name.len), name.len};
    t->lock_ready = pthread_mutex_init(&t->lock, NULL) == 0;
    if (!t->lock_ready)
        sqi_error_set(err, SQI_COND_IO_ERROR, "the system gave no lock for a table");
    else if (!t->name.ptr)
        sqi_error_nomem(err);
    else if (sqi_schema_copy(&t->schema, schema, &t->arena, err) == STREAMQ_OK)
        return t;
    sqi_memory_table_unref(t);
    return NULL;
}

sqi_memory_table *sqi_memory_table_ref(sqi_memory_table *t)
{
    atomic_fetch_add_explicit(&t->refs, 1, memory_order_relaxed);
    return t;
}

static void drop_all(sqi_memory_table *t)
{
    for (size_t i = 0; i < t->n; i++)
        sqi_batch_unref(t->batch[i]);
    t->n = 0;
}

void sqi_memory_table_unref(sqi_memory_table *t)
{
    if (!t || atomic_fetch_sub_explicit(&t->refs, 1, memory_order_acq_rel) != 1)
        return;
    drop_all(t);
    sqi_alloc_free(t->alloc, t->batch, t->cap * sizeof *t->batch);
    if (t->lock_ready)
        pthread_mutex_destroy(&t->lock);
    sqi_arena_fini(&t->arena);
    sqi_alloc_free(t->alloc, t, sizeof *t);
}

sqi_span sqi_memory_table_name(const sqi_memory_table *t)
{
    return t->name;
}

const sqi_schema *sqi_memory_table_schema(const sqi_memory_table *t)
{
    return &t->schema;
}

streamq_status sqi_memory_table_snapshot(sqi_memory_table *t, sqi_batch ***out, size_t *n, streamq_error **err)
{
    streamq_status status = STREAMQ_OK;
    *out = NULL;
    *n = 0;
    pthread_mutex_lock(&t->lock);
    if (t->n) {
        *out = sqi_alloc_array(t->alloc, t->n, sizeof **out);
        if (!*out)
            status = sqi_error_nomem(err);
    }
    if (*out) {
        *n = t->n;
        for (size_t i = 0; i < t->n; i++)
            (*out)[i] = sqi_batch_ref(t->batch[i]);
    }
    pthread_mutex_unlock(&t->lock);
    return status;
}

/* Under the lock. */
static streamq_status store(sqi_memory_table *t, int64_t batch_id, bool replace, sqi_batch *batch, streamq_error **err)
{
    if (batch_id <= t->last_id)
        return STREAMQ_OK;
    if (batch->rows) {
        void *items = t->batch;
        bool grown = sqi_alloc_grow(t->alloc, &items, &t->cap, replace ? 1 : t->n + 1, sizeof *t->batch);
        t->batch = items;
        if (!grown)
            return sqi_error_nomem(err);
    }
    if (replace)
        drop_all(t);
    if (batch->rows)
        t->batch[t->n++] = sqi_batch_ref(batch);
    t->last_id = batch_id;
    return STREAMQ_OK;
}

streamq_status sqi_memory_table_store(sqi_memory_table *t, int64_t batch_id, bool replace, sqi_batch *batch,
                                      streamq_error **err)
{
    pthread_mutex_lock(&t->lock);
    streamq_status status = store(t, batch_id, replace, batch, err);
    pthread_mutex_unlock(&t->lock);
    return status;
}

/* ------------------------------------------------------------------------------------------------------ the sink */

static streamq_status memory_open(sqi_sink *k, streamq_error **err)
{
    if (!k->declared)
        return sqi_error_set(err, SQI_COND_MISSING_OPTION, "sink 'memory' needs a queryName: the name of its table");
    return STREAMQ_OK;
}

static streamq_status memory_begin(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    (void)batch_id;
    return sqi_stage_begin(k->state, k, err);
}

static streamq_status memory_write(sqi_sink *k, const sqi_chunk *chunk, streamq_error **err)
{
    return sqi_stage_write(k->state, chunk, err);
}

static streamq_status memory_commit(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    sqi_stage *stage = k->state;
    SQI_TRY(sqi_memory_table_store(k->declared, batch_id, k->mode == STREAMQ_COMPLETE, stage->batch, err));
    sqi_stage_drop(stage);
    return STREAMQ_OK;
}

static void memory_abort(sqi_sink *k)
{
    sqi_stage_drop(k->state);
}

static void memory_close(sqi_sink *k)
{
    sqi_stage_fini(k->state);
}

static bool memory_describe(const sqi_sink *k, sqi_buf *to)
{
    (void)k;
    return sqi_buf_text(to, "MemorySink");
}

const sqi_sink_type sqi_snk_memory = {
    .name = "memory",
    .state_size = sizeof(sqi_stage),
    .idempotent = true,
    .needs_name = true,
    .open = memory_open,
    .begin = memory_begin,
    .write = memory_write,
    .commit = memory_commit,
    .abort = memory_abort,
    .describe = memory_describe,
    .close = memory_close,
};
