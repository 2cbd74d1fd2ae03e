/*
 * expr_parse_type: type text (ARRAY<STRUCT<a: INT, b: STRING>>, DECIMAL(10, 2), INTERVAL DAY TO SECOND) and schema
 * text (ts TIMESTAMP NOT NULL COMMENT '..', word STRING).
 *
 * CHAR(n) and VARCHAR(n) are STRING: Spark keeps their length for tables only. NOT NULL may also stand after the type
 * of elements, keys and values, where Spark's own text has no place for it: printed schemas read back.
 */
#include "expr_parse_parts.h"

static const struct {
    const char *word;
    const sqi_type *type;
} simple[] = {
    {"BOOLEAN", &sqi_type_boolean},
    {"TINYINT", &sqi_type_tinyint},
    {"BYTE", &sqi_type_tinyint},
    {"SMALLINT", &sqi_type_smallint},
    {"SHORT", &sqi_type_smallint},
    {"INT", &sqi_type_int},
    {"INTEGER", &sqi_type_int},
    {"BIGINT", &sqi_type_bigint},
    {"LONG", &sqi_type_bigint},
    {"FLOAT", &sqi_type_float},
    {"REAL", &sqi_type_float},
    {"DOUBLE", &sqi_type_double},
    {"DATE", &sqi_type_date},
    {"TIMESTAMP_LTZ", &sqi_type_timestamp},
    {"TIMESTAMP_NTZ", &sqi_type_timestamp_ntz},
    {"BINARY", &sqi_type_binary},
    {"VOID", &sqi_type_void},
};

/* (n) or (n, m, ...): up to two numbers are kept. */
static streamq_status sizes(sqi_parser *p, int64_t v[2], uint32_t *n, streamq_error **err)
{
    *n = 0;
    if (!sqi_parse_at(p, "("))
        return STREAMQ_OK;
    bool more = true;
    SQI_TRY(sqi_parse_advance(p, err));
    while (more) {
        const sqi_token *t = &p->lex.current;
        if (t->kind != SQI_TOKEN_INTEGER)
            return sqi_parse_unexpected(p, err);
        int64_t size = 0;
        for (size_t i = 0; i < t->value.len; i++)
            size = size > INT32_MAX ? size : size * 10 + (t->value.ptr[i] - '0');
        if (*n < 2)
            v[*n] = size;
        ++*n;
        SQI_TRY(sqi_parse_advance(p, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    return sqi_parse_expect(p, ")", err);
}

static streamq_status unsupported(sqi_parser *p, uint32_t begin, streamq_error **err)
{
    sqi_span s = {p->lex.text.ptr + begin, p->lex.last_end - begin};
    return sqi_parse_fault(p, begin, p->lex.last_end, SQI_COND_UNSUPPORTED_DATATYPE, NULL, err, "there is no type %.*s",
                           (int)(s.len > 60 ? 60 : s.len), s.ptr);
}

static streamq_status decimal(sqi_parser *p, uint32_t begin, const sqi_type **out, streamq_error **err)
{
    int64_t v[2] = {10, 0};
    uint32_t n;
    SQI_TRY(sizes(p, v, &n, err));
    if (n > 2)
        SQI_TRY(unsupported(p, begin, err));
    if (v[0] > 38)
        SQI_TRY(sqi_parse_fault(p, begin, p->lex.last_end, SQI_COND_DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION, NULL, err,
                                "a DECIMAL has at most 38 digits"));
    else if (v[1] > v[0] || v[0] == 0)
        SQI_TRY(sqi_parse_fault(p, begin, p->lex.last_end, SQI_COND_DECIMAL_SCALE_EXCEEDS_PRECISION, NULL, err,
                                "DECIMAL(%lld, %lld) has more digits after the point than digits", (long long)v[0],
                                (long long)v[1]));
    bool valid = p->fault.cond == SQI_COND_NONE;
    *out = sqi_type_decimal(p->pool, valid ? (int)v[0] : 10, valid ? (int)v[1] : 0);
    return *out ? STREAMQ_OK : sqi_error_nomem(err);
}

/* ---------------------------------------------------------------- intervals, times, characters */

static int field_at(sqi_parser *p, unsigned k)
{
    static const char *const names[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
    for (int i = SQI_YEAR; i <= SQI_SECOND; i++)
        if (sqi_parse_ahead(p, k, names[i]))
            return i;
    return -1;
}

static streamq_status interval(sqi_parser *p, uint32_t begin, const sqi_type **out, streamq_error **err)
{
    int from = field_at(p, 0), to = from;
    *out = &sqi_type_interval;
    if (from < 0)
        return STREAMQ_OK;
    SQI_TRY(sqi_parse_advance(p, err));
    if (sqi_parse_at(p, "TO")) {
        SQI_TRY(sqi_parse_advance(p, err));
        to = field_at(p, 0);
        if (from <= SQI_MONTH ? to != SQI_MONTH : to <= SQI_DAY)
            return sqi_parse_unexpected(p, err);
        SQI_TRY(sqi_parse_advance(p, err));
    }
    bool months = from <= SQI_MONTH;
    if (to < from)
        return sqi_parse_fault(p, begin, p->lex.last_end,
                               SQI_COND_INVALID_INTERVAL_FORMAT__UNSUPPORTED_FROM_TO_EXPRESSION, NULL, err,
                               "these two fields make no range");
    *out = months ? sqi_type_interval_ym(from, to) : sqi_type_interval_dt(from, to);
    return STREAMQ_OK;
}

/* WITHOUT TIME ZONE, after TIMESTAMP or TIME. */
static streamq_status without_zone(sqi_parser *p, bool *without, streamq_error **err)
{
    *without = sqi_parse_at(p, "WITHOUT") && sqi_parse_ahead(p, 1, "TIME") && sqi_parse_ahead(p, 2, "ZONE");
    for (int i = 0; *without && i < 3; i++)
        SQI_TRY(sqi_parse_advance(p, err));
    return STREAMQ_OK;
}

static streamq_status timestamp(sqi_parser *p, const sqi_type **out, streamq_error **err)
{
    bool without;
    if (sqi_parse_at(p, "WITH") && sqi_parse_ahead(p, 1, "LOCAL") && sqi_parse_ahead(p, 2, "TIME")) {
        *out = &sqi_type_timestamp;
        for (int i = 0; i < 3; i++)
            SQI_TRY(sqi_parse_advance(p, err));
        return sqi_parse_expect(p, "ZONE", err);
    }
    SQI_TRY(without_zone(p, &without, err));
    *out = without ? &sqi_type_timestamp_ntz : &sqi_type_timestamp;
    return STREAMQ_OK;
}

static streamq_status time(sqi_parser *p, uint32_t begin, const sqi_type **out, streamq_error **err)
{
    int64_t v[2];
    uint32_t n;
    bool without;
    SQI_TRY(sizes(p, v, &n, err));
    SQI_TRY(without_zone(p, &without, err));
    *out = &sqi_type_void;
    return sqi_parse_fault(p, begin, p->lex.last_end, SQI_COND_UNSUPPORTED_TIME_TYPE,
                           "keep the time of day as a STRING or as an INTERVAL HOUR TO SECOND", err,
                           "there is no type TIME");
}

/* STRING COLLATE name, with the plain byte order only. */
static streamq_status string(sqi_parser *p, const sqi_type **out, streamq_error **err)
{
    *out = &sqi_type_string;
    if (!sqi_parse_at(p, "COLLATE"))
        return STREAMQ_OK;
    sqi_span name;
    SQI_TRY(sqi_parse_advance(p, err));
    uint32_t begin = p->lex.current.begin;
    SQI_TRY(sqi_parse_word(p, &name, err));
    if (sqi_span_equal_nocase(name, SQI_SPAN("UTF8_BINARY")))
        return STREAMQ_OK;
    bool known = sqi_span_equal_nocase(name, SQI_SPAN("UTF8_LCASE")) ||
                 sqi_span_equal_nocase(name, SQI_SPAN("UNICODE")) ||
                 sqi_span_equal_nocase(name, SQI_SPAN("UNICODE_CI"));
    return sqi_parse_fault(p, begin, p->lex.last_end,
                           known ? SQI_COND_UNSUPPORTED_FEATURE__TYPE : SQI_COND_COLLATION_INVALID_NAME,
                           "texts compare by their bytes (UTF8_BINARY)", err, "there is no collation %.*s",
                           (int)(name.len > 60 ? 60 : name.len), name.ptr);
}

static streamq_status characters(sqi_parser *p, uint32_t begin, const sqi_type **out, streamq_error **err)
{
    int64_t v[2];
    uint32_t n;
    SQI_TRY(sizes(p, v, &n, err));
    *out = &sqi_type_string;
    if (n == 1)
        return STREAMQ_OK;
    return sqi_parse_fault(p, begin, p->lex.last_end, SQI_COND_DATATYPE_MISSING_SIZE, "or write STRING", err,
                           "the type needs a length, as in VARCHAR(10)");
}

/* ---------------------------------------------------------------- nested types */

/* '>' also where it stands at the head of ">>" or ">>>". */
static streamq_status close_angle(sqi_parser *p, streamq_error **err)
{
    const sqi_token *t = &p->lex.current;
    if (t->kind == SQI_TOKEN_SYMBOL && t->value.len > 1 && t->value.ptr[0] == '>') {
        sqi_lex_split(&p->lex);
        return STREAMQ_OK;
    }
    return sqi_parse_expect(p, ">", err);
}

static streamq_status not_null(sqi_parser *p, bool *nullable, streamq_error **err)
{
    *nullable = !(sqi_parse_at(p, "NOT") && sqi_parse_ahead(p, 1, "NULL"));
    for (int i = 0; !*nullable && i < 2; i++)
        SQI_TRY(sqi_parse_advance(p, err));
    return STREAMQ_OK;
}

/* The type between angle brackets is missing. */
static streamq_status incomplete(sqi_parser *p, sqi_cond cond, uint32_t begin, const char *example,
                                 const sqi_type **out, streamq_error **err)
{
    *out = &sqi_type_void;
    return sqi_parse_fault(p, begin, p->lex.last_end, cond, NULL, err, "the type is not complete: write %s", example);
}

static streamq_status array(sqi_parser *p, uint32_t begin, const sqi_type **out, streamq_error **err)
{
    const sqi_type *element = NULL;
    bool nullable;
    if (!sqi_parse_at(p, "<"))
        return incomplete(p, SQI_COND_INCOMPLETE_TYPE_DEFINITION__ARRAY, begin, "ARRAY<INT>", out, err);
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_type_piece(p, &element, err));
    SQI_TRY(not_null(p, &nullable, err));
    SQI_TRY(close_angle(p, err));
    *out = sqi_type_array(p->pool, element, nullable);
    return *out ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status map(sqi_parser *p, uint32_t begin, const sqi_type **out, streamq_error **err)
{
    const sqi_type *key = NULL, *value = NULL;
    bool nullable;
    if (!sqi_parse_at(p, "<"))
        return incomplete(p, SQI_COND_INCOMPLETE_TYPE_DEFINITION__MAP, begin, "MAP<STRING, INT>", out, err);
    SQI_TRY(sqi_parse_advance(p, err));
    SQI_TRY(sqi_parse_type_piece(p, &key, err));
    SQI_TRY(not_null(p, &nullable, err));
    SQI_TRY(sqi_parse_expect(p, ",", err));
    SQI_TRY(sqi_parse_type_piece(p, &value, err));
    SQI_TRY(not_null(p, &nullable, err));
    SQI_TRY(close_angle(p, err));
    *out = sqi_type_map(p->pool, key, value, nullable);
    return *out ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status comment(sqi_parser *p, streamq_error **err)
{
    if (!sqi_parse_at(p, "COMMENT") || sqi_lex_ahead(&p->lex, 1)->kind != SQI_TOKEN_STRING)
        return STREAMQ_OK;
    SQI_TRY(sqi_parse_advance(p, err));
    while (p->lex.current.kind == SQI_TOKEN_STRING)
        SQI_TRY(sqi_parse_advance(p, err));
    return STREAMQ_OK;
}

/* name[:] type [NOT NULL] [COMMENT '..'] */
static streamq_status field(sqi_parser *p, sqi_field *f, streamq_error **err)
{
    bool colon;
    SQI_TRY(sqi_parse_identifier(p, &f->name, err));
    SQI_TRY(sqi_parse_accept(p, ":", &colon, err));
    SQI_TRY(sqi_parse_type_piece(p, &f->type, err));
    SQI_TRY(not_null(p, &f->nullable, err));
    return comment(p, err);
}

static streamq_status fields(sqi_parser *p, sqi_parse_array *list, streamq_error **err)
{
    bool more = true;
    while (more) {
        sqi_field *f = sqi_parse_push(p, list, sizeof *f);
        if (!f)
            return sqi_error_nomem(err);
        SQI_TRY(field(p, f, err));
        SQI_TRY(sqi_parse_accept(p, ",", &more, err));
    }
    return STREAMQ_OK;
}

static streamq_status structure(sqi_parser *p, uint32_t begin, const sqi_type **out, streamq_error **err)
{
    sqi_parse_array list = {0};
    if (sqi_parse_at(p, "<>")) {
        SQI_TRY(sqi_parse_advance(p, err));
    } else if (sqi_parse_at(p, "<")) {
        SQI_TRY(sqi_parse_advance(p, err));
        if (!sqi_parse_at(p, ">"))
            SQI_TRY(fields(p, &list, err));
        SQI_TRY(close_angle(p, err));
    } else {
        return incomplete(p, SQI_COND_INCOMPLETE_TYPE_DEFINITION__STRUCT, begin, "STRUCT<name: INT>", out, err);
    }
    *out = sqi_type_struct(p->pool, list.item, list.n);
    return *out ? STREAMQ_OK : sqi_error_nomem(err);
}

/* ---------------------------------------------------------------- one type */

static streamq_status unknown(sqi_parser *p, uint32_t begin, const sqi_type **out, streamq_error **err)
{
    int64_t v[2];
    uint32_t n;
    SQI_TRY(sizes(p, v, &n, err));
    *out = &sqi_type_void;
    return unsupported(p, begin, err);
}

static streamq_status one_type(sqi_parser *p, const sqi_type **out, streamq_error **err)
{
    sqi_token word = p->lex.current;
    sqi_span name;
    SQI_TRY(sqi_parse_word(p, &name, err));
    for (size_t i = 0; i < sizeof simple / sizeof *simple; i++) {
        if (sqi_token_is(&word, simple[i].word)) {
            *out = simple[i].type;
            return sqi_parse_at(p, "(") ? unknown(p, word.begin, out, err) : STREAMQ_OK;
        }
    }
    if (sqi_token_is(&word, "STRING"))
        return string(p, out, err);
    if (sqi_token_is(&word, "DECIMAL") || sqi_token_is(&word, "DEC") || sqi_token_is(&word, "NUMERIC"))
        return decimal(p, word.begin, out, err);
    if (sqi_token_is(&word, "CHAR") || sqi_token_is(&word, "CHARACTER") || sqi_token_is(&word, "VARCHAR"))
        return characters(p, word.begin, out, err);
    if (sqi_token_is(&word, "TIMESTAMP"))
        return timestamp(p, out, err);
    if (sqi_token_is(&word, "INTERVAL"))
        return interval(p, word.begin, out, err);
    if (sqi_token_is(&word, "ARRAY"))
        return array(p, word.begin, out, err);
    if (sqi_token_is(&word, "MAP"))
        return map(p, word.begin, out, err);
    if (sqi_token_is(&word, "STRUCT"))
        return structure(p, word.begin, out, err);
    return sqi_token_is(&word, "TIME") ? time(p, word.begin, out, err) : unknown(p, word.begin, out, err);
}

streamq_status sqi_parse_type_piece(sqi_parser *p, const sqi_type **out, streamq_error **err)
{
    SQI_TRY(sqi_parse_enter(p, err));
    SQI_TRY(one_type(p, out, err));
    sqi_parse_leave(p);
    return STREAMQ_OK;
}

/* A list of fields, or the whole as one type: struct<...>. */
streamq_status sqi_parse_schema(sqi_parser *p, sqi_schema *out, streamq_error **err)
{
    *out = (sqi_schema){0};
    if (sqi_parse_at(p, "STRUCT") && (sqi_parse_ahead(p, 1, "<") || sqi_parse_ahead(p, 1, "<>"))) {
        const sqi_type *type = NULL;
        SQI_TRY(sqi_parse_type_piece(p, &type, err));
        SQI_TRY(sqi_parse_end(p, err));
        sqi_schema from = {type->nfield, (sqi_field *)(uintptr_t)type->field};
        return sqi_schema_copy(out, &from, p->arena, err);
    }
    sqi_parse_array list = {0};
    SQI_TRY(fields(p, &list, err));
    out->n = list.n;
    out->field = list.item;
    if (p->fault.cond == SQI_COND_UNSUPPORTED_DATATYPE) /* in Spark a schema's types are part of its syntax */
        p->fault.cond = SQI_COND_PARSE_SYNTAX_ERROR;
    return sqi_parse_end(p, err);
}
