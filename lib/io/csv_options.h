/*
 * csv_options: the options of CSV, read into one struct. Names, defaults and odd rules are Spark's; what Spark takes and
 * then leaves out of account (an unknown mode) is refused.
 */
#ifndef SQI_CSV_OPTIONS_H
#define SQI_CSV_OPTIONS_H

#include "io_charset.h"
#include "io_common.h"

typedef enum sqi_csv_mode { SQI_CSV_PERMISSIVE, SQI_CSV_DROPMALFORMED, SQI_CSV_FAILFAST } sqi_csv_mode;

/* What a quote without an escape inside a value means. */
typedef enum sqi_csv_unescaped {
    SQI_CSV_STOP_AT_DELIMITER,
    SQI_CSV_STOP_AT_CLOSING_QUOTE,
    SQI_CSV_BACK_TO_DELIMITER,
    SQI_CSV_SKIP_VALUE,
    SQI_CSV_RAISE_ERROR,
} sqi_csv_unescaped;

enum { SQI_CSV_SEP_MOST = 16 }; /* characters of a separator */

typedef struct sqi_csv_options {
    sqi_charset charset;
    uint32_t sep[SQI_CSV_SEP_MOST], nsep;  /* code points */
    sqi_span sep_text;                     /* the same in UTF-8 */
    uint32_t quote, escape, escape_escape; /* code points; 0 as the NUL character, as in Spark */
    uint32_t comment;                      /* '#' if there are no comments */
    bool comments, header, infer, enforce, multi_line;
    bool trim_leading, trim_trailing;           /* of reading or writing, whose defaults differ */
    bool prefer_date, fallback_given, fallback; /* fallback: enableDateTimeParsingFallback */
    bool quote_all, escape_quotes;
    uint32_t line_sep[2], nline_sep; /* 0: not given */
    sqi_span line_sep_text;
    uint32_t newline; /* what line ends are read as, and written from: LF, or the one character that lineSep is */
    sqi_span null_value, empty_value;
    sqi_span nan, positive_inf, negative_inf;
    sqi_span date_format, timestamp_format, ntz_format; /* ptr NULL: not given */
    sqi_span corrupt;                                   /* name of the column */
    const sqi_zone *zone;
    sqi_csv_mode mode;
    sqi_csv_unescaped unescaped;
    int64_t max_columns, max_chars; /* max_chars -1: no bound */
    double sampling;
    char sep_bytes[4 * SQI_CSV_SEP_MOST];
} sqi_csv_options;

enum { SQI_CSV_READ_ROWS = 33, SQI_CSV_WRITE_ROWS = 21 };
extern const sqi_option_row sqi_csv_read_row[SQI_CSV_READ_ROWS], sqi_csv_write_row[SQI_CSV_WRITE_ROWS];

/* zones NULL: where only the options are checked; a time zone is then not looked up. The set was checked against its
   table and outlives `to`, which does not move. */
streamq_status sqi_csv_options_read(sqi_csv_options *to, const sqi_options *from, bool writing, const sqi_zone *zone,
                                    sqi_zones *zones, streamq_error **err);

#endif
