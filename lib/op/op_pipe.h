/*
 * op_pipe: work on a row of numbered items by several threads, with the result of one thread.
 *
 * The driver puts items in. Any worker prepares one, several at a time; then each lane consumes the prepared items one
 * after the other in their order, several lanes at a time. What belongs to a lane (a part of the state) is touched by
 * one worker at a time, and always sees the items in order: so the number of workers changes nothing.
 *
 * A bounded number of items is under way; item k stands in slot k % nslot until every lane has consumed it. The driver
 * works, too, whenever it waits. Without a pool, or while another query has it, the driver does everything.
 */
#ifndef SQI_OP_PIPE_H
#define SQI_OP_PIPE_H

#include "base_alloc.h"
#include "base_error.h"
#include "os_pool.h"

typedef struct sqi_pipe_job {
    void *context;
    bool driver_only; /* lanes are consumed by the driver (worker 0) alone */
    streamq_status (*prepare)(void *context, uint64_t item, uint32_t worker, streamq_error **err);
    streamq_status (*consume)(void *context, uint64_t item, uint32_t lane, uint32_t worker, streamq_error **err);
} sqi_pipe_job;

typedef struct sqi_pipe {
    sqi_alloc *alloc;
    sqi_os_pool *pool;
    uint32_t nworker, nslot, nlane; /* the driver is one of the workers */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool lock_ready, changed_ready;
    /* under the lock */
    sqi_pipe_job job;
    bool *prepared;             /* by slot */
    struct sqi_pipe_lane *lane; /* what it consumes next */
    uint64_t put, claimed;      /* items given; taken up for preparing */
    uint32_t asleep;
    bool helped, closed, failed;
    uint64_t failed_item; /* the first that failed; later ones are passed over, and so are later lanes of it */
    uint32_t failed_lane;
    streamq_error *failure;
    streamq_status status;
} sqi_pipe;

/* pool may be NULL. At most nworker threads work, numbers from 0 (the driver). Valid for fini whatever it returns. */
streamq_status sqi_pipe_init(sqi_pipe *p, sqi_alloc *alloc, sqi_os_pool *pool, uint32_t nworker, uint32_t nslot,
                             uint32_t nlane, streamq_error **err);
void sqi_pipe_fini(sqi_pipe *p); /* valid on a zeroed one; not while open */

/* Items count from 0 again. With `help` the pool's workers join in, if they are free. */
void sqi_pipe_open(sqi_pipe *p, const sqi_pipe_job *job, bool help);
void sqi_pipe_help(sqi_pipe *p); /* the same later: there is more to do than it seemed */
/* Waits, working, until a slot is free for the next item, and gives its number. Its slot is the driver's to fill. */
uint64_t sqi_pipe_room(sqi_pipe *p);
void sqi_pipe_put(sqi_pipe *p);
bool sqi_pipe_failed(sqi_pipe *p); /* nothing more needs to be put */
/* Everything put is consumed, or the error of the first item that failed. */
streamq_status sqi_pipe_close(sqi_pipe *p, streamq_error **err);
/* Instead of close, after a failure elsewhere: what is not begun is passed over; nobody works when this returns. */
void sqi_pipe_give_up(sqi_pipe *p);

#endif
