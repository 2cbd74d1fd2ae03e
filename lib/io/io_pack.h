/*
 * io_pack: bytes of a file compressed as they are written: gzip (zlib) and zstd, where these are built in. What comes out
 * are members (frames) one behind the other: any reader of the format takes several as one text, so a file that is
 * written in turns with others ends a member at each turn and needs no compressor of its own.
 */
#ifndef SQI_IO_PACK_H
#define SQI_IO_PACK_H

#include "base_buf.h"
#include "base_error.h"

typedef enum sqi_pack_kind { SQI_PACK_NONE, SQI_PACK_GZIP, SQI_PACK_ZSTD } sqi_pack_kind;

/* The kind of a codec's name: none, uncompressed, gzip, zstd. CODEC_NOT_AVAILABLE, with those there are. */
streamq_status sqi_pack_find(sqi_span name, sqi_pack_kind *kind, streamq_error **err);
const char *sqi_pack_extension(sqi_pack_kind kind); /* "", ".gz", ".zst" */

typedef struct sqi_pack sqi_pack;

streamq_status sqi_pack_new(sqi_pack **out, sqi_alloc *alloc, sqi_pack_kind kind, streamq_error **err);
void sqi_pack_free(sqi_pack *p);  /* NULL is fine */
void sqi_pack_begin(sqi_pack *p); /* a member, so that one without bytes can be ended */
/* Compress what is put, appended to `to`, as far as it is ready. Begins a member if none is open. */
streamq_status sqi_pack_put(sqi_pack *p, sqi_span bytes, sqi_buf *to, streamq_error **err);
streamq_status sqi_pack_end(sqi_pack *p, sqi_buf *to, streamq_error **err); /* of the member; nothing if none is open */
void sqi_pack_drop(sqi_pack *p);                                            /* forgets the member that is open */

#endif
