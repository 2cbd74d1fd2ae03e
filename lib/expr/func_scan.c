/*
 * func_scan: the vector scan for one byte and the fast writing of string views.
 *
 * Loads are 16 bytes wide. The one that would leave the line is moved back and its result shifted; a line of less than
 * 16 bytes is copied first. A view of a short piece is made from such a load and a mask, without a call to memcpy,
 * which needs little-endian order; elsewhere sqi_str_view does it.
 */
#include "func_scan.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#define WIDE 16u

typedef struct line {
    const char *ptr;
    size_t len;
    const char *loads; /* where to load from: ptr, or the copy */
    size_t room;       /* bytes that may be read there */
    char padded[2 * WIDE];
} line;

static inline void line_begin(line *l, const char *ptr, size_t len)
{
    l->ptr = l->loads = ptr;
    l->len = l->room = len;
    if (len < WIDE) {
        memset(l->padded, 0, sizeof l->padded);
        for (size_t i = 0; i < len; i++)
            l->padded[i] = ptr[i];
        l->loads = l->padded;
        l->room = sizeof l->padded;
    }
}

/* Bit k is set where ptr[k] == byte, for 16 bytes. */
static inline uint32_t hits16(const char *ptr, char byte)
{
#if defined(__SSE2__)
    __m128i have = _mm_loadu_si128((const __m128i *)(const void *)ptr);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(have, _mm_set1_epi8(byte)));
#elif defined(__aarch64__) && defined(__ARM_NEON)
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t hit = vandq_u8(vceqq_u8(vld1q_u8((const uint8_t *)ptr), vdupq_n_u8((uint8_t)byte)), vld1q_u8(weights));
    return (uint32_t)vaddv_u8(vget_low_u8(hit)) | (uint32_t)vaddv_u8(vget_high_u8(hit)) << 8;
#else
    uint32_t bits = 0;
    for (uint32_t k = 0; k < WIDE; k++)
        bits |= (uint32_t)(ptr[k] == byte) << k;
    return bits;
#endif
}

/* The same for up to 64 bytes of a line from `at` on. */
static inline uint64_t hits64(const line *l, size_t at, char byte)
{
    uint64_t bits = 0;
    for (uint32_t k = 0; k < 64 && at < l->len; k += WIDE, at += WIDE) {
        size_t from = at + WIDE <= l->room ? at : l->room - WIDE;
        uint64_t some = hits16(l->loads + from, byte) >> (at - from);
        size_t left = l->len - at;
        if (left < WIDE)
            some &= (1u << left) - 1;
        bits |= some << k;
    }
    return bits;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* keep[len] masks the first len of 12 bytes. */
#define ONES(n) ((n) >= 8 ? UINT64_MAX : (UINT64_C(1) << (8 * ((n)&7))) - 1)
#define KEEP(n)                            \
    {                                      \
        ONES(n), (n) > 8 ? ONES((n)-8) : 0 \
    }
static const uint64_t keep[SQI_STR_INLINE + 1][2] = {KEEP(0), KEEP(1), KEEP(2), KEEP(3),  KEEP(4),  KEEP(5), KEEP(6),
                                                     KEEP(7), KEEP(8), KEEP(9), KEEP(10), KEEP(11), KEEP(12)};
#undef KEEP
#undef ONES

/* The 16 bytes at an offset; those beyond the end have any value. */
static inline void load16(const line *l, size_t at, uint64_t to[2])
{
    if (at + WIDE <= l->room) {
        memcpy(to, l->loads + at, WIDE);
        return;
    }
    unsigned __int128 x;
    memcpy(&x, l->loads + l->room - WIDE, WIDE);
    x = at < l->len ? x >> (8 * (at + WIDE - l->room)) : 0;
    memcpy(to, &x, WIDE);
}

static inline void cut(const line *l, size_t from, size_t end, sqi_str *to)
{
    size_t len = end - from;
    uint64_t word[2];
    if (len <= SQI_STR_INLINE) {
        load16(l, from, word);
        word[0] &= keep[len][0];
        word[1] = word[0] >> 32 | (word[1] & keep[len][1]) << 32;
        word[0] = (uint64_t)len | word[0] << 32;
    } else {
        const char *p = l->ptr + from;
        uint32_t prefix;
        memcpy(&prefix, p, sizeof prefix);
        word[0] = (uint64_t)len | (uint64_t)prefix << 32;
        word[1] = (uint64_t)(uintptr_t)p;
    }
    memcpy(to, word, sizeof word);
}
#else
static inline void cut(const line *l, size_t from, size_t end, sqi_str *to)
{
    *to = sqi_str_view(l->ptr + from, (uint32_t)(end - from));
}
#endif

size_t sqi_scan_split(const char *ptr, size_t len, char byte, sqi_str *to)
{
    line l;
    size_t from = 0, n = 0;
    line_begin(&l, ptr, len);
    for (size_t at = 0; at < len; at += 64)
        for (uint64_t hits = hits64(&l, at, byte); hits; hits &= hits - 1) {
            size_t end = at + (size_t)__builtin_ctzll(hits);
            cut(&l, from, end, &to[n++]);
            from = end + 1;
        }
    cut(&l, from, len, &to[n++]);
    return n;
}

/* ---- a text in a text ----------------------------------------------------------------------------------------- */

#define NEEDLE_MAX 32u /* longer ones go to the C library, which never compares a byte twice too often */

static size_t find_long(sqi_span in, sqi_span what, size_t from)
{
    const char *p = memmem(in.ptr + from, in.len - from, what.ptr, what.len);
    return p ? (size_t)(p - in.ptr) : SIZE_MAX;
}

/* Places where the first and the last byte of `what` stand at their distance, 16 at a time; few are no hit. The last
   load is moved back, so that it does not leave the text. */
size_t sqi_scan_find(sqi_span in, sqi_span what, size_t from)
{
    if (from > in.len || what.len > in.len - from)
        return SIZE_MAX;
    size_t places = in.len - what.len + 1, last = what.len - 1;
    if (what.len > NEEDLE_MAX)
        return find_long(in, what, from);
    for (; places < WIDE && from < places; from++)
        if (in.ptr[from] == what.ptr[0] && memcmp(in.ptr + from, what.ptr, what.len) == 0)
            return from;
    while (from < places) {
        size_t at = from + WIDE <= places ? from : places - WIDE;
        uint32_t hits = hits16(in.ptr + at, what.ptr[0]) & hits16(in.ptr + at + last, what.ptr[last]);
        hits &= UINT32_MAX << (from - at);
        for (; hits; hits &= hits - 1) {
            size_t k = at + (size_t)__builtin_ctz(hits);
            if (what.len <= 2 || memcmp(in.ptr + k + 1, what.ptr + 1, what.len - 2) == 0)
                return k;
        }
        from = at + WIDE;
    }
    return SIZE_MAX;
}
