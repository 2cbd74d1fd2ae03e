/*
 * expr_xxhash: the 64-bit xxHash of a value as Spark's xxhash64 and approx_count_distinct see it. Stable: answers
 * depend on it. Not for tables in memory (data_order has that hash).
 */
#ifndef SQI_EXPR_XXHASH_H
#define SQI_EXPR_XXHASH_H

#include "data_vec.h"

/* The hash of v[i], `seed` mixed in; a null gives the seed. A row of columns is hashed column by column, each with the
   hash so far as its seed; Spark begins with 42. */
uint64_t sqi_expr_xxhash(const sqi_vec *v, uint32_t i, uint64_t seed);

#endif
