/*
 * op_shape: see the header.
 */
#include "op_shape.h"

#include "expr_ast.h"

static char escape_of(char c)
{
    return c == '\t' ? 't' : c == '\n' ? 'n' : c == '\\' ? '\\' : 0;
}

/* What stands from `at` on, in place. */
static bool escape(sqi_buf *to, size_t at)
{
    size_t more = 0;
    for (size_t i = at; i < to->len; ++i)
        more += escape_of(to->ptr[i]) != 0;
    if (!more)
        return !to->failed;
    if (!sqi_buf_reserve(to, more))
        return false;
    char *from = to->ptr + to->len, *end = from + more;
    to->len += more;
    while (from < end) {
        char c = *--from, mark = escape_of(c);
        *--end = mark ? mark : c;
        if (mark)
            *--end = '\\';
    }
    return true;
}

bool sqi_shape_begin(sqi_buf *to, const char *word, size_t *at)
{
    *at = to->len;
    return sqi_buf_text(to, word) && sqi_shape_next(to, at);
}

bool sqi_shape_next(sqi_buf *to, size_t *at)
{
    bool fine = escape(to, *at) && sqi_buf_byte(to, '\t');
    *at = to->len;
    return fine;
}

bool sqi_shape_end(sqi_buf *to, size_t *at)
{
    return escape(to, *at) && sqi_buf_byte(to, '\n');
}

bool sqi_shape_operator(sqi_buf *to, const char *metrics, const char *name)
{
    return sqi_buf_printf(to, "operator\t%s\t%s\n", metrics, name);
}

bool sqi_shape_key(sqi_buf *to, const sqi_type *type, sqi_span name)
{
    size_t at;
    return sqi_shape_begin(to, "key", &at) && sqi_type_print_sql(to, type) && sqi_shape_next(to, &at) &&
           sqi_buf_span(to, name) && sqi_shape_end(to, &at);
}

bool sqi_shape_name(sqi_buf *to, const sqi_bound *e)
{
    return e->ast ? sqi_ast_print(to, e->ast) : sqi_bound_print(to, e, NULL);
}

/* ---- reading -------------------------------------------------------------------------------------------------- */

/* Up to the next `end`, which is there or *bad is set. False: no memory. */
static bool take_part(sqi_span *text, char end, sqi_span *out, bool *bad, sqi_arena *arena)
{
    const char *stop = !*bad && text->len ? memchr(text->ptr, end, text->len) : NULL;
    if (!stop) {
        *bad = true;
        return true;
    }
    size_t len = (size_t)(stop - text->ptr), n = 0;
    char *to = sqi_arena_get(arena, len + 1);
    if (!to)
        return false;
    for (size_t i = 0; i < len; ++i) {
        char c = text->ptr[i];
        if (c == '\\' && i + 1 < len) {
            c = text->ptr[++i];
            c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
        }
        to[n++] = c;
    }
    *out = (sqi_span){to, n};
    *text = (sqi_span){stop + 1, text->len - len - 1};
    return true;
}

bool sqi_shape_read(sqi_span *text, sqi_shape_line *out, sqi_arena *arena, streamq_error **err)
{
    bool bad = false;
    if (!text->len)
        return false;
    if (!take_part(text, '\t', &out->word, &bad, arena) || !take_part(text, '\t', &out->same, &bad, arena) ||
        !take_part(text, '\n', &out->name, &bad, arena)) {
        sqi_error_nomem(err);
        return false;
    }
    if (bad)
        sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT, "the description of saved state ends in the middle of a line");
    return !bad;
}
