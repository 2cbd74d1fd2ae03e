/*
 * func_array: choosing elements (sqi_picks), and concat and reverse of arrays.
 */
#include "func_array.h"

#include "expr_bind.h"
#include "expr_coerce.h"

bool sqi_picks_grow(sqi_picks *p, size_t more)
{
    size_t cap = p->cap ? p->cap * 2 : 256;
    while (cap < p->n + more)
        cap *= 2;
    if (cap > UINT32_MAX)
        return false;
    uint32_t *at = sqi_arena_get(p->arena, cap * sizeof *at);
    if (!at)
        return false;
    if (p->n)
        memcpy(at, p->at, p->n * sizeof *at);
    p->at = at;
    p->cap = cap;
    return true;
}

bool sqi_picks_run(sqi_picks *p, uint32_t first, uint32_t length)
{
    if (length > p->cap - p->n && !sqi_picks_grow(p, length))
        return false;
    for (uint32_t e = 0; e < length; e++)
        p->at[p->n++] = first + e;
    return true;
}

streamq_status sqi_picks_finish(sqi_picks *p, sqi_vec *out, uint32_t c, const sqi_vec *from, streamq_error **err)
{
    SQI_TRY(sqi_vec_gather(&out->child[c], from, p->at, (uint32_t)p->n, p->arena, err));
    out->nchild = (uint32_t)p->n;
    return STREAMQ_OK;
}

streamq_status sqi_array_resolve_concat(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *type = node->arg[0]->type;
    for (uint32_t i = 0; i < node->narg; i++)
        if (node->arg[i]->type->id == SQI_MAP || node->arg[i]->type->id == SQI_STRUCT)
            return sqi_bind_arg_type_error(b, node, i, "STRING, BINARY or ARRAY", err);
    for (uint32_t i = 0; i < node->narg; i++) {
        const sqi_type *t = node->arg[i]->type;
        if (t->id == SQI_ARRAY && type->id == SQI_ARRAY && i)
            type = sqi_coerce_common(b->eval->pool, type, t);
        if (!type || type->id != SQI_ARRAY || t->id != SQI_ARRAY)
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__DATA_DIFF_TYPES, err,
                                       "concat wants arguments of one type");
    }
    bool nulls = false;
    for (uint32_t i = 0; i < node->narg; i++)
        nulls |= node->arg[i]->type->field[0].nullable;
    type = sqi_type_array(b->eval->pool, type->field[0].type, nulls);
    if (!type)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < node->narg; i++)
        if (!sqi_type_same(node->arg[i]->type, type))
            SQI_TRY(sqi_bind_cast(b, &node->arg[i], type, err));
    node->type = type;
    return STREAMQ_OK;
}

/* Child c of all arguments in one vector; start[a] is where that of argument a begins. */
static streamq_status all_elements(sqi_call *call, const sqi_vec *arg, uint32_t c, sqi_vec *all, uint32_t *start,
                                   streamq_error **err)
{
    uint32_t narg = call->node->narg, at = 0;
    sqi_arena *arena = call->eval->arena;
    const sqi_vec **part = sqi_arena_array(arena, narg, sizeof *part);
    uint32_t *n = sqi_arena_array(arena, narg, sizeof *n);
    if (!part || !n)
        return sqi_error_nomem(err);
    for (uint32_t a = 0; a < narg; a++) {
        part[a] = &arg[a].child[c];
        n[a] = arg[a].nchild;
        start[a] = at;
        at += n[a]; /* sqi_vec_concat refuses sums that do not fit */
    }
    return sqi_vec_concat(all, part, n, narg, arena, err);
}

streamq_status sqi_array_join(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, uint32_t c,
                              streamq_error **err)
{
    sqi_vec all;
    sqi_picks picks;
    sqi_picks_init(&picks, call->eval->arena);
    uint32_t *start = sqi_arena_array(call->eval->arena, call->node->narg, sizeof *start);
    if (!start)
        return sqi_error_nomem(err);
    SQI_TRY(all_elements(call, arg, c, &all, start, err));
    for (SQI_EACH(rows, k, i)) {
        size_t begin = picks.n;
        for (uint32_t a = 0; a < call->node->narg; a++) {
            sqi_list list = SQI_AT(&arg[a], sqi_list, i);
            if (!sqi_picks_run(&picks, start[a] + list.offset, list.length))
                return sqi_error_nomem(err);
        }
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
    }
    return sqi_picks_finish(&picks, out, c, &all, err);
}

streamq_status sqi_array_concat(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return sqi_array_join(call, arg, rows, out, 0, err);
}

streamq_status sqi_array_reverse(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_picks picks;
    sqi_picks_init(&picks, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        size_t begin = picks.n;
        for (uint32_t e = list.length; e > 0; e--)
            if (!sqi_picks_put(&picks, list.offset + e - 1))
                return sqi_error_nomem(err);
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
    }
    return sqi_picks_finish(&picks, out, 0, &arg->child[0], err);
}
