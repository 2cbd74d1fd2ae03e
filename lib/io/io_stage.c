/*
 * io_stage: see the header.
 */
#include "io_stage.h"

streamq_status sqi_stage_begin(sqi_stage *t, const sqi_sink *k, streamq_error **err)
{
    sqi_stage_drop(t);
    if (!t->pool && !(t->pool = sqi_batch_pool_new(k->env->alloc, k->schema, err)))
        return STREAMQ_ERR_NOMEM;
    t->batch = sqi_batch_pool_get(t->pool, err);
    return t->batch ? STREAMQ_OK : STREAMQ_ERR_NOMEM;
}

streamq_status sqi_stage_write(sqi_stage *t, const sqi_chunk *chunk, streamq_error **err)
{
    return sqi_batch_append(t->batch, chunk, err);
}

sqi_batch *sqi_stage_take(sqi_stage *t)
{
    sqi_batch *b = t->batch;
    t->batch = NULL;
    return b;
}

void sqi_stage_drop(sqi_stage *t)
{
    sqi_batch_unref(t->batch);
    t->batch = NULL;
}

void sqi_stage_fini(sqi_stage *t)
{
    sqi_stage_drop(t);
    sqi_batch_pool_close(t->pool);
    t->pool = NULL;
}
