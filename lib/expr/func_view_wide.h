/*
 * func_view_wide: texts of up to 64 bytes in one register, where the processor has AVX-512 (asked at run time). A masked
 * load reads the bytes of a text and no other, wherever they stand, so there is nothing to branch on and nothing to put
 * together: about a third of the instructions of func_view.h. Functions that use this have the attribute SQI_WIDE.
 */
#ifndef SQI_FUNC_VIEW_WIDE_H
#define SQI_FUNC_VIEW_WIDE_H

#include "base_scan.h"
#include "data_vec.h"

#if defined(SQI_SCAN_SSE2) && defined(__x86_64__) && defined(__GNUC__)
#define SQI_VIEW_WIDE 1
#include <immintrin.h>
#include <stdbool.h>

#define SQI_WIDE __attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt")))
#define SQI_WIDE_INLINE SQI_WIDE static inline __attribute__((always_inline))

enum { SQI_WIDE_MOST = 64 };

/* The processors with VBMI2 are those that do not slow down for wide registers. */
static inline bool sqi_wide_here(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2");
}

/* Bit k for each byte of a text of at most SQI_WIDE_MOST. */
SQI_WIDE_INLINE uint64_t sqi_wide_bytes(uint32_t len)
{
    return _bzhi_u64(UINT64_MAX, len);
}

/* Bytes of the next step over a text of which so many are left. */
static inline uint32_t sqi_wide_step(size_t left)
{
    return left < SQI_WIDE_MOST ? (uint32_t)left : SQI_WIDE_MOST;
}

/* The bytes, and zeros behind them. */
SQI_WIDE_INLINE __m512i sqi_wide_load(const char *p, uint32_t len)
{
    return _mm512_maskz_loadu_epi8(sqi_wide_bytes(len), p);
}

/* The view of a text whose first 12 bytes are given, with zeros behind its end, and which stands at p if it is long. */
SQI_WIDE_INLINE void sqi_wide_view(__m128i first, const char *p, uint32_t len, sqi_str *to)
{
    __mmask8 is_long = (__mmask8)((len > SQI_STR_INLINE) << 1);
    __m128i view = _mm_or_si128(_mm_slli_si128(first, 4), _mm_cvtsi32_si128((int)len));
    view = _mm_mask_set1_epi64(view, is_long, (long long)(uintptr_t)p);
    _mm_storeu_si128((__m128i *)(void *)to, view);
}
#endif

#endif
