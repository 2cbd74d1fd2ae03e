/*
 * json_infer: the schema of records that come without one, as Spark's JsonInferSchema finds it: the type of every field is
 * the narrowest that holds all of its values, or STRING; fields stand in the order of their names.
 */
#ifndef SQI_JSON_INFER_H
#define SQI_JSON_INFER_H

#include "io_format.h"
#include "json_shape.h"
#include "json_value.h"

typedef struct sqi_json_infer { /* the state of an inference */
    sqi_json_settings set;
    sqi_json_scalar scalar;
    sqi_json_reader reader;
    sqi_arena text, shapes_arena;
    sqi_json_shapes shapes;
    sqi_json_shape root;
    uint64_t objects, records;
    bool first, twice; /* a name is twice in one object */
    bool negative;     /* a decimal whose scale Spark does not have */
} sqi_json_infer;

streamq_status sqi_json_infer_open(sqi_inference *f, streamq_error **err);
streamq_status sqi_json_infer_begin(sqi_inference *f, streamq_error **err);
streamq_status sqi_json_infer_take(sqi_inference *f, const char *bytes, size_t len, bool last, size_t *used,
                                   streamq_error **err);
streamq_status sqi_json_infer_schema(sqi_inference *f, sqi_arena *arena, sqi_schema *out, streamq_error **err);
void sqi_json_infer_close(sqi_inference *f);

#endif
