/*
 * csv_token: see the header. The rules are a state machine over characters with one or two of memory: `ch` is the
 * character at hand and `prev` the one before, where a quote or an escape is concerned.
 */
#include "csv_token_parts.h"

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
        if (!sqi_csv_token_append(t, c))
            return false;
        p = t->p;
        in = t->in;
        if (!sqi_csv_token_raw_next(t, &t->p, &c, &ends, false)) {
            if (t->starved || t->status != STREAMQ_OK)
                return false;
            goto not_here;
        }
    }
    t->p = p; /* read once more, as a line end if it is one */
    t->in = in;
    if (t->o->trim_trailing)
        sqi_csv_token_count_blanks(t);
    *found = true;
    bool done = sqi_csv_token_length(t) ? sqi_csv_token_add_copy(t, t->value.ptr, sqi_csv_token_length(t))
                                        : sqi_csv_token_add_null(t);
    sqi_csv_token_reset(t);
    return done && sqi_csv_token_next(t);
not_here:
    sqi_csv_token_reset(t);
    return true;
}

static bool unquoted(sqi_csv_tokenizer *t)
{
    if (sqi_csv_token_wide(t)) {
        if (!sqi_csv_token_append_until_wide(t))
            return false;
        if (t->o->trim_trailing)
            sqi_csv_token_count_blanks(t);
        return sqi_csv_token_add_value(t);
    }
    if (!sqi_csv_token_length(t)) {
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
    return sqi_csv_token_append_until_sep(t) && sqi_csv_token_add_value(t);
}

static bool skip_white(sqi_csv_tokenizer *t)
{
    uint32_t first = t->ch;
    if (!t->o->trim_leading || !sqi_csv_token_blank(t->ch))
        return true;
    if (!sqi_csv_token_wide(t)) {
        while (sqi_csv_token_blank(t->ch) && t->ch != t->delimiter && t->ch != t->o->newline && t->ch != t->o->quote)
            if (!sqi_csv_token_next(t)) {
                t->ch = first;
                return false;
            }
        return true;
    }
    while (sqi_csv_token_blank(t->ch) && t->match < t->o->nsep && t->ch != t->o->newline && t->ch != t->o->quote) {
        if (!sqi_csv_token_next(t))
            return false;
        if (t->o->sep[t->match] != t->ch)
            continue;
        int sep = sqi_csv_token_at_sep(t, true);
        if (sep < 0 || (sep && (!sqi_csv_token_add_null(t) || !sqi_csv_token_next(t))))
            return false;
    }
    return sqi_csv_token_unmatch(t);
}

static int at_end(sqi_csv_tokenizer *t)
{
    if (t->ch == t->o->newline)
        return 1;
    return sqi_csv_token_wide(t) ? sqi_csv_token_at_sep(t, true) : t->ch == t->delimiter;
}

static bool record(sqi_csv_tokenizer *t)
{
    if (!skip_white(t))
        return false;
    while (t->ch != t->o->newline) {
        if (!skip_white(t))
            return false;
        int end = at_end(t);
        if (end < 0)
            return false;
        if (end) {
            if (!sqi_csv_token_add_null(t))
                return false;
        } else {
            bool over = false;
            t->unescaped = false;
            t->prev = 0;
            if (!(t->ch == t->o->quote && (!sqi_csv_token_wide(t) || !sqi_csv_token_length(t))
                      ? sqi_csv_token_quoted(t, &over)
                      : unquoted(t)))
                return false;
            if (over)
                continue;
        }
        if (t->ch != t->o->newline &&
            (!sqi_csv_token_next(t) || (t->ch == t->o->newline && !sqi_csv_token_add_null(t))))
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
    if (t->ch == t->o->quote && !t->unescaped && !sqi_csv_token_append(t, t->o->quote))
        return false;
    *value = (t->prev && t->ch != t->delimiter && t->ch != t->o->newline && t->ch != t->o->comment) || t->match;
    t->ch = t->prev = 0;
    return sqi_csv_token_unmatch(t);
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
        if (sqi_csv_token_length(t) || value ? !sqi_csv_token_add_value(t) : any && !sqi_csv_token_add_null(t))
            return false;
    } else if (sqi_csv_token_length(t)) {
        if (!sqi_csv_token_add_value(t))
            return false;
    } else if (any && !sqi_csv_token_add_null(t)) {
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
    t->delimiter = sqi_csv_token_wide(t) ? 0 : o->sep[0];
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
    sqi_csv_token_reset(t);
}

streamq_status sqi_csv_tokenize_line(sqi_csv_tokenizer *t, sqi_span *line, streamq_error **err)
{
    t->pending = NULL;
    t->in = (sqi_io_charset){.charset = t->o->charset};
    t->line1 = t->o->nline_sep ? t->o->line_sep[0] : '\n';
    t->line2 = t->o->nline_sep > 1 ? t->o->line_sep[1] : 0;
    start(t, line->ptr, line->ptr + line->len, true, err);
    if (t->fresh) { /* Spark passes over a byte order mark in front of what it reads first */
        uint32_t c;
        if (sqi_io_charset_next(&t->in, &t->p, t->end, true, &c) && c != 0xFEFF) {
            t->p = line->ptr;
            t->in = (sqi_io_charset){.charset = t->o->charset};
        }
        *line = (sqi_span){t->p, (size_t)(t->end - t->p)};
        t->fresh = false;
    }
    for (;;) {
        t->start = t->p;
        if (!sqi_csv_token_next(t) || !record(t)) {
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
        if (!sqi_csv_token_next(t))
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
    if (sqi_csv_token_next(t)) {
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
