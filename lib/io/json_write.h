/*
 * json_write: rows as JSON, byte for byte as Spark's JacksonGenerator writes them: the encoder of the format json.
 */
#ifndef SQI_JSON_WRITE_H
#define SQI_JSON_WRITE_H

#include "io_format.h"
#include "json_options.h"

typedef struct sqi_json_writer { /* the state of an encoder */
    sqi_json_settings set;
    sqi_arena arena;   /* orders of fields and keys */
    sqi_buf text, key; /* in another encoding: a chunk's text; keys to sort */
    bool first;        /* nothing was written to the file */
} sqi_json_writer;

streamq_status sqi_json_write_open(sqi_encoder *e, streamq_error **err);
streamq_status sqi_json_write_begin(sqi_encoder *e, sqi_buf *to, streamq_error **err);
streamq_status sqi_json_write_rows(sqi_encoder *e, const sqi_chunk *chunk, sqi_buf *to, streamq_error **err);
streamq_status sqi_json_write_end(sqi_encoder *e, sqi_buf *to, streamq_error **err);
void sqi_json_write_close(sqi_encoder *e);

/* A text in quotes; `ascii`: other characters as \uXXXX. Malformed UTF-8 becomes U+FFFD. */
bool sqi_json_write_text(sqi_buf *to, sqi_span text, bool ascii);

#endif
