/*
 * op_group: GROUP BY. Keys of a chunk become row numbers of the keyed table, then every aggregate runs its loop over
 * them (op_group_agg); at the end of a micro-batch the changed groups, or all of them, leave as key and result columns.
 * Not here: arithmetic of aggregates (agg_*), keeping of keys (keyed_table), output modes that need a watermark.
 *
 * A grouping without keys has one row that is there from its first micro-batch on, touched or not: Spark emits it, and
 * counts it as updated, in every batch that runs.
 */
#include "op.h"
#include "op_group_agg.h"

#include "data_order.h"

typedef struct group {
    sqi_table *table;
    sqi_prog *prog; /* the keys, then the arguments of every aggregate without a filter */
    sqi_vec *vec;   /* the program's results; for output keys and results */
    sqi_vec *key;   /* keys in normal form */
    sqi_group_agg *agg;
    uint32_t nkey, nagg, agg_cap, nvec;
    int64_t updates_micros, removals_micros, commit_micros;
} group;

static int64_t now(const sqi_op *op)
{
    return op->env->now_micros ? op->env->now_micros(op->env->context) : 0;
}

/* The shared program; says where each aggregate finds its arguments. */
static streamq_status init_program(sqi_op *op, const sqi_op_group_params *p, streamq_error **err)
{
    group *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    uint32_t n = p->nkey, most = p->nkey + p->nagg;
    for (uint32_t a = 0; a < p->nagg; ++a)
        most += s->agg[a].narg;
    sqi_bound **list = sqi_alloc_array(alloc, most + 1, sizeof *list);
    s->vec = sqi_alloc_array(alloc, most + 1, sizeof *s->vec);
    s->nvec = most + 1;
    if (!list || !s->vec) {
        sqi_alloc_free(alloc, list, (most + 1) * sizeof *list);
        return sqi_error_nomem(err);
    }
    for (uint32_t k = 0; k < p->nkey; ++k)
        list[k] = p->key[k];
    for (uint32_t a = 0; a < p->nagg; ++a) {
        const sqi_bound *node = p->agg[a];
        s->agg[a].first = n;
        if (node->filter)
            continue;
        for (uint32_t i = 0; i < node->narg; ++i)
            list[n++] = node->arg[i];
        for (uint32_t i = 0; i < node->nsort; ++i)
            list[n++] = node->sort[i];
    }
    streamq_status status = sqi_prog_new(&s->prog, list, n, op->env->eval, err);
    sqi_alloc_free(alloc, list, (most + 1) * sizeof *list);
    return status;
}

static streamq_status init(sqi_op *op, const void *params, streamq_error **err)
{
    const sqi_op_group_params *p = params;
    group *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    s->nkey = p->nkey;
    s->key = sqi_alloc_array(alloc, p->nkey + 1, sizeof *s->key);
    s->agg = sqi_alloc_array(alloc, p->nagg + 1, sizeof *s->agg);
    const sqi_type **type = sqi_alloc_array(alloc, p->nkey + 1, sizeof *type);
    streamq_status status = s->key && s->agg && type ? STREAMQ_OK : sqi_error_nomem(err);
    uint32_t size = 0;
    s->agg_cap = p->nagg + 1;
    while (status == STREAMQ_OK && s->nagg < p->nagg) {
        sqi_group_agg *a = &s->agg[s->nagg];
        status = sqi_group_agg_init(a, p->agg[s->nagg++], op->env->streaming, &size, op->env, err);
    }
    if (status == STREAMQ_OK) {
        for (uint32_t k = 0; k < p->nkey; ++k)
            type[k] = p->key[k]->type;
        s->table = sqi_table_new(alloc, type, p->nkey, size, SQI_GROUP_ALIGN, op->env->hash_seed, err);
        status = s->table ? init_program(op, p, err) : STREAMQ_ERR_NOMEM;
    }
    sqi_alloc_free(alloc, type, (p->nkey + 1) * sizeof *type);
    return status;
}

static streamq_status take_in(sqi_op *op, const sqi_chunk *chunk, streamq_error **err)
{
    group *s = op->state;
    sqi_eval *eval = op->env->eval;
    SQI_TRY(sqi_prog_run(s->prog, eval, chunk, s->vec, err));
    for (uint32_t k = 0; k < s->nkey; ++k)
        SQI_TRY(sqi_order_normalize(&s->key[k], &s->vec[k], chunk->rows, eval->arena, err));
    uint32_t *row = sqi_arena_get(eval->arena, (size_t)chunk->n * sizeof *row);
    if (!row)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_table_lookup(s->table, s->key, chunk->rows, SQI_TABLE_TOUCH, row, NULL, NULL, err));
    for (uint32_t a = 0; a < s->nagg; ++a)
        SQI_TRY(sqi_group_agg_step(&s->agg[a], op->env, s->table, chunk, s->vec, row, err));
    return STREAMQ_OK;
}

static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    group *s = op->state;
    if (chunk->weight)
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR,
                             "an aggregation was given rows to take back; the planner must refuse such a plan");
    sqi_arena *arena = op->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    int64_t begin = now(op);
    streamq_status status = take_in(op, chunk, err);
    s->updates_micros += now(op) - begin;
    sqi_arena_release(arena, mark);
    return status;
}

static streamq_status emit_rows(sqi_op *op, const uint32_t *rows, uint32_t n, streamq_error **err)
{
    group *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    sqi_vec *col = sqi_arena_array(arena, s->nkey + s->nagg + 1, sizeof *col);
    if (!col)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_table_keys(s->table, rows, n, col, arena, err));
    for (uint32_t a = 0; a < s->nagg; ++a)
        SQI_TRY(sqi_group_agg_emit(&s->agg[a], op->env, s->table, rows, n, &col[s->nkey + a], err));
    sqi_chunk out = {.n = n, .ncol = s->nkey + s->nagg, .rows = {NULL, n}, .col = col};
    return sqi_op_emit(op, &out, err);
}

static streamq_status emit_changed(sqi_op *op, streamq_error **err)
{
    group *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    const uint32_t *rows;
    uint32_t n;
    sqi_table_dirty(s->table, &rows, &n);
    for (uint32_t at = 0; at < n;) {
        uint32_t some = n - at < op->env->chunk_rows ? n - at : op->env->chunk_rows;
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        streamq_status status = emit_rows(op, rows + at, some, err);
        sqi_arena_release(arena, mark);
        SQI_TRY(status);
        at += some;
    }
    return STREAMQ_OK;
}

static streamq_status emit_all(sqi_op *op, streamq_error **err)
{
    group *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    uint32_t *rows = sqi_arena_get(arena, (size_t)op->env->chunk_rows * sizeof *rows), last = SQI_TABLE_NONE, n;
    if (!rows)
        return sqi_error_nomem(err);
    while ((n = sqi_table_scan(s->table, last, rows, op->env->chunk_rows))) {
        last = rows[n - 1];
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        streamq_status status = emit_rows(op, rows, n, err);
        sqi_arena_release(arena, mark);
        SQI_TRY(status);
    }
    return STREAMQ_OK;
}

/* The row of a grouping without keys, then the micro-batch's partial states into the lasting ones. */
static streamq_status complete_states(sqi_op *op, streamq_error **err)
{
    group *s = op->state;
    uint32_t row, n;
    if (!s->nkey)
        SQI_TRY(sqi_table_lookup(s->table, NULL, (sqi_rows){NULL, 1}, SQI_TABLE_TOUCH, &row, NULL, NULL, err));
    const uint32_t *changed;
    sqi_table_dirty(s->table, &changed, &n);
    for (uint32_t a = 0; a < s->nagg; ++a)
        SQI_TRY(sqi_group_agg_merge(&s->agg[a], op->env, s->table, changed, n, err));
    return STREAMQ_OK;
}

static streamq_status flush(sqi_op *op, streamq_error **err)
{
    group *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    int64_t begin = now(op);
    streamq_status status = complete_states(op, err);
    s->updates_micros += now(op) - begin;
    if (status == STREAMQ_OK)
        status = op->env->streaming && op->env->mode == STREAMQ_UPDATE ? emit_changed(op, err) : emit_all(op, err);
    sqi_arena_release(arena, mark);
    return status;
}

static void clear_rows(sqi_op *op, const uint32_t *rows, uint32_t n)
{
    group *s = op->state;
    for (uint32_t a = 0; a < s->nagg; ++a)
        sqi_group_agg_clear(&s->agg[a], op->env, s->table, rows, n);
}

static void commit(sqi_op *op)
{
    group *s = op->state;
    int64_t begin = now(op);
    const uint32_t *removed;
    uint32_t n;
    sqi_table_removed(s->table, &removed, &n);
    clear_rows(op, removed, n);
    sqi_table_clean(s->table);
    s->commit_micros = now(op) - begin;
    s->updates_micros = s->removals_micros = 0;
}

static bool metrics(const sqi_op *op, sqi_op_metrics *out)
{
    const group *s = op->state;
    if (!op->env->streaming)
        return false;
    sqi_table_counts counts = sqi_table_counts_get(s->table);
    *out = (sqi_op_metrics){.name = "stateStoreSave",
                            .rows_total = counts.total,
                            .rows_updated = counts.updated,
                            .rows_removed = counts.removed,
                            .memory_bytes = counts.bytes,
                            .updates_micros = s->updates_micros,
                            .removals_micros = s->removals_micros,
                            .commit_micros = s->commit_micros};
    return true;
}

static void fini(sqi_op *op)
{
    group *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    if (s->table) {
        uint32_t rows[256], last = SQI_TABLE_NONE, n;
        while ((n = sqi_table_scan(s->table, last, rows, 256))) {
            last = rows[n - 1];
            clear_rows(op, rows, n);
        }
        const uint32_t *removed;
        sqi_table_removed(s->table, &removed, &n);
        clear_rows(op, removed, n);
    }
    for (uint32_t a = 0; a < s->nagg; ++a)
        sqi_group_agg_fini(&s->agg[a], op->env);
    sqi_table_free(s->table);
    sqi_prog_free(s->prog);
    sqi_alloc_free(alloc, s->agg, s->agg_cap * sizeof *s->agg);
    sqi_alloc_free(alloc, s->key, (s->nkey + 1) * sizeof *s->key);
    sqi_alloc_free(alloc, s->vec, s->nvec * sizeof *s->vec);
}

const sqi_op_type sqi_op_group = {.name = "HashAggregate",
                                  .state_size = sizeof(group),
                                  .init = init,
                                  .push = push,
                                  .flush = flush,
                                  .commit = commit,
                                  .metrics = metrics,
                                  .fini = fini};
