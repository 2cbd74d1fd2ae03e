/*
 * expr_bound: a resolved expression: names are column numbers, types are known, casts are explicit.
 *
 * Nodes live in the plan's arena and are immutable after binding (rewrites build new nodes, subtrees are shared). The
 * tree is what plans hold, compare, rewrite and explain; expr_prog compiles it to what runs.
 */
#ifndef SQI_EXPR_BOUND_H
#define SQI_EXPR_BOUND_H

#include "data_schema.h"
#include "data_vec.h"
#include "expr_ast.h"

struct sqi_func;
struct sqi_agg;
struct sqi_generator;

typedef enum sqi_bound_kind {
    SQI_BOUND_CONST,     /* value */
    SQI_BOUND_COLUMN,    /* column: position in the input schema */
    SQI_BOUND_CALL,      /* func over args */
    SQI_BOUND_AGG,       /* agg over args (only until the analyzer puts it into an aggregation) */
    SQI_BOUND_GENERATOR, /* generator over args (only until the analyzer puts it into a generate node) */
    SQI_BOUND_LAMBDA,    /* args[0]: body; variables `column`.. `column + nvar - 1` */
    SQI_BOUND_VARIABLE,  /* a lambda's variable number `column` */
} sqi_bound_kind;

typedef struct sqi_bound sqi_bound;

struct sqi_bound {
    sqi_bound_kind kind;
    const sqi_type *type;
    bool nullable;
    uint32_t column;
    uint32_t nvar;
    uint32_t narg;
    sqi_bound **arg;
    const sqi_vec *value;        /* CONST */
    const struct sqi_func *func; /* CALL; casts are CALLs of the row "cast", their target is `type` */
    const struct sqi_agg *agg;   /* AGG */
    const struct sqi_generator *generator;
    const void *data;          /* CALL: what the row's resolve prepared (a compiled pattern, a field number) */
    uint64_t flags;            /* CALL: the row's own (try_cast, ...) */
    sqi_bound *filter;         /* AGG: FILTER (WHERE ..), a condition over the same input */
    sqi_bound **sort;          /* AGG: WITHIN GROUP order */
    const uint8_t *sort_flags; /* bit 0 descending, bit 1 nulls first */
    uint32_t nsort;
    bool distinct, ignore_nulls, outer; /* AGG, AGG, GENERATOR */
    const sqi_ast *ast;                 /* where it came from: text, positions, default name; NULL for made-up nodes */
};

/* Same value for every input row of one kind: function, constants (types included), columns, flags; not positions. */
bool sqi_bound_equal(const sqi_bound *a, const sqi_bound *b);
/* False if any function inside is non-deterministic (rand, uuid, ...). */
bool sqi_bound_deterministic(const sqi_bound *e);
/* No column, variable or aggregate inside, and deterministic: may be evaluated now. */
bool sqi_bound_foldable(const sqi_bound *e);
bool sqi_bound_has(const sqi_bound *e, sqi_bound_kind kind);

/* Builders; NULL without memory. */
sqi_bound *sqi_bound_column(sqi_arena *arena, uint32_t column, const sqi_type *type, bool nullable);
sqi_bound *sqi_bound_const(sqi_arena *arena, const sqi_vec *value);
sqi_bound *sqi_bound_null(sqi_arena *arena, const sqi_type *type); /* a constant null */

/* A call that is null for every row, for it is strict and one of its arguments is a null literal, perhaps cast. */
bool sqi_bound_surely_null(const sqi_bound *e);

/* Copy of the tree with every node offered to `map` top-down: a non-NULL answer replaces the node (and is not entered).
   NULL result: no memory or map said stop by setting *err. */
typedef sqi_bound *(*sqi_bound_map)(void *context, const sqi_bound *e, streamq_error **err);
sqi_bound *sqi_bound_rewrite(const sqi_bound *e, sqi_bound_map map, void *context, sqi_arena *arena,
                             streamq_error **err);
/* Call visit on every node, parents first; a false answer stops (and is returned). */
bool sqi_bound_visit(const sqi_bound *e, bool (*visit)(void *context, const sqi_bound *e), void *context);

/* As explain shows it: "(a#0 + 1)", "cast(a#0 as bigint)". Column names come from the schema given (may be NULL). */
bool sqi_bound_print(sqi_buf *to, const sqi_bound *e, const sqi_schema *input);

#endif
