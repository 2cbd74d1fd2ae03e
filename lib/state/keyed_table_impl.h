/*
 * keyed_table_impl: the table's inside, shared by keyed_table.c (lookup), keyed_table_rows.c (records, batches, order)
 * and keyed_table_keys.c (keys back as vectors). Nobody else includes it.
 *
 * Rows: numbers below `end` have been handed out. A row is live (mark > 0), removed in this batch (mark 0, in
 * `removed`), or free (mark 0, on the list that starts at `free`). Mark == epoch: touched in this batch.
 * Order of insertion is the order of numbers until the first removal; then `links` are made, one pair for each row,
 * which also hold the free list. Removed rows stay linked until the batch is over.
 */
#ifndef SQI_KEYED_TABLE_IMPL_H
#define SQI_KEYED_TABLE_IMPL_H

#include "keyed_code.h"
#include "keyed_index.h"
#include "keyed_memo.h"
#include "keyed_pages.h"
#include "keyed_slab.h"
#include "keyed_table.h"

typedef enum table_form {
    FORM_NONE,   /* no key: one row */
    FORM_WORD,   /* one key of a fixed width up to 8 bytes: a word */
    FORM_STRING, /* one string: a view; long ones own bytes of the slab */
    FORM_FIXED,  /* a code of fixed width */
    FORM_BYTES   /* a code of any width, as a view */
} table_form;

enum { MARK_GONE = 0, MARK_OLD = 1, FIRST_EPOCH = 2, LAST_EPOCH = INT32_MAX };

typedef struct row_meta {
    uint32_t tag;
    uint32_t mark : 31, null : 1; /* null: the key of a WORD or STRING is null; such a row is not in the index */
} row_meta;

typedef struct row_link {
    uint32_t prev, next;
} row_link;

struct sqi_table {
    sqi_alloc *alloc;
    const sqi_type **key;
    uint32_t nkey;
    table_form form;
    uint64_t seed;
    uint32_t key_bytes;                 /* of the key in a record; FIXED: used bytes */
    uint32_t meta_at, value_at, stride; /* offsets in a record, and its size */
    bool stamped;                       /* stamps of the rows' insertions stand behind the records of a segment */
    uint64_t stamp;                     /* of position 0 of the chunk at hand */
    uint32_t shift, mask;               /* rows of a segment */
    sqi_index index;
    sqi_pages pages; /* segments: a record of 32 or 64 bytes lies in one cache line */
    sqi_slab slab;
    sqi_code code;
    sqi_memo memo; /* of WORD */
    char **segment;
    row_link **links; /* by segment; all NULL until the first removal */
    size_t nsegment, segment_cap, links_cap;
    bool linked;
    uint32_t end, free, first, last, live;
    uint32_t null_row; /* of the null key of WORD and STRING; the only row of NONE */
    uint32_t epoch;
    uint32_t *dirty, *removed;
    uint64_t *dirty_stamp; /* beside `dirty`, if stamped */
    size_t dirty_cap, dirty_stamp_cap, removed_cap;
    uint32_t ndirty, nremoved;
    uint32_t dirty_mask;   /* UINT32_MAX; 0: they are only counted, and all written to the first place */
    bool dirty_holes;      /* some rows in `dirty` have been removed */
    uint64_t *hash, *word; /* scratch of a lookup, by position */
    size_t hash_cap, word_cap;
};

static inline char *table_record(const sqi_table *t, uint32_t row)
{
    return t->segment[row >> t->shift] + (size_t)(row & t->mask) * t->stride;
}

static inline char *table_born(const sqi_table *t, uint32_t row)
{
    return t->segment[row >> t->shift] + ((size_t)t->mask + 1) * t->stride + (row & t->mask) * sizeof(uint64_t);
}

static inline row_meta *table_meta(const sqi_table *t, char *record)
{
    return (row_meta *)(record + t->meta_at);
}

static inline row_link *table_link(const sqi_table *t, uint32_t row)
{
    return &t->links[row >> t->shift][row & t->mask];
}

size_t sqi_table_segment_bytes(const sqi_table *t);
/* Room for n more entries in `dirty`, so that marking cannot fail. */
streamq_status sqi_table_rows_reserve(sqi_table *t, uint32_t n, streamq_error **err);
/* A zeroed record at the end of the order, marked as touched by position i of the chunk; its key and tag are the
   caller's to fill in. table_take is the same, without a call where that is easy. */
streamq_status sqi_table_rows_take(sqi_table *t, uint32_t i, uint32_t *row, streamq_error **err);

/* Marking in a loop: the table's own numbers, which no other store can change, and its list. */
typedef struct table_marker {
    uint32_t *dirty, n, mask, epoch;
    uint64_t *stamps; /* NULL: the table has none */
    uint64_t stamp;
} table_marker;

static inline table_marker table_marker_of(const sqi_table *t)
{
    return (table_marker){t->dirty, t->ndirty, t->dirty_mask, t->epoch, t->stamped ? t->dirty_stamp : NULL, t->stamp};
}

/* Whether it is marked already or not, without a branch. `dirty` has room for one more (sqi_table_rows_reserve). */
static inline void table_marker_mark(table_marker *m, row_meta *meta, uint32_t row, uint32_t i)
{
    if (m->stamps)
        m->stamps[m->n & m->mask] = m->stamp + i;
    m->dirty[m->n & m->mask] = row;
    m->n += meta->mark != m->epoch;
    meta->mark = m->epoch & 0x7fffffff;
}

static inline void table_mark(sqi_table *t, row_meta *meta, uint32_t row, uint32_t i)
{
    table_marker m = table_marker_of(t);
    table_marker_mark(&m, meta, row, i);
    t->ndirty = m.n;
}

enum { SMALL_RECORD = 64 };

static inline streamq_status table_take(sqi_table *t, uint32_t i, uint32_t *row, streamq_error **err)
{
    uint32_t taken = t->end;
    if (t->linked || t->stamped || t->stride > SMALL_RECORD || taken >> t->shift == t->nsegment ||
        taken == SQI_TABLE_ROWS_MAX)
        return sqi_table_rows_take(t, i, row, err);
    char *record = table_record(t, taken);
    for (uint32_t k = 0; k < t->stride; k += 8)
        memset(record + k, 0, 8);
    t->end++;
    t->live++;
    table_mark(t, table_meta(t, record), taken, i);
    *row = taken;
    return STREAMQ_OK;
}

#endif
