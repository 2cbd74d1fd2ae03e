/*
 * run_syncer: a thread that brings bytes to the disk while their owner works on: written, synced, and the name of their
 * file synced too if it is new. It exists from the first time that it is asked for; if it cannot be made, the owner does
 * the work itself. One thing at a time, asked for and awaited by one thread.
 */
#ifndef SQI_RUN_SYNCER_H
#define SQI_RUN_SYNCER_H

#include "os.h"

typedef struct sqi_syncer_job {
    const sqi_os_files *files;
    int file;
    int64_t at;
    const void *bytes; /* they stay as they are until the end */
    size_t len;
    const char *dir; /* NULL: the file's name is known to be on disk */
} sqi_syncer_job;

typedef enum sqi_syncer_step { SQI_SYNCER_WRITE, SQI_SYNCER_SYNC, SQI_SYNCER_SYNC_DIR } sqi_syncer_step;

typedef struct sqi_syncer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool running;   /* the thread and what it needs are there */
    bool busy, end; /* under the lock */
    sqi_syncer_job job;
    sqi_syncer_step step; /* the last that was tried */
    int code;
} sqi_syncer;

/* 0 or the errno of the step that failed. */
int sqi_syncer_do(const sqi_syncer_job *job, sqi_syncer_step *step);
/* The same in the background. False: no thread could be made; nothing was begun. */
bool sqi_syncer_begin(sqi_syncer *s, const sqi_syncer_job *job);
int sqi_syncer_end(sqi_syncer *s, sqi_syncer_step *step); /* waits */
void sqi_syncer_stop(sqi_syncer *s);                      /* valid on a zeroed one */

#endif
