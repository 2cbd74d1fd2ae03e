/*
 * data_view: a string view from bytes behind which more may be read: two loads, a mask and no branch, where
 * sqi_str_view calls memcpy with a length that no processor can guess.
 */
#ifndef SQI_DATA_VIEW_H
#define SQI_DATA_VIEW_H

#include "base_scan.h"
#include "data_vec.h"

enum { SQI_VIEW_READS = 16 }; /* bytes read at the begin of a piece, whatever its length */

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* keep[n] masks the first n of 12 bytes, the last one the 4 that stand before a pointer. */
extern const uint64_t sqi_view_keep[SQI_STR_INLINE + 2][2];

/* The view of len bytes at p, of which the first 12 are given as lo (8 bytes) and hi (4 bytes). */
static inline void sqi_view_cut_of(uint64_t lo, uint64_t hi, const char *p, size_t len, sqi_str *to)
{
    const uint64_t *keep = sqi_view_keep[len <= SQI_STR_INLINE ? len : SQI_STR_INLINE + 1];
    uint64_t word[2];
    lo &= keep[0];
    word[0] = (uint64_t)len | lo << 32;
    word[1] = lo >> 32 | (hi & keep[1]) << 32;
    word[1] = len <= SQI_STR_INLINE ? word[1] : (uint64_t)(uintptr_t)p;
    memcpy(to, word, sizeof word);
}

#if defined(SQI_SCAN_SSE2)
/* The same masks for bytes that stand behind the length already. */
extern const unsigned char sqi_view_keep_view[SQI_STR_INLINE + 1][16];

static inline void sqi_view_cut(const char *p, size_t len, sqi_str *to)
{
    __m128i bytes = _mm_slli_si128(_mm_loadu_si128((const __m128i *)(const void *)p), 4);
    if (__builtin_expect(len > SQI_STR_INLINE, 0)) {
        _mm_storeu_si128((__m128i *)(void *)to, _mm_or_si128(bytes, _mm_cvtsi32_si128((int)len)));
        memcpy(to->u.out.pointer, &p, sizeof p);
        return;
    }
    bytes = _mm_and_si128(bytes, _mm_loadu_si128((const __m128i *)(const void *)sqi_view_keep_view[len]));
    _mm_storeu_si128((__m128i *)(void *)to, _mm_or_si128(bytes, _mm_cvtsi32_si128((int)len)));
}
#else
static inline void sqi_view_cut(const char *p, size_t len, sqi_str *to)
{
    uint64_t lo, hi = 0;
    memcpy(&lo, p, sizeof lo);
    memcpy(&hi, p + 8, 4);
    sqi_view_cut_of(lo, hi, p, len, to);
}
#endif
#else
static inline void sqi_view_cut(const char *p, size_t len, sqi_str *to)
{
    *to = sqi_str_view(p, (uint32_t)len);
}
#endif

#endif
