/*
 * op_limit: what a saved streaming limit says.
 */
#ifndef SQI_OP_LIMIT_H
#define SQI_OP_LIMIT_H

#include "op.h"

/* The rows that came, skipped ones included, from a block. */
streamq_status sqi_limit_read(sqi_span block, uint64_t *seen, streamq_error **err);

#endif
