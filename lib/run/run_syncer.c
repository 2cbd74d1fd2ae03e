/*
 * run_syncer: see the header.
 */
#include "run_syncer.h"

#include <errno.h>

int sqi_syncer_do(const sqi_syncer_job *job, sqi_syncer_step *step)
{
    const sqi_os_files *files = job->files;
    *step = SQI_SYNCER_WRITE;
    if (job->seal)
        job->seal(job->bytes, job->len);
    int code = sqi_os_write_all(files, job->file, job->at, job->bytes, job->len);
    if (code)
        return code;
    *step = SQI_SYNCER_SYNC;
    code = files->sync(files->context, job->file, true);
    if (code || !job->dir)
        return code;
    *step = SQI_SYNCER_SYNC_DIR;
    return files->sync_dir(files->context, job->dir);
}

/* Under the lock, which is left meanwhile. */
static void remove_old(sqi_syncer *s)
{
    const sqi_os_files *files = s->job.files;
    const char *old = s->job.old;
    if (!old || s->code)
        return;
    s->removing = true;
    pthread_mutex_unlock(&s->lock);
    int code = files->unlink(files->context, old);
    pthread_mutex_lock(&s->lock);
    s->removing = false;
    if (code && code != ENOENT)
        s->remove_code = code;
}

static void *work(void *argument)
{
    sqi_syncer *s = argument;
    pthread_mutex_lock(&s->lock);
    while (s->busy || !s->end) { /* what was begun is done */
        if (!s->busy) {
            pthread_cond_wait(&s->changed, &s->lock);
            continue;
        }
        pthread_mutex_unlock(&s->lock);
        sqi_syncer_step step;
        int code = sqi_syncer_do(&s->job, &step);
        pthread_mutex_lock(&s->lock);
        s->code = code;
        s->step = step;
        s->busy = false;
        pthread_cond_broadcast(&s->changed);
        remove_old(s);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static bool start(sqi_syncer *s)
{
    if (s->running)
        return true;
    if (pthread_mutex_init(&s->lock, NULL) != 0)
        return false;
    if (!sqi_os_cond_init(&s->changed)) {
        pthread_mutex_destroy(&s->lock);
        return false;
    }
    s->end = s->busy = s->removing = false;
    s->running = sqi_os_thread_start(&s->thread, work, s, "streamq-sync") == 0;
    if (!s->running) {
        pthread_cond_destroy(&s->changed);
        pthread_mutex_destroy(&s->lock);
    }
    return s->running;
}

bool sqi_syncer_begin(sqi_syncer *s, const sqi_syncer_job *job)
{
    if (!start(s))
        return false;
    pthread_mutex_lock(&s->lock);
    s->job = *job;
    s->busy = true;
    pthread_mutex_unlock(&s->lock);
    pthread_cond_broadcast(&s->changed); /* after the lock, that who wakes finds it free */
    return true;
}

int sqi_syncer_end(sqi_syncer *s, sqi_syncer_step *step)
{
    pthread_mutex_lock(&s->lock);
    while (s->busy)
        pthread_cond_wait(&s->changed, &s->lock);
    int code = s->code;
    *step = s->step;
    pthread_mutex_unlock(&s->lock);
    return code;
}

bool sqi_syncer_removes(sqi_syncer *s)
{
    if (!s->running)
        return false;
    pthread_mutex_lock(&s->lock);
    bool removes = s->removing || (s->busy && s->job.old);
    pthread_mutex_unlock(&s->lock);
    return removes;
}

int sqi_syncer_removed(sqi_syncer *s)
{
    if (!s->running)
        return 0;
    pthread_mutex_lock(&s->lock);
    int code = s->remove_code;
    s->remove_code = 0;
    pthread_mutex_unlock(&s->lock);
    return code;
}

void sqi_syncer_stop(sqi_syncer *s)
{
    if (!s->running)
        return;
    pthread_mutex_lock(&s->lock);
    s->end = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    s->running = false;
}
