/*
 * plan_grouping_set: grouping sets: grouping(), grouping_id() and EXPAND.
 *
 * The grouping id has one bit for each key, the first key's highest; a set bit says that the key is left out.
 */
#include "plan_grouping_set.h"

#include "plan_make.h"

static streamq_status resolve_grouping(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    (void)b;
    (void)err;
    node->type = node->func->max_args == 1 ? &sqi_type_tinyint : &sqi_type_bigint;
    node->nullable = false;
    return STREAMQ_OK;
}

/* RANDOM keeps them from being folded: without arguments they look constant. */
static const sqi_func functions[] = {
    {.name = "grouping",
     .min_args = 1,
     .max_args = 1,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_RANDOM,
     .resolve = resolve_grouping,
     .text = "1 if the key is left out of the row's grouping set, else 0"},
    {.name = "grouping_id",
     .min_args = 0,
     .max_args = -1,
     .nulls = SQI_NULL_OWN,
     .flags = SQI_FUNC_RANDOM,
     .resolve = resolve_grouping,
     .text = "the grouping() of all keys as the bits of a number"},
};

static const sqi_func *find_func(const sqi_registry *r, sqi_span name)
{
    const sqi_plan_functions *f = (const sqi_plan_functions *)r;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (sqi_span_equal_nocase(name, sqi_span_of(functions[i].name)))
            return &functions[i];
    return f->next && f->next->find_func ? f->next->find_func(f->next, name) : NULL;
}

static const struct sqi_agg *find_agg(const sqi_registry *r, sqi_span name)
{
    const sqi_plan_functions *f = (const sqi_plan_functions *)r;
    return f->next && f->next->find_agg ? f->next->find_agg(f->next, name) : NULL;
}

const sqi_registry *sqi_grouping_set_functions(sqi_plan_context *c)
{
    c->functions = (sqi_plan_functions){{find_func, find_agg}, c->registry};
    return &c->functions.registry;
}

bool sqi_grouping_set_is(const sqi_bound *e)
{
    return e->kind == SQI_BOUND_CALL && e->func >= functions &&
           e->func < functions + sizeof functions / sizeof *functions;
}

static bool is_other(void *context, const sqi_bound *e)
{
    (void)context;
    return !sqi_grouping_set_is(e);
}

bool sqi_grouping_set_used(const sqi_bound *e)
{
    return !sqi_bound_visit(e, is_other, NULL);
}

streamq_status sqi_grouping_set_error(const sqi_bound *call, streamq_error **err)
{
    return sqi_names_error(call->ast, err, SQI_COND_UNSUPPORTED_GROUPING_EXPRESSION,
                           "grouping() and grouping_id() need GROUP BY with ROLLUP, CUBE or GROUPING SETS");
}

static sqi_bound *bigint(sqi_plan_context *c, int64_t value, streamq_error **err)
{
    sqi_vec *v = sqi_arena_zero(c->arena, sizeof *v);
    if (!v) {
        sqi_error_nomem(err);
        return NULL;
    }
    if (sqi_vec_make(v, &sqi_type_bigint, 1, c->arena, err) != STREAMQ_OK)
        return NULL;
    v->mask = 0;
    SQI_OUT(v, int64_t)[0] = value;
    sqi_bound *e = sqi_bound_const(c->arena, v);
    if (!e)
        sqi_error_nomem(err);
    return e;
}

static sqi_bound *null_of(sqi_plan_context *c, const sqi_type *type, streamq_error **err)
{
    sqi_vec *v = sqi_arena_zero(c->arena, sizeof *v);
    sqi_bound *e = NULL;
    if (v && sqi_vec_null(v, type, c->arena, err) == STREAMQ_OK)
        e = sqi_bound_const(c->arena, v);
    if (!e)
        sqi_error_nomem(err);
    return e;
}

/* Bit of the grouping id as the call's type: halved down to it, then modulo 2. */
static sqi_bound *bit_of(const sqi_grouping *g, const sqi_bound *call, sqi_bound *id, uint32_t key, streamq_error **err)
{
    sqi_binder b;
    sqi_names_binder(&b, g->c, NULL, "SELECT", 0);
    sqi_bound *value = id;
    for (uint32_t bit = g->nkey - 1 - key; bit > 0; bit--) {
        sqi_bound *args[] = {value, bigint(g->c, 2, err)};
        if (!args[1] || sqi_bind_call(&b, "div", args, 2, call->ast, &value, err) != STREAMQ_OK)
            return NULL;
    }
    sqi_bound *args[] = {value, bigint(g->c, 2, err)};
    if (!args[1] || sqi_bind_call(&b, "%", args, 2, call->ast, &value, err) != STREAMQ_OK ||
        sqi_bind_cast(&b, &value, call->type, err) != STREAMQ_OK)
        return NULL;
    return value;
}

sqi_bound *sqi_grouping_set_value(const sqi_grouping *g, const sqi_bound *call, streamq_error **err)
{
    if (!g->by->nset) {
        sqi_grouping_set_error(call, err);
        return NULL;
    }
    sqi_bound *id = sqi_bound_column(g->c->arena, g->nkey, &sqi_type_bigint, false);
    if (!id) {
        sqi_error_nomem(err);
        return NULL;
    }
    if (call->func == &functions[0]) {
        uint32_t i = 0;
        while (i < g->nkey && !sqi_bound_equal(g->key[i], call->arg[0]))
            i++;
        if (i < g->nkey)
            return bit_of(g, call, id, i, err);
        sqi_names_error(call->ast, err, SQI_COND_GROUPING_COLUMN_MISMATCH,
                        "the argument of grouping() is no grouping key");
        return NULL;
    }
    bool same = !call->narg || call->narg == g->nkey;
    for (uint32_t i = 0; same && i < call->narg; i++)
        same = sqi_bound_equal(g->key[i], call->arg[i]);
    if (same)
        return id;
    sqi_names_error(call->ast, err, SQI_COND_GROUPING_ID_COLUMN_MISMATCH,
                    "grouping_id(..) takes all grouping keys in their order, or nothing");
    return NULL;
}

static bool sets_repeat(const sqi_group_by *by)
{
    for (uint32_t i = 0; i < by->nset; i++)
        for (uint32_t k = 0; k < i; k++)
            if (by->set[i] == by->set[k])
                return true;
    return false;
}

uint32_t sqi_grouping_set_columns(const sqi_group_by *by)
{
    return by->nset ? 1 + sets_repeat(by) : 0;
}

/* What one set makes of a row. */
static streamq_status projection(const sqi_grouping *g, uint32_t set, sqi_bound **expr, streamq_error **err)
{
    uint32_t at = 0;
    int64_t id = 0;
    for (; at < g->in->ncol; at++)
        if (!(expr[at] = sqi_make_column(g->c, g->in, at)))
            return sqi_make_failed(err);
    for (uint32_t i = 0; i < g->nkey; i++) {
        bool kept = g->by->set[set] >> i & 1;
        id = id << 1 | !kept;
        if (!(expr[at++] = kept ? g->key[i] : null_of(g->c, g->key[i]->type, err)))
            return sqi_make_failed(err);
    }
    if (!(expr[at++] = bigint(g->c, id, err)))
        return sqi_make_failed(err);
    if (g->nkept == g->nkey + 2 && !(expr[at] = bigint(g->c, set, err)))
        return sqi_make_failed(err);
    return STREAMQ_OK;
}

streamq_status sqi_grouping_set_expand(const sqi_grouping *g, const sqi_node **out, streamq_error **err)
{
    sqi_arena *arena = g->c->arena;
    sqi_node *x = sqi_make_over(g->c, SQI_NODE_EXPAND, g->in);
    uint32_t n = g->in->ncol + g->nkept;
    if (!x || !(x->col = sqi_arena_array(arena, n, sizeof *x->col)) ||
        !(x->projection = sqi_arena_array(arena, g->by->nset, sizeof *x->projection)))
        return sqi_make_failed(err);
    x->ncol = x->nexpr = n;
    x->nproj = g->by->nset;
    for (uint32_t i = 0; i < g->in->ncol; i++)
        x->col[i] = g->in->col[i];
    for (uint32_t i = 0; i < g->nkey; i++) {
        sqi_attribute *to = &x->col[g->in->ncol + i];
        *to = (sqi_attribute){.type = g->key[i]->type, .nullable = true};
        if (g->key[i]->kind == SQI_BOUND_COLUMN)
            to->name = g->in->col[g->key[i]->column].name;
        else if (g->key_ast[i])
            SQI_TRY(sqi_names_default(g->c, g->key_ast[i], &to->name, err));
    }
    static const char *const extra[] = {"spark_grouping_id", "_gen_grouping_pos"};
    for (uint32_t i = g->nkey; i < g->nkept; i++)
        x->col[g->in->ncol + i] = (sqi_attribute){.name = sqi_span_of(extra[i - g->nkey]), .type = &sqi_type_bigint};
    for (uint32_t s = 0; s < x->nproj; s++) {
        if (!(x->projection[s] = sqi_arena_array(arena, n, sizeof **x->projection)))
            return sqi_make_failed(err);
        SQI_TRY(projection(g, s, x->projection[s], err));
    }
    return sqi_make_done(x, out, err);
}
