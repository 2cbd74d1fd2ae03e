/* The TCP client against a real server on the loopback. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "loopback.h"
#include "os.h"
#include "test_main.h"

enum { SECOND = 1000000 };

static sqi_loopback server;
static int fd;

static void connected(void)
{
    sqi_loopback_open(&server);
    ck_assert_int_eq(sqi_os_tcp_connect("localhost", server.port, 5 * SECOND, &fd), 0);
    ck_assert_int_ge(fd, 0);
    sqi_loopback_accept(&server);
}

static void done(void)
{
    sqi_os_close(fd);
    sqi_loopback_close(&server);
}

START_TEST(bytes_arrive_and_the_end_is_zero)
{
    char to[100];
    connected();
    ck_assert_int_eq(sqi_os_tcp_read_now(fd, to, sizeof to), -EAGAIN);
    sqi_loopback_send(&server, "apache spark\n");
    ck_assert_int_eq(sqi_os_tcp_read(fd, -1, to, 6), 6);
    ck_assert_mem_eq(to, "apache", 6);
    ck_assert_int_eq(sqi_os_tcp_read_now(fd, to, sizeof to), 7);
    ck_assert_mem_eq(to, " spark\n", 7);
    sqi_loopback_hang_up(&server);
    ck_assert_int_eq(sqi_os_tcp_read(fd, -1, to, sizeof to), 0);
    ck_assert_int_eq(sqi_os_tcp_read_now(fd, to, sizeof to), 0);
    done();
}
END_TEST

START_TEST(a_descriptor_is_not_inherited_and_does_not_block)
{
    connected();
    ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
    ck_assert_int_ne(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    done();
}
END_TEST

START_TEST(a_reset_is_an_error)
{
    char to[10];
    connected();
    sqi_loopback_reset(&server);
    ck_assert_int_eq(sqi_os_tcp_read(fd, -1, to, sizeof to), -ECONNRESET);
    done();
}
END_TEST

static void *raise_later(void *argument)
{
    poll(NULL, 0, 5);
    sqi_os_signal_raise(argument);
    return NULL;
}

START_TEST(stop_ends_a_read_that_waits)
{
    char to[10];
    sqi_os_signal stop;
    pthread_t thread;
    connected();
    ck_assert_int_eq(sqi_os_signal_open(&stop), 0);
    ck_assert_int_eq(sqi_os_thread_start(&thread, raise_later, &stop, "raise"), 0);
    ck_assert_int_eq(sqi_os_tcp_read(fd, stop.read_fd, to, sizeof to), -ECANCELED);
    pthread_join(thread, NULL);
    sqi_os_signal_close(&stop);
    done();
}
END_TEST

START_TEST(nobody_listening_is_a_refusal)
{
    sqi_loopback_open(&server);
    char port[8];
    snprintf(port, sizeof port, "%s", server.port);
    sqi_loopback_close(&server); /* the port is free now */
    ck_assert_int_eq(sqi_os_tcp_connect("127.0.0.1", port, 5 * SECOND, &fd), ECONNREFUSED);
    ck_assert_int_eq(fd, -1);
}
END_TEST

START_TEST(a_host_that_cannot_be_is_a_resolver_error)
{
    int code = sqi_os_tcp_connect("no such host", "9999", SECOND, &fd);
    char text[100];
    ck_assert_int_lt(code, 0);
    ck_assert_int_eq(fd, -1);
    ck_assert_uint_gt(strlen(sqi_os_message(code, text, sizeof text)), 5);
    ck_assert_int_lt(sqi_os_tcp_connect("127.0.0.1", "no-such-service", SECOND, &fd), 0);
}
END_TEST

START_TEST(a_timeout_of_none_waits_as_long_as_it_takes)
{
    sqi_loopback_open(&server);
    ck_assert_int_eq(sqi_os_tcp_connect("127.0.0.1", server.port, INT64_MAX, &fd), 0);
    done();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bytes_arrive_and_the_end_is_zero,
                                  a_descriptor_is_not_inherited_and_does_not_block,
                                  a_reset_is_an_error,
                                  stop_ends_a_read_that_waits,
                                  nobody_listening_is_a_refusal,
                                  a_host_that_cannot_be_is_a_resolver_error,
                                  a_timeout_of_none_waits_as_long_as_it_takes};
    return sqi_test_main("os_tcp", tests, sizeof tests / sizeof *tests);
}
