/*
 * loopback: a real TCP server on 127.0.0.1 for tests, on a port the system chooses.
 */
#ifndef SQI_LOOPBACK_H
#define SQI_LOOPBACK_H

#include <stddef.h>

typedef struct sqi_loopback {
    int listen_fd, peer_fd;
    char port[8];
} sqi_loopback;

void sqi_loopback_open(sqi_loopback *l);
void sqi_loopback_accept(sqi_loopback *l); /* the next connection becomes the peer */
void sqi_loopback_send(sqi_loopback *l, const char *text);
void sqi_loopback_send_bytes(sqi_loopback *l, const void *bytes, size_t len);
void sqi_loopback_hang_up(sqi_loopback *l); /* an orderly close */
void sqi_loopback_reset(sqi_loopback *l);   /* the peer vanishes: a reset on the wire */
void sqi_loopback_close(sqi_loopback *l);

#endif
