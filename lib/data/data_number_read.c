/*
 * data_number_read: text to floating point, as CAST from string reads it. Printing is in data_number.c, reading of
 * integers and decimals in data_numeral.c.
 *
 * Floating point is rounded correctly and once, whatever the locale. Three steps, the cheapest that can decide:
 * one exact machine operation; the product of 19 digits with a 128-bit power of ten, taken as an interval whose two
 * ends must round alike; big integers, which compare the text with the midpoint of two neighbours. Digits beyond
 * KEPT cannot change the outcome but for being there at all, so work and memory are bounded.
 */
#include "data_number.h"

#include "base_hex.h"
#include "data_numeral.h"
#include "data_pow10.h"

#include <float.h>

typedef unsigned __int128 u128;

/* What differs between the two binary formats. */
typedef struct format {
    int bits; /* of the significand, the implicit one included */
    int unit; /* exponent of the smallest subnormal */
    uint64_t infinity;
} format;

static const format binary64 = {53, -1074, UINT64_C(0x7ff0000000000000)};
static const format binary32 = {24, -149, UINT64_C(0x7f800000)};

/*
 * x * 2^e as the bits of the format, cut off, and how the rest compares to half a unit: -1, 0, 1. As integers the
 * bits of non-negative numbers have the order of the numbers, so the next number is bits + 1, infinity included.
 */
static uint64_t cut(const format *f, u128 x, int e, int *rest)
{
    uint64_t high = (uint64_t)(x >> 64);
    int top = high ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((uint64_t)x | 1);
    int unit = e + top - (f->bits - 1);
    if (unit < f->unit)
        unit = f->unit;
    if ((uint64_t)(unit - f->unit) >= (f->infinity >> (f->bits - 1)) - 1) {
        *rest = -1;
        return f->infinity;
    }
    int shift = unit - e;
    if (shift <= 0) { /* fits as it is */
        *rest = -1;
        uint64_t whole = (uint64_t)x << -shift;
        uint64_t b = whole + ((uint64_t)(unit - f->unit) << (f->bits - 1));
        return b < f->infinity ? b : f->infinity;
    }
    if (shift > 128) {
        *rest = -1;
        return 0;
    }
    u128 half = (u128)1 << (shift - 1), below = x & ((half << 1) - 1);
    *rest = below > half ? 1 : below == half ? 0 : -1;
    uint64_t whole = shift == 128 ? 0 : (uint64_t)(x >> shift);
    uint64_t b = whole + ((uint64_t)(unit - f->unit) << (f->bits - 1));
    return b < f->infinity ? b : f->infinity;
}

/* Big natural numbers of a fixed size, enough for KEPT digits beside any power that the range of a double needs. */
#define KEPT 800
#define WORDS 96

typedef struct big {
    size_t n;
    uint64_t w[WORDS];
} big;

static void big_mul_add(big *b, uint64_t factor, uint64_t add)
{
    uint64_t carry = add;
    for (size_t i = 0; i < b->n; i++) {
        u128 x = (u128)b->w[i] * factor + carry;
        b->w[i] = (uint64_t)x;
        carry = (uint64_t)(x >> 64);
    }
    if (carry && b->n < WORDS)
        b->w[b->n++] = carry;
}

static void big_mul_pow5(big *b, int64_t e)
{
    for (; e >= 27; e -= 27)
        big_mul_add(b, UINT64_C(7450580596923828125), 0);
    for (; e > 0; e--)
        big_mul_add(b, 5, 0);
}

static void big_shift(big *b, int64_t bits)
{
    size_t words = (size_t)bits / 64;
    big_mul_add(b, UINT64_C(1) << bits % 64, 0);
    if (words + b->n > WORDS)
        return;
    memmove(b->w + words, b->w, b->n * sizeof b->w[0]);
    memset(b->w, 0, words * sizeof b->w[0]);
    b->n += words;
}

static int big_compare(const big *a, const big *b)
{
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    for (size_t i = a->n; i-- > 0;)
        if (a->w[i] != b->w[i])
            return a->w[i] < b->w[i] ? -1 : 1;
    return 0;
}

/* The digits of a numeral as a natural number; *exponent becomes what is missing to the value. */
static void big_from(big *b, const sqi_numeral *n, int64_t *exponent)
{
    int64_t taken = 0;
    bool more = false;
    b->n = 0;
    for (const char *p = n->digits; p < n->digits_end; p++) {
        if (*p == '.')
            continue;
        if (taken < KEPT) {
            big_mul_add(b, 10, (uint64_t)(*p - '0'));
            taken++;
        } else if (*p != '0') {
            more = true;
            break;
        }
    }
    if (more) {
        big_mul_add(b, 10, 1);
        taken++;
    }
    *exponent = n->point - taken;
}

/* Round the value between the numbers `bits` and `bits` + 1 by comparing with their midpoint. */
static uint64_t round_exact(const format *f, const sqi_numeral *n, uint64_t bits)
{
    uint64_t implicit = UINT64_C(1) << (f->bits - 1), m = bits & (implicit - 1);
    int64_t biased = (int64_t)(bits >> (f->bits - 1)), unit = f->unit + (biased ? biased - 1 : 0), e;
    if (bits >= f->infinity)
        return f->infinity;
    if (biased)
        m |= implicit;
    big text, middle = {.n = 1, .w = {2 * m + 1}};
    big_from(&text, n, &e);
    int64_t two_text = e, two_middle = unit - 1;
    if (e >= 0)
        big_mul_pow5(&text, e);
    else
        big_mul_pow5(&middle, -e);
    if (two_text > two_middle)
        big_shift(&text, two_text - two_middle);
    else
        big_shift(&middle, two_middle - two_text);
    int order = big_compare(&text, &middle);
    return bits + (order > 0 || (order == 0 && (bits & 1)));
}

/* The first 19 digits; the value is *w * 10^*e, or up to one more of *w if *more. */
static void first_digits(const sqi_numeral *n, uint64_t *w, int64_t *e, bool *more)
{
    int taken = 0;
    *w = 0;
    *more = false;
    for (const char *p = n->digits; p < n->digits_end; p++) {
        if (*p == '.')
            continue;
        if (taken == 19) {
            *more = true;
            break;
        }
        *w = *w * 10 + (uint64_t)(*p - '0');
        taken++;
    }
    *e = n->point - taken;
}

/* Bits of the number nearest to the numeral, ties to even; sign apart. */
static uint64_t nearest(const format *f, const sqi_numeral *n)
{
    uint64_t w;
    int64_t e;
    bool more;
    first_digits(n, &w, &e, &more);
    if (!w || n->point < -330)
        return 0;
    if (n->point > 310)
        return f->infinity;

    int shift = __builtin_clzll(w);
    sqi_pow10 g = sqi_pow10_bits((int)e);
    u128 low = (u128)g.lo * (w << shift);
    u128 from = (u128)g.hi * (w << shift) + (uint64_t)(low >> 64), to = from + 2;
    if (more)
        to += ((u128)g.hi + 1) << shift;
    int two = sqi_pow10_log2((int)e) - 63 - shift, rest_from, rest_to;
    uint64_t b = cut(f, from, two, &rest_from);
    if (to < from)
        return round_exact(f, n, b);
    uint64_t down = b + (rest_from > 0), up = cut(f, to, two, &rest_to);
    up += rest_to >= 0;
    return up == down ? (down < f->infinity ? down : f->infinity) : round_exact(f, n, b);
}

/* Both operands exact and one rounding: the machine does it. */
static bool exact_operation(const sqi_numeral *n, double *v)
{
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD == 0
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    uint64_t w;
    int64_t e;
    bool more;
    if (n->digits_end - n->digits > 17)
        return false;
    first_digits(n, &w, &e, &more);
    if (more || w >> 53 || e < -22 || e > 22)
        return false;
    *v = e < 0 ? (double)w / power[-e] : (double)w * power[e];
    return true;
#else
    (void)n, (void)v;
    return false;
#endif
}

/* 0x1.8p3, Java's form: the exponent is not optional. Gives bits of the format. */
static bool read_hex(const format *f, const char *p, const char *end, uint64_t *bits, const char **stop)
{
    uint64_t w = 0;
    int64_t scale = 0, e = 0;
    bool any = false, point = false, more = false, negative = false;
    for (; p < end; p++) {
        int digit = sqi_hex_digit(*p);
        if (digit < 0 && (*p != '.' || point))
            break;
        if (digit < 0) {
            point = true;
            continue;
        }
        any = true;
        if (w >> 60) {
            more |= digit != 0;
            scale += point ? 0 : 4;
        } else {
            w = w << 4 | (unsigned)digit;
            scale -= point ? 4 : 0;
        }
    }
    if (!any || p == end || (*p != 'p' && *p != 'P'))
        return false;
    p++;
    if (p < end && (*p == '+' || *p == '-'))
        negative = *p++ == '-';
    if (p == end || *p < '0' || *p > '9')
        return false;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        if (e < INT64_C(100000000000))
            e = e * 10 + (*p - '0');
    *stop = p;
    e = (negative ? -e : e) + scale;
    if (!w || e < -100000) {
        *bits = 0;
    } else if (e > 100000) {
        *bits = f->infinity;
    } else {
        int rest;
        uint64_t b = cut(f, (u128)w << 63 | more, (int)e - 63, &rest);
        *bits = b < f->infinity ? b + (rest > 0 || (rest == 0 && (b & 1))) : b;
    }
    return true;
}

static bool equal_nocase(const char *p, const char *end, const char *word)
{
    return sqi_span_equal_nocase((sqi_span){p, (size_t)(end - p)}, sqi_span_of(word));
}

/* inf, infinity in any case and with a sign; nan in any case, with a sign only as Java writes it. */
static bool read_word(const format *f, sqi_span s, uint64_t *bits, bool *negative)
{
    const char *p = s.ptr, *end = s.ptr + s.len;
    bool sign = p < end && (*p == '-' || *p == '+');
    *negative = sign && *p == '-';
    p += sign;
    if (equal_nocase(p, end, "infinity") || equal_nocase(p, end, "inf")) {
        *bits = f->infinity;
        return true;
    }
    if (equal_nocase(p, end, "nan") && (!sign || memcmp(p, "NaN", 3) == 0)) {
        *bits = f->infinity | f->infinity >> 1;
        *negative = false;
        return true;
    }
    return false;
}

/* Bits without sign. *done: *v has the answer already. */
static bool read_float(const format *f, sqi_span text, uint64_t *bits, bool *negative, double *v, bool *done)
{
    sqi_span s = sqi_numeral_trim(text);
    const char *end = s.ptr + s.len, *p = s.ptr, *stop;
    sqi_numeral n;
    *done = false;
    if (!s.len)
        return false;
    const char *body = p + (*p == '-' || *p == '+');
    if (end - body > 2 && body[0] == '0' && (body[1] == 'x' || body[1] == 'X')) {
        *negative = *p == '-';
        if (!read_hex(f, body + 2, end, bits, &stop))
            return false;
    } else if (sqi_numeral_scan(s, &n)) {
        *negative = n.negative;
        stop = n.end;
        *done = f == &binary64 && exact_operation(&n, v);
        if (!*done)
            *bits = nearest(f, &n);
    } else {
        return read_word(f, s, bits, negative);
    }
    if (stop < end && strchr("dDfF", *stop) && *stop)
        stop++;
    return stop == end;
}

bool sqi_number_read_double(sqi_span text, double *v)
{
    uint64_t bits;
    bool negative, done;
    if (!read_float(&binary64, text, &bits, &negative, v, &done))
        return false;
    if (!done)
        memcpy(v, &bits, sizeof *v);
    if (negative)
        *v = -*v;
    return true;
}

bool sqi_number_read_float(sqi_span text, float *v)
{
    uint64_t bits;
    bool negative, done;
    double unused;
    if (!read_float(&binary32, text, &bits, &negative, &unused, &done))
        return false;
    uint32_t b = (uint32_t)bits;
    memcpy(v, &b, sizeof *v);
    if (negative)
        *v = -*v;
    return true;
}
