/*
 * src_file: the inside of a source of files, for the files of that name (src_file.c: what is new and reading it,
 * src_file_log.c: what a checkpoint has to know of it). Nobody else includes this.
 *
 * Offsets count the batches of files. A batch is the files that one `latest` chose; it is kept until it is committed,
 * and its files are in `seen` for as long as they could be new again.
 */
#ifndef SQI_SRC_FILE_H
#define SQI_SRC_FILE_H

#include "io_file_list.h"
#include "io_file_plan.h"
#include "io_file_read.h"
#include "io_seen.h"
#include "io_source.h"
#include "os_watch.h"

typedef struct sqi_file_batch {
    int64_t number;
    sqi_file_list files;
} sqi_file_batch;

typedef struct sqi_src_file {
    sqi_arena arena; /* of the options */
    sqi_file_options options;
    const sqi_file_plan *plan;
    sqi_file_reader *reader;
    sqi_seen seen;
    int64_t current;       /* the last batch of files there is, -1: none */
    sqi_file_batch *batch; /* not committed yet, ascending */
    size_t nbatch, batch_cap;

    sqi_file_list found; /* listed, not taken yet: from `next` on */
    size_t next;
    bool listed, frozen, left; /* ever; for good (AvailableNow); files were listed that nobody keeps */
    bool log;                  /* a sink's log says what there is */

    sqi_os_watch watch;
    bool watched;         /* every folder in which something new could come is */
    int watch_code;       /* the first folder that could not be */
    int64_t next_listing; /* monotonic */

    /* Entries of `seen` that a save which is under way has given, and how many it has to give: what came later stands in
       the records of later micro-batches. */
    uint64_t saved[2];
} sqi_src_file;

/* The name by which a file is known. */
sqi_span sqi_src_file_key(const sqi_src_file *t, const sqi_file *f);
/* A batch of that number, in its place; the one that is there is emptied. */
streamq_status sqi_src_file_batch(sqi_source *s, int64_t number, sqi_file_batch **out, streamq_error **err);
sqi_file_batch *sqi_src_file_find(sqi_src_file *t, int64_t number); /* NULL: it is not there */

streamq_status sqi_src_file_save_changes(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_buf *to,
                                         streamq_error **err);
streamq_status sqi_src_file_save_some(sqi_source *s, uint64_t *cursor, size_t most, sqi_buf *to, streamq_error **err);
streamq_status sqi_src_file_load(sqi_source *s, sqi_span block, streamq_error **err);

#endif
