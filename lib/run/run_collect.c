/*
 * run_collect: the bounded twin of run_query: the same chain, one flush, no state kept. Sources give what they hold now.
 */
#include "run_collect.h"

typedef struct collect {
    sqi_alloc *alloc;
    sqi_io_env io;
    sqi_arena arena;
    sqi_eval eval;
    sqi_op_env env;
    sqi_chain chain;
    sqi_op end;
    sqi_collect_push push;
    void *context;
    const sqi_plan_source *reading;
} collect;

static streamq_status hand_on(sqi_op *op, uint32_t input, const sqi_chunk *chunk, streamq_error **err)
{
    collect *c = op->state;
    (void)input;
    return c->push(c->context, chunk, err);
}

static const sqi_op_type op_end = {.name = "Collect", .push = hand_on};

static streamq_status take_chunk(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    collect *c = context;
    sqi_arena_mark mark = sqi_arena_mark_get(&c->arena);
    streamq_status status = sqi_chain_push(&c->chain, c->reading, chunk, err);
    sqi_arena_release(&c->arena, mark);
    return status;
}

static streamq_status read_source(collect *c, const sqi_plan_source *plan, streamq_error **err)
{
    const sqi_source_spec *spec = plan->declared;
    sqi_source *s;
    SQI_TRY(sqi_source_open(&s, spec->type, &c->io, spec->options, &plan->schema, spec->declared, err));
    sqi_offset start = {0}, end = {0};
    s->available_now = s->no_limits = true;
    c->reading = plan;
    streamq_status status = s->type->latest(s, &start, &end, err);
    if (status == STREAMQ_OK && end.known)
        status = s->type->read(s, &start, &end, take_chunk, c, err);
    sqi_source_close(s);
    return status;
}

static streamq_status run(collect *c, const sqi_node *plan, streamq_error **err)
{
    uint64_t seed[2];
    if (!c->io.os->random(c->io.os->context, seed, sizeof seed))
        return sqi_error_set(err, SQI_COND_IO_ERROR, "the system gave no random bytes for hashing");
    c->eval.random_seed = seed[0];
    c->env.hash_seed = seed[1];
    SQI_TRY(sqi_chain_build(&c->chain, plan, &c->env, &c->end, err));
    for (size_t i = 0; i < c->chain.nsource; ++i)
        SQI_TRY(read_source(c, c->chain.source[i], err));
    return sqi_chain_finish(&c->chain, err);
}

streamq_status sqi_collect_into(const sqi_node *plan, const sqi_io_env *io, const sqi_eval *settings,
                                uint32_t chunk_rows, sqi_collect_push push, void *context, streamq_error **err)
{
    collect c = {.alloc = io->alloc, .io = *io, .eval = *settings, .push = push, .context = context};
    c.io.chunk_rows = chunk_rows;
    sqi_arena_init(&c.arena, io->alloc);
    c.eval.alloc = io->alloc;
    c.eval.arena = &c.arena;
    int64_t wall = io->os->wall_micros(io->os->context);
    c.eval.now_micros = wall;
    c.env = (sqi_op_env){.alloc = io->alloc,
                         .eval = &c.eval,
                         .mode = STREAMQ_COMPLETE,
                         .chunk_rows = chunk_rows,
                         .now_micros = io->os->monotonic_micros,
                         .context = io->os->context};
    c.end = (sqi_op){.type = &op_end, .env = &c.env, .state = &c, .ninput = 1};
    streamq_status status = run(&c, plan, err);
    sqi_chain_free(&c.chain);
    sqi_arena_fini(&c.arena);
    return status;
}

static streamq_status keep(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    return sqi_batch_append(context, chunk, err);
}

streamq_status sqi_collect(const sqi_node *plan, const sqi_schema *schema, const sqi_io_env *io,
                           const sqi_eval *settings, uint32_t chunk_rows, sqi_batch **out, streamq_error **err)
{
    *out = NULL;
    sqi_batch *batch = sqi_batch_new(io->alloc, schema, err);
    if (!batch)
        return STREAMQ_ERR_NOMEM;
    streamq_status status = sqi_collect_into(plan, io, settings, chunk_rows, keep, batch, err);
    if (status == STREAMQ_OK)
        *out = batch;
    else
        sqi_batch_unref(batch);
    return status;
}
