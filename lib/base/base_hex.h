/*
 * base_hex: hexadecimal digits, of either case, and bytes written in them.
 */
#ifndef SQI_BASE_HEX_H
#define SQI_BASE_HEX_H

#include "base_str.h"

static inline int sqi_hex_digit(char c) /* its value; -1: it is none */
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The bytes that the digits say, (s.len + 1) / 2 of them; an odd number of digits has a zero before it. False: something
   else than digits. */
bool sqi_hex_read(sqi_span s, char *to);

#endif
