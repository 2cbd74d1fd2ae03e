/*
 * json_shape: see the header.
 */
#include "json_shape.h"

static bool numeric(sqi_json_kind k)
{
    return k == SQI_JSON_KIND_BIGINT || k == SQI_JSON_KIND_DECIMAL || k == SQI_JSON_KIND_DOUBLE;
}

/* A BIGINT among decimals is one of 20 digits. */
static void join_numbers(sqi_json_shape *s, sqi_json_kind kind, int whole, int scale)
{
    enum { BIGINT_DIGITS = 20, MOST = 38 };
    if (s->kind == kind && kind != SQI_JSON_KIND_DECIMAL)
        return;
    if (s->kind == SQI_JSON_KIND_DOUBLE || kind == SQI_JSON_KIND_DOUBLE) {
        s->kind = SQI_JSON_KIND_DOUBLE;
        return;
    }
    int w = s->kind == SQI_JSON_KIND_BIGINT ? BIGINT_DIGITS : s->whole,
        sc = s->kind == SQI_JSON_KIND_BIGINT ? 0 : s->scale;
    if (kind == SQI_JSON_KIND_BIGINT) {
        whole = BIGINT_DIGITS;
        scale = 0;
    }
    s->whole = w > whole ? w : whole;
    s->scale = sc > scale ? sc : scale;
    s->kind = s->whole + s->scale > MOST ? SQI_JSON_KIND_DOUBLE : SQI_JSON_KIND_DECIMAL;
}

void sqi_json_shape_add(sqi_json_shape *s, sqi_json_kind kind, int whole, int scale)
{
    if (kind == SQI_JSON_KIND_NULL)
        return;
    if (s->kind == SQI_JSON_KIND_NULL) {
        s->kind = kind;
        s->whole = whole;
        s->scale = scale;
    } else if (numeric(s->kind) && numeric(kind)) {
        join_numbers(s, kind, whole, scale);
    } else if (s->kind != kind) {
        s->kind = SQI_JSON_KIND_STRING;
    }
}

bool sqi_json_shape_enter(sqi_json_shape *s, sqi_json_kind kind)
{
    sqi_json_shape_add(s, kind, 0, 0);
    return s->kind == kind;
}

static sqi_json_shape *make(sqi_json_shapes *all, sqi_span name)
{
    if (all->count == SQI_JSON_SHAPES_MOST) {
        all->too_many = true;
        return NULL;
    }
    sqi_json_shape *s = sqi_arena_zero(all->arena, sizeof *s);
    char *copy = s ? sqi_arena_text(all->arena, name.len ? name.ptr : "", name.len) : NULL;
    if (!copy) {
        all->nomem = true;
        return NULL;
    }
    s->name = (sqi_span){copy, name.len};
    ++all->count;
    return s;
}

sqi_json_shape *sqi_json_shape_element(sqi_json_shapes *all, sqi_json_shape *s)
{
    if (!s->element)
        s->element = make(all, (sqi_span){"", 0});
    return s->element;
}

/* Bytes in the order of UTF-16: halves of pairs stand before U+E000. */
static unsigned rank(char byte)
{
    unsigned c = (unsigned char)byte;
    return c >= 0xf0 ? c - 2 : c >= 0xee ? c + 10 : c;
}

static int compare(sqi_span a, sqi_span b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < n; ++i)
        if (a.ptr[i] != b.ptr[i])
            return rank(a.ptr[i]) < rank(b.ptr[i]) ? -1 : 1;
    return a.len < b.len ? -1 : a.len > b.len;
}

/* Where the name is, or would be. */
static uint32_t place(const sqi_json_shape *s, sqi_span name, bool *found)
{
    uint32_t low = 0, high = s->n;
    *found = false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int c = compare(s->field[middle]->name, name);
        if (!c) {
            *found = true;
            return middle;
        }
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

sqi_json_shape *sqi_json_shape_find(const sqi_json_shape *s, sqi_span name)
{
    bool found;
    uint32_t at = place(s, name, &found);
    return found ? s->field[at] : NULL;
}

sqi_json_shape *sqi_json_shape_field(sqi_json_shapes *all, sqi_json_shape *s, sqi_span name)
{
    bool found;
    uint32_t at = place(s, name, &found);
    if (found)
        return s->field[at];
    sqi_json_shape *fresh = make(all, name);
    if (!fresh)
        return NULL;
    if (!sqi_arena_room(all->arena, (void **)&s->field, s->n, &s->cap, sizeof *s->field)) {
        all->nomem = true;
        return NULL;
    }
    memmove(s->field + at + 1, s->field + at, (s->n - at) * sizeof *s->field);
    s->field[at] = fresh;
    ++s->n;
    return fresh;
}

static bool struct_type(const sqi_json_shape *s, bool drop_null, sqi_type_pool *pool, sqi_arena *arena,
                        const sqi_type **type)
{
    sqi_field *field = sqi_arena_array(arena, s->n + 1, sizeof *field);
    uint32_t n = 0;
    if (!field)
        return false;
    for (uint32_t i = 0; i < s->n; ++i) {
        const sqi_type *t;
        if (!s->field[i]->name.len)
            continue;
        if (!sqi_json_shape_type(s->field[i], drop_null, pool, arena, &t))
            return false;
        if (t)
            field[n++] = (sqi_field){s->field[i]->name, t, true};
    }
    *type = n ? sqi_type_struct(pool, field, n) : NULL;
    return !n || *type;
}

bool sqi_json_shape_type(const sqi_json_shape *s, bool drop_null, sqi_type_pool *pool, sqi_arena *arena,
                         const sqi_type **type)
{
    const sqi_type *element;
    switch (s->kind) {
    case SQI_JSON_KIND_NULL:
        *type = drop_null ? NULL : &sqi_type_string;
        return true;
    case SQI_JSON_KIND_BOOLEAN:
        *type = &sqi_type_boolean;
        return true;
    case SQI_JSON_KIND_BIGINT:
        *type = &sqi_type_bigint;
        return true;
    case SQI_JSON_KIND_DECIMAL:
        *type = sqi_type_decimal(pool, s->whole + s->scale, s->scale);
        return *type;
    case SQI_JSON_KIND_DOUBLE:
        *type = &sqi_type_double;
        return true;
    case SQI_JSON_KIND_TIMESTAMP:
        *type = &sqi_type_timestamp;
        return true;
    case SQI_JSON_KIND_STRING:
        *type = &sqi_type_string;
        return true;
    case SQI_JSON_KIND_ARRAY:
        element = drop_null ? NULL : &sqi_type_string; /* of an array that was always empty */
        if (s->element && !sqi_json_shape_type(s->element, drop_null, pool, arena, &element))
            return false;
        *type = element ? sqi_type_array(pool, element, true) : NULL;
        return !element || *type;
    default:
        return struct_type(s, drop_null, pool, arena, type);
    }
}
