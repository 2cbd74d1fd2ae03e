/*
 * csv_token_parts: what the files of csv_token share: csv_token_value.c has the characters of the input and the value at
 * hand, csv_token_quoted.c values between quotes, csv_token.c values without them and whole records.
 *
 * Functions give false when the input ends under them, or on failure (`status` is set). What becomes of a value under
 * which the input ended is for csv_token.c, which looks at `ch` and `prev` as they were left.
 */
#ifndef SQI_CSV_TOKEN_PARTS_H
#define SQI_CSV_TOKEN_PARTS_H

#include "csv_token.h"

/* What the next character would be. */
static inline bool sqi_csv_token_peek(const sqi_csv_tokenizer *t, const char *p, uint32_t *c)
{
    sqi_io_charset in = t->in;
    return sqi_io_charset_next(&in, &p, t->end, t->last, c);
}

static inline bool sqi_csv_token_blank(uint32_t c)
{
    return c <= ' ';
}

static inline size_t sqi_csv_token_length(const sqi_csv_tokenizer *t)
{
    return t->value.len - t->blanks;
}

static inline bool sqi_csv_token_wide(const sqi_csv_tokenizer *t)
{
    return t->o->nsep > 1;
}

/* The character at *p as it stands; *ends: it ends a line (and *p is moved over all of that, if `over`). */
bool sqi_csv_token_raw_next(sqi_csv_tokenizer *t, const char **p, uint32_t *c, bool *ends, bool over);
bool sqi_csv_token_next(sqi_csv_tokenizer *t); /* into ch */
bool sqi_csv_token_malformed(sqi_csv_tokenizer *t, const char *what);
bool sqi_csv_token_stored(sqi_csv_tokenizer *t, bool done); /* not done: there was no memory */

/* The value at hand. */
bool sqi_csv_token_room(sqi_csv_tokenizer *t, size_t units); /* may it get longer? */
bool sqi_csv_token_append(sqi_csv_tokenizer *t, uint32_t c);
void sqi_csv_token_reset(sqi_csv_tokenizer *t);
void sqi_csv_token_count_blanks(sqi_csv_tokenizer *t);

/* Values of the record. */
bool sqi_csv_token_add(sqi_csv_tokenizer *t, sqi_span token);
bool sqi_csv_token_add_null(sqi_csv_tokenizer *t);
bool sqi_csv_token_add_copy(sqi_csv_tokenizer *t, const char *ptr, size_t len);
bool sqi_csv_token_add_value(sqi_csv_tokenizer *t); /* the one at hand, which is empty then */

/* What was matched of a separator was text. */
bool sqi_csv_token_unmatch(sqi_csv_tokenizer *t);
/* Does a separator stand here? `keep`: if not, what looked like one is text. 1, 0; -1: the input ended. */
int sqi_csv_token_at_sep(sqi_csv_tokenizer *t, bool keep);
/* Text up to one of these characters. When the input ends, the character at hand is still the first one. */
bool sqi_csv_token_append_until(sqi_csv_tokenizer *t, uint32_t stop1, uint32_t stop2, uint32_t stop3);
bool sqi_csv_token_append_until_sep(sqi_csv_tokenizer *t);
bool sqi_csv_token_append_until_wide(sqi_csv_tokenizer *t);

/* The value between quotes, whose first is at hand. *over: also what ends it was read, and the input may end there. */
bool sqi_csv_token_quoted(sqi_csv_tokenizer *t, bool *over);

#endif
