/*
 * plan_block: nodes of one SELECT block.
 *
 * From below: base, GENERATE for each generator, a PROJECT for each step by which aliases build on each other (all but
 * the last hand the base's columns on), a PROJECT of the items, FILTER for HAVING, AGGREGATE for DISTINCT, SORT. What
 * HAVING and ORDER BY need besides the items rides along as hidden columns and is dropped at the end.
 */
#include "plan_block.h"

#include "plan_make.h"

typedef struct state {
    sqi_plan_context *c;
    const sqi_block *block;
    const sqi_node *node;      /* made by now */
    uint32_t generated;        /* where the generators' columns begin in the node below the projections */
    uint32_t *position;        /* of each item in `node`; UINT32_MAX: not computed yet */
    uint32_t *hidden, nhidden; /* columns of `node` below the items' PROJECT that ride along */
    streamq_error **err;
} state;

/* Tagged numbers to positions in s->node. */
static sqi_bound *place(void *context, const sqi_bound *e, streamq_error **err)
{
    const state *s = context;
    if (e->kind != SQI_BOUND_COLUMN)
        return NULL;
    uint32_t to = e->column, number = e->column & SQI_COLUMN_NUMBER;
    if (e->column & SQI_COLUMN_ITEM)
        to = s->position[number];
    else if (e->column & SQI_COLUMN_GENERATED)
        to = s->generated + number;
    if (to == e->column)
        return (sqi_bound *)(uintptr_t)e;
    sqi_bound *column = sqi_bound_column(s->c->arena, to, e->type, e->nullable);
    if (!column)
        sqi_error_nomem(err);
    else
        column->ast = e->ast;
    return column;
}

static streamq_status placed(state *s, const sqi_bound *e, sqi_bound **out)
{
    *out = sqi_bound_rewrite(e, place, s, s->c->arena, s->err);
    return *out ? STREAMQ_OK : sqi_make_failed(s->err);
}

static bool is_ready(void *context, const sqi_bound *e)
{
    const state *s = context;
    return e->kind != SQI_BOUND_COLUMN || !(e->column & SQI_COLUMN_ITEM) ||
           s->position[e->column & SQI_COLUMN_NUMBER] != UINT32_MAX;
}

static streamq_status generators(state *s)
{
    const sqi_items *items = s->block->items;
    s->generated = s->node->ncol;
    for (uint32_t i = 0; i < items->ngenerator; i++)
        SQI_TRY(sqi_make_done(sqi_make_generate(s->c, s->node, items->generator[i]), &s->node, s->err));
    return STREAMQ_OK;
}

/* One PROJECT with every item whose aliases are computed, after the columns there are; none once all could be. */
static streamq_status step(state *s, bool *all)
{
    const sqi_items *items = s->block->items;
    uint32_t n = s->node->ncol, more = 0, waiting = 0;
    for (uint32_t i = 0; i < items->n; i++) {
        if (s->position[i] != UINT32_MAX)
            continue;
        if (sqi_bound_visit(items->at[i].e, is_ready, s))
            more++;
        else
            waiting++;
    }
    *all = !waiting;
    if (*all)
        return STREAMQ_OK;
    sqi_bound **expr = sqi_arena_array(s->c->arena, (size_t)n + more, sizeof *expr);
    sqi_attribute *col = sqi_arena_array(s->c->arena, (size_t)n + more, sizeof *col);
    uint32_t *position = sqi_arena_array(s->c->arena, items->n, sizeof *position);
    if (!expr || !col || !position)
        return sqi_make_failed(s->err);
    for (uint32_t i = 0; i < n; i++) {
        if (!(expr[i] = sqi_make_column(s->c, s->node, i)))
            return sqi_make_failed(s->err);
        col[i] = s->node->col[i];
    }
    uint32_t at = n;
    for (uint32_t i = 0; i < items->n; i++) {
        position[i] = s->position[i];
        if (position[i] != UINT32_MAX || !sqi_bound_visit(items->at[i].e, is_ready, s))
            continue;
        SQI_TRY(placed(s, items->at[i].e, &expr[at]));
        col[at] = items->at[i].attr;
        position[i] = at++;
    }
    s->position = position;
    return sqi_make_done(sqi_make_project(s->c, s->node, expr, col, at), &s->node, s->err);
}

static bool find_hidden(void *context, const sqi_bound *e)
{
    state *s = context;
    if (e->kind != SQI_BOUND_COLUMN || e->column & SQI_COLUMN_ITEM)
        return true;
    for (uint32_t i = 0; i < s->nhidden; i++)
        if (s->hidden[i] == e->column)
            return true;
    s->hidden[s->nhidden++] = e->column; /* at most every column of the base */
    return true;
}

static streamq_status hidden_columns(state *s)
{
    const sqi_block *b = s->block;
    if (!(s->hidden = sqi_arena_array(s->c->arena, b->base->ncol, sizeof *s->hidden)))
        return sqi_make_failed(s->err);
    if (b->having)
        sqi_bound_visit(b->having, find_hidden, s);
    for (uint32_t i = 0; i < b->norder; i++)
        sqi_bound_visit(b->order[i], find_hidden, s);
    return STREAMQ_OK;
}

/* The PROJECT of the items and of what rides along. */
static streamq_status items(state *s)
{
    const sqi_items *list = s->block->items;
    size_t n = (size_t)list->n + s->nhidden;
    sqi_bound **expr = sqi_arena_array(s->c->arena, n, sizeof *expr);
    sqi_attribute *col = sqi_arena_array(s->c->arena, n, sizeof *col);
    if (!expr || !col)
        return sqi_make_failed(s->err);
    for (uint32_t i = 0; i < list->n; i++) {
        col[i] = list->at[i].attr;
        if (s->position[i] == UINT32_MAX)
            SQI_TRY(placed(s, list->at[i].e, &expr[i]));
        else if (!(expr[i] = sqi_make_column(s->c, s->node, s->position[i])))
            return sqi_make_failed(s->err);
    }
    for (uint32_t i = 0; i < s->nhidden; i++) {
        if (!(expr[list->n + i] = sqi_make_column(s->c, s->node, s->hidden[i])))
            return sqi_make_failed(s->err);
        col[list->n + i] = s->node->col[s->hidden[i]];
        col[list->n + i].hidden = true;
    }
    return sqi_make_done(sqi_make_project(s->c, s->node, expr, col, (uint32_t)n), &s->node, s->err);
}

/* Item and base numbers to positions in the items' PROJECT. */
static sqi_bound *place_above(void *context, const sqi_bound *e, streamq_error **err)
{
    const state *s = context;
    if (e->kind != SQI_BOUND_COLUMN)
        return NULL;
    uint32_t to = e->column & SQI_COLUMN_NUMBER;
    if (!(e->column & SQI_COLUMN_ITEM)) {
        uint32_t i = 0;
        while (s->hidden[i] != e->column)
            i++;
        to = s->block->items->n + i;
    }
    sqi_bound *column = sqi_bound_column(s->c->arena, to, e->type, e->nullable);
    if (!column)
        sqi_error_nomem(err);
    else
        column->ast = e->ast;
    return column;
}

static streamq_status drop_hidden(state *s)
{
    uint32_t n = s->block->items->n;
    if (s->node->ncol == n)
        return STREAMQ_OK;
    uint32_t *kept = sqi_arena_array(s->c->arena, n, sizeof *kept);
    if (!kept)
        return sqi_make_failed(s->err);
    for (uint32_t i = 0; i < n; i++)
        kept[i] = i;
    return sqi_make_done(sqi_make_pick(s->c, s->node, kept, n), &s->node, s->err);
}

static streamq_status having(state *s)
{
    if (!s->block->having)
        return STREAMQ_OK;
    sqi_bound *e = sqi_bound_rewrite(s->block->having, place_above, s, s->c->arena, s->err);
    if (!e)
        return sqi_make_failed(s->err);
    return sqi_make_done(sqi_make_filter(s->c, s->node, e), &s->node, s->err);
}

static streamq_status sort(state *s)
{
    const sqi_block *b = s->block;
    if (!b->norder)
        return STREAMQ_OK;
    sqi_bound **order = sqi_arena_array(s->c->arena, b->norder, sizeof *order);
    if (!order)
        return sqi_make_failed(s->err);
    for (uint32_t i = 0; i < b->norder; i++)
        if (!(order[i] = sqi_bound_rewrite(b->order[i], place_above, s, s->c->arena, s->err)))
            return sqi_make_failed(s->err);
    return sqi_make_done(sqi_make_sort(s->c, s->node, order, b->order_flags, b->norder), &s->node, s->err);
}

streamq_status sqi_block_build(sqi_plan_context *c, const sqi_block *block, const sqi_node **out, streamq_error **err)
{
    state s = {.c = c, .block = block, .node = block->base, .err = err};
    bool all = false;
    if (!(s.position = sqi_arena_array(c->arena, block->items->n, sizeof *s.position)))
        return sqi_make_failed(err);
    memset(s.position, 0xff, block->items->n * sizeof *s.position);
    SQI_TRY(generators(&s));
    while (!all)
        SQI_TRY(step(&s, &all));
    SQI_TRY(hidden_columns(&s));
    SQI_TRY(items(&s));
    SQI_TRY(having(&s));
    if (block->distinct) {
        SQI_TRY(drop_hidden(&s));
        SQI_TRY(sqi_make_done(sqi_make_distinct(c, s.node), &s.node, err));
    }
    SQI_TRY(sort(&s));
    SQI_TRY(drop_hidden(&s));
    *out = s.node;
    return STREAMQ_OK;
}
