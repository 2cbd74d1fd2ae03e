/*
 * os_tcp: a TCP client that never waits without a bound.
 *
 * Every address of the host is tried in the order the resolver gives; the last failure is reported. Resolving itself
 * is the system's and takes the time it takes. Descriptors do not block and are not inherited by programs started.
 */
#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int64_t now_micros(void)
{
    const sqi_os *os = sqi_os_posix();
    return os->monotonic_micros(os->context);
}

/* Milliseconds for poll, rounded up so that a deadline is never early; -1: none. */
static int poll_millis(int64_t deadline)
{
    if (deadline == INT64_MAX)
        return -1;
    int64_t left = deadline - now_micros();
    if (left <= 0)
        return 0;
    left = left / 1000 + (left % 1000 != 0);
    return left > 60000 ? 60000 : (int)left;
}

/* Wait until a connect in progress has an outcome. 0 or errno. */
static int await_connect(int fd, int64_t deadline)
{
    for (;;) {
        struct pollfd one = {.fd = fd, .events = POLLOUT};
        int n = poll(&one, 1, poll_millis(deadline));
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            break;
        if (deadline != INT64_MAX && now_micros() >= deadline)
            return ETIMEDOUT;
    }
    int code = 0;
    socklen_t len = sizeof code;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &len) == 0 ? code : errno;
}

static int open_socket(const struct addrinfo *a, int *fd)
{
#if defined(SOCK_CLOEXEC) && defined(SOCK_NONBLOCK)
    *fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
    return *fd < 0 ? errno : 0;
#else
    *fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    if (*fd < 0)
        return errno;
    if (fcntl(*fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(*fd, F_SETFL, O_NONBLOCK) == 0)
        return 0;
    int code = errno;
    close(*fd);
    *fd = -1;
    return code;
#endif
}

static int connect_one(const struct addrinfo *a, int64_t deadline, int *fd)
{
    int code = open_socket(a, fd);
    if (code)
        return code;
    if (connect(*fd, a->ai_addr, a->ai_addrlen) != 0)
        code = errno == EINPROGRESS || errno == EINTR ? await_connect(*fd, deadline) : errno;
    if (code) {
        close(*fd);
        *fd = -1;
    }
    return code;
}

int sqi_os_tcp_connect(const char *host, const char *port, int64_t timeout_micros, int *fd)
{
    *fd = -1;
    struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *found = NULL;
    int code = getaddrinfo(host, port, &wanted, &found);
    if (code == EAI_SYSTEM)
        return errno ? errno : EIO;
    if (code)
        return code < 0 ? code : -code;
    int64_t now = now_micros();
    int64_t deadline = timeout_micros < INT64_MAX - now ? now + timeout_micros : INT64_MAX;
    code = EADDRNOTAVAIL;
    for (const struct addrinfo *a = found; a; a = a->ai_next) {
        code = connect_one(a, deadline, fd);
        if (code == 0 || now_micros() >= deadline)
            break;
    }
    freeaddrinfo(found);
    return code;
}

int64_t sqi_os_tcp_read_now(int fd, void *to, size_t len)
{
    for (;;) {
        ssize_t n = recv(fd, to, len, MSG_DONTWAIT);
        if (n >= 0)
            return n;
        if (errno != EINTR)
            return errno == EWOULDBLOCK ? -EAGAIN : -errno;
    }
}

int64_t sqi_os_tcp_read(int fd, int stop_fd, void *to, size_t len)
{
    for (;;) {
        struct pollfd both[2] = {{.fd = fd, .events = POLLIN}, {.fd = stop_fd, .events = POLLIN}};
        if (poll(both, stop_fd >= 0 ? 2 : 1, -1) < 0) {
            if (errno == EINTR)
                continue;
            return -errno;
        }
        if (stop_fd >= 0 && both[1].revents)
            return -ECANCELED;
        int64_t n = sqi_os_tcp_read_now(fd, to, len);
        if (n != -EAGAIN)
            return n;
    }
}
