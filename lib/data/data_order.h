/*
 * data_order: THE equality, order and hash of values, per type. Nothing else in the library compares values.
 *
 * Order (Spark's ORDER BY, <, min, max): null is equal to null and below everything (the caller applies NULLS FIRST or
 * LAST at the top); NaN is equal to NaN and above infinity; -0.0 equals 0.0; strings and binary by unsigned bytes;
 * arrays and structs element by element with nulls first; maps have no order.
 * Key equality (GROUP BY, DISTINCT): the same, and maps compare as sets of entries. Hash agrees with key equality.
 */
#ifndef SQI_DATA_ORDER_H
#define SQI_DATA_ORDER_H

#include "data_vec.h"

/* Null-safe three-way comparison of a[i] with b[j]; both of one type (nullability aside). */
int sqi_order_compare(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j);
/* Null-safe equality; maps allowed. */
bool sqi_order_equal(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j);
/* out[position] = hash (mix = false) or mixed into what stands there (mix = true: the next column of a key). */
void sqi_order_hash(const sqi_vec *v, sqi_rows rows, uint64_t seed, bool mix, uint64_t *out);

/* Grouping normalises keys: -0.0 to 0.0, every NaN to one, map entries sorted by key, at any depth. Gives a vector to
   store as key; v itself if nothing can change. */
streamq_status sqi_order_normalize(sqi_vec *out, const sqi_vec *v, sqi_rows rows, sqi_arena *arena,
                                   streamq_error **err);

#endif
