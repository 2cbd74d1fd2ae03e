/*
 * src_custom: a source of the program. Its offsets are bytes that only it understands; its rows come as an Arrow stream
 * and become batches, checked like any untrusted array.
 */
#include "data_arrow.h"
#include "io_custom.h"

enum { POLL_MICROS = 10000 };

typedef struct state {
    void *instance;
    bool open;
    sqi_arena arena;
} state;

static const sqi_custom_source *table_of(const sqi_source *s)
{
    return s->declared;
}

static streamq_status failed(const sqi_source *s, const char *callback, int32_t code,
                             const struct streamq_ext_error *why, streamq_error **err)
{
    return sqi_custom_failed("source", s->type->name, callback, code, why, err);
}

static streamq_status open_source(sqi_source *s, streamq_error **err)
{
    state *t = s->state;
    sqi_custom_options options;
    struct streamq_ext_error why = {{0}};
    sqi_arena_init(&t->arena, s->env->alloc);
    SQI_TRY(sqi_custom_options_make(s->options, &t->arena, &options, err));
    const streamq_source *table = &table_of(s)->table;
    int32_t code = table->open(table->user, options.name, options.value, options.n, &t->instance, &why);
    if (code)
        return failed(s, "open", code, &why, err);
    t->open = true;
    return STREAMQ_OK;
}

static void to_public(const sqi_offset *o, streamq_offset *out)
{
    out->length = o->known ? o->nbytes : 0;
    memcpy(out->bytes, o->bytes, out->length);
}

static streamq_status latest(sqi_source *s, const sqi_offset *start, sqi_offset *end, streamq_error **err)
{
    state *t = s->state;
    streamq_offset from = {0}, to = {0};
    struct streamq_ext_error why = {{0}};
    to_public(start, &from);
    to = from;
    int32_t code = table_of(s)->table.latest(t->instance, &from, &to, &why);
    if (code)
        return failed(s, "latest", code, &why, err);
    if (to.length > SQI_OFFSET_BYTES)
        return sqi_error_set(err, SQI_COND_USER_CALLBACK_FAILED,
                             "source '%.100s': latest gave an offset of %u bytes; at most %d", s->type->name,
                             (unsigned)to.length, SQI_OFFSET_BYTES);
    *end = (sqi_offset){.known = to.length > 0, .nbytes = to.length};
    memcpy(end->bytes, to.bytes, to.length);
    return STREAMQ_OK;
}

static streamq_status emit_batch(sqi_source *s, struct ArrowArray *array, const struct ArrowSchema *schema,
                                 sqi_source_emit emit, void *context, streamq_error **err)
{
    sqi_batch *b = NULL;
    streamq_status status = sqi_arrow_import_batch(s->env->alloc, s->env->pool, s->schema, array, schema, &b, err);
    if (array->release)
        array->release(array);
    for (size_t i = 0; status == STREAMQ_OK && i < b->nchunk; ++i)
        for (uint32_t at = 0; status == STREAMQ_OK && at < b->chunk[i].rows.n; at += s->env->chunk_rows) {
            sqi_chunk part;
            uint32_t left = b->chunk[i].rows.n - at, n = left < s->env->chunk_rows ? left : s->env->chunk_rows;
            status = sqi_chunk_slice(&part, &b->chunk[i], at, n, &b->arena, err);
            if (status == STREAMQ_OK)
                status = emit(context, &part, err);
        }
    sqi_batch_unref(b);
    return status;
}

static streamq_status stream_failed(sqi_source *s, struct ArrowArrayStream *stream, int code, streamq_error **err)
{
    const char *text = stream->get_last_error ? stream->get_last_error(stream) : NULL;
    return sqi_error_set(err, SQI_COND_USER_CALLBACK_FAILED, "source '%.100s': its Arrow stream failed with %d: %.400s",
                         s->type->name, code, text ? text : "no reason given");
}

static streamq_status drain(sqi_source *s, struct ArrowArrayStream *stream, sqi_source_emit emit, void *context,
                            streamq_error **err)
{
    struct ArrowSchema schema = {0};
    int code = stream->get_schema(stream, &schema);
    if (code)
        return stream_failed(s, stream, code, err);
    streamq_status status = STREAMQ_OK;
    while (status == STREAMQ_OK) {
        struct ArrowArray array = {0};
        code = stream->get_next(stream, &array);
        if (code)
            status = stream_failed(s, stream, code, err);
        else if (!array.release)
            break;
        else
            status = emit_batch(s, &array, &schema, emit, context, err);
    }
    if (schema.release)
        schema.release(&schema);
    return status;
}

static streamq_status read_range(sqi_source *s, const sqi_offset *start, const sqi_offset *end, sqi_source_emit emit,
                                 void *context, streamq_error **err)
{
    state *t = s->state;
    streamq_offset from = {0}, to = {0};
    struct ArrowArrayStream stream = {0};
    struct streamq_ext_error why = {{0}};
    to_public(start, &from);
    to_public(end, &to);
    int32_t code = table_of(s)->table.read(t->instance, &from, &to, &stream, &why);
    bool whole = stream.release && stream.get_schema && stream.get_next;
    if (stream.release && (code || !whole))
        stream.release(&stream);
    if (code)
        return failed(s, "read", code, &why, err);
    if (!whole)
        return sqi_error_set(err, SQI_COND_USER_CALLBACK_FAILED,
                             "source '%.100s': read returned 0 but gave no Arrow stream", s->type->name);
    streamq_status status = drain(s, &stream, emit, context, err);
    stream.release(&stream);
    return status;
}

static void commit(sqi_source *s, const sqi_offset *end)
{
    state *t = s->state;
    streamq_offset to = {0};
    to_public(end, &to);
    if (table_of(s)->table.commit)
        table_of(s)->table.commit(t->instance, &to);
}

/* The bytes in hexadecimal, as a JSON string. */
static bool offset_json(const sqi_source *s, const sqi_offset *o, sqi_buf *to)
{
    (void)s;
    bool ok = sqi_buf_byte(to, '"');
    for (uint32_t i = 0; ok && i < o->nbytes; ++i)
        ok = sqi_buf_printf(to, "%02x", o->bytes[i]);
    return ok && sqi_buf_byte(to, '"');
}

static int source_fd(const sqi_source *s)
{
    const state *t = s->state;
    return t->open && table_of(s)->table.fd ? table_of(s)->table.fd(t->instance) : -1;
}

static int64_t next_micros(const sqi_source *s)
{
    const streamq_source *table = &table_of(s)->table;
    if (source_fd(s) >= 0)
        return INT64_MAX;
    return s->env->os->monotonic_micros(s->env->os->context) +
           (table->poll_micros > 0 ? table->poll_micros : POLL_MICROS);
}

static void close_source(sqi_source *s)
{
    state *t = s->state;
    if (t->open && table_of(s)->table.close)
        table_of(s)->table.close(t->instance);
    if (t->arena.alloc)
        sqi_arena_fini(&t->arena);
}

const sqi_source_type sqi_src_custom = {
    .destroys = true,
    .name = "custom",
    .state_size = sizeof(state),
    .open = open_source,
    .latest = latest,
    .read = read_range,
    .commit = commit,
    .offset_json = offset_json,
    .fd = source_fd,
    .next_micros = next_micros,
    .close = close_source,
};
