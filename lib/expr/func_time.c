/*
 * func_time: days, months and intervals added to dates and timestamps, and differences of them. The operators + and -
 * over such types become the internal rows at the end of the table (func_operators.c decides which).
 */
#include "func_time.h"

#include "expr_bind.h"
#include "func_str.h"

#include <math.h>

const int64_t sqi_unit_micros[SQI_UNIT_NONE] = {
    [SQI_UNIT_WEEK] = 7 * SQI_MICROS_PER_DAY,
    [SQI_UNIT_DAY] = SQI_MICROS_PER_DAY,
    [SQI_UNIT_HOUR] = INT64_C(3600000000),
    [SQI_UNIT_MINUTE] = INT64_C(60000000),
    [SQI_UNIT_SECOND] = SQI_MICROS_PER_SECOND,
    [SQI_UNIT_MILLISECOND] = 1000,
    [SQI_UNIT_MICROSECOND] = 1,
};

streamq_status sqi_time_resolve_stamp(sqi_binder *b, sqi_bound *node, uint32_t k, streamq_error **err)
{
    const sqi_type *t = node->arg[k]->type;
    if (t->id == SQI_TIMESTAMP || t->id == SQI_TIMESTAMP_NTZ)
        return STREAMQ_OK;
    if (t->id != SQI_DATE && t->id != SQI_STRING && t->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, k, "(\"TIMESTAMP\" or \"TIMESTAMP_NTZ\")", err);
    return sqi_bind_cast(b, &node->arg[k], &sqi_type_timestamp, err);
}

streamq_status sqi_time_null(sqi_call *call, sqi_vec *out, uint32_t i, streamq_error **err)
{
    SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    sqi_vec_set_null(out, i);
    return STREAMQ_OK;
}

static streamq_status out_of_range(streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_DATETIME_OVERFLOW, "the result lies outside the range of dates and timestamps");
}

/* ---- days and months ------------------------------------------------------------------------------------------ */

/* Days are an INT or smaller; text is read as one, wider numbers are refused. */
static streamq_status resolve_days(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *days = node->arg[1]->type;
    bool fits = days->id == SQI_VOID || days->id == SQI_TINYINT || days->id == SQI_SMALLINT || days->id == SQI_INT ||
                days->id == SQI_STRING;
    if (!fits)
        return sqi_bind_arg_type_error(b, node, 1, "(\"INT\" or \"SMALLINT\" or \"TINYINT\")", err);
    return sqi_bind_signature(b, node, "Di>D", err);
}

/* Like Spark's, these wrap at the ends of the range. */
static streamq_status date_add(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = (int32_t)(SQI_AT(&arg[0], uint32_t, i) + SQI_AT(&arg[1], uint32_t, i));
    return STREAMQ_OK;
}

static streamq_status date_sub(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = (int32_t)(SQI_AT(&arg[0], uint32_t, i) - SQI_AT(&arg[1], uint32_t, i));
    return STREAMQ_OK;
}

static streamq_status add_months(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call;
    for (SQI_EACH(rows, k, i))
        if (!sqi_time_add_months(SQI_AT(&arg[0], int32_t, i), SQI_AT(&arg[1], int32_t, i), &SQI_OUT(out, int32_t)[i]))
            return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW, "%d months lead out of the range of dates",
                                 SQI_AT(&arg[1], int32_t, i));
    return STREAMQ_OK;
}

static streamq_status last_day(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i)) {
        sqi_civil c;
        sqi_time_civil_date(SQI_AT(&arg[0], int32_t, i), &c);
        SQI_OUT(out, int32_t)[i] = sqi_time_days(c.year, c.month, sqi_time_month_days(c.year, c.month));
    }
    return STREAMQ_OK;
}

/* 0 for Thursday (1970-01-01 was one) to 6, or -1 */
static int weekday_named(sqi_span s)
{
    static const char *const names[7] = {"THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY"};
    for (int d = 0; d < 7; d++) {
        sqi_span name = sqi_span_of(names[d]);
        if ((s.len == 2 || s.len == 3 || s.len == name.len) && sqi_span_equal_nocase(s, (sqi_span){name.ptr, s.len}))
            return d;
    }
    return -1;
}

static streamq_status next_day(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call;
    for (SQI_EACH(rows, k, i)) {
        sqi_span name = SQI_SPAN_AT(&arg[1], i);
        int32_t from = SQI_AT(&arg[0], int32_t, i);
        int day = weekday_named(name);
        if (day < 0)
            return sqi_error_set(err, SQI_COND_ILLEGAL_DAY_OF_WEEK, "'%.*s' is no day of the week",
                                 name.len > 40 ? 40 : (int)name.len, name.ptr);
        int32_t ahead = (int32_t)((((int64_t)day - from) % 7 + 7) % 7);
        SQI_OUT(out, int32_t)[i] = (int32_t)((uint32_t)from + (uint32_t)(ahead ? ahead : 7));
    }
    return STREAMQ_OK;
}

/* ---- differences ---------------------------------------------------------------------------------------------- */

static streamq_status date_diff(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int32_t)[i] = (int32_t)(SQI_AT(&arg[0], uint32_t, i) - SQI_AT(&arg[1], uint32_t, i));
    return STREAMQ_OK;
}

/* Whole months if both stand on the same day or on the last one; else the rest counts as part of 31 days. */
static double months_apart(int64_t a, int64_t b, bool round_off)
{
    sqi_civil x, y;
    sqi_time_civil(a, &x);
    sqi_time_civil(b, &y);
    double months = ((double)x.year * 12 + x.month) - ((double)y.year * 12 + y.month);
    bool last = x.day == sqi_time_month_days(x.year, x.month) && y.day == sqi_time_month_days(y.year, y.month);
    if (x.day == y.day || last)
        return months;
    int64_t seconds = ((int64_t)x.day - y.day) * 86400 + (x.hour * 60 + x.minute) * 60 + x.second -
                      ((y.hour * 60 + y.minute) * 60 + y.second);
    double apart = months + (double)seconds / (31.0 * 86400);
    return round_off ? floor(apart * 1e8 + 0.5) / 1e8 : apart;
}

static streamq_status resolve_months_between(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return sqi_bind_signature(b, node, node->narg == 3 ? "TTb>d" : "TT>d", err);
}

static streamq_status months_between(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                     streamq_error **err)
{
    (void)err;
    bool three = call->node->narg == 3;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, double)
    [i] = months_apart(sqi_time_local_at(call, &arg[0], i), sqi_time_local_at(call, &arg[1], i),
                       !three || SQI_AT(&arg[2], uint8_t, i));
    return STREAMQ_OK;
}

static streamq_status resolve_subtract_dates(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(sqi_bind_signature(b, node, "DD", err));
    node->type = sqi_type_interval_dt(SQI_DAY, SQI_DAY);
    return STREAMQ_OK;
}

static streamq_status subtract_dates(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                     streamq_error **err)
{
    (void)call;
    for (SQI_EACH(rows, k, i)) {
        int64_t days = (int64_t)SQI_AT(&arg[0], int32_t, i) - SQI_AT(&arg[1], int32_t, i);
        if (__builtin_mul_overflow(days, SQI_MICROS_PER_DAY, &SQI_OUT(out, int64_t)[i]))
            return out_of_range(err);
    }
    return STREAMQ_OK;
}

/* Two timestamps without zone stay so; anything else meets as TIMESTAMP. */
static streamq_status resolve_subtract_timestamps(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    bool ntz = false, zoned = false;
    for (uint32_t k = 0; k < 2; k++) {
        ntz |= node->arg[k]->type->id == SQI_TIMESTAMP_NTZ;
        zoned |= node->arg[k]->type->id == SQI_TIMESTAMP;
    }
    for (uint32_t k = 0; k < 2; k++) {
        SQI_TRY(sqi_time_resolve_stamp(b, node, k, err));
        SQI_TRY(sqi_bind_cast(b, &node->arg[k], ntz && !zoned ? &sqi_type_timestamp_ntz : &sqi_type_timestamp, err));
    }
    node->type = sqi_type_interval_dt(SQI_DAY, SQI_SECOND);
    return STREAMQ_OK;
}

static streamq_status subtract_timestamps(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                          streamq_error **err)
{
    for (SQI_EACH(rows, k, i))
        if (__builtin_sub_overflow(sqi_time_local_at(call, &arg[0], i), sqi_time_local_at(call, &arg[1], i),
                                   &SQI_OUT(out, int64_t)[i]))
            return out_of_range(err);
    return STREAMQ_OK;
}

/* ---- units ---------------------------------------------------------------------------------------------------- */

static sqi_time_unit unit_named(sqi_span s)
{
    static const char *const names[] = {"YEAR", "QUARTER", "MONTH",  "WEEK",        "DAY",
                                        "HOUR", "MINUTE",  "SECOND", "MILLISECOND", "MICROSECOND"};
    for (size_t u = 0; u < sizeof names / sizeof *names; u++)
        if (sqi_span_equal_nocase(s, sqi_span_of(names[u])))
            return (sqi_time_unit)u;
    return sqi_span_equal_nocase(s, SQI_SPAN("DAYOFYEAR")) ? SQI_UNIT_DAY : SQI_UNIT_NONE;
}

static int months_of(sqi_time_unit unit)
{
    return unit == SQI_UNIT_YEAR ? 12 : unit == SQI_UNIT_QUARTER ? 3 : 1;
}

/* Argument 0 is the unit as a constant text, which the parser made of a word; it goes into the node's data. */
static streamq_status resolve_unit(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_vec *name = NULL;
    if (node->arg[0]->type->id == SQI_STRING)
        SQI_TRY(sqi_bind_constant(b, node->arg[0], &name, err));
    sqi_time_unit unit = name && sqi_vec_valid(name, 0) ? unit_named(SQI_SPAN_AT(name, 0)) : SQI_UNIT_NONE;
    sqi_time_unit *kept = sqi_arena_get(b->arena, sizeof *kept);
    if (!kept)
        return sqi_error_nomem(err);
    if (unit == SQI_UNIT_NONE)
        return sqi_bind_arg_type_error(b, node, 0, "a unit such as DAY", err);
    *kept = unit;
    node->data = kept;
    return STREAMQ_OK;
}

static streamq_status resolve_timestampadd(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(resolve_unit(b, node, err));
    SQI_TRY(sqi_time_resolve_stamp(b, node, 2, err));
    SQI_TRY(sqi_bind_signature(b, node, "sl_", err));
    node->type = node->arg[2]->type;
    return STREAMQ_OK;
}

static bool add_units(const sqi_zone *zone, int64_t at, sqi_time_unit unit, int64_t n, int64_t *out)
{
    int64_t amount;
    if (unit <= SQI_UNIT_MONTH)
        return !__builtin_mul_overflow(n, (int64_t)months_of(unit), &amount) &&
               sqi_time_add(zone, at, amount, 0, 0, out);
    if (unit <= SQI_UNIT_DAY)
        return !__builtin_mul_overflow(n, (int64_t)(unit == SQI_UNIT_WEEK ? 7 : 1), &amount) && amount <= INT32_MAX &&
               amount >= INT32_MIN && sqi_time_add(zone, at, 0, amount, 0, out);
    return !__builtin_mul_overflow(n, sqi_unit_micros[unit], &amount) && sqi_time_add(zone, at, 0, 0, amount, out);
}

static streamq_status timestampadd(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_time_unit unit = *(const sqi_time_unit *)call->node->data;
    const sqi_zone *zone = arg[2].type->id == SQI_TIMESTAMP ? call->eval->zone : NULL;
    for (SQI_EACH(rows, k, i))
        if (!add_units(zone, SQI_AT(&arg[2], int64_t, i), unit, SQI_AT(&arg[1], int64_t, i), &SQI_OUT(out, int64_t)[i]))
            return out_of_range(err);
    return STREAMQ_OK;
}

static streamq_status resolve_timestampdiff(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    SQI_TRY(resolve_unit(b, node, err));
    SQI_TRY(sqi_time_resolve_stamp(b, node, 1, err));
    SQI_TRY(sqi_time_resolve_stamp(b, node, 2, err));
    return sqi_bind_signature(b, node, "s__>l", err);
}

/* Whole units between two local times, toward zero. Days and months pass at the same time of the day. */
static int64_t units_between(int64_t from, int64_t to, sqi_time_unit unit)
{
    if (unit > SQI_UNIT_DAY) {
        sqi_int128 apart = (sqi_int128)to - from;
        return (int64_t)(apart / sqi_unit_micros[unit]);
    }
    int64_t a = sqi_time_floor_div(from, SQI_MICROS_PER_DAY), b = sqi_time_floor_div(to, SQI_MICROS_PER_DAY);
    int64_t rest_a = sqi_time_floor_mod(from, SQI_MICROS_PER_DAY), rest_b = sqi_time_floor_mod(to, SQI_MICROS_PER_DAY);
    if (b > a && rest_b < rest_a)
        b--;
    else if (b < a && rest_b > rest_a)
        b++;
    if (unit >= SQI_UNIT_WEEK)
        return (b - a) / (unit == SQI_UNIT_WEEK ? 7 : 1);
    sqi_civil x, y;
    sqi_time_civil_date((int32_t)a, &x);
    sqi_time_civil_date((int32_t)b, &y);
    int64_t months = ((int64_t)y.year * 12 + y.month) * 32 + y.day - (((int64_t)x.year * 12 + x.month) * 32 + x.day);
    return months / 32 / months_of(unit);
}

static streamq_status timestampdiff(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                    streamq_error **err)
{
    (void)err;
    sqi_time_unit unit = *(const sqi_time_unit *)call->node->data;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, int64_t)
    [i] = units_between(sqi_time_local_at(call, &arg[1], i), sqi_time_local_at(call, &arg[2], i), unit);
    return STREAMQ_OK;
}

/* ---- time + interval ------------------------------------------------------------------------------------------ */

/* A date stays one with whole days or months, else it becomes a timestamp; text goes through a timestamp and back. */
static streamq_status resolve_add_interval(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *time = node->arg[0]->type, *interval = node->arg[1]->type;
    if (interval->id < SQI_INTERVAL_YM || interval->id > SQI_INTERVAL)
        return sqi_bind_arg_type_error(b, node, 1, "an interval", err);
    if (time->id == SQI_STRING) {
        sqi_bound *pair[2] = {node->arg[0], node->arg[1]}, *sum;
        SQI_TRY(sqi_bind_cast(b, &pair[0], &sqi_type_timestamp, err));
        SQI_TRY(sqi_bind_call(b, "add_interval", pair, 2, node->ast, &sum, err));
        SQI_TRY(sqi_bind_cast(b, &sum, &sqi_type_string, err));
        *node = *sum;
        return STREAMQ_OK;
    }
    if (time->id == SQI_DATE && interval->id == SQI_INTERVAL_DT && interval->scale != SQI_DAY)
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_timestamp, err));
    else if (time->id != SQI_DATE)
        SQI_TRY(sqi_time_resolve_stamp(b, node, 0, err));
    node->type = node->arg[0]->type;
    return STREAMQ_OK;
}

static sqi_interval interval_at(const sqi_vec *v, uint32_t i)
{
    if (v->type->id == SQI_INTERVAL_YM)
        return (sqi_interval){SQI_AT(v, int32_t, i), 0, 0};
    if (v->type->id == SQI_INTERVAL)
        return SQI_AT(v, sqi_interval, i);
    int64_t m = SQI_AT(v, int64_t, i), days = m / SQI_MICROS_PER_DAY;
    return (sqi_interval){0, (int32_t)days, m - days * SQI_MICROS_PER_DAY};
}

static streamq_status add_to_date(const sqi_vec *arg, uint32_t i, int32_t *out, streamq_error **err)
{
    sqi_interval v = interval_at(&arg[1], i);
    int32_t day = SQI_AT(&arg[0], int32_t, i);
    if (v.micros && arg[1].type->id == SQI_INTERVAL)
        return sqi_error_set(err, SQI_COND_INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION,
                             "an interval with a part below one day cannot be added to a DATE; cast it to TIMESTAMP");
    if (arg[1].type->id == SQI_INTERVAL_DT) { /* wraps, as date_add does */
        *out = (int32_t)((uint32_t)day + (uint32_t)v.days);
        return STREAMQ_OK;
    }
    if ((v.months && !sqi_time_add_months(day, v.months, &day)) || __builtin_add_overflow(day, v.days, out))
        return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW, "the interval leads out of the range of dates");
    return STREAMQ_OK;
}

static streamq_status add_interval(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    if (arg[0].type->id == SQI_DATE) {
        for (SQI_EACH(rows, k, i))
            SQI_TRY(add_to_date(arg, i, &SQI_OUT(out, int32_t)[i], err));
        return STREAMQ_OK;
    }
    const sqi_zone *zone = arg[0].type->id == SQI_TIMESTAMP ? call->eval->zone : NULL;
    for (SQI_EACH(rows, k, i)) {
        sqi_interval v = interval_at(&arg[1], i);
        if (!sqi_time_add(zone, SQI_AT(&arg[0], int64_t, i), v.months, v.days, v.micros, &SQI_OUT(out, int64_t)[i]))
            return out_of_range(err);
    }
    return STREAMQ_OK;
}

#define ROW(row, low, high, sig, res, kern, line)                                                                  \
    {                                                                                                              \
        .name = row, .min_args = low, .max_args = high, .types = sig, .resolve = res, .kernel = kern, .text = line \
    }
#define INTERNAL(row, res, kern, line)                                                                         \
    {                                                                                                          \
        .name = row, .min_args = 2, .max_args = 2, .flags = SQI_FUNC_INTERNAL, .resolve = res, .kernel = kern, \
        .text = line                                                                                           \
    }

const sqi_func sqi_func_time[] = {
    ROW("date_add", 2, 2, NULL, resolve_days, date_add, "The date that many days later."),
    ROW("dateadd", 2, 2, NULL, resolve_days, date_add, "The date that many days later."),
    ROW("date_sub", 2, 2, NULL, resolve_days, date_sub, "The date that many days earlier."),
    ROW("add_months", 2, 2, "Di>D", NULL, add_months, "The same day that many months later, or that month's last day."),
    ROW("last_day", 1, 1, "D>D", NULL, last_day, "The last day of the date's month."),
    ROW("next_day", 2, 2, "Ds>D", NULL, next_day,
        "The first date after the given one that falls on a day of the week."),
    ROW("datediff", 2, 2, "DD>i", NULL, date_diff, "Days from the second date to the first."),
    ROW("date_diff", 2, 2, "DD>i", NULL, date_diff, "Days from the second date to the first."),
    ROW("months_between", 2, 3, NULL, resolve_months_between, months_between,
        "Months from the second time to the first, with a fraction of 31 days; rounded to 8 digits unless told not "
        "to."),
    ROW("timestampadd", 3, 3, NULL, resolve_timestampadd, timestampadd,
        "The time so many units later: timestampadd(DAY, 2, t)."),
    ROW("timestampdiff", 3, 3, NULL, resolve_timestampdiff, timestampdiff,
        "Whole units from the first time to the second: timestampdiff(HOUR, a, b)."),
    INTERNAL("add_interval", resolve_add_interval, add_interval, "Time + interval."),
    INTERNAL("subtract_dates", resolve_subtract_dates, subtract_dates, "Date - date."),
    INTERNAL("subtract_timestamps", resolve_subtract_timestamps, subtract_timestamps, "Timestamp - timestamp."),
    {0}};
