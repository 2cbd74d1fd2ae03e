/*
 * os_pool: threads that wait for one job at a time. A job is a function that every worker runs once, beside the thread
 * that began it; how they share the work is the job's own affair.
 *
 * Threads are started at the first job and sleep between jobs. Whoever finds the pool taken goes on alone. So a job
 * must be right with any number of workers, none included.
 */
#ifndef SQI_OS_POOL_H
#define SQI_OS_POOL_H

#include "os.h"

typedef struct sqi_os_pool sqi_os_pool;

/* Memory for a pool that may start this many workers; the caller gives it and takes it back after close. */
size_t sqi_os_pool_size(uint32_t workers);
int sqi_os_pool_open(sqi_os_pool *p, uint32_t workers); /* 0 or errno */
void sqi_os_pool_close(sqi_os_pool *p);                 /* no job runs any more; joins the threads */

/* Have run(context, k) called once on each of at most so many workers, k from 1 to their number. False: taken, or no
   thread could be started. True: sqi_os_pool_end must follow, on this thread. */
bool sqi_os_pool_begin(sqi_os_pool *p, uint32_t most, void (*run)(void *context, uint32_t worker), void *context);
void sqi_os_pool_end(sqi_os_pool *p); /* waits until every worker has come back */

#endif
