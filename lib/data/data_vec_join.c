/*
 * data_vec_join: several vectors become one: merge (position by position, the branches of a CASE) and concat (one after
 * the other). Both are shallow: bytes of strings are shared, children of lists are joined and the offsets moved.
 */
#include "data_bits.h"
#include "data_vec.h"

typedef uint16_t __attribute__((may_alias)) bits16;
typedef uint32_t __attribute__((may_alias)) bits32;
typedef uint64_t __attribute__((may_alias)) bits64;
typedef struct {
    uint64_t low, high;
} __attribute__((may_alias)) bits128;

#define MOVERS(name, ctype)                                                   \
    static void name(void *out, const void *in, uint32_t mask, sqi_rows rows) \
    {                                                                         \
        ctype *to = out;                                                      \
        const ctype *from = in;                                               \
        if (!rows.sel && mask) {                                              \
            for (uint32_t i = 0; i < rows.n; i++)                             \
                to[i] = from[i];                                              \
        } else if (!rows.sel) {                                               \
            for (uint32_t i = 0; i < rows.n; i++)                             \
                to[i] = from[0];                                              \
        } else {                                                              \
            for (uint32_t k = 0; k < rows.n; k++)                             \
                to[rows.sel[k]] = from[rows.sel[k] & mask];                   \
        }                                                                     \
    }
MOVERS(move8, uint8_t)
MOVERS(move16, bits16)
MOVERS(move32, bits32)
MOVERS(move64, bits64)
MOVERS(move128, bits128)
#undef MOVERS

static void move(void *out, const sqi_vec *in, sqi_rows rows, uint32_t width)
{
    static void (*const by_width[5])(void *, const void *, uint32_t, sqi_rows) = {move8, move16, move32, move64,
                                                                                  move128};
    by_width[__builtin_ctz(width)](out, in->data, in->mask, rows);
}

static streamq_status merge_valid(sqi_vec *out, uint32_t n, const sqi_vec *in, sqi_rows rows, sqi_arena *arena,
                                  streamq_error **err)
{
    if (!in->valid && !out->valid)
        return STREAMQ_OK;
    SQI_TRY(sqi_vec_bitmap(out, n, true, arena, err));
    if (rows.sel)
        for (uint32_t k = 0; k < rows.n; k++)
            sqi_bits_put(out->valid, rows.sel[k], sqi_vec_valid(in, rows.sel[k]));
    else if (in->valid && in->mask)
        sqi_bits_copy(out->valid, 0, in->valid, 0, rows.n);
    else
        sqi_bits_fill(out->valid, 0, rows.n, sqi_vec_valid(in, 0));
    return STREAMQ_OK;
}

static streamq_status merge_lists(sqi_vec *out, const sqi_vec *in, sqi_rows rows, sqi_arena *arena, streamq_error **err)
{
    if (in->nchild == 0)
        return STREAMQ_OK;
    if (out->nchild == 0) {
        memcpy(out->child, in->child, in->type->nfield * sizeof *in->child);
        out->nchild = in->nchild;
        return STREAMQ_OK;
    }
    uint32_t shift = out->nchild, n[2] = {out->nchild, in->nchild};
    if (in->nchild >= UINT32_MAX - shift)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                             "the arrays of one chunk have more than %u elements together", UINT32_MAX - 1);
    sqi_list *list = out->data;
    for (uint32_t k = 0; k < rows.n; k++)
        list[rows.sel ? rows.sel[k] : k].offset += shift;
    for (uint32_t c = 0; c < in->type->nfield; c++) {
        sqi_vec joined;
        const sqi_vec *const parts[2] = {&out->child[c], &in->child[c]};
        SQI_TRY(sqi_vec_concat(&joined, parts, n, 2, arena, err));
        out->child[c] = joined;
    }
    out->nchild = shift + in->nchild;
    return STREAMQ_OK;
}

streamq_status sqi_vec_merge(sqi_vec *out, uint32_t n, const sqi_vec *in, sqi_rows rows, sqi_arena *arena,
                             streamq_error **err)
{
    if (rows.n == 0)
        return STREAMQ_OK;
    uint32_t width = sqi_type_width(in->type);
    if (width)
        move(out->data, in, rows, width);
    SQI_TRY(merge_valid(out, n, in, rows, arena, err));
    if (in->type->id == SQI_STRUCT) {
        for (uint32_t c = 0; c < in->type->nfield; c++) {
            sqi_vec child = in->child[c];
            child.mask &= in->mask;
            SQI_TRY(sqi_vec_merge(&out->child[c], n, &child, rows, arena, err));
        }
        return STREAMQ_OK;
    }
    return in->type->nfield ? merge_lists(out, in, rows, arena, err) : STREAMQ_OK;
}

/* One concatenation: `count` parts of n[] positions, `total` together. */
typedef struct parts {
    const sqi_vec *const *in;
    const uint32_t *n;
    uint32_t count, total;
    sqi_arena *arena;
    streamq_error **err;
} parts;

static streamq_status concat_valid(sqi_vec *out, const parts *p)
{
    bool any = false;
    for (uint32_t i = 0; i < p->count; i++)
        any |= p->in[i]->valid != NULL;
    if (!any)
        return STREAMQ_OK;
    SQI_TRY(sqi_vec_bitmap(out, p->total, true, p->arena, p->err));
    for (uint32_t i = 0, at = 0; i < p->count; at += p->n[i++]) {
        const sqi_vec *v = p->in[i];
        if (v->valid && v->mask)
            sqi_bits_copy(out->valid, at, v->valid, 0, p->n[i]);
        else if (v->valid && p->n[i])
            sqi_bits_fill(out->valid, at, p->n[i], sqi_bits_get(v->valid, 0));
    }
    return STREAMQ_OK;
}

/* Child c of every part, with the positions it brings. */
static streamq_status concat_child(sqi_vec *out, const parts *p, uint32_t c, sqi_vec *child, const sqi_vec **ptr)
{
    bool is_struct = out->type->id == SQI_STRUCT;
    uint32_t *n = sqi_alloc_array(p->arena->alloc, p->count, sizeof *n);
    if (!n)
        return sqi_error_nomem(p->err);
    for (uint32_t i = 0; i < p->count; i++) {
        child[i] = p->in[i]->child[c];
        if (is_struct)
            child[i].mask &= p->in[i]->mask;
        n[i] = is_struct ? p->n[i] : p->in[i]->nchild;
        ptr[i] = &child[i];
    }
    streamq_status status = sqi_vec_concat(&out->child[c], ptr, n, p->count, p->arena, p->err);
    sqi_alloc_free(p->arena->alloc, n, p->count * sizeof *n);
    return status;
}

static streamq_status concat_children(sqi_vec *out, const parts *p)
{
    sqi_alloc *alloc = p->arena->alloc;
    sqi_vec *child = sqi_alloc_array(alloc, p->count, sizeof *child);
    const sqi_vec **ptr = sqi_alloc_array(alloc, p->count, sizeof *ptr);
    streamq_status status = child && ptr ? STREAMQ_OK : sqi_error_nomem(p->err);
    for (uint32_t c = 0; c < out->type->nfield && status == STREAMQ_OK; c++)
        status = concat_child(out, p, c, child, ptr);
    sqi_alloc_free(alloc, child, p->count * sizeof *child);
    sqi_alloc_free(alloc, ptr, p->count * sizeof *ptr);
    return status;
}

static streamq_status shift_lists(sqi_vec *out, const parts *p)
{
    sqi_list *list = out->data;
    uint64_t shift = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        for (uint32_t k = 0; k < p->n[i]; k++)
            list[k].offset += (uint32_t)shift;
        list += p->n[i];
        shift += p->in[i]->nchild;
    }
    if (shift >= UINT32_MAX)
        return sqi_error_set(p->err, SQI_COND_LIMIT_EXCEEDED,
                             "the arrays of one chunk have %llu elements together, the limit is %u",
                             (unsigned long long)shift, UINT32_MAX - 1);
    out->nchild = (uint32_t)shift;
    return STREAMQ_OK;
}

streamq_status sqi_vec_concat(sqi_vec *out, const sqi_vec *const *in, const uint32_t *n, uint32_t count,
                              sqi_arena *arena, streamq_error **err)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += n[i];
    if (total >= UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "%llu values in one vector, the limit is %u",
                             (unsigned long long)total, UINT32_MAX - 1);
    parts p = {.in = in, .n = n, .count = count, .total = (uint32_t)total, .arena = arena, .err = err};
    const sqi_type *type = in[0]->type;
    uint32_t width = sqi_type_width(type);
    *out = (sqi_vec){.type = type, .mask = UINT32_MAX};
    SQI_TRY(concat_valid(out, &p));
    if (width) {
        char *to = sqi_arena_get(arena, total ? total * width : 1);
        if (!to)
            return sqi_error_nomem(err);
        out->data = to;
        for (uint32_t i = 0; i < count; i++) {
            if (in[i]->mask && n[i])
                memcpy(to, in[i]->data, (size_t)n[i] * width);
            else
                move(to, in[i], (sqi_rows){NULL, n[i]}, width);
            to += (size_t)n[i] * width;
        }
    }
    if (!type->nfield)
        return STREAMQ_OK;
    out->child = sqi_arena_array(arena, type->nfield, sizeof *out->child);
    if (!out->child)
        return sqi_error_nomem(err);
    SQI_TRY(concat_children(out, &p));
    return type->id == SQI_STRUCT ? STREAMQ_OK : shift_lists(out, &p);
}
