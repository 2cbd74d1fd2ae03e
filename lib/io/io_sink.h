/*
 * io_sink: the face of a sink inside the library. (Programs write theirs against streamq_ext.h; snk_custom wraps it.)
 *
 * One micro-batch: begin(id), write(chunk)..., then commit(id) or abort. write only stages: nothing is visible outside
 * before commit. A sink that remembers ids makes a repeated commit(id) harmless (`idempotent`). One thread at a time.
 */
#ifndef SQI_IO_SINK_H
#define SQI_IO_SINK_H

#include "io_common.h"

typedef struct sqi_sink sqi_sink;

typedef struct sqi_sink_type {
    const char *name;
    size_t state_size;
    const sqi_option_row *option;
    size_t noption;
    bool files;            /* it writes files: its options are also those of the format that has its name */
    bool idempotent;       /* a batch id that was committed before is dropped */
    bool needs_name;       /* queryName is required (memory) */
    bool needs_checkpoint; /* refuses to start without one (file) */
    bool append_only;      /* refuses other output modes (file) */
    streamq_status (*open)(sqi_sink *k, streamq_error **err);
    streamq_status (*begin)(sqi_sink *k, int64_t batch_id, streamq_error **err);
    streamq_status (*write)(sqi_sink *k, const sqi_chunk *chunk, streamq_error **err);
    streamq_status (*commit)(sqi_sink *k, int64_t batch_id, streamq_error **err);
    void (*abort)(sqi_sink *k);
    /* The highest batch id that the sink remembers as committed, outside of this process; -1: none. NULL: it remembers
       nothing. A query whose checkpoint is older than that is refused. */
    streamq_status (*latest)(sqi_sink *k, int64_t *batch_id, streamq_error **err);
    bool (*describe)(const sqi_sink *k, sqi_buf *to);
    void (*close)(sqi_sink *k); /* valid after an open that failed, on a zeroed state */
} sqi_sink_type;

struct sqi_sink {
    const sqi_sink_type *type;
    const sqi_io_env *env;
    const sqi_options *options;
    const sqi_schema *schema; /* of the rows written */
    streamq_output_mode mode;
    sqi_span query_name;
    void *declared; /* what the writer carries for its type: a memory table, a foreach callback, ... */
    void *state;
};

streamq_status sqi_sink_open(sqi_sink **out, const sqi_sink_type *type, const sqi_io_env *env,
                             const sqi_options *options, const sqi_schema *schema, streamq_output_mode mode,
                             sqi_span query_name, void *declared, streamq_error **err);
void sqi_sink_end(sqi_sink *k);   /* closes, leaves the lead; describe works without a state. NULL is fine */
void sqi_sink_close(sqi_sink *k); /* ends and frees; NULL is fine */

extern const sqi_sink_type sqi_snk_console, sqi_snk_memory, sqi_snk_foreach, sqi_snk_foreach_batch, sqi_snk_noop,
    sqi_snk_pull, sqi_snk_custom, sqi_snk_csv, sqi_snk_json, sqi_snk_text;
/* The options of a sink, those of a format included. what: "sink 'csv'". */
streamq_status sqi_sink_check(const sqi_sink_type *type, const sqi_options *options, const char *what,
                              streamq_error **err);
const sqi_sink_type *sqi_sink_find(sqi_span format);
const sqi_sink_type *sqi_sink_at(size_t i);

/* declared of foreach: rows one by one; open/process/close as Spark's ForeachWriter, row = chunk + position. */
typedef struct sqi_foreach {
    void *user;
    streamq_status (*row)(void *user, int64_t batch_id, const sqi_schema *schema, const sqi_chunk *chunk,
                          uint32_t position, streamq_error **err);
    streamq_status (*batch)(void *user, int64_t batch_id, sqi_batch *batch, streamq_error **err); /* foreachBatch */
} sqi_foreach;

/* console: text goes out through this, so that tests and programs can catch it. NULL write: stdout. */
typedef struct sqi_console {
    void *user;
    bool (*write)(void *user, const char *text, size_t len);
} sqi_console;

/* pull: committed batches wait here for streamq_query_next_batch. The producer blocks nowhere: a full queue (the
   "capacity" option, batches) makes `full` true, and the trigger waits. */
typedef struct sqi_pull sqi_pull; /* snk_pull.h */

#endif
