/*
 * gen_stack: stack(n, v1, v2, ...) lays its values out in n rows, row after row; what is missing in the last row is
 * null.
 *
 * Output row r * n + s of column c is argument s * ncol + c at input row r. The arguments of a column are put one after
 * the other and gathered from there.
 */
#include "agg.h"

enum { STACK_ROWS_MAX = 1 << 20 };

/* What binding prepared. */
typedef struct layout {
    uint32_t nrow, ncol;
} layout;

static streamq_status column(sqi_call *call, const layout *l, const sqi_vec *arg, sqi_rows rows, uint32_t c,
                             sqi_vec *out, uint32_t *index, streamq_error **err)
{
    sqi_arena *arena = call->eval->arena;
    uint32_t nvalue = call->node->narg - 1, nflat = 0;
    sqi_vec *flat = sqi_arena_array(arena, l->nrow, sizeof *flat);
    const sqi_vec **part = sqi_arena_array(arena, l->nrow, sizeof *part);
    uint32_t *size = sqi_arena_array(arena, l->nrow, sizeof *size);
    if (!flat || !part || !size)
        return sqi_error_nomem(err);
    for (uint32_t s = 0; s < l->nrow; ++s) {
        uint32_t a = s * l->ncol + c;
        if (a >= nvalue)
            break;
        /* a constant argument may stand for a column of another nullability; its positions are what counts */
        SQI_TRY(sqi_vec_flatten(&flat[nflat], &arg[1 + a], call->n, arena, err));
        part[nflat] = &flat[nflat];
        size[nflat++] = call->n;
    }
    sqi_vec all;
    SQI_TRY(sqi_vec_concat(&all, part, size, nflat, arena, err));
    uint32_t at = 0;
    for (SQI_EACH(rows, k, i))
        for (uint32_t s = 0; s < l->nrow; ++s)
            index[at++] = s < nflat ? s * call->n + i : UINT32_MAX;
    return sqi_vec_gather(out, &all, index, at, arena, err);
}

static streamq_status run(sqi_call *call, const sqi_vec *arg, sqi_rows rows, bool outer, sqi_vec *out,
                          uint32_t **parent, uint32_t *n, streamq_error **err)
{
    (void)outer; /* every input row has at least one output row */
    const layout *l = call->node->data;
    sqi_arena *arena = call->eval->arena;
    uint64_t total = (uint64_t)rows.n * l->nrow;
    if (total >= UINT32_MAX || (uint64_t)call->n * l->nrow >= UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "stack makes %llu rows from one chunk; the limit is %u",
                             (unsigned long long)total, UINT32_MAX - 1);
    *n = (uint32_t)total;
    uint32_t *index = sqi_arena_get(arena, (size_t)total * sizeof *index);
    uint32_t *from = parent ? sqi_arena_get(arena, (size_t)total * sizeof *from) : NULL;
    if (!index || (parent && !from))
        return sqi_error_nomem(err);
    for (uint32_t c = 0; c < l->ncol; ++c)
        SQI_TRY(column(call, l, arg, rows, c, &out[c], index, err));
    if (!parent)
        return STREAMQ_OK;
    for (SQI_EACH(rows, k, i))
        for (uint32_t s = 0; s < l->nrow; ++s)
            from[k * l->nrow + s] = i;
    *parent = from;
    return STREAMQ_OK;
}

static streamq_status bind_row_count(sqi_binder *b, sqi_bound *node, uint32_t *nrow, streamq_error **err)
{
    const sqi_vec *count;
    if (node->arg[0]->type->id != SQI_INT)
        return sqi_bind_arg_type_error(b, node, 0, "\"INT\"", err);
    SQI_TRY(sqi_bind_constant(b, node->arg[0], &count, err));
    if (!count)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the first argument of stack, the number of rows, must be a constant");
    int32_t v = sqi_vec_valid(count, 0) ? SQI_AT(count, int32_t, 0) : 0;
    if (v < 1 || v > STACK_ROWS_MAX)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE, err,
                                   "the first argument of stack, the number of rows, must be from 1 to %d",
                                   STACK_ROWS_MAX);
    *nrow = (uint32_t)v;
    return STREAMQ_OK;
}

/* The type of column c, from its first value that is not a bare NULL; the others must agree. */
static streamq_status bind_column(sqi_binder *b, sqi_bound *node, const layout *l, uint32_t c, sqi_field *field,
                                  streamq_error **err)
{
    char *text = sqi_arena_printf(b->arena, "col%u", (unsigned)c);
    if (!text)
        return sqi_error_nomem(err);
    *field = (sqi_field){sqi_span_of(text), &sqi_type_void, false};
    for (uint32_t a = 1 + c; a < node->narg; a += l->ncol) {
        const sqi_bound *e = node->arg[a];
        field->nullable |= e->nullable;
        if (e->type->id == SQI_VOID)
            field->nullable = true;
        else if (field->type->id == SQI_VOID)
            field->type = e->type;
        else if (!sqi_type_same(field->type, e->type))
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__STACK_COLUMN_DIFF_TYPES, err,
                                       "the values of column %u of stack have different types; cast them to one",
                                       (unsigned)c);
    }
    for (uint32_t a = 1 + c; a < node->narg; a += l->ncol)
        SQI_TRY(sqi_bind_cast(b, &node->arg[a], field->type, err));
    if (1 + c + (l->nrow - 1) * l->ncol >= node->narg)
        field->nullable = true;
    return STREAMQ_OK;
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    layout *l = sqi_arena_zero(b->arena, sizeof *l);
    if (!l)
        return sqi_error_nomem(err);
    SQI_TRY(bind_row_count(b, node, &l->nrow, err));
    l->ncol = (node->narg - 1 + l->nrow - 1) / l->nrow;
    sqi_field *field = sqi_arena_array(b->arena, l->ncol ? l->ncol : 1, sizeof *field);
    if (!field)
        return sqi_error_nomem(err);
    for (uint32_t c = 0; c < l->ncol; ++c)
        SQI_TRY(bind_column(b, node, l, c, &field[c], err));
    node->data = l;
    node->type = sqi_type_struct(b->eval->pool, field, l->ncol);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

const sqi_generator sqi_gen_stack[] = {
    {"stack", 2, -1, false, resolve, run, "stack(n, v1, v2, ...): the values laid out in n rows.", false},
    {.name = NULL},
};
