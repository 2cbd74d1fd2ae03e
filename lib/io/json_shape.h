/*
 * json_shape: what is known of the type of a place in records of JSON, growing with every value seen.
 */
#ifndef SQI_JSON_SHAPE_H
#define SQI_JSON_SHAPE_H

#include "base_arena.h"
#include "data_type.h"

enum { SQI_JSON_SHAPES_MOST = 65536 }; /* places in one schema */

typedef enum sqi_json_kind {
    SQI_JSON_KIND_NULL,
    SQI_JSON_KIND_BOOLEAN,
    SQI_JSON_KIND_BIGINT,
    SQI_JSON_KIND_DECIMAL,
    SQI_JSON_KIND_DOUBLE,
    SQI_JSON_KIND_TIMESTAMP,
    SQI_JSON_KIND_STRING, /* also what nothing else holds */
    SQI_JSON_KIND_ARRAY,
    SQI_JSON_KIND_STRUCT,
} sqi_json_kind;

typedef struct sqi_json_shape {
    sqi_json_kind kind;
    int whole, scale; /* digits of a decimal before and behind the point */
    sqi_span name;
    uint64_t seen; /* the last object that had the field */
    struct sqi_json_shape *element;
    struct sqi_json_shape **field; /* by name, as Java compares strings */
    uint32_t n, cap;
} sqi_json_shape;

typedef struct sqi_json_shapes {
    sqi_arena *arena;
    uint32_t count;
    bool nomem, too_many; /* why a call failed */
} sqi_json_shapes;

/* The shape takes in a value of this kind, which is no array and no struct. */
void sqi_json_shape_add(sqi_json_shape *s, sqi_json_kind kind, int whole, int scale);
/* It takes in an array or a struct. False: it is, or became, a STRING. */
bool sqi_json_shape_enter(sqi_json_shape *s, sqi_json_kind kind);
sqi_json_shape *sqi_json_shape_element(sqi_json_shapes *all, sqi_json_shape *s);              /* NULL: failed */
sqi_json_shape *sqi_json_shape_field(sqi_json_shapes *all, sqi_json_shape *s, sqi_span name); /* the same */
sqi_json_shape *sqi_json_shape_find(const sqi_json_shape *s, sqi_span name);                  /* NULL: none */

/* The type; *type NULL: nothing that a column could hold. False: no memory. */
bool sqi_json_shape_type(const sqi_json_shape *s, bool drop_null, sqi_type_pool *pool, sqi_arena *arena,
                         const sqi_type **type);

#endif
