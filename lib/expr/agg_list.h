/*
 * agg_list: any number of values of one type in the order they were added, held by the state of an aggregate
 * (collect_list, listagg, mode). Packed one after the other in one block; zeroed memory is an empty list.
 */
#ifndef SQI_AGG_LIST_H
#define SQI_AGG_LIST_H

#include "agg.h"

typedef struct sqi_agg_list {
    char *bytes;
    size_t len, cap;
    uint64_t *end; /* where each value ends; NULL while all have one width */
    size_t end_cap;
    uint32_t n;
    uint32_t width; /* of fixed-width values; 0: see `end` */
} sqi_agg_list;

/* Append v[i], which is not null. */
streamq_status sqi_agg_list_add(sqi_eval *eval, sqi_agg_list *to, const sqi_vec *v, uint32_t i, streamq_error **err);
/* Append v[from] .. v[from + n - 1] of a vector by position, of which none is null. */
streamq_status sqi_agg_list_append(sqi_eval *eval, sqi_agg_list *to, const sqi_vec *v, uint32_t from, uint32_t n,
                                   streamq_error **err);
/* Append all of `from`, which is left empty. */
streamq_status sqi_agg_list_join(sqi_eval *eval, sqi_agg_list *to, sqi_agg_list *from, streamq_error **err);
void sqi_agg_list_clear(sqi_eval *eval, sqi_agg_list *list);
/* Values as a vector of their type, dense: list after list. Texts point into the lists. */
streamq_status sqi_agg_list_values(sqi_eval *eval, const sqi_agg_list *const *list, uint32_t n, const sqi_type *type,
                                   sqi_vec *out, streamq_error **err);
/* out[k] = an array of the values in the list that stands `offset` bytes into the state of row rows[k]. */
streamq_status sqi_agg_list_emit(sqi_agg_run *run, const uint32_t *rows, uint32_t n, uint32_t offset, sqi_vec *out,
                                 streamq_error **err);

/* The lists that stand `offset` bytes into the states, for a checkpoint: how long each is, then all values as a column. */
streamq_status sqi_agg_list_save(sqi_agg_run *run, const uint32_t *rows, uint32_t n, uint32_t offset,
                                 const sqi_type *type, sqi_buf *to, streamq_error **err);
streamq_status sqi_agg_list_load(sqi_agg_run *run, const uint32_t *rows, uint32_t n, uint32_t offset,
                                 const sqi_type *type, sqi_bytes *from, streamq_error **err);

/* A list without repeats: finds a value by its bytes. Values added must be normalised. */
typedef struct sqi_agg_set {
    sqi_agg_list list;
    uint32_t *slot; /* position + 1 in the list, 0: free; nslot is a power of two, at least twice the values */
    uint32_t nslot;
} sqi_agg_set;

/* *index: where v[i] stands in the list, *fresh: it was added now. */
streamq_status sqi_agg_set_add(sqi_eval *eval, sqi_agg_set *to, const sqi_vec *v, uint32_t i, uint32_t *index,
                               bool *fresh, streamq_error **err);
void sqi_agg_set_clear(sqi_eval *eval, sqi_agg_set *set);
/* A set is saved as its list. Loading sets: positions stay, a repeat is an error. */
streamq_status sqi_agg_set_load(sqi_agg_run *run, const uint32_t *rows, uint32_t n, uint32_t offset,
                                const sqi_type *type, sqi_bytes *from, streamq_error **err);

#endif
