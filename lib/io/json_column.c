/*
 * json_column: see the header.
 */
#include "json_column.h"

#include "data_bits.h"

static uint32_t hash(sqi_span name)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < name.len; ++i)
        h = (h ^ (unsigned char)name.ptr[i]) * 16777619u;
    return h ^ h >> 15;
}

static bool index_names(sqi_json_column *c)
{
    uint32_t n = 4;
    while (n < 2 * c->nchild)
        n *= 2;
    c->slot = sqi_alloc_array(c->alloc, n, sizeof *c->slot);
    c->guess = sqi_alloc_array(c->alloc, SQI_JSON_GUESSES, sizeof *c->guess);
    c->nslot = n;
    if (!c->slot || !c->guess)
        return false;
    for (uint32_t i = 0; i < c->nchild; ++i) {
        uint32_t at = hash(c->type->field[i].name) & (n - 1);
        while (c->slot[at])
            at = (at + 1) & (n - 1);
        c->slot[at] = (int32_t)i + 1;
    }
    return true;
}

int32_t sqi_json_column_field(const sqi_json_column *c, sqi_span name)
{
    int32_t found = -1;
    for (uint32_t at = hash(name) & (c->nslot - 1); c->slot[at]; at = (at + 1) & (c->nslot - 1))
        if (sqi_span_equal(c->type->field[c->slot[at] - 1].name, name) && c->slot[at] - 1 > found)
            found = c->slot[at] - 1;
    return found;
}

streamq_status sqi_json_column_init(sqi_json_column *c, const sqi_type *type, sqi_alloc *alloc, streamq_error **err)
{
    *c = (sqi_json_column){.type = type, .alloc = alloc};
    if (type->nfield) {
        c->child = sqi_alloc_array(alloc, type->nfield, sizeof *c->child);
        if (!c->child)
            return sqi_error_nomem(err);
        c->nchild = type->nfield;
        c->vec = sqi_alloc_array(alloc, type->nfield, sizeof *c->vec);
        if (!c->vec)
            return sqi_error_nomem(err);
    }
    if (type->id == SQI_STRUCT && !index_names(c))
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < type->nfield; ++i)
        SQI_TRY(sqi_json_column_init(&c->child[i], type->field[i].type, alloc, err));
    return STREAMQ_OK;
}

void sqi_json_column_fini(sqi_json_column *c)
{
    for (uint32_t i = 0; c->child && i < c->nchild; ++i)
        sqi_json_column_fini(&c->child[i]);
    if (!c->alloc)
        return;
    sqi_alloc_free(c->alloc, c->child, c->nchild * sizeof *c->child);
    sqi_alloc_free(c->alloc, c->vec, c->nchild * sizeof *c->vec);
    sqi_alloc_free(c->alloc, c->slot, c->nslot * sizeof *c->slot);
    sqi_alloc_free(c->alloc, c->guess, SQI_JSON_GUESSES * sizeof *c->guess);
    sqi_alloc_free(c->alloc, c->data, (size_t)c->data_cap * sqi_type_width(c->type));
    sqi_alloc_free(c->alloc, c->valid, (size_t)c->cap / 8);
    *c = (sqi_json_column){0};
}

static bool grow(sqi_json_column *c, uint32_t cap)
{
    size_t width = sqi_type_width(c->type);
    if (width && c->data_cap < cap) {
        void *data = sqi_alloc_resize(c->alloc, c->data, c->data_cap * width, cap * width);
        if (!data)
            return false;
        c->data = data;
        c->data_cap = cap;
    }
    uint64_t *valid = sqi_alloc_resize(c->alloc, c->valid, c->cap / 8, cap / 8);
    if (!valid)
        return false;
    memset(valid + c->cap / 64, 0, (cap - c->cap) / 8);
    c->valid = valid;
    c->cap = cap;
    return true;
}

bool sqi_json_column_room(sqi_json_column *c, uint32_t positions)
{
    if (positions > UINT32_MAX / 4)
        return false;
    if (positions > c->cap) {
        uint32_t cap = c->cap ? c->cap : 64;
        while (cap < positions)
            cap *= 2;
        if (!grow(c, cap))
            return false;
    }
    for (uint32_t i = 0; c->type->id == SQI_STRUCT && i < c->nchild; ++i)
        if (!sqi_json_column_room(&c->child[i], c->cap))
            return false;
    return true;
}

static void reset(sqi_json_column *c, uint32_t used)
{
    if (used)
        memset(c->valid, 0, sqi_bits_words(used) * sizeof *c->valid);
    c->used = 0;
    for (uint32_t i = 0; i < c->nchild; ++i)
        reset(&c->child[i], c->type->id == SQI_STRUCT ? used : c->child[i].used);
}

void sqi_json_column_reset(sqi_json_column *c)
{
    reset(c, c->used);
}

void sqi_json_column_clear(sqi_json_column *c, uint32_t at)
{
    sqi_json_column_null(c, at);
    for (uint32_t i = 0; c->type->id == SQI_STRUCT && i < c->nchild; ++i)
        sqi_json_column_clear(&c->child[i], at);
}

static bool all_ones(const uint64_t *bits, uint32_t n)
{
    for (uint32_t i = 0; i < n / 64; ++i)
        if (~bits[i])
            return false;
    return !(n % 64) || !(~bits[n / 64] & ((UINT64_C(1) << n % 64) - 1));
}

static void vec(const sqi_json_column *c, uint32_t n, sqi_vec *out)
{
    bool list = c->type->id == SQI_ARRAY || c->type->id == SQI_MAP;
    *out = (sqi_vec){.type = c->type,
                     .valid = all_ones(c->valid, n) ? NULL : c->valid,
                     .data = c->data,
                     .mask = UINT32_MAX,
                     .nchild = list ? c->child[0].used : 0,
                     .child = c->vec};
    for (uint32_t i = 0; i < c->nchild; ++i)
        vec(&c->child[i], list ? c->child[0].used : n, &c->vec[i]);
}

void sqi_json_column_vec(const sqi_json_column *c, sqi_vec *out)
{
    vec(c, c->used, out);
}
