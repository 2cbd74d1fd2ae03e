/*
 * json_infer: see the header. A record is read to its end before anything of it counts, because what is broken does not
 * count at all.
 */
#include "json_infer.h"

#include "data_number.h"
#include "data_numeral.h"
#include "json_lines.h"
#include "json_rows.h"

typedef sqi_json_infer state;

streamq_status sqi_json_infer_open(sqi_inference *f, streamq_error **err)
{
    state *s = f->state;
    SQI_TRY(sqi_json_settings_read(&s->set, f->options, f->env, err));
    sqi_arena_init(&s->text, f->env->alloc);
    sqi_arena_init(&s->shapes_arena, f->env->alloc);
    s->shapes.arena = &s->shapes_arena;
    s->root.kind = SQI_JSON_KIND_STRUCT;
    s->scalar = (sqi_json_scalar){&s->set, NULL, f->env->os->wall_micros(f->env->os->context)};
    return STREAMQ_OK;
}

void sqi_json_infer_close(sqi_inference *f)
{
    state *s = f->state;
    sqi_arena_fini(&s->text);
    sqi_arena_fini(&s->shapes_arena);
    sqi_json_settings_fini(&s->set);
}

streamq_status sqi_json_infer_begin(sqi_inference *f, streamq_error **err)
{
    (void)err;
    ((state *)f->state)->first = true;
    return STREAMQ_OK;
}

/* --------------------------------------------------------------------------------------------------------- values */

static void add_decimal(sqi_json_shape *to, int digits, int scale)
{
    sqi_json_shape_add(to, SQI_JSON_KIND_DECIMAL, digits - scale, scale);
}

/* Digits as BigDecimal counts them. False: more than a decimal has room for. */
static bool digits_of(sqi_span text, int *digits, int64_t *scale)
{
    enum { MOST = 38 };
    sqi_numeral n;
    if (!sqi_numeral_scan(text, &n) || n.end != text.ptr + text.len)
        return false;
    size_t len = (size_t)(n.digits_end - n.digits);
    len -= len && memchr(n.digits, '.', len);
    *digits = len > MOST ? MOST + 1 : len ? (int)len : 1;
    *scale = n.scale;
    return *digits <= MOST && *scale <= MOST;
}

static void add_number(state *s, sqi_json_shape *to)
{
    const sqi_json_reader *r = &s->reader;
    sqi_span text = {r->from, (size_t)(r->stop - r->from)};
    int64_t v, scale;
    int digits;
    bool overflow;
    if (s->set.all_strings)
        sqi_json_shape_add(to, SQI_JSON_KIND_STRING, 0, 0);
    else if (!r->fraction && sqi_number_read_int(text, INT64_MIN, INT64_MAX, &v, &overflow))
        sqi_json_shape_add(to, SQI_JSON_KIND_BIGINT, 0, 0);
    else if (r->no_number || (r->fraction && !s->set.prefers_decimal) || !digits_of(text, &digits, &scale))
        sqi_json_shape_add(to, SQI_JSON_KIND_DOUBLE, 0, 0);
    else if (scale < 0)
        s->negative = true;
    else
        add_decimal(to, digits > scale ? digits : (int)scale, (int)scale);
}

static void add_text(state *s, sqi_json_shape *to, sqi_span text)
{
    enum { MOST = 128 };
    char room[MOST];
    sqi_span number;
    int digits;
    int64_t scale;
    if (!text.len)
        return;
    if (s->set.prefers_decimal && text.len <= MOST && sqi_json_scalar_decimal_text(text, room, &number) &&
        digits_of(number, &digits, &scale) && scale >= 0 && scale <= digits)
        add_decimal(to, digits, (int)scale);
    else if (s->set.find_timestamps && sqi_json_scalar_is_timestamp(&s->scalar, text))
        sqi_json_shape_add(to, SQI_JSON_KIND_TIMESTAMP, 0, 0);
    else
        sqi_json_shape_add(to, SQI_JSON_KIND_STRING, 0, 0);
}

static bool add_value(state *s, sqi_json_shape *to);

/* The record was read before, so tokens come as they should. */
static bool add_object(state *s, sqi_json_shape *to)
{
    uint64_t id = ++s->objects;
    while (sqi_json_read_next(&s->reader) == SQI_JSON_NAME) {
        sqi_json_shape *field = sqi_json_shape_field(&s->shapes, to, sqi_json_read_name(&s->reader));
        if (!field)
            return false;
        s->twice |= field->seen == id;
        field->seen = id;
        if (sqi_json_read_next(&s->reader) == SQI_JSON_BAD || !add_value(s, field))
            return false;
    }
    return true;
}

static bool add_array(state *s, sqi_json_shape *to)
{
    for (;;) {
        sqi_json_token t = sqi_json_read_next(&s->reader);
        if (t == SQI_JSON_ARRAY_END)
            return true;
        sqi_json_shape *element = sqi_json_shape_element(&s->shapes, to);
        if (!element || t == SQI_JSON_BAD || t == SQI_JSON_DONE || !add_value(s, element))
            return false;
    }
}

static bool add_value(state *s, sqi_json_shape *to)
{
    sqi_span text;
    switch (s->reader.token) {
    case SQI_JSON_OBJECT:
        return sqi_json_shape_enter(to, SQI_JSON_KIND_STRUCT) ? add_object(s, to) : sqi_json_read_skip(&s->reader);
    case SQI_JSON_ARRAY:
        return sqi_json_shape_enter(to, SQI_JSON_KIND_ARRAY) ? add_array(s, to) : sqi_json_read_skip(&s->reader);
    case SQI_JSON_STRING:
        if (!sqi_json_read_text(&s->reader, &text))
            return false;
        add_text(s, to, text);
        return true;
    case SQI_JSON_NUMBER:
        add_number(s, to);
        return true;
    case SQI_JSON_TRUE:
    case SQI_JSON_FALSE:
        sqi_json_shape_add(to, s->set.all_strings ? SQI_JSON_KIND_STRING : SQI_JSON_KIND_BOOLEAN, 0, 0);
        return true;
    default:
        return true;
    }
}

/* -------------------------------------------------------------------------------------------------------- records */

/* What a record is: arrays around something (of which nothing may be known). */
typedef struct nature {
    uint32_t arrays;
    sqi_json_kind inside; /* NULL, STRUCT, or STRING for everything else */
} nature;

static nature both(nature a, nature b)
{
    nature deep = a.arrays > b.arrays ? a : b, flat = a.arrays > b.arrays ? b : a;
    if (flat.arrays < deep.arrays)
        return flat.inside == SQI_JSON_KIND_NULL ? deep : (nature){0, SQI_JSON_KIND_STRING};
    if (flat.inside == SQI_JSON_KIND_NULL || flat.inside == deep.inside)
        return deep;
    return deep.inside == SQI_JSON_KIND_NULL ? flat : (nature){a.arrays, SQI_JSON_KIND_STRING};
}

/* To the end of the value at hand, all of which is looked at. False: it is broken. */
static bool examine(sqi_json_reader *r, nature *n)
{
    uint32_t outside = r->depth - (r->token == SQI_JSON_OBJECT || r->token == SQI_JSON_ARRAY);
    *n = (nature){0, SQI_JSON_KIND_STRING};
    if (r->token == SQI_JSON_ARRAY) {
        nature all = {0, SQI_JSON_KIND_NULL}, one;
        for (;;) {
            sqi_json_token t = sqi_json_read_next(r);
            if (t == SQI_JSON_ARRAY_END)
                break;
            if (t == SQI_JSON_BAD || t == SQI_JSON_DONE || !examine(r, &one))
                return false;
            all = both(all, one);
        }
        *n = (nature){all.arrays + 1, all.inside};
        return true;
    }
    if (r->token == SQI_JSON_NULL)
        n->inside = SQI_JSON_KIND_NULL;
    if (r->token == SQI_JSON_OBJECT)
        n->inside = SQI_JSON_KIND_STRUCT;
    for (;;) {
        sqi_span text;
        if (r->token == SQI_JSON_STRING && !sqi_json_read_text(r, &text))
            return false;
        if (r->depth <= outside)
            return true;
        if (sqi_json_read_next(r) == SQI_JSON_BAD)
            return false;
    }
}

static streamq_status add_corrupt(state *s, sqi_inference *f, bool broken, streamq_error **err)
{
    if (s->set.mode == SQI_JSON_DROP)
        return STREAMQ_OK;
    if (s->set.mode == SQI_JSON_FAIL)
        return sqi_error_set(
            err, broken ? SQI_COND_MALFORMED_RECORD_IN_PARSING__WITHOUT_SUGGESTION : SQI_COND_INVALID_JSON_RECORD_TYPE,
            "%.*s: a record that is %s, and the option mode is FAILFAST", (int)f->file.len,
            f->file.len ? f->file.ptr : "", broken ? "no JSON" : "no object");
    sqi_json_shape *field = sqi_json_shape_find(&s->root, s->set.corrupt);
    if (!field || broken) {
        field = field ? field : sqi_json_shape_field(&s->shapes, &s->root, s->set.corrupt);
        if (field)
            sqi_json_shape_add(field, SQI_JSON_KIND_STRING, 0, 0);
    }
    return STREAMQ_OK;
}

/* The objects of the value at hand, arrays around them left away. */
static bool add_rows(state *s)
{
    if (s->reader.token == SQI_JSON_OBJECT)
        return add_object(s, &s->root);
    if (s->reader.token != SQI_JSON_ARRAY)
        return true;
    for (;;) {
        sqi_json_token t = sqi_json_read_next(&s->reader);
        if (t == SQI_JSON_ARRAY_END)
            return true;
        if (t == SQI_JSON_BAD || t == SQI_JSON_DONE || !add_rows(s))
            return false;
    }
}

static bool chosen(state *s)
{
    uint64_t x = ++s->records * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return s->set.sampling >= 1 || (double)(x >> 11) * 0x1p-53 < s->set.sampling;
}

static streamq_status failed(const state *s, streamq_error **err)
{
    if (s->shapes.too_many)
        return sqi_error_set(err, SQI_COND_UNSUPPORTED_FEATURE,
                             "a schema of more than %d fields is not found from the data; give one",
                             SQI_JSON_SHAPES_MOST);
    return s->shapes.nomem || s->reader.nomem ? sqi_error_nomem(err) : STREAMQ_OK;
}

static streamq_status one_record(state *s, sqi_inference *f, sqi_span record, streamq_error **err)
{
    sqi_json_text text;
    nature n = {0, SQI_JSON_KIND_NULL};
    sqi_arena_reset(&s->text);
    if (!sqi_json_lines_text(&s->set, s->first, &s->text, &record, &text))
        return sqi_error_nomem(err);
    s->first = false;
    if (!chosen(s))
        return STREAMQ_OK;
    uint32_t allow = s->set.allow | (text.raw == SQI_JSON_RAW_BYTES ? 0 : SQI_JSON_ALLOW_HALF_NAMES);
    sqi_json_read_open(&s->reader, text.utf8, allow, &s->text);
    sqi_json_token t = sqi_json_read_next(&s->reader);
    bool broken = text.malformed || t == SQI_JSON_BAD || (t != SQI_JSON_DONE && !examine(&s->reader, &n));
    if (s->reader.nomem)
        return sqi_error_nomem(err);
    if (broken || n.inside == SQI_JSON_KIND_STRING) {
        SQI_TRY(add_corrupt(s, f, broken, err));
        return failed(s, err);
    }
    if (n.inside == SQI_JSON_KIND_NULL)
        return STREAMQ_OK;
    sqi_json_read_open(&s->reader, text.utf8, allow, &s->text);
    (void)sqi_json_read_next(&s->reader);
    if (!add_rows(s))
        return failed(s, err);
    return STREAMQ_OK;
}

streamq_status sqi_json_infer_take(sqi_inference *f, const char *bytes, size_t len, bool last, size_t *used,
                                   streamq_error **err)
{
    state *s = f->state;
    const char *p = len ? bytes : "", *begin = p;
    sqi_span record;
    *used = 0;
    while (sqi_json_lines_next(&s->set, &p, begin + len, last, &record))
        SQI_TRY(one_record(s, f, record, err));
    *used = (size_t)(p - begin);
    return STREAMQ_OK;
}

streamq_status sqi_json_infer_schema(sqi_inference *f, sqi_arena *arena, sqi_schema *out, streamq_error **err)
{
    state *s = f->state;
    const sqi_type *type;
    if (s->negative)
        return sqi_error_set(err, SQI_COND_NEGATIVE_SCALE_DISALLOWED,
                             "with prefersDecimal a number that is written with an exponent, such as 1e10, would be a "
                             "decimal of negative scale; give a schema, or leave prefersDecimal out");
    if (s->twice)
        return sqi_error_set(err, SQI_COND_COLUMN_ALREADY_EXISTS,
                             "a record has a field twice, so no schema is found; give one");
    if (!sqi_json_shape_type(&s->root, s->set.drop_null, f->env->pool, &s->text, &type))
        return sqi_error_nomem(err);
    sqi_schema found = {type ? type->nfield : 0, type ? (sqi_field *)(uintptr_t)type->field : NULL};
    SQI_TRY(sqi_json_rows_check_names(found.field, found.n, err));
    return sqi_schema_copy(out, &found, arena, err);
}
