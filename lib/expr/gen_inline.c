/*
 * gen_inline: inline and inline_outer: a row for each struct of an array, a column for each of its fields. A struct
 * that is null gives a row of nulls, so fields are always gathered: what stands under a null struct is not to be seen.
 */
#include "agg.h"

static uint32_t length_at(const sqi_vec *list, uint32_t i)
{
    return sqi_vec_valid(list, i) ? SQI_AT(list, sqi_list, i).length : 0;
}

static streamq_status run(sqi_call *call, const sqi_vec *arg, sqi_rows rows, bool outer, sqi_vec *out,
                          uint32_t **parent, uint32_t *n, streamq_error **err)
{
    sqi_arena *arena = call->eval->arena;
    uint64_t total = 0;
    for (SQI_EACH(rows, k, i)) {
        uint32_t length = length_at(arg, i);
        total += length ? length : outer;
    }
    if (total >= UINT32_MAX)
        return sqi_error_set(
            err, SQI_COND_LIMIT_EXCEEDED,
            "inline makes %llu rows from one chunk; the limit is %u: use shorter arrays or smaller chunks",
            (unsigned long long)total, UINT32_MAX - 1);
    uint32_t *index = sqi_arena_get(arena, (size_t)total * sizeof *index);
    uint32_t *from = parent ? sqi_arena_get(arena, (size_t)total * sizeof *from) : NULL;
    if (!index || (parent && !from))
        return sqi_error_nomem(err);
    uint32_t at = 0;
    const sqi_vec *child = &arg->child[0];
    for (SQI_EACH(rows, k, i)) {
        uint32_t length = length_at(arg, i), shown = length ? length : outer;
        for (uint32_t j = 0; j < shown; ++j) {
            uint32_t element = length ? SQI_AT(arg, sqi_list, i).offset + j : UINT32_MAX;
            if (from)
                from[at] = i;
            index[at++] = length && sqi_vec_valid(child, element) ? element : UINT32_MAX;
        }
    }
    if (parent)
        *parent = from;
    *n = at;
    for (uint32_t c = 0; c < call->node->type->nfield; ++c) {
        sqi_vec field = child->child[c];
        field.mask &= child->mask; /* a constant struct has constant fields */
        SQI_TRY(sqi_vec_gather(&out[c], &field, index, at, arena, err));
    }
    return STREAMQ_OK;
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (t->id != SQI_ARRAY || t->field[0].type->id != SQI_STRUCT)
        return sqi_bind_arg_type_error(b, node, 0, "\"ARRAY<STRUCT>\"", err);
    bool nullable = node->generator->outer || t->field[0].nullable;
    const sqi_type *row = t->field[0].type;
    sqi_field *field = sqi_arena_array(b->arena, row->nfield ? row->nfield : 1, sizeof *field);
    if (!field)
        return sqi_error_nomem(err);
    for (uint32_t c = 0; c < row->nfield; ++c) {
        field[c] = row->field[c];
        field[c].nullable |= nullable;
    }
    node->type = sqi_type_struct(b->eval->pool, field, row->nfield);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

const sqi_generator sqi_gen_inline[] = {
    {"inline", 1, 1, false, resolve, run, "A row for each struct of an array, a column for each field.", false},
    {"inline_outer", 1, 1, true, resolve, run, "Like inline; an empty or missing array gives a row of nulls.", false},
    {.name = NULL},
};
