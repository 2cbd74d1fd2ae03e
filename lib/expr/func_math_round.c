/*
 * func_math_round: ceil, floor, round and bround.
 *
 * ceil and floor give BIGINT, or a decimal for decimals and when a scale is given (then everything is a decimal). round
 * keeps its argument's type: integers are rounded left of the point, a FLOAT by its exact value, a DOUBLE by its
 * shortest text (1.005 rounds to 1.01), as Spark does. The scale is a constant; a null scale gives null.
 */
#include <math.h>

#include "data_decimal.h"
#include "data_number.h"
#include "expr_bind.h"
#include "expr_coerce.h"
#include "func_loop.h"

typedef enum rounding { ROUND_CEIL, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_EVEN } rounding;

static int min_of(int a, int b)
{
    return a < b ? a : b;
}
static int max_of(int a, int b)
{
    return a > b ? a : b;
}

/* ---- one decimal ---------------------------------------------------------------------------------------------- */

/* v / divisor as a whole number, rounded. */
static sqi_int128 divide(sqi_int128 v, sqi_int128 divisor, rounding how)
{
    sqi_int128 q = v / divisor, rest = v % divisor;
    if (rest == 0)
        return q;
    sqi_int128 away = v < 0 ? -1 : 1, twice = (rest < 0 ? -rest : rest);
    switch (how) {
    case ROUND_CEIL:
        return v > 0 ? q + 1 : q;
    case ROUND_FLOOR:
        return v < 0 ? q - 1 : q;
    default:
        break;
    }
    sqi_int128 other = divisor - twice; /* compares rest with half without doubling it */
    if (twice > other || (twice == other && (how == ROUND_HALF_UP || q % 2)))
        return q + away;
    return q;
}

/* v (scale `from`) rounded to `places` digits after the point (may be negative), in scale `to`. */
static bool round_decimal(sqi_int128 v, int from, int places, int to, int precision, rounding how, sqi_int128 *out)
{
    int drop = from - places;
    if (drop > 38) {
        bool up = v != 0 && ((how == ROUND_CEIL && v > 0) || (how == ROUND_FLOOR && v < 0));
        *out = 0;
        return !up; /* one unit of that place has more than 38 digits */
    }
    if (drop > 0) {
        v = divide(v, sqi_decimal_pow10(drop), how);
        from = places;
    }
    if (from < 0) { /* zeros before the point */
        sqi_int128 scaled;
        if (-from > 38 || __builtin_mul_overflow(v, sqi_decimal_pow10(-from), &scaled))
            return v == 0 ? (*out = 0, true) : false;
        v = scaled;
        from = 0;
    }
    return sqi_decimal_rescale(v, from, to, precision, out);
}

/* ---- binding -------------------------------------------------------------------------------------------------- */

/* The scale argument, 0 without one. It must be a constant; with *null it is the null one. */
static streamq_status scale_of(sqi_binder *b, sqi_bound *node, int32_t *scale, bool *null, streamq_error **err)
{
    *scale = 0;
    *null = false;
    if (node->narg == 1)
        return STREAMQ_OK;
    if (!sqi_coerce_implicit(node->arg[1]->type, &sqi_type_int))
        return sqi_bind_arg_type_error(b, node, 1, "INT", err);
    SQI_TRY(sqi_bind_cast(b, &node->arg[1], &sqi_type_int, err));
    const sqi_vec *value;
    SQI_TRY(sqi_bind_constant(b, node->arg[1], &value, err));
    if (!value)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the scale must be a constant");
    *null = !sqi_vec_valid(value, 0);
    if (!*null)
        *scale = SQI_AT(value, int32_t, 0);
    return STREAMQ_OK;
}

/* The scale and the way of rounding travel in the flags: they are part of what the node means. */
static uint64_t pack(int32_t scale)
{
    return (uint32_t)scale;
}
static int32_t places_of(const sqi_bound *node)
{
    return (int32_t)(uint32_t)node->flags;
}

static streamq_status numeric_arg(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (t->id == SQI_STRING || t->id == SQI_VOID)
        return sqi_bind_cast(b, &node->arg[0], &sqi_type_double, err);
    return sqi_type_is_numeric(t) ? STREAMQ_OK : sqi_bind_arg_type_error(b, node, 0, "NUMERIC", err);
}

static const sqi_type *rounded_decimal(sqi_binder *b, const sqi_type *t, int32_t places)
{
    int whole = t->precision - t->scale + 1;
    if (places < 0) /* room for the digit before that place */
        return sqi_type_decimal(b->eval->pool, min_of(max_of(whole, 1 - max_of(places, -38)), 38), 0);
    int scale = min_of(t->scale, places);
    return sqi_type_decimal(b->eval->pool, min_of(whole + scale, 38), scale);
}

/* round and bround. */
static streamq_status resolve_round(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    int32_t places;
    bool null;
    SQI_TRY(numeric_arg(b, node, err));
    SQI_TRY(scale_of(b, node, &places, &null, err));
    const sqi_type *t = node->arg[0]->type;
    node->type = t->id == SQI_DECIMAL ? rounded_decimal(b, t, places) : t;
    node->flags = pack(places);
    node->nullable = node->arg[0]->nullable || null;
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

/* The decimal that holds a real's digits when a scale is asked for. */
static const sqi_type *decimal_for(sqi_binder *b, const sqi_type *t)
{
    if (t->id == SQI_FLOAT)
        return sqi_type_decimal(b->eval->pool, 14, 7);
    if (t->id == SQI_DOUBLE)
        return sqi_type_decimal(b->eval->pool, 30, 15);
    return sqi_coerce_decimal_of(b->eval->pool, t);
}

static streamq_status resolve_ceil(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    int32_t places;
    bool null;
    const sqi_type *t = node->arg[0]->type;
    if (node->narg == 2 && (node->arg[1]->type->id != SQI_INT || !sqi_bound_foldable(node->arg[1])))
        return sqi_bind_type_error(b, node, SQI_COND_NON_FOLDABLE_ARGUMENT, err, "the scale must be an INT constant");
    if (node->narg == 1 && sqi_type_is_integral(t) && t->id != SQI_BIGINT)
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_bigint, err));
    else
        SQI_TRY(numeric_arg(b, node, err));
    SQI_TRY(scale_of(b, node, &places, &null, err));
    if (null)
        return sqi_bind_type_error(b, node, SQI_COND_NON_FOLDABLE_ARGUMENT, err, "the scale must not be null");
    if (node->narg == 2) {
        const sqi_type *exact = decimal_for(b, node->arg[0]->type);
        if (!exact)
            return sqi_error_nomem(err);
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], exact, err));
    } else if (node->arg[0]->type->id == SQI_FLOAT) {
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_double, err));
    }
    t = node->arg[0]->type;
    node->type = t->id == SQI_DECIMAL ? rounded_decimal(b, t, places) : &sqi_type_bigint;
    node->flags = pack(places);
    node->nullable = node->arg[0]->nullable;
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

/* ---- running -------------------------------------------------------------------------------------------------- */

static streamq_status too_large(const sqi_type *type, sqi_cond cond, streamq_error **err)
{
    char label[128];
    return sqi_error_set(err, cond, "the rounded value does not fit %s", sqi_type_label(type, label));
}

static streamq_status round_decimals(sqi_call *call, const sqi_vec *arg, sqi_rows rows, rounding how, sqi_vec *out,
                                     streamq_error **err)
{
    const sqi_type *type = call->node->type;
    for (SQI_EACH(rows, k, i))
        if (!round_decimal(SQI_AT(arg, sqi_int128, i), arg->type->scale, places_of(call->node), type->scale,
                           type->precision, how, &SQI_OUT(out, sqi_int128)[i]))
            return too_large(type, SQI_COND_NUMERIC_VALUE_OUT_OF_RANGE__WITHOUT_SUGGESTION, err);
    return STREAMQ_OK;
}

static streamq_status round_integers(sqi_call *call, const sqi_vec *arg, sqi_rows rows, rounding how, sqi_vec *out,
                                     streamq_error **err)
{
    int places = places_of(call->node);
    int64_t most = INT64_MAX >> (64 - 8 * sqi_type_width(out->type));
    for (SQI_EACH(rows, k, i)) {
        sqi_int128 v = sqi_vec_int(arg, i);
        if (places < -20)
            v = 0;
        else if (places < 0)
            v = divide(v, sqi_decimal_pow10(-places), how) * sqi_decimal_pow10(-places);
        if (v > most || v < -most - 1)
            return too_large(out->type, SQI_COND_ARITHMETIC_OVERFLOW, err);
        sqi_vec_put_int(out, i, (int64_t)v);
    }
    return STREAMQ_OK;
}

/* A text of digits with an exponent, rounded; what does not fit 38 digits has no digits to round. */
static double round_text(double v, sqi_span text, int places, rounding how)
{
    sqi_int128 unscaled, rounded;
    int scale;
    bool overflow;
    if (!sqi_number_read_decimal(text, &unscaled, &scale, &overflow) || overflow)
        return v;
    if (scale <= places)
        return v;
    if (scale - places > 38) /* far smaller than half of the last place */
        return 0;
    rounded = divide(unscaled, sqi_decimal_pow10(scale - places), how);
    if (places < 0) {
        char digits[SQI_NUMBER_TEXT + 8];
        size_t n = sqi_number_decimal(rounded, 0, digits);
        digits[n] = 'E';
        n += 1 + sqi_number_int(-places, digits + n + 1);
        double out;
        return sqi_number_read_double((sqi_span){digits, n}, &out) ? out : v;
    }
    return places <= 38 ? sqi_decimal_to_double(rounded, places) : v;
}

static double round_real(double v, int places, rounding how)
{
    char digits[SQI_NUMBER_TEXT];
    if (!isfinite(v))
        return v;
    return round_text(v, (sqi_span){digits, sqi_number_double(v, digits)}, places, how);
}

/* A float stands for the exact value of its bits: 1.15F is below 1.15. */
static float round_float(float v, int places, rounding how)
{
    if (!isfinite(v))
        return v;
    if (places >= 0 && places <= 15 && fabsf(v) < 1e15f) {
        double factor = 1;
        for (int i = 0; i < places; i++)
            factor *= 10;
        double scaled = (double)v * factor, whole = floor(fabs(scaled)), rest = fabs(scaled) - whole;
        if (rest > 0.5 || (rest == 0.5 && (how == ROUND_HALF_UP || fmod(whole, 2) != 0)))
            whole += 1;
        return (float)(scaled < 0 ? -(whole / factor) : whole / factor);
    }
    return (float)round_real((double)v, places, how);
}

static streamq_status round_by(sqi_call *call, const sqi_vec *arg, sqi_rows rows, rounding how, sqi_vec *out,
                               streamq_error **err)
{
    int places = places_of(call->node);
    switch (arg->type->id) {
    case SQI_DECIMAL:
        return round_decimals(call, arg, rows, how, out, err);
    case SQI_FLOAT:
        for (SQI_EACH(rows, k, i))
            SQI_OUT(out, float)[i] = round_float(SQI_AT(arg, float, i), places, how) + 0.0f;
        return STREAMQ_OK;
    case SQI_DOUBLE: /* + 0.0: -0.4 rounds to 0.0 */
        for (SQI_EACH(rows, k, i))
            SQI_OUT(out, double)[i] = round_real(SQI_AT(arg, double, i), places, how) + 0.0;
        return STREAMQ_OK;
    default:
        return round_integers(call, arg, rows, how, out, err);
    }
}

static streamq_status k_round(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return round_by(call, arg, rows, ROUND_HALF_UP, out, err);
}

static streamq_status k_bround(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return round_by(call, arg, rows, ROUND_HALF_EVEN, out, err);
}

static streamq_status to_whole(sqi_call *call, const sqi_vec *arg, sqi_rows rows, rounding how, sqi_vec *out,
                               streamq_error **err)
{
    if (arg->type->id == SQI_DECIMAL)
        return round_decimals(call, arg, rows, how, out, err);
    if (arg->type->id != SQI_DOUBLE)
        return round_integers(call, arg, rows, how, out, err);
    for (SQI_EACH(rows, k, i)) {
        double v = SQI_AT(arg, double, i), r = how == ROUND_CEIL ? ceil(v) : floor(v);
        if (isnan(r))
            r = 0;
        if (r < -0x1p63 || r >= 0x1p63)
            return too_large(out->type, SQI_COND_ARITHMETIC_OVERFLOW, err);
        SQI_OUT(out, int64_t)[i] = (int64_t)r;
    }
    return STREAMQ_OK;
}

static streamq_status k_ceil(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return to_whole(call, arg, rows, ROUND_CEIL, out, err);
}

static streamq_status k_floor(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return to_whole(call, arg, rows, ROUND_FLOOR, out, err);
}

#define ROW(n, r, k, t)                                                               \
    {                                                                                 \
        .name = n, .min_args = 1, .max_args = 2, .resolve = r, .kernel = k, .text = t \
    }

const sqi_func sqi_func_math_round[] = {
    ROW("ceil", resolve_ceil, k_ceil, "ceil(a, scale): the least number of that scale that is not below a"),
    ROW("ceiling", resolve_ceil, k_ceil, "ceiling(a, scale): the least number of that scale that is not below a"),
    ROW("floor", resolve_ceil, k_floor, "floor(a, scale): the greatest number of that scale that is not above a"),
    ROW("round", resolve_round, k_round, "round(a, scale): a rounded, halves away from zero"),
    ROW("bround", resolve_round, k_bround, "bround(a, scale): a rounded, halves to the even digit"),
    {0},
};
