/*
 * base_json: a strict reader of JSON (RFC 8259) in memory, token by token: manifests and the metadata of checkpoints. It
 * takes no memory, does not recurse and never reads past the end. (Files of a program's data are read by io/json_read,
 * which forgives what Spark forgives.)
 *
 *     sqi_json j;
 *     sqi_json_open(&j, text);
 *     if (sqi_json_next(&j) == SQI_JSON_OBJECT)
 *         while (sqi_json_next(&j) == SQI_JSON_NAME)
 *             if (sqi_json_is(&j, "id"))  { if (sqi_json_next(&j) == SQI_JSON_STRING) sqi_json_unescape(j.text, &id); }
 *             else sqi_json_skip(&j);
 *     if (sqi_json_next(&j) != SQI_JSON_DONE)   ... j.why, sqi_json_where(&j)
 *
 * After the first thing that is not JSON every call says SQI_JSON_BAD. Text is UTF-8, checked.
 */
#ifndef SQI_BASE_JSON_H
#define SQI_BASE_JSON_H

#include "base_buf.h"

enum { SQI_JSON_DEPTH = 1000 }; /* objects and arrays inside each other */

typedef enum sqi_json_token {
    SQI_JSON_BAD,
    SQI_JSON_DONE, /* the text's one value was read, and only white space follows */
    SQI_JSON_OBJECT,
    SQI_JSON_OBJECT_END,
    SQI_JSON_ARRAY,
    SQI_JSON_ARRAY_END,
    SQI_JSON_NAME, /* of a field; its value is next */
    SQI_JSON_STRING,
    SQI_JSON_NUMBER,
    SQI_JSON_TRUE,
    SQI_JSON_FALSE,
    SQI_JSON_NULL,
} sqi_json_token;

typedef struct sqi_json {
    sqi_json_token token; /* the one read last */
    sqi_span text;        /* its bytes; of a name or string what stands between the quotes, escapes and all */
    const char *why;      /* BAD: what is wrong, for a message */
    const char *begin, *at, *end;
    uint32_t depth;
    uint8_t want;                                /* what may come next */
    uint64_t in_object[SQI_JSON_DEPTH / 64 + 1]; /* a bit for each level: an object, or an array */
} sqi_json;

void sqi_json_open(sqi_json *j, sqi_span text);
sqi_json_token sqi_json_next(sqi_json *j);
/* Past the value that the token at hand begins, or that belongs to the name at hand. False: bad. */
bool sqi_json_skip(sqi_json *j);
/* Bytes from the begin to the token at hand, or to what is wrong. */
size_t sqi_json_where(const sqi_json *j);

/* Is the name or string at hand this one, escapes resolved? */
bool sqi_json_is(const sqi_json *j, const char *text);
/* Append the text of a name or string. Half a surrogate pair becomes U+FFFD. False: no memory. */
bool sqi_json_unescape(sqi_span raw, sqi_buf *to);
/* The number at hand as an integer. False: no number, a fraction or exponent, or too large. */
bool sqi_json_int(const sqi_json *j, int64_t *v);

#endif
