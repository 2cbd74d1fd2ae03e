/*
 * op_union: UNION ALL. Chunks of every input go on as they are, in order of arrival; the framework's flush waits until
 * all inputs have ended.
 */
#include "op.h"

static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    return sqi_op_emit(op, chunk, err);
}

const sqi_op_type sqi_op_union = {.name = "Union", .push = push};
