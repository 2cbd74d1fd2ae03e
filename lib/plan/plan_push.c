/*
 * plan_push: filters move towards the sources, part by part of their AND.
 *
 * A part passes a projection if what it reads there is a column or a constant, an aggregation if it reads only keys, a
 * generator if it reads only kept columns, a union into every input, a sort always. It stops at a limit, at dropping
 * duplicates and at grouping sets: there the rows that are filtered out have a say in what passes. A part that gives
 * another value each time does not move, and none moves past one that does. Past any other part moves only what cannot
 * fail: the other one may be there to keep rows from it (b <> 0 AND a / b > 1).
 */
#include "func.h"
#include "plan_make.h"
#include "plan_names.h"
#include "plan_rules.h"

typedef struct parts {
    sqi_bound **e;
    uint32_t n, cap;
} parts;

static bool add(sqi_plan_context *c, parts *p, sqi_bound *e)
{
    if (!sqi_arena_room(c->arena, (void **)&p->e, p->n, &p->cap, sizeof *p->e))
        return false;
    p->e[p->n++] = e;
    return true;
}

static bool is_and(const sqi_bound *e)
{
    return e->kind == SQI_BOUND_CALL && strcmp(e->func->name, "and") == 0;
}

static bool split(sqi_plan_context *c, sqi_bound *e, parts *out)
{
    if (!is_and(e))
        return sqi_rules_is_true(e) || add(c, out, e);
    for (uint32_t i = 0; i < e->narg; i++)
        if (!split(c, e->arg[i], out))
            return false;
    return true;
}

typedef struct reach {
    const sqi_node *n;
} reach;

/* Can this column of the node be computed below it without doing work twice? */
static bool column_passes(void *context, const sqi_bound *e)
{
    const sqi_node *n = ((const reach *)context)->n;
    if (e->kind != SQI_BOUND_COLUMN)
        return true;
    switch (n->kind) {
    case SQI_NODE_PROJECT:
        return n->expr[e->column]->kind == SQI_BOUND_COLUMN || n->expr[e->column]->kind == SQI_BOUND_CONST;
    case SQI_NODE_AGGREGATE:
        return e->column < n->nkey && sqi_bound_deterministic(n->expr[e->column]);
    case SQI_NODE_GENERATE:
        return e->column < n->nkept;
    case SQI_NODE_WATERMARK: /* rows that are filtered out by their event time do move it */
        return e->column != n->expr[0]->column;
    case SQI_NODE_SORT:
    case SQI_NODE_UNION:
    case SQI_NODE_ALIAS:
        return true;
    default:
        return false;
    }
}

static bool is_total(void *context, const sqi_bound *e)
{
    (void)context;
    return e->kind == SQI_BOUND_COLUMN || e->kind == SQI_BOUND_CONST ||
           (e->kind == SQI_BOUND_CALL && e->func->flags & SQI_FUNC_TOTAL);
}

static bool passes(const sqi_node *n, const sqi_bound *e)
{
    reach r = {n};
    if (n->kind == SQI_NODE_AGGREGATE && !n->nkey)
        return false; /* without keys there is a row also when nothing passes */
    return sqi_bound_deterministic(e) && sqi_bound_visit(e, column_passes, &r);
}

/* The part over the node's input; the columns it reads pass. */
static sqi_bound *below(sqi_plan_context *c, const sqi_node *n, sqi_bound *e)
{
    if (n->kind == SQI_NODE_PROJECT || n->kind == SQI_NODE_AGGREGATE)
        return sqi_rules_through(c, e, n->expr, n->nexpr);
    if (n->kind != SQI_NODE_GENERATE)
        return e;
    sqi_bound **by = sqi_arena_array(c->arena, n->nkept, sizeof *by);
    for (uint32_t i = 0; by && i < n->nkept; i++)
        if (!(by[i] = sqi_make_column(c, n->input[0], n->kept[i])))
            return NULL;
    return by ? sqi_rules_through(c, e, by, n->nkept) : NULL;
}

/* One FILTER with all parts, or the input if there are none. */
static const sqi_node *filters(sqi_plan_context *c, const sqi_node *in, const parts *p)
{
    if (!p->n)
        return in;
    sqi_binder b;
    sqi_bound *all = p->e[0];
    sqi_names_binder(&b, c, NULL, "WHERE", 0);
    for (uint32_t i = 1; i < p->n; i++) {
        sqi_bound *two[] = {all, p->e[i]};
        if (sqi_bind_call(&b, "and", two, 2, NULL, &all, NULL) != STREAMQ_OK)
            return NULL;
    }
    return sqi_make_filter(c, in, all);
}

static const sqi_node *push(sqi_plan_context *c, const sqi_node *root, const parts *from_above);

static bool push_inputs(sqi_plan_context *c, sqi_node *n, const parts *p)
{
    for (uint32_t i = 0; i < n->ninput; i++) {
        const sqi_node *in = push(c, n->input[i], p);
        if (!in)
            return false;
        n->input[i] = (sqi_node *)(uintptr_t)in;
    }
    return true;
}

/* A FILTER's parts join those from above: its own first, they are nearer to the rows. */
static const sqi_node *push_filter(sqi_plan_context *c, const sqi_node *f, const parts *from_above)
{
    parts all = {0};
    if (!split(c, f->expr[0], &all))
        return NULL;
    bool moves = true;
    for (uint32_t i = 0; i < all.n; i++)
        moves = moves && sqi_bound_deterministic(all.e[i]);
    if (!moves) { /* it stays whole: what stands after rand() in an AND sees fewer rows */
        sqi_node *stay = sqi_rules_copy(c, f);
        parts none = {0};
        return stay && push_inputs(c, stay, &none) ? filters(c, stay, from_above) : NULL;
    }
    for (uint32_t i = 0; i < from_above->n; i++)
        if (!add(c, &all, from_above->e[i]))
            return NULL;
    return push(c, f->input[0], &all);
}

/* The tree with the parts, which are over its output, somewhere inside it. */
static const sqi_node *push(sqi_plan_context *c, const sqi_node *root, const parts *from_above)
{
    if (root->kind == SQI_NODE_FILTER)
        return push_filter(c, root, from_above);
    parts go = {0}, stay = {0};
    for (uint32_t i = 0; i < from_above->n; i++) {
        bool moves = root->ninput && passes(root, from_above->e[i]) &&
                     (!stay.n || sqi_bound_visit(from_above->e[i], is_total, NULL));
        sqi_bound *e = moves ? below(c, root, from_above->e[i]) : from_above->e[i];
        if (!e || !add(c, moves ? &go : &stay, e))
            return NULL;
    }
    sqi_node *n = sqi_rules_copy(c, root);
    if (!n || !push_inputs(c, n, &go))
        return NULL;
    return filters(c, n, &stay);
}

const sqi_node *sqi_rules_push(sqi_plan_context *c, const sqi_node *root)
{
    parts none = {0};
    return push(c, root, &none);
}
