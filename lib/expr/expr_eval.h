/*
 * expr_eval: running bound expressions over chunks.
 *
 * A program is compiled once per expression list (expr_prog); running it over a chunk gives one vector per expression.
 * Vectors and strings made on the way live in eval->arena: the caller resets it when the chunk has been pushed on.
 * A program holds state (scratch of compiled patterns, random generators), so one thread runs it at a time.
 *
 * The first row that fails stops the run with its error; the place of the failing expression in its SQL text is added
 * by the evaluator. Rows outside `rows` are never looked at, so a branch that is not taken cannot fail.
 */
#ifndef SQI_EXPR_EVAL_H
#define SQI_EXPR_EVAL_H

#include "base_error.h"
#include "data_time.h"
#include "data_vec.h"
#include "expr_bound.h"

/* Settings and memory of one evaluation; shared by all programs of a query. */
typedef struct sqi_eval {
    sqi_alloc *alloc;
    sqi_arena *arena;
    sqi_type_pool *pool;
    sqi_zones *zones;
    const sqi_zone *zone;  /* the session time zone */
    bool ansi;             /* spark.sql.ansi.enabled */
    int64_t now_micros;    /* frozen current_timestamp of the micro-batch */
    uint64_t random_seed;  /* of the micro-batch */
    uint64_t random_calls; /* generators started since it was set */
} sqi_eval;

typedef struct sqi_prog sqi_prog;

/* Compile n expressions over one input. The program lives on eval->alloc until freed. */
streamq_status sqi_prog_new(sqi_prog **out, sqi_bound *const *exprs, uint32_t n, sqi_eval *eval, streamq_error **err);
void sqi_prog_free(sqi_prog *p);

/* out[k]: value of expression k at the positions in chunk->rows (constant vectors allowed). */
streamq_status sqi_prog_run(sqi_prog *p, sqi_eval *eval, const sqi_chunk *chunk, sqi_vec *out, streamq_error **err);
/* A boolean expression as a filter: the positions of chunk->rows where it is true, in eval->arena. */
streamq_status sqi_prog_filter(sqi_prog *p, sqi_eval *eval, const sqi_chunk *chunk, sqi_rows *out, streamq_error **err);

/* Value of a foldable expression, a constant vector in `arena`. */
streamq_status sqi_eval_constant(sqi_eval *eval, const sqi_bound *e, sqi_arena *arena, const sqi_vec **out,
                                 streamq_error **err);

#endif
