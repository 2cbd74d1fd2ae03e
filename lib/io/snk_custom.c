/*
 * snk_custom: a sink of the program: chunks go out as Arrow arrays between begin and commit.
 */
#include "data_arrow.h"
#include "io_custom.h"

typedef struct state {
    void *instance;
    bool open;
    sqi_arena arena;
} state;

static const streamq_sink *table_of(const sqi_sink *k)
{
    return &((const sqi_custom_sink *)k->declared)->table;
}

static streamq_status failed(const sqi_sink *k, const char *callback, int32_t code, const struct streamq_ext_error *why,
                             streamq_error **err)
{
    return sqi_custom_failed("sink", k->type->name, callback, code, why, err);
}

static streamq_status open_sink(sqi_sink *k, streamq_error **err)
{
    state *t = k->state;
    sqi_custom_options options;
    struct ArrowSchema schema = {0};
    struct streamq_ext_error why = {{0}};
    sqi_arena_init(&t->arena, k->env->alloc);
    SQI_TRY(sqi_custom_options_make(k->options, &t->arena, &options, err));
    SQI_TRY(sqi_arrow_export_schema(k->schema, &schema, err));
    int32_t code = table_of(k)->open(table_of(k)->user, options.name, options.value, options.n, &schema, k->mode,
                                     &t->instance, &why);
    if (schema.release)
        schema.release(&schema);
    if (code)
        return failed(k, "open", code, &why, err);
    t->open = true;
    return STREAMQ_OK;
}

static streamq_status begin(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    state *t = k->state;
    struct streamq_ext_error why = {{0}};
    int32_t code = table_of(k)->begin ? table_of(k)->begin(t->instance, batch_id, &why) : 0;
    return code ? failed(k, "begin", code, &why, err) : STREAMQ_OK;
}

static streamq_status write_chunk(sqi_sink *k, const sqi_chunk *chunk, streamq_error **err)
{
    state *t = k->state;
    struct ArrowArray array = {0};
    struct streamq_ext_error why = {{0}};
    SQI_TRY(sqi_arrow_export_chunk(k->env->alloc, k->schema, chunk, &array, err));
    int32_t code = table_of(k)->write(t->instance, &array, &why);
    return code ? failed(k, "write", code, &why, err) : STREAMQ_OK;
}

static streamq_status commit(sqi_sink *k, int64_t batch_id, streamq_error **err)
{
    state *t = k->state;
    struct streamq_ext_error why = {{0}};
    int32_t code = table_of(k)->commit(t->instance, batch_id, &why);
    return code ? failed(k, "commit", code, &why, err) : STREAMQ_OK;
}

static void abort_batch(sqi_sink *k)
{
    state *t = k->state;
    if (table_of(k)->abort)
        table_of(k)->abort(t->instance);
}

static void close_sink(sqi_sink *k)
{
    state *t = k->state;
    if (t->open && table_of(k)->close)
        table_of(k)->close(t->instance);
    if (t->arena.alloc)
        sqi_arena_fini(&t->arena);
}

const sqi_sink_type sqi_snk_custom = {
    .name = "custom",
    .state_size = sizeof(state),
    .open = open_sink,
    .begin = begin,
    .write = write_chunk,
    .commit = commit,
    .abort = abort_batch,
    .close = close_sink,
};
