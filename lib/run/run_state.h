/*
 * run_state: the inside of a query, shared by the files of run_query (run_query.c: life and stepping, run_batch.c: one
 * micro-batch, run_watch.c: what other threads may ask) and by run_sched.c, which shares its steps out. Nobody else
 * includes this.
 */
#ifndef SQI_RUN_STATE_H
#define SQI_RUN_STATE_H

#include "run_checkpoint.h"
#include "run_query.h"

/* Spark's status messages, in the order of a trigger. */
typedef enum sqi_message {
    SQI_MESSAGE_INITIALIZING,
    SQI_MESSAGE_GETTING_OFFSETS,
    SQI_MESSAGE_PROCESSING,
    SQI_MESSAGE_WAITING_DATA,
    SQI_MESSAGE_WAITING_TRIGGER,
    SQI_MESSAGE_STOPPED,
    SQI_MESSAGE_FAILED
} sqi_message;

typedef struct sqi_input { /* one source of the query */
    sqi_source *source;
    const sqi_plan_source *plan;
    sqi_offset start, end; /* committed; planned */
    uint64_t rows;         /* read in this micro-batch */
    bool untold;           /* it was delivered up to here, and the source does not know yet */
    sqi_offset untold_end;
    int polled_fd; /* of the source, in source_poller; -1: none */
} sqi_input;

/* A micro-batch that has run and is logged, but not delivered: who has more to do at once delivers it only when the next
   one has come to its output, so that the disk and the processor work at the same time. */
typedef struct sqi_done {
    bool any;
    int64_t batch_id, wall, since; /* the trigger's time, and that since the one before */
    int64_t phase[SQI_PHASES_];
    sqi_source_progress *source; /* by input: range and rows */
    bool *fresh;                 /* its range is not empty */
    uint64_t rows_out;
} sqi_done;

struct sqi_query {
    sqi_query_spec spec;
    sqi_alloc *alloc;
    sqi_arena arena; /* what lives as long as the query */
    sqi_io_env io;
    sqi_arena eval_arena; /* chunk scratch */
    sqi_eval eval;
    sqi_op_env op_env;
    sqi_chain chain;
    sqi_op end; /* gives the result to the sink */
    sqi_input *input;
    size_t ninput;
    sqi_sink *sink;
    sqi_op_metrics *metrics;
    sqi_source_progress *source_progress; /* of an idle trigger */
    sqi_done done;
    bool may_defer; /* whoever steps goes on until there is nothing to do */
    size_t nmetrics;

    sqi_trigger_state trigger;
    int64_t batch_id;          /* of the next micro-batch to run */
    int64_t at_batch;          /* of the one at hand, for messages */
    int64_t last_trigger_wall; /* of the trigger before, for the input rate */
    int64_t last_event_micros; /* monotonic, of the last progress or idle event */
    int64_t phase[SQI_PHASES_];
    bool sink_begun;

    bool durable; /* below: a query with a checkpoint */
    sqi_checkpoint checkpoint;
    sqi_checkpoint_parts parts; /* the order of the inputs and of the chain's operators */
    bool again;                 /* the next micro-batch was logged by a life before: its ranges and time are fixed */
    sqi_record_head time;       /* of the micro-batch at hand */

    sqi_os_signal signal;
    sqi_os_poller poller, source_poller;
    _Atomic bool stop;
    const char *_Atomic stepper; /* the thread that steps, NULL: none; see sqi_query_enter */
    _Atomic bool queued;         /* the query's own thread waits for the stepper to leave */
    struct sqi_dozing {          /* of the query's own thread, see run_sched.c; for who is inside */
        sqi_step after;          /* what its last step said */
        int64_t until;           /* when it looks again by itself; monotonic */
    } dozing;
    _Atomic uint64_t helped; /* times that somebody else has left nothing to do for it */

    pthread_mutex_t mutex; /* below */
    pthread_cond_t changed;
    bool mutex_ready, cond_ready;
    sqi_message message;
    size_t message_source;
    bool data_available, trigger_active;
    _Atomic bool ended; /* set under the mutex */
    streamq_error *failure;
    sqi_recent recent;
    uint64_t idle_asked, idle_seen; /* process_all_available: asked for, and answered by a trigger without data */

    char id[40], run_id[40];
};

/* run_batch.c: one trigger's work. *worked: a micro-batch ran. */
streamq_status sqi_batch_run(sqi_query *q, bool *worked, streamq_error **err);
streamq_status sqi_batch_deliver(sqi_query *q, streamq_error **err); /* the micro-batch that is done, if there is one */
void sqi_batch_seed(sqi_query *q); /* random functions differ from one micro-batch to the next, not from run to run */
extern const sqi_op_type sqi_op_output; /* state: the query */

/* run_query.c: a step in its parts, for run_sched. Who enters steps alone until it leaves; false: somebody is inside. */
bool sqi_query_enter(sqi_query *q);
void sqi_query_leave(sqi_query *q);
streamq_status sqi_query_step_inside(sqi_query *q, sqi_step *what, streamq_error **err);
void sqi_query_queue(sqi_query *q); /* until nobody is inside; for the query's own thread alone */

/* run_durable.c: the query and its checkpoint. Without one they do nothing. */
streamq_status sqi_durable_open(sqi_query *q, streamq_error **err);    /* before the chain is made */
streamq_status sqi_durable_restore(sqi_query *q, streamq_error **err); /* when everything else is open */
streamq_status sqi_durable_log(sqi_query *q, bool behind, streamq_error **err);
streamq_status sqi_durable_sync(sqi_query *q, streamq_error **err);
streamq_status sqi_durable_delivered(sqi_query *q, int64_t batch_id, streamq_error **err);
void sqi_durable_close(sqi_query *q, bool clean);

/* run_watch.c */
void sqi_watch_message(sqi_query *q, sqi_message m);
void sqi_watch_progress(sqi_query *q); /* of the micro-batch that is done */
void sqi_watch_idle(sqi_query *q, int64_t wall_micros);
void sqi_watch_event(sqi_query *q, int32_t kind, const streamq_error *failure);

static inline int64_t sqi_query_now(const sqi_query *q)
{
    return q->io.os->monotonic_micros(q->io.os->context);
}
static inline int64_t sqi_query_wall(const sqi_query *q)
{
    return q->io.os->wall_micros(q->io.os->context);
}

#endif
