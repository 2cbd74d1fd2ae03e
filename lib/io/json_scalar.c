/*
 * json_scalar: see the header.
 */
#include "json_scalar.h"

#include "data_number.h"
#include "json_read.h"

#include <math.h>

static bool no_number(sqi_span s, double *v)
{
    if (!s.len)
        return false;
    char last = s.ptr[s.len - 1];
    if (last == 'N' && s.ptr[0] == 'N')
        *v = NAN;
    else if (last == 'y' || last == 'F')
        *v = s.ptr[0] == '-' ? -INFINITY : INFINITY;
    else
        return false;
    return true;
}

bool sqi_json_number_double(sqi_span text, double *v)
{
    return no_number(text, v) || sqi_number_read_double(text, v);
}

/* What Spark takes in quotes. */
static bool quoted_no_number(sqi_span s, double *v)
{
    static const char *const words[] = {"NaN", "Infinity", "+Infinity", "-Infinity", "+INF", "-INF"};
    for (size_t i = 0; i < sizeof words / sizeof *words; ++i)
        if (sqi_span_equal(s, sqi_span_of(words[i])))
            return no_number(s, v);
    return false;
}

static bool put_real(sqi_json_column *c, uint32_t at, double v)
{
    if (c->type->id == SQI_FLOAT)
        ((float *)c->data)[at] = (float)v;
    else
        ((double *)c->data)[at] = v;
    sqi_json_column_set(c, at);
    return true;
}

/* An integer without its sign; false: it does not fit. */
static bool magnitude(sqi_span s, uint64_t *v)
{
    *v = 0;
    for (size_t i = 0; i < s.len; ++i)
        if (__builtin_mul_overflow(*v, 10, v) || __builtin_add_overflow(*v, (uint64_t)(s.ptr[i] - '0'), v))
            return false;
    return true;
}

static bool whole(sqi_span s, int64_t *out)
{
    bool minus = s.len && s.ptr[0] == '-';
    uint64_t v;
    if (!magnitude((sqi_span){s.ptr + minus, s.len - minus}, &v) || v > (uint64_t)INT64_MAX + minus)
        return false;
    *out = (int64_t)(minus ? 0 - v : v);
    return true;
}

static bool put_whole(sqi_json_column *c, uint32_t at, sqi_span text)
{
    int64_t v;
    if (!whole(text, &v))
        return false;
    switch (c->type->id) {
    case SQI_TINYINT: /* Jackson takes a byte without a sign too */
        if (v < INT8_MIN || v > UINT8_MAX)
            return false;
        ((int8_t *)c->data)[at] = (int8_t)v;
        break;
    case SQI_SMALLINT:
        if (v < INT16_MIN || v > INT16_MAX)
            return false;
        ((int16_t *)c->data)[at] = (int16_t)v;
        break;
    case SQI_INT:
        if (v < INT32_MIN || v > INT32_MAX)
            return false;
        ((int32_t *)c->data)[at] = (int32_t)v;
        break;
    case SQI_TIMESTAMP: /* seconds; Java's product wraps around */
        ((int64_t *)c->data)[at] = (int64_t)((uint64_t)v * SQI_MICROS_PER_SECOND);
        break;
    default:
        ((int64_t *)c->data)[at] = v;
    }
    sqi_json_column_set(c, at);
    return true;
}

static bool put_decimal(sqi_json_column *c, uint32_t at, sqi_span text)
{
    sqi_int128 v;
    if (sqi_number_read_decimal_as(text, c->type->precision, c->type->scale, &v) != SQI_DECIMAL_READ_OK)
        return false;
    memcpy((char *)c->data + (size_t)at * sizeof v, &v, sizeof v);
    sqi_json_column_set(c, at);
    return true;
}

bool sqi_json_scalar_number(const sqi_json_scalar *s, sqi_json_column *c, uint32_t at, sqi_span text, bool fraction)
{
    double v;
    float f;
    (void)s;
    switch (c->type->id) {
    case SQI_TINYINT:
    case SQI_SMALLINT:
    case SQI_INT:
    case SQI_BIGINT:
    case SQI_TIMESTAMP:
        return !fraction && put_whole(c, at, text);
    case SQI_FLOAT: /* a whole zero has no sign */
        if (no_number(text, &v))
            return put_real(c, at, v);
        return sqi_number_read_float(text, &f) && put_real(c, at, (double)(fraction || f != 0 ? f : 0));
    case SQI_DOUBLE:
        return sqi_json_number_double(text, &v) && put_real(c, at, fraction || v != 0 ? v : 0);
    case SQI_DECIMAL:
        return put_decimal(c, at, text);
    default:
        return false;
    }
}

bool sqi_json_scalar_decimal_text(sqi_span text, char *room, sqi_span *out)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; ++i) {
        char b = text.ptr[i];
        if (b == ',')
            continue;
        if (!(b >= '0' && b <= '9') && b != '+' && b != '-' && b != '.' && b != 'e' && b != 'E')
            return false;
        room[n++] = b;
    }
    *out = (sqi_span){room, n};
    return n > 0;
}

static bool decimal_from_text(sqi_json_column *c, uint32_t at, sqi_span text)
{
    enum { MOST = 1024 };
    char room[MOST];
    sqi_span digits;
    return text.len <= MOST && sqi_json_scalar_decimal_text(text, room, &digits) && put_decimal(c, at, digits);
}

/* "2015-01-01T00:00:00GMT-08:00" as java.util once wrote it: the letters go. */
static sqi_span without_gmt(sqi_span text, char *room, size_t size)
{
    for (size_t i = 0; i + 3 <= text.len; ++i)
        if (memcmp(text.ptr + i, "GMT", 3) == 0 && text.len <= size) {
            memcpy(room, text.ptr, i);
            memcpy(room + i, text.ptr + i + 3, text.len - i - 3);
            return (sqi_span){room, text.len - 3};
        }
    return text;
}

/* A day of the Julian calendar as the day of the same name in ours: what a number of days in a text once meant. */
static bool rebased(int64_t days, int32_t *out)
{
    enum { SWITCH = -141427 };
    if (days >= SWITCH) {
        *out = (int32_t)days;
        return true;
    }
    int64_t n = days + 719470; /* since March 1 of the Julian year 0 */
    int64_t cycle = sqi_time_floor_div(n, 1461), rest = n - cycle * 1461;
    int64_t year = rest < 1460 ? rest / 365 : 3, day = rest - year * 365;
    int64_t month = (5 * day + 2) / 153;
    day -= (153 * month + 2) / 5;
    year += 4 * cycle + (month >= 10);
    month = month < 10 ? month + 3 : month - 9;
    *out = sqi_time_days((int32_t)year, (int)month, 1) + (int32_t)day;
    return true;
}

static bool date_of(const sqi_json_scalar *s, sqi_span text, int32_t *days)
{
    enum { MOST = 256 };
    char room[MOST];
    int64_t micros, n;
    bool overflow;
    if (s->set->date) {
        if (sqi_pattern_read(s->set->date, text, sqi_zone_utc(), s->set->zones, true, &micros)) {
            *days = (int32_t)sqi_time_floor_div(micros, SQI_MICROS_PER_DAY);
            return true;
        }
    } else if (sqi_time_date_read(text, days)) {
        return true;
    }
    if (!s->set->lenient_date)
        return false;
    if (sqi_time_date_read(without_gmt(text, room, sizeof room), days))
        return true;
    if (!text.len || (unsigned char)text.ptr[0] <= ' ' || (unsigned char)text.ptr[text.len - 1] <= ' ')
        return false;
    return sqi_number_read_int(text, INT32_MIN, INT32_MAX, &n, &overflow) && rebased(n, days);
}

static bool timestamp_by_pattern(const sqi_json_scalar *s, sqi_span text, int64_t *micros)
{
    const sqi_json_settings *set = s->set;
    return set->timestamp ? sqi_pattern_read(set->timestamp, text, set->zone, set->zones, false, micros)
                          : sqi_time_timestamp_read(text, set->zone, set->zones, s->now, micros);
}

bool sqi_json_scalar_is_timestamp(const sqi_json_scalar *s, sqi_span text)
{
    int64_t micros;
    return timestamp_by_pattern(s, text, &micros);
}

static bool timestamp_of(const sqi_json_scalar *s, sqi_span text, int64_t *micros)
{
    enum { MOST = 256 };
    char room[MOST];
    return timestamp_by_pattern(s, text, micros) ||
           (s->set->lenient_timestamp &&
            sqi_time_timestamp_read(without_gmt(text, room, sizeof room), s->set->zone, s->set->zones, s->now, micros));
}

/* A text with a zone is none. */
static bool local_of(const sqi_json_scalar *s, sqi_span text, int64_t *micros)
{
    int64_t east;
    const sqi_json_settings *set = s->set;
    if (!set->local)
        return sqi_time_timestamp_ntz_read(text, false, set->zones, micros);
    return sqi_pattern_read(set->local, text, sqi_zone_utc(), set->zones, false, micros) &&
           sqi_pattern_read(set->local, text, s->east, set->zones, false, &east) && east != *micros;
}

static bool put_time(const sqi_json_scalar *s, sqi_json_column *c, uint32_t at, sqi_span text)
{
    int64_t v;
    int32_t days;
    bool ok;
    switch (c->type->id) {
    case SQI_DATE:
        ok = date_of(s, text, &days);
        v = days;
        break;
    case SQI_TIMESTAMP:
        ok = timestamp_of(s, text, &v);
        break;
    case SQI_TIMESTAMP_NTZ:
        ok = local_of(s, text, &v);
        break;
    default:
        ok = sqi_time_interval_read(text, c->type, &v) == SQI_INTERVAL_READ_OK;
    }
    if (!ok)
        return false;
    if (c->type->id == SQI_DATE || c->type->id == SQI_INTERVAL_YM)
        ((int32_t *)c->data)[at] = (int32_t)v;
    else
        ((int64_t *)c->data)[at] = v;
    sqi_json_column_set(c, at);
    return true;
}

bool sqi_json_scalar_text(const sqi_json_scalar *s, sqi_json_column *c, uint32_t at, sqi_span text)
{
    double v;
    if (!text.len)
        return false;
    switch (c->type->id) {
    case SQI_FLOAT:
    case SQI_DOUBLE:
        return (s->set->allow & SQI_JSON_ALLOW_NON_NUMBERS) && quoted_no_number(text, &v) && put_real(c, at, v);
    case SQI_DECIMAL:
        return decimal_from_text(c, at, text);
    case SQI_DATE:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
    case SQI_INTERVAL_YM:
    case SQI_INTERVAL_DT:
        return put_time(s, c, at, text);
    default:
        return false;
    }
}
