/*
 * os_sim: virtual time over real condition variables.
 *
 * A waiter looks at the virtual clock once a real millisecond rather than being woken by it: a wake-up from here
 * would need the waiter's own mutex and with it an order of locks that the code under test does not know about. Each
 * look is a spurious wake-up for the waiter: a signal that comes just as the millisecond ends is not missed.
 * What a test observes depends on virtual time alone.
 */
#include "os_sim.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <time.h>

enum { LOOK_MICROS = 1000 };

static int64_t sim_wall(void *context)
{
    sqi_os_sim *sim = context;
    pthread_mutex_lock(&sim->lock);
    int64_t now = sim->wall;
    pthread_mutex_unlock(&sim->lock);
    return now;
}

static int64_t sim_monotonic(void *context)
{
    sqi_os_sim *sim = context;
    pthread_mutex_lock(&sim->lock);
    int64_t now = sim->monotonic;
    pthread_mutex_unlock(&sim->lock);
    return now;
}

/* Says whether the caller is the only thread that takes part. */
static bool enter(sqi_os_sim *sim, sqi_os_sim_waiter *w)
{
    pthread_mutex_lock(&sim->lock);
    w->next = sim->waiting;
    sim->waiting = w;
    bool alone = sim->automatic == 1;
    pthread_mutex_unlock(&sim->lock);
    return alone;
}

static void leave(sqi_os_sim *sim, sqi_os_sim_waiter *w)
{
    pthread_mutex_lock(&sim->lock);
    sqi_os_sim_waiter **link = &sim->waiting;
    while (*link != w)
        link = &(*link)->next;
    *link = w->next;
    pthread_mutex_unlock(&sim->lock);
}

static unsigned count(const sqi_os_sim *sim)
{
    unsigned n = 0;
    for (const sqi_os_sim_waiter *w = sim->waiting; w; w = w->next)
        n++;
    return n;
}

/* If everybody waits, jump to the earliest deadline. Says whether w's has passed. */
static bool due(sqi_os_sim *sim, const sqi_os_sim_waiter *w)
{
    pthread_mutex_lock(&sim->lock);
    if (sim->automatic && count(sim) >= sim->automatic) {
        int64_t earliest = INT64_MAX;
        for (const sqi_os_sim_waiter *i = sim->waiting; i; i = i->next)
            if (i->deadline < earliest)
                earliest = i->deadline;
        if (earliest != INT64_MAX && earliest > sim->monotonic) {
            sim->wall += earliest - sim->monotonic;
            sim->monotonic = earliest;
        }
    }
    bool passed = w->deadline != INT64_MAX && sim->monotonic >= w->deadline;
    pthread_mutex_unlock(&sim->lock);
    return passed;
}

static struct timespec soon(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += LOOK_MICROS * 1000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

static bool sim_wait(void *context, pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline_micros)
{
    sqi_os_sim *sim = context;
    sqi_os_sim_waiter w = {.deadline = deadline_micros};
    bool alone = enter(sim, &w), passed;
    if (alone && due(sim, &w)) { /* alone: nobody can signal, but others may want the mutex */
        pthread_mutex_unlock(mutex);
        sched_yield();
        pthread_mutex_lock(mutex);
        passed = true;
    } else {
        struct timespec until = soon();
        passed = pthread_cond_timedwait(cond, mutex, &until) == ETIMEDOUT && due(sim, &w);
    }
    leave(sim, &w);
    return !passed;
}

static bool sim_wait_fd(void *context, int fd, int64_t deadline_micros)
{
    sqi_os_sim *sim = context;
    sqi_os_sim_waiter w = {.deadline = deadline_micros};
    struct pollfd one = {.fd = fd, .events = POLLIN};
    if (poll(&one, 1, 0) > 0)
        return true;
    enter(sim, &w);
    bool readable = false;
    while (!readable && !due(sim, &w))
        readable = poll(&one, 1, LOOK_MICROS / 1000) > 0;
    leave(sim, &w);
    return readable;
}

/* splitmix64 */
static uint64_t next_random(sqi_os_sim *sim)
{
    uint64_t z = sim->seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static bool sim_random(void *context, void *to, size_t len)
{
    sqi_os_sim *sim = context;
    pthread_mutex_lock(&sim->lock);
    bool ok = !sim->random_fails;
    for (char *p = to; ok && len > 0;) {
        uint64_t word = next_random(sim);
        size_t part = len < sizeof word ? len : sizeof word;
        memcpy(p, &word, part);
        p += part;
        len -= part;
    }
    pthread_mutex_unlock(&sim->lock);
    return ok;
}

void sqi_os_sim_init(sqi_os_sim *sim, int64_t wall_micros, uint64_t seed)
{
    *sim = (sqi_os_sim){.os = {.context = sim,
                               .wall_micros = sim_wall,
                               .monotonic_micros = sim_monotonic,
                               .wait = sim_wait,
                               .random = sim_random,
                               .wait_fd = sim_wait_fd},
                        .wall = wall_micros,
                        .seed = seed};
    pthread_mutex_init(&sim->lock, NULL);
}

void sqi_os_sim_fini(sqi_os_sim *sim)
{
    pthread_mutex_destroy(&sim->lock);
}

void sqi_os_sim_advance(sqi_os_sim *sim, int64_t micros)
{
    pthread_mutex_lock(&sim->lock);
    sim->wall += micros;
    sim->monotonic += micros;
    pthread_mutex_unlock(&sim->lock);
}

void sqi_os_sim_set_wall(sqi_os_sim *sim, int64_t micros)
{
    pthread_mutex_lock(&sim->lock);
    sim->wall = micros;
    pthread_mutex_unlock(&sim->lock);
}

void sqi_os_sim_automatic(sqi_os_sim *sim, unsigned threads)
{
    pthread_mutex_lock(&sim->lock);
    sim->automatic = threads;
    pthread_mutex_unlock(&sim->lock);
}

void sqi_os_sim_await_waiters(sqi_os_sim *sim, unsigned n)
{
    for (;;) {
        pthread_mutex_lock(&sim->lock);
        bool enough = count(sim) >= n;
        pthread_mutex_unlock(&sim->lock);
        if (enough)
            return;
        sched_yield();
    }
}
