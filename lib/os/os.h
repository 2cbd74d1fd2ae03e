/*
 * os: everything the library asks of the machine: clock, threads, wake-ups, files, sockets, time zone files.
 * One header; os_posix.c for real machines. Tests replace the clock and sockets through sqi_os (a small table of
 * functions handed down from the session), so that a scheduler test never sleeps: see os_sim.c in tests/support.
 *
 * All functions are thread-safe unless said otherwise. Failures give errno's number, and sqi_os_message its text.
 */
#ifndef SQI_OS_H
#define SQI_OS_H

#include "os_file.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sqi_os {
    void *context;
    int64_t (*wall_micros)(void *context);      /* since 1970 UTC */
    int64_t (*monotonic_micros)(void *context); /* never goes back */
    /* Wait on `cond` (its mutex held) until signalled or the monotonic deadline (INT64_MAX: for ever); may also wake for
       no reason. Returns false when the deadline passed. A simulated clock may move itself to the deadline instead of
       sleeping. */
    bool (*wait)(void *context, pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline_micros);
    bool (*random)(void *context, void *to, size_t len); /* for ids and hash seeds */
    /* Wait until fd is readable (true) or the monotonic deadline has passed (false; INT64_MAX: for ever). NULL: the
       real poll. A simulated clock moves itself to the deadline instead of sleeping when fd is not readable. */
    bool (*wait_fd)(void *context, int fd, int64_t deadline_micros);
    const sqi_os_files *files; /* NULL: the system's */
} sqi_os;

static inline const sqi_os_files *sqi_os_files_of(const sqi_os *os)
{
    return os->files ? os->files : sqi_os_files_posix();
}

bool sqi_os_wait_fd(const sqi_os *os, int fd, int64_t deadline_micros); /* os_poller.c: calls wait_fd or polls */

/* A set of descriptors behind one descriptor: readable when any member is, or when the timer is due (epoll and timerfd
   on Linux). What streamq_query_fd hands to a program's own event loop. */
typedef struct sqi_os_poller {
    int fd, timer_fd;
} sqi_os_poller;
int sqi_os_poller_open(sqi_os_poller *p); /* 0 or errno; fds are -1 after a failure */
int sqi_os_poller_add(sqi_os_poller *p, int fd);
void sqi_os_poller_remove(sqi_os_poller *p, int fd);
int sqi_os_poller_timer(sqi_os_poller *p, int64_t in_micros); /* readable once after this long; < 0: never */
void sqi_os_poller_close(sqi_os_poller *p);                   /* valid on {-1,-1} */

const sqi_os *sqi_os_posix(void);

/* A condition variable that waits on the monotonic clock. False: the system refused. */
bool sqi_os_cond_init(pthread_cond_t *cond);
/* Threads with all signals blocked, so the program's handlers run on its own threads. 0 or errno. */
int sqi_os_thread_start(pthread_t *thread, void *(*run)(void *), void *argument, const char *name);

/* A descriptor that becomes readable after raise until drained (eventfd, or a pipe elsewhere). Raising what is raised,
   and draining what is not, is no system call. Raise says "look": change what is to be seen, then raise; drain, then
   look. */
typedef struct sqi_os_signal {
    int read_fd, write_fd;
    _Atomic int state; /* of the signal: see os_posix */
} sqi_os_signal;
int sqi_os_signal_open(sqi_os_signal *s);   /* 0 or errno */
void sqi_os_signal_raise(sqi_os_signal *s); /* any thread, and signal handlers */
void sqi_os_signal_drain(sqi_os_signal *s); /* one thread */
void sqi_os_signal_close(sqi_os_signal *s); /* valid on {-1,-1} */

/* TCP client. connect resolves, then connects within the timeout; returns 0 or errno, EAI errors as negative numbers.
   The descriptor does not block. */
int sqi_os_tcp_connect(const char *host, const char *port, int64_t timeout_micros, int *fd);
/* What has arrived: bytes read (0: the peer closed), or -errno, -EAGAIN if there is nothing now. */
int64_t sqi_os_tcp_read_now(int fd, void *to, size_t len);
/* Bytes read (0: the peer closed), or -errno. Blocks until data, close, or `stop` becomes readable (-ECANCELED). */
int64_t sqi_os_tcp_read(int fd, int stop_fd, void *to, size_t len);
void sqi_os_close(int fd);

/* A whole small file (time zone data). 0 or errno; EFBIG beyond max. The bytes are taken with get(ctx, n): *bytes and
   *len say what was taken, after a failure too. An empty file takes nothing. */
int sqi_os_file_read(const char *path, size_t max, void *(*get)(void *ctx, size_t n), void *ctx, void **bytes,
                     size_t *len);

/* Text of an errno (or negative EAI) into `to`; returns `to`. */
const char *sqi_os_message(int code, char *to, size_t cap);
int sqi_os_cpu_count(void);

#endif
