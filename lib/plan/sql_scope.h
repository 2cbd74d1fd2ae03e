/*
 * sql_scope: what the files of the SQL analyzer share: where a query stands (its text, how deep it is nested) and the
 * pieces they call across.
 */
#ifndef SQI_SQL_SCOPE_H
#define SQI_SQL_SCOPE_H

#include "plan_grouping.h"
#include "sql_query.h"

#define SQI_SQL_DEPTH 100 /* queries inside queries */

/* A name that WITH gave. The chain goes outwards; the nearest wins. */
typedef struct sqi_sql_name {
    const struct sqi_sql_name *next;
    sqi_span name;
    const sqi_node *node;
} sqi_sql_name;

typedef struct sqi_sql_scope {
    sqi_plan_context *c;
    sqi_span text; /* the whole SQL text, for places of things without a tree */
    unsigned depth;
} sqi_sql_scope;

/* sql_analyze.c */
streamq_status sqi_sql_query_node(const sqi_sql_scope *s, const sqi_sql_query *q, const sqi_node **out,
                                  streamq_error **err);
/* The SELECT part of q over rows that come from `in` (NULL: its own FROM). */
streamq_status sqi_sql_select(const sqi_sql_scope *s, const sqi_sql_query *q, const sqi_node *in, const sqi_node **out,
                              streamq_error **err);
streamq_status sqi_sql_set_operation(const sqi_sql_scope *s, sqi_sql_set set, bool all, const sqi_ast *at,
                                     const sqi_node *a, const sqi_node *b, const sqi_node **out, streamq_error **err);
/* LIMIT and OFFSET; either may be NULL. */
streamq_status sqi_sql_limit(const sqi_sql_scope *s, const sqi_ast *limit, const sqi_ast *offset, const sqi_node *in,
                             const sqi_node **out, streamq_error **err);

/* sql_from.c */
streamq_status sqi_sql_relation_node(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node **out,
                                     streamq_error **err);
/* sql_join.c: a join whose left side is already there. */
streamq_status sqi_sql_join_node(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node *left,
                                 const sqi_node **out, streamq_error **err);
/* The columns under the names given, all under one alias. */
streamq_status sqi_sql_named(const sqi_sql_scope *s, const sqi_node *in, sqi_span alias, const sqi_span *column,
                             uint32_t ncolumn, const sqi_ast *at, const sqi_node **out, streamq_error **err);

/* The columns that * gives. */
streamq_status sqi_sql_visible(const sqi_sql_scope *s, const sqi_node *in, const sqi_node **out, streamq_error **err);
static inline bool sqi_sql_is_range(const sqi_ast *call)
{
    return sqi_span_equal_nocase(call->name, SQI_SPAN("range"));
}

/* sql_table.c: VALUES and table functions; `left` NULL: not LATERAL. Without alias and column names. */
streamq_status sqi_sql_values_node(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node **out,
                                   streamq_error **err);
streamq_status sqi_sql_one_row(const sqi_sql_scope *s, const sqi_node **out, streamq_error **err);
streamq_status sqi_sql_range(const sqi_sql_scope *s, const sqi_ast *call, const sqi_node **out, streamq_error **err);
/* A generator over `in`: its columns come last, named as given (none: its own names), under the qualifier. */
typedef struct sqi_sql_generate {
    const sqi_ast *call;
    bool outer, table_function; /* the latter: the error if it is no generator or the names do not fit */
    sqi_span qualifier;
    const sqi_span *column;
    uint32_t ncolumn;
} sqi_sql_generate;
streamq_status sqi_sql_generate_node(const sqi_sql_scope *s, const sqi_sql_generate *g, const sqi_node *in,
                                     const sqi_node **out, streamq_error **err);

/* sql_watermark.c: WATERMARK r->watermark_time DELAY OF r->watermark_delay. */
streamq_status sqi_sql_watermark_node(const sqi_sql_scope *s, const sqi_sql_relation *r, const sqi_node *in,
                                      const sqi_node **out, streamq_error **err);

/* sql_unpivot.c */
streamq_status sqi_sql_unpivot_node(const sqi_sql_scope *s, const sqi_sql_unpivot *u, const sqi_ast *at,
                                    const sqi_node *in, const sqi_node **out, streamq_error **err);

/* sql_group.c */
streamq_status sqi_sql_group(const sqi_sql_scope *s, const sqi_sql_grouping *g, sqi_group_by *out, streamq_error **err);

/* sql_reads.c: is there a stream anywhere in the FROM clauses of this query? Nothing is resolved. */
bool sqi_sql_reads_stream(const sqi_plan_context *c, const sqi_sql_query *q);

/* sql_pipe.c */
streamq_status sqi_sql_pipes(const sqi_sql_scope *s, const sqi_sql_pipe *p, const sqi_node *in, const sqi_node **out,
                             streamq_error **err);

/* A place that has no tree of its own. */
static inline sqi_ast sqi_sql_place(const sqi_sql_scope *s, uint32_t begin, uint32_t end)
{
    return (sqi_ast){.kind = SQI_AST_LITERAL, .begin = begin, .end = end, .text = s->text};
}

#endif
