/*
 * io_charset: bytes of a character set as code points, as Java's decoders read them: what is malformed becomes U+FFFD,
 * one for as many bytes as Java replaces by one.
 */
#ifndef SQI_IO_CHARSET_H
#define SQI_IO_CHARSET_H

#include "base_buf.h"
#include "func_encode.h"

typedef struct sqi_io_charset {
    sqi_charset charset;
    bool begun, little; /* UTF-16 and UTF-32: a byte order mark was looked for, and what it said */
} sqi_io_charset;

/* ASCII bytes are characters of their own, and part of no other. */
static inline bool sqi_io_charset_plain(sqi_charset charset)
{
    return charset <= SQI_CHARSET_UTF8;
}

/* The next code point at *p, which is moved. False: there is none before `end`, or (not `last`) it may go on behind it;
   a byte order mark may have been taken. */
bool sqi_io_charset_next(sqi_io_charset *c, const char **p, const char *end, bool last, uint32_t *code);
/* A whole text as UTF-8, appended. */
bool sqi_io_charset_text(sqi_charset charset, sqi_span bytes, sqi_buf *to);
/* UTF-8 as bytes of the set, appended; '?' for what it does not have. No byte order mark. */
bool sqi_io_charset_put(sqi_charset charset, sqi_span text, sqi_buf *to);
/* The mark that Java writes in front of a text, appended: of UTF-16 alone. */
bool sqi_io_charset_begin(sqi_charset charset, sqi_buf *to);

#endif
