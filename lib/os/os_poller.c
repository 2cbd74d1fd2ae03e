/*
 * os_poller: one descriptor that stands for several and for a timer. A query's sources, its wake-up signal and its
 * next trigger time become one thing to poll, so a program can put a query into its own event loop.
 */
#include "os.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

bool sqi_os_wait_fd(const sqi_os *os, int fd, int64_t deadline_micros)
{
    if (os->wait_fd)
        return os->wait_fd(os->context, fd, deadline_micros);
    for (;;) {
        struct timespec left, *timeout = NULL;
        if (deadline_micros != INT64_MAX) {
            int64_t micros = deadline_micros - os->monotonic_micros(os->context);
            if (micros < 0)
                micros = 0;
            left.tv_sec = (time_t)(micros / 1000000);
            left.tv_nsec = (long)(micros % 1000000) * 1000;
            timeout = &left;
        }
        struct pollfd one = {.fd = fd, .events = POLLIN};
        int n = ppoll(&one, 1, timeout, NULL);
        if (n > 0)
            return true;
        if (n == 0)
            return false;
        if (errno != EINTR)
            return true; /* let the caller look: the next read or write says what is wrong */
    }
}

int sqi_os_poller_add(sqi_os_poller *p, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};
    return epoll_ctl(p->fd, EPOLL_CTL_ADD, fd, &event) == 0 || errno == EEXIST ? 0 : errno;
}

void sqi_os_poller_remove(sqi_os_poller *p, int fd)
{
    if (p->fd >= 0 && fd >= 0)
        (void)epoll_ctl(p->fd, EPOLL_CTL_DEL, fd, NULL);
}

int sqi_os_poller_open(sqi_os_poller *p)
{
    p->timer_fd = -1;
    p->fd = epoll_create1(EPOLL_CLOEXEC);
    if (p->fd < 0)
        return errno;
    p->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    int code = p->timer_fd < 0 ? errno : sqi_os_poller_add(p, p->timer_fd);
    if (code)
        sqi_os_poller_close(p);
    return code;
}

int sqi_os_poller_timer(sqi_os_poller *p, int64_t in_micros)
{
    struct itimerspec when = {{0, 0}, {0, 0}}; /* all zero: disarmed, and no longer readable */
    if (in_micros >= 0) {
        when.it_value.tv_sec = (time_t)(in_micros / 1000000);
        when.it_value.tv_nsec = (long)(in_micros % 1000000) * 1000;
        if (in_micros == 0)
            when.it_value.tv_nsec = 1;
    }
    return timerfd_settime(p->timer_fd, 0, &when, NULL) == 0 ? 0 : errno;
}

void sqi_os_poller_close(sqi_os_poller *p)
{
    if (p->timer_fd >= 0)
        close(p->timer_fd);
    if (p->fd >= 0)
        close(p->fd);
    p->fd = p->timer_fd = -1;
}
