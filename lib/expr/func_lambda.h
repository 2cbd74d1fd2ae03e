/*
 * func_lambda: what higher-order functions share: the elements of the lists of all rows as one space of positions.
 */
#ifndef SQI_FUNC_LAMBDA_H
#define SQI_FUNC_LAMBDA_H

#include "expr_bind.h"

/* n elements: the row each belongs to, and its place in the list vector's children. */
typedef struct sqi_inner {
    uint32_t n;
    uint32_t *parent, *index;
    bool same; /* the children as they stand are the elements */
} sqi_inner;

/* The elements of the rows that are not null, in order. */
streamq_status sqi_inner_open(sqi_inner *in, sqi_call *call, const sqi_vec *list, sqi_rows rows, streamq_error **err);
/* One child of the list vector, by element. */
streamq_status sqi_inner_take(const sqi_inner *in, sqi_call *call, const sqi_vec *child, sqi_vec *out,
                              streamq_error **err);
/* Lists of the same lengths over the elements; null rows stay null. */
streamq_status sqi_inner_lists(sqi_call *call, const sqi_vec *list, sqi_rows rows, sqi_vec *out, streamq_error **err);
/* The lambda that is argument k over all elements: a flat vector, ready to be a child. */
streamq_status sqi_inner_run(sqi_form *form, sqi_call *call, uint32_t k, const sqi_inner *in, const sqi_vec *const *var,
                             sqi_vec *out, streamq_error **err);
/* The bound lambda that is argument k must give a boolean. */
streamq_status sqi_lambda_boolean(sqi_binder *b, sqi_bound *node, uint32_t k, streamq_error **err);

#endif
