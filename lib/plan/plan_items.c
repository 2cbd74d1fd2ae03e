/*
 * plan_items: a select list, resolved.
 */
#include "plan_items.h"

#include "plan_make.h"
#include "plan_screen.h"

/* What replacing aliases by their expressions may cost: a list like `a + a AS b, b + b AS c, ...` doubles every time.
 */
enum { INLINE_NODES = 1 << 18 };

static bool is_aggregate(const sqi_plan_context *c, sqi_span name)
{
    const sqi_func *f = sqi_func_find(name);
    if (f && !(f->flags & SQI_FUNC_INTERNAL))
        return false;
    return sqi_agg_find(name) || (c->registry && c->registry->find_agg && c->registry->find_agg(c->registry, name));
}

static bool mentions_aggregate(const sqi_plan_context *c, const sqi_ast *e)
{
    if (!e || e->kind == SQI_AST_SUBQUERY)
        return false;
    if (e->kind == SQI_AST_CALL && !e->op && is_aggregate(c, e->name))
        return true;
    for (uint32_t i = 0; i < e->narg; i++)
        if (mentions_aggregate(c, e->arg[i]))
            return true;
    return mentions_aggregate(c, e->operand) || mentions_aggregate(c, e->otherwise);
}

/* The aliases an item can see, for the binder's hook. */
typedef struct aliases {
    sqi_plan_context *c;
    sqi_binder *binder;
    sqi_names_level level;
    bool any;
} aliases;

typedef struct deepest {
    const sqi_items *items;
    uint32_t depth;
} deepest;

static bool find_deepest(void *context, const sqi_bound *e)
{
    deepest *d = context;
    if (e->kind == SQI_BOUND_COLUMN && e->column & SQI_COLUMN_ITEM) {
        uint32_t depth = d->items->at[e->column & SQI_COLUMN_NUMBER].depth;
        d->depth = depth > d->depth ? depth : d->depth;
    }
    return true;
}

static streamq_status push(sqi_plan_context *c, sqi_items *items, sqi_item *item, streamq_error **err)
{
    deepest d = {items, 0};
    sqi_bound_visit(item->e, find_deepest, &d);
    item->depth = d.depth + sqi_names_depth(item->e);
    if (!sqi_arena_room(c->arena, (void **)&items->at, items->n, &items->cap, sizeof *items->at))
        return sqi_make_failed(err);
    if (item->aliased) {
        if (!sqi_arena_room(c->arena, (void **)&items->alias, items->nalias, &items->alias_cap, sizeof *items->alias) ||
            !sqi_arena_room(c->arena, (void **)&items->alias_item, items->nalias, &items->alias_item_cap,
                            sizeof *items->alias_item))
            return sqi_make_failed(err);
        items->alias[items->nalias] = item->attr;
        items->alias_item[items->nalias++] = items->n;
    }
    items->at[items->n++] = *item;
    return STREAMQ_OK;
}

static void aliases_init(aliases *a, sqi_plan_context *c, sqi_binder *b, const sqi_items *items)
{
    *a = (aliases){.c = c, .binder = b, .level.tag = SQI_COLUMN_ITEM};
    a->level.scope = (sqi_scope){items->nalias, items->alias};
    a->level.number = items->alias_item;
}

static sqi_bound *alias_lookup(void *context, const sqi_ast *name, streamq_error **err)
{
    aliases *a = context;
    streamq_error *why = NULL;
    sqi_bound *found = sqi_names_lookup(a->binder, &a->level, name, &why);
    int len = (int)name->part[0].len;
    if (found && a->binder->in_aggregate) {
        sqi_names_error(name, err, SQI_COND_UNSUPPORTED_FEATURE__LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC,
                        "the alias `%.*s` cannot be used inside an aggregate function of the same select list", len,
                        name->part[0].ptr);
        found = NULL;
    } else if (sqi_error_cond(why) == SQI_COND_AMBIGUOUS_REFERENCE) {
        sqi_error_free(why);
        why = NULL;
        sqi_names_error(name, err, SQI_COND_AMBIGUOUS_LATERAL_COLUMN_ALIAS,
                        "several items of this select list are named `%.*s`; use different aliases", len,
                        name->part[0].ptr);
    }
    if (why)
        sqi_error_pass(err, why);
    return found;
}

static streamq_status add_star(sqi_plan_context *c, sqi_binder *b, const sqi_ast *e, sqi_items *items,
                               streamq_error **err)
{
    sqi_bound **found;
    sqi_span *names;
    uint32_t n;
    SQI_TRY(sqi_bind_star(b, e, &found, &names, &n, err));
    for (uint32_t i = 0; i < n; i++) {
        sqi_item item = {.attr = {.name = names[i], .type = found[i]->type, .nullable = found[i]->nullable},
                         .e = found[i],
                         .ast = e};
        if (found[i]->kind == SQI_BOUND_COLUMN) {
            const sqi_attribute *from = &b->scope->attr[found[i]->column];
            item.attr.qualifier = from->qualifier;
            item.attr.event_time = from->event_time;
        }
        SQI_TRY(push(c, items, &item, err));
    }
    return STREAMQ_OK;
}

static streamq_status add_generator(sqi_plan_context *c, const sqi_ast *e, sqi_bound *generator, sqi_items *items,
                                    streamq_error **err)
{
    const sqi_type *row = generator->type;
    uint32_t npart = e->kind == SQI_AST_ALIAS ? e->npart : 0;
    if (npart && npart != row->nfield)
        return sqi_names_error(e, err, SQI_COND_UDTF_ALIAS_NUMBER_MISMATCH,
                               "%s gives %u columns, but %u names are written; write AS (name, ...)",
                               generator->generator->name, row->nfield, npart);
    /* Aliases of the list become what they stand for: no item exists yet where the generator runs. */
    if (!(generator = sqi_items_inline(c, items, generator, err)))
        return sqi_make_failed(err);
    if (!sqi_arena_room(c->arena, (void **)&items->generator, items->ngenerator, &items->generator_cap,
                        sizeof *items->generator))
        return sqi_make_failed(err);
    items->generator[items->ngenerator++] = generator;
    for (uint32_t i = 0; i < row->nfield; i++) {
        const sqi_field *f = &row->field[i];
        bool nullable = f->nullable || generator->outer || generator->generator->outer;
        sqi_bound *column = sqi_bound_column(c->arena, SQI_COLUMN_GENERATED | items->ngenerated++, f->type, nullable);
        if (!column)
            return sqi_make_failed(err);
        sqi_item item = {.attr = {.name = npart ? e->part[i] : f->name, .type = f->type, .nullable = nullable},
                         .e = column,
                         .ast = sqi_names_unalias(e),
                         .aliased = npart > 0,
                         .aggregate = sqi_bound_has(generator, SQI_BOUND_AGG)};
        SQI_TRY(push(c, items, &item, err));
    }
    return STREAMQ_OK;
}

static streamq_status add_plain(sqi_plan_context *c, const sqi_node *in, const sqi_ast *e, sqi_bound *bound,
                                sqi_items *items, streamq_error **err)
{
    sqi_item item = {.attr = {.type = bound->type, .nullable = bound->nullable},
                     .e = bound,
                     .ast = sqi_names_unalias(e),
                     .aliased = e->kind == SQI_AST_ALIAS,
                     .aggregate = mentions_aggregate(c, e)};
    if (item.aliased && e->npart > 1)
        return sqi_names_error(e, err, SQI_COND_MULTI_ALIAS_WITHOUT_GENERATOR,
                               "%u names for one column; only a generator such as explode takes several", e->npart);
    if (item.aliased)
        item.attr.name = e->part[0];
    else
        SQI_TRY(sqi_names_default(c, e, &item.attr.name, err));
    if (bound->kind == SQI_BOUND_COLUMN) { /* an alias keeps the event time, but not the qualifier */
        uint32_t i = bound->column & SQI_COLUMN_NUMBER;
        const sqi_attribute *from = bound->column & SQI_COLUMN_ITEM ? &items->at[i].attr : &in->col[i];
        item.attr.event_time = from->event_time;
        if (!item.aliased && from == &in->col[i])
            item.attr.qualifier = from->qualifier;
    }
    return push(c, items, &item, err);
}

streamq_status sqi_items_add(sqi_plan_context *c, const sqi_node *in, const char *clause, const sqi_ast *e,
                             sqi_items *items, streamq_error **err)
{
    sqi_scope scope = sqi_make_scope(in);
    sqi_binder b;
    aliases seen;
    sqi_names_binder(&b, c, &scope, clause, SQI_BIND_AGGREGATES | SQI_BIND_GENERATORS);
    if (sqi_names_unalias(e)->kind == SQI_AST_STAR)
        return add_star(c, &b, sqi_names_unalias(e), items, err);
    SQI_TRY(sqi_screen_expression(c, e, in->streaming, err));
    aliases_init(&seen, c, &b, items);
    if (seen.level.scope.n) {
        b.lookup = alias_lookup;
        b.context = &seen;
    }
    sqi_bound *bound;
    SQI_TRY(sqi_bind(&b, e, &bound, err));
    if (bound->kind == SQI_BOUND_GENERATOR)
        return add_generator(c, e, bound, items, err);
    return add_plain(c, in, e, bound, items, err);
}

streamq_status sqi_items_add_column(sqi_plan_context *c, const sqi_node *in, uint32_t i, sqi_items *items,
                                    streamq_error **err)
{
    sqi_item item = {.attr = in->col[i], .e = sqi_make_column(c, in, i)};
    return item.e ? push(c, items, &item, err) : sqi_make_failed(err);
}

typedef struct inliner {
    sqi_plan_context *c;
    const sqi_items *items;
    uint32_t nodes;
} inliner;

static sqi_bound *put_item(void *context, const sqi_bound *e, streamq_error **err)
{
    inliner *in = context;
    bool item = e->kind == SQI_BOUND_COLUMN && e->column & SQI_COLUMN_ITEM;
    const sqi_item *of = item ? &in->items->at[e->column & SQI_COLUMN_NUMBER] : NULL;
    if (++in->nodes > INLINE_NODES || (of && of->depth > SQI_EXPRESSION_DEPTH / 2)) {
        sqi_names_error(e->ast, err, SQI_COND_LIMIT_EXCEEDED,
                        "the aliases used here build on each other too deeply; compute them in a subquery");
        return NULL;
    }
    return of ? sqi_bound_rewrite(of->e, put_item, in, in->c->arena, err) : NULL;
}

sqi_bound *sqi_items_inline(sqi_plan_context *c, const sqi_items *items, const sqi_bound *e, streamq_error **err)
{
    if (!sqi_names_uses_tag(e, SQI_COLUMN_ITEM))
        return (sqi_bound *)(uintptr_t)e;
    inliner in = {c, items, 0};
    return sqi_bound_rewrite(e, put_item, &in, c->arena, err);
}

sqi_attribute *sqi_items_scope(sqi_plan_context *c, const sqi_items *items)
{
    sqi_attribute *attr = sqi_arena_array(c->arena, items->n, sizeof *attr);
    for (uint32_t i = 0; attr && i < items->n; i++)
        attr[i] = items->at[i].attr;
    return attr;
}

bool sqi_items_have_aggregate(const sqi_items *items)
{
    for (uint32_t i = 0; i < items->n; i++)
        if (items->at[i].aggregate)
            return true;
    return false;
}
