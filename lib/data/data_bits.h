/*
 * data_bits: runs of bits in 64-bit words, bit i in word i / 64: validity of vectors. Bits outside the run keep what
 * they were; a bitmap of n bits has sqi_bits_words(n) words.
 */
#ifndef SQI_DATA_BITS_H
#define SQI_DATA_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline size_t sqi_bits_words(uint32_t n)
{
    return ((size_t)n + 63) / 64;
}
static inline bool sqi_bits_get(const uint64_t *bits, uint32_t i)
{
    return bits[i >> 6] >> (i & 63) & 1;
}
static inline void sqi_bits_put(uint64_t *bits, uint32_t i, bool bit)
{
    uint64_t one = UINT64_C(1) << (i & 63);
    bits[i >> 6] = bit ? bits[i >> 6] | one : bits[i >> 6] & ~one;
}

/* n <= 64 bits from bit `at` on, in the low bits. */
static inline uint64_t sqi_bits_load(const uint64_t *bits, uint32_t at, uint32_t n)
{
    uint32_t shift = at & 63;
    uint64_t low = bits[at >> 6] >> shift;
    if (shift && shift + n > 64)
        low |= bits[(at >> 6) + 1] << (64 - shift);
    return n < 64 ? low & ((UINT64_C(1) << n) - 1) : low;
}

void sqi_bits_fill(uint64_t *to, uint32_t at, uint32_t n, bool bit);
void sqi_bits_copy(uint64_t *to, uint32_t to_at, const uint64_t *from, uint32_t from_at, uint32_t n);
uint32_t sqi_bits_count(const uint64_t *bits, uint32_t n); /* ones among the first n */

#endif
