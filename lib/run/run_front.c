/*
 * run_front: see the header. An item's memory is one arena that releases nothing until the item's slot is used again:
 * what the operators made stands as long as a lane may read it.
 */
#include "run_front.h"

#include "data_cut.h"

enum {
    ITEM_MADE = 4096, /* rows that the operators should make of an item */
    ITEM_FIRST = 256, /* rows of the first items */
    SLOTS_A_WORKER = 4
};

typedef struct front_slot {
    sqi_arena arena;
    sqi_chunk chunk;
    sqi_group_item item;
} front_slot;

/* ---- life ----------------------------------------------------------------------------------------------------- */

static void init_worker(sqi_front *f, sqi_front_worker *w)
{
    sqi_arena_init(&w->scratch, f->env->alloc);
    w->eval = w->lane_eval = *f->env->eval;
    w->env = w->lane_env = *f->env;
    w->env.eval = &w->eval;
    w->lane_eval.arena = &w->scratch;
    w->lane_env.eval = &w->lane_eval;
}

streamq_status sqi_front_new(sqi_front **out, sqi_op_env *env, uint32_t threads, streamq_error **err)
{
    sqi_front *f = sqi_alloc_zero(env->alloc, sizeof *f);
    *out = f;
    if (!f)
        return sqi_error_nomem(err);
    *f = (sqi_front){.env = env, .nworker = threads, .nslot = threads * SLOTS_A_WORKER};
    f->worker = sqi_alloc_array(env->alloc, f->nworker, sizeof *f->worker);
    f->slot = sqi_alloc_array(env->alloc, f->nslot, sizeof *f->slot);
    if (!f->worker || !f->slot)
        return sqi_error_nomem(err);
    for (uint32_t k = 0; k < f->nslot; k++) {
        sqi_arena_init(&f->slot[k].arena, env->alloc);
        f->slot[k].arena.held = true;
    }
    for (uint32_t k = 0; k < f->nworker; k++)
        init_worker(f, &f->worker[k]);
    return sqi_pipe_init(&f->pipe, env->alloc, env->pool, threads, f->nslot, threads, err);
}

void sqi_front_free(sqi_front *f)
{
    if (!f)
        return;
    sqi_alloc *alloc = f->env->alloc;
    sqi_front_give_up(f);
    sqi_pipe_fini(&f->pipe);
    for (uint32_t k = 0; f->slot && k < f->nslot; k++)
        sqi_arena_fini(&f->slot[k].arena);
    for (uint32_t k = 0; f->worker && k < f->nworker; k++)
        sqi_arena_fini(&f->worker[k].scratch);
    sqi_alloc_free(alloc, f->slot, f->nslot * sizeof *f->slot);
    sqi_alloc_free(alloc, f->worker, f->nworker * sizeof *f->worker);
    sqi_alloc_free(alloc, f, sizeof *f);
}

/* ---- an item's chunk ------------------------------------------------------------------------------------------ */

static void *copy_of(const void *from, size_t bytes, sqi_arena *arena)
{
    void *to = sqi_arena_get(arena, bytes);
    return to ? memcpy(to, from, bytes) : NULL;
}

/* Headers and bitmaps are copied, data is not: it stays. */
static streamq_status copy_headers(sqi_vec *out, const sqi_vec *in, uint32_t n, sqi_arena *arena, streamq_error **err)
{
    uint32_t nchild = in->child ? in->type->nfield : 0, inner = in->type->id == SQI_STRUCT ? n : in->nchild;
    *out = *in;
    if (in->valid) {
        size_t bytes = ((size_t)(in->mask ? n : 1) + 63) / 64 * sizeof *in->valid;
        if (!(out->valid = sqi_arena_get(arena, bytes)))
            return sqi_error_nomem(err);
        memcpy(out->valid, in->valid, bytes);
    }
    if (nchild && !(out->child = sqi_arena_array(arena, nchild, sizeof *out->child)))
        return sqi_error_nomem(err);
    for (uint32_t c = 0; c < nchild; c++)
        SQI_TRY(copy_headers(&out->child[c], &in->child[c], inner, arena, err));
    return STREAMQ_OK;
}

static streamq_status keep_chunk(const sqi_front *f, front_slot *slot, const sqi_chunk *in, streamq_error **err)
{
    sqi_arena *arena = &slot->arena;
    sqi_chunk *out = &slot->chunk;
    *out = *in;
    if (!(out->col = sqi_arena_array(arena, in->ncol + 1, sizeof *out->col)))
        return sqi_error_nomem(err);
    if (in->lines.len) {
        out->col[0] = in->col[0];
        if (!f->stable && !(out->lines.ptr = copy_of(in->lines.ptr, in->lines.len, arena)))
            return sqi_error_nomem(err);
        return STREAMQ_OK;
    }
    if (!f->stable) { /* dense */
        for (uint32_t c = 0; c < in->ncol; c++)
            SQI_TRY(sqi_vec_copy(&out->col[c], &in->col[c], in->rows, arena, err));
        out->n = in->rows.n;
        out->rows = (sqi_rows){NULL, in->rows.n};
        return STREAMQ_OK;
    }
    if (in->rows.sel && !(out->rows.sel = copy_of(in->rows.sel, in->rows.n * sizeof *in->rows.sel, arena)))
        return sqi_error_nomem(err);
    for (uint32_t c = 0; c < in->ncol; c++) {
        SQI_TRY(copy_headers(&out->col[c], &in->col[c], in->n, arena, err));
        size_t width = sqi_type_width(in->col[c].type);
        if (in->fleeting &&
            !(out->col[c].data = copy_of(in->col[c].data, (in->col[c].mask ? in->n : 1) * width, arena)))
            return sqi_error_nomem(err);
    }
    out->fleeting = false;
    return STREAMQ_OK;
}

/* ---- the pipe's job ------------------------------------------------------------------------------------------- */

static front_slot *slot_of(const sqi_front *f, uint64_t item)
{
    return &f->slot[item % f->nslot];
}

static streamq_status prepare(void *context, uint64_t item, uint32_t worker, streamq_error **err)
{
    sqi_front *f = context;
    front_slot *slot = slot_of(f, item);
    sqi_front_worker *w = &f->worker[worker];
    w->eval.arena = sqi_feed_only_counts(w->feed) ? &w->scratch : &slot->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(&w->scratch);
    sqi_feed_item(w->feed, &slot->item, &slot->arena);
    streamq_status status = sqi_op_push(w->entry, 0, &slot->chunk, err);
    sqi_arena_release(&w->scratch, mark);
    SQI_TRY(status);
    atomic_fetch_add_explicit(&f->taken, slot->chunk.rows.n, memory_order_relaxed);
    atomic_fetch_add_explicit(&f->made, slot->item.rows, memory_order_relaxed);
    return STREAMQ_OK;
}

/* What the tally of one worker kept: item k is worker k's. */
static streamq_status prepare_rest(void *context, uint64_t item, uint32_t worker, streamq_error **err)
{
    sqi_front *f = context;
    front_slot *slot = slot_of(f, item);
    sqi_front_worker *w = &f->worker[item];
    (void)worker;
    sqi_feed_item(w->feed, &slot->item, &slot->arena);
    return sqi_feed_rest(w->feed, err);
}

static streamq_status consume(void *context, uint64_t item, uint32_t lane, uint32_t worker, streamq_error **err)
{
    sqi_front *f = context;
    return sqi_group_take_in(f->group, lane, &slot_of(f, item)->item, &f->worker[worker].lane_env, err);
}

/* ---- the driver ----------------------------------------------------------------------------------------------- */

static int64_t now(const sqi_front *f)
{
    return f->env->now_micros ? f->env->now_micros(f->env->context) : 0;
}

static void begin(sqi_front *f)
{
    const sqi_pipe_job job = {f, false, prepare, consume};
    for (uint32_t k = 0; k < f->nworker; k++) {
        sqi_front_worker *w = &f->worker[k];
        w->eval = w->lane_eval = *f->env->eval; /* the micro-batch's time among them */
        w->lane_eval.arena = &w->scratch;
    }
    f->open = true;
    f->rows = 0;
    f->began = now(f);
    sqi_pipe_open(&f->pipe, &job, false);
}

/* Rows of an item, from what items made so far. */
static uint32_t item_rows(sqi_front *f)
{
    uint64_t taken = atomic_load_explicit(&f->taken, memory_order_relaxed);
    uint64_t made = atomic_load_explicit(&f->made, memory_order_relaxed);
    uint64_t n = taken < ITEM_FIRST ? ITEM_FIRST : ITEM_MADE * taken / (made ? made : 1);
    return n < 16 ? 16 : n > SQI_CHUNK_ROWS ? SQI_CHUNK_ROWS : (uint32_t)n;
}

static streamq_status put_item(sqi_front *f, const sqi_chunk *chunk, uint32_t at, uint32_t n, streamq_error **err)
{
    front_slot *slot = slot_of(f, sqi_pipe_room(&f->pipe));
    sqi_chunk part;
    sqi_arena_reset(&slot->arena);
    slot->item = (sqi_group_item){NULL, &slot->item.first, 0};
    SQI_TRY(sqi_chunk_slice(&part, chunk, at, n, &slot->arena, err));
    SQI_TRY(keep_chunk(f, slot, &part, err));
    sqi_pipe_put(&f->pipe);
    return STREAMQ_OK;
}

/* The next item's part of a chunk of lines; the rest stays in *lines. */
static sqi_chunk take_lines(sqi_front *f, sqi_vec *column, sqi_span *lines)
{
    uint32_t n;
    sqi_span some = sqi_lines_first(*lines, item_rows(f), &n);
    *lines = (sqi_span){some.ptr + some.len, lines->len - some.len};
    return sqi_lines_chunk(column, some, n);
}

streamq_status sqi_front_push(sqi_front *f, const sqi_chunk *chunk, streamq_error **err)
{
    if (!f->open)
        begin(f);
    f->rows += chunk->rows.n;
    if (f->rows >= f->env->help_rows)
        sqi_pipe_help(&f->pipe);
    for (sqi_span lines = chunk->lines; lines.len;) {
        sqi_vec column;
        sqi_chunk part = take_lines(f, &column, &lines);
        if (sqi_pipe_failed(&f->pipe))
            return sqi_front_finish(f, err);
        SQI_TRY(put_item(f, &part, 0, part.n, err));
    }
    for (uint32_t at = 0; !chunk->lines.len && at < chunk->rows.n;) {
        uint32_t most = item_rows(f), n = chunk->rows.n - at < most ? chunk->rows.n - at : most;
        if (sqi_pipe_failed(&f->pipe))
            return sqi_front_finish(f, err);
        SQI_TRY(put_item(f, chunk, at, n, err));
        at += n;
    }
    return STREAMQ_OK;
}

/* Every row has been taken in but those in the workers' tallies, which come last. */
static streamq_status finish_tallies(sqi_front *f, streamq_error **err)
{
    const sqi_pipe_job job = {f, false, prepare_rest, consume};
    bool any = false;
    for (uint32_t k = 0; k < f->nworker; k++)
        any |= sqi_feed_has_rest(f->worker[k].feed);
    if (!any)
        return STREAMQ_OK;
    sqi_pipe_open(&f->pipe, &job, f->rows >= f->env->help_rows);
    for (uint32_t k = 0; k < f->nworker; k++) {
        front_slot *slot = slot_of(f, sqi_pipe_room(&f->pipe));
        sqi_arena_reset(&slot->arena);
        slot->item = (sqi_group_item){NULL, &slot->item.first, 0};
        sqi_pipe_put(&f->pipe);
    }
    return sqi_pipe_close(&f->pipe, err);
}

streamq_status sqi_front_finish(sqi_front *f, streamq_error **err)
{
    if (!f->open)
        return STREAMQ_OK;
    streamq_status status = sqi_pipe_close(&f->pipe, err);
    if (status == STREAMQ_OK)
        status = finish_tallies(f, err);
    f->open = false;
    sqi_group_took(f->group, now(f) - f->began);
    return status;
}

void sqi_front_give_up(sqi_front *f)
{
    if (f->open)
        sqi_pipe_give_up(&f->pipe);
    f->open = false;
}
