/*
 * plan_make: nodes from resolved parts.
 */
#include "plan_make.h"

sqi_node *sqi_make_over(sqi_plan_context *c, sqi_node_kind kind, const sqi_node *in)
{
    sqi_node *n = sqi_node_new(c, kind, 1);
    if (!n)
        return NULL;
    n->input[0] = (sqi_node *)(uintptr_t)in; /* nodes are read only once made; the field serves their makers */
    n->streaming = in->streaming;
    n->depth = in->depth + 1;
    n->weight = in->weight + 1;
    n->ncol = in->ncol;
    n->col = in->col;
    return n;
}

sqi_node *sqi_make_project(sqi_plan_context *c, const sqi_node *in, sqi_bound **expr, sqi_attribute *col, uint32_t n)
{
    sqi_node *p = sqi_make_over(c, SQI_NODE_PROJECT, in);
    if (!p)
        return NULL;
    p->expr = expr;
    p->nexpr = n;
    p->col = col;
    p->ncol = n;
    return p;
}

sqi_node *sqi_make_filter(sqi_plan_context *c, const sqi_node *in, sqi_bound *condition)
{
    sqi_node *f = sqi_make_over(c, SQI_NODE_FILTER, in);
    if (!f || !(f->expr = sqi_arena_array(c->arena, 1, sizeof *f->expr)))
        return NULL;
    f->expr[0] = condition;
    f->nexpr = 1;
    return f;
}

sqi_node *sqi_make_generate(sqi_plan_context *c, const sqi_node *in, sqi_bound *generator)
{
    sqi_node *g = sqi_make_over(c, SQI_NODE_GENERATE, in);
    uint32_t more = generator->type->nfield;
    if (!g || !(g->expr = sqi_arena_array(c->arena, 1, sizeof *g->expr)) ||
        !(g->kept = sqi_arena_array(c->arena, in->ncol, sizeof *g->kept)) ||
        !(g->col = sqi_arena_array(c->arena, (size_t)in->ncol + more, sizeof *g->col)))
        return NULL;
    g->expr[0] = generator;
    g->nexpr = 1;
    g->nkept = in->ncol;
    for (uint32_t i = 0; i < in->ncol; i++) {
        g->kept[i] = i;
        g->col[i] = in->col[i];
    }
    for (uint32_t i = 0; i < more; i++) {
        const sqi_field *f = &generator->type->field[i];
        g->col[in->ncol + i] =
            (sqi_attribute){.name = f->name,
                            .type = f->type,
                            .nullable = f->nullable || generator->outer || generator->generator->outer};
    }
    g->ncol = in->ncol + more;
    return g;
}

sqi_node *sqi_make_sort(sqi_plan_context *c, const sqi_node *in, sqi_bound **expr, uint8_t *flags, uint32_t n)
{
    sqi_node *s = sqi_make_over(c, SQI_NODE_SORT, in);
    if (!s)
        return NULL;
    s->expr = expr;
    s->nexpr = n;
    s->sort_flags = flags;
    return s;
}

sqi_bound *sqi_make_column(sqi_plan_context *c, const sqi_node *in, uint32_t i)
{
    return sqi_bound_column(c->arena, i, in->col[i].type, in->col[i].nullable);
}

sqi_node *sqi_make_distinct(sqi_plan_context *c, const sqi_node *in)
{
    sqi_node *a = sqi_make_over(c, SQI_NODE_AGGREGATE, in);
    if (!a || !(a->expr = sqi_arena_array(c->arena, in->ncol, sizeof *a->expr)))
        return NULL;
    for (uint32_t i = 0; i < in->ncol; i++)
        if (!(a->expr[i] = sqi_make_column(c, in, i)))
            return NULL;
    a->nexpr = a->nkey = in->ncol;
    a->from_distinct = true;
    return a;
}

sqi_node *sqi_make_pick(sqi_plan_context *c, const sqi_node *in, const uint32_t *column, uint32_t n)
{
    sqi_bound **expr = sqi_arena_array(c->arena, n, sizeof *expr);
    sqi_attribute *col = sqi_arena_array(c->arena, n, sizeof *col);
    if (!expr || !col)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        if (!(expr[i] = sqi_make_column(c, in, column[i])))
            return NULL;
        col[i] = in->col[column[i]];
    }
    return sqi_make_project(c, in, expr, col, n);
}

streamq_status sqi_make_done(const sqi_node *made, const sqi_node **out, streamq_error **err)
{
    if (!made)
        return sqi_error_nomem(err);
    if (made->depth > SQI_PLAN_DEPTH)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                             "the plan is nested deeper than %d operators; put several steps into one select list",
                             SQI_PLAN_DEPTH);
    if (made->weight > SQI_PLAN_WEIGHT)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED,
                             "the plan has more than %d operators, each use of a named query counted", SQI_PLAN_WEIGHT);
    *out = made;
    return STREAMQ_OK;
}
