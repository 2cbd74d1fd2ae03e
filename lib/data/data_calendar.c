/*
 * data_calendar: days and civil dates of the proleptic Gregorian calendar, and months added to them. Zones are in
 * data_zone.c, text in data_time_text.c and data_time_read.c. All pure; every int32_t of days is a date.
 *
 * Years count from March here: the leap day is then the last of its year and month lengths follow one line.
 */
#include "data_time.h"

#define DAYS_PER_ERA 146097 /* 400 years */
#define EPOCH_DAY 719468    /* 1970-01-01 counted from 0000-03-01 */

int64_t sqi_time_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t sqi_time_floor_mod(int64_t a, int64_t b)
{
    int64_t rest = a % b;
    return rest < 0 ? rest + b : rest;
}

static bool is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int sqi_time_month_days(int32_t year, int month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

static int64_t day_number(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = sqi_time_floor_div(year, 400), y = year - era * 400;
    int64_t m = month > 2 ? month - 3 : month + 9;
    return era * DAYS_PER_ERA + y * 365 + y / 4 - y / 100 + (153 * m + 2) / 5 + day - 1 - EPOCH_DAY;
}

int32_t sqi_time_days(int32_t year, int month, int day)
{
    return (int32_t)day_number(year, month, day);
}

bool sqi_time_date_exists(int32_t year, int month, int day)
{
    if (month < 1 || month > 12 || day < 1 || day > sqi_time_month_days(year, month))
        return false;
    int64_t n = day_number(year, month, day);
    return n >= INT32_MIN && n <= INT32_MAX;
}

void sqi_time_civil_date(int32_t days, sqi_civil *out)
{
    int64_t z = (int64_t)days + EPOCH_DAY;
    int64_t era = sqi_time_floor_div(z, DAYS_PER_ERA);
    uint32_t d = (uint32_t)(z - era * DAYS_PER_ERA);            /* 0 .. 146096 */
    uint32_t y = (d - d / 1460 + d / 36524 - d / 146096) / 365; /* 0 .. 399 */
    uint32_t in_year = d - (365 * y + y / 4 - y / 100), m = (5 * in_year + 2) / 153;
    out->day = (uint8_t)(in_year - (153 * m + 2) / 5 + 1);
    out->month = (uint8_t)(m < 10 ? m + 3 : m - 9);
    out->year = (int32_t)(era * 400 + y + (m >= 10));
}

void sqi_time_civil(int64_t micros_local, sqi_civil *out)
{
    int64_t days = sqi_time_floor_div(micros_local, SQI_MICROS_PER_DAY);
    int64_t rest = sqi_time_floor_mod(micros_local, SQI_MICROS_PER_DAY);
    sqi_time_civil_date((int32_t)days, out);
    uint32_t seconds = (uint32_t)(rest / SQI_MICROS_PER_SECOND);
    out->micros = (uint32_t)(rest % SQI_MICROS_PER_SECOND);
    out->hour = (uint8_t)(seconds / 3600);
    out->minute = (uint8_t)(seconds / 60 % 60);
    out->second = (uint8_t)(seconds % 60);
}

bool sqi_time_add_months(int32_t days, int64_t months, int32_t *out)
{
    sqi_civil c;
    sqi_time_civil_date(days, &c);
    if (months > INT32_MAX || months < INT32_MIN)
        return false;
    int64_t m = (int64_t)c.year * 12 + (c.month - 1) + months;
    int64_t year = sqi_time_floor_div(m, 12);
    int month = (int)(m - year * 12) + 1;
    if (year > 5881580 || year < -5877641)
        return false;
    int last = sqi_time_month_days((int32_t)year, month);
    int64_t n = day_number(year, month, c.day < last ? c.day : last);
    *out = (int32_t)n;
    return n >= INT32_MIN && n <= INT32_MAX;
}
