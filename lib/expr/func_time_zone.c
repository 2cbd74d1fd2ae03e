/*
 * func_time_zone: timestamps moved between time zones: from_utc_timestamp, to_utc_timestamp, convert_timezone.
 */
#include "expr_bind.h"
#include "func_str.h"
#include "func_time.h"

/* The zone of row i; a constant name is looked up once, when `*zone` is NULL. */
static streamq_status zone_at(sqi_call *call, const sqi_vec *names, uint32_t i, const sqi_zone **zone,
                              streamq_error **err)
{
    if (*zone && names->mask == 0)
        return STREAMQ_OK;
    return sqi_zones_get(call->eval->zones, SQI_SPAN_AT(names, i), zone, err);
}

static streamq_status from_utc(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_zone *zone = NULL;
    for (SQI_EACH(rows, k, i)) {
        SQI_TRY(zone_at(call, &arg[1], i, &zone, err));
        SQI_OUT(out, int64_t)[i] = sqi_zone_to_local(zone, SQI_AT(&arg[0], int64_t, i));
    }
    return STREAMQ_OK;
}

static streamq_status to_utc(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_zone *zone = NULL;
    for (SQI_EACH(rows, k, i)) {
        SQI_TRY(zone_at(call, &arg[1], i, &zone, err));
        SQI_OUT(out, int64_t)[i] = sqi_zone_to_utc(zone, SQI_AT(&arg[0], int64_t, i));
    }
    return STREAMQ_OK;
}

static streamq_status resolve_convert(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return sqi_bind_signature(b, node, node->narg == 3 ? "ssN>N" : "sN>N", err);
}

/* convert_timezone([from,] to, local time); from: the session's zone */
static streamq_status convert(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    bool three = call->node->narg == 3;
    const sqi_vec *target = &arg[three], *time = &arg[three + 1];
    const sqi_zone *from = three ? NULL : call->eval->zone, *to = NULL;
    for (SQI_EACH(rows, k, i)) {
        if (three)
            SQI_TRY(zone_at(call, &arg[0], i, &from, err));
        SQI_TRY(zone_at(call, target, i, &to, err));
        SQI_OUT(out, int64_t)[i] = sqi_zone_to_local(to, sqi_zone_to_utc(from, SQI_AT(time, int64_t, i)));
    }
    return STREAMQ_OK;
}

const sqi_func sqi_func_time_zone[] = {
    {.name = "from_utc_timestamp",
     .min_args = 2,
     .max_args = 2,
     .types = "Ts>T",
     .kernel = from_utc,
     .text = "A time of UTC as the clocks of a time zone show it."},
    {.name = "to_utc_timestamp",
     .min_args = 2,
     .max_args = 2,
     .types = "Ts>T",
     .kernel = to_utc,
     .text = "What the clocks of a time zone show as a time of UTC."},
    {.name = "convert_timezone",
     .min_args = 2,
     .max_args = 3,
     .resolve = resolve_convert,
     .kernel = convert,
     .text = "A local time of one zone (the session's if two arguments are given) as that of another."},
    {0}};
