/*
 * run_compile: see the header. Operators are made from the result towards the sources, because each must know the next.
 * Recursion follows the plan, whose depth the parser and the plan room bound.
 */
#include "run_compile.h"

#include "run_query.h"
#include "run_top.h"

typedef struct build {
    sqi_chain *c;
    sqi_op_env *env;
    sqi_op **entry; /* not NULL: a worker's copy is made; here goes the operator that the source pushes to */
    bool hidden;    /* the same copies but the first: explain does not see them */
    streamq_error **err;
    sqi_top top; /* what the sort and limit above want of an aggregation */
} build;

static streamq_status compile(build *b, const sqi_node *n, sqi_op *next, uint32_t next_input);

static streamq_status add_op(build *b, const sqi_node *n, const sqi_op_type *type, const void *params, sqi_op *next,
                             uint32_t next_input, sqi_op **out)
{
    sqi_chain *c = b->c;
    uint32_t ninput = n ? n->ninput : 1;
    if (!sqi_alloc_grow(c->alloc, (void **)&c->op, &c->op_cap, c->nop + 1, sizeof *c->op) ||
        !sqi_alloc_grow(c->alloc, (void **)&c->made, &c->made_cap, c->nop + 1, sizeof *c->made))
        return sqi_error_nomem(b->err);
    SQI_TRY(sqi_op_new(out, type, params, ninput, b->env, next, next_input, b->err));
    c->made[c->nop] = b->hidden ? NULL : n;
    c->op[c->nop++] = *out;
    return STREAMQ_OK;
}

static streamq_status add_leaf(build *b, const sqi_plan_source *source, const sqi_chunk *values, sqi_op *op,
                               uint32_t input)
{
    sqi_chain *c = b->c;
    if (!sqi_alloc_grow(c->alloc, (void **)&c->leaf, &c->leaf_cap, c->nleaf + 1, sizeof *c->leaf))
        return sqi_error_nomem(b->err);
    c->leaf[c->nleaf++] = (sqi_leaf){source, values, op, input, NULL};
    if (!source)
        return STREAMQ_OK;
    for (size_t i = 0; i < c->nsource; ++i)
        if (c->source[i] == source)
            return STREAMQ_OK;
    if (!sqi_alloc_grow(c->alloc, (void **)&c->source, &c->source_cap, c->nsource + 1, sizeof *c->source))
        return sqi_error_nomem(b->err);
    c->source[c->nsource++] = source;
    return STREAMQ_OK;
}

static bool has_aggregate(const sqi_node *n)
{
    if (n->kind == SQI_NODE_AGGREGATE)
        return true;
    for (uint32_t i = 0; i < n->ninput; ++i)
        if (has_aggregate(n->input[i]))
            return true;
    return false;
}

static streamq_status schema_of(build *b, const sqi_node *n, sqi_schema **out)
{
    sqi_schema *s = sqi_arena_zero(&b->c->arena, sizeof *s);
    if (!s)
        return sqi_error_nomem(b->err);
    s->n = n->ncol;
    s->field = sqi_arena_array(&b->c->arena, n->ncol ? n->ncol : 1, sizeof *s->field);
    if (!s->field)
        return sqi_error_nomem(b->err);
    for (uint32_t i = 0; i < n->ncol; ++i)
        s->field[i] = (sqi_field){n->col[i].name, n->col[i].type, n->col[i].nullable};
    *out = s;
    return STREAMQ_OK;
}

/* One input, one operator: the common case. */
static streamq_status compile_one(build *b, const sqi_node *n, const sqi_op_type *type, const void *params,
                                  sqi_op *next, uint32_t next_input)
{
    sqi_op *op;
    SQI_TRY(add_op(b, n, type, params, next, next_input, &op));
    return compile(b, n->input[0], op, 0);
}

static streamq_status compile_sort(build *b, const sqi_node *n, int64_t limit, sqi_op *next, uint32_t next_input)
{
    sqi_schema *schema;
    SQI_TRY(schema_of(b, n->input[0], &schema));
    sqi_op_sort_params p = {schema, n->expr, n->sort_flags, n->nexpr, limit};
    return compile_one(b, n, &sqi_op_sort, &p, next, next_input);
}

static streamq_status compile_limit(build *b, const sqi_node *n, sqi_op *next, uint32_t next_input)
{
    /* A limit counts over the whole life of a stream, unless an aggregation below gives its whole result each time. */
    bool whole_life =
        b->env->streaming && n->streaming && (b->env->mode == STREAMQ_APPEND || !has_aggregate(n->input[0]));
    sqi_op_limit_params p = {n->limit, n->offset, whole_life};
    const sqi_node *in = n->input[0];
    if (in->kind != SQI_NODE_SORT || whole_life || n->limit < 0 || n->limit > INT32_MAX || n->offset > INT32_MAX)
        return compile_one(b, n, &sqi_op_limit, &p, next, next_input);
    if (b->env->streaming && b->env->mode == STREAMQ_COMPLETE)
        SQI_TRY(sqi_top_find(&b->top, in, n->limit + n->offset, &b->c->arena, b->err));
    if (n->offset == 0)
        return compile_sort(b, in, n->limit, next, next_input);
    sqi_op *op;
    SQI_TRY(add_op(b, n, &sqi_op_limit, &p, next, next_input, &op));
    return compile_sort(b, in, n->limit + n->offset, op, 0);
}

static streamq_status compile_union(build *b, const sqi_node *n, sqi_op *next, uint32_t next_input)
{
    sqi_op *op;
    SQI_TRY(add_op(b, n, &sqi_op_union, NULL, next, next_input, &op));
    for (uint32_t i = 0; i < n->ninput; ++i)
        SQI_TRY(compile(b, n->input[i], op, i));
    return STREAMQ_OK;
}

static streamq_status compile_dedup(build *b, const sqi_node *n, sqi_op *next, uint32_t next_input)
{
    uint32_t *key = sqi_arena_array(&b->c->arena, n->nexpr ? n->nexpr : 1, sizeof *key);
    sqi_schema *schema;
    if (!key)
        return sqi_error_nomem(b->err);
    for (uint32_t i = 0; i < n->nexpr; ++i)
        key[i] = n->expr[i]->column;
    SQI_TRY(schema_of(b, n->input[0], &schema));
    sqi_op_dedup_params p = {key, n->nexpr, schema};
    return compile_one(b, n, &sqi_op_dedup, &p, next, next_input);
}

/* Whether threads may share the work of this tree: it gives the same wherever and in whatever order chunks run. */
static bool may_share(void *context, const sqi_bound *e)
{
    (void)context;
    if (e->kind == SQI_BOUND_CALL && e->func->flags & (SQI_FUNC_RANDOM | SQI_FUNC_STEPPER))
        return false;
    return e->kind != SQI_BOUND_AGG || !(e->distinct || e->agg->flags & SQI_AGG_STEPPER);
}

static bool exprs_may_share(const sqi_node *n)
{
    for (uint32_t i = 0; i < n->nexpr; ++i)
        if (!sqi_bound_visit(n->expr[i], may_share, NULL))
            return false;
    return true;
}

/* One source below, and on the way only operators without state. */
static bool has_front(const build *b, const sqi_node *n)
{
    if (b->env->threads < 2 || !b->env->streaming || !n->nkey || b->entry || !exprs_may_share(n))
        return false;
    for (n = n->input[0]; n->kind != SQI_NODE_SOURCE; n = n->input[0])
        if ((n->kind != SQI_NODE_ALIAS && n->kind != SQI_NODE_PROJECT && n->kind != SQI_NODE_FILTER &&
             n->kind != SQI_NODE_GENERATE) ||
            !exprs_may_share(n))
            return false;
    return true;
}

static const sqi_plan_source *source_below(const sqi_node *n)
{
    while (n->kind != SQI_NODE_SOURCE)
        n = n->input[0];
    return n->source;
}

static streamq_status compile_front(build *b, const sqi_node *n, const sqi_op_group_params *p, sqi_op *group)
{
    sqi_chain *c = b->c;
    const sqi_plan_source *source = source_below(n);
    SQI_TRY(add_leaf(b, source, NULL, group, 0));
    sqi_front **front = &c->leaf[c->nleaf - 1].front;
    SQI_TRY(sqi_front_new(front, b->env, b->env->threads, b->err));
    (*front)->group = group;
    (*front)->stable = ((const sqi_source_spec *)source->declared)->type->stable;
    for (uint32_t k = 0; k < (*front)->nworker; ++k) {
        sqi_front_worker *w = &(*front)->worker[k];
        sqi_op_feed_params feed = {group, p, k};
        build copy = {.c = c, .env = &w->env, .entry = &w->entry, .hidden = k > 0, .err = b->err};
        SQI_TRY(add_op(&copy, NULL, &sqi_op_feed, &feed, NULL, 0, &w->feed));
        SQI_TRY(compile(&copy, n->input[0], w->feed, 0));
    }
    return STREAMQ_OK;
}

static streamq_status compile_aggregate(build *b, const sqi_node *n, sqi_op *next, uint32_t next_input)
{
    sqi_op_group_params p = {
        .key = n->expr, .nkey = n->nkey, .agg = n->expr + n->nkey, .nagg = n->nexpr - n->nkey, .nlane = 1};
    if (b->top.aggregate == n) {
        sqi_op_group_top_params *top = sqi_arena_get(&b->c->arena, sizeof *top);
        if (!top)
            return sqi_error_nomem(b->err);
        *top = b->top.params;
        b->top.aggregate = NULL; /* for this place only: plans share nodes */
        p.top = top;
    }
    if (!has_front(b, n))
        return compile_one(b, n, &sqi_op_group, &p, next, next_input);
    sqi_op *group;
    p.nlane = b->env->threads;
    SQI_TRY(add_op(b, n, &sqi_op_group, &p, next, next_input, &group));
    return compile_front(b, n, &p, group);
}

static streamq_status compile(build *b, const sqi_node *n, sqi_op *next, uint32_t next_input)
{
    switch (n->kind) {
    case SQI_NODE_SOURCE:
        if (!b->entry)
            return add_leaf(b, n->source, NULL, next, next_input);
        *b->entry = next;
        return STREAMQ_OK;
    case SQI_NODE_VALUES:
        return add_leaf(b, NULL, n->values, next, next_input);
    case SQI_NODE_ALIAS:
        return compile(b, n->input[0], next, next_input);
    case SQI_NODE_PROJECT: {
        sqi_op_project_params p = {n->expr, n->nexpr};
        return compile_one(b, n, &sqi_op_project, &p, next, next_input);
    }
    case SQI_NODE_FILTER: {
        sqi_op_filter_params p = {n->expr[0]};
        return compile_one(b, n, &sqi_op_filter, &p, next, next_input);
    }
    case SQI_NODE_GENERATE: {
        sqi_op_generate_params p = {n->expr[0], n->kept, n->nkept, n->ncol};
        return compile_one(b, n, &sqi_op_generate, &p, next, next_input);
    }
    case SQI_NODE_AGGREGATE:
        return compile_aggregate(b, n, next, next_input);
    case SQI_NODE_EXPAND: {
        sqi_op_expand_params p = {(sqi_bound *const *const *)n->projection, n->nproj, n->ncol};
        return compile_one(b, n, &sqi_op_expand, &p, next, next_input);
    }
    case SQI_NODE_SORT:
        return compile_sort(b, n, -1, next, next_input);
    case SQI_NODE_LIMIT:
        return compile_limit(b, n, next, next_input);
    case SQI_NODE_UNION:
        return compile_union(b, n, next, next_input);
    case SQI_NODE_DEDUP:
        return compile_dedup(b, n, next, next_input);
    case SQI_NODE_WATERMARK:
    case SQI_NODE_JOIN: /* refused by the checks before */
        break;
    }
    return sqi_error_set(b->err, SQI_COND_INTERNAL_ERROR, "no operator for plan node %d", (int)n->kind);
}

streamq_status sqi_chain_build(sqi_chain *c, const sqi_node *root, sqi_op_env *env, sqi_op *end, streamq_error **err)
{
    *c = (sqi_chain){.alloc = env->alloc, .root = root};
    sqi_arena_init(&c->arena, env->alloc);
    build b = {.c = c, .env = env, .err = err};
    return compile(&b, root, end, 0);
}

void sqi_chain_free(sqi_chain *c)
{
    if (!c->alloc)
        return;
    for (size_t i = 0; i < c->nop; ++i) /* before the fronts, whose environments they use */
        sqi_op_free(c->op[i]);
    for (size_t i = 0; i < c->nleaf; ++i)
        sqi_front_free(c->leaf[i].front);
    sqi_alloc_free(c->alloc, c->op, c->op_cap * sizeof *c->op);
    sqi_alloc_free(c->alloc, c->made, c->made_cap * sizeof *c->made);
    sqi_alloc_free(c->alloc, c->leaf, c->leaf_cap * sizeof *c->leaf);
    sqi_alloc_free(c->alloc, c->source, c->source_cap * sizeof *c->source);
    sqi_arena_fini(&c->arena);
    *c = (sqi_chain){0};
}

streamq_status sqi_chain_push(sqi_chain *c, const sqi_plan_source *source, const sqi_chunk *chunk, streamq_error **err)
{
    for (size_t i = 0; i < c->nleaf; ++i)
        if (c->leaf[i].source == source && c->leaf[i].front)
            SQI_TRY(sqi_front_push(c->leaf[i].front, chunk, err));
        else if (c->leaf[i].source == source)
            SQI_TRY(sqi_op_push(c->leaf[i].op, c->leaf[i].input, chunk, err));
    return STREAMQ_OK;
}

streamq_status sqi_chain_finish(sqi_chain *c, streamq_error **err)
{
    for (size_t i = 0; i < c->nleaf; ++i) {
        if (c->leaf[i].values)
            SQI_TRY(sqi_op_push(c->leaf[i].op, c->leaf[i].input, c->leaf[i].values, err));
        if (c->leaf[i].front)
            SQI_TRY(sqi_front_finish(c->leaf[i].front, err));
        SQI_TRY(sqi_op_flush(c->leaf[i].op, err));
    }
    return STREAMQ_OK;
}

void sqi_chain_commit(sqi_chain *c)
{
    for (size_t i = 0; i < c->nop; ++i)
        if (c->op[i]->type->commit)
            c->op[i]->type->commit(c->op[i]);
}

void sqi_chain_give_up(sqi_chain *c)
{
    for (size_t i = 0; i < c->nleaf; ++i)
        if (c->leaf[i].front)
            sqi_front_give_up(c->leaf[i].front);
}
