/*
 * op_group_feed: see the header. The lane of a row is made from the half of its hash that the table does not use.
 */
#include "op_group_impl.h"

#include "data_order.h"

typedef struct feed {
    const group *to;
    sqi_prog *prog;
    sqi_vec *vec;
    uint32_t nvec;
    uint64_t seed;
    sqi_tally *tally; /* NULL: none */
    sqi_group_item *item;
    sqi_arena *arena; /* the item's */
} feed;

static streamq_status init(sqi_op *op, const void *params, streamq_error **err)
{
    const sqi_op_feed_params *p = params;
    feed *s = op->state;
    s->to = p->group->state;
    s->seed = op->env->hash_seed;
    s->tally = s->to->tally ? &s->to->tally[p->worker] : NULL;
    return sqi_group_program(p->params, op->env, &s->prog, &s->vec, &s->nvec, err);
}

void sqi_feed_item(sqi_op *op, sqi_group_item *item, sqi_arena *arena)
{
    feed *s = op->state;
    s->item = item;
    s->arena = arena;
}

bool sqi_feed_only_counts(const sqi_op *op)
{
    const feed *s = op->state;
    return s->tally != NULL;
}

/* Two lanes in one pass, more in a pass each: no branch on the lane of a row. */
void sqi_group_sort_by_lane(const uint64_t *hash, sqi_rows rows, uint32_t nlane, sqi_rows *to)
{
    uint32_t n[2] = {0, 0};
    if (nlane == 2) {
        uint32_t *low = (uint32_t *)(uintptr_t)to[0].sel, *high = (uint32_t *)(uintptr_t)to[1].sel;
        for (uint32_t k = 0; k < rows.n; k++) {
            uint32_t i = rows.sel ? rows.sel[k] : k, lane = (uint32_t)hash[i] >> 31;
            low[n[0]] = i;
            high[n[1]] = i;
            n[0] += !lane;
            n[1] += lane;
        }
        to[0].n = n[0];
        to[1].n = n[1];
        return;
    }
    for (uint32_t lane = 0; lane < nlane; lane++) {
        uint32_t *sel = (uint32_t *)(uintptr_t)to[lane].sel, m = 0;
        for (uint32_t k = 0; k < rows.n; k++) {
            uint32_t i = rows.sel ? rows.sel[k] : k;
            sel[m] = i;
            m += (uint64_t)(uint32_t)hash[i] * nlane >> 32 == lane;
        }
        to[lane].n = m;
    }
}

/* For n positions. */
static sqi_group_part *part_new(const feed *s, uint32_t n)
{
    const group *g = s->to;
    sqi_group_part *part = sqi_arena_zero(s->arena, sizeof *part);
    if (!part)
        return NULL;
    part->key = sqi_arena_array(s->arena, g->nkey + 1, sizeof *part->key);
    part->hash = sqi_arena_get(s->arena, ((size_t)n + 1) * sizeof *part->hash);
    part->rows = sqi_arena_array(s->arena, g->nlane, sizeof *part->rows);
    return part->key && part->hash && part->rows ? part : NULL;
}

/* Its keys are there: to each lane its rows. */
static streamq_status part_put(feed *s, sqi_group_part *part, streamq_error **err)
{
    const group *g = s->to;
    const sqi_rows rows = part->chunk.rows;
    for (uint32_t lane = 0; lane < g->nlane; lane++)
        if (!(part->rows[lane].sel = sqi_arena_get(s->arena, ((size_t)rows.n + 1) * sizeof(uint32_t))))
            return sqi_error_nomem(err);
    for (uint32_t k = 0; k < g->nkey; ++k)
        sqi_order_hash(&part->key[k], rows, s->seed, k > 0, part->hash);
    sqi_group_sort_by_lane(part->hash, rows, g->nlane, part->rows);
    if (!sqi_table_takes_hashes(g->lane[0].table))
        part->hash = NULL;
    *s->item->last = part;
    s->item->last = &part->next;
    return STREAMQ_OK;
}

/* Keys and arguments stay where they are. */
static streamq_status put_rows(feed *s, const sqi_chunk *chunk, streamq_error **err)
{
    const group *g = s->to;
    sqi_group_part *part = part_new(s, chunk->n);
    sqi_vec *col = sqi_arena_array(s->arena, chunk->ncol + 1, sizeof *col);
    if (!part || !col || !(part->vec = sqi_arena_array(s->arena, s->nvec, sizeof *part->vec)))
        return sqi_error_nomem(err);
    part->chunk = *chunk;
    part->chunk.col = col;
    if (chunk->ncol)
        memcpy(col, chunk->col, chunk->ncol * sizeof *col);
    memcpy(part->vec, s->vec, s->nvec * sizeof *s->vec);
    for (uint32_t k = 0; k < g->nkey; ++k)
        SQI_TRY(sqi_order_normalize(&part->key[k], &part->vec[k], chunk->rows, s->arena, err));
    return part_put(s, part, err);
}

/* What the tally leaves over is copied: little, where everything else may then stay in the worker's cache. */
static streamq_status put_keys(feed *s, const sqi_chunk *chunk, sqi_op_env *env, streamq_error **err)
{
    sqi_rows rows = chunk->rows;
    sqi_vec key;
    bool asked;
    SQI_TRY(sqi_order_normalize(&key, s->vec, rows, env->eval->arena, err));
    SQI_TRY(sqi_group_tally(s->to, s->tally, &key, &rows, &asked, env, err));
    sqi_group_part *part = part_new(s, rows.n);
    if (!part)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_vec_copy(part->key, &key, rows, s->arena, err));
    part->chunk.n = part->chunk.rows.n = rows.n;
    return part_put(s, part, err);
}

static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    feed *s = op->state;
    SQI_TRY(sqi_prog_run(s->prog, op->env->eval, chunk, s->vec, err));
    s->item->rows += chunk->rows.n;
    return s->tally ? put_keys(s, chunk, op->env, err) : put_rows(s, chunk, err);
}

bool sqi_feed_has_rest(const sqi_op *op)
{
    const feed *s = op->state;
    return s->tally && s->tally->nused;
}

streamq_status sqi_feed_rest(sqi_op *op, streamq_error **err)
{
    feed *s = op->state;
    while (sqi_feed_has_rest(op)) {
        sqi_tally_block *block = sqi_arena_get(s->arena, sizeof *block);
        sqi_group_part *part = part_new(s, SQI_TALLY_BLOCK);
        if (!block || !part)
            return sqi_error_nomem(err);
        if (!sqi_tally_drain(s->tally, block))
            break;
        part->chunk.n = part->chunk.rows.n = block->n;
        part->times = block->times;
        part->key[0] = (sqi_vec){.type = &sqi_type_string, .data = block->key, .mask = UINT32_MAX};
        SQI_TRY(part_put(s, part, err));
    }
    return STREAMQ_OK;
}

static void fini(sqi_op *op)
{
    feed *s = op->state;
    sqi_prog_free(s->prog);
    sqi_alloc_free(op->env->alloc, s->vec, s->nvec * sizeof *s->vec);
}

const sqi_op_type sqi_op_feed = {
    .name = "Exchange", .state_size = sizeof(feed), .init = init, .push = push, .fini = fini};

/* ---- lanes ---------------------------------------------------------------------------------------------------- */

static streamq_status take_part(const group *g, group_lane *lane, const sqi_group_part *part, sqi_rows rows,
                                sqi_op_env *env, streamq_error **err)
{
    uint32_t *row = sqi_arena_get(env->eval->arena, (size_t)part->chunk.n * sizeof *row);
    if (!row)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_table_lookup_stamped(lane->table, part->key, part->hash, rows, lane->place, row, err));
    for (uint32_t a = 0; g->tally && a < g->nagg; ++a)
        sqi_group_agg_add(&lane->agg[a], lane->table, row, part->times, rows);
    if (g->tally)
        return STREAMQ_OK;
    sqi_chunk chunk = part->chunk;
    chunk.rows = rows;
    for (uint32_t a = 0; a < g->nagg; ++a)
        SQI_TRY(sqi_group_agg_step(&lane->agg[a], env, lane->table, &chunk, part->vec, row, err));
    return STREAMQ_OK;
}

streamq_status sqi_group_take_in(sqi_op *op, uint32_t number, const sqi_group_item *item, sqi_op_env *env,
                                 streamq_error **err)
{
    const group *g = op->state;
    group_lane *lane = &g->lane[number];
    sqi_arena *arena = env->eval->arena;
    for (const sqi_group_part *part = item->first; part; part = part->next) {
        sqi_rows rows = part->rows[number];
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        streamq_status status = rows.n ? take_part(g, lane, part, rows, env, err) : STREAMQ_OK;
        sqi_arena_release(arena, mark);
        SQI_TRY(status);
        lane->place += part->chunk.n;
    }
    return STREAMQ_OK;
}

void sqi_group_took(sqi_op *op, int64_t micros)
{
    group *g = op->state;
    g->updates_micros += micros;
}
