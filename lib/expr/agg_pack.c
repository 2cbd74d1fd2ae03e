/*
 * agg_pack: the packed form.
 *
 *   fixed width     its bytes (1, 2, 4, 8, 16)
 *   string, binary  at the top the bytes alone; inside another value a 32-bit length before them
 *   array           32-bit count, then items           map   32-bit count, then key item, value item, ...
 *   struct          an item for each field             item  a byte, 0 for null, 1 and the value
 */
#include "agg_pack.h"

static bool put_u32(sqi_buf *to, uint32_t v)
{
    return sqi_buf_put(to, &v, sizeof v);
}

static bool pack_inner(sqi_buf *to, const sqi_vec *v, uint32_t i);

static bool pack_item(sqi_buf *to, const sqi_vec *v, uint32_t i)
{
    bool has = v->type->id != SQI_VOID && sqi_vec_valid(v, i);
    return sqi_buf_byte(to, (char)has) && (!has || pack_inner(to, v, i));
}

static bool pack_list(sqi_buf *to, const sqi_vec *v, uint32_t i)
{
    sqi_list list = SQI_AT(v, sqi_list, i);
    if (!put_u32(to, list.length))
        return false;
    for (uint32_t e = 0; e < list.length; ++e)
        for (uint32_t c = 0; c < v->type->nfield; ++c)
            if (!pack_item(to, &v->child[c], list.offset + e))
                return false;
    return true;
}

static bool pack_inner(sqi_buf *to, const sqi_vec *v, uint32_t i)
{
    switch (v->type->id) {
    case SQI_STRING:
    case SQI_BINARY: {
        sqi_span s = sqi_str_span(&SQI_AT(v, sqi_str, i));
        return put_u32(to, (uint32_t)s.len) && sqi_buf_span(to, s);
    }
    case SQI_ARRAY:
    case SQI_MAP:
        return pack_list(to, v, i);
    case SQI_STRUCT:
        for (uint32_t c = 0; c < v->type->nfield; ++c)
            if (!pack_item(to, &v->child[c], i & v->mask))
                return false;
        return true;
    default: {
        uint32_t width = sqi_type_width(v->type);
        return sqi_buf_put(to, (const char *)v->data + (size_t)(i & v->mask) * width, width);
    }
    }
}

bool sqi_agg_pack(sqi_buf *to, const sqi_vec *v, uint32_t i)
{
    if (v->type->id == SQI_STRING || v->type->id == SQI_BINARY)
        return sqi_buf_span(to, sqi_str_span(&SQI_AT(v, sqi_str, i)));
    return pack_inner(to, v, i);
}

/* ---- back ----------------------------------------------------------------------------------------------------- */

typedef struct reader {
    const char *at;
    bool shared;
} reader;

static const void *take(reader *r, size_t n)
{
    const char *at = r->at;
    r->at += n;
    return at;
}

static uint32_t take_u32(reader *r)
{
    uint32_t v;
    memcpy(&v, take(r, sizeof v), sizeof v);
    return v;
}

static void put_text(sqi_builder *to, sqi_span s, bool shared)
{
    if (shared)
        sqi_builder_bytes_shared(to, s);
    else
        sqi_builder_bytes(to, s);
}

static void unpack_number(reader *r, sqi_builder *to, const sqi_type *type)
{
    union {
        int8_t t;
        int16_t h;
        int32_t i;
        int64_t l;
        float f;
        double d;
        sqi_int128 m;
        sqi_interval v;
    } u;
    uint32_t width = sqi_type_width(type);
    memcpy(&u, take(r, width), width);
    if (type->id == SQI_FLOAT)
        sqi_builder_real(to, (double)u.f);
    else if (type->id == SQI_DOUBLE)
        sqi_builder_real(to, u.d);
    else if (type->id == SQI_DECIMAL)
        sqi_builder_decimal(to, u.m);
    else if (type->id == SQI_INTERVAL)
        sqi_builder_interval(to, u.v);
    else if (type->id == SQI_BOOLEAN)
        sqi_builder_bool(to, u.t != 0);
    else
        sqi_builder_int(to, width == 1 ? u.t : width == 2 ? u.h : width == 4 ? u.i : u.l);
}

static void unpack_inner(reader *r, sqi_builder *to, const sqi_type *type);

static void unpack_item(reader *r, sqi_builder *to, const sqi_type *type)
{
    if (*(const char *)take(r, 1))
        unpack_inner(r, to, type);
    else
        sqi_builder_null(to);
}

static void unpack_inner(reader *r, sqi_builder *to, const sqi_type *type)
{
    switch (type->id) {
    case SQI_STRING:
    case SQI_BINARY: {
        uint32_t len = take_u32(r);
        put_text(to, (sqi_span){take(r, len), len}, r->shared);
        return;
    }
    case SQI_ARRAY:
    case SQI_MAP:
    case SQI_STRUCT: {
        uint32_t n = type->id == SQI_STRUCT ? 1 : take_u32(r);
        sqi_builder_begin(to);
        for (uint32_t e = 0; e < n; ++e)
            for (uint32_t c = 0; c < type->nfield; ++c)
                unpack_item(r, sqi_builder_child(to, c), type->field[c].type);
        sqi_builder_end(to);
        return;
    }
    default:
        unpack_number(r, to, type);
    }
}

void sqi_agg_unpack(sqi_builder *to, const sqi_type *type, sqi_span bytes, bool shared)
{
    if (type->id == SQI_STRING || type->id == SQI_BINARY) {
        put_text(to, bytes, shared);
        return;
    }
    reader r = {bytes.ptr, shared};
    unpack_inner(&r, to, type);
}
