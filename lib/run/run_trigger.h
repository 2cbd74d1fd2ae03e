/*
 * run_trigger: when does the next trigger start? A pure function of the trigger, the clock and what has run: no clock is
 * read here, so a test walks through days in microseconds. Rules: reference behaviour of Spark's ProcessingTime
 * (epoch-aligned, the first at once, an overrun starts immediately, missed slots are not made up), Once, AvailableNow.
 */
#ifndef SQI_RUN_TRIGGER_H
#define SQI_RUN_TRIGGER_H

#include <stdbool.h>
#include <stdint.h>

typedef enum sqi_trigger_kind {
    SQI_TRIGGER_DEFAULT, /* as soon as there is data */
    SQI_TRIGGER_INTERVAL,
    SQI_TRIGGER_ONCE,
    SQI_TRIGGER_AVAILABLE_NOW
} sqi_trigger_kind;

typedef struct sqi_trigger {
    sqi_trigger_kind kind;
    int64_t interval_micros; /* INTERVAL: > 0 */
} sqi_trigger;

typedef struct sqi_trigger_state {
    bool started;        /* some trigger has started */
    bool exhausted;      /* the last one found no data */
    bool worked;         /* some trigger ran a micro-batch */
    int64_t next_micros; /* INTERVAL: wall time of the next start */
} sqi_trigger_state;

typedef enum sqi_trigger_verdict { SQI_TRIGGER_START, SQI_TRIGGER_WAIT, SQI_TRIGGER_STOP } sqi_trigger_verdict;

/* WAIT: *until is the wall time to ask again. */
sqi_trigger_verdict sqi_trigger_decide(const sqi_trigger *t, const sqi_trigger_state *s, int64_t now_micros,
                                       int64_t *until);
/* A trigger starts now. */
void sqi_trigger_begin(const sqi_trigger *t, sqi_trigger_state *s, int64_t now_micros);
/* It ended; worked: it ran a micro-batch. Returns how late the next slot is in microseconds, 0 if it is in time. */
int64_t sqi_trigger_end(const sqi_trigger *t, sqi_trigger_state *s, bool worked, int64_t now_micros);

#endif
