/*
 * disk_kill: a real process that dies by SIGKILL at a chosen call. A table around another (the real disk's, mostly)
 * counts the calls that it hands on; the test's own program links it, the library knows nothing of it.
 *
 *     static int run(const sqi_os_files *files, sqi_disk_kill *k, void *context) { ... return 0; }
 *
 *     size_t calls;
 *     sqi_disk_kill_run(NULL, run, context, &calls);                         to the end: how many calls are there?
 *     for (size_t at = 1; at <= calls; at++) {
 *         sqi_disk_kill_point p = {.calls = SQI_DISK_ANY, .at = at, .when = SQI_KILL_BEFORE};
 *         ck_assert_int_eq(sqi_disk_kill_run(&p, run, context, NULL), SQI_KILLED);
 *         ... go on with what it left ...
 *     }
 *
 * What is killed is the process, not the machine: all that it wrote is there, synced or not (disk_image has the rest).
 */
#ifndef SQI_DISK_KILL_H
#define SQI_DISK_KILL_H

#include "disk_sim.h"

typedef enum sqi_kill_when {
    SQI_KILL_BEFORE,
    SQI_KILL_AFTER,
    SQI_KILL_WITHIN /* half of a write's bytes are written; as AFTER for other calls */
} sqi_kill_when;

typedef struct sqi_disk_kill_point {
    uint32_t calls; /* kinds, as in sqi_disk_fault; closing and marking count too */
    size_t at;      /* the how manieth of those, from 1; 0: never */
    sqi_kill_when when;
} sqi_disk_kill_point;

typedef struct sqi_disk_kill sqi_disk_kill;

sqi_disk_kill *sqi_disk_kill_new(const sqi_os_files *inner, const sqi_disk_kill_point *point); /* NULL: never */
void sqi_disk_kill_free(sqi_disk_kill *k);
const sqi_os_files *sqi_disk_kill_files(sqi_disk_kill *k);
/* A point that is no call to a disk: a delivery, say. Before and after are the same moment here: call it twice. */
void sqi_disk_kill_mark(sqi_disk_kill *k);
size_t sqi_disk_kill_calls(const sqi_disk_kill *k, uint32_t calls); /* of these kinds, until now */

/* "write:3:before", "any:17:within", "sync,sync_dir:1:after": for programs that are told by their environment or an
   argument. False: not of that form. */
bool sqi_disk_kill_parse(const char *text, sqi_disk_kill_point *to);

/* Runs in a process of its own, over the real disk. Gives what `run` gave (0 to 99), or: */
enum { SQI_KILLED = 100, SQI_DIED = 101 /* in another way: a signal that is not SIGKILL, no process */ };
typedef int (*sqi_disk_kill_fn)(const sqi_os_files *files, sqi_disk_kill *k, void *context);
int sqi_disk_kill_run(const sqi_disk_kill_point *point, sqi_disk_kill_fn run, void *context,
                      size_t *calls); /* met by the point, or all of them without one; NULL is fine */

#endif
