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

static uint32_t lines_anywhere(const char *text, uint32_t *steps, uint32_t *end)
{
    sqi_scan_byte lf = sqi_scan_byte_of('\n'), cr = sqi_scan_byte_of('\r');
    uint32_t n = 0;
    for (uint32_t k = 0; k < *steps; k++) {
        const char *at = text + (size_t)k * SQI_SCAN_WIDE;
        if (sqi_scan_hits64(at, cr)) {
            *steps = k;
            break;
        }
        for (uint64_t bits = sqi_scan_hits64(at, lf); bits; bits &= bits - 1)
            end[n++] = k * SQI_SCAN_WIDE + (uint32_t)__builtin_ctzll(bits);
    }
    return n;
}

#ifdef WITH_AVX512
__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt"))) static uint32_t ends_avx512(
    const char *text, uint32_t steps, char byte, uint64_t last_mask, uint64_t *mask, uint32_t *before, uint32_t *end)
{
    static const uint8_t numbers[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i number = _mm512_loadu_si512(numbers), wanted = _mm512_set1_epi8(byte);
    uint32_t n = 0;
    for (uint32_t k = 0; k < steps; k++) {
        uint64_t bits = mask[k] | _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(text + (size_t)k * SQI_SCAN_WIDE), wanted);
        bits &= k + 1 == steps ? last_mask : UINT64_MAX;
        uint32_t found = (uint32_t)__builtin_popcountll(bits);
        __m512i packed = _mm512_maskz_compress_epi8(bits, number);
        __m512i base = _mm512_set1_epi32((int)(k * SQI_SCAN_WIDE));
        _mm512_storeu_si512(end + n, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed)), base));
        if (__builtin_expect(found > 16, 0)) {
            uint8_t all[64];
            _mm512_storeu_si512(all, packed);
            for (uint32_t i = 16; i < found; i++)
                end[n + i] = k * SQI_SCAN_WIDE + all[i];
        }
        mask[k] = bits;
        before[k] = n;
        n += found;
    }
    return n;
}
#endif

#ifdef WITH_AVX512
__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt"))) static uint32_t lines_avx512(const char *text,
                                                                                            uint32_t *steps,
                                                                                            uint32_t *end)
{
    const __m512i lf = _mm512_set1_epi8('\n'), cr = _mm512_set1_epi8('\r');
    uint32_t n = 0;
    for (uint32_t k = 0; k < *steps; k++) {
        __m512i bytes = _mm512_loadu_si512(text + (size_t)k * SQI_SCAN_WIDE);
        if (__builtin_expect(_mm512_cmpeq_epi8_mask(bytes, cr) != 0, 0)) {
            *steps = k;
            break;
        }
        uint64_t bits = _mm512_cmpeq_epi8_mask(bytes, lf), last = UINT64_C(1) << 63;
        uint32_t found = (uint32_t)__builtin_popcountll(bits), base = k * SQI_SCAN_WIDE;
        for (uint32_t i = 0; i < 2; i++, bits &= bits - 1) /* nearly always one or two */
            end[n + i] = base + (uint32_t)__builtin_ctzll(bits | last);
        for (uint32_t i = 2; bits; i++, bits &= bits - 1)
            end[n + i] = base + (uint32_t)__builtin_ctzll(bits);
        n += found;
    }
    return n;
}
#endif

#ifdef WITH_AVX512
static bool have_avx512(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2");
}
#endif

uint32_t sqi_scan_lines(const char *text, uint32_t *steps, uint32_t *end)
{
#ifdef WITH_AVX512
    if (have_avx512())
        return lines_avx512(text, steps, end);
#endif
    return lines_anywhere(text, steps, end);
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
