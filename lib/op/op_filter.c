/*
 * op_filter: rows whose condition is true go on; false and null stay behind. Only a new selection is made, the columns
 * are the input's own.
 */
#include "op.h"

typedef struct filter {
    sqi_prog *prog;
} filter;

static streamq_status init(sqi_op *op, const void *params, streamq_error **err)
{
    const sqi_op_filter_params *p = params;
    filter *s = op->state;
    return sqi_prog_new(&s->prog, &p->condition, 1, op->env->eval, err);
}

static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    filter *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    sqi_chunk out = *chunk;
    streamq_status status = sqi_prog_filter(s->prog, op->env->eval, chunk, &out.rows, err);
    if (status == STREAMQ_OK)
        status = sqi_op_emit(op, &out, err);
    sqi_arena_release(arena, mark);
    return status;
}

static void fini(sqi_op *op)
{
    filter *s = op->state;
    sqi_prog_free(s->prog);
}

const sqi_op_type sqi_op_filter = {
    .name = "Filter", .state_size = sizeof(filter), .init = init, .push = push, .fini = fini};
