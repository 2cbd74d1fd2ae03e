/*
 * base_str: text as (pointer, length), UTF-8 aware. Nothing here allocates. Text may hold NUL and malformed UTF-8.
 */
#ifndef SQI_BASE_STR_H
#define SQI_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct sqi_span {
    const char *ptr;
    size_t len;
} sqi_span;

#define SQI_SPAN(literal) ((sqi_span){(literal), sizeof(literal) - 1})
static inline sqi_span sqi_span_of(const char *text)
{
    return (sqi_span){text, text ? strlen(text) : 0};
}

bool sqi_span_equal(sqi_span a, sqi_span b);
bool sqi_span_equal_nocase(sqi_span a, sqi_span b); /* ASCII case only */
bool sqi_span_starts(sqi_span a, sqi_span prefix);
sqi_span sqi_span_trim(sqi_span a); /* ASCII white space and control characters (<= 0x20) at both ends */

/* Case-insensitive comparison of names as Spark does it (Unicode simple case folding through utf8proc). */
bool sqi_name_equal(sqi_span a, sqi_span b);

/* One code point at p (p < end). Malformed bytes give U+FFFD and advance by one. */
uint32_t sqi_utf8_next(const char **p, const char *end);
/* Length of the character that starts with this byte, Spark's rule: by the first byte only, malformed bytes are 1. */
uint32_t sqi_utf8_char_bytes(unsigned char first);
size_t sqi_utf8_count(sqi_span s);            /* characters, by the rule above */
size_t sqi_utf8_put(uint32_t code, char *to); /* 1 to 4 bytes */
bool sqi_utf8_valid(sqi_span s);

/* Edit distance for "did you mean"; names longer than 64 bytes are cut. */
unsigned sqi_name_distance(sqi_span a, sqi_span b);

#endif
