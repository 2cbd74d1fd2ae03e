/*
 * tamper_rig: a checkpoint that somebody has changed, restarted. What may come of it: an error that says so before there
 * is any output, or what the query really gave after one of its micro-batches, from there on.
 */
#ifndef SQI_TAMPER_RIG_H
#define SQI_TAMPER_RIG_H

#include "golden_files.h"

typedef struct tamper_rig {
    const golden *g;
    golden_out truth;   /* of a life that nothing interrupted */
    golden_set set;     /* the checkpoint */
    const char *retain; /* minBatchesToRetain of all lives */
    size_t memory;      /* of a start on it */
    size_t starts, refused;
} tamper_rig;

void tamper_begin(tamper_rig *r, const golden *g, const char *retain);
void tamper_end(tamper_rig *r);
/* Fails the test if the start on this set is anything but that; `what` says what was done to it. */
void tamper_start(tamper_rig *r, const golden_set *set, const char *what, size_t where);
void tamper_judge(tamper_rig *r, const golden_out *out, const char *what, size_t where);
/* Bytes behind valid checksums may say anything: it must not crash, hang, or need memory out of proportion. Does nothing for
   queries over rate-micro-batch, which makes as many rows as a range asks for. */
void tamper_sealed(const golden *g, const golden_set *set);

#endif
