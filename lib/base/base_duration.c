/*
 * base_duration: Spark's texts for a length of time, to microseconds.
 *
 * Both of Spark's grammars are taken: the short one of configuration values ("100ms", "5 min", a bare number is
 * milliseconds) and the interval text of triggers and watermarks ("interval 1 minute 30 seconds", "1.5 seconds").
 * Months and years have no fixed length and do not parse.
 */
#include "base_option.h"

static const struct {
    const char *name;
    int64_t micros;
} units[] = {
    {"us", 1},
    {"microsecond", 1},
    {"microseconds", 1},
    {"ms", 1000},
    {"millisecond", 1000},
    {"milliseconds", 1000},
    {"s", 1000000},
    {"second", 1000000},
    {"seconds", 1000000},
    {"m", INT64_C(60000000)},
    {"min", INT64_C(60000000)},
    {"minute", INT64_C(60000000)},
    {"minutes", INT64_C(60000000)},
    {"h", INT64_C(3600000000)},
    {"hour", INT64_C(3600000000)},
    {"hours", INT64_C(3600000000)},
    {"d", INT64_C(86400000000)},
    {"day", INT64_C(86400000000)},
    {"days", INT64_C(86400000000)},
    {"week", INT64_C(604800000000)},
    {"weeks", INT64_C(604800000000)},
};

static bool unit_of(sqi_span name, int64_t *micros)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (sqi_span_equal_nocase(name, sqi_span_of(units[i].name))) {
            *micros = units[i].micros;
            return true;
        }
    return false;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_space(const char **p, const char *end)
{
    while (*p < end && (unsigned char)**p <= 0x20)
        ++*p;
}

typedef struct number {
    bool negative;
    int64_t whole; /* at most 0 */
    int64_t nanos; /* the fraction in billionths, at most 0 */
    bool has_fraction;
} number;

/* Sums run below zero, so that the least value of int64 can be said. */
static bool scan_number(const char **p, const char *end, number *n)
{
    *n = (number){.negative = *p < end && **p == '-'};
    if (*p < end && (**p == '-' || **p == '+')) {
        ++*p;
        skip_space(p, end);
    }
    const char *first = *p;
    for (; *p < end && digit(**p); ++*p)
        if (__builtin_mul_overflow(n->whole, 10, &n->whole) || __builtin_sub_overflow(n->whole, **p - '0', &n->whole))
            return false;
    bool digits = *p > first;
    if (*p == end || **p != '.')
        return digits;
    ++*p;
    n->has_fraction = true;
    int64_t place = 100000000;
    for (; *p < end && digit(**p); ++*p, place /= 10) {
        if (place == 0)
            return false; /* Spark takes nine digits at most */
        n->nanos -= (**p - '0') * place;
        digits = true;
    }
    return digits;
}

/* Add n units of `unit` microseconds to *sum. A fraction is for seconds only, as in Spark. */
static bool add(int64_t *sum, number n, int64_t unit)
{
    int64_t micros;
    if (n.has_fraction && unit != 1000000)
        return false;
    if (__builtin_mul_overflow(n.whole, unit, &micros) || __builtin_add_overflow(micros, n.nanos / 1000, &micros))
        return false;
    return n.negative ? !__builtin_add_overflow(*sum, micros, sum) : !__builtin_sub_overflow(*sum, micros, sum);
}

bool sqi_duration_parse(sqi_span text, int64_t *micros)
{
    static const char word[] = "interval";
    enum { WORD = sizeof word - 1 };
    text = sqi_span_trim(text);
    if (text.len > WORD && (unsigned char)text.ptr[WORD] <= 0x20 &&
        sqi_span_equal_nocase((sqi_span){text.ptr, WORD}, SQI_SPAN(word)))
        text = sqi_span_trim((sqi_span){text.ptr + WORD, text.len - WORD});
    const char *p = text.ptr, *end = text.ptr + text.len;
    int64_t sum = 0;
    bool first = true;
    while (p < end) {
        number n;
        int64_t unit;
        if (!scan_number(&p, end, &n))
            return false;
        skip_space(&p, end);
        const char *name = p;
        while (p < end && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')))
            p++;
        if (p == name) { /* a number alone */
            if (!first || p < end || !add(&sum, n, 1000))
                return false;
        } else if (!unit_of((sqi_span){name, (size_t)(p - name)}, &unit) || !add(&sum, n, unit)) {
            return false;
        }
        skip_space(&p, end);
        first = false;
    }
    if (first)
        return false;
    *micros = sum;
    return true;
}
