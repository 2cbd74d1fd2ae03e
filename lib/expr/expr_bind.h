/*
 * expr_bind: unresolved tree + scope -> bound tree. Names to columns, functions to rows of the table, implicit casts by
 * Spark's ANSI rules, constants folded. Errors are Spark's conditions with the place in the text.
 */
#ifndef SQI_EXPR_BIND_H
#define SQI_EXPR_BIND_H

#include "data_schema.h"
#include "expr_bound.h"
#include "expr_eval.h"
#include "func.h"

/* One column that names can resolve to. */
typedef struct sqi_attribute {
    sqi_span name;
    sqi_span qualifier; /* table alias; empty: none */
    const sqi_type *type;
    bool nullable;
    bool hidden;     /* found by name, left out of * (USING, hidden sort columns) */
    bool event_time; /* the column that a watermark is on, as long as it is only passed on */
} sqi_attribute;

typedef struct sqi_scope {
    uint32_t n;
    const sqi_attribute *attr; /* position = column number */
} sqi_scope;

/* Named parameters (:name) of a plan. */
typedef struct sqi_params {
    uint32_t n;
    const sqi_span *name;
    const sqi_vec *const *value;
} sqi_params;

/* Functions and aggregates that a program registered in its session; consulted after the built-in ones. */
typedef struct sqi_registry sqi_registry;
struct sqi_registry {
    const sqi_func *(*find_func)(const sqi_registry *r, sqi_span name);
    const struct sqi_agg *(*find_agg)(const sqi_registry *r, sqi_span name);
};

enum {                          /* what the place allows; the error's condition follows from the clause */
       SQI_BIND_AGGREGATES = 1, /* aggregate functions may occur (they become AGG nodes) */
       SQI_BIND_GENERATORS = 2, /* a generator may stand at the top (under an alias) */
       SQI_BIND_UNFOLDED = 4,   /* leave constant parts as they are */
};

struct sqi_binder {
    sqi_arena *arena;
    sqi_eval *eval; /* pool, zone, ansi; its arena is scratch */
    const sqi_scope *scope;
    const sqi_params *params;
    const sqi_registry *registry; /* may be NULL */
    const char *clause;           /* "WHERE", "SELECT", ... for messages */
    unsigned allow;
    struct sqi_lambda_scope *lambda; /* variables in sight */
    unsigned depth;
    bool in_aggregate; /* inside the arguments of an aggregate function */
    /* Names that are not columns of the scope are offered here before the error (lateral aliases, HAVING): may be NULL. */
    sqi_bound *(*lookup)(void *context, const sqi_ast *name, streamq_error **err);
    /* SUBQUERY nodes; NULL: UNSUPPORTED_FEATURE.SUBQUERY. */
    sqi_bound *(*subquery)(void *context, const sqi_ast *e, streamq_error **err);
    void *context;
};

/* One expression; an ALIAS at the top is skipped. Coercions inserted, foldable parts evaluated unless that fails
   (then the error comes at run time, as in Spark, for rows that reach it). */
streamq_status sqi_bind(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err);
/* `*`, `t.*`, `s.*` of a struct column: expanded to names, in order. EXCEPT obeyed. */
streamq_status sqi_bind_star(sqi_binder *b, const sqi_ast *star, sqi_bound ***out, sqi_span **names, uint32_t *n,
                             streamq_error **err);
/* A condition: boolean after binding, else DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN. */
streamq_status sqi_bind_condition(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err);

/* For resolve functions of function rows. */
streamq_status sqi_bind_cast(sqi_binder *b, sqi_bound **e, const sqi_type *to,
                             streamq_error **err); /* implicit: adds a cast if types differ */
streamq_status sqi_bind_arg_type_error(sqi_binder *b, const sqi_bound *node, uint32_t arg, const char *wanted,
                                       streamq_error **err); /* DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE */
/* The two sides of an operator do not fit: BINARY_OP_WRONG_TYPE where they meet in a type that it does not take,
   BINARY_OP_DIFF_TYPES where they do not meet. `takes`: what both should be. */
streamq_status sqi_bind_sides_error(sqi_binder *b, const sqi_bound *node, const char *takes, streamq_error **err);
streamq_status sqi_bind_type_error(sqi_binder *b, const sqi_bound *node, sqi_cond cond, streamq_error **err,
                                   const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The constant of a foldable argument; *out NULL if it is not foldable. */
streamq_status sqi_bind_constant(sqi_binder *b, const sqi_bound *e, const sqi_vec **out, streamq_error **err);
/* Apply a signature ("ss>b") to a node: implicit casts of arguments, result type. */
streamq_status sqi_bind_signature(sqi_binder *b, sqi_bound *node, const char *types, streamq_error **err);
/* The common type of some arguments, which are cast to it; DATATYPE_MISMATCH.DATA_DIFF_TYPES if there is none. With
   `strict` text and other types do not mix (greatest, least). Arguments from, from + step, ... below narg take part. */
streamq_status sqi_bind_common(sqi_binder *b, sqi_bound *node, uint32_t from, uint32_t step, bool strict,
                               const sqi_type **out, streamq_error **err);
/* Bind the lambda that is argument k of a SQI_FUNC_HIGHER row to parameters of these types. Any other expression stands
   for a lambda that ignores its parameters. How many parameters were written: sqi_bind_lambda_arity. */
typedef struct sqi_lambda_param {
    const sqi_type *type;
    bool nullable;
} sqi_lambda_param;
uint32_t sqi_bind_lambda_arity(const sqi_bound *node, uint32_t k); /* 0: not a lambda */
streamq_status sqi_bind_lambda(sqi_binder *b, sqi_bound *node, uint32_t k, const sqi_lambda_param *param, uint32_t n,
                               streamq_error **err);
/* A call of a table row made by code: resolved, with casts. */
streamq_status sqi_bind_call(sqi_binder *b, const char *name, sqi_bound *const *args, uint32_t n, const sqi_ast *ast,
                             sqi_bound **out, streamq_error **err);

#endif
