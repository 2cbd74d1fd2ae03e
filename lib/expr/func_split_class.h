/*
 * func_split_class: splitting by a pattern that is one set of ASCII characters, once or repeated: \s+ before all, also
 * "[,;]" or " +". Such a pattern needs no regular expression: where its characters stand is a bit mask over the line.
 */
#ifndef SQI_FUNC_SPLIT_CLASS_H
#define SQI_FUNC_SPLIT_CLASS_H

#include "func_str.h"

#define SQI_SPLIT_RANGES 4u

typedef struct sqi_split_class {
    uint32_t n;                                                      /* ranges of characters */
    uint8_t least[SQI_SPLIT_RANGES][16], more[SQI_SPLIT_RANGES][16]; /* from least to least + more, a load wide */
    bool repeated;                                                   /* neighbours are one match */
} sqi_split_class;

/* Is the pattern (Java's syntax) of that kind? */
bool sqi_split_class_read(sqi_split_class *c, sqi_span pattern);

/* The pieces of a line, trailing empty ones too; `to` has room for s.len + 1. Pieces longer than a view holds point into
   the line. `wide`: 64 bytes behind the line may be read. *ascii: no byte was above 127. */
size_t sqi_split_class_cut(const sqi_split_class *c, sqi_span s, bool wide, sqi_str *to, bool *ascii);

#endif
