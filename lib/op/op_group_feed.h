/*
 * op_group_feed: the front of a grouping whose state stands in several lanes. A worker runs a copy of the operators
 * before the grouping over an item's chunk; the copy ends in a feed, which computes keys and arguments, and sorts the
 * rows by lane. Then each lane takes its rows in.
 */
#ifndef SQI_OP_GROUP_FEED_H
#define SQI_OP_GROUP_FEED_H

#include "op.h"

/* One chunk that arrived at a feed; all of it stands in the item's arena, or lives as long. Where rows are only counted
   there are no columns and no arguments, and the positions are those of the rows that are left. */
typedef struct sqi_group_part {
    struct sqi_group_part *next;
    sqi_chunk chunk;
    sqi_vec *vec, *key; /* results of the shared program; keys in normal form */
    uint64_t *hash;     /* of the keys, by position; NULL: no use for them */
    sqi_rows *rows;     /* by lane */
    uint32_t *times;    /* how many rows each position stands for; NULL: one */
} sqi_group_part;

typedef struct sqi_group_item {
    sqi_group_part *first, **last; /* in order */
    uint64_t rows;
} sqi_group_item;

typedef struct sqi_op_feed_params {
    sqi_op *group; /* made, with several lanes */
    const sqi_op_group_params *params;
    uint32_t worker; /* whose copy: below the number of lanes */
} sqi_op_feed_params;

extern const sqi_op_type sqi_op_feed;

/* What arrives from now on goes to this item, until the next call. arena: the item's, held. Unless rows are only counted,
   env->eval->arena must be the same. */
void sqi_feed_item(sqi_op *feed, sqi_group_item *item, sqi_arena *arena);
bool sqi_feed_only_counts(const sqi_op *feed);
/* What the feed's tally kept of the micro-batch, to the item, which is behind all others; and whether it kept any. */
streamq_status sqi_feed_rest(sqi_op *feed, streamq_error **err);
bool sqi_feed_has_rest(const sqi_op *feed);
/* A lane takes in its rows of an item; env is the worker's, whose arena is scratch. Lanes at once, items in order. */
streamq_status sqi_group_take_in(sqi_op *group, uint32_t lane, const sqi_group_item *item, sqi_op_env *env,
                                 streamq_error **err);
void sqi_group_took(sqi_op *group, int64_t micros); /* for the metrics */

#endif
