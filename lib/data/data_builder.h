/*
 * data_builder: a column built value by value, for sources and tests; kernels write vectors directly.
 *
 *     sqi_builder_bigint(b, 5); sqi_builder_null(b);
 *     array: sqi_builder_begin(b); sqi_builder_int(sqi_builder_child(b, 0), 1); sqi_builder_end(b);
 *     map: the same with child 0 the key and child 1 the value; struct: append to every child, then end.
 *
 * The first failure sticks; finish reports it.
 */
#ifndef SQI_DATA_BUILDER_H
#define SQI_DATA_BUILDER_H

#include "data_vec.h"

typedef struct sqi_builder sqi_builder;

sqi_builder *sqi_builder_new(const sqi_type *type, sqi_arena *arena); /* lives in the arena; NULL: no memory */
sqi_builder *sqi_builder_child(sqi_builder *b, uint32_t i);
uint32_t sqi_builder_count(const sqi_builder *b);
void sqi_builder_null(sqi_builder *b);
void sqi_builder_bool(sqi_builder *b, bool v);
void sqi_builder_int(sqi_builder *b, int64_t v); /* every integer, date, timestamp and interval ym/dt width */
void sqi_builder_real(sqi_builder *b, double v); /* float and double */
void sqi_builder_decimal(sqi_builder *b, sqi_int128 unscaled);
void sqi_builder_interval(sqi_builder *b, sqi_interval v);
void sqi_builder_bytes(sqi_builder *b, sqi_span v);        /* string, binary: copied */
void sqi_builder_bytes_shared(sqi_builder *b, sqi_span v); /* not copied: outlives the vector */
void sqi_builder_begin(sqi_builder *b);
void sqi_builder_end(sqi_builder *b);
/* Append value `position` of a vector of the same type (deep copy). */
void sqi_builder_from(sqi_builder *b, const sqi_vec *v, uint32_t position);
streamq_status sqi_builder_finish(sqi_builder *b, sqi_vec *out, streamq_error **err);

#endif
