/*
 * csv_value: texts of CSV as values of a column, as Spark's CSV reader reads them: stricter than CAST about white space
 * in integers and words for booleans, with words for not-a-number and infinities, with patterns for dates and times.
 */
#ifndef SQI_CSV_VALUE_H
#define SQI_CSV_VALUE_H

#include "csv_options.h"
#include "data_pattern.h"
#include "data_vec.h"

/* What a column's reader remembers of an hour: the zone's offset. */
typedef struct sqi_csv_clock {
    int64_t hour, offset; /* local hour; INT64_MIN: none */
} sqi_csv_clock;

typedef struct sqi_csv_values {
    const sqi_csv_options *o;
    const sqi_pattern *date, *timestamp, *ntz;        /* NULL: as CAST */
    bool date_fallback, timestamp_fallback, ntz_zone; /* ntz_zone: the pattern may read a zone */
    bool plain_words;                                 /* none of the words for NaN and infinities is a number */
    sqi_zones *zones;
    int64_t now;
    sqi_csv_clock clock;
    sqi_span block; /* bytes that may be read, whatever a value's length is */
} sqi_csv_values;

/* Patterns are compiled into the arena. */
streamq_status sqi_csv_values_init(sqi_csv_values *v, const sqi_csv_options *o, sqi_zones *zones, sqi_arena *arena,
                                   streamq_error **err);

/* Is the text the one for null? (A value without a pointer always is.) */
static inline bool sqi_csv_null(const sqi_csv_options *o, sqi_span text)
{
    return !text.ptr ||
           (text.len == o->null_value.len && (!text.len || !memcmp(text.ptr, o->null_value.ptr, text.len)));
}

/* Can a column be of this type? */
bool sqi_csv_value_type(const sqi_type *type);

/* n values, which stand `stride` apart, into `out`, which has room and a bitmap of all valid. Those that cannot be read
   are null, and their bit in `bad` is set. Texts point to what the values point to. */
void sqi_csv_value_column(sqi_csv_values *v, const sqi_span *text, size_t stride, uint32_t n, sqi_vec *out,
                          uint64_t *bad);

/* One value at a time, for inference. */
bool sqi_csv_value_int(sqi_span text, int64_t min, int64_t max, int64_t *to);
bool sqi_csv_value_double(const sqi_csv_options *o, sqi_span text, double *to);
bool sqi_csv_value_boolean(sqi_span text, bool *to);
/* Of a decimal without commas: what java.math.BigDecimal says of it. */
bool sqi_csv_value_decimal(sqi_span text, int64_t *precision, int64_t *scale);

#endif
