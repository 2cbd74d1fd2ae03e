/*
 * expr_regex_java: reading Java's patterns. The first cut hands the text on and counts its groups.
 */
#include "expr_regex_java.h"

bool sqi_regex_java_read(sqi_regex_java *out, sqi_buf *to, sqi_span pattern, sqi_arena *arena)
{
    (void)arena;
    memset(out, 0, sizeof *out);
    bool class = false;
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        if (c == '\\')
            i++;
        else if (class)
            class = c != ']';
        else if (c == '[')
            class = true;
        else if (c == '(' && !(i + 1 < pattern.len && pattern.ptr[i + 1] == '?'))
            out->groups++;
    }
    return sqi_buf_span(to, pattern);
}
