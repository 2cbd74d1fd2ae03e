/*
 * expr_fold: constant parts of a bound tree, evaluated once. What fails to evaluate stays as it is: the error belongs
 * to the rows that reach it at run time, and a branch that is never taken never fails. What there is no memory for
 * stays too: a constant may be larger than all the rows that ask for it.
 */
#include "expr_bind_parts.h"

static sqi_bound *fold_constant(sqi_binder *b, const sqi_bound *e)
{
    const sqi_vec *value = NULL;
    streamq_error *ignored = NULL;
    streamq_status status = sqi_eval_constant(b->eval, e, b->arena, &value, &ignored);
    sqi_error_free(ignored);
    sqi_bound *out = status == STREAMQ_OK && value ? sqi_bound_const(b->arena, value) : NULL;
    if (!out)
        return NULL;
    out->type = e->type;
    out->ast = e->ast;
    return out;
}

static sqi_bound *map(void *context, const sqi_bound *e, streamq_error **err)
{
    (void)err;
    sqi_binder *b = context;
    if (e->kind == SQI_BOUND_CONST || e->kind == SQI_BOUND_COLUMN)
        return (sqi_bound *)e;
    if (e->kind != SQI_BOUND_CALL || !sqi_bound_foldable(e))
        return NULL; /* look further below */
    return fold_constant(b, e);
}

sqi_bound *sqi_fold(sqi_binder *b, sqi_bound *e)
{
    return sqi_bound_rewrite(e, map, b, b->arena, NULL);
}
