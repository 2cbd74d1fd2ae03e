/*
 * op_limit: LIMIT and OFFSET: a window over the rows in order of arrival.
 *
 * Two lives: the usual limit starts anew in each micro-batch; a streaming limit in append mode (whole_life) counts over
 * all batches and is an operator with state, one row of it. Once full it lets nothing through and counts no update.
 */
#include "op_limit.h"
#include "base_bytes.h"
#include "op_shape.h"

typedef struct limit {
    uint64_t limit, offset;
    uint64_t seen;   /* rows that came, skipped ones included, up to offset + limit */
    uint64_t before; /* `seen` when this micro-batch began */
    bool whole_life;
} limit;

static streamq_status init(sqi_op *op, const void *params, streamq_error **err)
{
    (void)err;
    const sqi_op_limit_params *p = params;
    limit *s = op->state;
    s->limit = p->limit < 0 ? UINT64_MAX : (uint64_t)p->limit;
    s->offset = p->offset < 0 ? 0 : (uint64_t)p->offset;
    s->whole_life = p->whole_life;
    return STREAMQ_OK;
}

/* The rows from `skip` on, at most `take` of them. */
static bool cut(sqi_rows *rows, uint32_t skip, uint32_t take, sqi_arena *arena)
{
    if (skip && !rows->sel) {
        uint32_t *sel = sqi_arena_get(arena, (size_t)take * sizeof *sel);
        if (!sel)
            return false;
        for (uint32_t i = 0; i < take; ++i)
            sel[i] = skip + i;
        rows->sel = sel;
    } else if (skip) {
        rows->sel += skip;
    }
    rows->n = take;
    return true;
}

static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    limit *s = op->state;
    uint64_t n = chunk->rows.n;
    uint64_t skip = s->seen < s->offset ? s->offset - s->seen : 0;
    if (skip > n)
        skip = n;
    uint64_t passed = s->seen > s->offset ? s->seen - s->offset : 0;
    uint64_t take = n - skip;
    if (take > s->limit - passed)
        take = s->limit - passed;
    s->seen += skip + take;
    if (!take)
        return STREAMQ_OK;
    sqi_arena *arena = op->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    sqi_chunk out = *chunk;
    streamq_status status =
        cut(&out.rows, (uint32_t)skip, (uint32_t)take, arena) ? sqi_op_emit(op, &out, err) : sqi_error_nomem(err);
    sqi_arena_release(arena, mark);
    return status;
}

static streamq_status flush(sqi_op *op, streamq_error **err)
{
    (void)err;
    limit *s = op->state;
    if (!s->whole_life)
        s->seen = 0;
    return STREAMQ_OK;
}

static void commit(sqi_op *op)
{
    limit *s = op->state;
    s->before = s->seen;
}

static bool metrics(const sqi_op *op, sqi_op_metrics *out)
{
    const limit *s = op->state;
    if (!s->whole_life)
        return false;
    *out = (sqi_op_metrics){.name = "globalLimit",
                            .rows_total = s->seen > 0,
                            .rows_updated = s->seen > s->before,
                            .memory_bytes = sizeof *s};
    return true;
}

static bool explain(const sqi_op *op, sqi_buf *to)
{
    const limit *s = op->state;
    return !s->whole_life || sqi_buf_text(to, ", over all batches");
}

/* ---- checkpoint: a block is a version and how many rows came ---------------------------------------------------- */

enum { VERSION = 1 };

static bool shape(const sqi_op *op, sqi_buf *to)
{
    const limit *s = op->state;
    return !s->whole_life ||
           (sqi_shape_operator(to, "globalLimit", op->type->name) && sqi_buf_text(to, "value\tBIGINT\tcount\n"));
}

static streamq_status save(const sqi_op *op, sqi_buf *to, streamq_error **err)
{
    const limit *s = op->state;
    return sqi_buf_byte(to, VERSION) && sqi_bytes_put_varint(to, s->seen) ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status save_changes(sqi_op *op, sqi_buf *to, streamq_error **err)
{
    return save(op, to, err);
}

static streamq_status save_some(sqi_op *op, uint64_t *cursor, size_t most, sqi_buf *to, streamq_error **err)
{
    (void)most;
    *cursor = 0;
    return save(op, to, err);
}

streamq_status sqi_limit_read(sqi_span block, uint64_t *seen, streamq_error **err)
{
    sqi_bytes from = sqi_bytes_of(block);
    uint8_t version = sqi_bytes_get8(&from);
    *seen = sqi_bytes_get_varint(&from);
    if (!from.bad && version == VERSION && !sqi_bytes_left(&from))
        return STREAMQ_OK;
    return sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT, "the saved state of a limit cannot be read");
}

/* The limit may have been lowered since. */
static streamq_status load(sqi_op *op, sqi_span block, streamq_error **err)
{
    limit *s = op->state;
    uint64_t seen, most = s->limit > UINT64_MAX - s->offset ? UINT64_MAX : s->limit + s->offset;
    SQI_TRY(sqi_limit_read(block, &seen, err));
    s->seen = s->before = seen < most ? seen : most;
    return STREAMQ_OK;
}

const sqi_op_type sqi_op_limit = {.name = "Limit",
                                  .state_size = sizeof(limit),
                                  .init = init,
                                  .push = push,
                                  .flush = flush,
                                  .commit = commit,
                                  .metrics = metrics,
                                  .explain = explain,
                                  .shape = shape,
                                  .save_changes = save_changes,
                                  .save_some = save_some,
                                  .load = load};
