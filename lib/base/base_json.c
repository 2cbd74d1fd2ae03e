/*
 * base_json: see the header.
 */
#include "base_json.h"

#include "base_hex.h"

/* What may come next. */
enum { WANT_VALUE, WANT_FIRST_VALUE, WANT_FIRST_NAME, WANT_NAME, WANT_COMMA, WANT_NOTHING };

void sqi_json_open(sqi_json *j, sqi_span text)
{
    *j = (sqi_json){.begin = text.len ? text.ptr : "", .want = WANT_VALUE};
    j->at = j->begin;
    j->end = j->begin + text.len;
    j->text = (sqi_span){j->begin, 0};
}

static sqi_json_token bad(sqi_json *j, const char *at, const char *why)
{
    if (!j->why) {
        j->why = why;
        j->text = (sqi_span){at, 0};
    }
    j->at = j->end;
    return j->token = SQI_JSON_BAD;
}

size_t sqi_json_where(const sqi_json *j)
{
    return (size_t)(j->text.ptr - j->begin);
}

static void space(sqi_json *j)
{
    while (j->at < j->end && (*j->at == ' ' || *j->at == '\n' || *j->at == '\r' || *j->at == '\t'))
        ++j->at;
}

static bool inside_object(const sqi_json *j)
{
    return j->depth && (j->in_object[(j->depth - 1) / 64] >> ((j->depth - 1) % 64) & 1);
}

static sqi_json_token token(sqi_json *j, sqi_json_token t, const char *from, size_t len)
{
    j->text = (sqi_span){from, len};
    j->want = j->depth ? WANT_COMMA : WANT_NOTHING;
    return j->token = t;
}

static int hex4(const char *p)
{
    int v = 0;
    for (int i = 0; i < 4; ++i) {
        int d = sqi_hex_digit(p[i]);
        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

/* Bytes of the escape at p, which begins with a backslash; 0: none such. */
static size_t escape_length(const char *p, const char *end)
{
    if (end - p < 2)
        return 0;
    if (p[1] == 'u')
        return end - p >= 6 && hex4(p + 2) >= 0 ? 6 : 0;
    return p[1] && strchr("\"\\/bfnrt", p[1]) ? 2 : 0;
}

static sqi_json_token string(sqi_json *j, sqi_json_token t)
{
    const char *from = j->at + 1, *p = from;
    bool high = false;
    for (;;) {
        if (p >= j->end)
            return bad(j, from - 1, "a string without its closing quote");
        unsigned char c = (unsigned char)*p;
        if (c == '"')
            break;
        if (c < ' ')
            return bad(j, p, "a control character in a string, which has to be written as an escape");
        high |= c >= 128;
        size_t n = c == '\\' ? escape_length(p, j->end) : 1;
        if (!n)
            return bad(j, p, "a backslash that begins no escape");
        p += n;
    }
    sqi_span s = {from, (size_t)(p - from)};
    if (high && !sqi_utf8_valid(s))
        return bad(j, from - 1, "a string that is not UTF-8");
    j->at = p + 1;
    return token(j, t, s.ptr, s.len);
}

static bool digits(const char **p, const char *end)
{
    const char *from = *p;
    while (*p < end && **p >= '0' && **p <= '9')
        ++*p;
    return *p > from;
}

static sqi_json_token number(sqi_json *j)
{
    const char *from = j->at, *p = from + (*from == '-'), *whole = p;
    bool ok = digits(&p, j->end) && (*whole != '0' || p == whole + 1);
    if (ok && p < j->end && *p == '.') {
        ++p;
        ok = digits(&p, j->end);
    }
    if (ok && p < j->end && (*p == 'e' || *p == 'E')) {
        ++p;
        p += p < j->end && (*p == '+' || *p == '-');
        ok = digits(&p, j->end);
    }
    if (!ok)
        return bad(j, from, "a number that is not written as JSON writes numbers");
    j->at = p;
    return token(j, SQI_JSON_NUMBER, from, (size_t)(p - from));
}

static sqi_json_token word(sqi_json *j, const char *text, sqi_json_token t)
{
    size_t n = strlen(text);
    const char *from = j->at;
    if ((size_t)(j->end - from) < n || memcmp(from, text, n) != 0)
        return bad(j, from, "no value");
    j->at += n;
    return token(j, t, from, n);
}

static sqi_json_token open(sqi_json *j, bool object)
{
    if (j->depth == SQI_JSON_DEPTH)
        return bad(j, j->at, "more than 1000 objects and arrays inside each other");
    uint64_t bit = UINT64_C(1) << (j->depth % 64), *word64 = &j->in_object[j->depth / 64];
    *word64 = object ? *word64 | bit : *word64 & ~bit;
    ++j->depth;
    token(j, object ? SQI_JSON_OBJECT : SQI_JSON_ARRAY, j->at, 1);
    j->want = object ? WANT_FIRST_NAME : WANT_FIRST_VALUE;
    ++j->at;
    return j->token;
}

static sqi_json_token close(sqi_json *j)
{
    bool object = inside_object(j);
    if (*j->at != (object ? '}' : ']'))
        return bad(j, j->at, object ? "no '}' or ',' after a field" : "no ']' or ',' after a value");
    --j->depth;
    const char *at = j->at++;
    return token(j, object ? SQI_JSON_OBJECT_END : SQI_JSON_ARRAY_END, at, 1);
}

static sqi_json_token value(sqi_json *j)
{
    switch (*j->at) {
    case '{':
        return open(j, true);
    case '[':
        return open(j, false);
    case '"':
        return string(j, SQI_JSON_STRING);
    case 't':
        return word(j, "true", SQI_JSON_TRUE);
    case 'f':
        return word(j, "false", SQI_JSON_FALSE);
    case 'n':
        return word(j, "null", SQI_JSON_NULL);
    default:
        return *j->at == '-' || (*j->at >= '0' && *j->at <= '9') ? number(j) : bad(j, j->at, "no value");
    }
}

static sqi_json_token name(sqi_json *j)
{
    if (*j->at != '"')
        return bad(j, j->at, "no name of a field in quotes");
    if (string(j, SQI_JSON_NAME) == SQI_JSON_BAD)
        return SQI_JSON_BAD;
    space(j);
    if (j->at == j->end || *j->at != ':')
        return bad(j, j->at, "no ':' after the name of a field");
    ++j->at;
    j->want = WANT_VALUE;
    return j->token;
}

sqi_json_token sqi_json_next(sqi_json *j)
{
    if (j->why)
        return SQI_JSON_BAD;
    space(j);
    if (j->at == j->end) {
        if (j->want == WANT_NOTHING)
            return token(j, SQI_JSON_DONE, j->at, 0);
        return bad(j, j->at, "the text ends too early");
    }
    bool closing = *j->at == '}' || *j->at == ']';
    switch (j->want) {
    case WANT_NOTHING:
        return bad(j, j->at, "more text after the value");
    case WANT_COMMA:
        if (*j->at != ',')
            return close(j);
        ++j->at;
        space(j);
        if (j->at == j->end)
            return bad(j, j->at, "the text ends too early");
        return inside_object(j) ? name(j) : value(j);
    case WANT_FIRST_NAME:
        return closing ? close(j) : name(j);
    case WANT_FIRST_VALUE:
        return closing ? close(j) : value(j);
    default:
        return value(j);
    }
}

bool sqi_json_skip(sqi_json *j)
{
    if (j->token == SQI_JSON_NAME)
        sqi_json_next(j);
    if (j->token == SQI_JSON_OBJECT || j->token == SQI_JSON_ARRAY) {
        uint32_t outside = j->depth - 1;
        while (j->token != SQI_JSON_BAD && j->depth > outside)
            sqi_json_next(j);
    }
    return j->token != SQI_JSON_BAD;
}

static uint32_t escaped_code(const char **p, const char *end)
{
    uint32_t code = (uint32_t)hex4(*p + 2);
    *p += 6;
    if (code < 0xd800 || code > 0xdfff)
        return code;
    if (code < 0xdc00 && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u') {
        int low = hex4(*p + 2);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *p += 6;
            return 0x10000 + ((code - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
        }
    }
    return 0xfffd;
}

static size_t next_char(const char **p, const char *end, char to[4])
{
    if (**p != '\\') {
        to[0] = *(*p)++;
        return 1;
    }
    size_t n = escape_length(*p, end);
    if (n == 6)
        return sqi_utf8_put(escaped_code(p, end), to);
    if (!n) { /* was not checked: the backslash is what it is */
        to[0] = *(*p)++;
        return 1;
    }
    char c = (*p)[1];
    *p += 2;
    to[0] = (char)(c == 'b' ? '\b' : c == 'f' ? '\f' : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c);
    return 1;
}

bool sqi_json_unescape(sqi_span raw, sqi_buf *to)
{
    if (!raw.len)
        return true;
    const char *p = raw.ptr, *end = p + raw.len;
    size_t before = to->len;
    while (p < end) {
        const char *stop = memchr(p, '\\', (size_t)(end - p));
        stop = stop ? stop : end;
        bool ok = sqi_buf_put(to, p, (size_t)(stop - p));
        p = stop;
        if (ok && p < end) {
            char c[4];
            ok = sqi_buf_put(to, c, next_char(&p, end, c));
        }
        if (!ok) {
            to->len = before;
            return false;
        }
    }
    return true;
}

bool sqi_json_is(const sqi_json *j, const char *text)
{
    if (j->token != SQI_JSON_NAME && j->token != SQI_JSON_STRING)
        return false;
    const char *p = j->text.ptr, *end = p + j->text.len;
    if (!memchr(p, '\\', j->text.len)) /* as nearly all are */
        return sqi_span_equal(j->text, sqi_span_of(text));
    while (p < end) {
        char c[4];
        size_t n = next_char(&p, end, c);
        if (strncmp(text, c, n) != 0 || memchr(c, 0, n))
            return false;
        text += n;
    }
    return !*text;
}

bool sqi_json_int(const sqi_json *j, int64_t *v)
{
    if (j->token != SQI_JSON_NUMBER)
        return false;
    const char *p = j->text.ptr, *end = p + j->text.len;
    bool minus = *p == '-';
    uint64_t n = 0, most = (uint64_t)INT64_MAX + minus;
    for (p += minus; p < end; ++p) {
        unsigned d = (unsigned)(*p - '0');
        if (d > 9 || n > (most - d) / 10)
            return false;
        n = n * 10 + d;
    }
    *v = minus ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}
