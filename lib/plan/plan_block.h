/*
 * plan_block: from resolved items, HAVING and ORDER BY to nodes: generators, the projections that aliases of one list
 * need one after the other, filter, distinct, sort, and columns that only these need.
 */
#ifndef SQI_PLAN_BLOCK_H
#define SQI_PLAN_BLOCK_H

#include "plan_items.h"

typedef struct sqi_block {
    const sqi_node *base; /* what the items are computed from: the input or its aggregation */
    const sqi_items *items;
    /* over the base's columns and the items (SQI_COLUMN_ITEM) */
    sqi_bound *having;
    sqi_bound **order;
    uint8_t *order_flags;
    uint32_t norder;
    bool distinct; /* then `order` uses items only */
} sqi_block;

streamq_status sqi_block_build(sqi_plan_context *c, const sqi_block *block, const sqi_node **out, streamq_error **err);

#endif
