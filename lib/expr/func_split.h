/*
 * func_split: cutting a text at the matches of a pattern, for split and for what splits on its way (str_to_map).
 */
#ifndef SQI_FUNC_SPLIT_H
#define SQI_FUNC_SPLIT_H

#include "expr_bound.h"
#include "expr_regex.h"
#include "func_str.h"

/* Append the pieces of `s`, at most `limit` if that is positive. `re` keeps the pattern if it has to be compiled;
   errors name the function `what`. */
streamq_status sqi_split_text(sqi_regex *re, sqi_eval *eval, sqi_span s, sqi_span pattern, int32_t limit,
                              const char *what, sqi_strs *pieces, streamq_error **err);

/* Is this split(column 0, a pattern that is one plain byte), without a limit? */
bool sqi_split_is_by_byte(const sqi_bound *e, char *byte);

#endif
