/*
 * run_top: see the header. Between the sort and the aggregation only aliases and projections may stand, and all they do
 * must be the same for an unchanged group in every micro-batch and unable to fail: groups that do not leave the
 * aggregation are not seen by them.
 */
#include "run_top.h"

#include "func.h"

static bool keeps_still(void *context, const sqi_bound *e)
{
    const bool *may_fail = context;
    if (e->kind == SQI_BOUND_CALL)
        return !(e->func->flags & (SQI_FUNC_RANDOM | SQI_FUNC_PER_BATCH | SQI_FUNC_STEPPER)) &&
               (*may_fail || e->func->flags & SQI_FUNC_TOTAL);
    return e->kind != SQI_BOUND_AGG && e->kind != SQI_BOUND_GENERATOR;
}

static bool all_keep_still(sqi_bound *const *expr, uint32_t n, bool may_fail)
{
    for (uint32_t i = 0; i < n; ++i)
        if (!sqi_bound_visit(expr[i], keeps_still, &may_fail))
            return false;
    return true;
}

static sqi_bound *through_project(void *context, const sqi_bound *e, streamq_error **err)
{
    const sqi_node *project = context;
    (void)err;
    return e->kind == SQI_BOUND_COLUMN ? project->expr[e->column] : NULL;
}

/* The items over the input of a projection. */
static streamq_status put_through(sqi_bound **expr, uint32_t n, const sqi_node *project, sqi_arena *arena,
                                  streamq_error **err)
{
    for (uint32_t i = 0; i < n; ++i) {
        streamq_error *why = NULL;
        sqi_bound *moved = sqi_bound_rewrite(expr[i], through_project, (void *)(uintptr_t)project, arena, &why);
        if (!moved)
            return why ? sqi_error_pass(err, why) : sqi_error_nomem(err);
        expr[i] = moved;
    }
    return STREAMQ_OK;
}

streamq_status sqi_top_find(sqi_top *to, const sqi_node *sort, int64_t rows, sqi_arena *arena, streamq_error **err)
{
    memset(to, 0, sizeof *to);
    if (rows < 1 || rows > SQI_GROUP_TOP_MOST || !all_keep_still(sort->expr, sort->nexpr, true))
        return STREAMQ_OK;
    sqi_bound **expr = sqi_arena_array(arena, sort->nexpr ? sort->nexpr : 1, sizeof *expr);
    if (!expr)
        return sqi_error_nomem(err);
    memcpy(expr, sort->expr, sort->nexpr * sizeof(sqi_bound *));
    const sqi_node *n = sort->input[0];
    for (; n->kind == SQI_NODE_ALIAS || n->kind == SQI_NODE_PROJECT; n = n->input[0]) {
        if (n->kind == SQI_NODE_ALIAS)
            continue;
        if (!all_keep_still(n->expr, n->nexpr, false))
            return STREAMQ_OK;
        SQI_TRY(put_through(expr, sort->nexpr, n, arena, err));
    }
    if (n->kind == SQI_NODE_AGGREGATE && n->streaming)
        *to = (sqi_top){n, {expr, sort->sort_flags, sort->nexpr, (uint32_t)rows}};
    return STREAMQ_OK;
}
