/*
 * limit_expr: see the header. x86-64 with AVX2 has loops of its own where that is faster; elsewhere the plain ones
 * run, written so that the compiler can turn them into vector code.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "limit_expr.h"

#include <pcre2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_kit.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define HAVE_AVX2 __builtin_cpu_supports("avx2")
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3", "no-trapping-math")
#endif

typedef struct view {
    const char *ptr;
    size_t len;
} view;

/* What is written here must really be written: a reader that the compiler cannot see. */
static void written(const void *to)
{
    __asm__ volatile("" : : "r"(to) : "memory");
}

static void fail(const char *why)
{
    fprintf(stderr, "limit_expr: %s\n", why);
    abort();
}

/* ---- filter and project --------------------------------------------------------------------------------------- */

/* Both results for every row of a block, and the positions of those that are wanted: overflow counts only there. */
#define FILTER_BODY                                                                                    \
    int64_t bad = 0;                                                                                   \
    for (size_t i = 0; i < LIMIT_BLOCK; i++) {                                                         \
        int64_t twice = (int64_t)((uint64_t)b[i] << 1), one = a[i];                                    \
        int64_t r = (int64_t)((uint64_t)one + (uint64_t)twice);                                        \
        int64_t over = (twice ^ b[i]) | ((one ^ r) & (twice ^ r)), keep = (a[i] < 500) & (b[i] > 100); \
        bad |= over & -keep;                                                                           \
        u[i] = r;                                                                                      \
        v[i] = x[i] - y[i];                                                                            \
        yes[i] = (uint8_t)keep;                                                                        \
    }                                                                                                  \
    return bad >= 0

#define FILTER_ARGS                                                                                           \
    const int32_t *restrict a, const int64_t *restrict b, const double *restrict x, const double *restrict y, \
        int64_t *restrict u, double *restrict v, uint8_t *restrict yes

static bool filter_plain(FILTER_ARGS)
{
    FILTER_BODY;
}

static size_t select_plain(const uint8_t *restrict yes, uint32_t *restrict sel)
{
    size_t m = 0;
    for (uint32_t i = 0; i < LIMIT_BLOCK; i++) {
        sel[m] = i;
        m += yes[i];
    }
    return m;
}

#ifdef HAVE_AVX2
AVX2 static bool filter_avx2(FILTER_ARGS)
{
    FILTER_BODY;
}

/* The positions of the set bits, eight at a time, the numbers of their bytes spread out to 32 bits. */
AVX2 static size_t select_avx2(const uint8_t *restrict yes, uint32_t *restrict sel)
{
    size_t m = 0;
    for (uint32_t i = 0; i < LIMIT_BLOCK; i += 8) {
        uint64_t some;
        memcpy(&some, yes + i, 8);
        uint64_t numbers = _pext_u64(UINT64_C(0x0706050403020100), some * 0xff);
        __m256i at = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)numbers));
        _mm256_storeu_si256((__m256i *)(void *)(sel + m), _mm256_add_epi32(at, _mm256_set1_epi32((int)i)));
        m += (size_t)__builtin_popcountll(some);
    }
    return m;
}
#endif

uint64_t limit_filter_project(const limit_numbers *in, size_t rows)
{
    static int64_t u[LIMIT_BLOCK];
    static double v[LIMIT_BLOCK];
    static uint8_t yes[LIMIT_BLOCK];
    static uint32_t sel[LIMIT_BLOCK + 8];
    uint64_t kept = 0;
    for (size_t at = 0; at < rows; at += LIMIT_BLOCK) {
        bool ok;
#ifdef HAVE_AVX2
        if (HAVE_AVX2) {
            ok = filter_avx2(in->a + at, in->b + at, in->x + at, in->y + at, u, v, yes);
            kept += select_avx2(yes, sel);
        } else
#endif
        {
            ok = filter_plain(in->a + at, in->b + at, in->x + at, in->y + at, u, v, yes);
            kept += select_plain(yes, sel);
        }
        if (!ok)
            fail("overflow");
        written(u);
        written(v);
        written(sel);
    }
    return kept;
}

/* ---- split ---------------------------------------------------------------------------------------------------- */

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t split_row(const char *p, size_t len, view *to)
{
    size_t n = 0, from = 0;
    for (size_t i = 0; i < len; i++)
        if (is_space(p[i])) {
            to[n++] = (view){p + from, i - from};
            while (i + 1 < len && is_space(p[i + 1]))
                i++;
            from = i + 1;
        }
    to[n++] = (view){p + from, len - from};
    return n;
}

#ifdef HAVE_AVX2
AVX2 static inline uint32_t spaces32(const char *p)
{
    __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i control = _mm256_add_epi8(v, _mm256_set1_epi8(127 - 13)); /* \t to \r: the five greatest */
    __m256i hit = _mm256_or_si256(_mm256_cmpgt_epi8(control, _mm256_set1_epi8(127 - 5)),
                                  _mm256_cmpeq_epi8(v, _mm256_set1_epi8(' ')));
    return (uint32_t)_mm256_movemask_epi8(hit);
}

/* The places where spaces begin and end, up to 64 bytes at a time. */
AVX2 static size_t split_row_avx2(const char *p, size_t len, view *to)
{
    size_t n = 0, from = 0, at = 0;
    uint64_t before = 0;
    bool inside = false;
    do {
        uint64_t bits = spaces32(p + at);
        if (len - at > 32)
            bits |= (uint64_t)spaces32(p + at + 32) << 32;
        uint64_t edges = bits ^ (bits << 1 | before);
        edges = _bzhi_u64(edges, (unsigned)(len - at < 64 ? len - at : 64));
        for (; edges; edges &= edges - 1) {
            size_t edge = at + (size_t)__builtin_ctzll(edges);
            if (!inside)
                to[n++] = (view){p + from, edge - from};
            from = edge;
            inside = !inside;
        }
        before = bits >> 63;
        at += 64;
    } while (at < len);
    if (inside)
        from = len;
    to[n++] = (view){p + from, len - from};
    return n;
}

AVX2 static size_t split_block_avx2(const limit_text *in, size_t at, view *to, uint32_t *list)
{
    size_t n = 0;
    for (size_t i = 0; i < LIMIT_BLOCK; i++) {
        int32_t begin = in->offset[at + i];
        n += split_row_avx2(in->bytes + begin, (size_t)(in->offset[at + i + 1] - begin), to + n);
        list[i] = (uint32_t)n;
    }
    return n;
}
#endif

static size_t split_block(const limit_text *in, size_t at, view *to, uint32_t *list)
{
    size_t n = 0;
    for (size_t i = 0; i < LIMIT_BLOCK; i++) {
        int32_t begin = in->offset[at + i];
        n += split_row(in->bytes + begin, (size_t)(in->offset[at + i + 1] - begin), to + n);
        list[i] = (uint32_t)n;
    }
    return n;
}

uint64_t limit_split(const limit_text *in, size_t rows)
{
    static view pieces[LIMIT_BLOCK * 128];
    static uint32_t list[LIMIT_BLOCK];
    uint64_t n = 0;
    for (size_t at = 0; at < rows; at += LIMIT_BLOCK) {
#ifdef HAVE_AVX2
        if (HAVE_AVX2)
            n += split_block_avx2(in, at, pieces, list);
        else
#endif
            n += split_block(in, at, pieces, list);
        written(pieces);
        written(list);
    }
    return n;
}

/* ---- lower(trim) ---------------------------------------------------------------------------------------------- */

static size_t trim(const char **p, size_t len)
{
    while (len && **p == ' ') {
        ++*p;
        --len;
    }
    while (len && (*p)[len - 1] == ' ')
        --len;
    return len;
}

static char *lower_plain(const char *p, size_t len, char *to)
{
    char any = 0;
    for (size_t i = 0; i < len; i++) {
        any |= p[i];
        to[i] = (char)(p[i] ^ ((unsigned char)(p[i] - 'A') < 26 ? 0x20 : 0));
    }
    if (any & 0x80)
        fail("not ASCII");
    return to + len;
}

#ifdef HAVE_AVX2
AVX2 static inline char *lower_avx2(const char *p, size_t len, char *to)
{
    for (size_t i = 0; i < len; i += 32) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(p + i));
        __m256i letter = _mm256_cmpgt_epi8(_mm256_add_epi8(v, _mm256_set1_epi8(127 - 'Z')), _mm256_set1_epi8(127 - 26));
        uint32_t high = (uint32_t)_mm256_movemask_epi8(v);
        if (_bzhi_u32(high, (unsigned)(len - i < 32 ? len - i : 32)))
            fail("not ASCII");
        v = _mm256_xor_si256(v, _mm256_and_si256(letter, _mm256_set1_epi8(0x20)));
        _mm256_storeu_si256((__m256i *)(void *)(to + i), v);
    }
    return to + len;
}

/* Up to 64 bytes: the first and the last that is no space. */
AVX2 static inline size_t trim_avx2(const char **p, size_t len)
{
    const __m256i space = _mm256_set1_epi8(' '), *from = (const __m256i *)(const void *)*p;
    uint64_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(from), space));
    uint64_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(from + 1), space));
    uint64_t solid = _bzhi_u64(~(low | high << 32), (unsigned)len);
    if (len > 64)
        return trim(p, len);
    if (!solid)
        return 0;
    size_t first = (size_t)__builtin_ctzll(solid), end = 64 - (size_t)__builtin_clzll(solid);
    *p += first;
    return end - first;
}

AVX2 static char *lower_block_avx2(const limit_text *in, size_t at, char *to, uint32_t *end)
{
    char *begin = to;
    for (size_t i = 0; i < LIMIT_BLOCK; i++) {
        const char *p = in->bytes + in->offset[at + i];
        size_t len = trim_avx2(&p, (size_t)(in->offset[at + i + 1] - in->offset[at + i]));
        to = lower_avx2(p, len, to);
        end[i] = (uint32_t)(to - begin);
    }
    return to;
}
#endif

static char *lower_block(const limit_text *in, size_t at, char *to, uint32_t *end)
{
    char *begin = to;
    for (size_t i = 0; i < LIMIT_BLOCK; i++) {
        const char *p = in->bytes + in->offset[at + i];
        size_t len = trim(&p, (size_t)(in->offset[at + i + 1] - in->offset[at + i]));
        to = lower_plain(p, len, to);
        end[i] = (uint32_t)(to - begin);
    }
    return to;
}

uint64_t limit_lower_trim(const limit_text *in, size_t rows)
{
    static char bytes[LIMIT_BLOCK * 128 + LIMIT_SLACK];
    static uint32_t end[LIMIT_BLOCK];
    uint64_t n = 0;
    for (size_t at = 0; at < rows; at += LIMIT_BLOCK) {
#ifdef HAVE_AVX2
        if (HAVE_AVX2)
            n += (uint64_t)(lower_block_avx2(in, at, bytes, end) - bytes);
        else
#endif
            n += (uint64_t)(lower_block(in, at, bytes, end) - bytes);
        written(bytes);
        written(end);
    }
    return n;
}

/* ---- LIKE ----------------------------------------------------------------------------------------------------- */

uint64_t limit_like_prefix(const limit_text *in, size_t rows)
{
    static uint8_t yes[LIMIT_BLOCK];
    uint64_t n = 0;
    for (size_t at = 0; at < rows; at += LIMIT_BLOCK) {
        const int32_t *offset = in->offset + at;
        for (size_t i = 0; i < LIMIT_BLOCK; i++) {
            yes[i] = (uint8_t)((offset[i + 1] > offset[i]) & (in->bytes[offset[i]] == '#'));
            n += yes[i];
        }
        written(yes);
    }
    return n;
}

static bool contains_plain(const char *p, size_t len)
{
    for (size_t i = 0; i + 5 <= len; i++)
        if (p[i] == 'e' && memcmp(p + i, "error", 5) == 0)
            return true;
    return false;
}

#ifdef HAVE_AVX2
/* Places where the first and the last letter stand at their distance are looked at. */
AVX2 static inline bool contains_avx2(const char *p, size_t len)
{
    if (len < 5)
        return false;
    for (size_t at = 0, places = len - 4; at < places; at += 32) {
        __m256i first = _mm256_loadu_si256((const __m256i *)(const void *)(p + at));
        __m256i last = _mm256_loadu_si256((const __m256i *)(const void *)(p + at + 4));
        uint32_t hits = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(
            _mm256_cmpeq_epi8(first, _mm256_set1_epi8('e')), _mm256_cmpeq_epi8(last, _mm256_set1_epi8('r'))));
        hits = _bzhi_u32(hits, (unsigned)(places - at < 32 ? places - at : 32));
        for (; hits; hits &= hits - 1)
            if (memcmp(p + at + __builtin_ctz(hits), "error", 5) == 0)
                return true;
    }
    return false;
}

AVX2 static uint64_t contains_block_avx2(const limit_text *in, size_t at, uint8_t *yes)
{
    uint64_t n = 0;
    for (size_t i = at; i < at + LIMIT_BLOCK; i++)
        n += yes[i - at] = contains_avx2(in->bytes + in->offset[i], (size_t)(in->offset[i + 1] - in->offset[i]));
    return n;
}
#endif

uint64_t limit_like_contains(const limit_text *in, size_t rows)
{
    static uint8_t yes[LIMIT_BLOCK];
    uint64_t n = 0;
    for (size_t at = 0; at < rows; at += LIMIT_BLOCK) {
#ifdef HAVE_AVX2
        if (HAVE_AVX2)
            n += contains_block_avx2(in, at, yes);
        else
#endif
            for (size_t i = at; i < at + LIMIT_BLOCK; i++)
                n += yes[i - at] =
                    contains_plain(in->bytes + in->offset[i], (size_t)(in->offset[i + 1] - in->offset[i]));
        written(yes);
    }
    return n;
}

/* ---- regexp_extract ------------------------------------------------------------------------------------------- */

uint64_t limit_regexp_extract(const limit_text *in, size_t rows)
{
    static pcre2_code *code;
    static pcre2_match_data *match;
    static view out[LIMIT_BLOCK];
    static const char pattern[] = "status=([0-9]+)";
    uint64_t n = 0;
    if (!code) {
        int error;
        PCRE2_SIZE place;
        code = bench_must(pcre2_compile((PCRE2_SPTR)pattern, sizeof pattern - 1, PCRE2_UTF, &error, &place, NULL));
        match = bench_must(pcre2_match_data_create_from_pattern(code, NULL));
        if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0)
            fail("PCRE2 has no JIT");
    }
    const PCRE2_SIZE *group = pcre2_get_ovector_pointer(match);
    for (size_t at = 0; at < rows; at += LIMIT_BLOCK) {
        for (size_t i = at; i < at + LIMIT_BLOCK; i++) {
            const char *p = in->bytes + in->offset[i];
            int found =
                pcre2_jit_match(code, (PCRE2_SPTR)p, (size_t)(in->offset[i + 1] - in->offset[i]), 0, 0, match, NULL);
            view v = {p, 0};
            if (found > 1)
                v = (view){p + group[2], group[3] - group[2]};
            out[i - at] = v;
            n += v.len;
        }
        written(out);
    }
    return n;
}

/* ---- CASE ----------------------------------------------------------------------------------------------------- */

uint64_t limit_case_text(const limit_numbers *in, size_t rows)
{
    static const view words[3] = {{"low", 3}, {"middle", 6}, {"high", 4}};
    static view out[LIMIT_BLOCK];
    uint64_t n = 0;
    for (size_t at = 0; at < rows; at += LIMIT_BLOCK) {
        for (size_t i = 0; i < LIMIT_BLOCK; i++) {
            int32_t a = in->a[at + i];
            out[i] = words[(a >= 250) + (a >= 500)];
            n += out[i].len;
        }
        written(out);
    }
    return n;
}

#define CASE_BODY                                                                                                   \
    int64_t bad = 0, sum = 0;                                                                                       \
    for (size_t i = 0; i < LIMIT_BLOCK; i++) {                                                                      \
        int64_t twice = (int64_t)((uint64_t)b[i] << 1), more = (int64_t)((uint64_t)b[i] + 7);                       \
        int64_t first = -(int64_t)(a[i] < 250), second = -(int64_t)(a[i] < 500) & ~first, rest = ~(first | second); \
        bad |= ((twice ^ b[i]) & second) | (((b[i] ^ more) & more) & ~b[i] & rest);                                 \
        out[i] = (b[i] & first) | (twice & second) | (more & rest);                                                 \
        sum += out[i];                                                                                              \
    }                                                                                                               \
    *total += (uint64_t)sum;                                                                                        \
    return bad >= 0

static bool case_plain(const int32_t *restrict a, const int64_t *restrict b, int64_t *restrict out, uint64_t *total)
{
    CASE_BODY;
}

#ifdef HAVE_AVX2
AVX2 static bool case_avx2(const int32_t *restrict a, const int64_t *restrict b, int64_t *restrict out, uint64_t *total)
{
    CASE_BODY;
}
#endif

uint64_t limit_case_number(const limit_numbers *in, size_t rows)
{
    static int64_t out[LIMIT_BLOCK];
    uint64_t total = 0;
    for (size_t at = 0; at < rows; at += LIMIT_BLOCK) {
        bool ok;
#ifdef HAVE_AVX2
        if (HAVE_AVX2)
            ok = case_avx2(in->a + at, in->b + at, out, &total);
        else
#endif
            ok = case_plain(in->a + at, in->b + at, out, &total);
        if (!ok)
            fail("overflow");
        written(out);
    }
    return total;
}

/* ---- CAST(text AS INT) ---------------------------------------------------------------------------------------- */

/* Eight digits in one word, the first in its lowest byte. */
static uint32_t eight_digits(uint64_t w)
{
    w = (w & UINT64_C(0x0f0f0f0f0f0f0f0f)) * 2561 >> 8;
    w = (w & UINT64_C(0x00ff00ff00ff00ff)) * 6553601 >> 16;
    return (uint32_t)((w & UINT64_C(0x0000ffff0000ffff)) * UINT64_C(42949672960001) >> 32);
}

static bool all_digits(uint64_t w)
{
    return ((w & UINT64_C(0xf0f0f0f0f0f0f0f0)) |
            ((w + UINT64_C(0x0606060606060606)) & UINT64_C(0xf0f0f0f0f0f0f0f0)) >> 4) == UINT64_C(0x3333333333333333);
}

/* A sign and up to 16 digits; bytes before the number may be read. Spaces around it are left to nobody: there are
   none in the data, and finding that out is part of the check of the digits. */
static bool read_int(const char *p, size_t len, int64_t *out)
{
    bool minus = len && *p == '-';
    size_t sign = minus || (len && *p == '+');
    uint64_t high = UINT64_C(0x3030303030303030), low;
    p += sign;
    len -= sign;
    if (len == 0 || len > 16)
        return false;
    memcpy(&low, p + len - 8, 8); /* the last eight, what stands before the number cut off */
    if (len < 8) {
        low = low >> (64 - 8 * len) << (64 - 8 * len) | (UINT64_C(0x3030303030303030) >> 8 * len);
    } else if (len > 8) {
        size_t more = len - 8;
        memcpy(&high, p + more - 8, 8);
        if (more < 8)
            high = high >> (64 - 8 * more) << (64 - 8 * more) | (UINT64_C(0x3030303030303030) >> 8 * more);
    }
    if (!all_digits(low) || !all_digits(high))
        return false;
    int64_t v = (int64_t)eight_digits(high) * 100000000 + eight_digits(low);
    *out = minus ? -v : v;
    return *out >= INT32_MIN && *out <= INT32_MAX;
}

#ifdef HAVE_AVX2
/* The same with the last 16 bytes in one vector: neighbours join to pairs, fours and eights. */
AVX2 static inline bool read_int_avx2(const char *p, size_t len, int64_t *out)
{
    size_t minus = len && *p == '-', sign = len && (*p == '-' || *p == '+'), digits = len - sign;
    const __m128i number = _mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + len - 16));
    v = _mm_and_si128(_mm_sub_epi8(v, _mm_set1_epi8('0')), _mm_cmpgt_epi8(_mm_set1_epi8((char)digits), number));
    bool bad = !_mm_test_all_zeros(_mm_subs_epu8(v, _mm_set1_epi8(9)), _mm_set1_epi8(-1));
    v = _mm_maddubs_epi16(v, _mm_set1_epi16(0x010a));
    v = _mm_madd_epi16(v, _mm_set1_epi32(0x00010064));
    v = _mm_madd_epi16(_mm_packus_epi32(v, v), _mm_set1_epi32(0x00012710));
    uint64_t both = (uint64_t)_mm_cvtsi128_si64(v);
    int64_t x = (int64_t)((both & UINT32_MAX) * 100000000 + (both >> 32));
    *out = (x ^ -(int64_t)minus) + (int64_t)minus;
    return !(bad | (digits - 1 > 15) | (*out != (int32_t)*out));
}

AVX2 static uint64_t cast_block_avx2(const limit_text *in, size_t at, int32_t *out)
{
    uint64_t sum = 0;
    for (size_t i = at; i < at + LIMIT_BLOCK; i++) {
        int64_t v = 0;
        if (!read_int_avx2(in->bytes + in->offset[i], (size_t)(in->offset[i + 1] - in->offset[i]), &v))
            fail("malformed number");
        out[i - at] = (int32_t)v;
        sum += (uint64_t)v;
    }
    return sum;
}
#endif

uint64_t limit_cast_int(const limit_text *in, size_t rows)
{
    static int32_t out[LIMIT_BLOCK];
    uint64_t sum = 0;
    for (size_t at = 0; at < rows; at += LIMIT_BLOCK) {
#ifdef HAVE_AVX2
        if (HAVE_AVX2) {
            sum += cast_block_avx2(in, at, out);
            written(out);
            continue;
        }
#endif
        for (size_t i = at; i < at + LIMIT_BLOCK; i++) {
            int64_t v = 0;
            if (!read_int(in->bytes + in->offset[i], (size_t)(in->offset[i + 1] - in->offset[i]), &v))
                fail("malformed number");
            out[i - at] = (int32_t)v;
            sum += (uint64_t)v;
        }
        written(out);
    }
    return sum;
}

/* ---- concat --------------------------------------------------------------------------------------------------- */

/* Whole words of 32 bytes: what is too much is written over by the next. */
static inline char *append(char *to, const char *p, size_t len)
{
    memcpy(to, p, 32);
    for (size_t i = 32; i < len; i += 32)
        memcpy(to + i, p + i, 32);
    return to + len;
}

#define CONCAT_BODY                                                                                  \
    char *begin = to;                                                                                \
    for (size_t i = at; i < at + LIMIT_BLOCK; i++) {                                                 \
        to = append(to, one->bytes + one->offset[i], (size_t)(one->offset[i + 1] - one->offset[i])); \
        *to++ = ':';                                                                                 \
        to = append(to, two->bytes + two->offset[i], (size_t)(two->offset[i + 1] - two->offset[i])); \
        end[i - at] = (uint32_t)(to - begin);                                                        \
    }                                                                                                \
    return (uint64_t)(to - begin)

static uint64_t concat_plain(const limit_text *one, const limit_text *two, size_t at, char *to, uint32_t *end)
{
    CONCAT_BODY;
}

#ifdef HAVE_AVX2
AVX2 static uint64_t concat_avx2(const limit_text *one, const limit_text *two, size_t at, char *to, uint32_t *end)
{
    CONCAT_BODY;
}
#endif

uint64_t limit_concat(const limit_text *one, const limit_text *two, size_t rows)
{
    static char bytes[LIMIT_BLOCK * 256 + LIMIT_SLACK];
    static uint32_t end[LIMIT_BLOCK];
    uint64_t n = 0;
    for (size_t at = 0; at < rows; at += LIMIT_BLOCK) {
#ifdef HAVE_AVX2
        if (HAVE_AVX2)
            n += concat_avx2(one, two, at, bytes, end);
        else
#endif
            n += concat_plain(one, two, at, bytes, end);
        written(bytes);
        written(end);
    }
    return n;
}
