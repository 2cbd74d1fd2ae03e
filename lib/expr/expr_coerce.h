/*
 * expr_coerce: Spark's ANSI type coercion: which type two types meet in, and what casts implicitly to what.
 */
#ifndef SQI_EXPR_COERCE_H
#define SQI_EXPR_COERCE_H

#include "data_type.h"

/* The common type of values that must become one (UNION, CASE, coalesce, array(...), IN): string with a number is
   BIGINT or DOUBLE, string with date is DATE, int with decimal a wider decimal, ... NULL: none (or no memory: *nomem). */
const sqi_type *sqi_coerce_common(sqi_type_pool *pool, const sqi_type *a, const sqi_type *b);
/* The stricter rule that does not mix strings with others (greatest, least). */
const sqi_type *sqi_coerce_tightest(sqi_type_pool *pool, const sqi_type *a, const sqi_type *b);
/* May an argument of type `from` stand where `to` is expected (implicit cast of function arguments)? */
bool sqi_coerce_implicit(const sqi_type *from, const sqi_type *to);
/* decimal(p,s) that holds any value of an integral type; float and double give NULL. */
const sqi_type *sqi_coerce_decimal_of(sqi_type_pool *pool, const sqi_type *t);

#endif
