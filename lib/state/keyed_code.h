/*
 * keyed_code: keys of several columns (or of a nested type) as bytes, such that equal keys have equal bytes. Keys are
 * normalised before (sqi_order_normalize).
 *
 * The code of a key is its columns one after the other, each: a byte 1, or 0 for null; then
 *   fixed width    the value, zeros for null
 *   string, binary length (4 bytes) and bytes; nothing for null
 *   struct         its fields, all null for null
 *   array, map     length (4 bytes), then the elements (map: all keys, then all values); nothing for null
 * So a key of fixed-width columns, structs of them included, has a fixed width. Native byte order: never on disk.
 */
#ifndef SQI_KEYED_CODE_H
#define SQI_KEYED_CODE_H

#include "data_vec.h"

/* The width of every code of these types, or 0 if it varies. */
uint32_t sqi_code_width(const sqi_type *const *type, uint32_t ntype);

typedef struct sqi_code {
    sqi_alloc *alloc;
    char *bytes;
    size_t *end; /* of the k-th code; it begins where the one before ends */
    size_t bytes_cap, end_cap;
} sqi_code;

void sqi_code_init(sqi_code *c, sqi_alloc *alloc);
void sqi_code_fini(sqi_code *c); /* valid on a zeroed one */
/* The codes of all rows, replacing what was there. */
streamq_status sqi_code_write(sqi_code *c, const sqi_vec *keys, uint32_t nkey, sqi_rows rows, streamq_error **err);

/* The keys of n codes as vectors. Strings point into the codes. `at` is consumed. */
streamq_status sqi_code_read(const char **at, uint32_t n, const sqi_type *const *type, uint32_t ntype, sqi_vec *out,
                             sqi_arena *arena, streamq_error **err);

#endif
