/*
 * run_sched: a thread that steps one query until it ends. All it does is step and wait; everything it can do, a program
 * can do on its own thread with sqi_query_step.
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

#endif
