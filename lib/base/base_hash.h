/*
 * base_hash: hashing of bytes and integers for tables in memory, and checksums on disk (xxHash3 gives the same
 * everywhere). Seeded.
 */
#ifndef SQI_BASE_HASH_H
#define SQI_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t sqi_hash_bytes(const void *ptr, size_t len, uint64_t seed); /* xxHash3 */

static inline uint64_t sqi_hash_u64(uint64_t x)
{
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    x ^= x >> 32;
    return x;
}

static inline uint64_t sqi_hash_mix(uint64_t a, uint64_t b)
{
    return sqi_hash_u64(a * 31 + b);
}

#endif
