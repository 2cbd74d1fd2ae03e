/*
 * data_zone_rule: the yearly rule at the end of a time zone file, in the form of POSIX's TZ variable with the longer
 * times of RFC 8536: name, offset, name, offset, begin and end of summer time. The text is untrusted.
 */
#include "data_zone.h"

typedef struct cursor {
    const char *p, *end;
} cursor;

static bool accept(cursor *c, char what)
{
    if (c->p == c->end || *c->p != what)
        return false;
    c->p++;
    return true;
}

static bool number(cursor *c, int max, int *v)
{
    const char *from = c->p;
    *v = 0;
    while (c->p < c->end && *c->p >= '0' && *c->p <= '9' && *v <= max)
        *v = *v * 10 + (*c->p++ - '0');
    return c->p > from && *v <= max;
}

/* An abbreviation: three or more letters, or anything of letters, digits and signs between < and >. */
static bool name(cursor *c, char to[SQI_ZONE_ABBREVIATION])
{
    bool quoted = accept(c, '<');
    const char *from = c->p;
    while (c->p < c->end && (quoted ? *c->p != '>' : (*c->p >= 'A' && *c->p <= 'Z') || (*c->p >= 'a' && *c->p <= 'z')))
        c->p++;
    size_t n = (size_t)(c->p - from);
    memcpy(to, from, n < SQI_ZONE_ABBREVIATION ? n : SQI_ZONE_ABBREVIATION - 1);
    return quoted ? accept(c, '>') : n >= 3;
}

/* [+-]h[h][:mm[:ss]] in seconds */
static bool time_of(cursor *c, int max_hours, int32_t *seconds)
{
    bool negative = accept(c, '-');
    int h, m = 0, s = 0;
    if (!negative)
        (void)accept(c, '+');
    if (!number(c, max_hours, &h))
        return false;
    if (accept(c, ':')) {
        if (!number(c, 59, &m) || (accept(c, ':') && !number(c, 59, &s)))
            return false;
    }
    *seconds = (h * 60 + m) * 60 + s;
    if (negative)
        *seconds = -*seconds;
    return true;
}

static bool date(cursor *c, sqi_zone_switch *s)
{
    int m, w, d;
    memset(s, 0, sizeof *s);
    s->time = 2 * 3600;
    if (accept(c, 'M')) {
        if (!number(c, 12, &m) || !accept(c, '.') || !number(c, 5, &w) || !accept(c, '.') || !number(c, 6, &d))
            return false;
        if (m < 1 || w < 1)
            return false;
        s->kind = 'M';
        s->month = (uint8_t)m;
        s->week = (uint8_t)w;
        s->weekday = (uint8_t)d;
    } else {
        s->kind = accept(c, 'J') ? 'J' : 'N';
        if (!number(c, 365, &d) || (s->kind == 'J' && d < 1))
            return false;
        s->day = (uint16_t)d;
    }
    return !accept(c, '/') || time_of(c, 167, &s->time);
}

bool sqi_zone_rule_parse(sqi_span text, sqi_zone_rule *rule)
{
    cursor c = {text.ptr, text.ptr + text.len};
    memset(rule, 0, sizeof *rule);
    if (!name(&c, rule->standard_name) || !time_of(&c, 24, &rule->standard))
        return false;
    rule->standard = -rule->standard; /* POSIX counts west */
    if (c.p == c.end)
        return true;
    if (!name(&c, rule->summer_name))
        return false;
    rule->daylight = true;
    rule->summer = rule->standard + 3600;
    if (c.p < c.end && *c.p != ',') {
        if (!time_of(&c, 24, &rule->summer))
            return false;
        rule->summer = -rule->summer;
    }
    return accept(&c, ',') && date(&c, &rule->begin) && accept(&c, ',') && date(&c, &rule->end) && c.p == c.end;
}

/* Local seconds since 1970 of a switch in a year. */
static int64_t instant(const sqi_zone_switch *s, int64_t year)
{
    int64_t day;
    if (s->kind == 'M') {
        day = sqi_time_days((int32_t)year, s->month, 1);
        int weekday = (int)(((day + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
        day += (s->weekday - weekday + 7) % 7 + 7 * (s->week - 1);
        if (day >= sqi_time_days((int32_t)year, s->month, 1) + sqi_time_month_days((int32_t)year, s->month))
            day -= 7;
    } else {
        day = sqi_time_days((int32_t)year, 1, 1) + s->day;
        if (s->kind == 'J')
            day -= !(sqi_time_month_days((int32_t)year, 2) == 29 && s->day >= 60);
    }
    return day * 86400 + s->time;
}

void sqi_zone_rule_year(const sqi_zone_rule *rule, int64_t year, sqi_zone_year *out)
{
    int64_t begin = instant(&rule->begin, year) - rule->standard, end = instant(&rule->end, year) - rule->summer;
    int first = begin <= end ? 0 : 1;
    out->utc[first] = begin;
    out->before[first] = rule->standard;
    out->after[first] = rule->summer;
    out->utc[1 - first] = end;
    out->before[1 - first] = rule->summer;
    out->after[1 - first] = rule->standard;
}
