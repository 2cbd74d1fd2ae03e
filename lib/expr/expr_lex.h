/*
 * expr_lex: SQL text to tokens with positions, by Spark 4.3's rules: keywords (case-insensitive), identifiers (also
 * starting with a digit), `quoted` identifiers, numbers with suffixes, strings with escapes, raw strings, nested
 * comments. Nothing is copied but string values that needed unescaping.
 */
#ifndef SQI_EXPR_LEX_H
#define SQI_EXPR_LEX_H

#include "base_arena.h"
#include "base_error.h"

typedef enum sqi_token_kind {
    SQI_TOKEN_END,
    SQI_TOKEN_IDENT,        /* keywords too: compare with sqi_token_is */
    SQI_TOKEN_QUOTED_IDENT, /* value: without backticks */
    SQI_TOKEN_STRING,       /* value: unescaped */
    SQI_TOKEN_INTEGER,      /* 12 */
    SQI_TOKEN_DECIMAL,      /* 1.5 .5 5. */
    SQI_TOKEN_EXPONENT,     /* 1e3 */
    SQI_TOKEN_SUFFIXED,     /* 1L 1.5BD 2F: value includes the suffix */
    SQI_TOKEN_SYMBOL,       /* operators and punctuation, longest match: "<=>" "||" "|>" "->" "::" "=>" ">>>" ... */
} sqi_token_kind;

typedef struct sqi_token {
    sqi_token_kind kind;
    bool foreign; /* an unquoted identifier with letters outside ASCII, or an URL: no name in Spark's grammar */
    uint32_t begin, end;
    sqi_span value; /* the text, or the unescaped value */
} sqi_token;

#define SQI_LEX_AHEAD 6 /* tokens of look-ahead */

typedef struct sqi_lexer {
    sqi_span text;
    uint32_t at;
    sqi_arena *arena;
    sqi_token current, ahead[SQI_LEX_AHEAD];
    unsigned nahead;
    uint32_t last_end; /* end of the token before `current` */
    uint32_t unclosed; /* 1 + where a bracketed comment begins that has no end; 0: none was met */
    bool failed;       /* a look-ahead found no memory: the next sqi_lex_next reports it */
} sqi_lexer;

streamq_status sqi_lex_init(sqi_lexer *l, sqi_span text, sqi_arena *arena,
                            streamq_error **err); /* reads the first token */
streamq_status sqi_lex_next(sqi_lexer *l, streamq_error **err);
streamq_status sqi_lex_peek(sqi_lexer *l, unsigned k, const sqi_token **out,
                            streamq_error **err); /* k = 1..SQI_LEX_AHEAD */
/* The same for decisions: k = 0 is the current token; without memory the end of the text, and `failed` is set. */
const sqi_token *sqi_lex_ahead(sqi_lexer *l, unsigned k);
/* `current` is a symbol that starts with the one-byte symbol wanted (">>" where types need ">"): cut that off. */
void sqi_lex_split(sqi_lexer *l);
bool sqi_token_is(const sqi_token *t, const char *keyword_or_symbol); /* keywords: case-insensitive, never quoted */

/* The value of a quoted text with escapes (Spark's rules), without its quotes; in the arena. False: no memory. */
bool sqi_lex_unescape(sqi_span body, char quote, sqi_arena *arena, sqi_span *out);

#endif
