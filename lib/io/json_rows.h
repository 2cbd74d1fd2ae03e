/*
 * json_rows: records of JSON to rows: the decoder of the format json.
 */
#ifndef SQI_JSON_ROWS_H
#define SQI_JSON_ROWS_H

#include "io_format.h"
#include "json_value.h"

typedef struct sqi_json_rows { /* the state of a decoder */
    sqi_json_settings set;
    sqi_json_scalar scalar;
    sqi_json_reader reader;
    sqi_json_values values;
    sqi_arena text, decoded; /* of strings with escapes; of records in other encodings */
    sqi_buf scratch;
    sqi_type row; /* a struct of the columns but the one for corrupt records */
    sqi_field field;
    sqi_json_column columns, corrupt;
    uint32_t place; /* of the corrupt column; columns.nchild + 1: none */
    sqi_vec *vec;
    uint32_t nvec, most;
    bool fast;  /* the quick way may be tried */
    bool first; /* no record of the file was seen */
    const char *why;
    sqi_source_emit emit;
    void *context;
} sqi_json_rows;

streamq_status sqi_json_rows_check(const sqi_options *options, const sqi_schema *given, streamq_error **err);
streamq_status sqi_json_rows_open(sqi_decoder *d, streamq_error **err);
streamq_status sqi_json_rows_begin(sqi_decoder *d, streamq_error **err);
streamq_status sqi_json_rows_take(sqi_decoder *d, const char *bytes, size_t len, bool last, size_t *used,
                                  sqi_source_emit emit, void *context, streamq_error **err);
void sqi_json_rows_close(sqi_decoder *d);

/* Names of columns and fields that differ by case alone, or not at all. */
streamq_status sqi_json_rows_check_names(const sqi_field *field, uint32_t n, streamq_error **err);

#endif
