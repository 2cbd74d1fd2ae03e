/*
 * sql_parse_pipe: pipe operators: |> SELECT, EXTEND, SET, DROP, AS, WHERE, AGGREGATE, ORDER BY, LIMIT, OFFSET, JOIN,
 * UNION and its kin, and those that are only read (TABLESAMPLE, PIVOT, UNPIVOT).
 */
#include "sql_parse_parts.h"

static streamq_status append(sqi_parser *p, sqi_sql_query *q, sqi_pipe_kind kind, uint32_t begin, sqi_sql_pipe **out,
                             streamq_error **err)
{
    sqi_sql_pipe **tail = &q->pipe;
    *out = sqi_arena_zero(p->arena, sizeof **out);
    if (!*out)
        return sqi_error_nomem(err);
    (*out)->kind = kind;
    (*out)->begin = begin;
    while (*tail)
        tail = &(*tail)->next;
    *tail = *out;
    q->height++;
    return sqi_parse_check_height(p, q->height, q->begin, err);
}

/* ---------------------------------------------------------------- operators with lists */

/* name = value, ...: ALIAS nodes. */
static streamq_status assignments(sqi_parser *p, sqi_sql_pipe *pipe, streamq_error **err)
{
    sqi_parse_array list = {0};
    bool more = true;
    while (more) {
        uint32_t begin = p->lex.current.begin;
        sqi_span name;
        sqi_ast *value = NULL;
        SQI_TRY(sqi_parse_identifier(p, &name, err));
        SQI_TRY(sqi_parse_expect(p, "=", err));
        SQI_TRY(sqi_parse_one(p, &value, err));
        sqi_ast *e = sqi_ast_alias(p->arena, value, name);
        SQI_TRY(sqi_parse_finish(p, e, begin, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, e, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    pipe->item = list.item;
    pipe->nitem = list.n;
    return STREAMQ_OK;
}

static streamq_status dropped(sqi_parser *p, sqi_sql_pipe *pipe, streamq_error **err)
{
    sqi_parse_array list = {0};
    bool more = true;
    while (more) {
        sqi_ast *e = NULL;
        SQI_TRY(sqi_parse_name(p, &e, err));
        SQI_TRY(sqi_parse_push_ast(p, &list, e, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    pipe->item = list.item;
    pipe->nitem = list.n;
    return STREAMQ_OK;
}

static streamq_status aggregate(sqi_parser *p, sqi_sql_pipe *pipe, streamq_error **err)
{
    bool group = sqi_parse_at(p, "GROUP") && sqi_parse_ahead(p, 1, "BY");
    if (!group)
        SQI_TRY(sqi_parse_items(p, true, &pipe->item, &pipe->nitem, err));
    group = sqi_parse_at(p, "GROUP") && sqi_parse_ahead(p, 1, "BY");
    if (!group)
        return STREAMQ_OK;
    uint32_t begin = p->lex.current.begin;
    SQI_TRY(sqi_sql_parse_group(p, true, &pipe->group, err));
    const sqi_sql_grouping *g = pipe->group;
    if (g->kind == SQI_GROUP_PLAIN && !g->next)
        return STREAMQ_OK;
    return sqi_parse_fault(p, begin, p->lex.last_end,
                           SQI_COND_UNSUPPORTED_FEATURE__PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE,
                           "use SELECT with GROUP BY for grouping sets", err,
                           "|> AGGREGATE takes plain groupings only, not ALL, ROLLUP, CUBE or GROUPING SETS");
}

/* ---------------------------------------------------------------- ORDER BY, LIMIT, ... */

static streamq_status append_condition(sqi_parser *p, sqi_sql_query *q, sqi_pipe_kind kind, uint32_t begin,
                                       sqi_ast *condition, streamq_error **err)
{
    sqi_sql_pipe *pipe = NULL;
    SQI_TRY(append(p, q, kind, begin, &pipe, err));
    pipe->condition = condition;
    pipe->end = p->lex.last_end;
    return STREAMQ_OK;
}

/* The clauses read into a query of their own become pipes, in the order in which they work. */
static streamq_status spread(sqi_parser *p, sqi_sql_query *q, const sqi_sql_query *from, streamq_error **err)
{
    sqi_sql_pipe *pipe = NULL;
    if (from->distribute_end) {
        SQI_TRY(append(p, q, SQI_PIPE_DISTRIBUTE, from->distribute_begin, &pipe, err));
        pipe->end = from->distribute_end;
    }
    if (from->norder) {
        SQI_TRY(append(p, q, from->sort_by ? SQI_PIPE_SORT_BY : SQI_PIPE_ORDER, from->begin, &pipe, err));
        pipe->item = from->order;
        pipe->nitem = from->norder;
        pipe->end = from->end;
    }
    if (from->window_end) {
        SQI_TRY(append(p, q, SQI_PIPE_OTHER, from->window_begin, &pipe, err));
        pipe->end = from->window_end;
    }
    if (from->offset) /* LIMIT n OFFSET m takes n rows after m */
        SQI_TRY(append_condition(p, q, SQI_PIPE_OFFSET, from->offset->begin, from->offset, err));
    if (from->limit || from->limit_all)
        SQI_TRY(append_condition(p, q, SQI_PIPE_LIMIT, from->begin, from->limit, err));
    return STREAMQ_OK;
}

streamq_status sqi_sql_parse_pipe_organization(sqi_parser *p, sqi_sql_query *q, streamq_error **err)
{
    sqi_sql_query clauses = {.begin = p->lex.current.begin};
    SQI_TRY(sqi_sql_parse_organization(p, &clauses, err));
    q->end = p->lex.last_end;
    return spread(p, q, &clauses, err);
}

/* |> ORDER BY .. or |> LIMIT ..: one clause an operator. */
static streamq_status organization(sqi_parser *p, sqi_sql_query *q, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    sqi_sql_query clauses = {.begin = begin};
    SQI_TRY(sqi_sql_parse_organization(p, &clauses, err));
    bool ordered = clauses.norder || clauses.distribute_end, cut = clauses.limit || clauses.limit_all || clauses.offset;
    if (clauses.window_end)
        SQI_TRY(sqi_parse_fault(p, begin, p->lex.last_end, SQI_COND_UNSUPPORTED_FEATURE__CLAUSE_WITH_PIPE_OPERATORS,
                                NULL, err, "there is no pipe operator WINDOW"));
    if (ordered && cut)
        SQI_TRY(sqi_parse_fault(p, begin, p->lex.last_end, SQI_COND_MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS,
                                "write |> ORDER BY .. |> LIMIT ..", err,
                                "one pipe operator cannot both order and limit"));
    return spread(p, q, &clauses, err);
}

static bool organization_ahead(sqi_parser *p)
{
    static const char *const words[] = {"ORDER", "SORT", "CLUSTER", "DISTRIBUTE", "LIMIT", "OFFSET", "WINDOW", NULL};
    return sqi_parse_at_any(p, 0, words) && sqi_parse_clause_ahead(p, 0);
}

/* ---------------------------------------------------------------- one operator */

static streamq_status set_operation(sqi_parser *p, sqi_sql_pipe *pipe, streamq_error **err)
{
    bool all = false;
    sqi_sql_parse_set_ahead(p, &pipe->set);
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_sql_parse_quantifier(p, &all, err));
    pipe->distinct = !all;
    return sqi_sql_parse_operand(p, &pipe->right, err);
}

static sqi_pipe_kind kind_here(sqi_parser *p)
{
    static const struct {
        const char *word;
        sqi_pipe_kind kind;
    } rows[] = {{"SELECT", SQI_PIPE_SELECT},      {"EXTEND", SQI_PIPE_EXTEND}, {"SET", SQI_PIPE_SET},
                {"DROP", SQI_PIPE_DROP},          {"AS", SQI_PIPE_AS},         {"WHERE", SQI_PIPE_WHERE},
                {"AGGREGATE", SQI_PIPE_AGGREGATE}};
    sqi_sql_set set;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (sqi_parse_at(p, rows[i].word))
            return rows[i].kind;
    if (sqi_sql_parse_join_ahead(p))
        return SQI_PIPE_JOIN;
    return sqi_sql_parse_set_ahead(p, &set) ? SQI_PIPE_SET_OPERATION : SQI_PIPE_OTHER;
}

static streamq_status body(sqi_parser *p, sqi_sql_pipe *pipe, streamq_error **err)
{
    switch (pipe->kind) {
    case SQI_PIPE_SELECT:
        return sqi_sql_parse_select(p, NULL, true, &pipe->select, err);
    case SQI_PIPE_JOIN:
        return sqi_sql_parse_join(p, NULL, &pipe->join, err);
    case SQI_PIPE_SET_OPERATION:
        return set_operation(p, pipe, err);
    case SQI_PIPE_OTHER:
        if (!sqi_sql_parse_reshape_ahead(p))
            return sqi_parse_unexpected(p, err);
        return sqi_sql_parse_reshape(p, &pipe->begin, &pipe->end, &pipe->unpivot, err);
    default:
        break;
    }
    SQI_TRY(sqi_parse_advance(p, err));
    switch (pipe->kind) {
    case SQI_PIPE_EXTEND:
        return sqi_parse_items(p, true, &pipe->item, &pipe->nitem, err);
    case SQI_PIPE_SET:
        return assignments(p, pipe, err);
    case SQI_PIPE_DROP:
        return dropped(p, pipe, err);
    case SQI_PIPE_AS:
        return sqi_parse_identifier(p, &pipe->alias, err);
    case SQI_PIPE_WHERE:
        return sqi_parse_one(p, &pipe->condition, err);
    default:
        return aggregate(p, pipe, err);
    }
}

static streamq_status one(sqi_parser *p, sqi_sql_query *q, streamq_error **err)
{
    bool nothing =
        p->lex.current.kind == SQI_TOKEN_END || sqi_parse_at(p, "|>") || sqi_parse_at(p, ")") || sqi_parse_at(p, ";");
    if (nothing) /* every clause of ORDER BY, LIMIT, ... may be missing, and then all of them may */
        return STREAMQ_OK;
    if (organization_ahead(p))
        return organization(p, q, err);
    sqi_sql_pipe *pipe = NULL;
    SQI_TRY(append(p, q, kind_here(p), p->lex.current.begin, &pipe, err));
    SQI_TRY(body(p, pipe, err));
    pipe->end = p->lex.last_end;
    return STREAMQ_OK;
}

streamq_status sqi_sql_parse_pipes(sqi_parser *p, sqi_sql_query *q, streamq_error **err)
{
    while (sqi_parse_at(p, "|>")) {
        uint32_t begin = p->lex.current.begin, outer = sqi_parse_measure_begin(p);
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(one(p, q, err));
        SQI_TRY(sqi_parse_measure_end(p, outer, begin, &q->height, err));
    }
    q->end = p->lex.last_end;
    return STREAMQ_OK;
}
