/*
 * json_lines: see the header. How the encoding is found out where none is asked for is Jackson's way: a mark, or where the
 * zeros stand among the first four bytes. It does so for every line.
 */
#include "json_lines.h"

static const char *line_stop(const char *p, const char *end)
{
    const char *lf = memchr(p, '\n', (size_t)(end - p));
    const char *cr = memchr(p, '\r', (size_t)((lf ? lf : end) - p));
    return cr ? cr : lf;
}

bool sqi_json_lines_next(const sqi_json_settings *s, const char **p, const char *end, bool last, sqi_span *record)
{
    const char *stop = NULL;
    size_t left = (size_t)(end - *p), over = 1;
    if (!left)
        return false;
    if (!s->whole_file && s->line_end.len) {
        stop = memmem(*p, left, s->line_end.ptr, s->line_end.len);
        over = s->line_end.len;
    } else if (!s->whole_file) {
        stop = line_stop(*p, end);
    }
    if (!stop && !last)
        return false;
    *record = (sqi_span){*p, stop ? (size_t)(stop - *p) : left};
    *p = stop ? stop + over : end;
    return true;
}

typedef enum found { PLAIN, MARKED, CONVERT, STRANGE } found;

static found find(sqi_span s, sqi_io_charset *c)
{
    const unsigned char *b = (const unsigned char *)s.ptr;
    if (s.len < 2)
        return PLAIN;
    bool zero[4] = {!b[0], !b[1], s.len >= 4 && !b[2], s.len >= 4 && !b[3]};
    if (s.len >= 4) {
        if (b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf)
            return MARKED;
        c->charset = SQI_CHARSET_UTF32; /* by its mark */
        if (zero[0] && zero[1] && b[2] == 0xfe && b[3] == 0xff)
            return CONVERT;
        if (b[0] == 0xff && b[1] == 0xfe && zero[2] && zero[3])
            return CONVERT;
        c->charset = SQI_CHARSET_UTF16;
        if ((b[0] == 0xfe && b[1] == 0xff) || (b[0] == 0xff && b[1] == 0xfe))
            return CONVERT;
        if (zero[0] + zero[1] + zero[2] + zero[3] >= 3) {
            *c = (sqi_io_charset){SQI_CHARSET_UTF32, true, !zero[0]};
            return (zero[0] && zero[1] && zero[2]) || (zero[1] && zero[2] && zero[3]) ? CONVERT : STRANGE;
        }
    }
    c->charset = zero[0] ? SQI_CHARSET_UTF16BE : SQI_CHARSET_UTF16LE;
    return zero[0] || zero[1] ? CONVERT : PLAIN;
}

/* What is malformed becomes U+FFFD. */
static size_t repair(sqi_io_charset *c, sqi_span from, char *to)
{
    const char *p = from.ptr, *end = p + from.len;
    uint32_t code;
    size_t n = 0;
    while (sqi_io_charset_next(c, &p, end, true, &code))
        n += sqi_utf8_put(code, to + n);
    return n;
}

bool sqi_json_lines_text(const sqi_json_settings *s, bool first, sqi_arena *arena, sqi_span *record, sqi_json_text *out)
{
    sqi_io_charset c = {.charset = s->charset};
    found how = CONVERT;
    if (first && !s->whole_file && record->len >= 3 && memcmp(record->ptr, "\xef\xbb\xbf", 3) == 0)
        *record = (sqi_span){record->ptr + 3, record->len - 3};
    *out = (sqi_json_text){*record, SQI_JSON_RAW_ANEW, false};
    if (!s->has_charset) {
        how = find(*record, &c);
        out->raw = how == CONVERT ? SQI_JSON_RAW_NONE : SQI_JSON_RAW_BYTES;
        out->malformed = how == STRANGE;
        if (how == MARKED)
            out->utf8 = (sqi_span){record->ptr + 3, record->len - 3};
    }
    if (how != CONVERT)
        return true;
    char *text = sqi_arena_get(arena, 4 * record->len + 4);
    if (!text)
        return false;
    size_t n;
    if (s->has_charset && !s->whole_file)
        out->malformed = !sqi_encode_read(s->charset, *record, text, &n);
    else
        n = repair(&c, *record, text);
    out->utf8 = (sqi_span){text, out->malformed ? 0 : n};
    return true;
}
