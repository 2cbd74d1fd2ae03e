/*
 * arrow_bridge: import and export of the library's data room as two plain functions, for a shared object that
 * check_arrow.py loads. What comes in as Arrow is imported with the columns its own schema maps to (or those of a
 * second schema), and exported again.
 */
#include "data_arrow.h"

#include <stdio.h>

#define BRIDGE __attribute__((visibility("default")))

int arrow_bridge_round_trip(struct ArrowArray *array, struct ArrowSchema *schema, const struct ArrowSchema *want,
                            struct ArrowArray *out, struct ArrowSchema *out_schema, char *message, size_t room);
int arrow_bridge_stream(struct ArrowArray *array, struct ArrowSchema *schema, int times, struct ArrowArrayStream *out,
                        char *message, size_t room);

/* Lives as long as the process: streams and batches point to it. */
static sqi_alloc heap;
static sqi_type_pool *pool;

static int answer(streamq_status status, streamq_error *error, char *message, size_t room)
{
    snprintf(message, room, "%s", error ? sqi_error_message(error) : "");
    sqi_error_free(error);
    return status;
}

static streamq_status import(struct ArrowArray *array, const struct ArrowSchema *schema, const struct ArrowSchema *want,
                             sqi_batch **out, streamq_error **err)
{
    if (!pool) {
        sqi_alloc_init(&heap);
        pool = sqi_type_pool_new(&heap);
    }
    sqi_arena arena;
    sqi_arena_init(&arena, &heap);
    sqi_schema columns;
    *out = NULL;
    streamq_status status = sqi_arrow_import_schema(want, pool, &arena, &columns, err);
    if (status == STREAMQ_OK)
        status = sqi_arrow_import_batch(&heap, pool, &columns, array, schema, out, err);
    sqi_arena_fini(&arena);
    return status;
}

static void release(struct ArrowArray *array, struct ArrowSchema *schema)
{
    if (array->release)
        array->release(array);
    if (schema->release)
        schema->release(schema);
}

/* Takes array and schema. want: NULL for the schema's own columns. */
BRIDGE int arrow_bridge_round_trip(struct ArrowArray *array, struct ArrowSchema *schema, const struct ArrowSchema *want,
                                   struct ArrowArray *out, struct ArrowSchema *out_schema, char *message, size_t room)
{
    sqi_batch *batch;
    streamq_error *error = NULL;
    streamq_status status = import(array, schema, want ? want : schema, &batch, &error);
    if (status == STREAMQ_OK)
        status = sqi_arrow_export_batch(batch, out, out_schema, &error);
    sqi_batch_unref(batch);
    release(array, schema);
    return answer(status, error, message, room);
}

/* Takes array and schema; the stream gives the rows as chunks, all of them `times` over. */
BRIDGE int arrow_bridge_stream(struct ArrowArray *array, struct ArrowSchema *schema, int times,
                               struct ArrowArrayStream *out, char *message, size_t room)
{
    sqi_batch *batch;
    streamq_error *error = NULL;
    streamq_status status = import(array, schema, schema, &batch, &error);
    size_t chunks = batch ? batch->nchunk : 0;
    for (int i = 1; i < times && status == STREAMQ_OK; i++)
        for (size_t c = 0; c < chunks && status == STREAMQ_OK; c++)
            status = sqi_batch_append_shared(batch, &batch->chunk[c], &error);
    if (status == STREAMQ_OK)
        status = sqi_arrow_export_stream(batch, out, &error);
    sqi_batch_unref(batch);
    release(array, schema);
    return answer(status, error, message, room);
}
