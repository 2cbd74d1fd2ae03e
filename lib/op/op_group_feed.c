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
    sqi_group_item *item;
} feed;

static streamq_status init(sqi_op *op, const void *params, streamq_error **err)
{
    const sqi_op_feed_params *p = params;
    feed *s = op->state;
    s->to = p->group->state;
    s->seed = op->env->hash_seed;
    return sqi_group_program(p->params, op->env, &s->prog, &s->vec, &s->nvec, err);
}

void sqi_feed_item(sqi_op *op, sqi_group_item *item)
{
    feed *s = op->state;
    s->item = item;
}

/* Two lanes in one pass, more in a pass each: no branch on the lane of a row. */
static void sort_by_lane(const uint64_t *hash, sqi_rows rows, uint32_t nlane, sqi_rows *to)
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

static sqi_group_part *part_new(const feed *s, const sqi_chunk *chunk, sqi_arena *arena)
{
    const group *g = s->to;
    sqi_group_part *part = sqi_arena_zero(arena, sizeof *part);
    sqi_vec *col = sqi_arena_array(arena, chunk->ncol + 1, sizeof *col);
    if (!part || !col)
        return NULL;
    part->chunk = *chunk;
    part->chunk.col = col;
    part->vec = sqi_arena_array(arena, s->nvec, sizeof *part->vec);
    part->key = sqi_arena_array(arena, g->nkey + 1, sizeof *part->key);
    part->hash = sqi_arena_get(arena, (size_t)chunk->n * sizeof *part->hash);
    part->rows = sqi_arena_array(arena, g->nlane, sizeof *part->rows);
    if (!part->vec || !part->key || !part->hash || !part->rows)
        return NULL;
    if (chunk->ncol)
        memcpy(col, chunk->col, chunk->ncol * sizeof *col);
    for (uint32_t lane = 0; lane < g->nlane; lane++)
        if (!(part->rows[lane].sel = sqi_arena_get(arena, (chunk->rows.n + 1) * sizeof(uint32_t))))
            return NULL;
    return part;
}

static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    feed *s = op->state;
    const group *g = s->to;
    sqi_eval *eval = op->env->eval;
    sqi_group_part *part = part_new(s, chunk, eval->arena);
    if (!part)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_prog_run(s->prog, eval, chunk, s->vec, err));
    memcpy(part->vec, s->vec, s->nvec * sizeof *s->vec);
    for (uint32_t k = 0; k < g->nkey; ++k) {
        SQI_TRY(sqi_order_normalize(&part->key[k], &part->vec[k], chunk->rows, eval->arena, err));
        sqi_order_hash(&part->key[k], chunk->rows, s->seed, k > 0, part->hash);
    }
    sort_by_lane(part->hash, chunk->rows, g->nlane, part->rows);
    if (!sqi_table_takes_hashes(g->lane[0].table))
        part->hash = NULL;
    *s->item->last = part;
    s->item->last = &part->next;
    s->item->rows += chunk->rows.n;
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
