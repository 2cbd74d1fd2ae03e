/*
 * keyed_tally: counts of short strings, kept aside until the end of the micro-batch. A small direct-mapped table whose
 * entries hold the key itself: a word that it knows costs one access to a near cache, with no hash of the table, no
 * bucket and no record. The table learns of those words once a micro-batch, with the number of times.
 *
 *     n = sqi_tally_count(t, ...)   rows of keys that it does not know yet, in order: the caller counts these himself ...
 *     sqi_tally_learn(t, row)       ... and tells their rows of the keyed table
 *     sqi_tally_drain(t, ...)       the end of the micro-batch: keys, and how often they came after that; all is forgotten
 *
 * So whoever keeps the order of first appearances gets it from what he counts himself. Where that is more than five
 * eighths of the rows, the tally rests for a number of rows.
 */
#ifndef SQI_KEYED_TALLY_H
#define SQI_KEYED_TALLY_H

#include "data_vec.h"

typedef struct sqi_tally {
    /* The owner's to set. */
    uint32_t most_bits; /* the logarithm of the entries it may come to have */
    uint64_t warm;      /* rows that must pass before it starts: in a small batch few keys come again */
    bool plain;         /* without instructions that only some processors have, for tests */
    /* Its own. */
    struct sqi_tally_entry *entry; /* 1 << bits of them; NULL until wanted */
    uint32_t *used;                /* entries with a key, `nused` of them */
    uint32_t bits, nused, told;    /* of the used ones, how many know their row */
    uint32_t skip, pause;          /* blocks in which nobody takes an entry, while few are free */
    uint64_t counted, passed;      /* rows since the last drain; no entry counted more than `counted` */
    uint64_t asked, missed;        /* rows, since it was last judged */
    uint64_t rest;                 /* rows to stay out of */
} sqi_tally;

/* What a drain gives: at most SQI_TALLY_BLOCK keys. */
enum { SQI_TALLY_BLOCK = 1024 };
typedef struct sqi_tally_block {
    sqi_str key[SQI_TALLY_BLOCK]; /* short: all of the text is in the view */
    uint32_t row[SQI_TALLY_BLOCK], times[SQI_TALLY_BLOCK];
    uint32_t n;
} sqi_tally_block;

void sqi_tally_fini(sqi_tally *t, sqi_alloc *alloc); /* valid on a zeroed one */
size_t sqi_tally_bytes(const sqi_tally *t);
/* Whether to use the tally for n rows. No memory for it: no. Not used, the rows count as passed. */
bool sqi_tally_begin(sqi_tally *t, sqi_alloc *alloc, uint32_t n);
/* Counts what it knows; positions of all other rows go to `rest`, which has room for rows.n. Gives their number. */
uint32_t sqi_tally_count(sqi_tally *t, const sqi_str *key, sqi_rows rows, uint32_t *rest);
/* Rows of the keyed table, by position, after each count; who has no use for them need not tell. */
void sqi_tally_learn(sqi_tally *t, const uint32_t *row);
/* Some keys that were counted here, and how often; false: no more. What is not drained stays. */
bool sqi_tally_drain(sqi_tally *t, sqi_tally_block *out);

#endif
