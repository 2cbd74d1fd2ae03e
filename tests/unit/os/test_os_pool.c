/* A pool of threads: who runs a job, how many at most, and what happens when it is taken or cannot start. */
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "os_pool.h"
#include "test_main.h"

enum { MOST = 5 };

typedef struct job {
    _Atomic uint32_t runs[MOST + 1]; /* by the worker's number */
    _Atomic uint32_t others;
    pthread_t beginner;
    _Atomic bool same_thread;
} job;

static sqi_os_pool *open_pool(uint32_t workers)
{
    sqi_os_pool *p = calloc(1, sqi_os_pool_size(workers));
    ck_assert_ptr_nonnull(p);
    ck_assert_int_eq(sqi_os_pool_open(p, workers), 0);
    return p;
}

static void close_pool(sqi_os_pool *p)
{
    sqi_os_pool_close(p);
    free(p);
}

static void run(void *context, uint32_t worker)
{
    job *j = context;
    if (pthread_equal(pthread_self(), j->beginner))
        atomic_store(&j->same_thread, true);
    if (worker >= 1 && worker <= MOST)
        atomic_fetch_add(&j->runs[worker], 1);
    else
        atomic_fetch_add(&j->others, 1);
}

/* Each worker from 1 to `workers` has run the job `times` times. */
static void expect(job *j, uint32_t workers, uint32_t times)
{
    for (uint32_t k = 1; k <= MOST; k++)
        ck_assert_uint_eq(j->runs[k], k <= workers ? times : 0);
    ck_assert_uint_eq(j->others, 0);
    ck_assert(!j->same_thread);
}

START_TEST(every_worker_runs_a_job_once)
{
    sqi_os_pool *p = open_pool(3);
    job j = {.beginner = pthread_self()};
    for (uint32_t n = 1; n <= 200; n++) {
        ck_assert(sqi_os_pool_begin(p, 3, run, &j));
        sqi_os_pool_end(p);
        expect(&j, 3, n);
    }
    close_pool(p);
}
END_TEST

START_TEST(a_job_may_ask_for_fewer_and_then_for_more)
{
    static const uint32_t most[] = {1, 3, 2, 5, 1, 64};
    sqi_os_pool *p = open_pool(5);
    for (size_t n = 0; n < sizeof most / sizeof *most; n++) {
        job j = {.beginner = pthread_self()};
        ck_assert(sqi_os_pool_begin(p, most[n], run, &j));
        sqi_os_pool_end(p);
        expect(&j, most[n] < 5 ? most[n] : 5, 1);
    }
    close_pool(p);
}
END_TEST

START_TEST(nobody_to_ask_is_said)
{
    sqi_os_pool *none = open_pool(0), *some = open_pool(2);
    job j = {.beginner = pthread_self()};
    ck_assert(!sqi_os_pool_begin(none, 3, run, &j));
    ck_assert(!sqi_os_pool_begin(some, 0, run, &j));
    expect(&j, 0, 0);
    close_pool(none);
    close_pool(some); /* without having started a thread */
}
END_TEST

typedef struct gate {
    _Atomic bool open;
    _Atomic uint32_t in;
} gate;

static void wait_at(void *context, uint32_t worker)
{
    gate *g = context;
    (void)worker;
    atomic_fetch_add(&g->in, 1);
    while (!atomic_load(&g->open))
        sched_yield();
}

START_TEST(a_taken_pool_refuses_until_its_job_has_ended)
{
    sqi_os_pool *p = open_pool(2);
    job j = {.beginner = pthread_self()};
    gate g = {0};
    ck_assert(sqi_os_pool_begin(p, 2, wait_at, &g));
    while (atomic_load(&g.in) < 2)
        sched_yield();
    ck_assert(!sqi_os_pool_begin(p, 2, run, &j));
    atomic_store(&g.open, true);
    sqi_os_pool_end(p);
    ck_assert(sqi_os_pool_begin(p, 2, run, &j));
    sqi_os_pool_end(p);
    expect(&j, 2, 1);
    close_pool(p);
}
END_TEST

typedef struct rival {
    sqi_os_pool *pool;
    uint32_t got;
} rival;

static void *compete(void *argument)
{
    rival *r = argument;
    for (int n = 0; n < 2000; n++) {
        job j = {.beginner = pthread_self()};
        if (!sqi_os_pool_begin(r->pool, 2, run, &j))
            continue;
        sqi_os_pool_end(r->pool);
        r->got += j.runs[1] == 1 && j.runs[2] == 1;
    }
    return NULL;
}

/* Jobs of several threads never mix. */
START_TEST(whoever_gets_the_pool_has_all_of_it)
{
    sqi_os_pool *p = open_pool(2);
    rival r[3] = {{p, 0}, {p, 0}, {p, 0}};
    pthread_t thread[3];
    for (int k = 0; k < 3; k++)
        ck_assert_int_eq(pthread_create(&thread[k], NULL, compete, &r[k]), 0);
    for (int k = 0; k < 3; k++)
        pthread_join(thread[k], NULL);
    ck_assert_uint_gt(r[0].got + r[1].got + r[2].got, 0);
    close_pool(p);
}
END_TEST

#if defined(__GLIBC__)
/* Threads with a stack that no machine has cannot be started. */
START_TEST(threads_that_cannot_start_are_done_without)
{
    pthread_attr_t small, huge;
    sqi_os_pool *p = open_pool(3);
    job none = {.beginner = pthread_self()}, all = {.beginner = pthread_self()};
    ck_assert_int_eq(pthread_getattr_default_np(&small), 0);
    ck_assert_int_eq(pthread_getattr_default_np(&huge), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&huge, (size_t)1 << 50), 0);
    ck_assert_int_eq(pthread_setattr_default_np(&huge), 0);
    ck_assert(!sqi_os_pool_begin(p, 3, run, &none));
    ck_assert_int_eq(pthread_setattr_default_np(&small), 0);
    ck_assert(sqi_os_pool_begin(p, 1, run, &all)); /* the next job tries again */
    sqi_os_pool_end(p);
    ck_assert_int_eq(pthread_setattr_default_np(&huge), 0);
    ck_assert(sqi_os_pool_begin(p, 3, run, &all)); /* one of three is better than nobody */
    sqi_os_pool_end(p);
    expect(&all, 1, 2);
    expect(&none, 0, 0);
    close_pool(p);
}
END_TEST
#endif

int main(void)
{
    const TTest *const tests[] = {
        every_worker_runs_a_job_once,
        a_job_may_ask_for_fewer_and_then_for_more,
        nobody_to_ask_is_said,
        a_taken_pool_refuses_until_its_job_has_ended,
        whoever_gets_the_pool_has_all_of_it,
#if defined(__GLIBC__)
        threads_that_cannot_start_are_done_without,
#endif
    };
    return sqi_test_main("os_pool", tests, sizeof tests / sizeof *tests);
}
