/*
 * expr_lex: SQL text to tokens, one at a time with a few tokens of look-ahead.
 *
 * The rule everywhere is Spark's: the longest match wins, a number beats an identifier of the same length. There is no
 * keyword kind: nearly every keyword may be a name, so the parser decides by comparing words. Text that is no token
 * (an unclosed quote, '$') becomes a one-character symbol that no rule of the grammar accepts.
 *
 * A lexer is a plain value: copying it saves the place, assigning the copy back returns there. Values of escaped
 * strings live in the arena, everything else points into the text.
 */
#include "expr_lex.h"

#include <utf8proc.h>

static const char *const symbols[] = {
    ">>>", "<=>", "/*+", "<>", "!=", "<=", "!>", ">=", "!<", "==", "<<", ">>", "||", "|>", "::", "->", "=>", "*/",
};

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}
static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static bool is_word(unsigned char c)
{
    return is_letter(c) || is_digit(c) || c == '_';
}
static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static char byte_at(const sqi_lexer *l, size_t i)
{
    return i < l->text.len ? l->text.ptr[i] : '\0';
}

/* ---------------------------------------------------------------- white space and comments */

static bool is_space(uint32_t c)
{
    switch (c) {
    case ' ':
    case '\t':
    case '\n':
    case '\f':
    case '\r':
    case '\v':
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x202F:
    case 0x205F:
    case 0x3000:
        return true;
    default:
        return c >= 0x2000 && c <= 0x200A;
    }
}

/* Past a comment that nests; without an end it reaches to the end of the text. "/" "*+" opens a hint, not a comment. */
static size_t skip_bracketed(sqi_lexer *l, size_t at)
{
    size_t begin = at, depth = 0;
    while (at < l->text.len) {
        if (byte_at(l, at) == '/' && byte_at(l, at + 1) == '*' && byte_at(l, at + 2) != '+') {
            depth++;
            at += 2;
        } else if (byte_at(l, at) == '*' && byte_at(l, at + 1) == '/') {
            at += 2;
            if (--depth == 0)
                return at;
        } else {
            at++;
        }
    }
    if (!l->unclosed)
        l->unclosed = (uint32_t)begin + 1;
    return at;
}

/* A backslash right before the line break carries the comment on. */
static size_t skip_line(const sqi_lexer *l, size_t at)
{
    while (at < l->text.len) {
        char c = l->text.ptr[at];
        if (c == '\\' && byte_at(l, at + 1) == '\n')
            at += 2;
        else if (c == '\r' || c == '\n')
            return at;
        else
            at++;
    }
    return at;
}

static size_t skip_blank(sqi_lexer *l, size_t at)
{
    while (at < l->text.len) {
        const char *p = l->text.ptr + at, *end = l->text.ptr + l->text.len;
        if (*p == '-' && byte_at(l, at + 1) == '-') {
            at = skip_line(l, at);
        } else if (*p == '/' && byte_at(l, at + 1) == '*' && byte_at(l, at + 2) != '+') {
            at = skip_bracketed(l, at);
        } else {
            const char *next = p;
            if (!is_space(sqi_utf8_next(&next, end)))
                return at;
            at = (size_t)(next - l->text.ptr);
        }
    }
    return at;
}

/* ---------------------------------------------------------------- words and numbers */

static bool is_foreign_letter(uint32_t c)
{
    if (c < 0x80 || c > 0x10FFFF)
        return false;
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return true;
    default:
        return false;
    }
}

/* End of the run of letters, digits and underscores; `at` itself if there is none. */
static size_t word_end(const sqi_lexer *l, size_t at, bool *foreign)
{
    const char *p = l->text.ptr + at, *end = l->text.ptr + l->text.len;
    while (p < end) {
        if (is_word((unsigned char)*p)) {
            p++;
            continue;
        }
        const char *next = p;
        if (!is_foreign_letter(sqi_utf8_next(&next, end)))
            break;
        *foreign = true;
        p = next;
    }
    return (size_t)(p - l->text.ptr);
}

/* "s3://bucket/x" is one token, so that the message can name it whole. */
static size_t url_end(const sqi_lexer *l, size_t begin, size_t at)
{
    for (size_t i = begin; i < at; i++)
        if (!is_letter((unsigned char)l->text.ptr[i]))
            return at;
    size_t start = at + 3, i = start;
    if (byte_at(l, at) != ':' || byte_at(l, at + 1) != '/' || byte_at(l, at + 2) != '/')
        return at;
    while (i < l->text.len && (is_word((unsigned char)l->text.ptr[i]) || memchr("/-.?=&#%", l->text.ptr[i], 8)))
        i++;
    return i > start ? i : at;
}

static size_t digits_end(const sqi_lexer *l, size_t at)
{
    while (is_digit((unsigned char)byte_at(l, at)))
        at++;
    return at;
}

/* E, an optional sign, digits; `at` itself if that does not stand there. */
static size_t exponent_end(const sqi_lexer *l, size_t at)
{
    if (upper(byte_at(l, at)) != 'E')
        return at;
    size_t i = at + 1;
    if (byte_at(l, i) == '+' || byte_at(l, i) == '-')
        i++;
    size_t end = digits_end(l, i);
    return end > i ? end : at;
}

/* Suffixes F, D and BD end after digits, fraction and exponent. */
static size_t suffix_end(const sqi_lexer *l, size_t at)
{
    char c = upper(byte_at(l, at));
    if (c == 'F' || c == 'D')
        return at + 1;
    return c == 'B' && upper(byte_at(l, at + 1)) == 'D' ? at + 2 : at;
}

static void keep_longest(size_t end, sqi_token_kind kind, size_t *best, sqi_token_kind *best_kind)
{
    if (end > *best) {
        *best = end;
        *best_kind = kind;
    }
}

/* The longest number at `at` (0: none). A number with a point must not be followed by a letter, digit or underscore. */
static size_t number_end(const sqi_lexer *l, size_t at, sqi_token_kind *kind)
{
    size_t best = 0, digits = digits_end(l, at);
    if (digits > at) {
        char c = upper(byte_at(l, digits));
        size_t exponent = exponent_end(l, digits), suffix = suffix_end(l, exponent);
        keep_longest(digits, SQI_TOKEN_INTEGER, &best, kind);
        if (c == 'L' || c == 'S' || c == 'Y')
            keep_longest(digits + 1, SQI_TOKEN_SUFFIXED, &best, kind);
        if (exponent > digits)
            keep_longest(exponent, SQI_TOKEN_EXPONENT, &best, kind);
        if (suffix > exponent)
            keep_longest(suffix, SQI_TOKEN_SUFFIXED, &best, kind);
    }
    if (byte_at(l, digits) != '.')
        return best;
    size_t point = digits_end(l, digits + 1);
    if (digits == at && point == digits + 1)
        return best;
    size_t exponent = exponent_end(l, point), suffix = suffix_end(l, exponent);
    if (!is_word((unsigned char)byte_at(l, point)))
        keep_longest(point, SQI_TOKEN_DECIMAL, &best, kind);
    if (exponent > point && !is_word((unsigned char)byte_at(l, exponent)))
        keep_longest(exponent, SQI_TOKEN_EXPONENT, &best, kind);
    if (suffix > exponent && !is_word((unsigned char)byte_at(l, suffix)))
        keep_longest(suffix, SQI_TOKEN_SUFFIXED, &best, kind);
    return best;
}

/* ---------------------------------------------------------------- quoted text */

/* Index of the closing quote, or the text's length. `plain`: nothing inside needs a rewrite. */
static size_t quote_end(const sqi_lexer *l, size_t at, char quote, bool escapes, bool doubled, bool *plain)
{
    *plain = true;
    while (at < l->text.len) {
        char c = l->text.ptr[at];
        if (escapes && c == '\\') {
            *plain = false;
            at += 2;
        } else if (c == quote && doubled && byte_at(l, at + 1) == quote) {
            *plain = false;
            at += 2;
        } else if (c == quote) {
            return at;
        } else {
            at++;
        }
    }
    return l->text.len;
}

static sqi_span piece(const sqi_lexer *l, size_t begin, size_t end)
{
    return (sqi_span){l->text.ptr + begin, end - begin};
}

static bool undouble(sqi_span body, char quote, sqi_arena *arena, sqi_span *out)
{
    char *to = sqi_arena_get(arena, body.len + 1);
    if (!to)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < body.len; i++) {
        to[n++] = body.ptr[i];
        if (body.ptr[i] == quote)
            i++;
    }
    *out = (sqi_span){to, n};
    return true;
}

typedef enum scan_result { SCAN_NO, SCAN_YES, SCAN_NOMEM } scan_result;

/* A quoted token that starts at `at` (the quote at `open`); an unclosed one is no token. */
static scan_result scan_quoted(sqi_lexer *l, size_t at, size_t open, sqi_token *t)
{
    char quote = l->text.ptr[open];
    bool raw = open > at, name = quote == '`', plain;
    size_t end = quote_end(l, open + 1, quote, !raw && !name, !raw, &plain);
    if (end >= l->text.len)
        return SCAN_NO;
    *t = (sqi_token){.kind = name ? SQI_TOKEN_QUOTED_IDENT : SQI_TOKEN_STRING,
                     .begin = (uint32_t)at,
                     .end = (uint32_t)end + 1,
                     .value = piece(l, open + 1, end)};
    bool ok = true;
    if (!plain)
        ok = name ? undouble(t->value, quote, l->arena, &t->value)
                  : sqi_lex_unescape(t->value, quote, l->arena, &t->value);
    return ok ? SCAN_YES : SCAN_NOMEM;
}

/* ---------------------------------------------------------------- one token */

static void set_token(const sqi_lexer *l, sqi_token *t, sqi_token_kind kind, size_t begin, size_t end)
{
    *t = (sqi_token){.kind = kind, .begin = (uint32_t)begin, .end = (uint32_t)end, .value = piece(l, begin, end)};
}

static size_t symbol_end(const sqi_lexer *l, size_t at)
{
    sqi_span rest = {l->text.ptr + at, l->text.len - at};
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (sqi_span_starts(rest, sqi_span_of(symbols[i])))
            return at + strlen(symbols[i]);
    const char *p = rest.ptr;
    sqi_utf8_next(&p, rest.ptr + rest.len);
    return at + (size_t)(p - rest.ptr);
}

/* False: no memory. */
static bool scan(sqi_lexer *l, sqi_token *t)
{
    size_t at = skip_blank(l, l->at);
    if (at >= l->text.len) {
        set_token(l, t, SQI_TOKEN_END, l->text.len, l->text.len);
        l->at = (uint32_t)l->text.len;
        return true;
    }
    char c = l->text.ptr[at], second = byte_at(l, at + 1);
    bool raw = (c == 'r' || c == 'R') && (second == '\'' || second == '"');
    if (raw || c == '\'' || c == '"' || c == '`') {
        scan_result r = scan_quoted(l, at, raw ? at + 1 : at, t);
        l->at = r == SCAN_YES ? t->end : l->at;
        if (r != SCAN_NO)
            return r == SCAN_YES;
    }
    bool foreign = false;
    sqi_token_kind kind = SQI_TOKEN_IDENT;
    size_t number = is_digit((unsigned char)c) || c == '.' ? number_end(l, at, &kind) : 0;
    size_t word = word_end(l, at, &foreign);
    if (word > at && number < word) {
        size_t url = url_end(l, at, word);
        set_token(l, t, SQI_TOKEN_IDENT, at, url);
        t->foreign = foreign || url > word;
    } else if (number) {
        set_token(l, t, kind, at, number);
    } else {
        set_token(l, t, SQI_TOKEN_SYMBOL, at, symbol_end(l, at));
    }
    l->at = t->end;
    return true;
}

streamq_status sqi_lex_init(sqi_lexer *l, sqi_span text, sqi_arena *arena, streamq_error **err)
{
    *l = (sqi_lexer){.text = text, .arena = arena};
    return scan(l, &l->current) ? STREAMQ_OK : sqi_error_nomem(err);
}

streamq_status sqi_lex_next(sqi_lexer *l, streamq_error **err)
{
    if (l->failed)
        return sqi_error_nomem(err);
    l->last_end = l->current.end;
    if (!l->nahead)
        return scan(l, &l->current) ? STREAMQ_OK : sqi_error_nomem(err);
    l->current = l->ahead[0];
    memmove(l->ahead, l->ahead + 1, --l->nahead * sizeof *l->ahead);
    return STREAMQ_OK;
}

const sqi_token *sqi_lex_ahead(sqi_lexer *l, unsigned k)
{
    static const sqi_token end = {.kind = SQI_TOKEN_END};
    if (k == 0)
        return &l->current;
    while (l->nahead < k) {
        if (l->failed || !scan(l, &l->ahead[l->nahead])) {
            l->failed = true;
            return &end;
        }
        l->nahead++;
    }
    return &l->ahead[k - 1];
}

streamq_status sqi_lex_peek(sqi_lexer *l, unsigned k, const sqi_token **out, streamq_error **err)
{
    *out = sqi_lex_ahead(l, k);
    return l->failed ? sqi_error_nomem(err) : STREAMQ_OK;
}

void sqi_lex_split(sqi_lexer *l)
{
    l->last_end = ++l->current.begin;
    l->current.value.ptr++;
    l->current.value.len--;
}

bool sqi_token_is(const sqi_token *t, const char *keyword_or_symbol)
{
    if (t->kind != SQI_TOKEN_IDENT && t->kind != SQI_TOKEN_SYMBOL)
        return false;
    for (size_t i = 0; i < t->value.len; i++)
        if (upper(t->value.ptr[i]) != upper(keyword_or_symbol[i])) /* stops at the NUL of a shorter word */
            return false;
    return keyword_or_symbol[t->value.len] == '\0';
}
