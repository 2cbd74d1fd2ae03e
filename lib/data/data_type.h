/*
 * data_type: the logical types, interned. Types of one pool with the same structure are the same pointer, so equality
 * is `==`. A pool belongs to a session and lives as long; nothing is freed one by one. Scalar types are static and
 * shared by all pools. The pool locks itself: any thread may ask for a type.
 *
 * Type names are Spark's simpleString ("array<struct<x:int>>"), the upper-case SQL form is for error messages.
 * Whether elements and fields may be null is part of the type (schema printing needs it); sqi_type_same ignores it.
 */
#ifndef SQI_DATA_TYPE_H
#define SQI_DATA_TYPE_H

#include "base_alloc.h"
#include "base_arena.h"
#include "base_buf.h"
#include "base_error.h"
#include "base_str.h"

typedef enum sqi_type_id {
    SQI_VOID, /* the type of a bare NULL */
    SQI_BOOLEAN,
    SQI_TINYINT,
    SQI_SMALLINT,
    SQI_INT,
    SQI_BIGINT,
    SQI_FLOAT,
    SQI_DOUBLE,
    SQI_DECIMAL,
    SQI_STRING,
    SQI_BINARY,
    SQI_DATE,          /* int32 days since 1970-01-01 */
    SQI_TIMESTAMP,     /* int64 microseconds since 1970 UTC */
    SQI_TIMESTAMP_NTZ, /* int64 microseconds, no zone */
    SQI_INTERVAL_YM,   /* int32 months; from/to: SQI_YEAR, SQI_MONTH */
    SQI_INTERVAL_DT,   /* int64 microseconds; from/to: SQI_DAY .. SQI_SECOND */
    SQI_INTERVAL,      /* Spark's calendar interval: sqi_interval */
    SQI_ARRAY,
    SQI_MAP,
    SQI_STRUCT,
    SQI_TYPE_IDS_
} sqi_type_id;

enum { SQI_YEAR, SQI_MONTH, SQI_DAY, SQI_HOUR, SQI_MINUTE, SQI_SECOND }; /* interval fields */

typedef struct sqi_type sqi_type;

typedef struct sqi_field {
    sqi_span name; /* owned by the pool once the type is made */
    const sqi_type *type;
    bool nullable;
} sqi_field;

struct sqi_type {
    sqi_type_id id;
    uint8_t precision, scale; /* DECIMAL: 1..38, 0..precision. Intervals: from and to field */
    uint32_t nfield;          /* ARRAY 1 ("element"), MAP 2 ("key", "value"), STRUCT n */
    const sqi_field *field;
};

/* The scalar types; decimals and nested types come from a pool. */
extern const sqi_type sqi_type_void, sqi_type_boolean, sqi_type_tinyint, sqi_type_smallint, sqi_type_int,
    sqi_type_bigint, sqi_type_float, sqi_type_double, sqi_type_string, sqi_type_binary, sqi_type_date,
    sqi_type_timestamp, sqi_type_timestamp_ntz, sqi_type_interval;

typedef struct sqi_type_pool sqi_type_pool;

sqi_type_pool *sqi_type_pool_new(sqi_alloc *alloc); /* NULL: no memory */
void sqi_type_pool_free(sqi_type_pool *pool);
/* True if there was no memory for a type since the last time this was asked. For places where NULL instead of a type may
   also mean that no type fits: their error is then one of memory. */
bool sqi_type_pool_refused(sqi_type_pool *pool);
void sqi_type_pool_refuse(sqi_type_pool *pool);            /* who makes a type had no memory for its parts */
sqi_alloc *sqi_type_pool_alloc(const sqi_type_pool *pool); /* whose memory it uses */

/* All give NULL without memory. */
const sqi_type *sqi_type_decimal(sqi_type_pool *pool, int precision, int scale); /* caller keeps 1..38, 0..precision */
const sqi_type *sqi_type_interval_ym(int from, int to);                          /* static */
const sqi_type *sqi_type_interval_dt(int from, int to);                          /* static */
const sqi_type *sqi_type_array(sqi_type_pool *pool, const sqi_type *element, bool contains_null);
const sqi_type *sqi_type_map(sqi_type_pool *pool, const sqi_type *key, const sqi_type *value, bool value_null);
const sqi_type *sqi_type_struct(sqi_type_pool *pool, const sqi_field *fields, uint32_t n); /* copies names */

/* Equal but for nullability; field names compare exactly, or not at all with `any_names`. */
bool sqi_type_same(const sqi_type *a, const sqi_type *b);
bool sqi_type_same_shape(const sqi_type *a, const sqi_type *b); /* ignores field names too */

bool sqi_type_is_integral(const sqi_type *t);  /* tinyint .. bigint */
bool sqi_type_is_numeric(const sqi_type *t);   /* integral, float, double, decimal */
bool sqi_type_is_nested(const sqi_type *t);    /* array, map, struct */
bool sqi_type_is_orderable(const sqi_type *t); /* no map, no calendar interval anywhere inside */
uint32_t sqi_type_width(const sqi_type *t);    /* bytes of one value in a vector's data; 0 for struct and void */

bool sqi_type_print(sqi_buf *to, const sqi_type *t); /* "decimal(10,2)", "array<int>", "interval day to second" */
const char *sqi_type_text(const sqi_type *t, sqi_arena *arena); /* the same as text; NULL: no memory */
bool sqi_type_print_sql(sqi_buf *to, const sqi_type *t);        /* "DECIMAL(10,2)", "ARRAY<INT>", "STRUCT<x: INT>" */

/* A name as DDL and SQL text write it: bare if it is letters, digits and _, else in backquotes. */
bool sqi_type_print_name(sqi_buf *to, sqi_span name);

/* The name for an error message ("\"ARRAY<INT>\""), in a caller's buffer of 128 bytes, cut if longer. */
const char *sqi_type_label(const sqi_type *t, char to[128]);

#endif
