/* The queue between a query and its taker. */
#include "snk_pull.h"

#include "io_rig.h"
#include "test_main.h"

static rig r;
static sqi_pull *queue;

static void begin(size_t capacity)
{
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"n"}, (const sqi_type *const[]){&sqi_type_bigint}, 1);
    queue = sqi_pull_new(&r.heap.alloc, capacity, NULL);
    ck_assert_ptr_nonnull(queue);
    rig_sink(&r, &sqi_snk_pull, STREAMQ_APPEND, queue);
}

static void end(void)
{
    sqi_pull_unref(queue);
    rig_end(&r);
}

static void write(int64_t batch_id)
{
    sqi_chunk chunk = rig_numbers(&r, &batch_id, 1);
    rig_write(&r, batch_id, &chunk);
}

static void assert_takes(int64_t batch_id)
{
    int64_t id = -1;
    sqi_batch *b = sqi_pull_take(queue, &id);
    ck_assert_ptr_nonnull(b);
    ck_assert_int_eq(id, batch_id);
    ck_assert_int_eq(SQI_AT(&b->chunk[0].col[0], int64_t, 0), batch_id);
    sqi_batch_unref(b);
}

START_TEST(batches_come_out_in_order)
{
    begin(0);
    int64_t in = 0, out = 0;
    ck_assert_ptr_null(sqi_pull_take(queue, NULL));
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < round % 7; i++)
            write(in++);
        for (int i = 0; i < round % 5 && out < in; i++)
            assert_takes(out++);
        ck_assert_uint_eq(sqi_pull_count(queue), (size_t)(in - out));
    }
    while (out < in)
        assert_takes(out++);
    ck_assert_ptr_null(sqi_pull_take(queue, NULL));
    write(in);
    end(); /* what nobody took is let go of */
}
END_TEST

START_TEST(full_is_said_but_never_refused)
{
    begin(2);
    write(0);
    ck_assert(!sqi_pull_full(queue));
    write(1);
    ck_assert(sqi_pull_full(queue));
    write(2);
    ck_assert_uint_eq(sqi_pull_count(queue), 3);
    assert_takes(0);
    ck_assert(sqi_pull_full(queue));
    assert_takes(1);
    ck_assert(!sqi_pull_full(queue));
    end();
}
END_TEST

START_TEST(a_batch_that_was_queued_is_dropped_even_when_taken)
{
    begin(0);
    write(3);
    assert_takes(3);
    write(3);
    write(2);
    ck_assert_uint_eq(sqi_pull_count(queue), 0);
    rig_write(&r, 4, NULL); /* an empty batch is a batch */
    ck_assert_uint_eq(sqi_pull_count(queue), 1);
    end();
}
END_TEST

START_TEST(nothing_is_queued_before_commit_or_after_abort)
{
    begin(0);
    sqi_chunk chunk = rig_numbers(&r, (int64_t[]){0}, 1);
    ck_assert_int_eq(r.sink->type->begin(r.sink, 0, &r.err), STREAMQ_OK);
    ck_assert_int_eq(r.sink->type->write(r.sink, &chunk, &r.err), STREAMQ_OK);
    ck_assert_uint_eq(sqi_pull_count(queue), 0);
    r.sink->type->abort(r.sink);
    ck_assert_uint_eq(sqi_pull_count(queue), 0);
    write(0);
    assert_takes(0);
    end();
}
END_TEST

START_TEST(the_queue_outlives_the_query)
{
    begin(0);
    sqi_pull *mine = sqi_pull_ref(queue);
    write(0);
    sqi_sink_close(r.sink);
    r.sink = NULL;
    sqi_pull_unref(queue);
    queue = mine;
    assert_takes(0);
    end();
}
END_TEST

START_TEST(without_a_queue_it_is_refused)
{
    rig_begin(&r);
    rig_refused(&r, rig_try_sink(&r, &sqi_snk_pull, STREAMQ_APPEND, NULL), SQI_COND_INVALID_ARGUMENT, "queue");
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {batches_come_out_in_order,
                                  full_is_said_but_never_refused,
                                  a_batch_that_was_queued_is_dropped_even_when_taken,
                                  nothing_is_queued_before_commit_or_after_abort,
                                  the_queue_outlives_the_query,
                                  without_a_queue_it_is_refused};
    return sqi_test_main("snk_pull", tests, sizeof tests / sizeof *tests);
}
