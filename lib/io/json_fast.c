/*
 * json_fast: see the header.
 *
 * Every loop stops at a byte below 32, and the last byte of the text is one, so none asks where the text ends; only loads
 * of 16 bytes do.
 */
#include "json_fast.h"

#include "base_scan.h"
#include "data_number.h"
#include "data_view.h"
#include "io_utf8.h"

#define NEVER(x) __builtin_expect(!!(x), 0)

static inline const char *blank(const char *p)
{
    while (*p == ' ' || *p == '\t')
        ++p;
    return p;
}

enum { HIGH = 1, ESCAPED = 2 };

/* The first quote, backslash or control character; *seen gets HIGH if a byte above 127 stands before it. */
static inline const char *string_stop(const sqi_json_fast *f, const char *p, int *seen)
{
    while (f->readable - p >= 16) {
        uint32_t m = sqi_scan_string16(p), hit = m & 0xffff;
        if (hit) {
            uint32_t n = (uint32_t)__builtin_ctz(hit);
            *seen |= (m >> 16 & ((1u << n) - 1)) != 0;
            return p + n;
        }
        *seen |= m >> 16 != 0;
        p += 16;
    }
    while (*p != '"' && *p != '\\' && (unsigned char)*p >= ' ')
        *seen |= (unsigned char)*p++ >> 7;
    return p;
}

static bool plain_escape(const char **p)
{
    char c = (*p)[1];
    if (c == 'u') {
        for (int i = 2; i < 6; ++i) {
            unsigned char h = (unsigned char)(*p)[i];
            if (!((h >= '0' && h <= '9') || ((h | 32) >= 'a' && (h | 32) <= 'f')))
                return false;
        }
        *p += 6;
        return true;
    }
    *p += 2;
    return c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' || c == 't';
}

/* From behind the opening quote to the closing one; NULL: give up. */
static inline const char *string_end(const sqi_json_fast *f, const char *p, int *seen)
{
    const char *from = p;
    *seen = 0;
    p = string_stop(f, p, seen);
    while (NEVER(*p == '\\')) {
        *seen |= ESCAPED;
        if (!plain_escape(&p))
            return NULL;
        p = string_stop(f, p, seen);
    }
    if (NEVER(*p != '"') || (NEVER(*seen & HIGH) && !sqi_io_utf8_clean((sqi_span){from, (size_t)(p - from)})))
        return NULL;
    return p;
}

/* Behind a number that is written as JSON writes them; NULL: give up. */
static const char *number_end(const char *p, bool *fraction)
{
    const char *from = p;
    *fraction = false;
    p += *p == '-';
    const char *first = p;
    while (*p >= '0' && *p <= '9')
        ++p;
    if (p == first || (*first == '0' && p != first + 1))
        return NULL;
    if (*p == '.') {
        *fraction = true;
        const char *digits = ++p;
        while (*p >= '0' && *p <= '9')
            ++p;
        if (p == digits)
            return NULL;
    }
    if (*p == 'e' || *p == 'E') {
        *fraction = true;
        ++p;
        p += *p == '+' || *p == '-';
        const char *digits = p;
        while (*p >= '0' && *p <= '9')
            ++p;
        if (p == digits)
            return NULL;
    }
    return p - from <= SQI_JSON_NUMBER_MOST ? p : NULL;
}

/* Is this the end of a value that is no string? (Anything else may be part of a longer word.) */
static inline bool delimiter(char c)
{
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t';
}

static const char *word_end(const char *p)
{
    const char *q = NULL;
    if (memcmp(p, "true", 4) == 0 || memcmp(p, "null", 4) == 0)
        q = p + 4;
    else if (memcmp(p, "fals", 4) == 0 && p[4] == 'e')
        q = p + 5;
    return q && delimiter(*q) ? q : NULL;
}

static const char *flat_end(const sqi_json_fast *f, const char *p)
{
    int seen;
    bool fraction;
    if (*p == '"') {
        p = string_end(f, p + 1, &seen);
        return p ? p + 1 : NULL;
    }
    if (*p == '-' || (*p >= '0' && *p <= '9')) {
        p = number_end(p, &fraction);
        return p && delimiter(*p) ? p : NULL;
    }
    return f->readable - p >= 5 ? word_end(p) : NULL;
}

/* Behind any value; NULL: give up. */
static const char *value_end(const sqi_json_fast *f, const char *p)
{
    uint64_t objects = 0; /* a bit for each level */
    uint32_t depth = 0;
    for (;;) {
        if (*p == '{' || *p == '[') { /* at a value */
            bool object = *p == '{';
            if (depth == 64)
                return NULL;
            objects = objects << 1 | object;
            ++depth;
            p = blank(p + 1);
            if (*p != (object ? '}' : ']'))
                goto member;
        } else {
            p = flat_end(f, p);
            if (!p)
                return NULL;
        }
        for (;;) { /* behind a value, or at the end of an empty one */
            if (!depth)
                return p;
            p = blank(p);
            if (*p == ',')
                break;
            if (*p != (objects & 1 ? '}' : ']'))
                return NULL;
            ++p;
            objects >>= 1;
            --depth;
        }
        p = blank(p + 1);
    member:
        if (objects & 1) {
            int seen;
            p = *p == '"' ? string_end(f, p + 1, &seen) : NULL;
            if (!p || (seen & ESCAPED))
                return NULL;
            p = blank(p + 1);
            if (*p != ':')
                return NULL;
            p = blank(p + 1);
        }
    }
}

/* ------------------------------------------------------------------------------------------------------- values */

static inline void put_view(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char *p, size_t len)
{
    sqi_str *to = &((sqi_str *)c->data)[at];
    if (f->readable - p >= SQI_VIEW_READS)
        sqi_view_cut(p, len, to);
    else
        *to = sqi_str_view(p, (uint32_t)len);
    sqi_json_column_set(c, at);
}

static inline const char *fast_string(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char *p)
{
    int seen;
    sqi_span s;
    if (NEVER(*p != '"')) {
        const char *end = value_end(f, p);
        if (end)
            put_view(f, c, at, p, (size_t)(end - p));
        return end;
    }
    const char *end = string_end(f, p + 1, &seen);
    if (!end)
        return NULL;
    if (!(seen & ESCAPED)) {
        if (NEVER(end - p > SQI_JSON_TEXT_MOST))
            return NULL;
        put_view(f, c, at, p + 1, (size_t)(end - p - 1));
        return end + 1;
    }
    f->reader->at = p + 1;
    f->reader->end = f->stop;
    if (!sqi_json_text_read(f->reader, '"', false, &s))
        return NULL;
    ((sqi_str *)c->data)[at] = sqi_str_view(s.ptr, (uint32_t)s.len);
    sqi_json_column_set(c, at);
    return end + 1;
}

/* Up to 18 digits without a point or an exponent. */
static inline const char *fast_whole(sqi_json_column *c, uint32_t at, const char *p)
{
    bool minus = *p == '-';
    p += minus;
    const char *first = p;
    uint64_t v = 0;
    for (unsigned d; (d = (unsigned)*p - '0') <= 9; ++p)
        v = v * 10 + d;
    if (p == first || p - first > 18 || (*first == '0' && p != first + 1) || !delimiter(*p))
        return NULL;
    int64_t n = minus ? -(int64_t)v : (int64_t)v;
    switch (c->type->id) {
    case SQI_TINYINT:
        if (n < INT8_MIN || n > INT8_MAX)
            return NULL;
        ((int8_t *)c->data)[at] = (int8_t)n;
        break;
    case SQI_SMALLINT:
        if (n < INT16_MIN || n > INT16_MAX)
            return NULL;
        ((int16_t *)c->data)[at] = (int16_t)n;
        break;
    case SQI_INT:
        if (n < INT32_MIN || n > INT32_MAX)
            return NULL;
        ((int32_t *)c->data)[at] = (int32_t)n;
        break;
    default:
        ((int64_t *)c->data)[at] = n;
    }
    sqi_json_column_set(c, at);
    return p;
}

static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Up to 15 digits, of which some stand behind the point: one exact division. Everything else takes the long way. */
static const char *fast_real(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char *p)
{
    bool minus = *p == '-', fraction;
    const char *first = p + minus, *q = first;
    uint64_t v = 0;
    for (unsigned d; (d = (unsigned)*q - '0') <= 9; ++q)
        v = v * 10 + d;
    long whole = q - first, behind = 0;
    if (*q == '.') {
        const char *digits = ++q;
        for (unsigned d; (d = (unsigned)*q - '0') <= 9; ++q)
            v = v * 10 + d;
        behind = q - digits;
    }
    if (whole > 0 && (behind > 0 || q == first + whole) && whole + behind <= 15 && (*first != '0' || whole == 1) &&
        delimiter(*q) && c->type->id == SQI_DOUBLE) {
        double r = (double)v / powers[behind];
        ((double *)c->data)[at] = minus && (v || behind) ? -r : r;
        sqi_json_column_set(c, at);
        return q;
    }
    const char *end = number_end(p, &fraction);
    if (!end || !delimiter(*end) ||
        !sqi_json_scalar_number(f->scalar, c, at, (sqi_span){p, (size_t)(end - p)}, fraction))
        return NULL;
    return end;
}

static inline const char *fast_boolean(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char *p)
{
    const char *end = f->readable - p >= 5 ? word_end(p) : NULL;
    if (!end || *p == 'n')
        return NULL;
    ((uint8_t *)c->data)[at] = *p == 't';
    sqi_json_column_set(c, at);
    return end;
}

static const char *fast_text(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char *p)
{
    int seen;
    const char *end = *p == '"' ? string_end(f, p + 1, &seen) : NULL;
    if (!end || (seen & ESCAPED) || !sqi_json_scalar_text(f->scalar, c, at, (sqi_span){p + 1, (size_t)(end - p - 1)}))
        return NULL;
    return end + 1;
}

static const char *fast_value(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char *p);

/* Behind a value: the next one (*more), or behind what closes. */
static inline const char *next(const char *p, char closing, bool *more)
{
    p = blank(p);
    *more = *p == ',';
    if (*more)
        return blank(p + 1);
    return *p == closing ? p + 1 : NULL;
}

static const char *no_memory(const sqi_json_fast *f)
{
    f->reader->nomem = true;
    return NULL;
}

static const char *fast_array(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char *p)
{
    sqi_json_column *element = &c->child[0];
    sqi_list list = {element->used, 0};
    if (*p != '[')
        return NULL;
    p = blank(p + 1);
    bool more = *p != ']';
    p += !more;
    while (p && more) {
        uint32_t place;
        if (!sqi_json_column_next(element, &place))
            return no_memory(f);
        p = fast_value(f, element, place, p);
        p = p ? next(p, ']', &more) : NULL;
        ++list.length;
    }
    ((sqi_list *)c->data)[at] = list;
    sqi_json_column_set(c, at);
    return p;
}

static const char *fast_map(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char *p)
{
    sqi_json_column *key = &c->child[0], *value = &c->child[1];
    sqi_list list = {key->used, 0};
    if (*p != '{')
        return NULL;
    p = blank(p + 1);
    bool more = *p != '}';
    p += !more;
    while (p && more) {
        uint32_t place, same;
        if (*p != '"')
            return NULL;
        if (!sqi_json_column_next(key, &place) || !sqi_json_column_next(value, &same))
            return no_memory(f);
        int seen;
        const char *end = string_end(f, p + 1, &seen);
        if (!end || (seen & ESCAPED) || end - p > SQI_JSON_NAME_MOST)
            return NULL;
        put_view(f, key, place, p + 1, (size_t)(end - p - 1));
        p = blank(end + 1);
        if (*p != ':')
            return NULL;
        p = fast_value(f, value, same, blank(p + 1));
        p = p ? next(p, '}', &more) : NULL;
        ++list.length;
    }
    ((sqi_list *)c->data)[at] = list;
    sqi_json_column_set(c, at);
    return p;
}

static const char *fast_struct(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char *p)
{
    if (*p != '{' || sqi_json_column_valid(c, at)) /* a second one of a name replaces the first as a whole */
        return NULL;
    ++p;
    if (!sqi_json_fast_object(f, c, at, &p))
        return NULL;
    sqi_json_column_set(c, at);
    return p;
}

static const char *fast_value(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char *p)
{
    if (NEVER(*p == 'n')) {
        const char *end = f->readable - p >= 5 ? word_end(p) : NULL;
        if (end)
            sqi_json_column_null(c, at);
        return end;
    }
    switch (c->type->id) {
    case SQI_STRING:
        return fast_string(f, c, at, p);
    case SQI_TINYINT:
    case SQI_SMALLINT:
    case SQI_INT:
    case SQI_BIGINT:
        return fast_whole(c, at, p);
    case SQI_FLOAT:
    case SQI_DOUBLE:
        return fast_real(f, c, at, p);
    case SQI_DECIMAL:
        return *p == '"' ? fast_text(f, c, at, p) : fast_real(f, c, at, p);
    case SQI_BOOLEAN:
        return fast_boolean(f, c, at, p);
    case SQI_ARRAY:
        return fast_array(f, c, at, p);
    case SQI_MAP:
        return fast_map(f, c, at, p);
    case SQI_STRUCT:
        return fast_struct(f, c, at, p);
    case SQI_BINARY:
    case SQI_VOID:
        return NULL;
    default:
        return fast_text(f, c, at, p);
    }
}

/* ------------------------------------------------------------------------------------------------------- objects */

static inline bool guessed(const sqi_json_fast *f, const sqi_json_guess *g, const char *p)
{
    if (NEVER(!g->len || f->readable - p < SQI_JSON_GUESS_BYTES))
        return false;
    if (g->len <= 16)
        return sqi_scan_same16(p, g->bytes, g->len);
    return sqi_scan_same16(p, g->bytes, 16) && memcmp(p + 16, g->bytes + 16, g->len - 16u) == 0;
}

/* The field of the name at p (behind its quote), the hard way; *p gets behind the closing quote. -2: give up. */
static int32_t look_up(const sqi_json_fast *f, const sqi_json_column *c, sqi_json_guess *g, const char **p)
{
    int seen;
    const char *from = *p, *end = string_end(f, from, &seen);
    if (!end || (seen & ESCAPED) || end - from > SQI_JSON_NAME_MOST)
        return -2;
    size_t len = (size_t)(end - from);
    int32_t field = sqi_json_column_field(c, (sqi_span){from, len});
    if (g) {
        g->len = 0;
        if (len < SQI_JSON_GUESS_BYTES) {
            memcpy(g->bytes, from, len + 1);
            g->len = (uint8_t)(len + 1);
            g->field = field;
        }
    }
    *p = end + 1;
    return field;
}

bool sqi_json_fast_object(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char **from)
{
    const char *p = blank(*from);
    bool more = *p != '}';
    p += !more;
    for (uint32_t k = 0; more; ++k) {
        if (NEVER(*p != '"'))
            return false;
        ++p;
        sqi_json_guess *g = k < SQI_JSON_GUESSES ? &c->guess[k] : NULL;
        int32_t field;
        if (g && guessed(f, g, p)) {
            field = g->field;
            p += g->len;
        } else {
            field = look_up(f, c, g, &p);
        }
        p = blank(p);
        if (NEVER(field == -2 || *p != ':'))
            return false;
        p = blank(p + 1);
        p = field >= 0 ? fast_value(f, &c->child[field], at, p) : value_end(f, p);
        p = p ? next(p, '}', &more) : NULL;
        if (NEVER(!p))
            return false;
    }
    *from = p;
    return true;
}
