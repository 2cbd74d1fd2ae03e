/*
 * func_case: upper, lower and title case of UTF-8 text, full mappings as Java's Locale.ROOT: one character may become
 * three ("ß" is "SS"), sigma is final at the end of a word. Malformed bytes come out as U+FFFD, as in Spark.
 */
#ifndef SQI_FUNC_CASE_H
#define SQI_FUNC_CASE_H

#include "data_vec.h"

typedef enum sqi_case { SQI_CASE_LOWER, SQI_CASE_UPPER, SQI_CASE_WORDS } sqi_case;

/* Bytes the result can have at most. */
#define SQI_CASE_ROOM(len) ((len)*3)

/* Write the text in that case; the length. WORDS: a space starts a word, its first letter is in title case, the others
   in lower case. */
size_t sqi_case_map(sqi_span from, sqi_case how, char *to);
/* Every row of a vector of texts that are not null. */
streamq_status sqi_case_map_rows(const sqi_vec *in, sqi_rows rows, sqi_case how, sqi_arena *arena, sqi_vec *out,
                                 streamq_error **err);

#endif
