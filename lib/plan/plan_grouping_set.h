/*
 * plan_grouping_set: grouping(), grouping_id() and the EXPAND node below an aggregation over several grouping sets.
 *
 * The two functions are no rows of the function table: nothing can compute them from their arguments. They are rows
 * of a registry that only the binders of select lists, HAVING and ORDER BY see, and they are replaced by arithmetic on
 * the grouping id before a node is made.
 */
#ifndef SQI_PLAN_GROUPING_SET_H
#define SQI_PLAN_GROUPING_SET_H

#include "plan_grouping.h"

/* The session's functions and the two; lives in the context. */
const sqi_registry *sqi_grouping_set_functions(sqi_plan_context *c);
bool sqi_grouping_set_is(const sqi_bound *e);   /* one of the two */
bool sqi_grouping_set_used(const sqi_bound *e); /* one of the two inside */
/* What a call of one of the two means over the AGGREGATE node. NULL: *err is set. */
sqi_bound *sqi_grouping_set_value(const sqi_grouping *g, const sqi_bound *call, streamq_error **err);
streamq_status sqi_grouping_set_error(const sqi_bound *call, streamq_error **err); /* no grouping sets here */
/* The input's columns, then each key or null, then the grouping id and, where sets repeat, the number of the set. */
streamq_status sqi_grouping_set_expand(const sqi_grouping *g, const sqi_node **out, streamq_error **err);
/* Columns that the sets add to the keys: 0, 1 or 2. */
uint32_t sqi_grouping_set_columns(const sqi_group_by *by);

#endif
