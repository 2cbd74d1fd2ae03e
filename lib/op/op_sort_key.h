/*
 * op_sort_key: the order of rows under ORDER BY items: direction and place of nulls per item, data_order below.
 */
#ifndef SQI_OP_SORT_KEY_H
#define SQI_OP_SORT_KEY_H

#include "data_vec.h"

enum { SQI_SORT_DESCENDING = 1, SQI_SORT_NULLS_FIRST = 2 }; /* bits of an item's flags */

/* < 0, 0, > 0: row i of the key columns a before, beside, after row j of b. Each is an array of n vectors. */
int sqi_sort_key_compare(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j, const uint8_t *flags, uint32_t n);
/* index[0..rows) = the rows 0..rows-1 of the key columns in order; equal rows keep theirs. Scratch in the arena. */
streamq_status sqi_sort_key_order(const sqi_vec *key, const uint8_t *flags, uint32_t n, uint32_t rows, uint32_t *index,
                                  sqi_arena *arena, streamq_error **err);

#endif
