/*
 * json_fast: records that are plain JSON and fit the schema, in one pass over their bytes. What it does not understand at
 * once (an error, a value of another type, a rarity) it leaves to json_value, so it may give up anywhere; what it accepts
 * it reads exactly as json_value would.
 */
#ifndef SQI_JSON_FAST_H
#define SQI_JSON_FAST_H

#include "json_read.h"
#include "json_scalar.h"

typedef struct sqi_json_fast {
    const char *stop;        /* the last byte of the text is below 32 and stands in front of it */
    const char *readable;    /* bytes may be read up to here, at or behind `stop` */
    sqi_json_reader *reader; /* for strings with escapes */
    const sqi_json_scalar *scalar;
} sqi_json_fast;

/* The object at *p (behind its '{') into the fields of position `at`, which are null. False: given up; the position has to
   be cleared, and reader->nomem looked at. */
bool sqi_json_fast_object(const sqi_json_fast *f, sqi_json_column *c, uint32_t at, const char **p);

#endif
