/*
 * op_chain: making, running and freeing operators.
 *
 * Chunks travel depth-first through sqi_op_push; the end of a micro-batch travels as sqi_op_flush, input by input, and
 * goes on to the next operator once every input of this one has ended. The stop flag is looked at here, once a chunk,
 * so no operator has to. Ownership: the chain's owner frees each operator; an operator never frees its neighbours.
 */
#include "op.h"

#include "data_cut.h"

streamq_status sqi_op_new(sqi_op **out, const sqi_op_type *type, const void *params, uint32_t ninput, sqi_op_env *env,
                          sqi_op *next, uint32_t next_input, streamq_error **err)
{
    *out = NULL;
    sqi_op *op = sqi_alloc_zero(env->alloc, sizeof *op);
    if (!op)
        return sqi_error_nomem(err);
    *op = (sqi_op){.type = type, .env = env, .next = next, .next_input = next_input, .ninput = ninput ? ninput : 1};
    if (type->state_size && !(op->state = sqi_alloc_zero(env->alloc, type->state_size))) {
        sqi_alloc_free(env->alloc, op, sizeof *op);
        return sqi_error_nomem(err);
    }
    if (type->init) {
        streamq_status status = type->init(op, params, err);
        if (status != STREAMQ_OK) {
            sqi_op_free(op);
            return status;
        }
    }
    *out = op;
    return STREAMQ_OK;
}

void sqi_op_free(sqi_op *op)
{
    if (!op)
        return;
    sqi_alloc *alloc = op->env->alloc;
    if (op->type->fini)
        op->type->fini(op);
    sqi_alloc_free(alloc, op->state, op->type->state_size);
    sqi_alloc_free(alloc, op, sizeof *op);
}

static streamq_status check_stop(const sqi_op *op, streamq_error **err)
{
    if (op->env->stop && atomic_load_explicit(op->env->stop, memory_order_relaxed))
        return sqi_error_set(err, SQI_COND_QUERY_STOPPED, "the query was stopped while a micro-batch was running");
    return STREAMQ_OK;
}

static streamq_status push_cut(sqi_op *op, uint32_t input, const sqi_chunk *lines, streamq_error **err)
{
    sqi_arena *arena = op->env->eval->arena;
    sqi_arena_mark mark = sqi_arena_mark_get(arena);
    sqi_chunk chunk;
    sqi_vec column;
    streamq_status status = sqi_lines_cut(&chunk, &column, lines, arena, err);
    if (status == STREAMQ_OK)
        status = op->type->push(op, input, &chunk, err);
    sqi_arena_release(arena, mark);
    return status;
}

streamq_status sqi_op_push(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    if (!chunk->rows.n)
        return STREAMQ_OK;
    SQI_TRY(check_stop(op, err));
    if (chunk->lines.len && !op->takes_lines)
        return push_cut(op, input, chunk, err);
    return op->type->push(op, input, chunk, err);
}

streamq_status sqi_op_flush(sqi_op *op, streamq_error **err)
{
    for (; op; op = op->next) {
        if (++op->flushed < op->ninput)
            return STREAMQ_OK;
        op->flushed = 0;
        SQI_TRY(check_stop(op, err));
        if (op->type->flush)
            SQI_TRY(op->type->flush(op, err));
    }
    return STREAMQ_OK;
}
