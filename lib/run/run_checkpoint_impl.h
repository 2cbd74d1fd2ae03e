/*
 * run_checkpoint_impl: what run_checkpoint.c (the directory, writing) and run_restore.c (the log read back) share. Nobody
 * else includes it.
 */
#ifndef SQI_RUN_CHECKPOINT_IMPL_H
#define SQI_RUN_CHECKPOINT_IMPL_H

#include "run_checkpoint.h"

struct sqi_checkpoint_entry { /* one record of a micro-batch */
    int64_t batch;
    int64_t at;    /* in its segment */
    int64_t first; /* its segment's name */
    uint64_t bytes, check;
    uint8_t flags;
    bool delivered;
    bool superseded; /* the same micro-batch was logged again, by a restart */
};

/* Looks at the log from its end, as far back as the state before the micro-batch `target` needs it (-1: the last one). */
streamq_status sqi_checkpoint_survey(sqi_checkpoint *c, streamq_error **err);
/* Remember a whole pass. */
streamq_status sqi_checkpoint_add_pass(sqi_checkpoint *c, int64_t begin, int64_t end, streamq_error **err);

#endif
