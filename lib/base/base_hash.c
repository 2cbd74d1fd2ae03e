/*
 * base_hash: xxHash3 over bytes. The values are for tables in memory; they differ between versions of xxHash and
 * between machines, so nothing that is stored depends on them.
 */
#include "base_hash.h"

#define XXH_INLINE_ALL
#define XXH_NO_STREAM
#include <xxhash.h>

uint64_t sqi_hash_bytes(const void *ptr, size_t len, uint64_t seed)
{
    return XXH3_64bits_withSeed(ptr, len, seed);
}
