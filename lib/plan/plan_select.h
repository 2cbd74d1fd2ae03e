/*
 * plan_select: one SELECT block: select list, GROUP BY, HAVING, DISTINCT, ORDER BY over an input. Both doors end here.
 */
#ifndef SQI_PLAN_SELECT_H
#define SQI_PLAN_SELECT_H

#include "plan_grouping.h"

typedef struct sqi_select {
    const sqi_node *in;
    sqi_ast *const *item;
    uint32_t nitem;
    sqi_group_by group;
    const sqi_ast *having; /* NULL: none */
    sqi_ast *const *order; /* SORT nodes, or bare expressions: ascending */
    uint32_t norder;
    bool distinct;
    uint32_t aggregates; /* the last so many items must hold an aggregate function: |> AGGREGATE */
} sqi_select;

streamq_status sqi_select_build(sqi_plan_context *c, const sqi_select *s, const sqi_node **out, streamq_error **err);

#endif
