/*
 * expr_regex_tree: a Java pattern as a tree, between reading (expr_regex_read, expr_regex_class) and writing
 * (expr_regex_write). Nodes live in an arena; each carries the flags that were on where it stood.
 */
#ifndef SQI_EXPR_REGEX_TREE_H
#define SQI_EXPR_REGEX_TREE_H

#include "expr_regex_java.h"

enum {                       /* Java's inline flags */
       SQI_RE_CASE = 1,      /* i: ignore case, of ASCII letters unless u is on too */
       SQI_RE_LINES = 2,     /* m: ^ and $ at lines */
       SQI_RE_DOTALL = 4,    /* s */
       SQI_RE_UNICASE = 8,   /* u */
       SQI_RE_UNIX = 16,     /* d: only \n ends a line */
       SQI_RE_COMMENTS = 32, /* x */
       SQI_RE_UNICODE = 64   /* U: classes by Unicode properties */
};

typedef enum sqi_re_kind {
    SQI_RE_EMPTY,
    SQI_RE_LITERAL, /* code */
    SQI_RE_DOT,
    SQI_RE_SET,      /* set */
    SQI_RE_ANCHOR,   /* code: '^' '$' 'A' 'Z' 'z' 'G' 'b' 'B' */
    SQI_RE_SPECIAL,  /* code: 'R' or 'X' */
    SQI_RE_BACKREF,  /* code: group */
    SQI_RE_SEQUENCE, /* children */
    SQI_RE_EITHER,   /* children */
    SQI_RE_REPEAT,   /* child, min, max, mode */
    SQI_RE_GROUP,    /* child, group */
} sqi_re_kind;

typedef enum sqi_re_group {
    SQI_RE_CAPTURE,
    SQI_RE_PLAIN,
    SQI_RE_ATOMIC,
    SQI_RE_AHEAD,
    SQI_RE_NOT_AHEAD,
    SQI_RE_BEHIND,
    SQI_RE_NOT_BEHIND,
} sqi_re_group;

/* Sets of characters. */
typedef enum sqi_re_set_kind {
    SQI_RE_RANGE, /* low..high */
    SQI_RE_CLASS, /* text: what PCRE2 writes between brackets */
    SQI_RE_UNION, /* first, next, ... */
    SQI_RE_AND,   /* two children */
    SQI_RE_NOT,   /* one child */
} sqi_re_set_kind;

typedef struct sqi_re_set sqi_re_set;
struct sqi_re_set {
    sqi_re_set_kind kind;
    uint32_t low, high;
    const char *text;
    sqi_re_set *first, *next;
};

#define SQI_RE_MANY UINT32_MAX

typedef struct sqi_re sqi_re;
struct sqi_re {
    sqi_re_kind kind;
    sqi_re_group group;
    uint32_t flags;
    uint32_t code;
    uint32_t min, max; /* REPEAT; max SQI_RE_MANY: any number */
    char mode;         /* REPEAT: 0 greedy, '?' lazy, '+' possessive */
    sqi_re_set *set;
    sqi_re *first, *last, *next;
};

/* The reader's state. */
typedef struct sqi_re_reader {
    sqi_span text;
    size_t at;
    uint32_t flags;
    uint32_t depth;
    sqi_arena *arena;
    sqi_regex_java *out;
    uint32_t name_cap;
    bool quoting; /* between \Q and \E */
} sqi_re_reader;

/* What the files of the reader share. All of them give NULL or false with out->problem set (or not, without memory). */
void *sqi_re_problem(sqi_re_reader *r, const char *problem);
/* The code point at `at`, which moves behind it. */
uint32_t sqi_re_code(sqi_re_reader *r);
/* White space and comments under (?x). */
void sqi_re_skip(sqi_re_reader *r);
/* An escape that stands for one character, `at` behind the backslash. False: it is none of these, nothing was read. */
bool sqi_re_escape(sqi_re_reader *r, uint32_t *code, bool *failed);
/* [...] with `at` behind the bracket. */
sqi_re_set *sqi_re_class(sqi_re_reader *r);
/* \d \W \p{..} ... with `at` behind the backslash. NULL with no problem set and `at` where it was: none of these. */
sqi_re_set *sqi_re_class_escape(sqi_re_reader *r, bool *failed);
/* Text for a property name between brackets of PCRE2, or NULL. `flags` decide between ASCII and Unicode. */
const char *sqi_re_property(sqi_span name, uint32_t flags, sqi_arena *arena, bool *nomem);

sqi_re *sqi_re_read(sqi_re_reader *r);
/* The tree as PCRE2's text. False: problem set, or no memory. */
bool sqi_re_write(sqi_regex_java *out, sqi_buf *to, const sqi_re *tree, sqi_arena *arena);

#endif
