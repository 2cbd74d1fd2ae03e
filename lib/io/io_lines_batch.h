/*
 * io_lines_batch: a whole text as a batch of one string column, a line a row.
 */
#ifndef SQI_IO_LINES_BATCH_H
#define SQI_IO_LINES_BATCH_H

#include "data_batch.h"

/* Lines end at LF, CR or CR LF; an unterminated last line is a row. The text is copied once; rows are views of it. */
streamq_status sqi_lines_batch(sqi_alloc *alloc, const sqi_schema *schema, sqi_span text, sqi_batch **out,
                               streamq_error **err);
/* The same without a copy: release(context) says that the text is not needed any more; it is called on failure too. */
streamq_status sqi_lines_batch_lent(sqi_alloc *alloc, const sqi_schema *schema, sqi_span text,
                                    void (*release)(void *context), void *context, sqi_batch **out,
                                    streamq_error **err);

#endif
