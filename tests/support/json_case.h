/*
 * json_case: the files of tests/cases/json (their README.md says what stands in them), run against the format json.
 */
#ifndef SQI_JSON_CASE_H
#define SQI_JSON_CASE_H

#include <stddef.h>

#include "base_buf.h"

/* How the bytes of a file are handed to the decoder: in blocks of so many; 0: as one. `chunk_rows` 0: the default. */
typedef struct json_case_way {
    size_t block;
    unsigned chunk_rows;
} json_case_way;

/* The bytes that a text of a case file means, appended. */
void json_case_unescape(const char *text, sqi_buf *to);

/* Runs all cases of a file; prints what differs, and gives the number of cases that do. *count gets how many there were. */
int json_case_run(const char *path, json_case_way way, int *count);

#endif
