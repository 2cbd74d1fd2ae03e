/*
 * base_sort: stable sort of an index array with a context. Merge sort over scratch given by the caller: no allocation.
 */
#ifndef SQI_BASE_SORT_H
#define SQI_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

typedef int (*sqi_sort_compare)(void *context, uint32_t a, uint32_t b); /* < 0, 0, > 0; a total order */

void sqi_sort_index(uint32_t *index, uint32_t *scratch, size_t n, sqi_sort_compare compare, void *context);

#endif
