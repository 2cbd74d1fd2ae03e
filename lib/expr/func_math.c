/*
 * func_math: powers, logarithms, trigonometry and other functions of DOUBLE; factorial, width_bucket. Rounding is in
 * func_math_round.c, operators in func_operators.c.
 *
 * The digits are those of the C library, which may differ from Spark's (fdlibm) in the last place. A logarithm outside
 * its domain is null, a root or arc outside its domain is NaN.
 */
#include <float.h>
#include <math.h>

#include "expr_bind.h"
#include "func_loop.h"

SQI_LOOPS_VECTORIZE

#define KERNEL(name) \
    static streamq_status name(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)

/* ---- functions of one number ---------------------------------------------------------------------------------- */

/* The C library's root may be one unit off even for cubes; one step of Newton's method mends that. */
static double cube_root(double x)
{
    double y = cbrt(x);
    return y == 0 || !isfinite(y) ? y : y - (y * y * y - x) / (3 * y * y);
}

#define FUNCTION(LOOP, name, expr)        \
    KERNEL(name)                          \
    {                                     \
        (void)call, (void)err;            \
        LOOP(double, double, r = (expr)); \
        return STREAMQ_OK;                \
    }

static double asinh_of(double x)
{
    if (isinf(x) && x < 0)
        return x;
    return x < 0 ? -log(-x + sqrt(x * x + 1)) : log(x + sqrt(x * x + 1));
}

FUNCTION(SQI_LOOP1, k_sqrt, sqrt(x))
FUNCTION(SQI_RARE_LOOP1, k_cbrt, cube_root(x))
FUNCTION(SQI_RARE_LOOP1, k_exp, exp(x))
FUNCTION(SQI_RARE_LOOP1, k_expm1, expm1(x))
FUNCTION(SQI_RARE_LOOP1, k_sin, sin(x))
FUNCTION(SQI_RARE_LOOP1, k_cos, cos(x))
FUNCTION(SQI_RARE_LOOP1, k_tan, tan(x))
FUNCTION(SQI_RARE_LOOP1, k_cot, 1 / tan(x))
FUNCTION(SQI_RARE_LOOP1, k_sec, 1 / cos(x))
FUNCTION(SQI_RARE_LOOP1, k_csc, 1 / sin(x))
FUNCTION(SQI_RARE_LOOP1, k_asin, asin(x))
FUNCTION(SQI_RARE_LOOP1, k_acos, acos(x))
FUNCTION(SQI_RARE_LOOP1, k_atan, atan(x))
FUNCTION(SQI_RARE_LOOP1, k_sinh, sinh(x))
FUNCTION(SQI_RARE_LOOP1, k_cosh, cosh(x))
FUNCTION(SQI_RARE_LOOP1, k_tanh, tanh(x))
FUNCTION(SQI_RARE_LOOP1, k_asinh, asinh_of(x))
FUNCTION(SQI_RARE_LOOP1, k_acosh, log(x + sqrt(x * x - 1)))
FUNCTION(SQI_RARE_LOOP1, k_atanh, 0.5 * (log1p(x) - log1p(-x)))
FUNCTION(SQI_RARE_LOOP1, k_degrees, x *(180.0 / M_PI))
FUNCTION(SQI_RARE_LOOP1, k_radians, x / 180.0 * M_PI)
FUNCTION(SQI_RARE_LOOP1, k_rint, nearbyint(x))
FUNCTION(SQI_RARE_LOOP1, k_signum, x > 0 ? 1.0 : x < 0 ? -1.0 : x)

/* ---- logarithms ----------------------------------------------------------------------------------------------- */

typedef double (*real_function)(double x);

/* The logarithm where x is above `limit`, null below. NaN passes. */
static streamq_status logarithm(sqi_call *call, const sqi_vec *arg, sqi_rows rows, real_function f, double limit,
                                sqi_vec *out, streamq_error **err)
{
    double *to = SQI_OUT(out, double);
    for (SQI_EACH(rows, k, i)) {
        double x = SQI_AT(arg, double, i);
        if (x <= limit) {
            SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
            sqi_vec_set_null(out, i);
            to[i] = 0;
        } else {
            to[i] = f(x);
        }
    }
    return STREAMQ_OK;
}

KERNEL(k_ln)
{
    return logarithm(call, arg, rows, log, 0, out, err);
}
KERNEL(k_log2)
{
    return logarithm(call, arg, rows, log2, 0, out, err);
}
KERNEL(k_log10)
{
    return logarithm(call, arg, rows, log10, 0, out, err);
}
KERNEL(k_log1p)
{
    return logarithm(call, arg, rows, log1p, -1, out, err);
}

/* log(x) or log(base, x), which is ln x / ln base. */
KERNEL(k_log)
{
    if (call->node->narg == 1)
        return k_ln(call, arg, rows, out, err);
    double *to = SQI_OUT(out, double);
    for (SQI_EACH(rows, k, i)) {
        double base = SQI_AT(&arg[0], double, i), x = SQI_AT(&arg[1], double, i);
        if (base <= 0 || x <= 0) {
            SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
            sqi_vec_set_null(out, i);
            to[i] = 0;
        } else {
            to[i] = log(x) / log(base);
        }
    }
    return STREAMQ_OK;
}

/* ---- functions of two numbers --------------------------------------------------------------------------------- */

/* As Java: 1 or -1 to the power of infinity is NaN, and NaN to a power is NaN but for the power 0. */
static double power_of(double x, double y)
{
    if (isnan(y) || (isinf(y) && fabs(x) == 1))
        return NAN;
    return pow(x, y);
}

KERNEL(k_pow)
{
    (void)call, (void)err;
    SQI_RARE_LOOP2(double, double, double, r = power_of(x, y));
    return STREAMQ_OK;
}

KERNEL(k_hypot)
{
    (void)call, (void)err;
    SQI_RARE_LOOP2(double, double, double, r = hypot(x, y));
    return STREAMQ_OK;
}

/* Adding 0.0 takes the sign off a zero: atan2(-0.0, -1) is pi in Spark. */
KERNEL(k_atan2)
{
    (void)call, (void)err;
    SQI_RARE_LOOP2(double, double, double, r = atan2(x + 0.0, y + 0.0));
    return STREAMQ_OK;
}

/* ---- constants, factorial, buckets ---------------------------------------------------------------------------- */

static streamq_status fill(sqi_rows rows, double value, sqi_vec *out)
{
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, double)[i] = value;
    return STREAMQ_OK;
}

KERNEL(k_e)
{
    (void)call, (void)arg, (void)err;
    return fill(rows, M_E, out);
}

KERNEL(k_pi)
{
    (void)call, (void)arg, (void)err;
    return fill(rows, M_PI, out);
}

KERNEL(k_factorial)
{
    for (SQI_EACH(rows, k, i)) {
        int32_t n = SQI_AT(arg, int32_t, i);
        int64_t r = 1;
        if (n < 0 || n > 20) {
            SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
            sqi_vec_set_null(out, i);
        }
        for (int32_t f = 2; f <= n && n <= 20; f++)
            r *= f;
        SQI_OUT(out, int64_t)[i] = r;
    }
    return STREAMQ_OK;
}

static streamq_status resolve_signum(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    node->type = &sqi_type_double;
    if (t->id == SQI_INTERVAL_YM || t->id == SQI_INTERVAL_DT)
        return STREAMQ_OK;
    SQI_TRY(sqi_bind_signature(b, node, "d>d", err));
    node->nullable = node->arg[0]->nullable;
    return STREAMQ_OK;
}

KERNEL(k_sign)
{
    if (arg->type->id == SQI_INTERVAL_YM)
        SQI_RARE_LOOP1(int32_t, double, r = (x > 0) - (x < 0));
    else if (arg->type->id == SQI_INTERVAL_DT)
        SQI_RARE_LOOP1(int64_t, double, r = (x > 0) - (x < 0));
    else
        return k_signum(call, arg, rows, out, err);
    return STREAMQ_OK;
}

/* Three numbers, or three intervals of one kind. */
static streamq_status resolve_bucket(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_type_id id = node->arg[0]->type->id;
    node->type = &sqi_type_bigint;
    if (id != SQI_INTERVAL_YM && id != SQI_INTERVAL_DT)
        return sqi_bind_signature(b, node, "dddl>l", err);
    for (uint32_t k = 1; k < 3; k++) {
        const sqi_type *t = node->arg[k]->type;
        if (t->id != id && t->id != SQI_VOID)
            return sqi_bind_arg_type_error(b, node, k, "an interval of the same kind", err);
        if (t->id == SQI_VOID)
            SQI_TRY(sqi_bind_cast(b, &node->arg[k], node->arg[0]->type, err));
    }
    if (!sqi_type_is_integral(node->arg[3]->type) && node->arg[3]->type->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, 3, "BIGINT", err);
    return sqi_bind_cast(b, &node->arg[3], &sqi_type_bigint, err);
}

static double bucket_value(const sqi_vec *v, uint32_t i)
{
    switch (v->type->id) {
    case SQI_INTERVAL_YM:
        return SQI_AT(v, int32_t, i);
    case SQI_INTERVAL_DT:
        return (double)SQI_AT(v, int64_t, i);
    default:
        return SQI_AT(v, double, i);
    }
}

static bool bucket_of(double v, double low, double high, int64_t n, int64_t *out)
{
    if (n <= 0 || n == INT64_MAX || isnan(v) || low == high || !isfinite(low) || !isfinite(high))
        return false;
    double lower = fmin(low, high), upper = fmax(low, high);
    if (low < high)
        *out = v < lower ? 0 : v >= upper ? n + 1 : (int64_t)((double)n * (v - lower) / (upper - lower)) + 1;
    else
        *out = v > upper ? 0 : v <= lower ? n + 1 : (int64_t)((double)n * (upper - v) / (upper - lower)) + 1;
    return true;
}

KERNEL(k_bucket)
{
    for (SQI_EACH(rows, k, i)) {
        int64_t r = 0;
        if (!bucket_of(bucket_value(&arg[0], i), bucket_value(&arg[1], i), bucket_value(&arg[2], i),
                       SQI_AT(&arg[3], int64_t, i), &r)) {
            SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
            sqi_vec_set_null(out, i);
        }
        SQI_OUT(out, int64_t)[i] = r;
    }
    return STREAMQ_OK;
}

#define UNARY(n, k, t)                                                                                               \
    {                                                                                                                \
        .name = n, .min_args = 1, .max_args = 1, .flags = SQI_FUNC_NEVER_NULL | SQI_FUNC_OVER_NULLS, .types = "d>d", \
        .kernel = k, .text = t                                                                                       \
    }
#define LOG(n, k, t)                                                                    \
    {                                                                                   \
        .name = n, .min_args = 1, .max_args = 1, .types = "d>d", .kernel = k, .text = t \
    }
#define BINARY(n, k, t)                                                                                                \
    {                                                                                                                  \
        .name = n, .min_args = 2, .max_args = 2, .flags = SQI_FUNC_NEVER_NULL, .types = "dd>d", .kernel = k, .text = t \
    }
#define CONSTANT(n, k, t)                                                                                            \
    {                                                                                                                \
        .name = n, .min_args = 0, .max_args = 0, .flags = SQI_FUNC_NEVER_NULL, .types = ">d", .kernel = k, .text = t \
    }
#define SIGN(n)                                                                                           \
    {                                                                                                     \
        .name = n, .min_args = 1, .max_args = 1, .flags = SQI_FUNC_NEVER_NULL, .resolve = resolve_signum, \
        .kernel = k_sign, .text = n "(a): -1.0, 0.0 or 1.0, as a is below, equal to or above zero"        \
    }

const sqi_func sqi_func_math[] = {
    UNARY("sqrt", k_sqrt, "sqrt(a): the square root; NaN below zero"),
    UNARY("cbrt", k_cbrt, "cbrt(a): the cube root"),
    UNARY("exp", k_exp, "exp(a): e to the power of a"),
    UNARY("expm1", k_expm1, "expm1(a): exp(a) - 1, exact for small a"),
    UNARY("sin", k_sin, "sin(a): the sine of an angle in radians"),
    UNARY("cos", k_cos, "cos(a): the cosine of an angle in radians"),
    UNARY("tan", k_tan, "tan(a): the tangent of an angle in radians"),
    UNARY("cot", k_cot, "cot(a): the cotangent of an angle in radians"),
    UNARY("sec", k_sec, "sec(a): the secant of an angle in radians"),
    UNARY("csc", k_csc, "csc(a): the cosecant of an angle in radians"),
    UNARY("asin", k_asin, "asin(a): the angle whose sine is a"),
    UNARY("acos", k_acos, "acos(a): the angle whose cosine is a"),
    UNARY("atan", k_atan, "atan(a): the angle whose tangent is a"),
    UNARY("sinh", k_sinh, "sinh(a): the hyperbolic sine"),
    UNARY("cosh", k_cosh, "cosh(a): the hyperbolic cosine"),
    UNARY("tanh", k_tanh, "tanh(a): the hyperbolic tangent"),
    UNARY("asinh", k_asinh, "asinh(a): the inverse hyperbolic sine"),
    UNARY("acosh", k_acosh, "acosh(a): the inverse hyperbolic cosine"),
    UNARY("atanh", k_atanh, "atanh(a): the inverse hyperbolic tangent"),
    UNARY("degrees", k_degrees, "degrees(a): radians as degrees"),
    UNARY("radians", k_radians, "radians(a): degrees as radians"),
    UNARY("rint", k_rint, "rint(a): the nearest whole number, halves to the even one"),
    LOG("ln", k_ln, "ln(a): the natural logarithm; null if a is not above zero"),
    LOG("log2", k_log2, "log2(a): the logarithm to base 2; null if a is not above zero"),
    LOG("log10", k_log10, "log10(a): the logarithm to base 10; null if a is not above zero"),
    LOG("log1p", k_log1p, "log1p(a): ln(1 + a), exact for small a; null if a is not above -1"),
    {.name = "log",
     .min_args = 1,
     .max_args = 2,
     .types = "dd>d",
     .kernel = k_log,
     .text = "log(base, a) or log(a): the logarithm to a base, or the natural one"},
    BINARY("pow", k_pow, "pow(a, b): a to the power of b"),
    BINARY("power", k_pow, "power(a, b): a to the power of b"),
    BINARY("hypot", k_hypot, "hypot(a, b): the square root of a * a + b * b"),
    BINARY("atan2", k_atan2, "atan2(y, x): the angle of the point (x, y)"),
    CONSTANT("e", k_e, "e(): Euler's number"),
    CONSTANT("pi", k_pi, "pi(): the circle's number"),
    SIGN("sign"),
    SIGN("signum"),
    {.name = "factorial",
     .min_args = 1,
     .max_args = 1,
     .types = "i>l",
     .kernel = k_factorial,
     .text = "factorial(n): the product of 1 to n; null unless n is 0 to 20"},
    {.name = "width_bucket",
     .min_args = 4,
     .max_args = 4,
     .resolve = resolve_bucket,
     .kernel = k_bucket,
     .text = "width_bucket(a, low, high, n): which of n equal parts of low to high a falls in"},
    {0},
};
