/*
 * op_group_state: a grouping's loaded state read row by row, for who looks at it without running a query.
 */
#ifndef SQI_OP_GROUP_STATE_H
#define SQI_OP_GROUP_STATE_H

#include "op.h"

/* The groups from *next on (0 first), up to `most` of them: key columns, then a column for each aggregate, as they would
   leave; *next is moved on. Of a grouping in one lane. No rows: the end. Vectors stand in env->eval->arena. */
streamq_status sqi_group_state_walk(sqi_op *group, uint32_t *next, uint32_t most, sqi_chunk *out, streamq_error **err);

#endif
