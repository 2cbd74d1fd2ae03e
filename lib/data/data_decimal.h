/*
 * data_decimal: arithmetic of decimals: 128-bit unscaled values, 256-bit intermediates, HALF_UP rounding, as Spark's
 * Decimal. Pure functions; false means that the result does not fit the precision asked for.
 */
#ifndef SQI_DATA_DECIMAL_H
#define SQI_DATA_DECIMAL_H

#include "data_vec.h"

sqi_int128 sqi_decimal_pow10(int n); /* 0..38 */
bool sqi_decimal_fits(sqi_int128 v, int precision);
int sqi_decimal_digits(sqi_int128 v); /* of |v|; 1 for 0 */

/* Change the scale, rounding HALF_UP when it shrinks. */
bool sqi_decimal_rescale(sqi_int128 v, int from_scale, int to_scale, int precision, sqi_int128 *out);
/* out has scale so and precision po. */
bool sqi_decimal_add(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out);
bool sqi_decimal_sub(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out);
bool sqi_decimal_mul(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out);
bool sqi_decimal_div(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out); /* b != 0 */
bool sqi_decimal_rem(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so,
                     sqi_int128 *out); /* b != 0, sign of a */
/* b != 0, toward 0; of a quotient that does not fit, the low 64 bits, as Spark's toLong. */
int64_t sqi_decimal_idiv(sqi_int128 a, int sa, sqi_int128 b, int sb);

double sqi_decimal_to_double(sqi_int128 v, int scale); /* correctly rounded */
float sqi_decimal_to_float(sqi_int128 v, int scale);   /* once, not through a double */
bool sqi_decimal_from_double(double v, int precision, int scale,
                             sqi_int128 *out); /* by the double's shortest text; false: NaN, infinite or too large */
bool sqi_decimal_to_int64(sqi_int128 v, int scale, int64_t *out); /* truncates */

#endif
