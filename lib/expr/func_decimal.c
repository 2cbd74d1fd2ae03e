/*
 * func_decimal: the operators over decimals: result types by Spark's rules, one loop over 128-bit values.
 *
 * A result type that would need more than 38 digits gives up fraction digits, but keeps six of them if it had so many;
 * a value that does not fit then is NUMERIC_VALUE_OUT_OF_RANGE. Decimals whose scales agree and whose sum cannot
 * overflow are added without going through the general function.
 */
#include "data_bits.h"
#include "data_decimal.h"
#include "func_arith.h"
#include "func_loop.h"

SQI_LOOPS_VECTORIZE

typedef unsigned __int128 wide; /* rows that hold nulls may hold anything: their sums must be free to wrap */

static int max_of(int a, int b)
{
    return a > b ? a : b;
}
static int min_of(int a, int b)
{
    return a < b ? a : b;
}

static const sqi_type *adjusted(sqi_type_pool *pool, int precision, int scale)
{
    if (precision > 38) {
        int whole = precision - scale;
        scale = max_of(38 - whole, min_of(scale, 6));
        precision = 38;
    }
    return sqi_type_decimal(pool, precision, scale);
}

const sqi_type *sqi_arith_decimal_type(sqi_decimal_op op, sqi_type_pool *pool, const sqi_type *a, const sqi_type *b)
{
    int pa = a->precision, sa = a->scale, pb = b->precision, sb = b->scale, scale = max_of(sa, sb);
    switch (op) {
    case SQI_DECIMAL_ADD:
    case SQI_DECIMAL_SUB:
        return adjusted(pool, max_of(pa - sa, pb - sb) + scale + 1, scale);
    case SQI_DECIMAL_MUL:
        return adjusted(pool, pa + pb + 1, sa + sb);
    case SQI_DECIMAL_DIV:
        scale = max_of(6, sa + pb + 1);
        return adjusted(pool, pa - sa + sb + scale, scale);
    case SQI_DECIMAL_MOD:
    case SQI_DECIMAL_PMOD:
        return adjusted(pool, min_of(pa - sa, pb - sb) + scale, scale);
    case SQI_DECIMAL_IDIV:
        return &sqi_type_bigint;
    }
    return NULL;
}

static streamq_status too_large(sqi_call *call, sqi_vec *out, uint32_t i, streamq_error **err)
{
    char label[128];
    if (call->node->flags & SQI_ARITH_TRY)
        return sqi_arith_fail(call, out, i, SQI_COND_NONE, "", err);
    return sqi_error_set(err, SQI_COND_NUMERIC_VALUE_OUT_OF_RANGE__WITH_SUGGESTION,
                         "the result does not fit %s; use the try_ function to get NULL",
                         sqi_type_label(call->node->type, label));
}

static bool pmod(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out)
{
    sqi_int128 r, sum;
    int scale = max_of(sa, sb);
    if (!sqi_decimal_rem(a, sa, b, sb, 38, scale, &r))
        return false;
    if (r >= 0)
        return sqi_decimal_rescale(r, scale, so, po, out);
    return sqi_decimal_add(r, scale, b, sb, 38, scale, &sum) && sqi_decimal_rem(sum, scale, b, sb, po, so, out);
}

typedef bool (*decimal_function)(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out);

/* Both scales are the result's and the sum of any two values fits: plain additions. */
static bool simple_sum(sqi_decimal_op op, const sqi_vec *arg, const sqi_type *type, sqi_rows rows, sqi_vec *out)
{
    const sqi_type *a = arg[0].type, *b = arg[1].type;
    if (op > SQI_DECIMAL_SUB || a->scale != b->scale || type->scale != a->scale ||
        max_of(a->precision, b->precision) >= type->precision)
        return false;
    if (op == SQI_DECIMAL_ADD)
        SQI_LOOP2(sqi_int128, sqi_int128, sqi_int128, r = (sqi_int128)((wide)x + (wide)y));
    else
        SQI_LOOP2(sqi_int128, sqi_int128, sqi_int128, r = (sqi_int128)((wide)x - (wide)y));
    return true;
}

/* The product has the scale it asks for and fits by its type: plain multiplications. */
static bool simple_product(sqi_decimal_op op, const sqi_vec *arg, const sqi_type *type, sqi_rows rows, sqi_vec *out)
{
    const sqi_type *a = arg[0].type, *b = arg[1].type;
    if (op != SQI_DECIMAL_MUL || type->scale != a->scale + b->scale || a->precision + b->precision > type->precision)
        return false;
    SQI_LOOP2(sqi_int128, sqi_int128, sqi_int128, r = (sqi_int128)((wide)x * (wide)y));
    return true;
}

static streamq_status by_zero(sqi_decimal_op op, sqi_call *call, sqi_vec *out, uint32_t i, streamq_error **err)
{
    if (op == SQI_DECIMAL_MOD || op == SQI_DECIMAL_PMOD)
        return sqi_arith_fail(call, out, i, SQI_COND_REMAINDER_BY_ZERO, "remainder by zero; use try_mod to get NULL",
                              err);
    return sqi_arith_fail(call, out, i, SQI_COND_DIVIDE_BY_ZERO, "division by zero; use try_divide to get NULL", err);
}

streamq_status sqi_arith_decimal(sqi_decimal_op op, sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                 streamq_error **err)
{
    static const decimal_function functions[] = {sqi_decimal_add, sqi_decimal_sub, sqi_decimal_mul,
                                                 sqi_decimal_div, sqi_decimal_rem, pmod};
    const sqi_type *type = call->node->type;
    if (simple_sum(op, arg, type, rows, out) || simple_product(op, arg, type, rows, out))
        return STREAMQ_OK;
    for (SQI_EACH(rows, k, i)) {
        if (out->valid && !sqi_bits_get(out->valid, i))
            continue;
        sqi_int128 a = SQI_AT(&arg[0], sqi_int128, i), b = SQI_AT(&arg[1], sqi_int128, i);
        if (op >= SQI_DECIMAL_DIV && b == 0)
            SQI_TRY(by_zero(op, call, out, i, err));
        else if (op == SQI_DECIMAL_IDIV)
            SQI_OUT(out, int64_t)[i] = sqi_decimal_idiv(a, arg[0].type->scale, b, arg[1].type->scale);
        else if (!functions[op](a, arg[0].type->scale, b, arg[1].type->scale, type->precision, type->scale,
                                &SQI_OUT(out, sqi_int128)[i]))
            SQI_TRY(too_large(call, out, i, err));
    }
    return STREAMQ_OK;
}

const sqi_func sqi_func_decimal[] = {{0}};
