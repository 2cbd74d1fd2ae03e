/*
 * limit_keys: counts by a bigint key in a table written by hand for it: 16 bytes a slot, linear probing, doubled at
 * three quarters, all keys moved at once. As fast as it goes, with the pauses that such growth has.
 */
#ifndef LIMIT_KEYS_H
#define LIMIT_KEYS_H

#include <stddef.h>
#include <stdint.h>

typedef struct limit_keys limit_keys;

limit_keys *limit_keys_new(void);
void limit_keys_free(limit_keys *t);
/* Counts n keys and lists the changed ones with their counts (n at most): returns how many. */
size_t limit_keys_update(limit_keys *t, const int64_t *key, size_t n, int64_t *changed, int64_t *count);
size_t limit_keys_used(const limit_keys *t);

#endif
