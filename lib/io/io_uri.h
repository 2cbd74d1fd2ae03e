/*
 * io_uri: paths as the URIs that stand in Spark's logs of files, and back. Written: file:///folder/a%20b, with the
 * characters escaped that Java's URI escapes; letters outside ASCII stay. Read: file:/x, file:///x, file://localhost/x and
 * bare absolute paths.
 */
#ifndef SQI_IO_URI_H
#define SQI_IO_URI_H

#include "base_buf.h"
#include "base_error.h"

/* Append the URI of an absolute path. False: no memory. */
bool sqi_uri_put(sqi_buf *to, sqi_span path);

typedef enum sqi_uri_fault {
    SQI_URI_OK,
    SQI_URI_ELSEWHERE, /* of another scheme or machine: hdfs:, s3a:, //host */
    SQI_URI_MALFORMED, /* relative, or an escape that is none, or a NUL */
    SQI_URI_NOMEM
} sqi_uri_fault;

/* Append the path of a URI. */
sqi_uri_fault sqi_uri_path(sqi_span uri, sqi_buf *to);
/* A path as a program gives it: as it is, or behind file: and file://, which are cut off; nothing is unescaped, as in
   Hadoop. Empty: of another scheme or machine. Points into `path`, up to its end. */
sqi_span sqi_uri_plain(sqi_span path);

#endif
