/*
 * restart_rig: a durable query through several lives on a simulated disk and clock, in one process. Each life has a
 * session, a plan and a feed of its own, so that the checkpoint is all that it knows of the one before. What micro-batches
 * give is collected as text: "0: a|1, b|2; 1: ...".
 */
#ifndef SQI_RESTART_RIG_H
#define SQI_RESTART_RIG_H

#include "disk_sim.h"
#include "os_sim.h"

#include <streamq_ext.h>

typedef struct restart_rig {
    sqi_os_sim machine;
    sqi_disk_sim *disk;
    streamq_session *session;
    streamq_plan *plan;
    streamq_feed *feed; /* v INT, as the stream "t" */
    streamq_query *query;
    streamq_error *error;
    const char *threads, *chunk; /* of the next life */
    char got[1 << 14];
} restart_rig;

void restart_rig_begin(restart_rig *r);
void restart_rig_end(restart_rig *r);
/* A life: session, plan and feed. The test may register things and read more before it starts the query. */
void restart_rig_live(restart_rig *r);
void restart_rig_die(restart_rig *r); /* the query is stopped; an error is kept */
/* The sink is foreachBatch, or that of `format`; the checkpoint is /ckpt. NULL query: r->error says why. */
streamq_writer *restart_rig_writer(restart_rig *r, const char *sql, streamq_output_mode mode, const char *format);
void restart_rig_open(restart_rig *r, streamq_writer *w);
void restart_rig_start(restart_rig *r, const char *sql,
                       streamq_output_mode mode);         /* live, writer, open; must succeed */
void restart_rig_push(restart_rig *r, const char *rows);  /* "(1), (2)" */
void restart_rig_run(restart_rig *r);                     /* all that is available; r->error */
void restart_rig_gives(restart_rig *r, const char *want); /* since the last call, without an error */
void restart_rig_fails(restart_rig *r, const char *condition, const char *text);
void restart_rig_put(restart_rig *r, const char *path, const char *text); /* a file, synced and renamed */

#endif
