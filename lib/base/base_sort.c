/*
 * base_sort: bottom-up merge sort of row numbers, and a radix sort of those that have a key.
 *
 * Runs of eight are sorted by insertion, then merged pairwise between the index and the scratch; what is already in
 * order costs one comparison per pair of runs. The result always ends in `index`.
 */
#include "base_sort.h"

#include <string.h>

enum { RUN = 8 };

static void insertion(uint32_t *v, size_t n, sqi_sort_compare compare, void *context)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t item = v[i];
        size_t j = i;
        for (; j > 0 && compare(context, v[j - 1], item) > 0; j--)
            v[j] = v[j - 1];
        v[j] = item;
    }
}

/* [0, middle) and [middle, n) of `from` are sorted; write them sorted to `to`. */
static void merge(const uint32_t *from, uint32_t *to, size_t middle, size_t n, sqi_sort_compare compare, void *context)
{
    if (middle >= n || compare(context, from[middle - 1], from[middle]) <= 0) {
        memcpy(to, from, n * sizeof *to);
        return;
    }
    size_t left = 0, right = middle, out = 0;
    while (left < middle && right < n)
        to[out++] = compare(context, from[left], from[right]) <= 0 ? from[left++] : from[right++];
    memcpy(to + out, from + left, (middle - left) * sizeof *to);
    out += middle - left;
    memcpy(to + out, from + right, (n - right) * sizeof *to);
}

void sqi_sort_index(uint32_t *index, uint32_t *scratch, size_t n, sqi_sort_compare compare, void *context)
{
    for (size_t at = 0; at < n; at += RUN)
        insertion(index + at, n - at < RUN ? n - at : RUN, compare, context);
    uint32_t *from = index, *to = scratch;
    for (size_t width = RUN; width < n; width *= 2) {
        for (size_t at = 0; at < n; at += 2 * width) {
            size_t rest = n - at;
            size_t whole = rest < 2 * width ? rest : 2 * width;
            merge(from + at, to + at, width < rest ? width : rest, whole, compare, context);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != index)
        memcpy(index, from, n * sizeof *index);
}

enum { DIGIT = 11, DIGITS = 1 << DIGIT };

void sqi_sort_items(sqi_sort_item *items, sqi_sort_item *scratch, size_t n)
{
    uint64_t differ = 0;
    for (size_t i = 1; i < n; i++)
        differ |= items[i].key ^ items[0].key;
    sqi_sort_item *from = items, *to = scratch;
    for (unsigned shift = 0; shift < 64; shift += DIGIT) {
        size_t start[DIGITS] = {0}, at = 0;
        if (!(differ >> shift & (DIGITS - 1)))
            continue;
        for (size_t i = 0; i < n; i++)
            start[from[i].key >> shift & (DIGITS - 1)]++;
        for (size_t d = 0; d < DIGITS; d++) {
            size_t count = start[d];
            start[d] = at;
            at += count;
        }
        for (size_t i = 0; i < n; i++)
            to[start[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
        sqi_sort_item *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
}
