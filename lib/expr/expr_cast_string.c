/*
 * expr_cast_string: casts to STRING. Scalars are written to the stack and copied (twelve bytes or less stand inside the
 * view, so most numbers take no memory); nested values go through one buffer.
 */
#include "expr_cast_kernel.h"

#include "data_text.h"

/* `write` puts the text of position i into t and gives its length. */
#define WRITE_EACH(c, write)                                                                 \
    do {                                                                                     \
        sqi_heap heap_;                                                                      \
        char t[SQI_TIME_TEXT > SQI_NUMBER_TEXT ? SQI_TIME_TEXT : SQI_NUMBER_TEXT];           \
        sqi_heap_init(&heap_, (c)->eval->arena);                                             \
        for (SQI_EACH((c)->rows, k, i)) {                                                    \
            size_t len_ = (write);                                                           \
            if (!sqi_heap_copy(&heap_, (sqi_span){t, len_}, &SQI_OUT((c)->out, sqi_str)[i])) \
                return sqi_error_nomem((c)->err);                                            \
        }                                                                                    \
        return STREAMQ_OK;                                                                   \
    } while (0)

static streamq_status from_bool(sqi_caster *c)
{
    const sqi_str words[2] = {sqi_str_view("false", 5), sqi_str_view("true", 4)};
    SQI_CAST_EACH(c, i, SQI_OUT(c->out, sqi_str)[i] = words[SQI_AT(c->in, uint8_t, i)]);
    return STREAMQ_OK;
}

static streamq_status from_tinyint(sqi_caster *c)
{
    WRITE_EACH(c, sqi_number_int(SQI_AT(c->in, int8_t, i), t));
}

static streamq_status from_smallint(sqi_caster *c)
{
    WRITE_EACH(c, sqi_number_int(SQI_AT(c->in, int16_t, i), t));
}

static streamq_status from_int(sqi_caster *c)
{
    WRITE_EACH(c, sqi_number_int(SQI_AT(c->in, int32_t, i), t));
}

static streamq_status from_bigint(sqi_caster *c)
{
    WRITE_EACH(c, sqi_number_int(SQI_AT(c->in, int64_t, i), t));
}

static streamq_status from_float(sqi_caster *c)
{
    WRITE_EACH(c, sqi_number_float(SQI_AT(c->in, float, i), t));
}

static streamq_status from_double(sqi_caster *c)
{
    WRITE_EACH(c, sqi_number_double(SQI_AT(c->in, double, i), t));
}

static streamq_status from_decimal(sqi_caster *c)
{
    WRITE_EACH(c, sqi_number_decimal(SQI_AT(c->in, sqi_int128, i), c->from->scale, t));
}

static streamq_status from_date(sqi_caster *c)
{
    WRITE_EACH(c, sqi_time_date_text(SQI_AT(c->in, int32_t, i), t));
}

static streamq_status from_timestamp(sqi_caster *c)
{
    WRITE_EACH(c, sqi_time_timestamp_text(sqi_zone_to_local(c->eval->zone, SQI_AT(c->in, int64_t, i)), t));
}

static streamq_status from_ntz(sqi_caster *c)
{
    WRITE_EACH(c, sqi_time_timestamp_text(SQI_AT(c->in, int64_t, i), t));
}

static streamq_status from_year_month(sqi_caster *c)
{
    WRITE_EACH(c, sqi_time_interval_text(c->from, &SQI_AT(c->in, int32_t, i), t));
}

static streamq_status from_day_time(sqi_caster *c)
{
    WRITE_EACH(c, sqi_time_interval_text(c->from, &SQI_AT(c->in, int64_t, i), t));
}

static streamq_status from_calendar(sqi_caster *c)
{
    WRITE_EACH(c, sqi_time_interval_text(c->from, &SQI_AT(c->in, sqi_interval, i), t));
}

static streamq_status write_nested(sqi_caster *c, sqi_buf *b)
{
    sqi_heap heap;
    sqi_heap_init(&heap, c->eval->arena);
    for (SQI_EACH(c->rows, k, i)) {
        sqi_buf_clear(b);
        if (!sqi_text_value(b, c->in, i, c->eval->zone, SQI_TEXT_CAST))
            return b->len > SQI_STR_MAX / 2 ? sqi_str_too_long(c->err) : sqi_error_nomem(c->err);
        if (b->len > SQI_STR_MAX)
            return sqi_str_too_long(c->err);
        if (!sqi_heap_copy(&heap, sqi_buf_view(b), &SQI_OUT(c->out, sqi_str)[i]))
            return sqi_error_nomem(c->err);
    }
    return STREAMQ_OK;
}

static streamq_status from_nested(sqi_caster *c)
{
    sqi_buf b;
    sqi_buf_init(&b, c->eval->alloc, SQI_STR_MAX);
    streamq_status st = write_nested(c, &b);
    sqi_buf_fini(&b);
    return st;
}

streamq_status sqi_cast_to_string(sqi_caster *c)
{
    static const sqi_cast_kernel kernels[SQI_TYPE_IDS_] = {
        [SQI_BOOLEAN] = from_bool,
        [SQI_TINYINT] = from_tinyint,
        [SQI_SMALLINT] = from_smallint,
        [SQI_INT] = from_int,
        [SQI_BIGINT] = from_bigint,
        [SQI_FLOAT] = from_float,
        [SQI_DOUBLE] = from_double,
        [SQI_DECIMAL] = from_decimal,
        [SQI_DATE] = from_date,
        [SQI_TIMESTAMP] = from_timestamp,
        [SQI_TIMESTAMP_NTZ] = from_ntz,
        [SQI_INTERVAL_YM] = from_year_month,
        [SQI_INTERVAL_DT] = from_day_time,
        [SQI_INTERVAL] = from_calendar,
    };
    sqi_cast_kernel kernel = kernels[c->from->id];
    return kernel ? kernel(c) : from_nested(c);
}
