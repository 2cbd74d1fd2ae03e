/*
 * expr_parse: Spark 4.3's SQL expression grammar: text -> tree with positions. Also type text ("ARRAY<INT>") and
 * schema text ("ts TIMESTAMP, word STRING"). Queries are parsed by the plan room, which drives this parser.
 *
 * Nesting is limited (SQI_PARSE_DEPTH), text length is limited to SQI_PARSE_MAX: a hostile text gives an error
 * (FAILED_TO_PARSE_TOO_COMPLEX), never a stack overflow. Recursion on queries inside expressions goes through
 * `parse_query`, set by the plan room; without it a subquery is a syntax error.
 */
#ifndef SQI_EXPR_PARSE_H
#define SQI_EXPR_PARSE_H

#include "base_error.h"
#include "data_schema.h"
#include "data_time.h"
#include "expr_ast.h"
#include "expr_lex.h"

#define SQI_PARSE_DEPTH 1000
#define SQI_PARSE_MAX (64u << 20)

typedef struct sqi_parser {
    sqi_lexer lex; /* current token, look-ahead */
    sqi_arena *arena;
    sqi_type_pool *pool;
    sqi_zones *zones;     /* for zone names in timestamp literals */
    const sqi_zone *zone; /* the session's zone */
    int64_t now_micros;   /* for DATE 'today', TIMESTAMP '12:34'; 0 until the caller sets it after init */
    unsigned depth;
    uint32_t tallest; /* the largest height of a node built since the query parser last set this to 0 */
    struct sqi_sql_query *(*parse_query)(struct sqi_parser *p,
                                         streamq_error **err); /* after '(' was consumed; stops before ')' */
    /* `(query)` was read as a value and a set operation, ORDER BY, ... follows: the whole query that begins with it. */
    struct sqi_sql_query *(*continue_query)(struct sqi_parser *p, struct sqi_sql_query *first, streamq_error **err);
    void *context;
    /* What is grammatical but not valid (DATE '2024-13-01'): the first such fault is kept until the text has been read
       to its end, because a syntax error, wherever it stands, comes before it. */
    struct {
        sqi_cond cond;
        uint32_t begin, end;
        const char *text, *hint;
    } fault;
} sqi_parser;

/* `text` is copied into the arena; nodes keep positions in the copy. */
streamq_status sqi_parser_init(sqi_parser *p, sqi_span text, sqi_arena *arena, sqi_type_pool *pool, sqi_zones *zones,
                               const sqi_zone *zone, streamq_error **err);

/* Whole texts (to the end of input). */
streamq_status sqi_parse_expression(sqi_parser *p, sqi_ast **out, streamq_error **err);
/* "a, b AS c, explode(x) AS (k, v), *": a select list; aliases allowed when `named`. */
streamq_status sqi_parse_list(sqi_parser *p, bool named, sqi_ast ***out, uint32_t *n, streamq_error **err);
/* "count DESC, word ASC NULLS LAST": SORT nodes. */
streamq_status sqi_parse_sort_list(sqi_parser *p, sqi_ast ***out, uint32_t *n, streamq_error **err);
streamq_status sqi_parse_type(sqi_parser *p, const sqi_type **out, streamq_error **err);
streamq_status sqi_parse_schema(sqi_parser *p, sqi_schema *out, streamq_error **err);

/* Pieces for the query parser: they stop at the first token that is not theirs. */
streamq_status sqi_parse_one(sqi_parser *p, sqi_ast **out, streamq_error **err);       /* an expression */
streamq_status sqi_parse_named_one(sqi_parser *p, sqi_ast **out, streamq_error **err); /* expression [AS alias] */
streamq_status sqi_parse_items(sqi_parser *p, bool named, sqi_ast ***out, uint32_t *n, streamq_error **err);
streamq_status sqi_parse_sort_items(sqi_parser *p, sqi_ast ***out, uint32_t *n, streamq_error **err);
streamq_status sqi_parse_type_piece(sqi_parser *p, const sqi_type **out, streamq_error **err);
streamq_status sqi_parse_identifier(sqi_parser *p, sqi_span *out, streamq_error **err);
/* The end of the text is where the parser stands; kept faults are raised now. Every whole-text function ends with it.
 */
streamq_status sqi_parse_end(sqi_parser *p, streamq_error **err);
/* PARSE_SYNTAX_ERROR at the current token, with the place. */
streamq_status sqi_parse_unexpected(sqi_parser *p, streamq_error **err);
/* Any condition at a token range. */
streamq_status sqi_parse_fail(sqi_parser *p, uint32_t begin, uint32_t end, sqi_cond cond, streamq_error **err,
                              const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The same kept until the end (see `fault`): STREAMQ_OK, or no memory. `hint` may be NULL. */
streamq_status sqi_parse_fault(sqi_parser *p, uint32_t begin, uint32_t end, sqi_cond cond, const char *hint,
                               streamq_error **err, const char *format, ...) __attribute__((format(printf, 7, 8)));

#endif
