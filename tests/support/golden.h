/*
 * golden: queries whose checkpoints are kept in tests/golden for ever, and their lives on a simulated disk: a fixed clock,
 * fixed random bytes, numbers 1, 2, ... as input. The same bytes come out each time.
 */
#ifndef SQI_GOLDEN_H
#define SQI_GOLDEN_H

#include "disk_sim.h"

#include <streamq.h>

#define GOLDEN_RELEASE "tests/golden/0.1" /* of the format that this library writes */

enum { GOLDEN_STEP = 4, GOLDEN_MORE = 3 /* micro-batches that a checkpoint is continued with */, GOLDEN_BATCHES = 64 };

typedef enum golden_source {
    GOLDEN_NUMBERS, /* a source of the program's own, whose rows can be read again */
    GOLDEN_RATE,    /* rate-micro-batch */
    GOLDEN_FEED,    /* rows that are gone after a restart */
    GOLDEN_FILES    /* a text file a number */
} golden_source;

typedef struct golden {
    const char *name;
    streamq_output_mode mode;
    const char *sql;   /* over t (n BIGINT) */
    const char *dedup; /* the query drops duplicates by these columns */
    golden_source source;
    int batches; /* 0: 5 */
} golden;

extern const golden goldens[];
extern const size_t golden_count;
int golden_batches(const golden *g);

typedef struct golden_out {
    int64_t first, next;        /* batch ids seen, next is behind the last; -1: none */
    char *rows[GOLDEN_BATCHES]; /* sorted lines */
    size_t memory;              /* bytes that the session held at most until the first step */
    char why[1024];             /* of a failure; "" */
    char condition[64];
} golden_out;

typedef struct golden_life {
    int64_t until;                        /* micro-batches since the beginning of time */
    const char *threads, *chunk, *retain; /* NULL: 1, 2048, 1 */
    bool blind;                           /* the rows are looked at, and not kept: they may be anything */
    const sqi_os_files *files;            /* another disk for the checkpoint, in `dir`; NULL: this one, /ckpt */
    const char *dir;
} golden_life;

/* The checkpoint is /ckpt. Gives whether all went well; ids out of order are a failure without a condition. */
bool golden_live(sqi_disk_sim *disk, const golden *g, const golden_life *life, golden_out *out);
void golden_out_clear(golden_out *out);

#endif
