/*
 * limit_typed: sum, avg, min, max and count of a bigint column by an int column, written by hand for these types: keys
 * are any ints, the sum is checked for overflow, and after each batch the groups that it changed are listed.
 */
#ifndef LIMIT_TYPED_H
#define LIMIT_TYPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct limit_typed limit_typed;

/* Groups as columns. Room for all that a call can give is the caller's. */
typedef struct limit_typed_out {
    int32_t *key;
    int64_t *sum, *min, *max, *count;
    double *avg;
} limit_typed_out;

limit_typed *limit_typed_new(void);
void limit_typed_free(limit_typed *t);
/* Adds n rows, lists the groups they touched (n at most) and returns how many; -1: a sum has overflown. */
int64_t limit_typed_update(limit_typed *t, const int32_t *key, const int64_t *value, size_t n,
                           const limit_typed_out *out);
/* Adds n rows without a list; false: a sum has overflown. */
bool limit_typed_add(limit_typed *t, const int32_t *key, const int64_t *value, size_t n);
size_t limit_typed_groups(const limit_typed *t);
void limit_typed_all(const limit_typed *t, const limit_typed_out *out);

limit_typed_out limit_typed_out_new(size_t rows);
void limit_typed_out_free(limit_typed_out *out);

#endif
