/*
 * func_encode: the charsets of encode and decode.
 */
#ifndef SQI_FUNC_ENCODE_H
#define SQI_FUNC_ENCODE_H

#include "base_str.h"

typedef enum sqi_charset {
    SQI_CHARSET_ASCII,
    SQI_CHARSET_LATIN1,
    SQI_CHARSET_UTF8,
    SQI_CHARSET_UTF16, /* written with a byte order mark, big-endian; read with one or without */
    SQI_CHARSET_UTF16BE,
    SQI_CHARSET_UTF16LE,
    SQI_CHARSET_UTF32, /* big-endian, without a mark; read with one or without */
} sqi_charset;

/* By name, in any case. */
bool sqi_encode_charset(sqi_span name, sqi_charset *out);
/* UTF-8 text as bytes of the charset; room for 4 * len + 4. False: a character that it does not have. */
bool sqi_encode_put(sqi_charset charset, sqi_span text, char *to, size_t *n);
/* Bytes of the charset as UTF-8 text; the same room. False: they are malformed. */
bool sqi_encode_read(sqi_charset charset, sqi_span bytes, char *to, size_t *n);

#endif
