/*
 * func_sequence: sequence(start, stop[, step]) over integers, dates and timestamps.
 *
 * Months and days of a step are counted from the start each time, so that the last day of a month comes back after a
 * shorter one. The direction of the step must be that from start to stop.
 */
#include "data_time.h"
#include "expr_bind.h"
#include "expr_coerce.h"
#include "func.h"

#define SEQUENCE_MAX (1u << 27) /* elements of one array */
#define MONTH_DAYS 28           /* for the direction and a bound of the length only */

typedef struct step {
    int64_t months, days, micros; /* integers: micros alone */
} step;

typedef struct values {
    int64_t *at;
    size_t n, cap;
    sqi_arena *arena;
} values;

static bool put(values *v, int64_t x)
{
    if (v->n == v->cap) {
        size_t cap = v->cap ? v->cap * 2 : 256;
        int64_t *at = sqi_arena_get(v->arena, cap * sizeof *at);
        if (!at)
            return false;
        if (v->n)
            memcpy(at, v->at, v->n * sizeof *at);
        v->at = at;
        v->cap = cap;
    }
    v->at[v->n++] = x;
    return true;
}

static bool is_time(const sqi_type *t)
{
    return t->id == SQI_DATE || t->id == SQI_TIMESTAMP || t->id == SQI_TIMESTAMP_NTZ;
}

static bool is_interval(const sqi_type *t)
{
    return t->id == SQI_INTERVAL || t->id == SQI_INTERVAL_YM || t->id == SQI_INTERVAL_DT;
}

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *type = sqi_coerce_common(b->eval->pool, node->arg[0]->type, node->arg[1]->type);
    const sqi_type *by = node->narg == 3 ? node->arg[2]->type : NULL;
    bool fits = type && (sqi_type_is_integral(type) || is_time(type));
    if (fits && by && by->id != SQI_VOID)
        fits = is_time(type) ? is_interval(by) : sqi_type_is_integral(by);
    if (fits && by && sqi_type_is_integral(type)) {
        type = sqi_coerce_common(b->eval->pool, type, by);
        fits = type != NULL;
    }
    if (!fits)
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__SEQUENCE_WRONG_INPUT_TYPES, err,
                                   "sequence counts integers by integers, or dates and timestamps by intervals");
    for (uint32_t i = 0; i < 2; i++)
        SQI_TRY(sqi_bind_cast(b, &node->arg[i], type, err));
    if (by && (by->id == SQI_VOID || !is_time(type)))
        SQI_TRY(sqi_bind_cast(b, &node->arg[2], is_time(type) ? &sqi_type_interval : type, err));
    node->type = sqi_type_array(b->eval->pool, type, false);
    return node->type ? STREAMQ_OK : sqi_error_nomem(err);
}

static step step_at(const sqi_call *call, const sqi_vec *arg, uint32_t i, int64_t start, int64_t stop)
{
    bool time = is_time(arg[0].type);
    int64_t one = start <= stop ? 1 : -1;
    if (call->node->narg < 3)
        return time ? (step){.days = one} : (step){.micros = one};
    switch (arg[2].type->id) {
    case SQI_INTERVAL: {
        sqi_interval v = SQI_AT(&arg[2], sqi_interval, i);
        return (step){v.months, v.days, v.micros};
    }
    case SQI_INTERVAL_YM:
        return (step){.months = SQI_AT(&arg[2], int32_t, i)};
    default:
        return (step){.micros = sqi_vec_int(&arg[2], i)};
    }
}

static streamq_status bad_step(streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_INVALID_FUNCTION_ARGUMENT,
                         "sequence wants a step that leads from its start towards its stop");
}

static streamq_status too_long(streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_LIMIT_EXCEEDED, "sequence would make an array of more than %u elements",
                         SEQUENCE_MAX);
}

static streamq_status count(values *out, int64_t start, int64_t stop, int64_t by, streamq_error **err)
{
    if (by == 0 ? start != stop : (by > 0) != (start <= stop) && start != stop)
        return bad_step(err);
    __int128 n = by ? ((__int128)stop - start) / by + 1 : 1;
    if (n > SEQUENCE_MAX)
        return too_long(err);
    for (int64_t k = 0; k < (int64_t)n; k++)
        if (!put(out, (int64_t)((__int128)start + (__int128)k * by)))
            return sqi_error_nomem(err);
    return STREAMQ_OK;
}

/* Dates count in days, so their steps must be whole days. */
static streamq_status walk(values *out, const sqi_type *type, const sqi_zone *zone, int64_t start, int64_t stop,
                           step by, streamq_error **err)
{
    int64_t scale = type->id == SQI_DATE ? SQI_MICROS_PER_DAY : 1;
    __int128 from = (__int128)start * scale, to = (__int128)stop * scale;
    __int128 length = ((__int128)by.months * MONTH_DAYS + by.days) * SQI_MICROS_PER_DAY + by.micros;
    if (type->id == SQI_DATE && by.micros % SQI_MICROS_PER_DAY != 0)
        return sqi_error_set(err, SQI_COND_INVALID_FUNCTION_ARGUMENT, "sequence steps over dates by whole days only");
    if (length == 0 ? from != to || type->id == SQI_DATE : (length > 0) != (from <= to) && from != to)
        return bad_step(err);
    if (length && (to - from) / length >= SEQUENCE_MAX)
        return too_long(err);
    for (int64_t k = 0; k < (int64_t)SEQUENCE_MAX; k++) {
        int64_t at, months, days, micros;
        if (__builtin_mul_overflow(by.months, k, &months) || __builtin_mul_overflow(by.days, k, &days) ||
            __builtin_mul_overflow(by.micros, k, &micros) ||
            !sqi_time_add(zone, (int64_t)from, months, days, micros, &at))
            return STREAMQ_OK; /* beyond the range of time and so beyond the stop */
        if (length > 0 ? at > to : at < to)
            return STREAMQ_OK;
        if (!put(out, sqi_time_floor_div(at, scale)))
            return sqi_error_nomem(err);
        if (length == 0)
            return STREAMQ_OK;
    }
    return too_long(err);
}

static streamq_status finish(const values *v, sqi_vec *out, streamq_error **err)
{
    sqi_vec *element = &out->child[0];
    if (v->n > UINT32_MAX - 1)
        return too_long(err);
    SQI_TRY(sqi_vec_make(element, out->type->field[0].type, (uint32_t)v->n, v->arena, err));
    out->nchild = (uint32_t)v->n;
    for (uint32_t k = 0; k < out->nchild; k++)
        sqi_vec_put_int(element, k, v->at[k]);
    return STREAMQ_OK;
}

static streamq_status sequence(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_type *type = arg[0].type;
    const sqi_zone *zone = type->id == SQI_TIMESTAMP ? call->eval->zone : sqi_zone_utc();
    values v = {.arena = call->eval->arena};
    for (SQI_EACH(rows, k, i)) {
        int64_t start = sqi_vec_int(&arg[0], i), stop = sqi_vec_int(&arg[1], i);
        step by = step_at(call, arg, i, start, stop);
        size_t begin = v.n;
        SQI_TRY(is_time(type) ? walk(&v, type, zone, start, stop, by, err) : count(&v, start, stop, by.micros, err));
        SQI_OUT(out, sqi_list)[i] = (sqi_list){(uint32_t)begin, (uint32_t)(v.n - begin)};
    }
    return finish(&v, out, err);
}

const sqi_func sqi_func_sequence[] = {
    {.name = "sequence",
     .min_args = 2,
     .max_args = 3,
     .flags = SQI_FUNC_NEVER_NULL,
     .resolve = resolve,
     .kernel = sequence,
     .text = "sequence(start, stop[, step]): the values from start to stop"},
    {0},
};
