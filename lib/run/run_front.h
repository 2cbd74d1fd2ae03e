/*
 * run_front: the way from a source to a grouping, run by several threads.
 *
 * Every worker has a copy of the operators between them, with programs and scratch of its own; a copy ends in a feed
 * (op_group_feed.h). The source's chunks are cut into items of some tens of microseconds of work; workers prepare items,
 * and take the rows of each lane in, in order. So the answers do not depend on the number of threads.
 *
 * Small micro-batches stay on the thread that steps the query: waking others would cost more than they bring.
 */
#ifndef SQI_RUN_FRONT_H
#define SQI_RUN_FRONT_H

#include "op_group_feed.h"
#include "op_pipe.h"

typedef struct sqi_front_worker {
    sqi_eval eval; /* over an item: the item's arena */
    sqi_op_env env;
    sqi_op *entry, *feed; /* the chain's, which frees them */
    sqi_eval lane_eval;   /* over a lane: scratch */
    sqi_op_env lane_env;
    sqi_arena scratch;
} sqi_front_worker;

typedef struct sqi_front {
    sqi_op_env *env;
    sqi_op *group;
    bool stable; /* what the source's chunks point to stays until the end of the micro-batch */
    bool open;
    uint64_t rows; /* of this micro-batch */
    int64_t began;
    sqi_pipe pipe;
    sqi_front_worker *worker; /* nworker */
    struct front_slot *slot;
    uint32_t nworker, nslot;
    _Atomic uint64_t taken, made; /* rows of items, and what their copies of the operators made of them */
} sqi_front;

/* Entries and feeds are the caller's to make, with worker[k].env as their environment, before the first push. */
streamq_status sqi_front_new(sqi_front **out, sqi_op_env *env, uint32_t threads, streamq_error **err);
void sqi_front_free(sqi_front *f); /* NULL is fine */

streamq_status sqi_front_push(sqi_front *f, const sqi_chunk *chunk, streamq_error **err);
streamq_status sqi_front_finish(sqi_front *f, streamq_error **err); /* everything pushed is in the state */
/* The micro-batch failed: when this returns, no worker uses the source's rows or the state any more. */
void sqi_front_give_up(sqi_front *f);

#endif
