/*
 * func_case: case mapping. ASCII text, nearly all of it, is one loop the compiler turns into vector code; for the rest
 * utf8proc has the one-to-one mappings and the tables here have what Unicode's SpecialCasing adds to them.
 *
 * Languages with rules of their own (Turkish, Lithuanian) are left out: results do not depend on a locale.
 */
#include "func_case.h"

#include <stdbool.h>
#include <utf8proc.h>

#include "func_utf8.h"
#include "func_view.h"
#include "func_view_wide.h"

typedef struct special {
    uint16_t code, to[3]; /* unused ones are 0 */
} special;

/* clang-format off */
static const special to_upper[] = {
    {0x00DF, {0x0053, 0x0053, 0x0000}}, {0x0149, {0x02BC, 0x004E, 0x0000}}, {0x01F0, {0x004A, 0x030C, 0x0000}},
    {0x0390, {0x0399, 0x0308, 0x0301}}, {0x03B0, {0x03A5, 0x0308, 0x0301}}, {0x0587, {0x0535, 0x0552, 0x0000}},
    {0x1E96, {0x0048, 0x0331, 0x0000}}, {0x1E97, {0x0054, 0x0308, 0x0000}}, {0x1E98, {0x0057, 0x030A, 0x0000}},
    {0x1E99, {0x0059, 0x030A, 0x0000}}, {0x1E9A, {0x0041, 0x02BE, 0x0000}}, {0x1F50, {0x03A5, 0x0313, 0x0000}},
    {0x1F52, {0x03A5, 0x0313, 0x0300}}, {0x1F54, {0x03A5, 0x0313, 0x0301}}, {0x1F56, {0x03A5, 0x0313, 0x0342}},
    {0x1F80, {0x1F08, 0x0399, 0x0000}}, {0x1F81, {0x1F09, 0x0399, 0x0000}}, {0x1F82, {0x1F0A, 0x0399, 0x0000}},
    {0x1F83, {0x1F0B, 0x0399, 0x0000}}, {0x1F84, {0x1F0C, 0x0399, 0x0000}}, {0x1F85, {0x1F0D, 0x0399, 0x0000}},
    {0x1F86, {0x1F0E, 0x0399, 0x0000}}, {0x1F87, {0x1F0F, 0x0399, 0x0000}}, {0x1F88, {0x1F08, 0x0399, 0x0000}},
    {0x1F89, {0x1F09, 0x0399, 0x0000}}, {0x1F8A, {0x1F0A, 0x0399, 0x0000}}, {0x1F8B, {0x1F0B, 0x0399, 0x0000}},
    {0x1F8C, {0x1F0C, 0x0399, 0x0000}}, {0x1F8D, {0x1F0D, 0x0399, 0x0000}}, {0x1F8E, {0x1F0E, 0x0399, 0x0000}},
    {0x1F8F, {0x1F0F, 0x0399, 0x0000}}, {0x1F90, {0x1F28, 0x0399, 0x0000}}, {0x1F91, {0x1F29, 0x0399, 0x0000}},
    {0x1F92, {0x1F2A, 0x0399, 0x0000}}, {0x1F93, {0x1F2B, 0x0399, 0x0000}}, {0x1F94, {0x1F2C, 0x0399, 0x0000}},
    {0x1F95, {0x1F2D, 0x0399, 0x0000}}, {0x1F96, {0x1F2E, 0x0399, 0x0000}}, {0x1F97, {0x1F2F, 0x0399, 0x0000}},
    {0x1F98, {0x1F28, 0x0399, 0x0000}}, {0x1F99, {0x1F29, 0x0399, 0x0000}}, {0x1F9A, {0x1F2A, 0x0399, 0x0000}},
    {0x1F9B, {0x1F2B, 0x0399, 0x0000}}, {0x1F9C, {0x1F2C, 0x0399, 0x0000}}, {0x1F9D, {0x1F2D, 0x0399, 0x0000}},
    {0x1F9E, {0x1F2E, 0x0399, 0x0000}}, {0x1F9F, {0x1F2F, 0x0399, 0x0000}}, {0x1FA0, {0x1F68, 0x0399, 0x0000}},
    {0x1FA1, {0x1F69, 0x0399, 0x0000}}, {0x1FA2, {0x1F6A, 0x0399, 0x0000}}, {0x1FA3, {0x1F6B, 0x0399, 0x0000}},
    {0x1FA4, {0x1F6C, 0x0399, 0x0000}}, {0x1FA5, {0x1F6D, 0x0399, 0x0000}}, {0x1FA6, {0x1F6E, 0x0399, 0x0000}},
    {0x1FA7, {0x1F6F, 0x0399, 0x0000}}, {0x1FA8, {0x1F68, 0x0399, 0x0000}}, {0x1FA9, {0x1F69, 0x0399, 0x0000}},
    {0x1FAA, {0x1F6A, 0x0399, 0x0000}}, {0x1FAB, {0x1F6B, 0x0399, 0x0000}}, {0x1FAC, {0x1F6C, 0x0399, 0x0000}},
    {0x1FAD, {0x1F6D, 0x0399, 0x0000}}, {0x1FAE, {0x1F6E, 0x0399, 0x0000}}, {0x1FAF, {0x1F6F, 0x0399, 0x0000}},
    {0x1FB2, {0x1FBA, 0x0399, 0x0000}}, {0x1FB3, {0x0391, 0x0399, 0x0000}}, {0x1FB4, {0x0386, 0x0399, 0x0000}},
    {0x1FB6, {0x0391, 0x0342, 0x0000}}, {0x1FB7, {0x0391, 0x0342, 0x0399}}, {0x1FBC, {0x0391, 0x0399, 0x0000}},
    {0x1FC2, {0x1FCA, 0x0399, 0x0000}}, {0x1FC3, {0x0397, 0x0399, 0x0000}}, {0x1FC4, {0x0389, 0x0399, 0x0000}},
    {0x1FC6, {0x0397, 0x0342, 0x0000}}, {0x1FC7, {0x0397, 0x0342, 0x0399}}, {0x1FCC, {0x0397, 0x0399, 0x0000}},
    {0x1FD2, {0x0399, 0x0308, 0x0300}}, {0x1FD3, {0x0399, 0x0308, 0x0301}}, {0x1FD6, {0x0399, 0x0342, 0x0000}},
    {0x1FD7, {0x0399, 0x0308, 0x0342}}, {0x1FE2, {0x03A5, 0x0308, 0x0300}}, {0x1FE3, {0x03A5, 0x0308, 0x0301}},
    {0x1FE4, {0x03A1, 0x0313, 0x0000}}, {0x1FE6, {0x03A5, 0x0342, 0x0000}}, {0x1FE7, {0x03A5, 0x0308, 0x0342}},
    {0x1FF2, {0x1FFA, 0x0399, 0x0000}}, {0x1FF3, {0x03A9, 0x0399, 0x0000}}, {0x1FF4, {0x038F, 0x0399, 0x0000}},
    {0x1FF6, {0x03A9, 0x0342, 0x0000}}, {0x1FF7, {0x03A9, 0x0342, 0x0399}}, {0x1FFC, {0x03A9, 0x0399, 0x0000}},
    {0xFB00, {0x0046, 0x0046, 0x0000}}, {0xFB01, {0x0046, 0x0049, 0x0000}}, {0xFB02, {0x0046, 0x004C, 0x0000}},
    {0xFB03, {0x0046, 0x0046, 0x0049}}, {0xFB04, {0x0046, 0x0046, 0x004C}}, {0xFB05, {0x0053, 0x0054, 0x0000}},
    {0xFB06, {0x0053, 0x0054, 0x0000}}, {0xFB13, {0x0544, 0x0546, 0x0000}}, {0xFB14, {0x0544, 0x0535, 0x0000}},
    {0xFB15, {0x0544, 0x053B, 0x0000}}, {0xFB16, {0x054E, 0x0546, 0x0000}}, {0xFB17, {0x0544, 0x053D, 0x0000}},
};
static const special to_title[] = {
    {0x00DF, {0x0053, 0x0073, 0x0000}}, {0x0149, {0x02BC, 0x004E, 0x0000}}, {0x01F0, {0x004A, 0x030C, 0x0000}},
    {0x0390, {0x0399, 0x0308, 0x0301}}, {0x03B0, {0x03A5, 0x0308, 0x0301}}, {0x0587, {0x0535, 0x0582, 0x0000}},
    {0x1E96, {0x0048, 0x0331, 0x0000}}, {0x1E97, {0x0054, 0x0308, 0x0000}}, {0x1E98, {0x0057, 0x030A, 0x0000}},
    {0x1E99, {0x0059, 0x030A, 0x0000}}, {0x1E9A, {0x0041, 0x02BE, 0x0000}}, {0x1F50, {0x03A5, 0x0313, 0x0000}},
    {0x1F52, {0x03A5, 0x0313, 0x0300}}, {0x1F54, {0x03A5, 0x0313, 0x0301}}, {0x1F56, {0x03A5, 0x0313, 0x0342}},
    {0x1FB2, {0x1FBA, 0x0345, 0x0000}}, {0x1FB4, {0x0386, 0x0345, 0x0000}}, {0x1FB6, {0x0391, 0x0342, 0x0000}},
    {0x1FB7, {0x0391, 0x0342, 0x0345}}, {0x1FC2, {0x1FCA, 0x0345, 0x0000}}, {0x1FC4, {0x0389, 0x0345, 0x0000}},
    {0x1FC6, {0x0397, 0x0342, 0x0000}}, {0x1FC7, {0x0397, 0x0342, 0x0345}}, {0x1FD2, {0x0399, 0x0308, 0x0300}},
    {0x1FD3, {0x0399, 0x0308, 0x0301}}, {0x1FD6, {0x0399, 0x0342, 0x0000}}, {0x1FD7, {0x0399, 0x0308, 0x0342}},
    {0x1FE2, {0x03A5, 0x0308, 0x0300}}, {0x1FE3, {0x03A5, 0x0308, 0x0301}}, {0x1FE4, {0x03A1, 0x0313, 0x0000}},
    {0x1FE6, {0x03A5, 0x0342, 0x0000}}, {0x1FE7, {0x03A5, 0x0308, 0x0342}}, {0x1FF2, {0x1FFA, 0x0345, 0x0000}},
    {0x1FF4, {0x038F, 0x0345, 0x0000}}, {0x1FF6, {0x03A9, 0x0342, 0x0000}}, {0x1FF7, {0x03A9, 0x0342, 0x0345}},
    {0xFB00, {0x0046, 0x0066, 0x0000}}, {0xFB01, {0x0046, 0x0069, 0x0000}}, {0xFB02, {0x0046, 0x006C, 0x0000}},
    {0xFB03, {0x0046, 0x0066, 0x0069}}, {0xFB04, {0x0046, 0x0066, 0x006C}}, {0xFB05, {0x0053, 0x0074, 0x0000}},
    {0xFB06, {0x0053, 0x0074, 0x0000}}, {0xFB13, {0x0544, 0x0576, 0x0000}}, {0xFB14, {0x0544, 0x0565, 0x0000}},
    {0xFB15, {0x0544, 0x056B, 0x0000}}, {0xFB16, {0x054E, 0x0576, 0x0000}}, {0xFB17, {0x0544, 0x056D, 0x0000}},
};
/* clang-format on */

static const special *find(const special *table, size_t n, uint32_t code)
{
    size_t low = 0;
    while (low < n) {
        size_t middle = (low + n) / 2;
        if (table[middle].code < code)
            low = middle + 1;
        else
            n = middle;
    }
    return &table[low];
}

static size_t put_special(const special *s, char *to)
{
    size_t n = 0;
    for (int k = 0; k < 3 && s->to[k]; k++)
        n += sqi_utf8_put(s->to[k], to + n);
    return n;
}

static size_t put_upper(uint32_t code, char *to)
{
    const size_t n = sizeof to_upper / sizeof *to_upper;
    const special *s = find(to_upper, n, code);
    if (s < to_upper + n && s->code == code)
        return put_special(s, to);
    return sqi_utf8_put((uint32_t)utf8proc_toupper((utf8proc_int32_t)code), to);
}

static size_t put_title(uint32_t code, char *to)
{
    const size_t n = sizeof to_title / sizeof *to_title;
    const special *s = find(to_title, n, code);
    if (s < to_title + n && s->code == code)
        return put_special(s, to);
    return sqi_utf8_put((uint32_t)utf8proc_totitle((utf8proc_int32_t)code), to);
}

/* For the final sigma: letters with case count, marks and the like between them do not. */
static bool is_cased(uint32_t c)
{
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    return k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LL || k == UTF8PROC_CATEGORY_LT;
}

static bool is_ignored(uint32_t c)
{
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
        return true;
    default:
        return c == '\'' || c == '.' || c == ':' || c == 0xB7 || c == 0x2018 || c == 0x2019 || c == 0x2024 ||
               c == 0x2027;
    }
}

static bool cased_after(const char *p, const char *end)
{
    while (p < end) {
        uint32_t c = sqi_utf8_next(&p, end);
        if (!is_ignored(c))
            return is_cased(c);
    }
    return false;
}

/* `cased`: a cased letter stands before, with nothing but ignored characters between. */
static size_t put_lower(uint32_t code, bool cased, const char *rest, const char *end, char *to)
{
    if (code == 0x130) { /* capital I with dot */
        to[0] = 'i';
        return 1 + sqi_utf8_put(0x307, to + 1);
    }
    if (code == 0x3A3)
        return sqi_utf8_put(cased && !cased_after(rest, end) ? 0x3C2 : 0x3C3, to);
    return sqi_utf8_put((uint32_t)utf8proc_tolower((utf8proc_int32_t)code), to);
}

static size_t map_unicode(sqi_span from, sqi_case how, char *to)
{
    const char *p = from.ptr, *end = from.ptr + from.len;
    size_t n = 0;
    bool cased = false, first = true;
    while (p < end) {
        const char *at = p;
        uint32_t c = sqi_utf8_next(&p, end);
        if (c == 0xFFFD)
            p = at + sqi_utf8_skip(at, end);
        if (how == SQI_CASE_UPPER)
            n += put_upper(c, to + n);
        else if (how == SQI_CASE_WORDS && first)
            n += put_title(c, to + n);
        else
            n += put_lower(c, cased, p, end, to + n);
        first = c == ' ';
        if (!is_ignored(c))
            cased = is_cased(c);
    }
    return n;
}

/* Eight characters of ASCII at once; other bytes below 128 stay. */
static uint64_t map_word(uint64_t x, sqi_case how)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t first = how == SQI_CASE_UPPER ? 'a' : 'A';
    uint64_t from_first = x + (128 - first) * ones, beyond_last = x + (128 - first - 26) * ones;
    return x ^ ((from_first & ~beyond_last & SQI_HIGH_BITS) >> 2);
}

#ifdef SQI_VIEW_WIDE
typedef struct wide_case {
    __m512i first, letters, distance;
} wide_case;

SQI_WIDE_INLINE wide_case wide_case_of(sqi_case how)
{
    bool up = how == SQI_CASE_UPPER;
    return (wide_case){_mm512_set1_epi8(up ? 'a' : 'A'), _mm512_set1_epi8(26), _mm512_set1_epi8(up ? -0x20 : 0x20)};
}

SQI_WIDE_INLINE __m512i map_register(__m512i text, wide_case c)
{
    __mmask64 letter = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(text, c.first), c.letters);
    return _mm512_mask_add_epi8(text, letter, text, c.distance);
}

SQI_WIDE static bool is_ascii_wide(sqi_span s)
{
    for (size_t i = 0; i < s.len; i += SQI_WIDE_MOST)
        if (_mm512_movepi8_mask(sqi_wide_load(s.ptr + i, sqi_wide_step(s.len - i))))
            return false;
    return true;
}

SQI_WIDE static void map_ascii_wide(sqi_span s, sqi_case how, char *to)
{
    const wide_case c = wide_case_of(how);
    for (size_t i = 0; i < s.len; i += SQI_WIDE_MOST) {
        uint32_t n = sqi_wide_step(s.len - i);
        _mm512_mask_storeu_epi8(to + i, sqi_wide_bytes(n), map_register(sqi_wide_load(s.ptr + i, n), c));
    }
}
#endif

static bool is_ascii(sqi_span s)
{
#ifdef SQI_VIEW_WIDE
    if (sqi_wide_here())
        return is_ascii_wide(s);
#endif
    return sqi_span_is_ascii(s);
}

static void map_letters(sqi_span from, sqi_case how, char *to)
{
    size_t i = 0;
    uint64_t word;
    for (; i + 8 <= from.len; i += 8) {
        memcpy(&word, from.ptr + i, 8);
        word = map_word(word, how);
        memcpy(to + i, &word, 8);
    }
    if (i < from.len) {
        word = 0;
        memcpy(&word, from.ptr + i, from.len - i);
        word = map_word(word, how);
        memcpy(to + i, &word, from.len - i);
    }
}

static void map_ascii(sqi_span from, sqi_case how, char *to)
{
#ifdef SQI_VIEW_WIDE
    if (sqi_wide_here())
        map_ascii_wide(from, how, to);
    else
#endif
        map_letters(from, how, to);
    if (how == SQI_CASE_WORDS)
        for (size_t i = 0; i < from.len; i++)
            if ((i == 0 || to[i - 1] == ' ') && (unsigned char)(to[i] - 'a') < 26)
                to[i] = (char)(to[i] ^ 0x20);
}

#ifdef SQI_VIEW_FAST
typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef uint8_t ubytes16 __attribute__((vector_size(16))); /* adds without overflow */
typedef uint64_t words2 __attribute__((vector_size(16)));

/* Two words at once. */
static inline words2 map_words(words2 w, sqi_case how)
{
    const char last = how == SQI_CASE_UPPER ? 'z' : 'Z';
    bytes16 letters = (bytes16)((ubytes16)w + (uint8_t)(127 - last)) > (int8_t)(127 - 26);
    return (words2)((bytes16)w ^ (letters & (int8_t)0x20));
}

/* A text of ASCII of up to SMALL bytes; its view. `to` has room for as many. False: it is none. No jump depends on the
   length up to 28 bytes, which four words cover: short texts are written too, and then not used. */
static inline bool map_small(const sqi_str *s, sqi_case how, char *to, sqi_str *out)
{
    const char *p = sqi_view_ptr(s);
    uint32_t len = s->len, last = 4 + ((len - SQI_STR_INLINE) & ~(uint32_t)sqi_view_is_short(len));
    uint32_t before = last > 12 ? last - 8 : 4;
    words2 front = {sqi_load64(p), sqi_load64(p + 4)}, back = {sqi_load64(p + before), sqi_load64(p + last)};
    words2 any = front | back;
    for (uint32_t i = 12; i < before; i += 16) {
        words2 middle;
        memcpy(&middle, p + i, sizeof middle);
        any |= middle;
        middle = map_words(middle, how);
        memcpy(to + i, &middle, sizeof middle);
    }
    front = map_words(front, how);
    back = map_words(back, how);
    uint64_t word[2] = {front[0], front[1]}, rest[2] = {back[0], back[1]};
    memcpy(to, &word[0], 8);
    memcpy(to + 4, &word[1], 8);
    memcpy(to + before, &rest[0], 8);
    memcpy(to + last, &rest[1], 8);
    uint64_t is_short = sqi_view_is_short(len), at = (uint64_t)(uintptr_t)to;
    uint64_t view[2] = {len | word[0] << 32, at ^ ((at ^ word[1]) & is_short)};
    memcpy(out, view, sizeof view);
    return !((any[0] | any[1]) & SQI_HIGH_BITS);
}
#else
static inline bool map_small(const sqi_str *s, sqi_case how, char *to, sqi_str *out)
{
    (void)s, (void)how, (void)to, (void)out;
    return false;
}
#endif

enum { SMALL = 64, BLOCK = 16 /* rows for which room is asked at once */ };
_Static_assert(SQI_HEAP_SHARED / SMALL >= BLOCK, "the heap's next byte is moved by hand");

#ifdef SQI_VIEW_WIDE
/* As map_block. */
SQI_WIDE static uint32_t map_wide(const sqi_vec *in, const uint32_t *sel, uint32_t k, uint32_t end, sqi_case how,
                                  char **room, sqi_str *out)
{
    const sqi_str *data = in->data;
    const uint32_t mask = in->mask;
    const wide_case c = wide_case_of(how);
    char *to = *room;
    for (; k < end; k++) {
        uint32_t i = sel ? sel[k] : k, len = data[i & mask].len;
        if (__builtin_expect(len > SMALL, 0))
            break;
        __m512i text = sqi_wide_load(sqi_view_ptr(&data[i & mask]), len);
        if (__builtin_expect(_mm512_movepi8_mask(text) != 0, 0))
            break;
        text = map_register(text, c);
        _mm512_storeu_si512(to, text);
        sqi_wide_view(_mm512_castsi512_si128(text), to, len, &out[i]);
        to += len & ~(uint32_t)sqi_view_is_short(len);
    }
    *room = to;
    return k;
}
#endif

static streamq_status map_row(sqi_span s, sqi_case how, sqi_heap *heap, sqi_str *out, streamq_error **err)
{
    bool ascii = is_ascii(s);
    char *to = sqi_heap_reserve(heap, ascii ? s.len : SQI_CASE_ROOM(s.len));
    if (!to)
        return sqi_error_nomem(err);
    size_t n = s.len;
    if (ascii)
        map_ascii(s, how, to);
    else
        n = map_unicode(s, how, to);
    if (n > SQI_STR_MAX)
        return sqi_str_too_long(err);
    *out = sqi_heap_commit(heap, to, n);
    return STREAMQ_OK;
}

/* Rows from k on that map_small can do, with room for all of them at `to`; returns the first that it cannot. */
static inline __attribute__((always_inline)) uint32_t map_block(const sqi_vec *in, const uint32_t *sel, uint32_t k,
                                                                uint32_t end, sqi_case how, char **room, sqi_str *out)
{
    const sqi_str *data = in->data;
    const uint32_t mask = in->mask;
    char *to = *room;
    for (; k < end; k++) {
        uint32_t i = sel ? sel[k] : k, len = data[i & mask].len;
        if (__builtin_expect(len > SMALL || !map_small(&data[i & mask], how, to, &out[i]), 0))
            break;
        to += len & ~(uint32_t)sqi_view_is_short(len);
    }
    *room = to;
    return k;
}

static inline __attribute__((always_inline)) uint32_t map_some(const sqi_vec *in, const uint32_t *sel, uint32_t k,
                                                               uint32_t end, sqi_case how, char **room, sqi_str *out)
{
#ifdef SQI_VIEW_WIDE
    if (sqi_wide_here())
        return map_wide(in, sel, k, end, how, room, out);
#endif
    return sel ? map_block(in, sel, k, end, how, room, out) : map_block(in, NULL, k, end, how, room, out);
}

static inline __attribute__((always_inline)) streamq_status map_rows(const sqi_vec *in, sqi_rows rows, sqi_case how,
                                                                     sqi_heap *heap, sqi_str *out, streamq_error **err)
{
    for (uint32_t k = 0; k < rows.n;) {
        uint32_t end = rows.n - k < BLOCK ? rows.n : k + BLOCK;
        char *to = sqi_heap_reserve(heap, (size_t)(end - k) * SMALL);
        if (!to)
            return sqi_error_nomem(err);
        k = map_some(in, rows.sel, k, end, how, &to, out);
        heap->next = to;
        if (k < end) {
            uint32_t i = rows.sel ? rows.sel[k] : k;
            SQI_TRY(map_row(SQI_SPAN_AT(in, i), how, heap, &out[i], err));
            k++;
        }
    }
    return STREAMQ_OK;
}

streamq_status sqi_case_map_rows(const sqi_vec *in, sqi_rows rows, sqi_case how, sqi_arena *arena, sqi_vec *out,
                                 streamq_error **err)
{
    sqi_heap heap;
    sqi_heap_init(&heap, arena);
    if (how == SQI_CASE_LOWER)
        return map_rows(in, rows, SQI_CASE_LOWER, &heap, out->data, err);
    if (how == SQI_CASE_UPPER)
        return map_rows(in, rows, SQI_CASE_UPPER, &heap, out->data, err);
    for (SQI_EACH(rows, k, i))
        SQI_TRY(map_row(SQI_SPAN_AT(in, i), how, &heap, &SQI_OUT(out, sqi_str)[i], err));
    return STREAMQ_OK;
}

size_t sqi_case_map(sqi_span from, sqi_case how, char *to)
{
    if (!is_ascii(from))
        return map_unicode(from, how, to);
    map_ascii(from, how, to);
    return from.len;
}
