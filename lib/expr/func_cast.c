/*
 * func_cast: typeof, and the row behind CAST, try_cast, `::` and type names used as functions, and behind every
 * implicit cast. The binder sets the target as the node's type; what it means is in expr_cast.
 */
#include "expr_bind.h"
#include "expr_cast.h"

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    const sqi_type *from = node->arg[0]->type;
    sqi_cond condition;
    const char *function;
    char one[128], other[128];
    if (sqi_cast_legal(from, node->type, node->flags & SQI_CAST_TRY, &condition, &function)) {
        node->nullable = node->arg[0]->nullable || sqi_cast_gives_null(from, node->type, node->flags & SQI_CAST_TRY);
        return STREAMQ_OK;
    }
    if (*function)
        return sqi_bind_type_error(b, node, condition, err,
                                   "there is no cast from %s to %s; use the function %s instead",
                                   sqi_type_label(from, one), sqi_type_label(node->type, other), function);
    return sqi_bind_type_error(b, node, condition, err, "there is no cast from %s to %s%s", sqi_type_label(from, one),
                               sqi_type_label(node->type, other),
                               condition == SQI_COND_DATATYPE_MISMATCH__CAST_WITH_CONF_SUGGESTION ? " in ANSI mode"
                                                                                                  : "");
}

static streamq_status cast(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    return sqi_cast(call->eval, arg, call->n, rows, call->node->type, call->node->flags & SQI_CAST_TRY, out, err);
}

/* typeof(x): the type's name, a constant; x is not evaluated. */
static streamq_status resolve_typeof(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    sqi_buf name;
    sqi_vec *value = sqi_arena_zero(b->arena, sizeof *value);
    sqi_str view;
    sqi_buf_init(&name, b->eval->alloc, 0);
    bool ok = value && sqi_type_print(&name, node->arg[0]->type) && sqi_str_copy(b->arena, sqi_buf_view(&name), &view);
    sqi_buf_fini(&name);
    if (!ok)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_vec_make(value, &sqi_type_string, 1, b->arena, err));
    SQI_OUT(value, sqi_str)[0] = view;
    sqi_vec_set_constant(value);
    *node = (sqi_bound){.kind = SQI_BOUND_CONST, .type = &sqi_type_string, .value = value, .ast = node->ast};
    return STREAMQ_OK;
}

const sqi_func sqi_func_cast[] = {{.name = "cast",
                                   .min_args = 1,
                                   .max_args = 1,
                                   .nulls = SQI_NULL_OWN,
                                   .flags = SQI_FUNC_INTERNAL,
                                   .resolve = resolve,
                                   .kernel = cast,
                                   .text = "The value as another type."},
                                  {.name = "typeof",
                                   .min_args = 1,
                                   .max_args = 1,
                                   .resolve = resolve_typeof,
                                   .text = "The name of the value's type."},
                                  {0}};
