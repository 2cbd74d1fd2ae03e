/* Feeds and their readers: numbers, forgetting, capacity, threads, restarts. */
#include "src_memory.h"

#include <poll.h>
#include <string.h>

#include "io_rig.h"
#include "test_main.h"

static rig r;
static sqi_feed *feed;
static const sqi_offset unknown = {0};

static sqi_offset number(int64_t n)
{
    return (sqi_offset){.known = true, .number = {n}};
}

static void begin(uint64_t max_rows)
{
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"value"}, (const sqi_type *const[]){&sqi_type_string}, 1);
    feed = sqi_feed_new(&r.heap.alloc, &r.schema, max_rows, 0, NULL);
    ck_assert_ptr_nonnull(feed);
}

static void end(void)
{
    sqi_feed_unref(feed);
    rig_end(&r);
}

static streamq_status try_push(const char *const *values, uint32_t n)
{
    sqi_chunk chunk = rig_strings(&r, values, n);
    sqi_batch *b = rig_batch(&r, &r.schema, &chunk);
    streamq_status status = sqi_feed_push(feed, b, &r.err);
    if (status != STREAMQ_OK)
        sqi_batch_unref(b);
    return status;
}

static void push(const char *value)
{
    ck_assert_int_eq(try_push(&value, 1), STREAMQ_OK);
}

START_TEST(a_feed_without_rows_has_no_offset)
{
    begin(0);
    rig_source(&r, &sqi_src_memory, feed);
    sqi_offset a = rig_latest(&r, &unknown);
    ck_assert(!a.known);
    ck_assert_str_eq(rig_json(&r, &a), "null");
    push("x");
    a = rig_latest(&r, &unknown);
    ck_assert_str_eq(rig_json(&r, &a), "0");
    ck_assert_str_eq(rig_read(&r, &unknown, &a), "x\n");
    end();
}
END_TEST

START_TEST(pushes_before_a_trigger_come_together)
{
    begin(0);
    rig_source(&r, &sqi_src_memory, feed);
    push("a");
    push("b");
    ck_assert_int_eq(sqi_feed_push(feed, rig_batch(&r, &r.schema, NULL), &r.err), STREAMQ_OK); /* empty: a batch */
    sqi_offset end_of = rig_latest(&r, &unknown);
    ck_assert_int_eq(end_of.number[0], 2);
    ck_assert_str_eq(rig_read(&r, &unknown, &end_of), "a\nb\n");
    ck_assert(r.source->type->more(r.source, &unknown));
    ck_assert(!r.source->type->more(r.source, &end_of));
    push("c");
    ck_assert(r.source->type->more(r.source, &end_of));
    sqi_offset next = rig_latest(&r, &end_of);
    ck_assert_str_eq(rig_read(&r, &end_of, &next), "c\n");
    ck_assert_str_eq(rig_read(&r, &unknown, &next), "a\nb\nc\n"); /* nothing was committed: all of it again */
    end();
}
END_TEST

START_TEST(committed_batches_are_let_go_of)
{
    begin(0);
    rig_source(&r, &sqi_src_memory, feed);
    push("a");
    push("b");
    ck_assert_uint_eq(sqi_feed_rows(feed), 2);
    sqi_offset a = number(0), b = rig_latest(&r, &unknown);
    r.source->type->commit(r.source, &unknown);
    ck_assert_uint_eq(sqi_feed_rows(feed), 2);
    r.source->type->commit(r.source, &a);
    ck_assert_uint_eq(sqi_feed_rows(feed), 1);
    ck_assert_str_eq(rig_read(&r, &a, &b), "b\n");
    rig_refused(&r,
                r.source->type->read(r.source, &(sqi_offset){.known = true, .number = {-1}}, &b, NULL, NULL, &r.err),
                SQI_COND_IO_ERROR, "batch 0 of the feed");
    r.source->type->commit(r.source, &b);
    ck_assert_uint_eq(sqi_feed_rows(feed), 0);
    sqi_offset c = rig_latest(&r, &b);
    ck_assert(sqi_offset_equal(&b, &c));
    for (int i = 0; i < 100; i++) { /* a steady state */
        push("x");
        c = rig_latest(&r, &c);
        r.source->type->commit(r.source, &c);
    }
    ck_assert_int_eq(c.number[0], 101);
    ck_assert_uint_eq(sqi_feed_rows(feed), 0);
    end();
}
END_TEST

START_TEST(rows_stay_until_every_reader_has_them)
{
    begin(0);
    push("before any reader");
    rig_source(&r, &sqi_src_memory, feed);
    sqi_source *first = r.source;
    r.source = NULL;
    rig_source(&r, &sqi_src_memory, feed);
    sqi_source *second = r.source;
    push("a");
    sqi_offset o = rig_latest(&r, &unknown);
    second->type->commit(second, &o);
    ck_assert_uint_eq(sqi_feed_rows(feed), 2);
    r.source = first;
    ck_assert_str_eq(rig_read(&r, &unknown, &o), "before any reader\na\n");
    first->type->commit(first, &(sqi_offset){.known = true, .number = {0}});
    ck_assert_uint_eq(sqi_feed_rows(feed), 1);
    sqi_source_close(first); /* the one that was behind goes: what it held is free */
    ck_assert_uint_eq(sqi_feed_rows(feed), 0);
    r.source = second;
    push("b");
    sqi_offset next = rig_latest(&r, &o);
    ck_assert_str_eq(rig_read(&r, &o, &next), "b\n");
    sqi_source_close(second); /* nobody reads: the row stays */
    r.source = NULL;
    ck_assert_uint_eq(sqi_feed_rows(feed), 1);
    rig_source(&r, &sqi_src_memory, feed);
    next = rig_latest(&r, &o);
    ck_assert_str_eq(rig_read(&r, &o, &next), "b\n");
    end();
}
END_TEST

START_TEST(a_push_raises_the_signal_and_a_latest_without_news_lowers_it)
{
    begin(0);
    rig_source(&r, &sqi_src_memory, feed);
    struct pollfd one = {.fd = r.source->type->fd(r.source), .events = POLLIN};
    ck_assert_int_eq(poll(&one, 1, 0), 0);
    push("a");
    ck_assert_int_eq(poll(&one, 1, 0), 1);
    sqi_offset o = rig_latest(&r, &unknown);
    ck_assert_int_eq(poll(&one, 1, 0), 1); /* there is something to read */
    rig_latest(&r, &o);
    ck_assert_int_eq(poll(&one, 1, 0), 0);
    push("b");
    ck_assert_int_eq(poll(&one, 1, 0), 1);
    o = rig_latest(&r, &o);
    rig_latest(&r, &o);
    sqi_feed_close(feed);
    ck_assert_int_eq(poll(&one, 1, 0), 1);
    end();
}
END_TEST

START_TEST(a_full_feed_takes_nothing)
{
    const char *three[] = {"a", "b", "c"};
    begin(4);
    rig_source(&r, &sqi_src_memory, feed);
    ck_assert_int_eq(try_push(three, 3), STREAMQ_OK);
    rig_refused(&r, try_push(three, 2), SQI_COND_LIMIT_EXCEEDED, "3 rows");
    ck_assert_uint_eq(sqi_feed_rows(feed), 3);
    ck_assert_int_eq(try_push(three, 1), STREAMQ_OK);
    sqi_offset o = rig_latest(&r, &unknown);
    r.source->type->commit(r.source, &o);
    ck_assert_int_eq(try_push(three, 3), STREAMQ_OK);
    sqi_feed_limit(feed, 100, 1);
    rig_refused(&r, try_push(three, 1), SQI_COND_LIMIT_EXCEEDED, "capacity of 100 rows and 1 bytes");
    sqi_feed_limit(feed, 0, 0);
    ck_assert_int_eq(try_push(three, 3), STREAMQ_OK);
    end();
}
END_TEST

static void *commit_all(void *argument)
{
    (void)argument;
    sqi_os_sim_await_waiters(&r.sim, 1);
    sqi_offset o = rig_latest(&r, &unknown);
    r.source->type->commit(r.source, &o);
    return NULL;
}

START_TEST(waiting_for_room_ends_with_a_commit_or_in_time)
{
    begin(1);
    rig_source(&r, &sqi_src_memory, feed);
    push("a");
    sqi_os_sim_automatic(&r.sim, 1);
    rig_refused(&r, sqi_feed_wait(feed, &r.sim.os, 1, 0, 5000000, &r.err), SQI_COND_TIMED_OUT, "in time");
    ck_assert_int_eq(r.sim.os.monotonic_micros(&r.sim), 5000000);
    sqi_os_sim_automatic(&r.sim, 0);
    pthread_t thread;
    ck_assert_int_eq(sqi_os_thread_start(&thread, commit_all, NULL, "commit"), 0);
    ck_assert_int_eq(sqi_feed_wait(feed, &r.sim.os, 1, 0, INT64_MAX, &r.err), STREAMQ_OK);
    pthread_join(thread, NULL);
    push("b");
    end();
}
END_TEST

START_TEST(a_closed_feed_takes_no_more)
{
    const char *one[] = {"x"};
    begin(1);
    rig_source(&r, &sqi_src_memory, feed);
    push("a");
    sqi_feed_close(feed);
    rig_refused(&r, try_push(one, 1), SQI_COND_CALL_OUT_OF_ORDER, "closed");
    rig_refused(&r, sqi_feed_wait(feed, &r.sim.os, 1, 0, INT64_MAX, &r.err), SQI_COND_CALL_OUT_OF_ORDER, "closed");
    sqi_offset o = rig_latest(&r, &unknown);
    ck_assert_str_eq(rig_read(&r, &unknown, &o), "a\n");
    end();
}
END_TEST

START_TEST(columns_of_another_shape_are_refused)
{
    begin(0);
    sqi_schema other = {.n = 1, .field = &(sqi_field){SQI_SPAN("value"), &sqi_type_bigint, true}};
    sqi_chunk chunk = rig_numbers(&r, (int64_t[]){1}, 1);
    sqi_batch *b = rig_batch(&r, &other, &chunk);
    rig_refused(&r, sqi_feed_push(feed, b, &r.err), SQI_COND_INVALID_ARGUMENT, "columns of the feed");
    sqi_batch_unref(b);
    ck_assert_uint_eq(sqi_feed_rows(feed), 0);
    end();
}
END_TEST

START_TEST(after_a_restart_rows_count_on_from_the_checkpoint)
{
    begin(0);
    push("first after the restart");
    rig_source(&r, &sqi_src_memory, feed);
    sqi_offset start = number(7), next = rig_latest(&r, &start);
    ck_assert_int_eq(next.number[0], 8);
    ck_assert_str_eq(rig_read(&r, &start, &next), "first after the restart\n");
    push("second");
    next = rig_latest(&r, &next);
    ck_assert_int_eq(next.number[0], 9);
    end();
}
END_TEST

START_TEST(a_range_of_an_earlier_run_needs_its_rows_again)
{
    begin(0);
    rig_source(&r, &sqi_src_memory, feed);
    sqi_offset start = number(4), last = number(6);
    rig_refused(&r, r.source->type->read(r.source, &start, &last, NULL, NULL, &r.err), SQI_COND_IO_ERROR,
                "Push batches 5 to 6 again");
    push("five");
    push("six");
    ck_assert_str_eq(rig_read(&r, &start, &last), "five\nsix\n");
    last = number(INT64_MAX);
    start = number(INT64_MAX);
    rig_refused(&r, r.source->type->read(r.source, &start, &last, NULL, NULL, &r.err), SQI_COND_IO_ERROR,
                "is not there");
    end();
}
END_TEST

START_TEST(large_chunks_are_cut_to_size)
{
    const char *values[100];
    for (int i = 0; i < 100; i++)
        values[i] = i % 3 ? "x" : NULL;
    begin(0);
    r.env.chunk_rows = 7;
    rig_source(&r, &sqi_src_memory, feed);
    ck_assert_int_eq(try_push(values, 100), STREAMQ_OK);
    sqi_offset o = rig_latest(&r, &unknown);
    const char *rows = rig_read(&r, &unknown, &o);
    ck_assert_uint_eq(r.chunks, 15);
    ck_assert_uint_eq(r.most_rows, 7);
    for (int i = 0; i < 100; i++) {
        const char *wanted = values[i] ? "x\n" : "NULL\n";
        ck_assert_int_eq(strncmp(rows, wanted, strlen(wanted)), 0);
        rows += strlen(wanted);
    }
    ck_assert_str_eq(rows, "");
    end();
}
END_TEST

START_TEST(available_now_fixes_the_end)
{
    begin(0);
    rig_source(&r, &sqi_src_memory, feed);
    r.source->available_now = true;
    push("a");
    sqi_offset a = rig_latest(&r, &unknown);
    push("late");
    sqi_offset b = rig_latest(&r, &a);
    ck_assert(sqi_offset_equal(&a, &b));
    ck_assert(!r.source->type->more(r.source, &a));
    end();
}
END_TEST

START_TEST(a_source_without_a_feed_is_refused)
{
    rig_begin(&r);
    rig_refused(&r, rig_try_source(&r, &sqi_src_memory, NULL), SQI_COND_INVALID_ARGUMENT, "streamq_reader_feed");
    rig_columns(&r, (const char *[]){"value"}, (const sqi_type *const[]){&sqi_type_string}, 1);
    rig_refused(&r, rig_try_source(&r, &sqi_src_memory, NULL), SQI_COND_INVALID_ARGUMENT, "streamq_reader_feed");
    rig_end(&r);
}
END_TEST

enum { PUSHERS = 3, EACH = 200 };

static void *push_many(void *argument)
{
    sqi_batch **batches = argument;
    for (int i = 0; i < EACH; i++)
        ck_assert_int_eq(sqi_feed_push(feed, batches[i], NULL), STREAMQ_OK);
    return NULL;
}

START_TEST(threads_push_while_a_query_reads)
{
    static sqi_batch *batches[PUSHERS][EACH];
    begin(0);
    rig_source(&r, &sqi_src_memory, feed);
    sqi_chunk chunk = rig_strings(&r, (const char *[]){"x"}, 1);
    pthread_t threads[PUSHERS];
    for (int t = 0; t < PUSHERS; t++)
        for (int i = 0; i < EACH; i++)
            batches[t][i] = rig_batch(&r, &r.schema, &chunk);
    for (int t = 0; t < PUSHERS; t++)
        ck_assert_int_eq(sqi_os_thread_start(&threads[t], push_many, batches[t], "push"), 0);
    size_t rows = 0;
    for (sqi_offset o = unknown, next; rows < PUSHERS * EACH; o = next) {
        struct pollfd one = {.fd = r.source->type->fd(r.source), .events = POLLIN};
        ck_assert_int_eq(poll(&one, 1, 5000), 1);
        next = rig_latest(&r, &o);
        if (next.known)
            rows += strlen(rig_read(&r, &o, &next)) / 2;
        r.source->type->commit(r.source, &next);
    }
    for (int t = 0; t < PUSHERS; t++)
        pthread_join(threads[t], NULL);
    ck_assert_uint_eq(rows, PUSHERS * EACH);
    ck_assert_uint_eq(sqi_feed_rows(feed), 0);
    end();
}
END_TEST

static streamq_status use(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_io_env env = *(sqi_io_env *)context;
    env.alloc = alloc;
    sqi_source *s = NULL;
    sqi_feed *f = sqi_feed_new(alloc, &r.schema, 0, 0, err);
    streamq_status status =
        f ? sqi_source_open(&s, &sqi_src_memory, &env, &r.options, &r.schema, f, err) : STREAMQ_ERR_NOMEM;
    for (int i = 0; i < 20 && status == STREAMQ_OK; i++) {
        sqi_batch *b = sqi_batch_new(alloc, &r.schema, err);
        status = b ? sqi_feed_push(f, b, err) : STREAMQ_ERR_NOMEM;
        if (status != STREAMQ_OK)
            sqi_batch_unref(b);
    }
    sqi_source_close(s);
    sqi_feed_unref(f);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    begin(0);
    ck_assert_uint_gt(sqi_test_every_allocation(use, &r.env), 20);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_feed_without_rows_has_no_offset,
                                  pushes_before_a_trigger_come_together,
                                  committed_batches_are_let_go_of,
                                  rows_stay_until_every_reader_has_them,
                                  a_push_raises_the_signal_and_a_latest_without_news_lowers_it,
                                  a_full_feed_takes_nothing,
                                  waiting_for_room_ends_with_a_commit_or_in_time,
                                  a_closed_feed_takes_no_more,
                                  columns_of_another_shape_are_refused,
                                  after_a_restart_rows_count_on_from_the_checkpoint,
                                  a_range_of_an_earlier_run_needs_its_rows_again,
                                  large_chunks_are_cut_to_size,
                                  available_now_fixes_the_end,
                                  a_source_without_a_feed_is_refused,
                                  threads_push_while_a_query_reads,
                                  every_allocation_may_fail};
    return sqi_test_main("src_memory", tests, sizeof tests / sizeof *tests);
}
