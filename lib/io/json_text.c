/*
 * json_text: what is inside the strings of JSON, as Jackson and Java read it: escapes, UTF-8 with Jackson's own idea of it
 * (no check for forms that are too long; a surrogate is refused where the text is wanted), half a surrogate pair as '?',
 * base 64; and a value written anew.
 */
#include "json_read.h"
#include "json_scalar.h"
#include "json_write.h"

#include "base_hex.h"
#include "data_number.h"

#define FAIL(r, at, why) sqi_json_read_fail(r, at, why)

static const char broken_utf8[] = "a string that is not UTF-8";

/* Bytes behind the first of a character of UTF-8; 0: none begins so. */
static uint32_t behind(unsigned char c)
{
    return c >= 0xf8 || c < 0xc0 ? 0 : c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
}

/* A character beyond ASCII, *p at its first byte. Jackson's arithmetic: what no UTF-8 says gives odd halves of pairs. */
static bool wide(sqi_json_reader *r, const char **p, bool surrogates, uint32_t *code)
{
    unsigned char c = (unsigned char)*(*p)++;
    uint32_t n = behind(c), v = c & (0x3fu >> n);
    if (!n)
        return FAIL(r, *p, broken_utf8);
    for (uint32_t i = 0; i < n; ++i) {
        if (*p == r->end)
            return FAIL(r, r->end, "a string without its closing quote");
        c = (unsigned char)*(*p)++;
        if ((c & 0xc0) != 0x80)
            return FAIL(r, *p, broken_utf8);
        v = v << 6 | (c & 0x3f);
    }
    if (n == 2 && !surrogates && v >= 0xd800 && v <= 0xdfff)
        return FAIL(r, *p, broken_utf8);
    *code = n == 3 ? v | UINT32_C(0x80000000) : v; /* the mark of four bytes: two halves */
    return true;
}

/* An escape, *p behind its backslash. */
static bool escape(sqi_json_reader *r, const char **p, uint32_t *code)
{
    if (*p == r->end)
        return FAIL(r, r->end, "a string without its closing quote");
    unsigned char c = (unsigned char)*(*p)++;
    static const char letters[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    const char *known = c ? strchr(letters, c) : NULL;
    if (known) {
        *code = (unsigned char)means[known - letters];
        return true;
    }
    if (c == 'u') {
        *code = 0;
        for (int i = 0; i < 4; ++i) {
            if (*p == r->end)
                return FAIL(r, r->end, "a string without its closing quote");
            int d = sqi_hex_digit(*(*p)++);
            if (d < 0)
                return FAIL(r, *p, "\\u without four hexadecimal digits");
            *code = *code << 4 | (uint32_t)d;
        }
        return true;
    }
    *code = c;
    if (c >= 128) {
        --*p;
        if (!wide(r, p, true, code))
            return false;
    }
    if ((r->allow & SQI_JSON_ALLOW_ANY_ESCAPE) || (c == '\'' && (r->allow & SQI_JSON_ALLOW_APOSTROPHES)))
        return true;
    return FAIL(r, *p, "a backslash that begins no escape");
}

/* One character of a string; the closing quote is none. */
static bool character(sqi_json_reader *r, const char **p, bool surrogates, uint32_t *code)
{
    unsigned char c = (unsigned char)**p;
    if (c >= 128)
        return wide(r, p, surrogates, code);
    ++*p;
    *code = c;
    if (c == '\\')
        return escape(r, p, code);
    if (c < ' ' && !(r->allow & SQI_JSON_ALLOW_CONTROLS))
        return FAIL(r, *p, "a control character in a string, and allowUnquotedControlChars is false");
    return true;
}

/* Past the bytes that mean themselves: printable ASCII but the quote and the backslash. */
static const char *plain(const char *p, const char *end, char quote)
{
    while (p < end && *p != quote && *p != '\\' && (unsigned char)*p >= ' ' && (unsigned char)*p < 128)
        ++p;
    return p;
}

bool sqi_json_text_skip(sqi_json_reader *r, char quote)
{
    const char *p = r->at;
    uint32_t code;
    while ((p = plain(p, r->end, quote)) < r->end && *p != quote)
        if (!character(r, &p, true, &code))
            return false;
    if (p == r->end)
        return FAIL(r, p, "a string without its closing quote");
    r->at = p + 1;
    return true;
}

/* UTF-16 as Java makes UTF-8 of it. */
typedef struct writer {
    char *to;
    uint32_t high;
    bool half; /* of a pair was written as '?' */
} writer;

static void put_half(writer *w)
{
    *w->to++ = '?';
    w->half = true;
}

static void put_unit(writer *w, uint32_t unit)
{
    if (w->high && unit >= 0xdc00 && unit <= 0xdfff) {
        w->to += sqi_utf8_put(0x10000 + ((w->high - 0xd800) << 10) + (unit - 0xdc00), w->to);
        w->high = 0;
        return;
    }
    if (w->high)
        put_half(w);
    w->high = unit >= 0xd800 && unit <= 0xdbff ? unit : 0;
    if (unit >= 0xdc00 && unit <= 0xdfff)
        put_half(w);
    else if (!w->high)
        w->to += sqi_utf8_put(unit, w->to);
}

static void put_code(writer *w, uint32_t code)
{
    if (code < 0x10000) {
        put_unit(w, code);
        return;
    }
    code = (code & 0x7fffffff) - 0x10000;
    put_unit(w, (0xd800 | (uint32_t)((int32_t)code >> 10)) & 0xffff);
    put_unit(w, 0xdc00 | (code & 0x3ff));
}

/* Bytes that the text may take: to the first quote without a backslash before it. */
static size_t bound(const char *p, const char *end, char quote)
{
    const char *from = p;
    while (p < end && *p != quote)
        p += *p == '\\' ? 2 : 1;
    return (size_t)((p < end ? p : end) - from);
}

static bool decode(sqi_json_reader *r, const char *p, char quote, bool name, sqi_span *out)
{
    size_t most = bound(r->at, r->end, quote) + 8; /* no character takes more bytes than it is written with */
    char *text = sqi_arena_get(r->arena, most);
    if (!text) {
        r->nomem = true;
        return FAIL(r, r->at, "no memory");
    }
    size_t done = (size_t)(p - r->at);
    memcpy(text, r->at, done);
    writer w = {text + done, 0, false};
    for (; p < r->end && *p != quote;) {
        uint32_t code;
        if (!character(r, &p, false, &code))
            return false;
        put_code(&w, code);
    }
    if (p == r->end)
        return FAIL(r, p, "a string without its closing quote");
    if (w.high)
        put_half(&w);
    if (name && w.half && !(r->allow & SQI_JSON_ALLOW_HALF_NAMES))
        return FAIL(r, p + 1, broken_utf8);
    r->at = p + 1;
    *out = (sqi_span){text, (size_t)(w.to - text)};
    return true;
}

bool sqi_json_text_read(sqi_json_reader *r, char quote, bool name, sqi_span *out)
{
    const char *p = plain(r->at, r->end, quote);
    if (p < r->end && *p == quote) {
        *out = (sqi_span){r->at, (size_t)(p - r->at)};
        r->at = p + 1;
    } else if (!decode(r, p, quote, name, out)) {
        return false;
    }
    if (!name && out->len > SQI_JSON_TEXT_MOST && sqi_utf8_count(*out) > SQI_JSON_TEXT_MOST)
        return FAIL(r, r->at, "a string of more than 20000000 characters");
    return true;
}

/* ---------------------------------------------------------------------------------------------------- base 64 */

static int base64(uint32_t c)
{
    return c >= 'A' && c <= 'Z'   ? (int)c - 'A'
           : c >= 'a' && c <= 'z' ? (int)c - 'a' + 26
           : c >= '0' && c <= '9' ? (int)c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

/* The next character, which may be an escape; false at an error. */
static bool base64_next(sqi_json_reader *r, uint32_t *c)
{
    if (r->at == r->end)
        return FAIL(r, r->end, "a string without its closing quote");
    *c = (unsigned char)*r->at++;
    return *c != '\\' || escape(r, &r->at, c);
}

/* A group of four; `c` is its first character. Bytes of it; -1: an error. */
static int base64_group(sqi_json_reader *r, uint32_t c, bool quoted, char *to)
{
    static const char wrong[] = "a string that is not base 64";
    uint32_t bits = 0;
    int n = 0; /* characters */
    for (;;) {
        bool pad = c == '=' && n >= 2;
        if (!pad && base64(c) < 0) {
            if (n >= 2 && c == '"' && quoted)
                --r->at;
            FAIL(r, r->at, wrong);
            return -1;
        }
        if (pad)
            break;
        bits = bits << 6 | (uint32_t)base64(c);
        if (++n == 4)
            break;
        if (!base64_next(r, &c))
            return -1;
    }
    if (n == 2 && (!base64_next(r, &c) || c != '=')) {
        FAIL(r, r->at, wrong);
        return -1;
    }
    bits <<= 6 * (4 - n);
    for (int i = 0; i < n - 1; ++i)
        to[i] = (char)(bits >> (16 - 8 * i));
    return n - 1;
}

static bool base64_text(sqi_json_reader *r, bool quoted, sqi_span *out)
{
    size_t most = bound(r->at, r->end, quoted ? '"' : '\0') + 4, len = 0;
    char *to = sqi_arena_get(r->arena, most);
    if (!to) {
        r->nomem = true;
        return FAIL(r, r->at, "no memory");
    }
    while (quoted || r->at < r->end) {
        uint32_t c;
        if (!base64_next(r, &c))
            return false;
        if (c <= ' ')
            continue;
        if (quoted && c == '"' && r->at[-2] != '\\')
            break;
        int n = base64_group(r, c, quoted, to + len);
        if (n < 0)
            return false;
        len += (size_t)n;
    }
    *out = (sqi_span){to, len};
    return true;
}

bool sqi_json_read_base64(sqi_json_reader *r, sqi_span *out)
{
    if (r->incomplete) {
        if (!base64_text(r, true, out))
            return false;
        r->incomplete = false;
        return true;
    }
    const char *at = r->at, *end = r->end; /* single quotes: the text was read already */
    r->at = r->text.ptr;
    r->end = r->at + r->text.len;
    bool ok = base64_text(r, false, out);
    r->at = at;
    r->end = end;
    return ok;
}

/* ------------------------------------------------------------------------------------------------ written anew */

static bool copy_number(const sqi_json_reader *r, sqi_buf *to)
{
    sqi_span s = {r->from, (size_t)(r->stop - r->from)};
    char text[SQI_NUMBER_TEXT];
    if (r->fraction) {
        double v;
        if (!sqi_json_number_double(s, &v))
            return false;
        size_t n = sqi_number_double(v, text);
        return v - v == 0 ? sqi_buf_put(to, text, n) : sqi_json_write_text(to, (sqi_span){text, n}, false);
    }
    int64_t v;
    bool overflow;
    if (sqi_number_read_int(s, INT64_MIN, INT64_MAX, &v, &overflow))
        return sqi_buf_put(to, text, sqi_number_int(v, text));
    return sqi_buf_span(to, s);
}

/* The token at hand; *comma: a value was written before it in the same object or array. */
static bool copy_token(sqi_json_reader *r, sqi_buf *to, bool *comma)
{
    sqi_span text;
    sqi_json_token t = r->token;
    bool close = t == SQI_JSON_OBJECT_END || t == SQI_JSON_ARRAY_END;
    if (*comma && !close && !sqi_buf_byte(to, ','))
        return false;
    *comma = t != SQI_JSON_OBJECT && t != SQI_JSON_ARRAY && t != SQI_JSON_NAME;
    switch (t) {
    case SQI_JSON_NAME:
        return sqi_json_write_text(to, sqi_json_read_name(r), false) && sqi_buf_byte(to, ':');
    case SQI_JSON_STRING:
        return sqi_json_read_text(r, &text) && sqi_json_write_text(to, text, false);
    case SQI_JSON_NUMBER:
        return copy_number(r, to);
    case SQI_JSON_TRUE:
        return sqi_buf_text(to, "true");
    case SQI_JSON_FALSE:
        return sqi_buf_text(to, "false");
    case SQI_JSON_NULL:
        return sqi_buf_text(to, "null");
    default:
        return sqi_buf_byte(to, "{}[]"[t - SQI_JSON_OBJECT]);
    }
}

bool sqi_json_read_copy(sqi_json_reader *r, sqi_buf *to)
{
    bool comma = false;
    uint32_t outside = r->depth;
    outside -= outside && (r->token == SQI_JSON_OBJECT || r->token == SQI_JSON_ARRAY);
    while (copy_token(r, to, &comma)) {
        if (r->depth <= outside)
            return true;
        if (sqi_json_read_next(r) == SQI_JSON_BAD)
            return false;
    }
    r->nomem |= to->failed;
    return false;
}
