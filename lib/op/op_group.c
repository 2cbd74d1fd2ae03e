/*
 * op_group: GROUP BY. Keys of a chunk become row numbers of the keyed table, then every aggregate runs its loop over
 * them (op_group_agg); at the end of a micro-batch the changed groups, or all of them, leave as key and result columns.
 * Not here: arithmetic of aggregates (agg_*), keeping of keys (keyed_table), output modes that need a watermark.
 *
 * A grouping without keys has one row that is there from its first micro-batch on, touched or not: Spark emits it, and
 * counts it as updated, in every batch that runs.
 */
#include "op_group_impl.h"

#include "data_order.h"

/* Rows of a micro-batch before one lane's tally is worth its end; logarithms of entries: what a tally leaves costs several
   lanes more than one. */
enum { TALLY_WARM = 8192, TALLY_BITS = 14, TALLY_BITS_LANES = 16 };

static bool is_shared(const sqi_bound *agg)
{
    return !agg->filter; /* one with a filter has programs of its own */
}

streamq_status sqi_group_program(const sqi_op_group_params *p, sqi_op_env *env, sqi_prog **prog, sqi_vec **vec,
                                 uint32_t *nvec, streamq_error **err)
{
    uint32_t n = p->nkey, most = p->nkey;
    for (uint32_t a = 0; a < p->nagg; ++a)
        most += p->agg[a]->narg + p->agg[a]->nsort;
    sqi_bound **list = sqi_alloc_array(env->alloc, most + 1, sizeof *list);
    *vec = sqi_alloc_array(env->alloc, most + 1, sizeof **vec);
    *nvec = most + 1;
    if (!list || !*vec) {
        sqi_alloc_free(env->alloc, list, (most + 1) * sizeof *list);
        return sqi_error_nomem(err);
    }
    for (uint32_t k = 0; k < p->nkey; ++k)
        list[k] = p->key[k];
    for (uint32_t a = 0; a < p->nagg; ++a) {
        const sqi_bound *node = p->agg[a];
        for (uint32_t i = 0; is_shared(node) && i < node->narg; ++i)
            list[n++] = node->arg[i];
        for (uint32_t i = 0; is_shared(node) && i < node->nsort; ++i)
            list[n++] = node->sort[i];
    }
    streamq_status status = sqi_prog_new(prog, list, n, env->eval, err);
    sqi_alloc_free(env->alloc, list, (most + 1) * sizeof *list);
    return status;
}

/* Where each aggregate finds its arguments among the program's results. */
static void place_arguments(const sqi_op_group_params *p, sqi_group_agg *agg)
{
    uint32_t n = p->nkey;
    for (uint32_t a = 0; a < p->nagg; ++a) {
        agg[a].first = n;
        n += is_shared(p->agg[a]) ? p->agg[a]->narg + p->agg[a]->nsort : 0;
    }
}

/* Whether anybody asks which groups a micro-batch changed: results of update mode, partial states, a first n, a checkpoint. */
static bool needs_changed(const sqi_op_group_params *p, const sqi_group_agg *agg, const sqi_op_env *env)
{
    bool needs = p->top || env->durable || (env->streaming && env->mode == STREAMQ_UPDATE);
    for (uint32_t a = 0; a < p->nagg; ++a)
        needs |= sqi_group_agg_merges(&agg[a]);
    return needs;
}

static streamq_status init_lane(group_lane *lane, const sqi_op_group_params *p, const sqi_type **type, uint32_t nlane,
                                sqi_op_env *env, streamq_error **err)
{
    uint32_t size = 0;
    lane->agg = sqi_alloc_array(env->alloc, p->nagg + 1, sizeof *lane->agg);
    if (!lane->agg)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_group_aggs_init(lane->agg, p->agg, p->nagg, env->streaming, &size, env, err));
    if (env->durable)
        SQI_TRY(sqi_group_aggs_check_form(lane->agg, p->nagg, err));
    place_arguments(p, lane->agg);
    for (uint32_t k = 0; k < p->nkey; ++k)
        type[k] = p->key[k]->type;
    lane->table = (nlane > 1 ? sqi_table_new_stamped : sqi_table_new)(env->alloc, type, p->nkey, size, SQI_GROUP_ALIGN,
                                                                      env->hash_seed, err);
    if (!lane->table)
        return STREAMQ_ERR_NOMEM;
    if (!needs_changed(p, lane->agg, env))
        sqi_table_count_only(lane->table);
    return STREAMQ_OK;
}

/* Groups of short texts that are only counted. */
static streamq_status init_tally(group *s, const sqi_op_group_params *p, sqi_op_env *env, streamq_error **err)
{
    bool wanted = p->nkey == 1 && p->key[0]->type->id == SQI_STRING;
    for (uint32_t a = 0; a < p->nagg; ++a)
        wanted &= sqi_group_agg_counts(&s->lane->agg[a]);
    if (!wanted)
        return STREAMQ_OK;
    s->tally = sqi_alloc_array(env->alloc, s->nlane, sizeof *s->tally);
    if (!s->tally)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < s->nlane; ++k)
        s->tally[k].most_bits = s->nlane > 1 ? TALLY_BITS_LANES : TALLY_BITS;
    s->tally->warm = s->nlane > 1 ? 0 : TALLY_WARM; /* several lanes have large batches anyway */
    return STREAMQ_OK;
}

static streamq_status init(sqi_op *op, const void *params, streamq_error **err)
{
    const sqi_op_group_params *p = params;
    group *s = op->state;
    sqi_buf_init(&s->kept, op->env->alloc, 0);
    sqi_alloc *alloc = op->env->alloc;
    s->keys = p->key;
    s->nkey = p->nkey;
    s->nagg = p->nagg;
    s->nlane = p->nlane ? p->nlane : 1;
    s->key = sqi_alloc_array(alloc, p->nkey + 1, sizeof *s->key);
    s->lane = sqi_alloc_array(alloc, s->nlane, sizeof *s->lane);
    const sqi_type **type = sqi_alloc_array(alloc, p->nkey + 1, sizeof *type);
    streamq_status status = s->key && s->lane && type ? STREAMQ_OK : sqi_error_nomem(err);
    for (uint32_t k = 0; status == STREAMQ_OK && k < s->nlane; ++k)
        status = init_lane(&s->lane[k], p, type, s->nlane, op->env, err);
    sqi_alloc_free(alloc, type, (p->nkey + 1) * sizeof *type);
    if (status == STREAMQ_OK && s->nlane == 1) /* several lanes have feeds, which compute for them */
        status = sqi_group_program(p, op->env, &s->prog, &s->vec, &s->nvec, err);
    if (status == STREAMQ_OK)
        status = init_tally(s, p, op->env, err);
    if (status == STREAMQ_OK && p->top)
        status = sqi_group_top_init(op, p->top, err);
    return status == STREAMQ_OK && s->nlane > 1 ? sqi_group_emit_init(op, err) : status;
}

streamq_status sqi_group_tally(const group *g, sqi_tally *tally, const sqi_vec *key, sqi_rows *rows, bool *asked,
                               sqi_op_env *env, streamq_error **err)
{
    *asked = g->tally && key->mask && !key->valid && sqi_tally_begin(tally, env->alloc, rows->n);
    if (!*asked)
        return STREAMQ_OK;
    uint32_t *rest = sqi_arena_get(env->eval->arena, (size_t)rows->n * sizeof *rest);
    if (!rest)
        return sqi_error_nomem(err);
    *rows = (sqi_rows){rest, sqi_tally_count(tally, key->data, *rows, rest)};
    return STREAMQ_OK;
}

static streamq_status take_in(sqi_op *op, const sqi_chunk *whole, streamq_error **err)
{
    group *s = op->state;
    sqi_eval *eval = op->env->eval;
    sqi_chunk rest = *whole, *chunk = &rest;
    bool asked;
    SQI_TRY(sqi_prog_run(s->prog, eval, chunk, s->vec, err));
    for (uint32_t k = 0; k < s->nkey; ++k)
        SQI_TRY(sqi_order_normalize(&s->key[k], &s->vec[k], chunk->rows, eval->arena, err));
    SQI_TRY(sqi_group_tally(s, s->tally, s->key, &chunk->rows, &asked, op->env, err));
    if (!chunk->rows.n)
        return STREAMQ_OK;
    uint32_t *row = sqi_arena_get(eval->arena, (size_t)chunk->n * sizeof *row);
    if (!row)
        return sqi_error_nomem(err);
    sqi_table *table = s->lane->table;
    SQI_TRY(sqi_table_lookup(table, s->key, chunk->rows, SQI_TABLE_TOUCH, row, NULL, NULL, err));
    for (uint32_t a = 0; a < s->nagg; ++a)
        SQI_TRY(sqi_group_agg_step(&s->lane->agg[a], op->env, table, chunk, s->vec, row, err));
    if (asked)
        sqi_tally_learn(s->tally, row);
    return STREAMQ_OK;
}

static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    group *s = op->state;
    if (chunk->weight || s->nlane > 1)
        return sqi_error_set(err, SQI_COND_INTERNAL_ERROR,
                             s->nlane > 1 ? "an aggregation in several lanes was given rows without its front"
                                          : "an aggregation was given rows to take back; the planner must refuse such "
                                            "a plan");
    sqi_arena *arena = op->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    int64_t begin = group_now(op);
    streamq_status status = take_in(op, chunk, err);
    s->updates_micros += group_now(op) - begin;
    sqi_arena_release(arena, mark);
    return status;
}

/* What one lane's tally has counted; several lanes get theirs through the front. */
static streamq_status drain_tally(group *s, sqi_arena *arena, streamq_error **err)
{
    if (!s->tally || s->nlane > 1)
        return STREAMQ_OK;
    if (!s->tally->nused) {
        s->tally->passed = 0;
        return STREAMQ_OK;
    }
    sqi_tally_block *block = sqi_arena_get(arena, sizeof *block);
    if (!block)
        return sqi_error_nomem(err);
    while (sqi_tally_drain(s->tally, block))
        for (uint32_t a = 0; a < s->nagg; ++a)
            sqi_group_agg_add(&s->lane->agg[a], s->lane->table, block->row, block->times, (sqi_rows){NULL, block->n});
    return STREAMQ_OK;
}

/* The row of a grouping without keys, which has one lane, then the micro-batch's partial states. */
static streamq_status complete_states(sqi_op *op, streamq_error **err)
{
    group *s = op->state;
    uint32_t row;
    if (!s->nkey)
        SQI_TRY(sqi_table_lookup(s->lane->table, NULL, (sqi_rows){NULL, 1}, SQI_TABLE_TOUCH, &row, NULL, NULL, err));
    SQI_TRY(drain_tally(s, op->env->eval->arena, err));
    return sqi_group_merge(op, err);
}

static streamq_status flush(sqi_op *op, streamq_error **err)
{
    group *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    int64_t begin = group_now(op);
    streamq_status status = complete_states(op, err);
    s->updates_micros += group_now(op) - begin;
    if (status == STREAMQ_OK)
        status = sqi_group_emit(op, err);
    sqi_arena_release(arena, mark);
    return status;
}

static void clear_rows(sqi_op *op, const group_lane *lane, const uint32_t *rows, uint32_t n)
{
    const group *s = op->state;
    for (uint32_t a = 0; a < s->nagg; ++a)
        sqi_group_agg_clear(&lane->agg[a], op->env, lane->table, rows, n);
}

void sqi_group_clear_removed(sqi_op *op, const group_lane *lane)
{
    const uint32_t *removed;
    uint32_t n;
    sqi_table_removed(lane->table, &removed, &n);
    clear_rows(op, lane, removed, n);
}

static void commit(sqi_op *op)
{
    group *s = op->state;
    int64_t begin = group_now(op);
    for (uint32_t k = 0; k < s->nlane; ++k) {
        sqi_group_clear_removed(op, &s->lane[k]);
        sqi_table_clean(s->lane[k].table);
    }
    sqi_group_keep_begin(s);
    s->commit_micros = group_now(op) - begin;
    s->updates_micros = s->removals_micros = 0;
}

static bool metrics(const sqi_op *op, sqi_op_metrics *out)
{
    const group *s = op->state;
    if (!op->env->streaming)
        return false;
    *out = (sqi_op_metrics){.name = "stateStoreSave",
                            .updates_micros = s->updates_micros,
                            .removals_micros = s->removals_micros,
                            .commit_micros = s->commit_micros};
    for (uint32_t k = 0; k < s->nlane; ++k) {
        sqi_table_counts counts = sqi_table_counts_get(s->lane[k].table);
        out->rows_total += counts.total;
        out->rows_updated += counts.updated;
        out->rows_removed += counts.removed;
        out->memory_bytes += counts.bytes + (s->tally ? sqi_tally_bytes(&s->tally[k]) : 0);
    }
    return true;
}

static bool explain(const sqi_op *op, sqi_buf *to)
{
    const group *s = op->state;
    return !s->first || sqi_buf_printf(to, ", candidates for the first %u", s->first);
}

static void fini_lane(sqi_op *op, group_lane *lane)
{
    const group *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    if (lane->table) {
        uint32_t rows[256], last = SQI_TABLE_NONE, n;
        while ((n = sqi_table_scan(lane->table, last, rows, 256))) {
            last = rows[n - 1];
            clear_rows(op, lane, rows, n);
        }
        sqi_group_clear_removed(op, lane);
    }
    for (uint32_t a = 0; lane->agg && a < s->nagg; ++a)
        sqi_group_agg_fini(&lane->agg[a], op->env);
    sqi_group_top_free(lane->top);
    sqi_table_free(lane->table);
    sqi_alloc_free(alloc, lane->agg, (s->nagg + 1) * sizeof *lane->agg);
}

static void fini(sqi_op *op)
{
    group *s = op->state;
    sqi_alloc *alloc = op->env->alloc;
    for (uint32_t k = 0; s->lane && k < s->nlane; ++k)
        fini_lane(op, &s->lane[k]);
    sqi_group_emit_fini(op);
    sqi_buf_fini(&s->kept);
    sqi_prog_free(s->prog);
    for (uint32_t k = 0; s->tally && k < s->nlane; ++k)
        sqi_tally_fini(&s->tally[k], alloc);
    sqi_alloc_free(alloc, s->tally, s->nlane * sizeof *s->tally);
    sqi_alloc_free(alloc, s->lane, s->nlane * sizeof *s->lane);
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
                                  .explain = explain,
                                  .shape = sqi_group_shape,
                                  .save_changes = sqi_group_save_changes,
                                  .save_some = sqi_group_save_some,
                                  .load = sqi_group_load,
                                  .loaded = sqi_group_loaded,
                                  .fini = fini};
