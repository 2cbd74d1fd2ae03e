/*
 * random_vec: types and columns drawn from a seed, for property tests. Values come from small sets rich in edge cases
 * (nulls, both zeros, NaNs, empty and twelve- and thirteen-byte strings), so that equal values are frequent.
 */
#ifndef SQI_RANDOM_VEC_H
#define SQI_RANDOM_VEC_H

#include "data_builder.h"

typedef struct sqi_random {
    uint64_t state;
} sqi_random;

uint64_t sqi_random_next(sqi_random *r);
uint32_t sqi_random_below(sqi_random *r, uint32_t n); /* 0 .. n - 1 */

/* Any type, nested up to `depth` levels; without maps on request. Decimals are wide enough for every value drawn. */
const sqi_type *sqi_random_type(sqi_random *r, sqi_type_pool *pool, unsigned depth, bool maps);
/* Scalar types and a few nested ones, one after the other; NULL after the last. */
const sqi_type *sqi_every_type(sqi_type_pool *pool, unsigned i);
void sqi_random_append(sqi_random *r, sqi_builder *b, const sqi_type *type, bool null);
/* n values; null: with nulls among them, and rubbish in the slots that a null hides. Ends the program without
   memory. */
void sqi_random_vec(sqi_random *r, sqi_vec *out, const sqi_type *type, uint32_t n, bool null, sqi_arena *arena);
/* About half of the positions 0 .. n - 1, at least one if n > 0. */
sqi_rows sqi_random_rows(sqi_random *r, uint32_t n, sqi_arena *arena);

#endif
