/*
 * io_utf8: text from outside as Java's decoder reads it. Malformed bytes become U+FFFD, one for as many bytes as Java
 * replaces by one, so that what a query sees and prints is what Spark sees and prints.
 */
#ifndef SQI_IO_UTF8_H
#define SQI_IO_UTF8_H

#include "base_buf.h"

/* One code point at p (p < end). *ok is set to false for malformed bytes. */
uint32_t sqi_io_utf8_next(const char **p, const char *end, bool *ok);
/* No byte above 127. */
bool sqi_io_utf8_ascii(sqi_span text);
/* Nothing malformed in it; fast for ASCII. */
bool sqi_io_utf8_clean(sqi_span text);
/* The text with malformed bytes replaced, into `to`; at most 3 * len bytes. Gives the length. */
size_t sqi_io_utf8_repair(sqi_span text, char *to);

#endif
