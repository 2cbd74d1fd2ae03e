/*
 * func_time: what the functions of dates and times share.
 */
#ifndef SQI_FUNC_TIME_H
#define SQI_FUNC_TIME_H

#include "func.h"

/* Units of dateadd, date_trunc and their kin, the coarsest first. */
typedef enum sqi_time_unit {
    SQI_UNIT_YEAR,
    SQI_UNIT_QUARTER,
    SQI_UNIT_MONTH,
    SQI_UNIT_WEEK,
    SQI_UNIT_DAY,
    SQI_UNIT_HOUR,
    SQI_UNIT_MINUTE,
    SQI_UNIT_SECOND,
    SQI_UNIT_MILLISECOND,
    SQI_UNIT_MICROSECOND,
    SQI_UNIT_NONE,
} sqi_time_unit;

extern const int64_t sqi_unit_micros[SQI_UNIT_NONE]; /* WEEK and finer; 0 for months and more */

/* Argument k becomes a timestamp with or without zone: NTZ stays, all else is cast to TIMESTAMP. */
streamq_status sqi_time_resolve_stamp(sqi_binder *b, sqi_bound *node, uint32_t k, streamq_error **err);

/* Local microseconds of a timestamp (with a zone or without) at position i. */
static inline int64_t sqi_time_local_at(const sqi_call *call, const sqi_vec *v, uint32_t i)
{
    int64_t m = SQI_AT(v, int64_t, i);
    return v->type->id == SQI_TIMESTAMP ? sqi_zone_to_local(call->eval->zone, m) : m;
}

/* Out[i] is null; the bitmap is made if it is not there. */
streamq_status sqi_time_null(sqi_call *call, sqi_vec *out, uint32_t i, streamq_error **err);

#endif
