/*
 * lane_rig: a grouping in several lanes on an op_rig, fed without a front: one item a push, lanes taken in from the last
 * to the first. It must answer as a grouping in one lane does.
 */
#ifndef SQI_LANE_RIG_H
#define SQI_LANE_RIG_H

#include "op_group_feed.h"
#include "op_rig.h"

typedef struct sqi_lane_rig {
    sqi_rig *rig;
    sqi_op_group_params params;
    sqi_op *group, *feed; /* the rig frees the group */
    sqi_op_env env;       /* of the feed, then of a lane */
    sqi_eval eval;
    sqi_arena item, scratch;
} sqi_lane_rig;

/* nlane of 1 or more; the rig's env says which pool and from how many rows on. */
streamq_status sqi_lane_rig_try_open(sqi_lane_rig *l, sqi_rig *rig, const char *keys, const char *aggregates,
                                     uint32_t nlane, streamq_error **err);
void sqi_lane_rig_open(sqi_lane_rig *l, sqi_rig *rig, const char *keys, const char *aggregates, uint32_t nlane);
void sqi_lane_rig_close(sqi_lane_rig *l); /* before the rig; valid after an open that failed */

streamq_status sqi_lane_rig_take(sqi_lane_rig *l, const sqi_batch *batch, streamq_error **err);
/* As sqi_rig_batch, in order. */
const char *sqi_lane_rig_batch(sqi_lane_rig *l, const char *rows);

#endif
