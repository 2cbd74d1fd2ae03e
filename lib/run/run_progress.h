/*
 * run_progress: what a micro-batch did, in Spark's words: StreamingQueryProgress as JSON, the last N of them, and the
 * current status. Numbers are measured by run_query; here they become text. Not thread-safe: run_query locks.
 */
#ifndef SQI_RUN_PROGRESS_H
#define SQI_RUN_PROGRESS_H

#include "io_sink.h"
#include "io_source.h"
#include "op.h"

/* Parts of a trigger, Spark's durationMs. Microseconds inside, milliseconds in the JSON. */
typedef enum sqi_phase {
    SQI_PHASE_ADD_BATCH,
    SQI_PHASE_COMMIT_OFFSETS,
    SQI_PHASE_GET_BATCH,
    SQI_PHASE_LATEST_OFFSET,
    SQI_PHASE_QUERY_PLANNING,
    SQI_PHASE_TRIGGER,
    SQI_PHASE_WAL_COMMIT,
    SQI_PHASES_
} sqi_phase;

typedef struct sqi_source_progress {
    const sqi_source *source;
    sqi_offset start, end;
    uint64_t rows;
} sqi_source_progress;

typedef struct sqi_progress {
    const char *id, *run_id;
    sqi_span name;        /* empty: null */
    int64_t wall_micros;  /* start of the trigger */
    int64_t since_micros; /* since the start of the trigger before; 0: this is the first */
    int64_t batch_id;
    bool idle; /* nothing ran: only the phases that did are shown */
    int64_t phase[SQI_PHASES_];
    const sqi_source_progress *source;
    size_t nsource;
    const sqi_op_metrics *state;
    size_t nstate;
    const sqi_sink *sink;
    uint64_t output_rows;
} sqi_progress;

bool sqi_progress_json(sqi_buf *to, const sqi_progress *p);

/* The last N, kept as numbers so that a micro-batch neither formats nor allocates; text is made when asked for. */
typedef struct sqi_recent {
    sqi_alloc *alloc;
    sqi_progress *slot;
    sqi_source_progress *source; /* cap * nsource */
    sqi_op_metrics *state;       /* cap * nstate */
    size_t cap, count, next, nsource, nstate;
} sqi_recent;

streamq_status sqi_recent_init(sqi_recent *r, size_t cap, size_t nsource, size_t nstate, sqi_alloc *alloc,
                               streamq_error **err);
void sqi_recent_fini(sqi_recent *r); /* valid on a zeroed one */
/* Copies; p has the nsource and nstate of init. */
void sqi_recent_add(sqi_recent *r, const sqi_progress *p);
const sqi_progress *sqi_recent_last(const sqi_recent *r); /* NULL: none */
bool sqi_recent_json(const sqi_recent *r, sqi_buf *to);   /* an array, oldest first */

#endif
