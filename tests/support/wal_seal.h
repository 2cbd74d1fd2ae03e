/*
 * wal_seal: checksums that fit, put over bytes of the log that a test has changed, so that what lies behind them is
 * reached. docs/design/checkpoint-format.md
 */
#ifndef SQI_WAL_SEAL_H
#define SQI_WAL_SEAL_H

#include "run_wal.h"

/* A segment: its head becomes that of the checkpoint `id` (first micro-batch as in the file's name, nothing before it);
   then every record gets its magic, place in the chain and checksum. A length that does not fit is made to. */
void wal_seal(unsigned char *bytes, size_t len, const unsigned char id[SQI_WAL_ID], int64_t first);
void wal_seal_head(unsigned char *bytes, size_t len); /* the head's checksum alone */
void wal_id(const unsigned char *metadata, size_t len,
            unsigned char id[SQI_WAL_ID]); /* of the file `metadata`; 0: none */

#endif
