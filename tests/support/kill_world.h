/*
 * kill_world: what the world outside of a process that may be killed has seen of its query: a file that lines are added
 * to, each by one write, so that it outlives the process. It knows nothing of checkpoints.
 *
 * The numbers 1, 2, ... are counted and added up by their remainder by three; a row is a remainder with its count and sum
 * so far.
 */
#ifndef SQI_KILL_WORLD_H
#define SQI_KILL_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KILL_KEYS = 3, KILL_BATCHES = 512 };

typedef struct kill_rows { /* count 0: the key is not among them */
    int64_t count[KILL_KEYS], sum[KILL_KEYS];
} kill_rows;

kill_rows kill_rows_up_to(int64_t n); /* of the numbers 1 to n */
int64_t kill_rows_numbers(const kill_rows *r);
bool kill_rows_add(kill_rows *to, int64_t key, int64_t count, int64_t sum); /* false: no such key, or twice */

typedef struct kill_world {
    char path[160];
    int64_t last; /* batch id; -1: none */
    kill_rows batch[KILL_BATCHES], now;
    size_t repeats[KILL_BATCHES]; /* rows of a batch that came more than once */
    int64_t forgotten;            /* the source was told to forget up to here */
    int64_t dropped;              /* files given to the source */
    bool has_table;
    kill_rows table; /* the memory sink's at the end of the last life that had one */
    char wrong[400]; /* "": nothing is */
} kill_world;

/* Of what happened. Aborts if the file cannot be written. */
void kill_world_init(kill_world *w, const char *path);
void kill_world_read(kill_world *w); /* all over again */
void kill_world_wrong(kill_world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void kill_world_batch(kill_world *w, int64_t id,
                      const kill_rows *rows); /* remembered by its id: a repeat changes nothing */
void kill_world_row(kill_world *w, int64_t id, int64_t key, int64_t count, int64_t sum); /* a plain sink's */
void kill_world_forget(kill_world *w, int64_t n);
void kill_world_dropped(kill_world *w, int64_t nth);
void kill_world_table(kill_world *w, const kill_rows *rows);

/* What the world has against the numbers up to n. */
typedef struct kill_verdict {
    size_t lost, duplicated, wrong; /* keys, or 1 */
} kill_verdict;
kill_verdict kill_world_judge(const kill_world *w, int64_t n, bool in_memory);

#endif
