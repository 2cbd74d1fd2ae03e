/*
 * io_charset: the character sets that Spark reads and writes files in, by their names: UTF-8, UTF-16, UTF-16LE, UTF-16BE,
 * UTF-32, ISO-8859-1, US-ASCII.
 */
#ifndef SQI_IO_CHARSET_H
#define SQI_IO_CHARSET_H

#include "base_buf.h"
#include "base_error.h"

typedef enum sqi_charset {
    SQI_CHARSET_UTF8,
    SQI_CHARSET_UTF16, /* by its mark; big-endian without one */
    SQI_CHARSET_UTF16LE,
    SQI_CHARSET_UTF16BE,
    SQI_CHARSET_UTF32,   /* by its mark; big-endian without one */
    SQI_CHARSET_UTF32LE, /* found by its bytes, has no name in Spark */
    SQI_CHARSET_UTF32BE,
    SQI_CHARSET_LATIN1,
    SQI_CHARSET_ASCII,
} sqi_charset;

streamq_status sqi_charset_find(sqi_span name, sqi_charset *out, streamq_error **err);

/* Bytes that a text may take as UTF-8. */
size_t sqi_charset_bound(sqi_charset c, size_t len);
/* To UTF-8, in `to` (of that size); gives the length. What is malformed becomes U+FFFD and sets *malformed. */
size_t sqi_charset_decode(sqi_charset c, sqi_span text, char *to, bool *malformed);
/* From UTF-8; `first`: the text begins a file (a mark, where Java writes one). What the set has no character for is '?'. */
bool sqi_charset_encode(sqi_charset c, sqi_span text, bool first, sqi_buf *to);

#endif
