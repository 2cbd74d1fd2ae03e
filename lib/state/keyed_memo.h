/*
 * keyed_memo: the rows of words that were looked up lately: a small direct-mapped table before the index. A hit reads one
 * entry that is in a near cache, and nothing else: no hash, no bucket, no record. So entries hold for what is known
 * until the next `forget` only: the row lives, and this batch has touched it.
 *
 * Where more than a quarter of the words miss, the memo rests for a number of rows.
 */
#ifndef SQI_KEYED_MEMO_H
#define SQI_KEYED_MEMO_H

#include "data_vec.h"

enum { SQI_MEMO_BLOCK = 1024 }; /* rows of one find, at most */

typedef struct sqi_memo {
    struct sqi_memo_entry *entry; /* NULL until wanted */
    uint32_t stamp;               /* of the entries that hold */
    uint64_t asked, missed;       /* rows, since it was last judged */
    uint64_t rest;                /* rows to stay out of */
} sqi_memo;

/* Words where they stand: a column of unsigned numbers of `width` bytes: 1, 2, 4 or 8. Widening them all to 64 bits first
   would take longer than finding them. */
typedef struct sqi_memo_words {
    const void *data;
    uint32_t width;
} sqi_memo_words;

void sqi_memo_fini(sqi_memo *m, sqi_alloc *alloc); /* valid on a zeroed one */
size_t sqi_memo_bytes(const sqi_memo *m);
/* Nothing is known any more. */
void sqi_memo_forget(sqi_memo *m);
/* Whether to use the memo for a call of n rows. No memory for it: no. */
bool sqi_memo_begin(sqi_memo *m, sqi_alloc *alloc, uint32_t n);
/* row[i] of the words that are known, for the rows' positions from `begin` on, n of them. Positions of the others go to
   `miss`, in order; gives their number. */
uint32_t sqi_memo_find(const sqi_memo *m, sqi_memo_words words, sqi_rows rows, uint32_t begin, uint32_t n,
                       uint32_t *row, uint32_t *miss);
/* What the index said about them. */
void sqi_memo_learn(sqi_memo *m, sqi_memo_words words, const uint32_t *miss, uint32_t n, const uint32_t *row);
/* After a call: how many of its rows were not known. */
void sqi_memo_end(sqi_memo *m, uint32_t n, uint32_t missed);

#endif
