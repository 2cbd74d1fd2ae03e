/* The simulated machine itself, since other tests trust it. */
#include "os_sim.h"

#include <string.h>

#include "test_main.h"

static sqi_os_sim sim;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond;

static void begin(void)
{
    sqi_os_sim_init(&sim, 1000, 42);
    ck_assert(sqi_os_cond_init(&cond));
}

static void end(void)
{
    pthread_cond_destroy(&cond);
    sqi_os_sim_fini(&sim);
}

static int64_t now(void)
{
    return sim.os.monotonic_micros(sim.os.context);
}

START_TEST(time_moves_only_when_moved)
{
    begin();
    ck_assert_int_eq(sim.os.wall_micros(&sim), 1000);
    ck_assert_int_eq(now(), 0);
    sqi_os_sim_advance(&sim, 500);
    ck_assert_int_eq(sim.os.wall_micros(&sim), 1500);
    ck_assert_int_eq(now(), 500);
    sqi_os_sim_set_wall(&sim, 7);
    ck_assert_int_eq(sim.os.wall_micros(&sim), 7);
    ck_assert_int_eq(now(), 500);
    end();
}
END_TEST

START_TEST(alone_a_wait_jumps_to_its_deadline)
{
    begin();
    sqi_os_sim_automatic(&sim, 1);
    pthread_mutex_lock(&mutex);
    ck_assert(!sim.os.wait(&sim, &cond, &mutex, INT64_C(86400000000)));
    pthread_mutex_unlock(&mutex);
    ck_assert_int_eq(now(), INT64_C(86400000000));
    ck_assert_int_eq(sim.os.wall_micros(&sim), INT64_C(86400001000));
    end();
}
END_TEST

static int64_t woken_at[2];

static void *sleeper(void *argument)
{
    size_t i = (size_t)(uintptr_t)argument;
    pthread_mutex_lock(&mutex);
    while (sim.os.wait(&sim, &cond, &mutex, i ? 9000 : 4000))
        continue;
    woken_at[i] = now();
    pthread_mutex_unlock(&mutex);
    return NULL;
}

START_TEST(several_waiters_are_woken_in_order_of_their_deadlines)
{
    begin();
    sqi_os_sim_automatic(&sim, 2);
    pthread_t threads[2];
    for (uintptr_t i = 0; i < 2; i++)
        ck_assert_int_eq(sqi_os_thread_start(&threads[i], sleeper, (void *)i, "sleeper"), 0);
    pthread_join(threads[0], NULL);
    ck_assert_int_eq(woken_at[0], 4000);
    ck_assert_int_eq(now(), 4000); /* one waits still, one does not: time stands */
    sqi_os_sim_automatic(&sim, 1);
    pthread_join(threads[1], NULL);
    ck_assert_int_eq(woken_at[1], 9000);
    end();
}
END_TEST

START_TEST(the_test_decides_when_a_deadline_passes)
{
    begin();
    pthread_t thread;
    woken_at[0] = -1;
    ck_assert_int_eq(sqi_os_thread_start(&thread, sleeper, NULL, "sleeper"), 0);
    sqi_os_sim_await_waiters(&sim, 1);
    sqi_os_sim_advance(&sim, 3999);
    pthread_mutex_lock(&mutex);
    ck_assert_int_eq(woken_at[0], -1);
    pthread_mutex_unlock(&mutex);
    sqi_os_sim_advance(&sim, 1);
    pthread_join(thread, NULL);
    ck_assert_int_eq(woken_at[0], 4000);
    end();
}
END_TEST

static void *await_signal(void *argument)
{
    bool *signalled = argument;
    pthread_mutex_lock(&mutex);
    while (!*signalled)
        ck_assert(sim.os.wait(&sim, &cond, &mutex, INT64_MAX));
    pthread_mutex_unlock(&mutex);
    return NULL;
}

START_TEST(a_signal_ends_a_wait_without_moving_time)
{
    begin();
    bool signalled = false;
    pthread_t thread;
    ck_assert_int_eq(sqi_os_thread_start(&thread, await_signal, &signalled, "waiter"), 0);
    sqi_os_sim_await_waiters(&sim, 1);
    pthread_mutex_lock(&mutex);
    signalled = true;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    ck_assert_int_eq(now(), 0);
    end();
}
END_TEST

START_TEST(a_descriptor_is_waited_for_in_virtual_time)
{
    begin();
    sqi_os_signal s;
    ck_assert_int_eq(sqi_os_signal_open(&s), 0);
    sqi_os_sim_automatic(&sim, 1);
    ck_assert(!sim.os.wait_fd(&sim, s.read_fd, 70000));
    ck_assert_int_eq(now(), 70000);
    sqi_os_signal_raise(&s);
    ck_assert(sim.os.wait_fd(&sim, s.read_fd, 90000));
    ck_assert_int_eq(now(), 70000);
    sqi_os_signal_close(&s);
    end();
}
END_TEST

START_TEST(random_bytes_follow_the_seed)
{
    char a[20], b[20], c[20];
    begin();
    ck_assert(sim.os.random(&sim, a, sizeof a));
    end();
    begin();
    ck_assert(sim.os.random(&sim, b, sizeof b));
    ck_assert(sim.os.random(&sim, c, sizeof c));
    ck_assert_mem_eq(a, b, sizeof a);
    ck_assert_mem_ne(b, c, sizeof b);
    sim.random_fails = true;
    ck_assert(!sim.os.random(&sim, a, sizeof a));
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {time_moves_only_when_moved,
                                  alone_a_wait_jumps_to_its_deadline,
                                  several_waiters_are_woken_in_order_of_their_deadlines,
                                  the_test_decides_when_a_deadline_passes,
                                  a_signal_ends_a_wait_without_moving_time,
                                  a_descriptor_is_waited_for_in_virtual_time,
                                  random_bytes_follow_the_seed};
    return sqi_test_main("os_sim", tests, sizeof tests / sizeof *tests);
}
