/*
 * data_pack: columns of values as bytes and back, for what is kept on disk: the same bytes on every machine
 * (little-endian), for every type. Who reads knows the type and the number of values.
 *
 *   column    a head byte, then, with its bit 5 set, validity: a bit for each value; then the values. Nothing for n = 0
 *   numbers   integers, dates, times, year and day intervals, decimals: bits 0 .. 4 of the head are the bytes of each, as
 *             few as all of them need: 1, 2, 4, 8 or 16. Nulls are 0
 *             float and double 4 and 8 bytes, boolean 1, interval months, days (4 each), microseconds (8)
 *   texts     string, binary: a varint length for each, then all the bytes
 *   lists     array, map: a varint length for each, then the elements as a column (map: the keys, then the values)
 *   struct    its fields as columns of as many values; where the struct is null they are null
 *   void      nothing but validity, which is all zeros
 *
 * A column of n values takes at least n bits, so a reader that finds fewer bytes need not believe the number.
 */
#ifndef SQI_DATA_PACK_H
#define SQI_DATA_PACK_H

#include "base_bytes.h"
#include "data_vec.h"

/* Append the rows of a vector. scratch: used under the caller's mark. False: no memory, or too long (`to->failed`). */
bool sqi_pack_column(sqi_buf *to, const sqi_vec *v, sqi_rows rows, sqi_arena *scratch);
/* The next n values. Texts point into the bytes, which must outlive the vector; everything else stands in the arena,
   which gets at most some sixteen bytes for each byte read. Bytes that are no column of this type are an error, and leave
   `from->bad` set. */
streamq_status sqi_unpack_column(sqi_bytes *from, const sqi_type *type, uint32_t n, sqi_vec *out, sqi_arena *arena,
                                 streamq_error **err);

/* Plain numbers, in the same form: a head byte, then as few bytes for each as all of them need. */
bool sqi_pack_ints(sqi_buf *to, const int64_t *v, uint32_t n);
bool sqi_pack_reals(sqi_buf *to, const double *v, uint32_t n);
bool sqi_pack_wides(sqi_buf *to, const sqi_int128 *v, uint32_t n);
/* Whether there are n of them; else `from->bad` is set. */
bool sqi_unpack_ints(sqi_bytes *from, int64_t *v, uint32_t n);
bool sqi_unpack_reals(sqi_bytes *from, double *v, uint32_t n);
bool sqi_unpack_wides(sqi_bytes *from, sqi_int128 *v, uint32_t n);

/* For data_pack.c and data_pack_read.c: n > 0 integers of 2, 4, 8 or 16 bytes in memory, in as few bytes as all of them
   need; how many that is goes into the head, a byte of the buffer that is there already. */
bool sqi_pack_words(sqi_buf *to, size_t head, const void *v, uint32_t width, uint32_t n);
bool sqi_unpack_words(sqi_bytes *from, void *v, uint32_t width, uint32_t n, uint32_t stored);
/* Values of `width` bytes (1, 2, 4, 8) as they are. */
bool sqi_pack_raw(sqi_buf *to, const void *v, uint32_t width, uint32_t n);
bool sqi_unpack_raw(sqi_bytes *from, void *v, uint32_t width, uint32_t n);

/* The error of bytes that cannot be read, "the saved <what> cannot be read"; sets `from->bad`. */
streamq_status sqi_unpack_damaged(sqi_bytes *from, const char *what, streamq_error **err);

enum { SQI_PACK_VALIDITY = 32 };

#endif
