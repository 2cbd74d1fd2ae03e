/*
 * base_str: spans of text, UTF-8, names.
 *
 * Two rules for malformed UTF-8 live here on purpose. sqi_utf8_next decodes strictly and gives U+FFFD: for text that
 * goes out. sqi_utf8_char_bytes looks at the first byte only, as Spark's strings do: for positions and lengths that
 * a query can see. Case tables are utf8proc's; names in ASCII never reach them.
 */
#include "base_str.h"

#include <utf8proc.h>

static unsigned char lower(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

bool sqi_span_equal(sqi_span a, sqi_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool sqi_span_equal_nocase(sqi_span a, sqi_span b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

bool sqi_span_starts(sqi_span a, sqi_span prefix)
{
    return a.len >= prefix.len && sqi_span_equal((sqi_span){a.ptr, prefix.len}, prefix);
}

sqi_span sqi_span_trim(sqi_span a)
{
    while (a.len && (unsigned char)a.ptr[0] <= 0x20) {
        a.ptr++;
        a.len--;
    }
    while (a.len && (unsigned char)a.ptr[a.len - 1] <= 0x20)
        a.len--;
    return a;
}

/* Java compares names by upper case, then by lower case of that: both are needed for letters such as dotless i. */
static uint32_t fold(uint32_t c)
{
    return (uint32_t)utf8proc_tolower(utf8proc_toupper((utf8proc_int32_t)c));
}

bool sqi_name_equal(sqi_span a, sqi_span b)
{
    if (!a.len || !b.len)
        return a.len == b.len;
    size_t i = 0, shortest = a.len < b.len ? a.len : b.len;
    while (i < shortest && (unsigned char)a.ptr[i] < 0x80 && (unsigned char)b.ptr[i] < 0x80) {
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
        i++;
    }
    const char *p = a.ptr + i, *p_end = a.ptr + a.len, *q = b.ptr + i, *q_end = b.ptr + b.len;
    while (p < p_end && q < q_end) {
        const char *p_at = p, *q_at = q;
        uint32_t x = sqi_utf8_next(&p, p_end), y = sqi_utf8_next(&q, q_end);
        if (x == 0xFFFD || y == 0xFFFD) { /* malformed bytes equal only themselves */
            size_t x_len = (size_t)(p - p_at), y_len = (size_t)(q - q_at);
            if (x_len != y_len || memcmp(p_at, q_at, x_len) != 0)
                return false;
        } else if (x != y && fold(x) != fold(y)) {
            return false;
        }
    }
    return p == p_end && q == q_end;
}

static bool continues(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

uint32_t sqi_utf8_next(const char **p, const char *end)
{
    const unsigned char *s = (const unsigned char *)*p;
    size_t left = (size_t)(end - *p);
    uint32_t c = s[0];
    if (c < 0x80) {
        *p += 1;
        return c;
    }
    if (c >= 0xC2 && c <= 0xDF && left >= 2 && continues(s[1])) {
        *p += 2;
        return (c & 0x1F) << 6 | (s[1] & 0x3Fu);
    }
    if (c >= 0xE0 && c <= 0xEF && left >= 3 && continues(s[1]) && continues(s[2])) {
        uint32_t code = (c & 0x0F) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
        if (code >= 0x800 && (code < 0xD800 || code > 0xDFFF)) {
            *p += 3;
            return code;
        }
    }
    if (c >= 0xF0 && c <= 0xF4 && left >= 4 && continues(s[1]) && continues(s[2]) && continues(s[3])) {
        uint32_t code = (c & 0x07) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
        if (code >= 0x10000 && code <= 0x10FFFF) {
            *p += 4;
            return code;
        }
    }
    *p += 1;
    return 0xFFFD;
}

uint32_t sqi_utf8_char_bytes(unsigned char first)
{
    if (first < 0xC2)
        return 1;
    if (first < 0xE0)
        return 2;
    if (first < 0xF0)
        return 3;
    return first < 0xF5 ? 4 : 1;
}

size_t sqi_utf8_count(sqi_span s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i += sqi_utf8_char_bytes((unsigned char)s.ptr[i]))
        count++;
    return count;
}

size_t sqi_utf8_put(uint32_t code, char *to)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xC0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        code = 0xFFFD;
    if (code < 0x10000) {
        to[0] = (char)(0xE0 | code >> 12);
        to[1] = (char)(0x80 | (code >> 6 & 0x3F));
        to[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | code >> 18);
    to[1] = (char)(0x80 | (code >> 12 & 0x3F));
    to[2] = (char)(0x80 | (code >> 6 & 0x3F));
    to[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

bool sqi_utf8_valid(sqi_span s)
{
    const char *p = s.ptr, *end = s.ptr + s.len;
    while (p < end) {
        const char *at = p;
        /* A real U+FFFD is three bytes long; the stand-in for a malformed byte advances by one. */
        if (sqi_utf8_next(&p, end) == 0xFFFD && p - at == 1)
            return false;
    }
    return true;
}

unsigned sqi_name_distance(sqi_span a, sqi_span b)
{
    enum { LONGEST = 64 };
    unsigned row[LONGEST + 1];
    size_t rows = a.len < LONGEST ? a.len : LONGEST, columns = b.len < LONGEST ? b.len : LONGEST;
    for (size_t j = 0; j <= columns; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= rows; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= columns; j++) {
            unsigned best = diagonal + (lower(a.ptr[i - 1]) != lower(b.ptr[j - 1]));
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[columns];
}
