/*
 * func_time_make: dates and timestamps from numbers and back: make_date, make_timestamp and its kin, epochs.
 */
#include "data_decimal.h"
#include "expr_bind.h"
#include "func_str.h"
#include "func_time.h"

#include <math.h>

enum { MAKE_TRY = 1 }; /* flag of a node: null instead of an error */

static streamq_status refuse(sqi_call *call, sqi_vec *out, uint32_t i, sqi_cond cond, const char *what,
                             streamq_error **err)
{
    if (call->node->flags & MAKE_TRY)
        return sqi_time_null(call, out, i, err);
    return sqi_error_set(err, cond, "%s", what);
}

static streamq_status no_such_field(sqi_call *call, sqi_vec *out, uint32_t i, streamq_error **err)
{
    return refuse(call, out, i, SQI_COND_DATETIME_FIELD_OUT_OF_BOUNDS__WITHOUT_SUGGESTION,
                  "a field is out of its bounds, or the month has no such day", err);
}

static streamq_status make_date(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    for (SQI_EACH(rows, k, i)) {
        int32_t y = SQI_AT(&arg[0], int32_t, i), m = SQI_AT(&arg[1], int32_t, i), d = SQI_AT(&arg[2], int32_t, i);
        if (!sqi_time_date_exists(y, m, d))
            SQI_TRY(no_such_field(call, out, i, err));
        else
            SQI_OUT(out, int32_t)[i] = sqi_time_days(y, m, d);
    }
    return STREAMQ_OK;
}

/* ---- make_timestamp ------------------------------------------------------------------------------------------- */

/* (year, month, day, hour, minute, seconds [, zone]), (date) or (date, time [, zone]). Only a timestamp with zone takes
   a zone or a lone date. Seconds are DECIMAL(16, 6). There is no type for a time of day, so it can only be NULL. */
static streamq_status resolve_make(sqi_binder *b, sqi_bound *node, const sqi_type *type, bool lenient,
                                   streamq_error **err)
{
    node->type = type;
    node->flags = lenient ? MAKE_TRY : 0;
    bool zoned = type->id == SQI_TIMESTAMP, pair = node->narg == 2 || (zoned && node->narg == 3);
    if (node->narg != 6 && !pair && !(zoned && (node->narg == 1 || node->narg == 7)))
        return sqi_error_set(err, SQI_COND_WRONG_NUM_ARGS__WITHOUT_SUGGESTION,
                             "%s takes year, month, day, hour, minute, seconds%s", node->func->name,
                             zoned ? " and perhaps a zone, or a date" : "");
    if (pair && node->arg[1]->type->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, 1, "\"TIME\"", err);
    if (node->narg < 6)
        return sqi_bind_signature(b, node, node->narg == 3 ? "D_s" : "D_", err);
    const sqi_type *seconds = sqi_type_decimal(b->eval->pool, 16, 6), *given = node->arg[5]->type;
    if (!seconds)
        return sqi_error_nomem(err);
    if (!sqi_type_is_numeric(given) && given->id != SQI_STRING && given->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, 5, "\"DECIMAL(16,6)\"", err);
    SQI_TRY(sqi_bind_cast(b, &node->arg[5], seconds, err));
    return sqi_bind_signature(b, node, node->narg == 7 ? "iiiii_s" : "iiiii_", err);
}

static streamq_status resolve_make_ltz(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_make(b, node, &sqi_type_timestamp, false, err);
}

static streamq_status resolve_try_ltz(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_make(b, node, &sqi_type_timestamp, true, err);
}

static streamq_status resolve_make_ntz(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_make(b, node, &sqi_type_timestamp_ntz, false, err);
}

static streamq_status resolve_try_ntz(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_make(b, node, &sqi_type_timestamp_ntz, true, err);
}

typedef enum made { MADE, MADE_BAD_FIELD, MADE_BAD_FRACTION } made;

/* Second 60 is the next minute's 0, as a leap second may be written, but has no fraction. */
static made local_of(const sqi_vec *arg, uint32_t i, int64_t *local)
{
    int32_t y = SQI_AT(&arg[0], int32_t, i), m = SQI_AT(&arg[1], int32_t, i), d = SQI_AT(&arg[2], int32_t, i);
    int32_t hour = SQI_AT(&arg[3], int32_t, i), minute = SQI_AT(&arg[4], int32_t, i);
    int64_t micros = (int64_t)SQI_AT(&arg[5], sqi_int128, i);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || micros < 0 || !sqi_time_date_exists(y, m, d))
        return MADE_BAD_FIELD;
    if (micros > 60 * SQI_MICROS_PER_SECOND)
        return micros < 61 * SQI_MICROS_PER_SECOND ? MADE_BAD_FRACTION : MADE_BAD_FIELD;
    micros += (hour * INT64_C(60) + minute) * 60 * SQI_MICROS_PER_SECOND;
    if (__builtin_mul_overflow((int64_t)sqi_time_days(y, m, d), SQI_MICROS_PER_DAY, local) ||
        __builtin_add_overflow(*local, micros, local))
        return MADE_BAD_FIELD;
    return MADE;
}

static streamq_status from_date(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    bool zoned = call->node->type->id == SQI_TIMESTAMP;
    for (SQI_EACH(rows, k, i)) {
        int64_t local;
        if (__builtin_mul_overflow((int64_t)SQI_AT(arg, int32_t, i), SQI_MICROS_PER_DAY, &local))
            SQI_TRY(no_such_field(call, out, i, err));
        else
            SQI_OUT(out, int64_t)[i] = zoned ? sqi_zone_to_utc(call->eval->zone, local) : local;
    }
    return STREAMQ_OK;
}

static streamq_status make_timestamp(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                     streamq_error **err)
{
    const sqi_zone *zone = call->eval->zone;
    bool zoned = call->node->type->id == SQI_TIMESTAMP, named = call->node->narg == 7;
    if (call->node->narg < 6)
        return from_date(call, arg, rows, out, err);
    for (SQI_EACH(rows, k, i)) {
        int64_t local;
        made m = local_of(arg, i, &local);
        if (m == MADE_BAD_FIELD) {
            SQI_TRY(no_such_field(call, out, i, err));
            continue;
        }
        if (m == MADE_BAD_FRACTION) {
            SQI_TRY(refuse(call, out, i, SQI_COND_INVALID_FRACTION_OF_SECOND,
                           "second 60 cannot have a fraction; use the try_ form to get NULL", err));
            continue;
        }
        if (named)
            SQI_TRY(sqi_zones_get(call->eval->zones, SQI_SPAN_AT(&arg[6], i), &zone, err));
        SQI_OUT(out, int64_t)[i] = zoned ? sqi_zone_to_utc(zone, local) : local;
    }
    return STREAMQ_OK;
}

/* ---- from epochs ---------------------------------------------------------------------------------------------- */

static streamq_status resolve_seconds(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    node->type = &sqi_type_timestamp;
    if (t->id == SQI_VOID || sqi_type_is_integral(t))
        return sqi_bind_cast(b, &node->arg[0], &sqi_type_bigint, err);
    if (t->id == SQI_FLOAT)
        return sqi_bind_cast(b, &node->arg[0], &sqi_type_double, err);
    if (t->id != SQI_DOUBLE && t->id != SQI_DECIMAL)
        return sqi_bind_arg_type_error(b, node, 0, "\"NUMERIC\"", err);
    return STREAMQ_OK;
}

static streamq_status out_of_range(streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_DATETIME_OVERFLOW, "the number lies outside the range of timestamps");
}

/* Microseconds of a decimal number of seconds, which must be whole. */
static streamq_status exact_micros(sqi_int128 v, int scale, int64_t *micros, streamq_error **err)
{
    sqi_int128 m = v, unit = sqi_decimal_pow10(scale > 6 ? scale - 6 : 0);
    if (m % unit)
        return sqi_error_set(err, SQI_COND_INVALID_FRACTION_OF_SECOND,
                             "the seconds have more than six digits after the point; round them first");
    m /= unit;
    if (scale < 6 && (!sqi_decimal_fits(m, 32) || !sqi_decimal_rescale(m, scale, 6, 38, &m)))
        return out_of_range(err);
    if (m < INT64_MIN || m > INT64_MAX)
        return out_of_range(err);
    *micros = (int64_t)m;
    return STREAMQ_OK;
}

static int64_t saturated(double micros)
{
    if (micros >= 0x1p63)
        return INT64_MAX;
    return micros <= -0x1p63 ? INT64_MIN : (int64_t)micros;
}

static streamq_status timestamp_seconds(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                        streamq_error **err)
{
    int64_t *to = out->data;
    for (SQI_EACH(rows, k, i)) {
        if (arg->type->id == SQI_DECIMAL) {
            SQI_TRY(exact_micros(SQI_AT(arg, sqi_int128, i), arg->type->scale, &to[i], err));
        } else if (arg->type->id == SQI_DOUBLE) {
            double seconds = SQI_AT(arg, double, i);
            if (isfinite(seconds))
                to[i] = saturated(seconds * 1e6);
            else
                SQI_TRY(sqi_time_null(call, out, i, err));
        } else if (__builtin_mul_overflow(SQI_AT(arg, int64_t, i), SQI_MICROS_PER_SECOND, &to[i])) {
            return out_of_range(err);
        }
    }
    return STREAMQ_OK;
}

static streamq_status resolve_integral(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "I", err));
    node->type = &sqi_type_timestamp;
    return sqi_bind_cast(b, &node->arg[0], &sqi_type_bigint, err);
}

static streamq_status timestamp_millis(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                       streamq_error **err)
{
    (void)call;
    for (SQI_EACH(rows, k, i))
        if (__builtin_mul_overflow(SQI_AT(arg, int64_t, i), INT64_C(1000), &SQI_OUT(out, int64_t)[i]))
            return out_of_range(err);
    return STREAMQ_OK;
}

static streamq_status same_number(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int64_t)[i] = SQI_AT(arg, int64_t, i);
    return STREAMQ_OK;
}

static streamq_status same_days(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = SQI_AT(arg, int32_t, i);
    return STREAMQ_OK;
}

/* ---- to epochs ------------------------------------------------------------------------------------------------ */

/* Only a timestamp: a DATE has no second, and text would have to say which zone it means. */
static streamq_status resolve_epoch(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_type_id id = node->arg[0]->type->id;
    if (id != SQI_TIMESTAMP && id != SQI_TIMESTAMP_NTZ && id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, 0, "\"TIMESTAMP\"", err);
    return sqi_bind_signature(b, node, "T>l", err);
}

static streamq_status unix_seconds(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int64_t)[i] = sqi_time_floor_div(SQI_AT(arg, int64_t, i), SQI_MICROS_PER_SECOND);
    return STREAMQ_OK;
}

static streamq_status unix_millis(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int64_t)[i] = sqi_time_floor_div(SQI_AT(arg, int64_t, i), 1000);
    return STREAMQ_OK;
}

#define ROW(row, low, high, sig, res, kern, line)                                                                  \
    {                                                                                                              \
        .name = row, .min_args = low, .max_args = high, .types = sig, .resolve = res, .kernel = kern, .text = line \
    }
#define MAKE_ROW(row, res, line) ROW(row, 1, 7, NULL, res, make_timestamp, line)

const sqi_func sqi_func_time_make[] = {
    ROW("make_date", 3, 3, "iii>D", NULL, make_date, "A date from year, month and day."),
    MAKE_ROW("make_timestamp", resolve_make_ltz,
             "A timestamp from year, month, day, hour, minute, seconds and perhaps a zone."),
    MAKE_ROW("make_timestamp_ltz", resolve_make_ltz,
             "A timestamp from year, month, day, hour, minute, seconds and perhaps a zone."),
    MAKE_ROW("make_timestamp_ntz", resolve_make_ntz,
             "A timestamp without zone from year, month, day, hour, minute and seconds."),
    MAKE_ROW("try_make_timestamp", resolve_try_ltz, "make_timestamp, NULL if there is no such time."),
    MAKE_ROW("try_make_timestamp_ltz", resolve_try_ltz, "make_timestamp_ltz, NULL if there is no such time."),
    MAKE_ROW("try_make_timestamp_ntz", resolve_try_ntz, "make_timestamp_ntz, NULL if there is no such time."),
    ROW("timestamp_seconds", 1, 1, NULL, resolve_seconds, timestamp_seconds,
        "The timestamp so many seconds after 1970 began."),
    ROW("timestamp_millis", 1, 1, NULL, resolve_integral, timestamp_millis,
        "The timestamp so many milliseconds after 1970 began."),
    ROW("timestamp_micros", 1, 1, NULL, resolve_integral, same_number,
        "The timestamp so many microseconds after 1970 began."),
    ROW("unix_seconds", 1, 1, NULL, resolve_epoch, unix_seconds, "Whole seconds since 1970 began."),
    ROW("unix_millis", 1, 1, NULL, resolve_epoch, unix_millis, "Whole milliseconds since 1970 began."),
    ROW("unix_micros", 1, 1, NULL, resolve_epoch, same_number, "Microseconds since 1970 began."),
    ROW("unix_date", 1, 1, "E>i", NULL, same_days, "Days since 1970-01-01."),
    ROW("date_from_unix_date", 1, 1, "i>D", NULL, same_days, "The date so many days after 1970-01-01."),
    {0}};
