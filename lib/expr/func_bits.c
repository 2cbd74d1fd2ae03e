/*
 * func_bits: & | ^ ~, shifts, counting and looking at single bits. Shift counts are taken modulo the width of the
 * value.
 */
#include "expr_bind.h"
#include "expr_coerce.h"
#include "func_loop.h"

/* ---- binding -------------------------------------------------------------------------------------------------- */

/* Text beside an integer is read as BIGINT, a null takes the other side's type; two integers meet in the wider one. */
static streamq_status resolve_binary(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *x = node->arg[0]->type, *y = node->arg[1]->type, *common;
    if (x->id == SQI_VOID && y->id == SQI_VOID)
        common = &sqi_type_int;
    else
        common = sqi_coerce_common(b->eval->pool, x, y);
    if (!common || !sqi_type_is_integral(common))
        return sqi_bind_sides_error(b, node, "integers", err);
    node->type = common;
    node->nullable = node->arg[0]->nullable || node->arg[1]->nullable;
    SQI_TRY(sqi_bind_cast(b, &node->arg[0], common, err));
    return sqi_bind_cast(b, &node->arg[1], common, err);
}

/* The value is INT or BIGINT, the count INT. */
static streamq_status resolve_shift(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (t->id == SQI_BIGINT)
        SQI_TRY(sqi_bind_signature(b, node, "li>l", err));
    else
        SQI_TRY(sqi_bind_signature(b, node, "ii>i", err));
    node->nullable = node->arg[0]->nullable || node->arg[1]->nullable;
    return STREAMQ_OK;
}

static streamq_status resolve_count(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *t = node->arg[0]->type;
    if (t->id == SQI_VOID)
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_int, err));
    else if (t->id != SQI_BOOLEAN && !sqi_type_is_integral(t))
        return sqi_bind_arg_type_error(b, node, 0, "INTEGRAL or BOOLEAN", err);
    node->type = &sqi_type_int;
    node->nullable = node->arg[0]->nullable;
    return STREAMQ_OK;
}

/* ---- loops ---------------------------------------------------------------------------------------------------- */

#define BINARY(name, sign)                                                                                           \
    static streamq_status name(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err) \
    {                                                                                                                \
        (void)err;                                                                                                   \
        switch (call->node->type->id) {                                                                              \
        case SQI_TINYINT:                                                                                            \
            SQI_RARE_LOOP2(int8_t, int8_t, int8_t, r = (int8_t)(x sign y));                                          \
            break;                                                                                                   \
        case SQI_SMALLINT:                                                                                           \
            SQI_RARE_LOOP2(int16_t, int16_t, int16_t, r = (int16_t)(x sign y));                                      \
            break;                                                                                                   \
        case SQI_INT:                                                                                                \
            SQI_LOOP2(int32_t, int32_t, int32_t, r = x sign y);                                                      \
            break;                                                                                                   \
        default:                                                                                                     \
            SQI_LOOP2(int64_t, int64_t, int64_t, r = x sign y);                                                      \
        }                                                                                                            \
        return STREAMQ_OK;                                                                                           \
    }
BINARY(bit_and, &)
BINARY(bit_or, |)
BINARY(bit_xor, ^)

static streamq_status bit_not(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)err;
    switch (call->node->type->id) {
    case SQI_TINYINT:
        SQI_RARE_LOOP1(int8_t, int8_t, r = (int8_t)~x);
        break;
    case SQI_SMALLINT:
        SQI_RARE_LOOP1(int16_t, int16_t, r = (int16_t)~x);
        break;
    case SQI_INT:
        SQI_LOOP1(int32_t, int32_t, r = ~x);
        break;
    default:
        SQI_LOOP1(int64_t, int64_t, r = ~x);
    }
    return STREAMQ_OK;
}

static streamq_status shift_left(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)err;
    if (call->node->type->id == SQI_BIGINT)
        SQI_LOOP2(int64_t, int32_t, int64_t, r = (int64_t)((uint64_t)x << (y & 63)));
    else
        SQI_LOOP2(int32_t, int32_t, int32_t, r = (int32_t)((uint32_t)x << (y & 31)));
    return STREAMQ_OK;
}

static streamq_status shift_right(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)err;
    if (call->node->type->id == SQI_BIGINT)
        SQI_LOOP2(int64_t, int32_t, int64_t, r = x >> (y & 63));
    else
        SQI_LOOP2(int32_t, int32_t, int32_t, r = x >> (y & 31));
    return STREAMQ_OK;
}

static streamq_status shift_right_unsigned(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                           streamq_error **err)
{
    (void)err;
    if (call->node->type->id == SQI_BIGINT)
        SQI_LOOP2(int64_t, int32_t, int64_t, r = (int64_t)((uint64_t)x >> (y & 63)));
    else
        SQI_LOOP2(int32_t, int32_t, int32_t, r = (int32_t)((uint32_t)x >> (y & 31)));
    return STREAMQ_OK;
}

#define COUNT(T) SQI_RARE_LOOP1(T, int32_t, r = __builtin_popcountll((unsigned long long)(int64_t)x))

/* Of the value widened to 64 bits: bit_count(-1Y) is 64. */
static streamq_status bit_count(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call, (void)err;
    switch (arg->type->id) {
    case SQI_BOOLEAN:
        SQI_RARE_LOOP1(uint8_t, int32_t, r = x);
        break;
    case SQI_TINYINT:
        COUNT(int8_t);
        break;
    case SQI_SMALLINT:
        COUNT(int16_t);
        break;
    case SQI_INT:
        COUNT(int32_t);
        break;
    default:
        COUNT(int64_t);
    }
    return STREAMQ_OK;
}

static streamq_status bit_get(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    (void)call;
    int32_t width = (int32_t)sqi_type_width(arg[0].type) * 8;
    for (SQI_EACH(rows, k, i)) {
        int32_t at = SQI_AT(&arg[1], int32_t, i);
        if (at < 0 || at >= width)
            return sqi_error_set(err, SQI_COND_INVALID_PARAMETER_VALUE__BIT_POSITION_RANGE,
                                 "bit %d does not exist: the bits are 0 to %d", at, width - 1);
        SQI_OUT(out, int8_t)[i] = (int8_t)(sqi_vec_int(&arg[0], i) >> at & 1);
    }
    return STREAMQ_OK;
}

#define OPERATOR(n, r, k, t)                                                                                  \
    {                                                                                                         \
        .name = n, .min_args = 2, .max_args = 2, .flags = SQI_FUNC_TOTAL | SQI_FUNC_NEVER_NULL, .resolve = r, \
        .kernel = k, .text = t                                                                                \
    }

const sqi_func sqi_func_bits[] = {
    OPERATOR("&", resolve_binary, bit_and, "a & b: the bits set in both"),
    OPERATOR("|", resolve_binary, bit_or, "a | b: the bits set in one of them"),
    OPERATOR("^", resolve_binary, bit_xor, "a ^ b: the bits set in just one of them"),
    {.name = "~",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_TOTAL | SQI_FUNC_NEVER_NULL,
     .types = "I>1",
     .kernel = bit_not,
     .text = "~a: the bits not set"},
    OPERATOR("<<", resolve_shift, shift_left, "a << n: the bits n places to the left"),
    OPERATOR(">>", resolve_shift, shift_right, "a >> n: the bits n places to the right, the sign kept"),
    OPERATOR(">>>", resolve_shift, shift_right_unsigned,
             "a >>> n: the bits n places to the right, zeros from the left"),
    OPERATOR("shiftleft", resolve_shift, shift_left, "shiftleft(a, n): the bits n places to the left"),
    OPERATOR("shiftright", resolve_shift, shift_right, "shiftright(a, n): the bits n places to the right"),
    OPERATOR("shiftrightunsigned", resolve_shift, shift_right_unsigned,
             "shiftrightunsigned(a, n): the bits n places to the right, zeros from the left"),
    {.name = "bit_count",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_TOTAL | SQI_FUNC_NEVER_NULL,
     .resolve = resolve_count,
     .kernel = bit_count,
     .text = "bit_count(a): how many bits are set, of 64"},
    {.name = "bit_get",
     .min_args = 2,
     .max_args = 2,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "Ii>t",
     .kernel = bit_get,
     .text = "bit_get(a, n): bit n, 0 the lowest"},
    {.name = "getbit",
     .min_args = 2,
     .max_args = 2,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "Ii>t",
     .kernel = bit_get,
     .text = "getbit(a, n): bit n, 0 the lowest"},
    {0},
};
