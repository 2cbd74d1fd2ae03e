/* The pipe: whatever the number of workers, each lane sees every item in order, and the first failure is reported. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "fail_alloc.h"
#include "op_pipe.h"
#include "test_main.h"

enum { ITEMS = 300, LANES = 4, SLOTS = 7 };

typedef struct bench {
    sqi_alloc alloc;
    sqi_os_pool *pool;
    sqi_pipe pipe;
    uint32_t nworker, nslot, nlane;
    uint64_t slot[SLOTS];             /* what the driver put there */
    uint64_t made[SLOTS];             /* what prepare made of it */
    uint64_t next[LANES], sum[LANES]; /* of a lane: not atomic, the pipe guards it */
    _Atomic uint32_t inside[LANES];
    _Atomic uint32_t prepared, wrong, consumed;
    uint64_t bad_prepare[3], bad_consume[3]; /* items that fail, from 1; 0: none */
    uint32_t bad_lane[3];
} bench;

static bool has(const uint64_t *list, uint64_t item)
{
    return list[0] == item + 1 || list[1] == item + 1 || list[2] == item + 1;
}

static streamq_status failure(uint64_t item, const char *where, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "item %u failed in %s", (unsigned)item, where);
}

static streamq_status prepare(void *context, uint64_t item, uint32_t worker, streamq_error **err)
{
    bench *b = context;
    if (worker >= b->nworker || b->slot[item % b->nslot] != item)
        atomic_fetch_add(&b->wrong, 1);
    atomic_fetch_add(&b->prepared, 1);
    if (has(b->bad_prepare, item))
        return failure(item, "prepare", err);
    b->made[item % b->nslot] = item * 3 + 1;
    if (item % 5 == 0)
        sched_yield();
    return STREAMQ_OK;
}

static streamq_status consume(void *context, uint64_t item, uint32_t lane, uint32_t worker, streamq_error **err)
{
    bench *b = context;
    if (worker >= b->nworker || atomic_fetch_add(&b->inside[lane], 1) != 0 || b->next[lane] != item ||
        b->made[item % b->nslot] != item * 3 + 1)
        atomic_fetch_add(&b->wrong, 1);
    b->next[lane] = item + 1;
    b->sum[lane] = b->sum[lane] * 31 + b->made[item % b->nslot] + lane;
    atomic_fetch_add(&b->consumed, 1);
    atomic_fetch_sub(&b->inside[lane], 1);
    for (int k = 0; k < 3; k++)
        if (b->bad_consume[k] == item + 1 && b->bad_lane[k] == lane)
            return failure(item, lane ? "a later lane" : "lane 0", err);
    return STREAMQ_OK;
}

static void open_bench(bench *b, uint32_t nworker, uint32_t nslot, uint32_t nlane, bool pool)
{
    *b = (bench){.nworker = nworker, .nslot = nslot, .nlane = nlane};
    sqi_alloc_init(&b->alloc);
    if (pool) {
        b->pool = calloc(1, sqi_os_pool_size(nworker + 1)); /* more than the pipe wants */
        ck_assert_int_eq(sqi_os_pool_open(b->pool, nworker + 1), 0);
    }
    ck_assert_int_eq(sqi_pipe_init(&b->pipe, &b->alloc, b->pool, nworker, nslot, nlane, NULL), STREAMQ_OK);
}

static void close_bench(bench *b)
{
    ck_assert_uint_eq(b->wrong, 0);
    sqi_pipe_fini(&b->pipe);
    if (b->pool)
        sqi_os_pool_close(b->pool);
    free(b->pool);
    ck_assert_uint_eq(atomic_load(&b->alloc.used), 0);
}

static void start(bench *b, bool driver_only, bool help)
{
    const sqi_pipe_job job = {b, driver_only, prepare, consume};
    for (uint32_t k = 0; k < LANES; k++)
        b->next[k] = b->sum[k] = 0;
    b->prepared = b->consumed = 0;
    sqi_pipe_open(&b->pipe, &job, help);
}

/* Puts up to n items; stops where the pipe says so. */
static uint64_t put(bench *b, uint64_t n)
{
    uint64_t k = 0;
    for (; k < n && !sqi_pipe_failed(&b->pipe); k++) {
        uint64_t item = sqi_pipe_room(&b->pipe);
        ck_assert_uint_eq(item, k);
        b->slot[item % b->nslot] = item;
        sqi_pipe_put(&b->pipe);
    }
    return k;
}

static uint64_t expected_sum(uint32_t lane, uint64_t n)
{
    uint64_t sum = 0;
    for (uint64_t k = 0; k < n; k++)
        sum = sum * 31 + k * 3 + 1 + lane;
    return sum;
}

static void expect_all(bench *b, uint64_t n)
{
    ck_assert_int_eq(sqi_pipe_close(&b->pipe, NULL), STREAMQ_OK);
    ck_assert_uint_eq(b->prepared, n);
    ck_assert_uint_eq(b->consumed, n * b->nlane);
    for (uint32_t k = 0; k < b->nlane; k++)
        ck_assert_uint_eq(b->sum[k], expected_sum(k, n));
}

/* 1 to 4 threads, one slot to seven, one lane to four. */
START_TEST(lanes_see_every_item_in_order)
{
    for (uint32_t workers = 1; workers <= 4; workers++)
        for (uint32_t slots = 1; slots <= SLOTS; slots += 3)
            for (uint32_t lanes = 1; lanes <= LANES; lanes++) {
                bench b;
                open_bench(&b, workers, slots, lanes, true);
                for (int again = 0; again < 3; again++) {
                    start(&b, again == 2, true);
                    put(&b, ITEMS);
                    expect_all(&b, ITEMS);
                }
                close_bench(&b);
            }
}
END_TEST

START_TEST(without_a_pool_the_driver_does_everything)
{
    bench b;
    open_bench(&b, 1, 3, 2, false);
    start(&b, false, true);
    sqi_pipe_help(&b.pipe);
    put(&b, ITEMS);
    expect_all(&b, ITEMS);
    start(&b, false, false); /* nothing to do is fine, too */
    expect_all(&b, 0);
    close_bench(&b);
}
END_TEST

static void hold(void *context, uint32_t worker)
{
    (void)worker;
    while (!atomic_load((_Atomic bool *)context))
        sched_yield();
}

START_TEST(while_another_has_the_pool_the_driver_goes_on_alone)
{
    bench b;
    _Atomic bool over = false;
    open_bench(&b, 3, 4, 3, true);
    ck_assert(sqi_os_pool_begin(b.pool, 3, hold, &over));
    start(&b, false, true);
    put(&b, ITEMS);
    expect_all(&b, ITEMS);
    ck_assert(!sqi_os_pool_begin(b.pool, 3, hold, &over)); /* the other still has it */
    atomic_store(&over, true);
    sqi_os_pool_end(b.pool);
    close_bench(&b);
}
END_TEST

START_TEST(help_may_come_later)
{
    bench b;
    open_bench(&b, 3, 4, 3, true);
    start(&b, false, false);
    for (uint64_t k = 0; k < ITEMS; k++) {
        if (k >= 10)
            sqi_pipe_help(&b.pipe);
        b.slot[sqi_pipe_room(&b.pipe) % b.nslot] = k;
        sqi_pipe_put(&b.pipe);
    }
    expect_all(&b, ITEMS);
    close_bench(&b);
}
END_TEST

/* A driver that is slow to give items: the workers fall asleep and wake again. */
START_TEST(sleepers_wake)
{
    bench b;
    open_bench(&b, 3, 4, 2, true);
    start(&b, false, true);
    for (uint64_t k = 0; k < 20; k++) {
        b.slot[sqi_pipe_room(&b.pipe) % b.nslot] = k;
        sched_yield();
        struct timespec a_little = {0, 300000};
        nanosleep(&a_little, NULL);
        sqi_pipe_put(&b.pipe);
    }
    expect_all(&b, 20);
    close_bench(&b);
}
END_TEST

/* Each of the first items waits until the others are being prepared, too, and each lane for the other lanes. */
static streamq_status meet(_Atomic uint32_t *here, uint32_t all)
{
    atomic_fetch_add(here, 1);
    while (atomic_load(here) < all)
        sched_yield();
    return STREAMQ_OK;
}

static streamq_status prepare_together(void *context, uint64_t item, uint32_t worker, streamq_error **err)
{
    bench *b = context;
    (void)worker, (void)err;
    return item < 3 ? meet(&b->prepared, 3) : STREAMQ_OK;
}

static streamq_status consume_together(void *context, uint64_t item, uint32_t lane, uint32_t worker,
                                       streamq_error **err)
{
    bench *b = context;
    (void)lane, (void)worker, (void)err;
    return item == 0 ? meet(&b->consumed, 3) : STREAMQ_OK;
}

START_TEST(items_are_prepared_and_lanes_consume_at_once)
{
    bench b;
    open_bench(&b, 3, 6, 3, true);
    const sqi_pipe_job job = {&b, false, prepare_together, consume_together};
    sqi_pipe_open(&b.pipe, &job, true);
    put(&b, 20);
    ck_assert_int_eq(sqi_pipe_close(&b.pipe, NULL), STREAMQ_OK); /* comes back at all */
    ck_assert_uint_eq(b.prepared, 3);
    ck_assert_uint_eq(b.consumed, 3);
    close_bench(&b);
}
END_TEST

/* Closes a pipe that must have failed, with this message; it can be opened again. */
static void expect_failure(bench *b, uint64_t item, const char *where)
{
    char want[64];
    streamq_error *err = NULL;
    snprintf(want, sizeof want, "item %u failed in %s", (unsigned)item, where);
    ck_assert_int_eq(sqi_pipe_close(&b->pipe, &err), STREAMQ_ERR_INVALID);
    ck_assert_msg(err && strstr(sqi_error_message(err), want), "%s instead of %s", err ? sqi_error_message(err) : "",
                  want);
    sqi_error_free(err);
    uint64_t bad[3] = {0};
    memcpy(b->bad_prepare, bad, sizeof bad);
    memcpy(b->bad_consume, bad, sizeof bad);
    start(b, false, true);
    put(b, 30);
    expect_all(b, 30);
}

START_TEST(the_first_failing_item_is_the_one_reported)
{
    static const uint64_t first[] = {0, 1, 9, 100};
    for (uint32_t workers = 1; workers <= 4; workers++) {
        bench b;
        open_bench(&b, workers, SLOTS, 3, workers > 1);
        for (size_t k = 0; k < sizeof first / sizeof *first; k++) {
            uint64_t at = first[k];
            b.bad_prepare[0] = at + 2; /* numbers are counted from 1 */
            b.bad_prepare[1] = at + 1;
            b.bad_prepare[2] = at + 4;
            start(&b, false, true);
            ck_assert_uint_lt(put(&b, ITEMS), ITEMS); /* said soon */
            expect_failure(&b, at, "prepare");
            b.bad_prepare[0] = at + 3;
            b.bad_consume[0] = at + 2;
            b.bad_consume[1] = b.bad_consume[2] = at + 1; /* two lanes: the first one counts */
            b.bad_lane[0] = b.bad_lane[1] = 2;
            b.bad_lane[2] = 0;
            start(&b, false, true);
            put(&b, ITEMS);
            expect_failure(&b, at, "lane 0");
        }
        close_bench(&b);
    }
}
END_TEST

START_TEST(a_failure_without_anyone_to_tell_is_dropped)
{
    bench b;
    open_bench(&b, 2, 3, 2, true);
    b.bad_prepare[0] = 5;
    start(&b, false, true);
    put(&b, ITEMS);
    ck_assert_int_eq(sqi_pipe_close(&b.pipe, NULL), STREAMQ_ERR_INVALID);
    b.bad_prepare[0] = 1; /* fini with an error that nobody took: not reached, close took it */
    start(&b, false, false);
    put(&b, 2);
    sqi_pipe_give_up(&b.pipe);
    close_bench(&b);
}
END_TEST

START_TEST(giving_up_passes_over_what_is_not_begun)
{
    bench b;
    open_bench(&b, 1, SLOTS, 2, false);
    start(&b, false, false);
    put(&b, SLOTS); /* there is room: nothing has been begun */
    sqi_pipe_give_up(&b.pipe);
    ck_assert_uint_eq(b.prepared, 0);
    ck_assert_uint_eq(b.consumed, 0);
    close_bench(&b);
    open_bench(&b, 4, SLOTS, 2, true);
    for (int again = 0; again < 200; again++) {
        start(&b, false, true);
        put(&b, (uint64_t)again % 40);
        sqi_pipe_give_up(&b.pipe);
        uint32_t prepared = b.prepared, consumed = b.consumed;
        sched_yield();
        ck_assert_uint_eq(b.prepared, prepared); /* nobody works any more */
        ck_assert_uint_eq(b.consumed, consumed);
    }
    close_bench(&b);
}
END_TEST

static streamq_status make(sqi_alloc *alloc, void *context, streamq_error **err)
{
    (void)context;
    sqi_pipe p;
    streamq_status status = sqi_pipe_init(&p, alloc, NULL, 1, 6, 2, err);
    sqi_pipe_fini(&p);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_ge(sqi_test_every_allocation(make, NULL), 2);
    sqi_pipe none = {0};
    sqi_pipe_fini(&none);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lanes_see_every_item_in_order,
                                  without_a_pool_the_driver_does_everything,
                                  while_another_has_the_pool_the_driver_goes_on_alone,
                                  help_may_come_later,
                                  sleepers_wake,
                                  items_are_prepared_and_lanes_consume_at_once,
                                  the_first_failing_item_is_the_one_reported,
                                  a_failure_without_anyone_to_tell_is_dropped,
                                  giving_up_passes_over_what_is_not_begun,
                                  every_allocation_may_fail};
    return sqi_test_main("op_pipe", tests, sizeof tests / sizeof *tests);
}
