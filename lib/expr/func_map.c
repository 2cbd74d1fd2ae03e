/*
 * func_map: making maps and looking into them. Keys are unique and not null; entries keep the order they were given in.
 *
 * Keys, values and entries of a map are its children, so map_keys, map_values and map_entries copy nothing.
 */
#include "func_map.h"

#include "base_hash.h"
#include "data_order.h"
#include "data_text.h"
#include "expr_bind.h"
#include "expr_coerce.h"
#include "func_array.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err
#define FEW_KEYS 12u /* compared with each other rather than hashed */

/* ---- keys ----------------------------------------------------------------------------------------------------- */

static bool holds_map(const sqi_type *t)
{
    if (t->id == SQI_MAP)
        return true;
    for (uint32_t i = 0; i < t->nfield; i++)
        if (holds_map(t->field[i].type))
            return true;
    return false;
}

streamq_status sqi_map_check_key_type(sqi_binder *b, const sqi_bound *node, const sqi_type *key, streamq_error **err)
{
    char label[128];
    if (!holds_map(key))
        return STREAMQ_OK;
    return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__INVALID_MAP_KEY_TYPE, err,
                               "a map's key cannot be or hold a map, but it is %s", sqi_type_label(key, label));
}

streamq_status sqi_map_resolve_key(sqi_binder *b, sqi_bound *node, const sqi_type *result, streamq_error **err)
{
    const sqi_type *map = node->arg[0]->type;
    sqi_type_pool *pool = b->eval->pool;
    char one[128], other[128];
    const sqi_type *key = sqi_coerce_tightest(pool, map->field[0].type, node->arg[1]->type);
    if (!key)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__MAP_FUNCTION_DIFF_TYPES, err,
                                   "the map's keys are %s, but the key asked for is %s",
                                   sqi_type_label(map->field[0].type, one), sqi_type_label(node->arg[1]->type, other));
    if (!sqi_type_same(key, map->field[0].type)) {
        map = sqi_type_map(pool, key, map->field[1].type, map->field[1].nullable);
        if (!map)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], map, err));
    }
    if (!sqi_type_same(key, node->arg[1]->type))
        SQI_TRY(sqi_bind_cast(b, &node->arg[1], key, err));
    node->type = result;
    return STREAMQ_OK;
}

static streamq_status duplicate(sqi_call *call, const sqi_vec *keys, uint32_t at, streamq_error **err)
{
    sqi_buf text;
    sqi_buf_init(&text, call->eval->alloc, 1u << 16);
    sqi_text_value(&text, keys, at, call->eval->zone, SQI_TEXT_CAST);
    int shown = text.len > 100 ? 100 : (int)text.len;
    streamq_status st = sqi_error_set(err, SQI_COND_DUPLICATED_MAP_KEY, "the map has the key %.*s twice", shown,
                                      text.ptr ? text.ptr : "");
    sqi_buf_fini(&text);
    return st;
}

static streamq_status check_few(sqi_call *call, const sqi_vec *keys, sqi_list list, streamq_error **err)
{
    for (uint32_t a = list.offset; a < list.offset + list.length; a++)
        for (uint32_t b = list.offset; b < a; b++)
            if (sqi_order_equal(keys, a, keys, b))
                return duplicate(call, keys, a, err);
    return STREAMQ_OK;
}

static streamq_status check_many(sqi_call *call, const sqi_vec *keys, const uint64_t *hash, sqi_list list,
                                 streamq_error **err)
{
    size_t cap = 64;
    while (cap < (size_t)list.length * 2)
        cap *= 2;
    sqi_arena_mark mark = sqi_arena_mark_get(call->eval->arena);
    uint32_t *slot = sqi_arena_get(call->eval->arena, cap * sizeof *slot);
    if (!slot)
        return sqi_error_nomem(err);
    memset(slot, 0xff, cap * sizeof *slot);
    for (uint32_t e = list.offset; e < list.offset + list.length; e++) {
        size_t at = hash[e] & (cap - 1);
        while (slot[at] != UINT32_MAX) {
            if (hash[slot[at]] == hash[e] && sqi_order_equal(keys, slot[at], keys, e))
                return duplicate(call, keys, e, err);
            at = (at + 1) & (cap - 1);
        }
        slot[at] = e;
    }
    sqi_arena_release(call->eval->arena, mark);
    return STREAMQ_OK;
}

streamq_status sqi_map_finish(sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_vec keys;
    uint64_t *hash = NULL;
    uint32_t n = out->nchild;
    SQI_TRY(sqi_order_normalize(&keys, &out->child[0], (sqi_rows){NULL, n}, call->eval->arena, err));
    out->child[0] = keys;
    for (SQI_EACH(rows, k, i)) {
        if (!sqi_vec_valid(out, i))
            continue;
        sqi_list list = SQI_AT(out, sqi_list, i);
        for (uint32_t e = list.offset; keys.valid && e < list.offset + list.length; e++)
            if (!sqi_vec_valid(&keys, e))
                return sqi_error_set(err, SQI_COND_NULL_MAP_KEY, "a map's key cannot be null");
        if (list.length <= FEW_KEYS) {
            SQI_TRY(check_few(call, &keys, list, err));
            continue;
        }
        if (!hash) {
            hash = sqi_arena_get(call->eval->arena, ((size_t)n + 1) * sizeof *hash);
            if (!hash)
                return sqi_error_nomem(err);
            sqi_order_hash(&keys, (sqi_rows){NULL, n}, call->eval->random_seed, false, hash);
        }
        SQI_TRY(check_many(call, &keys, hash, list, err));
    }
    return STREAMQ_OK;
}

/* ---- map(k, v, ...) ------------------------------------------------------------------------------------------- */

static streamq_status resolve_map(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *key = &sqi_type_void, *value = &sqi_type_void;
    bool nulls = false;
    if (node->narg % 2)
        return sqi_error_set(err, SQI_COND_WRONG_NUM_ARGS__WITHOUT_SUGGESTION,
                             "map takes pairs of a key and a value, but %u arguments were given", (unsigned)node->narg);
    if (node->narg) {
        SQI_TRY(sqi_bind_common(b, node, 0, 2, false, &key, err));
        SQI_TRY(sqi_bind_common(b, node, 1, 2, false, &value, err));
        for (uint32_t i = 1; i < node->narg; i += 2)
            nulls |= node->arg[i]->nullable;
        SQI_TRY(sqi_map_check_key_type(b, node, key, err));
    }
    node->type = sqi_type_map(b->eval->pool, key, value, nulls);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

/* Child c of the result: arguments c, c + 2, ... of each row, row by row. */
static streamq_status interleave(KERNEL_ARGS, uint32_t c)
{
    sqi_arena *arena = call->eval->arena;
    uint32_t n = call->node->narg / 2, at = 0;
    const sqi_vec **part = sqi_arena_array(arena, n, sizeof *part);
    uint32_t *count = sqi_arena_array(arena, n, sizeof *count), *start = sqi_arena_array(arena, n, sizeof *start);
    if (!part || !count || !start)
        return sqi_error_nomem(err);
    for (uint32_t a = 0; a < n; a++) {
        part[a] = &arg[2 * a + c];
        count[a] = part[a]->mask ? call->n : 1;
        start[a] = at;
        at += count[a];
    }
    sqi_vec all;
    sqi_picks picks;
    SQI_TRY(sqi_vec_concat(&all, part, count, n, arena, err));
    sqi_picks_init(&picks, arena);
    for (SQI_EACH(rows, k, i)) {
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)picks.n, n};
        for (uint32_t a = 0; a < n; a++)
            if (!sqi_picks_put(&picks, start[a] + (i & part[a]->mask)))
                return sqi_error_nomem(err);
    }
    return sqi_picks_finish(&picks, out, c, &all, err);
}

static streamq_status make_map(KERNEL_ARGS)
{
    if (call->node->narg == 0) {
        for (SQI_EACH(rows, k, i))
            SQI_OUT(out, sqi_list)[i] = (sqi_list){0, 0};
        return STREAMQ_OK;
    }
    SQI_TRY(interleave(call, arg, rows, out, err, 0));
    SQI_TRY(interleave(call, arg, rows, out, err, 1));
    return sqi_map_finish(call, rows, out, err);
}

/* ---- from arrays and entries ---------------------------------------------------------------------------------- */

static streamq_status resolve_from_arrays(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_field *key = &node->arg[0]->type->field[0], *value = &node->arg[1]->type->field[0];
    SQI_TRY(sqi_map_check_key_type(b, node, key->type, err));
    node->type = sqi_type_map(b->eval->pool, key->type, value->type, value->nullable);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status from_arrays(KERNEL_ARGS)
{
    sqi_picks picks[2];
    for (int c = 0; c < 2; c++)
        sqi_picks_init(&picks[c], call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_list keys = SQI_AT(&arg[0], sqi_list, i), values = SQI_AT(&arg[1], sqi_list, i);
        if (keys.length != values.length)
            return sqi_error_set(err, SQI_COND_INVALID_FUNCTION_ARGUMENT,
                                 "map_from_arrays was given %u keys but %u values", (unsigned)keys.length,
                                 (unsigned)values.length);
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)picks[0].n, keys.length};
        if (!sqi_picks_run(&picks[0], keys.offset, keys.length) ||
            !sqi_picks_run(&picks[1], values.offset, values.length))
            return sqi_error_nomem(err);
    }
    for (uint32_t c = 0; c < 2; c++)
        SQI_TRY(sqi_picks_finish(&picks[c], out, c, &arg[c].child[0], err));
    return sqi_map_finish(call, rows, out, err);
}

static streamq_status resolve_from_entries(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type->field[0].type;
    if (t->id != SQI_STRUCT || t->nfield != 2)
        return sqi_bind_arg_type_error(b, node, 0, "an array of structs of two fields", err);
    SQI_TRY(sqi_map_check_key_type(b, node, t->field[0].type, err));
    node->type = sqi_type_map(b->eval->pool, t->field[0].type, t->field[1].type, t->field[1].nullable);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

/* An array with a null entry gives null. */
static streamq_status from_entries(KERNEL_ARGS)
{
    const sqi_vec *entry = &arg->child[0];
    sqi_picks picks;
    sqi_picks_init(&picks, call->eval->arena);
    if (entry->valid)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        uint32_t e = 0;
        while (e < list.length && sqi_vec_valid(entry, list.offset + e))
            e++;
        if (e < list.length) {
            sqi_vec_set_null(out, i);
            continue;
        }
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)picks.n, list.length};
        if (!sqi_picks_run(&picks, list.offset, list.length))
            return sqi_error_nomem(err);
    }
    for (uint32_t c = 0; c < 2; c++)
        SQI_TRY(sqi_picks_finish(&picks, out, c, &entry->child[c], err));
    return sqi_map_finish(call, rows, out, err);
}

static streamq_status resolve_concat(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *type =
        node->narg ? node->arg[0]->type : sqi_type_map(b->eval->pool, &sqi_type_string, &sqi_type_string, true);
    if (!type)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < node->narg; i++) {
        const sqi_type *t = node->arg[i]->type;
        const sqi_type *met = t->id == SQI_MAP ? sqi_coerce_tightest(b->eval->pool, type, t) : NULL;
        if (!met)
            return sqi_bind_type_error(b, node,
                                       t->id == SQI_MAP ? SQI_COND_DATATYPE_MISMATCH__DATA_DIFF_TYPES
                                                        : SQI_COND_DATATYPE_MISMATCH__MAP_CONCAT_DIFF_TYPES,
                                       err, "map_concat wants maps of one type");
        type = met;
    }
    for (uint32_t i = 0; i < node->narg; i++)
        if (!sqi_type_same(node->arg[i]->type, type))
            SQI_TRY(sqi_bind_cast(b, &node->arg[i], type, err));
    node->type = type;
    return STREAMQ_OK;
}

static streamq_status concat(KERNEL_ARGS)
{
    if (call->node->narg == 0)
        return make_map(call, arg, rows, out, err);
    for (uint32_t c = 0; c < 2; c++)
        SQI_TRY(sqi_array_join(call, arg, rows, out, c, err));
    return sqi_map_finish(call, rows, out, err);
}

/* ---- looking into maps ---------------------------------------------------------------------------------------- */

static streamq_status resolve_part(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *map = node->arg[0]->type;
    const sqi_field *key = &map->field[0], *value = &map->field[1];
    sqi_type_pool *pool = b->eval->pool;
    if (strcmp(node->func->name, "map_keys") == 0) {
        node->type = sqi_type_array(pool, key->type, false);
    } else if (strcmp(node->func->name, "map_values") == 0) {
        node->type = sqi_type_array(pool, value->type, value->nullable);
    } else {
        sqi_field entry[2] = {{SQI_SPAN("key"), key->type, false}, {SQI_SPAN("value"), value->type, value->nullable}};
        const sqi_type *type = sqi_type_struct(pool, entry, 2);
        node->type = type ? sqi_type_array(pool, type, false) : NULL;
    }
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

/* The map's lists over one vector that stands for its entries. */
static streamq_status share(const sqi_vec *arg, sqi_vec *out, const sqi_vec *element)
{
    out->data = arg->data;
    out->mask = arg->mask;
    out->child[0] = *element;
    out->nchild = arg->nchild;
    return STREAMQ_OK;
}

static streamq_status keys(KERNEL_ARGS)
{
    (void)call, (void)rows, (void)err;
    return share(arg, out, &arg->child[0]);
}

static streamq_status values(KERNEL_ARGS)
{
    (void)call, (void)rows, (void)err;
    return share(arg, out, &arg->child[1]);
}

static streamq_status entries(KERNEL_ARGS)
{
    (void)call, (void)rows, (void)err;
    return share(arg, out, &(sqi_vec){.type = out->type->field[0].type, .mask = UINT32_MAX, .child = arg->child});
}

static streamq_status resolve_contains(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    if (node->arg[1]->type->id == SQI_VOID)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NULL_TYPE, err,
                                   "the key cannot be a bare NULL");
    char label[128];
    if (node->arg[0]->type->id != SQI_MAP)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__MAP_FUNCTION_DIFF_TYPES, err,
                                   "keys are looked for in a map, not in %s",
                                   sqi_type_label(node->arg[0]->type, label));
    return sqi_map_resolve_key(b, node, &sqi_type_boolean, err);
}

static streamq_status contains(KERNEL_ARGS)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i)) {
        sqi_list list = SQI_AT(arg, sqi_list, i);
        bool found = false;
        for (uint32_t e = list.offset; e < list.offset + list.length && !found; e++)
            found = sqi_order_equal(&arg->child[0], e, &arg[1], i);
        SQI_OUT(out, uint8_t)[i] = found;
    }
    return STREAMQ_OK;
}

#define MAP_ROW(n, least, most, sig, res, k, t)                                                                     \
    {                                                                                                               \
        .name = n, .min_args = least, .max_args = most, .flags = SQI_FUNC_NEVER_NULL, .types = sig, .resolve = res, \
        .kernel = k, .text = t                                                                                      \
    }

const sqi_func sqi_func_map[] = {
    {.name = "map",
     .min_args = 0,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve_map,
     .kernel = make_map,
     .text = "map(key, value, ...): a map of these entries"},
    MAP_ROW("map_from_arrays", 2, 2, "aa", resolve_from_arrays, from_arrays,
            "map_from_arrays(keys, values): a map of two arrays"),
    {.name = "map_from_entries",
     .min_args = 1,
     .max_args = 1,
     .types = "a",
     .resolve = resolve_from_entries,
     .kernel = from_entries,
     .text = "map_from_entries(entries): a map of an array of structs of key and value"},
    MAP_ROW("map_concat", 0, -1, NULL, resolve_concat, concat, "map_concat(map, ...): the entries of all maps"),
    MAP_ROW("map_keys", 1, 1, "m", resolve_part, keys, "map_keys(map): its keys as an array"),
    MAP_ROW("map_values", 1, 1, "m", resolve_part, values, "map_values(map): its values as an array"),
    MAP_ROW("map_entries", 1, 1, "m", resolve_part, entries, "map_entries(map): its entries as an array of structs"),
    MAP_ROW("map_contains_key", 2, 2, NULL, resolve_contains, contains,
            "map_contains_key(map, key): does the map have the key?"),
    {0},
};
