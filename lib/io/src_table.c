/*
 * src_table: see the header. The snapshot is taken by the first `latest`, so one read sees one state of the table.
 */
#include "src_table.h"

typedef struct state {
    sqi_batch **batch;
    size_t n;
    bool taken;
} state;

static streamq_status open_table(sqi_source *s, streamq_error **err)
{
    (void)s;
    (void)err;
    return STREAMQ_OK;
}

static streamq_status latest(sqi_source *s, const sqi_offset *start, sqi_offset *end, streamq_error **err)
{
    state *t = s->state;
    (void)start;
    if (!t->taken)
        SQI_TRY(sqi_memory_table_snapshot(s->declared, &t->batch, &t->n, err));
    t->taken = true;
    *end = (sqi_offset){.known = true, .number = {(int64_t)t->n, 0}};
    return STREAMQ_OK;
}

static streamq_status read_table(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_source_emit emit,
                                 void *context, streamq_error **err)
{
    state *t = s->state;
    (void)end;
    for (size_t i = start->known ? (size_t)start->number[0] : 0; i < t->n; ++i)
        for (size_t k = 0; k < t->batch[i]->nchunk; ++k)
            SQI_TRY(emit(context, &t->batch[i]->chunk[k], err));
    return STREAMQ_OK;
}

static bool offset_json(const sqi_source *s, const sqi_offset *o, sqi_buf *to)
{
    (void)s;
    return sqi_buf_printf(to, "%lld", (long long)o->number[0]);
}

static void close_table(sqi_source *s)
{
    state *t = s->state;
    for (size_t i = 0; i < t->n; ++i)
        sqi_batch_unref(t->batch[i]);
    sqi_alloc_free(s->env->alloc, t->batch, t->n * sizeof *t->batch);
}

void sqi_src_table_release(void *table)
{
    sqi_memory_table_unref(table);
}

const sqi_source_type sqi_src_table = {
    .name = "memory-table",
    .state_size = sizeof(state),
    .open = open_table,
    .latest = latest,
    .read = read_table,
    .offset_json = offset_json,
    .close = close_table,
};
