/*
 * expr_bound: building, comparing, walking and rewriting resolved expressions. Printing is in expr_bound_print.c.
 *
 * Nodes are immutable once bound, so trees share subtrees freely: a rewrite copies only the path from a replaced node
 * to the root. Nothing here owns memory; every node lives in the arena that the caller names.
 */
#include "expr_bound.h"

#include "agg.h"
#include "data_order.h"
#include "func.h"

sqi_bound *sqi_bound_column(sqi_arena *arena, uint32_t column, const sqi_type *type, bool nullable)
{
    sqi_bound *e = sqi_arena_zero(arena, sizeof *e);
    if (!e)
        return NULL;
    e->kind = SQI_BOUND_COLUMN;
    e->type = type;
    e->nullable = nullable;
    e->column = column;
    return e;
}

sqi_bound *sqi_bound_const(sqi_arena *arena, const sqi_vec *value)
{
    sqi_bound *e = sqi_arena_zero(arena, sizeof *e);
    if (!e)
        return NULL;
    e->kind = SQI_BOUND_CONST;
    e->type = value->type;
    e->nullable = !sqi_vec_valid(value, 0);
    e->value = value;
    return e;
}

static bool holds_float(const sqi_type *t)
{
    if (t->id == SQI_FLOAT || t->id == SQI_DOUBLE)
        return true;
    for (uint32_t i = 0; i < t->nfield; i++)
        if (holds_float(t->field[i].type))
            return true;
    return false;
}

/* Constants are the same only if no function could tell them apart: the order of values calls 0.0 and -0.0 equal. */
static bool same_value(const sqi_vec *a, const sqi_vec *b)
{
    if (a == b)
        return true;
    if (!sqi_type_same(a->type, b->type))
        return false;
    bool valid = sqi_vec_valid(a, 0);
    if (valid != sqi_vec_valid(b, 0))
        return false;
    if (!valid)
        return true;
    switch (a->type->id) {
    case SQI_FLOAT:
    case SQI_DOUBLE:
    case SQI_INTERVAL:
        return memcmp(a->data, b->data, sqi_type_width(a->type)) == 0;
    default:
        return !holds_float(a->type) && sqi_order_equal(a, 0, b, 0);
    }
}

static bool same_args(sqi_bound *const *a, sqi_bound *const *b, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!sqi_bound_equal(a[i], b[i]))
            return false;
    return true;
}

bool sqi_bound_equal(const sqi_bound *a, const sqi_bound *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind || a->narg != b->narg || a->nsort != b->nsort || a->column != b->column ||
        a->nvar != b->nvar || a->func != b->func || a->agg != b->agg || a->generator != b->generator ||
        a->flags != b->flags || a->distinct != b->distinct || a->ignore_nulls != b->ignore_nulls ||
        a->outer != b->outer)
        return false;
    if (a->type != b->type && !(a->type && b->type && sqi_type_same(a->type, b->type)))
        return false;
    if (a->kind == SQI_BOUND_CONST)
        return same_value(a->value, b->value);
    if (a->nsort && memcmp(a->sort_flags, b->sort_flags, a->nsort) != 0)
        return false;
    return same_args(a->arg, b->arg, a->narg) && same_args(a->sort, b->sort, a->nsort) &&
           sqi_bound_equal(a->filter, b->filter);
}

bool sqi_bound_visit(const sqi_bound *e, bool (*visit)(void *context, const sqi_bound *e), void *context)
{
    if (!visit(context, e))
        return false;
    for (uint32_t i = 0; i < e->narg; i++)
        if (!sqi_bound_visit(e->arg[i], visit, context))
            return false;
    for (uint32_t i = 0; i < e->nsort; i++)
        if (!sqi_bound_visit(e->sort[i], visit, context))
            return false;
    return !e->filter || sqi_bound_visit(e->filter, visit, context);
}

static bool fixed_node(void *context, const sqi_bound *e)
{
    (void)context;
    return e->kind != SQI_BOUND_CALL || !(e->func->flags & SQI_FUNC_RANDOM);
}

bool sqi_bound_deterministic(const sqi_bound *e)
{
    return sqi_bound_visit(e, fixed_node, NULL);
}

/* A lambda's own variables do not keep a call from being folded: only a variable bound outside the tree does. */
static bool foldable(const sqi_bound *e, uint32_t first_inner)
{
    switch (e->kind) {
    case SQI_BOUND_CONST:
        return true;
    case SQI_BOUND_VARIABLE:
        return e->column >= first_inner;
    case SQI_BOUND_LAMBDA:
        if (e->nvar && e->column < first_inner)
            first_inner = e->column;
        break;
    case SQI_BOUND_CALL:
        if (e->func->flags & (SQI_FUNC_RANDOM | SQI_FUNC_PER_BATCH))
            return false;
        break;
    default:
        return false;
    }
    for (uint32_t i = 0; i < e->narg; i++)
        if (!foldable(e->arg[i], first_inner))
            return false;
    return true;
}

bool sqi_bound_foldable(const sqi_bound *e)
{
    return e->kind != SQI_BOUND_LAMBDA && foldable(e, UINT32_MAX);
}

static bool other_kind(void *context, const sqi_bound *e)
{
    return e->kind != *(const sqi_bound_kind *)context;
}

bool sqi_bound_has(const sqi_bound *e, sqi_bound_kind kind)
{
    return !sqi_bound_visit(e, other_kind, &kind);
}

sqi_bound *sqi_bound_null(sqi_arena *arena, const sqi_type *type)
{
    sqi_vec *value = sqi_arena_get(arena, sizeof *value);
    return value && sqi_vec_null(value, type, arena, NULL) == STREAMQ_OK ? sqi_bound_const(arena, value) : NULL;
}

static bool is_null_literal(const sqi_bound *e)
{
    if (e->kind == SQI_BOUND_CALL && e->narg == 1 && strcmp(e->func->name, "cast") == 0)
        return is_null_literal(e->arg[0]);
    return e->kind == SQI_BOUND_CONST && !sqi_vec_valid(e->value, 0);
}

bool sqi_bound_surely_null(const sqi_bound *e)
{
    bool null = false;
    for (uint32_t i = 0; e->func->kernel && e->func->nulls == SQI_NULL_STRICT && i < e->narg; i++)
        null = null || is_null_literal(e->arg[i]);
    return null;
}

typedef struct rewriter {
    sqi_bound_map map;
    void *context;
    sqi_arena *arena;
    streamq_error **err;
} rewriter;

static sqi_bound *rewrite(const rewriter *r, const sqi_bound *e);

/* Rewritten list: the same array if nothing in it changed. NULL: stop. */
static sqi_bound **rewrite_list(const rewriter *r, sqi_bound **list, uint32_t n)
{
    sqi_bound **out = list;
    for (uint32_t i = 0; i < n; i++) {
        sqi_bound *x = rewrite(r, list[i]);
        if (!x)
            return NULL;
        if (x == list[i])
            continue;
        if (out == list) {
            out = sqi_arena_array(r->arena, n, sizeof *out);
            if (!out)
                return NULL;
            memcpy(out, list, n * sizeof *out);
        }
        out[i] = x;
    }
    return out;
}

static sqi_bound *rewrite(const rewriter *r, const sqi_bound *e)
{
    sqi_bound *mapped = r->map(r->context, e, r->err);
    if (mapped || (r->err && *r->err))
        return mapped;
    sqi_bound **arg = e->arg, **sort = e->sort;
    sqi_bound *filter = e->filter;
    if (e->narg && !(arg = rewrite_list(r, e->arg, e->narg)))
        return NULL;
    if (e->nsort && !(sort = rewrite_list(r, e->sort, e->nsort)))
        return NULL;
    if (filter && !(filter = rewrite(r, filter)))
        return NULL;
    if (arg == e->arg && sort == e->sort && filter == e->filter)
        return (sqi_bound *)e;
    sqi_bound *copy = sqi_arena_get(r->arena, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *e;
    copy->arg = arg;
    copy->sort = sort;
    copy->filter = filter;
    return copy;
}

sqi_bound *sqi_bound_rewrite(const sqi_bound *e, sqi_bound_map map, void *context, sqi_arena *arena,
                             streamq_error **err)
{
    streamq_error *local = NULL; /* map reports a stop by setting an error, so there must be somewhere to set it */
    rewriter r = {map, context, arena, err ? err : &local};
    sqi_bound *out = rewrite(&r, e);
    sqi_error_free(local);
    return out;
}
