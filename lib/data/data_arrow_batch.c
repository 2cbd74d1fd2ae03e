/*
 * data_arrow_batch: a whole batch out, as one array or as a stream of its chunks. One schema describes all of it, so
 * whether 64-bit offsets are needed is known before the schema is given.
 */
#include "data_arrow.h"
#include "data_arrow_layout.h"

#include <errno.h>

/* Bytes and elements under one value: no column of the chunk can have more than their sum over the rows. */
static uint64_t weight(const sqi_vec *v, uint32_t i)
{
    uint64_t sum = 0;
    if (!sqi_vec_valid(v, i))
        return 0;
    switch (v->type->id) {
    case SQI_STRING:
    case SQI_BINARY:
        return SQI_AT(v, sqi_str, i).len;
    case SQI_ARRAY:
    case SQI_MAP: {
        sqi_list list = SQI_AT(v, sqi_list, i);
        for (uint32_t c = 0; c < v->type->nfield; c++)
            for (uint32_t e = 0; e < list.length; e++)
                sum += weight(&v->child[c], list.offset + e);
        return sum + list.length;
    }
    case SQI_STRUCT:
        for (uint32_t c = 0; c < v->type->nfield; c++)
            sum += weight(&v->child[c], i & v->mask);
        return sum;
    default:
        return 0;
    }
}

static bool has_weight(const sqi_type *t)
{
    bool any = t->id == SQI_STRING || t->id == SQI_BINARY || t->id == SQI_ARRAY || t->id == SQI_MAP;
    for (uint32_t i = 0; i < t->nfield && !any; i++)
        any = has_weight(t->field[i].type);
    return any;
}

static uint64_t chunk_weight(const sqi_chunk *chunk)
{
    uint64_t sum = 0;
    for (uint32_t c = 0; c < chunk->ncol; c++)
        if (has_weight(chunk->col[c].type))
            for (SQI_EACH(chunk->rows, k, i))
                sum += weight(&chunk->col[c], i);
    return sum;
}

/* All rows of a batch as one chunk of dense columns, in scratch. */
static streamq_status join_column(const sqi_batch *b, uint32_t c, sqi_vec *out, sqi_arena *scratch, streamq_error **err)
{
    sqi_vec *part = sqi_arena_array(scratch, b->nchunk, sizeof *part);
    const sqi_vec **in = sqi_arena_array(scratch, b->nchunk, sizeof *in);
    uint32_t *n = sqi_arena_array(scratch, b->nchunk, sizeof *n);
    if (!part || !in || !n)
        return sqi_error_nomem(err);
    for (size_t i = 0; i < b->nchunk; i++) {
        const sqi_chunk *chunk = &b->chunk[i];
        in[i] = &chunk->col[c];
        n[i] = chunk->rows.n;
        if (!chunk->rows.sel || !chunk->col[c].mask)
            continue;
        SQI_TRY(sqi_vec_gather(&part[i], &chunk->col[c], chunk->rows.sel, n[i], scratch, err));
        in[i] = &part[i];
    }
    return sqi_vec_concat(out, in, n, (uint32_t)b->nchunk, scratch, err);
}

static streamq_status join(const sqi_batch *b, sqi_chunk *out, sqi_arena *scratch, streamq_error **err)
{
    if (b->nchunk == 1) {
        *out = b->chunk[0];
        return STREAMQ_OK;
    }
    if (b->rows >= UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                             "a batch of %llu rows does not fit one Arrow array; take it as a stream",
                             (unsigned long long)b->rows);
    *out = (sqi_chunk){.n = (uint32_t)b->rows, .ncol = b->schema.n, .rows = {NULL, (uint32_t)b->rows}};
    out->col = sqi_arena_array(scratch, out->ncol ? out->ncol : 1, sizeof *out->col);
    if (!out->col)
        return sqi_error_nomem(err);
    for (uint32_t c = 0; c < out->ncol; c++)
        SQI_TRY(b->nchunk ? join_column(b, c, &out->col[c], scratch, err)
                          : sqi_vec_make(&out->col[c], b->schema.field[c].type, 0, scratch, err));
    return STREAMQ_OK;
}

streamq_status sqi_arrow_export_batch(sqi_batch *b, struct ArrowArray *array, struct ArrowSchema *schema,
                                      streamq_error **err)
{
    sqi_arena scratch;
    sqi_chunk all;
    sqi_arena_init(&scratch, b->alloc);
    streamq_status status = join(b, &all, &scratch, err);
    if (status == STREAMQ_OK) {
        bool large = chunk_weight(&all) > INT32_MAX;
        status = sqi_arrow_export_schema_as(&b->schema, large, schema, err);
        if (status == STREAMQ_OK) {
            status = sqi_arrow_export_chunk_as(b->alloc, &all, large, array, err);
            if (status != STREAMQ_OK)
                schema->release(schema);
        }
    }
    sqi_arena_fini(&scratch);
    return status;
}

typedef struct stream {
    sqi_batch *batch;
    size_t next;
    bool large;
    streamq_error *error;
} stream;

static int result(stream *s, streamq_error *error)
{
    sqi_error_free(s->error);
    s->error = error;
    if (!error)
        return 0;
    return sqi_error_status(error) == STREAMQ_ERR_NOMEM ? ENOMEM : EINVAL;
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    stream *s = self->private_data;
    streamq_error *error = NULL;
    (void)sqi_arrow_export_schema_as(&s->batch->schema, s->large, out, &error);
    return result(s, error);
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    stream *s = self->private_data;
    streamq_error *error = NULL;
    *out = (struct ArrowArray){0};
    while (s->next < s->batch->nchunk && !s->batch->chunk[s->next].rows.n)
        s->next++;
    if (s->next < s->batch->nchunk &&
        sqi_arrow_export_chunk_as(s->batch->alloc, &s->batch->chunk[s->next], s->large, out, &error) == STREAMQ_OK)
        s->next++;
    return result(s, error);
}

static const char *get_last_error(struct ArrowArrayStream *self)
{
    const stream *s = self->private_data;
    return s->error ? sqi_error_message(s->error) : NULL;
}

static void release(struct ArrowArrayStream *self)
{
    stream *s = self->private_data;
    sqi_batch *batch = s->batch;
    sqi_error_free(s->error);
    sqi_alloc_free(batch->alloc, s, sizeof *s);
    sqi_batch_unref(batch);
    self->release = NULL;
}

streamq_status sqi_arrow_export_stream(sqi_batch *b, struct ArrowArrayStream *out, streamq_error **err)
{
    stream *s = sqi_alloc_zero(b->alloc, sizeof *s);
    if (!s)
        return sqi_error_nomem(err);
    s->batch = sqi_batch_ref(b);
    for (size_t i = 0; i < b->nchunk && !s->large; i++)
        s->large = chunk_weight(&b->chunk[i]) > INT32_MAX;
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release, s};
    return STREAMQ_OK;
}
