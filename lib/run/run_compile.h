/*
 * run_compile: logical plan -> chain of operators, once per query. The chain ends in an operator that the caller gives
 * (a sink, a collector); its leaves are the places where sources push.
 */
#ifndef SQI_RUN_COMPILE_H
#define SQI_RUN_COMPILE_H

#include "plan_node.h"
#include "run_front.h"

typedef struct sqi_leaf {
    const sqi_plan_source *source; /* NULL: constant rows */
    const sqi_chunk *values;
    sqi_op *op;
    uint32_t input;
    sqi_front *front; /* chunks go there, and from there to op; NULL: straight to op */
} sqi_leaf;

typedef struct sqi_chain {
    sqi_alloc *alloc;
    sqi_arena arena; /* parameters of the operators */
    const sqi_node *root;
    sqi_op **op;           /* from the sink towards the sources */
    const sqi_node **made; /* op[i] does what this node says; NULL: a worker's copy */
    size_t nop, op_cap, made_cap;
    sqi_leaf *leaf;
    size_t nleaf, leaf_cap;
    const sqi_plan_source **source; /* every source once, in order of first use */
    size_t nsource, source_cap;
} sqi_chain;

/* `end` is the operator that takes the result (owned by the caller). The plan must outlive the chain. */
streamq_status sqi_chain_build(sqi_chain *c, const sqi_node *root, sqi_op_env *env, sqi_op *end, streamq_error **err);
void sqi_chain_free(sqi_chain *c); /* valid on a zeroed or half-built one */

/* A chunk of a source: to every leaf that reads it. */
streamq_status sqi_chain_push(sqi_chain *c, const sqi_plan_source *source, const sqi_chunk *chunk, streamq_error **err);
/* Constant rows, then the end of the micro-batch for all leaves. */
streamq_status sqi_chain_finish(sqi_chain *c, streamq_error **err);
void sqi_chain_commit(sqi_chain *c);
void sqi_chain_give_up(sqi_chain *c); /* the micro-batch failed: no thread but the caller's uses anything of it */

/* The operators as a tree in text, from the sink down: explain's physical plan. */
bool sqi_chain_explain(const sqi_chain *c, sqi_buf *to);

#endif
