/*
 * os_watch: tells when something new may have come into a folder (inotify).
 *
 * News: a name was made or moved in, or a file that was open for writing was closed. Watch a folder before it is listed,
 * then nothing that comes is missed. What a watch cannot see is an error of `add`, and the caller asks again now and
 * then instead: folders on network file systems, a system without watches left.
 *
 * One thread at a time. The descriptor becomes readable with news, for a poller.
 */
#ifndef SQI_OS_WATCH_H
#define SQI_OS_WATCH_H

#include <stdbool.h>
#include <stddef.h>

enum { SQI_OS_WATCH_MOST = 1024 }; /* folders of one watch: they are the whole machine's, and few */

typedef struct sqi_os_watch {
    int fd;            /* -1: none */
    int live, highest; /* watches there are, the last one's number */
} sqi_os_watch;

int sqi_os_watch_open(sqi_os_watch *w); /* 0 or errno; fd is -1 after a failure */
/* 0 or errno: EREMOTE for a network file system, ENOSPC with no watch left. Again is fine. */
int sqi_os_watch_add(sqi_os_watch *w, const char *folder);
/* All news so far are taken: were there any? `wanted` says for a name whether it is news (NULL: all are). Lost news
   count as news. */
bool sqi_os_watch_drain(sqi_os_watch *w, bool (*wanted)(const char *name));
void sqi_os_watch_close(sqi_os_watch *w); /* valid on {-1, 0, 0} */

#endif
