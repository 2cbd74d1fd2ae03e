/*
 * plan_explain: a plan as text, in the shape of Spark's explain: "== Analyzed Logical Plan ==" and so on; one node a
 * line, children indented with "+- ".
 */
#ifndef SQI_PLAN_EXPLAIN_H
#define SQI_PLAN_EXPLAIN_H

#include "plan_node.h"

/* How a plan runs: this room does not know operators. */
typedef struct sqi_explain_physical {
    /* What the line of a node starts with; NULL: the node is left out, for the operator of its input does its work. */
    const char *(*name)(const void *context, const sqi_node *n);
    /* What only the operator knows, behind the arguments; false: no memory. */
    bool (*more)(const void *context, const sqi_node *n, sqi_buf *to);
    const void *context;
} sqi_explain_physical;

/* The tree alone, of the logical plan or (not NULL) of how it runs. */
bool sqi_plan_explain(sqi_buf *to, const sqi_node *root, const sqi_explain_physical *physical);

#endif
