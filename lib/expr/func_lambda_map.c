/*
 * func_lambda_map: higher-order functions over maps: map_filter, transform_keys, transform_values, map_zip_with. The
 * lambda runs over the entries of all rows at once.
 */
#include "data_order.h"
#include "expr_coerce.h"
#include "func_lambda.h"
#include "func_map.h"

/* ---- binding -------------------------------------------------------------------------------------------------- */

static streamq_status bind_entry(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "m_", err));
    const sqi_type *map = node->arg[0]->type;
    sqi_lambda_param param[2] = {{map->field[0].type, false}, {map->field[1].type, map->field[1].nullable}};
    node->nullable = node->arg[0]->nullable;
    return sqi_bind_lambda(b, node, 1, param, 2, err);
}

static streamq_status resolve_filter(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(bind_entry(b, node, err));
    node->type = node->arg[0]->type;
    return sqi_lambda_boolean(b, node, 1, err);
}

static streamq_status resolve_keys(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(bind_entry(b, node, err));
    const sqi_type *map = node->arg[0]->type, *key = node->arg[1]->type;
    SQI_TRY(sqi_map_check_key_type(b, node, key, err));
    node->type = sqi_type_map(b->eval->pool, key, map->field[1].type, map->field[1].nullable);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status resolve_values(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(bind_entry(b, node, err));
    node->type =
        sqi_type_map(b->eval->pool, node->arg[0]->type->field[0].type, node->arg[1]->type, node->arg[1]->nullable);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

/* Both maps get the common type of their keys. */
static streamq_status resolve_zip(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    char one[128], other[128];
    sqi_type_pool *pool = b->eval->pool;
    SQI_TRY(sqi_bind_signature(b, node, "mm_", err));
    const sqi_type *x = node->arg[0]->type, *y = node->arg[1]->type;
    const sqi_type *key = sqi_coerce_tightest(pool, x->field[0].type, y->field[0].type);
    if (!key)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__MAP_ZIP_WITH_DIFF_TYPES, err,
                                   "the keys are %s and %s", sqi_type_label(x->field[0].type, one),
                                   sqi_type_label(y->field[0].type, other));
    for (int k = 0; k < 2; k++) {
        const sqi_type *map = node->arg[k]->type;
        const sqi_type *to = sqi_type_map(pool, key, map->field[1].type, map->field[1].nullable);
        if (!to)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_bind_cast(b, &node->arg[k], to, err));
    }
    sqi_lambda_param param[3] = {{key, false}, {x->field[1].type, true}, {y->field[1].type, true}};
    SQI_TRY(sqi_bind_lambda(b, node, 2, param, 3, err));
    node->type = sqi_type_map(pool, key, node->arg[2]->type, node->arg[2]->nullable);
    node->nullable = node->arg[0]->nullable || node->arg[1]->nullable;
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

/* ---- running -------------------------------------------------------------------------------------------------- */

typedef struct entries {
    const sqi_vec *map;
    sqi_inner in;
    sqi_vec key, value, result; /* by entry */
} entries;

static streamq_status run_entries(sqi_form *form, sqi_call *call, sqi_rows rows, entries *e, sqi_vec *out,
                                  streamq_error **err)
{
    SQI_TRY(sqi_form_arg(form, 0, rows, &e->map, err));
    SQI_TRY(sqi_inner_open(&e->in, call, e->map, rows, err));
    SQI_TRY(sqi_inner_lists(call, e->map, rows, out, err));
    SQI_TRY(sqi_inner_take(&e->in, call, &e->map->child[0], &e->key, err));
    SQI_TRY(sqi_inner_take(&e->in, call, &e->map->child[1], &e->value, err));
    const sqi_vec *var[2] = {&e->key, &e->value};
    return sqi_inner_run(form, call, 1, &e->in, var, &e->result, err);
}

static streamq_status run_filter(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    entries e;
    SQI_TRY(run_entries(form, call, rows, &e, out, err));
    uint32_t *index = sqi_arena_get(call->eval->arena, ((size_t)e.in.n + 1) * sizeof *index), m = 0;
    if (!index)
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i)) {
        sqi_list all = SQI_AT(out, sqi_list, i);
        uint32_t begin = m;
        for (uint32_t j = all.offset; j < all.offset + all.length; j++) {
            index[m] = j;
            m += sqi_vec_valid(&e.result, j) && SQI_AT(&e.result, uint8_t, j);
        }
        SQI_OUT(out, sqi_list)[i] = (sqi_list){begin, m - begin};
    }
    out->nchild = m;
    SQI_TRY(sqi_vec_gather(&out->child[0], &e.key, index, m, call->eval->arena, err));
    return sqi_vec_gather(&out->child[1], &e.value, index, m, call->eval->arena, err);
}

static streamq_status run_keys(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    entries e;
    SQI_TRY(run_entries(form, call, rows, &e, out, err));
    out->child[0] = e.result;
    out->child[1] = e.value;
    return sqi_map_finish(call, rows, out, err);
}

static streamq_status run_values(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    entries e;
    SQI_TRY(run_entries(form, call, rows, &e, out, err));
    out->child[0] = e.key;
    out->child[1] = e.result;
    return STREAMQ_OK;
}

/* The entries of two maps side by side: the first map's keys in order, then those that only the second has. */
typedef struct zipped {
    const sqi_vec *map[2];
    sqi_vec key;    /* keys of both, one after the other */
    uint64_t *hash; /* of these */
    uint32_t *parent, *keys, *value[2];
    uint32_t n;
} zipped;

static uint32_t find_key(const zipped *z, uint32_t key, sqi_list in, uint32_t base)
{
    for (uint32_t j = in.offset; j < in.offset + in.length; j++)
        if (z->hash[base + j] == z->hash[key] && sqi_order_equal(&z->key, base + j, &z->key, key))
            return j;
    return UINT32_MAX;
}

static void add_entry(zipped *z, uint32_t row, uint32_t key, uint32_t x, uint32_t y)
{
    z->parent[z->n] = row;
    z->keys[z->n] = key;
    z->value[0][z->n] = x;
    z->value[1][z->n++] = y;
}

static streamq_status join_keys(sqi_call *call, zipped *z, streamq_error **err)
{
    sqi_arena *arena = call->eval->arena;
    const sqi_vec *part[2] = {&z->map[0]->child[0], &z->map[1]->child[0]};
    uint32_t n[2] = {z->map[0]->nchild, z->map[1]->nchild};
    size_t all = (size_t)n[0] + n[1];
    SQI_TRY(sqi_vec_concat(&z->key, part, n, 2, arena, err));
    z->hash = sqi_arena_get(arena, (all + 1) * sizeof *z->hash);
    if (!z->hash)
        return sqi_error_nomem(err);
    if (all)
        sqi_order_hash(&z->key, (sqi_rows){NULL, (uint32_t)all}, 0, false, z->hash);
    return STREAMQ_OK;
}

/* How many entries the maps of the rows have, the shared ones counted twice. A constant map counts in every row. */
static streamq_status make_room(sqi_call *call, zipped *z, sqi_rows rows, streamq_error **err)
{
    uint64_t n = 0;
    for (SQI_EACH(rows, k, i))
        if (sqi_vec_valid(z->map[0], i) && sqi_vec_valid(z->map[1], i))
            n += (uint64_t)SQI_AT(z->map[0], sqi_list, i).length + SQI_AT(z->map[1], sqi_list, i).length;
    if (n >= UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "the maps of one chunk have too many entries");
    z->parent = sqi_arena_get(call->eval->arena, (4 * n + 1) * sizeof *z->parent);
    if (!z->parent)
        return sqi_error_nomem(err);
    z->keys = z->parent + n;
    z->value[0] = z->keys + n;
    z->value[1] = z->value[0] + n;
    z->n = 0;
    return STREAMQ_OK;
}

static void zip_row(zipped *z, uint32_t i)
{
    sqi_list x = SQI_AT(z->map[0], sqi_list, i), y = SQI_AT(z->map[1], sqi_list, i);
    uint32_t base = z->map[0]->nchild;
    for (uint32_t j = x.offset; j < x.offset + x.length; j++)
        add_entry(z, i, j, j, find_key(z, j, y, base));
    for (uint32_t j = y.offset; j < y.offset + y.length; j++)
        if (find_key(z, base + j, x, 0) == UINT32_MAX)
            add_entry(z, i, base + j, UINT32_MAX, j);
}

static streamq_status run_zip(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_arena *arena = call->eval->arena;
    zipped z;
    sqi_vec value[2];
    SQI_TRY(sqi_form_arg(form, 0, rows, &z.map[0], err));
    SQI_TRY(sqi_form_arg(form, 1, rows, &z.map[1], err));
    SQI_TRY(join_keys(call, &z, err));
    SQI_TRY(make_room(call, &z, rows, err));
    SQI_TRY(sqi_vec_bitmap(out, call->n, true, arena, err));
    for (SQI_EACH(rows, k, i)) {
        uint32_t begin = z.n;
        if (sqi_vec_valid(z.map[0], i) && sqi_vec_valid(z.map[1], i))
            zip_row(&z, i);
        else
            sqi_vec_set_null(out, i);
        SQI_OUT(out, sqi_list)[i] = (sqi_list){begin, z.n - begin};
    }
    SQI_TRY(sqi_vec_gather(&out->child[0], &z.key, z.keys, z.n, arena, err));
    for (int m = 0; m < 2; m++)
        SQI_TRY(sqi_vec_gather(&value[m], &z.map[m]->child[1], z.value[m], z.n, arena, err));
    const sqi_vec *var[3] = {&out->child[0], &value[0], &value[1]};
    sqi_inner in = {.n = z.n, .parent = z.parent};
    out->nchild = z.n;
    return sqi_inner_run(form, call, 2, &in, var, &out->child[1], err);
}

#define ROW(n, args, r, k, t)                                                                                       \
    {                                                                                                               \
        .name = n, .min_args = args, .max_args = args, .flags = SQI_FUNC_HIGHER, .resolve = r, .form = k, .text = t \
    }

const sqi_func sqi_func_lambda_map[] = {
    ROW("map_filter", 2, resolve_filter, run_filter,
        "map_filter(map, (k, v) -> condition): the entries where it is true"),
    ROW("transform_keys", 2, resolve_keys, run_keys, "transform_keys(map, (k, v) -> ...): each key replaced"),
    ROW("transform_values", 2, resolve_values, run_values, "transform_values(map, (k, v) -> ...): each value replaced"),
    ROW("map_zip_with", 3, resolve_zip, run_zip, "map_zip_with(a, b, (k, v, w) -> ...): two maps, key by key"),
    {0},
};
