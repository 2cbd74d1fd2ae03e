/*
 * expr_regex_java: a Java pattern becomes a PCRE2 pattern: read into a tree, written from it.
 */
#include "expr_regex_java.h"

#include "expr_regex_tree.h"

#define PATTERN_MAX (1u << 20)

bool sqi_regex_java_read(sqi_regex_java *out, sqi_buf *to, sqi_span pattern, sqi_arena *arena)
{
    memset(out, 0, sizeof *out);
    sqi_re_reader reader = {.text = pattern, .arena = arena, .out = out};
    if (pattern.len > PATTERN_MAX)
        return sqi_re_problem(&reader, "a pattern may have one megabyte at most");
    const sqi_re *tree = sqi_re_read(&reader);
    return tree && sqi_re_write(out, to, tree, arena);
}
