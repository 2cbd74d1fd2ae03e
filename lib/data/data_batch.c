/*
 * data_batch: chunks with their memory, counted. Everything but the batch itself and the list of chunks lives in the
 * batch's arena; foreign memory is held through `keep` entries and released when the last reference goes.
 */
#include "data_batch.h"
#include "data_bits.h"

struct sqi_keep {
    void (*release)(void *thing);
    void *thing;
    struct sqi_keep *next;
};

sqi_batch *sqi_batch_new(sqi_alloc *alloc, const sqi_schema *schema, streamq_error **err)
{
    sqi_batch *b = sqi_alloc_zero(alloc, sizeof *b);
    if (!b) {
        sqi_error_nomem(err);
        return NULL;
    }
    atomic_init(&b->refs, 1);
    b->alloc = alloc;
    sqi_arena_init(&b->arena, alloc);
    if (sqi_schema_copy(&b->schema, schema, &b->arena, err) != STREAMQ_OK) {
        sqi_batch_unref(b);
        return NULL;
    }
    b->empty = sqi_arena_mark_get(&b->arena);
    return b;
}

sqi_batch *sqi_batch_ref(sqi_batch *b)
{
    atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
    return b;
}

void sqi_batch_unref(sqi_batch *b)
{
    if (!b || atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (struct sqi_keep *k = b->keep; k; k = k->next)
        k->release(k->thing);
    b->keep = NULL;
    if (b->ended)
        b->ended(b->pool, b);
    else
        sqi_batch_destroy(b);
}

void sqi_batch_clear(sqi_batch *b)
{
    sqi_arena_release(&b->arena, b->empty);
    atomic_init(&b->refs, 1);
    b->nchunk = 0;
    b->rows = b->shared_bytes = 0;
    b->text = (sqi_span){NULL, 0};
}

void sqi_batch_destroy(sqi_batch *b)
{
    if (!b)
        return;
    sqi_alloc *alloc = b->alloc;
    sqi_alloc_free(alloc, b->chunk, b->chunk_cap * sizeof *b->chunk);
    sqi_arena_fini(&b->arena);
    sqi_alloc_free(alloc, b, sizeof *b);
}

static streamq_status add(sqi_batch *b, const sqi_chunk *chunk, streamq_error **err)
{
    void *items = b->chunk;
    bool grown = sqi_alloc_grow(b->alloc, &items, &b->chunk_cap, b->nchunk + 1, sizeof *b->chunk);
    b->chunk = items;
    if (!grown)
        return sqi_error_nomem(err);
    b->chunk[b->nchunk++] = *chunk;
    b->rows += chunk->rows.n;
    return STREAMQ_OK;
}

streamq_status sqi_batch_append(sqi_batch *b, const sqi_chunk *chunk, streamq_error **err)
{
    uint32_t n = chunk->rows.n;
    if (n == 0)
        return STREAMQ_OK;
    sqi_chunk own = {.n = n, .ncol = chunk->ncol, .rows = {NULL, n}};
    own.col = sqi_arena_array(&b->arena, chunk->ncol ? chunk->ncol : 1, sizeof *own.col);
    if (!own.col)
        return sqi_error_nomem(err);
    for (uint32_t c = 0; c < chunk->ncol; c++)
        SQI_TRY(sqi_vec_copy(&own.col[c], &chunk->col[c], chunk->rows, &b->arena, err));
    if (chunk->weight) {
        int64_t *weight = sqi_arena_array(&b->arena, n, sizeof *weight);
        if (!weight)
            return sqi_error_nomem(err);
        for (SQI_EACH(chunk->rows, k, i))
            weight[k] = chunk->weight[i];
        own.weight = weight;
    }
    return add(b, &own, err);
}

streamq_status sqi_batch_append_shared(sqi_batch *b, const sqi_chunk *chunk, streamq_error **err)
{
    sqi_chunk own = *chunk;
    own.col = sqi_arena_array(&b->arena, chunk->ncol ? chunk->ncol : 1, sizeof *own.col);
    if (!own.col)
        return sqi_error_nomem(err);
    if (chunk->ncol)
        memcpy(own.col, chunk->col, chunk->ncol * sizeof *own.col);
    return add(b, &own, err);
}

streamq_status sqi_batch_keep(sqi_batch *b, void (*release)(void *thing), void *thing, streamq_error **err)
{
    struct sqi_keep *k = sqi_arena_get(&b->arena, sizeof *k);
    if (!k) {
        release(thing);
        return sqi_error_nomem(err);
    }
    *k = (struct sqi_keep){release, thing, b->keep};
    b->keep = k;
    return STREAMQ_OK;
}

/* Positions at .. at + n - 1 of a vector as a vector. A bitmap that does not start at a word is moved. */
static streamq_status slice(sqi_vec *out, const sqi_vec *in, uint32_t at, uint32_t n, sqi_arena *arena,
                            streamq_error **err)
{
    *out = *in;
    if (!in->mask)
        return STREAMQ_OK;
    if (in->data)
        out->data = (char *)in->data + (size_t)at * sqi_type_width(in->type);
    if (in->valid && at % 64 == 0) {
        out->valid = in->valid + at / 64;
    } else if (in->valid) {
        out->valid = NULL;
        SQI_TRY(sqi_vec_bitmap(out, n, true, arena, err));
        sqi_bits_copy(out->valid, 0, in->valid, at, n);
    }
    if (in->type->id != SQI_STRUCT)
        return STREAMQ_OK;
    out->child = sqi_arena_array(arena, in->type->nfield, sizeof *out->child);
    if (!out->child)
        return sqi_error_nomem(err);
    for (uint32_t c = 0; c < in->type->nfield; c++)
        SQI_TRY(slice(&out->child[c], &in->child[c], at, n, arena, err));
    return STREAMQ_OK;
}

streamq_status sqi_chunk_slice(sqi_chunk *out, const sqi_chunk *in, uint32_t at, uint32_t rows, sqi_arena *arena,
                               streamq_error **err)
{
    if (at == 0 && rows == in->rows.n) {
        *out = *in;
        return STREAMQ_OK;
    }
    uint32_t begin = at, end = at + rows;
    *out = (sqi_chunk){.ncol = in->ncol, .rows = {NULL, rows}, .fleeting = in->fleeting};
    if (in->rows.sel && rows) {
        const uint32_t *sel = in->rows.sel + at;
        begin = sel[0] & ~63u; /* a word boundary, so no bitmap moves */
        end = sel[rows - 1] + 1;
        uint32_t *moved = sqi_arena_array(arena, rows, sizeof *moved);
        if (!moved)
            return sqi_error_nomem(err);
        for (uint32_t k = 0; k < rows; k++)
            moved[k] = sel[k] - begin;
        out->rows.sel = moved;
    } else if (!rows) {
        begin = end = 0;
    }
    out->n = end - begin;
    out->weight = in->weight ? in->weight + begin : NULL;
    out->col = sqi_arena_array(arena, in->ncol ? in->ncol : 1, sizeof *out->col);
    if (!out->col)
        return sqi_error_nomem(err);
    for (uint32_t c = 0; c < in->ncol; c++)
        SQI_TRY(slice(&out->col[c], &in->col[c], begin, out->n, arena, err));
    return STREAMQ_OK;
}
