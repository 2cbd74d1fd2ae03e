/*
 * expr_cast_interval: casts to intervals. A number counts units of the type's last field; an interval of the same kind
 * loses what is below the last field; text is read by data_interval_read.c. Text that is no calendar interval is null,
 * not an error: so Spark has it.
 */
#include "expr_cast_kernel.h"

#include "data_interval.h"

static streamq_status put(sqi_caster *c, uint32_t i, int64_t v)
{
    if (c->to->id == SQI_INTERVAL_DT) {
        SQI_OUT(c->out, int64_t)[i] = v;
        return STREAMQ_OK;
    }
    if (v < INT32_MIN || v > INT32_MAX)
        return sqi_cast_overflow(c, i);
    SQI_OUT(c->out, int32_t)[i] = (int32_t)v;
    return STREAMQ_OK;
}

static int64_t unit(const sqi_type *t)
{
    if (t->id == SQI_INTERVAL_YM)
        return t->scale == SQI_YEAR ? 12 : 1;
    return (int64_t)sqi_interval_micros[t->scale];
}

static streamq_status from_string(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i)) {
        int64_t v;
        switch (sqi_time_interval_read(SQI_SPAN_AT(c->in, i), c->to, &v)) {
        case SQI_INTERVAL_READ_OK:
            SQI_TRY(put(c, i, v));
            break;
        case SQI_INTERVAL_READ_FORMAT:
            SQI_TRY(sqi_cast_bad_interval(c, i,
                                          c->to->id == SQI_INTERVAL_YM
                                              ? SQI_COND_INVALID_INTERVAL_FORMAT__UNMATCHED_FORMAT_STRING
                                              : SQI_COND_INVALID_INTERVAL_FORMAT__UNMATCHED_FORMAT_STRING_WITH_NOTICE));
            break;
        case SQI_INTERVAL_READ_RANGE:
            SQI_TRY(sqi_cast_bad_interval(c, i, SQI_COND_INVALID_INTERVAL_FORMAT__INTERVAL_PARSING));
            break;
        }
    }
    return STREAMQ_OK;
}

static streamq_status string_to_calendar(sqi_caster *c)
{
    for (SQI_EACH(c->rows, k, i))
        if (!sqi_time_interval_read_units(SQI_SPAN_AT(c->in, i), &SQI_OUT(c->out, sqi_interval)[i]))
            SQI_TRY(sqi_cast_null(c, i));
    return STREAMQ_OK;
}

static streamq_status from_int(sqi_caster *c)
{
    int64_t u = unit(c->to), v;
    for (SQI_EACH(c->rows, k, i)) {
        if (__builtin_mul_overflow(sqi_vec_int(c->in, i), u, &v))
            SQI_TRY(sqi_cast_overflow(c, i));
        else
            SQI_TRY(put(c, i, v));
    }
    return STREAMQ_OK;
}

static streamq_status from_decimal(sqi_caster *c)
{
    sqi_int128 v;
    int64_t whole;
    for (SQI_EACH(c->rows, k, i)) {
        if (sqi_decimal_mul(SQI_AT(c->in, sqi_int128, i), c->from->scale, unit(c->to), 0, 38, 0, &v) &&
            sqi_decimal_to_int64(v, 0, &whole))
            SQI_TRY(put(c, i, whole));
        else
            SQI_TRY(sqi_cast_overflow(c, i));
    }
    return STREAMQ_OK;
}

static streamq_status year_month(sqi_caster *c)
{
    int32_t u = (int32_t)unit(c->to);
    SQI_CAST_EACH(c, i, SQI_OUT(c->out, int32_t)[i] = SQI_AT(c->in, int32_t, i) / u * u);
    return STREAMQ_OK;
}

static streamq_status day_time(sqi_caster *c)
{
    int64_t u = c->to->scale == SQI_SECOND ? 1 : unit(c->to);
    SQI_CAST_EACH(c, i, SQI_OUT(c->out, int64_t)[i] = SQI_AT(c->in, int64_t, i) / u * u);
    return STREAMQ_OK;
}

sqi_cast_kernel sqi_cast_to_interval(const sqi_type *from, const sqi_type *to)
{
    if (from->id == SQI_STRING)
        return to->id == SQI_INTERVAL ? string_to_calendar : from_string;
    if (from->id == SQI_DECIMAL)
        return from_decimal;
    if (from->id == SQI_INTERVAL_YM)
        return year_month;
    return from->id == SQI_INTERVAL_DT ? day_time : from_int;
}
