/*
 * func_time_now: the current time, frozen for a micro-batch, and the session's time zone. The rows are evaluated once a
 * batch and never folded into the plan.
 */
#include "func_str.h"
#include "func_time.h"

static streamq_status current_timestamp(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                        streamq_error **err)
{
    (void)arg, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int64_t)[i] = call->eval->now_micros;
    return STREAMQ_OK;
}

static streamq_status localtimestamp(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                     streamq_error **err)
{
    (void)arg, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int64_t)[i] = sqi_zone_to_local(call->eval->zone, call->eval->now_micros);
    return STREAMQ_OK;
}

static streamq_status current_date(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)arg, (void)err;
    int64_t local = sqi_zone_to_local(call->eval->zone, call->eval->now_micros);
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = (int32_t)sqi_time_floor_div(local, SQI_MICROS_PER_DAY);
    return STREAMQ_OK;
}

static streamq_status current_timezone(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                       streamq_error **err)
{
    (void)arg;
    sqi_str name;
    if (!sqi_str_copy(call->eval->arena, sqi_zone_name(call->eval->zone), &name))
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, sqi_str)[i] = name;
    return STREAMQ_OK;
}

#define ROW(row, sig, kern, line)                                                                                  \
    {                                                                                                              \
        .name = row, .flags = SQI_FUNC_PER_BATCH | SQI_FUNC_NEVER_NULL, .types = sig, .kernel = kern, .text = line \
    }

const sqi_func sqi_func_time_now[] = {
    ROW("current_timestamp", ">T", current_timestamp, "The time at which the micro-batch started."),
    ROW("now", ">T", current_timestamp, "The time at which the micro-batch started."),
    ROW("localtimestamp", ">N", localtimestamp, "The local time at which the micro-batch started."),
    ROW("current_date", ">D", current_date, "The local date on which the micro-batch started."),
    ROW("curdate", ">D", current_date, "The local date on which the micro-batch started."),
    {.name = "current_timezone",
     .flags = SQI_FUNC_NEVER_NULL,
     .types = ">s",
     .kernel = current_timezone,
     .text = "The session's time zone."},
    {0}};
