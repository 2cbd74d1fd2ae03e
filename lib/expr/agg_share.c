/*
 * agg_share: see the header. Doubles go back into integers and intervals truncated and saturated, as Java casts them.
 */
#include "agg_share.h"

#include "data_decimal.h"

double sqi_agg_as_double(const sqi_vec *v, uint32_t i)
{
    switch (v->type->id) {
    case SQI_TINYINT:
        return SQI_AT(v, int8_t, i);
    case SQI_SMALLINT:
        return SQI_AT(v, int16_t, i);
    case SQI_INT:
    case SQI_DATE:
    case SQI_INTERVAL_YM:
        return SQI_AT(v, int32_t, i);
    case SQI_FLOAT:
        return (double)SQI_AT(v, float, i);
    case SQI_DOUBLE:
        return SQI_AT(v, double, i);
    case SQI_DECIMAL:
        return sqi_decimal_to_double(SQI_AT(v, sqi_int128, i), v->type->scale);
    default:
        return (double)SQI_AT(v, int64_t, i);
    }
}

static streamq_status bind_constant(sqi_binder *b, sqi_bound *node, uint32_t arg, const sqi_vec **value,
                                    streamq_error **err)
{
    const sqi_type *t = node->arg[arg]->type, *to = &sqi_type_double;
    if (t->id == SQI_ARRAY && !(to = sqi_type_array(b->eval->pool, &sqi_type_double, t->field[0].nullable)))
        return sqi_error_nomem(err);
    const sqi_type *inner = t->id == SQI_ARRAY ? t->field[0].type : t;
    if (!sqi_type_is_numeric(inner) && inner->id != SQI_VOID && inner->id != SQI_STRING)
        return sqi_bind_arg_type_error(b, node, arg, "(\"DOUBLE\" or \"ARRAY<DOUBLE>\")", err);
    SQI_TRY(sqi_bind_cast(b, &node->arg[arg], to, err));
    SQI_TRY(sqi_bind_constant(b, node->arg[arg], value, err));
    if (!*value)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT, err,
                                   "the percentage must be a constant");
    if (!sqi_vec_valid(*value, 0))
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_NULL, err,
                                   "the percentage must not be null");
    return STREAMQ_OK;
}

streamq_status sqi_agg_bind_percentages(sqi_binder *b, sqi_bound *node, uint32_t arg, sqi_agg_percentages *out,
                                        streamq_error **err)
{
    const sqi_vec *constant;
    SQI_TRY(bind_constant(b, node, arg, &constant, err));
    out->array = constant->type->id == SQI_ARRAY;
    const sqi_vec *from = out->array ? &constant->child[0] : constant;
    sqi_list range = out->array ? SQI_AT(constant, sqi_list, 0) : (sqi_list){0, 1};
    out->n = range.length;
    double *value = sqi_arena_array(b->arena, out->n ? out->n : 1, sizeof *value);
    if (!value)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < out->n; ++k) {
        if (!sqi_vec_valid(from, range.offset + k))
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_NULL, err,
                                       "a percentage must not be null");
        value[k] = SQI_AT(from, double, range.offset + k);
        if (!(value[k] >= 0 && value[k] <= 1))
            return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE, err,
                                       "a percentage must be from 0.0 to 1.0, here it is %g", value[k]);
    }
    out->value = value;
    return STREAMQ_OK;
}

streamq_status sqi_agg_answers_begin(sqi_agg_answers *a, sqi_eval *eval, const sqi_agg_percentages *at, sqi_vec *out,
                                     uint32_t n, streamq_error **err)
{
    *a = (sqi_agg_answers){.at = at, .out = out, .value = out};
    SQI_TRY(sqi_vec_bitmap(out, n, true, eval->arena, err));
    if (!at->array)
        return STREAMQ_OK;
    uint64_t total = (uint64_t)n * at->n;
    if (total >= UINT32_MAX)
        return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "%llu percentiles in one chunk, the limit is %u",
                             (unsigned long long)total, UINT32_MAX - 1);
    a->value = &out->child[0];
    return sqi_vec_make(a->value, out->type->field[0].type, (uint32_t)total, eval->arena, err);
}

static void end_row(sqi_agg_answers *a)
{
    if (a->at->array) {
        SQI_OUT(a->out, sqi_list)[a->row] = (sqi_list){a->next - a->pending, a->pending};
        a->out->nchild = a->next;
    }
    a->row++;
    a->pending = 0;
}

void sqi_agg_answers_null(sqi_agg_answers *a)
{
    sqi_vec_set_null(a->out, a->row);
    if (!a->at->array)
        a->next++;
    end_row(a);
}

static int64_t to_int(double v, int64_t min, int64_t max)
{
    if (v != v)
        return 0;
    if (v >= (double)max)
        return max;
    return v <= (double)min ? min : (int64_t)v;
}

void sqi_agg_put_double(sqi_vec *out, uint32_t k, double v)
{
    switch (out->type->id) {
    case SQI_TINYINT:
        SQI_OUT(out, int8_t)[k] = (int8_t)to_int(v, INT8_MIN, INT8_MAX);
        break;
    case SQI_SMALLINT:
        SQI_OUT(out, int16_t)[k] = (int16_t)to_int(v, INT16_MIN, INT16_MAX);
        break;
    case SQI_INT:
    case SQI_DATE:
    case SQI_INTERVAL_YM:
        SQI_OUT(out, int32_t)[k] = (int32_t)to_int(v, INT32_MIN, INT32_MAX);
        break;
    case SQI_FLOAT:
        SQI_OUT(out, float)[k] = (float)v;
        break;
    case SQI_DOUBLE:
        SQI_OUT(out, double)[k] = v;
        break;
    case SQI_DECIMAL:
        if (!sqi_decimal_from_double(v, out->type->precision, out->type->scale, &SQI_OUT(out, sqi_int128)[k]))
            SQI_OUT(out, sqi_int128)[k] = 0;
        break;
    default:
        SQI_OUT(out, int64_t)[k] = to_int(v, INT64_MIN, INT64_MAX);
    }
}

void sqi_agg_answers_add(sqi_agg_answers *a, double value)
{
    sqi_agg_put_double(a->value, a->next++, value);
    if (++a->pending == a->at->n)
        end_row(a);
}
