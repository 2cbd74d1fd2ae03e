/*
 * io_manifest_file: one file of a log of files (io_manifest): a version line, then one JSON object a line.
 *
 *     v1
 *     {"path":"file:///out/part-00000-....csv","size":4,"isDir":false,"modificationTime":1795417716507,
 *      "blockReplication":1,"blockSize":33554432,"action":"add"}          (in one line)
 *
 * Read in pieces, whatever its length. What is not as it should be is MALFORMED_LOG_FILE with the file and the line.
 */
#ifndef SQI_IO_MANIFEST_FILE_H
#define SQI_IO_MANIFEST_FILE_H

#include "io_common.h"

enum { SQI_MANIFEST_VERSION = 1, SQI_MANIFEST_LINE = 1 << 20 }; /* most bytes of a line */

typedef struct sqi_manifest_entry {
    sqi_span path; /* absolute, of this machine, no URI */
    int64_t size;
    bool is_dir;
    int64_t modified_millis;
    int64_t replication, block_size; /* of a distributed file system; 1 and 32 MiB here */
} sqi_manifest_entry;

/* Spans are valid within the call. line: the entry as it stands in the file, without its LF. */
typedef streamq_status (*sqi_manifest_each)(void *context, const sqi_manifest_entry *entry, sqi_span line,
                                            streamq_error **err);

/* *missing: there is no such file, which is no error here. */
streamq_status sqi_manifest_file_read(const sqi_io_env *env, const char *path, sqi_manifest_each each, void *context,
                                      bool *missing, streamq_error **err);

/* Append: the first line; LF and an entry. False: no memory. */
bool sqi_manifest_file_begin(sqi_buf *to);
bool sqi_manifest_file_entry(sqi_buf *to, const sqi_manifest_entry *entry);

/* The version in the first line, 1 to `most`. INVALID_LOG_VERSION beyond that. */
streamq_status sqi_manifest_file_version(sqi_span line, int64_t most, const char *file, int64_t *version,
                                         streamq_error **err);

#endif
