/*
 * op_expand: grouping sets. Every chunk goes on once per projection, so each input row appears once in each grouping
 * set. The projections are separate programs over the same input; one set of column headers serves them in turn.
 */
#include "op.h"

typedef struct expand {
    sqi_prog **prog;
    sqi_vec *col;
    uint32_t nproj, ncol;
} expand;

static streamq_status init(sqi_op *op, const void *params, streamq_error **err)
{
    const sqi_op_expand_params *p = params;
    expand *s = op->state;
    if (p->ncol) {
        if (!(s->col = sqi_alloc_array(op->env->alloc, p->ncol, sizeof *s->col)))
            return sqi_error_nomem(err);
        s->ncol = p->ncol;
    }
    if (p->nproj) {
        if (!(s->prog = sqi_alloc_array(op->env->alloc, p->nproj, sizeof(sqi_prog *))))
            return sqi_error_nomem(err);
        s->nproj = p->nproj;
    }
    for (uint32_t i = 0; i < s->nproj; ++i)
        SQI_TRY(sqi_prog_new(&s->prog[i], p->projection[i], p->ncol, op->env->eval, err));
    return STREAMQ_OK;
}

static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    expand *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    for (uint32_t i = 0; i < s->nproj; ++i) {
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        streamq_status status = sqi_prog_run(s->prog[i], op->env->eval, chunk, s->col, err);
        if (status == STREAMQ_OK) {
            sqi_chunk out = *chunk;
            out.ncol = s->ncol;
            out.col = s->col;
            status = sqi_op_emit(op, &out, err);
        }
        sqi_arena_release(arena, mark);
        SQI_TRY(status);
    }
    return STREAMQ_OK;
}

static void fini(sqi_op *op)
{
    expand *s = op->state;
    for (uint32_t i = 0; i < s->nproj; ++i)
        sqi_prog_free(s->prog[i]);
    sqi_alloc_free(op->env->alloc, s->prog, s->nproj * sizeof(sqi_prog *));
    sqi_alloc_free(op->env->alloc, s->col, s->ncol * sizeof *s->col);
}

const sqi_op_type sqi_op_expand = {
    .name = "Expand", .state_size = sizeof(expand), .init = init, .push = push, .fini = fini};
