/*
 * durable_rig: lives of one durable query, and what the world outside has seen of them. The query counts and adds up
 * numbers 1, 2, ... by three keys; its checkpoint is on a disk that the test gives ("/ckpt" on a simulated one); the sink
 * is foreachBatch.
 *
 * The world remembers each batch id with its rows, as an idempotent sink does, and judges at once: a batch that comes
 * again must be the same, a new one must follow the last, and its rows must be what all numbers up to some place give.
 * It remembers what the source was told to forget, too: no later life may ask for that. Both are marks in the disk's
 * record, so durable_world_at gives the world of a crash after any call. A world has no pointers: it can stand in memory
 * that processes share.
 */
#ifndef SQI_DURABLE_RIG_H
#define SQI_DURABLE_RIG_H

#include "disk_sim.h"

enum { DURABLE_KEYS = 3, DURABLE_BATCHES = 64, DURABLE_TEXT = 1024 };

typedef struct durable_rows { /* of a batch: what its keys have now; count 0: the key is not among them */
    int64_t count[DURABLE_KEYS], sum[DURABLE_KEYS];
} durable_rows;

typedef struct durable_world {
    int64_t last; /* batch id; -1: none */
    durable_rows batch[DURABLE_BATCHES], now;
    size_t seen_at[DURABLE_BATCHES]; /* the mark of a batch's first delivery; 0: before the record */
    int64_t forgotten[DURABLE_BATCHES];
    size_t forgotten_at[DURABLE_BATCHES];
    size_t nforgotten;
} durable_world;

typedef struct durable_life {
    int64_t until, step; /* numbers, and how many a micro-batch */
    int key_bytes;       /* of padding in each key: with much of it the log rolls */
    uint64_t seed;       /* of ids */
} durable_life;

typedef enum durable_end {
    DURABLE_DONE,  /* all numbers are in the sink */
    DURABLE_ERROR, /* the query failed: why has the message */
    DURABLE_WRONG  /* the world saw what cannot be: why says what */
} durable_end;

/* Where a life takes place. */
typedef struct durable_place {
    const sqi_os_files *files;
    const char *dir; /* the checkpoint's */
    void *context;
    size_t (*mark)(void *context, const char *text); /* the world has seen something; gives seen_at */
} durable_place;

durable_world durable_world_new(void);
durable_world durable_world_at(const durable_world *w, size_t call); /* of a crash after that call; marks are 0 in it */

/* One life, to the end or its failure; then everything is closed. */
durable_end durable_live_at(const durable_place *place, const durable_life *life, durable_world *w,
                            char why[DURABLE_TEXT]);
/* The same on a simulated disk. Files that stay open are WRONG. */
durable_end durable_live(sqi_disk_sim *disk, const durable_life *life, durable_world *w, char why[DURABLE_TEXT]);

#endif
