/*
 * agg_share: what several families of aggregates need: numbers as doubles, percentages as constants, and result columns
 * of one double or an array of them.
 */
#ifndef SQI_AGG_SHARE_H
#define SQI_AGG_SHARE_H

#include "agg.h"

/* A number, date, time or interval as a double; v[i] is not null. */
double sqi_agg_as_double(const sqi_vec *v, uint32_t i);
/* The way back: position k of a vector of such a type. */
void sqi_agg_put_double(sqi_vec *out, uint32_t k, double v);

typedef struct sqi_agg_percentages {
    const double *value; /* each from 0 to 1 */
    uint32_t n;
    bool array; /* an array was given, and is given back */
} sqi_agg_percentages;

/* Argument `arg` of the call: a constant DOUBLE or ARRAY<DOUBLE> without nulls, each from 0 to 1. */
streamq_status sqi_agg_bind_percentages(sqi_binder *b, sqi_bound *node, uint32_t arg, sqi_agg_percentages *out,
                                        streamq_error **err);

/* A result column filled row after row: for each row null, or one answer for each percentage. The doubles become the
   column's type (or its element's). */
typedef struct sqi_agg_answers {
    const sqi_agg_percentages *at;
    sqi_vec *out, *value; /* the column, and where the values go: itself or its child */
    uint32_t row, next;   /* rows done, values done */
    uint32_t pending;     /* answers of the row begun */
} sqi_agg_answers;

streamq_status sqi_agg_answers_begin(sqi_agg_answers *a, sqi_eval *eval, const sqi_agg_percentages *at, sqi_vec *out,
                                     uint32_t n, streamq_error **err);
void sqi_agg_answers_null(sqi_agg_answers *a);
void sqi_agg_answers_add(sqi_agg_answers *a, double value);

#endif
