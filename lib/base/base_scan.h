/*
 * base_scan: the scan primitives: which of the next bytes are this byte, as a mask with a bit for each, and kin.
 *
 * 16 bytes a load with SSE2 (every x86-64 has it; wider loads were measured and give nothing, see
 * docs/design/speed.md) or NEON, 8 bytes at a time elsewhere and with SQI_PORTABLE. All bytes asked for are read, so
 * the caller answers for them.
 */
#ifndef SQI_BASE_SCAN_H
#define SQI_BASE_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if !defined(SQI_PORTABLE) && defined(__SSE2__)
#define SQI_SCAN_SSE2 1
#include <emmintrin.h>
#elif !defined(SQI_PORTABLE) && defined(__aarch64__) && defined(__ARM_NEON)
#define SQI_SCAN_NEON 1
#include <arm_neon.h>
#endif

/* A byte in the form the loops compare with. */
typedef struct sqi_scan_byte {
#if defined(SQI_SCAN_SSE2)
    __m128i all;
#elif defined(SQI_SCAN_NEON)
    uint8x16_t all;
#else
    uint64_t all;
#endif
} sqi_scan_byte;

static inline sqi_scan_byte sqi_scan_byte_of(char byte)
{
#if defined(SQI_SCAN_SSE2)
    return (sqi_scan_byte){_mm_set1_epi8(byte)};
#elif defined(SQI_SCAN_NEON)
    return (sqi_scan_byte){vdupq_n_u8((uint8_t)byte)};
#else
    return (sqi_scan_byte){(unsigned char)byte * UINT64_C(0x0101010101010101)};
#endif
}

#if !defined(SQI_SCAN_SSE2) && !defined(SQI_SCAN_NEON)
static inline uint32_t sqi_scan_hits8(const char *ptr, sqi_scan_byte byte)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t x = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(&x, ptr, sizeof x);
#else
    for (int k = 0; k < 8; k++)
        x |= (uint64_t)(unsigned char)ptr[k] << 8 * k;
#endif
    x ^= byte.all;
    x = ~(((x & low) + low) | x | low); /* the top bit of every byte that was zero */
    return (uint32_t)((x >> 7) * UINT64_C(0x0102040810204080) >> 56);
}
#endif

/* Bit k is set where ptr[k] is the byte, for 16 bytes. */
static inline uint32_t sqi_scan_hits16(const char *ptr, sqi_scan_byte byte)
{
#if defined(SQI_SCAN_SSE2)
    __m128i have = _mm_loadu_si128((const __m128i *)(const void *)ptr);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(have, byte.all));
#elif defined(SQI_SCAN_NEON)
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t hit = vandq_u8(vceqq_u8(vld1q_u8((const uint8_t *)ptr), byte.all), vld1q_u8(weights));
    return (uint32_t)vaddv_u8(vget_low_u8(hit)) | (uint32_t)vaddv_u8(vget_high_u8(hit)) << 8;
#else
    return sqi_scan_hits8(ptr, byte) | sqi_scan_hits8(ptr + 8, byte) << 8;
#endif
}

/* The same for 64 bytes. */
static inline uint64_t sqi_scan_hits64(const char *ptr, sqi_scan_byte byte)
{
    return (uint64_t)sqi_scan_hits16(ptr, byte) | (uint64_t)sqi_scan_hits16(ptr + 16, byte) << 16 |
           (uint64_t)sqi_scan_hits16(ptr + 32, byte) << 32 | (uint64_t)sqi_scan_hits16(ptr + 48, byte) << 48;
}

/* Bit k is set where ptr[k] is one of four bytes (which may be the same), for 64 bytes. */
static inline uint64_t sqi_scan_four64(const char *ptr, const sqi_scan_byte byte[4])
{
#if defined(SQI_SCAN_SSE2)
    uint64_t mask = 0;
    for (int k = 0; k < 64; k += 16) {
        __m128i have = _mm_loadu_si128((const __m128i *)(const void *)(ptr + k));
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(have, byte[0].all), _mm_cmpeq_epi8(have, byte[1].all)),
                                   _mm_or_si128(_mm_cmpeq_epi8(have, byte[2].all), _mm_cmpeq_epi8(have, byte[3].all)));
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << k;
    }
    return mask;
#else
    return sqi_scan_hits64(ptr, byte[0]) | sqi_scan_hits64(ptr, byte[1]) | sqi_scan_hits64(ptr, byte[2]) |
           sqi_scan_hits64(ptr, byte[3]);
#endif
}

/* Is there a byte above 127 in 64 bytes? */
static inline bool sqi_scan_high64(const char *ptr)
{
#if defined(SQI_SCAN_SSE2)
    const __m128i *p = (const __m128i *)(const void *)ptr;
    __m128i low = _mm_or_si128(_mm_loadu_si128(p), _mm_loadu_si128(p + 1));
    __m128i high = _mm_or_si128(_mm_loadu_si128(p + 2), _mm_loadu_si128(p + 3));
    return _mm_movemask_epi8(_mm_or_si128(low, high)) != 0;
#else
    uint64_t word[8];
    memcpy(word, ptr, sizeof word);
    uint64_t any = word[0] | word[1] | word[2] | word[3] | word[4] | word[5] | word[6] | word[7];
    return (any & UINT64_C(0x8080808080808080)) != 0;
#endif
}

/* What ends or complicates a string of JSON, for 16 bytes: bit k for a quote, a backslash or a control character, bit
   16 + k for a byte above 127. */
static inline uint32_t sqi_scan_string16(const char *ptr)
{
#if defined(SQI_SCAN_SSE2)
    __m128i have = _mm_loadu_si128((const __m128i *)(const void *)ptr), low = _mm_set1_epi8(0x1f);
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(have, _mm_set1_epi8('"')), _mm_cmpeq_epi8(have, _mm_set1_epi8('\\')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(_mm_min_epu8(have, low), have));
    return (uint32_t)_mm_movemask_epi8(hit) | (uint32_t)_mm_movemask_epi8(have) << 16;
#else
    uint32_t hit = 0, high = 0;
    for (int k = 0; k < 16; k++) {
        unsigned char c = (unsigned char)ptr[k];
        hit |= (uint32_t)(c == '"' || c == '\\' || c < 0x20) << k;
        high |= (uint32_t)(c >> 7) << k;
    }
    return hit | high << 16;
#endif
}

/* Are the first n (at most 16) of 16 bytes the same? */
static inline bool sqi_scan_same16(const char *a, const char *b, uint32_t n)
{
#if defined(SQI_SCAN_SSE2)
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)a),
            y = _mm_loadu_si128((const __m128i *)(const void *)b);
    return !(~(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)) & ((1u << n) - 1));
#else
    return memcmp(a, b, n) == 0;
#endif
}

#endif
