/*
 * data_time_read: text to dates and timestamps, as Spark's CAST and typed literals read them: parts may be missing from
 * the right ("2024", "2024-2-9 1"), digits may be few, a zone may follow the seconds. Field ranges are checked at the
 * end, so text that has the form but names no moment is refused too.
 */
#include "data_numeral.h"
#include "data_zone.h"

bool sqi_time_date_read(sqi_span text, int32_t *days)
{
    sqi_span s = sqi_numeral_trim(text);
    int32_t segment[3] = {1, 1, 1}, value = 0;
    int digits = 0, i = 0;
    size_t j = 0;
    bool negative = false;
    if (!s.len)
        return false;
    if (s.ptr[0] == '-' || s.ptr[0] == '+') {
        negative = s.ptr[0] == '-';
        j++;
    }
    for (; j < s.len && s.ptr[j] != ' ' && s.ptr[j] != 'T'; j++) {
        unsigned digit = (unsigned char)s.ptr[j] - '0';
        if (digit <= 9 && digits < 7) {
            value = value * 10 + (int32_t)digit;
            digits++;
            continue;
        }
        if (s.ptr[j] != '-' || i == 2 || (i == 0 ? digits < 4 : digits < 1 || digits > 2))
            return false;
        segment[i++] = value;
        value = 0;
        digits = 0;
    }
    if (i == 0 ? digits < 4 : digits < 1 || digits > 2)
        return false;
    if (i < 2 && j < s.len) /* only a whole date may have a time after it */
        return false;
    segment[i] = value;
    if (negative)
        segment[0] = -segment[0];
    if (!sqi_time_date_exists(segment[0], segment[1], segment[2]))
        return false;
    *days = sqi_time_days(segment[0], segment[1], segment[2]);
    return true;
}

enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FRACTION, ZONE };

/* The pieces of a timestamp's text. */
typedef struct pieces {
    int32_t part[ZONE];
    bool bare_time; /* no date: "12:34" or "T12:34" */
    bool has_zone;
    sqi_span zone;
} pieces;

static bool digits_fit(int part, int digits)
{
    if (part == FRACTION)
        return true;
    if (part == YEAR)
        return digits >= 4 && digits <= 6;
    return digits >= 1 && digits <= 2;
}

/* Which part follows when `c` ends the current one; -1: none may. */
static int next_part(int part, char c)
{
    if (part < DAY)
        return c == '-' ? part + 1 : -1;
    if (part == DAY)
        return c == ' ' || c == 'T' ? HOUR : -1;
    if (part < SECOND)
        return c == ':' ? part + 1 : -1;
    return part == SECOND && c == '.' ? FRACTION : ZONE;
}

static bool cut(sqi_span text, pieces *out)
{
    sqi_span s = sqi_numeral_trim(text);
    int part = YEAR, digits = 0;
    int32_t value = 0;
    size_t j = 0;
    bool sign = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'), negative = sign && s.ptr[0] == '-';
    *out = (pieces){.part = {1, 1, 1}};
    if (!s.len)
        return false;
    if (s.ptr[0] == 'T') {
        out->bare_time = true;
        part = HOUR;
        j = 1;
    }
    j += sign;
    for (; j < s.len; j++) {
        unsigned digit = (unsigned char)s.ptr[j] - '0';
        if (digit <= 9) {
            if (digits < 6) /* digits beyond microseconds are cut off; other parts are refused by their number */
                value = value * 10 + (int32_t)digit;
            digits++;
            continue;
        }
        if (part == YEAR && s.ptr[j] == ':' && !sign) {
            out->bare_time = true;
            part = HOUR;
        }
        int next = next_part(part, s.ptr[j]);
        if (next < 0 || !digits_fit(part, digits))
            return false;
        if (next == ZONE) {
            out->has_zone = true;
            out->zone = sqi_numeral_trim((sqi_span){s.ptr + j, s.len - j});
            break;
        }
        out->part[part] = value;
        part = next;
        value = 0;
        digits = 0;
    }
    if (!digits_fit(part, digits))
        return false;
    out->part[part] = value;
    for (; part == FRACTION && digits < 6; digits++)
        out->part[FRACTION] *= 10;
    if (negative)
        out->part[YEAR] = -out->part[YEAR];
    return true;
}

/* Local seconds; false: no such date or time. */
static bool join(const pieces *p, int64_t today, int64_t *seconds)
{
    if (p->part[HOUR] > 23 || p->part[MINUTE] > 59 || p->part[SECOND] > 59)
        return false;
    if (!p->bare_time) {
        if (!sqi_time_date_exists(p->part[YEAR], p->part[MONTH], p->part[DAY]))
            return false;
        today = sqi_time_days(p->part[YEAR], p->part[MONTH], p->part[DAY]);
    }
    *seconds = today * 86400 + p->part[HOUR] * 3600 + p->part[MINUTE] * 60 + p->part[SECOND];
    return true;
}

/* False: beyond the range. In the first second of the range the seconds alone would be too small: borrow one. */
static bool in_micros(int64_t seconds, int32_t fraction, int64_t *micros)
{
    int64_t rest = fraction;
    if (seconds < 0) {
        seconds++;
        rest -= SQI_MICROS_PER_SECOND;
    }
    return !__builtin_mul_overflow(seconds, SQI_MICROS_PER_SECOND, micros) &&
           !__builtin_add_overflow(*micros, rest, micros);
}

static bool to_utc(const pieces *p, const sqi_zone *zone, sqi_zones *zones, int64_t now, int64_t *micros)
{
    sqi_zone fixed = {.name = {"", 0}};
    int64_t seconds, today = 0;
    if (p->has_zone) {
        if (sqi_zone_id_offset(p->zone, &fixed.first))
            zone = &fixed;
        else if (!zones || sqi_zones_get(zones, p->zone, &zone, NULL) != STREAMQ_OK)
            return false;
    }
    if (p->bare_time)
        today = sqi_time_floor_div(sqi_zone_to_local(zone, now), SQI_MICROS_PER_DAY);
    return join(p, today, &seconds) &&
           in_micros(seconds - sqi_zone_local_offset(zone, seconds), p->part[FRACTION], micros);
}

bool sqi_time_timestamp_read(sqi_span text, const sqi_zone *zone, sqi_zones *zones, int64_t now, int64_t *micros)
{
    pieces p;
    return cut(text, &p) && to_utc(&p, zone, zones, now, micros);
}

bool sqi_time_timestamp_ntz_read(sqi_span text, bool allow_zone, sqi_zones *zones, int64_t *micros)
{
    pieces p;
    int32_t offset;
    int64_t seconds;
    const sqi_zone *zone;
    if (!cut(text, &p) || p.bare_time || (p.has_zone && !allow_zone))
        return false;
    if (p.has_zone && !sqi_zone_id_offset(p.zone, &offset) &&
        (!zones || sqi_zones_get(zones, p.zone, &zone, NULL) != STREAMQ_OK))
        return false;
    return join(&p, 0, &seconds) && in_micros(seconds, p.part[FRACTION], micros);
}
