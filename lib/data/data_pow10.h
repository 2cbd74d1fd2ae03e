/*
 * data_pow10: powers of ten as 128-bit binary fractions, the common ground of printing and reading floating point.
 */
#ifndef SQI_DATA_POW10_H
#define SQI_DATA_POW10_H

#include <stdint.h>

#define SQI_POW10_MIN (-361)
#define SQI_POW10_MAX 360

typedef struct sqi_pow10 {
    uint64_t hi, lo; /* the first 128 bits of 10^e, cut off; the top bit is set */
} sqi_pow10;

/* 10^e = (hi:lo + less than 1) * 2^(sqi_pow10_log2(e) - 127), for SQI_POW10_MIN <= e <= SQI_POW10_MAX. */
sqi_pow10 sqi_pow10_bits(int e);

/* floor(log2(10^e)), exact for |e| <= 400. */
static inline int sqi_pow10_log2(int e)
{
    int64_t x = (int64_t)e * 1741647;
    return (int)((x - (x < 0 ? (1 << 19) - 1 : 0)) / (1 << 19));
}

#endif
