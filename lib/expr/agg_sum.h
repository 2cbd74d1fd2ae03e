/*
 * agg_sum: what a node of the family sum, avg carries as its data.
 */
#ifndef SQI_AGG_SUM_H
#define SQI_AGG_SUM_H

#include "agg.h"

typedef enum sqi_sum_rule { /* of a sum beyond the range */
                            SQI_SUM_FAIL,
                            SQI_SUM_WRAP,
                            SQI_SUM_NULL
} sqi_sum_rule;

typedef struct sqi_sum_plan {
    sqi_sum_rule rule;
    bool average;
} sqi_sum_plan;

enum { SQI_SUM_GONE = -1 }; /* saved in place of the number of values: the sum was beyond the range */

/* Whether a node is one of the family; its plan, or NULL. */
const sqi_sum_plan *sqi_sum_plan_of(const sqi_bound *node);
streamq_status sqi_sum_overflow(const sqi_bound *node, streamq_error **err);

#endif
