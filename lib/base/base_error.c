/*
 * base_error: the error object.
 *
 * The parts (text, place, candidates, hint, context) are kept apart, and the whole message is written again after
 * each addition, so that reading an error is free of side effects and of failure. Each error carries its own counted
 * door to the C library's heap. An addition for which there is no memory is dropped; the error stays valid.
 *
 * Everything that comes from outside is bounded: a message quotes values and SQL text of any size, and must remain
 * something a person reads. The place shows one line, cut around the caret.
 */
#include "base_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <utf8proc.h>

#include "base_alloc.h"
#include "base_buf.h"

enum {
    TEXT_BYTES = 4096, /* bytes of message, hint or context that are kept */
    LINE_SHOWN = 160,  /* characters shown of the line with the error */
    LINE_BEFORE = 100, /* of these, before the caret, when the line is cut */
    NAMES_SHOWN = 5,   /* candidates shown */
    NAME_BYTES = 80,   /* bytes shown of each */
};

struct streamq_error {
    sqi_alloc heap;
    sqi_cond cond;
    bool has_place;
    size_t begin, end;   /* bytes in the whole text */
    size_t line, column; /* line from 1, characters from 0 */
    sqi_buf text;        /* these are NUL-terminated within their capacity */
    sqi_buf quote;       /* the line and the caret under it, with line ends */
    sqi_buf names;       /* "`a`, `b`" */
    sqi_buf hint, context;
    sqi_buf message;
};

/* Never written to, never freed: what there is when there is no memory for anything else. */
static const streamq_error no_memory = {.cond = SQI_COND_OUT_OF_MEMORY};
static const char no_memory_text[] = "out of memory; raise the session's memory limit or give the query less to hold";
static const char no_memory_message[] = "[OUT_OF_MEMORY] out of memory; raise the session's memory limit or give the "
                                        "query less to hold SQLSTATE: 53200";

static bool fixed(const streamq_error *e)
{
    return e == &no_memory;
}

static const char *text_of(const sqi_buf *b)
{
    return b->ptr ? b->ptr : "";
}

/* The NUL that every reader counts on; not part of len. */
static bool terminate(sqi_buf *b)
{
    if (!sqi_buf_byte(b, '\0'))
        return false;
    b->len--;
    return true;
}

/* Cut to at most `max` bytes, never inside a character. */
static size_t cut(const char *text, size_t len, size_t max)
{
    if (len <= max)
        return len;
    while (max > 0 && ((unsigned char)text[max] & 0xC0) == 0x80)
        max--;
    return max;
}

/* Text that came from anywhere as valid UTF-8: a message is read by programs that insist on it. */
static bool put_valid(sqi_buf *b, const char *text, size_t len)
{
    if (sqi_utf8_valid((sqi_span){text, len}))
        return sqi_buf_put(b, text, len);
    for (const char *p = text, *end = text + len; p < end;) {
        char bytes[4];
        sqi_buf_put(b, bytes, sqi_utf8_put(sqi_utf8_next(&p, end), bytes));
    }
    return !b->failed;
}

/* Formats with a bound; what does not fit ends in "...". NUL-terminated. False: no memory, *b unusable. */
static bool print_bounded(sqi_buf *b, const char *format, va_list args)
{
    char text[TEXT_BYTES + 1];
    int wanted = vsnprintf(text, sizeof text, format, args);
    if (wanted < 0)
        return sqi_buf_text(b, format) && terminate(b); /* the C library refused a value: the format still tells */
    size_t len = (size_t)wanted;
    if (len > TEXT_BYTES) {
        /* The byte behind the bound is lost, so look at the character that ends at it. */
        len = cut(text, TEXT_BYTES, TEXT_BYTES - 4);
        return put_valid(b, text, len) && sqi_buf_text(b, "...") && terminate(b);
    }
    return put_valid(b, text, len) && terminate(b);
}

/* Write the message again from its parts. Without memory the old message stays. */
static void render(streamq_error *e)
{
    sqi_buf m;
    sqi_buf_init(&m, &e->heap, 0);
    sqi_buf_printf(&m, "[%s] ", sqi_cond_name(e->cond));
    sqi_buf_span(&m, sqi_buf_view(&e->text));
    sqi_buf_printf(&m, " SQLSTATE: %s", sqi_cond_sqlstate(e->cond));
    if (e->has_place)
        sqi_buf_printf(&m, " (line %zu, pos %zu)\n\n== SQL ==\n%s", e->line, e->column, text_of(&e->quote));
    const struct {
        const char *before;
        const sqi_buf *part;
        const char *after;
    } parts[] = {{"Did you mean one of: ", &e->names, "?"}, {"Hint: ", &e->hint, ""}, {"", &e->context, ""}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].part->len == 0)
            continue;
        if (m.len && m.ptr[m.len - 1] != '\n')
            sqi_buf_byte(&m, '\n');
        sqi_buf_text(&m, parts[i].before);
        sqi_buf_span(&m, sqi_buf_view(parts[i].part));
        sqi_buf_text(&m, parts[i].after);
    }
    if (!terminate(&m)) {
        sqi_buf_fini(&m);
        return;
    }
    sqi_buf_fini(&e->message);
    e->message = m;
}

/* NULL: no memory. */
static streamq_error *error_new(sqi_cond cond)
{
    streamq_error *e = sqi_heap_get(sizeof *e);
    if (!e)
        return NULL;
    sqi_alloc_init(&e->heap);
    e->cond = cond;
    sqi_buf *const bufs[] = {&e->text, &e->quote, &e->names, &e->hint, &e->context, &e->message};
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        sqi_buf_init(bufs[i], &e->heap, 0);
    return e;
}

static streamq_error *nomem_object(void)
{
    return (streamq_error *)(uintptr_t)&no_memory;
}

streamq_status sqi_error_set(streamq_error **err, sqi_cond cond, const char *format, ...)
{
    if (!err || *err)
        return sqi_cond_status(cond);
    streamq_error *e = error_new(cond);
    if (!e)
        return sqi_error_nomem(err);
    va_list args;
    va_start(args, format);
    bool ok = print_bounded(&e->text, format, args);
    va_end(args);
    if (ok)
        render(e);
    if (!e->message.ptr) {
        sqi_error_free(e);
        return sqi_error_nomem(err);
    }
    *err = e;
    return sqi_cond_status(cond);
}

streamq_status sqi_error_nomem(streamq_error **err)
{
    if (err && !*err)
        *err = nomem_object();
    return STREAMQ_ERR_NOMEM;
}

/* One character of quoted SQL; what a terminal would act on is shown as a space or U+FFFD. Gives its width. */
static size_t quote_char(sqi_buf *b, uint32_t c)
{
    if (c == '\t') {
        sqi_buf_byte(b, ' ');
        return 1;
    }
    if (c < 0x20 || (c >= 0x7F && c < 0xA0))
        c = 0xFFFD;
    char bytes[4];
    sqi_buf_put(b, bytes, sqi_utf8_put(c, bytes));
    int width = utf8proc_charwidth((utf8proc_int32_t)c);
    return width > 0 ? (size_t)width : 0;
}

/* Back up by at most n characters, not before `from`. Looks at no more than 4n bytes. */
static const char *back(const char *from, const char *p, size_t n)
{
    while (n > 0 && p > from) {
        p--;
        for (int i = 0; i < 3 && p > from && ((unsigned char)*p & 0xC0) == 0x80; i++)
            p--;
        n--;
    }
    return p;
}

/* The line [from, to) with carets under [begin, end): both pointers within the line. */
static bool quote_line(sqi_buf *b, const char *from, const char *to, const char *begin, const char *end)
{
    const char *p = back(from, begin, LINE_BEFORE);
    size_t pad = 0, carets = 0, shown = 0;
    if (p > from) {
        sqi_buf_text(b, "...");
        pad = 3;
    }
    while (p < to && shown < LINE_SHOWN) {
        const char *at = p;
        size_t width = quote_char(b, sqi_utf8_next(&p, to));
        if (at < begin)
            pad += width;
        else if (at < end)
            carets += width;
        shown++;
    }
    if (p < to)
        sqi_buf_text(b, "...");
    sqi_buf_byte(b, '\n');
    sqi_buf_repeat(b, ' ', pad);
    sqi_buf_repeat(b, '^', carets ? carets : 1);
    sqi_buf_byte(b, '\n');
    return terminate(b);
}

void sqi_error_place(streamq_error *e, sqi_span text, size_t begin, size_t end)
{
    if (!e || fixed(e) || e->has_place || !text.ptr)
        return;
    if (begin > text.len)
        begin = text.len;
    if (end > text.len)
        end = text.len;
    if (end < begin)
        end = begin;
    size_t line = 1, from = 0, to = begin;
    for (size_t i = 0; i < begin; i++)
        if (text.ptr[i] == '\n') {
            line++;
            from = i + 1;
        }
    while (to < text.len && text.ptr[to] != '\n')
        to++;
    if (to > begin && text.ptr[to - 1] == '\r')
        to--;
    if (!quote_line(&e->quote, text.ptr + from, text.ptr + to, text.ptr + begin, text.ptr + (end < to ? end : to))) {
        sqi_buf_fini(&e->quote);
        return;
    }
    e->has_place = true;
    e->begin = begin;
    e->end = end;
    e->line = line;
    e->column = sqi_utf8_count((sqi_span){text.ptr + from, begin - from});
    render(e);
}

void sqi_error_hint(streamq_error *e, const char *format, ...)
{
    if (!e || fixed(e))
        return;
    sqi_buf hint;
    sqi_buf_init(&hint, &e->heap, 0);
    va_list args;
    va_start(args, format);
    bool ok = print_bounded(&hint, format, args);
    va_end(args);
    if (!ok) {
        sqi_buf_fini(&hint);
        return;
    }
    sqi_buf_fini(&e->hint);
    e->hint = hint;
    render(e);
}

void sqi_error_context(streamq_error *e, const char *format, ...)
{
    if (!e || fixed(e) || e->context.len > TEXT_BYTES)
        return;
    size_t before = e->context.len;
    va_list args;
    va_start(args, format);
    bool ok = (before == 0 || sqi_buf_byte(&e->context, '\n')) && print_bounded(&e->context, format, args);
    va_end(args);
    if (!ok) {
        e->context.len = before;
        e->context.failed = false;
        if (e->context.ptr)
            e->context.ptr[before] = '\0';
        return;
    }
    render(e);
}

/* A name as an SQL identifier in backticks, bounded. */
static void quote_name(sqi_buf *b, sqi_span name)
{
    size_t shown = cut(name.ptr, name.len, NAME_BYTES);
    sqi_buf_byte(b, '`');
    for (const char *p = name.ptr, *end = name.ptr + shown; p < end;) {
        char bytes[4];
        uint32_t c = sqi_utf8_next(&p, end);
        if (c == '`')
            sqi_buf_byte(b, '`');
        sqi_buf_put(b, bytes, sqi_utf8_put(c ? c : ' ', bytes));
    }
    if (shown < name.len)
        sqi_buf_text(b, "...");
    sqi_buf_byte(b, '`');
}

void sqi_error_candidates(streamq_error *e, const sqi_span *names, size_t n)
{
    if (!e || fixed(e) || n == 0)
        return;
    sqi_buf list;
    sqi_buf_init(&list, &e->heap, 0);
    for (size_t i = 0; i < n && i < NAMES_SHOWN; i++) {
        if (i)
            sqi_buf_text(&list, ", ");
        quote_name(&list, names[i]);
    }
    if (!terminate(&list)) {
        sqi_buf_fini(&list);
        return;
    }
    sqi_buf_fini(&e->names);
    e->names = list;
    render(e);
}

sqi_cond sqi_error_cond(const streamq_error *e)
{
    return e ? e->cond : SQI_COND_NONE;
}

streamq_status sqi_error_status(const streamq_error *e)
{
    return sqi_cond_status(sqi_error_cond(e));
}

const char *sqi_error_text(const streamq_error *e)
{
    if (!e)
        return "";
    return fixed(e) ? no_memory_text : text_of(&e->text);
}

const char *sqi_error_message(const streamq_error *e)
{
    if (!e)
        return "";
    return fixed(e) ? no_memory_message : text_of(&e->message);
}

const char *sqi_error_hint_text(const streamq_error *e)
{
    return e && !fixed(e) ? text_of(&e->hint) : "";
}

bool sqi_error_where(const streamq_error *e, size_t *begin, size_t *end)
{
    if (!e || !e->has_place)
        return false;
    *begin = e->begin;
    *end = e->end;
    return true;
}

static bool copy_part(sqi_buf *to, const sqi_buf *from)
{
    return from->len == 0 || (sqi_buf_span(to, sqi_buf_view(from)) && terminate(to));
}

streamq_error *sqi_error_copy(const streamq_error *e)
{
    if (!e)
        return NULL;
    streamq_error *c = fixed(e) ? NULL : error_new(e->cond);
    if (!c)
        return nomem_object();
    c->has_place = e->has_place;
    c->begin = e->begin;
    c->end = e->end;
    c->line = e->line;
    c->column = e->column;
    bool ok = copy_part(&c->text, &e->text) && copy_part(&c->quote, &e->quote) && copy_part(&c->names, &e->names) &&
              copy_part(&c->hint, &e->hint) && copy_part(&c->context, &e->context) &&
              copy_part(&c->message, &e->message);
    if (ok)
        return c;
    sqi_error_free(c);
    return nomem_object();
}

void sqi_error_free(streamq_error *e)
{
    if (!e || fixed(e))
        return;
    sqi_buf *const bufs[] = {&e->text, &e->quote, &e->names, &e->hint, &e->context, &e->message};
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        sqi_buf_fini(bufs[i]);
    sqi_heap_free(e);
}

streamq_status sqi_error_pass(streamq_error **err, streamq_error *from)
{
    streamq_status status = sqi_error_status(from);
    if (err && !*err)
        *err = from;
    else
        sqi_error_free(from);
    return status;
}
