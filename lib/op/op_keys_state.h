/*
 * op_keys_state: a keyed table without values as blocks of bytes and back: what an operator with such a table does for a
 * checkpoint (op.h). Works in env->eval->arena.
 */
#ifndef SQI_OP_KEYS_STATE_H
#define SQI_OP_KEYS_STATE_H

#include "keyed_block.h"
#include "op.h"

streamq_status sqi_keys_state_changes(sqi_table *t, sqi_op_env *env, sqi_buf *to, streamq_error **err);
streamq_status sqi_keys_state_some(const sqi_table *t, sqi_op_env *env, uint64_t *cursor, size_t most, sqi_buf *to,
                                   streamq_error **err);
streamq_status sqi_keys_state_load(sqi_table *t, sqi_op_env *env, sqi_span bytes, streamq_error **err);

#endif
