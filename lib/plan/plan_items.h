/*
 * plan_items: a select list, resolved: stars expanded, generators taken out, aliases visible to the items on their
 * right.
 *
 * An item's expression is over the columns of the input. SQI_COLUMN_ITEM | i in it is item i (always further left),
 * SQI_COLUMN_GENERATED | j is column j of what the generators give, counted through all of them.
 */
#ifndef SQI_PLAN_ITEMS_H
#define SQI_PLAN_ITEMS_H

#include "plan_names.h"

typedef struct sqi_item {
    sqi_attribute attr; /* of the column it becomes */
    sqi_bound *e;
    const sqi_ast *ast; /* as written, without alias; the star it came from; NULL for a column passed through */
    bool aliased;       /* items to the right may name it */
    bool aggregate;     /* an aggregate function was written in it, even if only its type is used */
    uint32_t depth;     /* of e with the items it names written out */
} sqi_item;

typedef struct sqi_items {
    sqi_item *at;
    uint32_t n, cap;
    sqi_attribute *alias; /* of the items that have one, and their numbers: what items to the right see */
    uint32_t *alias_item;
    uint32_t nalias, alias_cap, alias_item_cap;
    sqi_bound **generator; /* in order of appearance: each multiplies what the ones before give */
    uint32_t ngenerator, generator_cap;
    uint32_t ngenerated; /* columns of all generators */
} sqi_items;

/* Add one written item: one column, several for a star or a generator. `clause` is for messages. */
streamq_status sqi_items_add(sqi_plan_context *c, const sqi_node *in, const char *clause, const sqi_ast *e,
                             sqi_items *items, streamq_error **err);
/* Add column i of the input as it is. */
streamq_status sqi_items_add_column(sqi_plan_context *c, const sqi_node *in, uint32_t i, sqi_items *items,
                                    streamq_error **err);
/* The same expression without item numbers: each replaced by what the item computes. NULL: *err is set. */
sqi_bound *sqi_items_inline(sqi_plan_context *c, const sqi_items *items, const sqi_bound *e, streamq_error **err);
/* The items as a scope: position = item. NULL: no memory. */
sqi_attribute *sqi_items_scope(sqi_plan_context *c, const sqi_items *items);

bool sqi_items_have_aggregate(const sqi_items *items);

#endif
