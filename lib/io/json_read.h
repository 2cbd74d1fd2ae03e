/*
 * json_read: JSON as the parser under Spark (Jackson) reads it, token by token: what it forgives, how far it reads before
 * it refuses, and where it stands then. Spark goes on behind some errors (a value of the wrong type, a broken element of
 * an array), so the place after an error is part of the answer: a call that gives SQI_JSON_BAD leaves `token` as it was
 * and may be followed by another one.
 *
 * The value behind a name is looked at together with the name (an error in it comes from the call that reads the name);
 * what is inside a string is looked at only when it is asked for or skipped.
 */
#ifndef SQI_JSON_READ_H
#define SQI_JSON_READ_H

#include "base_arena.h"
#include "base_json.h"

enum {
    SQI_JSON_ALLOW_COMMENTS = 1,
    SQI_JSON_ALLOW_BARE_NAMES = 2,
    SQI_JSON_ALLOW_APOSTROPHES = 4,
    SQI_JSON_ALLOW_LEADING_ZEROS = 8,
    SQI_JSON_ALLOW_NON_NUMBERS = 16,
    SQI_JSON_ALLOW_ANY_ESCAPE = 32,
    SQI_JSON_ALLOW_CONTROLS = 64,
    SQI_JSON_ALLOW_HALF_NAMES =
        128, /* names with half a surrogate pair: Jackson takes them from characters, not from bytes */
};
enum {
    SQI_JSON_NUMBER_MOST = 1000, /* digits */
    SQI_JSON_NAME_MOST = 50000,
    SQI_JSON_TEXT_MOST = 20000000,
    SQI_JSON_LEVELS = SQI_JSON_DEPTH + 64, /* errors of too great a depth leave the depth behind */
};

typedef struct sqi_json_level {
    sqi_span name; /* of the field at hand; ptr NULL: none */
    bool object, begun;
} sqi_json_level;

typedef struct sqi_json_reader {
    const char *begin, *at, *end;
    uint32_t allow;
    sqi_json_token token;    /* the one at hand; SQI_JSON_DONE: none */
    sqi_json_token pending;  /* of a name: its value */
    bool incomplete;         /* the string was not read yet */
    bool fraction;           /* the number has a point or an exponent, or is none (NaN) */
    bool no_number;          /* NaN and its like */
    bool nomem;              /* an error that is none of the text */
    const char *from, *stop; /* the bytes of the token at hand or pending; of a string and of what nests, the first */
    sqi_span text;           /* of a string that was read */
    const char *why;         /* of the last BAD */
    sqi_arena *arena;        /* for strings with escapes */
    uint32_t depth;
    sqi_json_level level[SQI_JSON_LEVELS + 1];
} sqi_json_reader;

void sqi_json_read_open(sqi_json_reader *r, sqi_span text, uint32_t allow, sqi_arena *arena);
sqi_json_token sqi_json_read_next(sqi_json_reader *r);
/* To the end of the object or array that the token at hand begins; nothing for others. */
bool sqi_json_read_skip(sqi_json_reader *r);
/* The name that the token at hand belongs to; ptr NULL: none. */
sqi_span sqi_json_read_name(const sqi_json_reader *r);
/* The text of the string at hand. */
bool sqi_json_read_text(sqi_json_reader *r, sqi_span *out);
/* The bytes of the string at hand, which are written in base 64. */
bool sqi_json_read_base64(sqi_json_reader *r, sqi_span *out);
/* The value at hand, whatever it is, as the bytes that stand there, or written anew. It is skipped. */
bool sqi_json_read_raw(sqi_json_reader *r, sqi_span *out);
bool sqi_json_read_copy(sqi_json_reader *r, sqi_buf *to);

/* json_text.c, for the two above. */
bool sqi_json_text_skip(sqi_json_reader *r, char quote);                           /* at: behind the opening quote */
bool sqi_json_text_read(sqi_json_reader *r, char quote, bool name, sqi_span *out); /* the same */
bool sqi_json_read_fail(sqi_json_reader *r, const char *at, const char *why);      /* false */

#endif
