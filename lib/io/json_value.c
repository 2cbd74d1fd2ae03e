/*
 * json_value: see the header. Recursion goes as deep as the schema does.
 */
#include "json_value.h"

static sqi_json_outcome nomem(const sqi_json_values *v)
{
    v->reader->nomem = true;
    return SQI_JSON_WRONG;
}

static sqi_json_outcome put_bytes(sqi_json_column *c, uint32_t at, sqi_span s)
{
    ((sqi_str *)c->data)[at] = sqi_str_view(s.ptr, (uint32_t)s.len);
    sqi_json_column_set(c, at);
    return SQI_JSON_VALUE;
}

static sqi_json_outcome string(const sqi_json_values *v, sqi_json_column *c, uint32_t at)
{
    sqi_json_reader *r = v->reader;
    sqi_span s;
    if (r->token == SQI_JSON_STRING)
        return sqi_json_read_text(r, &s) ? put_bytes(c, at, s) : SQI_JSON_WRONG;
    if (v->raw == SQI_JSON_RAW_BYTES)
        return sqi_json_read_raw(r, &s) ? put_bytes(c, at, s) : SQI_JSON_WRONG;
    if (v->raw == SQI_JSON_RAW_NONE)
        return SQI_JSON_WRONG;
    sqi_buf_clear(v->buf);
    if (!sqi_json_read_copy(r, v->buf))
        return SQI_JSON_WRONG;
    char *copy = sqi_arena_text(r->arena, v->buf->ptr, v->buf->len);
    return copy ? put_bytes(c, at, (sqi_span){copy, v->buf->len}) : nomem(v);
}

static sqi_json_outcome scalar(const sqi_json_values *v, sqi_json_column *c, uint32_t at)
{
    sqi_json_reader *r = v->reader;
    sqi_span s;
    bool ok = false;
    if (r->token == SQI_JSON_NUMBER) {
        s = (sqi_span){r->from, (size_t)(r->stop - r->from)};
        ok = sqi_json_scalar_number(v->scalar, c, at, s, r->fraction);
    } else if (r->token == SQI_JSON_STRING && c->type->id == SQI_BINARY) {
        return sqi_json_read_base64(r, &s) ? put_bytes(c, at, s) : SQI_JSON_WRONG;
    } else if (r->token == SQI_JSON_STRING) {
        ok = sqi_json_read_text(r, &s) && sqi_json_scalar_text(v->scalar, c, at, s);
    } else if (c->type->id == SQI_BOOLEAN && (r->token == SQI_JSON_TRUE || r->token == SQI_JSON_FALSE)) {
        ((uint8_t *)c->data)[at] = r->token == SQI_JSON_TRUE;
        sqi_json_column_set(c, at);
        ok = true;
    }
    return ok ? SQI_JSON_VALUE : SQI_JSON_WRONG;
}

static sqi_json_outcome object(const sqi_json_values *v, sqi_json_column *c, uint32_t at)
{
    sqi_json_reader *r = v->reader;
    bool partial = false;
    sqi_json_column_clear(c, at);
    for (;;) {
        sqi_json_token t = sqi_json_read_next(r);
        if (t == SQI_JSON_BAD)
            return SQI_JSON_WRONG;
        if (t == SQI_JSON_OBJECT_END || t == SQI_JSON_DONE)
            break;
        sqi_span name = sqi_json_read_name(r);
        int32_t field = name.ptr ? sqi_json_column_field(c, name) : -1;
        sqi_json_outcome o = SQI_JSON_VALUE;
        if (field >= 0)
            o = sqi_json_value_read(v, &c->child[field], at);
        if (o == SQI_JSON_ABSENT)
            sqi_json_column_null(&c->child[field], at);
        partial |= o >= SQI_JSON_PARTIAL;
        if ((field < 0 || o == SQI_JSON_WRONG) && (r->nomem || !sqi_json_read_skip(r)))
            return SQI_JSON_WRONG;
    }
    sqi_json_column_set(c, at);
    return partial ? SQI_JSON_PARTIAL : SQI_JSON_VALUE;
}

static sqi_json_outcome finish_list(sqi_json_column *c, uint32_t at, sqi_list list, bool partial)
{
    ((sqi_list *)c->data)[at] = list;
    sqi_json_column_set(c, at);
    return partial ? SQI_JSON_PARTIAL : SQI_JSON_VALUE;
}

static sqi_json_outcome array(const sqi_json_values *v, sqi_json_column *c, uint32_t at)
{
    sqi_json_column *element = &c->child[0];
    sqi_list list = {element->used, 0};
    bool partial = false;
    for (;;) {
        uint32_t place;
        sqi_json_token t = sqi_json_read_next(v->reader);
        if (t == SQI_JSON_BAD)
            return SQI_JSON_WRONG;
        if (t == SQI_JSON_ARRAY_END || t == SQI_JSON_DONE)
            return finish_list(c, at, list, partial);
        if (!sqi_json_column_next(element, &place))
            return nomem(v);
        sqi_json_outcome o = sqi_json_value_read(v, element, place);
        if (o == SQI_JSON_WRONG)
            return o;
        partial |= o == SQI_JSON_PARTIAL;
        ++list.length;
    }
}

static sqi_json_outcome map(const sqi_json_values *v, sqi_json_column *c, uint32_t at)
{
    sqi_json_reader *r = v->reader;
    sqi_json_column *key = &c->child[0], *value = &c->child[1];
    sqi_list list = {key->used, 0};
    bool partial = false, wrong = false;
    for (;;) {
        uint32_t place, same;
        sqi_json_token t = sqi_json_read_next(r);
        if (t == SQI_JSON_BAD)
            return SQI_JSON_WRONG;
        if (t == SQI_JSON_OBJECT_END || t == SQI_JSON_DONE)
            break;
        sqi_span name = sqi_json_read_name(r);
        if (!sqi_json_column_next(key, &place) || !sqi_json_column_next(value, &same))
            return nomem(v);
        put_bytes(key, place, name.ptr ? name : (sqi_span){"", 0});
        sqi_json_outcome o = sqi_json_value_read(v, value, same);
        wrong |= o == SQI_JSON_WRONG;
        if (o == SQI_JSON_WRONG && (r->nomem || !sqi_json_read_skip(r)))
            return SQI_JSON_WRONG;
        partial |= o == SQI_JSON_PARTIAL;
        ++list.length;
    }
    return wrong ? SQI_JSON_WRONG : finish_list(c, at, list, partial);
}

sqi_json_outcome sqi_json_value_read(const sqi_json_values *v, sqi_json_column *c, uint32_t at)
{
    sqi_json_reader *r = v->reader;
    while (r->token == SQI_JSON_NAME)
        if (sqi_json_read_next(r) == SQI_JSON_BAD)
            return SQI_JSON_WRONG;
    if (r->token == SQI_JSON_NULL || r->token == SQI_JSON_DONE || c->type->id == SQI_VOID)
        return SQI_JSON_ABSENT;
    switch (c->type->id) {
    case SQI_STRUCT:
        return r->token == SQI_JSON_OBJECT ? object(v, c, at) : SQI_JSON_WRONG;
    case SQI_ARRAY:
        return r->token == SQI_JSON_ARRAY ? array(v, c, at) : SQI_JSON_WRONG;
    case SQI_MAP:
        return r->token == SQI_JSON_OBJECT ? map(v, c, at) : SQI_JSON_WRONG;
    case SQI_STRING:
        return string(v, c, at);
    default:
        return scalar(v, c, at);
    }
}
