/*
 * expr_ast_print: shared by the two files that print default names: expr_ast_print.c (operators and the other nodes)
 * and expr_ast_print_call.c (calls of functions).
 */
#ifndef SQI_EXPR_AST_PRINT_H
#define SQI_EXPR_AST_PRINT_H

#include "expr_ast.h"

/* Lambdas around the place: a name that is one of their parameters prints as a variable. */
typedef struct sqi_ast_lambdas {
    const sqi_ast *lambda;
    const struct sqi_ast_lambdas *outer;
} sqi_ast_lambdas;

typedef struct sqi_ast_printer {
    sqi_buf *to;
    const sqi_ast_lambdas *lambdas;
} sqi_ast_printer;

/* All append to `to`, whose `failed` tells the end; false as soon as that is set. */
bool sqi_ast_print_node(sqi_ast_printer *w, const sqi_ast *e);
bool sqi_ast_print_list(sqi_ast_printer *w, sqi_ast *const *item, uint32_t n); /* a, b, c */
bool sqi_ast_print_between(sqi_ast_printer *w, const char *before, const sqi_ast *e, const char *after);
bool sqi_ast_print_call(sqi_ast_printer *w, const sqi_ast *e);

static inline bool sqi_ast_is_call(const sqi_ast *e, const char *name)
{
    return e->kind == SQI_AST_CALL && sqi_span_equal_nocase(e->name, sqi_span_of(name));
}

#endif
