/*
 * data_interval_read: text to intervals, as CAST and literals read them. Printing is in data_interval.c.
 *
 * For a type with fields from F to T the text is either the bare value ("-1 02:03:04.5") or the whole literal
 * ("INTERVAL -'1 02' DAY TO HOUR") with exactly the type's fields. The first field may be as large as the type takes;
 * the others have one or two digits and their natural bounds. Up to nine digits of a second's fraction are read, and
 * those beyond microseconds cut off.
 */
#include "data_interval.h"
#include "data_numeral.h"

typedef struct cursor {
    const char *p, *end;
} cursor;

static bool accept(cursor *c, char what)
{
    if (c->p == c->end || *c->p != what)
        return false;
    c->p++;
    return true;
}

static bool skip_space(cursor *c)
{
    const char *from = c->p;
    while (c->p < c->end && (*c->p == ' ' || (*c->p >= 9 && *c->p <= 13)))
        c->p++;
    return c->p > from;
}

static bool accept_word(cursor *c, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(c->end - c->p) < n || !sqi_span_equal_nocase((sqi_span){c->p, n}, (sqi_span){word, n}))
        return false;
    c->p += n;
    return true;
}

static bool sign(cursor *c)
{
    if (accept(c, '-'))
        return true;
    (void)accept(c, '+');
    return false;
}

/* Digits, at most max_digits of them (0: any); a number beyond 64 bits is held at the largest. */
static bool digits(cursor *c, int max_digits, uint64_t *v)
{
    int n = 0;
    for (*v = 0; c->p < c->end && *c->p >= '0' && *c->p <= '9'; c->p++, n++)
        if (__builtin_mul_overflow(*v, UINT64_C(10), v) || __builtin_add_overflow(*v, (uint64_t)(*c->p - '0'), v))
            *v = UINT64_MAX / 10;
    return n > 0 && (!max_digits || n <= max_digits);
}

/* .d to .ddddddddd in microseconds; nothing is 0 */
static bool fraction(cursor *c, uint64_t *micros)
{
    int n = 0;
    *micros = 0;
    if (!accept(c, '.'))
        return true;
    for (; c->p < c->end && *c->p >= '0' && *c->p <= '9'; c->p++, n++)
        if (n < 6)
            *micros = *micros * 10 + (uint64_t)(*c->p - '0');
    for (int i = n; i < 6; i++)
        *micros *= 10;
    return n >= 1 && n <= 9;
}

/* The whole literal around the value: cuts INTERVAL, quotes and fields off. False: there is none or it does not fit. */
static bool unwrap(cursor *c, const sqi_type *type, bool *negative)
{
    if (!accept_word(c, "INTERVAL"))
        return true;
    if (!skip_space(c))
        return false;
    *negative = sign(c);
    if (!accept(c, '\''))
        return false;
    cursor value = *c;
    const char *quote = memchr(c->p, '\'', (size_t)(c->end - c->p));
    if (!quote)
        return false;
    value.end = quote;
    c->p = quote + 1;
    if (!skip_space(c) || !accept_word(c, sqi_interval_field[type->precision]))
        return false;
    if (type->scale != type->precision &&
        (!skip_space(c) || !accept_word(c, "TO") || !skip_space(c) || !accept_word(c, sqi_interval_field[type->scale])))
        return false;
    if (c->p != c->end)
        return false;
    *c = value;
    return true;
}

static sqi_interval_read read_year_month(cursor *c, const sqi_type *type, bool negative, int64_t *value)
{
    uint64_t years = 0, months = 0;
    bool two = type->precision != type->scale;
    if (!digits(c, 0, type->scale == SQI_YEAR || two ? &years : &months))
        return SQI_INTERVAL_READ_FORMAT;
    if (two && (!accept(c, '-') || !digits(c, 0, &months)))
        return SQI_INTERVAL_READ_FORMAT;
    if (c->p != c->end)
        return SQI_INTERVAL_READ_FORMAT;
    if (years > INT32_MAX / 12 || (two && months > 11) || months > (uint64_t)INT32_MAX + 1)
        return SQI_INTERVAL_READ_RANGE;
    int64_t v = (int64_t)(years * 12 + months);
    v = negative ? -v : v;
    if (v < INT32_MIN || v > INT32_MAX)
        return SQI_INTERVAL_READ_RANGE;
    *value = v;
    return SQI_INTERVAL_READ_OK;
}

static sqi_interval_read read_day_time(cursor *c, const sqi_type *type, bool negative, int64_t *value)
{
    static const uint64_t most[6] = {0, 0, UINT64_C(106751991), 23, 59, 59};
    uint64_t sum = 0, v, micros = 0;
    bool range = false;
    for (int field = type->precision; field <= type->scale; field++) {
        bool first = field == type->precision;
        if (!first && !accept(c, field == SQI_HOUR ? ' ' : ':'))
            return SQI_INTERVAL_READ_FORMAT;
        if (!digits(c, first ? 0 : 2, &v))
            return SQI_INTERVAL_READ_FORMAT;
        range |= !first && v > most[field];
        range |= __builtin_mul_overflow(v, sqi_interval_micros[field], &v) || __builtin_add_overflow(sum, v, &sum);
    }
    if (type->scale == SQI_SECOND && !fraction(c, &micros))
        return SQI_INTERVAL_READ_FORMAT;
    if (c->p != c->end)
        return SQI_INTERVAL_READ_FORMAT;
    range |= __builtin_add_overflow(sum, micros, &sum) || sum > (uint64_t)INT64_MAX + negative;
    if (range)
        return SQI_INTERVAL_READ_RANGE;
    *value = negative ? (int64_t)(UINT64_C(0) - sum) : (int64_t)sum;
    return SQI_INTERVAL_READ_OK;
}

sqi_interval_read sqi_time_interval_read(sqi_span text, const sqi_type *type, int64_t *value)
{
    sqi_span s = sqi_numeral_trim(text);
    cursor c = {s.ptr, s.ptr + s.len};
    bool outer = false;
    if (!unwrap(&c, type, &outer))
        return SQI_INTERVAL_READ_FORMAT;
    bool negative = sign(&c) != outer;
    return type->id == SQI_INTERVAL_YM ? read_year_month(&c, type, negative, value)
                                       : read_day_time(&c, type, negative, value);
}

/* One unit's word, singular or plural. */
static bool unit_word(cursor *c, const char *word)
{
    cursor at = *c;
    if (!accept_word(&at, word))
        return false;
    if (at.p < at.end && (*at.p == 's' || *at.p == 'S'))
        at.p++;
    if (at.p < at.end && !(*at.p == ' ' || (*at.p >= 9 && *at.p <= 13)))
        return false;
    *c = at;
    return true;
}

static bool add_months(sqi_interval *to, int64_t n, int32_t unit)
{
    int64_t product;
    int32_t months;
    if (__builtin_mul_overflow(n, (int64_t)unit, &product) || __builtin_add_overflow(to->months, product, &months))
        return false;
    to->months = months;
    return true;
}

static bool add_days(sqi_interval *to, int64_t n, int32_t unit)
{
    int64_t product;
    int32_t days;
    if (__builtin_mul_overflow(n, (int64_t)unit, &product) || __builtin_add_overflow(to->days, product, &days))
        return false;
    to->days = days;
    return true;
}

static bool add_micros(sqi_interval *to, int64_t n, int64_t unit)
{
    int64_t product;
    return !__builtin_mul_overflow(n, unit, &product) && !__builtin_add_overflow(to->micros, product, &to->micros);
}

/* [sign] number [.fraction] unit; a fraction is for seconds only */
static bool read_unit(cursor *c, sqi_interval *to)
{
    uint64_t n = 0, micros = 0;
    bool negative = sign(c), point = false;
    skip_space(c);
    if (c->p < c->end && *c->p != '.' && !digits(c, 0, &n))
        return false;
    point = c->p < c->end && *c->p == '.';
    if (!fraction(c, &micros) || n > (uint64_t)INT64_MAX || !skip_space(c))
        return false;
    int64_t v = negative ? -(int64_t)n : (int64_t)n, part = negative ? -(int64_t)micros : (int64_t)micros;
    if (unit_word(c, "second"))
        return add_micros(to, v, 1000000) && add_micros(to, part, 1);
    if (point)
        return false;
    if (unit_word(c, "year"))
        return add_months(to, v, 12);
    if (unit_word(c, "month"))
        return add_months(to, v, 1);
    if (unit_word(c, "week"))
        return add_days(to, v, 7);
    if (unit_word(c, "day"))
        return add_days(to, v, 1);
    if (unit_word(c, "hour"))
        return add_micros(to, v, INT64_C(3600000000));
    if (unit_word(c, "minute"))
        return add_micros(to, v, 60000000);
    if (unit_word(c, "millisecond"))
        return add_micros(to, v, 1000);
    return unit_word(c, "microsecond") && add_micros(to, v, 1);
}

bool sqi_time_interval_read_units(sqi_span text, sqi_interval *value)
{
    sqi_span s = sqi_numeral_trim(text);
    cursor c = {s.ptr, s.ptr + s.len};
    *value = (sqi_interval){0, 0, 0};
    cursor word = c;
    if (accept_word(&word, "interval")) {
        if (!skip_space(&word))
            return false;
        c = word;
    }
    if (c.p == c.end)
        return false;
    while (c.p < c.end) {
        if (!read_unit(&c, value))
            return false;
        skip_space(&c);
    }
    return true;
}
