/*
 * op_shape: the lines in which an operator says what it keeps (op.h: shape). A line is a word, what has to be the same and
 * a name, with tabs between them; a tab, line end or backslash in them has a backslash before it (\\t, \\n, \\\\).
 */
#ifndef SQI_OP_SHAPE_H
#define SQI_OP_SHAPE_H

#include "expr_bound.h"

/* A line in three parts: begin, then the parts with `next` between them, then end. What is put since the last of them is
   escaped there. *at is theirs. False: `to->failed`. */
bool sqi_shape_begin(sqi_buf *to, const char *word, size_t *at);
bool sqi_shape_next(sqi_buf *to, size_t *at);
bool sqi_shape_end(sqi_buf *to, size_t *at);

bool sqi_shape_operator(sqi_buf *to, const char *metrics, const char *name);
bool sqi_shape_key(sqi_buf *to, const sqi_type *type, sqi_span name);
bool sqi_shape_name(sqi_buf *to, const sqi_bound *e); /* as the query calls an expression */

/* Reading: the next line of a text, its parts unescaped in the arena. False: no more, or an error (*err). */
typedef struct sqi_shape_line {
    sqi_span word, same, name;
} sqi_shape_line;
bool sqi_shape_read(sqi_span *text, sqi_shape_line *out, sqi_arena *arena, streamq_error **err);

#endif
