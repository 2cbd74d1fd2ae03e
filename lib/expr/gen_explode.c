/*
 * gen_explode: explode and posexplode of arrays and maps, and their outer forms.
 *
 * One pass over the lists decides: if the elements wanted stand side by side in the child (what split, array() and a
 * source produce), the result is a slice of the child and not a byte moves. Otherwise elements are gathered by index,
 * with UINT32_MAX for the row of nulls that an outer form gives for an empty or missing list.
 */
#include "agg.h"
#include "data_batch.h"

/* What one run makes: how many rows, and whether they are the child's positions first .. first + n - 1. */
typedef struct extent {
    uint64_t n;
    uint32_t first;
    bool whole; /* side by side, no row of nulls among them */
} extent;

static uint32_t length_at(const sqi_vec *list, uint32_t i)
{
    return sqi_vec_valid(list, i) ? SQI_AT(list, sqi_list, i).length : 0;
}

static extent measure(const sqi_vec *list, sqi_rows rows, bool outer)
{
    extent e = {.whole = true};
    for (SQI_EACH(rows, k, i)) {
        uint32_t length = length_at(list, i);
        if (length) {
            uint32_t offset = SQI_AT(list, sqi_list, i).offset;
            if (!e.n)
                e.first = offset;
            else if (offset != e.first + e.n)
                e.whole = false;
            e.n += length;
        } else if (outer) {
            e.whole = false;
            e.n++;
        }
    }
    return e;
}

static void fill_index(const sqi_vec *list, sqi_rows rows, bool outer, uint32_t *to)
{
    for (SQI_EACH(rows, k, i)) {
        uint32_t length = length_at(list, i);
        if (length) {
            uint32_t offset = SQI_AT(list, sqi_list, i).offset;
            for (uint32_t j = 0; j < length; ++j)
                *to++ = offset + j;
        } else if (outer) {
            *to++ = UINT32_MAX;
        }
    }
}

static void fill_parent(const sqi_vec *list, sqi_rows rows, bool outer, uint32_t *to)
{
    for (SQI_EACH(rows, k, i)) {
        uint32_t length = length_at(list, i);
        for (uint32_t j = 0; j < length; ++j)
            *to++ = i;
        if (!length && outer)
            *to++ = i;
    }
}

static streamq_status fill_position(sqi_vec *out, const sqi_vec *list, sqi_rows rows, bool outer, uint32_t n,
                                    sqi_arena *arena, streamq_error **err)
{
    SQI_TRY(sqi_vec_make(out, &sqi_type_int, n, arena, err));
    if (outer)
        SQI_TRY(sqi_vec_bitmap(out, n, true, arena, err));
    int32_t *to = SQI_OUT(out, int32_t);
    uint32_t at = 0;
    for (SQI_EACH(rows, k, i)) {
        uint32_t length = length_at(list, i);
        for (uint32_t j = 0; j < length; ++j)
            to[at++] = (int32_t)j;
        if (!length && outer) {
            to[at] = 0;
            sqi_vec_set_null(out, at++);
        }
    }
    return STREAMQ_OK;
}

static streamq_status elements(const sqi_vec *list, sqi_rows rows, bool outer, extent e, sqi_vec *out, sqi_arena *arena,
                               streamq_error **err)
{
    uint32_t ncol = list->type->nfield, n = (uint32_t)e.n;
    if (e.whole) {
        sqi_chunk child = {.n = list->nchild, .ncol = ncol, .rows = {NULL, list->nchild}, .col = list->child}, part;
        SQI_TRY(sqi_chunk_slice(&part, &child, e.first, n, arena, err));
        for (uint32_t c = 0; c < ncol; ++c)
            SQI_TRY(sqi_vec_flatten(&out[c], &part.col[c], n, arena, err));
        return STREAMQ_OK;
    }
    uint32_t *index = sqi_arena_get(arena, (size_t)n * sizeof *index);
    if (!index)
        return sqi_error_nomem(err);
    fill_index(list, rows, outer, index);
    for (uint32_t c = 0; c < ncol; ++c)
        SQI_TRY(sqi_vec_gather(&out[c], &list->child[c], index, n, arena, err));
    return STREAMQ_OK;
}

static streamq_status run(sqi_call *call, const sqi_vec *arg, sqi_rows rows, bool outer, sqi_vec *out,
                          uint32_t **parent, uint32_t *n, bool with_position, streamq_error **err)
{
    sqi_arena *arena = call->eval->arena;
    extent e = measure(arg, rows, outer);
    if (e.n >= UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                             "%s makes %llu rows from one chunk; the limit is %u: use shorter arrays or smaller chunks",
                             call->node->generator->name, (unsigned long long)e.n, UINT32_MAX - 1);
    *n = (uint32_t)e.n;
    if (parent) {
        if (!(*parent = sqi_arena_get(arena, (size_t)e.n * sizeof **parent)))
            return sqi_error_nomem(err);
        fill_parent(arg, rows, outer, *parent);
    }
    if (with_position)
        SQI_TRY(fill_position(out++, arg, rows, outer, *n, arena, err));
    return elements(arg, rows, outer, e, out, arena, err);
}

static streamq_status explode(sqi_call *call, const sqi_vec *arg, sqi_rows rows, bool outer, sqi_vec *out,
                              uint32_t **parent, uint32_t *n, streamq_error **err)
{
    return run(call, arg, rows, outer, out, parent, n, false, err);
}

static streamq_status posexplode(sqi_call *call, const sqi_vec *arg, sqi_rows rows, bool outer, sqi_vec *out,
                                 uint32_t **parent, uint32_t *n, streamq_error **err)
{
    return run(call, arg, rows, outer, out, parent, n, true, err);
}

static streamq_status resolve_columns(sqi_binder *b, sqi_bound *node, bool with_position, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (t->id != SQI_ARRAY && t->id != SQI_MAP)
        return sqi_bind_arg_type_error(b, node, 0, "(\"ARRAY\" or \"MAP\")", err);
    sqi_field field[3];
    uint32_t n = 0;
    bool outer = node->generator->outer;
    if (with_position)
        field[n++] = (sqi_field){SQI_SPAN("pos"), &sqi_type_int, outer};
    for (uint32_t c = 0; c < t->nfield; ++c) {
        field[n] = t->field[c];
        field[n].name = t->id == SQI_ARRAY ? SQI_SPAN("col") : c ? SQI_SPAN("value") : SQI_SPAN("key");
        field[n++].nullable |= outer;
    }
    node->type = sqi_type_struct(b->eval->pool, field, n);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_columns(b, node, false, err);
}

static streamq_status resolve_with_position(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_columns(b, node, true, err);
}

const sqi_generator sqi_gen_explode[] = {
    {"explode", 1, 1, false, resolve, explode, "A row for each element of an array, or each entry of a map.", true},
    {"explode_outer", 1, 1, true, resolve, explode,
     "Like explode; an empty or missing collection gives a row of nulls.", true},
    {"posexplode", 1, 1, false, resolve_with_position, posexplode,
     "Like explode, with the position from 0 before the element.", false},
    {"posexplode_outer", 1, 1, true, resolve_with_position, posexplode,
     "Like posexplode; an empty or missing collection gives a row of nulls.", false},
    {.name = NULL},
};
