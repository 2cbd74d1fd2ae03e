/*
 * os_sim: a machine for tests whose time is a number. Both clocks stand still until the test moves them, or, in
 * automatic mode, until every thread that takes part waits: then time jumps to the earliest deadline. Random bytes
 * come from a seed. Files, sockets and threads are the real ones.
 *
 *     sqi_os_sim sim;
 *     sqi_os_sim_init(&sim, 0, 42);
 *     thing_new(&sim.os);
 *     sqi_os_sim_advance(&sim, 5000000);
 */
#ifndef SQI_OS_SIM_H
#define SQI_OS_SIM_H

#include "os.h"

typedef struct sqi_os_sim_waiter {
    int64_t deadline;
    struct sqi_os_sim_waiter *next;
} sqi_os_sim_waiter;

typedef struct sqi_os_sim {
    sqi_os os; /* hand this one to the code under test */
    pthread_mutex_t lock;
    int64_t wall, monotonic; /* microseconds */
    unsigned automatic;      /* threads that take part; 0: only the test moves time */
    uint64_t seed;
    sqi_os_sim_waiter *waiting;
    bool random_fails;
} sqi_os_sim;

void sqi_os_sim_init(sqi_os_sim *sim, int64_t wall_micros, uint64_t seed);
void sqi_os_sim_fini(sqi_os_sim *sim);

/* Time passes: both clocks move. */
void sqi_os_sim_advance(sqi_os_sim *sim, int64_t micros);
/* Somebody sets the clock on the wall; the monotonic one does not move. */
void sqi_os_sim_set_wall(sqi_os_sim *sim, int64_t micros);
/* Time passes by itself whenever `threads` threads wait; 0 turns it off. */
void sqi_os_sim_automatic(sqi_os_sim *sim, unsigned threads);
/* Until `n` threads wait with a deadline or without one. For tests that must not advance too early. */
void sqi_os_sim_await_waiters(sqi_os_sim *sim, unsigned n);

#endif
