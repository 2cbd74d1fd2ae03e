/*
 * data_arrow_export: rows as a struct array. Everything is copied: columns become dense, strings get offsets, booleans
 * bits, lists exactly the elements of their rows. Buffers are aligned and padded to 64 bytes; what a null hides is
 * written as zeros.
 *
 * Scratch (gathered columns) and result (buffers) are two arenas, so that the result holds nothing else.
 */
#include "data_arrow_keep.h"
#include "data_arrow_layout.h"
#include "data_bits.h"

typedef struct export
{
    sqi_arrow_keep *keep;
    sqi_arena scratch;
    bool large; /* 64-bit offsets for strings, binary and arrays */
    streamq_error **err;
}
export;

enum { ALIGN = 64, BUFFERS = 3 };

static void *buffer(const export *x, size_t bytes)
{
    size_t padded = (bytes + ALIGN - 1) / ALIGN * ALIGN + (bytes == 0) * ALIGN;
    char *p = sqi_arena_get(&x->keep->arena, padded + ALIGN);
    if (!p)
        return NULL;
    p += (ALIGN - (uintptr_t)p % ALIGN) % ALIGN;
    memset(p + bytes, 0, padded - bytes);
    return p;
}

static streamq_status make_children(const export *x, uint32_t n, struct ArrowArray *out)
{
    struct ArrowArray *child = sqi_arena_array(&x->keep->arena, n ? n : 1, sizeof *child);
    out->children = sqi_arena_array(&x->keep->arena, n ? n : 1, sizeof *out->children);
    if (!child || !out->children)
        return sqi_error_nomem(x->err);
    for (uint32_t i = 0; i < n; i++)
        out->children[i] = &child[i];
    out->n_children = n;
    return STREAMQ_OK;
}

static streamq_status put_valid(const export *x, const sqi_vec *v, uint32_t n, struct ArrowArray *out)
{
    out->null_count = v->valid ? (int64_t)n - sqi_bits_count(v->valid, n) : 0;
    if (!out->null_count)
        return STREAMQ_OK;
    size_t bytes = sqi_bits_words(n) * sizeof *v->valid;
    uint64_t *bits = buffer(x, bytes);
    if (!bits)
        return sqi_error_nomem(x->err);
    memset(bits, 0, bytes);
    sqi_bits_copy(bits, 0, v->valid, 0, n);
    out->buffers[0] = bits;
    return STREAMQ_OK;
}

static streamq_status put_bits(const export *x, const sqi_vec *v, uint32_t n, struct ArrowArray *out)
{
    size_t bytes = ((size_t)n + 7) / 8;
    uint8_t *bits = buffer(x, bytes);
    if (!bits)
        return sqi_error_nomem(x->err);
    memset(bits, 0, bytes);
    for (uint32_t k = 0; k < n; k++)
        if (sqi_vec_valid(v, k) && SQI_AT(v, uint8_t, k))
            bits[k / 8] |= (uint8_t)(1u << k % 8);
    out->buffers[1] = bits;
    return STREAMQ_OK;
}

static streamq_status put_fixed(const export *x, const sqi_vec *v, uint32_t n, struct ArrowArray *out)
{
    size_t width = sqi_type_width(v->type);
    char *data = buffer(x, n * width);
    if (!data)
        return sqi_error_nomem(x->err);
    if (n)
        memcpy(data, v->data, n * width);
    for (uint32_t k = 0; out->null_count && k < n; k++)
        if (!sqi_vec_valid(v, k))
            memset(data + k * width, 0, width);
    out->buffers[1] = data;
    return STREAMQ_OK;
}

/* Months, days and nanoseconds, where ours has microseconds. */
static streamq_status put_intervals(const export *x, const sqi_vec *v, uint32_t n, struct ArrowArray *out)
{
    sqi_interval *data = buffer(x, n * sizeof *data);
    if (!data)
        return sqi_error_nomem(x->err);
    for (uint32_t k = 0; k < n; k++) {
        data[k] = sqi_vec_valid(v, k) ? SQI_AT(v, sqi_interval, k) : (sqi_interval){0};
        if (__builtin_mul_overflow(data[k].micros, 1000, &data[k].micros))
            return sqi_error_set(x->err, SQI_COND_INTERVAL_ARITHMETIC_OVERFLOW__WITHOUT_SUGGESTION,
                                 "an interval is too long for the nanoseconds of Arrow's interval type");
    }
    out->buffers[1] = data;
    return STREAMQ_OK;
}

static streamq_status too_large(const export *x)
{
    return sqi_error_set(x->err, SQI_COND_LIMIT_EXCEEDED,
                         "a column has more bytes or elements in one chunk than Arrow's 32-bit offsets reach");
}

static streamq_status put_strings(const export *x, const sqi_vec *v, uint32_t n, struct ArrowArray *out)
{
    uint64_t total = 0;
    const sqi_str *s = v->data;
    for (uint32_t k = 0; k < n; k++)
        total += sqi_vec_valid(v, k) ? s[k].len : 0;
    if (total > INT32_MAX && !x->large)
        return too_large(x);
    size_t width = x->large ? 8 : 4;
    char *offsets = buffer(x, ((size_t)n + 1) * width), *bytes = buffer(x, total);
    if (!offsets || !bytes)
        return sqi_error_nomem(x->err);
    int64_t at = 0;
    for (uint32_t k = 0; k < n; k++) {
        memcpy(offsets + k * width, &at, width); /* the low half comes first: Arrow's byte order is ours */
        if (!sqi_vec_valid(v, k))
            continue;
        memcpy(bytes + at, sqi_str_ptr(&s[k]), s[k].len);
        at += s[k].len;
    }
    memcpy(offsets + n * width, &at, width);
    out->buffers[1] = offsets;
    out->buffers[2] = bytes;
    return STREAMQ_OK;
}

static streamq_status put_array(export *x, const sqi_vec *v, uint32_t n, struct ArrowArray *out);

/* Offsets of the lists, and the positions of their elements in the child, in order. */
static streamq_status put_offsets(export *x, const sqi_vec *v, uint32_t n, uint32_t **index, uint32_t *total,
                                  struct ArrowArray *out)
{
    const sqi_list *list = v->data;
    uint64_t sum = 0, at = 0;
    for (uint32_t k = 0; k < n; k++)
        sum += sqi_vec_valid(v, k) ? list[k].length : 0;
    bool wide = x->large && v->type->id == SQI_ARRAY;
    if (sum > INT32_MAX && (!wide || sum >= UINT32_MAX))
        return too_large(x);
    size_t width = wide ? 8 : 4;
    char *offsets = buffer(x, ((size_t)n + 1) * width);
    *index = sqi_arena_array(&x->scratch, sum ? sum : 1, sizeof **index);
    if (!offsets || !*index)
        return sqi_error_nomem(x->err);
    for (uint32_t k = 0; k < n; k++) {
        memcpy(offsets + k * width, &at, width);
        for (uint32_t e = 0; sqi_vec_valid(v, k) && e < list[k].length; e++)
            (*index)[at++] = list[k].offset + e;
    }
    memcpy(offsets + n * width, &at, width);
    out->buffers[1] = offsets;
    *total = (uint32_t)sum;
    return STREAMQ_OK;
}

static streamq_status put_gathered(export *x, const sqi_vec *v, const uint32_t *index, uint32_t n,
                                   struct ArrowArray *out)
{
    sqi_vec dense;
    SQI_TRY(sqi_vec_gather(&dense, v, index, n, &x->scratch, x->err));
    return put_array(x, &dense, n, out);
}

static streamq_status put_lists(export *x, const sqi_vec *v, uint32_t n, struct ArrowArray *out)
{
    uint32_t *index = NULL, total = 0;
    SQI_TRY(put_offsets(x, v, n, &index, &total, out));
    SQI_TRY(make_children(x, 1, out));
    if (v->type->id == SQI_ARRAY)
        return put_gathered(x, &v->child[0], index, total, out->children[0]);
    struct ArrowArray *entries = out->children[0];
    *entries = (struct ArrowArray){.length = total, .n_buffers = 1};
    entries->buffers = sqi_arena_array(&x->keep->arena, BUFFERS, sizeof *entries->buffers);
    if (!entries->buffers)
        return sqi_error_nomem(x->err);
    SQI_TRY(make_children(x, 2, entries));
    for (uint32_t c = 0; c < 2; c++)
        SQI_TRY(put_gathered(x, &v->child[c], index, total, entries->children[c]));
    sqi_arrow_keep_array(x->keep, entries);
    return STREAMQ_OK;
}

/* Fields are null where the struct is. */
static streamq_status put_struct(export *x, const sqi_vec *v, uint32_t n, struct ArrowArray *out)
{
    uint32_t *index = sqi_arena_array(&x->scratch, n ? n : 1, sizeof *index);
    if (!index)
        return sqi_error_nomem(x->err);
    for (uint32_t k = 0; k < n; k++)
        index[k] = sqi_vec_valid(v, k) ? k : UINT32_MAX;
    SQI_TRY(make_children(x, v->type->nfield, out));
    for (uint32_t c = 0; c < v->type->nfield; c++)
        SQI_TRY(put_gathered(x, &v->child[c], index, n, out->children[c]));
    return STREAMQ_OK;
}

static streamq_status put_values(export *x, const sqi_vec *v, uint32_t n, struct ArrowArray *out)
{
    out->n_buffers = 2;
    switch (v->type->id) {
    case SQI_BOOLEAN:
        return put_bits(x, v, n, out);
    case SQI_STRING:
    case SQI_BINARY:
        out->n_buffers = 3;
        return put_strings(x, v, n, out);
    case SQI_INTERVAL:
        return put_intervals(x, v, n, out);
    case SQI_ARRAY:
    case SQI_MAP:
        return put_lists(x, v, n, out);
    case SQI_STRUCT:
        out->n_buffers = 1;
        return put_struct(x, v, n, out);
    default:
        return put_fixed(x, v, n, out);
    }
}

/* A dense vector of n values. */
static streamq_status put_array(export *x, const sqi_vec *v, uint32_t n, struct ArrowArray *out)
{
    *out = (struct ArrowArray){.length = n};
    out->buffers = sqi_arena_array(&x->keep->arena, BUFFERS, sizeof *out->buffers);
    if (!out->buffers)
        return sqi_error_nomem(x->err);
    if (v->type->id == SQI_VOID) {
        out->null_count = n;
    } else {
        SQI_TRY(put_valid(x, v, n, out));
        SQI_TRY(put_values(x, v, n, out));
    }
    sqi_arrow_keep_array(x->keep, out);
    return STREAMQ_OK;
}

/* A column of the chunk's rows. */
static streamq_status put_column(export *x, const sqi_vec *v, sqi_rows rows, struct ArrowArray *out)
{
    sqi_vec flat;
    if (rows.sel && v->mask)
        return put_gathered(x, v, rows.sel, rows.n, out);
    SQI_TRY(sqi_vec_flatten(&flat, v, rows.n, &x->scratch, x->err));
    return put_array(x, &flat, rows.n, out);
}

static streamq_status put_chunk(export *x, const sqi_chunk *chunk, struct ArrowArray *root)
{
    *root = (struct ArrowArray){.length = chunk->rows.n, .n_buffers = 1};
    root->buffers = sqi_arena_array(&x->keep->arena, BUFFERS, sizeof *root->buffers);
    if (!root->buffers)
        return sqi_error_nomem(x->err);
    SQI_TRY(make_children(x, chunk->ncol, root));
    for (uint32_t c = 0; c < chunk->ncol; c++)
        SQI_TRY(put_column(x, &chunk->col[c], chunk->rows, root->children[c]));
    sqi_arrow_keep_array(x->keep, root);
    return STREAMQ_OK;
}

streamq_status sqi_arrow_export_chunk_as(sqi_alloc *alloc, const sqi_chunk *chunk, bool large, struct ArrowArray *out,
                                         streamq_error **err)
{
    export x = {.keep = sqi_arrow_keep_new(alloc), .large = large, .err = err};
    if (!x.keep)
        return sqi_error_nomem(err);
    sqi_arena_init(&x.scratch, alloc);
    struct ArrowArray root;
    streamq_status status = put_chunk(&x, chunk, &root);
    sqi_arena_fini(&x.scratch);
    if (status == STREAMQ_OK)
        *out = root;
    else
        sqi_arrow_keep_drop(x.keep);
    return status;
}

streamq_status sqi_arrow_export_chunk(sqi_alloc *alloc, const sqi_schema *s, const sqi_chunk *chunk,
                                      struct ArrowArray *array, streamq_error **err)
{
    (void)s; /* the vectors know their types */
    return sqi_arrow_export_chunk_as(alloc, chunk, false, array, err);
}
