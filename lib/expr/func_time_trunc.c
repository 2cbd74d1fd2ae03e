/*
 * func_time_trunc: dates and times cut down to a unit: date_trunc, trunc, time_bucket. Units from the day upwards are
 * those of the local calendar.
 */
#include "expr_bind.h"
#include "func_str.h"
#include "func_time.h"

static sqi_time_unit unit_named(sqi_span s)
{
    static const struct {
        const char *word;
        sqi_time_unit unit;
    } words[] = {{"YEAR", SQI_UNIT_YEAR},
                 {"YYYY", SQI_UNIT_YEAR},
                 {"YY", SQI_UNIT_YEAR},
                 {"QUARTER", SQI_UNIT_QUARTER},
                 {"MONTH", SQI_UNIT_MONTH},
                 {"MM", SQI_UNIT_MONTH},
                 {"MON", SQI_UNIT_MONTH},
                 {"WEEK", SQI_UNIT_WEEK},
                 {"DAY", SQI_UNIT_DAY},
                 {"DD", SQI_UNIT_DAY},
                 {"HOUR", SQI_UNIT_HOUR},
                 {"MINUTE", SQI_UNIT_MINUTE},
                 {"SECOND", SQI_UNIT_SECOND},
                 {"MILLISECOND", SQI_UNIT_MILLISECOND},
                 {"MICROSECOND", SQI_UNIT_MICROSECOND}};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (sqi_span_equal_nocase(s, sqi_span_of(words[k].word)))
            return words[k].unit;
    return SQI_UNIT_NONE;
}

/* The first day of the unit, WEEK or coarser; near the ends of the range it may wrap, as in Spark. */
static int32_t first_day(int32_t day, sqi_time_unit unit)
{
    sqi_civil c;
    if (unit == SQI_UNIT_WEEK)
        return (int32_t)((uint32_t)day - (uint32_t)((((int64_t)day + 3) % 7 + 7) % 7));
    if (unit == SQI_UNIT_DAY)
        return day;
    sqi_time_civil_date(day, &c);
    int month = unit == SQI_UNIT_YEAR ? 1 : unit == SQI_UNIT_QUARTER ? (c.month - 1) / 3 * 3 + 1 : c.month;
    return sqi_time_days(c.year, month, 1);
}

/* Cut to whole units. What would begin before the range begins with it. */
static int64_t cut(int64_t micros, int64_t unit)
{
    int64_t from;
    return __builtin_sub_overflow(micros, sqi_time_floor_mod(micros, unit), &from) ? INT64_MIN : from;
}

static int64_t trunc_micros(const sqi_zone *zone, int64_t micros, sqi_time_unit unit)
{
    if (unit >= SQI_UNIT_SECOND)
        return cut(micros, sqi_unit_micros[unit]);
    int64_t local = sqi_zone_to_local(zone, micros), from;
    if (unit >= SQI_UNIT_HOUR)
        return __builtin_sub_overflow(cut(local, sqi_unit_micros[unit]), local - micros, &from) ? INT64_MIN : from;
    int32_t day = first_day((int32_t)sqi_time_floor_div(local, SQI_MICROS_PER_DAY), unit);
    if (__builtin_mul_overflow((int64_t)day, SQI_MICROS_PER_DAY, &from))
        from = INT64_MIN;
    return sqi_zone_to_utc(zone, from);
}

static streamq_status date_trunc(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_time_unit unit = SQI_UNIT_NONE;
    bool constant = arg[0].mask == 0;
    if (constant)
        unit = unit_named(SQI_SPAN_AT(&arg[0], 0));
    for (SQI_EACH(rows, k, i)) {
        if (!constant)
            unit = unit_named(SQI_SPAN_AT(&arg[0], i));
        if (unit == SQI_UNIT_NONE)
            SQI_TRY(sqi_time_null(call, out, i, err));
        else
            SQI_OUT(out, int64_t)[i] = trunc_micros(call->eval->zone, SQI_AT(&arg[1], int64_t, i), unit);
    }
    return STREAMQ_OK;
}

static streamq_status trunc_date(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    for (SQI_EACH(rows, k, i)) {
        sqi_time_unit unit = unit_named(SQI_SPAN_AT(&arg[1], i));
        if (unit > SQI_UNIT_WEEK)
            SQI_TRY(sqi_time_null(call, out, i, err));
        else
            SQI_OUT(out, int32_t)[i] = first_day(SQI_AT(&arg[0], int32_t, i), unit);
    }
    return STREAMQ_OK;
}

/* ---- time_bucket ---------------------------------------------------------------------------------------------- */

static bool positive(const sqi_vec *width)
{
    return width->type->id == SQI_INTERVAL_YM ? SQI_AT(width, int32_t, 0) > 0 : SQI_AT(width, int64_t, 0) > 0;
}

static streamq_status resolve_time_bucket(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *width = node->arg[0]->type;
    const sqi_vec *value;
    if (width->id != SQI_INTERVAL_DT && width->id != SQI_INTERVAL_YM)
        return sqi_bind_arg_type_error(b, node, 0, "an interval", err);
    for (uint32_t k = 1; k < node->narg; k++) {
        sqi_type_id id = node->arg[k]->type->id;
        if (id != SQI_TIMESTAMP && id != SQI_TIMESTAMP_NTZ && id != SQI_VOID)
            return sqi_bind_arg_type_error(b, node, k, "(\"TIMESTAMP\" or \"TIMESTAMP_NTZ\")", err);
        SQI_TRY(sqi_time_resolve_stamp(b, node, k, err));
        if (k > 1)
            SQI_TRY(sqi_bind_cast(b, &node->arg[k], node->arg[1]->type, err));
    }
    SQI_TRY(sqi_bind_constant(b, node->arg[0], &value, err));
    if (!value)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the width of the buckets must be a constant");
    if (sqi_vec_valid(value, 0) && !positive(value))
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE, err,
                                   "the width of the buckets must be positive");
    node->type = node->arg[1]->type;
    return STREAMQ_OK;
}

/* Months since the origin, whole buckets of them; the origin's day and time stay. */
static bool month_bucket(const sqi_zone *zone, int32_t width, int64_t at, int64_t origin, int64_t *out)
{
    sqi_civil a, o;
    sqi_time_civil(zone ? sqi_zone_to_local(zone, at) : at, &a);
    sqi_time_civil(zone ? sqi_zone_to_local(zone, origin) : origin, &o);
    int64_t months = ((int64_t)a.year * 12 + a.month) - ((int64_t)o.year * 12 + o.month);
    int64_t n = sqi_time_floor_div(months, width) * width;
    if (!sqi_time_add(zone, origin, n, 0, 0, out))
        return false;
    return *out <= at || sqi_time_add(zone, origin, n - width, 0, 0, out);
}

static streamq_status time_bucket(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_zone *zone = arg[1].type->id == SQI_TIMESTAMP ? call->eval->zone : NULL;
    for (SQI_EACH(rows, k, i)) {
        int64_t at = SQI_AT(&arg[1], int64_t, i), from = 0, *to = &SQI_OUT(out, int64_t)[i], apart;
        if (call->node->narg == 3)
            from = SQI_AT(&arg[2], int64_t, i);
        bool fits;
        if (arg[0].type->id == SQI_INTERVAL_YM) {
            fits = month_bucket(zone, SQI_AT(&arg[0], int32_t, i), at, from, to);
        } else {
            int64_t width = SQI_AT(&arg[0], int64_t, i);
            fits = !__builtin_sub_overflow(at, from, &apart) &&
                   !__builtin_mul_overflow(sqi_time_floor_div(apart, width), width, to) &&
                   !__builtin_add_overflow(*to, from, to);
        }
        if (!fits)
            return sqi_error_set(err, SQI_COND_DATETIME_OVERFLOW, "the bucket begins before the range of timestamps");
    }
    return STREAMQ_OK;
}

const sqi_func sqi_func_time_trunc[] = {
    {.name = "date_trunc",
     .min_args = 2,
     .max_args = 2,
     .types = "sT>T",
     .kernel = date_trunc,
     .text = "The timestamp cut down to a unit: date_trunc('HOUR', t)."},
    {.name = "trunc",
     .min_args = 2,
     .max_args = 2,
     .types = "Ds>D",
     .kernel = trunc_date,
     .text = "The first day of the date's year, quarter, month or week: trunc(d, 'MONTH')."},
    {.name = "time_bucket",
     .min_args = 2,
     .max_args = 3,
     .resolve = resolve_time_bucket,
     .kernel = time_bucket,
     .text = "The start of the bucket of that width that the time falls into, counted from 1970 or a given origin."},
    {0}};
