/*
 * csv_format: the parts of the format CSV, for its table in format_csv.c.
 */
#ifndef SQI_CSV_FORMAT_H
#define SQI_CSV_FORMAT_H

#include "io_format.h"

enum { SQI_CSV_STATE = 2048 }; /* bytes that the state of each of the three may have */

/* Types that CSV has no way to write are refused, by name of the column. */
streamq_status sqi_csv_check_types(const sqi_schema *schema, streamq_error **err);

streamq_status sqi_csv_read_open(sqi_decoder *d, streamq_error **err);
streamq_status sqi_csv_read_begin(sqi_decoder *d, streamq_error **err);
streamq_status sqi_csv_read_take(sqi_decoder *d, const char *bytes, size_t len, bool last, size_t *used,
                                 sqi_source_emit emit, void *context, streamq_error **err);
void sqi_csv_read_close(sqi_decoder *d);
/* Index of the column for records that do not fit; schema->n: none. */
streamq_status sqi_csv_read_corrupt(const sqi_schema *schema, sqi_span name, uint32_t *index, streamq_error **err);

streamq_status sqi_csv_infer_open(sqi_inference *f, streamq_error **err);
streamq_status sqi_csv_infer_begin(sqi_inference *f, streamq_error **err);
streamq_status sqi_csv_infer_take(sqi_inference *f, const char *bytes, size_t len, bool last, size_t *used,
                                  streamq_error **err);
streamq_status sqi_csv_infer_schema(sqi_inference *f, sqi_arena *arena, sqi_schema *out, streamq_error **err);
void sqi_csv_infer_close(sqi_inference *f);

streamq_status sqi_csv_write_open(sqi_encoder *e, streamq_error **err);
streamq_status sqi_csv_write_begin(sqi_encoder *e, sqi_buf *to, streamq_error **err);
streamq_status sqi_csv_write_rows_of(sqi_encoder *e, const sqi_chunk *chunk, sqi_buf *to, streamq_error **err);
streamq_status sqi_csv_write_end(sqi_encoder *e, sqi_buf *to, streamq_error **err);
void sqi_csv_write_close(sqi_encoder *e);

#endif
