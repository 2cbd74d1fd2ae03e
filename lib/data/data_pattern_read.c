/*
 * data_pattern_read: text to times by patterns, strictly: two letters are two digits, names are those of the style
 * asked for (in any case), the date must exist. A fraction may have fewer digits than letters. An optional section that
 * does not match is skipped. Fields that are given twice must agree.
 */
#include "data_numeral.h"
#include "data_pattern_item.h"
#include "data_zone.h"

enum { ERA, YEAR_OF_ERA, YEAR, MONTH, DAY, DAY_OF_YEAR, AM_PM, HOUR, HOUR_12, MINUTE, SECOND, MICROS, FIELDS };

typedef struct reader {
    const char *p, *end;
    sqi_zones *zones;
    uint32_t given; /* bit by field */
    int32_t field[FIELDS];
    bool has_zone;
    int32_t offset; /* if `zone` is NULL */
    const sqi_zone *zone;
} reader;

static bool set(reader *r, int field, int32_t value)
{
    bool fresh = !(r->given >> field & 1);
    r->given |= 1u << field;
    if (fresh)
        r->field[field] = value;
    return r->field[field] == value;
}

static bool has(const reader *r, int field)
{
    return r->given >> field & 1;
}

static size_t digits_ahead(const reader *r, size_t most)
{
    size_t n = 0;
    while (n < most && r->p + n < r->end && r->p[n] >= '0' && r->p[n] <= '9')
        n++;
    return n;
}

/* n digits; beyond nine they would not fit, and no field is that large. */
static bool take(reader *r, size_t n, int32_t *v)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum = sum * 10 + (*r->p++ - '0');
        if (sum > 999999999)
            return false;
    }
    *v = (int32_t)sum;
    return n > 0;
}

/* One letter takes any number of digits but those that adjacent fields need, two and more letters exactly as many (DD
   also a third one). */
static bool read_number(reader *r, const sqi_pattern_item *item, int32_t low, int32_t high, int32_t *v)
{
    size_t behind = item->count == 1 ? item->behind : 0;
    size_t most = item->count == 1 ? 19 : item->letter == 'D' ? 3 : item->count, n = digits_ahead(r, most + behind);
    if (n < item->count + behind)
        return false;
    return take(r, n - behind, v) && *v >= low && *v <= high;
}

/* yy is 2000 to 2099. Four and more letters: exactly as many digits, or more behind a plus sign. */
static bool read_year(reader *r, const sqi_pattern_item *item, bool era)
{
    int32_t v;
    bool minus = false, plus = false;
    if (item->count == 2) {
        if (digits_ahead(r, 2) < 2 || !take(r, 2, &v))
            return false;
        return set(r, era ? YEAR_OF_ERA : YEAR, 2000 + v);
    }
    if (r->p < r->end && (*r->p == '-' || (*r->p == '+' && item->count >= 4))) {
        minus = *r->p == '-';
        plus = !minus;
        r->p++;
    }
    size_t n = digits_ahead(r, 19 + item->behind);
    if (n < item->count + item->behind)
        return false;
    n -= item->behind;
    if (item->count >= 4 && (plus ? n <= item->count : !minus && n > item->count))
        return false;
    return take(r, n, &v) && set(r, era ? YEAR_OF_ERA : YEAR, minus ? -v : v);
}

static bool accept_word(reader *r, const char *word, size_t n)
{
    if ((size_t)(r->end - r->p) < n || !sqi_span_equal_nocase((sqi_span){r->p, n}, (sqi_span){word, n}))
        return false;
    r->p += n;
    return true;
}

static bool read_month(reader *r, const sqi_pattern_item *item)
{
    int32_t v;
    if (item->count < 3)
        return read_number(r, item, 1, 12, &v) && set(r, MONTH, v);
    for (int m = 0; m < 12; m++) {
        const char *name = sqi_pattern_months[m];
        if (accept_word(r, name, item->count == 3 ? 3 : strlen(name)))
            return set(r, MONTH, m + 1);
    }
    return false;
}

static bool read_era(reader *r, uint32_t count)
{
    if (count == 4 ? accept_word(r, "Anno Domini", 11) : accept_word(r, "AD", 2))
        return set(r, ERA, 1);
    return (count == 4 ? accept_word(r, "Before Christ", 13) : accept_word(r, "BC", 2)) && set(r, ERA, 0);
}

/* 1 to `count` digits in microseconds; finer ones are cut off. */
static bool read_fraction(reader *r, uint32_t count)
{
    size_t n = digits_ahead(r, count);
    int32_t v = 0;
    for (size_t i = 0; i < 6; i++)
        v = v * 10 + (i < n ? r->p[i] - '0' : 0);
    r->p += n;
    return n > 0 && set(r, MICROS, v);
}

/* ---- zones ---------------------------------------------------------------------------------------------------- */

static bool set_offset(reader *r, int32_t offset)
{
    bool agrees = !r->has_zone || (!r->zone && r->offset == offset);
    r->has_zone = true;
    r->offset = offset;
    return agrees;
}

static bool two_digits(reader *r, int32_t most, int32_t *v)
{
    return digits_ahead(r, 2) == 2 && take(r, 2, v) && *v <= most;
}

/* +hh, then minutes and seconds as far as the form has them; `minutes` must be there, `seconds` may. */
static bool read_offset(reader *r, bool minutes, bool may_minutes, bool may_seconds, bool colons)
{
    int32_t h, m = 0, s = 0;
    if (r->p == r->end || (*r->p != '+' && *r->p != '-'))
        return false;
    bool minus = *r->p++ == '-';
    if (!two_digits(r, 18, &h))
        return false;
    bool more = r->p < r->end && (colons ? *r->p == ':' : digits_ahead(r, 1));
    if (minutes || (may_minutes && more)) {
        r->p += colons && more;
        if (!more || !two_digits(r, 59, &m))
            return false;
        more = r->p < r->end && (colons ? *r->p == ':' : digits_ahead(r, 1));
        if (may_seconds && more) {
            r->p += colons;
            if (!two_digits(r, 59, &s))
                return false;
        }
    }
    int32_t offset = (h * 60 + m) * 60 + s;
    return offset <= 18 * 3600 && set_offset(r, minus ? -offset : offset);
}

static bool read_iso_offset(reader *r, uint32_t count, bool z)
{
    if (z && accept_word(r, "Z", 1))
        return set_offset(r, 0);
    return read_offset(r, count > 1, true, count >= 4, count == 3 || count == 5);
}

/* GMT, GMT+2, GMT+02:30 */
static bool read_gmt(reader *r, uint32_t count)
{
    int32_t h, m = 0;
    if (!accept_word(r, "GMT", 3))
        return false;
    if (r->p == r->end || (*r->p != '+' && *r->p != '-'))
        return set_offset(r, 0);
    if (count == 4)
        return read_offset(r, true, true, true, true);
    bool minus = *r->p++ == '-';
    if (!take(r, digits_ahead(r, 2), &h) || h > 18)
        return false;
    if (r->p < r->end && *r->p == ':') {
        r->p++;
        if (!two_digits(r, 59, &m))
            return false;
    }
    int32_t offset = (h * 60 + m) * 60;
    return set_offset(r, minus ? -offset : offset);
}

/* The longest name of a zone that stands here, an id or an abbreviation. */
static bool read_zone(reader *r)
{
    size_t n = 0;
    while (r->p + n < r->end && n < 64) {
        char c = r->p[n];
        bool part = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
                    c == '-' || c == '+' || c == '/' || c == ':';
        if (!part)
            break;
        n++;
    }
    for (; n; n--) {
        sqi_span id = {r->p, n};
        int32_t offset;
        const sqi_zone *zone;
        if (sqi_zone_id_offset(id, &offset)) {
            r->p += n;
            return set_offset(r, offset);
        }
        if (r->zones && sqi_zones_get(r->zones, id, &zone, NULL) == STREAMQ_OK) {
            bool fresh = !r->has_zone || r->zone == zone;
            r->p += n;
            r->has_zone = true;
            r->zone = zone;
            return fresh;
        }
    }
    return false;
}

/* ---- items ---------------------------------------------------------------------------------------------------- */

static bool read_time(reader *r, const sqi_pattern_item *item)
{
    int32_t v;
    switch (item->letter) {
    case 'H':
        return read_number(r, item, 0, 23, &v) && set(r, HOUR, v);
    case 'k':
        return read_number(r, item, 1, 24, &v) && set(r, HOUR, v % 24);
    case 'K':
        return read_number(r, item, 0, 11, &v) && set(r, HOUR_12, v);
    case 'h':
        return read_number(r, item, 1, 12, &v) && set(r, HOUR_12, v % 12);
    case 'm':
        return read_number(r, item, 0, 59, &v) && set(r, MINUTE, v);
    case 's':
        return read_number(r, item, 0, 59, &v) && set(r, SECOND, v);
    case 'S':
        return read_fraction(r, item->count);
    case 'a':
        if (accept_word(r, "AM", 2))
            return set(r, AM_PM, 0);
        return accept_word(r, "PM", 2) && set(r, AM_PM, 1);
    case 'X':
    case 'x':
        return read_iso_offset(r, item->count, item->letter == 'X');
    case 'Z':
        if (item->count == 4)
            return read_gmt(r, 4);
        return item->count == 5 ? read_iso_offset(r, 5, true) : read_offset(r, true, true, false, false);
    case 'O':
        return read_gmt(r, item->count);
    default:
        return read_zone(r);
    }
}

static bool read_item(reader *r, const sqi_pattern_item *item, bool era)
{
    int32_t v;
    switch (item->letter) {
    case '\'':
        return accept_word(r, item->text.ptr, item->text.len);
    case 'G':
        return read_era(r, item->count);
    case 'y':
        return read_year(r, item, era);
    case 'M':
    case 'L':
        return read_month(r, item);
    case 'd':
        return read_number(r, item, 1, 31, &v) && set(r, DAY, v);
    case 'D':
        return read_number(r, item, 1, 366, &v) && set(r, DAY_OF_YEAR, v);
    default:
        return read_time(r, item);
    }
}

/* Items from..to; an optional section that fails leaves no trace. */
static bool read_items(reader *r, const sqi_pattern *p, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        const sqi_pattern_item *item = &p->item[i];
        if (item->letter == '[') {
            reader before = *r;
            if (!read_items(r, p, i + 1, item->close))
                *r = before;
            i = item->close;
        } else if (item->letter != ']' && !read_item(r, item, p->has_era)) {
            return false;
        }
    }
    return true;
}

/* ---- the moment ----------------------------------------------------------------------------------------------- */

static bool date_of(reader *r, int32_t *days)
{
    if (has(r, YEAR_OF_ERA)) {
        int32_t y = r->field[YEAR_OF_ERA];
        if (y < 1 || !set(r, YEAR, has(r, ERA) && !r->field[ERA] ? 1 - y : y))
            return false;
    }
    int32_t year = has(r, YEAR) ? r->field[YEAR] : 1970;
    if (has(r, DAY_OF_YEAR)) {
        int32_t day = r->field[DAY_OF_YEAR];
        sqi_civil c;
        if (!sqi_time_date_exists(year, 12, 31) || (day == 366 && sqi_time_month_days(year, 2) == 28))
            return false;
        *days = sqi_time_days(year, 1, 1) + day - 1;
        sqi_time_civil_date(*days, &c);
        return (!has(r, MONTH) || r->field[MONTH] == c.month) && (!has(r, DAY) || r->field[DAY] == c.day);
    }
    int month = has(r, MONTH) ? r->field[MONTH] : 1, day = has(r, DAY) ? r->field[DAY] : 1;
    if (!sqi_time_date_exists(year, month, day))
        return false;
    *days = sqi_time_days(year, month, day);
    return true;
}

static bool hour_of(reader *r, int32_t *hour)
{
    int32_t half = has(r, AM_PM) ? r->field[AM_PM] * 12 : 0;
    if (has(r, HOUR_12)) {
        *hour = half + r->field[HOUR_12];
        return !has(r, HOUR) || (has(r, AM_PM) ? r->field[HOUR] == *hour : r->field[HOUR] % 12 == *hour);
    }
    *hour = has(r, HOUR) ? r->field[HOUR] : half;
    return !has(r, HOUR) || !has(r, AM_PM) || (*hour >= 12) == (half == 12);
}

bool sqi_pattern_read(const sqi_pattern *p, sqi_span text, const sqi_zone *zone, sqi_zones *zones, bool local,
                      int64_t *micros)
{
    reader r = {.p = text.ptr, .end = text.ptr + text.len, .zones = zones};
    int32_t days, hour;
    if (!read_items(&r, p, 0, p->n) || r.p != r.end || !date_of(&r, &days) || !hour_of(&r, &hour))
        return false;
    if (has(&r, HOUR) && has(&r, HOUR_12) && !has(&r, AM_PM))
        hour = r.field[HOUR];
    int64_t seconds = (int64_t)days * 86400 + hour * 3600 + (has(&r, MINUTE) ? r.field[MINUTE] * 60 : 0) +
                      (has(&r, SECOND) ? r.field[SECOND] : 0);
    if (!local && r.has_zone && !r.zone)
        seconds -= r.offset;
    else if (!local)
        seconds -= sqi_zone_local_offset(r.has_zone ? r.zone : zone, seconds);
    return !__builtin_mul_overflow(seconds, SQI_MICROS_PER_SECOND, micros) &&
           !__builtin_add_overflow(*micros, has(&r, MICROS) ? r.field[MICROS] : 0, micros);
}
