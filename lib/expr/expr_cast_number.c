/*
 * expr_cast_number: casts to boolean, the integers, float and double. To decimal: expr_cast_decimal.c.
 *
 * Integers widen and floats round without a check. Everything else is range checked first: a fraction is cut off, then
 * the whole number must fit. Intervals become the number of units of their last field, timestamps seconds.
 */
#include "expr_cast_kernel.h"

#include "base_loops.h"
#include "data_interval.h"
#include "func_view.h"

#include <math.h>

bool sqi_cast_total(const sqi_type *from, const sqi_type *to)
{
    if (from->id == SQI_BOOLEAN)
        return to->id >= SQI_TINYINT && to->id <= SQI_DOUBLE;
    if (to->id == SQI_FLOAT || to->id == SQI_DOUBLE)
        return sqi_type_is_integral(from) || from->id == SQI_FLOAT || from->id == SQI_DOUBLE;
    if (to->id == SQI_BOOLEAN)
        return sqi_type_is_integral(from);
    return sqi_type_is_integral(from) && sqi_type_is_integral(to) && from->id <= to->id;
}

/* Where INT meets BIGINT or DOUBLE: these loops alone are worth the code of vector instructions. */
#define PLAIN_VECTOR(name, from_type, to_type) SQI_VECTORIZE PLAIN(name, from_type, to_type)

/* Casts that C does: one loop each. */
#define PLAIN(name, from_type, to_type)               \
    static streamq_status name(sqi_caster *c)         \
    {                                                 \
        const from_type *in = c->in->data;            \
        to_type *out = c->out->data;                  \
        SQI_CAST_EACH(c, i, out[i] = (to_type)in[i]); \
        return STREAMQ_OK;                            \
    }

#define PLAIN_FROM(name, from_type)          \
    PLAIN(name##_to_i8, from_type, int8_t)   \
    PLAIN(name##_to_i16, from_type, int16_t) \
    PLAIN(name##_to_i32, from_type, int32_t) \
    PLAIN(name##_to_i64, from_type, int64_t) \
    PLAIN(name##_to_f32, from_type, float)   \
    PLAIN(name##_to_f64, from_type, double)

PLAIN_FROM(b, uint8_t)
PLAIN_FROM(i8, int8_t)
PLAIN(i16_to_i16, int16_t, int16_t)
PLAIN(i16_to_i32, int16_t, int32_t)
PLAIN(i16_to_i64, int16_t, int64_t)
PLAIN(i16_to_f32, int16_t, float)
PLAIN(i16_to_f64, int16_t, double)
PLAIN(i32_to_i32, int32_t, int32_t)
PLAIN_VECTOR(i32_to_i64, int32_t, int64_t)
PLAIN(i32_to_f32, int32_t, float)
PLAIN_VECTOR(i32_to_f64, int32_t, double)
PLAIN(i64_to_i64, int64_t, int64_t)
PLAIN(i64_to_f32, int64_t, float)
PLAIN(i64_to_f64, int64_t, double)
PLAIN(f32_to_f64, float, double)
PLAIN(f64_to_f32, double, float)

static const sqi_cast_kernel plain[SQI_TYPE_IDS_][SQI_TYPE_IDS_] = {
    [SQI_BOOLEAN] = {[SQI_TINYINT] = b_to_i8,
                     [SQI_SMALLINT] = b_to_i16,
                     [SQI_INT] = b_to_i32,
                     [SQI_BIGINT] = b_to_i64,
                     [SQI_FLOAT] = b_to_f32,
                     [SQI_DOUBLE] = b_to_f64},
    [SQI_TINYINT] = {[SQI_TINYINT] = i8_to_i8,
                     [SQI_SMALLINT] = i8_to_i16,
                     [SQI_INT] = i8_to_i32,
                     [SQI_BIGINT] = i8_to_i64,
                     [SQI_FLOAT] = i8_to_f32,
                     [SQI_DOUBLE] = i8_to_f64},
    [SQI_SMALLINT] = {[SQI_SMALLINT] = i16_to_i16,
                      [SQI_INT] = i16_to_i32,
                      [SQI_BIGINT] = i16_to_i64,
                      [SQI_FLOAT] = i16_to_f32,
                      [SQI_DOUBLE] = i16_to_f64},
    [SQI_INT] =
        {[SQI_INT] = i32_to_i32, [SQI_BIGINT] = i32_to_i64, [SQI_FLOAT] = i32_to_f32, [SQI_DOUBLE] = i32_to_f64},
    [SQI_BIGINT] = {[SQI_BIGINT] = i64_to_i64, [SQI_FLOAT] = i64_to_f32, [SQI_DOUBLE] = i64_to_f64},
    [SQI_FLOAT] = {[SQI_DOUBLE] = f32_to_f64},
    [SQI_DOUBLE] = {[SQI_FLOAT] = f64_to_f32},
};

static void bounds(sqi_type_id id, int64_t *min, int64_t *max)
{
    static const uint8_t bits[] = {[SQI_TINYINT] = 8, [SQI_SMALLINT] = 16, [SQI_INT] = 32, [SQI_BIGINT] = 64};
    *max = (int64_t)(UINT64_MAX >> (65 - bits[id]));
    *min = -*max - 1;
}

/* What a value is as a whole number; false: beyond 64 bits, infinite or NaN. */
static bool whole(const sqi_vec *v, uint32_t i, int64_t *x)
{
    double d;
    switch (v->type->id) {
    case SQI_FLOAT:
    case SQI_DOUBLE:
        d = v->type->id == SQI_FLOAT ? (double)SQI_AT(v, float, i) : SQI_AT(v, double, i);
        if (!(d >= -0x1p63 && d <= 0x1p63))
            return false;
        *x = d >= 0x1p63 ? INT64_MAX : (int64_t)d; /* 2^63 is what the largest BIGINT is as a double */
        return true;
    case SQI_DECIMAL:
        return sqi_decimal_to_int64(SQI_AT(v, sqi_int128, i), v->type->scale, x);
    case SQI_TIMESTAMP:
        *x = sqi_time_floor_div(SQI_AT(v, int64_t, i), SQI_MICROS_PER_SECOND);
        return true;
    case SQI_INTERVAL_YM:
        *x = sqi_vec_int(v, i) / (v->type->scale == SQI_YEAR ? 12 : 1);
        return true;
    case SQI_INTERVAL_DT:
        *x = sqi_vec_int(v, i) / (int64_t)sqi_interval_micros[v->type->scale];
        return true;
    default:
        *x = sqi_vec_int(v, i);
        return true;
    }
}

static streamq_status to_int(sqi_caster *c)
{
    int64_t min, max, x;
    bounds(c->to->id, &min, &max);
    for (SQI_EACH(c->rows, k, i)) {
        if (whole(c->in, i, &x) && x >= min && x <= max)
            sqi_vec_put_int(c->out, i, x);
        else
            SQI_TRY(sqi_cast_overflow(c, i));
    }
    return STREAMQ_OK;
}

#ifdef SQI_VIEW_FAST
/* Eight digits, the first in the lowest byte: neighbours join to pairs, fours, all eight. */
static inline uint64_t join_digits(uint64_t w)
{
    w = (w * 2561 >> 8) & UINT64_C(0x00ff00ff00ff00ff);
    w = (w * 6553601 >> 16) & UINT64_C(0x0000ffff0000ffff);
    return w * UINT64_C(42949672960001) >> 32;
}

/* Most numbers are a sign or none and digits, all in the view. False: look again, with care. */
static inline bool read_short_int(const sqi_str *s, int64_t *x)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030), low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t word0 = sqi_load64((const char *)s), word1 = sqi_load64(s->u.out.pointer);
    uint64_t len = (uint32_t)word0, head = word0 >> 32 | word1 << 32, first = head & 0xff;
    uint64_t negative = first == '-', sign = negative | (first == '+');
    head ^= (first ^ '0') & (0 - sign);
    if (len - sign - 1 >= SQI_STR_INLINE || len > SQI_STR_INLINE)
        return false;
    unsigned __int128 all = (unsigned __int128)(word1 >> 32 ^ zeros) << 64 | (head ^ zeros);
    all <<= 8 * (16 - len); /* the last digit to the end, zeros before the first */
    uint64_t before = (uint64_t)all, last = (uint64_t)(all >> 64);
    uint64_t large =
        (((before & low) + low - 9 * (low / 0x7f)) | before) | (((last & low) + low - 9 * (low / 0x7f)) | last);
    uint64_t sum = join_digits(before) * 100000000 + join_digits(last);
    *x = (int64_t)((sum ^ (0 - negative)) + negative);
    return !(large & ~low);
}
#else
static inline bool read_short_int(const sqi_str *s, int64_t *x)
{
    (void)s, (void)x;
    return false;
}
#endif

static streamq_status string_to_int(sqi_caster *c)
{
    int64_t min, max, x;
    bool overflow;
    bounds(c->to->id, &min, &max);
    for (SQI_EACH(c->rows, k, i)) {
        if (read_short_int(SQI_STR_AT(c->in, i), &x) && x >= min && x <= max)
            sqi_vec_put_int(c->out, i, x);
        else if (sqi_number_read_int(SQI_SPAN_AT(c->in, i), min, max, &x, &overflow))
            sqi_vec_put_int(c->out, i, x);
        else
            SQI_TRY(sqi_cast_malformed(c, i));
    }
    return STREAMQ_OK;
}

static streamq_status string_to_real(sqi_caster *c)
{
    bool one = c->to->id == SQI_FLOAT;
    for (SQI_EACH(c->rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(c->in, i);
        if (!(one ? sqi_number_read_float(s, &SQI_OUT(c->out, float)[i])
                  : sqi_number_read_double(s, &SQI_OUT(c->out, double)[i])))
            SQI_TRY(sqi_cast_malformed(c, i));
    }
    return STREAMQ_OK;
}

static bool read_bool(sqi_span s, uint8_t *v)
{
    static const char *const words[] = {"t", "true", "y", "yes", "1", "f", "false", "n", "no", "0"};
    s = sqi_span_trim(s);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (sqi_span_equal_nocase(s, sqi_span_of(words[i]))) {
            *v = i < 5;
            return true;
        }
    }
    return false;
}

static streamq_status string_to_bool(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        if (!read_bool(SQI_SPAN_AT(c->in, i), &SQI_OUT(c->out, uint8_t)[i]))
            SQI_TRY(sqi_cast_malformed(c, i));
    return STREAMQ_OK;
}

static streamq_status number_to_bool(sqi_caster *c)
{
    uint8_t *out = c->out->data;
    switch (c->from->id) {
    case SQI_FLOAT:
        SQI_CAST_EACH(c, i, out[i] = SQI_AT(c->in, float, i) != 0);
        break;
    case SQI_DOUBLE:
        SQI_CAST_EACH(c, i, out[i] = SQI_AT(c->in, double, i) != 0);
        break;
    case SQI_DECIMAL:
        SQI_CAST_EACH(c, i, out[i] = SQI_AT(c->in, sqi_int128, i) != 0);
        break;
    default:
        SQI_CAST_EACH(c, i, out[i] = sqi_vec_int(c->in, i) != 0);
        break;
    }
    return STREAMQ_OK;
}

static streamq_status decimal_to_real(sqi_caster *c)
{
    int scale = c->from->scale;
    if (c->to->id == SQI_FLOAT)
        SQI_CAST_EACH(c, i, SQI_OUT(c->out, float)[i] = sqi_decimal_to_float(SQI_AT(c->in, sqi_int128, i), scale));
    else
        SQI_CAST_EACH(c, i, SQI_OUT(c->out, double)[i] = sqi_decimal_to_double(SQI_AT(c->in, sqi_int128, i), scale));
    return STREAMQ_OK;
}

static streamq_status timestamp_to_real(sqi_caster *c)
{
    if (c->to->id == SQI_FLOAT)
        SQI_CAST_EACH(c, i, SQI_OUT(c->out, float)[i] = (float)((double)SQI_AT(c->in, int64_t, i) / 1e6));
    else
        SQI_CAST_EACH(c, i, SQI_OUT(c->out, double)[i] = (double)SQI_AT(c->in, int64_t, i) / 1e6);
    return STREAMQ_OK;
}

sqi_cast_kernel sqi_cast_to_number(const sqi_type *from, const sqi_type *to)
{
    bool real = to->id == SQI_FLOAT || to->id == SQI_DOUBLE;
    if (plain[from->id][to->id])
        return plain[from->id][to->id];
    if (to->id == SQI_BOOLEAN)
        return from->id == SQI_STRING ? string_to_bool : number_to_bool;
    if (from->id == SQI_STRING)
        return real ? string_to_real : string_to_int;
    if (!real)
        return to_int;
    return from->id == SQI_DECIMAL ? decimal_to_real : timestamp_to_real;
}
