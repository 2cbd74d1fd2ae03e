/*
 * csv_short: numbers and times in the forms that they mostly have, read without a loop over their characters. False means
 * another form, not that it is wrong.
 */
#ifndef SQI_CSV_SHORT_H
#define SQI_CSV_SHORT_H

#include "csv_value.h"

/* May 16 bytes from the begin of a value be read? */
static inline bool sqi_csv_readable(const sqi_csv_values *v, const char *p)
{
    uintptr_t at = (uintptr_t)p - (uintptr_t)v->block.ptr;
    return at < v->block.len && v->block.len - at >= 16;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
enum { SQI_CSV_AT_ONCE = 8 };
/* len <= 8 digits as a number; 8 bytes are read. The digits' bytes are moved behind as many '0' as are missing, then
   neighbours are joined: bytes to pairs, pairs to fours, fours to the eight. */
static inline bool sqi_csv_read_eight(const char *p, size_t len, uint64_t *to)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030), fours = UINT64_C(0x000000FF000000FF);
    uint64_t x;
    memcpy(&x, p, sizeof x);
    x = (x << (32 - 4 * len) << (32 - 4 * len)) | (zeros >> 4 * len >> 4 * len);
    uint64_t high = UINT64_C(0xF0F0F0F0F0F0F0F0), over = x + UINT64_C(0x0606060606060606);
    bool digits = ((x & high) | (over & high) >> 4) == UINT64_C(0x3333333333333333);
    x -= zeros;
    x = x * 10 + (x >> 8);
    *to = ((x & fours) * UINT64_C(0x000F424000000064) + (x >> 16 & fours) * UINT64_C(0x0000271000000001)) >> 32;
    return digits;
}

/* Where in 8 bytes the first point is; 8: nowhere. */
static inline size_t sqi_csv_find_point(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    x ^= UINT64_C(0x2E2E2E2E2E2E2E2E);
    x = (x - UINT64_C(0x0101010101010101)) & ~x & UINT64_C(0x8080808080808080);
    return x ? (size_t)__builtin_ctzll(x) / 8 : 8;
}
#else
enum { SQI_CSV_AT_ONCE = 0 };
static inline bool sqi_csv_read_eight(const char *p, size_t len, uint64_t *to)
{
    (void)p;
    (void)len;
    *to = 0;
    return false;
}
static inline size_t sqi_csv_find_point(const char *p)
{
    (void)p;
    return 0;
}
#endif

/* [-]digits of 8 digits or less. False: another form. */
static inline bool sqi_csv_short_int(const sqi_csv_values *v, sqi_span t, int64_t *to)
{
    bool negative = *t.ptr == '-';
    size_t len = t.len - negative;
    uint64_t sum;
    if (len - 1 >= SQI_CSV_AT_ONCE || !sqi_csv_readable(v, t.ptr) || !sqi_csv_read_eight(t.ptr + negative, len, &sum))
        return false;
    *to = negative ? -(int64_t)sum : (int64_t)sum;
    return true;
}

static const uint64_t sqi_csv_whole_powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
static const double sqi_csv_powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                        1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* [-]digits.digits with at most 7 digits on either side: 15 digits or less, so one division, which is exact. */
static inline bool sqi_csv_short_double(const sqi_csv_values *v, sqi_span t, double *to)
{
    bool negative = *t.ptr == '-';
    size_t len = t.len - negative;
    uint64_t whole, part;
    if (len - 1 >= 15 || !SQI_CSV_AT_ONCE || !sqi_csv_readable(v, t.ptr))
        return false;
    const char *p = t.ptr + negative;
    size_t point = sqi_csv_find_point(p), rest = len - point - 1;
    if (point - 1 >= 7 || rest - 1 >= 7 || !sqi_csv_readable(v, p + point + 1) ||
        !sqi_csv_read_eight(p, point, &whole) || !sqi_csv_read_eight(p + point + 1, rest, &part))
        return false;
    double d = (double)(whole * sqi_csv_whole_powers[rest] + part) / sqi_csv_powers[rest];
    *to = negative ? -d : d;
    return true;
}

/* [-]digits[.digits] of 15 digits or less: one division, which is exact. False: another form. */
static inline bool sqi_csv_short_number(sqi_span text, double *to)
{
    const char *p = text.ptr, *end = p + text.len;
    bool negative = text.len && *p == '-';
    uint64_t sum = 0;
    p += negative;
    if (end - p > 16 || p == end)
        return false;
    const char *point = end, *first = p;
    for (; p < end; p++) {
        unsigned digit = (unsigned char)*p - '0';
        if (digit <= 9) {
            sum = sum * 10 + digit;
        } else {
            if (*p != '.' || point != end || end - first == 1)
                return false;
            point = p;
        }
    }
    size_t digits = (size_t)(end - first) - (point != end), scale = point == end ? 0 : (size_t)(end - point) - 1;
    if (digits > 15)
        return false;
    *to = (double)sum / sqi_csv_powers[scale];
    *to = negative ? -*to : *to;
    return true;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* 8 bytes of a form: in pairs[k] the two digits that stand at k and k + 1. `form` has '0' for a digit, other characters
   stand for themselves. */
static inline bool sqi_csv_read_form(const char *p, const char form[8], uint64_t *pairs)
{
    uint64_t x, want, most = 0;
    memcpy(&x, p, sizeof x);
    memcpy(&want, form, sizeof want);
    for (int k = 0; k < 8; k++)
        most |= (uint64_t)(form[k] == '0' ? 0x76 : 0x7F) << 8 * k; /* what may be added to a byte that is right */
    x ^= want;
    *pairs = x * 10 + (x >> 8);
    return ((x | (x + most)) & UINT64_C(0x8080808080808080)) == 0;
}

static inline unsigned sqi_csv_pair(uint64_t pairs, int k)
{
    return (unsigned)(pairs >> 8 * k & 0xFF);
}
#else
static inline bool sqi_csv_read_form(const char *p, const char form[8], uint64_t *pairs)
{
    bool right = true;
    *pairs = 0;
    for (int k = 0; k < 8; k++)
        right = right && (form[k] == '0' ? p[k] >= '0' && p[k] <= '9' : p[k] == form[k]);
    for (int k = 0; right && k < 7; k++)
        if (form[k] == '0' && form[k + 1] == '0')
            *pairs |= (uint64_t)((p[k] - '0') * 10 + p[k + 1] - '0') << 8 * k;
    return right;
}

static inline unsigned sqi_csv_pair(uint64_t pairs, int k)
{
    return (unsigned)(pairs >> 8 * k & 0xFF);
}
#endif

/* yyyy-mm-dd of ten bytes: the day. */
static inline bool sqi_csv_short_day(const char *p, int64_t *day)
{
    static const uint16_t before[] = {0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275};
    static const uint8_t longest[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint64_t pairs;
    unsigned d1 = (unsigned char)p[8] - (unsigned)'0', d2 = (unsigned char)p[9] - (unsigned)'0', d = d1 * 10 + d2;
    if (!sqi_csv_read_form(p, "0000-00-", &pairs) || d1 > 3 || d2 > 9)
        return false;
    unsigned y = sqi_csv_pair(pairs, 0) * 100 + sqi_csv_pair(pairs, 2), m = sqi_csv_pair(pairs, 5);
    if (m > 12 || d - 1 >= longest[m] || (m == 2 && d == 29 && (y % 4 || (y % 100 == 0 && y % 400))))
        return false;
    unsigned year = y + 399u + (m > 2), century = year / 100; /* counted from a March, 400 years earlier */
    *day = (int64_t)(year * 365 + year / 4 - century + century / 4 + before[m] + d - 1) - 719468 - 146097;
    return true;
}

/* hh:mm:ss of eight bytes. */
static inline bool sqi_csv_read_clock(const char *p, int64_t *seconds)
{
    uint64_t pairs;
    bool form = sqi_csv_read_form(p, "00:00:00", &pairs);
    unsigned h = sqi_csv_pair(pairs, 0), m = sqi_csv_pair(pairs, 3), s = sqi_csv_pair(pairs, 6);
    *seconds = h * 3600 + m * 60 + s;
    return form && h < 24 && m < 60 && s < 60;
}

/* Local microseconds of "yyyy-mm-dd hh:mm:ss[.ffffff]". False: another form. */
static inline bool sqi_csv_short_moment(sqi_span text, int64_t *seconds, int64_t *micros)
{
    int64_t day, clock;
    if (text.len < 19 || text.len == 20 || text.len > 26 || (text.ptr[10] != ' ' && text.ptr[10] != 'T'))
        return false;
    if (!sqi_csv_read_clock(text.ptr + 11, &clock) || !sqi_csv_short_day(text.ptr, &day))
        return false;
    *seconds = day * 86400 + clock;
    *micros = 0;
    if (text.len == 19)
        return true;
    static const int32_t unit[] = {100000, 10000, 1000, 100, 10, 1};
    int64_t fraction = 0;
    for (size_t i = 20; i < text.len; i++) {
        unsigned digit = (unsigned char)text.ptr[i] - '0';
        if (digit > 9)
            return false;
        fraction += (int64_t)digit * unit[i - 20];
    }
    *micros = fraction;
    return text.ptr[19] == '.';
}

#endif
