/* limit_json: see the header. */
#include "limit_json.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

const char *const limit_json_names[LIMIT_JSON_TEXTS + 2] = {"user_id",    "page_id",    "ad_type", "event_type",
                                                            "ip_address", "event_time", "price"};

/* What stands in front of each value. */
static const char *const front[] = {
    "{\"user_id\":\"",      "\",\"page_id\":\"",  "\",\"ad_type\":\"", "\",\"event_type\":\"",
    "\",\"ip_address\":\"", "\",\"event_time\":", ",\"price\":"};

static inline const char *quote(const char *p)
{
#if defined(__SSE2__)
    for (;; p += 16) {
        __m128i have = _mm_loadu_si128((const __m128i *)(const void *)p);
        int m = _mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(have, _mm_set1_epi8('"')), _mm_cmpeq_epi8(have, _mm_set1_epi8('\n'))));
        if (m)
            return p + __builtin_ctz((unsigned)m);
    }
#else
    while (*p != '"' && *p != '\n')
        ++p;
    return p;
#endif
}

static inline bool skip(const char **p, size_t i, size_t len)
{
    bool ok = memcmp(*p, front[i], len) == 0;
    *p += len;
    return ok;
}

static inline const char *digits(const char *p, uint64_t *v)
{
    for (unsigned d; (d = (unsigned)*p - '0') <= 9; ++p)
        *v = *v * 10 + d;
    return p;
}

static inline bool one_row(limit_json *to, uint32_t row, const char **from, bool three)
{
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    static const size_t len[] = {12, 13, 13, 16, 16, 15, 9};
    const char *p = *from;
    bool ok = true;
    for (size_t i = 0; i < LIMIT_JSON_TEXTS; i++) {
        ok &= skip(&p, i, len[i]);
        const char *stop = quote(p);
        if (!three || i == 2 || i == 3)
            to->text[i][row] = (limit_json_text){p, (size_t)(stop - p)};
        p = stop;
        if (!ok || *p != '"')
            return false;
    }
    uint64_t time = 0, price = 0;
    ok = skip(&p, 5, len[5]);
    p = digits(p, &time);
    to->time[row] = (int64_t)time;
    ok &= skip(&p, 6, len[6]);
    p = digits(p, &price);
    ok &= *p == '.';
    const char *point = ++p;
    p = digits(p, &price);
    if (!three && p - point <= 6)
        to->price[row] = (double)price / power[p - point];
    ok &= p[0] == '}' && p[1] == '\n';
    *from = p + 2;
    return ok;
}

bool limit_json_read(limit_json *to, const char **p, const char *end, bool three)
{
    to->rows = 0;
    while (*p < end && to->rows < LIMIT_JSON_ROWS)
        if (!one_row(to, to->rows++, p, three))
            return false;
    return true;
}
