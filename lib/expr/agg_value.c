/*
 * agg_value: holding one value. Memory of a longer value is kept for the next one, so a running maximum of texts soon
 * takes no memory any more.
 */
#include "agg_value.h"

#include "agg_form.h"
#include "agg_pack.h"
#include "data_order.h"

static bool stands_inside(const sqi_type *t)
{
    return t->id != SQI_STRING && t->id != SQI_BINARY && !t->nfield && t->id != SQI_STRUCT;
}

streamq_status sqi_agg_value_set(sqi_eval *eval, sqi_agg_value *to, const sqi_vec *v, uint32_t i, streamq_error **err)
{
    if (v->type->id == SQI_VOID || !sqi_vec_valid(v, i)) {
        to->held = SQI_AGG_NULL;
        return STREAMQ_OK;
    }
    if (stands_inside(v->type)) {
        uint32_t width = sqi_type_width(v->type);
        memcpy(to->u.word, (const char *)v->data + (size_t)(i & v->mask) * width, width);
        to->held = SQI_AGG_VALUE;
        return STREAMQ_OK;
    }
    sqi_buf buf;
    sqi_buf_init(&buf, eval->alloc, SQI_STR_MAX);
    buf.ptr = to->u.bytes.ptr;
    buf.cap = to->u.bytes.cap;
    bool packed = sqi_agg_pack(&buf, v, i);
    to->u.bytes.ptr = buf.ptr;
    to->u.bytes.len = (uint32_t)buf.len;
    to->u.bytes.cap = (uint32_t)buf.cap;
    to->on_heap = true;
    to->held = packed ? SQI_AGG_VALUE : SQI_AGG_NULL;
    return packed ? STREAMQ_OK : sqi_error_nomem(err);
}

void sqi_agg_value_clear(sqi_eval *eval, sqi_agg_value *value)
{
    if (value->on_heap)
        sqi_alloc_free(eval->alloc, value->u.bytes.ptr, value->u.bytes.cap);
    *value = (sqi_agg_value){.held = SQI_AGG_NOTHING};
}

void sqi_agg_value_move(sqi_eval *eval, sqi_agg_value *to, sqi_agg_value *from)
{
    sqi_agg_value_clear(eval, to);
    *to = *from;
    *from = (sqi_agg_value){.held = SQI_AGG_NOTHING};
}

/* Where a value stands while it is compared: states are aligned to 8 bytes, decimals in vectors to 16. */
typedef union slot {
    sqi_str str;
    sqi_int128 number;
} slot;

/* The value as a constant vector; it stands in `at`, or in the evaluation's arena if it is nested. */
static streamq_status as_vector(sqi_eval *eval, const sqi_type *type, const sqi_agg_value *value, slot *at,
                                sqi_vec *out, streamq_error **err)
{
    *out = (sqi_vec){.type = type, .data = at};
    if (stands_inside(type)) {
        memcpy(at, value->u.word, sizeof value->u.word);
    } else if (type->id == SQI_STRING || type->id == SQI_BINARY) {
        at->str = sqi_str_view(value->u.bytes.ptr, value->u.bytes.len);
    } else {
        sqi_builder *b = sqi_builder_new(type, eval->arena);
        if (!b)
            return sqi_error_nomem(err);
        sqi_agg_unpack(b, type, (sqi_span){value->u.bytes.ptr, value->u.bytes.len}, true);
        SQI_TRY(sqi_builder_finish(b, out, err));
    }
    return STREAMQ_OK;
}

streamq_status sqi_agg_value_compare(sqi_eval *eval, const sqi_vec *v, uint32_t i, const sqi_agg_value *held,
                                     int *order, streamq_error **err)
{
    sqi_arena_mark mark = sqi_arena_mark_get(eval->arena);
    slot at;
    sqi_vec one;
    streamq_status status = as_vector(eval, v->type, held, &at, &one, err);
    if (status == STREAMQ_OK)
        *order = sqi_order_compare(v, i, &one, 0);
    sqi_arena_release(eval->arena, mark);
    return status;
}

streamq_status sqi_agg_value_order(sqi_eval *eval, const sqi_type *type, const sqi_agg_value *a, const sqi_agg_value *b,
                                   int *order, streamq_error **err)
{
    sqi_arena_mark mark = sqi_arena_mark_get(eval->arena);
    slot at;
    sqi_vec one;
    streamq_status status = as_vector(eval, type, a, &at, &one, err);
    if (status == STREAMQ_OK)
        status = sqi_agg_value_compare(eval, &one, 0, b, order, err);
    sqi_arena_release(eval->arena, mark);
    return status;
}

static streamq_status emit_flat(sqi_agg_run *run, const uint32_t *list, uint32_t n, uint32_t offset, sqi_vec *out,
                                streamq_error **err)
{
    SQI_TRY(sqi_vec_bitmap(out, n, true, run->eval->arena, err));
    uint32_t width = sqi_type_width(out->type);
    bool inside = stands_inside(out->type);
    for (uint32_t k = 0; k < n; ++k) {
        const sqi_agg_value *v = (const void *)((const char *)sqi_states_at(&run->states, list[k]) + offset);
        char *to = (char *)out->data + (size_t)k * width;
        if (v->held != SQI_AGG_VALUE) {
            memset(to, 0, width);
            sqi_vec_set_null(out, k);
        } else if (inside) {
            memcpy(to, v->u.word, width);
        } else {
            SQI_OUT(out, sqi_str)[k] = sqi_str_view(v->u.bytes.ptr, v->u.bytes.len);
        }
    }
    return STREAMQ_OK;
}

streamq_status sqi_agg_value_emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, uint32_t offset, sqi_vec *out,
                                  streamq_error **err)
{
    const sqi_type *type = out->type;
    if (type->id == SQI_VOID)
        return STREAMQ_OK;
    if (!sqi_type_is_nested(type))
        return emit_flat(run, list, n, offset, out, err);
    sqi_builder *b = sqi_builder_new(type, run->eval->arena);
    if (!b)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < n; ++k) {
        const sqi_agg_value *v = (const void *)((const char *)sqi_states_at(&run->states, list[k]) + offset);
        if (v->held == SQI_AGG_VALUE)
            sqi_agg_unpack(b, type, (sqi_span){v->u.bytes.ptr, v->u.bytes.len}, true);
        else
            sqi_builder_null(b);
    }
    return sqi_builder_finish(b, out, err);
}

static sqi_agg_value *value_of(const sqi_agg_run *run, uint32_t row, uint32_t offset)
{
    return (sqi_agg_value *)(void *)((char *)sqi_states_at(&run->states, row) + offset);
}

streamq_status sqi_agg_value_save(sqi_agg_run *run, const uint32_t *list, uint32_t n, uint32_t offset,
                                  const sqi_type *type, sqi_buf *to, streamq_error **err)
{
    sqi_vec value;
    int64_t *held = sqi_agg_form_room(run, n, err);
    if (!held)
        return STREAMQ_ERR_NOMEM;
    for (uint32_t k = 0; k < n; ++k)
        held[k] = value_of(run, list[k], offset)->held;
    sqi_pack_ints(to, held, n);
    SQI_TRY(sqi_vec_make(&value, type, n, run->eval->arena, err));
    SQI_TRY(sqi_agg_value_emit(run, list, n, offset, &value, err));
    sqi_pack_column(to, &value, (sqi_rows){NULL, n}, run->eval->arena);
    return STREAMQ_OK;
}

streamq_status sqi_agg_value_load(sqi_agg_run *run, const uint32_t *list, uint32_t n, uint32_t offset,
                                  const sqi_type *type, bool nulls, sqi_bytes *from, streamq_error **err)
{
    int64_t *held;
    sqi_vec value;
    SQI_TRY(sqi_agg_form_ints(run, from, n, SQI_AGG_NOTHING, SQI_AGG_VALUE, &held, err));
    SQI_TRY(sqi_unpack_column(from, type, n, &value, run->eval->arena, err));
    for (uint32_t k = 0; k < n; ++k) {
        sqi_agg_value *v = value_of(run, list[k], offset);
        bool there = type->id != SQI_VOID && sqi_vec_valid(&value, k);
        if (there != (held[k] == SQI_AGG_VALUE) || (held[k] == SQI_AGG_NULL && !nulls))
            return sqi_agg_form_damaged(from, err);
        if (held[k] == SQI_AGG_NOTHING)
            sqi_agg_value_clear(run->eval, v);
        else
            SQI_TRY(sqi_agg_value_set(run->eval, v, &value, k, err));
    }
    return STREAMQ_OK;
}
