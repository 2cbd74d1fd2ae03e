/*
 * expr_ast: what the parser and the typed door build: an unresolved expression tree with positions.
 *
 * Nodes live in a plan's arena and are immutable once built; text they point to (`text`, names) lives there too.
 * Both doors build the same nodes, so nothing above this file knows where an expression came from.
 *
 * Operators are CALL nodes whose name is the operator's: "+" "-" "*" "/" "%" "div" "||" "&" "|" "^" "~" "<<" ">>"
 * ">>>" "=" "<=>" "!=" "<" "<=" ">" ">=" "and" "or" "not" "negative" "positive" "like" "ilike" "rlike" "between"
 * "in" "isnull" "isnotnull" "istrue" "isfalse" "isunknown" (the negated forms wrap "not") "getitem" (a[i]); `op` is
 * set.
 * `(a, b)` is CALL "struct"; `x -> e` is LAMBDA; `TRIM(BOTH x FROM y)` and the like are the plain calls they mean.
 * Chains of "and" and of "or" are balanced trees, so a condition of many parts is not deep. `current_date`, `user` and
 * the other functions that may stand without parentheses are NAMEs: a column of that name comes first.
 */
#ifndef SQI_EXPR_AST_H
#define SQI_EXPR_AST_H

#include "data_vec.h"

typedef enum sqi_ast_kind {
    SQI_AST_LITERAL,  /* value */
    SQI_AST_NAME,     /* part[0..npart): a, t.a, s.t.a.field */
    SQI_AST_STAR,     /* * or q.*; part: qualifier or struct column; arg: EXCEPT names (NAME nodes) */
    SQI_AST_CALL,     /* name, arg, and the clauses below */
    SQI_AST_CAST,     /* arg[0], type, try_cast */
    SQI_AST_CASE,     /* operand (or NULL), arg: when, then, when, then, ...; otherwise (or NULL) */
    SQI_AST_ALIAS,    /* arg[0], part: one name, or several for a generator */
    SQI_AST_FIELD,    /* arg[0].part[0] where arg[0] is not a plain name */
    SQI_AST_LAMBDA,   /* part: parameters, arg[0]: body */
    SQI_AST_PARAM,    /* :name in part[0] */
    SQI_AST_NAMED,    /* name => arg[0], an argument */
    SQI_AST_SORT,     /* arg[0] with descending, nulls_first: items of ORDER BY */
    SQI_AST_SUBQUERY, /* query: scalar, EXISTS (name "exists"), or arg[0] IN (query) (name "in") */
    SQI_AST_INTERVAL, /* INTERVAL arg[0] unit where arg[0] is no literal; name: the unit */
} sqi_ast_kind;

typedef struct sqi_ast sqi_ast;

/* OVER (...): only what checks and messages need until window functions come. */
typedef struct sqi_ast_window {
    sqi_ast **partition, **order;
    uint32_t npartition, norder;
    bool has_frame;
} sqi_ast_window;

struct sqi_ast {
    sqi_ast_kind kind;
    uint32_t begin, end; /* byte range in `text` */
    uint32_t height;     /* 1 + the largest of the nodes below: recursion over a tree is bounded by SQI_PARSE_DEPTH */
    sqi_span text;       /* the whole SQL text this came from; empty for the typed door */
    sqi_span name;
    sqi_ast **arg;
    uint32_t narg;
    sqi_span *part;
    uint32_t npart;
    const sqi_vec *value;  /* LITERAL: a constant vector */
    sqi_span literal_text; /* LITERAL: how a number was written; CALL of LIKE ANY and ALL: its name over `operand`, for
                              printing */
    const sqi_type *type;  /* CAST */
    sqi_ast *operand, *otherwise;
    struct sqi_sql_query *query; /* SUBQUERY: owned by the plan room */
    /* CALL clauses */
    sqi_ast *filter;  /* FILTER (WHERE ..) */
    sqi_ast **within; /* WITHIN GROUP (ORDER BY ..): SORT nodes */
    uint32_t nwithin;
    sqi_ast_window *over;
    bool op, distinct, ignore_nulls, try_cast;
    bool descending, nulls_first; /* SORT, already resolved to Spark's defaults */
    bool quoted;                  /* NAME: some part was written in backticks */
};

/* Builders used by parser and typed door. NULL: no memory. */
sqi_ast *sqi_ast_new(sqi_arena *arena, sqi_ast_kind kind);
sqi_ast *sqi_ast_name(sqi_arena *arena, sqi_span name);
sqi_ast *sqi_ast_call(sqi_arena *arena, const char *name, sqi_ast *const *args, uint32_t n);
sqi_ast *sqi_ast_alias(sqi_arena *arena, sqi_ast *child, sqi_span name);
sqi_ast *sqi_ast_literal(sqi_arena *arena, const sqi_vec *constant);
uint32_t sqi_ast_measure(sqi_ast *e); /* sets and gives the height from the nodes right below */

/* Spark's default column name of an expression ("(a + 1)", "count(1)", "between(a, 1, 2)", "col"): appended to `to`.
   CAST is left out, as Spark does; a name gives its last part. */
bool sqi_ast_print(sqi_buf *to, const sqi_ast *e);
/* Equal in meaning as text (names case-insensitive): ORDER BY and GROUP BY matching before binding. */
bool sqi_ast_equal(const sqi_ast *a, const sqi_ast *b);

#endif
