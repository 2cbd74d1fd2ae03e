/*
 * plan_explain: a plan as text, in the shape of Spark's explain: "== Analyzed Logical Plan ==" and so on; one node a
 * line, children indented with "+- ".
 */
#ifndef SQI_PLAN_EXPLAIN_H
#define SQI_PLAN_EXPLAIN_H

#include "plan_node.h"

bool sqi_plan_explain(sqi_buf *to, const sqi_node *root); /* the tree alone */

#endif
