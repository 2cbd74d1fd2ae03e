/*
 * op_group_impl: the inside of a grouping, shared by op_group.c (life, one chunk after the other), op_group_feed.c
 * (chunks made ready by several workers, and taken in by lanes), op_group_emit.c (results), op_group_state.c and
 * op_group_shape.c (checkpoints). Nobody else includes it.
 *
 * State stands in lanes: parts by the hash of the key, each with a keyed table and aggregates of its own. One lane is
 * the usual case and costs nothing more. With several, each row carries its place in the input, so that results leave
 * in the order in which one lane would have had them.
 */
#ifndef SQI_OP_GROUP_IMPL_H
#define SQI_OP_GROUP_IMPL_H

#include "op_group_agg.h"
#include "op_group_feed.h"
#include "op_group_top.h"
#include "op_pipe.h"

#include "keyed_tally.h"

typedef struct group_lane {
    sqi_table *table;
    sqi_group_agg *agg; /* nagg */
    sqi_group_top *top; /* NULL: all rows leave */
    sqi_op *op;         /* whose lane it is: for `top` */
    uint64_t place;     /* of the next row in the whole input */
} group_lane;

typedef struct group {
    group_lane *lane;
    sqi_prog *prog;         /* one lane: the keys, then the arguments of every aggregate without a filter */
    sqi_vec *vec;           /* the program's results */
    sqi_vec *key;           /* keys in normal form */
    sqi_bound *const *keys; /* their expressions */
    sqi_pipe pipe;          /* several lanes: for their results */
    struct group_out *out;  /* the same: its slots */
    sqi_tally *tally;       /* one for each lane's worker; NULL: not for these keys or aggregates */
    uint32_t nlane, nkey, nagg, nvec;
    sqi_buf kept; /* one lane, a checkpoint: pieces of changed groups, made as the groups leave */
    uint32_t kept_rows;
    uint32_t first; /* of an order, that the groups which leave are cut down to; 0: all leave */
    int64_t updates_micros, removals_micros, commit_micros;
} group;

static inline int64_t group_now(const sqi_op *op)
{
    return op->env->now_micros ? op->env->now_micros(op->env->context) : 0;
}

/* The shared program of keys and arguments. *vec gets *nvec headers. */
streamq_status sqi_group_program(const sqi_op_group_params *p, sqi_op_env *env, sqi_prog **prog, sqi_vec **vec,
                                 uint32_t *nvec, streamq_error **err);

/* The tally counts what it knows of a chunk: *rows are then those that are left. Gives whether it was asked. */
streamq_status sqi_group_tally(const group *g, sqi_tally *tally, const sqi_vec *key, sqi_rows *rows, bool *asked,
                               sqi_op_env *env, streamq_error **err);

/* A selection for each lane, each with room for rows.n, of the rows whose hash is its own. */
void sqi_group_sort_by_lane(const uint64_t *hash, sqi_rows rows, uint32_t nlane, sqi_rows *to);

/* Release what hangs off the states of removed rows. */
void sqi_group_clear_removed(sqi_op *op, const group_lane *lane);

/* Checkpoint: op.h; the shape is in op_group_shape.c, the rest in op_group_state.c. */
bool sqi_group_shape(const sqi_op *op, sqi_buf *to);
streamq_status sqi_group_save_changes(sqi_op *op, sqi_buf *to, streamq_error **err);
/* Changed groups of the only lane leave as these columns: save_changes gets their pieces now, while they are in the cache.
   keep_begin before the first. */
void sqi_group_keep_begin(group *s);
streamq_status sqi_group_keep(sqi_op *op, const sqi_vec *col, const uint32_t *rows, uint32_t n, streamq_error **err);
streamq_status sqi_group_save_some(sqi_op *op, uint64_t *cursor, size_t most, sqi_buf *to, streamq_error **err);
streamq_status sqi_group_load(sqi_op *op, sqi_span bytes, streamq_error **err);
streamq_status sqi_group_loaded(sqi_op *op, streamq_error **err);

/* Results: changed groups, or all of them. */
streamq_status sqi_group_emit(sqi_op *op, streamq_error **err);
streamq_status sqi_group_emit_init(sqi_op *op, streamq_error **err); /* several lanes; valid for fini */
streamq_status sqi_group_top_init(sqi_op *op, const sqi_op_group_top_params *p, streamq_error **err);
void sqi_group_emit_fini(sqi_op *op);
/* The micro-batch's partial states into the lasting ones, lane by lane. */
streamq_status sqi_group_merge(sqi_op *op, streamq_error **err);

#endif
