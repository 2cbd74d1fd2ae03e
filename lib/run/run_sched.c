/*
 * run_sched: see the header.
 *
 * One thread at a time is inside a query (sqi_query_enter). The query's own thread, woken while a helper is inside, waits
 * in a queue of one until that has left, and then sleeps on if nothing was left to do. It says what would wake it
 * (`dozing`) before it leaves; a helper that leaves anything else behind, or an earlier time, wakes it.
 */
#include "run_sched.h"

#include "run_state.h"

static streamq_status own_step(sqi_query *q, sqi_step *what)
{
    while (!sqi_query_enter(q))
        sqi_query_queue(q);
    q->may_defer = true;
    streamq_status status = sqi_query_step_inside(q, what, NULL);
    q->dozing = (struct sqi_dozing){*what, *what == SQI_STEP_IDLE ? sqi_query_deadline(q) : INT64_MAX};
    sqi_query_leave(q);
    return status;
}

/* Until a step may have work. */
static void doze(sqi_query *q)
{
    const struct sqi_dozing how = q->dozing; /* only this thread writes it */
    uint64_t helped;
    if (how.after == SQI_STEP_WORKED)
        return;
    do {
        helped = atomic_load(&q->helped);
        /* With results waiting to be taken new input is no reason to wake: only the taker or a stop is. */
        (void)sqi_os_wait_fd(q->io.os, how.after == SQI_STEP_FULL ? q->signal.read_fd : q->poller.fd, how.until);
        if (atomic_load(&q->stepper))
            sqi_query_queue(q);
    } while (helped != atomic_load(&q->helped));
}

static void *run(void *argument)
{
    sqi_query *q = argument;
    sqi_step what = SQI_STEP_WORKED;
    while (own_step(q, &what) == STREAMQ_OK && what != SQI_STEP_FINISHED)
        doze(q);
    return NULL;
}

/* Steps until there is nothing to do, and says whether that is so: false leaves something to the query's own thread. */
static bool help(sqi_query *q)
{
    sqi_step what;
    if (!sqi_query_enter(q))
        return false;
    q->may_defer = true;
    while (sqi_query_step_inside(q, &what, NULL) == STREAMQ_OK && what == SQI_STEP_WORKED)
        continue;
    bool done = what == SQI_STEP_IDLE && q->dozing.after == SQI_STEP_IDLE && sqi_query_deadline(q) >= q->dozing.until;
    if (done)
        atomic_fetch_add(&q->helped, 1);
    sqi_query_leave(q);
    return done;
}

bool sqi_sched_process_all(sqi_query *q, int64_t deadline_micros)
{
    uint64_t asked = sqi_query_ask_idle(q);
    if (deadline_micros != INT64_MAX || !help(q))
        sqi_query_wake(q);
    return sqi_query_wait_idle(q, asked, deadline_micros);
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
