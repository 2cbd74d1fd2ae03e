/*
 * data_pattern_print: times by patterns. Everything that a pattern can ask for is there, so optional sections always
 * print. Names of zones are the abbreviations of tzdata; where Java would print a long name of its own, the zone's id
 * stands.
 */
#include "data_number.h"
#include "data_pattern_item.h"
#include "data_zone.h"

typedef struct moment {
    sqi_civil c;
    int32_t days;
    int32_t offset;  /* seconds */
    int64_t seconds; /* UTC */
    const sqi_zone *zone;
} moment;

static bool put_padded(sqi_buf *to, uint64_t v, uint32_t width)
{
    char t[SQI_NUMBER_TEXT];
    size_t n = sqi_number_int((int64_t)v, t);
    return (n >= width || sqi_buf_repeat(to, '0', width - n)) && sqi_buf_put(to, t, n);
}

/* yy the last two digits; four and more letters put a sign before what is longer. */
static bool put_year(sqi_buf *to, int32_t year, uint32_t count)
{
    uint64_t size = year < 0 ? (uint64_t) - (int64_t)year : (uint64_t)year, limit = 1;
    if (count == 2)
        return put_padded(to, size % 100, 2);
    for (uint32_t i = 0; i < count; i++)
        limit *= 10;
    if (year < 0 ? !sqi_buf_byte(to, '-') : count >= 4 && size >= limit && !sqi_buf_byte(to, '+'))
        return false;
    return put_padded(to, size, count);
}

/* Short names are the first three letters of the long ones. */
static bool put_name(sqi_buf *to, const char *name, uint32_t count)
{
    return count >= 4 ? sqi_buf_text(to, name) : sqi_buf_put(to, name, 3);
}

static bool put_quarter(sqi_buf *to, int quarter, uint32_t count)
{
    static const char *const names[4] = {"1st quarter", "2nd quarter", "3rd quarter", "4th quarter"};
    if (count == 4)
        return sqi_buf_text(to, names[quarter - 1]);
    return count == 3 ? sqi_buf_byte(to, 'Q') && put_padded(to, (uint64_t)quarter, 1)
                      : put_padded(to, (uint64_t)quarter, count);
}

/* +hh[mm[ss]] with or without colons; `minutes` and `seconds`: 0 never, 1 if they are not zero, 2 always. */
static bool put_offset(sqi_buf *to, int32_t offset, int minutes, int seconds, bool colons)
{
    uint32_t size = (uint32_t)(offset < 0 ? -offset : offset), m = size / 60 % 60, s = size % 60;
    bool ok = sqi_buf_byte(to, offset < 0 ? '-' : '+') && put_padded(to, size / 3600, 2);
    if (minutes == 2 || (minutes == 1 && m))
        ok = ok && (!colons || sqi_buf_byte(to, ':')) && put_padded(to, m, 2);
    if (seconds && s)
        ok = ok && (!colons || sqi_buf_byte(to, ':')) && put_padded(to, s, 2);
    return ok;
}

/* X and x: hours, minutes, a colon, seconds as the letters grow. */
static bool put_iso_offset(sqi_buf *to, int32_t offset, uint32_t count, bool z)
{
    if (z && offset == 0)
        return sqi_buf_byte(to, 'Z');
    return put_offset(to, offset, count == 1 ? 1 : 2, count >= 4, count == 3 || count == 5);
}

/* GMT+2, or with four letters GMT+02:00 */
static bool put_gmt(sqi_buf *to, int32_t offset, uint32_t count)
{
    uint32_t size = (uint32_t)(offset < 0 ? -offset : offset);
    if (!sqi_buf_text(to, "GMT"))
        return false;
    if (!offset)
        return true;
    if (count == 4)
        return put_offset(to, offset, 2, 1, true);
    bool ok = sqi_buf_byte(to, offset < 0 ? '-' : '+') && put_padded(to, size / 3600, 1);
    if (size % 3600)
        ok = ok && sqi_buf_byte(to, ':') && put_padded(to, size / 60 % 60, 2);
    if (size % 60)
        ok = ok && sqi_buf_byte(to, ':') && put_padded(to, size % 60, 2);
    return ok;
}

static bool put_zone(sqi_buf *to, const moment *m, const sqi_pattern_item *item)
{
    switch (item->letter) {
    case 'X':
    case 'x':
        return put_iso_offset(to, m->offset, item->count, item->letter == 'X');
    case 'Z':
        if (item->count == 4)
            return put_gmt(to, m->offset, 4);
        return item->count == 5 ? put_iso_offset(to, m->offset, 5, true) : put_offset(to, m->offset, 2, 0, false);
    case 'O':
        return put_gmt(to, m->offset, item->count);
    case 'V':
        return sqi_buf_span(to, sqi_zone_name(m->zone));
    default:
        if (item->count < 4)
            return sqi_buf_span(to, sqi_zone_abbreviation(m->zone, m->seconds));
        if (sqi_span_equal(sqi_zone_name(m->zone), SQI_SPAN("UTC")))
            return sqi_buf_text(to, "Coordinated Universal Time");
        return sqi_buf_span(to, sqi_zone_name(m->zone));
    }
}

static bool put_date(sqi_buf *to, const moment *m, const sqi_pattern_item *item, bool era)
{
    const sqi_civil *c = &m->c;
    switch (item->letter) {
    case 'G':
        if (item->count == 4)
            return sqi_buf_text(to, c->year > 0 ? "Anno Domini" : "Before Christ");
        return sqi_buf_text(to, c->year > 0 ? "AD" : "BC");
    case 'y':
        return put_year(to, era && c->year <= 0 ? 1 - c->year : c->year, item->count);
    case 'M':
    case 'L':
        if (item->count >= 3)
            return put_name(to, sqi_pattern_months[c->month - 1], item->count);
        return put_padded(to, c->month, item->count);
    case 'Q':
    case 'q':
        return put_quarter(to, (c->month + 2) / 3, item->count);
    case 'D':
        return put_padded(to, (uint64_t)(m->days - sqi_time_days(c->year, 1, 1) + 1), item->count);
    case 'E':
        return put_name(to, sqi_pattern_days[(((int64_t)m->days + 3) % 7 + 7) % 7], item->count);
    case 'F':
        return put_padded(to, (uint64_t)(c->day - 1) / 7 + 1, 1);
    default:
        return put_padded(to, c->day, item->count);
    }
}

static bool put_fraction(sqi_buf *to, uint32_t micros, uint32_t count)
{
    char t[9] = "000000000";
    for (int i = 5; i >= 0; i--, micros /= 10)
        t[i] = (char)('0' + micros % 10);
    return sqi_buf_put(to, t, count);
}

static bool put_item(sqi_buf *to, const moment *m, const sqi_pattern_item *item, bool era)
{
    unsigned hour = m->c.hour;
    switch (item->letter) {
    case '\'':
        return sqi_buf_span(to, item->text);
    case '[':
    case ']':
        return true;
    case 'a':
        return sqi_buf_text(to, hour < 12 ? "AM" : "PM");
    case 'H':
        return put_padded(to, hour, item->count);
    case 'k':
        return put_padded(to, hour ? hour : 24, item->count);
    case 'K':
        return put_padded(to, hour % 12, item->count);
    case 'h':
        return put_padded(to, hour % 12 ? hour % 12 : 12, item->count);
    case 'm':
        return put_padded(to, m->c.minute, item->count);
    case 's':
        return put_padded(to, m->c.second, item->count);
    case 'S':
        return put_fraction(to, m->c.micros, item->count);
    case 'X':
    case 'x':
    case 'Z':
    case 'O':
    case 'V':
    case 'z':
        return put_zone(to, m, item);
    default:
        return put_date(to, m, item, era);
    }
}

bool sqi_pattern_print(const sqi_pattern *p, int64_t micros_utc, const sqi_zone *zone, sqi_buf *to)
{
    moment m = {.zone = zone};
    int64_t local = sqi_zone_to_local(zone, micros_utc);
    sqi_time_civil(local, &m.c);
    m.days = (int32_t)sqi_time_floor_div(local, SQI_MICROS_PER_DAY);
    m.offset = (int32_t)((local - micros_utc) / SQI_MICROS_PER_SECOND);
    m.seconds = sqi_time_floor_div(micros_utc, SQI_MICROS_PER_SECOND);
    for (uint32_t i = 0; i < p->n; i++)
        if (!put_item(to, &m, &p->item[i], p->has_era))
            return false;
    return true;
}
