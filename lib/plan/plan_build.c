/*
 * plan_build: the operators of the DataFrame door but for UNION: thin, the work is in plan_items, plan_grouping,
 * plan_block and plan_order.
 *
 * WHERE and ORDER BY right after a projection may use columns that it dropped, as in Spark: the columns ride along
 * through the projection and are dropped above.
 */
#include "plan_build.h"

#include "plan_block.h"
#include "plan_make.h"
#include "plan_order.h"
#include "plan_screen.h"
#include "plan_select.h"

streamq_status sqi_plan_source_node(sqi_plan_context *c, const sqi_plan_source *s, const sqi_node **out,
                                    streamq_error **err)
{
    sqi_node *n = sqi_node_new(c, SQI_NODE_SOURCE, 0);
    if (!n || !(n->col = sqi_arena_array(c->arena, s->schema.n, sizeof *n->col)))
        return sqi_make_failed(err);
    n->source = s;
    n->streaming = s->streaming;
    n->ncol = s->schema.n;
    for (uint32_t i = 0; i < n->ncol; i++) {
        const sqi_field *f = &s->schema.field[i];
        n->col[i] = (sqi_attribute){.name = f->name, .type = f->type, .nullable = f->nullable};
    }
    return sqi_make_done(n, out, err);
}

streamq_status sqi_plan_values(sqi_plan_context *c, const sqi_schema *schema, const sqi_chunk *rows,
                               const sqi_node **out, streamq_error **err)
{
    sqi_node *n = sqi_node_new(c, SQI_NODE_VALUES, 0);
    if (!n || !(n->col = sqi_arena_array(c->arena, schema->n, sizeof *n->col)))
        return sqi_make_failed(err);
    n->values = rows;
    n->ncol = schema->n;
    for (uint32_t i = 0; i < n->ncol; i++) {
        const sqi_field *f = &schema->field[i];
        n->col[i] = (sqi_attribute){.name = f->name, .type = f->type, .nullable = f->nullable};
    }
    return sqi_make_done(n, out, err);
}

streamq_status sqi_plan_select(sqi_plan_context *c, sqi_in in, sqi_ast *const *items, uint32_t n, const sqi_node **out,
                               streamq_error **err)
{
    SQI_NEED_ERROR(err, sqi_plan_select(c, in, items, n, out, err));
    sqi_select s = {.in = in, .item = items, .nitem = n};
    return sqi_select_build(c, &s, out, err);
}

streamq_status sqi_plan_aggregate(sqi_plan_context *c, sqi_in in, sqi_ast *const *keys, uint32_t nkey,
                                  sqi_ast *const *items, uint32_t nitem, const sqi_node **out, streamq_error **err)
{
    SQI_NEED_ERROR(err, sqi_plan_aggregate(c, in, keys, nkey, items, nitem, out, err));
    sqi_ast **all = sqi_arena_array(c->arena, (size_t)nkey + nitem, sizeof *all);
    if (!all)
        return sqi_make_failed(err);
    for (uint32_t i = 0; i < nkey + nitem; i++)
        all[i] = i < nkey ? keys[i] : items[i - nkey];
    sqi_select s = {
        .in = in, .item = all, .nitem = nkey + nitem, .group = {.present = true, .key = keys, .nkey = nkey}};
    return sqi_select_build(c, &s, out, err);
}

/* A projection's expressions as items, so that more can be put beside them. */
static streamq_status items_of(sqi_plan_context *c, const sqi_node *project, sqi_items *items, streamq_error **err)
{
    *items = (sqi_items){.n = project->ncol};
    if (!(items->at = sqi_arena_array(c->arena, items->n, sizeof *items->at)))
        return sqi_make_failed(err);
    for (uint32_t i = 0; i < items->n; i++)
        items->at[i] = (sqi_item){.attr = project->col[i], .e = project->expr[i]};
    return STREAMQ_OK;
}

static const sqi_node *below_projection(const sqi_node *in)
{
    return in->kind == SQI_NODE_PROJECT ? in->input[0] : NULL;
}

typedef struct untag {
    sqi_plan_context *c;
} untag;

static sqi_bound *output_position(void *context, const sqi_bound *e, streamq_error **err)
{
    const untag *u = context;
    if (e->kind != SQI_BOUND_COLUMN)
        return NULL;
    sqi_bound *column = sqi_bound_column(u->c->arena, e->column & SQI_COLUMN_NUMBER, e->type, e->nullable);
    if (!column)
        sqi_error_nomem(err);
    else
        column->ast = e->ast;
    return column;
}

/* Item numbers of an expression that uses no other columns become positions. */
static streamq_status over_output(sqi_plan_context *c, sqi_bound **e, streamq_error **err)
{
    untag u = {c};
    *e = sqi_bound_rewrite(*e, output_position, &u, c->arena, err);
    return *e ? STREAMQ_OK : sqi_make_failed(err);
}

streamq_status sqi_plan_where(sqi_plan_context *c, sqi_in in, const sqi_ast *condition, const sqi_node **out,
                              streamq_error **err)
{
    SQI_NEED_ERROR(err, sqi_plan_where(c, in, condition, out, err));
    const sqi_node *below = below_projection(in);
    sqi_scope scope = sqi_make_scope(in);
    sqi_bound *e;
    SQI_TRY(sqi_screen_expression(c, condition, in->streaming, err));
    if (!below) {
        sqi_binder b;
        sqi_names_binder(&b, c, &scope, "WHERE", 0);
        SQI_TRY(sqi_bind_condition(&b, condition, &e, err));
        return sqi_make_done(sqi_make_filter(c, in, e), out, err);
    }
    sqi_names names = {.level = {{scope, SQI_COLUMN_ITEM, NULL}, {sqi_make_scope(below), 0, NULL}}, .n = 2};
    sqi_names_levels(&names, c, "WHERE", 0);
    SQI_TRY(sqi_bind_condition(&names.binder, condition, &e, err));
    if (!sqi_names_uses_input(e)) {
        SQI_TRY(over_output(c, &e, err));
        return sqi_make_done(sqi_make_filter(c, in, e), out, err);
    }
    sqi_items items;
    SQI_TRY(items_of(c, in, &items, err));
    sqi_block block = {.base = below, .items = &items, .having = e};
    return sqi_block_build(c, &block, out, err);
}

streamq_status sqi_plan_sort(sqi_plan_context *c, sqi_in in, sqi_ast *const *items, uint32_t n, const sqi_node **out,
                             streamq_error **err)
{
    SQI_NEED_ERROR(err, sqi_plan_sort(c, in, items, n, out, err));
    sqi_order_scope scope = {
        .c = c, .output = sqi_make_scope(in), .input = below_projection(in), .streaming = in->streaming};
    sqi_order order;
    bool below = false;
    SQI_TRY(sqi_order_terms(&scope, items, n, &order, err));
    SQI_TRY(sqi_order_check(&order, err));
    for (uint32_t i = 0; i < order.n; i++)
        below = below || sqi_names_uses_input(order.e[i]);
    if (!below) {
        for (uint32_t i = 0; i < order.n; i++)
            SQI_TRY(over_output(c, &order.e[i], err));
        return sqi_make_done(sqi_make_sort(c, in, order.e, order.flags, order.n), out, err);
    }
    sqi_items list;
    SQI_TRY(items_of(c, in, &list, err));
    sqi_block block = {
        .base = scope.input, .items = &list, .order = order.e, .order_flags = order.flags, .norder = order.n};
    return sqi_block_build(c, &block, out, err);
}

/* The columns of the input with the one named replaced, or one more at the end; a generator may stand there. */
streamq_status sqi_plan_with_column(sqi_plan_context *c, sqi_in in, sqi_span name, const sqi_ast *e,
                                    const sqi_node **out, streamq_error **err)
{
    SQI_NEED_ERROR(err, sqi_plan_with_column(c, in, name, e, out, err));
    sqi_items one = {0}, items = {0};
    SQI_TRY(sqi_items_add(c, in, "SELECT", sqi_names_unalias(e), &one, err));
    if (sqi_items_have_aggregate(&one))
        return sqi_names_error(e, err, SQI_COND_MISSING_GROUP_BY,
                               "an aggregate function cannot make a column of every row; group first");
    if (one.n != 1)
        return sqi_names_error(e, err, SQI_COND_UDTF_ALIAS_NUMBER_MISMATCH,
                               "`%.*s` would be %u columns; use a select list", (int)name.len, name.ptr, one.n);
    one.at[0].attr.name = name;
    one.at[0].attr.qualifier = (sqi_span){0};
    items = (sqi_items){.generator = one.generator, .ngenerator = one.ngenerator, .ngenerated = one.ngenerated};
    if (!(items.at = sqi_arena_array(c->arena, (size_t)in->ncol + 1, sizeof *items.at)))
        return sqi_make_failed(err);
    items.cap = in->ncol + 1;
    bool replaced = false;
    for (uint32_t i = 0; i < in->ncol; i++) {
        if (!sqi_name_equal(in->col[i].name, name)) {
            SQI_TRY(sqi_items_add_column(c, in, i, &items, err));
            continue;
        }
        items.at[items.n++] = one.at[0];
        replaced = true;
    }
    if (!replaced)
        items.at[items.n++] = one.at[0];
    sqi_block block = {.base = in, .items = &items};
    return sqi_block_build(c, &block, out, err);
}

streamq_status sqi_plan_limit(sqi_plan_context *c, sqi_in in, int64_t limit, int64_t offset, const sqi_node **out,
                              streamq_error **err)
{
    sqi_node *n = sqi_make_over(c, SQI_NODE_LIMIT, in);
    if (!n)
        return sqi_make_failed(err);
    n->limit = limit;
    n->offset = offset;
    return sqi_make_done(n, out, err);
}

streamq_status sqi_plan_distinct(sqi_plan_context *c, sqi_in in, const sqi_node **out, streamq_error **err)
{
    return sqi_make_done(sqi_make_distinct(c, in), out, err);
}

streamq_status sqi_plan_dedup(sqi_plan_context *c, sqi_in in, const sqi_span *names, uint32_t n, const sqi_node **out,
                              streamq_error **err)
{
    sqi_scope scope = sqi_make_scope(in);
    sqi_node *d = sqi_make_over(c, SQI_NODE_DEDUP, in);
    if (!d || !(d->expr = sqi_arena_array(c->arena, in->ncol, sizeof *d->expr)))
        return sqi_make_failed(err);
    for (uint32_t k = 0; k < n; k++)
        if (sqi_names_find(&scope, names[k]) == scope.n)
            return sqi_names_error(NULL, err, SQI_COND_UNRESOLVED_COLUMN_AMONG_FIELD_NAMES,
                                   "duplicates are to be found by `%.*s`, and there is no such column",
                                   (int)names[k].len, names[k].ptr);
    for (uint32_t i = 0; i < in->ncol; i++) {
        bool key = !n;
        for (uint32_t k = 0; k < n && !key; k++)
            key = sqi_name_equal(in->col[i].name, names[k]);
        if (key && !(d->expr[d->nexpr++] = sqi_make_column(c, in, i)))
            return sqi_make_failed(err);
    }
    return sqi_make_done(d, out, err);
}

streamq_status sqi_plan_alias(sqi_plan_context *c, sqi_in in, sqi_span name, const sqi_node **out, streamq_error **err)
{
    sqi_node *a = sqi_make_over(c, SQI_NODE_ALIAS, in);
    if (!a || !(a->col = sqi_arena_array(c->arena, in->ncol, sizeof *a->col)))
        return sqi_make_failed(err);
    for (uint32_t i = 0; i < in->ncol; i++) {
        a->col[i] = in->col[i];
        a->col[i].qualifier = name;
    }
    a->name = name;
    return sqi_make_done(a, out, err);
}

streamq_status sqi_plan_drop(sqi_plan_context *c, sqi_in in, const sqi_span *names, uint32_t n, const sqi_node **out,
                             streamq_error **err)
{
    uint32_t *kept = sqi_arena_array(c->arena, in->ncol, sizeof *kept), nkept = 0;
    if (!kept)
        return sqi_make_failed(err);
    for (uint32_t i = 0; i < in->ncol; i++) {
        bool drop = false;
        for (uint32_t k = 0; k < n && !drop; k++)
            drop = sqi_name_equal(in->col[i].name, names[k]);
        if (!drop)
            kept[nkept++] = i;
    }
    return sqi_make_done(sqi_make_pick(c, in, kept, nkept), out, err);
}

streamq_status sqi_plan_rename(sqi_plan_context *c, sqi_in in, sqi_span from, sqi_span to, const sqi_node **out,
                               streamq_error **err)
{
    sqi_bound **expr = sqi_arena_array(c->arena, in->ncol, sizeof *expr);
    sqi_attribute *col = sqi_arena_array(c->arena, in->ncol, sizeof *col);
    if (!expr || !col)
        return sqi_make_failed(err);
    for (uint32_t i = 0; i < in->ncol; i++) {
        if (!(expr[i] = sqi_make_column(c, in, i)))
            return sqi_make_failed(err);
        col[i] = in->col[i];
        if (sqi_name_equal(col[i].name, from)) {
            col[i].name = to;
            col[i].qualifier = (sqi_span){0};
        }
    }
    return sqi_make_done(sqi_make_project(c, in, expr, col, in->ncol), out, err);
}

streamq_status sqi_plan_schema(sqi_plan_context *c, sqi_in in, sqi_schema *out, streamq_error **err)
{
    out->n = in->ncol;
    if (!(out->field = sqi_arena_array(c->arena, in->ncol, sizeof *out->field)))
        return sqi_make_failed(err);
    for (uint32_t i = 0; i < in->ncol; i++)
        out->field[i] = (sqi_field){in->col[i].name, in->col[i].type, in->col[i].nullable};
    return STREAMQ_OK;
}
