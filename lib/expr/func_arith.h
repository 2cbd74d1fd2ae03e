/*
 * func_arith: the kernels of + - * / % div and pmod over numbers and intervals of one kind. Both arguments have one
 * type (decimals may differ in scale); func_operators.c sees to that.
 */
#ifndef SQI_FUNC_ARITH_H
#define SQI_FUNC_ARITH_H

#include "func.h"

enum { SQI_ARITH_TRY = 1 }; /* flag of a node: what overflows or divides by zero is null */

streamq_status sqi_arith_add(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);
streamq_status sqi_arith_sub(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);
streamq_status sqi_arith_mul(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);
streamq_status sqi_arith_div(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);
streamq_status sqi_arith_mod(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);
streamq_status sqi_arith_pmod(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);
streamq_status sqi_arith_idiv(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);
streamq_status sqi_arith_negate(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);
streamq_status sqi_arith_abs(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);

/* The decimal halves (func_decimal.c). */
typedef enum sqi_decimal_op {
    SQI_DECIMAL_ADD,
    SQI_DECIMAL_SUB,
    SQI_DECIMAL_MUL,
    SQI_DECIMAL_DIV,
    SQI_DECIMAL_MOD,
    SQI_DECIMAL_PMOD,
    SQI_DECIMAL_IDIV
} sqi_decimal_op;
streamq_status sqi_arith_decimal(sqi_decimal_op op, sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out,
                                 streamq_error **err);
/* The result type of an operator over two decimals by Spark's rules; NULL: no memory. */
const sqi_type *sqi_arith_decimal_type(sqi_decimal_op op, sqi_type_pool *pool, const sqi_type *a, const sqi_type *b);

/* A row failed: null under SQI_ARITH_TRY, else the error. */
streamq_status sqi_arith_fail(sqi_call *call, sqi_vec *out, uint32_t i, sqi_cond cond, const char *what,
                              streamq_error **err);

#endif
