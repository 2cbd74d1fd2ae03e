/*
 * sql_join: joins: conditions, USING and NATURAL, LATERAL table functions.
 *
 * A join is analyzed in full, so that what is wrong with it is found, and becomes a node that the checks refuse: no
 * operator runs joins yet. A LATERAL table function needs none: it generates over the left rows.
 */
#include "plan_build.h"
#include "plan_make.h"
#include "plan_screen.h"
#include "sql_scope.h"

typedef struct join {
    const sqi_sql_scope *s;
    const sqi_sql_relation *r;
    const sqi_node *left, *right;
    sqi_ast *at;
    sqi_attribute *both; /* the columns side by side, as the condition sees them */
    sqi_bound *condition;
    uint32_t *left_key, *right_key, nkey; /* USING: column numbers of each side */
    streamq_error **err;
} join;

static streamq_status refuse_join(const sqi_sql_scope *s, const sqi_sql_relation *r, streamq_error **err)
{
    sqi_ast at = sqi_sql_place(s, r->begin, r->end);
    return sqi_names_error(&at, err, SQI_COND_UNSUPPORTED_FEATURE__JOIN, "joins are not supported yet");
}

/* left, LATERAL f(..) AS t(a, b): for each row of the left what the function gives for it. An outer join keeps the
   rows without any. */
static streamq_status lateral_join(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node *left,
                                   const sqi_node **out, streamq_error **err)
{
    const sqi_sql_relation *f = r->right;
    sqi_sql_generate g = {.call = f->call,
                          .outer = r->join == SQI_JOIN_LEFT,
                          .table_function = true,
                          .qualifier = f->alias,
                          .column = f->column,
                          .ncolumn = f->ncolumn};
    bool plain = r->join == SQI_JOIN_INNER || r->join == SQI_JOIN_CROSS || r->join == SQI_JOIN_LEFT;
    if (!plain || r->natural || r->nusing || f->nview) {
        sqi_ast at = sqi_sql_place(s, r->begin, r->end);
        return sqi_names_error(&at, err, SQI_COND_INVALID_LATERAL_JOIN_TYPE,
                               "LATERAL stands on the right of an inner, cross or left join");
    }
    SQI_TRY(sqi_sql_generate_node(s, &g, left, out, err));
    if (!r->condition)
        return STREAMQ_OK;
    if (r->join != SQI_JOIN_LEFT)
        return sqi_plan_where(s->c, *out, r->condition, out, err);
    if (r->condition->kind == SQI_AST_LITERAL && r->condition->value->type->id == SQI_BOOLEAN &&
        sqi_vec_valid(r->condition->value, 0) && SQI_AT(r->condition->value, uint8_t, 0))
        return STREAMQ_OK;
    return refuse_join(s, r, err);
}

static streamq_status side_by_side(join *j)
{
    size_t n = (size_t)j->left->ncol + j->right->ncol;
    if (!(j->both = sqi_arena_array(j->s->c->arena, n, sizeof *j->both)))
        return sqi_error_nomem(j->err);
    memcpy(j->both, j->left->col, j->left->ncol * sizeof *j->both);
    memcpy(j->both + j->left->ncol, j->right->col, j->right->ncol * sizeof *j->both);
    return STREAMQ_OK;
}

static streamq_status on(join *j)
{
    const sqi_ast *e = j->r->condition;
    sqi_scope scope = {j->left->ncol + j->right->ncol, j->both};
    sqi_binder b;
    char label[128];
    SQI_TRY(sqi_screen_expression(j->s->c, e, j->left->streaming || j->right->streaming, j->err));
    sqi_names_binder(&b, j->s->c, &scope, "JOIN", 0);
    SQI_TRY(sqi_bind(&b, e, &j->condition, j->err));
    if (j->condition->type->id == SQI_VOID)
        SQI_TRY(sqi_bind_cast(&b, &j->condition, &sqi_type_boolean, j->err));
    if (j->condition->type->id != SQI_BOOLEAN)
        return sqi_names_error(e, j->err, SQI_COND_JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE,
                               "the condition of a join must be BOOLEAN, this is %s",
                               sqi_type_label(j->condition->type, label));
    if (!sqi_bound_deterministic(j->condition))
        return sqi_names_error(e, j->err, SQI_COND_INVALID_NON_DETERMINISTIC_EXPRESSIONS,
                               "the condition of a join gives another value each time; compute it in a subquery first");
    return STREAMQ_OK;
}

/* The one visible column of this name; *column is left alone if there is none. */
static streamq_status find_key(join *j, const sqi_node *side, sqi_span name, uint32_t *column)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < side->ncol; i++) {
        if (side->col[i].hidden || !sqi_name_equal(side->col[i].name, name))
            continue;
        *column = i;
        found++;
    }
    if (found > 1)
        return sqi_names_error(j->at, j->err, SQI_COND_AMBIGUOUS_REFERENCE, "%u columns of one side are named `%.*s`",
                               found, (int)name.len, name.ptr);
    return STREAMQ_OK;
}

static streamq_status add_key(join *j, sqi_span name, bool must)
{
    uint32_t l = UINT32_MAX, r = UINT32_MAX;
    SQI_TRY(find_key(j, j->left, name, &l));
    SQI_TRY(find_key(j, j->right, name, &r));
    if (must && (l == UINT32_MAX || r == UINT32_MAX))
        return sqi_names_error(j->at, j->err, SQI_COND_UNRESOLVED_USING_COLUMN_FOR_JOIN,
                               "USING names `%.*s`, which the %s side does not have", (int)name.len, name.ptr,
                               l == UINT32_MAX ? "left" : "right");
    if (l == UINT32_MAX || r == UINT32_MAX)
        return STREAMQ_OK;
    j->left_key[j->nkey] = l;
    j->right_key[j->nkey++] = r;
    return STREAMQ_OK;
}

/* USING and NATURAL: key = key, joined by AND. */
static streamq_status using_keys(join *j)
{
    sqi_plan_context *c = j->s->c;
    uint32_t most = j->r->natural ? j->left->ncol : j->r->nusing;
    sqi_binder b;
    j->left_key = sqi_arena_array(c->arena, most, sizeof *j->left_key);
    j->right_key = sqi_arena_array(c->arena, most, sizeof *j->right_key);
    if (!j->left_key || !j->right_key)
        return sqi_error_nomem(j->err);
    for (uint32_t i = 0; i < most; i++)
        if (!j->r->natural || !j->left->col[i].hidden)
            SQI_TRY(add_key(j, j->r->natural ? j->left->col[i].name : j->r->using_column[i], !j->r->natural));
    sqi_names_binder(&b, c, NULL, "JOIN", 0);
    for (uint32_t i = 0; i < j->nkey; i++) {
        sqi_bound *pair[] = {sqi_make_column(c, j->left, j->left_key[i]),
                             sqi_make_column(c, j->right, j->right_key[i])};
        sqi_bound *equal;
        if (!pair[0] || !pair[1])
            return sqi_error_nomem(j->err);
        pair[1]->column += j->left->ncol;
        SQI_TRY(sqi_bind_call(&b, "=", pair, 2, j->at, &equal, j->err));
        sqi_bound *two[] = {j->condition, equal};
        if (!j->condition)
            j->condition = equal;
        else
            SQI_TRY(sqi_bind_call(&b, "and", two, 2, j->at, &j->condition, j->err));
    }
    return STREAMQ_OK;
}

static bool left_only(const join *j)
{
    return j->r->join == SQI_JOIN_SEMI || j->r->join == SQI_JOIN_ANTI;
}

static streamq_status join_node(join *j, const sqi_node **out)
{
    sqi_plan_context *c = j->s->c;
    sqi_node *n = sqi_node_new(c, SQI_NODE_JOIN, 2);
    if (!n || !(n->expr = sqi_arena_array(c->arena, 1, sizeof *n->expr)))
        return sqi_error_nomem(j->err);
    n->input[0] = (sqi_node *)(uintptr_t)j->left;
    n->input[1] = (sqi_node *)(uintptr_t)j->right;
    n->streaming = j->left->streaming || j->right->streaming;
    n->depth = 1 + (j->left->depth > j->right->depth ? j->left->depth : j->right->depth);
    n->weight = 1 + j->left->weight + j->right->weight;
    n->join = (uint8_t)j->r->join;
    n->expr[0] = j->condition;
    n->nexpr = j->condition != NULL;
    n->ast = j->at;
    n->col = j->both;
    n->ncol = j->left->ncol + (left_only(j) ? 0 : j->right->ncol);
    bool left_null = j->r->join == SQI_JOIN_RIGHT || j->r->join == SQI_JOIN_FULL;
    bool right_null = j->r->join == SQI_JOIN_LEFT || j->r->join == SQI_JOIN_FULL;
    for (uint32_t i = 0; i < n->ncol; i++)
        n->col[i].nullable |= i < j->left->ncol ? left_null : right_null;
    return sqi_make_done(n, out, j->err);
}

/* The key of USING: the side that is always there, of a full join the one that is. */
static streamq_status key_column(const join *j, const sqi_node *n, uint32_t k, sqi_bound **e, sqi_attribute *col)
{
    sqi_plan_context *c = j->s->c;
    uint32_t l = j->left_key[k], r = j->left->ncol + j->right_key[k];
    uint32_t shown = j->r->join == SQI_JOIN_RIGHT ? r : l;
    *col = n->col[shown];
    *e = sqi_make_column(c, n, shown);
    if (*e && j->r->join == SQI_JOIN_FULL) {
        sqi_binder b;
        sqi_bound *two[] = {*e, sqi_make_column(c, n, r)};
        sqi_names_binder(&b, c, NULL, "JOIN", 0);
        if (!two[1])
            return sqi_error_nomem(j->err);
        SQI_TRY(sqi_bind_call(&b, "coalesce", two, 2, j->at, e, j->err));
        *col = (sqi_attribute){.name = col->name, .type = (*e)->type, .nullable = (*e)->nullable};
    }
    return *e ? STREAMQ_OK : sqi_error_nomem(j->err);
}

/* USING: the keys once, then the other columns of both sides. The keys of each side stay, hidden, for t.k. */
static streamq_status keys_first(const join *j, const sqi_node *n, const sqi_node **out)
{
    sqi_plan_context *c = j->s->c;
    size_t most = (size_t)n->ncol + j->nkey;
    sqi_bound **expr = sqi_arena_array(c->arena, most, sizeof *expr);
    sqi_attribute *col = sqi_arena_array(c->arena, most, sizeof *col);
    bool *is_key = sqi_arena_array(c->arena, (size_t)j->left->ncol + j->right->ncol, sizeof *is_key);
    uint32_t at = 0;
    if (!expr || !col || !is_key)
        return sqi_error_nomem(j->err);
    for (uint32_t k = 0; k < j->nkey; k++, at++) {
        SQI_TRY(key_column(j, n, k, &expr[at], &col[at]));
        is_key[j->left_key[k]] = is_key[j->left->ncol + j->right_key[k]] = true;
    }
    for (int hidden = 0; hidden < 2; hidden++) {
        for (uint32_t i = 0; i < n->ncol; i++) {
            if (is_key[i] != hidden)
                continue;
            if (!(expr[at] = sqi_make_column(c, n, i)))
                return sqi_error_nomem(j->err);
            col[at] = n->col[i];
            col[at++].hidden |= hidden;
        }
    }
    return sqi_make_done(sqi_make_project(c, n, expr, col, at), out, j->err);
}

streamq_status sqi_sql_join_node(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node *left,
                                 const sqi_node **out, streamq_error **err)
{
    const sqi_sql_relation *f = r->right;
    join j = {.s = s, .r = r, .left = left, .err = err};
    if (f->lateral && f->kind == SQI_RELATION_FUNCTION && !sqi_sql_is_range(f->call))
        return lateral_join(s, r, left, out, err);
    if (f->lateral) /* a subquery that uses columns of the left */
        return refuse_join(s, r, err);
    if (!(j.at = sqi_arena_get(s->c->arena, sizeof *j.at)))
        return sqi_error_nomem(err);
    *j.at = sqi_sql_place(s, r->begin, r->end);
    SQI_TRY(sqi_sql_relation_node(s, f, &j.right, err));
    SQI_TRY(side_by_side(&j));
    if (r->natural || r->nusing)
        SQI_TRY(using_keys(&j));
    else if (r->condition)
        SQI_TRY(on(&j));
    SQI_TRY(join_node(&j, out));
    return r->natural || r->nusing ? keys_first(&j, *out, out) : STREAMQ_OK;
}
