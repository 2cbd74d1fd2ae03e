/*
 * io_charset: see the header.
 */
#include "io_charset.h"

#include "io_utf8.h"

streamq_status sqi_charset_find(sqi_span name, sqi_charset *out, streamq_error **err)
{
    static const struct {
        const char *name;
        sqi_charset charset;
    } row[] = {{"UTF-8", SQI_CHARSET_UTF8},       {"UTF-16", SQI_CHARSET_UTF16}, {"UTF-16LE", SQI_CHARSET_UTF16LE},
               {"UTF-16BE", SQI_CHARSET_UTF16BE}, {"UTF-32", SQI_CHARSET_UTF32}, {"ISO-8859-1", SQI_CHARSET_LATIN1},
               {"US-ASCII", SQI_CHARSET_ASCII}};
    for (size_t i = 0; i < sizeof row / sizeof *row; ++i)
        if (sqi_span_equal_nocase(name, sqi_span_of(row[i].name))) {
            *out = row[i].charset;
            return STREAMQ_OK;
        }
    return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__CHARSET,
                         "there is no encoding '%.*s'; there are UTF-8, UTF-16, UTF-16LE, UTF-16BE, UTF-32, ISO-8859-1 "
                         "and US-ASCII",
                         (int)(name.len < 64 ? name.len : 64), name.ptr);
}

size_t sqi_charset_bound(sqi_charset c, size_t len)
{
    switch (c) {
    case SQI_CHARSET_UTF8:
    case SQI_CHARSET_ASCII:
        return 3 * len;
    case SQI_CHARSET_LATIN1:
        return 2 * len;
    default:
        return 2 * len + 3;
    }
}

static uint32_t unit(const char *p, size_t width, bool little)
{
    uint32_t v = 0;
    for (size_t i = 0; i < width; ++i)
        v |= (uint32_t)(unsigned char)p[i] << 8 * (little ? i : width - 1 - i);
    return v;
}

/* Is there a mark? Then *text is what follows it, and *little what it says. */
static void mark(sqi_span *text, size_t width, bool *little)
{
    if (text->len < width)
        return;
    bool le = unit(text->ptr, width, true) == 0xfeff;
    if (le || unit(text->ptr, width, false) == 0xfeff) {
        *little = le;
        *text = (sqi_span){text->ptr + width, text->len - width};
    }
}

static size_t put(char *to, uint32_t code, bool ok, bool *malformed)
{
    *malformed |= !ok;
    return sqi_utf8_put(ok ? code : 0xfffd, to);
}

static size_t decode16(sqi_span s, bool little, char *to, bool *malformed)
{
    size_t n = 0, i = 0;
    while (s.len - i >= 2) {
        uint32_t c = unit(s.ptr + i, 2, little);
        i += 2;
        bool ok = c < 0xd800 || c > 0xdfff;
        if (!ok && c < 0xdc00 && s.len - i >= 2) {
            uint32_t low = unit(s.ptr + i, 2, little);
            if (low >= 0xdc00 && low <= 0xdfff) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                ok = true;
                i += 2;
            }
        }
        n += put(to + n, c, ok, malformed);
    }
    return i < s.len ? n + put(to + n, 0, false, malformed) : n;
}

static size_t decode32(sqi_span s, bool little, char *to, bool *malformed)
{
    size_t n = 0, i = 0;
    for (; s.len - i >= 4; i += 4) {
        uint32_t c = unit(s.ptr + i, 4, little);
        n += put(to + n, c, c < 0xd800 || (c > 0xdfff && c < 0x110000), malformed);
    }
    return i < s.len ? n + put(to + n, 0, false, malformed) : n;
}

size_t sqi_charset_decode(sqi_charset c, sqi_span text, char *to, bool *malformed)
{
    bool little = c == SQI_CHARSET_UTF16LE || c == SQI_CHARSET_UTF32LE;
    size_t n = 0;
    switch (c) {
    case SQI_CHARSET_UTF8:
        *malformed |= !sqi_io_utf8_clean(text);
        return sqi_io_utf8_repair(text, to);
    case SQI_CHARSET_UTF16:
        mark(&text, 2, &little);
        return decode16(text, little, to, malformed);
    case SQI_CHARSET_UTF16LE:
    case SQI_CHARSET_UTF16BE:
        return decode16(text, little, to, malformed);
    case SQI_CHARSET_UTF32:
        mark(&text, 4, &little);
        return decode32(text, little, to, malformed);
    case SQI_CHARSET_UTF32LE:
    case SQI_CHARSET_UTF32BE:
        return decode32(text, little, to, malformed);
    default:
        for (size_t i = 0; i < text.len; ++i) {
            unsigned char b = (unsigned char)text.ptr[i];
            n += put(to + n, b, c == SQI_CHARSET_LATIN1 || b < 128, malformed);
        }
        return n;
    }
}

static bool put_units(sqi_buf *to, const uint32_t *v, size_t n, size_t width, bool little)
{
    char bytes[8];
    for (size_t k = 0; k < n; ++k)
        for (size_t i = 0; i < width; ++i)
            bytes[k * width + i] = (char)(v[k] >> 8 * (little ? i : width - 1 - i));
    return sqi_buf_put(to, bytes, n * width);
}

static bool put_code(sqi_charset c, uint32_t code, sqi_buf *to)
{
    uint32_t pair[2] = {code, 0};
    bool little = c == SQI_CHARSET_UTF16LE || c == SQI_CHARSET_UTF32LE;
    switch (c) {
    case SQI_CHARSET_UTF16:
    case SQI_CHARSET_UTF16LE:
    case SQI_CHARSET_UTF16BE:
        if (code < 0x10000)
            return put_units(to, pair, 1, 2, little);
        pair[0] = 0xd800 + ((code - 0x10000) >> 10);
        pair[1] = 0xdc00 + (code & 0x3ff);
        return put_units(to, pair, 2, 2, little);
    case SQI_CHARSET_UTF32:
    case SQI_CHARSET_UTF32LE:
    case SQI_CHARSET_UTF32BE:
        return put_units(to, pair, 1, 4, little);
    default:
        return sqi_buf_byte(to, code < (c == SQI_CHARSET_LATIN1 ? 256u : 128u) ? (char)code : '?');
    }
}

bool sqi_charset_encode(sqi_charset c, sqi_span text, bool first, sqi_buf *to)
{
    if (c == SQI_CHARSET_UTF8)
        return sqi_buf_span(to, text);
    if (first && c == SQI_CHARSET_UTF16 && !put_code(c, 0xfeff, to))
        return false;
    const char *p = text.len ? text.ptr : "", *end = p + text.len;
    while (p < end)
        if (!put_code(c, sqi_utf8_next(&p, end), to))
            return false;
    return true;
}
