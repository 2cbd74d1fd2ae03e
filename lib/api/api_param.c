/*
 * api_param: values for :name in SQL text. Each is a constant vector in the plan's arena.
 */
#include "api_state.h"

static streamq_status set_param(streamq_plan *p, const char *name, const sqi_vec *value, streamq_error **err)
{
    sqi_span n = sqi_span_of(name);
    for (size_t i = 0; i < p->nparam; ++i)
        if (sqi_name_equal(p->param_name[i], n)) {
            p->param_value[i] = value;
            return STREAMQ_OK;
        }
    sqi_alloc *alloc = &p->session->alloc;
    char *copy = sqi_arena_text(&p->arena, n.ptr, n.len);
    if (!copy || !sqi_alloc_grow(alloc, (void **)&p->param_name, &p->name_cap, p->nparam + 1, sizeof *p->param_name) ||
        !sqi_alloc_grow(alloc, (void **)&p->param_value, &p->value_cap, p->nparam + 1, sizeof *p->param_value))
        return sqi_error_nomem(err);
    p->param_name[p->nparam] = (sqi_span){copy, n.len};
    p->param_value[p->nparam] = value;
    p->context.params = (sqi_params){(uint32_t)++p->nparam, p->param_name, p->param_value};
    return STREAMQ_OK;
}

static streamq_status check(streamq_plan *p, const char *name, const char *function, streamq_error **err)
{
    if (!SQI_IS(p, PLAN))
        return sqi_api_bad_handle(err, function, "plan");
    if (!name || !*name)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "%s: a parameter needs a name", function);
    return STREAMQ_OK;
}

/* A constant of a fixed-width type. */
static streamq_status constant(streamq_plan *p, const sqi_type *type, const void *value, sqi_vec **out,
                               streamq_error **err)
{
    sqi_vec *v = sqi_arena_zero(&p->arena, sizeof *v);
    if (!v)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_vec_make(v, type, 1, &p->arena, err));
    memcpy(v->data, value, sqi_type_width(type));
    v->mask = 0;
    *out = v;
    return STREAMQ_OK;
}

streamq_status streamq_plan_set_null(streamq_plan *plan, const char *name, streamq_error **error)
{
    SQI_TRY(check(plan, name, "streamq_plan_set_null", error));
    sqi_vec *v = sqi_arena_zero(&plan->arena, sizeof *v);
    if (!v)
        return sqi_error_nomem(error);
    SQI_TRY(sqi_vec_null(v, &sqi_type_void, &plan->arena, error));
    return set_param(plan, name, v, error);
}

static streamq_status set_fixed(streamq_plan *plan, const char *name, const char *function, const sqi_type *type,
                                const void *value, streamq_error **error)
{
    sqi_vec *v = NULL;
    SQI_TRY(check(plan, name, function, error));
    SQI_TRY(constant(plan, type, value, &v, error));
    return set_param(plan, name, v, error);
}

streamq_status streamq_plan_set_bool(streamq_plan *plan, const char *name, int32_t value, streamq_error **error)
{
    uint8_t b = value != 0;
    return set_fixed(plan, name, "streamq_plan_set_bool", &sqi_type_boolean, &b, error);
}

streamq_status streamq_plan_set_int64(streamq_plan *plan, const char *name, int64_t value, streamq_error **error)
{
    return set_fixed(plan, name, "streamq_plan_set_int64", &sqi_type_bigint, &value, error);
}

streamq_status streamq_plan_set_double(streamq_plan *plan, const char *name, double value, streamq_error **error)
{
    return set_fixed(plan, name, "streamq_plan_set_double", &sqi_type_double, &value, error);
}

streamq_status streamq_plan_set_string(streamq_plan *plan, const char *name, const char *value, int64_t length,
                                       streamq_error **error)
{
    SQI_TRY(check(plan, name, "streamq_plan_set_string", error));
    if (!value || length < -1 || length > SQI_STR_MAX)
        return sqi_error_set(error, SQI_COND_INVALID_ARGUMENT,
                             "streamq_plan_set_string: the value is NULL or its length is out of range; use "
                             "streamq_plan_set_null for a null");
    sqi_str s;
    sqi_span text = {value, length < 0 ? strlen(value) : (size_t)length};
    if (text.len > SQI_STR_MAX || !sqi_str_copy(&plan->arena, text, &s))
        return sqi_error_nomem(error);
    return set_fixed(plan, name, "streamq_plan_set_string", &sqi_type_string, &s, error);
}
