/*
 * agg_top: min_by and max_by with a third argument k: the values of the k least or greatest rows, as an array.
 */
#ifndef SQI_AGG_TOP_H
#define SQI_AGG_TOP_H

#include "agg.h"

/* Binds min_by(value, by, k) or max_by(value, by, k) and makes node->agg the row that runs it. */
streamq_status sqi_agg_top_resolve(sqi_binder *b, sqi_bound *node, streamq_error **err);

#endif
