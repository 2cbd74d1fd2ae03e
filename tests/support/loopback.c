/* loopback: every step fails the running test if the system refuses it. */
#include "loopback.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void sqi_loopback_open(sqi_loopback *l)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    l->peer_fd = -1;
    l->listen_fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_ge(l->listen_fd, 0);
    ck_assert_int_eq(bind(l->listen_fd, (struct sockaddr *)&address, len), 0);
    ck_assert_int_eq(listen(l->listen_fd, 64), 0);
    ck_assert_int_eq(getsockname(l->listen_fd, (struct sockaddr *)&address, &len), 0);
    snprintf(l->port, sizeof l->port, "%u", (unsigned)ntohs(address.sin_port));
}

void sqi_loopback_accept(sqi_loopback *l)
{
    sqi_loopback_hang_up(l);
    l->peer_fd = accept(l->listen_fd, NULL, NULL);
    ck_assert_int_ge(l->peer_fd, 0);
}

void sqi_loopback_send_bytes(sqi_loopback *l, const void *bytes, size_t len)
{
    for (const char *p = bytes; len > 0;) {
        ssize_t n = send(l->peer_fd, p, len, MSG_NOSIGNAL);
        ck_assert_int_gt(n, 0);
        p += n;
        len -= (size_t)n;
    }
}

void sqi_loopback_send(sqi_loopback *l, const char *text)
{
    sqi_loopback_send_bytes(l, text, strlen(text));
}

void sqi_loopback_hang_up(sqi_loopback *l)
{
    if (l->peer_fd >= 0)
        close(l->peer_fd);
    l->peer_fd = -1;
}

void sqi_loopback_reset(sqi_loopback *l)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    ck_assert_int_eq(setsockopt(l->peer_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
    sqi_loopback_hang_up(l);
}

void sqi_loopback_close(sqi_loopback *l)
{
    sqi_loopback_hang_up(l);
    if (l->listen_fd >= 0)
        close(l->listen_fd);
    l->listen_fd = -1;
}
