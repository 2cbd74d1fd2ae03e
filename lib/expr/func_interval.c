/*
 * func_interval: intervals made from numbers, multiplied and divided. Sums and differences of intervals are arithmetic
 * (func_arith.c), sums with times are in func_time.c.
 */
#include "data_decimal.h"
#include "expr_bind.h"
#include "func_time.h"

#include <math.h>

enum { INTERVAL_TRY = 1 }; /* flag of a node: null instead of an error */

static streamq_status refuse(sqi_call *call, sqi_vec *out, uint32_t i, sqi_cond cond, const char *what,
                             streamq_error **err)
{
    if (call->node->flags & INTERVAL_TRY)
        return sqi_time_null(call, out, i, err);
    return sqi_error_set(err, cond, "%s", what);
}

static streamq_status overflow(sqi_call *call, sqi_vec *out, uint32_t i, streamq_error **err)
{
    return refuse(call, out, i, SQI_COND_INTERVAL_ARITHMETIC_OVERFLOW__WITHOUT_SUGGESTION, "the interval is too long",
                  err);
}

/* ---- making --------------------------------------------------------------------------------------------------- */

/* Whole numbers, and at most `seconds` arguments in: there a DECIMAL(18, 6). */
static streamq_status resolve_amounts(sqi_binder *b, sqi_bound *node, uint32_t seconds, const sqi_type *type,
                                      streamq_error **err)
{
    const sqi_type *decimal = sqi_type_decimal(b->eval->pool, 18, 6);
    if (!decimal)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < node->narg; k++) {
        const sqi_type *given = node->arg[k]->type;
        if (!sqi_type_is_numeric(given) && given->id != SQI_STRING && given->id != SQI_VOID)
            return sqi_bind_arg_type_error(b, node, k, k == seconds ? "\"DECIMAL(18,6)\"" : "\"INT\"", err);
        SQI_TRY(sqi_bind_cast(b, &node->arg[k], k == seconds ? decimal : &sqi_type_int, err));
    }
    node->type = type;
    return STREAMQ_OK;
}

static streamq_status resolve_make(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_amounts(b, node, 6, &sqi_type_interval, err);
}

static streamq_status resolve_try_make(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    node->flags = INTERVAL_TRY;
    return resolve_amounts(b, node, 6, &sqi_type_interval, err);
}

static streamq_status resolve_make_dt(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_amounts(b, node, 3, sqi_type_interval_dt(SQI_DAY, SQI_SECOND), err);
}

static streamq_status resolve_make_ym(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    return resolve_amounts(b, node, UINT32_MAX, sqi_type_interval_ym(SQI_YEAR, SQI_MONTH), err);
}

static int64_t amount(const sqi_call *call, const sqi_vec *arg, uint32_t k, uint32_t i)
{
    return k < call->node->narg ? SQI_AT(&arg[k], int32_t, i) : 0;
}

/* hours, minutes and seconds from argument k on; no sum of these overflows: DECIMAL(18, 6) has at most 10^18 */
static int64_t time_amount(const sqi_call *call, const sqi_vec *arg, uint32_t k, uint32_t i)
{
    int64_t micros = k + 2 < call->node->narg ? (int64_t)SQI_AT(&arg[k + 2], sqi_int128, i) : 0;
    return micros + (amount(call, arg, k, i) * 60 + amount(call, arg, k + 1, i)) * 60 * SQI_MICROS_PER_SECOND;
}

static streamq_status make_interval(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                    streamq_error **err)
{
    for (SQI_EACH(rows, k, i)) {
        int64_t months = amount(call, arg, 0, i) * 12 + amount(call, arg, 1, i);
        int64_t days = amount(call, arg, 2, i) * 7 + amount(call, arg, 3, i);
        if (months < INT32_MIN || months > INT32_MAX || days < INT32_MIN || days > INT32_MAX)
            SQI_TRY(refuse(call, out, i, SQI_COND_ARITHMETIC_OVERFLOW,
                           "the interval is too long; use try_make_interval to get NULL", err));
        else
            SQI_OUT(out, sqi_interval)
        [i] = (sqi_interval){(int32_t)months, (int32_t)days, time_amount(call, arg, 4, i)};
    }
    return STREAMQ_OK;
}

static streamq_status make_dt(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    for (SQI_EACH(rows, k, i)) {
        int64_t v;
        if (__builtin_mul_overflow(amount(call, arg, 0, i), SQI_MICROS_PER_DAY, &v) ||
            __builtin_add_overflow(v, time_amount(call, arg, 1, i), &SQI_OUT(out, int64_t)[i]))
            SQI_TRY(overflow(call, out, i, err));
    }
    return STREAMQ_OK;
}

static streamq_status make_ym(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    for (SQI_EACH(rows, k, i)) {
        int64_t v = amount(call, arg, 0, i) * 12 + amount(call, arg, 1, i);
        if (v < INT32_MIN || v > INT32_MAX)
            SQI_TRY(overflow(call, out, i, err));
        else
            SQI_OUT(out, int32_t)[i] = (int32_t)v;
    }
    return STREAMQ_OK;
}

/* ---- times and divided by numbers ----------------------------------------------------------------------------- */

/* (interval, number): the result has all fields; the number becomes BIGINT, DOUBLE or stays DECIMAL. */
static streamq_status resolve_scale(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *interval = node->arg[0]->type, *number = node->arg[1]->type, *to = number;
    if (sqi_type_is_integral(number))
        to = &sqi_type_bigint;
    else if (number->id != SQI_DECIMAL)
        to = &sqi_type_double;
    if (interval->id == SQI_INTERVAL)
        to = &sqi_type_double;
    if (!sqi_type_is_numeric(number) && number->id != SQI_STRING && number->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, 1, "\"NUMERIC\"", err);
    SQI_TRY(sqi_bind_cast(b, &node->arg[1], to, err));
    node->type = interval->id == SQI_INTERVAL_YM   ? sqi_type_interval_ym(SQI_YEAR, SQI_MONTH)
                 : interval->id == SQI_INTERVAL_DT ? sqi_type_interval_dt(SQI_DAY, SQI_SECOND)
                                                   : &sqi_type_interval;
    return STREAMQ_OK;
}

/* HALF_UP, away from zero; false: beyond 64 bits. */
static bool round_double(double d, int64_t *v)
{
    double r = d < 0 ? ceil(d - 0.5) : floor(d + 0.5);
    if (fabs(d) >= 0x1p52)
        r = d; /* whole already, and adding the half would not be exact */
    if (!(r >= -0x1p63 && r < 0x1p63))
        return false;
    *v = (int64_t)r;
    return true;
}

/* a / b for b not 0, HALF_UP; false: beyond 64 bits. */
static bool divide_half_up(int64_t a, int64_t b, int64_t *v)
{
    sqi_int128 q = (sqi_int128)a / b, r = (sqi_int128)a % b, twice = r < 0 ? -2 * r : 2 * r;
    sqi_int128 size = b < 0 ? -(sqi_int128)b : b;
    if (twice >= size)
        q += (a < 0) == (b < 0) ? 1 : -1;
    *v = (int64_t)q;
    return q >= INT64_MIN && q <= INT64_MAX;
}

static bool scale_number(int64_t v, const sqi_vec *by, uint32_t i, bool divide, int64_t *out)
{
    sqi_int128 wide;
    double d;
    int64_t n;
    switch (by->type->id) {
    case SQI_BIGINT:
        n = SQI_AT(by, int64_t, i);
        return divide ? divide_half_up(v, n, out) : !__builtin_mul_overflow(v, n, out);
    case SQI_DECIMAL:
        wide = SQI_AT(by, sqi_int128, i);
        return (divide ? sqi_decimal_div(v, 0, wide, by->type->scale, 38, 0, &wide)
                       : sqi_decimal_mul(v, 0, wide, by->type->scale, 38, 0, &wide)) &&
               sqi_decimal_to_int64(wide, 0, out);
    default:
        d = SQI_AT(by, double, i);
        return round_double(divide ? (double)v / d : (double)v * d, out);
    }
}

static bool is_zero(const sqi_vec *by, uint32_t i)
{
    if (by->type->id == SQI_BIGINT)
        return SQI_AT(by, int64_t, i) == 0;
    return by->type->id == SQI_DECIMAL ? SQI_AT(by, sqi_int128, i) == 0 : SQI_AT(by, double, i) == 0;
}

/* What is left of a month is lost, what is left of a day becomes time. */
static bool scale_calendar(sqi_interval v, double by, bool divide, sqi_interval *out)
{
    double months = divide ? v.months / by : v.months * by, days = divide ? v.days / by : v.days * by;
    double micros = divide ? (double)v.micros / by : (double)v.micros * by;
    if (!(fabs(months) < 0x1p31 && fabs(days) < 0x1p31))
        return false;
    out->months = (int32_t)months;
    out->days = (int32_t)days;
    return round_double(micros + (double)SQI_MICROS_PER_DAY * (days - out->days), &out->micros);
}

static streamq_status scale(sqi_call *call, const sqi_vec *arg, sqi_rows rows, bool divide, sqi_vec *out,
                            streamq_error **err)
{
    const sqi_vec *by = &arg[1];
    sqi_type_id id = arg[0].type->id;
    for (SQI_EACH(rows, k, i)) {
        bool fits;
        int64_t v;
        if (divide && is_zero(by, i)) {
            SQI_TRY(refuse(call, out, i, SQI_COND_INTERVAL_DIVIDED_BY_ZERO,
                           "an interval is divided by zero; use try_divide to get NULL", err));
            continue;
        }
        if (id == SQI_INTERVAL) {
            fits = scale_calendar(SQI_AT(&arg[0], sqi_interval, i), SQI_AT(by, double, i), divide,
                                  &SQI_OUT(out, sqi_interval)[i]);
        } else if (id == SQI_INTERVAL_DT) {
            fits = scale_number(SQI_AT(&arg[0], int64_t, i), by, i, divide, &SQI_OUT(out, int64_t)[i]);
        } else {
            fits = scale_number(SQI_AT(&arg[0], int32_t, i), by, i, divide, &v) && v >= INT32_MIN && v <= INT32_MAX;
            SQI_OUT(out, int32_t)[i] = fits ? (int32_t)v : 0;
        }
        if (!fits)
            SQI_TRY(overflow(call, out, i, err));
    }
    return STREAMQ_OK;
}

static streamq_status multiply(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return scale(call, arg, rows, false, out, err);
}

static streamq_status divide(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return scale(call, arg, rows, true, out, err);
}

const sqi_func sqi_func_interval[] = {
    {.name = "make_interval",
     .max_args = 7,
     .resolve = resolve_make,
     .kernel = make_interval,
     .text = "A calendar interval from years, months, weeks, days, hours, minutes and seconds; what is left out is 0."},
    {.name = "try_make_interval",
     .max_args = 7,
     .resolve = resolve_try_make,
     .kernel = make_interval,
     .text = "make_interval, NULL if the interval is too long."},
    {.name = "make_dt_interval",
     .max_args = 4,
     .resolve = resolve_make_dt,
     .kernel = make_dt,
     .text = "A day-time interval from days, hours, minutes and seconds; what is left out is 0."},
    {.name = "make_ym_interval",
     .max_args = 2,
     .resolve = resolve_make_ym,
     .kernel = make_ym,
     .text = "A year-month interval from years and months; what is left out is 0."},
    {.name = "interval_multiply",
     .min_args = 2,
     .max_args = 2,
     .flags = SQI_FUNC_INTERNAL,
     .resolve = resolve_scale,
     .kernel = multiply,
     .text = "Interval * number."},
    {.name = "interval_divide",
     .min_args = 2,
     .max_args = 2,
     .flags = SQI_FUNC_INTERNAL,
     .resolve = resolve_scale,
     .kernel = divide,
     .text = "Interval / number."},
    {0}};
