/*
 * io_unpack: the bytes of a file, decompressed as the end of its name says: .gz and .deflate (zlib), .zst (libzstd), in
 * any case. Endings whose packages are not built in, and .bz2, .lz4 and .snappy, are an error that names what is
 * missing; all other files are read as they are.
 *
 * A file is read up to the size it had when it was listed: what is written behind that later does not count. It comes in
 * pieces of the caller's size, however much a few bytes unpack to. (io_pack.h writes such files.)
 */
#ifndef SQI_IO_UNPACK_H
#define SQI_IO_UNPACK_H

#include "io_common.h"

typedef struct sqi_unpack sqi_unpack;

/* FAILED_READ_FILE.FILE_NOT_EXIST if it is gone, FAILED_READ_FILE for all else, a size below `size` too. `path` has a
   NUL behind and outlives the object. */
streamq_status sqi_unpack_open(sqi_unpack **out, sqi_span path, int64_t size, const sqi_io_env *env,
                               streamq_error **err);
/* The next bytes, `most` at most, fewer before the end or where a plain file gives fewer; *got 0: the end. What was
   unpacked before an error is lost. */
streamq_status sqi_unpack_read(sqi_unpack *u, char *to, size_t most, size_t *got, streamq_error **err);
void sqi_unpack_close(sqi_unpack *u); /* NULL is fine */

#endif
