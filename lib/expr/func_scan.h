/*
 * func_scan: looking for one byte in many: the vector scan under split.
 *
 * 64 bytes at a time become a mask with a bit for each hit (SSE2 on x86-64, NEON on ARM, byte by byte elsewhere); the
 * bits are the ends of the pieces. Nothing reads outside [ptr, ptr + len).
 */
#ifndef SQI_FUNC_SCAN_H
#define SQI_FUNC_SCAN_H

#include "data_vec.h"

/* The pieces between the places of `byte`, their number; `to` has room for len + 1. Pieces longer than a view holds
   point into ptr. */
size_t sqi_scan_split(const char *ptr, size_t len, char byte, sqi_str *to);

/* The offset of `what` (not empty) in `in` at or after `from`; SIZE_MAX: not there. */
size_t sqi_scan_find(sqi_span in, sqi_span what, size_t from);

#endif
