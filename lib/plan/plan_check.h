/*
 * plan_check: may this plan run as a stream in this output mode? Spark's UnsupportedOperationChecker with Spark's
 * condition names (ours, UNSUPPORTED_STREAMING_OPERATION.*, where Spark has none). Judged before optimisation.
 */
#ifndef SQI_PLAN_CHECK_H
#define SQI_PLAN_CHECK_H

#include "plan_node.h"

streamq_status sqi_plan_check_stream(const sqi_node *root, streamq_output_mode mode, streamq_error **err);
streamq_status sqi_plan_check_batch(const sqi_node *root, streamq_error **err); /* no stream below a batch action */

#endif
