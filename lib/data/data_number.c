/*
 * data_number: numbers to text. Reading is in data_number_read.c.
 *
 * Floating point prints with the fewest digits that read back, the nearest of those to the value, and at least two
 * (Java's rule: 2.0, 4.9E-324). The method is Schubfach (R. Giulietti): scale the value and the two ends of its
 * rounding interval by a power of ten such that the interval holds at least one integer and at most one multiple of
 * ten, and pick. Products are "rounded to odd": the last bit stands for everything cut off, so comparisons with it
 * are exact.
 */
#include "data_number.h"

#include "data_pow10.h"

static const char pairs[201] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                               "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                               "8081828384858687888990919293949596979899";

/* Digits of v, most significant first; no sign, no NUL. */
static size_t put_u64(uint64_t v, char *to)
{
    char tmp[20], *p = tmp + sizeof tmp;
    while (v >= 100) {
        p -= 2;
        memcpy(p, pairs + v % 100 * 2, 2);
        v /= 100;
    }
    if (v >= 10) {
        p -= 2;
        memcpy(p, pairs + v * 2, 2);
    } else {
        *--p = (char)('0' + v);
    }
    size_t n = (size_t)(tmp + sizeof tmp - p);
    memcpy(to, p, n);
    return n;
}

size_t sqi_number_int(int64_t v, char to[SQI_NUMBER_TEXT])
{
    if (v >= 0)
        return put_u64((uint64_t)v, to);
    to[0] = '-';
    return 1 + put_u64(UINT64_C(0) - (uint64_t)v, to + 1);
}

/* digits * 10^exponent */
typedef struct shortest {
    uint64_t digits;
    int exponent;
} shortest;

static inline uint64_t round_to_odd(sqi_pow10 g, uint64_t c)
{
    unsigned __int128 x = (unsigned __int128)g.lo * c;
    unsigned __int128 y = (unsigned __int128)g.hi * c + (uint64_t)(x >> 64);
    return (uint64_t)(y >> 64) | ((uint64_t)y > 1);
}

static inline int floor_shift(int64_t x, int bits)
{
    return (int)(x >= 0 ? x >> bits : ~(~x >> bits));
}

/* The shortest decimal for c * 2^q. `edge`: c is a power of two whose lower neighbour is only half as far away. */
static shortest find_shortest(uint64_t c, int q, bool edge)
{
    bool odd = c & 1;
    int k = floor_shift((int64_t)q * 1262611 - (edge ? 524031 : 0), 22); /* floor(log10(2^q)), of 3/4 of it for edges */
    int h = q + sqi_pow10_log2(-k) + 1;
    sqi_pow10 g = sqi_pow10_bits(-k);
    g.hi += ++g.lo == 0;

    uint64_t cb = c << 2;
    uint64_t lower = round_to_odd(g, (cb - (edge ? 1 : 2)) << h) + odd;
    uint64_t value = round_to_odd(g, cb << h);
    uint64_t upper = round_to_odd(g, (cb + 2) << h) - odd;

    /* All three are in quarters of 10^k. First try one digit less. */
    uint64_t s = value >> 2;
    if (s >= 100) {
        uint64_t down = s / 10 * 10, up = down + 10;
        bool down_in = lower <= down << 2, up_in = up << 2 <= upper;
        if (down_in != up_in)
            return (shortest){down_in ? down : up, k};
    }
    uint64_t t = s + 1;
    bool s_in = lower <= s << 2, t_in = t << 2 <= upper;
    if (s_in != t_in)
        return (shortest){s_in ? s : t, k};
    uint64_t middle = (s + t) << 1;
    bool s_near = value < middle || (value == middle && !(s & 1));
    return (shortest){s_near ? s : t, k};
}

/* As Java writes it: plain from 1e-3 up to 1e7, else d.dddE-n. */
static size_t put_shortest(shortest f, char *to)
{
    if (f.digits % 100000000 == 0) {
        f.digits /= 100000000;
        f.exponent += 8;
    }
    while (f.digits % 10 == 0) {
        f.digits /= 10;
        f.exponent++;
    }
    char d[20];
    size_t n = put_u64(f.digits, d), len = 0;
    int point = (int)n + f.exponent; /* the value is 0.ddd * 10^point */
    if (point > 0 && point <= 7) {
        size_t whole = (size_t)point < n ? (size_t)point : n;
        memcpy(to, d, whole);
        memset(to + whole, '0', (size_t)point - whole);
        len = (size_t)point;
        to[len++] = '.';
        if (n > whole) {
            memcpy(to + len, d + whole, n - whole);
            return len + n - whole;
        }
        to[len++] = '0';
        return len;
    }
    if (point <= 0 && point > -3) {
        to[len++] = '0';
        to[len++] = '.';
        memset(to + len, '0', (size_t)-point);
        len += (size_t)-point;
        memcpy(to + len, d, n);
        return len + n;
    }
    to[len++] = d[0];
    to[len++] = '.';
    if (n > 1) {
        memcpy(to + len, d + 1, n - 1);
        len += n - 1;
    } else {
        to[len++] = '0';
    }
    to[len++] = 'E';
    return len + sqi_number_int(point - 1, to + len);
}

static size_t put_text(const char *text, char *to)
{
    size_t n = strlen(text);
    memcpy(to, text, n);
    return n;
}

/*
 * One value of a binary format: `fraction` of `bits` bits, biased exponent, unit exponent of the subnormals. Below
 * `tiny` units a single digit would do, but two are printed: scale by ten, so that both are found.
 */
static size_t put_float(uint64_t fraction, int bits, int biased, int unit, uint64_t tiny, char *to)
{
    uint64_t implicit = UINT64_C(1) << bits;
    if (biased == 0) {
        if (!fraction)
            return put_text("0.0", to);
        if (fraction >= tiny)
            return put_shortest(find_shortest(fraction, unit, false), to);
        shortest f = find_shortest(fraction * 10, unit, false);
        f.exponent--;
        return put_shortest(f, to);
    }
    uint64_t c = fraction | implicit;
    int q = unit + biased - 1;
    if (q <= 0 && q >= -bits && !(c & ((UINT64_C(1) << -q) - 1)) && c >> -q < 10000000) { /* a small integer */
        size_t len = put_u64(c >> -q, to);
        to[len] = '.';
        to[len + 1] = '0';
        return len + 2;
    }
    return put_shortest(find_shortest(c, q, !fraction && biased > 1), to);
}

size_t sqi_number_double(double v, char to[SQI_NUMBER_TEXT])
{
    uint64_t b;
    memcpy(&b, &v, sizeof b);
    uint64_t fraction = b & ((UINT64_C(1) << 52) - 1);
    int biased = (int)(b >> 52 & 2047);
    if (biased == 2047 && fraction)
        return put_text("NaN", to);
    size_t sign = b >> 63;
    to[0] = '-';
    if (biased == 2047)
        return sign + put_text("Infinity", to + sign);
    return sign + put_float(fraction, 52, biased, -1074, 3, to + sign);
}

size_t sqi_number_float(float v, char to[SQI_NUMBER_TEXT])
{
    uint32_t b;
    memcpy(&b, &v, sizeof b);
    uint32_t fraction = b & ((UINT32_C(1) << 23) - 1);
    int biased = (int)(b >> 23 & 255);
    if (biased == 255 && fraction)
        return put_text("NaN", to);
    size_t sign = b >> 31;
    to[0] = '-';
    if (biased == 255)
        return sign + put_text("Infinity", to + sign);
    return sign + put_float(fraction, 23, biased, -149, 8, to + sign);
}

/* Digits of a 128-bit number; at most 39. */
static size_t put_u128(unsigned __int128 v, char *to)
{
    const uint64_t chunk = UINT64_C(10000000000000000000);
    if (v <= UINT64_MAX)
        return put_u64((uint64_t)v, to);
    size_t n = put_u128(v / chunk, to);
    uint64_t rest = (uint64_t)(v % chunk);
    for (size_t i = 19; i-- > 0; rest /= 10)
        to[n + i] = (char)('0' + rest % 10);
    return n + 19;
}

size_t sqi_number_decimal(sqi_int128 unscaled, int scale, char to[SQI_NUMBER_TEXT])
{
    char d[40];
    size_t len = 0;
    unsigned __int128 u = (unsigned __int128)unscaled;
    if (unscaled < 0) {
        to[len++] = '-';
        u = -u;
    }
    size_t n = put_u128(u, d), s = scale > 0 ? (size_t)scale : 0;
    if (s > SQI_NUMBER_TEXT - 24)
        s = SQI_NUMBER_TEXT - 24; /* no type has such a scale */
    if (s == 0) {
        memcpy(to + len, d, n);
        return len + n;
    }
    if (n > s) {
        memcpy(to + len, d, n - s);
        len += n - s;
        to[len++] = '.';
        memcpy(to + len, d + n - s, s);
        return len + s;
    }
    to[len++] = '0';
    to[len++] = '.';
    memset(to + len, '0', s - n);
    memcpy(to + len + s - n, d, n);
    return len + s;
}
