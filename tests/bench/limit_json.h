/*
 * limit_json: the hand-written scan of row 30: lines of JSON whose fields are known, in their order, without escapes or
 * white space, into columns. It checks that the text is what it takes it for, and nothing else of JSON.
 */
#ifndef LIMIT_JSON_H
#define LIMIT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIMIT_JSON_TEXTS = 5, LIMIT_JSON_ROWS = 2048 };

typedef struct limit_json_text {
    const char *ptr;
    size_t len;
} limit_json_text;

typedef struct limit_json { /* a chunk of rows */
    limit_json_text text[LIMIT_JSON_TEXTS][LIMIT_JSON_ROWS];
    int64_t time[LIMIT_JSON_ROWS];
    double price[LIMIT_JSON_ROWS];
    uint32_t rows;
} limit_json;

/* The field names, in their order: five texts, a whole number, a decimal fraction. */
extern const char *const limit_json_names[LIMIT_JSON_TEXTS + 2];

/* Rows from *p on, up to LIMIT_JSON_ROWS of them; *p behind the last. 16 bytes may be read behind `end`. False: other
   text. With `three`, only texts 2 and 3 and the number are kept, the rest is passed over. */
bool limit_json_read(limit_json *to, const char **p, const char *end, bool three);

#endif
