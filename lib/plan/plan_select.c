/*
 * plan_select: one SELECT block.
 *
 * Everything written is first bound over the input. If there is anything to aggregate, all of it is then rewritten to
 * stand over the AGGREGATE node, which collects the aggregate functions on the way, those of HAVING and ORDER BY too.
 */
#include "plan_select.h"

#include "plan_block.h"
#include "plan_grouping_set.h"
#include "plan_make.h"
#include "plan_order.h"
#include "plan_screen.h"

typedef struct work {
    sqi_plan_context *c;
    const sqi_select *s;
    sqi_items items;
    sqi_order order;
    sqi_bound *having;
    bool aggregated;
} work;

static streamq_status bind_items(work *w, streamq_error **err)
{
    const sqi_select *s = w->s;
    for (uint32_t i = 0; i < s->group.nkey; i++) /* before the items: they may name what only such a key gives */
        SQI_TRY(sqi_screen_expression(w->c, s->group.key[i], s->in->streaming, err));
    for (uint32_t i = 0; i < s->nitem; i++) {
        uint32_t at = w->items.n;
        SQI_TRY(sqi_items_add(w->c, s->in, "SELECT", s->item[i], &w->items, err));
        for (; i >= s->nitem - s->aggregates && at < w->items.n; at++)
            if (!w->items.at[at].aggregate)
                return sqi_names_error(
                    s->item[i], err, SQI_COND_PIPE_OPERATOR_AGGREGATE_EXPRESSION_CONTAINS_NO_AGGREGATE_FUNCTION,
                    "|> AGGREGATE lists aggregate functions only; put other expressions into GROUP BY");
    }
    w->aggregated = w->s->group.present || w->s->having || sqi_items_have_aggregate(&w->items);
    return STREAMQ_OK;
}

static streamq_status bind_clauses(work *w, streamq_error **err)
{
    sqi_order_scope scope = {.c = w->c,
                             .output = {w->items.n, sqi_items_scope(w->c, &w->items)},
                             .input = w->s->in,
                             .streaming = w->s->in->streaming,
                             .aggregates = w->aggregated};
    if (!scope.output.attr)
        return sqi_make_failed(err);
    if (w->s->having)
        SQI_TRY(sqi_order_having(&scope, w->s->having, &w->having, err));
    if (w->s->distinct) /* the rows of the input are gone when DISTINCT is done */
        scope.input = NULL;
    if (w->s->distinct)
        scope.aggregates = false;
    return sqi_order_terms(&scope, w->s->order, w->s->norder, &w->order, err);
}

/* Inside aggregate functions of HAVING and ORDER BY an alias is what it stands for. */
typedef struct inside {
    sqi_plan_context *c;
    const sqi_items *items;
} inside;

static sqi_bound *inline_aggregate(void *context, const sqi_bound *e, streamq_error **err)
{
    const inside *in = context;
    if (e->kind != SQI_BOUND_AGG)
        return NULL;
    sqi_bound *plain = sqi_items_inline(in->c, in->items, e, err);
    if (!plain)
        return NULL;
    bool nested = plain->filter && sqi_bound_has(plain->filter, SQI_BOUND_AGG);
    for (uint32_t i = 0; i < plain->narg; i++)
        nested |= sqi_bound_has(plain->arg[i], SQI_BOUND_AGG);
    if (!nested)
        return plain;
    sqi_names_error(e->ast, err, SQI_COND_NESTED_AGGREGATE_FUNCTION,
                    "an alias inside %s(..) stands for an aggregate function itself", e->agg->name);
    return NULL;
}

/* A term of HAVING or ORDER BY over the AGGREGATE node. */
static streamq_status clause_above(work *w, sqi_grouping *g, sqi_bound **e, streamq_error **err)
{
    inside in = {w->c, &w->items};
    sqi_bound *plain = sqi_bound_rewrite(*e, inline_aggregate, &in, w->c->arena, err);
    if (!plain)
        return sqi_make_failed(err);
    *e = sqi_grouping_above(g, plain, err);
    return *e ? STREAMQ_OK : sqi_make_failed(err);
}

static streamq_status aggregate(work *w, const sqi_node **base, sqi_items *above, streamq_error **err)
{
    sqi_grouping g = {.c = w->c, .in = w->s->in, .items = &w->items, .by = &w->s->group, .selecting = true};
    SQI_TRY(sqi_grouping_keys(&g, err));
    *above = w->items;
    above->at = sqi_arena_array(w->c->arena, w->items.n, sizeof *above->at);
    above->generator = sqi_arena_array(w->c->arena, w->items.ngenerator, sizeof *above->generator);
    if (!above->at || !above->generator)
        return sqi_make_failed(err);
    for (uint32_t i = 0; i < w->items.n; i++) {
        above->at[i] = w->items.at[i];
        if (!(above->at[i].e = sqi_grouping_above(&g, w->items.at[i].e, err)))
            return sqi_make_failed(err);
        above->at[i].attr.nullable = above->at[i].e->nullable;
    }
    for (uint32_t i = 0; i < w->items.ngenerator; i++)
        if (!(above->generator[i] = sqi_grouping_above(&g, w->items.generator[i], err)))
            return sqi_make_failed(err);
    g.selecting = false;
    if (w->having)
        SQI_TRY(clause_above(w, &g, &w->having, err));
    for (uint32_t i = 0; i < w->order.n; i++)
        SQI_TRY(clause_above(w, &g, &w->order.e[i], err));
    return sqi_grouping_node(&g, base, err);
}

static streamq_status refuse_grouping_calls(const work *w, streamq_error **err)
{
    for (uint32_t i = 0; i < w->items.n; i++)
        if (sqi_grouping_set_used(w->items.at[i].e))
            return sqi_grouping_set_error(w->items.at[i].e, err);
    for (uint32_t i = 0; i < w->order.n; i++)
        if (sqi_grouping_set_used(w->order.e[i]))
            return sqi_grouping_set_error(w->order.e[i], err);
    return STREAMQ_OK;
}

streamq_status sqi_select_build(sqi_plan_context *c, const sqi_select *s, const sqi_node **out, streamq_error **err)
{
    work w = {.c = c, .s = s};
    const sqi_node *base = s->in;
    sqi_items above;
    SQI_TRY(bind_items(&w, err));
    SQI_TRY(bind_clauses(&w, err));
    SQI_TRY(sqi_order_check(&w.order, err));
    if (w.aggregated)
        SQI_TRY(aggregate(&w, &base, &above, err));
    else
        SQI_TRY(refuse_grouping_calls(&w, err));
    sqi_block block = {.base = base,
                       .items = w.aggregated ? &above : &w.items,
                       .having = w.having,
                       .order = w.order.e,
                       .order_flags = w.order.flags,
                       .norder = w.order.n,
                       .distinct = s->distinct};
    return sqi_block_build(c, &block, out, err);
}
