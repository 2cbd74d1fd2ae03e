/*
 * json_write: see the header. Text is made as UTF-8; another encoding is made of whole chunks at the end.
 */
#include "json_write.h"

#include "base_scan.h"
#include "data_number.h"
#include "io_utf8.h"

typedef sqi_json_writer state;

typedef struct out {
    const sqi_json_settings *set;
    sqi_buf *to;
    state *st;
    uint32_t depth;
} out;

/* ---------------------------------------------------------------------------------------------------------- text */

static const char *plain(const char *p, const char *end)
{
    while (end - p >= 16) {
        uint32_t m = sqi_scan_string16(p);
        m = (m | m >> 16) & 0xffff;
        if (m)
            return p + __builtin_ctz(m);
        p += 16;
    }
    while (p < end && (unsigned char)*p >= ' ' && (unsigned char)*p < 128 && *p != '"' && *p != '\\')
        ++p;
    return p;
}

static bool put_unit(sqi_buf *to, uint32_t unit)
{
    static const char digit[] = "0123456789ABCDEF";
    char text[6] = {'\\', 'u', digit[unit >> 12 & 15], digit[unit >> 8 & 15], digit[unit >> 4 & 15], digit[unit & 15]};
    return sqi_buf_put(to, text, sizeof text);
}

static bool put_special(sqi_buf *to, const char **p, const char *end, bool ascii)
{
    static const char letters[] = "\"\\bfnrt", means[] = "\"\\\b\f\n\r\t";
    unsigned char c = (unsigned char)**p;
    if (c < 128) {
        const char *known = c ? strchr(means, c) : NULL;
        ++*p;
        return known ? sqi_buf_put(to, (char[]){'\\', letters[known - means]}, 2) : put_unit(to, c);
    }
    bool ok;
    char bytes[4];
    uint32_t code = sqi_io_utf8_next(p, end, &ok);
    if (!ascii)
        return sqi_buf_put(to, bytes, sqi_utf8_put(code, bytes));
    if (code < 0x10000)
        return put_unit(to, code);
    return put_unit(to, 0xd800 + ((code - 0x10000) >> 10)) && put_unit(to, 0xdc00 + (code & 0x3ff));
}

bool sqi_json_write_text(sqi_buf *to, sqi_span text, bool ascii)
{
    const char *p = text.len ? text.ptr : "", *end = p + text.len;
    bool ok = sqi_buf_byte(to, '"');
    while (ok) {
        const char *stop = plain(p, end);
        ok = sqi_buf_put(to, p, (size_t)(stop - p));
        p = stop;
        if (p == end)
            break;
        ok = ok && put_special(to, &p, end, ascii);
    }
    return ok && sqi_buf_byte(to, '"');
}

static bool put_quoted(const out *o, sqi_span text)
{
    return sqi_json_write_text(o->to, text, o->set->ascii);
}

/* ------------------------------------------------------------------------------------------------------- scalars */

static bool put_base64(sqi_buf *to, sqi_span s)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bool ok = sqi_buf_byte(to, '"');
    for (size_t i = 0; ok && i < s.len; i += 3) {
        size_t n = s.len - i < 3 ? s.len - i : 3;
        uint32_t v = 0;
        for (size_t k = 0; k < 3; ++k)
            v = v << 8 | (k < n ? (unsigned char)s.ptr[i + k] : 0u);
        char text[4] = {digit[v >> 18], digit[v >> 12 & 63], n > 1 ? digit[v >> 6 & 63] : '=',
                        n > 2 ? digit[v & 63] : '='};
        ok = sqi_buf_put(to, text, 4);
    }
    return ok && sqi_buf_byte(to, '"');
}

/* Java's BigDecimal.toString: with an exponent where there would be six zeros behind the point. */
static bool put_decimal(sqi_buf *to, sqi_int128 v, int scale)
{
    char text[SQI_NUMBER_TEXT];
    size_t n = sqi_number_decimal(v, 0, text), sign = text[0] == '-';
    int exponent = (int)(n - sign) - 1 - scale;
    if (exponent >= -6) {
        n = sqi_number_decimal(v, scale, text);
        return sqi_buf_put(to, text, n);
    }
    bool ok = sqi_buf_put(to, text, sign + 1);
    if (ok && n > sign + 1)
        ok = sqi_buf_byte(to, '.') && sqi_buf_put(to, text + sign + 1, n - sign - 1);
    return ok && sqi_buf_printf(to, "E%d", exponent);
}

static bool put_real(sqi_buf *to, const sqi_vec *v, uint32_t i)
{
    char text[SQI_NUMBER_TEXT];
    double d = v->type->id == SQI_FLOAT ? (double)SQI_AT(v, float, i) : SQI_AT(v, double, i);
    size_t n = v->type->id == SQI_FLOAT ? sqi_number_float(SQI_AT(v, float, i), text) : sqi_number_double(d, text);
    return d - d == 0 ? sqi_buf_put(to, text, n) : sqi_json_write_text(to, (sqi_span){text, n}, false);
}

static bool put_time(const out *o, const sqi_vec *v, uint32_t i)
{
    char text[SQI_TIME_TEXT];
    int64_t t = sqi_vec_int(v, i), micros = t;
    const sqi_pattern *p = v->type->id == SQI_DATE        ? o->set->date
                           : v->type->id == SQI_TIMESTAMP ? o->set->timestamp
                                                          : o->set->local;
    if (v->type->id == SQI_DATE && __builtin_mul_overflow(t, SQI_MICROS_PER_DAY, &micros))
        return put_quoted(o, (sqi_span){text, sqi_time_date_text((int32_t)t, text)});
    const sqi_zone *zone = v->type->id == SQI_TIMESTAMP ? o->set->zone : sqi_zone_utc();
    sqi_buf_clear(&o->st->key);
    return sqi_pattern_print(p, micros, zone, &o->st->key) && put_quoted(o, sqi_buf_view(&o->st->key));
}

static bool put_interval(const out *o, const sqi_vec *v, uint32_t i)
{
    char text[SQI_TIME_TEXT];
    int32_t months = (int32_t)sqi_vec_int(v, i);
    int64_t micros = sqi_vec_int(v, i);
    const void *value = v->type->id == SQI_INTERVAL_YM ? (const void *)&months : (const void *)&micros;
    return put_quoted(o, (sqi_span){text, sqi_time_interval_text(v->type, value, text)});
}

/* -------------------------------------------------------------------------------------------------------- nesting */

static bool put_value(out *o, const sqi_vec *v, uint32_t i);

static bool new_line(const out *o)
{
    return !o->set->pretty || (sqi_buf_byte(o->to, '\n') && sqi_buf_repeat(o->to, ' ', (size_t)o->depth * 2));
}

static bool open_object(out *o)
{
    ++o->depth;
    return sqi_buf_byte(o->to, '{');
}

static bool close_object(out *o, bool empty)
{
    --o->depth;
    bool ok = !empty ? new_line(o) : !o->set->pretty || sqi_buf_byte(o->to, ' ');
    return ok && sqi_buf_byte(o->to, '}');
}

static bool put_name(const out *o, bool first, sqi_span name)
{
    return (first || sqi_buf_byte(o->to, ',')) && new_line(o) && put_quoted(o, name) &&
           sqi_buf_text(o->to, o->set->pretty ? " : " : ":");
}

/* A value of a map or array, or of a field that is written. */
static bool put_or_null(out *o, const sqi_vec *v, uint32_t i)
{
    return v->type->id == SQI_VOID || !sqi_vec_valid(v, i) ? sqi_buf_text(o->to, "null") : put_value(o, v, i);
}

/* The order that n texts have by their bytes; NULL: no memory. */
static uint32_t *sorted(const out *o, const sqi_span *text, uint32_t n)
{
    uint32_t *order = sqi_arena_array(&o->st->arena, n + 1, sizeof *order);
    for (uint32_t i = 0; order && i < n; ++i) {
        uint32_t k = i;
        for (; k; --k) {
            const sqi_span *a = &text[order[k - 1]], *b = &text[i];
            int c = memcmp(a->ptr, b->ptr, a->len < b->len ? a->len : b->len);
            if (c < 0 || (c == 0 && a->len <= b->len))
                break;
            order[k] = order[k - 1];
        }
        order[k] = i;
    }
    return order;
}

/* Fields of a struct, or the columns of a row. */
static bool put_fields(out *o, const sqi_field *field, const sqi_vec *v, uint32_t n, uint32_t i)
{
    bool ok = open_object(o), first = true;
    uint32_t *order = NULL;
    sqi_arena_mark mark = sqi_arena_mark_get(&o->st->arena);
    if (o->set->sort_names) {
        sqi_span *name = sqi_arena_array(&o->st->arena, n + 1, sizeof *name);
        for (uint32_t k = 0; name && k < n; ++k)
            name[k] = field[k].name;
        order = name ? sorted(o, name, n) : NULL;
        ok = ok && order;
    }
    for (uint32_t k = 0; ok && k < n; ++k) {
        uint32_t f = order ? order[k] : k;
        if (!o->set->keep_null && (v[f].type->id == SQI_VOID || !sqi_vec_valid(&v[f], i)))
            continue;
        ok = put_name(o, first, field[f].name) && put_or_null(o, &v[f], i);
        first = false;
    }
    sqi_arena_release(&o->st->arena, mark);
    return ok && close_object(o, first);
}

static bool put_array(out *o, const sqi_vec *v, uint32_t i)
{
    sqi_list list = SQI_AT(v, sqi_list, i);
    bool ok = sqi_buf_byte(o->to, '[');
    for (uint32_t k = 0; ok && k < list.length; ++k)
        ok = (!k || sqi_buf_byte(o->to, ',')) && (!o->set->pretty || sqi_buf_byte(o->to, ' ')) &&
             put_or_null(o, &v->child[0], list.offset + k);
    return ok && (!o->set->pretty || sqi_buf_byte(o->to, ' ')) && sqi_buf_byte(o->to, ']');
}

/* A key as text: Spark writes the number that it keeps, for dates the days and for timestamps the microseconds. */
static bool print_key(sqi_buf *to, const sqi_vec *v, uint32_t i)
{
    char text[SQI_NUMBER_TEXT];
    switch (v->type->id) {
    case SQI_STRING:
        return sqi_buf_span(to, sqi_str_span(&SQI_AT(v, sqi_str, i)));
    case SQI_BOOLEAN:
        return sqi_buf_text(to, SQI_AT(v, uint8_t, i) ? "true" : "false");
    case SQI_FLOAT:
        return sqi_buf_put(to, text, sqi_number_float(SQI_AT(v, float, i), text));
    case SQI_DOUBLE:
        return sqi_buf_put(to, text, sqi_number_double(SQI_AT(v, double, i), text));
    case SQI_DECIMAL:
        return put_decimal(to, SQI_AT(v, sqi_int128, i), v->type->scale);
    default:
        return sqi_buf_put(to, text, sqi_number_int(sqi_vec_int(v, i), text));
    }
}

/* Of all keys of a map, in the arena; NULL: no memory. */
static sqi_span *print_keys(const out *o, const sqi_vec *key, sqi_list list)
{
    sqi_span *text = sqi_arena_array(&o->st->arena, list.length + 1, sizeof *text);
    for (uint32_t k = 0; text && k < list.length; ++k) {
        sqi_buf_clear(&o->st->key);
        if (!print_key(&o->st->key, key, list.offset + k))
            return NULL;
        size_t n = o->st->key.len;
        text[k] = (sqi_span){sqi_arena_text(&o->st->arena, n ? o->st->key.ptr : "", n), n};
        if (!text[k].ptr)
            return NULL;
    }
    return text;
}

static bool put_map(out *o, const sqi_vec *v, uint32_t i)
{
    sqi_list list = SQI_AT(v, sqi_list, i);
    sqi_arena_mark mark = sqi_arena_mark_get(&o->st->arena);
    sqi_span *key = print_keys(o, &v->child[0], list);
    uint32_t *order = key && o->set->sort_names ? sorted(o, key, list.length) : NULL;
    bool ok = key && (order || !o->set->sort_names) && open_object(o);
    for (uint32_t k = 0; ok && k < list.length; ++k) {
        uint32_t at = order ? order[k] : k;
        ok = put_name(o, !k, key[at]) && put_or_null(o, &v->child[1], list.offset + at);
    }
    sqi_arena_release(&o->st->arena, mark);
    return ok && close_object(o, !list.length);
}

static bool put_value(out *o, const sqi_vec *v, uint32_t i)
{
    char text[SQI_NUMBER_TEXT];
    i &= v->mask;
    switch (v->type->id) {
    case SQI_BOOLEAN:
        return sqi_buf_text(o->to, SQI_AT(v, uint8_t, i) ? "true" : "false");
    case SQI_FLOAT:
    case SQI_DOUBLE:
        return put_real(o->to, v, i);
    case SQI_DECIMAL:
        return put_decimal(o->to, SQI_AT(v, sqi_int128, i), v->type->scale);
    case SQI_STRING:
        return put_quoted(o, sqi_str_span(&SQI_AT(v, sqi_str, i)));
    case SQI_BINARY:
        return put_base64(o->to, sqi_str_span(&SQI_AT(v, sqi_str, i)));
    case SQI_DATE:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
        return put_time(o, v, i);
    case SQI_INTERVAL_YM:
    case SQI_INTERVAL_DT:
        return put_interval(o, v, i);
    case SQI_ARRAY:
        return put_array(o, v, i);
    case SQI_MAP:
        return put_map(o, v, i);
    case SQI_STRUCT:
        return put_fields(o, v->type->field, v->child, v->type->nfield, i);
    default:
        return sqi_buf_put(o->to, text, sqi_number_int(sqi_vec_int(v, i), text));
    }
}

/* -------------------------------------------------------------------------------------------------------- the face */

static streamq_status check_type(sqi_span column, const sqi_type *t, streamq_error **err)
{
    char label[128];
    const sqi_type *key = t->id == SQI_MAP ? t->field[0].type : NULL;
    bool wrong = t->id == SQI_INTERVAL || (key && (sqi_type_is_nested(key) || key->id == SQI_BINARY));
    if (wrong)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE,
                             "the format json cannot write %s, which the column `%.*s` has", sqi_type_label(t, label),
                             (int)(column.len < 64 ? column.len : 64), column.ptr);
    for (uint32_t i = 0; i < t->nfield; ++i)
        SQI_TRY(check_type(column, t->field[i].type, err));
    return STREAMQ_OK;
}

streamq_status sqi_json_write_open(sqi_encoder *e, streamq_error **err)
{
    state *s = e->state;
    SQI_TRY(sqi_json_settings_write(&s->set, e->options, e->env, err));
    sqi_arena_init(&s->arena, e->env->alloc);
    sqi_buf_init(&s->text, e->env->alloc, 0);
    sqi_buf_init(&s->key, e->env->alloc, 0);
    for (uint32_t i = 0; i < e->schema->n; ++i)
        SQI_TRY(check_type(e->schema->field[i].name, e->schema->field[i].type, err));
    return STREAMQ_OK;
}

streamq_status sqi_json_write_begin(sqi_encoder *e, sqi_buf *to, streamq_error **err)
{
    state *s = e->state;
    (void)to;
    (void)err;
    s->first = true;
    return STREAMQ_OK;
}

streamq_status sqi_json_write_rows(sqi_encoder *e, const sqi_chunk *chunk, sqi_buf *to, streamq_error **err)
{
    state *s = e->state;
    bool direct = s->set.charset == SQI_CHARSET_UTF8, ok = true;
    out o = {&s->set, direct ? to : &s->text, s, 0};
    sqi_buf_clear(&s->text);
    for (SQI_EACH(chunk->rows, k, i)) {
        ok = put_fields(&o, e->schema->field, chunk->col, chunk->ncol, i) && sqi_buf_span(o.to, s->set.line_end);
        if (!ok)
            break;
    }
    if (ok && !direct && s->text.len) {
        ok = (!s->first || sqi_io_charset_begin(s->set.charset, to)) &&
             sqi_io_charset_put(s->set.charset, sqi_buf_view(&s->text), to);
        s->first = false;
    }
    sqi_arena_reset(&s->arena);
    return ok ? STREAMQ_OK : sqi_error_nomem(err);
}

streamq_status sqi_json_write_end(sqi_encoder *e, sqi_buf *to, streamq_error **err)
{
    (void)e;
    (void)to;
    (void)err;
    return STREAMQ_OK;
}

void sqi_json_write_close(sqi_encoder *e)
{
    state *s = e->state;
    sqi_arena_fini(&s->arena);
    sqi_buf_fini(&s->text);
    sqi_buf_fini(&s->key);
    sqi_json_settings_fini(&s->set);
}
