/* ext_numbers: see the header. */
#include "ext_numbers.h"

#include <stdio.h>
#include <string.h>

static int32_t fails(const ext_numbers *x, const char *member, streamq_ext_error *error)
{
    if (!x->fails || strcmp(x->fails, member) != 0)
        return 0;
    streamq_ext_fail(error, "out of sorts");
    return 7;
}

/* What is handed out comes with its children and buffers in one block. */
typedef struct handed {
    ext_numbers *from;
    struct ArrowSchema column_schema, *column_schemas[1];
    struct ArrowArray column, *columns[1];
    const void *buffers[2];
    int64_t first, last; /* numbers that an array has, or a stream still gives */
    int64_t value[];
} handed;

static handed *hand_out(ext_numbers *x, int64_t first, int64_t last)
{
    handed *h = x->take(sizeof *h + (size_t)(last - first + 1) * sizeof *h->value);
    *h = (handed){.from = x, .first = first, .last = last};
    for (int64_t v = first; v <= last; ++v)
        h->value[v - first] = v;
    h->column_schemas[0] = &h->column_schema;
    h->columns[0] = &h->column;
    h->buffers[1] = h->value;
    x->handed_out++;
    return h;
}

static void let_go(handed *h)
{
    h->from->let_go++;
    h->from->give(h);
}

static void release_column_schema(struct ArrowSchema *s)
{
    s->release = NULL;
}

static void release_schema(struct ArrowSchema *s)
{
    if (s->children[0]->release)
        s->children[0]->release(s->children[0]);
    let_go(s->private_data);
    s->release = NULL;
}

static void release_column(struct ArrowArray *a)
{
    a->release = NULL;
}

static void release_rows(struct ArrowArray *a)
{
    if (a->children[0]->release)
        a->children[0]->release(a->children[0]);
    let_go(a->private_data);
    a->release = NULL;
}

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const handed *s = stream->private_data;
    handed *h = hand_out(s->from, 1, 0);
    h->column_schema = (struct ArrowSchema){.format = "l", .name = "n", .release = release_column_schema};
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = 1,
                                .children = h->column_schemas,
                                .release = release_schema,
                                .private_data = h};
    return 0;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    handed *s = stream->private_data;
    *out = (struct ArrowArray){0};
    if (s->first > s->last)
        return 0;
    handed *h = hand_out(s->from, s->first, s->last);
    int64_t n = s->last - s->first + 1;
    h->column = (struct ArrowArray){.length = n, .n_buffers = 2, .buffers = h->buffers, .release = release_column};
    static const void *no_nulls[1] = {NULL};
    *out = (struct ArrowArray){.length = n,
                               .n_buffers = 1,
                               .n_children = 1,
                               .buffers = no_nulls,
                               .children = h->columns,
                               .release = release_rows,
                               .private_data = h};
    s->first = s->last + 1;
    return 0;
}

static const char *stream_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    let_go(stream->private_data);
    stream->release = NULL;
}

/* -------------------------------------------------------------- the source: an offset is the last number given */

static int64_t number_of(const streamq_offset *o)
{
    int64_t v = 0;
    if (o->length)
        memcpy(&v, o->bytes, sizeof v);
    return v;
}

static int32_t schema(void *user, const char *const *names, const char *const *values, size_t options, char *to,
                      size_t size, streamq_ext_error *error)
{
    (void)names, (void)values, (void)options;
    snprintf(to, size, "n BIGINT NOT NULL");
    return fails(user, "schema", error);
}

static int32_t open_source(void *user, const char *const *names, const char *const *values, size_t options,
                           void **instance, streamq_ext_error *error)
{
    ext_numbers *x = user;
    (void)names, (void)values, (void)options;
    if (fails(x, "open", error))
        return 7;
    x->opened++;
    *instance = x;
    return 0;
}

static int32_t latest(void *instance, const streamq_offset *start, streamq_offset *end, streamq_ext_error *error)
{
    const ext_numbers *x = instance;
    int64_t next = number_of(start) + x->step;
    next = next < x->until ? next : x->until;
    end->length = sizeof next;
    memcpy(end->bytes, &next, sizeof next);
    return fails(x, "latest", error);
}

static int32_t read(void *instance, const streamq_offset *start, const streamq_offset *end,
                    struct ArrowArrayStream *out, streamq_ext_error *error)
{
    ext_numbers *x = instance;
    if (fails(x, "read", error))
        return 7;
    handed *h = hand_out(x, 1, 0);
    h->first = number_of(start) + 1;
    h->last = number_of(end);
    *out = (struct ArrowArrayStream){.get_schema = stream_schema,
                                     .get_next = stream_next,
                                     .get_last_error = stream_error,
                                     .release = release_stream,
                                     .private_data = h};
    return 0;
}

static void forget(void *instance, const streamq_offset *end)
{
    ((ext_numbers *)instance)->forgotten = number_of(end);
}

static void close(void *instance)
{
    ((ext_numbers *)instance)->closed++;
}

static void destroy(void *user)
{
    ((ext_numbers *)user)->destroyed++;
}

streamq_source ext_numbers_source(ext_numbers *numbers)
{
    return (streamq_source){.struct_size = sizeof(streamq_source),
                            .user = numbers,
                            .destroy = destroy,
                            .schema = schema,
                            .open = open_source,
                            .latest = latest,
                            .read = read,
                            .commit = forget,
                            .close = close};
}

/* -------------------------------------------------------------- the sink */

static int32_t open_sink(void *user, const char *const *names, const char *const *values, size_t options,
                         const struct ArrowSchema *columns, streamq_output_mode mode, void **instance,
                         streamq_ext_error *error)
{
    (void)columns, (void)mode;
    if (fails(user, "sink.open", error))
        return 7;
    return open_source(user, names, values, options, instance, error);
}

static int32_t begin(void *instance, int64_t batch_id, streamq_ext_error *error)
{
    ext_numbers *x = instance;
    (void)batch_id;
    x->staged = 0;
    return fails(x, "sink.begin", error);
}

static int32_t stage(void *instance, struct ArrowArray *rows, streamq_ext_error *error)
{
    ext_numbers *x = instance;
    const struct ArrowArray *n = rows->children[0];
    for (int64_t i = 0; i < rows->length; ++i)
        x->staged += ((const int64_t *)n->buffers[1])[i + n->offset];
    rows->release(rows);
    return fails(x, "sink.write", error);
}

static int32_t commit(void *instance, int64_t batch_id, streamq_ext_error *error)
{
    ext_numbers *x = instance;
    (void)batch_id;
    if (fails(x, "sink.commit", error))
        return 7;
    x->commits++;
    x->sum += x->staged;
    x->staged = 0;
    return 0;
}

static void abort_batch(void *instance)
{
    ext_numbers *x = instance;
    x->aborts++;
    x->staged = 0;
}

streamq_sink ext_numbers_sink(ext_numbers *numbers)
{
    return (streamq_sink){.struct_size = sizeof(streamq_sink),
                          .user = numbers,
                          .destroy = destroy,
                          .open = open_sink,
                          .begin = begin,
                          .write = stage,
                          .commit = commit,
                          .abort = abort_batch,
                          .close = close};
}
