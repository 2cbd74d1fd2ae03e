/*
 * func_collection: how many elements, and taking one out: size, getitem (a[i], m[k]), element_at, get.
 *
 * A kernel finds the position of the element for each row; one gather makes the result. Bounds are ANSI's: a[i] and
 * element_at fail beyond the end, get and try_element_at give null, a map without the key gives null.
 */
#include "data_order.h"
#include "expr_bind_parts.h"
#include "expr_coerce.h"
#include "func_array.h"
#include "func_map.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err

static streamq_status resolve_size(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_type_id id = node->arg[0]->type->id;
    node->type = &sqi_type_int;
    if (id == SQI_VOID)
        return sqi_bind_signature(b, node, "a>i", err);
    return id == SQI_ARRAY || id == SQI_MAP ? STREAMQ_OK : sqi_bind_arg_type_error(b, node, 0, "ARRAY or MAP", err);
}

static streamq_status size(KERNEL_ARGS)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = (int32_t)SQI_AT(arg, sqi_list, i).length;
    return STREAMQ_OK;
}

/* ---- positions ------------------------------------------------------------------------------------------------ */

static bool is_index(const sqi_type *t)
{
    return sqi_type_is_integral(t);
}

static int64_t index_at(const sqi_vec *v, uint32_t i)
{
    switch (v->type->id) {
    case SQI_TINYINT:
        return SQI_AT(v, int8_t, i);
    case SQI_SMALLINT:
        return SQI_AT(v, int16_t, i);
    case SQI_BIGINT:
        return SQI_AT(v, int64_t, i);
    default:
        return SQI_AT(v, int32_t, i);
    }
}

/* An index for every position of the call, null where there is no row. */
static uint32_t *new_index(sqi_call *call)
{
    uint32_t *index = sqi_arena_get(call->eval->arena, ((size_t)call->n + 1) * sizeof *index);
    if (index)
        memset(index, 0xff, ((size_t)call->n + 1) * sizeof *index);
    return index;
}

static streamq_status gather(sqi_call *call, const sqi_vec *from, const uint32_t *index, sqi_vec *out,
                             streamq_error **err)
{
    return sqi_vec_gather(out, from, index, call->n, call->eval->arena, err);
}

static streamq_status resolve_index(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (!is_index(node->arg[1]->type)) {
        if (node->arg[1]->type->id != SQI_VOID)
            return sqi_bind_arg_type_error(b, node, 1, "INTEGRAL", err);
        SQI_TRY(sqi_bind_cast(b, &node->arg[1], &sqi_type_int, err));
    }
    node->type = t->field[0].type;
    node->nullable = true;
    return STREAMQ_OK;
}

/* Map keys compare by value, so a linear search is right for every key type; maps are short. */
static uint32_t find_key(const sqi_vec *map, uint32_t i, const sqi_vec *key)
{
    sqi_list list = SQI_AT(map, sqi_list, i);
    for (uint32_t e = list.offset; e < list.offset + list.length; e++)
        if (sqi_order_equal(&map->child[0], e, key, i))
            return e;
    return SQI_PICK_NULL;
}

static streamq_status map_value(KERNEL_ARGS)
{
    uint32_t *index = new_index(call);
    if (!index)
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i))
        index[i] = find_key(&arg[0], i, &arg[1]);
    return gather(call, &arg[0].child[1], index, out, err);
}

/* ---- a[i], m[k], s['field'] ----------------------------------------------------------------------------------- */

static streamq_status resolve_field(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_vec *name = NULL;
    if (node->arg[1]->type->id == SQI_STRING)
        SQI_TRY(sqi_bind_constant(b, node->arg[1], &name, err));
    if (!name || !sqi_vec_valid(name, 0))
        return sqi_error_set(err, SQI_COND_INVALID_EXTRACT_FIELD_TYPE,
                             "a field of a struct is taken with its name as a constant text");
    sqi_bound *field;
    SQI_TRY(sqi_bind_extract(b, node->arg[0], sqi_str_span(&SQI_AT(name, sqi_str, 0)), node->ast, &field, err));
    *node = *field;
    return STREAMQ_OK;
}

static streamq_status resolve_item(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (t->id == SQI_STRUCT ||
        (t->id == SQI_ARRAY && t->field[0].type->id == SQI_STRUCT && node->arg[1]->type->id == SQI_STRING))
        return resolve_field(b, node, err);
    if (t->id == SQI_ARRAY)
        return resolve_index(b, node, err);
    if (t->id == SQI_MAP) {
        const sqi_type *key = t->field[0].type;
        if (!sqi_coerce_implicit(node->arg[1]->type, key) && !sqi_type_same(node->arg[1]->type, key))
            return sqi_bind_arg_type_error(b, node, 1, "the type of the map's keys", err);
        if (!sqi_type_same(node->arg[1]->type, key))
            SQI_TRY(sqi_bind_cast(b, &node->arg[1], key, err));
        node->type = t->field[1].type;
        node->nullable = true;
        return STREAMQ_OK;
    }
    if (t->id == SQI_VOID) { /* nothing can be taken from nothing */
        *node = *node->arg[0];
        return STREAMQ_OK;
    }
    char label[128];
    return sqi_error_set(err, SQI_COND_INVALID_EXTRACT_BASE_FIELD_TYPE,
                         "an element can be taken from an array or a map, and a field from a struct, but this is %s",
                         sqi_type_label(t, label));
}

static streamq_status item(KERNEL_ARGS)
{
    if (arg->type->id == SQI_MAP)
        return map_value(call, arg, rows, out, err);
    uint32_t *index = new_index(call);
    if (!index)
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        int64_t at = index_at(&arg[1], i);
        if (at >= 0 && at < list.length)
            index[i] = list.offset + (uint32_t)at;
        else if (call->eval->ansi)
            return sqi_error_set(err, SQI_COND_INVALID_ARRAY_INDEX,
                                 "index %lld is outside the array of %u elements, which count from 0; use get to get "
                                 "NULL instead",
                                 (long long)at, (unsigned)list.length);
    }
    return gather(call, &arg->child[0], index, out, err);
}

static streamq_status resolve_get(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "ai", err));
    return resolve_index(b, node, err);
}

static streamq_status get(KERNEL_ARGS)
{
    uint32_t *index = new_index(call);
    if (!index)
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        int64_t at = index_at(&arg[1], i);
        if (at >= 0 && at < list.length)
            index[i] = list.offset + (uint32_t)at;
    }
    return gather(call, &arg->child[0], index, out, err);
}

/* ---- element_at: from 1, negative from the end ---------------------------------------------------------------- */

static streamq_status resolve_element(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type, *at = node->arg[1]->type;
    if (t->id == SQI_MAP)
        return sqi_map_resolve_key(b, node, t->field[1].type, err);
    if (t->id != SQI_ARRAY)
        return sqi_bind_arg_type_error(b, node, 0, "ARRAY or MAP", err);
    if (!is_index(at) || at->id == SQI_BIGINT)
        return sqi_bind_arg_type_error(b, node, 1, "INT", err);
    return resolve_index(b, node, err);
}

static streamq_status element(KERNEL_ARGS)
{
    if (arg->type->id == SQI_MAP)
        return map_value(call, arg, rows, out, err);
    bool strict = call->eval->ansi && call->node->func->name[0] == 'e';
    uint32_t *index = new_index(call);
    if (!index)
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        int64_t at = index_at(&arg[1], i);
        if (at == 0)
            return sqi_error_set(err, SQI_COND_INVALID_INDEX_OF_ZERO,
                                 "%s counts elements from 1, or from -1 at the end", call->node->func->name);
        if (at > 0 && at <= list.length)
            index[i] = list.offset + (uint32_t)at - 1;
        else if (at < 0 && -at <= list.length)
            index[i] = list.offset + (uint32_t)(list.length + at);
        else if (strict)
            return sqi_error_set(
                err, SQI_COND_INVALID_ARRAY_INDEX_IN_ELEMENT_AT,
                "index %lld is outside the array of %u elements; use try_element_at to get NULL instead", (long long)at,
                (unsigned)list.length);
    }
    return gather(call, &arg->child[0], index, out, err);
}

const sqi_func sqi_func_collection[] = {
    {.name = "size",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_size,
     .kernel = size,
     .text = "size(expr): the number of elements of an array or of entries of a map"},
    {.name = "cardinality",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_size,
     .kernel = size,
     .text = "cardinality(expr): the number of elements of an array or of entries of a map"},
    {.name = "array_size",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "a>i",
     .kernel = size,
     .text = "array_size(array): the number of elements"},
    {.name = "getitem",
     .min_args = 2,
     .max_args = 2,
     .resolve = resolve_item,
     .kernel = item,
     .flags = SQI_FUNC_INTERNAL,
     .text = "array[index], map[key]: an element, counted from 0, or the value of a key"},
    {.name = "get",
     .min_args = 2,
     .max_args = 2,
     .resolve = resolve_get,
     .kernel = get,
     .text = "get(array, index): the element, counted from 0; null outside the array"},
    {.name = "element_at",
     .min_args = 2,
     .max_args = 2,
     .resolve = resolve_element,
     .kernel = element,
     .text = "element_at(expr, key): the element, counted from 1 or from the end if negative, or the value of a key"},
    {.name = "try_element_at",
     .min_args = 2,
     .max_args = 2,
     .resolve = resolve_element,
     .kernel = element,
     .text = "try_element_at(expr, key): like element_at, but null outside the array"},
    {0},
};
