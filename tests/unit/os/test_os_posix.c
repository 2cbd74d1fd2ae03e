/* Clocks, waiting, threads, wake-ups, files and messages of the real machine. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os.h"
#include "test_main.h"

static int64_t now(void)
{
    return sqi_os_posix()->monotonic_micros(sqi_os_posix()->context);
}

START_TEST(the_clocks_run)
{
    const sqi_os *os = sqi_os_posix();
    int64_t wall = os->wall_micros(os->context), before = now();
    ck_assert_int_gt(wall, INT64_C(1600000000000000)); /* later than 2020 */
    usleep(2000);
    ck_assert_int_ge(now() - before, 2000);
    ck_assert_int_gt(os->wall_micros(os->context), wall);
}
END_TEST

START_TEST(a_wait_ends_at_its_deadline)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond;
    const sqi_os *os = sqi_os_posix();
    ck_assert(sqi_os_cond_init(&cond));
    pthread_mutex_lock(&mutex);
    int64_t deadline = now() + 5000;
    while (os->wait(os->context, &cond, &mutex, deadline))
        continue; /* spurious */
    ck_assert_int_ge(now(), deadline);
    ck_assert(!os->wait(os->context, &cond, &mutex, -1)); /* long past */
    pthread_mutex_unlock(&mutex);
    pthread_cond_destroy(&cond);
}
END_TEST

typedef struct shared {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    bool go;
    sigset_t mask;
    char name[16];
} shared;

static void *signaller(void *argument)
{
    shared *s = argument;
    pthread_sigmask(SIG_SETMASK, NULL, &s->mask);
    pthread_getname_np(pthread_self(), s->name, sizeof s->name);
    pthread_mutex_lock(&s->mutex);
    s->go = true;
    pthread_cond_signal(&s->cond);
    pthread_mutex_unlock(&s->mutex);
    return s;
}

START_TEST(a_thread_has_signals_blocked_and_wakes_a_waiter)
{
    shared s = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    ck_assert(sqi_os_cond_init(&s.cond));
    sigset_t before, after;
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    pthread_mutex_lock(&s.mutex);
    pthread_t thread;
    ck_assert_int_eq(sqi_os_thread_start(&thread, signaller, &s, "a name longer than the kernel takes"), 0);
    while (!s.go)
        ck_assert(sqi_os_posix()->wait(NULL, &s.cond, &s.mutex, INT64_MAX));
    pthread_mutex_unlock(&s.mutex);
    void *result;
    pthread_join(thread, &result);
    ck_assert_ptr_eq(result, &s);
    ck_assert_int_eq(sigismember(&s.mask, SIGINT), 1);
    ck_assert_int_eq(sigismember(&s.mask, SIGUSR1), 1);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    ck_assert_int_eq(sigismember(&before, SIGUSR1), sigismember(&after, SIGUSR1));
    ck_assert_int_eq(sigismember(&after, SIGINT), 0);
    pthread_cond_destroy(&s.cond);
}
END_TEST

static bool readable(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    return poll(&one, 1, 0) == 1;
}

START_TEST(a_signal_stays_until_drained)
{
    sqi_os_signal s;
    ck_assert_int_eq(sqi_os_signal_open(&s), 0);
    ck_assert(!readable(s.read_fd));
    sqi_os_signal_drain(&s); /* nothing to drain: does not wait */
    for (int i = 0; i < 1000; i++)
        sqi_os_signal_raise(&s);
    ck_assert(readable(s.read_fd));
    ck_assert(readable(s.read_fd));
    sqi_os_signal_drain(&s);
    ck_assert(!readable(s.read_fd));
    sqi_os_signal_raise(&s);
    ck_assert(readable(s.read_fd));
    ck_assert_int_ne(fcntl(s.read_fd, F_GETFD) & FD_CLOEXEC, 0);
    sqi_os_signal_close(&s);
    ck_assert_int_eq(s.read_fd, -1);
    sqi_os_signal_close(&s);
}
END_TEST

typedef struct told {
    sqi_os_signal signal;
    _Atomic int value;
} told;

enum { TOLD = 20000 };

static void *tell(void *argument)
{
    told *t = argument;
    for (int i = 0; i < TOLD; i++) {
        t->value++;
        sqi_os_signal_raise(&t->signal);
    }
    return NULL;
}

START_TEST(nothing_told_is_missed)
{
    told t = {.value = 0};
    pthread_t thread[2];
    ck_assert_int_eq(sqi_os_signal_open(&t.signal), 0);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, tell, &t), 0);
    while (t.value < 2 * TOLD) {
        struct pollfd one = {.fd = t.signal.read_fd, .events = POLLIN};
        ck_assert_int_eq(poll(&one, 1, 60000), 1); /* what is changed after a drain wakes the drainer */
        sqi_os_signal_drain(&t.signal);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    sqi_os_signal_drain(&t.signal);
    ck_assert(!readable(t.signal.read_fd));
    sqi_os_signal_close(&t.signal);
}
END_TEST

START_TEST(a_signal_does_not_touch_errno)
{
    sqi_os_signal s;
    ck_assert_int_eq(sqi_os_signal_open(&s), 0);
    errno = 77;
    sqi_os_signal_raise(&s);
    sqi_os_signal_drain(&s);
    ck_assert_int_eq(errno, 77);
    sqi_os_signal_close(&s);
}
END_TEST

START_TEST(random_bytes_differ)
{
    unsigned char a[1000] = {0}, b[1000] = {0};
    const sqi_os *os = sqi_os_posix();
    ck_assert(os->random(os->context, a, sizeof a));
    ck_assert(os->random(os->context, b, sizeof b));
    ck_assert(memcmp(a, b, sizeof a) != 0);
    ck_assert(memcmp(a + 500, (char[500]){0}, 500) != 0); /* beyond what the system gives at once */
}
END_TEST

static char path[32];

static void with_file(const char *bytes, size_t len)
{
    strcpy(path, "/tmp/sqi_os_XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
    close(fd);
}

static void *get(void *ctx, size_t n)
{
    ++*(int *)ctx;
    return malloc(n);
}

static void *get_nothing(void *ctx, size_t n)
{
    (void)ctx;
    (void)n;
    return NULL;
}

START_TEST(a_file_is_read_whole)
{
    void *bytes;
    size_t len;
    int calls = 0;
    with_file("a\0b", 3);
    ck_assert_int_eq(sqi_os_file_read(path, 3, get, &calls, &bytes, &len), 0);
    ck_assert_uint_eq(len, 3);
    ck_assert_mem_eq(bytes, "a\0b", 3);
    ck_assert_int_eq(calls, 1);
    free(bytes);
    unlink(path);
}
END_TEST

START_TEST(what_is_not_a_small_file_is_refused)
{
    void *bytes;
    size_t len;
    int calls = 0;
    with_file("abcd", 4);
    ck_assert_int_eq(sqi_os_file_read(path, 3, get, &calls, &bytes, &len), EFBIG);
    ck_assert_int_eq(sqi_os_file_read(path, 4, get_nothing, NULL, &bytes, &len), ENOMEM);
    unlink(path);
    ck_assert_int_eq(sqi_os_file_read(path, 4, get, &calls, &bytes, &len), ENOENT);
    ck_assert_int_eq(sqi_os_file_read("/", 4, get, &calls, &bytes, &len), EISDIR);
    ck_assert_int_eq(sqi_os_file_read("/dev/zero", 4, get, &calls, &bytes, &len), EINVAL);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(sqi_os_file_read(path, 4, get, &calls, &bytes, &len), EINVAL); /* and does not wait for a writer */
    unlink(path);
    ck_assert_int_eq(calls, 0);
    ck_assert_ptr_null(bytes);
}
END_TEST

START_TEST(an_empty_file_takes_nothing)
{
    void *bytes;
    size_t len;
    int calls = 0;
    with_file("", 0);
    ck_assert_int_eq(sqi_os_file_read(path, 10, get, &calls, &bytes, &len), 0);
    ck_assert_ptr_null(bytes);
    ck_assert_uint_eq(len, 0);
    ck_assert_int_eq(calls, 0);
    unlink(path);
}
END_TEST

START_TEST(messages_fit_their_room)
{
    char text[64], small[5];
    ck_assert_str_eq(sqi_os_message(ECONNREFUSED, text, sizeof text), "Connection refused");
    ck_assert_uint_eq(strlen(sqi_os_message(ECONNREFUSED, small, sizeof small)), 4);
    ck_assert_uint_gt(strlen(sqi_os_message(99999, text, sizeof text)), 0);
    ck_assert_uint_gt(strlen(sqi_os_message(-2, text, sizeof text)), 0); /* a resolver's number */
}
END_TEST

START_TEST(there_is_a_processor)
{
    ck_assert_int_ge(sqi_os_cpu_count(), 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_clocks_run,
                                  a_wait_ends_at_its_deadline,
                                  a_thread_has_signals_blocked_and_wakes_a_waiter,
                                  a_signal_stays_until_drained,
                                  nothing_told_is_missed,
                                  a_signal_does_not_touch_errno,
                                  random_bytes_differ,
                                  a_file_is_read_whole,
                                  what_is_not_a_small_file_is_refused,
                                  an_empty_file_takes_nothing,
                                  messages_fit_their_room,
                                  there_is_a_processor};
    return sqi_test_main("os_posix", tests, sizeof tests / sizeof *tests);
}
