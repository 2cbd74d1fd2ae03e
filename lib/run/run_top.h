/*
 * run_top: ORDER BY .. LIMIT n above an aggregation of a stream, told to the aggregation, which then hands out only groups
 * that may be among the first n (op_group_top). The operators above stay as they are.
 */
#ifndef SQI_RUN_TOP_H
#define SQI_RUN_TOP_H

#include "op.h"
#include "plan_node.h"

typedef struct sqi_top {
    const sqi_node *aggregate; /* NULL: there is none that can use it */
    sqi_op_group_top_params params;
} sqi_top;

/* The first `rows` rows of this SORT are wanted. Expressions are made in the arena. */
streamq_status sqi_top_find(sqi_top *to, const sqi_node *sort, int64_t rows, sqi_arena *arena, streamq_error **err);

#endif
