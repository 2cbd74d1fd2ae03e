/*
 * func_blend: CASE and IF without splitting rows. Where conditions and branches are cheap (columns, constants,
 * comparisons, sums, differences and products of plain numbers), all of them are computed for every row and each branch
 * is laid over the ones behind it where its condition is true. Should a branch fail, perhaps for a row that does not
 * take it, the caller goes the lazy way, and this program does not try again.
 */
#ifndef SQI_FUNC_BLEND_H
#define SQI_FUNC_BLEND_H

#include "func.h"

typedef struct sqi_blend { /* the call's state */
    uint8_t verdict;
} sqi_blend;

/* The result of a call whose arguments are condition, value, ..., else (or none: null). *done: false if the caller has
   to go the lazy way, `out` being as it was. */
streamq_status sqi_blend_case(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, bool *done,
                              streamq_error **err);

#endif
