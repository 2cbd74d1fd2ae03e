/*
 * os_posix: clock, waiting, threads, wake-ups and small files on a POSIX system.
 *
 * Linux is the first home; where a call of its own is used (eventfd, thread names, the CPU mask) another way stands
 * beside it. Sockets are in os_tcp.c, the pollable set in os_poller.c. Nothing here keeps state.
 */
#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sched.h>
#include <sys/eventfd.h>
#endif
#if defined(__APPLE__)
#include <sys/random.h>
#endif

static int64_t clock_micros(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t wall_micros(void *context)
{
    (void)context;
    return clock_micros(CLOCK_REALTIME);
}

static int64_t monotonic_micros(void *context)
{
    (void)context;
    return clock_micros(CLOCK_MONOTONIC);
}

static struct timespec timespec_of(int64_t micros)
{
    if (micros < 0)
        micros = 0;
    return (struct timespec){.tv_sec = (time_t)(micros / 1000000), .tv_nsec = (long)(micros % 1000000) * 1000};
}

static bool wait_cond(void *context, pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline_micros)
{
    if (deadline_micros == INT64_MAX)
        return pthread_cond_wait(cond, mutex) == 0;
#if defined(__APPLE__)
    struct timespec left = timespec_of(deadline_micros - monotonic_micros(context));
    return pthread_cond_timedwait_relative_np(cond, mutex, &left) != ETIMEDOUT;
#else
    (void)context;
    struct timespec deadline = timespec_of(deadline_micros);
    return pthread_cond_timedwait(cond, mutex, &deadline) != ETIMEDOUT;
#endif
}

static bool random_bytes(void *context, void *to, size_t len)
{
    enum { MOST = 256 }; /* what getentropy gives at once */
    (void)context;
    for (char *p = to; len > 0;) {
        size_t part = len < MOST ? len : MOST;
        if (getentropy(p, part) != 0)
            return false;
        p += part;
        len -= part;
    }
    return true;
}

const sqi_os *sqi_os_posix(void)
{
    static const sqi_os posix = {
        .wall_micros = wall_micros, .monotonic_micros = monotonic_micros, .wait = wait_cond, .random = random_bytes};
    return &posix;
}

bool sqi_os_cond_init(pthread_cond_t *cond)
{
#if defined(__APPLE__)
    return pthread_cond_init(cond, NULL) == 0;
#else
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool ok = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 && pthread_cond_init(cond, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return ok;
#endif
}

int sqi_os_thread_start(pthread_t *thread, void *(*run)(void *), void *argument, const char *name)
{
    sigset_t all, before;
    sigfillset(&all);
    int code = pthread_sigmask(SIG_SETMASK, &all, &before);
    if (code)
        return code;
    code = pthread_create(thread, NULL, run, argument); /* a thread starts with its maker's mask */
    pthread_sigmask(SIG_SETMASK, &before, NULL);
#if defined(__linux__)
    if (code == 0 && name) {
        char kept[16]; /* the kernel takes no more */
        snprintf(kept, sizeof kept, "%s", name);
        pthread_setname_np(*thread, kept);
    }
#else
    (void)name;
#endif
    return code;
}

/*
 * A signal is CLEAR, or one caller is WRITING, or it is RAISED and its descriptor readable. Exactly one write goes with
 * each way from CLEAR to RAISED, and one read with the way back, which happens before CLEAR is said: who raises in
 * between finds RAISED, writes nothing, and is seen, because the drainer looks afterwards. Drained while WRITING, the
 * signal stays as it is: the write will wake the drainer once more for nothing.
 */
enum { CLEAR, WRITING, RAISED };

int sqi_os_signal_open(sqi_os_signal *s)
{
    *s = (sqi_os_signal){-1, -1, CLEAR};
#if defined(__linux__)
    s->read_fd = s->write_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return s->read_fd < 0 ? errno : 0;
#else
    int ends[2];
    if (pipe(ends) != 0)
        return errno;
    for (int i = 0; i < 2; i++)
        if (fcntl(ends[i], F_SETFD, FD_CLOEXEC) != 0 || fcntl(ends[i], F_SETFL, O_NONBLOCK) != 0) {
            int code = errno;
            close(ends[0]);
            close(ends[1]);
            return code;
        }
    s->read_fd = ends[0];
    s->write_fd = ends[1];
    return 0;
#endif
}

void sqi_os_signal_raise(sqi_os_signal *s)
{
    int before = errno, clear = CLEAR;
    const uint64_t one = 1;
    if (!atomic_compare_exchange_strong(&s->state, &clear, WRITING))
        return;
    while (write(s->write_fd, &one, sizeof one) < 0 && errno == EINTR)
        continue;
    atomic_store(&s->state, RAISED);
    errno = before;
}

void sqi_os_signal_drain(sqi_os_signal *s)
{
    int before = errno;
    uint64_t count;
    if (atomic_load(&s->state) != RAISED)
        return;
    while (read(s->read_fd, &count, sizeof count) < 0 && errno == EINTR)
        continue;
    atomic_store(&s->state, CLEAR);
    errno = before;
}

void sqi_os_signal_close(sqi_os_signal *s)
{
    if (s->read_fd >= 0)
        close(s->read_fd);
    if (s->write_fd >= 0 && s->write_fd != s->read_fd)
        close(s->write_fd);
    s->read_fd = s->write_fd = -1;
}

void sqi_os_close(int fd)
{
    if (fd >= 0)
        close(fd);
}

static int read_all(int fd, char *to, size_t len)
{
    while (len > 0) {
        ssize_t n = read(fd, to, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        if (n == 0)
            return EIO; /* shorter than it said */
        to += n;
        len -= (size_t)n;
    }
    return 0;
}

static int read_open_file(int fd, size_t max, void *(*get)(void *ctx, size_t n), void *ctx, void **bytes, size_t *len)
{
    struct stat about;
    if (fstat(fd, &about) != 0)
        return errno;
    if (S_ISDIR(about.st_mode))
        return EISDIR;
    if (!S_ISREG(about.st_mode))
        return EINVAL; /* a device or pipe has no size */
    if ((uintmax_t)about.st_size > max)
        return EFBIG;
    if (about.st_size == 0)
        return 0;
    *bytes = get(ctx, (size_t)about.st_size);
    if (!*bytes)
        return ENOMEM;
    *len = (size_t)about.st_size;
    return read_all(fd, *bytes, *len);
}

int sqi_os_file_read(const char *path, size_t max, void *(*get)(void *ctx, size_t n), void *ctx, void **bytes,
                     size_t *len)
{
    *bytes = NULL;
    *len = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* opening a pipe must not wait for its writer */
    if (fd < 0)
        return errno;
    int code = read_open_file(fd, max, get, ctx, bytes, len);
    close(fd);
    return code;
}

const char *sqi_os_message(int code, char *to, size_t cap)
{
    if (cap == 0)
        return to;
    to[0] = '\0';
    if (code < 0) { /* of getaddrinfo, whose own numbers are negative on some systems only */
        snprintf(to, cap, "%s", gai_strerror(EAI_NONAME < 0 ? code : -code));
        return to;
    }
#if defined(__GLIBC__) && defined(_GNU_SOURCE)
    const char *text = strerror_r(code, to, cap);
    if (text != to)
        snprintf(to, cap, "%s", text);
#else
    if (strerror_r(code, to, cap) != 0)
        snprintf(to, cap, "error %d", code);
#endif
    return to;
}

int sqi_os_cpu_count(void)
{
#if defined(__linux__)
    cpu_set_t usable;
    if (sched_getaffinity(0, sizeof usable, &usable) == 0 && CPU_COUNT(&usable) > 0)
        return CPU_COUNT(&usable);
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
}
