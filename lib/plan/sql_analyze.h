/*
 * sql_analyze: a parsed query -> plan nodes, over the names the plan knows.
 */
#ifndef SQI_SQL_ANALYZE_H
#define SQI_SQL_ANALYZE_H

#include "plan_build.h"
#include "sql_query.h"

streamq_status sqi_sql_analyze(sqi_plan_context *c, const sqi_sql_query *q, const sqi_node **out, streamq_error **err);

#endif
