/*
 * plan_check: may this plan run as a stream in this mode?
 *
 * First what concerns the whole plan and its output mode, then every node, those below first: the order in which Spark
 * judges, so that of several faults the same one is named.
 */
#include "plan_check.h"

#include "func.h"
#include "plan_names.h"

typedef struct check {
    streamq_output_mode mode;
    streamq_error **err;
} check;

static const char *mode_name(streamq_output_mode mode)
{
    return mode == STREAMQ_APPEND ? "append" : mode == STREAMQ_UPDATE ? "update" : "complete";
}

/* The first streaming aggregation, DISTINCT among them unless `written`: then GROUP BY or an aggregate function. */
static const sqi_node *aggregation(const sqi_node *n, bool written)
{
    if (!n->streaming)
        return NULL;
    if (n->kind == SQI_NODE_AGGREGATE && !(written && n->from_distinct))
        return n;
    for (uint32_t i = 0; i < n->ninput; i++) {
        const sqi_node *found = aggregation(n->input[i], written);
        if (found)
            return found;
    }
    return NULL;
}

/* Something to point at: the node's own place, or that of one of its expressions. */
static const sqi_ast *place(const sqi_node *n)
{
    const sqi_ast *at = n->ast;
    for (uint32_t i = n->nexpr; i > 0 && !at && n->expr; i--)
        at = n->expr[i - 1]->ast;
    return at && at->text.ptr ? at : NULL;
}

static bool has_event_time_key(const sqi_node *aggregate)
{
    for (uint32_t i = 0; i < aggregate->nkey; i++)
        if (aggregate->col[i].event_time)
            return true;
    return false;
}

static streamq_status check_mode(const check *c, const sqi_node *root)
{
    const sqi_node *first = aggregation(root, false);
    if (c->mode == STREAMQ_APPEND && first && !has_event_time_key(first))
        return sqi_names_error(place(first), c->err, SQI_COND_STREAMING_OUTPUT_MODE__UNSUPPORTED_OPERATION,
                               "append mode gives each row once and for good, and the groups of this aggregation are "
                               "never finished: none of its keys is an event time with a watermark; use update or "
                               "complete mode");
    if (c->mode == STREAMQ_COMPLETE && !first)
        return sqi_names_error(
            NULL, c->err, SQI_COND_STREAMING_OUTPUT_MODE__UNSUPPORTED_OPERATION,
            "complete mode gives the whole result of an aggregation again with every batch, and this "
            "query has no aggregation; use append mode");
    return STREAMQ_OK;
}

static bool is_plain_aggregate(void *context, const sqi_bound *e)
{
    (void)context;
    return e->kind != SQI_BOUND_AGG || !e->distinct;
}

static streamq_status check_aggregate(const check *c, const sqi_node *n)
{
    for (uint32_t i = n->nkey; i < n->nexpr; i++)
        if (!sqi_bound_visit(n->expr[i], is_plain_aggregate, NULL))
            return sqi_names_error(n->expr[i]->ast, c->err,
                                   SQI_COND_UNSUPPORTED_STREAMING_OPERATION__DISTINCT_AGGREGATE,
                                   "%s(DISTINCT ..) would have to keep every value of the stream; use "
                                   "approx_count_distinct(..), or drop duplicates first",
                                   n->expr[i]->agg->name);
    const sqi_node *below = aggregation(n->input[0], false);
    if (below && c->mode != STREAMQ_APPEND)
        return sqi_names_error(place(n), c->err, SQI_COND_UNSUPPORTED_STREAMING_OPERATION__MULTIPLE_AGGREGATIONS,
                               "an aggregation over another one cannot run in %s mode: the one below changes rows that "
                               "the one above has counted already",
                               mode_name(c->mode));
    return STREAMQ_OK;
}

static streamq_status check_sort(const check *c, const sqi_node *n)
{
    if (c->mode == STREAMQ_COMPLETE && aggregation(n->input[0], true))
        return STREAMQ_OK;
    return sqi_names_error(
        place(n), c->err, SQI_COND_UNSUPPORTED_STREAMING_OPERATION__SORT,
        "rows of a stream can be ordered only after GROUP BY and in complete mode, where a batch holds "
        "the whole result");
}

static streamq_status check_limit(const check *c, const sqi_node *n)
{
    if (n->offset > 0)
        return sqi_names_error(place(n), c->err, SQI_COND_UNSUPPORTED_STREAMING_OPERATION__OFFSET,
                               "OFFSET cannot skip rows of a stream");
    if (n->limit >= 0 && c->mode == STREAMQ_UPDATE)
        return sqi_names_error(place(n), c->err, SQI_COND_UNSUPPORTED_STREAMING_OPERATION__LIMIT,
                               "LIMIT cannot run in update mode; use append or complete mode");
    return STREAMQ_OK;
}

static streamq_status check_union(const check *c, const sqi_node *n)
{
    if (n->subtract || n->intersect) {
        const char *what = n->subtract ? "EXCEPT" : "INTERSECT";
        bool refused = n->intersect || n->input[1]->streaming; /* in Spark too */
        return sqi_names_error(place(n), c->err,
                               refused ? SQI_COND_UNSUPPORTED_STREAMING_OPERATION__SET_OPERATION
                                       : SQI_COND_UNSUPPORTED_FEATURE__SET_OPERATION,
                               refused ? "%s would have to wait for rows of the stream that may still come"
                                       : "%s is not supported yet",
                               what);
    }
    for (uint32_t i = 1; i < n->ninput; i++)
        if (n->input[i]->streaming != n->input[0]->streaming)
            return sqi_names_error(place(n), c->err,
                                   SQI_COND_UNSUPPORTED_STREAMING_OPERATION__UNION_OF_STREAM_AND_TABLE,
                                   "UNION cannot take a stream and a table together; read the table as a stream");
    return STREAMQ_OK;
}

static streamq_status refuse_join(const sqi_node *n, streamq_error **err)
{
    return sqi_names_error(place(n), err, SQI_COND_UNSUPPORTED_FEATURE__JOIN, "joins are not supported yet");
}

static bool is_stable(void *context, const sqi_bound *e)
{
    (void)context;
    return e->kind != SQI_BOUND_CALL || strcmp(e->func->name, "monotonically_increasing_id") != 0;
}

static streamq_status check_expressions(const check *c, const sqi_node *n)
{
    for (uint32_t i = 0; n->expr && i < n->nexpr; i++)
        if (!sqi_bound_visit(n->expr[i], is_stable, NULL))
            return sqi_names_error(n->expr[i]->ast, c->err,
                                   SQI_COND_UNSUPPORTED_STREAMING_OPERATION__NON_DETERMINISTIC_ID,
                                   "monotonically_increasing_id() starts anew with every batch; use uuid()");
    return STREAMQ_OK;
}

static streamq_status check_node(const check *c, const sqi_node *n)
{
    if (!n->streaming)
        return STREAMQ_OK;
    for (uint32_t i = 0; i < n->ninput; i++)
        SQI_TRY(check_node(c, n->input[i]));
    SQI_TRY(check_expressions(c, n));
    switch (n->kind) {
    case SQI_NODE_AGGREGATE:
        return check_aggregate(c, n);
    case SQI_NODE_SORT:
        return check_sort(c, n);
    case SQI_NODE_LIMIT:
        return check_limit(c, n);
    case SQI_NODE_UNION:
        return check_union(c, n);
    case SQI_NODE_JOIN:
        return refuse_join(n, c->err);
    case SQI_NODE_WATERMARK:
        return sqi_names_error(place(n), c->err, SQI_COND_UNSUPPORTED_FEATURE__WATERMARK,
                               "WATERMARK is not supported yet");
    default:
        return STREAMQ_OK;
    }
}

streamq_status sqi_plan_check_stream(const sqi_node *root, streamq_output_mode mode, streamq_error **err)
{
    check c = {mode, err};
    if (!root->streaming)
        return sqi_error_set(err, SQI_COND_WRITE_STREAM_NOT_ALLOWED,
                             "this query reads no stream, so it cannot be started as one; collect its rows instead");
    SQI_TRY(check_mode(&c, root));
    return check_node(&c, root);
}

static streamq_status check_bounded(const sqi_node *n, streamq_error **err)
{
    for (uint32_t i = 0; i < n->ninput; i++)
        SQI_TRY(check_bounded(n->input[i], err));
    if (n->kind == SQI_NODE_JOIN)
        return refuse_join(n, err);
    if (n->subtract || n->intersect)
        return sqi_names_error(place(n), err, SQI_COND_UNSUPPORTED_FEATURE__SET_OPERATION, "%s is not supported yet",
                               n->subtract ? "EXCEPT" : "INTERSECT");
    return STREAMQ_OK;
}

streamq_status sqi_plan_check_batch(const sqi_node *root, streamq_error **err)
{
    if (root->streaming)
        return sqi_error_set(err, SQI_COND_CALL_ON_STREAMING_DATASET_UNSUPPORTED,
                             "this query reads a stream, which has no end; write it with a stream writer and start it");
    return check_bounded(root, err);
}
