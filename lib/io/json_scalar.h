/*
 * json_scalar: one value of a type from the text of a JSON string or number, by Spark's rules. False: it is none.
 */
#ifndef SQI_JSON_SCALAR_H
#define SQI_JSON_SCALAR_H

#include "json_column.h"
#include "json_options.h"

typedef struct sqi_json_scalar {
    const sqi_json_settings *set;
    const sqi_zone *east; /* a zone other than UTC, to find out whether a text has one */
    int64_t now;          /* for times without a date */
} sqi_json_scalar;

/* Types but strings, binaries and nested ones. The position is set when the value is one. */
bool sqi_json_scalar_text(const sqi_json_scalar *s, sqi_json_column *c, uint32_t at, sqi_span text);
/* `fraction`: the number has a point or an exponent, or is NaN or infinite. */
bool sqi_json_scalar_number(const sqi_json_scalar *s, sqi_json_column *c, uint32_t at, sqi_span text, bool fraction);
/* A number as a double; NaN, Infinity, +INF and the like too. */
bool sqi_json_number_double(sqi_span text, double *v);
bool sqi_json_scalar_is_timestamp(const sqi_json_scalar *s, sqi_span text);
/* A decimal as Java's BigDecimal reads one: no white space, no words. Commas are left out before. */
bool sqi_json_scalar_decimal_text(sqi_span text, char *room, sqi_span *out); /* room: as long as the text */

#endif
