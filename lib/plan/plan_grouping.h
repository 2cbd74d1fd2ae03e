/*
 * plan_grouping: the keys and aggregate functions of one SELECT block: from GROUP BY as written to an AGGREGATE node
 * (over an EXPAND for grouping sets), and expressions over the input turned into expressions over that node.
 */
#ifndef SQI_PLAN_GROUPING_H
#define SQI_PLAN_GROUPING_H

#include "plan_items.h"

/* GROUP BY as written. */
typedef struct sqi_group_by {
    bool present;  /* without it aggregate functions make one group of all rows */
    bool all;      /* GROUP BY ALL: every item without an aggregate function */
    bool ordinals; /* an integer literal is a position in the select list */
    sqi_ast *const *key;
    uint32_t nkey;
    const uint64_t *set; /* grouping sets: bit i says that key i is kept; NULL: none */
    uint32_t nset;
} sqi_group_by;

typedef struct sqi_grouping {
    sqi_plan_context *c;
    const sqi_node *in;
    const sqi_items *items;
    const sqi_group_by *by;
    sqi_bound **key; /* over the input */
    const sqi_ast **key_ast;
    uint32_t nkey, key_cap;
    uint32_t nkept;  /* key columns of the node: the keys, then the grouping id and the set's number where needed */
    sqi_bound **agg; /* AGG nodes over the input, each once */
    uint32_t nagg, agg_cap;
    bool selecting; /* MISSING_AGGREGATION rather than UNRESOLVED_COLUMN for what is no key */
} sqi_grouping;

/* Resolve the keys. The items are already bound: ordinals and aliases mean them. */
streamq_status sqi_grouping_keys(sqi_grouping *g, streamq_error **err);
/* e over the input -> over the node: keys and aggregates become its columns, the latter are collected. Item and
   generated columns stay. NULL: *err is set. */
sqi_bound *sqi_grouping_above(sqi_grouping *g, const sqi_bound *e, streamq_error **err);
/* The node, when everything has gone through sqi_grouping_above. */
streamq_status sqi_grouping_node(const sqi_grouping *g, const sqi_node **out, streamq_error **err);

#endif
