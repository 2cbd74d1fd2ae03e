/*
 * data_zone: what the time zone files share: the table of a zone, its reader, and ids that are offsets.
 */
#ifndef SQI_DATA_ZONE_H
#define SQI_DATA_ZONE_H

#include "data_time.h"

/* When a yearly rule switches: month m's d-th weekday (kind M), or day n of the year without (J) or with (N) Feb 29. */
typedef struct sqi_zone_switch {
    char kind;
    uint8_t month, week, weekday; /* M: 1..12, 1..5 (5: the last), 0..6 from Sunday */
    uint16_t day;                 /* J: 1..365, N: 0..365 */
    int32_t time;                 /* seconds after local midnight */
} sqi_zone_switch;

#define SQI_ZONE_ABBREVIATION 8 /* bytes, the NUL included; longer ones are cut */

/* The rule for the years after the table. Offsets are seconds east of UTC. */
typedef struct sqi_zone_rule {
    bool daylight;
    int32_t standard, summer;
    char standard_name[SQI_ZONE_ABBREVIATION], summer_name[SQI_ZONE_ABBREVIATION];
    sqi_zone_switch begin, end; /* of summer time */
} sqi_zone_rule;

struct sqi_zone {
    sqi_span name;
    int32_t first; /* offset before the first transition; the only one of a fixed zone */
    bool has_rule; /* for instants after the table */
    uint32_t n;
    const int64_t *utc;    /* seconds since 1970 of each transition, ascending */
    const int64_t *local;  /* its instant on the later of the two local clocks: from here on the new offset holds */
    const int32_t *offset; /* after it */
    const char (*abbreviation)[SQI_ZONE_ABBREVIATION]; /* n + 1: before the first, then after each; NULL if fixed */
    sqi_zone_rule rule;
    struct sqi_zone *next; /* of the cache */
    size_t size;           /* bytes of the block that holds all of this */
};

/* The offset that a local time has: of two in an overlap, and in a gap, that before the switch. */
int32_t sqi_zone_local_offset(const sqi_zone *z, int64_t seconds_local);

/* What the clock is called at an instant: "CET", "EDT"; the zone's name if it is fixed. */
sqi_span sqi_zone_abbreviation(const sqi_zone *z, int64_t seconds_utc);

/* A zone from the bytes of a TZif file (version 2 or later), which are not trusted. NULL: malformed, or *nomem. */
sqi_zone *sqi_zone_file_parse(sqi_alloc *alloc, sqi_span name, const uint8_t *bytes, size_t len, bool *nomem);

/* The switches of one year in UTC, ascending: instants, and the offsets before and after. */
typedef struct sqi_zone_year {
    int64_t utc[2];
    int32_t before[2], after[2];
} sqi_zone_year;
void sqi_zone_rule_year(const sqi_zone_rule *rule, int64_t year, sqi_zone_year *out);
/* "EST5EDT,M3.2.0,M11.1.0" */
bool sqi_zone_rule_parse(sqi_span text, sqi_zone_rule *rule);

/* Ids that name an offset: "Z", "UTC", "GMT", "UT", "+2", "+02:00", "UTC-01:30", "EST". */
bool sqi_zone_id_offset(sqi_span id, int32_t *seconds);

#endif
