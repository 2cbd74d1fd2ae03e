/*
 * feed_blocks: a file's bytes through a format, in blocks of one size, as a driver reads them.
 */
#ifndef SQI_FEED_BLOCKS_H
#define SQI_FEED_BLOCKS_H

#include "io_format.h"

/* From `begin` on, up to the first error. `block` 0: the file is one block. */
streamq_status feed_decode(sqi_decoder *d, sqi_span file, size_t block, sqi_source_emit emit, void *context,
                           streamq_error **err);
streamq_status feed_infer(sqi_inference *f, sqi_span file, size_t block, streamq_error **err);

#endif
