/*
 * data_text: one value as text, two ways: as CAST(v AS STRING) gives it and as the console shows it.
 * They differ: nested nulls are "null" / "NULL", binary is its bytes / "[0A 41]".
 */
#ifndef SQI_DATA_TEXT_H
#define SQI_DATA_TEXT_H

#include "data_time.h"
#include "data_vec.h"

typedef enum sqi_text_style { SQI_TEXT_CAST, SQI_TEXT_SHOW } sqi_text_style;

/* Append the text of v[i]; a null at the top appends nothing for CAST (the caller knows) and "NULL" for SHOW. */
bool sqi_text_value(sqi_buf *to, const sqi_vec *v, uint32_t i, const sqi_zone *zone, sqi_text_style style);
/* As a SQL literal, for explain and default column names: 1, abc (pretty) or 'abc', DATE '2024-01-01', ... */
bool sqi_text_literal(sqi_buf *to, const sqi_vec *v, uint32_t i, bool pretty);

#endif
