/*
 * plan_make: nodes from resolved parts, for the files of this room. Nothing here looks at text or names: the callers
 * have bound their expressions. Every maker gives NULL without memory; sqi_make_done turns that, and a plan that is
 * nested too deep for the recursions over it, into an error.
 */
#ifndef SQI_PLAN_MAKE_H
#define SQI_PLAN_MAKE_H

#include "plan_node.h"

#define SQI_PLAN_DEPTH 1000   /* nodes on one way from the root to a leaf */
#define SQI_PLAN_WEIGHT 20000 /* nodes of the tree; a query that is named and used twice counts twice */

/* The columns of a node as names that expressions can use. */
static inline sqi_scope sqi_make_scope(const sqi_node *n)
{
    return (sqi_scope){n->ncol, n->col};
}

/* A node over one input that hands on its columns. */
sqi_node *sqi_make_over(sqi_plan_context *c, sqi_node_kind kind, const sqi_node *in);
/* expr[i] becomes col[i]; the arrays are the node's from now on. */
sqi_node *sqi_make_project(sqi_plan_context *c, const sqi_node *in, sqi_bound **expr, sqi_attribute *col, uint32_t n);
sqi_node *sqi_make_filter(sqi_plan_context *c, const sqi_node *in, sqi_bound *condition);
/* All columns of the input, then the generator's. */
sqi_node *sqi_make_generate(sqi_plan_context *c, const sqi_node *in, sqi_bound *generator);
sqi_node *sqi_make_sort(sqi_plan_context *c, const sqi_node *in, sqi_bound **expr, uint8_t *flags, uint32_t n);
/* Every column a key, no aggregates. */
sqi_node *sqi_make_distinct(sqi_plan_context *c, const sqi_node *in);
/* Some columns of the input, in this order. */
sqi_node *sqi_make_pick(sqi_plan_context *c, const sqi_node *in, const uint32_t *column, uint32_t n);
/* Column i of a node as an expression over it. */
sqi_bound *sqi_make_column(sqi_plan_context *c, const sqi_node *in, uint32_t i);

/* What to return after a NULL from a rewrite: the error it stopped with, else there was no memory. */
static inline streamq_status sqi_make_failed(streamq_error **err)
{
    return err && *err ? sqi_error_status(*err) : sqi_error_nomem(err);
}

streamq_status sqi_make_done(const sqi_node *made, const sqi_node **out, streamq_error **err);

/* First line of a builder whose rewrites need an error object to be able to stop: called without one, it calls itself
   with one. */
#define SQI_NEED_ERROR(err, again)           \
    do {                                     \
        if (!(err)) {                        \
            streamq_error *why = NULL;       \
            (err) = &why;                    \
            streamq_status status = (again); \
            sqi_error_free(why);             \
            return status;                   \
        }                                    \
    } while (0)

#endif
