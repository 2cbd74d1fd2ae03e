/*
 * io_stage: the rows of one micro-batch, copied and kept until the sink's commit: what sinks that hand out batches have
 * in common.
 */
#ifndef SQI_IO_STAGE_H
#define SQI_IO_STAGE_H

#include "data_batch_pool.h"
#include "io_sink.h"

typedef struct sqi_stage {
    sqi_batch *batch; /* NULL: no batch is open */
    sqi_batch_pool *pool;
} sqi_stage;

streamq_status sqi_stage_begin(sqi_stage *t, const sqi_sink *k, streamq_error **err);
streamq_status sqi_stage_write(sqi_stage *t, const sqi_chunk *chunk, streamq_error **err);
sqi_batch *sqi_stage_take(sqi_stage *t); /* the caller's now */
void sqi_stage_drop(sqi_stage *t);       /* valid on a zeroed one */
void sqi_stage_fini(sqi_stage *t);       /* the same */

#endif
