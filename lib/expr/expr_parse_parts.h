/*
 * expr_parse_parts: what the files of the parser (expr_parse*.c, and the query parser's) share: small steps over
 * tokens, growing lists, node building, and the decisions "is this word a keyword here?".
 *
 * Spark's grammar reserves almost nothing: FROM, LIMIT or END may be column names and aliases. A word is read as the
 * keyword if what follows fits the keyword's clause, else as a name; the `_ahead` functions decide that from the next
 * few tokens, never by trying and going back.
 */
#ifndef SQI_EXPR_PARSE_PARTS_H
#define SQI_EXPR_PARSE_PARTS_H

#include "expr_parse.h"

/* ---- tokens */
static inline bool sqi_parse_at(const sqi_parser *p, const char *word)
{
    return sqi_token_is(&p->lex.current, word);
}
static inline bool sqi_parse_ahead(sqi_parser *p, unsigned k, const char *word)
{
    return sqi_token_is(sqi_lex_ahead(&p->lex, k), word);
}
static inline streamq_status sqi_parse_advance(sqi_parser *p, streamq_error **err)
{
    return sqi_lex_next(&p->lex, err);
}
bool sqi_parse_at_any(sqi_parser *p, unsigned k,
                      const char *const *words); /* token k is one of them; NULL ends the list */
streamq_status sqi_parse_accept(sqi_parser *p, const char *word, bool *taken, streamq_error **err);
streamq_status sqi_parse_expect(sqi_parser *p, const char *word, streamq_error **err);
/* The k-th token is an identifier, quoted or not. */
bool sqi_parse_is_word(sqi_parser *p, unsigned k);

/* ---- nesting: every recursion of the parser stands between these two */
streamq_status sqi_parse_enter(sqi_parser *p, streamq_error **err);
static inline void sqi_parse_leave(sqi_parser *p)
{
    p->depth--;
}
streamq_status sqi_parse_check_height(sqi_parser *p, uint32_t height, uint32_t begin, streamq_error **err);
/* `tallest` counts from 0 between these two; `above` becomes at least 1 + what was built in between. */
static inline uint32_t sqi_parse_measure_begin(sqi_parser *p)
{
    uint32_t outer = p->tallest;
    p->tallest = 0;
    return outer;
}
streamq_status sqi_parse_measure_end(sqi_parser *p, uint32_t outer, uint32_t begin, uint32_t *above,
                                     streamq_error **err);

/* ---- lists that grow in the arena */
typedef struct sqi_parse_list_of {
    void *item;
    uint32_t n, cap;
} sqi_parse_array;
/* Room for one more item of `size` bytes, zeroed; NULL: no memory. */
void *sqi_parse_push(sqi_parser *p, sqi_parse_array *list, size_t size);
streamq_status sqi_parse_push_ast(sqi_parser *p, sqi_parse_array *list, sqi_ast *e, streamq_error **err);

/* ---- nodes */
/* A node from `begin` to the last token read, measured and checked. e NULL: no memory. */
streamq_status sqi_parse_finish(sqi_parser *p, sqi_ast *e, uint32_t begin, streamq_error **err);
/* CALL of n arguments; `op` for operators. */
streamq_status sqi_parse_make_call(sqi_parser *p, const char *name, bool op, sqi_ast *const *args, uint32_t n,
                                   uint32_t begin, sqi_ast **out, streamq_error **err);
streamq_status sqi_parse_make_text(sqi_parser *p, sqi_span text, uint32_t begin, sqi_ast **out, streamq_error **err);

/* ---- decisions about words */
bool sqi_parse_clause_ahead(sqi_parser *p, unsigned k);  /* the k-th token opens a clause of a query */
bool sqi_parse_operand_ahead(sqi_parser *p, unsigned k); /* the k-th token can begin an expression */
bool sqi_parse_query_ahead(sqi_parser *p, unsigned k);   /* the k-th token begins a query (SELECT, FROM, WITH, ...) */
bool sqi_parse_query_goes_on(sqi_parser *p);             /* a set operation, ORDER BY, LIMIT, |> ... stands here */

/* ---- pieces of expressions */
streamq_status sqi_parse_word(sqi_parser *p, sqi_span *out, streamq_error **err); /* an identifier, nothing more */
streamq_status sqi_parse_value(sqi_parser *p, sqi_ast **out,
                               streamq_error **err); /* no AND, OR, NOT, IN, ... outside parentheses */
streamq_status sqi_parse_primary(sqi_parser *p, sqi_ast **out,
                                 streamq_error **err); /* an operand with its [i] .f ::t */
streamq_status sqi_parse_constant(sqi_parser *p, sqi_ast **out,
                                  streamq_error **err); /* numbers, text, NULL, TRUE, DATE '..' */
bool sqi_parse_constant_ahead(sqi_parser *p);
bool sqi_parse_interval_ahead(sqi_parser *p);
streamq_status sqi_parse_interval(sqi_parser *p, sqi_ast **out, streamq_error **err); /* INTERVAL .. unit .. */
streamq_status sqi_parse_interval_text(sqi_parser *p, sqi_span text, uint32_t begin, sqi_ast **out,
                                       streamq_error **err);
streamq_status sqi_parse_literal_of(sqi_parser *p, const sqi_type *type, const void *value, size_t size, uint32_t begin,
                                    sqi_ast **out, streamq_error **err);
streamq_status sqi_parse_name(sqi_parser *p, sqi_ast **out, streamq_error **err); /* a.b.c: a NAME and nothing else */
/* After the name (parts first..) of a function, at '('. */
streamq_status sqi_parse_call(sqi_parser *p, const sqi_ast *name, sqi_ast **out, streamq_error **err);
streamq_status sqi_parse_window(sqi_parser *p, sqi_ast_window **out, streamq_error **err); /* what follows OVER */
/* CASE, CAST, EXTRACT, TRIM, ...: *out NULL if the word here opens none of them. */
streamq_status sqi_parse_special(sqi_parser *p, sqi_ast **out, streamq_error **err);
/* At '(' of a query; past its ')'. */
streamq_status sqi_parse_subquery(sqi_parser *p, const char *name, sqi_ast *tested, uint32_t begin, sqi_ast **out,
                                  streamq_error **err);
/* (name, name) as the parts of `into`. */
streamq_status sqi_parse_names(sqi_parser *p, sqi_span **out, uint32_t *n, streamq_error **err);
/* What may follow an expression as its alias; *out is e itself if nothing does. */
streamq_status sqi_parse_alias_of(sqi_parser *p, sqi_ast *e, sqi_ast **out, streamq_error **err);

#endif
