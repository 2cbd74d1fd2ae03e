/*
 * expr_bench: a bench to try expressions on without plans: a session's worth of pools and zones, parse, bind, run.
 * Everything lives until fini.
 */
#ifndef SQI_EXPR_BENCH_H
#define SQI_EXPR_BENCH_H

#include "expr_bind.h"
#include "expr_parse.h"

typedef struct expr_bench {
    sqi_alloc alloc;
    sqi_arena plan;    /* trees */
    sqi_arena scratch; /* of evaluations */
    sqi_type_pool *pool;
    sqi_zones *zones;
    sqi_eval eval;
    sqi_binder binder;
    sqi_scope scope;
} expr_bench;

void expr_bench_init(expr_bench *x);
void expr_bench_fini(expr_bench *x);
void expr_bench_reset(expr_bench *x); /* trees and results are gone */

streamq_status expr_bench_parse(expr_bench *x, const char *text, sqi_ast **out, streamq_error **err);
/* Parse and bind over the columns of `schema` (may be NULL). */
streamq_status expr_bench_bind(expr_bench *x, const char *text, const sqi_schema *schema, sqi_bound **out,
                               streamq_error **err);
/* Run one expression over a chunk. */
streamq_status expr_bench_run(expr_bench *x, sqi_bound *e, const sqi_chunk *chunk, sqi_vec *out, streamq_error **err);
/* The text of a value, as a cast to STRING gives it; "NULL" for null. Lives in the scratch arena. */
const char *expr_bench_text(expr_bench *x, const sqi_vec *v, uint32_t i);
/* All of it over one row: "type | value", or the name of the condition. */
const char *expr_bench_answer(expr_bench *x, const char *text);

#endif
