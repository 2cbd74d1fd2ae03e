/*
 * plan_optimize: rewrites that keep the answer: columns nobody reads are dropped, projections merge, filters move down
 * (never across a limit, a dedup, a generator's own output or a non-deterministic expression), constants fold,
 * SORT + LIMIT stay side by side so that run can choose a top-N.
 * The result has the same columns, in name, type and order.
 */
#ifndef SQI_PLAN_OPTIMIZE_H
#define SQI_PLAN_OPTIMIZE_H

#include "plan_node.h"

streamq_status sqi_plan_optimize(sqi_plan_context *c, const sqi_node *root, const sqi_node **out, streamq_error **err);

#endif
