/*
 * expr_bind_lambda: lambda functions. Their variables are numbered by nesting, the same way in every tree, so that
 * equal lambdas are equal trees.
 */
#include "expr_bind_parts.h"

uint32_t sqi_bind_lambda_arity(const sqi_bound *node, uint32_t k)
{
    const sqi_bound *e = node->arg[k];
    return e->kind == SQI_BOUND_LAMBDA && e->ast ? e->ast->npart : 0;
}

static streamq_status check_names(const sqi_ast *lambda, streamq_error **err)
{
    for (uint32_t i = 0; i < lambda->npart; i++)
        for (uint32_t j = 0; j < i; j++)
            if (sqi_name_equal(lambda->part[i], lambda->part[j]))
                return sqi_bind_place(sqi_error_set(err, SQI_COND_INVALID_LAMBDA_FUNCTION_CALL__DUPLICATE_ARG_NAMES,
                                                    "two parameters of the lambda function are called %.*s",
                                                    (int)lambda->part[i].len, lambda->part[i].ptr),
                                      lambda, err);
    return STREAMQ_OK;
}

static streamq_status bind_body(sqi_binder *b, sqi_bound *lambda, const sqi_lambda_param *param, uint32_t n,
                                streamq_error **err)
{
    const sqi_ast *ast = lambda->ast;
    struct sqi_lambda_scope scope = {b->lambda, ast->part, param, n, lambda->column};
    b->lambda = &scope;
    streamq_status status = sqi_bind_node(b, ast->arg[0], &lambda->arg[0], err);
    b->lambda = scope.outer;
    return status;
}

streamq_status sqi_bind_lambda(sqi_binder *b, sqi_bound *node, uint32_t k, const sqi_lambda_param *param, uint32_t n,
                               streamq_error **err)
{
    sqi_bound *given = node->arg[k];
    sqi_bound *lambda = sqi_bind_new(b, SQI_BOUND_LAMBDA, 1, given->ast);
    if (!lambda)
        return sqi_error_nomem(err);
    lambda->column = b->lambda ? b->lambda->first + b->lambda->n : 0;
    if (given->kind != SQI_BOUND_LAMBDA) { /* any expression stands for a function that ignores its arguments */
        lambda->arg[0] = given;
    } else {
        SQI_TRY(check_names(given->ast, err));
        if (given->ast->npart != n)
            return sqi_bind_place(sqi_error_set(err, SQI_COND_INVALID_LAMBDA_FUNCTION_CALL__NUM_ARGS_MISMATCH,
                                                "%s calls its function with %u argument%s, but it takes %u",
                                                node->func->name, (unsigned)n, n == 1 ? "" : "s",
                                                (unsigned)given->ast->npart),
                                  given->ast, err);
        lambda->nvar = n;
        SQI_TRY(bind_body(b, lambda, param, n, err));
    }
    lambda->type = lambda->arg[0]->type;
    lambda->nullable = lambda->arg[0]->nullable;
    node->arg[k] = lambda;
    return STREAMQ_OK;
}
