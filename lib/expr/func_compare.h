/*
 * func_compare: comparisons as functions of vectors, for the rows of func_compare.c and for forms that compare (in,
 * greatest, decode).
 */
#ifndef SQI_FUNC_COMPARE_H
#define SQI_FUNC_COMPARE_H

#include "expr_bind.h"
#include "func.h"

/* DATATYPE_MISMATCH.INVALID_ORDERING_TYPE unless values of the type have an order. */
streamq_status sqi_compare_orderable(sqi_binder *b, const sqi_bound *node, const sqi_type *type, streamq_error **err);

/* to[i] = a equals b for the rows; rows with nulls hold anything. Vectors of one type. */
void sqi_compare_equal(const sqi_vec *a, const sqi_vec *b, sqi_rows rows, uint8_t *to);

#endif
