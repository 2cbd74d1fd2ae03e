/*
 * expr_regex_java: Java's pattern syntax written again as PCRE2's, keeping Java's meaning.
 *
 * The result needs PCRE2_UTF and nothing else: case-insensitivity, dot-all, multi-line and comments are spelled out in
 * it, named groups become numbered ones and are listed apart. Group numbers are the same on both sides.
 */
#ifndef SQI_EXPR_REGEX_JAVA_H
#define SQI_EXPR_REGEX_JAVA_H

#include "base_arena.h"
#include "base_buf.h"

typedef struct sqi_regex_name {
    sqi_span name; /* in the pattern's own bytes */
    uint32_t group;
} sqi_regex_name;

typedef struct sqi_regex_java {
    uint32_t groups;
    sqi_regex_name *name; /* in the arena */
    uint32_t nname;
    const char *problem; /* why the pattern is none */
    size_t at;           /* byte offset of the problem */
} sqi_regex_java;

/* False: not a pattern (problem is set), or no memory (problem is NULL). Trees live in the arena. */
bool sqi_regex_java_read(sqi_regex_java *out, sqi_buf *to, sqi_span pattern, sqi_arena *arena);

#endif
