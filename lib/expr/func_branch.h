/*
 * func_branch: what forms with branches share: splitting rows by a condition, and putting the results of branches
 * together. A result that comes from one branch alone is that branch's vector, nothing is copied.
 */
#ifndef SQI_FUNC_BRANCH_H
#define SQI_FUNC_BRANCH_H

#include "func.h"

/* Rows where a boolean is true, and the others (false or null). */
streamq_status sqi_branch_split(sqi_call *call, const sqi_vec *condition, sqi_rows rows, sqi_rows *yes, sqi_rows *no,
                                streamq_error **err);
/* Rows that hold a value, and those that hold null. */
streamq_status sqi_branch_valid(sqi_call *call, const sqi_vec *v, sqi_rows rows, sqi_rows *there, sqi_rows *null,
                                streamq_error **err);

/* The result of all branches. Every row asked for must be put by one of them (or as null). `out` was made for call->n
   positions. */
typedef struct sqi_branches {
    sqi_call *call;
    sqi_vec *out;
    uint32_t wanted, n; /* rows asked for, rows put */
    bool merged;        /* `out` holds copies */
    sqi_vec only;       /* the vector that holds all rows, if there is one */
} sqi_branches;

void sqi_branches_init(sqi_branches *to, sqi_call *call, sqi_rows rows, sqi_vec *out);
/* Argument k of the form, evaluated at the rows. */
streamq_status sqi_branches_take(sqi_branches *to, sqi_form *form, uint32_t k, sqi_rows rows, streamq_error **err);
/* A vector's values at the rows; the list of rows is read at once. */
streamq_status sqi_branches_put(sqi_branches *to, const sqi_vec *v, sqi_rows rows, streamq_error **err);
streamq_status sqi_branches_null(sqi_branches *to, sqi_rows rows, streamq_error **err);
streamq_status sqi_branches_finish(sqi_branches *to, streamq_error **err);

#endif
