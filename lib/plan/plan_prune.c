/*
 * plan_prune: columns nobody reads go: projections shrink, aggregates that are not read are not computed, a generator
 * repeats only what is read above it, a sort keeps only what it must.
 *
 * One walk from the root down. Each node is told which of its columns are read, and answers with a tree and where
 * those columns stand in it. Columns it cannot lose (a source's) stay; whoever cares picks.
 */
#include "plan_make.h"
#include "plan_rules.h"

typedef struct pruned {
    const sqi_node *node;
    uint32_t *at; /* position of each old column that is read; undefined for the others */
} pruned;

typedef struct use {
    bool *read;
} use;

static bool mark(void *context, const sqi_bound *e)
{
    if (e->kind == SQI_BOUND_COLUMN)
        ((use *)context)->read[e->column] = true;
    return true;
}

static void mark_all(bool *read, sqi_bound *const *e, uint32_t n)
{
    use u = {read};
    for (uint32_t i = 0; i < n; i++)
        sqi_bound_visit(e[i], mark, &u);
}

typedef struct move {
    sqi_plan_context *c;
    const uint32_t *at;
} move;

static sqi_bound *moved(void *context, const sqi_bound *e, streamq_error **err)
{
    const move *m = context;
    if (e->kind != SQI_BOUND_COLUMN)
        return NULL;
    if (m->at[e->column] == e->column)
        return (sqi_bound *)(uintptr_t)e;
    sqi_bound *column = sqi_bound_column(m->c->arena, m->at[e->column], e->type, e->nullable);
    if (!column)
        sqi_error_nomem(err);
    else
        column->ast = e->ast;
    return column;
}

/* The expressions over the pruned input. NULL: no memory. */
static sqi_bound **move_all(sqi_plan_context *c, sqi_bound *const *e, uint32_t n, const uint32_t *at)
{
    move m = {c, at};
    streamq_error *why = NULL;
    sqi_bound **out = sqi_arena_array(c->arena, n, sizeof *out);
    for (uint32_t i = 0; out && i < n; i++)
        if (!(out[i] = sqi_bound_rewrite(e[i], moved, &m, c->arena, &why)))
            out = NULL;
    sqi_error_free(why);
    return out;
}

static bool prune(sqi_plan_context *c, const sqi_node *n, const bool *read, pruned *out);

static bool *nothing_read(sqi_plan_context *c, const sqi_node *n)
{
    return sqi_arena_array(c->arena, n->ncol, sizeof(bool));
}

/* A copy over a pruned input, with its own expressions moved. */
static sqi_node *over(sqi_plan_context *c, const sqi_node *n, const pruned *in)
{
    sqi_node *copy = sqi_rules_copy(c, n);
    if (!copy)
        return NULL;
    copy->input[0] = (sqi_node *)(uintptr_t)in->node;
    if (n->expr && n->kind != SQI_NODE_EXPAND && !(copy->expr = move_all(c, n->expr, n->nexpr, in->at)))
        return NULL;
    return copy;
}

/* The read columns alone, in their order, if there are others. */
static bool pick(sqi_plan_context *c, const sqi_node *old, const bool *read, pruned *p)
{
    uint32_t *column = sqi_arena_array(c->arena, old->ncol, sizeof *column);
    uint32_t *at = sqi_arena_array(c->arena, old->ncol, sizeof *at), n = 0;
    if (!column || !at)
        return false;
    bool same = true;
    for (uint32_t i = 0; i < old->ncol; i++) {
        if (!read[i])
            continue;
        same = same && p->at[i] == n;
        column[n] = p->at[i];
        at[i] = n++;
    }
    if (same && n == p->node->ncol)
        return true;
    p->node = sqi_make_pick(c, p->node, column, n);
    p->at = at;
    return p->node != NULL;
}

/* FILTER, SORT, LIMIT, DEDUP, ALIAS: what the input gives, minus nothing; their expressions read, too. */
static bool prune_same(sqi_plan_context *c, const sqi_node *n, const bool *read, pruned *out)
{
    bool *in_read = nothing_read(c, n);
    pruned in;
    if (!in_read)
        return false;
    memcpy(in_read, read, n->ncol * sizeof *in_read);
    if (n->expr)
        mark_all(in_read, n->expr, n->nexpr);
    if (!prune(c, n->input[0], in_read, &in))
        return false;
    if (n->kind == SQI_NODE_SORT && !pick(c, n->input[0], in_read, &in)) /* it keeps whole rows */
        return false;
    sqi_node *copy = over(c, n, &in);
    if (!copy)
        return false;
    copy->ncol = in.node->ncol;
    copy->col = in.node->col;
    *out = (pruned){copy, in.at};
    return true;
}

/* PROJECT and AGGREGATE: the expressions that are read; `always` come first and stay. */
static bool prune_list(sqi_plan_context *c, const sqi_node *n, uint32_t always, const bool *read, pruned *out)
{
    bool *in_read = nothing_read(c, n->input[0]);
    sqi_bound **expr = sqi_arena_array(c->arena, n->nexpr, sizeof *expr);
    sqi_attribute *col = sqi_arena_array(c->arena, n->nexpr, sizeof *col);
    uint32_t kept = 0;
    pruned in;
    out->at = sqi_arena_array(c->arena, n->ncol, sizeof *out->at);
    if (!in_read || !expr || !col || !out->at)
        return false;
    for (uint32_t i = 0; i < n->nexpr; i++) {
        if (i >= always && !read[i])
            continue;
        expr[kept] = n->expr[i];
        col[kept] = n->col[i];
        out->at[i] = kept++;
    }
    mark_all(in_read, expr, kept);
    if (!prune(c, n->input[0], in_read, &in))
        return false;
    sqi_node *copy = sqi_rules_copy(c, n);
    if (!copy || !(copy->expr = move_all(c, expr, kept, in.at)))
        return false;
    copy->input[0] = (sqi_node *)(uintptr_t)in.node;
    copy->nexpr = copy->ncol = kept;
    copy->col = col;
    out->node = copy;
    return true;
}

static bool prune_generate(sqi_plan_context *c, const sqi_node *n, const bool *read, pruned *out)
{
    const sqi_node *below = n->input[0];
    uint32_t made = n->ncol - n->nkept, kept = 0;
    bool *in_read = nothing_read(c, below);
    sqi_attribute *col = sqi_arena_array(c->arena, n->ncol, sizeof *col);
    uint32_t *keep = sqi_arena_array(c->arena, n->nkept, sizeof *keep);
    pruned in;
    out->at = sqi_arena_array(c->arena, n->ncol, sizeof *out->at);
    if (!in_read || !col || !keep || !out->at)
        return false;
    mark_all(in_read, n->expr, n->nexpr);
    for (uint32_t i = 0; i < n->nkept; i++)
        in_read[n->kept[i]] |= read[i];
    if (!prune(c, below, in_read, &in))
        return false;
    for (uint32_t i = 0; i < n->nkept; i++) {
        if (!read[i])
            continue;
        keep[kept] = in.at[n->kept[i]];
        col[kept] = n->col[i];
        out->at[i] = kept++;
    }
    for (uint32_t i = 0; i < made; i++) {
        col[kept + i] = n->col[n->nkept + i];
        out->at[n->nkept + i] = kept + i;
    }
    sqi_node *copy = over(c, n, &in);
    if (!copy)
        return false;
    copy->kept = keep;
    copy->nkept = kept;
    copy->col = col;
    copy->ncol = kept + made;
    out->node = copy;
    return true;
}

static bool prune_expand(sqi_plan_context *c, const sqi_node *n, const bool *read, pruned *out)
{
    bool *in_read = nothing_read(c, n->input[0]);
    sqi_attribute *col = sqi_arena_array(c->arena, n->ncol, sizeof *col);
    sqi_bound ***projection = sqi_arena_array(c->arena, n->nproj, sizeof *projection);
    uint32_t kept = 0;
    pruned in;
    out->at = sqi_arena_array(c->arena, n->ncol, sizeof *out->at);
    if (!in_read || !col || !projection || !out->at)
        return false;
    for (uint32_t i = 0; i < n->ncol; i++) {
        if (!read[i])
            continue;
        for (uint32_t k = 0; k < n->nproj; k++)
            mark_all(in_read, &n->projection[k][i], 1);
        col[kept] = n->col[i];
        out->at[i] = kept++;
    }
    if (!prune(c, n->input[0], in_read, &in))
        return false;
    for (uint32_t k = 0; k < n->nproj; k++) {
        sqi_bound **expr = sqi_arena_array(c->arena, kept, sizeof *expr);
        for (uint32_t i = 0; expr && i < n->ncol; i++)
            if (read[i])
                expr[out->at[i]] = n->projection[k][i];
        if (!expr || !(projection[k] = move_all(c, expr, kept, in.at)))
            return false;
    }
    sqi_node *copy = over(c, n, &in);
    if (!copy)
        return false;
    copy->projection = projection;
    copy->ncol = copy->nexpr = kept;
    copy->col = col;
    out->node = copy;
    return true;
}

/* Every input gives exactly the columns that are read. */
static bool prune_union(sqi_plan_context *c, const sqi_node *n, const bool *read, pruned *out)
{
    sqi_node *copy = sqi_rules_copy(c, n);
    uint32_t kept = 0;
    out->at = sqi_arena_array(c->arena, n->ncol, sizeof *out->at);
    if (!read || !copy || !out->at || !(copy->col = sqi_arena_array(c->arena, n->ncol, sizeof *copy->col)))
        return false;
    for (uint32_t i = 0; i < n->ninput; i++) {
        pruned in;
        if (!prune(c, n->input[i], read, &in) || !pick(c, n->input[i], read, &in))
            return false;
        copy->input[i] = (sqi_node *)(uintptr_t)in.node;
    }
    for (uint32_t i = 0; i < n->ncol; i++) {
        if (!read[i])
            continue;
        copy->col[kept] = n->col[i];
        out->at[i] = kept++;
    }
    copy->ncol = kept;
    out->node = copy;
    return true;
}

/* EXCEPT and INTERSECT compare whole rows. */
static const bool *everything(sqi_plan_context *c, const sqi_node *n)
{
    bool *read = nothing_read(c, n);
    if (read)
        memset(read, true, n->ncol * sizeof *read);
    return read;
}

/* JOIN: both inputs as they are; what is below them may still lose columns. */
static bool prune_join(sqi_plan_context *c, const sqi_node *n, pruned *out)
{
    sqi_node *copy = sqi_rules_copy(c, n);
    out->node = copy;
    if (!copy || !(out->at = sqi_arena_array(c->arena, n->ncol, sizeof *out->at)))
        return false;
    for (uint32_t i = 0; i < n->ncol; i++)
        out->at[i] = i;
    for (uint32_t i = 0; i < n->ninput; i++) {
        const bool *read = everything(c, n->input[i]);
        pruned in;
        if (!read || !prune(c, n->input[i], read, &in) || !pick(c, n->input[i], read, &in))
            return false;
        copy->input[i] = (sqi_node *)(uintptr_t)in.node;
    }
    return true;
}

static bool prune_leaf(sqi_plan_context *c, const sqi_node *n, pruned *out)
{
    out->node = n;
    if (!(out->at = sqi_arena_array(c->arena, n->ncol, sizeof *out->at)))
        return false;
    for (uint32_t i = 0; i < n->ncol; i++)
        out->at[i] = i;
    return true;
}

static bool prune(sqi_plan_context *c, const sqi_node *n, const bool *read, pruned *out)
{
    switch (n->kind) {
    case SQI_NODE_PROJECT:
        return prune_list(c, n, 0, read, out);
    case SQI_NODE_AGGREGATE:
        return prune_list(c, n, n->nkey, read, out);
    case SQI_NODE_GENERATE:
        return prune_generate(c, n, read, out);
    case SQI_NODE_EXPAND:
        return prune_expand(c, n, read, out);
    case SQI_NODE_UNION:
        return prune_union(c, n, n->subtract || n->intersect ? everything(c, n) : read, out);
    case SQI_NODE_JOIN:
        return prune_join(c, n, out);
    case SQI_NODE_SOURCE:
    case SQI_NODE_VALUES:
        return prune_leaf(c, n, out);
    default:
        return prune_same(c, n, read, out);
    }
}

const sqi_node *sqi_rules_prune(sqi_plan_context *c, const sqi_node *root)
{
    const bool *read = everything(c, root);
    pruned out;
    if (!read)
        return NULL;
    return prune(c, root, read, &out) && pick(c, root, read, &out) ? out.node : NULL;
}
