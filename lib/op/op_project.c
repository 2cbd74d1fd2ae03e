/*
 * op_project: each output column is an expression over the input. Rows keep their positions and their selection, so
 * nothing is moved: a column that is only passed on costs its header. The program and the column headers are made
 * once; what the expressions compute stands in chunk scratch.
 */
#include "op.h"

typedef struct project {
    sqi_prog *prog;
    sqi_vec *col;
    uint32_t n;
} project;

static streamq_status init(sqi_op *op, const void *params, streamq_error **err)
{
    const sqi_op_project_params *p = params;
    project *s = op->state;
    s->n = p->n;
    if (p->n && !(s->col = sqi_alloc_array(op->env->alloc, p->n, sizeof *s->col)))
        return sqi_error_nomem(err);
    return sqi_prog_new(&s->prog, p->expr, p->n, op->env->eval, err);
}

static streamq_status push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    (void)input;
    project *s = op->state;
    sqi_arena *arena = op->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    streamq_status status = sqi_prog_run(s->prog, op->env->eval, chunk, s->col, err);
    if (status == STREAMQ_OK) {
        sqi_chunk out = *chunk;
        out.ncol = s->n;
        out.col = s->col;
        status = sqi_op_emit(op, &out, err);
    }
    sqi_arena_release(arena, mark);
    return status;
}

static void fini(sqi_op *op)
{
    project *s = op->state;
    sqi_prog_free(s->prog);
    sqi_alloc_free(op->env->alloc, s->col, s->n * sizeof *s->col);
}

const sqi_op_type sqi_op_project = {
    .name = "Project", .state_size = sizeof(project), .init = init, .push = push, .fini = fini};
