/*
 * data_arrow_layout: what an ArrowSchema says, read once: the physical layout of each column and the type it becomes.
 * Shared by the files of data_arrow only.
 */
#ifndef SQI_DATA_ARROW_LAYOUT_H
#define SQI_DATA_ARROW_LAYOUT_H

#include "data_arrow.h"

typedef enum sqi_arrow_kind {
    SQI_ARROW_NULL,
    SQI_ARROW_BITS,           /* booleans */
    SQI_ARROW_SAME,           /* values as ours, of the type's width */
    SQI_ARROW_UINT,           /* unsigned of `width` bytes, one size wider here; 8 bytes: a decimal */
    SQI_ARROW_HALF,           /* 16-bit floating point */
    SQI_ARROW_SCALED,         /* int64 of another unit of time: times `factor`, or divided by -factor */
    SQI_ARROW_DATE_MS,        /* int64 milliseconds for a date */
    SQI_ARROW_DECIMAL,        /* `width` 4, 8, 16 or 32 bytes */
    SQI_ARROW_DAY_TIME,       /* int32 days, int32 milliseconds */
    SQI_ARROW_MONTH_DAY_NANO, /* int32 months, int32 days, int64 nanoseconds */
    SQI_ARROW_BYTES,          /* offsets of `width` bytes and data */
    SQI_ARROW_BYTES_VIEW,     /* 16-byte views into any number of buffers */
    SQI_ARROW_BYTES_FIXED,    /* `count` bytes each */
    SQI_ARROW_LIST,           /* offsets of `width` bytes; a map has one child, the struct of key and value */
    SQI_ARROW_LIST_VIEW,      /* offsets and sizes of `width` bytes */
    SQI_ARROW_LIST_FIXED,     /* `count` elements each */
    SQI_ARROW_STRUCT,
    SQI_ARROW_DICTIONARY /* integers of `width` bytes (negative: unsigned) into child[0] */
} sqi_arrow_kind;

typedef struct sqi_arrow_layout {
    sqi_arrow_kind kind;
    const sqi_type *type;
    sqi_span name;
    bool nullable;
    int32_t width;
    int64_t count, factor;
    uint32_t nchild;
    struct sqi_arrow_layout *child;
} sqi_arrow_layout;

/* Of a schema and all below it, in the arena. */
streamq_status sqi_arrow_layout_read(const struct ArrowSchema *schema, sqi_type_pool *pool, sqi_arena *arena,
                                     sqi_arrow_layout *out, streamq_error **err);

/* Values at .. at + n - 1 of an array, counted from its offset. The array outlives the vector. */
streamq_status sqi_arrow_import_column(const sqi_arrow_layout *layout, const struct ArrowArray *array, int64_t at,
                                       uint32_t n, sqi_arena *arena, sqi_vec *out, streamq_error **err);

/* Whether values of `from` can stand for `to` unchanged (a wider number, text as binary), and the step itself. */
bool sqi_arrow_widen_can(const sqi_type *from, const sqi_type *to);
streamq_status sqi_arrow_widen(sqi_vec *v, uint32_t n, const sqi_type *to, sqi_arena *arena, streamq_error **err);

/* Schema with 64-bit offsets for strings, binary and arrays if `large`. */
streamq_status sqi_arrow_export_schema_as(const sqi_schema *s, bool large, struct ArrowSchema *out,
                                          streamq_error **err);
streamq_status sqi_arrow_export_chunk_as(sqi_alloc *alloc, const sqi_chunk *chunk, bool large, struct ArrowArray *out,
                                         streamq_error **err);

#endif
