/*
 * plan_screen: what an expression may hold in Spark but no operator of ours runs: refused before binding, at its place
 * in the text. Where Spark refuses the same thing over a stream, its condition is given.
 */
#include "plan_screen.h"

#include "plan_names.h"
#include "sql_scope.h"

typedef struct screen {
    sqi_plan_context *c;
    bool streaming;
    streamq_error **err;
} screen;

static streamq_status walk(const screen *s, const sqi_ast *e);

static streamq_status walk_all(const screen *s, sqi_ast *const *e, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        SQI_TRY(walk(s, e[i]));
    return STREAMQ_OK;
}

static bool is_time_window(sqi_span name)
{
    return sqi_span_equal_nocase(name, SQI_SPAN("window")) || sqi_span_equal_nocase(name, SQI_SPAN("session_window")) ||
           sqi_span_equal_nocase(name, SQI_SPAN("window_time"));
}

static streamq_status subquery(const screen *s, const sqi_ast *e)
{
    if (sqi_sql_reads_stream(s->c, e->query))
        return sqi_names_error(e, s->err, SQI_COND_INVALID_SUBQUERY_EXPRESSION__STREAMING_QUERY,
                               "a subquery inside an expression cannot read a stream; join the stream instead");
    return sqi_names_error(e, s->err, SQI_COND_UNSUPPORTED_FEATURE__SUBQUERY,
                           "subqueries inside expressions are not supported; write them in FROM");
}

static streamq_status call(const screen *s, const sqi_ast *e)
{
    int len = (int)e->name.len;
    if (e->over && s->streaming)
        return sqi_names_error(e, s->err, SQI_COND_NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING,
                               "%.*s(..) OVER (..) cannot be computed over a stream; group by window(..) instead", len,
                               e->name.ptr);
    if (e->over)
        return sqi_names_error(e, s->err, SQI_COND_UNSUPPORTED_FEATURE__SQL_CLAUSE,
                               "window functions are not supported: %.*s(..) OVER (..)", len, e->name.ptr);
    if (is_time_window(e->name) && !e->op)
        return sqi_names_error(e, s->err, SQI_COND_UNSUPPORTED_FEATURE__TIME_WINDOW,
                               "grouping by %.*s(..) is not supported yet", len, e->name.ptr);
    return STREAMQ_OK;
}

static streamq_status walk(const screen *s, const sqi_ast *e)
{
    if (!e)
        return STREAMQ_OK;
    if (e->kind == SQI_AST_SUBQUERY)
        return subquery(s, e);
    if (e->kind == SQI_AST_CALL)
        SQI_TRY(call(s, e));
    SQI_TRY(walk_all(s, e->arg, e->narg));
    SQI_TRY(walk_all(s, e->within, e->nwithin));
    SQI_TRY(walk(s, e->operand));
    SQI_TRY(walk(s, e->otherwise));
    return walk(s, e->filter);
}

streamq_status sqi_screen_expression(sqi_plan_context *c, const sqi_ast *e, bool streaming, streamq_error **err)
{
    screen s = {c, streaming, err};
    return walk(&s, e);
}
