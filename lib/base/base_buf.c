/*
 * base_buf: growable bytes.
 *
 * Room is doubled; the ceiling bounds `len`, so text that grows from hostile input ends in `failed`, not in all of
 * the machine's memory. After a failure every further append fails too until clear: a run of appends either is
 * whole or is marked. One byte of room is kept behind `len` for the NUL that take adds.
 */
#include "base_buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_CEILING ((size_t)1 << 30)

void sqi_buf_init(sqi_buf *b, sqi_alloc *alloc, size_t ceiling)
{
    *b = (sqi_buf){.alloc = alloc, .ceiling = ceiling ? ceiling : DEFAULT_CEILING};
    if (b->ceiling == SIZE_MAX)
        b->ceiling--;
}

void sqi_buf_fini(sqi_buf *b)
{
    if (b->ptr)
        sqi_alloc_free(b->alloc, b->ptr, b->cap);
    *b = (sqi_buf){.alloc = b->alloc, .ceiling = b->ceiling};
}

void sqi_buf_clear(sqi_buf *b)
{
    b->len = 0;
    b->failed = false;
}

bool sqi_buf_reserve(sqi_buf *b, size_t more)
{
    if (b->failed || b->len > b->ceiling || more > b->ceiling - b->len)
        return !(b->failed = true);
    size_t need = b->len + more + 1; /* cannot wrap: init keeps the ceiling below SIZE_MAX */
    if (need <= b->cap)
        return true;
    size_t wanted = b->cap < 64 ? 64 : b->cap;
    while (wanted < need)
        wanted = wanted <= SIZE_MAX / 2 ? wanted * 2 : need;
    void *items = sqi_alloc_resize(b->alloc, b->ptr, b->cap, wanted);
    if (!items)
        return !(b->failed = true);
    b->ptr = items;
    b->cap = wanted;
    return true;
}

bool sqi_buf_put(sqi_buf *b, const void *ptr, size_t len)
{
    if (!sqi_buf_reserve(b, len))
        return false;
    if (len)
        memcpy(b->ptr + b->len, ptr, len);
    b->len += len;
    return true;
}

bool sqi_buf_byte(sqi_buf *b, char c)
{
    return sqi_buf_put(b, &c, 1);
}

bool sqi_buf_span(sqi_buf *b, sqi_span s)
{
    return sqi_buf_put(b, s.ptr, s.len);
}

bool sqi_buf_text(sqi_buf *b, const char *text)
{
    return sqi_buf_put(b, text, strlen(text));
}

bool sqi_buf_repeat(sqi_buf *b, char c, size_t n)
{
    if (!sqi_buf_reserve(b, n))
        return false;
    if (n)
        memset(b->ptr + b->len, c, n);
    b->len += n;
    return true;
}

bool sqi_buf_printf(sqi_buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        return !(b->failed = true);
    if (!sqi_buf_reserve(b, (size_t)len))
        return false;
    va_start(args, format);
    vsnprintf(b->ptr + b->len, (size_t)len + 1, format, args);
    va_end(args);
    b->len += (size_t)len;
    return true;
}

/* The two-byte escape of a character that has one, else 0. */
static char short_escape(unsigned char c)
{
    switch (c) {
    case '"':
        return '"';
    case '\\':
        return '\\';
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

static bool json_char(sqi_buf *b, const char **p, const char *end)
{
    unsigned char c = (unsigned char)**p;
    char letter = short_escape(c);
    if (letter) {
        ++*p;
        return sqi_buf_put(b, (char[]){'\\', letter}, 2);
    }
    if (c < 0x20) {
        ++*p;
        return sqi_buf_printf(b, "\\u%04x", c);
    }
    char bytes[4];
    size_t len = sqi_utf8_put(sqi_utf8_next(p, end), bytes);
    return sqi_buf_put(b, bytes, len);
}

static bool json_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

bool sqi_buf_json(sqi_buf *b, sqi_span text)
{
    size_t before = b->len;
    const char *p = text.len ? text.ptr : "", *end = p + text.len;
    bool ok = sqi_buf_byte(b, '"');
    while (ok && p < end) {
        const char *run = p;
        while (p < end && json_plain((unsigned char)*p))
            p++;
        ok = sqi_buf_put(b, run, (size_t)(p - run)) && (p == end || json_char(b, &p, end));
    }
    if (ok && sqi_buf_byte(b, '"'))
        return true;
    b->len = before;
    return false;
}

char *sqi_buf_take(sqi_buf *b, size_t *len, size_t *cap)
{
    if (b->failed || !sqi_buf_reserve(b, 0))
        return NULL;
    char *ptr = b->ptr;
    ptr[b->len] = '\0';
    *len = b->len;
    *cap = b->cap;
    b->ptr = NULL;
    b->len = b->cap = 0;
    return ptr;
}
