/*
 * data_select: the positions of what is true, from a vector of booleans, without a branch on what they are.
 */
#ifndef SQI_DATA_SELECT_H
#define SQI_DATA_SELECT_H

#include <stdint.h>

#define SQI_SELECT_ROOM 4u /* positions more than there are rows that the lists have room for */

/* Positions 0 to n - 1 where yes[i] is 1 and its bit in `valid` (NULL: all) is set, in order; their number. `no`, unless
   NULL: those where it is not so. Where the bit is not set, yes[i] may be anything; elsewhere it is 0 or 1. */
uint32_t sqi_select(const uint8_t *yes, const uint64_t *valid, uint32_t n, uint32_t *to, uint32_t *no);

#endif
