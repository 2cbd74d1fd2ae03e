/*
 * api_stream: the operators on streams, each by text and by expressions. Every builder has the same frame: check the
 * handle, parse, hand over to the plan room, wrap.
 */
#include "api_state.h"

/* The checks that every builder begins with: NULL for no handle, the error stream for one in error. */
#define BEGIN(stream)                    \
    if (!SQI_IS(stream, STREAM))         \
        return NULL;                     \
    streamq_plan *plan = (stream)->plan; \
    if (!(stream)->node)                 \
        return &plan->failed;            \
    streamq_error *error = NULL;         \
    const sqi_node *node = NULL;

static streamq_stream *bad_argument(streamq_plan *plan, const char *function, const char *what)
{
    streamq_error *error = NULL;
    (void)sqi_error_set(&error, SQI_COND_INVALID_ARGUMENT, "%s: %s", function, what);
    return sqi_api_failed(plan, error);
}

/* "a, b AS c" -> expressions. Empty text: none. */
static streamq_status parse_list(streamq_plan *plan, const char *text, bool named, const char *function, sqi_ast ***out,
                                 uint32_t *n, streamq_error **err)
{
    sqi_parser p;
    *out = NULL;
    *n = 0;
    if (text && !sqi_span_trim(sqi_span_of(text)).len)
        return STREAMQ_OK;
    SQI_TRY(sqi_api_parser(plan, &p, text, function, err));
    return sqi_parse_list(&p, named, out, n, err);
}

/* Expressions of the typed door; *broken: one of them is in error already. */
static streamq_status take_exprs(streamq_plan *plan, streamq_expr *const *exprs, size_t count, const char *function,
                                 sqi_ast ***out, bool *broken, streamq_error **err)
{
    *broken = false;
    *out = sqi_arena_array(&plan->arena, count + 1, sizeof **out);
    if (!*out)
        return sqi_error_nomem(err);
    if ((count && !exprs) || count > UINT32_MAX / 2)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "%s: the array of expressions is NULL or too long",
                             function);
    for (size_t i = 0; i < count; ++i) {
        if (!SQI_IS(exprs[i], EXPR) || exprs[i]->plan != plan)
            return sqi_error_set(err, SQI_COND_INVALID_HANDLE, "%s: expression %zu is NULL or of another plan",
                                 function, i + 1);
        (*out)[i] = exprs[i]->ast;
        *broken |= !exprs[i]->ast;
    }
    return STREAMQ_OK;
}

streamq_stream *streamq_select(streamq_stream *stream, const char *list)
{
    BEGIN(stream)
    sqi_ast **item;
    uint32_t n;
    streamq_status status = parse_list(plan, list, true, "streamq_select", &item, &n, &error);
    if (status == STREAMQ_OK)
        status = sqi_plan_select(&plan->context, stream->node, item, n, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

streamq_stream *streamq_select_exprs(streamq_stream *stream, streamq_expr *const *exprs, size_t count)
{
    BEGIN(stream)
    sqi_ast **item;
    bool broken;
    streamq_status status = take_exprs(plan, exprs, count, "streamq_select_exprs", &item, &broken, &error);
    if (status == STREAMQ_OK && broken)
        return &plan->failed;
    if (status == STREAMQ_OK)
        status = sqi_plan_select(&plan->context, stream->node, item, (uint32_t)count, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

streamq_stream *streamq_where(streamq_stream *stream, const char *condition)
{
    if (!SQI_IS(stream, STREAM))
        return NULL;
    return stream->node ? streamq_where_expr(stream, streamq_expr_text(stream->plan, condition)) : stream;
}

streamq_stream *streamq_where_expr(streamq_stream *stream, streamq_expr *condition)
{
    BEGIN(stream)
    if (!SQI_IS(condition, EXPR) || condition->plan != plan)
        return bad_argument(plan, "streamq_where_expr", "the condition is NULL or of another plan");
    if (!condition->ast)
        return &plan->failed;
    streamq_status status = sqi_plan_where(&plan->context, stream->node, condition->ast, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

streamq_stream *streamq_with_column(streamq_stream *stream, const char *name, const char *expression)
{
    if (!SQI_IS(stream, STREAM))
        return NULL;
    return stream->node ? streamq_with_column_expr(stream, name, streamq_expr_text(stream->plan, expression)) : stream;
}

static streamq_status copy_name(streamq_plan *plan, const char *name, sqi_span *out, streamq_error **err)
{
    char *copy = sqi_arena_text(&plan->arena, name, strlen(name));
    *out = (sqi_span){copy, strlen(name)};
    return copy ? STREAMQ_OK : sqi_error_nomem(err);
}

streamq_stream *streamq_with_column_expr(streamq_stream *stream, const char *name, streamq_expr *expr)
{
    BEGIN(stream)
    sqi_span copy;
    if (!name || !SQI_IS(expr, EXPR) || expr->plan != plan)
        return bad_argument(plan, "streamq_with_column", "the name or the expression is NULL, or of another plan");
    if (!expr->ast)
        return &plan->failed;
    streamq_status status = copy_name(plan, name, &copy, &error);
    if (status == STREAMQ_OK)
        status = sqi_plan_with_column(&plan->context, stream->node, copy, expr->ast, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

streamq_stream *streamq_sort(streamq_stream *stream, const char *list)
{
    BEGIN(stream)
    sqi_parser p;
    sqi_ast **item;
    uint32_t n;
    streamq_status status = sqi_api_parser(plan, &p, list, "streamq_sort", &error);
    if (status == STREAMQ_OK)
        status = sqi_parse_sort_list(&p, &item, &n, &error);
    if (status == STREAMQ_OK)
        status = sqi_plan_sort(&plan->context, stream->node, item, n, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

streamq_stream *streamq_sort_exprs(streamq_stream *stream, streamq_expr *const *exprs, size_t count)
{
    BEGIN(stream)
    sqi_ast **item;
    bool broken;
    streamq_status status = take_exprs(plan, exprs, count, "streamq_sort_exprs", &item, &broken, &error);
    if (status == STREAMQ_OK && broken)
        return &plan->failed;
    for (size_t i = 0; status == STREAMQ_OK && i < count; ++i)
        if (item[i]->kind != SQI_AST_SORT) {
            streamq_expr *ascending = streamq_asc(exprs[i]);
            if (!ascending->ast)
                return &plan->failed;
            item[i] = ascending->ast;
        }
    if (status == STREAMQ_OK)
        status = sqi_plan_sort(&plan->context, stream->node, item, (uint32_t)count, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

streamq_stream *streamq_limit(streamq_stream *stream, int64_t rows)
{
    BEGIN(stream)
    streamq_status status = rows < 0 ? sqi_error_set(&error, SQI_COND_INVALID_LIMIT_LIKE_EXPRESSION__IS_NEGATIVE,
                                                     "the limit %lld is negative; give 0 or more rows", (long long)rows)
                                     : sqi_plan_limit(&plan->context, stream->node, rows, 0, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

streamq_stream *streamq_distinct(streamq_stream *stream)
{
    BEGIN(stream)
    streamq_status status = sqi_plan_distinct(&plan->context, stream->node, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

/* "a, b" as plain names. */
streamq_status sqi_api_stream_names(streamq_plan *plan, const char *text, const char *function, sqi_span **out,
                                    uint32_t *n, streamq_error **err)
{
    sqi_ast **item;
    SQI_TRY(parse_list(plan, text, false, function, &item, n, err));
    *out = sqi_arena_array(&plan->arena, *n + 1, sizeof **out);
    if (!*out)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < *n; ++i) {
        if (item[i]->kind != SQI_AST_NAME || item[i]->npart != 1)
            return sqi_error_set(
                err, SQI_COND_INVALID_ARGUMENT,
                "%s: item %u is not a column's name; give names separated by commas, odd ones in backticks", function,
                i + 1);
        (*out)[i] = item[i]->part[0];
    }
    return STREAMQ_OK;
}

streamq_stream *streamq_drop_duplicates(streamq_stream *stream, const char *columns)
{
    BEGIN(stream)
    sqi_span *name;
    uint32_t n;
    streamq_status status =
        sqi_api_stream_names(plan, columns ? columns : "", "streamq_drop_duplicates", &name, &n, &error);
    if (status == STREAMQ_OK)
        status = sqi_plan_dedup(&plan->context, stream->node, name, n, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

streamq_stream *streamq_drop(streamq_stream *stream, const char *columns)
{
    BEGIN(stream)
    sqi_span *name;
    uint32_t n;
    streamq_status status = sqi_api_stream_names(plan, columns, "streamq_drop", &name, &n, &error);
    if (status == STREAMQ_OK)
        status = sqi_plan_drop(&plan->context, stream->node, name, n, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

streamq_stream *streamq_rename(streamq_stream *stream, const char *from, const char *to)
{
    BEGIN(stream)
    sqi_span a, b;
    if (!from || !to)
        return bad_argument(plan, "streamq_rename", "a name is NULL");
    streamq_status status = copy_name(plan, from, &a, &error);
    if (status == STREAMQ_OK)
        status = copy_name(plan, to, &b, &error);
    if (status == STREAMQ_OK)
        status = sqi_plan_rename(&plan->context, stream->node, a, b, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

streamq_stream *streamq_union(streamq_stream *stream, streamq_stream *other)
{
    BEGIN(stream)
    if (!SQI_IS(other, STREAM) || other->plan != plan)
        return bad_argument(plan, "streamq_union", "the other stream is NULL or of another plan");
    if (!other->node)
        return &plan->failed;
    streamq_status status = sqi_plan_union(&plan->context, stream->node, other->node, &node, &error);
    return sqi_api_stream(plan, node, status, error);
}

streamq_stream *streamq_stream_alias(streamq_stream *stream, const char *name)
{
    BEGIN(stream)
    sqi_span copy;
    if (!name || !*name)
        return bad_argument(plan, "streamq_stream_alias", "the name is NULL or empty");
    streamq_status status = copy_name(plan, name, &copy, &error);
    if (status == STREAMQ_OK)
        status = sqi_plan_alias(&plan->context, stream->node, copy, &node, &error);
    sqi_named *n = status == STREAMQ_OK ? sqi_arena_get(&plan->arena, sizeof *n) : NULL;
    if (status == STREAMQ_OK && !n)
        status = sqi_error_nomem(&error);
    if (status == STREAMQ_OK) {
        *n = (sqi_named){copy, node, plan->named};
        plan->named = n;
    }
    return sqi_api_stream(plan, node, status, error);
}

static char *schema_text(streamq_stream *stream, const char *function, bool (*print)(sqi_buf *, const sqi_schema *),
                         streamq_error **error)
{
    if (!SQI_IS(stream, STREAM)) {
        (void)sqi_api_bad_handle(error, function, "stream");
        return NULL;
    }
    streamq_plan *plan = stream->plan;
    sqi_schema schema;
    if (plan->error || !stream->node) {
        (void)sqi_error_pass(error, sqi_error_copy(plan->error));
        return NULL;
    }
    if (sqi_plan_schema(&plan->context, stream->node, &schema, error) != STREAMQ_OK)
        return NULL;
    sqi_buf text;
    sqi_buf_init(&text, &plan->session->alloc, 0);
    char *copy = print(&text, &schema) ? sqi_api_text(sqi_buf_view(&text)) : NULL;
    sqi_buf_fini(&text);
    if (!copy)
        (void)sqi_error_nomem(error);
    return copy;
}

char *streamq_stream_schema(streamq_stream *stream, streamq_error **error)
{
    return schema_text(stream, "streamq_stream_schema", sqi_schema_print, error);
}

char *streamq_stream_schema_ddl(streamq_stream *stream, streamq_error **error)
{
    return schema_text(stream, "streamq_stream_schema_ddl", sqi_schema_print_ddl, error);
}
