/*
 * func_array_find: looking for elements and ordering them: array_contains, array_position, array_max, array_min,
 * sort_array. Comparisons are data_order's: NaN equals NaN and is the largest, -0.0 equals 0.0.
 */
#include "base_sort.h"
#include "data_order.h"
#include "expr_bind.h"
#include "func_array.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err

static streamq_status resolve_contains(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (node->arg[1]->type->id == SQI_VOID)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NULL_TYPE, err,
                                   "the value to look for cannot be a bare NULL");
    SQI_TRY(sqi_array_resolve_value(b, node, 1, SQI_COND_DATATYPE_MISMATCH__NULL_TYPE, err));
    node->type = &sqi_type_boolean;
    node->nullable = node->arg[0]->nullable || node->arg[1]->nullable || node->arg[0]->type->field[0].nullable;
    return STREAMQ_OK;
}

/* Position in the row's list, or its length. */
static uint32_t find(const sqi_vec *arg, uint32_t i, sqi_list list)
{
    uint32_t e = 0;
    while (e < list.length && !(sqi_vec_valid(&arg[0].child[0], list.offset + e) &&
                                sqi_order_equal(&arg[0].child[0], list.offset + e, &arg[1], i)))
        e++;
    return e;
}

/* Not found among nulls is null: one of them might have been it. */
static streamq_status contains(KERNEL_ARGS)
{
    const sqi_vec *element = &arg->child[0];
    if (element->valid)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        bool found = find(arg, i, list) < list.length;
        SQI_OUT(out, uint8_t)[i] = found;
        for (uint32_t e = 0; element->valid && !found && e < list.length; e++)
            if (!sqi_vec_valid(element, list.offset + e))
                sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

static streamq_status resolve_position(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_array_resolve_value(b, node, 1, SQI_COND_DATATYPE_MISMATCH__NULL_TYPE, err));
    node->type = &sqi_type_bigint;
    return STREAMQ_OK;
}

static streamq_status position(KERNEL_ARGS)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        uint32_t at = find(arg, i, list);
        SQI_OUT(out, int64_t)[i] = at < list.length ? (int64_t)at + 1 : 0;
    }
    return STREAMQ_OK;
}

/* ---- order ---------------------------------------------------------------------------------------------------- */

static streamq_status check_order(sqi_binder *b, const sqi_bound *node, streamq_error **err)
{
    char label[128];
    if (sqi_type_is_orderable(node->arg[0]->type->field[0].type))
        return STREAMQ_OK;
    return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__INVALID_ORDERING_TYPE, err,
                               "elements of %s have no order", sqi_type_label(node->arg[0]->type, label));
}

static streamq_status resolve_best(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(check_order(b, node, err));
    node->type = node->arg[0]->type->field[0].type;
    node->nullable = true;
    return STREAMQ_OK;
}

static streamq_status best(KERNEL_ARGS, int sign)
{
    const sqi_vec *element = &arg->child[0];
    uint32_t *index = sqi_arena_get(call->eval->arena, ((size_t)call->n + 1) * sizeof *index);
    if (!index)
        return sqi_error_nomem(err);
    memset(index, 0xff, ((size_t)call->n + 1) * sizeof *index);
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        for (uint32_t e = list.offset; e < list.offset + list.length; e++)
            if (sqi_vec_valid(element, e) &&
                (index[i] == SQI_PICK_NULL || sign * sqi_order_compare(element, e, element, index[i]) > 0))
                index[i] = e;
    }
    return sqi_vec_gather(out, element, index, call->n, call->eval->arena, err);
}

static streamq_status array_max(KERNEL_ARGS)
{
    return best(call, arg, rows, out, err, 1);
}
static streamq_status array_min(KERNEL_ARGS)
{
    return best(call, arg, rows, out, err, -1);
}

static streamq_status resolve_sort(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (node->narg > 1 && node->arg[1]->type->id != SQI_BOOLEAN && node->arg[1]->type->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, 1, "BOOLEAN", err);
    SQI_TRY(sqi_bind_signature(b, node, "ab>1", err));
    return check_order(b, node, err);
}

static int ascending(void *context, uint32_t a, uint32_t b)
{
    return sqi_order_compare(context, a, context, b);
}
static int descending(void *context, uint32_t a, uint32_t b)
{
    return sqi_order_compare(context, b, context, a);
}

/* Nulls are below everything: first in ascending order, last in descending order. */
static streamq_status sort(KERNEL_ARGS)
{
    sqi_picks picks;
    uint32_t *scratch = NULL;
    size_t room = 0;
    sqi_vec element = arg->child[0];
    sqi_picks_init(&picks, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        bool up = call->node->narg == 1 || SQI_AT(&arg[1], uint8_t, i);
        size_t begin = picks.n;
        if (!sqi_picks_run(&picks, list.offset, list.length))
            return sqi_error_nomem(err);
        if (list.length > room) {
            room = (size_t)list.length * 2;
            scratch = sqi_arena_get(call->eval->arena, room * sizeof *scratch);
            if (!scratch)
                return sqi_error_nomem(err);
        }
        if (list.length)
            sqi_sort_index(picks.at + begin, scratch, list.length, up ? ascending : descending, &element);
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
    }
    return sqi_picks_finish(&picks, out, 0, &element, err);
}

const sqi_func sqi_func_array_find[] = {
    {.name = "array_contains",
     .min_args = 2,
     .max_args = 2,

     .resolve = resolve_contains,
     .kernel = contains,
     .text = "array_contains(array, value): is value an element? Null if it is not but a null is"},
    {.name = "array_position",
     .min_args = 2,
     .max_args = 2,
     .flags = SQI_FUNC_NEVER_NULL,

     .resolve = resolve_position,
     .kernel = position,
     .text = "array_position(array, value): position of the first element equal to value, 0 if there is none"},
    {.name = "array_max",
     .min_args = 1,
     .max_args = 1,
     .types = "a",
     .resolve = resolve_best,
     .kernel = array_max,
     .text = "array_max(array): the largest element that is not null"},
    {.name = "array_min",
     .min_args = 1,
     .max_args = 1,
     .types = "a",
     .resolve = resolve_best,
     .kernel = array_min,
     .text = "array_min(array): the smallest element that is not null"},
    {.name = "sort_array",
     .min_args = 1,
     .max_args = 2,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_sort,
     .kernel = sort,
     .text = "sort_array(array[, ascending]): the elements in order, nulls first, or last if not ascending"},
    {0},
};
