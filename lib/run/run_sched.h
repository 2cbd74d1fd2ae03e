/*
 * run_sched: a query with a thread of its own. The thread steps and sleeps; everything it can do, a program can do on its
 * own thread with sqi_query_step. Who waits for the query without a time limit steps it meanwhile, if nobody does: what
 * it waits for is there sooner than a sleeping thread is awake.
 */
#ifndef SQI_RUN_SCHED_H
#define SQI_RUN_SCHED_H

#include "run_query.h"

typedef struct sqi_sched {
    sqi_query *query;
    pthread_t thread;
    bool running; /* the thread was started and not joined */
} sqi_sched;

streamq_status sqi_sched_start(sqi_sched *s, sqi_query *q, streamq_error **err);
/* Wait for the thread; the query has been asked to stop, or ends by itself. Not from the thread itself. */
void sqi_sched_join(sqi_sched *s);

/* process_all_available for a query with a thread: until a trigger that began after the call has found nothing, or the
   query has ended, or the deadline has passed: false. Without a deadline (INT64_MAX) the caller takes the steps itself
   as long as nobody else is at them; with one it only waits, because a step may take longer than that. Not from inside
   a step. */
bool sqi_sched_process_all(sqi_query *q, int64_t deadline_micros);

#endif
