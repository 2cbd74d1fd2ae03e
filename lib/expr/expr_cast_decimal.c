/*
 * expr_cast_decimal: casts to DECIMAL: rounded HALF_UP to the scale, refused if the precision does not hold the rest.
 * Floating point goes by its shortest text, as in Spark, and NaN and infinities are null.
 */
#include "expr_cast_kernel.h"

#include "data_interval.h"

#include <math.h>

static streamq_status put(sqi_caster *c, uint32_t i, sqi_int128 v, int scale)
{
    sqi_int128 x;
    if (!sqi_decimal_rescale(v, scale, c->to->scale, c->to->precision, &x))
        return sqi_cast_out_of_range(c, i);
    SQI_OUT(c->out, sqi_int128)[i] = x;
    return STREAMQ_OK;
}

static streamq_status from_bool(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        SQI_TRY(put(c, i, SQI_AT(c->in, uint8_t, i), 0));
    return STREAMQ_OK;
}

static streamq_status from_tinyint(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        SQI_TRY(put(c, i, SQI_AT(c->in, int8_t, i), 0));
    return STREAMQ_OK;
}

static streamq_status from_smallint(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        SQI_TRY(put(c, i, SQI_AT(c->in, int16_t, i), 0));
    return STREAMQ_OK;
}

static streamq_status from_int(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        SQI_TRY(put(c, i, SQI_AT(c->in, int32_t, i), 0));
    return STREAMQ_OK;
}

static streamq_status from_bigint(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        SQI_TRY(put(c, i, SQI_AT(c->in, int64_t, i), 0));
    return STREAMQ_OK;
}

static streamq_status from_decimal(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        SQI_TRY(put(c, i, SQI_AT(c->in, sqi_int128, i), c->from->scale));
    return STREAMQ_OK;
}

static streamq_status put_double(sqi_caster *c, uint32_t i, double d)
{
    if (!isfinite(d))
        return sqi_cast_null(c, i);
    if (!sqi_decimal_from_double(d, c->to->precision, c->to->scale, &SQI_OUT(c->out, sqi_int128)[i]))
        return sqi_cast_out_of_range(c, i);
    return STREAMQ_OK;
}

static streamq_status from_float(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        SQI_TRY(put_double(c, i, (double)SQI_AT(c->in, float, i)));
    return STREAMQ_OK;
}

static streamq_status from_double(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        SQI_TRY(put_double(c, i, SQI_AT(c->in, double, i)));
    return STREAMQ_OK;
}

static streamq_status from_timestamp(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        SQI_TRY(put_double(c, i, (double)SQI_AT(c->in, int64_t, i) / 1e6));
    return STREAMQ_OK;
}

static streamq_status from_string(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i)) {
        switch (sqi_number_read_decimal_as(SQI_SPAN_AT(c->in, i), c->to->precision, c->to->scale,
                                           &SQI_OUT(c->out, sqi_int128)[i])) {
        case SQI_DECIMAL_READ_OK:
            break;
        case SQI_DECIMAL_READ_MALFORMED:
            SQI_TRY(sqi_cast_malformed(c, i));
            break;
        case SQI_DECIMAL_READ_RANGE:
            SQI_TRY(sqi_cast_unsupported(c, i));
            break;
        case SQI_DECIMAL_READ_PRECISION:
            SQI_TRY(sqi_cast_out_of_range(c, i));
            break;
        }
    }
    return STREAMQ_OK;
}

/* Whole units of the last field, with the fraction of a second. */
static streamq_status from_interval(sqi_caster *c)
{
    uint8_t last = c->from->scale;
    for (SQI_EACH(c->rows, k, i)) {
        if (c->from->id == SQI_INTERVAL_YM)
            SQI_TRY(put(c, i, SQI_AT(c->in, int32_t, i) / (last == SQI_YEAR ? 12 : 1), 0));
        else if (last == SQI_SECOND)
            SQI_TRY(put(c, i, SQI_AT(c->in, int64_t, i), 6));
        else
            SQI_TRY(put(c, i, SQI_AT(c->in, int64_t, i) / (int64_t)sqi_interval_micros[last], 0));
    }
    return STREAMQ_OK;
}

sqi_cast_kernel sqi_cast_to_decimal(const sqi_type *from)
{
    static const sqi_cast_kernel kernels[SQI_TYPE_IDS_] = {
        [SQI_BOOLEAN] = from_bool,         [SQI_TINYINT] = from_tinyint,
        [SQI_SMALLINT] = from_smallint,    [SQI_INT] = from_int,
        [SQI_BIGINT] = from_bigint,        [SQI_FLOAT] = from_float,
        [SQI_DOUBLE] = from_double,        [SQI_DECIMAL] = from_decimal,
        [SQI_STRING] = from_string,        [SQI_TIMESTAMP] = from_timestamp,
        [SQI_INTERVAL_YM] = from_interval, [SQI_INTERVAL_DT] = from_interval,
    };
    return kernels[from->id];
}
