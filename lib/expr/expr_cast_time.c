/*
 * expr_cast_time: casts to DATE, TIMESTAMP and TIMESTAMP_NTZ. Dates and local times meet UTC by the session's zone.
 * Numbers are seconds since 1970: whole ones saturate at the ends of the range, others are cut to microseconds.
 */
#include "expr_cast_kernel.h"

#include <math.h>

static int32_t day_of(int64_t micros)
{
    return (int32_t)sqi_time_floor_div(micros, SQI_MICROS_PER_DAY);
}

static streamq_status string_to_date(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        if (!sqi_time_date_read(SQI_SPAN_AT(c->in, i), &SQI_OUT(c->out, int32_t)[i]))
            SQI_TRY(sqi_cast_malformed(c, i));
    return STREAMQ_OK;
}

static streamq_status timestamp_to_date(sqi_caster *c)
{
    const sqi_zone *zone = c->eval->zone;
    SQI_CAST_EACH(c, i, SQI_OUT(c->out, int32_t)[i] = day_of(sqi_zone_to_local(zone, SQI_AT(c->in, int64_t, i))));
    return STREAMQ_OK;
}

static streamq_status ntz_to_date(sqi_caster *c)
{
    SQI_CAST_EACH(c, i, SQI_OUT(c->out, int32_t)[i] = day_of(SQI_AT(c->in, int64_t, i)));
    return STREAMQ_OK;
}

static streamq_status string_to_timestamp(sqi_caster *c)
{
    sqi_eval *e = c->eval;
    for (SQI_EACH(c->rows, k, i))
        if (!sqi_time_timestamp_read(SQI_SPAN_AT(c->in, i), e->zone, e->zones, e->now_micros,
                                     &SQI_OUT(c->out, int64_t)[i]))
            SQI_TRY(sqi_cast_malformed(c, i));
    return STREAMQ_OK;
}

static streamq_status string_to_ntz(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        if (!sqi_time_timestamp_ntz_read(SQI_SPAN_AT(c->in, i), true, c->eval->zones, &SQI_OUT(c->out, int64_t)[i]))
            SQI_TRY(sqi_cast_malformed(c, i));
    return STREAMQ_OK;
}

static streamq_status date_to_timestamp(sqi_caster *c)
{
    bool local = c->to->id == SQI_TIMESTAMP_NTZ;
    for (SQI_EACH(c->rows, k, i)) {
        int64_t micros;
        if (__builtin_mul_overflow((int64_t)SQI_AT(c->in, int32_t, i), SQI_MICROS_PER_DAY, &micros))
            SQI_TRY(sqi_cast_overflow(c, i));
        else
            SQI_OUT(c->out, int64_t)[i] = local ? micros : sqi_zone_to_utc(c->eval->zone, micros);
    }
    return STREAMQ_OK;
}

static streamq_status ntz_to_timestamp(sqi_caster *c)
{
    const sqi_zone *zone = c->eval->zone;
    SQI_CAST_EACH(c, i, SQI_OUT(c->out, int64_t)[i] = sqi_zone_to_utc(zone, SQI_AT(c->in, int64_t, i)));
    return STREAMQ_OK;
}

static streamq_status timestamp_to_ntz(sqi_caster *c)
{
    const sqi_zone *zone = c->eval->zone;
    SQI_CAST_EACH(c, i, SQI_OUT(c->out, int64_t)[i] = sqi_zone_to_local(zone, SQI_AT(c->in, int64_t, i)));
    return STREAMQ_OK;
}

static int64_t seconds(int64_t s)
{
    int64_t micros;
    if (__builtin_mul_overflow(s, SQI_MICROS_PER_SECOND, &micros))
        return s < 0 ? INT64_MIN : INT64_MAX;
    return micros;
}

static streamq_status int_to_timestamp(sqi_caster *c)
{
    int64_t *out = c->out->data;
    switch (c->from->id) {
    case SQI_TINYINT:
        SQI_CAST_EACH(c, i, out[i] = seconds(SQI_AT(c->in, int8_t, i)));
        break;
    case SQI_SMALLINT:
        SQI_CAST_EACH(c, i, out[i] = seconds(SQI_AT(c->in, int16_t, i)));
        break;
    case SQI_INT:
        SQI_CAST_EACH(c, i, out[i] = seconds(SQI_AT(c->in, int32_t, i)));
        break;
    default:
        SQI_CAST_EACH(c, i, out[i] = seconds(SQI_AT(c->in, int64_t, i)));
        break;
    }
    return STREAMQ_OK;
}

static streamq_status real_to_timestamp(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i)) {
        double d = c->from->id == SQI_FLOAT ? (double)SQI_AT(c->in, float, i) : SQI_AT(c->in, double, i);
        double micros = d * 1e6;
        if (!isfinite(d))
            SQI_TRY(sqi_cast_malformed(c, i));
        else if (!(micros >= -0x1p63 && micros <= 0x1p63))
            SQI_TRY(sqi_cast_overflow(c, i));
        else
            SQI_OUT(c->out, int64_t)[i] = micros >= 0x1p63 ? INT64_MAX : (int64_t)micros;
    }
    return STREAMQ_OK;
}

/* Spark's product of seconds and a million keeps 34 digits, a half going to the even one. */
static sqi_int128 round_to_34(sqi_int128 v)
{
    int cut = sqi_decimal_digits(v) - 34;
    if (cut <= 0)
        return v;
    sqi_int128 unit = sqi_decimal_pow10(cut), rest = v % unit, half = unit / 2, whole = v / unit;
    if (rest > half || rest < -half || ((rest == half || rest == -half) && whole % 2))
        whole += v < 0 ? -1 : 1;
    return whole * unit;
}

/* What does not fit wraps around, as in Spark: it takes the low 64 bits of the microseconds. */
static streamq_status decimal_to_timestamp(sqi_caster *c)
{
    int scale = c->from->scale;
    for (SQI_EACH(c->rows, k, i)) {
        sqi_int128 v = round_to_34(SQI_AT(c->in, sqi_int128, i));
        uint64_t micros = scale > 6 ? (uint64_t)(v / sqi_decimal_pow10(scale - 6))
                                    : (uint64_t)v * (uint64_t)sqi_decimal_pow10(6 - scale);
        SQI_OUT(c->out, int64_t)[i] = (int64_t)micros;
    }
    return STREAMQ_OK;
}

sqi_cast_kernel sqi_cast_to_time(const sqi_type *from, const sqi_type *to)
{
    bool timestamp = to->id == SQI_TIMESTAMP;
    switch (from->id) {
    case SQI_STRING:
        return to->id == SQI_DATE ? string_to_date : timestamp ? string_to_timestamp : string_to_ntz;
    case SQI_DATE:
        return date_to_timestamp;
    case SQI_TIMESTAMP:
        return to->id == SQI_DATE ? timestamp_to_date : timestamp_to_ntz;
    case SQI_TIMESTAMP_NTZ:
        return to->id == SQI_DATE ? ntz_to_date : ntz_to_timestamp;
    case SQI_FLOAT:
    case SQI_DOUBLE:
        return real_to_timestamp;
    case SQI_DECIMAL:
        return decimal_to_timestamp;
    default:
        return int_to_timestamp;
    }
}
