/*
 * data_arrow: Arrow's C data and C stream interfaces, in and out. Producers are not trusted: every length, offset and
 * child is checked before use.
 */
#ifndef SQI_DATA_ARROW_H
#define SQI_DATA_ARROW_H

#include "data_batch.h"
#include "streamq_arrow.h"

/* A batch as one struct array with its schema; both are the receiver's to release. */
streamq_status sqi_arrow_export_batch(sqi_batch *b, struct ArrowArray *array, struct ArrowSchema *schema,
                                      streamq_error **err);
/* A chunk's rows (copied), for callbacks; and a schema alone. */
streamq_status sqi_arrow_export_chunk(sqi_alloc *alloc, const sqi_schema *s, const sqi_chunk *chunk,
                                      struct ArrowArray *array, streamq_error **err);
streamq_status sqi_arrow_export_schema(const sqi_schema *s, struct ArrowSchema *schema, streamq_error **err);
/* The batch's chunks one by one; the stream keeps a reference of the batch. */
streamq_status sqi_arrow_export_stream(sqi_batch *b, struct ArrowArrayStream *out, streamq_error **err);

/* The types of a struct schema (or of one column), and their names. */
streamq_status sqi_arrow_import_schema(const struct ArrowSchema *schema, sqi_type_pool *pool, sqi_arena *arena,
                                       sqi_schema *out, streamq_error **err);
/* Rows of a struct array (or one column) as a batch with the columns of `want` (types must be what Arrow's map to, or
   widen without loss). On success *array has been moved into the batch (its release is NULL); the schema stays the
   caller's. A failed call leaves *array alone, or released without memory: its release is NULL then. */
streamq_status sqi_arrow_import_batch(sqi_alloc *alloc, sqi_type_pool *pool, const sqi_schema *want,
                                      struct ArrowArray *array, const struct ArrowSchema *schema, sqi_batch **out,
                                      streamq_error **err);

/*
 * A stream of somebody else's, array by array. open moves the stream in, also when it fails (its release is NULL then);
 * close is valid on a zeroed reader. One thread at a time; next blocks as long as the producer does.
 */
typedef struct sqi_arrow_reader {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema; /* for sqi_arrow_import_schema */
} sqi_arrow_reader;

streamq_status sqi_arrow_reader_open(sqi_arrow_reader *r, struct ArrowArrayStream *stream, streamq_error **err);
void sqi_arrow_reader_close(sqi_arrow_reader *r);
/* The next array as a batch, as sqi_arrow_import_batch makes it. NULL: the end. */
streamq_status sqi_arrow_reader_next(sqi_arrow_reader *r, sqi_alloc *alloc, sqi_type_pool *pool, const sqi_schema *want,
                                     sqi_batch **out, streamq_error **err);

#endif
