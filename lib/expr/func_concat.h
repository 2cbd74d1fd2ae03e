/*
 * func_concat: the kernel of concat and "||".
 */
#ifndef SQI_FUNC_CONCAT_H
#define SQI_FUNC_CONCAT_H

#include "func.h"

/* Texts, binaries or arrays one after the other, by the type of the result. */
streamq_status sqi_concat(sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err);

#endif
