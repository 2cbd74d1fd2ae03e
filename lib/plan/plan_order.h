/*
 * plan_order: ORDER BY and HAVING over a list of output columns whose names go first, and the input below, which they
 * may also use. Numbers of the results: SQI_COLUMN_ITEM | i for output column i, none for the input.
 */
#ifndef SQI_PLAN_ORDER_H
#define SQI_PLAN_ORDER_H

#include "plan_names.h"

typedef struct sqi_order_scope {
    sqi_plan_context *c;
    sqi_scope output;
    const sqi_node *input; /* NULL: the output's columns only */
    bool streaming;
    bool aggregates; /* aggregate functions may stand here */
} sqi_order_scope;

typedef struct sqi_order {
    sqi_bound **e;
    uint8_t *flags; /* bit 0 descending, bit 1 nulls first */
    uint32_t n;
} sqi_order;

/* The terms of ORDER BY: ordinals, ALL, aliases, any expression. */
streamq_status sqi_order_terms(const sqi_order_scope *s, sqi_ast *const *item, uint32_t n, sqi_order *out,
                               streamq_error **err);
/* Every term has a type with an order. */
streamq_status sqi_order_check(const sqi_order *order, streamq_error **err);
/* The condition of HAVING. */
streamq_status sqi_order_having(const sqi_order_scope *s, const sqi_ast *e, sqi_bound **out, streamq_error **err);

#endif
