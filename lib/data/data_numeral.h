/*
 * data_numeral: the parts of a decimal numeral, shared by the readers of numbers.
 */
#ifndef SQI_DATA_NUMERAL_H
#define SQI_DATA_NUMERAL_H

#include "base_str.h"

/* A decimal numeral: sign, digits with a point somewhere, exponent. Points into the text. */
typedef struct sqi_numeral {
    bool negative;
    const char *digits, *digits_end; /* leading zeros cut, the point may be among them; empty: the number is zero */
    int64_t point;                   /* value = 0.digits * 10^point, for a number that is not zero */
    int64_t scale;                   /* digits after the point minus the exponent: BigDecimal's scale */
    const char *end;                 /* where the numeral stops */
} sqi_numeral;

bool sqi_numeral_scan(sqi_span s, sqi_numeral *n);

/* Spark's trim before a cast: white space and control characters of ASCII; other bytes stay. */
sqi_span sqi_numeral_trim(sqi_span s);

#endif
