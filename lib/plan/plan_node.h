/*
 * plan_node: the logical plan: immutable, resolved nodes in a plan's arena. A node knows its output columns; its
 * expressions are bound to the columns of its input. The analyzer builds them, checks and the optimiser read and
 * rewrite them (into new nodes), explain prints them, run_compile makes operators from them.
 */
#ifndef SQI_PLAN_NODE_H
#define SQI_PLAN_NODE_H

#include "agg.h"
#include "expr_bind.h"

typedef enum sqi_node_kind {
    SQI_NODE_SOURCE,    /* source: a reader of the plan (stream or bounded) */
    SQI_NODE_VALUES,    /* rows of constants: batch; also the one empty row of a query without FROM */
    SQI_NODE_PROJECT,   /* expr[0..nexpr) over input[0] */
    SQI_NODE_FILTER,    /* expr[0] */
    SQI_NODE_GENERATE,  /* generator expr[0]; output: the kept columns of the input, then the generator's */
    SQI_NODE_AGGREGATE, /* expr[0..nkey): keys, expr[nkey..nexpr): AGG nodes; output in this order */
    SQI_NODE_EXPAND,    /* projections[nproj][nexpr]: every input row once per projection (grouping sets) */
    SQI_NODE_SORT,      /* expr with sort_flags (bit 0 descending, bit 1 nulls first) */
    SQI_NODE_LIMIT,     /* limit, offset */
    SQI_NODE_UNION,     /* inputs of one shape, in order */
    SQI_NODE_DEDUP,     /* expr: key columns (COLUMN nodes) */
    SQI_NODE_ALIAS,     /* renames the qualifier of the columns; no work */
    SQI_NODE_WATERMARK, /* expr[0]: the event-time column (COLUMN); delay. Refused by the checks */
    SQI_NODE_JOIN, /* join: the kind; expr[0]: the condition over both inputs' columns side by side, if nexpr. Output:
                      these columns, of a semi or anti join the left ones. Analyzed, but refused by the checks */
} sqi_node_kind;

typedef struct sqi_node sqi_node;

/* What the program declared with a reader or a named stream. The io room's objects hang off it at run time. */
typedef struct sqi_plan_source {
    uint32_t id;     /* position among the plan's sources */
    sqi_span format; /* "socket" */
    sqi_span name;   /* alias given by the program, for messages */
    bool streaming;
    sqi_schema schema;
    const void *declared; /* the api's reader: options and so on; opaque here */
} sqi_plan_source;

struct sqi_node {
    sqi_node_kind kind;
    uint32_t id;     /* within the plan, for explain and errors */
    bool streaming;  /* some leaf below is a stream */
    uint32_t depth;  /* nodes on the longest way down, this one counted */
    uint32_t weight; /* nodes of the whole tree; one that is used twice counts twice */
    uint32_t ninput;
    sqi_node **input;
    uint32_t ncol;
    sqi_attribute *col; /* output columns; names as Spark would give them */
    uint32_t nexpr;
    sqi_bound **expr;
    uint32_t nkey;       /* AGGREGATE */
    uint8_t *sort_flags; /* SORT */
    uint32_t nproj;      /* EXPAND */
    sqi_bound ***projection;
    uint32_t *kept; /* GENERATE: input columns in the output */
    uint32_t nkept;
    int64_t limit, offset; /* LIMIT: -1 none */
    int64_t delay;         /* WATERMARK: microseconds */
    sqi_span name;         /* ALIAS; empty for a subquery without one */
    const sqi_plan_source *source;
    const sqi_chunk *values; /* VALUES */
    const sqi_ast *ast;      /* the place in the text for messages; may be NULL */
    /* how it was written, where checks care: */
    bool from_distinct;       /* AGGREGATE made by DISTINCT or UNION (not ALL) */
    uint8_t join;             /* JOIN: a sqi_sql_join */
    bool subtract, intersect; /* UNION: not a union but EXCEPT or INTERSECT of two inputs; no operator runs them yet */
};

/* Everything one plan holds; made by the api room, filled by the analyzer. */
typedef struct sqi_plan_named { /* a stream, view or table that SQL text can name */
    sqi_span name;
    const sqi_node *node;
} sqi_plan_named;

/* A registry that adds functions of the plan room's own to the session's. */
typedef struct sqi_plan_functions {
    sqi_registry registry; /* first: it points back here */
    const sqi_registry *next;
} sqi_plan_functions;

typedef struct sqi_plan_context {
    sqi_alloc *alloc;
    sqi_arena *arena;
    sqi_eval *eval; /* pool, zones, zone, ansi; arena: scratch reset between calls */
    const sqi_registry *registry;
    sqi_params params;
    /* Look up a name FROM may use: streams named with streamq_stream_alias, memory sink tables, ... NULL: no such name.
     */
    const sqi_node *(*find)(void *context, sqi_span name);
    /* Names for "did you mean": i from 0; false at the end. */
    bool (*name_at)(void *context, uint32_t i, sqi_span *name);
    void *context;
    uint32_t next_id;
    sqi_plan_functions functions;    /* the plan room's; zero at first */
    const struct sqi_sql_name *with; /* the names that WITH gave, while a query is analyzed; NULL at first */
} sqi_plan_context;

sqi_node *sqi_node_new(sqi_plan_context *c, sqi_node_kind kind, uint32_t ninput); /* zeroed; NULL: no memory */

#endif
