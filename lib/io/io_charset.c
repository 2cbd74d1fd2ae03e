/*
 * io_charset: see the header. The sets themselves are those of encode and decode (func_encode.h); these take malformed
 * bytes, and text that comes in pieces.
 */
#include "io_charset.h"

#include "io_utf8.h"

enum { MARK = 0xFEFF, REVERSED = 0xFFFE, BROKEN = 0xFFFD };

static uint32_t unit16(const char *p, bool little)
{
    return (uint32_t)(unsigned char)p[!little] | (uint32_t)(unsigned char)p[little] << 8;
}

static uint32_t unit32(const char *p, bool little)
{
    return little ? unit16(p, true) | unit16(p + 2, true) << 16 : unit16(p, false) << 16 | unit16(p + 2, false);
}

/* Fewer bytes than a unit are left. */
static bool rest(const char **p, const char *end, bool last, uint32_t *code)
{
    if (!last || *p == end)
        return false;
    *p = end;
    *code = BROKEN;
    return true;
}

static bool next_utf16(sqi_io_charset *c, const char **p, const char *end, bool last, uint32_t *code)
{
    if (end - *p < 2)
        return rest(p, end, last, code);
    if (!c->begun) {
        c->begun = true;
        c->little = c->charset == SQI_CHARSET_UTF16LE;
        if (c->charset == SQI_CHARSET_UTF16 && (unit16(*p, false) == MARK || unit16(*p, true) == MARK)) {
            c->little = unit16(*p, true) == MARK;
            *p += 2;
            return sqi_io_charset_next(c, p, end, last, code);
        }
    }
    uint32_t unit = unit16(*p, c->little);
    *code = unit == REVERSED || (unit >= 0xD800 && unit < 0xE000) ? BROKEN : unit;
    if (unit >= 0xD800 && unit < 0xDC00) {
        if (end - *p < 4) {
            if (!last)
                return false;
            *p = end; /* Java replaces a lone high surrogate together with what is left of the next unit */
            return true;
        }
        uint32_t low = unit16(*p + 2, c->little);
        if (low >= 0xDC00 && low < 0xE000) {
            *code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            *p += 2;
        }
    }
    *p += 2;
    return true;
}

static bool next_utf32(sqi_io_charset *c, const char **p, const char *end, bool last, uint32_t *code)
{
    if (end - *p < 4)
        return rest(p, end, last, code);
    if (!c->begun) {
        c->begun = true;
        c->little = unit32(*p, true) == MARK;
        if (c->little || unit32(*p, false) == MARK) {
            *p += 4;
            return sqi_io_charset_next(c, p, end, last, code);
        }
    }
    *code = unit32(*p, c->little);
    if (*code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000))
        *code = BROKEN;
    *p += 4;
    return true;
}

/* Bytes that the character with this first byte may have. */
static int most_bytes(unsigned char first)
{
    return first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
}

bool sqi_io_charset_next(sqi_io_charset *c, const char **p, const char *end, bool last, uint32_t *code)
{
    if (*p == end)
        return false;
    unsigned char first = (unsigned char)**p;
    switch (c->charset) {
    case SQI_CHARSET_ASCII:
    case SQI_CHARSET_LATIN1:
        *code = first > 0x7F && c->charset == SQI_CHARSET_ASCII ? BROKEN : first;
        ++*p;
        return true;
    case SQI_CHARSET_UTF8:
        if (first < 0x80) {
            *code = first;
            ++*p;
            return true;
        }
        if (!last && end - *p < most_bytes(first))
            return false;
        *code = sqi_io_utf8_next(p, end, &(bool){true});
        return true;
    case SQI_CHARSET_UTF32:
        return next_utf32(c, p, end, last, code);
    default:
        return next_utf16(c, p, end, last, code);
    }
}

bool sqi_io_charset_text(sqi_charset charset, sqi_span bytes, sqi_buf *to)
{
    sqi_io_charset c = {.charset = charset};
    const char *p = bytes.ptr, *end = bytes.ptr + bytes.len;
    uint32_t code;
    char text[4];
    if (sqi_io_charset_plain(charset) && sqi_io_utf8_ascii(bytes))
        return sqi_buf_span(to, bytes);
    while (bytes.len && sqi_io_charset_next(&c, &p, end, true, &code))
        if (!sqi_buf_put(to, text, sqi_utf8_put(code, text)))
            return false;
    return true;
}

bool sqi_io_charset_begin(sqi_charset charset, sqi_buf *to)
{
    return charset != SQI_CHARSET_UTF16 || sqi_buf_put(to, "\xfe\xff", 2);
}

bool sqi_io_charset_put(sqi_charset charset, sqi_span text, sqi_buf *to)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    char one[12], out[64];
    size_t n;
    if (charset == SQI_CHARSET_UTF8 || (sqi_io_charset_plain(charset) && sqi_io_utf8_ascii(text)))
        return sqi_buf_span(to, text);
    while (text.len && p < end) {
        size_t len = sqi_utf8_put(sqi_utf8_next(&p, end), one);
        sqi_charset bare = charset == SQI_CHARSET_UTF16 ? SQI_CHARSET_UTF16BE : charset;
        if (!(sqi_encode_put(bare, (sqi_span){one, len}, out, &n) ? sqi_buf_put(to, out, n) : sqi_buf_byte(to, '?')))
            return false;
    }
    return true;
}
