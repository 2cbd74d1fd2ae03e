/*
 * op_pipe: see the header. One mutex guards the numbers; it is taken a few times an item, and an item is some tens of
 * microseconds of work. Who finds nothing to do looks again for a moment before it sleeps: the next item is nearly
 * always less away than a wake-up costs.
 */
#include "op_pipe.h"

enum { LOOKS = 40, WAITED = 10, PAUSES = 32 };

struct sqi_pipe_lane {
    uint64_t next;       /* item */
    bool busy, attended; /* its worker has joined */
};

streamq_status sqi_pipe_init(sqi_pipe *p, sqi_alloc *alloc, sqi_os_pool *pool, uint32_t nworker, uint32_t nslot,
                             uint32_t nlane, streamq_error **err)
{
    *p = (sqi_pipe){.alloc = alloc, .pool = pool, .nworker = nworker, .nslot = nslot, .nlane = nlane};
    p->prepared = sqi_alloc_array(alloc, nslot, sizeof *p->prepared);
    p->lane = sqi_alloc_array(alloc, nlane, sizeof *p->lane);
    p->lock_ready = pthread_mutex_init(&p->lock, NULL) == 0;
    p->changed_ready = pthread_cond_init(&p->changed, NULL) == 0;
    return p->prepared && p->lane && p->lock_ready && p->changed_ready ? STREAMQ_OK : sqi_error_nomem(err);
}

void sqi_pipe_fini(sqi_pipe *p)
{
    if (!p->alloc)
        return;
    sqi_alloc_free(p->alloc, p->prepared, p->nslot * sizeof *p->prepared);
    sqi_alloc_free(p->alloc, p->lane, p->nlane * sizeof *p->lane);
    if (p->lock_ready)
        pthread_mutex_destroy(&p->lock);
    if (p->changed_ready)
        pthread_cond_destroy(&p->changed);
    sqi_error_free(p->failure);
    *p = (sqi_pipe){0};
}

/* ---- under the lock, unless they say otherwise ---------------------------------------------------------------- */

static void tell(sqi_pipe *p)
{
    if (p->asleep)
        pthread_cond_broadcast(&p->changed);
}

/* Not behind what failed. Preparing counts as lane 0. */
static bool wanted(const sqi_pipe *p, uint64_t item, uint32_t lane)
{
    return !p->failed || item < p->failed_item || (item == p->failed_item && lane < p->failed_lane);
}

/* The error of the first item stays, and in it that of the first lane: whoever came first. Takes `failure`. */
static void note(sqi_pipe *p, uint64_t item, uint32_t lane, streamq_status status, streamq_error *failure)
{
    if (status == STREAMQ_OK)
        return;
    if (!wanted(p, item, lane)) {
        sqi_error_free(failure);
        return;
    }
    sqi_error_free(p->failure);
    p->failure = failure;
    p->status = status;
    p->failed_item = item;
    p->failed_lane = lane;
    p->failed = true;
}

/* A lane stays with one worker, if that is here: what its state occupies is in that processor's cache. Who has looked
   for something to do for a while takes any. */
static bool may_take(const sqi_pipe *p, uint32_t worker, uint32_t lane, bool waited)
{
    return waited || lane % p->nworker == worker || !p->lane[lane].attended;
}

static bool consume_one(sqi_pipe *p, uint32_t worker, bool waited)
{
    if (p->job.driver_only && worker)
        return false;
    for (uint32_t k = 0; k < p->nlane; k++) {
        uint32_t lane = (worker + k) % p->nlane;
        struct sqi_pipe_lane *l = &p->lane[lane];
        uint64_t item = l->next;
        if (!may_take(p, worker, lane, waited) || l->busy || item == p->claimed || !p->prepared[item % p->nslot])
            continue;
        if (wanted(p, item, lane)) {
            streamq_error *failure = NULL;
            l->busy = true;
            pthread_mutex_unlock(&p->lock);
            streamq_status status = p->job.consume(p->job.context, item, lane, worker, &failure);
            pthread_mutex_lock(&p->lock);
            l->busy = false;
            note(p, item, lane, status, failure);
        }
        l->next++;
        tell(p);
        return true;
    }
    return false;
}

static bool prepare_one(sqi_pipe *p, uint32_t worker)
{
    uint64_t item = p->claimed;
    if (item == p->put)
        return false;
    p->claimed++;
    p->prepared[item % p->nslot] = false;
    if (wanted(p, item, 0)) {
        streamq_error *failure = NULL;
        pthread_mutex_unlock(&p->lock);
        streamq_status status = p->job.prepare(p->job.context, item, worker, &failure);
        pthread_mutex_lock(&p->lock);
        note(p, item, 0, status, failure);
    }
    p->prepared[item % p->nslot] = true;
    tell(p);
    return true;
}

/* Consuming goes first: it makes room. */
static bool work_once(sqi_pipe *p, uint32_t worker, bool waited)
{
    return consume_one(p, worker, waited) || prepare_one(p, worker);
}

static bool finished(const sqi_pipe *p)
{
    bool all = p->closed;
    for (uint32_t k = 0; all && k < p->nlane; k++)
        all = p->lane[k].next == p->put;
    return all;
}

static bool has_room(const sqi_pipe *p)
{
    bool room = true;
    for (uint32_t k = 0; room && k < p->nlane; k++)
        room = p->put - p->lane[k].next < p->nslot;
    return room;
}

static void pause_a_little(void)
{
    for (int k = 0; k < PAUSES; k++) {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        __asm__ volatile("yield");
#endif
    }
}

/* Work until `enough`. */
static void work_until(sqi_pipe *p, uint32_t worker, bool (*enough)(const sqi_pipe *p))
{
    for (int looks = 0; !enough(p);) {
        if (work_once(p, worker, looks >= WAITED)) {
            looks = 0;
        } else if (looks++ < LOOKS) {
            pthread_mutex_unlock(&p->lock);
            pause_a_little();
            pthread_mutex_lock(&p->lock);
        } else {
            p->asleep++;
            pthread_cond_wait(&p->changed, &p->lock);
            p->asleep--;
        }
    }
}

static void attend(sqi_pipe *p, uint32_t worker)
{
    for (uint32_t lane = worker; lane < p->nlane; lane += p->nworker)
        p->lane[lane].attended = true;
}

/* Not under the lock. */
static void join_in(void *context, uint32_t worker)
{
    sqi_pipe *p = context;
    pthread_mutex_lock(&p->lock);
    attend(p, worker);
    work_until(p, worker, finished);
    pthread_mutex_unlock(&p->lock);
}

/* ---- the driver ----------------------------------------------------------------------------------------------- */

void sqi_pipe_open(sqi_pipe *p, const sqi_pipe_job *job, bool help)
{
    p->job = *job;
    p->put = p->claimed = 0;
    p->closed = p->failed = p->helped = false;
    for (uint32_t k = 0; k < p->nlane; k++)
        p->lane[k] = (struct sqi_pipe_lane){0};
    attend(p, 0);
    if (help)
        sqi_pipe_help(p);
}

void sqi_pipe_help(sqi_pipe *p)
{
    if (!p->helped && p->pool)
        p->helped = sqi_os_pool_begin(p->pool, p->nworker - 1, join_in, p);
}

uint64_t sqi_pipe_room(sqi_pipe *p)
{
    pthread_mutex_lock(&p->lock);
    work_until(p, 0, has_room);
    uint64_t item = p->put;
    pthread_mutex_unlock(&p->lock);
    return item;
}

void sqi_pipe_put(sqi_pipe *p)
{
    pthread_mutex_lock(&p->lock);
    p->put++;
    tell(p);
    pthread_mutex_unlock(&p->lock);
}

bool sqi_pipe_failed(sqi_pipe *p)
{
    pthread_mutex_lock(&p->lock);
    bool failed = p->failed;
    pthread_mutex_unlock(&p->lock);
    return failed;
}

streamq_status sqi_pipe_close(sqi_pipe *p, streamq_error **err)
{
    pthread_mutex_lock(&p->lock);
    p->closed = true;
    tell(p);
    work_until(p, 0, finished);
    tell(p);
    pthread_mutex_unlock(&p->lock);
    if (p->helped)
        sqi_os_pool_end(p->pool);
    p->helped = false;
    if (!p->failed)
        return STREAMQ_OK;
    streamq_error *failure = p->failure;
    p->failure = NULL;
    if (err)
        *err = failure;
    else
        sqi_error_free(failure);
    return p->status;
}

void sqi_pipe_give_up(sqi_pipe *p)
{
    pthread_mutex_lock(&p->lock);
    note(p, 0, 0, STREAMQ_ERR_CANCELED, NULL);
    pthread_mutex_unlock(&p->lock);
    (void)sqi_pipe_close(p, NULL);
}
