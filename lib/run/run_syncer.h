/*
 * run_syncer: a thread that brings bytes to the disk while their owner works on: written, synced, and the name of their
 * file synced too if it is new. It exists from the first time that it is asked for; if it cannot be made, the owner does
 * the work itself. One thing at a time, asked for and awaited by one thread. What is to be removed is removed when the
 * rest is done and known to be: nobody waits for it but the next job.
 */
#ifndef SQI_RUN_SYNCER_H
#define SQI_RUN_SYNCER_H

#include "os.h"

typedef struct sqi_syncer_job {
    const sqi_os_files *files;
    int file;
    int64_t at;
    void *bytes; /* they stay there until the end */
    size_t len;
    void (*seal)(void *bytes, size_t len); /* what is to be done with them first; NULL: nothing */
    const char *dir;                       /* NULL: the file's name is known to be on disk */
    const char *old; /* of `begin`: a file to remove then; the name stays there meanwhile. NULL: none */
} sqi_syncer_job;

typedef enum sqi_syncer_step { SQI_SYNCER_WRITE, SQI_SYNCER_SYNC, SQI_SYNCER_SYNC_DIR } sqi_syncer_step;

typedef struct sqi_syncer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool running;             /* the thread and what it needs are there */
    bool busy, removing, end; /* under the lock, as what follows */
    sqi_syncer_job job;
    sqi_syncer_step step; /* the last that was tried */
    int code, remove_code;
} sqi_syncer;

/* 0 or the errno of the step that failed. */
int sqi_syncer_do(const sqi_syncer_job *job, sqi_syncer_step *step);
/* The same in the background. False: no thread could be made; nothing was begun. End waits for it. */
bool sqi_syncer_begin(sqi_syncer *s, const sqi_syncer_job *job);
int sqi_syncer_end(sqi_syncer *s, sqi_syncer_step *step);
/* Whether it is at an old file, or will be; and 0, or the errno of one that could not be removed: told once. */
bool sqi_syncer_removes(sqi_syncer *s);
int sqi_syncer_removed(sqi_syncer *s);
/* Ends the thread, when what was begun is done. Valid on a zeroed one. */
void sqi_syncer_stop(sqi_syncer *s);

#endif
