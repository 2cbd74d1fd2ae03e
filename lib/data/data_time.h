/*
 * data_time: the calendar (proleptic Gregorian, as Spark 3 and later), time zones from the system's tzdata, and dates,
 * timestamps and intervals as text and back. Pure functions but for the zone cache, which locks itself.
 */
#ifndef SQI_DATA_TIME_H
#define SQI_DATA_TIME_H

#include "base_error.h"
#include "data_vec.h"

#define SQI_TIME_TEXT 128
#define SQI_MICROS_PER_SECOND INT64_C(1000000)
#define SQI_MICROS_PER_DAY INT64_C(86400000000)

typedef struct sqi_civil {
    int32_t year;
    uint8_t month, day, hour, minute, second;
    uint32_t micros;
} sqi_civil;

int32_t sqi_time_days(int32_t year, int month, int day); /* the date must exist */
bool sqi_time_date_exists(int32_t year, int month, int day);
void sqi_time_civil_date(int32_t days, sqi_civil *out);    /* the date fields */
void sqi_time_civil(int64_t micros_local, sqi_civil *out); /* all fields of a local time */
int64_t sqi_time_floor_mod(int64_t a, int64_t b);          /* b > 0; 0 .. b - 1 */
int64_t sqi_time_floor_div(int64_t a, int64_t b);          /* b > 0 */
int sqi_time_month_days(int32_t year, int month);          /* 28..31 */
/* The same day of the month `months` later, or that month's last day. False: beyond an int32_t of days. */
bool sqi_time_add_months(int32_t days, int64_t months, int32_t *out);

/* A zone: UTC, a fixed offset ("+02:00", "GMT+2", "UTC-01:30"), or an IANA name. Immutable; lives with the cache. */
typedef struct sqi_zone sqi_zone;
typedef struct sqi_zones sqi_zones; /* one cache per session */
sqi_zones *sqi_zones_new(sqi_alloc *alloc);
void sqi_zones_free(sqi_zones *z);
/* As sqi_type_pool_refused: reading a text as a time says only whether it is one. */
bool sqi_zones_refused(sqi_zones *z);
/* INVALID_TIMEZONE if there is none of that name. Names are case-sensitive. */
streamq_status sqi_zones_get(sqi_zones *z, sqi_span name, const sqi_zone **out, streamq_error **err);
const sqi_zone *sqi_zone_utc(void);
sqi_span sqi_zone_name(const sqi_zone *z);
int64_t sqi_zone_to_local(const sqi_zone *z, int64_t micros_utc);
/* A gap moves forward by its length, an overlap takes the earlier offset (java.time's rule). */
int64_t sqi_zone_to_utc(const sqi_zone *z, int64_t micros_local);

/* micros + months + days + more, as java.time's zoned times add: months and days move the local clock and keep the
   offset where it still fits, `more` moves the instant. zone NULL: a local time without zone. False: out of range. */
bool sqi_time_add(const sqi_zone *zone, int64_t micros, int64_t months, int64_t days, int64_t more, int64_t *out);

/* Text; length written. Fractions without trailing zeros; years outside 0..9999 as Java prints them. */
size_t sqi_time_date_text(int32_t days, char to[SQI_TIME_TEXT]);
size_t sqi_time_timestamp_text(int64_t micros_local, char to[SQI_TIME_TEXT]);
size_t sqi_time_interval_text(const sqi_type *type, const void *value,
                              char to[SQI_TIME_TEXT]); /* INTERVAL '1-2' YEAR TO MONTH */

/* Spark's lenient reading of text (CAST from string and typed literals). False: no such text. */
bool sqi_time_date_read(sqi_span text, int32_t *days);
/* A bare time ("12:34", "T12") is one of the day of `now` (microseconds since 1970 UTC). */
bool sqi_time_timestamp_read(sqi_span text, const sqi_zone *zone, sqi_zones *zones, int64_t now, int64_t *micros);
/* A zone, if allowed, must exist and changes nothing. */
bool sqi_time_timestamp_ntz_read(sqi_span text, bool allow_zone, sqi_zones *zones, int64_t *micros);

typedef enum sqi_interval_read {
    SQI_INTERVAL_READ_OK,
    SQI_INTERVAL_READ_FORMAT, /* not written as the type wants it */
    SQI_INTERVAL_READ_RANGE,  /* a field out of its bounds, or the sum too large */
} sqi_interval_read;

/* Interval text for a type of ym or dt ("1-2", "1 02:03:04.5", "5", also whole "INTERVAL '..' .." forms). */
sqi_interval_read sqi_time_interval_read(sqi_span text, const sqi_type *type, int64_t *value);
/* Text of units: "1 year -2 days 3.5 seconds", "interval 1 week". */
bool sqi_time_interval_read_units(sqi_span text, sqi_interval *value);

#endif
