/*
 * expr_cast: CAST and try_cast between all types, by Spark's ANSI rules: what is legal, and the conversion of vectors.
 * The rows "cast" and "try_cast" of the function table (func_cast.c) are thin covers of this.
 */
#ifndef SQI_EXPR_CAST_H
#define SQI_EXPR_CAST_H

#include "expr_eval.h"

/* Is there such a cast? If not, *condition is the DATATYPE_MISMATCH.CAST_... that says so, and *function (static, ""
   unless the condition is CAST_WITH_FUNC_SUGGESTION) names what converts instead. */
bool sqi_cast_legal(const sqi_type *from, const sqi_type *to, bool try_cast, sqi_cond *condition,
                    const char **function);

/* May a value that is not NULL become NULL, or does it with try_cast? */
bool sqi_cast_gives_null(const sqi_type *from, const sqi_type *to, bool try_cast);

/*
 * out[i] = in[i] as `to` for the rows; nulls stay null, and only values that are not null can fail. With try_cast what
 * fails becomes null, inside arrays, maps and structs each leaf for itself. `out` was made by sqi_vec_make(out, to, n)
 * and has no bitmap; it may come back sharing the bytes of `in`, or as a constant if `in` is one. The cast is legal.
 */
streamq_status sqi_cast(sqi_eval *eval, const sqi_vec *in, uint32_t n, sqi_rows rows, const sqi_type *to, bool try_cast,
                        sqi_vec *out, streamq_error **err);

#endif
