/*
 * sql_parse_parts: what the files of the query parser share: sql_parse (queries, set operations, what stands after),
 * sql_parse_select (SELECT and its clauses), sql_parse_relation (FROM), sql_parse_reshape (TABLESAMPLE, PIVOT,
 * UNPIVOT), sql_parse_group (GROUP BY), sql_parse_pipe (|>).
 */
#ifndef SQI_SQL_PARSE_PARTS_H
#define SQI_SQL_PARSE_PARTS_H

#include "expr_parse_parts.h"
#include "sql_query.h"

sqi_sql_query *sqi_sql_parse_new(sqi_parser *p, sqi_query_kind kind, uint32_t begin, streamq_error **err);
/* A query with everything that belongs to it. */
streamq_status sqi_sql_parse_query(sqi_parser *p, sqi_sql_query **out, streamq_error **err);
/* SELECT .., FROM .., TABLE .., VALUES .. or (query): an operand of UNION. */
streamq_status sqi_sql_parse_operand(sqi_parser *p, sqi_sql_query **out, streamq_error **err);
/* [ALL | DISTINCT] */
streamq_status sqi_sql_parse_quantifier(sqi_parser *p, bool *all, streamq_error **err);
bool sqi_sql_parse_set_ahead(sqi_parser *p, sqi_sql_set *set); /* UNION, EXCEPT, MINUS or INTERSECT stands here */
/* ORDER BY, CLUSTER BY, DISTRIBUTE BY, SORT BY, WINDOW, LIMIT, OFFSET, as far as they are there. */
streamq_status sqi_sql_parse_organization(sqi_parser *p, sqi_sql_query *q, streamq_error **err);

/* SELECT and its clauses. With a FROM that was read before (FROM t SELECT a), else NULL; `piped`: no FROM, no WHERE. */
streamq_status sqi_sql_parse_select(sqi_parser *p, sqi_sql_relation *from, bool piped, sqi_sql_query **out,
                                    streamq_error **err);
/* GROUP BY at its word; items may have aliases when `named`. */
streamq_status sqi_sql_parse_group(sqi_parser *p, bool named, sqi_sql_grouping **out, streamq_error **err);
streamq_status sqi_sql_parse_windows(sqi_parser *p, uint32_t *begin, uint32_t *end, streamq_error **err);

/* FROM's list, after the word: commas are cross joins; LATERAL VIEWs and PIVOT belong to the whole. */
streamq_status sqi_sql_parse_from(sqi_parser *p, sqi_sql_relation **out, streamq_error **err);
streamq_status sqi_sql_parse_views(sqi_parser *p, sqi_sql_relation *r, streamq_error **err);
/* VALUES at its word; TABLE's name after its word. */
streamq_status sqi_sql_parse_values(sqi_parser *p, sqi_sql_relation **out, streamq_error **err);
streamq_status sqi_sql_parse_table(sqi_parser *p, sqi_sql_relation **out, streamq_error **err);
sqi_sql_relation *sqi_sql_parse_relation_new(sqi_parser *p, sqi_relation_kind kind, uint32_t begin,
                                             streamq_error **err);
bool sqi_sql_parse_join_ahead(sqi_parser *p);
streamq_status sqi_sql_parse_join(sqi_parser *p, sqi_sql_relation *left, sqi_sql_relation **out, streamq_error **err);
/* TABLESAMPLE (..), PIVOT (..), UNPIVOT (..): the range of the text is kept, of UNPIVOT what it says too. */
bool sqi_sql_parse_reshape_ahead(sqi_parser *p);
streamq_status sqi_sql_parse_reshape(sqi_parser *p, uint32_t *begin, uint32_t *end, sqi_sql_unpivot **unpivot,
                                     streamq_error **err);

/* |> .. |> .., appended to q's pipes. */
streamq_status sqi_sql_parse_pipes(sqi_parser *p, sqi_sql_query *q, streamq_error **err);
/* ORDER BY, LIMIT, ... after the last pipe, as pipes. */
streamq_status sqi_sql_parse_pipe_organization(sqi_parser *p, sqi_sql_query *q, streamq_error **err);

#endif
