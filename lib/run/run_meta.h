/*
 * run_meta: the file `metadata` of a checkpoint: whose it is. JSON, written once when a query first starts there: the
 * query's id (it stays the same over restarts), and the shape of what is kept: a line for each source, and the lines
 * that its stateful operators say of themselves (op.h). A line has three fields with tabs between them; the first two
 * have to be the same at a restart, the third is a name that may change.
 */
#ifndef SQI_RUN_META_H
#define SQI_RUN_META_H

#include "base_buf.h"
#include "base_error.h"
#include "os.h"

enum { SQI_META_VERSION = 1, SQI_META_MOST = 16 << 20 /* bytes of the file */ };

typedef struct sqi_meta {
    char id[40];
    int64_t created_ms;
    sqi_buf shape; /* lines, each ends with LF */
} sqi_meta;

void sqi_meta_init(sqi_meta *m, sqi_alloc *alloc);
void sqi_meta_fini(sqi_meta *m);                   /* valid on a zeroed one */
bool sqi_meta_uuid(const sqi_os *os, char to[40]); /* a new id; false: the system gave no random bytes */
void sqi_meta_id_bytes(const sqi_meta *m, unsigned char to[16]);

/* A checkpoint's directory as Spark's users write it: file:///a/b and file:/a/b are /a/b. */
const char *sqi_meta_path(const char *path);

/* *found false: there is none. CHECKPOINT_CORRUPT, CHECKPOINT_VERSION. */
streamq_status sqi_meta_read(sqi_meta *m, const sqi_os_files *files, const char *dir, bool *found, streamq_error **err);
streamq_status sqi_meta_write(const sqi_meta *m, const sqi_os_files *files, const char *dir, streamq_error **err);

/* CHECKPOINT_MISMATCH with the list of what differs. *renamed: only names do. */
streamq_status sqi_meta_compare(sqi_span kept, sqi_span now, const char *dir, bool *renamed, streamq_error **err);

/* The parts of a shape, taken from its front one after the other. False: there are no more. */
typedef struct sqi_meta_part {
    bool source;   /* else a stateful operator */
    sqi_span name; /* a source's format; an operator's name, that of its metrics */
    sqi_span text; /* a source's description; an operator's lines, all of them */
} sqi_meta_part;
bool sqi_meta_next(sqi_span *shape, sqi_meta_part *out);

#endif
