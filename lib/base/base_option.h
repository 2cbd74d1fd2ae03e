/*
 * base_option: options as text, with a table that describes them. Names are case-insensitive, as Spark's. A set keeps
 * what the program said; reading it against a table gives typed values, or a clear error with the candidates.
 */
#ifndef SQI_BASE_OPTION_H
#define SQI_BASE_OPTION_H

#include "base_arena.h"
#include "base_error.h"

typedef enum sqi_option_kind {
    SQI_OPTION_TEXT,
    SQI_OPTION_BOOL,     /* true or false */
    SQI_OPTION_INT,      /* min..max */
    SQI_OPTION_SIZE,     /* bytes; suffixes k, m, g */
    SQI_OPTION_DURATION, /* microseconds; Spark's time text: "5 seconds", "100ms", "1h", a bare number is milliseconds
                          */
} sqi_option_kind;

typedef struct sqi_option_row {
    const char *name;
    sqi_option_kind kind;
    const char *fallback; /* default as text; NULL: none, "required" is the reader's affair */
    int64_t min, max;     /* for INT, SIZE, DURATION; both 0: any value */
    bool required;
    const char *text; /* one line for the manual */
} sqi_option_row;

typedef struct sqi_option {
    sqi_span name, value;
    struct sqi_option *next;
} sqi_option;

typedef struct sqi_options {
    sqi_arena *arena; /* where names and values are copied */
    sqi_option *first;
} sqi_options;

streamq_status sqi_options_set(sqi_options *o, sqi_span name, sqi_span value, streamq_error **err); /* replaces */
bool sqi_options_get(const sqi_options *o, const char *name, sqi_span *value);

/* Every name in `o` stands in the table, every value parses, every required row is there. `what`: "source 'socket'". */
streamq_status sqi_options_check(const sqi_options *o, const sqi_option_row *rows, size_t n, const char *what,
                                 streamq_error **err);
/* Typed reads of a checked set; the row's default where the set is silent. */
sqi_span sqi_options_text(const sqi_options *o, const sqi_option_row *rows, size_t n, const char *name);
int64_t sqi_options_int(const sqi_options *o, const sqi_option_row *rows, size_t n, const char *name);
bool sqi_options_bool(const sqi_options *o, const sqi_option_row *rows, size_t n, const char *name);

/* Spark's duration text to microseconds. */
bool sqi_duration_parse(sqi_span text, int64_t *micros);

#endif
