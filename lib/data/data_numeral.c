/*
 * data_numeral: the parts of a decimal numeral, and integers and decimals read from them. See data_number.h for the
 * readers; floating point is in data_number_read.c. Nothing here depends on the locale, and work is linear in the text.
 */
#include "data_numeral.h"

#include "data_decimal.h"
#include "data_number.h"

sqi_span sqi_numeral_trim(sqi_span s)
{
    while (s.len && ((unsigned char)s.ptr[0] <= 0x20 || s.ptr[0] == 0x7f)) {
        s.ptr++;
        s.len--;
    }
    while (s.len && ((unsigned char)s.ptr[s.len - 1] <= 0x20 || s.ptr[s.len - 1] == 0x7f))
        s.len--;
    return s;
}

bool sqi_number_read_int(sqi_span text, int64_t min, int64_t max, int64_t *v, bool *overflow)
{
    sqi_span s = sqi_numeral_trim(text);
    bool negative = false;
    size_t i = 0;
    uint64_t sum = 0;
    *overflow = false;
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        negative = s.ptr[i++] == '-';
    if (i == s.len)
        return false;
    for (; i < s.len; i++) {
        unsigned digit = (unsigned char)s.ptr[i] - '0';
        if (digit > 9)
            return false;
        if (*overflow || __builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, digit, &sum))
            *overflow = true;
    }
    if (sum > (uint64_t)INT64_MAX + negative)
        *overflow = true;
    if (*overflow)
        return false;
    int64_t value = negative ? (int64_t)(UINT64_C(0) - sum) : (int64_t)sum;
    *overflow = value < min || value > max;
    *v = value;
    return !*overflow;
}

static bool is_digit(const char *p, const char *end)
{
    return p < end && *p >= '0' && *p <= '9';
}

/* [e[+-]digits]; an exponent beyond what matters is held at a large number. False: an 'e' without digits. */
static bool scan_exponent(const char **p, const char *end, int64_t *exponent)
{
    *exponent = 0;
    if (*p == end || (**p != 'e' && **p != 'E'))
        return true;
    const char *q = *p + 1;
    bool negative = false;
    if (q < end && (*q == '+' || *q == '-'))
        negative = *q++ == '-';
    if (!is_digit(q, end))
        return false;
    int64_t e = 0;
    for (; is_digit(q, end); q++)
        if (e < INT64_C(100000000000))
            e = e * 10 + (*q - '0');
    *exponent = negative ? -e : e;
    *p = q;
    return true;
}

bool sqi_numeral_scan(sqi_span s, sqi_numeral *n)
{
    const char *p = s.ptr, *end = s.ptr + s.len;
    memset(n, 0, sizeof *n);
    if (p < end && (*p == '-' || *p == '+'))
        n->negative = *p++ == '-';
    const char *first = NULL, *point = NULL, *from = p;
    for (; p < end; p++) {
        if (*p == '.' && !point)
            point = p;
        else if (*p < '0' || *p > '9')
            break;
        else if (!first && *p != '0')
            first = p;
    }
    const char *stop = p;
    if (stop - from == (point ? 1 : 0))
        return false;
    int64_t exponent;
    if (!scan_exponent(&p, end, &exponent))
        return false;
    n->end = p;
    n->digits = first ? first : stop;
    n->digits_end = stop;
    n->scale = (point ? stop - point - 1 : 0) - exponent;
    if (!point)
        n->point = stop - n->digits;
    else
        n->point = n->digits < point ? point - n->digits : point + 1 - n->digits;
    n->point += exponent;
    return true;
}

/* The first `keep` digits of the numeral as a number (zeros where there are fewer), and the digit after them. */
static unsigned __int128 leading(const sqi_numeral *n, int64_t keep, int *next)
{
    unsigned __int128 v = 0;
    int64_t taken = 0;
    *next = 0;
    for (const char *p = n->digits; p < n->digits_end; p++) {
        if (*p == '.')
            continue;
        if (taken == keep) {
            *next = *p - '0';
            return v;
        }
        v = v * 10 + (unsigned)(*p - '0');
        taken++;
    }
    for (; taken < keep && v; taken++)
        v *= 10;
    return v;
}

static int64_t digit_count(const sqi_numeral *n)
{
    int64_t count = n->digits_end - n->digits;
    return count - (count && memchr(n->digits, '.', (size_t)count));
}

bool sqi_number_read_decimal(sqi_span text, sqi_int128 *unscaled, int *scale, bool *overflow)
{
    sqi_span s = sqi_numeral_trim(text);
    sqi_numeral n;
    int next;
    *overflow = false;
    if (!sqi_numeral_scan(s, &n) || n.end != s.ptr + s.len)
        return false;
    int64_t count = digit_count(&n);
    if (count > 38 || n.scale > 1000 || n.scale < -1000) {
        *overflow = true;
        return false;
    }
    sqi_int128 v = (sqi_int128)leading(&n, count, &next);
    *unscaled = n.negative ? -v : v;
    *scale = (int)n.scale;
    return true;
}

sqi_decimal_read sqi_number_read_decimal_as(sqi_span text, int precision, int scale, sqi_int128 *unscaled)
{
    sqi_span s = sqi_numeral_trim(text);
    sqi_numeral n;
    int next;
    if (!sqi_numeral_scan(s, &n) || n.end != s.ptr + s.len)
        return SQI_DECIMAL_READ_MALFORMED;
    *unscaled = 0;
    if (n.digits == n.digits_end)
        return n.scale < -37 ? SQI_DECIMAL_READ_RANGE : SQI_DECIMAL_READ_OK;
    if (n.point > 38)
        return SQI_DECIMAL_READ_RANGE;
    int64_t keep = n.point + scale;
    if (keep > 38)
        return SQI_DECIMAL_READ_PRECISION;
    if (keep < 0)
        return SQI_DECIMAL_READ_OK;
    sqi_int128 v = (sqi_int128)leading(&n, keep, &next);
    v += next >= 5;
    if (!sqi_decimal_fits(v, precision))
        return SQI_DECIMAL_READ_PRECISION;
    *unscaled = n.negative ? -v : v;
    return SQI_DECIMAL_READ_OK;
}
