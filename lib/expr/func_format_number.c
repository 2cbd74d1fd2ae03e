/*
 * func_format_number: numbers and texts under one conversion (func_format.h).
 *
 * Digits of a double are its shortest ones, rounded half up where the precision asks for fewer: so does Java, and the
 * C library does not.
 */
#include "data_number.h"
#include "func_case.h"
#include "func_format.h"

#define DIGITS_MAX 400

/* 0.d1 d2 d3 ... times ten to the power of `point`. */
typedef struct digits {
    char at[DIGITS_MAX];
    int n, point;
} digits;

static void read_digits(double v, digits *d)
{
    char text[SQI_NUMBER_TEXT];
    size_t len = sqi_number_double(v, text);
    int exponent = 0, before = 0;
    bool point = false;
    size_t i = 0;
    d->n = 0;
    for (; i < len && text[i] != 'E'; i++) {
        if (text[i] == '.') {
            point = true;
        } else {
            before += !point;
            d->at[d->n++] = text[i];
        }
    }
    bool negative = i + 1 < len && text[i + 1] == '-';
    for (i += 1 + (size_t)negative; i < len; i++)
        exponent = exponent * 10 + (text[i] - '0');
    d->point = before + (negative ? -exponent : exponent);
    int zeros = 0;
    while (zeros < d->n - 1 && d->at[zeros] == '0')
        zeros++;
    memmove(d->at, d->at + zeros, (size_t)(d->n - zeros));
    d->n -= zeros;
    d->point -= zeros;
}

static bool is_zero(const digits *d)
{
    return d->n == 1 && d->at[0] == '0';
}

/* Keep `count` digits (0 or less: perhaps none), rounding half up. */
static void round_to(digits *d, int count)
{
    if (count >= d->n || is_zero(d))
        return;
    bool up = count >= 0 && d->at[count] >= '5';
    d->n = count > 0 ? count : 0;
    int k = d->n - 1;
    while (up && k >= 0 && d->at[k] == '9')
        d->at[k--] = '0';
    if (up && k >= 0) {
        d->at[k]++;
    } else if (up) { /* 9.99 became 10.0 */
        d->at[0] = '1';
        d->n = d->n > 0 ? d->n : 1;
        d->point++;
    }
    if (d->n == 0) {
        d->at[0] = '0';
        d->n = 1;
        d->point = 1;
    }
}

static char digit_at(const digits *d, int k)
{
    return k >= 0 && k < d->n ? d->at[k] : '0';
}

static bool put_fixed(sqi_buf *to, const digits *d, int precision, bool point)
{
    int whole = d->point > 0 ? d->point : 1, first = d->point > 0 ? 0 : d->point - 1;
    bool ok = true;
    for (int k = 0; k < whole; k++)
        ok &= sqi_buf_byte(to, digit_at(d, first + k));
    if (precision > 0 || point)
        ok &= sqi_buf_byte(to, '.');
    for (int k = 0; k < precision && ok; k++)
        ok &= sqi_buf_byte(to, digit_at(d, first + whole + k));
    return ok;
}

static bool put_scientific(sqi_buf *to, const digits *d, int precision, bool point, bool upper)
{
    int exponent = is_zero(d) ? 0 : d->point - 1;
    bool ok = sqi_buf_byte(to, digit_at(d, 0));
    if (precision > 0 || point)
        ok &= sqi_buf_byte(to, '.');
    for (int k = 1; k <= precision && ok; k++)
        ok &= sqi_buf_byte(to, digit_at(d, k));
    return ok && sqi_buf_printf(to, "%c%c%02d", upper ? 'E' : 'e', exponent < 0 ? '-' : '+',
                                exponent < 0 ? -exponent : exponent);
}

/* Spaces around what was put from `begin` on. */
static bool pad(sqi_buf *to, size_t begin, const sqi_format_spec *spec)
{
    sqi_span text = {to->ptr + begin, to->len - begin};
    size_t have = text.len ? sqi_utf8_count(text) : 0, len = to->len - begin;
    if (spec->width < 0 || have >= (size_t)spec->width)
        return true;
    size_t more = (size_t)spec->width - have;
    if (!sqi_buf_repeat(to, ' ', more))
        return false;
    if (!spec->left) {
        memmove(to->ptr + begin + more, to->ptr + begin, len);
        memset(to->ptr + begin, ' ', more);
    }
    return true;
}

/* Sign, grouping and zeros around a number without sign, then the width. */
static bool put_number(sqi_buf *to, const sqi_format_spec *spec, sqi_span number, bool negative)
{
    size_t begin = to->len, whole = 0;
    const char *sign = negative ? (spec->parens ? "(" : "-") : spec->plus ? "+" : spec->space ? " " : "";
    while (whole < number.len && number.ptr[whole] >= '0' && number.ptr[whole] <= '9')
        whole++;
    size_t commas = spec->group && whole ? (whole - 1) / 3 : 0;
    size_t have = strlen(sign) + number.len + commas + (negative && spec->parens);
    bool ok = sqi_buf_text(to, sign);
    if (spec->zero && spec->width > 0 && have < (size_t)spec->width)
        ok &= sqi_buf_repeat(to, '0', (size_t)spec->width - have);
    for (size_t i = 0; i < number.len && ok; i++) {
        if (commas && i && i < whole && (whole - i) % 3 == 0)
            ok &= sqi_buf_byte(to, ',');
        ok &= sqi_buf_byte(to, number.ptr[i]);
    }
    if (negative && spec->parens)
        ok &= sqi_buf_byte(to, ')');
    return ok && pad(to, begin, spec);
}

bool sqi_format_int(sqi_buf *to, const sqi_format_spec *spec, int64_t v, int bits)
{
    char text[32];
    sqi_format_spec plain = *spec;
    size_t n = sizeof text;
    int base = spec->conversion == 'd' ? 10 : spec->conversion == 'o' ? 8 : 16;
    bool negative = base == 10 && v < 0;
    uint64_t left = negative ? 0 - (uint64_t)v : (uint64_t)v;
    if (base != 10 && bits < 64)
        left &= (UINT64_C(1) << bits) - 1;
    do {
        unsigned digit = (unsigned)(left % (unsigned)base);
        text[--n] = (char)(digit < 10 ? '0' + digit : (spec->upper ? 'A' : 'a') + digit - 10);
        left /= (unsigned)base;
    } while (left);
    if (base != 10 && spec->alternate) {
        if (base == 16)
            text[--n] = spec->upper ? 'X' : 'x';
        text[--n] = '0';
    }
    if (base != 10)
        plain.group = plain.plus = plain.space = plain.parens = false;
    return put_number(to, &plain, (sqi_span){text + n, sizeof text - n}, negative);
}

/* %a: the bits themselves, without a precision. */
static bool put_hex(sqi_buf *to, double v, bool upper)
{
    uint64_t bits;
    char text[16];
    memcpy(&bits, &v, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7FF), n = 13;
    for (int k = 0; k < 13; k++)
        text[k] = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[bits >> (48 - 4 * k) & 15];
    while (n > 1 && text[n - 1] == '0')
        n--;
    int power = v == 0 ? 0 : exponent ? exponent - 1023 : -1022;
    return sqi_buf_printf(to, "0%c%d.%.*s%c%d", upper ? 'X' : 'x', exponent != 0, n, text, upper ? 'P' : 'p', power);
}

static bool put_real(sqi_buf *text, const sqi_format_spec *spec, double v, sqi_format_spec *used)
{
    digits d;
    int precision = spec->precision < 0 ? 6 : spec->precision;
    read_digits(v, &d);
    switch (spec->conversion) {
    case 'a':
        used->group = used->zero = false;
        return put_hex(text, v, spec->upper);
    case 'f':
        round_to(&d, d.point + precision);
        return put_fixed(text, &d, precision, spec->alternate);
    case 'e':
        round_to(&d, precision + 1);
        return put_scientific(text, &d, precision, spec->alternate, spec->upper);
    default:
        precision = precision ? precision : 1;
        if (is_zero(&d))
            return put_fixed(text, &d, precision - 1, false);
        round_to(&d, precision);
        if (d.point - 1 >= -4 && d.point <= precision)
            return put_fixed(text, &d, precision - d.point, false);
        used->group = false;
        return put_scientific(text, &d, precision - 1, false, spec->upper);
    }
}

bool sqi_format_real(sqi_buf *to, const sqi_format_spec *spec, double v)
{
    sqi_format_spec used = *spec;
    bool negative = __builtin_signbit(v) && v == v;
    sqi_buf text;
    if (v != v || v - v != 0) {
        used.zero = used.group = false;
        if (v != v)
            used.plus = used.space = false;
        const char *name = v != v ? (spec->upper ? "NAN" : "NaN") : spec->upper ? "INFINITY" : "Infinity";
        return put_number(to, &used, sqi_span_of(name), negative);
    }
    sqi_buf_init(&text, to->alloc, 0);
    bool ok = put_real(&text, spec, negative ? -v : v, &used) && put_number(to, &used, sqi_buf_view(&text), negative);
    sqi_buf_fini(&text);
    return ok;
}

bool sqi_format_string(sqi_buf *to, const sqi_format_spec *spec, sqi_span text)
{
    size_t begin = to->len, cut = 0;
    for (int32_t n = 0; cut < text.len && (spec->precision < 0 || n < spec->precision); n++)
        cut += sqi_utf8_char_bytes((unsigned char)text.ptr[cut]);
    text.len = cut < text.len ? cut : text.len;
    if (!spec->upper)
        return sqi_buf_span(to, text) && pad(to, begin, spec);
    if (!sqi_buf_reserve(to, SQI_CASE_ROOM(text.len) + 1))
        return false;
    to->len += sqi_case_map(text, SQI_CASE_UPPER, to->ptr + to->len);
    return pad(to, begin, spec);
}
