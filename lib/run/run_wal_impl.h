/*
 * run_wal_impl: heads of segments and records, shared by run_wal.c (writing) and run_wal_read.c (reading). Nobody else
 * includes it. docs/design/checkpoint-format.md has every byte.
 */
#ifndef SQI_RUN_WAL_IMPL_H
#define SQI_RUN_WAL_IMPL_H

#include "base_hash.h"
#include "os.h"
#include "run_wal.h"

#define SQI_WAL_NAME "wal-"
enum { SQI_WAL_PATH_MOST = 4096 };

/* run_wal_read.c */
void sqi_wal_head_write(unsigned char to[SQI_WAL_HEAD], const unsigned char id[SQI_WAL_ID], int64_t first,
                        int64_t before, uint64_t check);
/* The head of a whole record, all but its checksum; which seal puts in, and check is. */
void sqi_wal_record_head(sqi_buf *record, sqi_wal_kind kind, int64_t batch, int64_t synced, uint64_t before);
void sqi_wal_record_seal(void *record, size_t len);
uint64_t sqi_wal_record_check(const void *record);

/* run_wal.c: IO_ERROR about a segment. */
streamq_status sqi_wal_failed(const sqi_wal *w, int64_t first, const char *what, int code, streamq_error **err);

#endif
