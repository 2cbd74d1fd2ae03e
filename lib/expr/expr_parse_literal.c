/*
 * expr_parse_literal: constants: numbers with their suffixes and a folded minus, text (neighbours joined), NULL, TRUE,
 * FALSE, and typed literals (DATE '..', TIMESTAMP '..', X'..', INTERVAL '..').
 *
 * A number has the type Spark gives it: the first of INT, BIGINT and DECIMAL that holds it, DECIMAL by its digits if
 * it has a point, DOUBLE with an exponent. A text that is no value of its type is a fault, raised after the syntax.
 */
#include "expr_parse_parts.h"

#include "base_hex.h"
#include "data_decimal.h"
#include "data_number.h"
#include "data_numeral.h"
#include "data_zone.h"

streamq_status sqi_parse_literal_of(sqi_parser *p, const sqi_type *type, const void *value, size_t size, uint32_t begin,
                                    sqi_ast **out, streamq_error **err)
{
    sqi_vec *v = sqi_arena_zero(p->arena, sizeof *v);
    if (!v)
        return sqi_error_nomem(err);
    if (value) {
        SQI_TRY(sqi_vec_make(v, type, 1, p->arena, err));
        memcpy(v->data, value, size);
        v->mask = 0;
    } else {
        SQI_TRY(sqi_vec_null(v, type, p->arena, err));
    }
    sqi_ast *e = sqi_ast_literal(p->arena, v);
    SQI_TRY(sqi_parse_finish(p, e, begin, err));
    *out = e;
    return STREAMQ_OK;
}

/* ---------------------------------------------------------------- numbers */

typedef struct number {
    sqi_span text; /* sign, digits, point, exponent: without the suffix */
    sqi_token_kind kind;
    char suffix; /* L S Y F D, B for BD; 0 */
    uint32_t begin, end;
} number;

static bool is_number(const sqi_token *t)
{
    return t->kind >= SQI_TOKEN_INTEGER && t->kind <= SQI_TOKEN_SUFFIXED;
}

static streamq_status out_of_range(sqi_parser *p, const number *n, const char *type, streamq_error **err)
{
    return sqi_parse_fault(p, n->begin, n->end, SQI_COND_INVALID_NUMERIC_LITERAL_RANGE,
                           "leave the suffix out, or write a larger type's", err, "%.*s is out of the range of %s",
                           (int)(n->text.len > 60 ? 60 : n->text.len), n->text.ptr, type);
}

static streamq_status too_precise(sqi_parser *p, const number *n, streamq_error **err)
{
    return sqi_parse_fault(p, n->begin, n->end, SQI_COND_DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION,
                           "write it with an exponent, or the suffix D, to make it a DOUBLE", err,
                           "a DECIMAL has at most 38 digits, this number has more");
}

static streamq_status decimal(sqi_parser *p, const number *n, sqi_ast **out, streamq_error **err)
{
    sqi_int128 unscaled = 0;
    int scale = 0;
    bool overflow = false;
    if (!sqi_number_read_decimal(n->text, &unscaled, &scale, &overflow) && !overflow)
        return sqi_parse_unexpected(p, err);
    if (!overflow && scale < 0) {
        overflow = scale < -38 || !sqi_decimal_rescale(unscaled, scale, 0, 38, &unscaled);
        scale = 0;
    }
    int digits = overflow ? 0 : sqi_decimal_digits(unscaled);
    int precision = digits > scale ? digits : scale;
    if (overflow || precision > 38) {
        SQI_TRY(too_precise(p, n, err));
        return sqi_parse_literal_of(p, &sqi_type_void, NULL, 0, n->begin, out, err);
    }
    const sqi_type *type = sqi_type_decimal(p->pool, precision, scale);
    if (!type)
        return sqi_error_nomem(err);
    return sqi_parse_literal_of(p, type, &unscaled, sizeof unscaled, n->begin, out, err);
}

static streamq_status integer(sqi_parser *p, const number *n, sqi_ast **out, streamq_error **err)
{
    static const struct {
        char suffix;
        const char *name;
        const sqi_type *type;
        int64_t min, max;
    } rows[] = {
        {'Y', "TINYINT", &sqi_type_tinyint, INT8_MIN, INT8_MAX},
        {'S', "SMALLINT", &sqi_type_smallint, INT16_MIN, INT16_MAX},
        {'L', "BIGINT", &sqi_type_bigint, INT64_MIN, INT64_MAX},
    };
    int64_t v = 0;
    bool overflow = false;
    bool fits = sqi_number_read_int(n->text, INT64_MIN, INT64_MAX, &v, &overflow);
    if (!n->suffix) {
        int32_t small = (int32_t)v;
        if (!fits)
            return decimal(p, n, out, err);
        if (v == small)
            return sqi_parse_literal_of(p, &sqi_type_int, &small, sizeof small, n->begin, out, err);
        return sqi_parse_literal_of(p, &sqi_type_bigint, &v, sizeof v, n->begin, out, err);
    }
    size_t k = n->suffix == 'Y' ? 0 : n->suffix == 'S' ? 1 : 2;
    if (!fits || v < rows[k].min || v > rows[k].max)
        SQI_TRY(out_of_range(p, n, rows[k].name, err));
    int8_t tiny = (int8_t)v;
    int16_t little = (int16_t)v;
    const void *from = k == 0 ? (const void *)&tiny : k == 1 ? (const void *)&little : (const void *)&v;
    return sqi_parse_literal_of(p, rows[k].type, from, (size_t)1 << (k == 2 ? 3 : k), n->begin, out, err);
}

/* Is the number as it is written larger than the largest value of the type, as that is printed? Spark compares before
   it rounds. */
static bool is_beyond(sqi_span text, bool single)
{
    const char *most = single ? "34028234663852886" : "17976931348623157";
    int64_t point = single ? 39 : 309;
    sqi_numeral n;
    if (!sqi_numeral_scan(text, &n) || n.digits == n.digits_end || n.point < point)
        return false;
    if (n.point > point)
        return true;
    for (const char *p = n.digits; p < n.digits_end; p++) {
        char limit = *most ? *most : '0';
        if (*p == '.')
            continue;
        if (*p != limit)
            return *p > limit;
        most += *most != '\0';
    }
    return false;
}

static streamq_status real(sqi_parser *p, const number *n, sqi_ast **out, streamq_error **err)
{
    bool single = n->suffix == 'F';
    double wide = 0;
    float narrow = 0;
    if (single ? !sqi_number_read_float(n->text, &narrow) : !sqi_number_read_double(n->text, &wide))
        return sqi_parse_unexpected(p, err);
    if (is_beyond(n->text, single))
        SQI_TRY(out_of_range(p, n, single ? "FLOAT" : "DOUBLE", err));
    if (single)
        return sqi_parse_literal_of(p, &sqi_type_float, &narrow, sizeof narrow, n->begin, out, err);
    return sqi_parse_literal_of(p, &sqi_type_double, &wide, sizeof wide, n->begin, out, err);
}

static size_t suffix_bytes(const sqi_token *t)
{
    if (t->kind != SQI_TOKEN_SUFFIXED)
        return 0;
    size_t n = t->value.len;
    return n > 1 && (t->value.ptr[n - 2] == 'b' || t->value.ptr[n - 2] == 'B') ? 2 : 1;
}

/* The literal's text in one piece: "- 5" is "-5". */
static streamq_status read_number(sqi_parser *p, number *n, streamq_error **err)
{
    n->begin = p->lex.current.begin;
    bool minus = sqi_parse_at(p, "-");
    if (minus)
        SQI_TRY(sqi_parse_advance(p, err));
    const sqi_token *t = &p->lex.current;
    size_t tail = suffix_bytes(t);
    n->kind = t->kind;
    n->end = t->end;
    n->suffix = tail ? (char)(t->value.ptr[t->value.len - tail] & ~0x20) : '\0';
    n->text = (sqi_span){t->value.ptr, t->value.len - tail};
    if (minus && t->begin == n->begin + 1) {
        n->text = (sqi_span){t->value.ptr - 1, n->text.len + 1};
    } else if (minus) {
        char *text = sqi_arena_printf(p->arena, "-%.*s", (int)n->text.len, n->text.ptr);
        if (!text)
            return sqi_error_nomem(err);
        n->text = (sqi_span){text, n->text.len + 1};
    }
    return sqi_parse_advance(p, err);
}

static streamq_status numeric(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    number n;
    SQI_TRY(read_number(p, &n, err));
    if (n.suffix == 'B' || n.kind == SQI_TOKEN_DECIMAL)
        SQI_TRY(decimal(p, &n, out, err));
    else if (n.kind == SQI_TOKEN_EXPONENT || n.suffix == 'F' || n.suffix == 'D')
        SQI_TRY(real(p, &n, out, err));
    else
        SQI_TRY(integer(p, &n, out, err));
    (*out)->literal_text = n.text;
    return STREAMQ_OK;
}

/* ---------------------------------------------------------------- text and typed literals */

static streamq_status text(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    sqi_span first = p->lex.current.value;
    SQI_TRY(sqi_parse_advance(p, err));
    if (p->lex.current.kind != SQI_TOKEN_STRING)
        return sqi_parse_make_text(p, first, begin, out, err);
    sqi_buf all;
    sqi_buf_init(&all, p->arena->alloc, 0);
    sqi_buf_span(&all, first);
    streamq_status status = STREAMQ_OK;
    while (status == STREAMQ_OK && p->lex.current.kind == SQI_TOKEN_STRING) {
        sqi_buf_span(&all, p->lex.current.value);
        status = sqi_parse_advance(p, err);
    }
    char *copy = all.failed ? NULL : sqi_arena_text(p->arena, all.ptr, all.len);
    sqi_span joined = {copy, all.len};
    sqi_buf_fini(&all);
    SQI_TRY(status);
    return copy ? sqi_parse_make_text(p, joined, begin, out, err) : sqi_error_nomem(err);
}

static streamq_status not_a_value(sqi_parser *p, const char *type, const sqi_token *t, uint32_t begin, const char *hint,
                                  streamq_error **err)
{
    return sqi_parse_fault(p, begin, t->end, SQI_COND_INVALID_TYPED_LITERAL, hint, err, "'%.*s' is no %s",
                           (int)(t->value.len > 60 ? 60 : t->value.len), t->value.ptr, type);
}

/* X'1F': an odd number of digits gets a 0 in front. */
static streamq_status binary(sqi_parser *p, const sqi_token *t, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    sqi_span s = t->value;
    char *bytes = sqi_arena_zero(p->arena, s.len / 2 + 1);
    if (!bytes)
        return sqi_error_nomem(err);
    if (!sqi_hex_read(s, bytes))
        SQI_TRY(not_a_value(p, "text of hexadecimal digits", t, begin, NULL, err));
    sqi_str value = sqi_str_view(bytes, (uint32_t)((s.len + 1) / 2));
    return sqi_parse_literal_of(p, &sqi_type_binary, &value, sizeof value, begin, out, err);
}

/* The words Spark knows for moments, "today" or "today Europe/Paris" (the zone must exist and changes nothing; "now"
   takes none). *days: of the word; false: it is none. */
static bool is_moment(sqi_parser *p, sqi_span text, bool *now, int64_t *days)
{
    static const struct {
        const char *word;
        int8_t days;
    } rows[] = {{"now", 0}, {"today", 0}, {"tomorrow", 1}, {"yesterday", -1}, {"epoch", 0}};
    sqi_span s = sqi_span_trim(text), zone = {NULL, 0};
    size_t n = 0, k = 0;
    while (n < s.len && (unsigned char)((s.ptr[n] & ~0x20) - 'A') < 26)
        n++;
    while (k < 5 && !sqi_span_equal_nocase((sqi_span){s.ptr, n}, sqi_span_of(rows[k].word)))
        k++;
    if (k == 5)
        return false;
    zone = sqi_span_trim((sqi_span){s.ptr + n, s.len - n});
    const sqi_zone *ignored;
    *now = k == 0;
    *days = k == 4 ? 0 : sqi_time_floor_div(sqi_zone_to_local(p->zone, p->now_micros), 86400000000) + rows[k].days;
    return !zone.len || (!*now && p->zones && sqi_zones_get(p->zones, zone, &ignored, NULL) == STREAMQ_OK);
}

static streamq_status date(sqi_parser *p, const sqi_token *t, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    int32_t days = 0;
    int64_t moment;
    bool now;
    if (is_moment(p, t->value, &now, &moment))
        days = (int32_t)moment;
    else if (!sqi_time_date_read(t->value, &days))
        SQI_TRY(not_a_value(p, "DATE", t, begin, "write it as DATE 'yyyy-MM-dd'", err));
    return sqi_parse_literal_of(p, &sqi_type_date, &days, sizeof days, begin, out, err);
}

/* Midnight of a day, or now, as the type has it: UTC, or the session's clock on the wall. */
static int64_t moment_micros(const sqi_parser *p, bool zoned, bool now, int64_t days)
{
    if (now)
        return zoned ? p->now_micros : sqi_zone_to_local(p->zone, p->now_micros);
    int64_t seconds = days * 86400;
    return (zoned && days ? seconds - sqi_zone_local_offset(p->zone, seconds) : seconds) * 1000000;
}

static streamq_status timestamp(sqi_parser *p, bool zoned, const sqi_token *t, uint32_t begin, sqi_ast **out,
                                streamq_error **err)
{
    int64_t micros = 0, days;
    bool now, ok = true;
    if (is_moment(p, t->value, &now, &days))
        micros = moment_micros(p, zoned, now, days);
    else
        ok = zoned ? sqi_time_timestamp_read(t->value, p->zone, p->zones, p->now_micros, &micros)
                   : sqi_time_timestamp_ntz_read(t->value, true, p->zones, &micros);
    if (!ok)
        SQI_TRY(not_a_value(p, zoned ? "TIMESTAMP" : "TIMESTAMP_NTZ", t, begin,
                            "write it as 'yyyy-MM-dd HH:mm:ss', perhaps with a fraction and a zone", err));
    return sqi_parse_literal_of(p, zoned ? &sqi_type_timestamp : &sqi_type_timestamp_ntz, &micros, sizeof micros, begin,
                                out, err);
}

static streamq_status typed(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    sqi_token word = p->lex.current;
    SQI_TRY(sqi_parse_advance(p, err));
    sqi_token t = p->lex.current;
    SQI_TRY(sqi_parse_advance(p, err));
    if (sqi_token_is(&word, "DATE"))
        return date(p, &t, word.begin, out, err);
    if (sqi_token_is(&word, "TIMESTAMP") || sqi_token_is(&word, "TIMESTAMP_LTZ"))
        return timestamp(p, true, &t, word.begin, out, err);
    if (sqi_token_is(&word, "TIMESTAMP_NTZ"))
        return timestamp(p, false, &t, word.begin, out, err);
    if (sqi_token_is(&word, "X"))
        return binary(p, &t, word.begin, out, err);
    if (sqi_token_is(&word, "INTERVAL"))
        return sqi_parse_interval_text(p, t.value, word.begin, out, err);
    sqi_cond cond = sqi_token_is(&word, "TIME") ? SQI_COND_UNSUPPORTED_TIME_TYPE : SQI_COND_UNSUPPORTED_TYPED_LITERAL;
    SQI_TRY(sqi_parse_fault(
        p, word.begin, t.end, cond, "write CAST('..' AS type), or DATE, TIMESTAMP, INTERVAL or X before the quote", err,
        "there are no literals of type %.*s", (int)(word.value.len > 60 ? 60 : word.value.len), word.value.ptr));
    return sqi_parse_literal_of(p, &sqi_type_void, NULL, 0, word.begin, out, err);
}

/* ---------------------------------------------------------------- all of them */

static bool at_named_value(sqi_parser *p)
{
    bool named = sqi_parse_at(p, "NULL") || sqi_parse_at(p, "TRUE") || sqi_parse_at(p, "FALSE");
    return named && !sqi_parse_ahead(p, 1, "(");
}

static bool at_typed(sqi_parser *p)
{
    return sqi_parse_is_word(p, 0) && !sqi_parse_at(p, "CASE") && sqi_lex_ahead(&p->lex, 1)->kind == SQI_TOKEN_STRING;
}

bool sqi_parse_constant_ahead(sqi_parser *p)
{
    const sqi_token *t = &p->lex.current;
    if (t->kind == SQI_TOKEN_STRING || is_number(t))
        return true;
    if (sqi_token_is(t, "-"))
        return is_number(sqi_lex_ahead(&p->lex, 1));
    return sqi_parse_is_word(p, 0) && (sqi_parse_interval_ahead(p) || at_typed(p) || at_named_value(p));
}

streamq_status sqi_parse_constant(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    if (p->lex.current.kind == SQI_TOKEN_STRING)
        return text(p, out, err);
    if (sqi_parse_interval_ahead(p))
        return sqi_parse_interval(p, out, err);
    if (at_typed(p))
        return typed(p, out, err);
    if (!at_named_value(p))
        return numeric(p, out, err);
    uint32_t begin = p->lex.current.begin;
    bool null = sqi_parse_at(p, "NULL");
    uint8_t truth = sqi_parse_at(p, "TRUE");
    SQI_TRY(sqi_parse_advance(p, err));
    if (null)
        return sqi_parse_literal_of(p, &sqi_type_void, NULL, 0, begin, out, err);
    return sqi_parse_literal_of(p, &sqi_type_boolean, &truth, sizeof truth, begin, out, err);
}
