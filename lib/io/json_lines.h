/*
 * json_lines: the records of a file, and their text in UTF-8.
 */
#ifndef SQI_JSON_LINES_H
#define SQI_JSON_LINES_H

#include "json_options.h"
#include "json_value.h"

/* The next record that is whole, without its end, from *p on; of `multiLine`, all there is. False: none is left (*p is
   where the rest begins). */
bool sqi_json_lines_next(const sqi_json_settings *s, const char **p, const char *end, bool last, sqi_span *record);

typedef struct sqi_json_text {
    sqi_span utf8;
    sqi_json_raw raw;
    bool malformed; /* bytes that the encoding asked for does not have: the record is none */
} sqi_json_text;

/* A record as UTF-8, in `arena` if it was something else. `first` of its file: a mark of UTF-8 is left out, in *record
   too. False: no memory. */
bool sqi_json_lines_text(const sqi_json_settings *s, bool first, sqi_arena *arena, sqi_span *record,
                         sqi_json_text *out);

#endif
