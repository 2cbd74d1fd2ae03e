/*
 * func_string_part: parts of a text: substring and its kin, the trim family. No bytes are copied: a part is a view into
 * the text it comes from.
 *
 * Positions count characters from 1, negative ones from the end; of a binary they count bytes.
 */
#include "func_view.h"
#include "func_view_wide.h"

/* Byte offset of character number `count`, or the length if there are fewer. */
static size_t skip(sqi_span s, size_t from, int64_t count)
{
    size_t i = from;
    for (; i < s.len && count > 0; count--)
        i += sqi_utf8_char_bytes((unsigned char)s.ptr[i]);
    return i < s.len ? i : s.len;
}

/* Characters [start, end), both may lie outside. */
static sqi_span cut(sqi_span s, int64_t start, int64_t end, bool bytes)
{
    if (end <= start || end <= 0)
        return (sqi_span){s.ptr, 0};
    start = start < 0 ? 0 : start;
    if ((uint64_t)start >= s.len)
        return (sqi_span){s.ptr, 0};
    if (!bytes)
        bytes = sqi_span_is_ascii((sqi_span){s.ptr, (uint64_t)end < s.len ? (size_t)end : s.len});
    size_t from = bytes ? (size_t)start : skip(s, 0, start);
    size_t to = bytes ? ((uint64_t)end < s.len ? (size_t)end : s.len) : skip(s, from, end - start);
    return (sqi_span){s.ptr + from, to - from};
}

/* SQL's substring: the end counts from the start asked for, even where that lies before the text. */
static sqi_span substring_of(sqi_span s, int64_t pos, int64_t len, bool bytes)
{
    int64_t count = pos < 0 ? (int64_t)(bytes ? s.len : sqi_utf8_count(s)) : 0;
    int64_t start = pos > 0 ? pos - 1 : pos < 0 ? count + pos : 0;
    return cut(s, start, start + len, bytes);
}

static void put(sqi_vec *out, uint32_t i, sqi_span s)
{
    SQI_OUT(out, sqi_str)[i] = sqi_str_view(s.ptr, (uint32_t)s.len);
}

static streamq_status substring(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)err;
    bool bytes = arg->type->id == SQI_BINARY, open = call->node->narg == 2;
    for (SQI_EACH(rows, k, i)) {
        int64_t len = open ? INT32_MAX : SQI_AT(&arg[2], int32_t, i);
        put(out, i, substring_of(SQI_SPAN_AT(arg, i), SQI_AT(&arg[1], int32_t, i), len, bytes));
    }
    return STREAMQ_OK;
}

static streamq_status left(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        put(out, i, substring_of(SQI_SPAN_AT(arg, i), 1, SQI_AT(&arg[1], int32_t, i), arg->type->id == SQI_BINARY));
    return STREAMQ_OK;
}

static streamq_status right(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i)) {
        int64_t len = SQI_AT(&arg[1], int32_t, i);
        sqi_span s = SQI_SPAN_AT(arg, i);
        put(out, i, len <= 0 ? (sqi_span){s.ptr, 0} : substring_of(s, -len, INT32_MAX, arg->type->id == SQI_BINARY));
    }
    return STREAMQ_OK;
}

/* Up to the count-th delimiter; hits may overlap, the search goes on one byte after each. */
static sqi_span before(sqi_span s, sqi_span delimiter, int64_t count)
{
    size_t at = 0;
    for (int64_t n = 0; n < count; n++) {
        at = sqi_span_find(s, delimiter, n ? at + 1 : 0);
        if (at == SIZE_MAX)
            return s;
    }
    return (sqi_span){s.ptr, at};
}

static sqi_span behind(sqi_span s, sqi_span delimiter, int64_t count)
{
    size_t end = s.len;
    if (delimiter.len > s.len)
        return s;
    size_t at = s.len - delimiter.len + 1;
    for (; count > 0; count--) {
        do {
            if (at == 0)
                return s;
            at--;
        } while (memcmp(s.ptr + at, delimiter.ptr, delimiter.len) != 0);
        end = at + delimiter.len;
    }
    return (sqi_span){s.ptr + end, s.len - end};
}

static streamq_status substring_index(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                      streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(&arg[0], i), delimiter = SQI_SPAN_AT(&arg[1], i);
        int64_t count = SQI_AT(&arg[2], int32_t, i);
        if (delimiter.len == 0 || count == 0)
            put(out, i, (sqi_span){s.ptr, 0});
        else
            put(out, i, count > 0 ? before(s, delimiter, count) : behind(s, delimiter, -count));
    }
    return STREAMQ_OK;
}

enum { LEADING = 1, TRAILING = 2 };

static bool in_set(sqi_span set, const char *p, size_t len)
{
    return sqi_span_find(set, (sqi_span){p, len}, 0) != SIZE_MAX;
}

/* The character that ends at `end`: its start. */
static size_t char_before(sqi_span s, size_t end)
{
    size_t at = end - 1;
    while (at > 0 && end - at < 4 && ((unsigned char)s.ptr[at] & 0xC0) == 0x80)
        at--;
    return at + sqi_utf8_char_bytes((unsigned char)s.ptr[at]) == end ? at : end - 1;
}

static sqi_span trim_set(sqi_span s, sqi_span set, int sides)
{
    size_t from = 0, to = s.len;
    while ((sides & LEADING) && from < to) {
        size_t len = sqi_utf8_char_bytes((unsigned char)s.ptr[from]);
        len = len > to - from ? to - from : len;
        if (!in_set(set, s.ptr + from, len))
            break;
        from += len;
    }
    while ((sides & TRAILING) && to > from) {
        size_t at = char_before(s, to);
        if (at < from || !in_set(set, s.ptr + at, to - at))
            break;
        to = at;
    }
    return (sqi_span){s.ptr + from, to - from};
}

static sqi_span trim_spaces(sqi_span s, int sides)
{
    while ((sides & LEADING) && s.len && s.ptr[0] == ' ') {
        s.ptr++;
        s.len--;
    }
    while ((sides & TRAILING) && s.len && s.ptr[s.len - 1] == ' ')
        s.len--;
    return s;
}

#ifdef SQI_VIEW_FAST
/* Up to seven spaces at an end are seen in one word: the first eight bytes, the last eight. Before a short text stand
   the bytes of its length, which are no spaces, and zeros behind it. */
static inline __attribute__((always_inline)) sqi_str trim_view(const sqi_str *s, int sides)
{
    const char *p = sqi_view_ptr(s);
    uint32_t len = s->len, four = len > 4 ? len : 4, room = len > SQI_STR_INLINE ? len : SQI_STR_INLINE;
    const uint64_t spaces = UINT64_C(0x2020202020202020);
    uint64_t head = sqi_load64(p) ^ spaces, tail = sqi_load64(p + four - 8) ^ spaces; /* a space is a zero byte */
    uint32_t before = sides & LEADING ? (uint32_t)__builtin_ctzll(head | UINT64_C(1) << 63) >> 3 : 0;
    uint32_t behind = sides & TRAILING ? (uint32_t)__builtin_clzll(tail | 1) >> 3 : 0;
    if (__builtin_expect(!head | !tail | (len < 4) | (before + behind > len), 0)) {
        sqi_span rest = trim_spaces((sqi_span){p, len}, sides);
        return sqi_str_view(rest.ptr, (uint32_t)rest.len);
    }
    uint32_t next = before + 4 < room - 8 ? before + 4 : room - 8;
    return sqi_view_pack(sqi_load32(p + before), sqi_load64(p + next) >> (8 * (before + 4 - next)), p + before,
                         len - before - behind);
}
#else
static inline __attribute__((always_inline)) sqi_str trim_view(const sqi_str *s, int sides)
{
    sqi_span rest = trim_spaces(sqi_str_span(s), sides);
    return sqi_str_view(rest.ptr, (uint32_t)rest.len);
}
#endif

#ifdef SQI_VIEW_WIDE
SQI_WIDE static void trim_wide(const sqi_vec *in, sqi_rows rows, int sides, sqi_str *to)
{
    const sqi_str *from = in->data;
    const uint32_t mask = in->mask;
    const uint64_t front = !(sides & LEADING), back = !(sides & TRAILING); /* an end that stays counts as no space */
    const __m512i spaces = _mm512_set1_epi8(' ');
    for (uint32_t k = 0; k < rows.n; k++) {
        uint32_t i = rows.sel ? rows.sel[k] : k, len = from[i & mask].len;
        const char *p = sqi_view_ptr(&from[i & mask]);
        if (__builtin_expect(len > SQI_WIDE_MOST, 0)) {
            to[i] = trim_view(&from[i & mask], sides);
            continue;
        }
        uint64_t solid = _mm512_mask_cmpneq_epi8_mask(sqi_wide_bytes(len), sqi_wide_load(p, len), spaces);
        if (__builtin_expect(!solid, 0)) {
            sqi_span rest = trim_spaces((sqi_span){p, len}, sides);
            to[i] = sqi_str_view(rest.ptr, (uint32_t)rest.len);
            continue;
        }
        solid |= front | back << (len - 1);
        uint32_t at = (uint32_t)_tzcnt_u64(solid);
        len = 64 - (uint32_t)_lzcnt_u64(solid) - at;
        sqi_wide_view(_mm_maskz_loadu_epi8((__mmask16)_bzhi_u32(0xfff, len), p + at), p + at, len, &to[i]);
    }
}
#endif

static inline __attribute__((always_inline)) void trim_views(const sqi_vec *in, const uint32_t *sel, uint32_t n,
                                                             int sides, sqi_str *to)
{
    const sqi_str *from = in->data;
    const uint32_t mask = in->mask;
    for (uint32_t k = 0; k < n; k++) {
        uint32_t i = sel ? sel[k] : k;
        to[i] = trim_view(&from[i & mask], sides);
    }
}

static inline __attribute__((always_inline)) void trim_texts(const sqi_vec *in, sqi_rows rows, int sides, sqi_str *to)
{
#ifdef SQI_VIEW_WIDE
    if (sqi_wide_here()) {
        trim_wide(in, rows, sides, to);
        return;
    }
#endif
    if (rows.sel)
        trim_views(in, rows.sel, rows.n, sides, to);
    else
        trim_views(in, NULL, rows.n, sides, to);
}

/* `text` and `set` tell which argument is which: trim(set, text) but btrim(text, set). */
static inline __attribute__((always_inline)) void trim_rows(sqi_call *call, const sqi_vec *arg, sqi_rows rows,
                                                            int sides, uint32_t text, sqi_vec *out)
{
    if (call->node->narg == 1) {
        trim_texts(arg, rows, sides, out->data);
        return;
    }
    for (SQI_EACH(rows, k, i))
        put(out, i, trim_set(SQI_SPAN_AT(&arg[text], i), SQI_SPAN_AT(&arg[1 - text], i), sides));
}

#define TRIM_KERNEL(name, sides, text)                                                                               \
    static streamq_status name(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err) \
    {                                                                                                                \
        (void)err;                                                                                                   \
        trim_rows(call, arg, rows, sides, text, out);                                                                \
        return STREAMQ_OK;                                                                                           \
    }
TRIM_KERNEL(trim, LEADING | TRAILING, 1)
TRIM_KERNEL(ltrim, LEADING, 1)
TRIM_KERNEL(rtrim, TRAILING, 1)
TRIM_KERNEL(btrim, LEADING | TRAILING, 0)

#define PART_ROW(n, least, most, sig, k, t)                                                         \
    {                                                                                               \
        .name = n, .min_args = least, .max_args = most, .flags = SQI_FUNC_NEVER_NULL, .types = sig, \
        .resolve = sqi_str_resolve, .kernel = k, .text = t                                          \
    }

const sqi_func sqi_func_string_part[] = {
    PART_ROW("substring", 2, 3, "yii>y", substring,
             "substring(str, pos[, len]): len characters from pos on, counted from 1 or from the end if negative"),
    PART_ROW("substr", 2, 3, "yii>y", substring,
             "substr(str, pos[, len]): len characters from pos on, counted from 1 or from the end if negative"),
    PART_ROW("left", 2, 2, "yi>y", left, "left(str, len): the first len characters"),
    PART_ROW("right", 2, 2, "si>s", right, "right(str, len): the last len characters"),
    PART_ROW("substring_index", 3, 3, "ssi>s", substring_index,
             "substring_index(str, delim, count): what stands before the count-th delim, or behind it from the end if "
             "negative"),
    PART_ROW("trim", 1, 2, "ss>s", trim, "trim([chars, ]str): str without spaces, or chars, at both ends"),
    PART_ROW("ltrim", 1, 2, "ss>s", ltrim, "ltrim([chars, ]str): str without spaces, or chars, at its start"),
    PART_ROW("rtrim", 1, 2, "ss>s", rtrim, "rtrim([chars, ]str): str without spaces, or chars, at its end"),
    PART_ROW("btrim", 1, 2, "ss>s", btrim, "btrim(str[, chars]): str without spaces, or chars, at both ends"),
    {0},
};
