/*
 * data_number: numbers as text and back, as Java and Spark print and read them. Pure functions.
 */
#ifndef SQI_DATA_NUMBER_H
#define SQI_DATA_NUMBER_H

#include "base_str.h"
#include "data_vec.h"

#define SQI_NUMBER_TEXT 64 /* room for any number below, decimals included */

/* Length written, no NUL. Shortest digits that read back; E notation below 1e-3 and from 1e7; "NaN", "-Infinity". */
size_t sqi_number_double(double v, char to[SQI_NUMBER_TEXT]);
size_t sqi_number_float(float v, char to[SQI_NUMBER_TEXT]);
size_t sqi_number_int(int64_t v, char to[SQI_NUMBER_TEXT]);
size_t sqi_number_decimal(sqi_int128 unscaled, int scale, char to[SQI_NUMBER_TEXT]); /* plain, never E notation */

/* Spark's reading of text as a number (CAST): surrounding white space is trimmed, the rest must be a number. */
bool sqi_number_read_int(sqi_span text, int64_t min, int64_t max, int64_t *v, bool *overflow);
bool sqi_number_read_double(sqi_span text, double *v); /* also Infinity, NaN, inf, nan, trailing d/f, hex floats */
bool sqi_number_read_float(sqi_span text, float *v);
/* "12.50", "1e3": unscaled and scale as written (scale may be negative before normalising); false: not a number;
 *overflow: more than 38 digits. */
bool sqi_number_read_decimal(sqi_span text, sqi_int128 *unscaled, int *scale, bool *overflow);

typedef enum sqi_decimal_read {
    SQI_DECIMAL_READ_OK,
    SQI_DECIMAL_READ_MALFORMED,
    SQI_DECIMAL_READ_RANGE,     /* more than 38 digits before the point: no decimal at all */
    SQI_DECIMAL_READ_PRECISION, /* does not fit the type */
} sqi_decimal_read;

/* The same for a type: any number of digits, rounded HALF_UP once. */
sqi_decimal_read sqi_number_read_decimal_as(sqi_span text, int precision, int scale, sqi_int128 *unscaled);

#endif
