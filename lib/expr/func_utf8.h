/*
 * func_utf8: text as Java sees it: malformed UTF-8 becomes U+FFFD, one for each sequence that could have begun a
 * character.
 */
#ifndef SQI_FUNC_UTF8_H
#define SQI_FUNC_UTF8_H

#include "base_str.h"

/* Bytes at p (p < end) that are one character or become one U+FFFD. */
size_t sqi_utf8_skip(const char *p, const char *end);
/* Room for 3 * s.len bytes; the length. */
size_t sqi_utf8_repair(sqi_span s, char *to);

#endif
