/*
 * func_number_format: format_number(x, d) and format_number(x, pattern), as Java's DecimalFormat prints.
 *
 * A number is first a row of decimal digits with a point, exact for integers and decimals, the shortest ones for
 * floating point. Rounding is HALF_EVEN, of the value itself: where the digits of a double end in just the 5 that is
 * cut, their side of the true value decides.
 */
#include "data_number.h"
#include "data_numeral.h"
#include "expr_bind.h"
#include "func_str.h"

#include <math.h>

/* ---- patterns ------------------------------------------------------------------------------------------------- */

typedef struct pattern {
    sqi_span prefix, suffix, minus_prefix, minus_suffix; /* as written, quotes and all */
    bool minus;                                          /* the pattern has a part of its own for negative numbers */
    int32_t min_int, max_int, min_frac, max_frac, group;
    int32_t power;    /* 2 for per cent, 3 for per mille */
    int32_t exponent; /* digits of an exponent; 0: none */
} pattern;

/* One affix: up to a character of the number part (`number`), or to ';' or the end. False: an open quote. */
static bool scan_affix(const char **p, const char *end, bool number, pattern *f, sqi_span *out)
{
    const char *from = *p, *q = from;
    bool quoted = false;
    for (; q < end; q++) {
        if (*q == '\'')
            quoted = !quoted;
        else if (!quoted && (*q == ';' || (number && memchr("#0,.", *q, 4))))
            break;
        else if (!quoted && !number && memchr("#0,.", *q, 4))
            return false;
        else if (!quoted && *q == '%')
            f->power = 2;
        else if (!quoted && end - q >= 3 && memcmp(q, "\xE2\x80\xB0", 3) == 0)
            f->power = 3;
    }
    *out = (sqi_span){from, (size_t)(q - from)};
    *p = q;
    return !quoted;
}

/* #,##0.00E0. False: zeros and hashes out of order. */
static bool scan_digits(const char **p, const char *end, pattern *f)
{
    int32_t left = 0, zero = 0, right = 0, point = -1, group = -1;
    const char *q = *p;
    for (; q < end && memchr("#0,.", *q, 4); q++) {
        if (left + zero + right > 10000)
            return false;
        if (*q == '#') {
            ++*(zero ? &right : &left);
            group += group >= 0 && point < 0;
        } else if (*q == '0') {
            if (right)
                return false;
            zero++;
            group += group >= 0 && point < 0;
        } else if (*q == ',') {
            if (point >= 0)
                return false;
            group = 0;
        } else {
            if (point >= 0)
                return false;
            point = left + zero + right;
        }
    }
    if (q < end && *q == 'E') {
        for (q++; q < end && *q == '0'; q++)
            f->exponent++;
        if (!f->exponent || left + zero < 1)
            return false;
    }
    *p = q;
    if (!zero && left && point >= 0) { /* #.## is 0.## */
        int32_t n = point ? point : 1;
        right = left - n;
        left = n - 1;
        zero = 1;
    }
    if (group == 0 || (point < 0 && right) || (point >= 0 && (point < left || point > left + zero)))
        return false;
    int32_t total = left + zero + right, whole = point >= 0 ? point : total;
    f->min_int = whole - left;
    f->max_int = f->exponent ? whole : INT32_MAX;
    f->max_frac = point >= 0 ? total - point : 0;
    f->min_frac = point >= 0 ? left + zero - point : 0;
    f->group = group > 0 ? group : 0;
    return true;
}

static bool scan_pattern(sqi_span s, pattern *f)
{
    const char *p = s.ptr, *end = s.ptr + s.len;
    memset(f, 0, sizeof *f);
    if (!s.len)
        s = SQI_SPAN("#,###,###,###,###,###,##0"), p = s.ptr, end = s.ptr + s.len;
    if (!scan_affix(&p, end, true, f, &f->prefix) || !scan_digits(&p, end, f) ||
        !scan_affix(&p, end, false, f, &f->suffix))
        return false;
    if (p == end || ++p == end)
        return true;
    pattern ignored = {.prefix = {NULL, 0}};
    f->minus = true;
    return scan_affix(&p, end, true, f, &f->minus_prefix) && scan_digits(&p, end, &ignored) &&
           scan_affix(&p, end, false, f, &f->minus_suffix) && p == end;
}

static void whole_pattern(int32_t digits, pattern *f)
{
    *f = (pattern){.min_int = 1, .max_int = INT32_MAX, .min_frac = digits, .max_frac = digits, .group = 3};
}

/* ---- digits --------------------------------------------------------------------------------------------------- */

typedef struct number {
    bool negative, nan, infinite;
    char digit[48]; /* of 0.ddd * 10^point, no zeros in front */
    int32_t n, point;
    int side;          /* of the digits relative to the value: 1 above, -1 below */
    int32_t most_frac; /* DecimalFormat's own ceiling */
} number;

static void set_digits(number *x, sqi_span text)
{
    sqi_numeral n;
    if (!sqi_numeral_scan(text, &n))
        return;
    x->negative = n.negative;
    for (const char *p = n.digits; p < n.digits_end && x->n < 48; p++)
        if (*p != '.')
            x->digit[x->n++] = *p;
    x->point = x->n ? (int32_t)n.point : 0;
    while (x->n && x->digit[x->n - 1] == '0')
        x->n--;
}

/* Which side of |v| its shortest digits are on. Exact while the last digit stands at 10^-22 or above; finer ones are
   far from any rounding that a pattern can ask for. */
static int side_of(double v, const number *x)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int32_t places = x->n - x->point;
    uint64_t d = 0;
    if (places <= 0 || places > 22)
        return 0;
    for (int32_t i = 0; i < x->n; i++)
        d = d * 10 + (uint64_t)(x->digit[i] - '0');
    double near = (double)d, rest = fma(fabs(v), power[places], -near), low = (double)((int64_t)d - (int64_t)near);
    return rest < low ? 1 : rest > low ? -1 : 0;
}

static void load(const sqi_vec *v, uint32_t i, number *x)
{
    char t[SQI_NUMBER_TEXT];
    memset(x, 0, sizeof *x);
    x->most_frac = 340;
    double d;
    switch (v->type->id) {
    case SQI_FLOAT:
    case SQI_DOUBLE:
        d = v->type->id == SQI_FLOAT ? (double)SQI_AT(v, float, i) : SQI_AT(v, double, i);
        x->nan = isnan(d);
        x->infinite = isinf(d);
        if (!x->nan && !x->infinite) {
            set_digits(x, (sqi_span){t, sqi_number_double(d, t)});
            x->side = side_of(d, x);
        }
        x->negative = signbit(d) && !x->nan;
        break;
    case SQI_DECIMAL:
        x->most_frac = INT32_MAX;
        set_digits(x, (sqi_span){t, sqi_number_decimal(SQI_AT(v, sqi_int128, i), v->type->scale, t)});
        break;
    default:
        set_digits(x, (sqi_span){t, sqi_number_int(SQI_AT(v, int64_t, i), t)});
        break;
    }
}

/* Keep so many digits in front, HALF_EVEN. */
static void round_to(number *x, int64_t keep)
{
    if (keep >= x->n)
        return;
    if (keep < 0) {
        x->n = 0;
        return;
    }
    char next = x->digit[keep];
    bool up = next > '5';
    if (next == '5') {
        bool even = !keep || (x->digit[keep - 1] - '0') % 2 == 0;
        up = x->n > keep + 1 || (x->side ? x->side < 0 : !even);
    }
    x->n = (int32_t)keep;
    while (up && x->n && x->digit[x->n - 1] == '9')
        x->n--;
    if (up && x->n) {
        x->digit[x->n - 1]++;
    } else if (up) {
        x->digit[x->n++] = '1';
        x->point++;
    }
    while (x->n && x->digit[x->n - 1] == '0')
        x->n--;
}

/* ---- writing -------------------------------------------------------------------------------------------------- */

static char *put_affix(char *to, sqi_span affix)
{
    for (size_t i = 0; i < affix.len; i++) {
        if (affix.ptr[i] != '\'')
            *to++ = affix.ptr[i];
        else if (i + 1 < affix.len && affix.ptr[i + 1] == '\'')
            *to++ = affix.ptr[++i];
    }
    return to;
}

static char digit_at(const number *x, int64_t place)
{
    return place >= 0 && place < x->n ? x->digit[place] : '0';
}

/* The digits around the point; *frac of them behind it at most. */
static char *put_digits(char *to, const number *x, const pattern *f, int32_t min_int, int32_t min_frac,
                        int32_t max_frac)
{
    int32_t whole = x->n && x->point > 0 ? x->point : 0;
    char *from = to;
    if (whole < min_int)
        whole = min_int;
    for (int32_t k = whole; k > 0; k--) {
        *to++ = digit_at(x, (int64_t)x->point - k);
        if (f->group && k > 1 && (k - 1) % f->group == 0)
            *to++ = ',';
    }
    int32_t frac = x->n - x->point > 0 && x->n ? x->n - x->point : 0;
    frac = frac > max_frac ? max_frac : frac < min_frac ? min_frac : frac;
    if (to == from && !frac)
        *to++ = '0';
    if (frac)
        *to++ = '.';
    for (int32_t k = 0; k < frac; k++)
        *to++ = digit_at(x, (int64_t)x->point + k);
    return to;
}

static char *put_scientific(char *to, number *x, const pattern *f)
{
    int32_t min_int = f->min_int, exponent = x->n ? x->point : 0;
    round_to(x, (int64_t)f->max_int + f->max_frac);
    if (x->n)
        exponent = x->point;
    if (f->max_int > 1 && f->max_int > min_int) { /* the exponent in steps of the integer digits */
        int32_t e = exponent - 1;
        exponent = (e >= 0 ? e / f->max_int : -((f->max_int - 1 - e) / f->max_int)) * f->max_int;
        min_int = 1;
    } else {
        exponent -= min_int;
    }
    if (!x->n)
        exponent = 0;
    x->point -= exponent;
    pattern plain = *f;
    plain.group = 0;
    to = put_digits(to, x, &plain, min_int, f->min_frac, f->max_frac + f->max_int);
    *to++ = 'E';
    if (exponent < 0)
        *to++ = '-';
    char t[SQI_NUMBER_TEXT];
    size_t n = sqi_number_int(exponent < 0 ? -exponent : exponent, t);
    for (size_t k = n; k < (size_t)f->exponent; k++)
        *to++ = '0';
    memcpy(to, t, n);
    return to + n;
}

/* Bytes that the text can take at most. */
static size_t room(const number *x, const pattern *f)
{
    size_t whole = (size_t)(x->point > f->min_int ? x->point : f->min_int) + 8;
    int32_t most = f->max_frac > f->min_frac ? f->max_frac : f->min_frac;
    size_t frac = (size_t)(most < x->most_frac ? most : x->most_frac) + 400;
    return whole * 2 + frac + f->prefix.len + f->suffix.len + f->minus_prefix.len + f->minus_suffix.len + 64 +
           (size_t)f->exponent;
}

static size_t put_number(char *to, number *x, const pattern *f)
{
    char *p = to;
    bool minus = x->negative && !x->nan;
    if (minus && !f->minus)
        *p++ = '-';
    p = put_affix(p, minus && f->minus ? f->minus_prefix : f->prefix);
    if (x->nan || x->infinite) {
        const char *word = x->nan ? "NaN" : "\xE2\x88\x9E";
        memcpy(p, word, 3);
        p += 3;
    } else if (f->exponent) {
        p = put_scientific(p, x, f);
    } else {
        int32_t most = f->max_frac < x->most_frac ? f->max_frac : x->most_frac;
        int32_t least = f->min_frac < x->most_frac ? f->min_frac : x->most_frac;
        x->point += x->n ? f->power : 0;
        round_to(x, (int64_t)x->point + most);
        p = put_digits(p, x, f, f->min_int, least, most);
    }
    p = put_affix(p, minus && f->minus ? f->minus_suffix : f->suffix);
    return (size_t)(p - to);
}

/* ---- the row -------------------------------------------------------------------------------------------------- */

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *given = node->arg[0]->type, *how = node->arg[1]->type;
    node->type = &sqi_type_string;
    if (!sqi_type_is_numeric(given) && given->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, 0, "\"NUMERIC\"", err);
    if (sqi_type_is_integral(given) || given->id == SQI_VOID)
        SQI_TRY(sqi_bind_cast(b, &node->arg[0], &sqi_type_bigint, err));
    if (how->id == SQI_STRING)
        return STREAMQ_OK;
    if (!sqi_type_is_integral(how) && how->id != SQI_VOID)
        return sqi_bind_arg_type_error(b, node, 1, "(\"INT\" or \"STRING\")", err);
    return sqi_bind_cast(b, &node->arg[1], &sqi_type_int, err);
}

/* The pattern of row i; *null: a negative number of digits. A constant one is read once. */
static streamq_status pattern_at(const sqi_vec *how, uint32_t i, bool *known, pattern *f, bool *null,
                                 streamq_error **err)
{
    if (*known && how->mask == 0)
        return STREAMQ_OK;
    *known = true;
    *null = false;
    if (how->type->id == SQI_INT) {
        int32_t digits = SQI_AT(how, int32_t, i);
        *null = digits < 0;
        whole_pattern(digits, f);
        return STREAMQ_OK;
    }
    sqi_span s = SQI_SPAN_AT(how, i);
    if (scan_pattern(s, f))
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_INVALID_FORMAT__UNEXPECTED_TOKEN, "'%.*s' is no pattern of a number",
                         s.len > 80 ? 80 : (int)s.len, s.ptr);
}

static streamq_status format_number(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                    streamq_error **err)
{
    sqi_heap heap;
    pattern f;
    bool known = false, null = false;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        number x;
        SQI_TRY(pattern_at(&arg[1], i, &known, &f, &null, err));
        if (null) {
            SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
            sqi_vec_set_null(out, i);
            continue;
        }
        load(&arg[0], i, &x);
        size_t most = room(&x, &f);
        if (most > SQI_STR_MAX)
            return sqi_str_too_long(err);
        char *to = sqi_heap_reserve(&heap, most);
        if (!to)
            return sqi_error_nomem(err);
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, put_number(to, &x, &f));
    }
    return STREAMQ_OK;
}

const sqi_func sqi_func_number_format[] = {{.name = "format_number",
                                            .min_args = 2,
                                            .max_args = 2,
                                            .resolve = resolve,
                                            .kernel = format_number,
                                            .text = "The number with thousands separators and so many digits after the "
                                                    "point, or by a pattern such as '#,##0.00'."},
                                           {0}};
