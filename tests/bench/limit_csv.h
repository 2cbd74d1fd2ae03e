/*
 * limit_csv: a CSV file of four columns (int, text, double, timestamp without fraction) read into columns, written by
 * hand for these types and for plain values: no quotes, no nulls, UTC, nothing that cannot be read. One pass over the
 * bytes; a row that is not of this form ends it.
 */
#ifndef LIMIT_CSV_H
#define LIMIT_CSV_H

#include <stddef.h>
#include <stdint.h>

typedef struct limit_csv_text {
    const char *ptr;
    size_t len;
} limit_csv_text;

typedef struct limit_csv_rows { /* room is the caller's */
    int32_t *number;
    limit_csv_text *text;
    double *real;
    int64_t *time; /* microseconds since 1970 UTC */
} limit_csv_rows;

/* Reads up to `most` rows from *at on, which is moved behind them; how many. 64 bytes behind `end` may be read. */
size_t limit_csv_read(const char **at, const char *end, const limit_csv_rows *to, size_t most);

#endif
