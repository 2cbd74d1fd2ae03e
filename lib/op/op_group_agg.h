/*
 * op_group_agg: the aggregates of one grouping: where their states stand in a row of the keyed table, and running each
 * over a chunk under its FILTER, its DISTINCT and its rule for nulls. op_group owns the table.
 */
#ifndef SQI_OP_GROUP_AGG_H
#define SQI_OP_GROUP_AGG_H

#include "agg_fused.h"
#include "keyed_table.h"
#include "op.h"

enum { SQI_GROUP_ALIGN = 8 }; /* of every state */

typedef struct sqi_group_agg {
    const sqi_bound *node;
    uint32_t offset;         /* of the state in the row's value */
    uint32_t partial;        /* of the state that collects this micro-batch: behind it, or the same */
    uint32_t first;          /* its first argument among the vectors of the shared program; unused with a filter */
    uint32_t narg;           /* arguments, then WITHIN GROUP items */
    sqi_prog *filter, *args; /* of an aggregate with FILTER: programs of its own, run over the rows that pass */
    sqi_vec *vec;            /* narg vectors for `args` */
    sqi_vec *seen_key;       /* DISTINCT: the row number of the group, then the arguments in normal form */
    sqi_table *seen;         /* DISTINCT: what was taken already */
    /* One of several that share a state (agg_fused.h): the first of them does the work for all. */
    sqi_fused_kind kind;
    sqi_fused *fused;
    bool leads; /* the first */
} sqi_group_agg;

/* The aggregates of a grouping; list[n] is zeroed. With by_batch a state that wants it gets a second one for the rows of
   the running micro-batch. *value_size gets the bytes of all states. Valid for fini whatever it returns. */
streamq_status sqi_group_aggs_init(sqi_group_agg *list, sqi_bound *const *node, uint32_t n, bool by_batch,
                                   uint32_t *value_size, sqi_op_env *env, streamq_error **err);
void sqi_group_agg_fini(sqi_group_agg *a, sqi_op_env *env); /* states are cleared before */

/* Take in the rows: group[position] is the row of the table. shared: the vectors of the shared program. */
streamq_status sqi_group_agg_step(sqi_group_agg *a, sqi_op_env *env, const sqi_table *table, const sqi_chunk *chunk,
                                  const sqi_vec *shared, const uint32_t *group, streamq_error **err);
/* Whether a row's place is all that the aggregate takes in: every row of a group adds one to a number. */
bool sqi_group_agg_counts(const sqi_group_agg *a);
/* Row table_row[i] had times[i] rows more (NULL: one), for such an aggregate. */
void sqi_group_agg_add(const sqi_group_agg *a, const sqi_table *table, const uint32_t *table_row, const uint32_t *times,
                       sqi_rows rows);
bool sqi_group_agg_merges(const sqi_group_agg *a); /* whether the following has anything to do */
/* The micro-batch is whole: its partial states of these rows go into the lasting ones. Several calls at a time, with
   different rows; `merged` after the last of them. */
streamq_status sqi_group_agg_merge(sqi_group_agg *a, sqi_op_env *env, const sqi_table *table, const uint32_t *rows,
                                   uint32_t n, streamq_error **err);
void sqi_group_agg_merged(sqi_group_agg *a);
/* A column for each of the aggregates, of rows whose values stand at `at`. */
streamq_status sqi_group_aggs_emit(const sqi_group_agg *list, uint32_t nagg, sqi_op_env *env, sqi_table_values at,
                                   const uint32_t *rows, uint32_t n, sqi_vec *col, streamq_error **err);
/* For a checkpoint (op_group_agg_state.c): the states of rows whose values stand at `at`, between micro-batches. Loading
   replaces what is there; the bytes may be anything. result: what emit has just given for these rows; NULL: not at hand.
   check_form: whether all can be saved. */
streamq_status sqi_group_aggs_check_form(const sqi_group_agg *list, uint32_t nagg, streamq_error **err);
streamq_status sqi_group_aggs_save(const sqi_group_agg *list, uint32_t nagg, sqi_op_env *env, sqi_table_values at,
                                   const uint32_t *rows, uint32_t n, const sqi_vec *result, sqi_buf *to,
                                   streamq_error **err);
streamq_status sqi_group_aggs_load(const sqi_group_agg *list, uint32_t nagg, sqi_op_env *env, sqi_table_values at,
                                   const uint32_t *rows, uint32_t n, sqi_bytes *from, streamq_error **err);
/* Release what hangs off the states of rows. */
void sqi_group_agg_clear(sqi_group_agg *a, sqi_op_env *env, const sqi_table *table, const uint32_t *rows, uint32_t n);

#endif
