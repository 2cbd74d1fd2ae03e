/*
 * op_rig: a bench for operators. Expressions, rows and expected rows are texts: a rig binds SQL expressions over a
 * schema, makes operators, pushes rows given as SQL literals and collects what comes out as lines
 * ("a | 1\n", cells as CAST AS STRING gives them, NULL for null). Everything fails the running test on error, except
 * what says that it returns one.
 */
#ifndef SQI_OP_RIG_H
#define SQI_OP_RIG_H

#include "data_batch.h"
#include "op.h"

typedef struct sqi_rig {
    sqi_alloc *alloc;
    sqi_arena plan, scratch; /* expressions and rows; chunk scratch of the chain */
    sqi_type_pool *pool;
    sqi_zones *zones;
    sqi_eval eval;
    sqi_op_env env; /* streaming, update mode, chunks of 2048 rows */
    sqi_schema schema;
    sqi_op *end;   /* collects */
    sqi_op *first; /* where push and flush go: the last operator made */
    uint32_t chunks_out, largest_out;
    sqi_buf out;
    bool flushed; /* a micro-batch waits for its commit */
} sqi_rig;

void sqi_rig_open(sqi_rig *r, sqi_alloc *alloc, const char *schema); /* "k STRING, v INT" */
void sqi_rig_close(sqi_rig *r);

/* Bound over the rig's schema; n receives their number. */
sqi_bound **sqi_rig_exprs(sqi_rig *r, const char *list, uint32_t *n);
streamq_status sqi_rig_try_exprs(sqi_rig *r, const char *list, sqi_bound ***out, uint32_t *n, streamq_error **err);
sqi_bound **sqi_rig_sort(sqi_rig *r, const char *items, uint8_t **flags, uint32_t *n);

/* A new operator in front of those made before. It is freed by close. */
sqi_op *sqi_rig_add(sqi_rig *r, const sqi_op_type *type, const void *params, uint32_t ninput);
sqi_op *sqi_rig_add_group(sqi_rig *r, const char *keys, const char *aggregates);

/* Rows as "1, 'a'" lines (each cast to its column), as chunks of at most chunk_rows rows. */
void sqi_rig_chunks(sqi_rig *r, const char *rows, sqi_batch **out);
streamq_status sqi_rig_try_push(sqi_rig *r, const char *rows, streamq_error **err);
void sqi_rig_push(sqi_rig *r, const char *rows);
streamq_status sqi_rig_try_flush(sqi_rig *r, streamq_error **err);
/* Commit the micro-batch before, push, flush; then what came out, with lines sorted unless `ordered`. */
const char *sqi_rig_batch(sqi_rig *r, const char *rows, bool ordered);
/* "total updated removed" of an operator in the last micro-batch; "" for one without state. */
const char *sqi_rig_state(sqi_rig *r, const sqi_op *op);

#endif
