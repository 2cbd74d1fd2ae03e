/*
 * kill_rig: lives of a durable query in processes that are killed, over the real disk. A story has a source, a sink and a
 * folder; each of its lives may have other options; what the world outside sees is in kill_world.
 *
 *     kill_story s = {.source = KILL_NUMBERS, .sink = KILL_CUSTOM, .step = 5};
 *     kill_story_begin(&s);
 *     kill_life(&s, &(kill_life){.until = 20, .seed = 1}, &point);     killed at a call
 *     kill_life(&s, &(kill_life){.until = 20}, NULL);                  lives on to the end
 *     kill_verdict v = kill_story_end(&s, 20, why);
 */
#ifndef SQI_KILL_RIG_H
#define SQI_KILL_RIG_H

#include "disk_kill.h"
#include "kill_world.h"

typedef enum kill_source {
    KILL_NUMBERS, /* a source of the test's own */
    KILL_FILES,   /* text files, a number in each, dropped into a folder while the query runs */
    KILL_RATE,    /* rate-micro-batch: has no end, a life runs a few micro-batches */
    KILL_SOURCES
} kill_source;

typedef enum kill_sink {
    KILL_CUSTOM,        /* stage and commit, remembers ids */
    KILL_FOREACH_BATCH, /* stores by batch id */
    KILL_MEMORY,        /* complete mode */
    KILL_FILE,          /* deduplicated numbers as text */
    KILL_FOREACH,       /* from here on at least once */
    KILL_CONSOLE,
    KILL_SINKS
} kill_sink;

typedef struct kill_story {
    kill_source source;
    kill_sink sink;
    int key_bytes; /* of padding in each key: with much of it the log rolls */
    char root[64];
    kill_world world;
    size_t killed; /* lives */
} kill_story;

typedef struct kill_life {
    int64_t until;
    uint64_t seed; /* of its options; 0: plain ones */
} kill_life;

const char *kill_source_name(kill_source source);
const char *kill_sink_name(kill_sink sink);
void kill_life_text(const kill_life *life, char *to, size_t size); /* its options */

void kill_story_begin(kill_story *s); /* root is made, in memory if the machine has a place for that */
/* SQI_KILLED, 0: it came to its end. Everything else is told to the world as wrong. calls: as sqi_disk_kill_run. */
int kill_story_live(kill_story *s, const kill_life *life, const sqi_disk_kill_point *point, size_t *calls);
/* Everything up to `until` was to be delivered. Removes root, unless something is wrong. At most one micro-batch a life
   that was killed may have come again, from plain sinks. */
kill_verdict kill_story_end(kill_story *s, int64_t until);

#endif
