/*
 * plan_union: UNION ALL and the common types that set operations need.
 *
 * Columns meet by position. The result has the first input's names; a column may be null if it may be in any input.
 */
#include "plan_union.h"

#include "expr_coerce.h"
#include "plan_build.h"
#include "plan_make.h"
#include "plan_names.h"

static streamq_status common_types(sqi_plan_context *c, const char *what, const sqi_ast *at, const sqi_node *a,
                                   const sqi_node *b, const sqi_type **type, streamq_error **err)
{
    char left[128], right[128];
    if (a->ncol != b->ncol)
        return sqi_names_error(at, err, SQI_COND_NUM_COLUMNS_MISMATCH,
                               "%s: the first input has %u columns, the second %u; select as many in both", what,
                               a->ncol, b->ncol);
    for (uint32_t i = 0; i < a->ncol; i++) {
        const sqi_type *x = a->col[i].type, *y = b->col[i].type;
        type[i] = x == y ? x : sqi_coerce_common(c->eval->pool, x, y);
        if (!type[i])
            return sqi_names_error(at, err, SQI_COND_INCOMPATIBLE_COLUMN_TYPE,
                                   "%s: column %u is %s in the first input and %s in the second; cast one of them",
                                   what, i + 1, sqi_type_label(x, left), sqi_type_label(y, right));
    }
    return STREAMQ_OK;
}

/* A PROJECT with the casts, or the input itself if none is needed. */
static streamq_status cast_to(sqi_plan_context *c, const sqi_type *const *type, const sqi_node **in,
                              streamq_error **err)
{
    const sqi_node *from = *in;
    bool same = true;
    for (uint32_t i = 0; i < from->ncol; i++)
        same = same && sqi_type_same(from->col[i].type, type[i]);
    if (same)
        return STREAMQ_OK;
    sqi_bound **expr = sqi_arena_array(c->arena, from->ncol, sizeof *expr);
    sqi_attribute *col = sqi_arena_array(c->arena, from->ncol, sizeof *col);
    if (!expr || !col)
        return sqi_error_nomem(err);
    sqi_binder b;
    sqi_names_binder(&b, c, NULL, "UNION", 0);
    for (uint32_t i = 0; i < from->ncol; i++) {
        if (!(expr[i] = sqi_make_column(c, from, i)))
            return sqi_error_nomem(err);
        if (!sqi_type_same(expr[i]->type, type[i]))
            SQI_TRY(sqi_bind_cast(&b, &expr[i], type[i], err));
        col[i] = from->col[i];
        col[i].event_time = col[i].event_time && expr[i]->kind == SQI_BOUND_COLUMN;
        col[i].type = expr[i]->type;
        col[i].nullable = expr[i]->nullable;
    }
    return sqi_make_done(sqi_make_project(c, from, expr, col, from->ncol), in, err);
}

streamq_status sqi_union_align(sqi_plan_context *c, const char *what, const sqi_ast *at, const sqi_node **a,
                               const sqi_node **b, streamq_error **err)
{
    const sqi_type **type = sqi_arena_array(c->arena, (*a)->ncol, sizeof *type);
    if (!type)
        return sqi_error_nomem(err);
    SQI_TRY(common_types(c, what, at, *a, *b, type, err));
    SQI_TRY(cast_to(c, type, a, err));
    return cast_to(c, type, b, err);
}

/* A union over a union of the same shape takes its inputs over. */
static uint32_t inputs_of(const sqi_node *n, sqi_node *const **list, sqi_node **self)
{
    bool joins = n->kind == SQI_NODE_UNION && !n->subtract && !n->intersect;
    *self = (sqi_node *)(uintptr_t)n;
    *list = joins ? n->input : self;
    return joins ? n->ninput : 1;
}

streamq_status sqi_plan_union(sqi_plan_context *c, sqi_in a, sqi_in b, const sqi_node **out, streamq_error **err)
{
    sqi_node *const *list[2], *self[2];
    SQI_TRY(sqi_union_align(c, "UNION", NULL, &a, &b, err));
    uint32_t na = inputs_of(a, &list[0], &self[0]), nb = inputs_of(b, &list[1], &self[1]);
    sqi_node *u = sqi_node_new(c, SQI_NODE_UNION, na + nb);
    if (!u || !(u->col = sqi_arena_array(c->arena, a->ncol, sizeof *u->col)))
        return sqi_error_nomem(err);
    memcpy(u->input, list[0], na * sizeof *u->input);
    memcpy(u->input + na, list[1], nb * sizeof *u->input);
    u->streaming = a->streaming || b->streaming;
    for (uint32_t i = 0; i < u->ninput; i++) {
        u->depth = u->input[i]->depth + 1 > u->depth ? u->input[i]->depth + 1 : u->depth;
        u->weight += u->input[i]->weight;
    }
    u->ncol = a->ncol;
    for (uint32_t i = 0; i < u->ncol; i++) {
        u->col[i] = (sqi_attribute){.name = a->col[i].name,
                                    .qualifier = a->col[i].qualifier,
                                    .type = a->col[i].type,
                                    .nullable = a->col[i].nullable || b->col[i].nullable,
                                    .event_time = a->col[i].event_time};
    }
    return sqi_make_done(u, out, err);
}
