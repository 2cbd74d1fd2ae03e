/*
 * base_sort: stable sort of an index array with a context. Merge sort over scratch given by the caller: no allocation.
 */
#ifndef SQI_BASE_SORT_H
#define SQI_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

typedef int (*sqi_sort_compare)(void *context, uint32_t a, uint32_t b); /* < 0, 0, > 0; a total order */

void sqi_sort_index(uint32_t *index, uint32_t *scratch, size_t n, sqi_sort_compare compare, void *context);

/* A row and its key, whose unsigned order is the order wanted. */
typedef struct sqi_sort_item {
    uint64_t key;
    uint32_t row;
} sqi_sort_item;

/* Stable, digit by digit; digits that all keys share cost nothing. scratch: n items. */
void sqi_sort_items(sqi_sort_item *items, sqi_sort_item *scratch, size_t n);

#endif
