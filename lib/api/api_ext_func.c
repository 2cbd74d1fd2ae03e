/*
 * api_ext_func: scalar functions of the program. A call exports the rows it is asked for as one Arrow array, hands them
 * over, and puts the answers back at their positions.
 */
#include "api_ext.h"
#include "data_arrow.h"

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_custom_func *f = (const sqi_custom_func *)node->func;
    return sqi_api_ext_cast(b, node, &f->argument, f->result, err);
}

/* Dense answers to their positions; positions outside rows stay null. */
static streamq_status scatter(sqi_call *call, const sqi_vec *dense, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    uint32_t *index = sqi_arena_get(call->eval->arena, (call->n + 1) * sizeof *index);
    if (!index)
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < call->n; ++i)
        index[i] = UINT32_MAX;
    for (uint32_t k = 0; k < rows.n; ++k)
        index[rows.sel ? rows.sel[k] : k] = k;
    return sqi_vec_gather(out, dense, index, call->n, call->eval->arena, err);
}

static streamq_status run(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_custom_func *f = (const sqi_custom_func *)call->node->func;
    struct ArrowArray in = {0}, answer = {0};
    struct streamq_ext_error why = {{0}};
    sqi_chunk chunk = {.n = call->n, .ncol = f->argument.n, .rows = rows, .col = (sqi_vec *)arg};
    SQI_TRY(sqi_arrow_export_chunk(call->eval->alloc, &f->argument, &chunk, &in, err));
    int32_t code = f->table.call(f->table.user, &in, &answer, &why);
    if (in.release)
        in.release(&in);
    if (code) {
        if (answer.release)
            answer.release(&answer);
        return sqi_custom_failed("function", f->row.name, "call", code, &why, err);
    }
    sqi_vec dense, copy;
    sqi_batch *keep = NULL;
    streamq_status status = sqi_api_ext_import(call->eval, f->result, &answer, rows.n, &dense, &keep, err);
    if (status == STREAMQ_OK && rows.n)
        status = sqi_vec_copy(&copy, &dense, (sqi_rows){NULL, rows.n}, call->eval->arena, err); /* the batch goes now */
    sqi_batch_unref(keep);
    return status == STREAMQ_OK && rows.n ? scatter(call, &copy, rows, out, err) : status;
}

static streamq_status add(streamq_session *s, const streamq_function *function, streamq_error **err)
{
    if (!function->call)
        return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "a function needs its call");
    sqi_registered *r = sqi_api_registered(s);
    char *name;
    if (!r)
        return sqi_error_nomem(err);
    pthread_mutex_lock(&r->mutex);
    sqi_custom_func *f = sqi_arena_zero(&r->arena, sizeof *f);
    streamq_status status = f ? sqi_api_ext_name(r, function->name, "a function", &name, err) : sqi_error_nomem(err);
    if (status == STREAMQ_OK && (sqi_func_find(sqi_span_of(name)) || sqi_agg_find(sqi_span_of(name)) ||
                                 r->registry.find_func(&r->registry, sqi_span_of(name)) ||
                                 r->registry.find_agg(&r->registry, sqi_span_of(name))))
        status = sqi_error_set(err, SQI_COND_CALL_OUT_OF_ORDER, "there is a function '%s' already", name);
    if (status == STREAMQ_OK)
        status = sqi_api_ext_types(s, r, function->arguments, &f->argument, err);
    if (status == STREAMQ_OK)
        status = sqi_api_ext_type(s, r, function->result, &f->result, err);
    if (status == STREAMQ_OK) {
        f->table = *function;
        f->row = (sqi_func){
            .name = name,
            .min_args = (int8_t)f->argument.n,
            .max_args = (int8_t)f->argument.n,
            .nulls = function->flags & STREAMQ_FUNCTION_SEES_NULLS ? SQI_NULL_OWN : SQI_NULL_STRICT,
            .flags = (uint16_t)(SQI_FUNC_STEPPER | (function->flags & STREAMQ_FUNCTION_RANDOM ? SQI_FUNC_RANDOM : 0)),
            .resolve = resolve,
            .kernel = run,
            .text = "registered by the program"};
        f->next = r->func;
        r->func = f;
    }
    pthread_mutex_unlock(&r->mutex);
    return status;
}

streamq_status streamq_session_register_function(streamq_session *session, const streamq_function *function,
                                                 streamq_error **error)
{
    if (!function || function->struct_size != sizeof *function)
        return sqi_error_set(error, SQI_COND_INVALID_ARGUMENT,
                             "streamq_session_register_function: struct_size must be sizeof(streamq_function)");
    streamq_status status = SQI_IS(session, SESSION)
                                ? add(session, function, error)
                                : sqi_api_bad_handle(error, "streamq_session_register_function", "session");
    if (status != STREAMQ_OK && function->destroy)
        function->destroy(function->user);
    return status;
}
