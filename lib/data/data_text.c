/*
 * data_text: values as text. CAST style is what CAST(v AS STRING) gives, SHOW style what the console prints; literals
 * are for explain and default column names. Nothing is escaped and malformed UTF-8 stays as it is, so text and binary
 * go through byte by byte. Depth of recursion is the depth of the type, which the parser bounds.
 */
#include "data_text.h"

#include "data_number.h"

static bool put_number(sqi_buf *to, const sqi_vec *v, uint32_t i)
{
    char t[SQI_NUMBER_TEXT];
    size_t n = 0;
    switch (v->type->id) {
    case SQI_TINYINT:
    case SQI_SMALLINT:
    case SQI_INT:
    case SQI_BIGINT:
        n = sqi_number_int(sqi_vec_int(v, i), t);
        break;
    case SQI_FLOAT:
        n = sqi_number_float(SQI_AT(v, float, i), t);
        break;
    case SQI_DOUBLE:
        n = sqi_number_double(SQI_AT(v, double, i), t);
        break;
    default:
        n = sqi_number_decimal(SQI_AT(v, sqi_int128, i), v->type->scale, t);
        break;
    }
    return sqi_buf_put(to, t, n);
}

static bool put_time(sqi_buf *to, const sqi_vec *v, uint32_t i, const sqi_zone *zone)
{
    char t[SQI_TIME_TEXT];
    size_t n;
    switch (v->type->id) {
    case SQI_DATE:
        n = sqi_time_date_text(SQI_AT(v, int32_t, i), t);
        break;
    case SQI_TIMESTAMP:
        n = sqi_time_timestamp_text(sqi_zone_to_local(zone, SQI_AT(v, int64_t, i)), t);
        break;
    case SQI_TIMESTAMP_NTZ:
        n = sqi_time_timestamp_text(SQI_AT(v, int64_t, i), t);
        break;
    case SQI_INTERVAL_YM:
        n = sqi_time_interval_text(v->type, &SQI_AT(v, int32_t, i), t);
        break;
    case SQI_INTERVAL_DT:
        n = sqi_time_interval_text(v->type, &SQI_AT(v, int64_t, i), t);
        break;
    default:
        n = sqi_time_interval_text(v->type, &SQI_AT(v, sqi_interval, i), t);
        break;
    }
    return sqi_buf_put(to, t, n);
}

static bool put_hex(sqi_buf *to, sqi_span s, bool spaced)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char b = (unsigned char)s.ptr[i];
        char pair[3] = {' ', digits[b >> 4], digits[b & 15]};
        bool space = spaced && i;
        if (!sqi_buf_put(to, pair + !space, 2 + (size_t)space))
            return false;
    }
    return true;
}

static bool put_nested(sqi_buf *to, const sqi_vec *v, uint32_t i, const sqi_zone *zone, sqi_text_style style)
{
    if (!sqi_vec_valid(v, i))
        return sqi_buf_put(to, style == SQI_TEXT_SHOW ? "NULL" : "null", 4);
    return sqi_text_value(to, v, i, zone, style);
}

static bool put_list(sqi_buf *to, const sqi_vec *v, uint32_t i, const sqi_zone *zone, sqi_text_style style)
{
    sqi_list l = SQI_AT(v, sqi_list, i);
    bool map = v->type->id == SQI_MAP, ok = sqi_buf_byte(to, map ? '{' : '[');
    for (uint32_t k = 0; ok && k < l.length; k++) {
        ok = (k == 0 || sqi_buf_put(to, ", ", 2)) && put_nested(to, &v->child[0], l.offset + k, zone, style);
        if (map)
            ok = ok && sqi_buf_put(to, " -> ", 4) && put_nested(to, &v->child[1], l.offset + k, zone, style);
    }
    return ok && sqi_buf_byte(to, map ? '}' : ']');
}

static bool put_struct(sqi_buf *to, const sqi_vec *v, uint32_t i, const sqi_zone *zone, sqi_text_style style)
{
    bool ok = sqi_buf_byte(to, '{');
    for (uint32_t k = 0; ok && k < v->type->nfield; k++)
        ok = (k == 0 || sqi_buf_put(to, ", ", 2)) && put_nested(to, &v->child[k], i & v->mask, zone, style);
    return ok && sqi_buf_byte(to, '}');
}

bool sqi_text_value(sqi_buf *to, const sqi_vec *v, uint32_t i, const sqi_zone *zone, sqi_text_style style)
{
    if (v->type->id == SQI_VOID || !sqi_vec_valid(v, i))
        return style == SQI_TEXT_CAST || sqi_buf_put(to, "NULL", 4);
    switch (v->type->id) {
    case SQI_BOOLEAN:
        return sqi_buf_text(to, SQI_AT(v, uint8_t, i) ? "true" : "false");
    case SQI_STRING:
        return sqi_buf_span(to, sqi_str_span(&SQI_AT(v, sqi_str, i)));
    case SQI_BINARY:
        if (style == SQI_TEXT_CAST)
            return sqi_buf_span(to, sqi_str_span(&SQI_AT(v, sqi_str, i)));
        return sqi_buf_byte(to, '[') && put_hex(to, sqi_str_span(&SQI_AT(v, sqi_str, i)), true) &&
               sqi_buf_byte(to, ']');
    case SQI_DATE:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
    case SQI_INTERVAL_YM:
    case SQI_INTERVAL_DT:
    case SQI_INTERVAL:
        return put_time(to, v, i, zone);
    case SQI_ARRAY:
    case SQI_MAP:
        return put_list(to, v, i, zone, style);
    case SQI_STRUCT:
        return put_struct(to, v, i, zone, style);
    default:
        return put_number(to, v, i);
    }
}

/* 'it\'s' */
static bool put_quoted(sqi_buf *to, sqi_span s)
{
    bool ok = sqi_buf_byte(to, '\'');
    for (size_t i = 0; ok && i < s.len; i++)
        ok = (s.ptr[i] != '\'' && s.ptr[i] != '\\' ? true : sqi_buf_byte(to, '\\')) && sqi_buf_byte(to, s.ptr[i]);
    return ok && sqi_buf_byte(to, '\'');
}

static bool put_float_literal(sqi_buf *to, const sqi_vec *v, uint32_t i)
{
    double d = v->type->id == SQI_FLOAT ? (double)SQI_AT(v, float, i) : SQI_AT(v, double, i);
    bool number = d - d == 0; /* neither infinite nor NaN */
    if (number && v->type->id == SQI_DOUBLE)
        return put_number(to, v, i) && sqi_buf_byte(to, 'D');
    return sqi_buf_text(to, number ? "CAST(" : "CAST('") && put_number(to, v, i) &&
           sqi_buf_text(to, number ? " AS " : "' AS ") && sqi_type_print_sql(to, v->type) && sqi_buf_byte(to, ')');
}

static bool put_items(sqi_buf *to, const sqi_vec *v, uint32_t i)
{
    sqi_list l = SQI_AT(v, sqi_list, i);
    bool map = v->type->id == SQI_MAP, ok = sqi_buf_text(to, map ? "MAP(" : "ARRAY(");
    for (uint32_t k = 0; ok && k < l.length; k++) {
        ok = (k == 0 || sqi_buf_put(to, ", ", 2)) && sqi_text_literal(to, &v->child[0], l.offset + k, false);
        if (map)
            ok = ok && sqi_buf_put(to, ", ", 2) && sqi_text_literal(to, &v->child[1], l.offset + k, false);
    }
    return ok && sqi_buf_byte(to, ')');
}

static bool put_fields(sqi_buf *to, const sqi_vec *v, uint32_t i)
{
    bool ok = sqi_buf_text(to, "NAMED_STRUCT(");
    for (uint32_t k = 0; ok && k < v->type->nfield; k++)
        ok = (k == 0 || sqi_buf_put(to, ", ", 2)) && put_quoted(to, v->type->field[k].name) &&
             sqi_buf_put(to, ", ", 2) && sqi_text_literal(to, &v->child[k], i & v->mask, false);
    return ok && sqi_buf_byte(to, ')');
}

static bool put_typed(sqi_buf *to, const sqi_vec *v, uint32_t i, const char *word)
{
    return sqi_buf_text(to, word) && sqi_buf_put(to, " '", 2) && put_time(to, v, i, sqi_zone_utc()) &&
           sqi_buf_byte(to, '\'');
}

bool sqi_text_literal(sqi_buf *to, const sqi_vec *v, uint32_t i, bool pretty)
{
    if (v->type->id == SQI_VOID || !sqi_vec_valid(v, i))
        return sqi_buf_put(to, "NULL", 4);
    if (pretty && (sqi_type_is_numeric(v->type) || v->type->id == SQI_STRING))
        return sqi_text_value(to, v, i, sqi_zone_utc(), SQI_TEXT_CAST);
    switch (v->type->id) {
    case SQI_STRING:
        return put_quoted(to, sqi_str_span(&SQI_AT(v, sqi_str, i)));
    case SQI_BINARY:
        return sqi_buf_put(to, "X'", 2) && put_hex(to, sqi_str_span(&SQI_AT(v, sqi_str, i)), false) &&
               sqi_buf_byte(to, '\'');
    case SQI_TINYINT:
        return put_number(to, v, i) && sqi_buf_byte(to, 'Y');
    case SQI_SMALLINT:
        return put_number(to, v, i) && sqi_buf_byte(to, 'S');
    case SQI_BIGINT:
        return put_number(to, v, i) && sqi_buf_byte(to, 'L');
    case SQI_DECIMAL:
        return put_number(to, v, i) && sqi_buf_text(to, "BD");
    case SQI_FLOAT:
    case SQI_DOUBLE:
        return put_float_literal(to, v, i);
    case SQI_DATE:
        return put_typed(to, v, i, "DATE");
    case SQI_TIMESTAMP:
        return put_typed(to, v, i, "TIMESTAMP");
    case SQI_TIMESTAMP_NTZ:
        return put_typed(to, v, i, "TIMESTAMP_NTZ");
    case SQI_INTERVAL:
        return put_typed(to, v, i, "INTERVAL");
    case SQI_ARRAY:
    case SQI_MAP:
        return put_items(to, v, i);
    case SQI_STRUCT:
        return put_fields(to, v, i);
    default:
        return sqi_text_value(to, v, i, sqi_zone_utc(), SQI_TEXT_CAST);
    }
}
