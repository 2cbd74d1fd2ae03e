/*
 * run_syncer: see the header.
 */
#include "run_syncer.h"

static void *work(void *argument)
{
    sqi_syncer *s = argument;
    pthread_mutex_lock(&s->lock);
    while (!s->end) {
        if (!s->busy) {
            pthread_cond_wait(&s->changed, &s->lock);
            continue;
        }
        pthread_mutex_unlock(&s->lock);
        int code = s->files->sync(s->files->context, s->file, true);
        pthread_mutex_lock(&s->lock);
        s->code = code;
        s->busy = false;
        pthread_cond_broadcast(&s->changed);
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
    s->end = s->busy = false;
    s->running = sqi_os_thread_start(&s->thread, work, s, "streamq-sync") == 0;
    if (!s->running) {
        pthread_cond_destroy(&s->changed);
        pthread_mutex_destroy(&s->lock);
    }
    return s->running;
}

bool sqi_syncer_begin(sqi_syncer *s, const sqi_os_files *files, int file)
{
    if (!start(s))
        return false;
    pthread_mutex_lock(&s->lock);
    s->files = files;
    s->file = file;
    s->busy = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    return true;
}

int sqi_syncer_end(sqi_syncer *s)
{
    pthread_mutex_lock(&s->lock);
    while (s->busy)
        pthread_cond_wait(&s->changed, &s->lock);
    int code = s->code;
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
