/*
 * op_group_agg: one aggregate of a grouping.
 *
 * An aggregate sees a chunk through a selection that is narrowed in Spark's order: FILTER first (its arguments are
 * evaluated only for rows that pass, so an error in a row left out is none), then nulls, then DISTINCT. DISTINCT is a
 * keyed table of (group, arguments) of its own; only bounded queries have it.
 *
 * Aggregates of one integer argument without either share a state (agg_fused.h).
 */
#include "op_group_agg.h"

#include "data_order.h"

enum { BLOCK = 128 }; /* rows whose states are asked for at once */

static uint32_t align_up(uint32_t n)
{
    return (n + SQI_GROUP_ALIGN - 1) / SQI_GROUP_ALIGN * SQI_GROUP_ALIGN;
}

/* The arguments and the items of WITHIN GROUP as one list, for a program. */
static sqi_bound **all_args(const sqi_bound *node, sqi_alloc *alloc)
{
    sqi_bound **list = sqi_alloc_array(alloc, node->narg + node->nsort + 1, sizeof *list);
    if (!list)
        return NULL;
    for (uint32_t i = 0; i < node->narg; ++i)
        list[i] = node->arg[i];
    for (uint32_t i = 0; i < node->nsort; ++i)
        list[node->narg + i] = node->sort[i];
    return list;
}

static streamq_status init_filter(sqi_group_agg *a, sqi_op_env *env, streamq_error **err)
{
    SQI_TRY(sqi_prog_new(&a->filter, &a->node->filter, 1, env->eval, err));
    sqi_bound **list = all_args(a->node, env->alloc);
    a->vec = sqi_alloc_array(env->alloc, a->narg + 1, sizeof *a->vec);
    streamq_status status =
        list && a->vec ? sqi_prog_new(&a->args, list, a->narg, env->eval, err) : sqi_error_nomem(err);
    sqi_alloc_free(env->alloc, list, (a->narg + 1) * sizeof *list);
    return status;
}

static streamq_status init_distinct(sqi_group_agg *a, sqi_op_env *env, streamq_error **err)
{
    uint32_t n = a->node->narg + 1;
    const sqi_type **type = sqi_alloc_array(env->alloc, n, sizeof *type);
    a->seen_key = sqi_alloc_array(env->alloc, n, sizeof *a->seen_key);
    if (type && a->seen_key) {
        type[0] = &sqi_type_int;
        for (uint32_t i = 1; i < n; ++i)
            type[i] = a->node->arg[i - 1]->type;
        a->seen = sqi_table_new(env->alloc, type, n, 0, 1, env->hash_seed, err);
    } else {
        sqi_error_nomem(err);
    }
    sqi_alloc_free(env->alloc, type, n * sizeof *type);
    return a->seen ? STREAMQ_OK : STREAMQ_ERR_NOMEM;
}

/* Aggregates of one argument share a state if that pays. On failure some may be left without a leader: nothing runs. */
static streamq_status share_states(sqi_group_agg *list, uint32_t n, sqi_op_env *env, streamq_error **err)
{
    for (uint32_t i = 0; i < n; ++i) {
        sqi_fused trial = {.alloc = env->alloc};
        if (list[i].fused || !sqi_fused_join(&trial, list[i].node))
            continue;
        for (uint32_t j = i + 1; j < n; ++j)
            if (!list[j].fused)
                sqi_fused_join(&trial, list[j].node);
        if (!sqi_fused_pays(&trial))
            continue;
        sqi_fused *f = sqi_alloc_zero(env->alloc, sizeof *f);
        if (!f)
            return sqi_error_nomem(err);
        f->alloc = env->alloc;
        list[i].leads = true;
        for (uint32_t j = i; j < n; ++j)
            if (!list[j].fused && sqi_fused_join(f, list[j].node)) {
                list[j].kind = sqi_fused_kind_of(list[j].node);
                list[j].fused = f;
            }
    }
    return STREAMQ_OK;
}

/* The place of the state, and what FILTER and DISTINCT need. */
static streamq_status init_one(sqi_group_agg *a, bool by_batch, uint32_t *value_size, sqi_op_env *env,
                               streamq_error **err)
{
    const sqi_bound *node = a->node;
    if (a->fused && !a->leads)
        return STREAMQ_OK;
    a->offset = a->partial = align_up(*value_size);
    *value_size = a->offset + (a->fused ? sqi_fused_size(a->fused) : node->agg->state_size);
    if (by_batch && !a->fused && node->agg->flags & SQI_AGG_PARTIAL) {
        a->partial = align_up(*value_size);
        *value_size = a->partial + node->agg->state_size;
    }
    if (node->filter)
        SQI_TRY(init_filter(a, env, err));
    return node->distinct ? init_distinct(a, env, err) : STREAMQ_OK;
}

streamq_status sqi_group_aggs_init(sqi_group_agg *list, sqi_bound *const *node, uint32_t n, bool by_batch,
                                   uint32_t *value_size, sqi_op_env *env, streamq_error **err)
{
    *value_size = 0;
    for (uint32_t a = 0; a < n; ++a)
        list[a] = (sqi_group_agg){.node = node[a], .narg = node[a]->narg + node[a]->nsort};
    SQI_TRY(share_states(list, n, env, err));
    for (uint32_t a = 0; a < n; ++a)
        SQI_TRY(init_one(&list[a], by_batch, value_size, env, err));
    return STREAMQ_OK;
}

void sqi_group_agg_fini(sqi_group_agg *a, sqi_op_env *env)
{
    if (!a->node)
        return;
    if (a->leads) {
        sqi_fused_fini(a->fused);
        sqi_alloc_free(env->alloc, a->fused, sizeof *a->fused);
    }
    sqi_prog_free(a->filter);
    sqi_prog_free(a->args);
    sqi_table_free(a->seen);
    if (a->vec)
        sqi_alloc_free(env->alloc, a->vec, (a->narg + 1) * sizeof *a->vec);
    if (a->seen_key)
        sqi_alloc_free(env->alloc, a->seen_key, (a->node->narg + 1) * sizeof *a->seen_key);
}

static sqi_agg_run run_at(const sqi_group_agg *a, sqi_op_env *env, sqi_table_values v, uint32_t offset)
{
    return (sqi_agg_run){
        .eval = env->eval, .node = a->node, .states = {v.segment, v.shift, v.mask, v.stride, v.offset + offset}};
}

static sqi_agg_run make_run(const sqi_group_agg *a, sqi_op_env *env, const sqi_table *table, uint32_t offset)
{
    return run_at(a, env, sqi_table_values_get(table), offset);
}

/* Leave out rows with a null among the arguments. */
static streamq_status without_nulls(const sqi_vec *arg, uint32_t narg, sqi_rows *rows, sqi_arena *arena,
                                    streamq_error **err)
{
    for (uint32_t a = 0; a < narg; ++a) {
        if (!arg[a].valid && arg[a].type->id != SQI_VOID)
            continue;
        uint32_t *sel = sqi_arena_get(arena, (size_t)rows->n * sizeof *sel), n = 0;
        if (!sel)
            return sqi_error_nomem(err);
        if (arg[a].valid)
            for (SQI_EACH(*rows, k, i)) {
                sel[n] = i;
                n += sqi_vec_valid(&arg[a], i);
            }
        *rows = (sqi_rows){sel, n};
    }
    return STREAMQ_OK;
}

/* Leave out rows whose arguments their group has seen. */
static streamq_status without_repeats(sqi_group_agg *a, const sqi_vec *arg, uint32_t n, const uint32_t *group,
                                      sqi_rows *rows, sqi_arena *arena, streamq_error **err)
{
    sqi_vec *key = a->seen_key;
    key[0] = (sqi_vec){.type = &sqi_type_int, .data = (void *)(uintptr_t)group, .mask = UINT32_MAX};
    for (uint32_t i = 0; i < a->node->narg; ++i)
        SQI_TRY(sqi_order_normalize(&key[1 + i], &arg[i], *rows, arena, err));
    uint32_t *row = sqi_arena_get(arena, (size_t)n * sizeof *row), nfresh = 0;
    uint32_t *fresh = sqi_arena_get(arena, (size_t)rows->n * sizeof *fresh);
    if (!row || !fresh)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_table_lookup(a->seen, key, *rows, SQI_TABLE_INSERT, row, fresh, &nfresh, err));
    *rows = (sqi_rows){fresh, nfresh};
    return STREAMQ_OK;
}

/* A failure says where in the SQL text the aggregate stands. */
static streamq_status placed(const sqi_bound *node, streamq_status status, streamq_error **err)
{
    const sqi_ast *ast = node ? node->ast : NULL;
    if (status != STREAMQ_OK && err && *err && ast && ast->text.len)
        sqi_error_place(*err, ast->text, ast->begin, ast->end);
    return status;
}

streamq_status sqi_group_agg_step(sqi_group_agg *a, sqi_op_env *env, const sqi_table *table, const sqi_chunk *chunk,
                                  const sqi_vec *shared, const uint32_t *group, streamq_error **err)
{
    sqi_arena *arena = env->eval->arena;
    const sqi_agg *agg = a->node->agg;
    const sqi_vec *arg = shared + a->first;
    sqi_chunk in = *chunk;
    if (a->fused && !a->leads)
        return STREAMQ_OK;
    if (a->filter) {
        SQI_TRY(sqi_prog_filter(a->filter, env->eval, chunk, &in.rows, err));
        if (!in.rows.n)
            return STREAMQ_OK;
        SQI_TRY(sqi_prog_run(a->args, env->eval, &in, a->vec, err));
        arg = a->vec;
    }
    if (!(agg->flags & SQI_AGG_WANTS_NULLS))
        SQI_TRY(without_nulls(arg, a->node->narg, &in.rows, arena, err));
    if (a->seen)
        SQI_TRY(without_repeats(a, arg, chunk->n, group, &in.rows, arena, err));
    if (!in.rows.n)
        return STREAMQ_OK;
    sqi_agg_run run = make_run(a, env, table, a->partial);
    if (a->fused)
        return placed(a->fused->strict, sqi_fused_step(a->fused, &run.states, group, arg, in.rows, err), err);
    return placed(a->node, agg->step(&run, group, arg, in.rows, err), err);
}

bool sqi_group_agg_counts(const sqi_group_agg *a)
{
    bool plain = a->node->agg->flags & SQI_AGG_ADDS_ONE && !a->fused && !a->filter && !a->seen && !a->node->nsort;
    for (uint32_t i = 0; i < a->node->narg; ++i)
        plain &= !a->node->arg[i]->nullable;
    return plain;
}

void sqi_group_agg_add(const sqi_group_agg *a, const sqi_table *table, const uint32_t *table_row, const uint32_t *times,
                       sqi_rows rows)
{
    sqi_table_values v = sqi_table_values_get(table);
    v.offset += a->partial;
    for (SQI_EACH(rows, k, i))
        *(int64_t *)sqi_table_values_at(&v, table_row[i]) += times ? times[i] : 1;
}

bool sqi_group_agg_merges(const sqi_group_agg *a)
{
    return a->leads || a->partial != a->offset;
}

streamq_status sqi_group_agg_merge(sqi_group_agg *a, sqi_op_env *env, const sqi_table *table, const uint32_t *rows,
                                   uint32_t n, streamq_error **err)
{
    sqi_agg_run run = make_run(a, env, table, a->offset);
    if (a->leads)
        return placed(a->fused->strict, sqi_fused_merge(a->fused, &run.states, rows, n, err), err);
    if (a->partial == a->offset)
        return STREAMQ_OK;
    for (uint32_t i = 0; i < n; ++i) {
        char *state = sqi_states_at(&run.states, rows[i]);
        SQI_TRY(placed(a->node, a->node->agg->merge(&run, state, state + (a->partial - a->offset), err), err));
    }
    return STREAMQ_OK;
}

void sqi_group_agg_merged(sqi_group_agg *a)
{
    if (a->leads)
        sqi_fused_merged(a->fused);
}

/* The columns of all aggregates that share the state of list[0], block by block: a block's states are in the cache for
   all but the first. */
static streamq_status emit_fused(const sqi_group_agg *list, uint32_t nagg, sqi_op_env *env, sqi_table_values at_rows,
                                 const uint32_t *rows, uint32_t n, sqi_vec *col, streamq_error **err)
{
    const sqi_fused *f = list->fused;
    sqi_arena *arena = env->eval->arena;
    sqi_agg_run run = run_at(list, env, at_rows, list->offset);
    const int64_t *state[BLOCK];
    for (uint32_t a = 0; a < nagg; ++a)
        if (list[a].fused == f)
            SQI_TRY(sqi_vec_make(&col[a], list[a].node->type, n, arena, err));
    for (uint32_t at = 0; at < n; at += BLOCK) {
        uint32_t some = n - at < BLOCK ? n - at : BLOCK;
        for (uint32_t k = 0; k < some; ++k) {
            state[k] = sqi_states_at(&run.states, rows[at + k]);
            __builtin_prefetch(state[k]);
        }
        for (uint32_t a = 0; a < nagg; ++a) {
            if (list[a].fused != f || sqi_fused_emit(f, list[a].node, list[a].kind, state, at, some, &col[a]))
                continue;
            SQI_TRY(sqi_vec_bitmap(&col[a], n, true, arena, err));
            sqi_fused_emit(f, list[a].node, list[a].kind, state, at, some, &col[a]);
        }
    }
    return STREAMQ_OK;
}

static streamq_status emit_one(const sqi_group_agg *a, sqi_op_env *env, sqi_table_values at, const uint32_t *rows,
                               uint32_t n, sqi_vec *out, streamq_error **err)
{
    SQI_TRY(sqi_vec_make(out, a->node->type, n, env->eval->arena, err));
    sqi_agg_run run = run_at(a, env, at, a->offset);
    return placed(a->node, a->node->agg->emit(&run, rows, n, out, err), err);
}

streamq_status sqi_group_aggs_emit(const sqi_group_agg *list, uint32_t nagg, sqi_op_env *env, sqi_table_values at,
                                   const uint32_t *rows, uint32_t n, sqi_vec *col, streamq_error **err)
{
    for (uint32_t a = 0; a < nagg; ++a) {
        if (list[a].leads)
            SQI_TRY(emit_fused(list + a, nagg - a, env, at, rows, n, col + a, err));
        else if (!list[a].fused)
            SQI_TRY(emit_one(&list[a], env, at, rows, n, &col[a], err));
    }
    return STREAMQ_OK;
}

void sqi_group_agg_clear(sqi_group_agg *a, sqi_op_env *env, const sqi_table *table, const uint32_t *rows, uint32_t n)
{
    if (a->fused || !a->node->agg->clear)
        return;
    sqi_agg_run run = make_run(a, env, table, a->offset);
    for (uint32_t i = 0; i < n; ++i) {
        char *state = sqi_states_at(&run.states, rows[i]);
        a->node->agg->clear(env->eval, state);
        if (a->partial != a->offset)
            a->node->agg->clear(env->eval, state + (a->partial - a->offset));
    }
}
