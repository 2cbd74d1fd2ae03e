/*
 * run_syncer: a thread that syncs a file while its owner works on. It exists from the first time that it is asked for; if
 * it cannot be made, the owner syncs the file itself. One thing at a time, asked for and awaited by one thread.
 */
#ifndef SQI_RUN_SYNCER_H
#define SQI_RUN_SYNCER_H

#include "os.h"

typedef struct sqi_syncer {
    const sqi_os_files *files;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool running;   /* the thread and what it needs are there */
    bool busy, end; /* under the lock */
    int file, code;
} sqi_syncer;

/* False: no thread could be made; nothing was begun. */
bool sqi_syncer_begin(sqi_syncer *s, const sqi_os_files *files, int file);
int sqi_syncer_end(sqi_syncer *s);   /* waits: 0 or the errno of the sync */
void sqi_syncer_stop(sqi_syncer *s); /* valid on a zeroed one */

#endif
