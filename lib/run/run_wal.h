/*
 * run_wal: the checkpoint's log: records of bytes in segments, one after the other, that are there after a crash from the
 * moment sync has returned. It knows nothing of what the records say. docs/design/checkpoint-format.md has every byte.
 *
 * - A segment is a file `wal-<number of its first micro-batch>`. Every record carries a checksum, the checksum of the
 *   record before it, and how much of the segment was known to be synced when it was written. So a reader can tell what
 *   a crash may leave (the end of the last segment, not yet synced, torn or missing: the log ends there) from damage
 *   (anything else: an error that names file and place).
 * - After a write or a sync has failed, nothing more is written: what the disk holds is not known any more. Who opens
 *   the log again writes what was not proven to be synced once more, and syncs it, before anything is built on it.
 * - Bytes are untrusted when read: lengths are checked against the file, memory is bounded by the longest record.
 *
 * One thread at a time.
 */
#ifndef SQI_RUN_WAL_H
#define SQI_RUN_WAL_H

#include "base_bytes.h"
#include "base_error.h"
#include "os_file.h"
#include "run_syncer.h"

enum {
    SQI_WAL_VERSION = 1,
    SQI_WAL_HEAD = 64,        /* bytes of a segment before its first record */
    SQI_WAL_RECORD_HEAD = 48, /* of a record before its body */
    SQI_WAL_ID = 16           /* bytes of the checkpoint's id */
};
#define SQI_WAL_BODY_MOST (UINT32_MAX - 4096u)

typedef enum sqi_wal_kind { SQI_WAL_BATCH = 1, SQI_WAL_DELIVERED = 2 } sqi_wal_kind;

typedef struct sqi_wal_segment {
    int64_t first; /* micro-batch */
    int64_t size;  /* bytes of it that are the log */
    bool scanned;
    int64_t before;                    /* of a scanned one: the segment before, -1: none */
    uint64_t check_before, check_last; /* of a scanned one: of the record before its first, and of its last */
} sqi_wal_segment;

typedef struct sqi_wal {
    sqi_alloc *alloc;
    const sqi_os_files *files;
    char *dir;
    size_t dir_size;
    unsigned char id[SQI_WAL_ID];
    sqi_wal_segment *segment; /* ascending; the last is written to */
    size_t nsegment, cap;
    int file;       /* of the last segment, -1: not open for writing */
    int64_t end;    /* of the last segment's records */
    int64_t synced; /* bytes of it known to be on disk */
    uint64_t check; /* of the last record */
    bool fresh;     /* the last segment's name is not synced yet */
    bool rolling;   /* the next record begins a segment */
    int failure;    /* errno of what ended writing */
    sqi_syncer syncer;
    bool syncing;   /* it is at work on the last record */
    bool behind;    /* the last micro-batch was written in the background */
    size_t ndrop;   /* of the first segments: to be removed in the background, one with each record */
    char *old;      /* the name of the one that is being removed */
    int64_t unborn; /* a segment whose first record never came to be; -1: none */
} sqi_wal;

typedef struct sqi_wal_record {
    sqi_wal_kind kind;
    int64_t batch;
    size_t segment; /* index */
    int64_t at;     /* of its head in the segment */
    uint64_t bytes; /* head included */
    uint64_t check;
} sqi_wal_record;

typedef streamq_status (*sqi_wal_take)(void *context, const sqi_wal_record *record, sqi_span body, streamq_error **err);

/* Find the segments of a directory. Valid for close whatever it returns. The alloc, files and bytes of dir are kept. */
streamq_status sqi_wal_open(sqi_wal *w, sqi_alloc *alloc, const sqi_os_files *files, const char *dir,
                            const unsigned char id[SQI_WAL_ID], streamq_error **err);
void sqi_wal_close(sqi_wal *w); /* valid on a zeroed one; does not sync */

/* The records of one segment in order (take NULL: only checked). Segments are scanned from the last to the first, as far
   back as is wanted. Of the last one it is found out where it ends, or that it never came to be: that takes it off the
   list, and *none is set. */
streamq_status sqi_wal_scan(sqi_wal *w, size_t segment, sqi_wal_take take, void *context, bool *none,
                            streamq_error **err);
/* Whether the segment after it, if that was scanned, says that it is the one before. If not it is a file that retention
   removed, and whose removal the disk forgot; the log begins behind it. */
bool sqi_wal_follows(const sqi_wal *w, size_t segment);
/* Records of a segment from the first that stands at `from` or later, of a segment that was scanned: only lengths are
   checked. */
streamq_status sqi_wal_read(sqi_wal *w, size_t segment, int64_t from, sqi_wal_take take, void *context,
                            streamq_error **err);
/* Before the first append, after the last segment was scanned: cut off what is torn, and make sure of what is not proven
   to be on disk. */
streamq_status sqi_wal_continue(sqi_wal *w, streamq_error **err);

/* Before continue: what lies behind this record of the last segment is not to be gone on from. */
void sqi_wal_cut_behind(sqi_wal *w, int64_t end, uint64_t check);

/* A record: begin puts its head into an empty buffer, the caller appends the body, append writes both. */
bool sqi_wal_begin(sqi_buf *record);
streamq_status sqi_wal_append(sqi_wal *w, sqi_wal_kind kind, int64_t batch, sqi_buf *record, streamq_error **err);
/* The same, written and synced in the background, if that can be: until the next sync, which waits for it, nothing may be
   asked of the log, and the record stays as it is. */
streamq_status sqi_wal_append_behind(sqi_wal *w, sqi_wal_kind kind, int64_t batch, sqi_buf *record,
                                     streamq_error **err);
streamq_status sqi_wal_sync(sqi_wal *w, streamq_error **err);
/* The next record begins a new segment; what is in the old ones is synced first. */
void sqi_wal_roll(sqi_wal *w);
/* Remove the first n segments, never the last; in the background if records are written there. 0, or the errno of the
   last that could not be removed: it stays on the list, or until the next restart. */
int sqi_wal_drop(sqi_wal *w, size_t n);

/* "<dir>/wal-..." of a segment; `to` has room for the directory's name and 32 bytes. */
void sqi_wal_path(const sqi_wal *w, int64_t first, char *to, size_t cap);

#endif
