/*
 * func_array_edit: arrays made and changed: array, array_append, array_prepend, array_insert, array_compact,
 * array_remove, slice, flatten, array_repeat, shuffle. All of them only choose elements (func_array.h).
 *
 * Where an element that is no part of an array comes in, the candidates are the array's elements followed by the values
 * of the other argument, one for each row.
 */
#include "data_order.h"
#include "expr_bind.h"
#include "expr_coerce.h"
#include "func_array.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err
#define REPEAT_MAX (1u << 27) /* elements that one call may make of one */

static streamq_status resolve_array(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *type;
    bool nulls = false;
    SQI_TRY(sqi_bind_common(b, node, 0, 1, false, &type, err));
    for (uint32_t i = 0; i < node->narg; i++)
        nulls |= node->arg[i]->nullable;
    node->type = sqi_type_array(b->eval->pool, type, nulls);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status make_array(KERNEL_ARGS)
{
    sqi_arena *arena = call->eval->arena;
    uint32_t n = call->node->narg, at = 0;
    const sqi_vec **part = sqi_arena_array(arena, n + 1, sizeof *part);
    uint32_t *count = sqi_arena_array(arena, n + 1, sizeof *count),
             *start = sqi_arena_array(arena, n + 1, sizeof *start);
    sqi_picks picks;
    sqi_vec all;
    if (!part || !count || !start)
        return sqi_error_nomem(err);
    for (uint32_t a = 0; a < n; a++) {
        part[a] = &arg[a];
        count[a] = arg[a].mask ? call->n : 1;
        start[a] = at;
        at += count[a];
    }
    sqi_picks_init(&picks, arena);
    for (SQI_EACH(rows, k, i)) {
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)picks.n, n};
        for (uint32_t a = 0; a < n; a++)
            if (!sqi_picks_put(&picks, start[a] + (i & arg[a].mask)))
                return sqi_error_nomem(err);
    }
    if (n == 0)
        return STREAMQ_OK;
    SQI_TRY(sqi_vec_concat(&all, part, count, n, arena, err));
    return sqi_picks_finish(&picks, out, 0, &all, err);
}

/* ---- an array and a value ------------------------------------------------------------------------------------- */

streamq_status sqi_array_resolve_value(sqi_binder *b, sqi_bound *node, uint32_t value, sqi_cond null_array,
                                       streamq_error **err)
{
    const sqi_type *array = node->arg[0]->type;
    char one[128], other[128];
    if (array->id == SQI_VOID && null_array != SQI_COND_NONE)
        return sqi_bind_type_error(b, node, null_array, err, "the array cannot be a bare NULL");
    if (array->id != SQI_ARRAY && null_array == SQI_COND_DATATYPE_MISMATCH__ARRAY_FUNCTION_DIFF_TYPES)
        return sqi_bind_type_error(b, node, null_array, err, "%s is no array", sqi_type_label(array, one));
    if (array->id != SQI_ARRAY)
        return sqi_bind_arg_type_error(b, node, 0, "ARRAY", err);
    const sqi_type *element = sqi_coerce_tightest(b->eval->pool, array->field[0].type, node->arg[value]->type);
    if (!element)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__ARRAY_FUNCTION_DIFF_TYPES, err,
                                   "the array is %s, but the value is %s", sqi_type_label(array, one),
                                   sqi_type_label(node->arg[value]->type, other));
    if (!sqi_type_same(element, array->field[0].type)) {
        array = sqi_type_array(b->eval->pool, element, array->field[0].nullable);
        if (!array)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], array, err));
    }
    if (!sqi_type_same(element, node->arg[value]->type))
        SQI_TRY(sqi_bind_cast(b, &node->arg[value], element, err));
    return STREAMQ_OK;
}

/* The result has the array's elements and a value that may be null. */
static streamq_status resolve_added(sqi_binder *b, sqi_bound *node, uint32_t value, bool nulls, streamq_error **err)
{
    SQI_TRY(sqi_array_resolve_value(b, node, value, SQI_COND_NONE, err));
    const sqi_field *element = &node->arg[0]->type->field[0];
    node->type = sqi_type_array(b->eval->pool, element->type, nulls || element->nullable || node->arg[value]->nullable);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status resolve_append(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(resolve_added(b, node, 1, false, err));
    node->nullable = node->arg[0]->nullable;
    return STREAMQ_OK;
}

static streamq_status resolve_insert(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    char label[128];
    if (node->arg[0]->type->id != SQI_ARRAY && node->arg[0]->type->id != SQI_VOID)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__ARRAY_FUNCTION_DIFF_TYPES, err,
                                   "%s is no array", sqi_type_label(node->arg[0]->type, label));
    if (node->arg[1]->type->id == SQI_VOID || !sqi_type_is_integral(node->arg[1]->type) ||
        node->arg[1]->type->id == SQI_BIGINT)
        return sqi_bind_arg_type_error(b, node, 1, "INT", err);
    SQI_TRY(sqi_bind_cast(b, &node->arg[1], &sqi_type_int, err));
    SQI_TRY(resolve_added(b, node, 2, true, err));
    node->nullable = node->arg[0]->nullable || node->arg[1]->nullable;
    return STREAMQ_OK;
}

/* Elements of the array and then the values: `value` is added to row positions to find theirs. */
static streamq_status candidates(sqi_call *call, const sqi_vec *array, const sqi_vec *value, sqi_vec *all,
                                 streamq_error **err)
{
    const sqi_vec *const part[2] = {&array->child[0], value};
    const uint32_t count[2] = {array->nchild, value->mask ? call->n : 1};
    return sqi_vec_concat(all, part, count, 2, call->eval->arena, err);
}

/* Rows where an argument other than the added value is null are null. */
static streamq_status null_rows(sqi_call *call, const sqi_vec *arg, uint32_t narg, sqi_vec *out, streamq_error **err)
{
    for (uint32_t a = 0; a < narg; a++)
        if (arg[a].valid)
            return sqi_vec_bitmap(out, call->n, true, call->eval->arena, err);
    return STREAMQ_OK;
}

static streamq_status add_at_end(KERNEL_ARGS, bool front)
{
    sqi_vec all;
    sqi_picks picks;
    SQI_TRY(candidates(call, &arg[0], &arg[1], &all, err));
    SQI_TRY(null_rows(call, arg, 1, out, err));
    sqi_picks_init(&picks, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        uint32_t value = arg[0].nchild + (i & arg[1].mask);
        size_t begin = picks.n;
        if (!sqi_vec_valid(&arg[0], i)) {
            sqi_vec_set_null(out, i);
            continue;
        }
        sqi_list list = SQI_AT(arg, sqi_list, i);
        bool ok = (!front || sqi_picks_put(&picks, value)) && sqi_picks_run(&picks, list.offset, list.length) &&
                  (front || sqi_picks_put(&picks, value));
        if (!ok)
            return sqi_error_nomem(err);
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
    }
    return sqi_picks_finish(&picks, out, 0, &all, err);
}

static streamq_status append(KERNEL_ARGS)
{
    return add_at_end(call, arg, rows, out, err, false);
}
static streamq_status prepend(KERNEL_ARGS)
{
    return add_at_end(call, arg, rows, out, err, true);
}

static bool put_nulls(sqi_picks *picks, int64_t n)
{
    for (; n > 0; n--)
        if (!sqi_picks_put(picks, SQI_PICK_NULL))
            return false;
    return true;
}

/* The row with `value` at a position from 1, or from -1 for behind the end; gaps are filled with nulls. */
static bool insert_row(sqi_picks *picks, sqi_list list, int64_t at, uint32_t value)
{
    int64_t n = list.length;
    if (at < 0 && n + at + 1 < 0)
        return sqi_picks_put(picks, value) && put_nulls(picks, -(n + at + 1)) &&
               sqi_picks_run(picks, list.offset, list.length);
    int64_t before = at > 0 ? at - 1 : n + at + 1;
    uint32_t first = (uint32_t)(before < n ? before : n);
    return sqi_picks_run(picks, list.offset, first) && put_nulls(picks, before - n) && sqi_picks_put(picks, value) &&
           sqi_picks_run(picks, list.offset + first, list.length - first);
}

static streamq_status insert(KERNEL_ARGS)
{
    sqi_vec all;
    sqi_picks picks;
    SQI_TRY(candidates(call, &arg[0], &arg[2], &all, err));
    SQI_TRY(null_rows(call, arg, 2, out, err));
    sqi_picks_init(&picks, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        size_t begin = picks.n;
        if (!sqi_vec_valid(&arg[0], i) || !sqi_vec_valid(&arg[1], i)) {
            sqi_vec_set_null(out, i);
            continue;
        }
        int64_t at = SQI_AT(&arg[1], int32_t, i);
        if (at == 0)
            return sqi_error_set(err, SQI_COND_INVALID_INDEX_OF_ZERO,
                                 "array_insert counts positions from 1, or from -1 behind the end");
        if (at > REPEAT_MAX || -at > REPEAT_MAX)
            return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "array_insert would make an array of %lld elements",
                                 (long long)(at < 0 ? -at : at));
        if (!insert_row(&picks, SQI_AT(arg, sqi_list, i), at, arg[0].nchild + (i & arg[2].mask)))
            return sqi_error_nomem(err);
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
    }
    return sqi_picks_finish(&picks, out, 0, &all, err);
}

/* ---- fewer elements ------------------------------------------------------------------------------------------- */

static streamq_status resolve_compact(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *element = node->arg[0]->type->field[0].type;
    node->type = sqi_type_array(b->eval->pool, element, false);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status compact(KERNEL_ARGS)
{
    sqi_picks picks;
    sqi_picks_init(&picks, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        size_t begin = picks.n;
        for (uint32_t e = list.offset; e < list.offset + list.length; e++)
            if (sqi_vec_valid(&arg->child[0], e) && !sqi_picks_put(&picks, e))
                return sqi_error_nomem(err);
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
    }
    return sqi_picks_finish(&picks, out, 0, &arg->child[0], err);
}

static streamq_status resolve_remove(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_array_resolve_value(b, node, 1, SQI_COND_DATATYPE_MISMATCH__ARRAY_FUNCTION_DIFF_TYPES, err));
    node->type = node->arg[0]->type;
    return STREAMQ_OK;
}

static streamq_status remove_value(KERNEL_ARGS)
{
    sqi_picks picks;
    sqi_picks_init(&picks, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        size_t begin = picks.n;
        for (uint32_t e = list.offset; e < list.offset + list.length; e++)
            if (!sqi_order_equal(&arg->child[0], e, &arg[1], i) && !sqi_picks_put(&picks, e))
                return sqi_error_nomem(err);
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
    }
    return sqi_picks_finish(&picks, out, 0, &arg->child[0], err);
}

/* A slice is the same elements in a shorter list. */
static streamq_status slice(KERNEL_ARGS)
{
    (void)call;
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        int64_t start = SQI_AT(&arg[1], int32_t, i), length = SQI_AT(&arg[2], int32_t, i), n = list.length;
        if (start == 0)
            return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__START,
                                 "slice counts elements from 1, or from -1 at the end; 0 is no position");
        if (length < 0)
            return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__LENGTH, "slice cannot take %lld elements",
                                 (long long)length);
        int64_t first = start > 0 ? start - 1 : n + start;
        if (first < 0 || first >= n)
            SQI_OUT(out, sqi_list)[i] = (sqi_list){0, 0};
        else
            SQI_OUT(out, sqi_list)
        [i] = (sqi_list){list.offset + (uint32_t)first, (uint32_t)(length < n - first ? length : n - first)};
    }
    out->child[0] = arg->child[0];
    out->nchild = arg->nchild;
    return STREAMQ_OK;
}

/* ---- nested and repeated -------------------------------------------------------------------------------------- */

static streamq_status resolve_flatten(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (t->id != SQI_ARRAY || t->field[0].type->id != SQI_ARRAY)
        return sqi_bind_arg_type_error(b, node, 0, "an ARRAY of ARRAY", err);
    node->type = t->field[0].type;
    node->nullable = node->arg[0]->nullable || t->field[0].nullable;
    return STREAMQ_OK;
}

/* An array with a null array in it gives null. */
static streamq_status flatten(KERNEL_ARGS)
{
    const sqi_vec *inner = &arg->child[0];
    sqi_picks picks;
    if (inner->valid)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    sqi_picks_init(&picks, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        size_t begin = picks.n;
        bool null = false;
        for (uint32_t e = list.offset; e < list.offset + list.length && !null; e++) {
            sqi_list part = SQI_AT(inner, sqi_list, e);
            null = !sqi_vec_valid(inner, e);
            if (!null && !sqi_picks_run(&picks, part.offset, part.length))
                return sqi_error_nomem(err);
        }
        if (null)
            sqi_vec_set_null(out, i);
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
    }
    return sqi_picks_finish(&picks, out, 0, &inner->child[0], err);
}

static streamq_status resolve_repeat(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (node->arg[1]->type->id != SQI_INT && node->arg[1]->type->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, 1, "INT", err);
    SQI_TRY(sqi_bind_signature(b, node, "_i", err));
    node->type = sqi_type_array(b->eval->pool, node->arg[0]->type, node->arg[0]->nullable);
    node->nullable = node->arg[1]->nullable;
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status repeat(KERNEL_ARGS)
{
    sqi_picks picks;
    SQI_TRY(null_rows(call, &arg[1], 1, out, err));
    sqi_picks_init(&picks, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        size_t begin = picks.n;
        if (!sqi_vec_valid(&arg[1], i)) {
            sqi_vec_set_null(out, i);
            continue;
        }
        int32_t n = SQI_AT(&arg[1], int32_t, i);
        if (n > (int32_t)REPEAT_MAX)
            return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "array_repeat would make an array of %d elements", n);
        for (; n > 0; n--)
            if (!sqi_picks_put(&picks, i & arg[0].mask))
                return sqi_error_nomem(err);
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
    }
    return sqi_picks_finish(&picks, out, 0, &arg[0], err);
}

#define EDIT_ROW(n, count, sig, res, k, t)                                                                           \
    {                                                                                                                \
        .name = n, .min_args = count, .max_args = count, .flags = SQI_FUNC_NEVER_NULL, .types = sig, .resolve = res, \
        .kernel = k, .text = t                                                                                       \
    }
#define OWN_ROW(n, least, most, sig, res, k, t)                                                              \
    {                                                                                                        \
        .name = n, .min_args = least, .max_args = most, .nulls = SQI_NULL_OWN, .flags = SQI_FUNC_NEVER_NULL, \
        .types = sig, .resolve = res, .kernel = k, .text = t                                                 \
    }

const sqi_func sqi_func_array[] = {
    OWN_ROW("array", 0, -1, NULL, resolve_array, make_array, "array(expr, ...): an array of the values"),
    OWN_ROW("array_append", 2, 2, NULL, resolve_append, append,
            "array_append(array, element): the array with element behind it"),
    OWN_ROW("array_prepend", 2, 2, NULL, resolve_append, prepend,
            "array_prepend(array, element): the array with element before it"),
    OWN_ROW("array_insert", 3, 3, NULL, resolve_insert, insert,
            "array_insert(array, pos, element): the array with element at pos"),
    EDIT_ROW("array_compact", 1, "a", resolve_compact, compact, "array_compact(array): the elements that are not null"),
    EDIT_ROW("array_remove", 2, NULL, resolve_remove, remove_value,
             "array_remove(array, element): the array without elements equal to element"),
    EDIT_ROW("slice", 3, "aii>1", NULL, slice,
             "slice(array, start, length): length elements from start on, counted from 1 or from the end if negative"),
    {.name = "flatten",
     .min_args = 1,
     .max_args = 1,
     .resolve = resolve_flatten,
     .kernel = flatten,
     .text = "flatten(array): the elements of the arrays in an array, one after the other"},
    OWN_ROW("array_repeat", 2, 2, NULL, resolve_repeat, repeat,
            "array_repeat(element, count): an array of count times element"),
    {0},
};
