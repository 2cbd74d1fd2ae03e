/*
 * data_pattern: date and time patterns ("yyyy-MM-dd HH:mm:ss"), with java.time's letters as far as Spark takes them:
 * date_format, to_timestamp, and the timestampFormat and dateFormat of files. English names only.
 *
 * A pattern is compiled into an arena and immutable then.
 */
#ifndef SQI_DATA_PATTERN_H
#define SQI_DATA_PATTERN_H

#include "data_time.h"

typedef struct sqi_pattern sqi_pattern;

/* `reading`: for text to times; some letters can only be printed. INVALID_DATETIME_PATTERN.* and
   INCONSISTENT_BEHAVIOR_CROSS_VERSION.* as Spark gives them. */
streamq_status sqi_pattern_compile(sqi_span text, bool reading, sqi_arena *arena, const sqi_pattern **out,
                                   streamq_error **err);

/* Append the text of an instant as the zone's clocks show it. */
bool sqi_pattern_print(const sqi_pattern *p, int64_t micros_utc, const sqi_zone *zone, sqi_buf *to);

/* The instant that a whole text means; what the pattern leaves out is 1970-01-01 00:00:00. False: another shape, or no
   such time. A zone in the text goes before `zone`, or is dropped with `local`: then *micros is local time. */
bool sqi_pattern_read(const sqi_pattern *p, sqi_span text, const sqi_zone *zone, sqi_zones *zones, bool local,
                      int64_t *micros);

#endif
