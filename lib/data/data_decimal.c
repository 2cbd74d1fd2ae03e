/*
 * data_decimal: see the header.
 *
 * Values are at most 38 digits, |v| < 10^38 < 2^127. Where two scales meet, one side is multiplied by a power of ten
 * of up to 38 digits, so everything between fits 256 bits: 76 digits are 253 bits, and a sum of two such is 254.
 * Nearly all values in practice fit 64 bits; those take plain machine arithmetic.
 */
#include "data_decimal.h"

#include "data_number.h"

#include <math.h>

typedef unsigned __int128 u128;

typedef struct u256 {
    u128 hi, lo;
} u256;

#define E18 ((sqi_int128)INT64_C(1000000000000000000))
static const int64_t pow10_64[19] = {
    INT64_C(1),
    INT64_C(10),
    INT64_C(100),
    INT64_C(1000),
    INT64_C(10000),
    INT64_C(100000),
    INT64_C(1000000),
    INT64_C(10000000),
    INT64_C(100000000),
    INT64_C(1000000000),
    INT64_C(10000000000),
    INT64_C(100000000000),
    INT64_C(1000000000000),
    INT64_C(10000000000000),
    INT64_C(100000000000000),
    INT64_C(1000000000000000),
    INT64_C(10000000000000000),
    INT64_C(100000000000000000),
    INT64_C(1000000000000000000),
};

sqi_int128 sqi_decimal_pow10(int n)
{
    if (n <= 18)
        return pow10_64[n];
    return n <= 36 ? E18 * pow10_64[n - 18] : E18 * E18 * pow10_64[n - 36];
}

static u128 magnitude(sqi_int128 v)
{
    return v < 0 ? -(u128)v : (u128)v;
}

static sqi_int128 with_sign(u128 v, bool negative)
{
    return negative ? -(sqi_int128)v : (sqi_int128)v;
}

bool sqi_decimal_fits(sqi_int128 v, int precision)
{
    return magnitude(v) < (u128)sqi_decimal_pow10(precision);
}

int sqi_decimal_digits(sqi_int128 v)
{
    u128 u = magnitude(v);
    int n = 1;
    while (n < 38 && u >= (u128)sqi_decimal_pow10(n))
        n++;
    return n + (n == 38 && u >= (u128)sqi_decimal_pow10(38));
}

static u256 mul(u128 a, u128 b)
{
    uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64), b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
    u128 p00 = (u128)a0 * b0, p01 = (u128)a0 * b1, p10 = (u128)a1 * b0, p11 = (u128)a1 * b1;
    u128 mid = (p00 >> 64) + (uint64_t)p01 + (uint64_t)p10;
    return (u256){p11 + (p01 >> 64) + (p10 >> 64) + (mid >> 64), mid << 64 | (uint64_t)p00};
}

static int compare(u256 a, u256 b)
{
    if (a.hi != b.hi)
        return a.hi < b.hi ? -1 : 1;
    return a.lo < b.lo ? -1 : a.lo > b.lo;
}

static u256 sum(u256 a, u256 b)
{
    u256 r = {a.hi + b.hi, a.lo + b.lo};
    r.hi += r.lo < a.lo;
    return r;
}

static u256 difference(u256 a, u256 b)
{
    return (u256){a.hi - b.hi - (a.lo < b.lo), a.lo - b.lo};
}

/* (hi:lo) / d for hi < d < 2^127: bit by bit. Wide values are rare, and this needs no proof beyond its loop. */
static u128 divide_wide(u128 hi, u128 lo, u128 d, u128 *rest)
{
    u128 q = 0;
    for (int i = 127; i >= 0; i--) {
        hi = hi << 1 | (lo >> i & 1);
        q <<= 1;
        if (hi >= d) {
            hi -= d;
            q |= 1;
        }
    }
    *rest = hi;
    return q;
}

static u256 divide(u256 a, u128 d, u128 *rest)
{
    if (!a.hi) {
        *rest = a.lo % d;
        return (u256){0, a.lo / d};
    }
    if (d >> 64) {
        u256 q = {a.hi / d, 0};
        q.lo = divide_wide(a.hi % d, a.lo, d, rest);
        return q;
    }
    uint64_t w[4] = {(uint64_t)(a.hi >> 64), (uint64_t)a.hi, (uint64_t)(a.lo >> 64), (uint64_t)a.lo};
    u128 r = 0;
    for (int i = 0; i < 4; i++) {
        r = r << 64 | w[i];
        w[i] = (uint64_t)(r / d);
        r %= d;
    }
    *rest = r;
    return (u256){(u128)w[0] << 64 | w[1], (u128)w[2] << 64 | w[3]};
}

/* a * 10^(to - from), rounded HALF_UP if that is a division; checked against the precision. */
static bool settle(u256 a, bool negative, int from, int to, int precision, sqi_int128 *out)
{
    if (to > from && (a.hi || a.lo)) {
        if (to - from > 38 || a.hi)
            return false;
        a = mul(a.lo, (u128)sqi_decimal_pow10(to - from));
    }
    /* Cut up to 18 digits at a time. The last step decides alone: half of a power of ten is a whole number, and what
       was cut before is less than one. */
    while (from > to) {
        int step = from - to > 18 ? 18 : from - to;
        u128 d = (u128)pow10_64[step], rest;
        a = divide(a, d, &rest);
        from -= step;
        if (from == to && rest >= d - rest)
            a = sum(a, (u256){0, 1});
    }
    if (a.hi || a.lo >= (u128)sqi_decimal_pow10(precision))
        return false;
    *out = with_sign(a.lo, negative);
    return true;
}

bool sqi_decimal_rescale(sqi_int128 v, int from_scale, int to_scale, int precision, sqi_int128 *out)
{
    if (from_scale == to_scale) {
        *out = v;
        return sqi_decimal_fits(v, precision);
    }
    int up = to_scale - from_scale;
    if (v >= -E18 && v <= E18) {
        int64_t x = (int64_t)v;
        if (up > 0 && up <= 18) {
            *out = (sqi_int128)x * pow10_64[up];
            return sqi_decimal_fits(*out, precision);
        }
        if (up < 0 && up >= -18) {
            int64_t d = pow10_64[-up], q = x / d, r = x % d;
            if (r < 0 ? -r >= d + r : r >= d - r)
                q += x < 0 ? -1 : 1;
            *out = q;
            return sqi_decimal_fits(q, precision);
        }
    }
    return settle((u256){0, magnitude(v)}, v < 0, from_scale, to_scale, precision, out);
}

static bool add_signed(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out)
{
    int scale = sa > sb ? sa : sb;
    if (a >= -E18 && a <= E18 && b >= -E18 && b <= E18 && scale - sa <= 18 && scale - sb <= 18) {
        sqi_int128 s = a * pow10_64[scale - sa] + b * pow10_64[scale - sb];
        return sqi_decimal_rescale(s, scale, so, po, out);
    }
    u256 x = mul(magnitude(a), (u128)sqi_decimal_pow10(scale - sa));
    u256 y = mul(magnitude(b), (u128)sqi_decimal_pow10(scale - sb));
    if ((a < 0) == (b < 0))
        return settle(sum(x, y), a < 0, scale, so, po, out);
    if (compare(x, y) >= 0)
        return settle(difference(x, y), a < 0, scale, so, po, out);
    return settle(difference(y, x), b < 0, scale, so, po, out);
}

bool sqi_decimal_add(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out)
{
    return add_signed(a, sa, b, sb, po, so, out);
}

bool sqi_decimal_sub(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out)
{
    return add_signed(a, sa, -b, sb, po, so, out);
}

bool sqi_decimal_mul(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out)
{
    if (a >= -E18 && a <= E18 && b >= -E18 && b <= E18)
        return sqi_decimal_rescale(a * b, sa + sb, so, po, out);
    return settle(mul(magnitude(a), magnitude(b)), (a < 0) != (b < 0), sa + sb, so, po, out);
}

/* a * 10^up / d for up of at most 76. False: far more than 38 digits. */
static bool divide_scaled(u128 a, int up, u128 d, u128 *q, u128 *rest)
{
    int more = up > 38 ? up - 38 : 0;
    u256 n = divide(mul(a, (u128)sqi_decimal_pow10(up - more)), d, rest);
    if (more) {
        if (n.hi)
            return false;
        u256 tail = divide(mul(*rest, (u128)sqi_decimal_pow10(more)), d, rest);
        n = sum(mul(n.lo, (u128)sqi_decimal_pow10(more)), tail);
    }
    *q = n.lo;
    return !n.hi && !(n.lo >> 127);
}

bool sqi_decimal_div(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out)
{
    bool negative = (a < 0) != (b < 0);
    u128 d = magnitude(b), q, rest;
    int up = so + sb - sa;
    if (!divide_scaled(magnitude(a), up > 0 ? up : 0, d, &q, &rest))
        return false;
    if (up < 0)
        return settle((u256){0, q}, negative, -up, 0, po, out);
    if (rest >= d - rest)
        q++;
    return settle((u256){0, q}, negative, so, so, po, out);
}

/* Brings both to one scale and divides whole numbers. At most one of them needs the power of ten. */
static bool divide_whole(sqi_int128 a, int sa, sqi_int128 b, int sb, u256 *q, u128 *rest)
{
    u128 n = magnitude(a), d = magnitude(b);
    *rest = n;
    *q = (u256){0, 0};
    if (sa <= sb) {
        *q = divide(mul(n, (u128)sqi_decimal_pow10(sb - sa)), d, rest);
        return true;
    }
    u256 wide = mul(d, (u128)sqi_decimal_pow10(sa - sb));
    if (wide.hi || wide.lo > n)
        return false; /* the divisor is larger: nothing, and all of a remains */
    *q = divide((u256){0, n}, wide.lo, rest);
    return true;
}

bool sqi_decimal_rem(sqi_int128 a, int sa, sqi_int128 b, int sb, int po, int so, sqi_int128 *out)
{
    u256 q;
    u128 rest;
    divide_whole(a, sa, b, sb, &q, &rest);
    return settle((u256){0, rest}, a<0, sa> sb ? sa : sb, so, po, out);
}

int64_t sqi_decimal_idiv(sqi_int128 a, int sa, sqi_int128 b, int sb)
{
    u256 q;
    u128 rest;
    bool negative = (a < 0) != (b < 0);
    divide_whole(a, sa, b, sb, &q, &rest);
    return (int64_t)(negative ? 0 - (uint64_t)q.lo : (uint64_t)q.lo);
}

double sqi_decimal_to_double(sqi_int128 v, int scale)
{
    if (v >= -((sqi_int128)1 << 53) && v <= (sqi_int128)1 << 53 && scale <= 18)
        return (double)(int64_t)v / (double)pow10_64[scale]; /* both exact: one rounding */
    char text[SQI_NUMBER_TEXT];
    double d = 0;
    (void)sqi_number_read_double((sqi_span){text, sqi_number_decimal(v, scale, text)}, &d);
    return d;
}

float sqi_decimal_to_float(sqi_int128 v, int scale)
{
    char text[SQI_NUMBER_TEXT];
    float f = 0;
    (void)sqi_number_read_float((sqi_span){text, sqi_number_decimal(v, scale, text)}, &f);
    return f;
}

bool sqi_decimal_from_double(double v, int precision, int scale, sqi_int128 *out)
{
    char text[SQI_NUMBER_TEXT];
    if (!isfinite(v))
        return false;
    sqi_span s = {text, sqi_number_double(v, text)};
    return sqi_number_read_decimal_as(s, precision, scale, out) == SQI_DECIMAL_READ_OK;
}

bool sqi_decimal_to_int64(sqi_int128 v, int scale, int64_t *out)
{
    sqi_int128 whole = v / sqi_decimal_pow10(scale);
    *out = (int64_t)whole;
    return whole >= INT64_MIN && whole <= INT64_MAX;
}
