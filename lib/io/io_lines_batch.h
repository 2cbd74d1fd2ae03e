/*
 * io_lines_batch: a whole text put into a batch of one string column, a line a row.
 */
#ifndef SQI_IO_LINES_BATCH_H
#define SQI_IO_LINES_BATCH_H

#include "data_batch.h"
#include "io_lines.h"

/* Lines end at LF, CR or CR LF; an unterminated last line is a row. The text is copied once; rows are its lines (sqi_chunk.lines)
   or views of it. */
streamq_status sqi_lines_batch(sqi_batch *b, sqi_span text, streamq_error **err);
/* The same without a copy: release(context) says that the text is not needed any more; it is called on failure too, when
   the batch goes. */
streamq_status sqi_lines_batch_lent(sqi_batch *b, sqi_span text, void (*release)(void *context), void *context,
                                    streamq_error **err);

/* The next lines of a text that ends at `end`, as a chunk of at most `most`, which is empty at the end: of lines if they
   end in LF, else `fleeting` with `view` for values, which has room for `most`. */
streamq_status sqi_lines_chunk_next(sqi_io_lines *l, const char **p, const char *end, sqi_str *view, uint32_t most,
                                    sqi_vec *column, sqi_chunk *out, streamq_error **err);

#endif
