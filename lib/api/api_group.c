/*
 * api_group: grouped streams: group_by, then count, agg, or the short forms sum, avg, min, max.
 */
#include "api_state.h"

static streamq_grouped *failed(streamq_plan *plan, streamq_error *error)
{
    (void)sqi_api_failed(plan, error);
    return &plan->failed_group;
}

static streamq_grouped *wrap(streamq_stream *stream, sqi_ast **key, uint32_t nkey)
{
    streamq_grouped *g = sqi_arena_get(&stream->plan->arena, sizeof *g);
    if (!g) {
        streamq_error *error = NULL;
        (void)sqi_error_nomem(&error);
        return failed(stream->plan, error);
    }
    *g = (streamq_grouped){SQI_MAGIC_GROUPED, stream->plan, stream->node, key, nkey};
    return g;
}

streamq_grouped *streamq_group_by(streamq_stream *stream, const char *list)
{
    if (!SQI_IS(stream, STREAM))
        return NULL;
    if (!stream->node)
        return &stream->plan->failed_group;
    sqi_parser p;
    sqi_ast **key = NULL;
    uint32_t n = 0;
    streamq_error *error = NULL;
    streamq_status status = STREAMQ_OK;
    if (list && sqi_span_trim(sqi_span_of(list)).len) {
        status = sqi_api_parser(stream->plan, &p, list, "streamq_group_by", &error);
        if (status == STREAMQ_OK)
            status = sqi_parse_list(&p, true, &key, &n, &error);
    }
    return status == STREAMQ_OK ? wrap(stream, key, n) : failed(stream->plan, error);
}

streamq_grouped *streamq_group_by_exprs(streamq_stream *stream, streamq_expr *const *exprs, size_t count)
{
    if (!SQI_IS(stream, STREAM))
        return NULL;
    streamq_plan *plan = stream->plan;
    streamq_error *error = NULL;
    if (!stream->node)
        return &plan->failed_group;
    sqi_ast **key = sqi_arena_array(&plan->arena, count + 1, sizeof *key);
    if (!key) {
        (void)sqi_error_nomem(&error);
        return failed(plan, error);
    }
    for (size_t i = 0; i < count; ++i) {
        if (!exprs || !SQI_IS(exprs[i], EXPR) || exprs[i]->plan != plan) {
            (void)sqi_error_set(&error, SQI_COND_INVALID_HANDLE,
                                "streamq_group_by_exprs: expression %zu is NULL or of another plan", i + 1);
            return failed(plan, error);
        }
        if (!exprs[i]->ast)
            return &plan->failed_group;
        key[i] = exprs[i]->ast;
    }
    return wrap(stream, key, (uint32_t)count);
}

static streamq_stream *aggregate(streamq_grouped *g, sqi_ast **item, uint32_t n)
{
    const sqi_node *node = NULL;
    streamq_error *error = NULL;
    streamq_status status = sqi_plan_aggregate(&g->plan->context, g->node, g->key, g->nkey, item, n, &node, &error);
    return sqi_api_stream(g->plan, node, status, error);
}

streamq_stream *streamq_count(streamq_grouped *grouped)
{
    return streamq_agg(grouped, "count(1) AS count");
}

static streamq_status parse_items(streamq_grouped *g, const char *list, const char *function, sqi_ast ***item,
                                  uint32_t *n, streamq_error **err)
{
    sqi_parser p;
    SQI_TRY(sqi_api_parser(g->plan, &p, list, function, err));
    return sqi_parse_list(&p, true, item, n, err);
}

streamq_stream *streamq_agg(streamq_grouped *grouped, const char *list)
{
    if (!SQI_IS(grouped, GROUPED))
        return NULL;
    if (!grouped->node)
        return &grouped->plan->failed;
    sqi_ast **item;
    uint32_t n;
    streamq_error *error = NULL;
    if (parse_items(grouped, list, "streamq_agg", &item, &n, &error) != STREAMQ_OK)
        return sqi_api_failed(grouped->plan, error);
    return aggregate(grouped, item, n);
}

streamq_stream *streamq_agg_exprs(streamq_grouped *grouped, streamq_expr *const *exprs, size_t count)
{
    if (!SQI_IS(grouped, GROUPED))
        return NULL;
    streamq_plan *plan = grouped->plan;
    streamq_error *error = NULL;
    if (!grouped->node)
        return &plan->failed;
    sqi_ast **item = sqi_arena_array(&plan->arena, count + 1, sizeof *item);
    if (!item) {
        (void)sqi_error_nomem(&error);
        return sqi_api_failed(plan, error);
    }
    for (size_t i = 0; i < count; ++i) {
        if (!exprs || !SQI_IS(exprs[i], EXPR) || exprs[i]->plan != plan) {
            (void)sqi_error_set(&error, SQI_COND_INVALID_HANDLE,
                                "streamq_agg_exprs: expression %zu is NULL or of another plan", i + 1);
            return sqi_api_failed(plan, error);
        }
        if (!exprs[i]->ast)
            return &plan->failed;
        item[i] = exprs[i]->ast;
    }
    return aggregate(grouped, item, (uint32_t)count);
}

/* sum(a), sum(b) of "a, b". */
static streamq_stream *each(streamq_grouped *g, const char *name, const char *columns)
{
    if (!SQI_IS(g, GROUPED))
        return NULL;
    if (!g->node)
        return &g->plan->failed;
    sqi_ast **item;
    uint32_t n;
    streamq_error *error = NULL;
    streamq_status status = parse_items(g, columns, name, &item, &n, &error);
    for (uint32_t i = 0; status == STREAMQ_OK && i < n; ++i) {
        item[i] = sqi_ast_call(&g->plan->arena, name, &item[i], 1);
        if (!item[i])
            status = sqi_error_nomem(&error);
    }
    return status == STREAMQ_OK ? aggregate(g, item, n) : sqi_api_failed(g->plan, error);
}

streamq_stream *streamq_sum(streamq_grouped *grouped, const char *columns)
{
    return each(grouped, "sum", columns);
}
streamq_stream *streamq_avg(streamq_grouped *grouped, const char *columns)
{
    return each(grouped, "avg", columns);
}
streamq_stream *streamq_min(streamq_grouped *grouped, const char *columns)
{
    return each(grouped, "min", columns);
}
streamq_stream *streamq_max(streamq_grouped *grouped, const char *columns)
{
    return each(grouped, "max", columns);
}
