/*
 * plan_names: binding expressions inside a plan: a binder for a place, names that may mean columns of two nodes,
 * default column names, and errors with a place.
 *
 * Column numbers of bound expressions are positions in the columns of one node. While a SELECT block is being
 * resolved, numbers with a tag stand for columns of other origins; none survives in a node.
 */
#ifndef SQI_PLAN_NAMES_H
#define SQI_PLAN_NAMES_H

#include "plan_node.h"

enum {
    SQI_COLUMN_ITEM = 0x40000000,      /* | i: item i of the select list */
    SQI_COLUMN_GENERATED = 0x20000000, /* | i: column i of what the generators of the select list give */
    SQI_COLUMN_NUMBER = 0x1fffffff,    /* the number without tags; no node has more columns */
};

/* Names looked up in two scopes. Outside aggregate functions the first scope goes first, inside their arguments the
   last one: there a name means the input, not an alias. */
typedef struct sqi_names_level {
    sqi_scope scope;
    uint32_t tag;           /* put on the column numbers */
    const uint32_t *number; /* column number of each attribute; NULL: its position */
} sqi_names_level;

typedef struct sqi_names {
    sqi_plan_context *c;
    sqi_binder binder; /* use this one; it points back here */
    sqi_names_level level[2];
    uint32_t n;
} sqi_names;

/* A binder over one scope. */
void sqi_names_binder(sqi_binder *b, sqi_plan_context *c, const sqi_scope *scope, const char *clause, unsigned allow);
/* names->binder over the levels already set; every name goes through them. */
void sqi_names_levels(sqi_names *names, sqi_plan_context *c, const char *clause, unsigned allow);
/* The column of one level that this name means; NULL without an error: none there. */
sqi_bound *sqi_names_lookup(sqi_binder *b, const sqi_names_level *level, const sqi_ast *name, streamq_error **err);

/* The column name Spark gives to an expression without an alias. */
streamq_status sqi_names_default(sqi_plan_context *c, const sqi_ast *e, sqi_span *out, streamq_error **err);
/* "a" of `a AS x`; e itself otherwise. */
const sqi_ast *sqi_names_unalias(const sqi_ast *e);
/* The value of an integer literal, as ordinals are written. */
bool sqi_names_ordinal(const sqi_ast *e, int64_t *value);
/* Is this a plain name of one unquoted part, equal to `word`? */
bool sqi_names_is_word(const sqi_ast *e, const char *word);
/* The position of a column by name, or `scope->n`. */
uint32_t sqi_names_find(const sqi_scope *scope, sqi_span name);

/* An error at a place of the text (`at` may be NULL). */
streamq_status sqi_names_error(const sqi_ast *at, streamq_error **err, sqi_cond cond, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* UNRESOLVED_COLUMN: the nearest of the scope's columns are offered. */
streamq_status sqi_names_unresolved(const sqi_ast *at, sqi_span name, const sqi_scope *scope, streamq_error **err);

#define SQI_EXPRESSION_DEPTH 2000                          /* what recursions over bound expressions must bear */
uint32_t sqi_names_depth(const sqi_bound *e);              /* nodes on the longest way down */
bool sqi_names_uses_tag(const sqi_bound *e, uint32_t tag); /* some column number carries the tag */
bool sqi_names_uses_input(const sqi_bound *e);             /* some column number carries none */

#endif
