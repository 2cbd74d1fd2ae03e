/*
 * func_scan: looking for one byte in many: the vector scan under split.
 *
 * 64 bytes at a time become a mask with a bit for each hit (SSE2 on x86-64, NEON on ARM, byte by byte elsewhere); the
 * bits are the ends of the pieces. Nothing reads outside [ptr, ptr + len).
 */
#ifndef SQI_FUNC_SCAN_H
#define SQI_FUNC_SCAN_H

#include "func_str.h"

/* The pieces between the places of `byte`, their number; `to` has room for len + 1. Pieces longer than a view holds
   point into ptr. */
size_t sqi_scan_split(const char *ptr, size_t len, char byte, sqi_str *to);

/* The same for rows of texts, which have no nulls: pieces are appended, and list[position] says which are the row's.
   False: no memory. */
bool sqi_scan_split_rows(const sqi_vec *text, sqi_rows rows, char byte, sqi_list *list, sqi_strs *pieces,
                         sqi_arena *arena);

/* The offset of `what` (not empty) in `in` at or after `from`; SIZE_MAX: not there. */
size_t sqi_scan_find(sqi_span in, sqi_span what, size_t from);

#endif
