/*
 * agg_value: one value of any type, held by the state of an aggregate (min, first, max_by). Zeroed memory is an empty
 * one.
 *
 * Numbers stand inside; texts are their bytes on the heap; arrays, maps and structs are packed (agg_pack.h) on the
 * heap.
 */
#ifndef SQI_AGG_VALUE_H
#define SQI_AGG_VALUE_H

#include "agg.h"

typedef struct sqi_agg_value {
    union {
        uint64_t word[2]; /* a fixed-width value */
        struct {
            char *ptr;
            uint32_t len, cap;
        } bytes;
    } u;
    uint8_t held; /* SQI_AGG_NOTHING, SQI_AGG_NULL, SQI_AGG_VALUE */
    bool on_heap; /* u.bytes is what counts, whatever is held */
} sqi_agg_value;

enum { SQI_AGG_NOTHING, SQI_AGG_NULL, SQI_AGG_VALUE };

/* Hold v[i], null included, instead of what was held. */
streamq_status sqi_agg_value_set(sqi_eval *eval, sqi_agg_value *to, const sqi_vec *v, uint32_t i, streamq_error **err);
/* `to` gets what `from` holds; `from` is left empty. */
void sqi_agg_value_move(sqi_eval *eval, sqi_agg_value *to, sqi_agg_value *from);
void sqi_agg_value_clear(sqi_eval *eval, sqi_agg_value *value);
/* *order: v[i] against the value held; neither is null. */
streamq_status sqi_agg_value_compare(sqi_eval *eval, const sqi_vec *v, uint32_t i, const sqi_agg_value *held,
                                     int *order, streamq_error **err);
/* *order: a against b, both held and of one type. */
streamq_status sqi_agg_value_order(sqi_eval *eval, const sqi_type *type, const sqi_agg_value *a, const sqi_agg_value *b,
                                   int *order, streamq_error **err);
/* out[k] = the value that stands `offset` bytes into the state of row list[k]; null if nothing is held. */
streamq_status sqi_agg_value_emit(sqi_agg_run *run, const uint32_t *list, uint32_t n, uint32_t offset, sqi_vec *out,
                                  streamq_error **err);

/* The same values for a checkpoint: what is held, then a column of the type. `nulls`: whether one held may be null. */
streamq_status sqi_agg_value_save(sqi_agg_run *run, const uint32_t *list, uint32_t n, uint32_t offset,
                                  const sqi_type *type, sqi_buf *to, streamq_error **err);
streamq_status sqi_agg_value_load(sqi_agg_run *run, const uint32_t *list, uint32_t n, uint32_t offset,
                                  const sqi_type *type, bool nulls, sqi_bytes *from, streamq_error **err);

#endif
