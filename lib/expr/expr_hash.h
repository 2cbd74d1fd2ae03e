/*
 * expr_hash: the two hashes of a value whose bits Spark shows: 32 bits of Murmur3 (hash) and 64 bits of xxHash (xxhash64,
 * approx_count_distinct). Stable: answers depend on them. Not for tables in memory (data_order has that hash).
 *
 * The hash of v[i], `seed` mixed in; a null gives the seed. A row of columns is hashed column by column, each with the
 * hash so far as its seed; Spark begins with 42.
 */
#ifndef SQI_EXPR_HASH_H
#define SQI_EXPR_HASH_H

#include "data_vec.h"

#define SQI_EXPR_HASH_SEED 42

uint32_t sqi_expr_hash_murmur(const sqi_vec *v, uint32_t i, uint32_t seed);
uint64_t sqi_expr_hash_xx(const sqi_vec *v, uint32_t i, uint64_t seed);

#endif
