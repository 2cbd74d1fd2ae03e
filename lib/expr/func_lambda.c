/*
 * func_lambda: higher-order functions over arrays: transform, filter, exists, forall, aggregate, zip_with. Those over
 * maps are in func_lambda_map.c.
 *
 * A lambda runs over the elements of all rows at once, as over a chunk of its own. exists and forall must not evaluate
 * what stands behind the deciding element if that fails: they run over everything first, and only when that fails one
 * element of every row after the other. aggregate always goes element by element, each step over all rows.
 */
#include "func_lambda.h"

#include "func_branch.h"

/* ---- shared --------------------------------------------------------------------------------------------------- */

streamq_status sqi_inner_open(sqi_inner *in, sqi_call *call, const sqi_vec *list, sqi_rows rows, streamq_error **err)
{
    uint64_t n = 0;
    for (SQI_EACH(rows, k, i))
        n += sqi_vec_valid(list, i) ? SQI_AT(list, sqi_list, i).length : 0;
    if (n >= UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "the arrays of one chunk have too many elements");
    sqi_arena *arena = call->eval->arena;
    in->n = (uint32_t)n;
    in->parent = sqi_arena_get(arena, (2 * (size_t)n + 1) * sizeof *in->parent);
    if (!in->parent)
        return sqi_error_nomem(err);
    in->index = in->parent + n;
    in->same = n == list->nchild;
    uint32_t at = 0;
    for (SQI_EACH(rows, k, i)) {
        if (!sqi_vec_valid(list, i))
            continue;
        sqi_list l = SQI_AT(list, sqi_list, i);
        for (uint32_t j = 0; j < l.length; j++, at++) {
            in->parent[at] = i;
            in->index[at] = l.offset + j;
            in->same &= l.offset + j == at;
        }
    }
    return STREAMQ_OK;
}

streamq_status sqi_inner_take(const sqi_inner *in, sqi_call *call, const sqi_vec *child, sqi_vec *out,
                              streamq_error **err)
{
    if (in->same || child->mask == 0) {
        *out = *child;
        return STREAMQ_OK;
    }
    return sqi_vec_gather(out, child, in->index, in->n, call->eval->arena, err);
}

streamq_status sqi_inner_lists(sqi_call *call, const sqi_vec *list, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    uint32_t at = 0;
    if (list->valid)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        bool there = sqi_vec_valid(list, i);
        uint32_t length = there ? SQI_AT(list, sqi_list, i).length : 0;
        SQI_OUT(out, sqi_list)[i] = (sqi_list){at, length};
        at += length;
        if (!there)
            sqi_vec_set_null(out, i);
    }
    out->nchild = at;
    return STREAMQ_OK;
}

streamq_status sqi_inner_run(sqi_form *form, sqi_call *call, uint32_t k, const sqi_inner *in, const sqi_vec *const *var,
                             sqi_vec *out, streamq_error **err)
{
    const sqi_vec *result;
    SQI_TRY(sqi_form_lambda(form, k, var, in->n, in->parent, (sqi_rows){NULL, in->n}, &result, err));
    return sqi_vec_flatten(out, result, in->n, call->eval->arena, err);
}

streamq_status sqi_lambda_boolean(sqi_binder *b, sqi_bound *node, uint32_t k, streamq_error **err)
{
    sqi_bound *lambda = node->arg[k];
    sqi_type_id id = lambda->type->id;
    if (id == SQI_VOID || id == SQI_STRING) {
        SQI_TRY(sqi_bind_cast(b, &lambda->arg[0], &sqi_type_boolean, err));
        lambda->type = &sqi_type_boolean;
        lambda->nullable = true;
    }
    return lambda->type->id == SQI_BOOLEAN ? STREAMQ_OK
                                           : sqi_bind_arg_type_error(b, node, k, "a function to BOOLEAN", err);
}

/* ---- transform, filter ---------------------------------------------------------------------------------------- */

static sqi_lambda_param element_of(const sqi_type *array)
{
    return (sqi_lambda_param){array->field[0].type, array->field[0].nullable};
}

/* (element) or (element, index): as many as the lambda function takes. */
static streamq_status bind_element(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "a_", err));
    sqi_lambda_param param[2] = {element_of(node->arg[0]->type), {&sqi_type_int, false}};
    node->nullable = node->arg[0]->nullable;
    return sqi_bind_lambda(b, node, 1, param, sqi_bind_lambda_arity(node, 1) == 2 ? 2 : 1, err);
}

static streamq_status resolve_transform(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(bind_element(b, node, err));
    const sqi_bound *lambda = node->arg[1];
    node->type = sqi_type_array(b->eval->pool, lambda->type, lambda->nullable);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status resolve_filter(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(bind_element(b, node, err));
    node->type = node->arg[0]->type;
    return sqi_lambda_boolean(b, node, 1, err);
}

/* The positions of elements in their rows, from 0. */
static streamq_status index_vector(sqi_call *call, const sqi_inner *in, sqi_vec *out, streamq_error **err)
{
    SQI_TRY(sqi_vec_make(out, &sqi_type_int, in->n, call->eval->arena, err));
    int32_t *to = SQI_OUT(out, int32_t);
    for (uint32_t k = 0; k < in->n; k++)
        to[k] = k && in->parent[k] == in->parent[k - 1] ? to[k - 1] + 1 : 0;
    return STREAMQ_OK;
}

static streamq_status run_elements(sqi_form *form, sqi_call *call, const sqi_vec *list, const sqi_inner *in,
                                   sqi_vec *element, sqi_vec *out, streamq_error **err)
{
    sqi_vec index;
    const sqi_vec *var[2] = {element, &index};
    SQI_TRY(sqi_inner_take(in, call, &list->child[0], element, err));
    if (call->node->arg[1]->nvar == 2)
        SQI_TRY(index_vector(call, in, &index, err));
    return sqi_inner_run(form, call, 1, in, var, out, err);
}

static streamq_status run_transform(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_vec *list;
    sqi_inner in;
    sqi_vec element;
    SQI_TRY(sqi_form_arg(form, 0, rows, &list, err));
    SQI_TRY(sqi_inner_open(&in, call, list, rows, err));
    SQI_TRY(sqi_inner_lists(call, list, rows, out, err));
    return run_elements(form, call, list, &in, &element, &out->child[0], err);
}

static bool is_true(const sqi_vec *v, uint32_t i)
{
    return sqi_vec_valid(v, i) && SQI_AT(v, uint8_t, i);
}

static streamq_status run_filter(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_vec *list;
    sqi_inner in;
    sqi_vec element, keep;
    SQI_TRY(sqi_form_arg(form, 0, rows, &list, err));
    SQI_TRY(sqi_inner_open(&in, call, list, rows, err));
    SQI_TRY(sqi_inner_lists(call, list, rows, out, err));
    SQI_TRY(run_elements(form, call, list, &in, &element, &keep, err));
    uint32_t *index = sqi_arena_get(call->eval->arena, ((size_t)in.n + 1) * sizeof *index), m = 0;
    if (!index)
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i)) {
        sqi_list all = SQI_AT(out, sqi_list, i);
        uint32_t begin = m;
        for (uint32_t j = 0; j < all.length; j++) {
            index[m] = all.offset + j;
            m += is_true(&keep, all.offset + j);
        }
        SQI_OUT(out, sqi_list)[i] = (sqi_list){begin, m - begin};
    }
    out->nchild = m;
    return sqi_vec_gather(&out->child[0], &element, index, m, call->eval->arena, err);
}

/* ---- exists, forall ------------------------------------------------------------------------------------------- */

static streamq_status resolve_quantifier(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "a_", err));
    sqi_lambda_param param = element_of(node->arg[0]->type);
    SQI_TRY(sqi_bind_lambda(b, node, 1, &param, 1, err));
    node->type = &sqi_type_boolean;
    node->nullable = true;
    return sqi_lambda_boolean(b, node, 1, err);
}

/* What is known of a row while its elements are looked at. */
enum { UNDECIDED = 0, SAW_NULL = 1, DECIDED = 2 };

static void look(const sqi_vec *v, uint32_t k, bool decides, uint8_t *seen)
{
    if (!sqi_vec_valid(v, k))
        *seen |= SAW_NULL;
    else if ((SQI_AT(v, uint8_t, k) != 0) == decides)
        *seen |= DECIDED;
}

static streamq_status look_at_all(sqi_form *form, sqi_call *call, const sqi_vec *list, sqi_rows rows, bool decides,
                                  uint8_t *seen, streamq_error **err)
{
    sqi_inner in;
    sqi_vec element, result;
    SQI_TRY(sqi_inner_open(&in, call, list, rows, err));
    SQI_TRY(run_elements(form, call, list, &in, &element, &result, err));
    for (uint32_t k = 0; k < in.n; k++)
        look(&result, k, decides, &seen[in.parent[k]]);
    return STREAMQ_OK;
}

/* Element j of each open row; rows that are decided drop out before the next. */
static streamq_status look_in_steps(sqi_form *form, sqi_call *call, const sqi_vec *list, sqi_rows rows, bool decides,
                                    uint8_t *seen, streamq_error **err)
{
    sqi_arena *arena = call->eval->arena;
    uint32_t *parent = sqi_arena_get(arena, (2 * (size_t)rows.n + 1) * sizeof *parent), *index;
    if (!parent)
        return sqi_error_nomem(err);
    index = parent + rows.n;
    for (uint32_t j = 0;; j++) {
        uint32_t m = 0;
        for (SQI_EACH(rows, k, i)) {
            if (!sqi_vec_valid(list, i) || (seen[i] & DECIDED) || SQI_AT(list, sqi_list, i).length <= j)
                continue;
            parent[m] = i;
            index[m++] = SQI_AT(list, sqi_list, i).offset + j;
        }
        if (m == 0)
            return STREAMQ_OK;
        sqi_vec element;
        const sqi_vec *var = &element, *result;
        SQI_TRY(sqi_vec_gather(&element, &list->child[0], index, m, arena, err));
        SQI_TRY(sqi_form_lambda(form, 1, &var, m, parent, (sqi_rows){NULL, m}, &result, err));
        for (uint32_t k = 0; k < m; k++)
            look(result, k, decides, &seen[parent[k]]);
    }
}

static streamq_status run_quantifier(sqi_form *form, sqi_call *call, sqi_rows rows, bool decides, sqi_vec *out,
                                     streamq_error **err)
{
    const sqi_vec *list;
    streamq_error *failed = NULL;
    uint8_t *seen = sqi_arena_zero(call->eval->arena, (size_t)call->n + 1);
    if (!seen)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_form_arg(form, 0, rows, &list, err));
    streamq_status status = look_at_all(form, call, list, rows, decides, seen, &failed);
    if (status == STREAMQ_ERR_DATA) {
        sqi_error_free(failed);
        memset(seen, 0, (size_t)call->n);
        SQI_TRY(look_in_steps(form, call, list, rows, decides, seen, err));
    } else if (status != STREAMQ_OK) {
        return sqi_error_pass(err, failed);
    }
    SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        bool decided = seen[i] & DECIDED;
        SQI_OUT(out, uint8_t)[i] = decided ? decides : !decides;
        if (!sqi_vec_valid(list, i) || (!decided && (seen[i] & SAW_NULL)))
            sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

static streamq_status run_exists(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return run_quantifier(form, call, rows, true, out, err);
}

static streamq_status run_forall(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return run_quantifier(form, call, rows, false, out, err);
}

/* ---- aggregate ------------------------------------------------------------------------------------------------ */

static streamq_status resolve_aggregate(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "a___", err));
    const sqi_type *zero = node->arg[1]->type;
    sqi_lambda_param param[2] = {{zero, true}, element_of(node->arg[0]->type)};
    SQI_TRY(sqi_bind_lambda(b, node, 2, param, 2, err));
    if (!sqi_type_same(node->arg[2]->type, zero))
        return sqi_bind_arg_type_error(b, node, 2, "a function to the type of the start value", err);
    if (node->narg > 3)
        SQI_TRY(sqi_bind_lambda(b, node, 3, param, 1, err));
    node->type = node->arg[node->narg > 3 ? 3 : 1]->type;
    node->nullable = true;
    return STREAMQ_OK;
}

/* Rows whose list has an element j, and those that are through. */
static void split_at(const sqi_vec *list, sqi_rows rows, uint32_t j, uint32_t *go, uint32_t *ngo, uint32_t *done,
                     uint32_t *ndone)
{
    *ngo = *ndone = 0;
    for (uint32_t k = 0; k < rows.n; k++) { /* go may be rows.sel: it is written behind where it is read */
        uint32_t i = rows.sel[k];
        if (SQI_AT(list, sqi_list, i).length > j)
            go[(*ngo)++] = i;
        else
            done[(*ndone)++] = i;
    }
}

typedef struct folding {
    sqi_form *form;
    sqi_call *call;
    const sqi_vec *list;
    uint32_t *self;  /* every position is its own parent */
    uint32_t *index; /* of element j by position */
    uint32_t *done;
} folding;

static streamq_status fold_step(const folding *f, const sqi_vec **acc, sqi_rows go, uint32_t j, streamq_error **err)
{
    uint32_t any = SQI_AT(f->list, sqi_list, go.sel[0]).offset + j;
    for (uint32_t i = 0; i < f->call->n; i++)
        f->index[i] = any; /* positions that take no part read an element that exists */
    for (uint32_t k = 0; k < go.n; k++)
        f->index[go.sel[k]] = SQI_AT(f->list, sqi_list, go.sel[k]).offset + j;
    sqi_vec element;
    const sqi_vec *var[2] = {*acc, &element};
    SQI_TRY(sqi_vec_gather(&element, &f->list->child[0], f->index, f->call->n, f->call->eval->arena, err));
    return sqi_form_lambda(f->form, 2, var, f->call->n, f->self, go, acc, err);
}

static streamq_status fold_rows(const folding *f, uint32_t *live, uint32_t nlive, sqi_vec *out, streamq_error **err)
{
    sqi_bound start_node = *f->call->node; /* the accumulator's type, not the result's, rules the joining */
    start_node.type = f->call->node->arg[1]->type;
    sqi_call start_call = *f->call;
    start_call.node = &start_node;
    sqi_branches to;
    sqi_rows go = {live, nlive};
    const sqi_vec *acc;
    uint32_t ndone;
    sqi_branches_init(&to, &start_call, go, out);
    SQI_TRY(sqi_form_arg(f->form, 1, go, &acc, err));
    for (uint32_t j = 0; go.n; j++) {
        split_at(f->list, go, j, live, &go.n, f->done, &ndone);
        SQI_TRY(sqi_branches_put(&to, acc, (sqi_rows){f->done, ndone}, err));
        if (go.n)
            SQI_TRY(fold_step(f, &acc, go, j, err));
    }
    return sqi_branches_finish(&to, err);
}

static streamq_status run_aggregate(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_arena *arena = call->eval->arena;
    folding f = {.form = form, .call = call};
    SQI_TRY(sqi_form_arg(form, 0, rows, &f.list, err));
    size_t n = call->n;
    f.self = sqi_arena_get(arena, (2 * n + 3 * (size_t)rows.n + 1) * sizeof *f.self);
    if (!f.self)
        return sqi_error_nomem(err);
    f.index = f.self + n;
    f.done = f.index + n;
    uint32_t *live = f.done + rows.n, *kept = live + rows.n, nlive = 0;
    for (uint32_t i = 0; i < call->n; i++)
        f.self[i] = i;
    for (SQI_EACH(rows, k, i)) {
        live[nlive] = kept[nlive] = i;
        nlive += sqi_vec_valid(f.list, i);
    }
    sqi_rows there = {kept, nlive};
    if (nlive == 0)
        return sqi_vec_null(out, call->node->type, arena, err);
    sqi_vec total;
    SQI_TRY(sqi_vec_make(&total, call->node->arg[1]->type, call->n, arena, err));
    SQI_TRY(fold_rows(&f, live, nlive, &total, err));
    const sqi_vec *result = &total, *var = &total;
    if (call->node->narg > 3)
        SQI_TRY(sqi_form_lambda(form, 3, &var, call->n, f.self, there, &result, err));
    sqi_branches to;
    sqi_rows filled, empty;
    SQI_TRY(sqi_branch_valid(call, f.list, rows, &filled, &empty, err));
    sqi_branches_init(&to, call, rows, out);
    SQI_TRY(sqi_branches_put(&to, result, filled, err));
    SQI_TRY(sqi_branches_null(&to, empty, err));
    return sqi_branches_finish(&to, err);
}

/* ---- zip_with ------------------------------------------------------------------------------------------------- */

static streamq_status resolve_zip(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "aa_", err));
    sqi_lambda_param param[2] = {{node->arg[0]->type->field[0].type, true}, {node->arg[1]->type->field[0].type, true}};
    SQI_TRY(sqi_bind_lambda(b, node, 2, param, 2, err));
    node->type = sqi_type_array(b->eval->pool, node->arg[2]->type, node->arg[2]->nullable);
    node->nullable = node->arg[0]->nullable || node->arg[1]->nullable;
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

/* Lists as long as the longer of the two; rows where one is null are null. */
static streamq_status zip_lists(sqi_call *call, const sqi_vec *const *list, sqi_rows rows, sqi_vec *out, uint32_t *n,
                                streamq_error **err)
{
    uint64_t at = 0;
    SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        bool there = sqi_vec_valid(list[0], i) && sqi_vec_valid(list[1], i);
        uint32_t x = there ? SQI_AT(list[0], sqi_list, i).length : 0,
                 y = there ? SQI_AT(list[1], sqi_list, i).length : 0;
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)at, x > y ? x : y};
        at += x > y ? x : y;
        if (!there)
            sqi_vec_set_null(out, i);
        if (at >= UINT32_MAX)
            return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "the arrays of one chunk have too many elements");
    }
    *n = (uint32_t)at;
    return STREAMQ_OK;
}

static streamq_status run_zip(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_arena *arena = call->eval->arena;
    const sqi_vec *list[2];
    uint32_t n = 0;
    SQI_TRY(sqi_form_arg(form, 0, rows, &list[0], err));
    SQI_TRY(sqi_form_arg(form, 1, rows, &list[1], err));
    SQI_TRY(zip_lists(call, list, rows, out, &n, err));
    uint32_t *index = sqi_arena_get(arena, (3 * (size_t)n + 1) * sizeof *index), *parent = index + 2 * (size_t)n;
    if (!index)
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i)) {
        sqi_list both = SQI_AT(out, sqi_list, i);
        for (uint32_t j = 0; j < both.length; j++) {
            parent[both.offset + j] = i;
            for (int side = 0; side < 2; side++) {
                sqi_list l = SQI_AT(list[side], sqi_list, i);
                index[side * (size_t)n + both.offset + j] = j < l.length ? l.offset + j : UINT32_MAX;
            }
        }
    }
    sqi_vec element[2];
    const sqi_vec *var[2] = {&element[0], &element[1]};
    for (int side = 0; side < 2; side++)
        SQI_TRY(sqi_vec_gather(&element[side], &list[side]->child[0], index + side * (size_t)n, n, arena, err));
    sqi_inner in = {.n = n, .parent = parent};
    out->nchild = n;
    return sqi_inner_run(form, call, 2, &in, var, &out->child[0], err);
}

#define ROW(n, min, max, r, k, t)                                                                                 \
    {                                                                                                             \
        .name = n, .min_args = min, .max_args = max, .flags = SQI_FUNC_HIGHER, .resolve = r, .form = k, .text = t \
    }

const sqi_func sqi_func_lambda[] = {
    ROW("transform", 2, 2, resolve_transform, run_transform, "transform(array, x -> ...): each element replaced"),
    ROW("filter", 2, 2, resolve_filter, run_filter, "filter(array, x -> condition): the elements where it is true"),
    ROW("exists", 2, 2, resolve_quantifier, run_exists,
        "exists(array, x -> condition): whether one element fulfils it"),
    ROW("forall", 2, 2, resolve_quantifier, run_forall,
        "forall(array, x -> condition): whether all elements fulfil it"),
    ROW("aggregate", 3, 4, resolve_aggregate, run_aggregate,
        "aggregate(array, start, (acc, x) -> ..., acc -> ...): the elements taken together from the left"),
    ROW("reduce", 3, 4, resolve_aggregate, run_aggregate,
        "reduce(array, start, (acc, x) -> ..., acc -> ...): the elements taken together from the left"),
    ROW("zip_with", 3, 3, resolve_zip, run_zip, "zip_with(a, b, (x, y) -> ...): two arrays, element by element"),
    {0},
};
