/*
 * os_pool: see the header. One mutex guards everything; a worker is woken by the job's number.
 */
#include "os_pool.h"

struct sqi_os_pool {
    pthread_mutex_t lock;
    pthread_cond_t wake, back;
    uint32_t wanted, started;
    uint32_t running; /* workers that have not come back from the job */
    uint32_t named;   /* workers that have taken their number */
    uint32_t most;    /* numbers above it sit this job out */
    uint64_t job;
    bool taken, stop;
    void (*run)(void *context, uint32_t worker);
    void *context;
    pthread_t thread[];
};

size_t sqi_os_pool_size(uint32_t workers)
{
    return sizeof(sqi_os_pool) + workers * sizeof(pthread_t);
}

int sqi_os_pool_open(sqi_os_pool *p, uint32_t workers)
{
    *p = (sqi_os_pool){.wanted = workers};
    int code = pthread_mutex_init(&p->lock, NULL);
    if (code)
        return code;
    code = pthread_cond_init(&p->wake, NULL);
    if (code) {
        pthread_mutex_destroy(&p->lock);
        return code;
    }
    code = pthread_cond_init(&p->back, NULL);
    if (code) {
        pthread_cond_destroy(&p->wake);
        pthread_mutex_destroy(&p->lock);
    }
    return code;
}

void sqi_os_pool_close(sqi_os_pool *p)
{
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->lock);
    for (uint32_t k = 0; k < p->started; k++)
        pthread_join(p->thread[k], NULL);
    pthread_cond_destroy(&p->back);
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
}

static void *work(void *argument)
{
    sqi_os_pool *p = argument;
    pthread_mutex_lock(&p->lock);
    uint32_t number = ++p->named;
    uint64_t seen = 0;
    for (;;) {
        while (!p->stop && p->job == seen)
            pthread_cond_wait(&p->wake, &p->lock);
        if (p->stop)
            break;
        seen = p->job;
        if (number > p->most)
            continue;
        pthread_mutex_unlock(&p->lock);
        p->run(p->context, number);
        pthread_mutex_lock(&p->lock);
        if (--p->running == 0)
            pthread_cond_signal(&p->back);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

bool sqi_os_pool_begin(sqi_os_pool *p, uint32_t most, void (*run)(void *context, uint32_t worker), void *context)
{
    pthread_mutex_lock(&p->lock);
    bool fine = !p->taken;
    most = most < p->wanted ? most : p->wanted;
    while (fine && p->started < most && /* fewer than wanted is no failure; the next job tries again */
           sqi_os_thread_start(&p->thread[p->started], work, p, "streamq-worker") == 0)
        p->started++;
    most = most < p->started ? most : p->started;
    fine = fine && most;
    if (fine) {
        p->taken = true;
        p->run = run;
        p->context = context;
        p->running = p->most = most;
        p->job++;
        pthread_cond_broadcast(&p->wake);
    }
    pthread_mutex_unlock(&p->lock);
    return fine;
}

void sqi_os_pool_end(sqi_os_pool *p)
{
    pthread_mutex_lock(&p->lock);
    while (p->running)
        pthread_cond_wait(&p->back, &p->lock);
    p->taken = false;
    pthread_mutex_unlock(&p->lock);
}
