/*
 * plan_grouping: keys and aggregates of a SELECT block.
 */
#include "plan_grouping.h"

#include "plan_grouping_set.h"
#include "plan_make.h"

static streamq_status push_key(sqi_grouping *g, sqi_bound *e, const sqi_ast *ast, streamq_error **err)
{
    uint32_t cap = g->key_cap;
    if (!sqi_arena_room(g->c->arena, (void **)&g->key_ast, g->nkey, &cap, sizeof *g->key_ast) ||
        !sqi_arena_room(g->c->arena, (void **)&g->key, g->nkey, &g->key_cap, sizeof *g->key))
        return sqi_make_failed(err);
    g->key_ast[g->nkey] = ast;
    g->key[g->nkey++] = e;
    return STREAMQ_OK;
}

/* Item i as a key. */
static streamq_status key_item(sqi_grouping *g, uint32_t i, const sqi_ast *at, sqi_bound **out, streamq_error **err)
{
    const sqi_item *item = &g->items->at[i];
    if (sqi_names_uses_tag(item->e, SQI_COLUMN_GENERATED))
        return sqi_names_error(at, err, SQI_COND_UNSUPPORTED_EXPR_FOR_OPERATOR,
                               "a generator cannot be a grouping key; generate in a subquery and group outside");
    *out = sqi_items_inline(g->c, g->items, item->e, err);
    return *out ? STREAMQ_OK : sqi_make_failed(err);
}

static streamq_status key_ordinal(sqi_grouping *g, const sqi_ast *e, int64_t position, sqi_bound **out,
                                  streamq_error **err)
{
    if (position < 1 || position > g->items->n)
        return sqi_names_error(e, err, SQI_COND_GROUP_BY_POS_OUT_OF_RANGE,
                               "GROUP BY %lld: the select list has positions 1 to %u", (long long)position,
                               g->items->n);
    SQI_TRY(key_item(g, (uint32_t)position - 1, e, out, err));
    if (sqi_bound_has(*out, SQI_BOUND_AGG))
        return sqi_names_error(e, err, SQI_COND_GROUP_BY_POS_AGGREGATE,
                               "GROUP BY %lld: that item holds an aggregate function", (long long)position);
    return STREAMQ_OK;
}

/* GROUP BY sees the aliases of the whole select list, but only where the input has no such column. */
static sqi_bound *key_alias(void *context, const sqi_ast *name, streamq_error **err)
{
    sqi_grouping *g = context;
    sqi_bound *found = NULL;
    for (uint32_t i = 0; name->npart == 1 && i < g->items->n; i++) {
        const sqi_item *item = &g->items->at[i];
        if (!item->aliased || !sqi_name_equal(item->attr.name, name->part[0]) ||
            sqi_names_uses_tag(item->e, SQI_COLUMN_GENERATED))
            continue;
        if (key_item(g, i, name, &found, err) != STREAMQ_OK)
            return NULL;
        if (!sqi_bound_has(found, SQI_BOUND_AGG))
            return found;
        sqi_names_error(name, err, SQI_COND_GROUP_BY_AGGREGATE, "the alias `%.*s` holds an aggregate function",
                        (int)name->part[0].len, name->part[0].ptr);
        return NULL;
    }
    return NULL;
}

static streamq_status one_key(sqi_grouping *g, const sqi_ast *e, streamq_error **err)
{
    const sqi_ast *plain = sqi_names_unalias(e);
    sqi_bound *key;
    int64_t position;
    if (plain->kind == SQI_AST_STAR)
        return sqi_names_error(plain, err, SQI_COND_INVALID_USAGE_OF_STAR_OR_REGEX, "* cannot be a grouping key");
    if (g->by->ordinals && sqi_names_ordinal(plain, &position)) {
        SQI_TRY(key_ordinal(g, plain, position, &key, err));
        return push_key(g, key, g->items->at[position - 1].ast ? g->items->at[position - 1].ast : plain, err);
    }
    sqi_scope scope = sqi_make_scope(g->in);
    sqi_binder b;
    sqi_names_binder(&b, g->c, &scope, "GROUP BY", SQI_BIND_AGGREGATES | SQI_BIND_GENERATORS);
    b.lookup = key_alias;
    b.context = g;
    SQI_TRY(sqi_bind(&b, plain, &key, err));
    if (sqi_bound_has(key, SQI_BOUND_AGG))
        return sqi_names_error(plain, err, SQI_COND_GROUP_BY_AGGREGATE,
                               "an aggregate function cannot be a grouping key");
    if (sqi_grouping_set_used(key))
        return sqi_names_error(plain, err, SQI_COND_UNSUPPORTED_GROUPING_EXPRESSION,
                               "grouping() and grouping_id() cannot be grouping keys");
    if (key->kind == SQI_BOUND_GENERATOR)
        return sqi_names_error(plain, err, SQI_COND_UNSUPPORTED_EXPR_FOR_OPERATOR,
                               "a generator cannot be a grouping key; generate in a subquery and group outside");
    return push_key(g, key, plain, err);
}

/* GROUP BY ALL: the items without aggregate functions; of a generator, its arguments. */
static streamq_status all_keys(sqi_grouping *g, streamq_error **err)
{
    for (uint32_t i = 0; i < g->items->ngenerator; i++) {
        const sqi_bound *gen = g->items->generator[i];
        for (uint32_t k = 0; k < gen->narg; k++)
            if (!sqi_bound_has(gen->arg[k], SQI_BOUND_AGG) && !sqi_bound_foldable(gen->arg[k]))
                SQI_TRY(push_key(g, gen->arg[k], gen->arg[k]->ast, err));
    }
    for (uint32_t i = 0; i < g->items->n; i++) {
        const sqi_item *item = &g->items->at[i];
        sqi_bound *key = sqi_items_inline(g->c, g->items, item->e, err);
        if (!key)
            return sqi_make_failed(err);
        if (!item->aggregate && !sqi_bound_has(key, SQI_BOUND_AGG) && !sqi_names_uses_tag(key, SQI_COLUMN_GENERATED))
            SQI_TRY(push_key(g, key, item->ast, err));
    }
    return STREAMQ_OK;
}

streamq_status sqi_grouping_keys(sqi_grouping *g, streamq_error **err)
{
    if (g->by->all)
        SQI_TRY(all_keys(g, err));
    for (uint32_t i = 0; i < g->by->nkey; i++)
        SQI_TRY(one_key(g, g->by->key[i], err));
    g->nkept = g->nkey + sqi_grouping_set_columns(g->by);
    return STREAMQ_OK;
}

static sqi_bound *node_column(const sqi_grouping *g, uint32_t column, const sqi_bound *e, bool nullable,
                              streamq_error **err)
{
    sqi_bound *out = sqi_bound_column(g->c->arena, column, e->type, nullable);
    if (!out)
        sqi_error_nomem(err);
    else
        out->ast = e->ast;
    return out;
}

static sqi_bound *take_aggregate(sqi_grouping *g, const sqi_bound *e, streamq_error **err)
{
    for (uint32_t i = 0; i < e->narg; i++) {
        if (sqi_bound_deterministic(e->arg[i]))
            continue;
        sqi_names_error(e->ast, err, SQI_COND_AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION,
                        "the argument of %s(..) gives another value each time; compute it in a subquery first",
                        e->agg->name);
        return NULL;
    }
    uint32_t i = 0;
    while (i < g->nagg && !sqi_bound_equal(g->agg[i], e))
        i++;
    if (i == g->nagg) {
        if (!sqi_arena_room(g->c->arena, (void **)&g->agg, g->nagg, &g->agg_cap, sizeof *g->agg)) {
            sqi_error_nomem(err);
            return NULL;
        }
        g->agg[g->nagg++] = (sqi_bound *)(uintptr_t)e;
    }
    return node_column(g, g->nkept + i, e, e->nullable, err);
}

static sqi_bound *no_key(const sqi_grouping *g, const sqi_bound *e, streamq_error **err)
{
    sqi_span name = g->in->col[e->column].name;
    if (!g->selecting) {
        sqi_scope scope = {g->items->n, sqi_items_scope(g->c, g->items)};
        if (scope.attr)
            sqi_names_unresolved(e->ast, name, &scope, err);
        else
            sqi_error_nomem(err);
    } else if (g->by->present) {
        sqi_names_error(e->ast, err, SQI_COND_MISSING_AGGREGATION,
                        "`%.*s` is neither a grouping key nor inside an aggregate function; add it to GROUP BY or use "
                        "any_value(..)",
                        (int)name.len, name.ptr);
    } else {
        sqi_names_error(e->ast, err, SQI_COND_MISSING_GROUP_BY,
                        "`%.*s` stands beside an aggregate function, and there is no GROUP BY; add GROUP BY or use "
                        "any_value(..)",
                        (int)name.len, name.ptr);
    }
    return NULL;
}

static bool is_commutative(const sqi_bound *e)
{
    static const char *const names[] = {"+", "*", "=", "<=>", "and", "or", "&", "|", "^"};
    for (size_t i = 0; e->kind == SQI_BOUND_CALL && e->narg == 2 && i < sizeof names / sizeof *names; i++)
        if (!strcmp(e->func->name, names[i]))
            return true;
    return false;
}

/* Equal, also as 1 + a and a + 1, as far down as people write such things. */
static bool same_value(const sqi_bound *a, const sqi_bound *b, unsigned levels)
{
    if (sqi_bound_equal(a, b))
        return true;
    if (!levels || !is_commutative(a) || b->kind != SQI_BOUND_CALL || b->func != a->func || b->type != a->type)
        return false;
    return (same_value(a->arg[0], b->arg[0], levels - 1) && same_value(a->arg[1], b->arg[1], levels - 1)) ||
           (same_value(a->arg[0], b->arg[1], levels - 1) && same_value(a->arg[1], b->arg[0], levels - 1));
}

static sqi_bound *key_column(const sqi_grouping *g, const sqi_bound *e, streamq_error **err)
{
    for (uint32_t i = 0; i < g->nkey; i++)
        if (same_value(g->key[i], e, 4))
            return node_column(g, i, e, e->nullable || g->by->nset > 0, err);
    return NULL;
}

static sqi_bound *above(void *context, const sqi_bound *e, streamq_error **err)
{
    sqi_grouping *g = context;
    if (e->kind == SQI_BOUND_CONST || (e->kind == SQI_BOUND_COLUMN && e->column & ~(uint32_t)SQI_COLUMN_NUMBER))
        return (sqi_bound *)(uintptr_t)e;
    sqi_bound *key = key_column(g, e, err);
    if (key || (err && *err))
        return key;
    if (sqi_grouping_set_is(e))
        return sqi_grouping_set_value(g, e, err);
    if (e->kind == SQI_BOUND_AGG)
        return take_aggregate(g, e, err);
    if (e->kind == SQI_BOUND_COLUMN)
        return no_key(g, e, err);
    return NULL;
}

sqi_bound *sqi_grouping_above(sqi_grouping *g, const sqi_bound *e, streamq_error **err)
{
    /* A constant is its own value everywhere but in the sets that leave it out. */
    if (e->kind == SQI_BOUND_CONST && g->by->nset) {
        sqi_bound *key = key_column(g, e, err);
        if (key || *err)
            return key;
    }
    return sqi_bound_rewrite(e, above, g, g->c->arena, err);
}

static streamq_status key_attribute(const sqi_grouping *g, const sqi_node *in, uint32_t i, sqi_attribute *to,
                                    streamq_error **err)
{
    const sqi_bound *e = g->key[i];
    *to = (sqi_attribute){.type = e->type, .nullable = e->nullable || g->by->nset > 0};
    if (e->kind == SQI_BOUND_COLUMN) {
        to->name = in->col[e->column].name;
        to->qualifier = in->col[e->column].qualifier;
        to->event_time = in->col[e->column].event_time && !g->by->nset;
        return STREAMQ_OK;
    }
    if (!g->key_ast[i])
        return STREAMQ_OK;
    return sqi_names_default(g->c, g->key_ast[i], &to->name, err);
}

static streamq_status agg_attribute(const sqi_grouping *g, uint32_t i, sqi_attribute *to, streamq_error **err)
{
    const sqi_bound *e = g->agg[i];
    *to = (sqi_attribute){.name = sqi_span_of(e->agg->name), .type = e->type, .nullable = e->nullable};
    return e->ast ? sqi_names_default(g->c, e->ast, &to->name, err) : STREAMQ_OK;
}

streamq_status sqi_grouping_node(const sqi_grouping *g, const sqi_node **out, streamq_error **err)
{
    const sqi_node *in = g->in;
    if (g->by->nset)
        SQI_TRY(sqi_grouping_set_expand(g, &in, err));
    sqi_node *a = sqi_make_over(g->c, SQI_NODE_AGGREGATE, in);
    uint32_t n = g->nkept + g->nagg;
    if (!a || !(a->expr = sqi_arena_array(g->c->arena, n, sizeof *a->expr)) ||
        !(a->col = sqi_arena_array(g->c->arena, n, sizeof *a->col)))
        return sqi_make_failed(err);
    a->ncol = a->nexpr = n;
    a->nkey = g->nkept;
    for (uint32_t i = 0; i < g->nkept; i++) {
        a->expr[i] = g->by->nset ? sqi_make_column(g->c, in, g->in->ncol + i) : g->key[i];
        if (!a->expr[i])
            return sqi_make_failed(err);
        if (i < g->nkey)
            SQI_TRY(key_attribute(g, g->in, i, &a->col[i], err));
        else
            a->col[i] = in->col[g->in->ncol + i];
    }
    for (uint32_t i = 0; i < g->nagg; i++) {
        a->expr[g->nkept + i] = g->agg[i];
        SQI_TRY(agg_attribute(g, i, &a->col[g->nkept + i], err));
    }
    return sqi_make_done(a, out, err);
}
