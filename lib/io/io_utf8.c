/*
 * io_utf8: Java's way with malformed UTF-8.
 *
 * The decoder of base_str says whether a character is well-formed; here is only how many bytes one replacement stands
 * for. A lead byte with too few continuation bytes is replaced together with those it has; an encoded surrogate is
 * replaced as a whole; every other byte is replaced alone.
 */
#include "io_utf8.h"

#include "base_scan.h"

static bool continues(const char *p)
{
    return ((unsigned char)*p & 0xC0) == 0x80;
}

/* Bytes that one replacement stands for; the bytes at p are malformed. */
static size_t malformed(const char *p, const char *end)
{
    unsigned char a = (unsigned char)p[0], b = end - p > 1 ? (unsigned char)p[1] : 0;
    if (a < 0xE0 || a > 0xF4 || end - p < 2 || !continues(p + 1))
        return 1;
    if ((a == 0xE0 && b < 0xA0) || (a == 0xF0 && b < 0x90) || (a == 0xF4 && b > 0x8F))
        return 1;
    if (end - p < 3 || !continues(p + 2))
        return 2;
    return 3; /* a surrogate, or four bytes without the last */
}

uint32_t sqi_io_utf8_next(const char **p, const char *end, bool *ok)
{
    const char *at = *p;
    uint32_t c = sqi_utf8_next(p, end);
    *ok = c != 0xFFFD || *p - at == 3; /* U+FFFD itself is three bytes long */
    if (!*ok)
        *p = at + malformed(at, end);
    return c;
}

bool sqi_io_utf8_ascii(sqi_span text)
{
    enum { STEP = 64 };
    unsigned char any = 0;
    size_t i = 0;
    for (; text.len - i >= STEP; i += STEP)
        if (sqi_scan_high64(text.ptr + i))
            return false;
    for (; i < text.len; i++)
        any |= (unsigned char)text.ptr[i];
    return any < 128;
}

bool sqi_io_utf8_clean(sqi_span text)
{
    size_t i = 0;
    for (uint64_t word; text.len - i >= sizeof word; i += sizeof word) {
        memcpy(&word, text.ptr + i, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    return sqi_utf8_valid((sqi_span){text.ptr + i, text.len - i});
}

size_t sqi_io_utf8_repair(sqi_span text, char *to)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    char *out = to;
    while (p < end) {
        bool ok;
        out += sqi_utf8_put(sqi_io_utf8_next(&p, end, &ok), out);
    }
    return (size_t)(out - to);
}
