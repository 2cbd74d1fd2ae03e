/*
 * agg_rig: short tests of aggregate functions: one grouping, its batches as texts, its output as lines. Generators too.
 */
#ifndef SQI_AGG_RIG_H
#define SQI_AGG_RIG_H

#include "op_rig.h"

/* A grouping in update mode over a fresh heap that must be clean at the end. */
void sqi_agg_open(const char *schema, const char *keys, const char *aggregates);
const char *sqi_agg_batch(const char *rows); /* the groups touched, in order of first touch */
void sqi_agg_close(void);

/* One batch over `aggregates` without keys: open, batch, close. The text lives until the next call. */
const char *sqi_agg_once(const char *schema, const char *aggregates, const char *rows);
/* The same in batches, split at "--\n" lines: the last output. */
const char *sqi_agg_split(const char *schema, const char *aggregates, const char *batches);
/* What a generator makes of the rows, the first column repeated beside it if `keep`. */
const char *sqi_agg_generate(const char *schema, const char *generator, bool keep, const char *rows);
/* Binding must fail with this condition; generators too. */
void sqi_agg_refused(const char *schema, const char *aggregate, sqi_cond cond);
/* The rows must fail with this condition, in push or flush. */
void sqi_agg_fails(const char *schema, const char *aggregates, const char *rows, sqi_cond cond);

#endif
