/*
 * run_query: one query: sources, a chain, a sink, and the micro-batch that joins them. A step runs at most one trigger
 * on the caller's thread; threads are a layer on top (run_sched).
 *
 * One micro-batch N: ask the sources for end offsets -> freeze the time -> read the ranges through the chain, which
 * stages its result in the sink -> one record in the checkpoint's log, synced -> sink commit(N) -> the log notes that N
 * was delivered -> state and sources forget what they kept for a repeat. A query without a checkpoint writes nothing.
 *
 * Locking: `mutex` guards what other threads may look at (phase, status, recent progress, failure). The chain, sources
 * and sink belong to the thread that steps, and only one may at a time.
 */
#ifndef SQI_RUN_QUERY_H
#define SQI_RUN_QUERY_H

#include "run_compile.h"
#include "run_progress.h"
#include "run_trigger.h"
#include "snk_pull.h"

#include <pthread.h>

typedef struct sqi_query sqi_query;

/* What the api's reader declared: how the run room gets from a plan's source to an io source. */
typedef struct sqi_source_spec {
    const sqi_source_type *type;
    const sqi_options *options;
    void *declared;
} sqi_source_spec;

typedef struct sqi_query_events {
    void *context;
    bool (*wanted)(void *context); /* is anybody listening (then JSON is made) */
    void (*event)(void *context, int32_t kind, sqi_span json);
    void (*ended)(void *context, sqi_query *q); /* the query has left the active ones */
} sqi_query_events;

typedef struct sqi_query_spec {
    sqi_alloc *alloc;
    const sqi_io_env *io;
    const sqi_eval *eval; /* settings; the query makes its own arena */
    const sqi_node *plan; /* optimised */
    sqi_schema schema;    /* of the result */
    const sqi_sink_type *sink;
    const sqi_options *sink_options;
    void *sink_declared;
    sqi_pull *pull; /* of a pull sink, or NULL */
    streamq_output_mode mode;
    sqi_trigger trigger;
    sqi_span name;
    uint32_t chunk_rows;
    uint32_t threads; /* that may work on one micro-batch */
    struct sqi_os_pool *workers;
    uint64_t help_rows; /* of a micro-batch, from which the workers join in */
    size_t recent;      /* progress updates kept */
    int64_t idle_event_micros;
    const char *checkpoint; /* directory, or NULL; as long as the query is made */
    bool temporary;         /* it goes with the query, unless that fails */
    int64_t retain;         /* micro-batches in it that can be gone back to */
    int64_t growth;         /* of it, see run_checkpoint.h */
    sqi_query_events events;
    void (*release)(void *keep); /* called when the query is freed: lets go of the plan */
    void *keep;
} sqi_query_spec;

typedef enum sqi_step { SQI_STEP_IDLE, SQI_STEP_WORKED, SQI_STEP_FINISHED, SQI_STEP_FULL } sqi_step;

/* Takes `keep`, also when it fails. */
streamq_status sqi_query_new(sqi_query **out, const sqi_query_spec *spec, streamq_error **err);
/* Ends the query if it has not ended; the caller has stopped its thread. */
void sqi_query_free(sqi_query *q);

/* At most one trigger. After a failure the same error again. CALL_OUT_OF_ORDER while another thread steps. */
streamq_status sqi_query_step(sqi_query *q, sqi_step *what, streamq_error **err);
/* Monotonic time at which a step may have work although no descriptor says so; INT64_MAX: none. */
int64_t sqi_query_deadline(sqi_query *q);
int sqi_query_fd(sqi_query *q);
void sqi_query_arm(sqi_query *q);          /* make fd readable at the deadline, for programs that poll it */
void sqi_query_wake(sqi_query *q);         /* any thread; a signal handler too */
void sqi_query_request_stop(sqi_query *q); /* the same */

bool sqi_query_active(sqi_query *q);
bool sqi_query_stepping_here(sqi_query *q);     /* the calling thread is inside a step of q */
streamq_error *sqi_query_failure(sqi_query *q); /* a copy, or NULL */
/* Wait until the query has ended, or the deadline passes: false. */
bool sqi_query_wait_end(sqi_query *q, int64_t deadline_micros);
/* process_all_available: ask for a trigger that finds nothing, then wait until one that began after the call has found
   nothing, or the query has ended, or the deadline passes: false. The thread that steps has to be woken. */
uint64_t sqi_query_ask_idle(sqi_query *q);
bool sqi_query_wait_idle(sqi_query *q, uint64_t asked, int64_t deadline_micros);

const char *sqi_query_id(const sqi_query *q);
const char *sqi_query_run_id(const sqi_query *q);
sqi_pull *sqi_query_pull(sqi_query *q);
bool sqi_query_status_json(sqi_query *q, sqi_buf *to);
bool sqi_query_last_json(sqi_query *q, sqi_buf *to); /* nothing appended: none yet */
bool sqi_query_recent_json(sqi_query *q, sqi_buf *to);
bool sqi_query_event_json(sqi_query *q, sqi_buf *to); /* ids and name: the started event */
bool sqi_query_explain(sqi_query *q, sqi_buf *to);
bool sqi_query_explain_extended(sqi_query *q, sqi_buf *to); /* the optimised plan, then the operators */
const sqi_zone *sqi_query_zone(const sqi_query *q);

#endif
