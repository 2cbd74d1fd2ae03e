/*
 * limit_csv: see the header. Numbers are read while their end is looked for; the text's end is found 16 bytes at a time;
 * the time stands in places that are known.
 */
#include "limit_csv.h"

#include <stdbool.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static inline const char *find_comma(const char *p)
{
#if defined(__SSE2__)
    const __m128i comma = _mm_set1_epi8(',');
    for (;; p += 16) {
        unsigned hit =
            (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), comma));
        if (hit)
            return p + __builtin_ctz(hit);
    }
#else
    while (*p != ',')
        p++;
    return p;
#endif
}

static inline const char *read_number(const char *p, int32_t *to)
{
    bool negative = *p == '-';
    int32_t sum = 0;
    for (p += negative; *p != ','; p++)
        sum = sum * 10 + (*p - '0');
    *to = negative ? -sum : sum;
    return p + 1;
}

static inline const char *read_real(const char *p, double *to)
{
    static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    bool negative = *p == '-';
    int64_t sum = 0;
    for (p += negative; *p != '.' && *p != ','; p++)
        sum = sum * 10 + (*p - '0');
    const char *point = p + 1;
    if (*p == '.')
        for (p++; *p != ','; p++)
            sum = sum * 10 + (*p - '0');
    double v = (double)sum / powers[p < point ? 0 : p - point];
    *to = negative ? -v : v;
    return p + 1;
}

static inline int two(const char *p)
{
    return (p[0] - '0') * 10 + (p[1] - '0');
}

/* "yyyy-mm-dd hh:mm:ss" */
static inline int64_t read_time(const char *p)
{
    int y = two(p) * 100 + two(p + 2), m = two(p + 5), d = two(p + 8);
    y -= m <= 2;
    int era = y / 400, in_era = y - era * 400;
    int day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t days = (int64_t)era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + day - 719468;
    return (days * 86400 + two(p + 11) * 3600 + two(p + 14) * 60 + two(p + 17)) * 1000000;
}

size_t limit_csv_read(const char **at, const char *end, const limit_csv_rows *to, size_t most)
{
    const char *p = *at;
    size_t n = 0;
    while (n < most && p < end) {
        p = read_number(p, &to->number[n]);
        const char *comma = find_comma(p);
        to->text[n] = (limit_csv_text){p, (size_t)(comma - p)};
        p = read_real(comma + 1, &to->real[n]);
        to->time[n++] = read_time(p);
        if (p[19] != '\n')
            break;
        p += 20;
    }
    *at = p;
    return n;
}
