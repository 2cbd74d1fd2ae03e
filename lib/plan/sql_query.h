/*
 * sql_query: the tree of a whole SQL query, SELECT form and pipe form alike, as parsed: nothing resolved.
 * Lives in the plan's arena.
 */
#ifndef SQI_SQL_QUERY_H
#define SQI_SQL_QUERY_H

#include "expr_ast.h"
#include "expr_parse.h"

typedef struct sqi_sql_query sqi_sql_query;
typedef struct sqi_sql_relation sqi_sql_relation;

typedef enum sqi_sql_set { SQI_SET_UNION, SQI_SET_EXCEPT, SQI_SET_INTERSECT } sqi_sql_set;
typedef enum sqi_sql_join {
    SQI_JOIN_INNER,
    SQI_JOIN_CROSS,
    SQI_JOIN_LEFT,
    SQI_JOIN_RIGHT,
    SQI_JOIN_FULL,
    SQI_JOIN_SEMI,
    SQI_JOIN_ANTI
} sqi_sql_join;

/* LATERAL VIEW [OUTER] f(args) t AS a, b */
typedef struct sqi_sql_lateral {
    bool outer;
    sqi_ast *call;
    sqi_span table;
    sqi_span *column;
    uint32_t ncolumn;
} sqi_sql_lateral;

/* UNPIVOT [INCLUDE NULLS] (v FOR n IN (a, b AS x)); several values: ((v, w) FOR n IN ((a, b) AS x, (c, d))) */
typedef struct sqi_sql_unpivot_set {
    sqi_ast **column; /* NAMEs, as many as there are values */
    uint32_t ncolumn;
    sqi_span alias; /* what the name column says; empty: the columns' names joined by _ */
} sqi_sql_unpivot_set;

typedef struct sqi_sql_unpivot {
    bool include_nulls;
    sqi_span *value;
    uint32_t nvalue;
    sqi_span name;
    sqi_sql_unpivot_set *set;
    uint32_t nset;
} sqi_sql_unpivot;

typedef enum sqi_relation_kind {
    SQI_RELATION_NAME,     /* part: a (qualified) name of a stream, view, common table expression */
    SQI_RELATION_QUERY,    /* (query) */
    SQI_RELATION_VALUES,   /* VALUES (..), (..) : row[i][0..ncell) */
    SQI_RELATION_FUNCTION, /* range(3), explode(..): call; lateral if written LATERAL */
    SQI_RELATION_JOIN,     /* left, right, join, condition or using */
    SQI_RELATION_ONE_ROW,  /* no FROM */
} sqi_relation_kind;

struct sqi_sql_relation {
    sqi_relation_kind kind;
    uint32_t begin, end;
    uint32_t height; /* of the tree of relations and queries below; limited by SQI_PARSE_DEPTH */
    sqi_span *part;
    uint32_t npart;
    sqi_sql_query *query;
    sqi_ast ***row; /* VALUES */
    uint32_t nrow, *ncell;
    sqi_ast *call;
    bool lateral;
    bool bare; /* QUERY: parentheses around a relation, no subquery: qualifiers inside are seen outside without an alias
                */
    sqi_sql_relation *left, *right;
    sqi_sql_join join;
    bool natural;
    sqi_ast *condition;
    sqi_span *using_column;
    uint32_t nusing;
    /* after the relation: */
    sqi_span alias;
    sqi_span *column; /* alias(c1, c2) */
    uint32_t ncolumn;
    sqi_sql_lateral *view;
    uint32_t nview;
    /* clauses parsed so that they can be refused or passed on; begin/end of the clause text, 0 if absent */
    sqi_ast *watermark_time, *watermark_delay; /* WATERMARK t DELAY OF INTERVAL .. */
    sqi_span watermark_alias;
    uint32_t sample_begin, sample_end, pivot_begin, pivot_end, unpivot_begin, unpivot_end;
    sqi_sql_unpivot *unpivot; /* stands above the relation and below its alias */
};

typedef struct sqi_sql_grouping {
    enum { SQI_GROUP_PLAIN, SQI_GROUP_ALL, SQI_GROUP_ROLLUP, SQI_GROUP_CUBE, SQI_GROUP_SETS } kind;
    sqi_ast **item; /* PLAIN, ROLLUP, CUBE: expressions (a tuple item of ROLLUP is CALL "struct") */
    uint32_t nitem;
    sqi_ast ***set; /* SETS */
    uint32_t nset, *nset_item;
    /* GROUP BY a, ROLLUP(b): several groupings in a row multiply */
    struct sqi_sql_grouping *next;
} sqi_sql_grouping;

/* A pipe operator (|> ...). What follows the last pipe of a query (`FROM t |> WHERE a ORDER BY b`) is one more. */
typedef enum sqi_pipe_kind {
    SQI_PIPE_SELECT,
    SQI_PIPE_EXTEND,
    SQI_PIPE_SET,
    SQI_PIPE_DROP,
    SQI_PIPE_AS,
    SQI_PIPE_WHERE,
    SQI_PIPE_AGGREGATE,
    SQI_PIPE_ORDER,
    SQI_PIPE_SORT_BY,
    SQI_PIPE_DISTRIBUTE,
    SQI_PIPE_LIMIT /* no condition: LIMIT ALL */,
    SQI_PIPE_OFFSET,
    SQI_PIPE_SET_OPERATION,
    SQI_PIPE_JOIN,
    SQI_PIPE_OTHER /* TABLESAMPLE, PIVOT, UNPIVOT, LATERAL, WINDOW: refused by the analyzer */
} sqi_pipe_kind;

typedef struct sqi_sql_pipe {
    sqi_pipe_kind kind;
    uint32_t begin, end;
    struct sqi_sql_query *select; /* SELECT: a query without FROM; its input is what flows in */
    sqi_ast **item;               /* EXTEND, AGGREGATE, DROP (names), ORDER (SORT nodes), SET (ALIAS nodes) */
    uint32_t nitem;
    sqi_sql_grouping *group; /* AGGREGATE .. GROUP BY (items may carry aliases) */
    sqi_ast *condition;      /* WHERE, LIMIT, OFFSET */
    sqi_span alias;          /* AS */
    sqi_sql_set set;
    bool distinct; /* of a set operation: not ALL */
    sqi_sql_query *right;
    sqi_sql_relation *join;   /* JOIN: a relation whose left is NULL */
    sqi_sql_unpivot *unpivot; /* OTHER: set for UNPIVOT */
    struct sqi_sql_pipe *next;
} sqi_sql_pipe;

typedef struct sqi_sql_cte {
    sqi_span name;
    sqi_span *column;
    uint32_t ncolumn;
    sqi_sql_query *query;
    uint32_t begin, end;
} sqi_sql_cte;

typedef enum sqi_query_kind {
    SQI_QUERY_SELECT,
    SQI_QUERY_SET,
    SQI_QUERY_FROM /* FROM t |> .., VALUES .., TABLE t */
} sqi_query_kind;

struct sqi_sql_query {
    sqi_query_kind kind;
    uint32_t begin, end;
    uint32_t height; /* 1 + the largest of anything inside, expressions too; limited by SQI_PARSE_DEPTH */
    sqi_span text;
    sqi_sql_cte *with; /* WITH */
    uint32_t nwith;
    bool recursive;
    /* SELECT */
    bool distinct;
    sqi_ast **item;
    uint32_t nitem;
    sqi_sql_relation *from; /* comma joins become CROSS joins */
    sqi_ast *where;
    sqi_sql_grouping *group;
    sqi_ast *having;
    uint32_t window_begin, window_end; /* WINDOW clause */
    /* SET */
    sqi_sql_set set;
    bool all;
    sqi_sql_query *left, *right;
    /* after any kind, in this order; pipes come last */
    sqi_ast **order; /* SORT nodes */
    uint32_t norder;
    bool sort_by; /* SORT BY instead of ORDER BY */
    uint32_t distribute_begin, distribute_end;
    sqi_ast *limit, *offset;
    bool limit_all;
    sqi_sql_pipe *pipe;
};

/* Parse a whole text (';' may stand at the end). The parser's parse_query is set by this room. */
streamq_status sqi_sql_parse(sqi_parser *p, sqi_sql_query **out, streamq_error **err);

#endif
