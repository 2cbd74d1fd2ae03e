/*
 * func_arith: arithmetic of integers, reals and intervals. A loop runs to its end and only gathers whether any row went
 * wrong; a second, slow pass over such a vector finds the row and raises its error (or makes it null for the try_
 * functions). So the first loop has no branch and becomes vector instructions, and it may run over rows that hold
 * nulls.
 */
#include "func_arith.h"

#include <math.h>

#include "data_bits.h"
#include "func_loop.h"

SQI_LOOPS_VECTORIZE

streamq_status sqi_arith_fail(sqi_call *call, sqi_vec *out, uint32_t i, sqi_cond cond, const char *what,
                              streamq_error **err)
{
    if (!(call->node->flags & SQI_ARITH_TRY))
        return sqi_error_set(err, cond, "%s", what);
    SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    sqi_vec_set_null(out, i);
    return STREAMQ_OK;
}

/* ---- the slow pass -------------------------------------------------------------------------------------------- */

typedef enum fault { FAULT_ADD, FAULT_SUB, FAULT_MUL, FAULT_NEGATE, FAULT_DIV, FAULT_MOD } fault;

static int64_t load(const sqi_vec *v, uint32_t i)
{
    switch (sqi_type_width(v->type)) {
    case 1:
        return SQI_AT(v, int8_t, i);
    case 2:
        return SQI_AT(v, int16_t, i);
    case 4:
        return SQI_AT(v, int32_t, i);
    default:
        return SQI_AT(v, int64_t, i);
    }
}

static bool fits(sqi_int128 v, const sqi_type *type)
{
    sqi_int128 limit = (sqi_int128)1 << (sqi_type_width(type) * 8 - 1);
    return v >= -limit && v < limit;
}

static bool is_zero(const sqi_vec *v, uint32_t i)
{
    if (v->type->id == SQI_FLOAT)
        return SQI_AT(v, float, i) == 0;
    if (v->type->id == SQI_DOUBLE)
        return SQI_AT(v, double, i) == 0;
    return load(v, i) == 0;
}

static bool is_faulty(fault f, const sqi_vec *arg, const sqi_type *type, uint32_t i)
{
    switch (f) {
    case FAULT_ADD:
        return !fits((sqi_int128)load(&arg[0], i) + load(&arg[1], i), type);
    case FAULT_SUB:
        return !fits((sqi_int128)load(&arg[0], i) - load(&arg[1], i), type);
    case FAULT_MUL:
        return !fits((sqi_int128)load(&arg[0], i) * load(&arg[1], i), type);
    case FAULT_NEGATE:
        return !fits(-(sqi_int128)load(&arg[0], i), type);
    case FAULT_DIV:
    case FAULT_MOD:
        return is_zero(&arg[1], i);
    }
    return false;
}

static streamq_status overflow(fault f, const sqi_vec *arg, uint32_t i, const sqi_type *type, streamq_error **err)
{
    static const char *const sign[] = {"+", "-", "*"};
    char label[128];
    long long a = load(&arg[0], i);
    sqi_type_label(type, label);
    if (f == FAULT_NEGATE)
        return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW, "the negative of %lld does not fit %s", a, label);
    long long b = load(&arg[1], i);
    if (type->id == SQI_INTERVAL_YM || type->id == SQI_INTERVAL_DT)
        return sqi_error_set(err, SQI_COND_INTERVAL_ARITHMETIC_OVERFLOW__WITH_SUGGESTION,
                             "the result does not fit %s; use %s to get NULL", label,
                             f == FAULT_ADD ? "try_add" : "try_subtract");
    bool small = type->id == SQI_TINYINT || type->id == SQI_SMALLINT;
    return sqi_error_set(err, small ? SQI_COND_BINARY_ARITHMETIC_OVERFLOW : SQI_COND_ARITHMETIC_OVERFLOW,
                         "%lld %s %lld does not fit %s; use %s to get NULL", a, sign[f], b, label,
                         f == FAULT_ADD   ? "try_add"
                         : f == FAULT_SUB ? "try_subtract"
                                          : "try_multiply");
}

static streamq_status report(fault f, sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                             streamq_error **err)
{
    const sqi_type *type = call->node->type;
    bool try = call->node->flags & SQI_ARITH_TRY;
    for (SQI_EACH(rows, k, i)) {
        if ((out->valid && !sqi_bits_get(out->valid, i)) || !is_faulty(f, arg, type, i))
            continue;
        if (try)
            SQI_TRY(sqi_arith_fail(call, out, i, SQI_COND_NONE, "", err));
        else if (f == FAULT_DIV)
            return sqi_error_set(err, SQI_COND_DIVIDE_BY_ZERO, "division by zero; use try_divide to get NULL");
        else if (f == FAULT_MOD)
            return sqi_error_set(err, SQI_COND_REMAINDER_BY_ZERO, "remainder by zero; use try_mod to get NULL");
        else
            return overflow(f, arg, i, type, err);
    }
    return STREAMQ_OK;
}

/* ---- the fast loops ------------------------------------------------------------------------------------------- */

/* The sign bit of `bad` gathers overflows: operands of one sign gave a result of the other. */
#define ADD_LOOP(LOOP, T, U)                                                            \
    do {                                                                                \
        U bad = 0;                                                                      \
        LOOP(T, T, T, r = (T)((U)x + (U)y); bad |= (U)(((U)x ^ (U)r) & ((U)y ^ (U)r))); \
        return bad >> (sizeof(U) * 8 - 1);                                              \
    } while (0)
#define SUB_LOOP(LOOP, T, U)                                                            \
    do {                                                                                \
        U bad = 0;                                                                      \
        LOOP(T, T, T, r = (T)((U)x - (U)y); bad |= (U)(((U)x ^ (U)y) & ((U)x ^ (U)r))); \
        return bad >> (sizeof(U) * 8 - 1);                                              \
    } while (0)
#define MUL_LOOP(LOOP, T, WIDE)                                                  \
    do {                                                                         \
        T bad = 0;                                                               \
        LOOP(T, T, T, const WIDE w = (WIDE)x * y; r = (T)w; bad |= (T)(w != r)); \
        return bad != 0;                                                         \
    } while (0)
#define REAL_LOOP(T, EXPR)            \
    do {                              \
        SQI_LOOP2(T, T, T, r = EXPR); \
        return false;                 \
    } while (0)

/* A column by a constant: `bits` gathers how many bits the values have, so that one look afterwards says that none can
   have left the range. If one might have, the exact loop decides. */
static bool mul64_fits(const int64_t *x, int64_t by, uint32_t n, int64_t *to)
{
    const uint64_t size = by < 0 ? 0 - (uint64_t)by : (uint64_t)by;
    const bool shifts = by > 0 && (size & (size - 1)) == 0;
    uint64_t bits = 0;
    if (shifts) {
        const int places = __builtin_ctzll(size);
        for (uint32_t i = 0; i < n; i++) {
            const uint64_t v = (uint64_t)x[i];
            bits |= v ^ v << 1;
            to[i] = (int64_t)(v << places);
        }
        return bits >> 1 >> (63 - places) == 0; /* every bit that goes repeats the sign */
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t v = (uint64_t)x[i];
        bits |= v ^ v << 1;
        to[i] = (int64_t)(v * (uint64_t)by);
    }
    return bits == 0 || size == 0 || __builtin_clzll(bits) + __builtin_clzll(size) >= 64;
}

static bool mul64(const sqi_vec *arg, sqi_rows rows, sqi_vec *out)
{
    bool bad = false;
    if (!rows.sel && arg[0].mask && arg[1].mask == 0 &&
        mul64_fits(arg[0].data, SQI_AT(&arg[1], int64_t, 0), rows.n, out->data))
        return false;
    SQI_SCALAR_LOOP2(int64_t, int64_t, int64_t, bad |= __builtin_mul_overflow(x, y, &r));
    return bad;
}

static bool add_loop(sqi_type_id id, const sqi_vec *arg, sqi_rows rows, sqi_vec *out)
{
    switch (id) {
    case SQI_TINYINT:
        ADD_LOOP(SQI_RARE_LOOP2, int8_t, uint8_t);
    case SQI_SMALLINT:
        ADD_LOOP(SQI_RARE_LOOP2, int16_t, uint16_t);
    case SQI_INT:
    case SQI_INTERVAL_YM:
        ADD_LOOP(SQI_LOOP2, int32_t, uint32_t);
    case SQI_FLOAT:
        REAL_LOOP(float, x + y);
    case SQI_DOUBLE:
        REAL_LOOP(double, x + y);
    default:
        ADD_LOOP(SQI_LOOP2, int64_t, uint64_t);
    }
}

static bool sub_loop(sqi_type_id id, const sqi_vec *arg, sqi_rows rows, sqi_vec *out)
{
    switch (id) {
    case SQI_TINYINT:
        SUB_LOOP(SQI_RARE_LOOP2, int8_t, uint8_t);
    case SQI_SMALLINT:
        SUB_LOOP(SQI_RARE_LOOP2, int16_t, uint16_t);
    case SQI_INT:
    case SQI_INTERVAL_YM:
        SUB_LOOP(SQI_LOOP2, int32_t, uint32_t);
    case SQI_FLOAT:
        REAL_LOOP(float, x - y);
    case SQI_DOUBLE:
        REAL_LOOP(double, x - y);
    default:
        SUB_LOOP(SQI_LOOP2, int64_t, uint64_t);
    }
}

static bool mul_loop(sqi_type_id id, const sqi_vec *arg, sqi_rows rows, sqi_vec *out)
{
    switch (id) {
    case SQI_TINYINT:
        MUL_LOOP(SQI_RARE_LOOP2, int8_t, int32_t);
    case SQI_SMALLINT:
        MUL_LOOP(SQI_RARE_LOOP2, int16_t, int32_t);
    case SQI_INT:
        MUL_LOOP(SQI_LOOP2, int32_t, int64_t);
    case SQI_FLOAT:
        REAL_LOOP(float, x *y);
    case SQI_DOUBLE:
        REAL_LOOP(double, x *y);
    default:
        return mul64(arg, rows, out);
    }
}

/* A loop over all positions if enough of them are wanted: it is one of vector instructions. Should a value fail, perhaps
   one that nobody wants, it runs again over the rows alone. */
static bool run_loop(bool (*loop)(sqi_type_id, const sqi_vec *, sqi_rows, sqi_vec *), const sqi_call *call,
                     const sqi_vec *arg, sqi_rows rows, sqi_vec *out)
{
    sqi_type_id id = call->node->type->id;
    sqi_rows wide = sqi_loop_widen(rows, call->n);
    bool bad = loop(id, arg, wide, out);
    return bad && wide.sel != rows.sel ? loop(id, arg, rows, out) : bad;
}

/* Calendar intervals add field by field. */
static streamq_status add_intervals(sqi_call *call, const sqi_vec *arg, sqi_rows rows, bool minus, sqi_vec *out,
                                    streamq_error **err)
{
    for (SQI_EACH(rows, k, i)) {
        sqi_interval a = SQI_AT(&arg[0], sqi_interval, i), b = SQI_AT(&arg[1], sqi_interval, i), r;
        bool months, days, micros; /* each field is set, also when another does not fit */
        if (minus) {
            months = __builtin_sub_overflow(a.months, b.months, &r.months);
            days = __builtin_sub_overflow(a.days, b.days, &r.days);
            micros = __builtin_sub_overflow(a.micros, b.micros, &r.micros);
        } else {
            months = __builtin_add_overflow(a.months, b.months, &r.months);
            days = __builtin_add_overflow(a.days, b.days, &r.days);
            micros = __builtin_add_overflow(a.micros, b.micros, &r.micros);
        }
        bool bad = months || days || micros;
        SQI_OUT(out, sqi_interval)[i] = r;
        if (bad && (!out->valid || sqi_bits_get(out->valid, i)))
            SQI_TRY(sqi_arith_fail(call, out, i, SQI_COND_INTERVAL_ARITHMETIC_OVERFLOW__WITH_SUGGESTION,
                                   "the interval does not fit; use try_add or try_subtract to get NULL", err));
    }
    return STREAMQ_OK;
}

streamq_status sqi_arith_add(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_type_id id = call->node->type->id;
    if (id == SQI_DECIMAL)
        return sqi_arith_decimal(SQI_DECIMAL_ADD, call, arg, rows, out, err);
    if (id == SQI_INTERVAL)
        return add_intervals(call, arg, rows, false, out, err);
    return run_loop(add_loop, call, arg, rows, out) ? report(FAULT_ADD, call, arg, rows, out, err) : STREAMQ_OK;
}

streamq_status sqi_arith_sub(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_type_id id = call->node->type->id;
    if (id == SQI_DECIMAL)
        return sqi_arith_decimal(SQI_DECIMAL_SUB, call, arg, rows, out, err);
    if (id == SQI_INTERVAL)
        return add_intervals(call, arg, rows, true, out, err);
    return run_loop(sub_loop, call, arg, rows, out) ? report(FAULT_SUB, call, arg, rows, out, err) : STREAMQ_OK;
}

streamq_status sqi_arith_mul(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_type_id id = call->node->type->id;
    if (id == SQI_DECIMAL)
        return sqi_arith_decimal(SQI_DECIMAL_MUL, call, arg, rows, out, err);
    return run_loop(mul_loop, call, arg, rows, out) ? report(FAULT_MUL, call, arg, rows, out, err) : STREAMQ_OK;
}

streamq_status sqi_arith_div(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    if (call->node->type->id == SQI_DECIMAL)
        return sqi_arith_decimal(SQI_DECIMAL_DIV, call, arg, rows, out, err);
    int bad = 0;
    SQI_LOOP2(double, double, double, r = x / y; bad |= y == 0);
    return bad ? report(FAULT_DIV, call, arg, rows, out, err) : STREAMQ_OK;
}

/* A divisor of 0 or -1 traps or overflows in the machine's instruction: both are kept away from it. No vector
   instruction divides integers, so one form of each of these loops is as quick as four. */
#define MOD_LOOP(LOOP, T) LOOP(T, T, T, bad |= y == 0; r = y == 0 || y == -1 ? 0 : (T)(x % y))

static bool mod_loop(sqi_type_id id, const sqi_vec *arg, sqi_rows rows, sqi_vec *out)
{
    int bad = 0;
    switch (id) {
    case SQI_TINYINT:
        MOD_LOOP(SQI_RARE_LOOP2, int8_t);
        break;
    case SQI_SMALLINT:
        MOD_LOOP(SQI_RARE_LOOP2, int16_t);
        break;
    case SQI_INT:
        MOD_LOOP(SQI_RARE_LOOP2, int32_t);
        break;
    case SQI_FLOAT:
        SQI_RARE_LOOP2(float, float, float, bad |= y == 0; r = fmodf(x, y));
        break;
    case SQI_DOUBLE:
        SQI_RARE_LOOP2(double, double, double, bad |= y == 0; r = fmod(x, y));
        break;
    default:
        MOD_LOOP(SQI_RARE_LOOP2, int64_t);
        break;
    }
    return bad;
}

streamq_status sqi_arith_mod(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_type_id id = call->node->type->id;
    if (id == SQI_DECIMAL)
        return sqi_arith_decimal(SQI_DECIMAL_MOD, call, arg, rows, out, err);
    return mod_loop(id, arg, rows, out) ? report(FAULT_MOD, call, arg, rows, out, err) : STREAMQ_OK;
}

/* The remainder brought to the sign of the divisor. The sum wraps, as it does in Spark. */
static int64_t pmod_int(int64_t x, int64_t y)
{
    if (y == 0 || y == -1)
        return 0;
    int64_t r = x % y;
    return r < 0 ? (int64_t)((uint64_t)r + (uint64_t)y) % y : r;
}

static int32_t pmod_int32(int32_t x, int32_t y)
{
    if (y == 0 || y == -1)
        return 0;
    int32_t r = x % y;
    return r < 0 ? (int32_t)((uint32_t)r + (uint32_t)y) % y : r;
}

static double pmod_real(double x, double y)
{
    double r = fmod(x, y);
    return r < 0 ? fmod(r + y, y) : r;
}

static float pmod_float(float x, float y)
{
    float r = fmodf(x, y);
    return r < 0 ? fmodf(r + y, y) : r;
}

streamq_status sqi_arith_pmod(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    int bad = 0;
    switch (call->node->type->id) {
    case SQI_DECIMAL:
        return sqi_arith_decimal(SQI_DECIMAL_PMOD, call, arg, rows, out, err);
    case SQI_TINYINT:
        SQI_RARE_LOOP2(int8_t, int8_t, int8_t, bad |= y == 0; r = (int8_t)pmod_int(x, y));
        break;
    case SQI_SMALLINT:
        SQI_RARE_LOOP2(int16_t, int16_t, int16_t, bad |= y == 0; r = (int16_t)pmod_int(x, y));
        break;
    case SQI_INT:
        SQI_RARE_LOOP2(int32_t, int32_t, int32_t, bad |= y == 0; r = pmod_int32(x, y));
        break;
    case SQI_FLOAT:
        SQI_RARE_LOOP2(float, float, float, bad |= y == 0; r = pmod_float(x, y));
        break;
    case SQI_DOUBLE:
        SQI_RARE_LOOP2(double, double, double, bad |= y == 0; r = pmod_real(x, y));
        break;
    default:
        SQI_RARE_LOOP2(int64_t, int64_t, int64_t, bad |= y == 0; r = pmod_int(x, y));
        break;
    }
    return bad ? report(FAULT_MOD, call, arg, rows, out, err) : STREAMQ_OK;
}

streamq_status sqi_arith_idiv(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_type_id id = arg[0].type->id;
    if (id == SQI_DECIMAL)
        return sqi_arith_decimal(SQI_DECIMAL_IDIV, call, arg, rows, out, err);
    int zero = 0, least = 0;
    if (id == SQI_INTERVAL_YM)
        SQI_RARE_LOOP2(int32_t, int32_t, int64_t, zero |= y == 0; r = y == 0 ? 0 : (int64_t)x / y);
    else
        SQI_RARE_LOOP2(int64_t, int64_t, int64_t, zero |= y == 0; least |= x == INT64_MIN && y == -1;
                       r = y == 0    ? 0
                           : y == -1 ? (int64_t)(0 - (uint64_t)x)
                                     : x / y);
    if (zero)
        SQI_TRY(report(FAULT_DIV, call, arg, rows, out, err));
    if (!least)
        return STREAMQ_OK;
    for (SQI_EACH(rows, k, i))
        if ((!out->valid || sqi_bits_get(out->valid, i)) && SQI_AT(&arg[0], int64_t, i) == INT64_MIN &&
            SQI_AT(&arg[1], int64_t, i) == -1)
            SQI_TRY(sqi_arith_fail(call, out, i, SQI_COND_ARITHMETIC_OVERFLOW,
                                   "-9223372036854775808 div -1 does not fit BIGINT", err));
    return STREAMQ_OK;
}

#define NEGATE_LOOP(LOOP, T, U)                                 \
    do {                                                        \
        U bad = 0;                                              \
        LOOP(T, T, r = (T)(0 - (U)x); bad |= (U)((U)x & (U)r)); \
        return bad >> (sizeof(U) * 8 - 1);                      \
    } while (0)

static bool negate_loop(sqi_type_id id, const sqi_vec *arg, sqi_rows rows, sqi_vec *out)
{
    switch (id) {
    case SQI_TINYINT:
        NEGATE_LOOP(SQI_RARE_LOOP1, int8_t, uint8_t);
    case SQI_SMALLINT:
        NEGATE_LOOP(SQI_RARE_LOOP1, int16_t, uint16_t);
    case SQI_INT:
    case SQI_INTERVAL_YM:
        NEGATE_LOOP(SQI_LOOP1, int32_t, uint32_t);
    case SQI_FLOAT:
        SQI_RARE_LOOP1(float, float, r = -x);
        return false;
    case SQI_DOUBLE:
        SQI_LOOP1(double, double, r = -x);
        return false;
    case SQI_DECIMAL:
        SQI_RARE_LOOP1(sqi_int128, sqi_int128, r = (sqi_int128)(0 - (unsigned __int128)x));
        return false;
    default:
        NEGATE_LOOP(SQI_LOOP1, int64_t, uint64_t);
    }
}

static streamq_status negate_intervals(const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    for (SQI_EACH(rows, k, i)) {
        sqi_interval v = SQI_AT(arg, sqi_interval, i);
        if (out->valid && !sqi_bits_get(out->valid, i))
            continue;
        if (v.months == INT32_MIN || v.days == INT32_MIN || v.micros == INT64_MIN)
            return sqi_error_set(err, SQI_COND_ARITHMETIC_OVERFLOW, "the negative of the interval does not fit");
        SQI_OUT(out, sqi_interval)[i] = (sqi_interval){-v.months, -v.days, -v.micros};
    }
    return STREAMQ_OK;
}

streamq_status sqi_arith_negate(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    sqi_type_id id = call->node->type->id;
    if (id == SQI_INTERVAL)
        return negate_intervals(arg, rows, out, err);
    return negate_loop(id, arg, rows, out) ? report(FAULT_NEGATE, call, arg, rows, out, err) : STREAMQ_OK;
}

#define ABS_LOOP(LOOP, T, MIN) LOOP(T, T, bad |= x == MIN; r = (T)(x < 0 ? 0 - (uint64_t)x : (uint64_t)x))

static bool abs_loop(sqi_type_id id, const sqi_vec *arg, sqi_rows rows, sqi_vec *out)
{
    int bad = 0;
    switch (id) {
    case SQI_TINYINT:
        ABS_LOOP(SQI_RARE_LOOP1, int8_t, INT8_MIN);
        break;
    case SQI_SMALLINT:
        ABS_LOOP(SQI_RARE_LOOP1, int16_t, INT16_MIN);
        break;
    case SQI_INT:
    case SQI_INTERVAL_YM:
        ABS_LOOP(SQI_LOOP1, int32_t, INT32_MIN);
        break;
    case SQI_FLOAT:
        SQI_RARE_LOOP1(float, float, r = fabsf(x));
        break;
    case SQI_DOUBLE:
        SQI_LOOP1(double, double, r = fabs(x));
        break;
    case SQI_DECIMAL:
        SQI_RARE_LOOP1(sqi_int128, sqi_int128, r = x < 0 ? (sqi_int128)(0 - (unsigned __int128)x) : x);
        break;
    default:
        ABS_LOOP(SQI_LOOP1, int64_t, INT64_MIN);
        break;
    }
    return bad;
}

streamq_status sqi_arith_abs(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return abs_loop(call->node->type->id, arg, rows, out) ? report(FAULT_NEGATE, call, arg, rows, out, err)
                                                          : STREAMQ_OK;
}
