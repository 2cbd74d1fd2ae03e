/*
 * func_split_class: see the header. 64 bytes of a line become a mask with a bit for each character of the class; with
 * repetition the places where its bits change are where pieces end and begin.
 *
 * Reading the pattern is careful rather than clever: what is not surely such a class is left to the regular
 * expressions.
 */
#include "func_split_class.h"

#include "base_scan.h"
#include "func_view.h"

/* ---- the pattern ---------------------------------------------------------------------------------------------- */

static bool add(sqi_split_class *c, char least, char most)
{
    if (c->n == SQI_SPLIT_RANGES || most < least)
        return false;
    memset(c->least[c->n], least, sizeof c->least[0]);
    memset(c->more[c->n++], most - least, sizeof c->more[0]);
    return true;
}

/* What stands behind a backslash; *one: the character, if it is a single one. */
static bool add_escape(sqi_split_class *c, char escape, char *one)
{
    *one = 0;
    switch (escape) {
    case 's':
        return add(c, '\t', '\r') && add(c, ' ', ' ');
    case 'd':
        return add(c, '0', '9');
    case 't':
        return add(c, *one = '\t', '\t');
    case 'n':
        return add(c, *one = '\n', '\n');
    case 'r':
        return add(c, *one = '\r', '\r');
    default: /* a letter or a digit means something else */
        *one = escape;
        return escape > ' ' && escape < 127 && !strchr("0123456789", escape) &&
               !((escape | 32) >= 'a' && (escape | 32) <= 'z') && add(c, escape, escape);
    }
}

/* The inside of brackets, from *i on; behind the closing one. No negation, no set in a set, no intersection. */
static bool read_set(sqi_split_class *c, sqi_span p, size_t *i)
{
    for (size_t begin = *i; *i < p.len && p.ptr[*i] != ']'; ++*i) {
        char x = p.ptr[*i], one = x;
        if (x == '[' || x == '&' || x == '^' || x <= 0 || x == 127 ||
            (x == '-' && *i > begin && *i + 1 < p.len && p.ptr[*i + 1] != ']'))
            return false;
        if (x == '\\') {
            if (++*i == p.len || !add_escape(c, p.ptr[*i], &one))
                return false;
        } else if (!add(c, x, x)) {
            return false;
        }
        if (*i + 2 < p.len && p.ptr[*i + 1] == '-' && p.ptr[*i + 2] != ']') { /* a range */
            char most = p.ptr[*i + 2];
            if (!one || most == '\\' || most == '[' || most == '&' || most < one || most == 127)
                return false;
            memset(c->more[c->n - 1], most - one, sizeof c->more[0]);
            *i += 2;
        }
    }
    return *i < p.len && c->n > 0 && ++*i;
}

bool sqi_split_class_read(sqi_split_class *c, sqi_span pattern)
{
    size_t i = 1;
    char one;
    *c = (sqi_split_class){0};
    if (pattern.len < 1)
        return false;
    if (pattern.ptr[0] == '[') {
        if (!read_set(c, pattern, &i))
            return false;
    } else if (pattern.ptr[0] == '\\') {
        if (pattern.len < 2 || !add_escape(c, pattern.ptr[i++], &one))
            return false;
    } else if (pattern.ptr[0] <= 0 || strchr(".$|()[]{}^?*+#&\\", pattern.ptr[0]) ||
               !add(c, pattern.ptr[0], pattern.ptr[0])) {
        return false;
    }
    if (i == pattern.len)
        return true;
    c->repeated = pattern.ptr[i] == '+';
    return c->repeated && i + 1 == pattern.len;
}

/* ---- the line ------------------------------------------------------------------------------------------------- */

#define WIDE 16u /* bytes of a load */
#define INLINE static inline __attribute__((always_inline))

/* Bit k: ptr[k] is in the class, for 16 bytes; *high becomes other than 0 if one of them is above 127. */
INLINE uint64_t members16(const sqi_split_class *c, uint32_t n, const char *ptr, uint32_t *high)
{
#if defined(SQI_SCAN_SSE2)
    __m128i have = _mm_loadu_si128((const __m128i *)(const void *)ptr), hit = _mm_setzero_si128();
    for (uint32_t r = 0; r < n; r++) {
        __m128i above = _mm_sub_epi8(have, _mm_loadu_si128((const __m128i *)(const void *)c->least[r]));
        above = _mm_subs_epu8(above, _mm_loadu_si128((const __m128i *)(const void *)c->more[r]));
        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(above, _mm_setzero_si128()));
    }
    *high |= (uint32_t)_mm_movemask_epi8(have);
    return (uint32_t)_mm_movemask_epi8(hit);
#elif defined(SQI_SCAN_NEON)
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t have = vld1q_u8((const uint8_t *)ptr), hit = vdupq_n_u8(0);
    for (uint32_t r = 0; r < n; r++)
        hit = vorrq_u8(hit, vcleq_u8(vsubq_u8(have, vld1q_u8(c->least[r])), vld1q_u8(c->more[r])));
    hit = vandq_u8(hit, vld1q_u8(weights));
    *high |= vmaxvq_u8(have) >> 7;
    return (uint32_t)vaddv_u8(vget_low_u8(hit)) | (uint32_t)vaddv_u8(vget_high_u8(hit)) << 8;
#else
    uint32_t bits = 0;
    for (uint32_t k = 0; k < WIDE; k++) {
        uint8_t x = (uint8_t)ptr[k];
        for (uint32_t r = 0; r < n; r++)
            bits |= (uint32_t)((uint8_t)(x - c->least[r][0]) <= c->more[r][0]) << k;
        *high |= x >> 7;
    }
    return bits;
#endif
}

typedef struct line {
    const char *ptr, *loads; /* the text, and where to load from: it, or a copy with room behind */
    size_t len, room;
    bool wide; /* there is room for whatever is loaded */
} line;

/* The same for up to 64 bytes from `at` on: always four loads, without a jump on the length. One that would leave the
   line is moved back and its result shifted. */
INLINE uint64_t members64(const sqi_split_class *c, uint32_t n, const line *l, size_t at, uint32_t *high)
{
    uint64_t bits = 0;
    size_t left = l->len - at, last = l->room - WIDE;
#pragma GCC unroll 4
    for (uint32_t k = 0; k < 64; k += WIDE) {
        if (l->wide) {
            bits |= members16(c, n, l->loads + at + k, high) << k;
        } else {
            size_t from = at + k < last ? at + k : last, back = at + k - from;
            bits |= (members16(c, n, l->loads + from, high) >> (back & 63)) << k;
        }
    }
    return left < 64 ? bits & ((UINT64_C(1) << left) - 1) : bits;
}

INLINE void piece(const line *l, size_t from, size_t end, sqi_str *to)
{
#ifdef SQI_VIEW_FAST
    if (l->wide)
        sqi_view_cut(l->ptr + from, end - from, to);
    else
        *to = sqi_view_in(l->loads, l->room, from, end - from, l->ptr);
#else
    *to = sqi_str_view(l->ptr + from, (uint32_t)(end - from));
#endif
}

/* Every member is a match. */
INLINE size_t cut_single(const sqi_split_class *c, uint32_t n, const line *l, sqi_str *to, uint32_t *high)
{
    size_t from = 0, count = 0;
    for (size_t at = 0; at < l->len; at += 64)
        for (uint64_t bits = members64(c, n, l, at, high); bits; bits &= bits - 1) {
            size_t end = at + (size_t)__builtin_ctzll(bits);
            piece(l, from, end, &to[count++]);
            from = end + 1;
        }
    piece(l, from, l->len, &to[count++]);
    return count;
}

/* A run of members is a match: pieces end where one begins, and begin where it ends. */
INLINE size_t cut_runs(const sqi_split_class *c, uint32_t n, const line *l, sqi_str *to, uint32_t *high)
{
    size_t from = 0, count = 0;
    uint64_t inside = 0; /* 1: the byte before these is a member */
    for (size_t at = 0; at < l->len; at += 64) {
        uint64_t bits = members64(c, n, l, at, high), shifted = bits << 1 | inside;
        uint64_t ends = bits & ~shifted, begins = ~bits & shifted;
        if (inside) { /* a run that goes on in these bytes */
            from = at + (begins ? (size_t)__builtin_ctzll(begins) : 64);
            begins &= begins - 1;
        }
        inside = bits >> 63;
        for (; ends; ends &= ends - 1, begins &= begins - 1) {
            piece(l, from, at + (size_t)__builtin_ctzll(ends), &to[count++]);
            from = at + (begins ? (size_t)__builtin_ctzll(begins) : 64);
        }
    }
    from = from < l->len ? from : l->len;
    piece(l, from, l->len, &to[count++]);
    return count;
}

/* Less than 16 bytes, without a call. */
static inline void copy_short(char *to, const char *from, size_t len)
{
    if (len >= 8) {
        memcpy(to, from, 8);
        memcpy(to + len - 8, from + len - 8, 8);
        return;
    }
    for (size_t i = 0; i < len; i++)
        to[i] = from[i];
}

static size_t cut_carefully(const sqi_split_class *c, sqi_span s, sqi_str *to, uint32_t *high)
{
    char padded[2 * WIDE];
    line l = {.ptr = s.ptr, .loads = s.ptr, .len = s.len, .room = s.len};
    if (s.len < WIDE) {
        memset(padded, 0, sizeof padded);
        copy_short(padded, s.ptr, s.len);
        l.loads = padded;
        l.room = sizeof padded;
    }
    return c->repeated ? cut_runs(c, c->n, &l, to, high) : cut_single(c, c->n, &l, to, high);
}

size_t sqi_split_class_cut(const sqi_split_class *c, sqi_span s, bool wide, sqi_str *to, bool *ascii)
{
    uint32_t high = 0;
    size_t count;
    const line l = {.ptr = s.ptr, .loads = s.ptr, .len = s.len, .room = s.len, .wide = true};
    if (!wide)
        count = cut_carefully(c, s, to, &high);
    else if (c->repeated && c->n == 2) /* \s+ */
        count = cut_runs(c, 2, &l, to, &high);
    else
        count = c->repeated ? cut_runs(c, c->n, &l, to, &high) : cut_single(c, c->n, &l, to, &high);
    *ascii = !high;
    return count;
}
