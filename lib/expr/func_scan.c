/*
 * func_scan: the vector scan for one byte and the fast writing of string views.
 *
 * A view of a short piece is made from one 16-byte load and a mask, without a call to memcpy: near the end of the line
 * the load is moved back so that it never leaves it. That needs little-endian order; elsewhere sqi_str_view does it.
 */
#include "func_scan.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#endif

/* Bit k is set where ptr[k] == byte, for 64 bytes. */
static inline uint64_t hits64(const char *ptr, char byte)
{
#if defined(__SSE2__)
    const __m128i what = _mm_set1_epi8(byte);
    uint64_t bits = 0;
    for (int k = 0; k < 4; k++) {
        __m128i have = _mm_loadu_si128((const __m128i *)(const void *)(ptr + 16 * k));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(have, what)) << (16 * k);
    }
    return bits;
#elif defined(__aarch64__) && defined(__ARM_NEON)
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t what = vdupq_n_u8((uint8_t)byte), weight = vld1q_u8(weights);
    uint8x16_t hit[4];
    for (int k = 0; k < 4; k++)
        hit[k] = vandq_u8(vceqq_u8(vld1q_u8((const uint8_t *)ptr + 16 * k), what), weight);
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(hit[0], hit[1]), vpaddq_u8(hit[2], hit[3]));
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
#else
    uint64_t bits = 0;
    for (int k = 0; k < 64; k++)
        bits |= (uint64_t)(ptr[k] == byte) << k;
    return bits;
#endif
}

/* The same for the last, shorter block. */
static inline uint64_t hits_tail(const char *ptr, size_t len, char byte)
{
    char block[64];
    memcpy(block, ptr, len);
    memset(block + len, byte, sizeof block - len);
    return hits64(block, byte) & ((UINT64_C(1) << len) - 1);
}

size_t sqi_scan_count(const char *ptr, size_t len, char byte)
{
    size_t count = 0, i = 0;
    for (; i + 64 <= len; i += 64)
        count += (size_t)__builtin_popcountll(hits64(ptr + i, byte));
    if (i < len)
        count += (size_t)__builtin_popcountll(hits_tail(ptr + i, len - i, byte));
    return count;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* What views are cut from: the line, or a padded copy of a line of less than 16 bytes to load from. */
typedef struct line {
    const char *ptr;
    size_t len;
    char padded[32];
} line;

static inline void line_begin(line *l, const char *ptr, size_t len)
{
    l->ptr = ptr;
    l->len = len;
    if (len < 16) {
        memset(l->padded, 0, sizeof l->padded);
        if (len)
            memcpy(l->padded, ptr, len);
    }
}

/* The 16 bytes at an offset, those beyond the end of any value. */
static inline unsigned __int128 line_load(const line *l, size_t at)
{
    unsigned __int128 x;
    if (l->len < 16) {
        memcpy(&x, l->padded + at, 16);
        return x;
    }
    if (at + 16 <= l->len) {
        memcpy(&x, l->ptr + at, 16);
        return x;
    }
    if (at == l->len)
        return 0;
    memcpy(&x, l->ptr + l->len - 16, 16);
    return x >> (8 * (at + 16 - l->len));
}

static inline void line_cut(const line *l, size_t from, size_t end, sqi_str *to)
{
    size_t len = end - from;
    uint64_t word[2];
    if (len <= SQI_STR_INLINE) {
        unsigned __int128 x = line_load(l, from) & (((unsigned __int128)1 << (8 * len)) - 1);
        word[0] = (uint64_t)len | (uint64_t)x << 32;
        word[1] = (uint64_t)(x >> 32);
    } else {
        const char *p = l->ptr + from;
        uint32_t prefix;
        memcpy(&prefix, p, 4);
        word[0] = (uint64_t)len | (uint64_t)prefix << 32;
        word[1] = (uint64_t)(uintptr_t)p;
    }
    memcpy(to, word, sizeof word);
}
#else
typedef struct line {
    const char *ptr;
} line;

static inline void line_begin(line *l, const char *ptr, size_t len)
{
    (void)len;
    l->ptr = ptr;
}

static inline void line_cut(const line *l, size_t from, size_t end, sqi_str *to)
{
    *to = sqi_str_view(l->ptr + from, (uint32_t)(end - from));
}
#endif

void sqi_scan_split(const char *ptr, size_t len, char byte, sqi_str *to)
{
    line l;
    size_t from = 0;
    line_begin(&l, ptr, len);
    for (size_t at = 0; at < len; at += 64) {
        uint64_t hits = len - at >= 64 ? hits64(ptr + at, byte) : hits_tail(ptr + at, len - at, byte);
        for (; hits; hits &= hits - 1) {
            size_t end = at + (size_t)__builtin_ctzll(hits);
            line_cut(&l, from, end, to++);
            from = end + 1;
        }
    }
    line_cut(&l, from, len, to);
}
