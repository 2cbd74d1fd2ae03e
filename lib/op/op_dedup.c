/*
 * op_dedup: dropDuplicates. The first row of each key goes on, as it came; null is a key like any other. The keys stay
 * in a keyed table without values for the query's whole life.
 */
#include "data_order.h"
#include "op_keys_state.h"
#include "op_shape.h"

typedef struct dedup {
    sqi_table *table;
    uint32_t *key;
    sqi_vec *vec; /* the key columns of a chunk in normal form */
    uint32_t nkey;
    const sqi_schema *schema;
    int64_t updates_micros, commit_micros;
} dedup;

static int64_t now(const sqi_op *op)
{
    return op->env->now_micros ? op->env->now_micros(op->env->context) : 0;
}

static streamq_status init(sqi_op *op, const void *params, streamq_error **err)
{
    const sqi_op_dedup_params *p = params;
    dedup *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    s->nkey = p->nkey;
    s->schema = p->schema;
    s->key = sqi_alloc_array(alloc, p->nkey + 1, sizeof *s->key);
    s->vec = sqi_alloc_array(alloc, p->nkey + 1, sizeof *s->vec);
    const sqi_type **type = sqi_alloc_array(alloc, p->nkey + 1, sizeof *type);
    if (s->key && s->vec && type) {
        for (uint32_t k = 0; k < p->nkey; ++k) {
            s->key[k] = p->key[k];
            type[k] = p->schema->field[p->key[k]].type;
        }
        s->table = sqi_table_new(alloc, type, p->nkey, 0, 1, op->env->hash_seed, err);
    } else {
        sqi_error_nomem(err);
    }
    sqi_alloc_free(alloc, type, (p->nkey + 1) * sizeof *type);
    return s->table ? STREAMQ_OK : STREAMQ_ERR_NOMEM;
}

static streamq_status run(sqi_op *op, const sqi_chunk *chunk, streamq_error **err)
{
    dedup *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    int64_t begin = now(op);
    for (uint32_t k = 0; k < s->nkey; ++k)
        SQI_TRY(sqi_order_normalize(&s->vec[k], &chunk->col[s->key[k]], chunk->rows, arena, err));
    uint32_t *row = sqi_arena_get(arena, (size_t)chunk->n * sizeof *row), nfresh = 0;
    uint32_t *fresh = sqi_arena_get(arena, (size_t)chunk->rows.n * sizeof *fresh);
    if (!row || !fresh)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_table_lookup(s->table, s->vec, chunk->rows, SQI_TABLE_INSERT, row, fresh, &nfresh, err));
    s->updates_micros += now(op) - begin;
    sqi_chunk out = *chunk;
    out.rows = (sqi_rows){fresh, nfresh};
    return sqi_op_emit(op, &out, err);
}

static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    sqi_arena *arena = op->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    streamq_status status = run(op, chunk, err);
    sqi_arena_release(arena, mark);
    return status;
}

static void commit(sqi_op *op)
{
    dedup *s = op->state;
    int64_t begin = now(op);
    sqi_table_clean(s->table);
    s->commit_micros = now(op) - begin;
    s->updates_micros = 0;
}

static bool metrics(const sqi_op *op, sqi_op_metrics *out)
{
    const dedup *s = op->state;
    sqi_table_counts counts = sqi_table_counts_get(s->table);
    *out = (sqi_op_metrics){.name = "dedupe",
                            .rows_total = counts.total,
                            .rows_updated = counts.updated,
                            .rows_removed = counts.removed,
                            .memory_bytes = counts.bytes,
                            .updates_micros = s->updates_micros,
                            .commit_micros = s->commit_micros};
    return true;
}

static bool shape(const sqi_op *op, sqi_buf *to)
{
    const dedup *s = op->state;
    bool fine = sqi_shape_operator(to, "dedupe", op->type->name);
    for (uint32_t k = 0; k < s->nkey && fine; ++k)
        fine = sqi_shape_key(to, s->schema->field[s->key[k]].type, s->schema->field[s->key[k]].name);
    return fine;
}

static streamq_status save_changes(sqi_op *op, sqi_buf *to, streamq_error **err)
{
    dedup *s = op->state;
    return sqi_keys_state_changes(s->table, op->env, to, err);
}

static streamq_status save_some(sqi_op *op, uint64_t *cursor, size_t most, sqi_buf *to, streamq_error **err)
{
    const dedup *s = op->state;
    return sqi_keys_state_some(s->table, op->env, cursor, most, to, err);
}

static streamq_status load(sqi_op *op, sqi_span block, streamq_error **err)
{
    dedup *s = op->state;
    return sqi_keys_state_load(s->table, op->env, block, err);
}

static void fini(sqi_op *op)
{
    dedup *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    sqi_table_free(s->table);
    sqi_alloc_free(alloc, s->key, (s->nkey + 1) * sizeof *s->key);
    sqi_alloc_free(alloc, s->vec, (s->nkey + 1) * sizeof *s->vec);
}

const sqi_op_type sqi_op_dedup = {.name = "Deduplicate",
                                  .state_size = sizeof(dedup),
                                  .init = init,
                                  .push = push,
                                  .commit = commit,
                                  .metrics = metrics,
                                  .shape = shape,
                                  .save_changes = save_changes,
                                  .save_some = save_some,
                                  .load = load,
                                  .fini = fini};
