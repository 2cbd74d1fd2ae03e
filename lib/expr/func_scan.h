/*
 * func_scan: looking for one byte in many: the vector scan under split.
 *
 * 64 bytes at a time become a mask with a bit for each hit (SSE2 on x86-64, NEON on ARM, eight bytes at a time
 * elsewhere); the bits are the ends of the pieces. Nothing reads outside [ptr, ptr + len).
 */
#ifndef SQI_FUNC_SCAN_H
#define SQI_FUNC_SCAN_H

#include "data_vec.h"

/* How often `byte` stands in the bytes. */
size_t sqi_scan_count(const char *ptr, size_t len, char byte);
/* The pieces between them, one more than there are; `to` has room. Pieces longer than a view holds point into ptr. */
void sqi_scan_split(const char *ptr, size_t len, char byte, sqi_str *to);

#endif
