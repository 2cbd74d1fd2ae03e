/*
 * agg_form: saving and loading the states of any aggregate that has a form (agg.h).
 */
#ifndef SQI_AGG_FORM_H
#define SQI_AGG_FORM_H

#include "agg.h"
#include "data_pack.h"

/* The states of n rows; the aggregate has a form. A buffer that fails is the caller's to look at. */
streamq_status sqi_agg_form_save(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_buf *to, streamq_error **err);
streamq_status sqi_agg_form_load(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from,
                                 streamq_error **err);

/* What has to be the same for saved states to be loaded: a call that can be bound anywhere, of the first of the function's
   names, with constants and the types of all other arguments, then the form's version: "sum(NULL::BIGINT) v1". */
bool sqi_agg_form_print(sqi_buf *to, const sqi_bound *node);

/* For the aggregates' own: arrays of n numbers in the evaluation's arena; NULL: see *err. */
int64_t *sqi_agg_form_room(sqi_agg_run *run, uint32_t n, streamq_error **err);
/* n numbers from `least` to `most`, or the error. */
streamq_status sqi_agg_form_ints(sqi_agg_run *run, sqi_bytes *from, uint32_t n, int64_t least, int64_t most,
                                 int64_t **out, streamq_error **err);
streamq_status sqi_agg_form_reals(sqi_agg_run *run, sqi_bytes *from, uint32_t n, double **out, streamq_error **err);
/* How many items each of n states has, at most `most`; their sum is less than UINT32_MAX. */
streamq_status sqi_agg_form_lengths(sqi_agg_run *run, sqi_bytes *from, uint32_t n, uint32_t most, int64_t **out,
                                    uint32_t *total, streamq_error **err);
/* Room for items of states, `size` bytes each and at least one; NULL: no memory. */
void *sqi_agg_form_items(sqi_agg_run *run, uint64_t n, size_t size, streamq_error **err);
streamq_status sqi_agg_form_damaged(sqi_bytes *from, streamq_error **err);

#endif
