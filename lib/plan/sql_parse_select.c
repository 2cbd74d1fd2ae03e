/*
 * sql_parse_select: SELECT with its clauses: hints (read over), DISTINCT, the list, FROM, LATERAL VIEW, WHERE, HAVING,
 * WINDOW. GROUP BY is sql_parse_group.
 */
#include "sql_parse_parts.h"

/* ---------------------------------------------------------------- the list */

static streamq_status hints(sqi_parser *p, streamq_error **err)
{
    while (sqi_parse_at(p, "/*+")) {
        while (!sqi_parse_at(p, "*/")) {
            if (p->lex.current.kind == SQI_TOKEN_END)
                return sqi_parse_unexpected(p, err);
            SQI_TRY(sqi_parse_advance(p, err));
        }
        SQI_TRY(sqi_parse_advance(p, err));
    }
    return STREAMQ_OK;
}

/* `SELECT a, FROM t` reads FROM as a column with the alias t; nobody means that. */
static streamq_status check_trailing_comma(sqi_parser *p, const sqi_sql_query *q, streamq_error **err)
{
    if (q->nitem < 2 || q->from)
        return STREAMQ_OK;
    const sqi_ast *last = q->item[q->nitem - 1];
    const sqi_ast *name = last->kind == SQI_AST_ALIAS ? last->arg[0] : last;
    if (name->kind != SQI_AST_NAME || name->npart != 1 || name->quoted ||
        !sqi_span_equal_nocase(name->part[0], SQI_SPAN("FROM")))
        return STREAMQ_OK;
    uint32_t end = q->item[q->nitem - 2]->end, comma = end;
    while (comma < name->begin && p->lex.text.ptr[comma] != ',')
        comma++;
    return sqi_parse_fault(p, comma, comma + 1, SQI_COND_TRAILING_COMMA_IN_SELECT, "remove the comma before FROM", err,
                           "the select list ends in a comma");
}

static streamq_status select_list(sqi_parser *p, sqi_sql_query *q, streamq_error **err)
{
    SQI_TRY(sqi_parse_expect(p, "SELECT", err));
    SQI_TRY(hints(p, err));
    if (sqi_parse_at(p, "DISTINCT") && sqi_parse_operand_ahead(p, 1))
        SQI_TRY(sqi_parse_accept(p, "DISTINCT", &q->distinct, err));
    else if (sqi_parse_at(p, "ALL") && sqi_parse_operand_ahead(p, 1))
        SQI_TRY(sqi_parse_advance(p, err));
    return sqi_parse_items(p, true, &q->item, &q->nitem, err);
}

/* ---------------------------------------------------------------- the clauses */

streamq_status sqi_sql_parse_windows(sqi_parser *p, uint32_t *begin, uint32_t *end, streamq_error **err)
{
    bool more = true;
    *begin = p->lex.current.begin;
    SQI_TRY(sqi_parse_expect(p, "WINDOW", err));
    while (more) {
        sqi_span name;
        sqi_ast_window *w;
        SQI_TRY(sqi_parse_identifier(p, &name, err));
        SQI_TRY(sqi_parse_expect(p, "AS", err));
        SQI_TRY(sqi_parse_window(p, &w, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    *end = p->lex.last_end;
    return STREAMQ_OK;
}

static bool clause_here(sqi_parser *p, const char *word)
{
    return sqi_parse_at(p, word) && sqi_parse_clause_ahead(p, 0);
}

static streamq_status condition(sqi_parser *p, const char *word, sqi_ast **out, streamq_error **err)
{
    if (!clause_here(p, word))
        return STREAMQ_OK;
    SQI_TRY(sqi_parse_advance(p, err));
    return sqi_parse_one(p, out, err);
}

static streamq_status qualify(sqi_parser *p, streamq_error **err)
{
    sqi_ast *ignored = NULL;
    uint32_t begin = p->lex.current.begin;
    SQI_TRY(condition(p, "QUALIFY", &ignored, err));
    if (!ignored)
        return STREAMQ_OK;
    return sqi_parse_fault(p, begin, p->lex.last_end, SQI_COND_UNSUPPORTED_FEATURE__SQL_CLAUSE,
                           "there are no window functions to test", err, "QUALIFY is not supported");
}

static streamq_status aggregation(sqi_parser *p, bool piped, sqi_sql_query *q, streamq_error **err)
{
    if (clause_here(p, "GROUP"))
        SQI_TRY(sqi_sql_parse_group(p, false, &q->group, err));
    if (!piped) {
        SQI_TRY(condition(p, "HAVING", &q->having, err));
        SQI_TRY(qualify(p, err));
    }
    return clause_here(p, "WINDOW") ? sqi_sql_parse_windows(p, &q->window_begin, &q->window_end, err) : STREAMQ_OK;
}

streamq_status sqi_sql_parse_select(sqi_parser *p, sqi_sql_relation *from, bool piped, sqi_sql_query **out,
                                    streamq_error **err)
{
    sqi_sql_query *q = *out = sqi_sql_parse_new(p, SQI_QUERY_SELECT, p->lex.current.begin, err);
    if (!q)
        return STREAMQ_ERR_NOMEM;
    SQI_TRY(select_list(p, q, err));
    q->from = from;
    if (!piped && !from && sqi_parse_at(p, "FROM")) {
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_sql_parse_from(p, &q->from, err));
    }
    if (!piped && sqi_parse_at(p, "LATERAL") && sqi_parse_ahead(p, 1, "VIEW")) {
        if (!q->from)
            q->from = sqi_sql_parse_relation_new(p, SQI_RELATION_ONE_ROW, p->lex.current.begin, err);
        if (!q->from)
            return STREAMQ_ERR_NOMEM;
        SQI_TRY(sqi_sql_parse_views(p, q->from, err));
    }
    if (!piped)
        SQI_TRY(condition(p, "WHERE", &q->where, err));
    SQI_TRY(aggregation(p, piped, q, err));
    if (!piped)
        SQI_TRY(check_trailing_comma(p, q, err));
    q->end = p->lex.last_end;
    return STREAMQ_OK;
}
