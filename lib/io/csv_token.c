/*
 * csv_token: see the header. The rules are a state machine over characters with one or two of memory: `ch` is the
 * character at hand and `prev` the one before, where a quote or an escape is concerned. Functions give false when the
 * input ends under them; what then becomes of the value is for finish() alone, which looks at `ch` and `prev` as they
 * were left. A function that calls itself in univocity goes round a loop here, so that input cannot exhaust the stack.
 */
#include "csv_token.h"

enum { LINE = '\n' }; /* every line end is read as this */

static bool fail(sqi_csv_tokenizer *t, streamq_status status)
{
    t->status = status;
    return false;
}

static bool malformed(sqi_csv_tokenizer *t, const char *what)
{
    return fail(t, sqi_error_set(t->err, SQI_COND_MALFORMED_CSV_RECORD, "a record of CSV %s", what));
}

/* ------------------------------------------------------------------------------------------------------- characters */

static bool peek(const sqi_csv_tokenizer *t, const char *p, uint32_t *c)
{
    sqi_io_charset in = t->in;
    return sqi_io_charset_next(&in, &p, t->end, t->last, c);
}

/* The character at *p as it stands; *ends: it ends a line (and *p is moved over all of that, if `over`). */
static bool raw_next(sqi_csv_tokenizer *t, const char **p, uint32_t *c, bool *ends, bool over)
{
    uint32_t second;
    *ends = false;
    if (!sqi_io_charset_next(&t->in, p, t->end, t->last, c)) {
        t->starved = !t->last;
        return false;
    }
    if (*c != t->line1)
        return true;
    if (!t->line2) {
        *ends = true;
        return true;
    }
    const char *behind = *p;
    if (!peek(t, behind, &second)) {
        t->starved = !t->last;
        return t->last;
    }
    *ends = second == t->line2;
    if (*ends && over)
        sqi_io_charset_next(&t->in, p, t->end, t->last, &second);
    return true;
}

static bool next(sqi_csv_tokenizer *t)
{
    uint32_t c;
    bool ends;
    if (!raw_next(t, &t->p, &c, &ends, t->normalize))
        return false;
    t->lines += ends;
    t->ch = ends && t->normalize ? LINE : c;
    return true;
}

/* ------------------------------------------------------------------------------------------------ the value at hand */

static bool blank(uint32_t c)
{
    return c <= ' ';
}

static size_t length(const sqi_csv_tokenizer *t)
{
    return t->value.len - t->blanks;
}

static bool room(sqi_csv_tokenizer *t, size_t units)
{
    t->units += units;
    return t->o->max_chars < 0 || t->units <= (size_t)t->o->max_chars ||
           malformed(t, "has a value of more characters than option 'maxCharsPerColumn' allows");
}

static bool stored(sqi_csv_tokenizer *t, bool done)
{
    return done || fail(t, sqi_error_nomem(t->err));
}

static bool append(sqi_csv_tokenizer *t, uint32_t c)
{
    char text[4];
    if (!room(t, 1 + (c > 0xFFFF)))
        return false;
    if (c < 0x80)
        return stored(t, sqi_buf_byte(&t->value, (char)c));
    return stored(t, sqi_buf_put(&t->value, text, sqi_utf8_put(c, text)));
}

static bool append_sep(sqi_csv_tokenizer *t, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!append(t, t->o->sep[i]))
            return false;
    return true;
}

/* From here on the value is text between quotes no longer: its quote belongs to it. */
static bool prepend_quote(sqi_csv_tokenizer *t)
{
    char text[4];
    size_t len = sqi_utf8_put(t->o->quote, text), old = t->value.len;
    if (!room(t, 1) || !stored(t, sqi_buf_put(&t->value, text, len)))
        return false;
    memmove(t->value.ptr + len, t->value.ptr, old);
    memcpy(t->value.ptr, text, len);
    return true;
}

static void reset(sqi_csv_tokenizer *t)
{
    sqi_buf_clear(&t->value);
    t->skipped = false;
    t->units = t->blanks = 0;
}

static void count_blanks(sqi_csv_tokenizer *t)
{
    t->blanks = 0;
    while (t->blanks < t->value.len && blank((unsigned char)t->value.ptr[t->value.len - 1 - t->blanks]))
        t->blanks++;
}

static bool add(sqi_csv_tokenizer *t, sqi_span token)
{
    if (t->nmade >= (uint64_t)t->o->max_columns)
        return malformed(t, "has more columns than option 'maxColumns' allows");
    if (t->nmade == t->cap) {
        size_t cap = t->cap;
        if (!stored(t, sqi_alloc_grow(t->value.alloc, (void **)&t->made, &cap, t->nmade + 1, sizeof *t->made)))
            return false;
        t->cap = (uint32_t)cap;
    }
    t->made[t->nmade++] = token;
    return true;
}

static bool add_null(sqi_csv_tokenizer *t)
{
    return add(t, (sqi_span){NULL, 0});
}

static bool add_copy(sqi_csv_tokenizer *t, const char *ptr, size_t len)
{
    char *text = sqi_arena_text(t->arena, len ? ptr : "", len);
    return stored(t, text != NULL) && add(t, (sqi_span){text, len});
}

static bool add_value(sqi_csv_tokenizer *t)
{
    if (t->trim)
        count_blanks(t);
    bool done = t->skipped ? add_null(t) : length(t) ? add_copy(t, t->value.ptr, length(t)) : add(t, t->o->empty_value);
    reset(t);
    return done;
}

/* ---------------------------------------------------------------------------------------- separators of any length */

/* What was matched of a separator was text. */
static bool unmatch(sqi_csv_tokenizer *t)
{
    uint32_t n = t->match;
    t->match = 0;
    return n >= t->o->nsep || append_sep(t, n);
}

/* Does a separator stand here? `keep`: if not, what looked like one is text. 1, 0; -1: the input ended. */
static int at_sep(sqi_csv_tokenizer *t, bool keep)
{
    while (t->match < t->o->nsep && t->ch == t->o->sep[t->match]) {
        if (++t->match == t->o->nsep)
            break;
        if (!next(t))
            return -1;
    }
    if (t->match == t->o->nsep) {
        t->match = 0;
        return 1;
    }
    return keep && t->match && !unmatch(t) ? -1 : 0;
}

/* Text up to one of these characters. When the input ends, the character at hand is still the first one. */
static bool append_until(sqi_csv_tokenizer *t, uint32_t stop1, uint32_t stop2, uint32_t stop3)
{
    uint32_t first = t->ch;
    while (t->ch != stop1 && t->ch != stop2 && t->ch != stop3) {
        if (!append(t, t->ch) || !next(t)) {
            t->ch = first;
            return false;
        }
    }
    return true;
}

static bool append_until_sep(sqi_csv_tokenizer *t)
{
    return append_until(t, t->delimiter, LINE, LINE);
}

static bool append_until_wide(sqi_csv_tokenizer *t)
{
    while (t->match < t->o->nsep && t->ch != LINE) {
        if (t->o->sep[t->match] == t->ch) {
            if (++t->match == t->o->nsep)
                break;
        } else if (t->match) {
            if (!unmatch(t))
                return false;
            continue;
        } else if (!append(t, t->ch)) {
            return false;
        }
        if (!next(t))
            return false;
    }
    return unmatch(t);
}

static bool wide(const sqi_csv_tokenizer *t)
{
    return t->o->nsep > 1;
}

/* SKIP_VALUE, which is refused with separators of several characters. */
static bool skip_value(sqi_csv_tokenizer *t)
{
    uint32_t first = t->ch;
    reset(t);
    t->skipped = true;
    while (t->ch != t->delimiter && t->ch != LINE)
        if (!next(t)) {
            t->ch = first;
            return false;
        }
    return true;
}

/* ---------------------------------------------------------------------------------------------------- quoted values */

/* SKIP_VALUE and RAISE_ERROR. */
static bool give_up(sqi_csv_tokenizer *t)
{
    if (t->o->unescaped == SQI_CSV_SKIP_VALUE)
        return skip_value(t);
    return malformed(t, "has a quote without an escape inside a value, which option 'unescapedQuoteHandling' forbids");
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
        return append(t, o->escape);
    }
    if (t->prev == o->escape) {
        if (t->ch != o->quote)
            return append(t, t->prev);
        t->ch = 0;
        return append(t, o->quote);
    }
    if (t->ch == o->quote && t->prev == o->quote)
        return append(t, o->quote);
    if (t->prev != o->quote)
        return true;
    if (gives_up(t))
        return give_up(t);
    *deeper = true;
    return append(t, o->quote);
}

/* Behind a quote that closed nothing; levels of it, as each quote followed by an escape begins one. */
static bool rest_of_value(sqi_csv_tokenizer *t)
{
    const sqi_csv_options *o = t->o;
    size_t level = 1;
    t->prev = t->ch;
    for (bool deeper;;) {
        if (t->ch == t->delimiter || t->ch == LINE) {
            if (--level == 0)
                return true;
        } else if (t->ch != o->quote && t->ch != o->escape) {
            if (t->prev == o->quote) {
                if (!gives_up(t)) {
                    t->prev = t->ch;
                    if (!append(t, o->quote))
                        return false;
                    continue;
                }
                if (!give_up(t))
                    return false;
                if (--level == 0)
                    return true;
            } else if (!append(t, t->ch)) {
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
        if (!next(t))
            return false;
    }
}

/* The place of the first separator or line end in the value; -1: none. */
static ptrdiff_t next_end(const sqi_csv_tokenizer *t, size_t *len)
{
    const char *line = length(t) ? memchr(t->value.ptr, LINE, length(t)) : NULL;
    const char *sep = length(t) ? memmem(t->value.ptr, length(t), t->o->sep_text.ptr, t->o->sep_text.len) : NULL;
    *len = t->o->sep_text.len;
    if (line && (sep ? line < sep : !wide(t))) {
        *len = 1;
        return line - t->value.ptr;
    }
    return sep ? sep - t->value.ptr : -1;
}

static bool row_pends(sqi_csv_tokenizer *t)
{
    sqi_csv_row *row = sqi_arena_zero(t->arena, sizeof *row);
    sqi_span *token = sqi_arena_array(t->arena, t->nmade ? t->nmade : 1, sizeof *token);
    if (!stored(t, row && token))
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
    for (ptrdiff_t at; (at = next_end(t, &len)) >= 0;) {
        bool line = t->value.ptr[at] == LINE;
        if (!add_copy(t, t->value.ptr, (size_t)at) || (line && !row_pends(t)))
            return false;
        t->value.len -= (size_t)at + len;
        memmove(t->value.ptr, t->value.ptr + at + len, t->value.len);
    }
    t->prev = 0;
    return append(t, t->ch);
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
    if (!append(t, t->o->quote) || !append(t, t->ch))
        return false;
    t->prev = t->ch;
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
    if (!prepend_quote(t) || !next(t))
        return false;
    t->trim = t->o->trim_trailing;
    return one ? append_until_sep(t) : append_until_wide(t);
}

static bool save_white(sqi_csv_tokenizer *t)
{
    return stored(t, sqi_buf_byte(&t->white, (char)t->ch)) && next(t);
}

/* More than white space stands behind the closing quote: both belong to the value. */
static bool keep_white(sqi_csv_tokenizer *t)
{
    if (!append(t, t->o->quote) || !room(t, t->white.len) ||
        !stored(t, sqi_buf_put(&t->value, t->white.ptr, t->white.len)))
        return false;
    if ((until_delimiter(t) || (t->ch != t->o->quote && t->ch != t->o->escape)) && !append(t, t->ch))
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
            if (blank(t->ch) || (one && t->ch == t->delimiter) || t->ch == LINE)
                return CLOSED;
            int sep = one ? 0 : at_sep(t, true);
            if (sep)
                return sep < 0 ? FAILED : DONE;
        }
        if (t->ch != o->quote && t->ch != o->escape) {
            if (t->prev == o->quote) {
                if (!after_false_end(t, &again))
                    return FAILED;
                return again ? AGAIN : DONE;
            }
            if (t->prev == o->escape && o->escape && !append(t, o->escape))
                return FAILED;
            if (!append_until(t, o->quote, o->escape, o->escape_escape))
                return FAILED;
            t->prev = t->ch;
            if (!next(t))
                return FAILED;
            continue;
        }
        if (!quote_or_escape(t, &deeper) || (deeper && !rest_of_value(t)))
            return FAILED;
        t->prev = t->ch;
        if (!next(t))
            return FAILED;
        if (t->unescaped) {
            int sep = one ? t->ch == t->delimiter || t->ch == LINE : t->ch == LINE ? 1 : at_sep(t, true);
            if (sep)
                return sep < 0 ? FAILED : DONE;
        }
    }
}

/* White space behind the closing quote: forgotten, if nothing but the end follows it. */
static step after_quote(sqi_csv_tokenizer *t, bool one)
{
    int sep = 0;
    if ((one && t->ch == t->delimiter) || t->ch == LINE || !blank(t->ch))
        return DONE;
    if (!one && (sep = at_sep(t, false)) != 0)
        return sep < 0 ? FAILED : DONE;
    sqi_buf_clear(&t->white);
    do {
        if (!save_white(t))
            return FAILED;
        if (t->ch == LINE)
            return DONE;
        if (!one && (sep = at_sep(t, false)) != 0)
            return sep < 0 ? FAILED : DONE;
    } while (blank(t->ch) && !(one && t->ch == t->delimiter));
    if (one && t->ch == t->delimiter)
        return DONE;
    if (t->o->unescaped != SQI_CSV_RAISE_ERROR)
        return keep_white(t) ? AGAIN : FAILED;
    if (!one)
        return DONE;
    malformed(t, "has text behind the quote that closes a value");
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
            if (!next(t))
                return false;
            s = quoted_text(t, one);
        }
        bool closed = s == CLOSED;
        if (closed)
            s = after_quote(t, one);
        one = closed || !wide(t);
        if (s != AGAIN)
            return s == DONE;
    }
}

/* ------------------------------------------------------------------------------------------------------- whole records */

/* A look at what follows the character before p. 1: it is *c, 0: nothing, -1: more bytes are needed to tell. */
static int look(sqi_csv_tokenizer *t, const char *p, uint32_t *c)
{
    if (peek(t, p, c))
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
            if (before != o->escape && more && (after == t->delimiter || after == LINE) &&
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
        if (!append(t, c))
            return false;
    bool done = t->value.len ? add_copy(t, t->value.ptr, t->value.len) : add(t, t->o->empty_value);
    reset(t);
    return done;
}

/* The value between quotes, whose first is at hand. *over: also what ends it was read, and the input may end there. */
static bool quoted(sqi_csv_tokenizer *t, bool *over)
{
    const char *behind = NULL;
    t->normalize = !(t->o->multi_line && t->o->nline_sep);
    *over = false;
    if (!wide(t) && !length(t) && !find_plain(t, &behind))
        return false;
    if (behind) {
        *over = true;
        if (!add_plain(t, behind))
            return false;
        t->normalize = true;
        bool more = next(t), sep = more && t->ch == t->delimiter;
        if (sep)
            more = next(t);
        if (!more)
            t->ch = LINE;
        return !t->starved && (!sep || t->ch != LINE || add_null(t));
    }
    t->trim = false;
    if (!quoted_value(t, !wide(t)))
        return false;
    t->normalize = true;
    return (t->unescaped && t->o->unescaped == SQI_CSV_BACK_TO_DELIMITER && !length(t)) || add_value(t);
}

/* A value without quotes, as it stands. *found false: the input has no separator or line end behind it. */
static bool unquoted_whole(sqi_csv_tokenizer *t, bool *found)
{
    const char *p = t->p;
    sqi_io_charset in = t->in;
    bool ends = false;
    uint32_t c = t->ch;
    *found = false;
    while (c != t->delimiter && !ends) {
        if (t->o->max_chars >= 0 && t->units >= (size_t)t->o->max_chars)
            goto not_here;
        if (!append(t, c))
            return false;
        p = t->p;
        in = t->in;
        if (!raw_next(t, &t->p, &c, &ends, false)) {
            if (t->starved || t->status != STREAMQ_OK)
                return false;
            goto not_here;
        }
    }
    t->p = p; /* read once more, as a line end if it is one */
    t->in = in;
    if (t->o->trim_trailing)
        count_blanks(t);
    *found = true;
    bool done = length(t) ? add_copy(t, t->value.ptr, length(t)) : add_null(t);
    reset(t);
    return done && next(t);
not_here:
    reset(t);
    return true;
}

static bool unquoted(sqi_csv_tokenizer *t)
{
    if (wide(t)) {
        if (!append_until_wide(t))
            return false;
        if (t->o->trim_trailing)
            count_blanks(t);
        return add_value(t);
    }
    if (!length(t)) {
        const char *p = t->p;
        sqi_io_charset in = t->in;
        bool found;
        if (!unquoted_whole(t, &found))
            return false;
        if (found)
            return true;
        t->p = p;
        t->in = in;
    }
    t->trim = t->o->trim_trailing;
    return append_until_sep(t) && add_value(t);
}

static bool skip_white(sqi_csv_tokenizer *t)
{
    uint32_t first = t->ch;
    if (!t->o->trim_leading || !blank(t->ch))
        return true;
    if (!wide(t)) {
        while (blank(t->ch) && t->ch != t->delimiter && t->ch != LINE && t->ch != t->o->quote)
            if (!next(t)) {
                t->ch = first;
                return false;
            }
        return true;
    }
    while (blank(t->ch) && t->match < t->o->nsep && t->ch != LINE && t->ch != t->o->quote) {
        if (!next(t))
            return false;
        if (t->o->sep[t->match] != t->ch)
            continue;
        int sep = at_sep(t, true);
        if (sep < 0 || (sep && (!add_null(t) || !next(t))))
            return false;
    }
    return unmatch(t);
}

static int at_end(sqi_csv_tokenizer *t)
{
    if (t->ch == LINE)
        return 1;
    return wide(t) ? at_sep(t, true) : t->ch == t->delimiter;
}

static bool record(sqi_csv_tokenizer *t)
{
    if (!skip_white(t))
        return false;
    while (t->ch != LINE) {
        if (!skip_white(t))
            return false;
        int end = at_end(t);
        if (end < 0)
            return false;
        if (end) {
            if (!add_null(t))
                return false;
        } else {
            bool over = false;
            t->unescaped = false;
            t->prev = 0;
            if (!(t->ch == t->o->quote && (!wide(t) || !length(t)) ? quoted(t, &over) : unquoted(t)))
                return false;
            if (over)
                continue;
        }
        if (t->ch != LINE && (!next(t) || (t->ch == LINE && !add_null(t))))
            return false;
    }
    return true;
}

/* The input ended inside a value: is there one, even if it is empty? */
static bool value_at_end(sqi_csv_tokenizer *t, bool *value)
{
    *value = t->ch == t->o->quote && t->prev == t->o->quote;
    if (*value)
        return true;
    if (t->ch == t->o->quote && !t->unescaped && !append(t, t->o->quote))
        return false;
    *value = (t->prev && t->ch != t->delimiter && t->ch != LINE && t->ch != t->o->comment) || t->match;
    t->ch = t->prev = 0;
    return unmatch(t);
}

static bool take_row(sqi_csv_tokenizer *t)
{
    if (t->pending) {
        t->token = t->pending->token;
        t->n = t->pending->n;
        t->pending = t->pending->next;
        return true;
    }
    t->token = t->made;
    t->n = t->nmade;
    t->nmade = 0;
    return t->n != 0;
}

/* The input ended inside a record. False: that was none, or it failed. */
static bool finish(sqi_csv_tokenizer *t)
{
    bool value, any = t->p > t->start;
    if (!value_at_end(t, &value))
        return false;
    if (t->nmade || value) {
        if (length(t) || value ? !add_value(t) : any && !add_null(t))
            return false;
    } else if (length(t)) {
        if (!add_value(t))
            return false;
    } else if (any && !add_null(t)) {
        return false;
    }
    return take_row(t);
}

void sqi_csv_tokenizer_init(sqi_csv_tokenizer *t, const sqi_csv_options *o, sqi_alloc *alloc, sqi_arena *arena)
{
    memset(t, 0, sizeof *t);
    t->o = o;
    t->arena = arena;
    sqi_buf_init(&t->value, alloc, 0);
    sqi_buf_init(&t->white, alloc, 0);
    t->delimiter = wide(t) ? 0 : o->sep[0];
    t->normalize = true;
}

void sqi_csv_tokenizer_fini(sqi_csv_tokenizer *t)
{
    if (t->value.alloc)
        sqi_alloc_free(t->value.alloc, t->made, t->cap * sizeof *t->made);
    sqi_buf_fini(&t->value);
    sqi_buf_fini(&t->white);
}

static void start(sqi_csv_tokenizer *t, const char *p, const char *end, bool last, streamq_error **err)
{
    t->start = t->p = p;
    t->end = end;
    t->last = last;
    t->err = err;
    t->status = STREAMQ_OK;
    t->starved = false;
    t->nmade = t->n = 0;
    reset(t);
}

streamq_status sqi_csv_tokenize_line(sqi_csv_tokenizer *t, sqi_span line, streamq_error **err)
{
    t->pending = NULL;
    t->in = (sqi_io_charset){.charset = t->o->charset};
    t->line1 = t->o->nline_sep ? t->o->line_sep[0] : LINE;
    t->line2 = t->o->nline_sep > 1 ? t->o->line_sep[1] : 0;
    start(t, line.ptr, line.ptr + line.len, true, err);
    for (;;) {
        t->start = t->p;
        if (!next(t) || !record(t)) {
            if (t->status == STREAMQ_OK)
                finish(t);
            return t->status;
        }
        if (take_row(t))
            return STREAMQ_OK;
    }
}

void sqi_csv_tokenizer_begin(sqi_csv_tokenizer *t, uint32_t line1, uint32_t line2, sqi_io_charset in)
{
    t->line1 = line1;
    t->line2 = line2;
    t->in = in;
    t->normalize = true;
    t->pending = NULL;
    t->stopped = t->trim = t->unescaped = false;
    t->ch = t->prev = t->match = 0;
    t->nmade = 0;
}

/* Passes over a comment, whose first character is at hand. */
static bool skip_comment(sqi_csv_tokenizer *t)
{
    for (uint64_t line = t->lines; t->lines == line;)
        if (!next(t))
            return false;
    return true;
}

/* One go at the input: a record, or nothing (blank line, comment, the end). */
static bool go(sqi_csv_tokenizer *t, bool *found)
{
    *found = false;
    t->start = t->p;
    if (t->stopped) {
        *found = t->nmade && take_row(t);
        return false;
    }
    if (next(t)) {
        if (t->o->comments && t->ch == t->o->comment) {
            if (skip_comment(t))
                return true;
            if (t->starved || t->status != STREAMQ_OK)
                return false;
            t->start = t->p;
        } else if (t->pending || record(t)) {
            *found = take_row(t);
            return !*found;
        }
    }
    if (t->starved || t->status != STREAMQ_OK)
        return false;
    *found = finish(t);
    t->stopped = !t->pending;
    return false;
}

streamq_status sqi_csv_tokenize_next(sqi_csv_tokenizer *t, const char **p, const char *end, bool last, bool *found,
                                     sqi_span *raw, streamq_error **err)
{
    uint32_t made = t->nmade; /* behind a record that waited */
    start(t, *p, end, last, err);
    t->nmade = made;
    for (bool more = true; more;) {
        sqi_csv_tokenizer before = *t;
        more = go(t, found);
        if (t->starved) { /* as if the record had not been begun; what memory grew stays */
            t->in = before.in;
            t->lines = before.lines;
            t->normalize = before.normalize;
            t->trim = before.trim;
            t->unescaped = before.unescaped;
            t->ch = before.ch;
            t->prev = before.prev;
            t->match = before.match;
            t->p = before.p;
            t->nmade = 0;
            *found = false;
        }
        if (*found)
            *raw = (sqi_span){t->start, (size_t)(t->p - t->start)};
    }
    *p = t->p;
    return t->status;
}
