/*
 * plan_union: bringing two inputs of a set operation to one shape.
 */
#ifndef SQI_PLAN_UNION_H
#define SQI_PLAN_UNION_H

#include "plan_node.h"

/* Casts columns of *a and *b, by position, to their common types; `what` is the operation, for messages. */
streamq_status sqi_union_align(sqi_plan_context *c, const char *what, const sqi_ast *at, const sqi_node **a,
                               const sqi_node **b, streamq_error **err);

#endif
