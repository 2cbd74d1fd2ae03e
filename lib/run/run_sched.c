/*
 * run_sched: see the header.
 */
#include "run_sched.h"

static void *run(void *argument)
{
    sqi_query *q = argument;
    sqi_step what = SQI_STEP_WORKED;
    while (sqi_query_step(q, &what, NULL) == STREAMQ_OK && what != SQI_STEP_FINISHED)
        sqi_query_wait(q, what);
    return NULL;
}

streamq_status sqi_sched_start(sqi_sched *s, sqi_query *q, streamq_error **err)
{
    char text[128];
    *s = (sqi_sched){.query = q};
    int code = sqi_os_thread_start(&s->thread, run, q, "streamq-query");
    if (code)
        return sqi_error_set(err, SQI_COND_IO_ERROR, "cannot start the query's thread: %s",
                             sqi_os_message(code, text, sizeof text));
    s->running = true;
    return STREAMQ_OK;
}

void sqi_sched_join(sqi_sched *s)
{
    if (s->running)
        pthread_join(s->thread, NULL);
    s->running = false;
}
