/*
 * A source of the program, as the library drives it: a counter whose offsets are eight bytes and whose rows are
 * numbers. Each of its callbacks can be told to fail, to lie, or to hand out an Arrow stream of the wrong shape.
 */
#include "io_custom.h"

#include <stdlib.h>

#include "data_arrow.h"
#include "io_rig.h"
#include "test_main.h"

typedef enum fault {
    NONE,
    OPEN,
    LATEST,
    READ,
    READ_SILENT, /* no reason given */
    LONG_OFFSET,
    NO_STREAM,
    HALF_STREAM, /* without get_next */
    WRONG_TYPE,
    WRONG_COUNT,
    STREAM_SCHEMA,
    STREAM_NEXT,
    STREAM_MUTE, /* fails and has no last error */
} fault;

typedef struct counter {
    rig *r;
    fault fault;
    uint64_t top; /* numbers below this are there */
    int opened, closed, released, read;
    uint64_t committed;
    char options[200];
    int fd;
} counter;

static uint64_t number_of(const streamq_offset *o)
{
    uint64_t v = 0;
    ck_assert(o->length == 0 || o->length == sizeof v);
    memcpy(&v, o->bytes, o->length);
    return v;
}

static streamq_offset offset_of(uint64_t v)
{
    streamq_offset o = {.length = sizeof v};
    memcpy(o.bytes, &v, sizeof v);
    return o;
}

static int32_t on_open(void *user, const char *const *names, const char *const *values, size_t options, void **instance,
                       streamq_ext_error *error)
{
    counter *c = user;
    c->options[0] = '\0';
    for (size_t i = 0; i < options; i++) {
        strcat(c->options, names[i]);
        strcat(c->options, "=");
        strcat(c->options, values[i]);
        strcat(c->options, ";");
    }
    if (c->fault == OPEN) {
        streamq_ext_fail(error, "no such counter");
        return 3;
    }
    c->opened++;
    *instance = c;
    return 0;
}

static int32_t on_latest(void *instance, const streamq_offset *start, streamq_offset *end, streamq_ext_error *error)
{
    counter *c = instance;
    if (c->fault == LATEST) {
        streamq_ext_fail(error, "lost count");
        return -1;
    }
    ck_assert_uint_eq(end->length, start->length); /* filled in as the start */
    if (c->top > number_of(start))
        *end = offset_of(c->top);
    if (c->fault == LONG_OFFSET)
        end->length = STREAMQ_OFFSET_MAX + 1;
    return 0;
}

static struct ArrowArrayStream inner; /* the stream behind the one that is handed out */
static counter *reading;

static int stream_schema(struct ArrowArrayStream *s, struct ArrowSchema *out)
{
    (void)s;
    return reading->fault == STREAM_SCHEMA ? 5 : inner.get_schema(&inner, out);
}

static int stream_next(struct ArrowArrayStream *s, struct ArrowArray *out)
{
    (void)s;
    return reading->fault == STREAM_NEXT || reading->fault == STREAM_MUTE ? 6 : inner.get_next(&inner, out);
}

static const char *stream_why(struct ArrowArrayStream *s)
{
    (void)s;
    return "cable cut";
}

static void stream_release(struct ArrowArrayStream *s)
{
    inner.release(&inner);
    reading->released++;
    s->release = NULL;
}

/* One batch with a column of the numbers from..to-1, or with the wrong columns. */
static void make_stream(counter *c, uint64_t from, uint64_t to)
{
    int64_t values[300];
    uint32_t n = 0;
    sqi_field field[2] = {{{"n", 1}, &sqi_type_bigint, true}, {{"m", 1}, &sqi_type_bigint, true}};
    sqi_schema schema = {c->fault == WRONG_COUNT ? 2 : 1, field};
    sqi_chunk chunk;
    while (from < to)
        values[n++] = (int64_t)from++;
    chunk = rig_numbers(c->r, values, n);
    if (c->fault == WRONG_COUNT)
        chunk = rig_beside(c->r, chunk, chunk);
    if (c->fault == WRONG_TYPE) {
        field[0].type = &sqi_type_string;
        chunk = rig_strings(c->r, (const char *[]){"7"}, 1);
    }
    sqi_batch *b = rig_batch(c->r, &schema, &chunk);
    ck_assert_int_eq(sqi_arrow_export_stream(b, &inner, NULL), STREAMQ_OK);
    sqi_batch_unref(b);
}

static int32_t on_read(void *instance, const streamq_offset *start, const streamq_offset *end,
                       struct ArrowArrayStream *out, streamq_ext_error *error)
{
    counter *c = instance;
    c->read++;
    if (c->fault == READ)
        streamq_ext_fail(error, "page torn");
    if (c->fault == READ || c->fault == READ_SILENT)
        return 9;
    if (c->fault == NO_STREAM)
        return 0;
    make_stream(c, number_of(start), number_of(end));
    reading = c;
    *out = (struct ArrowArrayStream){.get_schema = stream_schema,
                                     .get_next = c->fault == HALF_STREAM ? NULL : stream_next,
                                     .get_last_error = c->fault == STREAM_MUTE ? NULL : stream_why,
                                     .release = stream_release};
    return 0;
}

static void on_commit(void *instance, const streamq_offset *end)
{
    ((counter *)instance)->committed = number_of(end);
}
static int on_fd(void *instance)
{
    return ((counter *)instance)->fd;
}
static void on_close(void *instance)
{
    ((counter *)instance)->closed++;
}

typedef struct fixture {
    rig r;
    counter c;
    sqi_custom_source declared;
} fixture;

static const sqi_offset unknown = {0};

static void setup(fixture *f)
{
    *f = (fixture){0};
    rig_begin(&f->r);
    rig_columns(&f->r, (const char *[]){"n"}, (const sqi_type *const[]){&sqi_type_bigint}, 1);
    f->r.env.pool = sqi_type_pool_new(&f->r.heap.alloc);
    ck_assert_ptr_nonnull(f->r.env.pool);
    f->c = (counter){.r = &f->r, .fd = -1};
    f->declared.type = sqi_src_custom;
    f->declared.type.name = "counter";
    f->declared.table = (streamq_source){.struct_size = sizeof(streamq_source),
                                         .user = &f->c,
                                         .open = on_open,
                                         .latest = on_latest,
                                         .read = on_read,
                                         .commit = on_commit,
                                         .fd = on_fd,
                                         .close = on_close};
}

static streamq_status open_it(fixture *f)
{
    rig *r = &f->r;
    return sqi_source_open(&r->source, &f->declared.type, &r->env, &r->options, &r->schema, &f->declared, &r->err);
}

static void start(fixture *f)
{
    setup(f);
    ck_assert_int_eq(open_it(f), STREAMQ_OK);
}

static void end_without_close(fixture *f)
{
    sqi_source_close(f->r.source);
    f->r.source = NULL;
    sqi_type_pool_free(f->r.env.pool);
    rig_end(&f->r);
}

static void finish(fixture *f)
{
    end_without_close(f);
    ck_assert_int_eq(f->c.closed, f->c.opened); /* once for each open that succeeded */
}

START_TEST(ranges_of_the_sources_own_offsets_are_read_again_and_committed)
{
    fixture f;
    start(&f);
    sqi_offset nothing = rig_latest(&f.r, &unknown);
    ck_assert(!nothing.known);
    f.c.top = 3;
    sqi_offset three = rig_latest(&f.r, &unknown);
    ck_assert(three.known);
    ck_assert_uint_eq(three.nbytes, 8);
    ck_assert_str_eq(rig_read(&f.r, &unknown, &three), "0\n1\n2\n");
    ck_assert_str_eq(rig_read(&f.r, &unknown, &three), "0\n1\n2\n");
    sqi_offset same = rig_latest(&f.r, &three);
    ck_assert(sqi_offset_equal(&same, &three));
    f.c.top = 5;
    sqi_offset five = rig_latest(&f.r, &three);
    ck_assert(!sqi_offset_equal(&five, &three));
    ck_assert_str_eq(rig_read(&f.r, &three, &five), "3\n4\n");
    f.r.source->type->commit(f.r.source, &three);
    ck_assert_uint_eq(f.c.committed, 3);
    ck_assert_int_eq(f.c.read, 3);
    ck_assert_int_eq(f.c.released, 3); /* the library releases each stream */
    finish(&f);
}
END_TEST

START_TEST(offsets_are_shown_as_their_bytes_also_when_the_source_has_ended)
{
    fixture f;
    start(&f);
    f.c.top = 0xAB01;
    sqi_offset end = rig_latest(&f.r, &unknown);
    ck_assert_str_eq(rig_json(&f.r, &end), "\"01ab000000000000\"");
    ck_assert_str_eq(rig_json(&f.r, &unknown), "\"\"");
    sqi_source_end(f.r.source);
    ck_assert_str_eq(rig_json(&f.r, &end), "\"01ab000000000000\"");
    sqi_source_end(f.r.source);
    ck_assert_int_eq(f.c.closed, 1);
    finish(&f);
}
END_TEST

START_TEST(large_arrays_are_cut_to_the_chunk_size)
{
    fixture f;
    start(&f);
    f.r.env.chunk_rows = 7;
    f.c.top = 300;
    sqi_offset end = rig_latest(&f.r, &unknown);
    const char *rows = rig_read(&f.r, &unknown, &end);
    uint64_t expected = 0;
    for (char *next; *rows; rows = next + 1, expected++)
        ck_assert_uint_eq(strtoull(rows, &next, 10), expected);
    ck_assert_uint_eq(expected, 300);
    ck_assert_uint_eq(f.r.chunks, 43);
    ck_assert_uint_eq(f.r.most_rows, 7);
    finish(&f);
}
END_TEST

START_TEST(open_is_given_the_options_and_the_instance_goes_to_the_rest)
{
    fixture f;
    setup(&f);
    rig_option(&f.r, "from", "7");
    rig_option(&f.r, "mode", "");
    ck_assert_int_eq(open_it(&f), STREAMQ_OK);
    ck_assert_ptr_nonnull(strstr(f.c.options, "from=7;"));
    ck_assert_ptr_nonnull(strstr(f.c.options, "mode=;"));
    finish(&f);
}
END_TEST

START_TEST(an_open_that_fails_is_never_closed)
{
    fixture f;
    setup(&f);
    f.c.fault = OPEN;
    streamq_status status = open_it(&f);
    rig_refused(&f.r, status, SQI_COND_USER_CALLBACK_FAILED, "source 'counter': open returned 3: no such counter");
    ck_assert_ptr_null(f.r.source);
    ck_assert_int_eq(f.c.closed, 0);
    finish(&f);
}
END_TEST

START_TEST(latest_that_fails_or_gives_too_long_an_offset_is_refused)
{
    fixture f;
    sqi_offset end = {0};
    start(&f);
    f.c.top = 1;
    f.c.fault = LATEST;
    streamq_status status = f.r.source->type->latest(f.r.source, &unknown, &end, &f.r.err);
    rig_refused(&f.r, status, SQI_COND_USER_CALLBACK_FAILED, "source 'counter': latest returned -1: lost count");
    f.c.fault = LONG_OFFSET;
    status = f.r.source->type->latest(f.r.source, &unknown, &end, &f.r.err);
    rig_refused(&f.r, status, SQI_COND_USER_CALLBACK_FAILED, "latest gave an offset of 257 bytes; at most 256");
    ck_assert(!end.known);
    f.c.fault = NONE;
    end = rig_latest(&f.r, &unknown);
    ck_assert_str_eq(rig_read(&f.r, &unknown, &end), "0\n");
    finish(&f);
}
END_TEST

static streamq_status ignore(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    (void)chunk;
    (void)err;
    ++*(int *)context;
    return STREAMQ_OK;
}

START_TEST(reads_that_fail_or_lie_are_refused_and_their_streams_released)
{
    static const struct {
        fault fault;
        sqi_cond cond;
        const char *text;
        int released;
    } cases[] = {
        {READ, SQI_COND_USER_CALLBACK_FAILED, "source 'counter': read returned 9: page torn", 0},
        {READ_SILENT, SQI_COND_USER_CALLBACK_FAILED, "source 'counter': read returned 9", 0},
        {NO_STREAM, SQI_COND_USER_CALLBACK_FAILED, "read returned 0 but gave no Arrow stream", 0},
        {HALF_STREAM, SQI_COND_USER_CALLBACK_FAILED, "read returned 0 but gave no Arrow stream", 1},
        {STREAM_SCHEMA, SQI_COND_USER_CALLBACK_FAILED, "its Arrow stream failed with 5: cable cut", 1},
        {STREAM_NEXT, SQI_COND_USER_CALLBACK_FAILED, "its Arrow stream failed with 6: cable cut", 1},
        {STREAM_MUTE, SQI_COND_USER_CALLBACK_FAILED, "its Arrow stream failed with 6: no reason given", 1},
        {WRONG_TYPE, SQI_COND_INCOMPATIBLE_COLUMN_TYPE, "'n'", 1},
        {WRONG_COUNT, SQI_COND_COLUMN_NOT_FOUND, "column", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f;
        int chunks = 0;
        start(&f);
        f.c.top = 2;
        sqi_offset end = rig_latest(&f.r, &unknown);
        f.c.fault = cases[i].fault;
        streamq_status status = f.r.source->type->read(f.r.source, &unknown, &end, ignore, &chunks, &f.r.err);
        ck_assert_int_ne(status, STREAMQ_OK);
        rig_refused(&f.r, status, cases[i].cond, cases[i].text);
        ck_assert_int_eq(chunks, 0);
        ck_assert_int_eq(f.c.released, cases[i].released);
        finish(&f);
    }
}
END_TEST

static streamq_status refuse(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    (void)chunk;
    ++*(int *)context;
    return sqi_error_set(err, SQI_COND_DIVIDE_BY_ZERO, "downstream");
}

START_TEST(an_error_behind_the_source_ends_the_read)
{
    fixture f;
    int chunks = 0;
    start(&f);
    f.r.env.chunk_rows = 2;
    f.c.top = 6;
    sqi_offset end = rig_latest(&f.r, &unknown);
    streamq_status status = f.r.source->type->read(f.r.source, &unknown, &end, refuse, &chunks, &f.r.err);
    rig_refused(&f.r, status, SQI_COND_DIVIDE_BY_ZERO, "downstream");
    ck_assert_int_eq(chunks, 1);
    ck_assert_int_eq(f.c.released, 1);
    finish(&f);
}
END_TEST

START_TEST(a_descriptor_wakes_and_without_one_the_source_is_polled)
{
    fixture f;
    start(&f);
    const sqi_source_type *type = f.r.source->type;
    int64_t now = f.r.env.os->monotonic_micros(f.r.env.os->context);
    ck_assert_int_eq(type->fd(f.r.source), -1);
    ck_assert_int_eq(type->next_micros(f.r.source), now + 10000);
    f.declared.table.poll_micros = 250;
    ck_assert_int_eq(type->next_micros(f.r.source), now + 250);
    f.c.fd = 5;
    ck_assert_int_eq(type->fd(f.r.source), 5);
    ck_assert_int_eq(type->next_micros(f.r.source), INT64_MAX);
    finish(&f);
}
END_TEST

START_TEST(callbacks_that_are_optional_may_be_missing)
{
    fixture f;
    setup(&f);
    f.declared.table.commit = NULL;
    f.declared.table.fd = NULL;
    f.declared.table.close = NULL;
    ck_assert_int_eq(open_it(&f), STREAMQ_OK);
    f.c.top = 1;
    sqi_offset end = rig_latest(&f.r, &unknown);
    f.r.source->type->commit(f.r.source, &end);
    ck_assert_int_eq(f.r.source->type->fd(f.r.source), -1);
    end_without_close(&f);
    ck_assert_int_eq(f.c.closed, 0);
}
END_TEST

/* The library's own requests only: what the source makes for itself comes from the rig's heap. */
static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    fixture *f = context;
    sqi_io_env env = f->r.env;
    sqi_source *s;
    sqi_offset end = {0};
    int chunks = 0, released = f->c.released, read = f->c.read;
    env.alloc = alloc;
    env.pool = sqi_type_pool_new(alloc);
    if (!env.pool)
        return sqi_error_nomem(err);
    f->c.opened = f->c.closed = 0;
    streamq_status status =
        sqi_source_open(&s, &f->declared.type, &env, &f->r.options, &f->r.schema, &f->declared, err);
    if (status == STREAMQ_OK)
        status = s->type->latest(s, &unknown, &end, err);
    if (status == STREAMQ_OK)
        status = s->type->read(s, &unknown, &end, ignore, &chunks, err);
    if (status == STREAMQ_OK)
        ck_assert_int_eq(chunks, 1);
    sqi_source_close(s);
    sqi_type_pool_free(env.pool);
    ck_assert_int_eq(f->c.closed, f->c.opened);
    ck_assert_int_eq(f->c.released - released, f->c.read - read);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    fixture f;
    setup(&f);
    rig_option(&f.r, "from", "7");
    f.c.top = 4;
    ck_assert_uint_gt(sqi_test_every_allocation(live, &f), 3);
    end_without_close(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        ranges_of_the_sources_own_offsets_are_read_again_and_committed,
        offsets_are_shown_as_their_bytes_also_when_the_source_has_ended,
        large_arrays_are_cut_to_the_chunk_size,
        open_is_given_the_options_and_the_instance_goes_to_the_rest,
        an_open_that_fails_is_never_closed,
        latest_that_fails_or_gives_too_long_an_offset_is_refused,
        reads_that_fail_or_lie_are_refused_and_their_streams_released,
        an_error_behind_the_source_ends_the_read,
        a_descriptor_wakes_and_without_one_the_source_is_polled,
        callbacks_that_are_optional_may_be_missing,
        every_allocation_may_fail,
    };
    return sqi_test_main("src_custom", tests, sizeof tests / sizeof *tests);
}
