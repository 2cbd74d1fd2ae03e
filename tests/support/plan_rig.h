/*
 * plan_rig: a plan context by hand, for tests of the plan room: streams and tables that are only a name and a schema,
 * expressions and queries as text, plans as explain prints them. No session, no input, no output.
 */
#ifndef SQI_PLAN_RIG_H
#define SQI_PLAN_RIG_H

#include "plan_build.h"
#include "sql_query.h"

enum { SQI_PLAN_RIG_NAMES = 16 };

typedef struct sqi_plan_rig {
    sqi_alloc *alloc;
    sqi_arena plan, scratch;
    sqi_type_pool *pool;
    sqi_zones *zones;
    sqi_eval eval;
    sqi_plan_context c;
    sqi_plan_source source[SQI_PLAN_RIG_NAMES];
    sqi_plan_named named[SQI_PLAN_RIG_NAMES];
    uint32_t n;
    sqi_buf text;
} sqi_plan_rig;

streamq_status sqi_plan_rig_open(sqi_plan_rig *r, sqi_alloc *alloc, streamq_error **err);
void sqi_plan_rig_close(sqi_plan_rig *r); /* also what a failed open left */

/* A stream or a table by this name, with a schema as text ("a INT, b STRING"). */
streamq_status sqi_plan_rig_add(sqi_plan_rig *r, const char *name, const char *schema, bool streaming,
                                streamq_error **err);
/* A plan under a name. */
streamq_status sqi_plan_rig_name(sqi_plan_rig *r, sqi_span name, const sqi_node *node, streamq_error **err);

/* The items of a list as text; `sort`: an ORDER BY list. */
streamq_status sqi_plan_rig_list(sqi_plan_rig *r, const char *text, bool sort, sqi_ast ***out, uint32_t *n,
                                 streamq_error **err);
streamq_status sqi_plan_rig_sql(sqi_plan_rig *r, const char *text, const sqi_node **out, streamq_error **err);

/* Text that stands until the next call: the tree, and "a INT, b STRING NOT NULL". */
const char *sqi_plan_rig_explain(sqi_plan_rig *r, const sqi_node *n);
const char *sqi_plan_rig_schema(sqi_plan_rig *r, const sqi_node *n);

#endif
