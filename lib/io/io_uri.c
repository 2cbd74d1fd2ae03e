/*
 * io_uri: see the header. What Java's URI escapes in a path: all of ASCII but letters, digits and _-!.~'()*:@&=+$,;/ and
 * of the rest only control characters and spaces (U+0080 to U+009F, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029,
 * U+202F, U+205F, U+3000).
 */
#include "io_uri.h"

#include "base_hex.h"

static bool plain_ascii(unsigned char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return true;
    return c && strchr("_-!.~'()*:@&=+$,;/", c) != NULL;
}

static bool escaped_beyond(uint32_t code)
{
    return code < 0xA1 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
           code == 0x202F || code == 0x205F || code == 0x3000 || code == 0xFFFD;
}

static bool put_escaped(sqi_buf *to, const char *from, const char *end)
{
    static const char hex[] = "0123456789ABCDEF";
    for (; from < end; from++) {
        unsigned char c = (unsigned char)*from;
        char escape[3] = {'%', hex[c >> 4], hex[c & 15]};
        sqi_buf_put(to, escape, sizeof escape);
    }
    return !to->failed;
}

bool sqi_uri_put(sqi_buf *to, sqi_span path)
{
    const char *end = path.ptr + path.len;
    sqi_buf_text(to, "file://");
    for (const char *p = path.ptr; p < end;) {
        const char *from = p;
        uint32_t code = sqi_utf8_next(&p, end); /* a malformed byte gives U+FFFD: escaped, so that it comes back */
        if (code < 0x80 ? plain_ascii((unsigned char)code) : !escaped_beyond(code))
            sqi_buf_put(to, from, (size_t)(p - from));
        else
            put_escaped(to, from, p);
    }
    return !to->failed;
}

/* Append with %41 as A. False: no memory (*nomem), or a % that begins no escape. */
static bool unescape(sqi_span text, sqi_buf *to, bool *nomem)
{
    *nomem = false;
    for (size_t i = 0; i < text.len;) {
        const char *mark = memchr(text.ptr + i, '%', text.len - i);
        size_t run = mark ? (size_t)(mark - text.ptr) - i : text.len - i;
        if (run)
            sqi_buf_put(to, text.ptr + i, run);
        i += run;
        if (!mark)
            break;
        bool whole = text.len - i >= 3;
        int high = whole ? sqi_hex_digit(text.ptr[i + 1]) : -1;
        int low = whole ? sqi_hex_digit(text.ptr[i + 2]) : -1;
        if (high < 0 || low < 0)
            return false;
        sqi_buf_byte(to, (char)(high << 4 | low));
        i += 3;
    }
    *nomem = to->failed;
    return !to->failed;
}

/* Without the scheme and the machine, if these are here. */
static sqi_uri_fault take_scheme(sqi_span *uri)
{
    sqi_span u = *uri;
    size_t n = 0;
    while (n < u.len && u.ptr[n] != ':' && u.ptr[n] != '/')
        n++;
    if (n < u.len && u.ptr[n] == ':') {
        if (!sqi_span_equal_nocase((sqi_span){u.ptr, n}, SQI_SPAN("file")))
            return SQI_URI_ELSEWHERE;
        u = (sqi_span){u.ptr + n + 1, u.len - n - 1};
        if (sqi_span_starts(u, SQI_SPAN("//"))) {
            u = (sqi_span){u.ptr + 2, u.len - 2};
            for (n = 0; n < u.len && u.ptr[n] != '/';)
                n++;
            if (n && !sqi_span_equal_nocase((sqi_span){u.ptr, n}, SQI_SPAN("localhost")))
                return SQI_URI_ELSEWHERE;
            u = (sqi_span){u.ptr + n, u.len - n};
        }
    }
    *uri = u;
    return u.len && u.ptr[0] == '/' ? SQI_URI_OK : SQI_URI_MALFORMED;
}

sqi_uri_fault sqi_uri_path(sqi_span uri, sqi_buf *to)
{
    size_t before = to->len;
    bool nomem;
    sqi_uri_fault fault = take_scheme(&uri);
    if (fault != SQI_URI_OK)
        return fault;
    if (!unescape(uri, to, &nomem))
        return nomem ? SQI_URI_NOMEM : SQI_URI_MALFORMED;
    return memchr(to->ptr + before, '\0', to->len - before) ? SQI_URI_MALFORMED : SQI_URI_OK;
}

sqi_span sqi_uri_plain(sqi_span path)
{
    size_t n = 0;
    while (n < path.len && path.ptr[n] != ':' && path.ptr[n] != '/')
        n++;
    bool scheme = n > 0 && n < path.len && path.ptr[n] == ':';
    bool file = scheme && sqi_span_equal_nocase((sqi_span){path.ptr, n}, SQI_SPAN("file"));
    if (!scheme || (!file && !sqi_span_starts((sqi_span){path.ptr + n, path.len - n}, SQI_SPAN("://"))))
        return path; /* a name with a colon in it is a name */
    return take_scheme(&path) == SQI_URI_OK ? path : (sqi_span){"", 0};
}
