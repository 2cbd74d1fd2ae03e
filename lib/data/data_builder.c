/*
 * data_builder: columns value by value. Arrays double inside the arena, so what was outgrown stays there until the
 * arena is reset: a builder is for sources and tests, not for kernels.
 *
 * After finish a builder is empty and may be filled again; what it gave away is not touched any more.
 */
#include "data_builder.h"
#include "data_bits.h"

typedef enum trouble { FINE, NO_MEMORY, TOO_MANY, MISUSED } trouble;

struct sqi_builder {
    const sqi_type *type;
    sqi_arena *arena;
    uint32_t width, count, cap;
    char *data;
    uint64_t *valid; /* NULL: no null yet */
    uint32_t begun;  /* children counted at begin; open: between begin and end */
    bool open;
    trouble trouble;
    sqi_builder *child;
};

static bool init(sqi_builder *b, const sqi_type *type, sqi_arena *arena)
{
    *b = (sqi_builder){.type = type, .arena = arena, .width = sqi_type_width(type)};
    if (!type->nfield)
        return true;
    b->child = sqi_arena_array(arena, type->nfield, sizeof *b->child);
    if (!b->child)
        return false;
    for (uint32_t i = 0; i < type->nfield; i++)
        if (!init(&b->child[i], type->field[i].type, arena))
            return false;
    return true;
}

sqi_builder *sqi_builder_new(const sqi_type *type, sqi_arena *arena)
{
    sqi_builder *b = sqi_arena_get(arena, sizeof *b);
    return b && init(b, type, arena) ? b : NULL;
}

sqi_builder *sqi_builder_child(sqi_builder *b, uint32_t i)
{
    return &b->child[i];
}
uint32_t sqi_builder_count(const sqi_builder *b)
{
    return b->count;
}

static void fail(sqi_builder *b, trouble t)
{
    if (!b->trouble)
        b->trouble = t;
}

/* Room for one more value; positions beyond `count` are valid in the bitmap. */
static bool grow(sqi_builder *b)
{
    if (b->cap >= UINT32_MAX / 4) {
        fail(b, TOO_MANY);
        return false;
    }
    uint32_t cap = b->cap ? b->cap * 2 : 64;
    char *data = b->width ? sqi_arena_get(b->arena, (size_t)cap * b->width) : NULL;
    uint64_t *valid = b->valid ? sqi_arena_get(b->arena, sqi_bits_words(cap) * sizeof *valid) : NULL;
    if ((b->width && !data) || (b->valid && !valid)) {
        fail(b, NO_MEMORY);
        return false;
    }
    if (data && b->count)
        memcpy(data, b->data, (size_t)b->count * b->width);
    if (valid) {
        memset(valid, 0xff, sqi_bits_words(cap) * sizeof *valid);
        sqi_bits_copy(valid, 0, b->valid, 0, b->count);
    }
    b->data = data;
    b->valid = valid;
    b->cap = cap;
    return true;
}

/* The slot of the next value, or NULL. */
static void *next(sqi_builder *b)
{
    static char nothing[sizeof(sqi_int128)];
    if (b->trouble || (b->count == b->cap && !grow(b)))
        return NULL;
    size_t at = b->count++;
    return b->width ? b->data + at * b->width : nothing;
}

void sqi_builder_null(sqi_builder *b)
{
    void *slot = next(b);
    if (!slot)
        return;
    if (!b->valid) {
        b->valid = sqi_arena_get(b->arena, sqi_bits_words(b->cap) * sizeof *b->valid);
        if (!b->valid) {
            fail(b, NO_MEMORY);
            return;
        }
        memset(b->valid, 0xff, sqi_bits_words(b->cap) * sizeof *b->valid);
    }
    sqi_bits_put(b->valid, b->count - 1, false);
    if (b->width)
        memset(slot, 0, b->width);
    if (b->type->id == SQI_STRUCT)
        for (uint32_t i = 0; i < b->type->nfield; i++)
            sqi_builder_null(&b->child[i]);
}

static void put(sqi_builder *b, const void *value, uint32_t width)
{
    if (b->width != width) {
        fail(b, MISUSED);
        return;
    }
    void *slot = next(b);
    if (slot)
        memcpy(slot, value, width);
}

void sqi_builder_bool(sqi_builder *b, bool v)
{
    uint8_t byte = v;
    put(b, &byte, 1);
}

void sqi_builder_int(sqi_builder *b, int64_t v)
{
    switch (b->width) {
    case 1:
        put(b, &(int8_t){(int8_t)v}, 1);
        break;
    case 2:
        put(b, &(int16_t){(int16_t)v}, 2);
        break;
    case 4:
        put(b, &(int32_t){(int32_t)v}, 4);
        break;
    default:
        put(b, &v, 8);
    }
}

void sqi_builder_real(sqi_builder *b, double v)
{
    float f = (float)v;
    if (b->type->id == SQI_FLOAT)
        put(b, &f, sizeof f);
    else
        put(b, &v, sizeof v);
}

void sqi_builder_decimal(sqi_builder *b, sqi_int128 unscaled)
{
    put(b, &unscaled, sizeof unscaled);
}
void sqi_builder_interval(sqi_builder *b, sqi_interval v)
{
    put(b, &v, sizeof v);
}

void sqi_builder_bytes(sqi_builder *b, sqi_span v)
{
    sqi_str s;
    if (v.len > SQI_STR_MAX)
        fail(b, TOO_MANY);
    else if (!sqi_str_copy(b->arena, v, &s))
        fail(b, NO_MEMORY);
    else
        put(b, &s, sizeof s);
}

void sqi_builder_bytes_shared(sqi_builder *b, sqi_span v)
{
    if (v.len > SQI_STR_MAX) {
        fail(b, TOO_MANY);
        return;
    }
    sqi_str s = sqi_str_view(v.ptr, (uint32_t)v.len);
    put(b, &s, sizeof s);
}

void sqi_builder_begin(sqi_builder *b)
{
    if (b->open || !sqi_type_is_nested(b->type))
        fail(b, MISUSED);
    b->open = true;
    b->begun = b->child && b->type->id != SQI_STRUCT ? b->child[0].count : b->count;
}

void sqi_builder_end(sqi_builder *b)
{
    if (!b->open) {
        fail(b, MISUSED);
        return;
    }
    b->open = false;
    bool is_struct = b->type->id == SQI_STRUCT;
    for (uint32_t i = 0; i < b->type->nfield; i++)
        if (b->child[i].count != (is_struct ? b->begun + 1 : b->child[0].count) && !b->child[i].trouble)
            fail(b, MISUSED);
    sqi_list *list = next(b);
    if (list && !is_struct)
        *list = (sqi_list){b->begun, b->child[0].count - b->begun};
}

static void from_nested(sqi_builder *b, const sqi_vec *v, uint32_t i)
{
    sqi_builder_begin(b);
    if (b->type->id == SQI_STRUCT) {
        for (uint32_t c = 0; c < b->type->nfield; c++)
            sqi_builder_from(&b->child[c], &v->child[c], i);
    } else {
        sqi_list list = SQI_AT(v, sqi_list, i);
        for (uint32_t c = 0; c < b->type->nfield; c++)
            for (uint32_t e = 0; e < list.length; e++)
                sqi_builder_from(&b->child[c], &v->child[c], list.offset + e);
    }
    sqi_builder_end(b);
}

void sqi_builder_from(sqi_builder *b, const sqi_vec *v, uint32_t position)
{
    uint32_t i = position & v->mask;
    if (!sqi_vec_valid(v, i))
        sqi_builder_null(b);
    else if (sqi_type_is_nested(b->type))
        from_nested(b, v, i);
    else if (b->type->id == SQI_STRING || b->type->id == SQI_BINARY)
        sqi_builder_bytes(b, sqi_str_span(&((const sqi_str *)v->data)[i]));
    else
        put(b, (const char *)v->data + (size_t)i * b->width, b->width);
}

static trouble worst(const sqi_builder *b)
{
    trouble t = b->trouble ? b->trouble : b->open ? MISUSED : FINE;
    for (uint32_t i = 0; i < b->type->nfield && !t; i++)
        t = worst(&b->child[i]);
    return t;
}

/* Hand the memory over and start empty. */
static streamq_status take(sqi_builder *b, sqi_vec *out, streamq_error **err)
{
    SQI_TRY(sqi_vec_make(out, b->type, 0, b->arena, err));
    if (b->cap) {
        out->data = b->data;
        out->valid = b->valid;
    }
    if (b->child && b->type->id != SQI_STRUCT)
        out->nchild = b->child[0].count;
    for (uint32_t i = 0; i < b->type->nfield; i++)
        SQI_TRY(take(&b->child[i], &out->child[i], err));
    b->count = b->cap = 0;
    b->data = NULL;
    b->valid = NULL;
    return STREAMQ_OK;
}

streamq_status sqi_builder_finish(sqi_builder *b, sqi_vec *out, streamq_error **err)
{
    char label[128];
    switch (worst(b)) {
    case NO_MEMORY:
        return sqi_error_nomem(err);
    case TOO_MANY:
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "a column of type %s is too large for one chunk",
                             sqi_type_label(b->type, label));
    case MISUSED:
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR, "values appended do not fit a column of type %s",
                             sqi_type_label(b->type, label));
    case FINE:
        break;
    }
    return take(b, out, err);
}
