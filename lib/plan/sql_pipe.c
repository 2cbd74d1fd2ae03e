/*
 * sql_pipe: the pipe operators of a query (|> ...), each over the rows that flow in.
 *
 * An operator sees the columns that flow in and nothing that was dropped before it: what flows in is a table of its
 * own, as if the query so far stood in parentheses.
 */
#include "plan_block.h"
#include "plan_build.h"
#include "plan_make.h"
#include "plan_select.h"
#include "sql_scope.h"

/* A projection hides what is below it; its columns keep their qualifiers. */
static streamq_status closed(const sqi_sql_scope *s, const sqi_node *in, const sqi_node **out, streamq_error **err)
{
    *out = in;
    return in->kind == SQI_NODE_PROJECT ? sqi_make_done(sqi_make_over(s->c, SQI_NODE_ALIAS, in), out, err) : STREAMQ_OK;
}

static streamq_status extend(const sqi_sql_scope *s, const sqi_sql_pipe *p, const sqi_node *in, const sqi_node **out,
                             streamq_error **err)
{
    sqi_items items = {0};
    for (uint32_t i = 0; i < in->ncol; i++)
        SQI_TRY(sqi_items_add_column(s->c, in, i, &items, err));
    for (uint32_t i = 0; i < p->nitem; i++) {
        SQI_TRY(sqi_items_add(s->c, in, "EXTEND", p->item[i], &items, err));
        if (sqi_items_have_aggregate(&items))
            return sqi_names_error(p->item[i], err, SQI_COND_PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION,
                                   "EXTEND works row by row; aggregate functions go into |> AGGREGATE");
    }
    sqi_block block = {.base = in, .items = &items};
    return sqi_block_build(s->c, &block, out, err);
}

static streamq_status find_column(const sqi_node *in, const sqi_ast *at, sqi_span name, streamq_error **err)
{
    sqi_scope scope = sqi_make_scope(in);
    return sqi_names_find(&scope, name) < scope.n ? STREAMQ_OK : sqi_names_unresolved(at, name, &scope, err);
}

static streamq_status set_columns(const sqi_sql_scope *s, const sqi_sql_pipe *p, const sqi_node *in,
                                  const sqi_node **out, streamq_error **err)
{
    for (uint32_t i = 0; i < p->nitem; i++) {
        const sqi_ast *e = p->item[i];
        if (e->kind != SQI_AST_ALIAS || e->npart != 1)
            return sqi_names_error(e, err, SQI_COND_PARSE_SYNTAX_ERROR, "SET wants column = expression");
        SQI_TRY(find_column(in, e, e->part[0], err));
        SQI_TRY(sqi_plan_with_column(s->c, in, e->part[0], e->arg[0], &in, err));
    }
    *out = in;
    return STREAMQ_OK;
}

static streamq_status drop(const sqi_sql_scope *s, const sqi_sql_pipe *p, const sqi_node *in, const sqi_node **out,
                           streamq_error **err)
{
    sqi_span *names = sqi_arena_array(s->c->arena, p->nitem, sizeof *names);
    if (!names)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < p->nitem; i++) {
        const sqi_ast *e = p->item[i];
        if (e->kind != SQI_AST_NAME || e->npart != 1)
            return sqi_names_error(e, err, SQI_COND_PARSE_SYNTAX_ERROR, "DROP wants column names");
        SQI_TRY(find_column(in, e, e->part[0], err));
        for (uint32_t k = 0; k < i; k++)
            if (sqi_name_equal(names[k], e->part[0]))
                return sqi_names_error(e, err, SQI_COND_EXCEPT_OVERLAPPING_COLUMNS, "`%.*s` is dropped twice",
                                       (int)names[k].len, names[k].ptr);
        names[i] = e->part[0];
    }
    return sqi_plan_drop(s->c, in, names, p->nitem, out, err);
}

/* GROUP BY 1 of AGGREGATE means the first column that flows in. */
static streamq_status input_ordinal(const sqi_sql_scope *s, const sqi_node *in, sqi_ast **key, streamq_error **err)
{
    const sqi_ast *e = sqi_names_unalias(*key);
    int64_t position;
    if (!sqi_names_ordinal(e, &position))
        return STREAMQ_OK;
    if (position < 1 || position > in->ncol)
        return sqi_names_error(e, err, SQI_COND_GROUP_BY_POS_OUT_OF_RANGE,
                               "GROUP BY %lld: the input has columns 1 to %u", (long long)position, in->ncol);
    sqi_ast *name = sqi_ast_name(s->c->arena, in->col[position - 1].name);
    if (!name)
        return sqi_error_nomem(err);
    name->text = e->text;
    name->begin = e->begin;
    name->end = e->end;
    *key = name;
    return STREAMQ_OK;
}

static streamq_status aggregate(const sqi_sql_scope *s, const sqi_sql_pipe *p, const sqi_node *in, const sqi_node **out,
                                streamq_error **err)
{
    sqi_select block = {.in = in};
    if (p->group)
        SQI_TRY(sqi_sql_group(s, p->group, &block.group, err));
    uint32_t nkey = block.group.nkey;
    sqi_ast **item = sqi_arena_array(s->c->arena, (size_t)nkey + p->nitem, sizeof *item);
    if (!item)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < nkey; i++) {
        item[i] = block.group.key[i];
        SQI_TRY(input_ordinal(s, in, &item[i], err));
    }
    for (uint32_t i = 0; i < p->nitem; i++)
        item[nkey + i] = p->item[i];
    block.group.key = item;
    block.group.ordinals = false;
    block.item = item;
    block.nitem = nkey + p->nitem;
    block.aggregates = p->nitem;
    return sqi_select_build(s->c, &block, out, err);
}

static streamq_status other(const sqi_sql_scope *s, const sqi_sql_pipe *p, const sqi_node *in, const sqi_node **out,
                            streamq_error **err)
{
    sqi_ast at = sqi_sql_place(s, p->begin, p->end);
    if (p->unpivot)
        return sqi_sql_unpivot_node(s, p->unpivot, &at, in, out, err);
    sqi_span text = {s->text.ptr + p->begin, p->end - p->begin};
    if (in->streaming && sqi_span_starts(text, SQI_SPAN("TABLESAMPLE")))
        return sqi_names_error(&at, err, SQI_COND_UNSUPPORTED_STREAMING_OPERATION__SAMPLE,
                               "a stream cannot be sampled");
    return sqi_names_error(&at, err, SQI_COND_UNSUPPORTED_FEATURE__SQL_CLAUSE, "this pipe operator is not supported");
}

static streamq_status pipe(const sqi_sql_scope *s, const sqi_sql_pipe *p, const sqi_node *in, const sqi_node **out,
                           streamq_error **err)
{
    const sqi_node *right;
    sqi_ast at = sqi_sql_place(s, p->begin, p->end);
    switch (p->kind) {
    case SQI_PIPE_SELECT:
        return sqi_sql_select(s, p->select, in, out, err);
    case SQI_PIPE_EXTEND:
        return extend(s, p, in, out, err);
    case SQI_PIPE_SET:
        return set_columns(s, p, in, out, err);
    case SQI_PIPE_DROP:
        return drop(s, p, in, out, err);
    case SQI_PIPE_AS:
        return sqi_plan_alias(s->c, in, p->alias, out, err);
    case SQI_PIPE_WHERE:
        return sqi_plan_where(s->c, in, p->condition, out, err);
    case SQI_PIPE_AGGREGATE:
        return aggregate(s, p, in, out, err);
    case SQI_PIPE_ORDER:
    case SQI_PIPE_SORT_BY:
        return sqi_plan_sort(s->c, in, p->item, p->nitem, out, err);
    case SQI_PIPE_DISTRIBUTE: /* one process: rows are together already */
        *out = in;
        return STREAMQ_OK;
    case SQI_PIPE_LIMIT:
        return sqi_sql_limit(s, p->condition, NULL, in, out, err);
    case SQI_PIPE_OFFSET:
        return sqi_sql_limit(s, NULL, p->condition, in, out, err);
    case SQI_PIPE_SET_OPERATION:
        SQI_TRY(sqi_sql_query_node(s, p->right, &right, err));
        SQI_TRY(sqi_sql_visible(s, in, &in, err));
        return sqi_sql_set_operation(s, p->set, !p->distinct, &at, in, right, out, err);
    case SQI_PIPE_JOIN:
        return sqi_sql_join_node(s, p->join, in, out, err);
    case SQI_PIPE_OTHER:
        return other(s, p, in, out, err);
    }
    return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "a pipe operator of unknown kind %d", (int)p->kind);
}

streamq_status sqi_sql_pipes(const sqi_sql_scope *s, const sqi_sql_pipe *p, const sqi_node *in, const sqi_node **out,
                             streamq_error **err)
{
    for (; p; p = p->next) {
        SQI_TRY(closed(s, in, &in, err));
        SQI_TRY(pipe(s, p, in, &in, err));
    }
    *out = in;
    return STREAMQ_OK;
}
