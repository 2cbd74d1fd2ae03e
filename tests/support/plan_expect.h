/*
 * plan_expect: what a query becomes, said in one line. The streams are s (k STRING, v INT, ar ARRAY<INT>, m MAP<STRING,
 * INT>, st STRUCT<f: INT, g: STRING>), r (k STRING, v BIGINT) and lines (value STRING), t (k STRING, w INT) is a table.
 * A difference fails the running test and shows both sides.
 */
#ifndef SQI_PLAN_EXPECT_H
#define SQI_PLAN_EXPECT_H

#include "plan_rig.h"

void sqi_plan_expect_open(sqi_plan_rig *r, sqi_alloc *alloc); /* a rig with these names */

void sqi_plan_expect_tree(const char *sql, const char *tree);
void sqi_plan_expect_optimized(const char *sql, const char *tree);
void sqi_plan_expect_schema(const char *sql, const char *ddl);
void sqi_plan_expect_refused(const char *sql, const char *condition);
/* The check of a streaming plan in a mode; NULL: it passes. */
void sqi_plan_expect_check(const char *sql, streamq_output_mode mode, const char *condition);

/* Refuses every allocation of a run in turn, alone and with all later ones: each run ends in STREAMQ_ERR_NOMEM or, if
   only a part of an error's text was lost, as the full one; nothing leaks. The function takes its memory from `alloc`.
 */
void sqi_plan_expect_survival(streamq_status (*run)(sqi_alloc *alloc, const void *context, streamq_error **err),
                              const void *context);

/* The same for plans that a test builds itself. */
void sqi_plan_expect_node(sqi_plan_rig *r, const sqi_node *n, const char *tree);
void sqi_plan_expect_error(streamq_status st, streamq_error *e, const char *condition); /* frees e */

#endif
