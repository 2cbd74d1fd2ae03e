/* A query that runs on asks nothing of the allocator: a push, a step, the result and its release use memory again. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_rig.h"
#include "test_main.h"

enum { WARM = 60, MEASURED = 200 };

static _Atomic size_t calls;

static void *resize(void *user, void *ptr, size_t old_size, size_t new_size)
{
    (void)user, (void)old_size;
    calls++;
    return realloc(ptr, new_size);
}

static void release(void *user, void *ptr, size_t size)
{
    (void)user, (void)size;
    calls++;
    free(ptr);
}

static void begin(api_rig *r)
{
    streamq_config *c = streamq_config_new();
    streamq_allocator counted = {sizeof counted, NULL, resize, release};
    ck_assert_int_eq(streamq_config_allocator(c, &counted, NULL), STREAMQ_OK);
    api_rig_begin(r, c);
    streamq_config_free(c);
}

static streamq_query *open_pull(api_rig *r, streamq_stream *result, streamq_output_mode mode)
{
    streamq_writer *w = streamq_write_stream(result, "pull");
    streamq_writer_output_mode(w, mode);
    streamq_query *q = streamq_writer_open(w, &r->error);
    api_rig_ok(r);
    return q;
}

/* What the batch says, so that it is read as a program would. */
static void take(streamq_query *q)
{
    streamq_batch *b = streamq_query_next_batch(q, NULL);
    ck_assert_ptr_nonnull(b);
    ck_assert_uint_gt(streamq_batch_rows(b), 0);
    ck_assert_uint_gt(strlen(streamq_batch_column_name(b, 0)) + strlen(streamq_batch_column_type(b, 0)), 1);
    streamq_batch_free(b);
}

/* push(r, i) gives the rows of the i-th batch; the sizes of what it gives come again before WARM. */
static void runs_without_the_allocator(api_rig *r, streamq_query *q, void (*push)(api_rig *r, int i))
{
    size_t before = 0;
    for (int i = 0; i < WARM + MEASURED; i++) {
        int32_t what = -1;
        if (i == WARM)
            before = calls;
        push(r, i);
        ck_assert_int_eq(streamq_query_step(q, &what, &r->error), STREAMQ_OK);
        ck_assert_int_eq(what, STREAMQ_STEP_WORKED);
        if (i % 7 == 0) { /* nothing to do: that is free too */
            ck_assert_int_eq(streamq_query_step(q, &what, &r->error), STREAMQ_OK);
            ck_assert_int_eq(what, STREAMQ_STEP_IDLE);
        }
        take(q);
    }
    ck_assert_uint_eq(calls, before);
    streamq_query_free(q);
}

static void push_words(api_rig *r, int i)
{
    char text[128];
    snprintf(text, sizeof text, "word%d and-another-word-%d the same\nw%d\n", i % 10, i % 6, i % 3);
    api_rig_push(r, text);
}

START_TEST(counting_words)
{
    api_rig r;
    begin(&r);
    runs_without_the_allocator(&r, open_pull(&r, api_rig_counts(&r), STREAMQ_UPDATE), push_words);
    api_rig_end(&r);
}
END_TEST

START_TEST(the_first_of_all_words_in_order)
{
    api_rig r;
    begin(&r);
    streamq_stream *top = streamq_limit(streamq_sort(api_rig_counts(&r), "count DESC"), 5);
    runs_without_the_allocator(&r, open_pull(&r, top, STREAMQ_COMPLETE), push_words);
    api_rig_end(&r);
}
END_TEST

START_TEST(filters_and_projections)
{
    api_rig r;
    begin(&r);
    streamq_stream *long_lines = streamq_where(r.lines, "value LIKE 'w%' AND length(value) > 1");
    streamq_stream *out =
        streamq_select(long_lines, "upper(value) AS u, length(value) + 1 AS n, concat(value, '!') AS c");
    runs_without_the_allocator(&r, open_pull(&r, out, STREAMQ_APPEND), push_words);
    api_rig_end(&r);
}
END_TEST

static streamq_feed *cells;

static void push_cells(api_rig *r, int i)
{
    for (int k = 0; k < 5; k++) {
        streamq_feed_add_int64(cells, (i + k) % 20);
        if (k == 3)
            streamq_feed_add_null(cells);
        else
            streamq_feed_add_double(cells, i * 0.5);
    }
    ck_assert_int_eq(streamq_feed_flush(cells, &r->error), STREAMQ_OK);
}

START_TEST(aggregates_of_cells)
{
    api_rig r;
    begin(&r);
    cells = streamq_feed_new(r.session, "k BIGINT, x DOUBLE", &r.error);
    api_rig_ok(&r);
    streamq_reader *reader = streamq_read_stream(r.plan, "memory");
    streamq_reader_feed(reader, cells);
    streamq_stream *out = streamq_agg(streamq_group_by(streamq_reader_load(reader), "k"),
                                      "sum(x), avg(x), min(x), max(x), count(*), stddev(x)");
    streamq_query *q = open_pull(&r, out, STREAMQ_UPDATE);
    runs_without_the_allocator(&r, q, push_cells);
    streamq_feed_free(cells);
    api_rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {counting_words, the_first_of_all_words_in_order, filters_and_projections,
                                  aggregates_of_cells};
    return sqi_test_main("api_steady", tests, sizeof tests / sizeof *tests);
}
