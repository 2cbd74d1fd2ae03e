/*
 * csv_token_value: the characters of the input, and the value that is put together of them.
 */
#include "csv_token_parts.h"

static bool fail(sqi_csv_tokenizer *t, streamq_status status)
{
    t->status = status;
    return false;
}

bool sqi_csv_token_malformed(sqi_csv_tokenizer *t, const char *what)
{
    return fail(t, sqi_error_set(t->err, SQI_COND_MALFORMED_CSV_RECORD, "a record of CSV %s", what));
}

/* ------------------------------------------------------------------------------------------------------- characters */

bool sqi_csv_token_raw_next(sqi_csv_tokenizer *t, const char **p, uint32_t *c, bool *ends, bool over)
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
    if (!sqi_csv_token_peek(t, behind, &second)) {
        t->starved = !t->last;
        return t->last;
    }
    *ends = second == t->line2;
    if (*ends && over)
        sqi_io_charset_next(&t->in, p, t->end, t->last, &second);
    return true;
}

bool sqi_csv_token_next(sqi_csv_tokenizer *t)
{
    uint32_t c;
    bool ends;
    if (!sqi_csv_token_raw_next(t, &t->p, &c, &ends, t->normalize))
        return false;
    t->lines += ends;
    t->ch = ends && t->normalize ? t->o->newline : c;
    return true;
}

/* ------------------------------------------------------------------------------------------------ the value at hand */

bool sqi_csv_token_room(sqi_csv_tokenizer *t, size_t units)
{
    t->units += units;
    return t->o->max_chars < 0 || t->units <= (size_t)t->o->max_chars ||
           sqi_csv_token_malformed(t, "has a value of more characters than option 'maxCharsPerColumn' allows");
}

bool sqi_csv_token_stored(sqi_csv_tokenizer *t, bool done)
{
    return done || fail(t, sqi_error_nomem(t->err));
}

bool sqi_csv_token_append(sqi_csv_tokenizer *t, uint32_t c)
{
    char text[4];
    if (!sqi_csv_token_room(t, 1 + (c > 0xFFFF)))
        return false;
    if (c < 0x80)
        return sqi_csv_token_stored(t, sqi_buf_byte(&t->value, (char)c));
    return sqi_csv_token_stored(t, sqi_buf_put(&t->value, text, sqi_utf8_put(c, text)));
}

static bool append_sep(sqi_csv_tokenizer *t, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!sqi_csv_token_append(t, t->o->sep[i]))
            return false;
    return true;
}

void sqi_csv_token_reset(sqi_csv_tokenizer *t)
{
    sqi_buf_clear(&t->value);
    t->skipped = false;
    t->units = t->blanks = 0;
}

void sqi_csv_token_count_blanks(sqi_csv_tokenizer *t)
{
    t->blanks = 0;
    while (t->blanks < t->value.len && sqi_csv_token_blank((unsigned char)t->value.ptr[t->value.len - 1 - t->blanks]))
        t->blanks++;
}

bool sqi_csv_token_add(sqi_csv_tokenizer *t, sqi_span token)
{
    if (t->nmade >= (uint64_t)t->o->max_columns)
        return sqi_csv_token_malformed(t, "has more columns than option 'maxColumns' allows");
    if (t->nmade == t->cap) {
        size_t cap = t->cap;
        if (!sqi_csv_token_stored(
                t, sqi_alloc_grow(t->value.alloc, (void **)&t->made, &cap, t->nmade + 1, sizeof *t->made)))
            return false;
        t->cap = (uint32_t)cap;
    }
    t->made[t->nmade++] = token;
    return true;
}

bool sqi_csv_token_add_null(sqi_csv_tokenizer *t)
{
    return sqi_csv_token_add(t, (sqi_span){NULL, 0});
}

bool sqi_csv_token_add_copy(sqi_csv_tokenizer *t, const char *ptr, size_t len)
{
    char *text = sqi_arena_text(t->arena, len ? ptr : "", len);
    return sqi_csv_token_stored(t, text != NULL) && sqi_csv_token_add(t, (sqi_span){text, len});
}

bool sqi_csv_token_add_value(sqi_csv_tokenizer *t)
{
    if (t->trim)
        sqi_csv_token_count_blanks(t);
    bool done = t->skipped                ? sqi_csv_token_add_null(t)
                : sqi_csv_token_length(t) ? sqi_csv_token_add_copy(t, t->value.ptr, sqi_csv_token_length(t))
                                          : sqi_csv_token_add(t, t->o->empty_value);
    sqi_csv_token_reset(t);
    return done;
}

/* ---------------------------------------------------------------------------------------- separators of any length */

bool sqi_csv_token_unmatch(sqi_csv_tokenizer *t)
{
    uint32_t n = t->match;
    t->match = 0;
    return n >= t->o->nsep || append_sep(t, n);
}

int sqi_csv_token_at_sep(sqi_csv_tokenizer *t, bool keep)
{
    while (t->match < t->o->nsep && t->ch == t->o->sep[t->match]) {
        if (++t->match == t->o->nsep)
            break;
        if (!sqi_csv_token_next(t))
            return -1;
    }
    if (t->match == t->o->nsep) {
        t->match = 0;
        return 1;
    }
    return keep && t->match && !sqi_csv_token_unmatch(t) ? -1 : 0;
}

bool sqi_csv_token_append_until(sqi_csv_tokenizer *t, uint32_t stop1, uint32_t stop2, uint32_t stop3)
{
    uint32_t first = t->ch;
    while (t->ch != stop1 && t->ch != stop2 && t->ch != stop3) {
        if (!sqi_csv_token_append(t, t->ch) || !sqi_csv_token_next(t)) {
            t->ch = first;
            return false;
        }
    }
    return true;
}

bool sqi_csv_token_append_until_sep(sqi_csv_tokenizer *t)
{
    return sqi_csv_token_append_until(t, t->delimiter, t->o->newline, t->o->newline);
}

bool sqi_csv_token_append_until_wide(sqi_csv_tokenizer *t)
{
    while (t->match < t->o->nsep && t->ch != t->o->newline) {
        if (t->o->sep[t->match] == t->ch) {
            if (++t->match == t->o->nsep)
                break;
        } else if (t->match) {
            if (!sqi_csv_token_unmatch(t))
                return false;
            continue;
        } else if (!sqi_csv_token_append(t, t->ch)) {
            return false;
        }
        if (!sqi_csv_token_next(t))
            return false;
    }
    return sqi_csv_token_unmatch(t);
}
