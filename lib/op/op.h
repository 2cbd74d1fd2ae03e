/*
 * op: the operator contract. An operator is a constant type (init, push, flush, explain, fini, a state size); the
 * framework (op_chain) allocates. Operators know batches and expressions, not plans, sources or clocks.
 *
 * Push is synchronous and depth-first: a chunk handed to sqi_op_emit is valid until the call returns, so an operator
 * builds its output in env->arena scratch, emits, and releases to its mark. Nothing is allocated per chunk in a steady
 * state. Who keeps rows copies them (sqi_batch_append, the keyed table).
 *
 * flush says: no more input in this micro-batch. An operator with several inputs is flushed when all have been. It
 * emits what it held back, then returns; the framework flushes the next one. commit says: the micro-batch has been
 * delivered; state forgets its dirty marks. A query whose batch failed is dead: its state is not used again.
 */
#ifndef SQI_OP_H
#define SQI_OP_H

#include "agg.h"
#include "data_batch.h"
#include "expr_eval.h"

typedef struct sqi_op sqi_op;

/* What a micro-batch of one stateful operator did; Spark's stateOperators[]. */
typedef struct sqi_op_metrics {
    const char *name; /* "stateStoreSave", "dedupe", "globalLimit" */
    uint64_t rows_total, rows_updated, rows_removed, rows_dropped;
    uint64_t memory_bytes;
    int64_t updates_micros, removals_micros, commit_micros;
} sqi_op_metrics;

typedef struct sqi_op_env {
    sqi_alloc *alloc;
    sqi_eval *eval; /* eval->arena: chunk scratch shared by the chain (stack-like marks) */
    streamq_output_mode mode;
    bool streaming;                       /* false: a bounded read; one flush and the end */
    bool durable;                         /* there is a checkpoint: operators know what a micro-batch changed */
    uint32_t chunk_rows;                  /* rows an operator puts into one chunk at most */
    int64_t (*now_micros)(void *context); /* monotonic, for metrics; may be NULL */
    void *context;
    const _Atomic bool *stop; /* polled between chunks; set: return STREAMQ_ERR_CANCELED */
    uint64_t hash_seed;
    uint32_t threads;         /* that may work on one micro-batch; 0 is 1 */
    struct sqi_os_pool *pool; /* the others; may be NULL */
    uint64_t help_rows;       /* of a micro-batch from which the others join in: fewer are not worth a wake-up */
} sqi_op_env;

typedef struct sqi_op_type {
    const char *name; /* as explain shows it */
    size_t state_size;
    streamq_status (*init)(sqi_op *op, const void *params, streamq_error **err); /* params: the type's own struct */
    streamq_status (*push)(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err);
    streamq_status (*flush)(sqi_op *op, streamq_error **err); /* NULL: nothing is held back */
    void (*commit)(sqi_op *op);                               /* NULL: stateless */
    bool (*metrics)(const sqi_op *op, sqi_op_metrics *out);   /* NULL: stateless */
    bool (*explain)(const sqi_op *op, sqi_buf *to);           /* what the plan does not say; may be NULL */
    /* Checkpoint; all NULL: no state that outlives a micro-batch. State goes out as blocks of bytes, the same on every
       machine and for any number of lanes.
       shape: what is kept, as lines of text of three fields with tabs between them: a word ("operator", "key",
       "value"), what has to be the same for blocks to be loaded, and a name that may differ; the first line is
       "operator" and the name of the metrics. Nothing appended: this operator keeps nothing (a limit of one
       micro-batch). False: no memory.
       save_changes: rows that the micro-batch changed or removed; between flush and commit, with env->durable set.
       save_some: a part of the whole as it is now, about `most` bytes from *cursor on (0: the beginning), which is
       moved, to 0 behind the last. It may come at any time between two flushes; all parts together with the changes made
       since the first part are the state.
       load: a block of either kind, in the order they were made, into an operator that has seen no rows; a later one
       overrides. Blocks are untrusted. loaded: that was the last. Groups stand then in the order in which their keys
       first appear in the blocks, which need not be the order in which they were made. A load that fails leaves an
       operator that can be freed, and nothing else. */
    bool (*shape)(const sqi_op *op, sqi_buf *to);
    streamq_status (*save_changes)(sqi_op *op, sqi_buf *to, streamq_error **err);
    streamq_status (*save_some)(sqi_op *op, uint64_t *cursor, size_t most, sqi_buf *to, streamq_error **err);
    streamq_status (*load)(sqi_op *op, sqi_span block, streamq_error **err);
    streamq_status (*loaded)(sqi_op *op, streamq_error **err); /* NULL: nothing to do */
    void (*fini)(sqi_op *op);                                  /* valid on a state that init left half made */
} sqi_op_type;

struct sqi_op {
    const sqi_op_type *type;
    sqi_op_env *env;
    void *state;
    sqi_op *next; /* NULL: the end of the chain, which the run room gives */
    uint32_t next_input;
    uint32_t ninput, flushed; /* inputs, and how many have been flushed in this micro-batch */
    bool takes_lines;         /* set by init: chunks of lines come as they are; else with their values */
    uint64_t rows_out;
};

/* Chain: make, run, free. Operators are made from the sink towards the sources. */
streamq_status sqi_op_new(sqi_op **out, const sqi_op_type *type, const void *params, uint32_t ninput, sqi_op_env *env,
                          sqi_op *next, uint32_t next_input, streamq_error **err);
void sqi_op_free(sqi_op *op); /* this one only; NULL is fine */
streamq_status sqi_op_push(sqi_op *op, uint32_t input, const sqi_chunk *chunk,
                           streamq_error **err); /* empty chunks stop here */
streamq_status sqi_op_flush(sqi_op *op,
                            streamq_error **err); /* of one input; goes on down the chain when all are flushed */
/* For operators: hand a chunk on. */
static inline streamq_status sqi_op_emit(sqi_op *op, const sqi_chunk *chunk, streamq_error **err)
{
    op->rows_out += chunk->rows.n;
    return sqi_op_push(op->next, op->next_input, chunk, err);
}

/* The operators and their parameters. Expressions are bound to the input's columns; they and their lists outlive the
   operator, as a schema does. */
typedef struct sqi_op_project_params {
    sqi_bound *const *expr;
    uint32_t n;
} sqi_op_project_params;
typedef struct sqi_op_filter_params {
    sqi_bound *condition;
} sqi_op_filter_params;
typedef struct sqi_op_generate_params {
    const sqi_bound *generator;
    const uint32_t *kept;
    uint32_t nkept;
    uint32_t ncol; /* columns of the output */
} sqi_op_generate_params;
/* An order over the output columns of a grouping, of which the first rows are wanted: in complete mode only groups that
   may be among them leave. The items give the same value whenever they run over an unchanged group. */
enum { SQI_GROUP_TOP_MOST = 8192 }; /* limit */
typedef struct sqi_op_group_top_params {
    sqi_bound *const *expr;
    const uint8_t *flags;
    uint32_t n, limit;
} sqi_op_group_top_params;
typedef struct sqi_op_group_params {
    sqi_bound *const *key;
    uint32_t nkey;
    sqi_bound *const *agg;
    uint32_t nagg;                      /* AGG nodes */
    const sqi_op_group_top_params *top; /* NULL: all groups leave; outlives the operator */
    uint32_t nlane; /* parts of the state, by the hash of the key; more than one needs a front (op_group_feed.h) */
} sqi_op_group_params;
typedef struct sqi_op_expand_params {
    sqi_bound *const *const *projection;
    uint32_t nproj, ncol;
} sqi_op_expand_params;
typedef struct sqi_op_sort_params {
    const sqi_schema *schema;
    sqi_bound *const *expr;
    const uint8_t *flags;
    uint32_t n;
    int64_t limit; /* -1: none; a top-N otherwise */
} sqi_op_sort_params;
typedef struct sqi_op_limit_params {
    int64_t limit, offset;
    bool whole_life; /* Spark's streaming limit in append mode: counts over all batches */
} sqi_op_limit_params;
typedef struct sqi_op_dedup_params {
    const uint32_t *key;
    uint32_t nkey;
    const sqi_schema *schema;
} sqi_op_dedup_params;

extern const sqi_op_type sqi_op_project, sqi_op_filter, sqi_op_generate, sqi_op_group, sqi_op_expand, sqi_op_sort,
    sqi_op_limit, sqi_op_dedup, sqi_op_union /* params NULL: passes its inputs on */;

#endif
