/*
 * json_value: values of JSON into columns, exactly as Spark's JacksonParser does it: what fits becomes a value, what does
 * not fit leaves its field as it was and makes the record a partial one, and where the reader stands after an error is
 * where Spark goes on.
 */
#ifndef SQI_JSON_VALUE_H
#define SQI_JSON_VALUE_H

#include "json_read.h"
#include "json_scalar.h"

typedef enum sqi_json_outcome {
    SQI_JSON_VALUE,
    SQI_JSON_ABSENT,  /* null */
    SQI_JSON_PARTIAL, /* a value, but something inside it did not fit */
    SQI_JSON_WRONG,   /* none, or reader->nomem */
} sqi_json_outcome;

/* How a value that is no string becomes one: as its bytes, or written anew (Spark does where it decodes the file), or
   not at all (where Spark found the encoding by itself). */
typedef enum sqi_json_raw { SQI_JSON_RAW_BYTES, SQI_JSON_RAW_ANEW, SQI_JSON_RAW_NONE } sqi_json_raw;

typedef struct sqi_json_values {
    sqi_json_reader *reader;
    const sqi_json_scalar *scalar;
    sqi_json_raw raw;
    sqi_buf *buf; /* scratch */
} sqi_json_values;

/* The value at hand (or behind the name at hand) into position `at`. */
sqi_json_outcome sqi_json_value_read(const sqi_json_values *v, sqi_json_column *c, uint32_t at);

#endif
