/*
 * data_pattern_item: the compiled form of a pattern, shared by printing and reading.
 */
#ifndef SQI_DATA_PATTERN_ITEM_H
#define SQI_DATA_PATTERN_ITEM_H

#include "data_pattern.h"

typedef struct sqi_pattern_item {
    char letter;     /* a field; '\'' a literal; '[' and ']' an optional section */
    uint32_t count;  /* of the letter */
    sqi_span text;   /* literal */
    uint32_t close;  /* '[': the item of its ']' */
    uint32_t behind; /* digits that fixed-width fields take right after this one (adjacent values) */
} sqi_pattern_item;

struct sqi_pattern {
    bool has_era; /* then 'y' is the year of the era, else it is a year that may be negative */
    uint32_t n;
    sqi_pattern_item *item;
};

extern const char *const sqi_pattern_months[12];
extern const char *const sqi_pattern_days[7]; /* from Monday */

#endif
