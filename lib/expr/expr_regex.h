/*
 * expr_regex: Java's regular expressions on PCRE2. A pattern is read by Java's rules, written again in PCRE2's
 * syntax (expr_regex_java), compiled once and kept while it stays the same; JIT code is made once it pays.
 *
 * A regex lives zeroed in a call's state and belongs to one thread; memory comes from eval->alloc. Subjects are UTF-8;
 * a malformed one is matched as Java would see it, with U+FFFD for what is broken, so pieces of it are pieces of that
 * text. A search that costs too much ends with LIMIT_EXCEEDED instead of running for hours.
 */
#ifndef SQI_EXPR_REGEX_H
#define SQI_EXPR_REGEX_H

#include "expr_eval.h"

typedef struct sqi_regex {
    sqi_alloc *alloc;
    void *code;    /* pcre2_code */
    void *match;   /* pcre2_match_data */
    void *limits;  /* pcre2_match_context */
    void *general; /* pcre2_general_context */
    void *stack;   /* pcre2_jit_stack */
    char *pattern; /* what is compiled, Java's text */
    size_t pattern_len;
    const size_t *at; /* start and end of each group of the last match; SQI_REGEX_NONE: took no part */
    uint32_t groups;  /* capturing groups, not counting the whole match */
    uint32_t uses;
    bool jit;
    struct sqi_regex_name *names; /* of groups */
    uint32_t nname;
} sqi_regex;

#define SQI_REGEX_NONE SIZE_MAX

/* Make `pattern` the compiled one. INVALID_PARAMETER_VALUE.PATTERN, naming the function `what`, if it is none. */
streamq_status sqi_regex_use(sqi_regex *re, sqi_eval *eval, sqi_span pattern, const char *what, streamq_error **err);
/* The text to search for `text`: itself if it is well-formed UTF-8, else a repaired copy in the arena. */
streamq_status sqi_regex_subject(sqi_eval *eval, sqi_span text, sqi_span *subject, streamq_error **err);
/* First match at or after `from`; its groups stand in re->at until the next call. */
streamq_status sqi_regex_find(sqi_regex *re, sqi_span subject, size_t from, bool *found, streamq_error **err);
/* Where Java's find() goes on after the match in re->at: behind it, one character further if it was empty.
   SQI_REGEX_NONE: the subject is done. */
size_t sqi_regex_next(const sqi_regex *re, sqi_span subject);
/* Number of the group of that name; 0: none. */
uint32_t sqi_regex_group(const sqi_regex *re, sqi_span name);
void sqi_regex_fini(sqi_regex *re);

/* Is the pattern a text, not empty, that matches only itself? Then it is written to `to` (pattern.len bytes of room)
   without its escapes. */
bool sqi_regex_plain(sqi_span pattern, char *to, size_t *len);

#endif
