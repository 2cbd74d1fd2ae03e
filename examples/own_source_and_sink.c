/*
 * own_source_and_sink: a source, a sink, a function and an aggregate of the program's own, against streamq_ext.h.
 *
 * The source counts: each micro-batch gives the next numbers up to its option "until". The function squares, the
 * aggregate takes the greatest, the sink sums what it is given and prints it at commit.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <streamq_ext.h>
#include <string.h>

/* -------------------------------------------------------------- one column of int64 as an Arrow array */

typedef struct column {
    int64_t *value;
    const void *buffers[2];
} column;

static void release_column(struct ArrowArray *a)
{
    column *c = a->private_data;
    free(c->value);
    free(c);
    a->release = NULL;
}

static int make_column(struct ArrowArray *out, int64_t n)
{
    column *c = calloc(1, sizeof *c);
    int64_t *value = calloc((size_t)n + 1, sizeof *value);
    if (!c || !value) {
        free(c);
        free(value);
        return 1;
    }
    c->value = value;
    c->buffers[1] = value;
    *out = (struct ArrowArray){
        .length = n, .n_buffers = 2, .buffers = c->buffers, .release = release_column, .private_data = c};
    return 0;
}

static int64_t *values_of(struct ArrowArray *a)
{
    return ((column *)a->private_data)->value;
}
static const int64_t *column_of(const struct ArrowArray *rows, int i)
{
    return (const int64_t *)rows->children[i]->buffers[1] + rows->children[i]->offset;
}

/* -------------------------------------------------------------- the source: offsets are numbers */

enum { AT_A_TIME = 4 };

typedef struct counting {
    int64_t until;
} counting;

static int32_t counting_schema(void *user, const char *const *names, const char *const *values, size_t n, char *schema,
                               size_t size, streamq_ext_error *error)
{
    (void)user, (void)names, (void)values, (void)n, (void)error;
    snprintf(schema, size, "n BIGINT NOT NULL");
    return 0;
}

static int32_t counting_open(void *user, const char *const *names, const char *const *values, size_t n, void **instance,
                             streamq_ext_error *error)
{
    counting *c = calloc(1, sizeof *c);
    (void)user;
    for (size_t i = 0; c && i < n; ++i)
        if (strcmp(names[i], "until") == 0)
            c->until = strtoll(values[i], NULL, 10);
    if (!c || c->until <= 0) {
        streamq_ext_fail(error, "the option `until` must be a positive number");
        free(c);
        return 1;
    }
    *instance = c;
    return 0;
}

static int64_t number_of(const streamq_offset *o)
{
    int64_t v = 0;
    if (o->length == sizeof v)
        memcpy(&v, o->bytes, sizeof v);
    return v;
}

static int32_t counting_latest(void *instance, const streamq_offset *start, streamq_offset *end,
                               streamq_ext_error *error)
{
    const counting *c = instance;
    int64_t next = number_of(start) + AT_A_TIME;
    (void)error;
    next = next < c->until ? next : c->until;
    end->length = sizeof next;
    memcpy(end->bytes, &next, sizeof next);
    return 0;
}

typedef struct counting_read { /* an Arrow stream of one struct array */
    int64_t from, to;
    int done;
} counting_read;

static void release_schema(struct ArrowSchema *s)
{
    for (int64_t i = 0; i < s->n_children; ++i) {
        s->children[i]->release(s->children[i]);
        free(s->children[i]);
    }
    free(s->children);
    s->release = NULL;
}

static int read_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    struct ArrowSchema **children = calloc(1, sizeof *children);
    (void)stream;
    if (!children || !(children[0] = calloc(1, sizeof **children))) {
        free(children);
        return 12;
    }
    *children[0] = (struct ArrowSchema){.format = "l", .name = "n", .release = release_schema};
    *out = (struct ArrowSchema){
        .format = "+s", .name = "", .n_children = 1, .children = children, .release = release_schema};
    return 0;
}

static void release_rows(struct ArrowArray *a)
{
    if (a->children[0]->release)
        a->children[0]->release(a->children[0]);
    free(a->children[0]);
    free(a->children);
    free(a->private_data);
    a->release = NULL;
}

static int read_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    counting_read *r = stream->private_data;
    memset(out, 0, sizeof *out);
    if (r->done)
        return 0;
    r->done = 1;
    struct ArrowArray **children = calloc(1, sizeof *children);
    const void **buffers = calloc(1, sizeof *buffers);
    if (!children || !buffers || !(children[0] = calloc(1, sizeof **children)) ||
        make_column(children[0], r->to - r->from) != 0)
        return 12;
    for (int64_t i = 0; i < r->to - r->from; ++i)
        values_of(children[0])[i] = r->from + i + 1;
    *out = (struct ArrowArray){.length = r->to - r->from,
                               .n_buffers = 1,
                               .buffers = buffers,
                               .n_children = 1,
                               .children = children,
                               .release = release_rows,
                               .private_data = buffers};
    return 0;
}

static const char *read_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return "no memory";
}

static void read_release(struct ArrowArrayStream *stream)
{
    free(stream->private_data);
    stream->release = NULL;
}

static int32_t counting_read_range(void *instance, const streamq_offset *start, const streamq_offset *end,
                                   struct ArrowArrayStream *out, streamq_ext_error *error)
{
    counting_read *r = calloc(1, sizeof *r);
    (void)instance, (void)error;
    if (!r)
        return 1;
    *r = (counting_read){number_of(start), number_of(end), 0};
    *out = (struct ArrowArrayStream){read_schema, read_next, read_error, read_release, r};
    return 0;
}

static void counting_close(void *instance)
{
    free(instance);
}

/* -------------------------------------------------------------- the sink: stages a sum, shows it at commit */

typedef struct summing {
    int64_t staged, rows;
} summing;

static int32_t summing_open(void *user, const char *const *names, const char *const *values, size_t n,
                            const struct ArrowSchema *schema, streamq_output_mode mode, void **instance,
                            streamq_ext_error *error)
{
    (void)names, (void)values, (void)n, (void)mode, (void)error;
    printf("the sink is given %lld column(s)\n", (long long)schema->n_children);
    *instance = user;
    return 0;
}

static int32_t summing_write(void *instance, struct ArrowArray *rows, streamq_ext_error *error)
{
    summing *s = instance;
    (void)error;
    for (int64_t i = 0; i < rows->length; ++i)
        s->staged += column_of(rows, 0)[i];
    s->rows += rows->length;
    rows->release(rows);
    return 0;
}

static int32_t summing_commit(void *instance, int64_t batch_id, streamq_ext_error *error)
{
    summing *s = instance;
    (void)error;
    printf("batch %lld: %lld row(s), sum %lld\n", (long long)batch_id, (long long)s->rows, (long long)s->staged);
    *s = (summing){0, 0};
    return 0;
}

/* -------------------------------------------------------------- a function and an aggregate */

static int32_t square(void *user, const struct ArrowArray *arguments, struct ArrowArray *out, streamq_ext_error *error)
{
    (void)user, (void)error;
    if (make_column(out, arguments->length) != 0)
        return 1;
    for (int64_t i = 0; i < arguments->length; ++i)
        values_of(out)[i] = column_of(arguments, 0)[i] * column_of(arguments, 0)[i];
    return 0;
}

static int32_t greatest_step(void *user, void *const *states, const struct ArrowArray *arguments,
                             streamq_ext_error *error)
{
    (void)user, (void)error;
    for (int64_t i = 0; i < arguments->length; ++i) {
        int64_t *state = states[i];
        int64_t v = column_of(arguments, 0)[i];
        *state = v > *state ? v : *state;
    }
    return 0;
}

static int32_t greatest_emit(void *user, const void *const *states, size_t count, struct ArrowArray *out,
                             streamq_ext_error *error)
{
    (void)user, (void)error;
    if (make_column(out, (int64_t)count) != 0)
        return 1;
    for (size_t i = 0; i < count; ++i)
        values_of(out)[i] = *(const int64_t *)states[i];
    return 0;
}

static void register_all(streamq_session *session, summing *sum, streamq_error **error)
{
    streamq_source source = {.struct_size = sizeof source,
                             .schema = counting_schema,
                             .open = counting_open,
                             .latest = counting_latest,
                             .read = counting_read_range,
                             .close = counting_close};
    streamq_sink sink = {.struct_size = sizeof sink,
                         .user = sum,
                         .open = summing_open,
                         .write = summing_write,
                         .commit = summing_commit};
    streamq_function function = {
        .struct_size = sizeof function, .name = "square", .arguments = "BIGINT", .result = "BIGINT", .call = square};
    streamq_aggregate aggregate = {.struct_size = sizeof aggregate,
                                   .name = "greatest_of",
                                   .arguments = "BIGINT",
                                   .result = "BIGINT",
                                   .state_size = sizeof(int64_t),
                                   .step = greatest_step,
                                   .emit = greatest_emit};
    streamq_session_register_source(session, "counting", &source, error);
    if (!*error)
        streamq_session_register_sink(session, "summing", &sink, error);
    if (!*error)
        streamq_session_register_function(session, &function, error);
    if (!*error)
        streamq_session_register_aggregate(session, &aggregate, error);
}

static void run(streamq_session *session, const char *list, streamq_output_mode mode, streamq_error **error)
{
    streamq_plan *plan = streamq_plan_new(session);
    streamq_reader *reader = streamq_read_stream(plan, "counting");
    streamq_reader_option(reader, "until", "10");
    streamq_writer *writer = streamq_write_stream(streamq_select(streamq_reader_load(reader), list), "summing");
    streamq_writer_output_mode(writer, mode);
    streamq_writer_trigger_available_now(writer);
    printf("%s\n", list);
    streamq_query *query = streamq_writer_start(writer, error);
    if (query)
        streamq_query_await_termination(query, -1, error);
    streamq_query_free(query);
    streamq_plan_free(plan);
}

int main(void)
{
    summing sum = {0, 0};
    streamq_error *error = NULL;
    streamq_session *session = streamq_session_new(NULL);
    register_all(session, &sum, &error);
    if (!error)
        run(session, "square(n) AS sq", STREAMQ_APPEND, &error);
    if (!error)
        run(session, "greatest_of(square(n)) AS g", STREAMQ_UPDATE, &error);
    int status = error != NULL;
    if (error)
        fprintf(stderr, "%s\n", streamq_error_message(error));
    streamq_error_free(error);
    streamq_session_free(session);
    return status;
}
