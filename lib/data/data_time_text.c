/*
 * data_time_text: dates and timestamps as text. Reading is in data_time_read.c, intervals in data_interval.c.
 * "2024-02-29 12:34:56.5": the fraction without trailing zeros, and without the point if there is none; years of more
 * than four digits carry a sign, year 0 is 0000.
 */
#include "data_number.h"
#include "data_time.h"

static char *put2(char *to, uint32_t v)
{
    to[0] = (char)('0' + v / 10);
    to[1] = (char)('0' + v % 10);
    return to + 2;
}

static char *put_date(char *to, const sqi_civil *c)
{
    uint32_t year = c->year < 0 ? (uint32_t) - (int64_t)c->year : (uint32_t)c->year;
    if (c->year < 0)
        *to++ = '-';
    else if (c->year > 9999)
        *to++ = '+';
    if (year > 9999) {
        to += sqi_number_int(year, to);
    } else {
        to = put2(to, year / 100);
        to = put2(to, year % 100);
    }
    *to++ = '-';
    to = put2(to, c->month);
    *to++ = '-';
    return put2(to, c->day);
}

size_t sqi_time_date_text(int32_t days, char to[SQI_TIME_TEXT])
{
    sqi_civil c;
    sqi_time_civil_date(days, &c);
    return (size_t)(put_date(to, &c) - to);
}

size_t sqi_time_timestamp_text(int64_t micros_local, char to[SQI_TIME_TEXT])
{
    sqi_civil c;
    sqi_time_civil(micros_local, &c);
    char *p = put_date(to, &c);
    *p++ = ' ';
    p = put2(p, c.hour);
    *p++ = ':';
    p = put2(p, c.minute);
    *p++ = ':';
    p = put2(p, c.second);
    if (c.micros) {
        *p++ = '.';
        p = put2(p, c.micros / 10000);
        p = put2(p, c.micros / 100 % 100);
        p = put2(p, c.micros % 100);
        while (p[-1] == '0')
            p--;
    }
    return (size_t)(p - to);
}
