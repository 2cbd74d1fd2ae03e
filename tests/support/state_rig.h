/*
 * state_rig: an operator with state in front of an op_rig, durable, and blocks of what it saved: for tests that stop a
 * query and go on with another that has loaded its state. A grouping may stand in several lanes.
 */
#ifndef SQI_STATE_RIG_H
#define SQI_STATE_RIG_H

#include "fail_alloc.h"
#include "lane_rig.h"

typedef struct sqi_state_rig {
    sqi_fail_alloc heap;
    sqi_rig rig;
    sqi_lane_rig lanes;
    sqi_op *op;
    uint32_t nlane;
} sqi_state_rig;

enum { SQI_SAVED_MOST = 512 };

typedef struct sqi_saved {
    sqi_alloc alloc;
    sqi_buf block[SQI_SAVED_MOST];
    uint32_t n;
} sqi_saved;

/* A grouping; seed: of its hashes. Or an operator that the caller adds to the rig (sqi_rig_add) and puts in `op`. */
void sqi_state_rig_open(sqi_state_rig *q, const char *schema, const char *keys, const char *aggregates, uint32_t nlane,
                        streamq_output_mode mode, uint64_t seed);
void sqi_state_rig_begin(sqi_state_rig *q, const char *schema, streamq_output_mode mode, uint64_t seed);
void sqi_state_rig_close(sqi_state_rig *q); /* all memory must have come back */
const char *sqi_state_rig_batch(sqi_state_rig *q, const char *rows);

void sqi_saved_open(sqi_saved *b);
void sqi_saved_clear(sqi_saved *b); /* no blocks are left, and no memory of theirs */
sqi_buf *sqi_saved_next(sqi_saved *b);

/* Blocks are added. Between a batch and the next. */
void sqi_state_rig_changes(sqi_state_rig *q, sqi_saved *b);
void sqi_state_rig_whole(sqi_state_rig *q, sqi_saved *b, size_t most);
void sqi_state_rig_load(sqi_state_rig *q, const sqi_saved *b);

/* Fails unless both are the same lines in some order. */
void sqi_same_rows(const char *want, const char *got, const char *what);

#endif
