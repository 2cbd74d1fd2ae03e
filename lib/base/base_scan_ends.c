/*
 * base_scan_ends: see the header. Eight numbers are written for each step always, as a branch on how many there are
 * would often be guessed wrong; what is too many is written over. Where the processor has AVX-512 with VBMI2, one
 * instruction moves the numbers of all bytes that hit together (chosen at run time; docs/design/speed.md has the effect).
 */
#include "base_scan_ends.h"

#include "base_scan.h"

#include <stdbool.h>

#if defined(SQI_SCAN_SSE2) && defined(__x86_64__) && defined(__GNUC__)
#define WITH_AVX512 1
#include <immintrin.h>
#endif

enum { AHEAD = 4096 }; /* bytes: a text comes from memory, and the processor's own reading ahead ends with a page */

static uint32_t ends_of_bits(uint64_t bits, uint32_t base, uint32_t *end)
{
    uint32_t found = sqi_scan_count(bits);
    for (uint32_t k = 0; k < 8; k++, bits &= bits - 1)
        end[k] = base + (uint32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
    for (uint32_t k = 8; bits; k++, bits &= bits - 1)
        end[k] = base + (uint32_t)__builtin_ctzll(bits);
    return found;
}

static uint32_t ends_anywhere(const char *text, uint32_t steps, char byte, uint64_t last_mask, uint64_t *mask,
                              uint32_t *before, uint32_t *end)
{
    sqi_scan_byte wanted = sqi_scan_byte_of(byte);
    uint32_t n = 0;
    for (uint32_t k = 0; k < steps; k++) {
        mask[k] |= sqi_scan_hits64(text + (size_t)k * SQI_SCAN_WIDE, wanted);
        mask[k] &= k + 1 == steps ? last_mask : UINT64_MAX;
        before[k] = n;
        n += ends_of_bits(mask[k], k * SQI_SCAN_WIDE, end + n);
    }
    return n;
}

static uint32_t two_anywhere(const char *text, uint32_t steps, char first, char second, uint32_t *end)
{
    sqi_scan_byte a = sqi_scan_byte_of(first), b = sqi_scan_byte_of(second);
    uint32_t n = 0;
    for (uint32_t k = 0; k < steps; k++) {
        const char *at = text + (size_t)k * SQI_SCAN_WIDE;
        n += ends_of_bits(sqi_scan_hits64(at, a) | sqi_scan_hits64(at, b), k * SQI_SCAN_WIDE, end + n);
    }
    return n;
}

/* Lines of whole steps, without the first that has a CR or the last line that is wanted; *at: where that one begins. */
static uint32_t count_anywhere(const char *text, size_t steps, uint32_t most, size_t *at)
{
    sqi_scan_byte lf = sqi_scan_byte_of('\n'), cr = sqi_scan_byte_of('\r');
    uint32_t n = 0, found;
    size_t k = 0;
    for (; k < steps; k++, n += found) {
        const char *step = text + k * SQI_SCAN_WIDE;
        __builtin_prefetch(step + AHEAD, 0, 2);
        found = sqi_scan_count(sqi_scan_hits64(step, lf));
        if (found >= most - n || sqi_scan_hits64(step, cr))
            break;
    }
    *at = k * SQI_SCAN_WIDE;
    return n;
}

#ifdef WITH_AVX512
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt")))

AVX512 static inline uint32_t ends_of_bits_avx512(uint64_t bits, uint32_t base, uint32_t *end)
{
    static const uint8_t numbers[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    uint32_t found = (uint32_t)__builtin_popcountll(bits);
    __m512i packed = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(numbers));
    __m512i from = _mm512_set1_epi32((int)base);
    _mm512_storeu_si512(end, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed)), from));
    if (__builtin_expect(found > 16, 0)) {
        uint8_t all[64];
        _mm512_storeu_si512(all, packed);
        for (uint32_t i = 16; i < found; i++)
            end[i] = base + all[i];
    }
    return found;
}

AVX512 static uint32_t ends_avx512(const char *text, uint32_t steps, char byte, uint64_t last_mask, uint64_t *mask,
                                   uint32_t *before, uint32_t *end)
{
    const __m512i wanted = _mm512_set1_epi8(byte);
    uint32_t n = 0;
    for (uint32_t k = 0; k < steps; k++) {
        uint64_t bits = mask[k] | _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(text + (size_t)k * SQI_SCAN_WIDE), wanted);
        mask[k] = bits & (k + 1 == steps ? last_mask : UINT64_MAX);
        before[k] = n;
        n += ends_of_bits_avx512(mask[k], k * SQI_SCAN_WIDE, end + n);
    }
    return n;
}

AVX512 static uint32_t two_avx512(const char *text, uint32_t steps, char first, char second, uint32_t *end)
{
    const __m512i a = _mm512_set1_epi8(first), b = _mm512_set1_epi8(second);
    uint32_t n = 0;
    for (uint32_t k = 0; k < steps; k++) {
        __m512i bytes = _mm512_loadu_si512(text + (size_t)k * SQI_SCAN_WIDE);
        uint64_t bits = _mm512_cmpeq_epi8_mask(bytes, a) | _mm512_cmpeq_epi8_mask(bytes, b);
        n += ends_of_bits_avx512(bits, k * SQI_SCAN_WIDE, end + n);
    }
    return n;
}

AVX512 static uint32_t count_avx512(const char *text, size_t steps, uint32_t most, size_t *at)
{
    const __m512i lf = _mm512_set1_epi8('\n'), cr = _mm512_set1_epi8('\r');
    uint32_t n = 0, found;
    size_t k = 0;
    for (; k < steps; k++, n += found) {
        const char *step = text + k * SQI_SCAN_WIDE;
        __builtin_prefetch(step + AHEAD, 0, 2);
        __m512i bytes = _mm512_loadu_si512(step);
        found = (uint32_t)__builtin_popcountll(_mm512_cmpeq_epi8_mask(bytes, lf));
        if (__builtin_expect((found >= most - n) | (_mm512_cmpeq_epi8_mask(bytes, cr) != 0), 0))
            break;
    }
    *at = k * SQI_SCAN_WIDE;
    return n;
}

static bool have_avx512(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2");
}
#endif

static uint32_t count(const char *text, size_t steps, uint32_t most, size_t *at)
{
#ifdef WITH_AVX512
    if (have_avx512())
        return count_avx512(text, steps, most, at);
#endif
    return count_anywhere(text, steps, most, at);
}

uint32_t sqi_scan_lines(const char *text, size_t len, uint32_t most, size_t *bytes)
{
    char last[SQI_SCAN_WIDE] = {0};
    size_t at;
    uint32_t n = count(text, len / SQI_SCAN_WIDE, most, &at);
    memcpy(last, text + at, len - at < SQI_SCAN_WIDE ? len - at : SQI_SCAN_WIDE);
    uint64_t lf = sqi_scan_hits64(last, sqi_scan_byte_of('\n')), cr = sqi_scan_hits64(last, sqi_scan_byte_of('\r'));
    if (cr)
        lf &= (cr & -cr) - 1;
    uint32_t found = sqi_scan_count(lf);
    for (; found > most - n; found--)
        lf &= ~(UINT64_C(1) << (63 - __builtin_clzll(lf)));
    *bytes = n ? at : 0;
    if (lf)
        *bytes = at + SQI_SCAN_WIDE - (size_t)__builtin_clzll(lf);
    else
        while (*bytes && text[*bytes - 1] != '\n')
            --*bytes;
    return n + found;
}

uint32_t sqi_scan_ends_two(const char *text, uint32_t steps, char first, char second, uint32_t *end)
{
#ifdef WITH_AVX512
    if (have_avx512())
        return two_avx512(text, steps, first, second, end);
#endif
    return two_anywhere(text, steps, first, second, end);
}

uint32_t sqi_scan_ends(const char *text, uint32_t steps, char byte, uint64_t last_mask, uint64_t *mask,
                       uint32_t *before, uint32_t *end)
{
#ifdef WITH_AVX512
    if (have_avx512())
        return ends_avx512(text, steps, byte, last_mask, mask, before, end);
#endif
    return ends_anywhere(text, steps, byte, last_mask, mask, before, end);
}
