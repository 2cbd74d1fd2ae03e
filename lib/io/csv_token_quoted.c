/*
 * csv_token_quoted: values between quotes: escapes, doubled quotes, quotes without escapes, white space behind the last.
 * A function that calls itself in univocity goes round a loop here, so that input cannot exhaust the stack.
 */
#include "csv_token_parts.h"

/* SKIP_VALUE, which is refused with separators of several characters. */
static bool skip_value(sqi_csv_tokenizer *t)
{
    uint32_t first = t->ch;
    sqi_csv_token_reset(t);
    t->skipped = true;
    while (t->ch != t->delimiter && t->ch != t->o->newline)
        if (!sqi_csv_token_next(t)) {
            t->ch = first;
            return false;
        }
    return true;
}

/* SKIP_VALUE and RAISE_ERROR. */
static bool give_up(sqi_csv_tokenizer *t)
{
    if (t->o->unescaped == SQI_CSV_SKIP_VALUE)
        return skip_value(t);
    return sqi_csv_token_malformed(
        t, "has a quote without an escape inside a value, which option 'unescapedQuoteHandling' forbids");
}

static bool gives_up(const sqi_csv_tokenizer *t)
{
    return t->o->unescaped == SQI_CSV_SKIP_VALUE || t->o->unescaped == SQI_CSV_RAISE_ERROR;
}

/*
 * What a quote or an escape after `prev` means. *deeper: it came after a closing quote, so the rest up to the separator
 * is a value with a quote inside (rest_of_value), after which the caller goes on.
 */
static bool quote_or_escape(sqi_csv_tokenizer *t, bool *deeper)
{
    const sqi_csv_options *o = t->o;
    *deeper = false;
    if (t->ch == o->escape && t->prev == o->escape_escape && o->escape_escape) {
        t->ch = 0;
        return sqi_csv_token_append(t, o->escape);
    }
    if (t->prev == o->escape) {
        if (t->ch != o->quote)
            return sqi_csv_token_append(t, t->prev);
        t->ch = 0;
        return sqi_csv_token_append(t, o->quote);
    }
    if (t->ch == o->quote && t->prev == o->quote)
        return sqi_csv_token_append(t, o->quote);
    if (t->prev != o->quote)
        return true;
    if (gives_up(t))
        return give_up(t);
    *deeper = true;
    return sqi_csv_token_append(t, o->quote);
}

/* Behind a quote that closed nothing; levels of it, as each quote followed by an escape begins one. */
static bool rest_of_value(sqi_csv_tokenizer *t)
{
    const sqi_csv_options *o = t->o;
    size_t level = 1;
    t->prev = t->ch;
    for (bool deeper;;) {
        if (t->ch == t->delimiter || t->ch == t->o->newline) {
            if (--level == 0)
                return true;
        } else if (t->ch != o->quote && t->ch != o->escape) {
            if (t->prev == o->quote) {
                if (!gives_up(t)) {
                    t->prev = t->ch;
                    if (!sqi_csv_token_append(t, o->quote))
                        return false;
                    continue;
                }
                if (!give_up(t))
                    return false;
                if (--level == 0)
                    return true;
            } else if (!sqi_csv_token_append(t, t->ch)) {
                return false;
            }
        } else {
            if (!quote_or_escape(t, &deeper))
                return false;
            if (deeper) {
                level++;
                t->prev = t->ch;
                continue;
            }
        }
        t->prev = t->ch;
        if (!sqi_csv_token_next(t))
            return false;
    }
}

/* The place of the first separator or line end in the value, and its length; -1: none. */
static ptrdiff_t next_end(const sqi_csv_tokenizer *t, size_t *len, bool *ends)
{
    *ends = false;
    char newline[4];
    size_t nnewline = sqi_utf8_put(t->o->newline, newline);
    const char *line =
        sqi_csv_token_length(t) ? memmem(t->value.ptr, sqi_csv_token_length(t), newline, nnewline) : NULL;
    const char *sep = sqi_csv_token_length(t)
                          ? memmem(t->value.ptr, sqi_csv_token_length(t), t->o->sep_text.ptr, t->o->sep_text.len)
                          : NULL;
    *len = t->o->sep_text.len;
    if (line && (sep ? line < sep : !sqi_csv_token_wide(t))) {
        *len = nnewline;
        *ends = true;
        return line - t->value.ptr;
    }
    return sep ? sep - t->value.ptr : -1;
}

static bool row_pends(sqi_csv_tokenizer *t)
{
    sqi_csv_row *row = sqi_arena_zero(t->arena, sizeof *row);
    sqi_span *token = sqi_arena_array(t->arena, t->nmade ? t->nmade : 1, sizeof *token);
    if (!sqi_csv_token_stored(t, row && token))
        return false;
    if (t->pending) { /* Spark takes the first of those that wait, and puts it behind the others again */
        *row = *t->pending;
        t->pending = t->pending->next;
        t->pending_end = t->pending ? t->pending_end : &t->pending;
        row->next = NULL;
    } else {
        memcpy(token, t->made, t->nmade * sizeof *token);
        *row = (sqi_csv_row){token, t->nmade, NULL};
        t->nmade = 0;
        t->pending_end = &t->pending;
    }
    *t->pending_end = row;
    t->pending_end = &row->next;
    return true;
}

/* BACK_TO_DELIMITER: the quote opened nothing, so what looked quoted is cut at its separators after all. */
static bool cut_again(sqi_csv_tokenizer *t)
{
    size_t len;
    bool line;
    for (ptrdiff_t at; (at = next_end(t, &len, &line)) >= 0;) {
        if (!sqi_csv_token_add_copy(t, t->value.ptr, (size_t)at) || (line && !row_pends(t)))
            return false;
        t->value.len -= (size_t)at + len;
        memmove(t->value.ptr, t->value.ptr + at + len, t->value.len);
    }
    t->prev = 0;
    return sqi_csv_token_append(t, t->ch);
}

/* A closing quote with something behind it. *again: go on as if inside the value; else the value has ended. */
static bool after_false_end(sqi_csv_tokenizer *t, bool *again)
{
    t->unescaped = true;
    *again = !gives_up(t);
    if (!*again)
        return give_up(t);
    if (t->o->unescaped == SQI_CSV_BACK_TO_DELIMITER)
        return cut_again(t);
    if (!sqi_csv_token_append(t, t->o->quote) || !sqi_csv_token_append(t, t->ch))
        return false;
    t->prev = t->ch;
    return true;
}

/* From here on the value is text between quotes no longer: its quote belongs to it. */
static bool prepend_quote(sqi_csv_tokenizer *t)
{
    char text[4];
    size_t len = sqi_utf8_put(t->o->quote, text), old = t->value.len;
    if (!sqi_csv_token_room(t, 1) || !sqi_csv_token_stored(t, sqi_buf_put(&t->value, text, len)))
        return false;
    memmove(t->value.ptr + len, t->value.ptr, old);
    memcpy(t->value.ptr, text, len);
    return true;
}

static bool until_delimiter(const sqi_csv_tokenizer *t)
{
    return t->o->unescaped != SQI_CSV_STOP_AT_CLOSING_QUOTE && t->o->unescaped != SQI_CSV_RAISE_ERROR;
}

/* The quote was none: text up to the separator. */
static bool as_unquoted(sqi_csv_tokenizer *t, bool one)
{
    if (t->o->unescaped == SQI_CSV_SKIP_VALUE)
        return skip_value(t);
    if (!prepend_quote(t) || !sqi_csv_token_next(t))
        return false;
    t->trim = t->o->trim_trailing;
    return one ? sqi_csv_token_append_until_sep(t) : sqi_csv_token_append_until_wide(t);
}

static bool save_white(sqi_csv_tokenizer *t)
{
    return sqi_csv_token_stored(t, sqi_buf_byte(&t->white, (char)t->ch)) && sqi_csv_token_next(t);
}

/* More than white space stands behind the closing quote: both belong to the value. */
static bool keep_white(sqi_csv_tokenizer *t)
{
    if (!sqi_csv_token_append(t, t->o->quote) || !sqi_csv_token_room(t, t->white.len) ||
        !sqi_csv_token_stored(t, sqi_buf_put(&t->value, t->white.ptr, t->white.len)))
        return false;
    if ((until_delimiter(t) || (t->ch != t->o->quote && t->ch != t->o->escape)) && !sqi_csv_token_append(t, t->ch))
        return false;
    t->prev = t->ch;
    return true;
}

typedef enum step { FAILED, DONE, AGAIN, CLOSED } step;

/* Inside the quotes up to their end: CLOSED, with what stands behind it at hand. */
static step quoted_text(sqi_csv_tokenizer *t, bool one)
{
    const sqi_csv_options *o = t->o;
    for (bool again, deeper;;) {
        if (t->prev == o->quote) {
            if (sqi_csv_token_blank(t->ch) || (one && t->ch == t->delimiter) || t->ch == t->o->newline)
                return CLOSED;
            int sep = one ? 0 : sqi_csv_token_at_sep(t, true);
            if (sep)
                return sep < 0 ? FAILED : DONE;
        }
        if (t->ch != o->quote && t->ch != o->escape) {
            if (t->prev == o->quote) {
                if (!after_false_end(t, &again))
                    return FAILED;
                return again ? AGAIN : DONE;
            }
            if (t->prev == o->escape && o->escape && !sqi_csv_token_append(t, o->escape))
                return FAILED;
            if (!sqi_csv_token_append_until(t, o->quote, o->escape, o->escape_escape))
                return FAILED;
            t->prev = t->ch;
            if (!sqi_csv_token_next(t))
                return FAILED;
            continue;
        }
        if (!quote_or_escape(t, &deeper) || (deeper && !rest_of_value(t)))
            return FAILED;
        t->prev = t->ch;
        if (!sqi_csv_token_next(t))
            return FAILED;
        if (t->unescaped) {
            int sep = one                      ? t->ch == t->delimiter || t->ch == t->o->newline
                      : t->ch == t->o->newline ? 1
                                               : sqi_csv_token_at_sep(t, true);
            if (sep)
                return sep < 0 ? FAILED : DONE;
        }
    }
}

/* White space behind the closing quote: forgotten, if nothing but the end follows it. */
static step after_quote(sqi_csv_tokenizer *t, bool one)
{
    int sep = 0;
    if ((one && t->ch == t->delimiter) || t->ch == t->o->newline || !sqi_csv_token_blank(t->ch))
        return DONE;
    if (!one && (sep = sqi_csv_token_at_sep(t, false)) != 0)
        return sep < 0 ? FAILED : DONE;
    sqi_buf_clear(&t->white);
    do {
        if (!save_white(t))
            return FAILED;
        if (t->ch == t->o->newline)
            return DONE;
        if (!one && (sep = sqi_csv_token_at_sep(t, false)) != 0)
            return sep < 0 ? FAILED : DONE;
    } while (sqi_csv_token_blank(t->ch) && !(one && t->ch == t->delimiter));
    if (one && t->ch == t->delimiter)
        return DONE;
    if (t->o->unescaped != SQI_CSV_RAISE_ERROR)
        return keep_white(t) ? AGAIN : FAILED;
    if (!one)
        return DONE;
    sqi_csv_token_malformed(t, "has text behind the quote that closes a value");
    return FAILED;
}

/* `ch` is the opening quote. With separators of several characters what follows white space behind a quote is read as
   if there were one character, and that NUL; so it is in Spark. */
static bool quoted_value(sqi_csv_tokenizer *t, bool one)
{
    for (step s;;) {
        if (t->prev && until_delimiter(t)) {
            if (!as_unquoted(t, one))
                return false;
            s = one || t->o->unescaped == SQI_CSV_SKIP_VALUE ? DONE : CLOSED;
        } else {
            if (!sqi_csv_token_next(t))
                return false;
            s = quoted_text(t, one);
        }
        bool closed = s == CLOSED;
        if (closed)
            s = after_quote(t, one);
        one = closed || !sqi_csv_token_wide(t);
        if (s != AGAIN)
            return s == DONE;
    }
}

/* A look at what follows the character before p. 1: it is *c, 0: nothing, -1: more bytes are needed to tell. */
static int look(sqi_csv_tokenizer *t, const char *p, uint32_t *c)
{
    if (sqi_csv_token_peek(t, p, c))
        return 1;
    t->starved = !t->last;
    return t->last ? 0 : -1;
}

/* A value between quotes that ends plainly, as it stands: Spark takes it whole, or character by character as any other,
   and there are corners where that is not the same. *behind: where its closing quote ends; NULL: it is not one. */
static bool find_plain(sqi_csv_tokenizer *t, const char **behind)
{
    const sqi_csv_options *o = t->o;
    sqi_io_charset in = t->in;
    const char *p = t->p;
    uint32_t c, before = o->quote, after = 0;
    size_t units = 0;
    *behind = NULL;
    for (;; before = c) {
        if (!sqi_io_charset_next(&in, &p, t->end, t->last, &c)) {
            t->starved = !t->last;
            return t->last;
        }
        bool mark = c == o->quote || c == o->escape || c == t->line1;
        int more = mark ? look(t, p, &after) : 0;
        if (more < 0)
            return false;
        if (c == o->quote) {
            if (before != o->escape && more && (after == t->delimiter || after == t->o->newline) &&
                (o->max_chars < 0 || units <= (size_t)o->max_chars))
                *behind = p;
            return true;
        }
        if (c == o->escape ? more && (after == o->quote || after == o->escape_escape)
                           : c == t->line1 && t->normalize && (!t->line2 || (more && after == t->line2)))
            return true;
        units += 1 + (c > 0xFFFF);
    }
}

static bool add_plain(sqi_csv_tokenizer *t, const char *behind)
{
    uint32_t c;
    while (sqi_io_charset_next(&t->in, &t->p, t->end, true, &c) && t->p < behind)
        if (!sqi_csv_token_append(t, c))
            return false;
    bool done =
        t->value.len ? sqi_csv_token_add_copy(t, t->value.ptr, t->value.len) : sqi_csv_token_add(t, t->o->empty_value);
    sqi_csv_token_reset(t);
    return done;
}

/* The value between quotes, whose first is at hand. *over: also what ends it was read, and the input may end there. */
bool sqi_csv_token_quoted(sqi_csv_tokenizer *t, bool *over)
{
    const char *behind = NULL;
    t->normalize = !(t->o->multi_line && t->o->nline_sep);
    *over = false;
    if (!sqi_csv_token_wide(t) && !sqi_csv_token_length(t) && !find_plain(t, &behind))
        return false;
    if (behind) {
        *over = true;
        if (!add_plain(t, behind))
            return false;
        t->normalize = true;
        bool more = sqi_csv_token_next(t), sep = more && t->ch == t->delimiter;
        if (sep)
            more = sqi_csv_token_next(t);
        if (!more)
            t->ch = t->o->newline;
        return !t->starved && (!sep || t->ch != t->o->newline || sqi_csv_token_add_null(t));
    }
    t->trim = false;
    if (!quoted_value(t, !sqi_csv_token_wide(t)))
        return false;
    t->normalize = true;
    return (t->unescaped && t->o->unescaped == SQI_CSV_BACK_TO_DELIMITER && !sqi_csv_token_length(t)) ||
           sqi_csv_token_add_value(t);
}
