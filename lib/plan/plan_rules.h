/*
 * plan_rules: the optimiser's rewrites, each a function from a tree to a tree. Nodes are never changed: what a rule
 * touches is copied, the rest is shared. A rule without memory gives NULL.
 */
#ifndef SQI_PLAN_RULES_H
#define SQI_PLAN_RULES_H

#include "plan_node.h"

/* A node's own fields over other inputs (shallow copy; the columns are the caller's business). */
sqi_node *sqi_rules_copy(sqi_plan_context *c, const sqi_node *n);

/* plan_merge.c: PROJECT over PROJECT becomes one; PROJECTs that change nothing, ALIAS and FILTER true go. */
const sqi_node *sqi_rules_merge(sqi_plan_context *c, const sqi_node *root);
bool sqi_rules_is_true(const sqi_bound *e); /* the constant */
/* e over the output of a PROJECT -> over its input. NULL without memory. */
sqi_bound *sqi_rules_through(sqi_plan_context *c, const sqi_bound *e, sqi_bound *const *by, uint32_t n);
/* plan_push.c: parts of FILTER conditions move towards the sources. */
const sqi_node *sqi_rules_push(sqi_plan_context *c, const sqi_node *root);
/* plan_prune.c: columns nobody reads go. */
const sqi_node *sqi_rules_prune(sqi_plan_context *c, const sqi_node *root);

#endif
