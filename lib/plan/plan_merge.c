/*
 * plan_merge: projections become one, limits go below them, and nodes that do no work go.
 *
 * An expression of the lower projection is put in the place of its column if that costs nothing (a column, a constant)
 * or if the column is read once; otherwise it would be computed twice. What gives another value each time (rand) stays
 * where it is. After that, calls whose arguments have become constant are evaluated.
 */
#include "plan_make.h"
#include "plan_names.h"
#include "plan_rules.h"

enum { MERGED_DEPTH = 200 /* expressions that are nested deeper are left as they are */ };

typedef struct through {
    sqi_plan_context *c;
    sqi_bound *const *by;
    uint32_t n;
} through;

static sqi_bound *put(void *context, const sqi_bound *e, streamq_error **err)
{
    const through *t = context;
    (void)err;
    return e->kind == SQI_BOUND_COLUMN && e->column < t->n ? t->by[e->column] : NULL;
}

/* Calls over constants become constants, unless that fails: then the error belongs to the rows that reach it. */
static sqi_bound *fold(void *context, const sqi_bound *e, streamq_error **err)
{
    const through *t = context;
    if (e->kind != SQI_BOUND_CALL || !sqi_bound_foldable(e))
        return NULL;
    const sqi_vec *value = NULL;
    streamq_error *ignored = NULL;
    streamq_status st = sqi_eval_constant(t->c->eval, e, t->c->arena, &value, &ignored);
    sqi_error_free(ignored);
    sqi_bound *constant = st == STREAMQ_OK ? sqi_bound_const(t->c->arena, value) : NULL;
    if (st == STREAMQ_ERR_NOMEM || (st == STREAMQ_OK && !constant))
        sqi_error_nomem(err);
    if (!constant)
        return NULL;
    constant->type = e->type;
    constant->ast = e->ast;
    return constant;
}

sqi_bound *sqi_rules_through(sqi_plan_context *c, const sqi_bound *e, sqi_bound *const *by, uint32_t n)
{
    through t = {c, by, n};
    streamq_error *why = NULL;
    sqi_bound *moved = sqi_bound_rewrite(e, put, &t, c->arena, &why);
    moved = moved ? sqi_bound_rewrite(moved, fold, &t, c->arena, &why) : NULL;
    sqi_error_free(why);
    return moved;
}

static bool is_cheap(const sqi_bound *e)
{
    return e->kind == SQI_BOUND_COLUMN || e->kind == SQI_BOUND_CONST;
}

static bool count_use(void *context, const sqi_bound *e)
{
    uint32_t *uses = context;
    if (e->kind == SQI_BOUND_COLUMN)
        uses[e->column]++;
    return true;
}

/* May the expressions over `below` read its input instead? */
static bool may_merge(const sqi_node *below, sqi_bound *const *expr, uint32_t n, uint32_t *uses)
{
    uint32_t depth = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t d = sqi_names_depth(expr[i]);
        depth = d > depth ? d : depth;
        sqi_bound_visit(expr[i], count_use, uses);
    }
    for (uint32_t i = 0; i < below->ncol; i++) {
        const sqi_bound *e = below->expr[i];
        if (is_cheap(e) || !uses[i])
            continue;
        if (uses[i] > 1 || !sqi_bound_deterministic(e) || depth + sqi_names_depth(e) > MERGED_DEPTH)
            return false;
    }
    return true;
}

static const sqi_node *merge_projects(sqi_plan_context *c, const sqi_node *p)
{
    const sqi_node *below = p->input[0];
    uint32_t *uses = sqi_arena_array(c->arena, below->ncol, sizeof *uses);
    if (!uses)
        return NULL;
    if (!may_merge(below, p->expr, p->nexpr, uses))
        return p;
    sqi_bound **expr = sqi_arena_array(c->arena, p->nexpr, sizeof *expr);
    if (!expr)
        return NULL;
    for (uint32_t i = 0; i < p->nexpr; i++)
        if (!(expr[i] = sqi_rules_through(c, p->expr[i], below->expr, below->ncol)))
            return NULL;
    return sqi_make_project(c, below->input[0], expr, p->col, p->nexpr);
}

static bool changes_nothing(const sqi_node *p)
{
    if (p->ncol != p->input[0]->ncol)
        return false;
    for (uint32_t i = 0; i < p->ncol; i++)
        if (p->expr[i]->kind != SQI_BOUND_COLUMN || p->expr[i]->column != i)
            return false;
    return true;
}

bool sqi_rules_is_true(const sqi_bound *e)
{
    return e->kind == SQI_BOUND_CONST && e->type->id == SQI_BOOLEAN && sqi_vec_valid(e->value, 0) &&
           SQI_AT(e->value, uint8_t, 0);
}

/* LIMIT over PROJECT: the rows are cut first, next to the SORT if there is one. */
static const sqi_node *limit_first(sqi_plan_context *c, sqi_node *limit)
{
    const sqi_node *p = limit->input[0];
    sqi_node *above = sqi_rules_copy(c, p);
    if (!above)
        return NULL;
    limit->input[0] = p->input[0];
    limit->ncol = p->input[0]->ncol;
    limit->col = p->input[0]->col;
    above->input[0] = limit;
    return above;
}

/* LIMIT over LIMIT: the smaller one, unless rows are skipped in between. */
static const sqi_node *one_limit(sqi_plan_context *c, const sqi_node *above)
{
    const sqi_node *below = above->input[0];
    if (above->offset > 0 || below->offset > 0 || above->limit < 0 || below->limit < 0)
        return above;
    sqi_node *n = sqi_rules_copy(c, below);
    if (n)
        n->limit = above->limit < below->limit ? above->limit : below->limit;
    return n;
}

const sqi_node *sqi_rules_merge(sqi_plan_context *c, const sqi_node *root)
{
    sqi_node *n = sqi_rules_copy(c, root);
    if (!n)
        return NULL;
    for (uint32_t i = 0; i < n->ninput; i++) {
        const sqi_node *in = sqi_rules_merge(c, root->input[i]);
        if (!in)
            return NULL;
        n->input[i] = (sqi_node *)(uintptr_t)in;
    }
    if (n->kind == SQI_NODE_ALIAS || (n->kind == SQI_NODE_PROJECT && changes_nothing(n)) ||
        (n->kind == SQI_NODE_FILTER && sqi_rules_is_true(n->expr[0])))
        return n->input[0];
    if (n->kind == SQI_NODE_PROJECT && n->input[0]->kind == SQI_NODE_PROJECT)
        return merge_projects(c, n);
    if (n->kind == SQI_NODE_LIMIT && n->input[0]->kind == SQI_NODE_PROJECT)
        return limit_first(c, n);
    if (n->kind == SQI_NODE_LIMIT && n->input[0]->kind == SQI_NODE_LIMIT)
        return one_limit(c, n);
    return n;
}
