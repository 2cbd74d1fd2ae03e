/*
 * plan_build: the operators of the DataFrame door, each: input node + unresolved expressions -> resolved node.
 * The SQL analyzer uses the same functions, so both doors give the same plans.
 */
#ifndef SQI_PLAN_BUILD_H
#define SQI_PLAN_BUILD_H

#include "plan_node.h"

typedef const sqi_node *sqi_in; /* shorthand for the signatures below */

streamq_status sqi_plan_source_node(sqi_plan_context *c, const sqi_plan_source *s, const sqi_node **out,
                                    streamq_error **err);
streamq_status sqi_plan_values(sqi_plan_context *c, const sqi_schema *schema, const sqi_chunk *rows,
                               const sqi_node **out, streamq_error **err);
/* SELECT list: stars expanded, generators become GENERATE nodes, aggregate functions a global aggregation. */
streamq_status sqi_plan_select(sqi_plan_context *c, sqi_in in, sqi_ast *const *items, uint32_t n, const sqi_node **out,
                               streamq_error **err);
streamq_status sqi_plan_where(sqi_plan_context *c, sqi_in in, const sqi_ast *condition, const sqi_node **out,
                              streamq_error **err);
/* Spark's withColumn: replaces a column of that name, else appends. */
streamq_status sqi_plan_with_column(sqi_plan_context *c, sqi_in in, sqi_span name, const sqi_ast *e,
                                    const sqi_node **out, streamq_error **err);
/* groupBy(keys).agg(items): output keys, then items. No keys: a global aggregation. */
streamq_status sqi_plan_aggregate(sqi_plan_context *c, sqi_in in, sqi_ast *const *keys, uint32_t nkey,
                                  sqi_ast *const *items, uint32_t nitem, const sqi_node **out, streamq_error **err);
streamq_status sqi_plan_sort(sqi_plan_context *c, sqi_in in, sqi_ast *const *items, uint32_t n, const sqi_node **out,
                             streamq_error **err);
streamq_status sqi_plan_limit(sqi_plan_context *c, sqi_in in, int64_t limit, int64_t offset, const sqi_node **out,
                              streamq_error **err);
streamq_status sqi_plan_distinct(sqi_plan_context *c, sqi_in in, const sqi_node **out, streamq_error **err);
/* dropDuplicates; no names: all columns. */
streamq_status sqi_plan_dedup(sqi_plan_context *c, sqi_in in, const sqi_span *names, uint32_t n, const sqi_node **out,
                              streamq_error **err);
/* By position, types widened as Spark does. */
streamq_status sqi_plan_union(sqi_plan_context *c, sqi_in a, sqi_in b, const sqi_node **out, streamq_error **err);
streamq_status sqi_plan_alias(sqi_plan_context *c, sqi_in in, sqi_span name, const sqi_node **out, streamq_error **err);
streamq_status sqi_plan_drop(sqi_plan_context *c, sqi_in in, const sqi_span *names, uint32_t n, const sqi_node **out,
                             streamq_error **err); /* unknown names are no error, as in Spark */
streamq_status sqi_plan_rename(sqi_plan_context *c, sqi_in in, sqi_span from, sqi_span to, const sqi_node **out,
                               streamq_error **err); /* the same */

/* The output schema, in the plan's arena. */
streamq_status sqi_plan_schema(sqi_plan_context *c, sqi_in in, sqi_schema *out, streamq_error **err);

#endif
