/*
 * data_vec: making vectors, and the string view. Moving values between vectors: data_vec_pick.c (gather, copy,
 * flatten) and data_vec_join.c (merge, concat).
 */
#include "data_vec.h"
#include "data_bits.h"

bool sqi_str_equal(const sqi_str *a, const sqi_str *b)
{
    uint64_t x[2], y[2]; /* length and the first 4 bytes; the rest of the view */
    memcpy(x, a, sizeof x);
    memcpy(y, b, sizeof y);
    if (x[0] != y[0])
        return false;
    if (x[1] == y[1])
        return true;
    return a->len > SQI_STR_INLINE && memcmp(sqi_str_ptr(a), sqi_str_ptr(b), a->len) == 0;
}

int sqi_str_compare(const sqi_str *a, const sqi_str *b)
{
    uint32_t x, y; /* the first bytes stand at the same place in short and long views */
    memcpy(&x, a->u.inlined, sizeof x);
    memcpy(&y, b->u.inlined, sizeof y);
    if (x != y) {
        x = __builtin_bswap32(x);
        y = __builtin_bswap32(y);
        return x < y ? -1 : 1;
    }
    uint32_t n = a->len < b->len ? a->len : b->len;
    int order = n > 4 ? memcmp(sqi_str_ptr(a) + 4, sqi_str_ptr(b) + 4, n - 4) : 0;
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

bool sqi_str_copy(sqi_arena *arena, sqi_span from, sqi_str *to)
{
    const char *ptr = from.ptr;
    if (from.len > SQI_STR_INLINE) {
        char *room = sqi_arena_get(arena, from.len);
        if (!room)
            return false;
        ptr = memcpy(room, from.ptr, from.len);
    }
    *to = sqi_str_view(ptr, (uint32_t)from.len);
    return true;
}

streamq_status sqi_vec_make(sqi_vec *v, const sqi_type *type, uint32_t n, sqi_arena *arena, streamq_error **err)
{
    *v = (sqi_vec){.type = type, .mask = UINT32_MAX};
    size_t width = sqi_type_width(type);
    if (width) {
        v->data = sqi_arena_get(arena, n ? n * width : 1);
        if (!v->data)
            return sqi_error_nomem(err);
    }
    if (type->id == SQI_VOID)
        return sqi_vec_bitmap(v, n, false, arena, err);
    if (!type->nfield)
        return STREAMQ_OK;
    v->child = sqi_arena_array(arena, type->nfield, sizeof *v->child);
    if (!v->child)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < type->nfield; i++)
        SQI_TRY(sqi_vec_make(&v->child[i], type->field[i].type, type->id == SQI_STRUCT ? n : 0, arena, err));
    return STREAMQ_OK;
}

streamq_status sqi_vec_bitmap(sqi_vec *v, uint32_t n, bool valid, sqi_arena *arena, streamq_error **err)
{
    if (v->valid)
        return STREAMQ_OK;
    size_t bytes = (sqi_bits_words(n) + !n) * sizeof *v->valid;
    v->valid = sqi_arena_get(arena, bytes);
    if (!v->valid)
        return sqi_error_nomem(err);
    memset(v->valid, valid ? 0xff : 0, bytes);
    return STREAMQ_OK;
}

void sqi_vec_set_constant(sqi_vec *v)
{
    v->mask = 0;
    if (v->type->id == SQI_STRUCT)
        for (uint32_t i = 0; i < v->type->nfield; i++)
            sqi_vec_set_constant(&v->child[i]);
}

streamq_status sqi_vec_null(sqi_vec *v, const sqi_type *type, sqi_arena *arena, streamq_error **err)
{
    SQI_TRY(sqi_vec_make(v, type, 1, arena, err));
    SQI_TRY(sqi_vec_bitmap(v, 1, false, arena, err));
    v->mask = 0;
    if (v->data)
        memset(v->data, 0, sqi_type_width(type));
    if (type->id == SQI_STRUCT)
        for (uint32_t i = 0; i < type->nfield; i++)
            SQI_TRY(sqi_vec_null(&v->child[i], type->field[i].type, arena, err));
    return STREAMQ_OK;
}
