/*
 * expr_bind_parts: what the binder's files share among themselves. The door for everybody else is expr_bind.h.
 *
 * Binding is recursive over the parsed tree; constants are folded only when a whole expression stands (expr_fold.c),
 * because coercion asks whether an argument was written as a literal.
 */
#ifndef SQI_EXPR_BIND_PARTS_H
#define SQI_EXPR_BIND_PARTS_H

#include "agg.h"
#include "expr_bind.h"

#define SQI_BIND_DEPTH 2000 /* nesting that all recursions over bound trees must bear */

struct sqi_lambda_scope {
    struct sqi_lambda_scope *outer;
    const sqi_span *name;
    const sqi_lambda_param *param;
    uint32_t n, first; /* variables first .. first + n - 1 */
};

/* One node of the tree and all below, unfolded. */
streamq_status sqi_bind_node(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err);
/* NAME; CALL. */
streamq_status sqi_bind_name_node(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err);
/* A call with arguments by name as one with all of them in place; *out is e itself if there are none. */
streamq_status sqi_bind_named(sqi_binder *b, const sqi_ast *e, const sqi_parameter_row *named, const sqi_ast **out,
                              streamq_error **err);
streamq_status sqi_bind_call_node(sqi_binder *b, const sqi_ast *e, sqi_bound **out, streamq_error **err);
/* base.name: a struct's field, the field of every struct in an array, a map's value. */
streamq_status sqi_bind_extract(sqi_binder *b, sqi_bound *base, sqi_span name, const sqi_ast *ast, sqi_bound **out,
                                streamq_error **err);
/* CAST(e AS to) or try_cast. */
streamq_status sqi_bind_cast_node(sqi_binder *b, sqi_bound *e, const sqi_type *to, bool try_cast, const sqi_ast *ast,
                                  sqi_bound **out, streamq_error **err);

/* A zeroed node with room for narg arguments; NULL: no memory. */
sqi_bound *sqi_bind_new(sqi_binder *b, sqi_bound_kind kind, uint32_t narg, const sqi_ast *ast);
/* The place of `ast` added to the error, if there is one. Returns the status. */
streamq_status sqi_bind_place(streamq_status status, const sqi_ast *ast, streamq_error **err);
/* The text of a bound expression for messages; never NULL. */
const char *sqi_bind_text(sqi_binder *b, const sqi_bound *e);

/* The tree with its constant parts evaluated. NULL: no memory. */
sqi_bound *sqi_fold(sqi_binder *b, sqi_bound *e);

#endif
