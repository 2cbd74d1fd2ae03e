/*
 * func_charset: text in other encodings than UTF-8 (func_encode.h).
 */
#include "func_encode.h"

bool sqi_encode_charset(sqi_span name, sqi_charset *out)
{
    static const char *const names[] = {"US-ASCII", "ISO-8859-1", "UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32"};
    for (int k = 0; k < 7; k++)
        if (sqi_span_equal_nocase(name, sqi_span_of(names[k]))) {
            *out = (sqi_charset)k;
            return true;
        }
    return false;
}

static size_t put16(uint32_t unit, bool little, char *to)
{
    to[little] = (char)(unit >> 8);
    to[!little] = (char)unit;
    return 2;
}

static size_t put_utf16(uint32_t code, bool little, char *to)
{
    if (code < 0x10000)
        return put16(code, little, to);
    code -= 0x10000;
    put16(0xD800 + (code >> 10), little, to);
    return 2 + put16(0xDC00 + (code & 0x3FF), little, to + 2);
}

bool sqi_encode_put(sqi_charset charset, sqi_span text, char *to, size_t *n)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    *n = charset == SQI_CHARSET_UTF16 && text.len ? put16(0xFEFF, false, to) : 0;
    if (charset == SQI_CHARSET_UTF8) {
        if (text.len)
            memcpy(to, text.ptr, text.len);
        *n = text.len;
        return true;
    }
    while (p < end) {
        uint32_t code = sqi_utf8_next(&p, end);
        switch (charset) {
        case SQI_CHARSET_ASCII:
        case SQI_CHARSET_LATIN1:
            if (code > (charset == SQI_CHARSET_ASCII ? 0x7Fu : 0xFFu))
                return false;
            to[(*n)++] = (char)code;
            break;
        case SQI_CHARSET_UTF32:
            put16(code >> 16, false, to + *n);
            put16(code & 0xFFFF, false, to + *n + 2);
            *n += 4;
            break;
        default:
            *n += put_utf16(code, charset == SQI_CHARSET_UTF16LE, to + *n);
        }
    }
    return true;
}

static uint32_t unit16(const unsigned char *p, bool little)
{
    return (uint32_t)p[!little] | (uint32_t)p[little] << 8;
}

static bool read_utf16(sqi_span s, sqi_charset charset, char *to, size_t *n)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    bool little = charset == SQI_CHARSET_UTF16LE;
    size_t i = 0;
    if (charset == SQI_CHARSET_UTF16 && s.len >= 2 && (unit16(p, false) == 0xFEFF || unit16(p, true) == 0xFEFF)) {
        little = unit16(p, true) == 0xFEFF;
        i = 2;
    }
    for (; i + 2 <= s.len; i += 2) {
        uint32_t unit = unit16(p + i, little);
        if (unit >= 0xDC00 && unit < 0xE000)
            return false;
        if (unit >= 0xD800 && unit < 0xDC00) {
            uint32_t low = i + 4 <= s.len ? unit16(p + i + 2, little) : 0;
            if (low < 0xDC00 || low >= 0xE000)
                return false;
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        }
        *n += sqi_utf8_put(unit, to + *n);
    }
    return i == s.len;
}

static bool read_utf32(sqi_span s, char *to, size_t *n)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    bool little = s.len >= 4 && unit16(p, true) == 0xFEFF && unit16(p + 2, true) == 0;
    bool marked = little || (s.len >= 4 && unit16(p, false) == 0 && unit16(p + 2, false) == 0xFEFF);
    for (size_t i = marked ? 4 : 0; i + 4 <= s.len; i += 4) {
        uint32_t code = little ? unit16(p + i, true) | unit16(p + i + 2, true) << 16
                               : unit16(p + i, false) << 16 | unit16(p + i + 2, false);
        if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
            return false;
        *n += sqi_utf8_put(code, to + *n);
    }
    return s.len % 4 == 0;
}

bool sqi_encode_read(sqi_charset charset, sqi_span bytes, char *to, size_t *n)
{
    *n = 0;
    switch (charset) {
    case SQI_CHARSET_UTF8:
        if (bytes.len)
            memcpy(to, bytes.ptr, bytes.len);
        *n = bytes.len;
        return sqi_utf8_valid(bytes);
    case SQI_CHARSET_ASCII:
    case SQI_CHARSET_LATIN1:
        for (size_t i = 0; i < bytes.len; i++) {
            unsigned char c = (unsigned char)bytes.ptr[i];
            if (c > 0x7F && charset == SQI_CHARSET_ASCII)
                return false;
            *n += sqi_utf8_put(c, to + *n);
        }
        return true;
    case SQI_CHARSET_UTF32:
        return read_utf32(bytes, to, n);
    default:
        return read_utf16(bytes, charset, to, n);
    }
}
