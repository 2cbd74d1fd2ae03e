/*
 * expr_lex_escape: the value of a quoted text, by Spark's rules for escapes:
 *
 *   \uXXXX and \UXXXXXXXX  a character by its number; two halves of a surrogate pair make one character
 *   \ooo                   a byte-sized character by three octal digits, the first 0 or 1
 *   \0 \b \n \r \t \Z      NUL, backspace, line feed, carriage return, tab, 0x1A
 *   \% \_                  stay as they are, backslash and all: LIKE reads them again
 *   \x                     any other x is x
 *   a doubled quote        one quote
 *
 * A half of a surrogate pair on its own, or a number past U+10FFFF, gives '?', as Spark's strings do.
 */
#include "base_hex.h"
#include "expr_lex.h"

static bool read_hex(sqi_span s, size_t at, size_t digits, uint32_t *code)
{
    if (at + digits > s.len)
        return false;
    uint32_t v = 0;
    for (size_t i = 0; i < digits; i++) {
        int d = sqi_hex_digit(s.ptr[at + i]);
        if (d < 0)
            return false;
        v = v << 4 | (uint32_t)d;
    }
    *code = v;
    return true;
}

static bool read_octal(sqi_span s, size_t at, uint32_t *code)
{
    if (at + 3 > s.len || (s.ptr[at] != '0' && s.ptr[at] != '1'))
        return false;
    for (size_t i = 1; i < 3; i++)
        if (s.ptr[at + i] < '0' || s.ptr[at + i] > '7')
            return false;
    *code = (uint32_t)((s.ptr[at] - '0') << 6 | (s.ptr[at + 1] - '0') << 3 | (s.ptr[at + 2] - '0'));
    return true;
}

/* Bytes used by the number after a backslash at `at`, 0 if none stands there. */
static size_t read_number(sqi_span s, size_t at, uint32_t *code)
{
    char c = at + 1 < s.len ? s.ptr[at + 1] : '\0';
    if (c == 'u' && read_hex(s, at + 2, 4, code))
        return 6;
    if (c == 'U' && read_hex(s, at + 2, 8, code))
        return 10;
    return read_octal(s, at + 1, code) ? 4 : 0;
}

static size_t put_code(uint32_t code, char *to)
{
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        *to = '?';
        return 1;
    }
    return sqi_utf8_put(code, to);
}

static size_t put_letter(char c, char *to)
{
    static const char from[] = "0bnrtZ", value[] = "\0\b\n\r\t\x1A";
    const char *p = memchr(from, c, sizeof from - 1);
    if (p) {
        *to = value[p - from];
        return 1;
    }
    size_t n = 0;
    if (c == '%' || c == '_')
        to[n++] = '\\';
    to[n++] = c;
    return n;
}

/* No escape is shorter than the bytes it stands for, so the body's length is room enough. */
bool sqi_lex_unescape(sqi_span body, char quote, sqi_arena *arena, sqi_span *out)
{
    char *to = sqi_arena_get(arena, body.len + 1);
    if (!to)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < body.len;) {
        char c = body.ptr[i];
        uint32_t code, low;
        size_t used;
        if (c == quote) {
            to[n++] = c;
            i += 2;
        } else if (c != '\\' || i + 1 == body.len) {
            to[n++] = c;
            i++;
        } else if ((used = read_number(body, i, &code)) != 0) {
            i += used;
            bool high = code >= 0xD800 && code <= 0xDBFF;
            if (high && i < body.len && body.ptr[i] == '\\' && (used = read_number(body, i, &low)) != 0 &&
                low >= 0xDC00 && low <= 0xDFFF) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                i += used;
            }
            n += put_code(code, to + n);
        } else {
            n += put_letter(body.ptr[i + 1], to + n);
            i += 2;
        }
    }
    *out = (sqi_span){to, n};
    return true;
}
