/*
 * data_interval: intervals as text: INTERVAL '1-2' YEAR TO MONTH, INTERVAL '1 02:03:04.5' DAY TO SECOND, and the
 * calendar interval's "1 years 2 months 3 days 4 hours". Reading is in data_interval_read.c.
 *
 * Year-month and day-time intervals print the fields of their type only. The first field takes all that is above it
 * (26 hours in HOUR TO MINUTE); days are never padded, years and months neither, all else has two digits.
 */
#include "data_interval.h"

#include "data_number.h"

const char *const sqi_interval_field[6] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
const uint64_t sqi_interval_micros[6] = {
    0, 0, UINT64_C(86400000000), UINT64_C(3600000000), UINT64_C(60000000), UINT64_C(1000000)};

typedef struct out {
    char *p;
} out;

static void put(out *o, const char *text)
{
    size_t n = strlen(text);
    memcpy(o->p, text, n);
    o->p += n;
}

static void put_int(out *o, int64_t v)
{
    o->p += sqi_number_int(v, o->p);
}

static void put_padded(out *o, uint64_t v)
{
    if (v < 10)
        *o->p++ = '0';
    put_int(o, (int64_t)v);
}

/* .5 of 500000; nothing for 0 */
static void put_fraction(out *o, uint32_t micros)
{
    if (!micros)
        return;
    *o->p++ = '.';
    for (uint32_t unit = 100000; unit; unit /= 10)
        *o->p++ = (char)('0' + micros / unit % 10);
    while (o->p[-1] == '0')
        o->p--;
}

static void put_year_month(out *o, const sqi_type *type, int32_t months)
{
    int64_t m = months < 0 ? -(int64_t)months : months;
    if (months < 0)
        *o->p++ = '-';
    if (type->scale == SQI_YEAR) {
        put_int(o, m / 12);
    } else if (type->precision == SQI_MONTH) {
        put_int(o, m);
    } else {
        put_int(o, m / 12);
        *o->p++ = '-';
        put_int(o, m % 12);
    }
}

static void put_day_time(out *o, const sqi_type *type, int64_t micros)
{
    uint64_t rest = micros < 0 ? UINT64_C(0) - (uint64_t)micros : (uint64_t)micros;
    if (micros < 0)
        *o->p++ = '-';
    for (int field = type->precision; field <= type->scale; field++) {
        uint64_t v = rest / sqi_interval_micros[field];
        rest %= sqi_interval_micros[field];
        if (field > type->precision)
            *o->p++ = field == SQI_HOUR ? ' ' : ':';
        if (field == SQI_DAY)
            put_int(o, (int64_t)v);
        else
            put_padded(o, v);
    }
    if (type->scale == SQI_SECOND)
        put_fraction(o, (uint32_t)rest);
}

static void put_unit(out *o, const char *from, int64_t v, const char *unit)
{
    if (!v)
        return;
    if (o->p != from)
        *o->p++ = ' ';
    put_int(o, v);
    *o->p++ = ' ';
    put(o, unit);
}

static void put_calendar(out *o, const sqi_interval *v)
{
    const char *from = o->p;
    put_unit(o, from, v->months / 12, "years");
    put_unit(o, from, v->months % 12, "months");
    put_unit(o, from, v->days, "days");
    int64_t rest = v->micros;
    put_unit(o, from, rest / INT64_C(3600000000), "hours");
    rest %= INT64_C(3600000000);
    put_unit(o, from, rest / 60000000, "minutes");
    rest %= 60000000;
    if (rest) {
        if (o->p != from)
            *o->p++ = ' ';
        if (rest < 0)
            *o->p++ = '-';
        uint64_t magnitude = rest < 0 ? (uint64_t)-rest : (uint64_t)rest;
        put_int(o, (int64_t)(magnitude / 1000000));
        put_fraction(o, (uint32_t)(magnitude % 1000000));
        put(o, " seconds");
    }
    if (o->p == from)
        put(o, "0 seconds");
}

size_t sqi_time_interval_text(const sqi_type *type, const void *value, char to[SQI_TIME_TEXT])
{
    out o = {to};
    if (type->id == SQI_INTERVAL) {
        put_calendar(&o, value);
        return (size_t)(o.p - to);
    }
    put(&o, "INTERVAL '");
    if (type->id == SQI_INTERVAL_YM)
        put_year_month(&o, type, *(const int32_t *)value);
    else
        put_day_time(&o, type, *(const int64_t *)value);
    put(&o, "' ");
    put(&o, sqi_interval_field[type->precision]);
    if (type->scale != type->precision) {
        put(&o, " TO ");
        put(&o, sqi_interval_field[type->scale]);
    }
    return (size_t)(o.p - to);
}
