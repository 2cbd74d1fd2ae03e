/*
 * sql_analyze: a parsed query -> nodes: WITH, SELECT blocks, set operations, the clauses after them.
 *
 * ORDER BY of a SELECT belongs to its block: it may use columns of the input, and aggregate functions. After anything
 * else it sees the output columns only.
 */
#include "sql_analyze.h"

#include "plan_make.h"
#include "plan_screen.h"
#include "plan_select.h"
#include "plan_union.h"
#include "sql_scope.h"

static streamq_status with_names(const sqi_sql_scope *s, const sqi_sql_query *q, streamq_error **err)
{
    if (q->recursive) {
        sqi_ast at = sqi_sql_place(s, q->begin, q->end);
        return sqi_names_error(&at, err, SQI_COND_UNSUPPORTED_FEATURE__SQL_CLAUSE, "WITH RECURSIVE is not supported");
    }
    for (uint32_t i = 0; i < q->nwith; i++) {
        const sqi_sql_cte *t = &q->with[i];
        sqi_ast at = sqi_sql_place(s, t->begin, t->end);
        for (uint32_t k = 0; k < i; k++)
            if (sqi_name_equal(q->with[k].name, t->name))
                return sqi_names_error(&at, err, SQI_COND_DUPLICATED_CTE_NAMES, "WITH defines `%.*s` twice",
                                       (int)t->name.len, t->name.ptr);
        sqi_sql_name *name = sqi_arena_zero(s->c->arena, sizeof *name);
        if (!name)
            return sqi_error_nomem(err);
        *name = (sqi_sql_name){.next = s->c->with, .name = t->name};
        SQI_TRY(sqi_sql_query_node(s, t->query, &name->node, err));
        SQI_TRY(sqi_sql_named(s, name->node, t->name, t->column, t->ncolumn, &at, &name->node, err));
        s->c->with = name;
    }
    return STREAMQ_OK;
}

streamq_status sqi_sql_select(const sqi_sql_scope *s, const sqi_sql_query *q, const sqi_node *in, const sqi_node **out,
                              streamq_error **err)
{
    if (!in && q->from)
        SQI_TRY(sqi_sql_relation_node(s, q->from, &in, err));
    else if (!in)
        SQI_TRY(sqi_sql_one_row(s, &in, err));
    if (q->where)
        SQI_TRY(sqi_plan_where(s->c, in, q->where, &in, err));
    sqi_select block = {.in = in,
                        .item = q->item,
                        .nitem = q->nitem,
                        .having = q->having,
                        .order = q->order,
                        .norder = q->norder,
                        .distinct = q->distinct};
    if (q->group)
        SQI_TRY(sqi_sql_group(s, q->group, &block.group, err));
    return sqi_select_build(s->c, &block, out, err);
}

/* EXCEPT or INTERSECT: a node that the checks refuse, because which refusal comes first depends on the output mode. */
static streamq_status subtraction(const sqi_sql_scope *s, sqi_sql_set set, const sqi_ast *at, const sqi_node *a,
                                  const sqi_node *b, const sqi_node **out, streamq_error **err)
{
    sqi_node *n = sqi_make_over(s->c, SQI_NODE_UNION, a);
    sqi_ast *place = sqi_arena_get(s->c->arena, sizeof *place);
    sqi_node **input = sqi_arena_array(s->c->arena, 2, sizeof *input);
    if (!n || !place || !input)
        return sqi_error_nomem(err);
    *place = *at;
    n->ast = place;
    input[0] = n->input[0];
    input[1] = (sqi_node *)(uintptr_t)b;
    n->input = input;
    n->ninput = 2;
    n->streaming = a->streaming || b->streaming;
    n->weight += b->weight;
    n->depth = b->depth >= n->depth ? b->depth + 1 : n->depth;
    n->subtract = set == SQI_SET_EXCEPT;
    n->intersect = set == SQI_SET_INTERSECT;
    return sqi_make_done(n, out, err);
}

streamq_status sqi_sql_set_operation(const sqi_sql_scope *s, sqi_sql_set set, bool all, const sqi_ast *at,
                                     const sqi_node *a, const sqi_node *b, const sqi_node **out, streamq_error **err)
{
    static const char *const names[] = {"UNION", "EXCEPT", "INTERSECT"};
    SQI_TRY(sqi_union_align(s->c, names[set], at, &a, &b, err));
    if (set == SQI_SET_UNION) {
        SQI_TRY(sqi_plan_union(s->c, a, b, out, err));
        return all ? STREAMQ_OK : sqi_plan_distinct(s->c, *out, out, err);
    }
    return subtraction(s, set, at, a, b, out, err);
}

static streamq_status set_query(const sqi_sql_scope *s, const sqi_sql_query *q, const sqi_node **out,
                                streamq_error **err)
{
    const sqi_node *a, *b;
    sqi_ast at = sqi_sql_place(s, q->begin, q->end);
    sqi_sql_scope left = *s;
    left.depth--; /* a UNION b UNION c .. is a row, not a nest; the parser bounds its length */
    SQI_TRY(sqi_sql_query_node(&left, q->left, &a, err));
    SQI_TRY(sqi_sql_query_node(s, q->right, &b, err));
    return sqi_sql_set_operation(s, q->set, q->all, &at, a, b, out, err);
}

/* The number of LIMIT or OFFSET. */
static streamq_status limit_value(const sqi_sql_scope *s, const char *clause, const sqi_ast *e, const sqi_node *in,
                                  int64_t *value, streamq_error **err)
{
    sqi_scope scope = sqi_make_scope(in);
    sqi_binder b;
    sqi_bound *bound;
    const sqi_vec *constant;
    char label[128];
    SQI_TRY(sqi_screen_expression(s->c, e, in->streaming, err));
    sqi_names_binder(&b, s->c, &scope, clause, SQI_BIND_AGGREGATES);
    SQI_TRY(sqi_bind(&b, e, &bound, err));
    if (!sqi_bound_foldable(bound))
        return sqi_names_error(e, err, SQI_COND_INVALID_LIMIT_LIKE_EXPRESSION__IS_UNFOLDABLE, "%s wants a constant",
                               clause);
    if (bound->type->id != SQI_INT)
        return sqi_names_error(e, err, SQI_COND_INVALID_LIMIT_LIKE_EXPRESSION__DATA_TYPE,
                               "%s wants a value of type INT, this is %s", clause, sqi_type_label(bound->type, label));
    SQI_TRY(sqi_eval_constant(s->c->eval, bound, s->c->arena, &constant, err));
    if (!sqi_vec_valid(constant, 0))
        return sqi_names_error(e, err, SQI_COND_INVALID_LIMIT_LIKE_EXPRESSION__IS_NULL, "%s is NULL", clause);
    *value = SQI_AT(constant, int32_t, 0);
    if (*value < 0)
        return sqi_names_error(e, err, SQI_COND_INVALID_LIMIT_LIKE_EXPRESSION__IS_NEGATIVE, "%s is %d", clause,
                               (int)*value);
    return STREAMQ_OK;
}

streamq_status sqi_sql_limit(const sqi_sql_scope *s, const sqi_ast *limit, const sqi_ast *offset, const sqi_node *in,
                             const sqi_node **out, streamq_error **err)
{
    int64_t rows = -1, skip = 0;
    if (limit)
        SQI_TRY(limit_value(s, "LIMIT", limit, in, &rows, err));
    if (offset)
        SQI_TRY(limit_value(s, "OFFSET", offset, in, &skip, err));
    *out = in;
    return limit || offset ? sqi_plan_limit(s->c, in, rows, skip, out, err) : STREAMQ_OK;
}

static streamq_status query_body(const sqi_sql_scope *s, const sqi_sql_query *q, const sqi_node **out,
                                 streamq_error **err)
{
    const sqi_node *n = NULL;
    SQI_TRY(with_names(s, q, err));
    if (q->kind == SQI_QUERY_SELECT)
        SQI_TRY(sqi_sql_select(s, q, NULL, &n, err));
    else if (q->kind == SQI_QUERY_SET)
        SQI_TRY(set_query(s, q, &n, err));
    else
        SQI_TRY(sqi_sql_relation_node(s, q->from, &n, err));
    if (q->norder && q->kind != SQI_QUERY_SELECT)
        SQI_TRY(sqi_plan_sort(s->c, n, q->order, q->norder, &n, err));
    SQI_TRY(sqi_sql_limit(s, q->limit_all ? NULL : q->limit, q->offset, n, &n, err));
    SQI_TRY(sqi_sql_pipes(s, q->pipe, n, &n, err));
    return sqi_sql_visible(s, n, out, err);
}

streamq_status sqi_sql_query_node(const sqi_sql_scope *outer, const sqi_sql_query *q, const sqi_node **out,
                                  streamq_error **err)
{
    sqi_sql_scope s = *outer;
    if (++s.depth > SQI_SQL_DEPTH)
        return sqi_error_set(err, SQI_COND_FAILED_TO_PARSE_TOO_COMPLEX, "more than %d queries are nested in each other",
                             SQI_SQL_DEPTH);
    const sqi_sql_name *outside = s.c->with;
    streamq_status st = query_body(&s, q, out, err);
    s.c->with = outside; /* the names of a WITH end with its query */
    return st;
}

streamq_status sqi_sql_analyze(sqi_plan_context *c, const sqi_sql_query *q, const sqi_node **out, streamq_error **err)
{
    SQI_NEED_ERROR(err, sqi_sql_analyze(c, q, out, err));
    sqi_sql_scope s = {.c = c, .text = q->text};
    return sqi_sql_query_node(&s, q, out, err);
}
