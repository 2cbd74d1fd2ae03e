/* One descriptor for several, and for a timer. */
#include <poll.h>

#include "os.h"
#include "os_sim.h"
#include "test_main.h"

static sqi_os_poller p;
static sqi_os_signal a, b;

static void begin(void)
{
    ck_assert_int_eq(sqi_os_poller_open(&p), 0);
    ck_assert_int_eq(sqi_os_signal_open(&a), 0);
    ck_assert_int_eq(sqi_os_signal_open(&b), 0);
}

static void end(void)
{
    sqi_os_poller_close(&p);
    sqi_os_poller_close(&p);
    ck_assert_int_eq(p.fd, -1);
    sqi_os_signal_close(&a);
    sqi_os_signal_close(&b);
}

static bool ready(int millis)
{
    struct pollfd one = {.fd = p.fd, .events = POLLIN};
    return poll(&one, 1, millis) == 1;
}

START_TEST(it_is_readable_when_any_member_is)
{
    begin();
    ck_assert_int_eq(sqi_os_poller_add(&p, a.read_fd), 0);
    ck_assert_int_eq(sqi_os_poller_add(&p, b.read_fd), 0);
    ck_assert_int_eq(sqi_os_poller_add(&p, b.read_fd), 0); /* twice is once */
    ck_assert(!ready(0));
    sqi_os_signal_raise(&b);
    ck_assert(ready(0));
    sqi_os_signal_drain(&b);
    ck_assert(!ready(0));
    sqi_os_poller_remove(&p, a.read_fd);
    sqi_os_signal_raise(&a);
    ck_assert(!ready(0));
    sqi_os_poller_remove(&p, a.read_fd);
    sqi_os_poller_remove(&p, -1);
    end();
}
END_TEST

START_TEST(a_descriptor_that_is_none_is_an_error)
{
    begin();
    ck_assert_int_ne(sqi_os_poller_add(&p, -1), 0);
    end();
}
END_TEST

START_TEST(the_timer_makes_it_readable_until_it_is_set_again)
{
    begin();
    ck_assert_int_eq(sqi_os_poller_timer(&p, 3000), 0);
    ck_assert(!ready(0));
    ck_assert(ready(2000));
    ck_assert_int_eq(sqi_os_poller_timer(&p, -1), 0);
    ck_assert(!ready(5));
    ck_assert_int_eq(sqi_os_poller_timer(&p, 0), 0);
    ck_assert(ready(2000));
    end();
}
END_TEST

START_TEST(a_wait_ends_with_the_descriptor_or_the_deadline)
{
    const sqi_os *os = sqi_os_posix();
    begin();
    int64_t now = os->monotonic_micros(os->context);
    ck_assert(!sqi_os_wait_fd(os, a.read_fd, now + 2000));
    ck_assert_int_ge(os->monotonic_micros(os->context), now + 2000);
    ck_assert(!sqi_os_wait_fd(os, a.read_fd, 0)); /* long past: one look */
    sqi_os_signal_raise(&a);
    ck_assert(sqi_os_wait_fd(os, a.read_fd, INT64_MAX));
    ck_assert(sqi_os_wait_fd(os, a.read_fd, 0));
    end();
}
END_TEST

START_TEST(a_machine_of_its_own_decides_how_to_wait)
{
    sqi_os_sim sim;
    begin();
    sqi_os_sim_init(&sim, 0, 1);
    sqi_os_sim_automatic(&sim, 1);
    ck_assert(!sqi_os_wait_fd(&sim.os, a.read_fd, INT64_C(3600000000)));
    ck_assert_int_eq(sim.os.monotonic_micros(&sim), INT64_C(3600000000));
    sqi_os_sim_fini(&sim);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_is_readable_when_any_member_is, a_descriptor_that_is_none_is_an_error,
                                  the_timer_makes_it_readable_until_it_is_set_again,
                                  a_wait_ends_with_the_descriptor_or_the_deadline,
                                  a_machine_of_its_own_decides_how_to_wait};
    return sqi_test_main("os_poller", tests, sizeof tests / sizeof *tests);
}
