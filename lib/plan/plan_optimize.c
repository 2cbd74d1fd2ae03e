/*
 * plan_optimize: the order of the rewrites.
 *
 * Filters move down through projections that were merged before, and a projection that a filter has left may merge
 * with the next one, so the two take turns; a fixed number of turns is enough for any plan written by hand, and each
 * turn costs one walk. Pruning comes after, and leaves projections that merge once more.
 */
#include "plan_optimize.h"

#include "plan_make.h"
#include "plan_rules.h"

enum { TURNS = 4 };

sqi_node *sqi_rules_copy(sqi_plan_context *c, const sqi_node *n)
{
    sqi_node *copy = sqi_arena_get(c->arena, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *n;
    copy->id = c->next_id++;
    if (!n->ninput)
        return copy;
    if (!(copy->input = sqi_arena_array(c->arena, n->ninput, sizeof *copy->input)))
        return NULL;
    memcpy(copy->input, n->input, n->ninput * sizeof *copy->input);
    return copy;
}

/* The columns of `like`, by name, over a node that has them in the same places. */
static streamq_status restore(sqi_plan_context *c, const sqi_node *n, const sqi_node *like, const sqi_node **out,
                              streamq_error **err)
{
    bool same = n->ncol == like->ncol;
    for (uint32_t i = 0; same && i < n->ncol; i++)
        same = sqi_span_equal(n->col[i].name, like->col[i].name);
    *out = n;
    if (same)
        return STREAMQ_OK;
    sqi_bound **expr = sqi_arena_array(c->arena, like->ncol, sizeof *expr);
    if (!expr)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < like->ncol; i++)
        if (!(expr[i] = sqi_make_column(c, n, i)))
            return sqi_error_nomem(err);
    return sqi_make_done(sqi_make_project(c, n, expr, like->col, like->ncol), out, err);
}

streamq_status sqi_plan_optimize(sqi_plan_context *c, const sqi_node *root, const sqi_node **out, streamq_error **err)
{
    const sqi_node *n = root;
    for (int turn = 0; n && turn < TURNS; turn++)
        if ((n = sqi_rules_merge(c, n)))
            n = sqi_rules_push(c, n);
    if (n && (n = sqi_rules_prune(c, n)))
        n = sqi_rules_merge(c, n);
    return n ? restore(c, n, root, out, err) : sqi_error_nomem(err);
}
