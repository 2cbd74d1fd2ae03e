/*
 * checkpoint_look: what the files of streamq-checkpoint share: the directory at hand, the machinery that the library
 * wants for reading it, and text for a person. Nothing in the directory is changed. Its bytes are untrusted: what is
 * printed of them has no control characters.
 */
#ifndef STREAMQ_CHECKPOINT_LOOK_H
#define STREAMQ_CHECKPOINT_LOOK_H

#include "run_state_read.h"

#include <stdbool.h>

typedef struct look {
    const char *dir;
    sqi_alloc alloc;
    const sqi_os *os;
    const sqi_os_files *files;
    sqi_log log;
    sqi_type_pool *pool;
    sqi_zones *zones;
    sqi_arena arena;
    sqi_eval eval;
    bool running; /* a query holds the lock */
    bool bad;     /* something is damaged, or refused: exit status 1 */
} look;

bool look_begin(look *l, const char *dir); /* false: no memory */
void look_end(look *l);

/* Printing, to standard output. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_text(sqi_span text);  /* control characters as \xNN */
void say_lines(sqi_span text); /* but for line ends */
/* Printed, and freed; complain: to standard error. */
void say_error(streamq_error *error);
void complain(streamq_error *error);
const char *time_text(int64_t micros, char to[SQI_TIME_TEXT]); /* UTC */

/* Opens the checkpoint for reading; again if a query that runs there was in the way. */
streamq_status look_open(look *l, sqi_checkpoint *c, streamq_error **err);
sqi_state_place look_place(look *l);
/* The metadata alone; *found false: there is none. */
streamq_status look_meta(look *l, sqi_meta *m, bool *found, streamq_error **err);
bool look_has_log(look *l); /* a file of a log stands there */

/* checkpoint_show.c */
void show_overview(look *l);
void show_batches(look *l);
void show_restart(look *l); /* the sentence */
/* checkpoint_verify.c */
void verify(look *l);
/* checkpoint_state.c */
void show_state(look *l, uint32_t operator_number, int64_t batch, bool json);

#endif
