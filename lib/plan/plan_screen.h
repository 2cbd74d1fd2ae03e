/*
 * plan_screen: refuses, before an expression is bound, what no operator runs yet, and what Spark refuses as well.
 */
#ifndef SQI_PLAN_SCREEN_H
#define SQI_PLAN_SCREEN_H

#include "plan_node.h"

/* `streaming`: the expression stands over a stream. */
streamq_status sqi_screen_expression(sqi_plan_context *c, const sqi_ast *e, bool streaming, streamq_error **err);

#endif
