/*
 * data_arrow_widen: columns that arrive as a narrower type than the one declared: a step that loses nothing. Whole
 * numbers to wider ones, to doubles that hold them exactly and to decimals with room; float to double; decimals to
 * wider decimals; text to binary; the null type to anything; and the same inside nested types.
 */
#include "data_arrow_layout.h"
#include "data_decimal.h"

/* Digits of the widest value of a whole number type. */
static int digits_of(const sqi_type *t)
{
    static const int digits[] = {3, 5, 10, 19};
    return digits[t->id - SQI_TINYINT];
}

static bool fields_can(const sqi_type *from, const sqi_type *to)
{
    if (from->nfield != to->nfield)
        return false;
    for (uint32_t i = 0; i < from->nfield; i++)
        if (!sqi_arrow_widen_can(from->field[i].type, to->field[i].type))
            return false;
    return true;
}

bool sqi_arrow_widen_can(const sqi_type *from, const sqi_type *to)
{
    if (from->id == SQI_VOID)
        return true;
    if (sqi_type_is_integral(from)) {
        if (to->id == SQI_DECIMAL)
            return to->precision - to->scale >= digits_of(from);
        return (sqi_type_is_integral(to) && to->id >= from->id) || (to->id == SQI_FLOAT && from->id <= SQI_SMALLINT) ||
               (to->id == SQI_DOUBLE && from->id <= SQI_INT);
    }
    if (from->id == SQI_FLOAT && to->id == SQI_DOUBLE)
        return true;
    if (from->id == SQI_STRING && to->id == SQI_BINARY)
        return true;
    if (from->id != to->id)
        return false;
    if (from->id == SQI_DECIMAL)
        return to->scale >= from->scale && to->precision - to->scale >= from->precision - from->scale;
    return fields_can(from, to);
}

#define EACH(ctype, value)           \
    for (uint32_t i = 0; i < n; i++) \
        ((ctype *)data)[i] = (ctype)(value);

static void convert(void *data, const sqi_vec *v, uint32_t n, const sqi_type *to)
{
    const sqi_type *from = v->type;
    sqi_int128 factor =
        to->id != SQI_DECIMAL ? 1 : sqi_decimal_pow10(from->id == SQI_DECIMAL ? to->scale - from->scale : to->scale);
    switch (to->id) {
    case SQI_SMALLINT:
        EACH(int16_t, sqi_vec_int(v, i))
        break;
    case SQI_INT:
        EACH(int32_t, sqi_vec_int(v, i))
        break;
    case SQI_BIGINT:
        EACH(int64_t, sqi_vec_int(v, i))
        break;
    case SQI_FLOAT:
        EACH(float, sqi_vec_int(v, i))
        break;
    case SQI_DOUBLE:
        if (from->id == SQI_FLOAT)
            EACH(double, SQI_AT(v, float, i))
        else
            EACH(double, sqi_vec_int(v, i))
        break;
    default: /* a decimal; slots of nulls are left alone, as they may hold what does not fit */
        for (uint32_t i = 0; i < n; i++)
            if (sqi_vec_valid(v, i))
                ((sqi_int128 *)data)[i] =
                    (from->id == SQI_DECIMAL ? SQI_AT(v, sqi_int128, i) : sqi_vec_int(v, i)) * factor;
    }
}

static streamq_status widen_children(sqi_vec *v, uint32_t n, const sqi_type *to, sqi_arena *arena, streamq_error **err)
{
    for (uint32_t c = 0; c < to->nfield; c++)
        SQI_TRY(sqi_arrow_widen(&v->child[c], to->id == SQI_STRUCT ? n : v->nchild, to->field[c].type, arena, err));
    v->type = to;
    return STREAMQ_OK;
}

streamq_status sqi_arrow_widen(sqi_vec *v, uint32_t n, const sqi_type *to, sqi_arena *arena, streamq_error **err)
{
    const sqi_type *from = v->type;
    if (from == to)
        return STREAMQ_OK;
    if (from->id == SQI_VOID) {
        SQI_TRY(sqi_vec_make(v, to, n, arena, err));
        return sqi_vec_bitmap(v, n, false, arena, err);
    }
    if (sqi_type_is_nested(to))
        return widen_children(v, n, to, arena, err);
    bool same = from->id == to->id && (from->id != SQI_DECIMAL || from->scale == to->scale);
    if (!same && to->id != SQI_BINARY) {
        void *data = sqi_arena_array(arena, n ? n : 1, sqi_type_width(to));
        if (!data)
            return sqi_error_nomem(err);
        convert(data, v, n, to);
        v->data = data;
    }
    v->type = to;
    return STREAMQ_OK;
}
