/*
 * keyed_table: the one structure that keeps state: from a key (any number of columns) to a row number, and from a row
 * number to a value of fixed size. Groups, deduplication, limits and joins are made of it.
 *
 *     lookup: keys of a chunk --> hash --> index (keyed_index.h) --> row numbers
 *     row:    segment[row >> shift] + (row & mask) * stride:  | key | tag, mark | value |
 *
 * - Keys are normalised vectors (sqi_order_normalize); null is a key like any other. No key column at all means one
 *   global row.
 * - A row keeps its number and address until it is removed and the batch is over; growing copies no value. A new
 *   row's value is all zeros.
 * - The table knows which rows the current batch touched and removed. sqi_table_clean starts the next batch.
 * - A failed call (no memory) leaves the table usable and consistent. There is no undo, though: a query whose batch
 *   failed is dead, and is made anew from its checkpoint.
 * - At most SQI_TABLE_ROWS_MAX rows. One thread at a time.
 */
#ifndef SQI_KEYED_TABLE_H
#define SQI_KEYED_TABLE_H

#include "data_vec.h"

#define SQI_TABLE_NONE UINT32_MAX
#define SQI_TABLE_ROWS_MAX (UINT32_MAX - 1)

typedef struct sqi_table sqi_table;

typedef enum sqi_table_mode {
    SQI_TABLE_FIND,   /* unknown keys give SQI_TABLE_NONE; nothing changes */
    SQI_TABLE_INSERT, /* unknown keys get a row; only new rows count as touched */
    SQI_TABLE_TOUCH   /* the same, and every row found counts as touched */
} sqi_table_mode;

/* The types are borrowed (they live in a pool). value_align: a power of two up to 16; value_size may be 0. */
sqi_table *sqi_table_new(sqi_alloc *alloc, const sqi_type *const *key, uint32_t nkey, uint32_t value_size,
                         uint32_t value_align, uint64_t seed, streamq_error **err);
/* The same for a table that is one of several parts of a whole: it also keeps a stamp, the place in the whole input,
   for each row (its first) and each row touched in this batch, so that the parts can be read in one order. */
sqi_table *sqi_table_new_stamped(sqi_alloc *alloc, const sqi_type *const *key, uint32_t nkey, uint32_t value_size,
                                 uint32_t value_align, uint64_t seed, streamq_error **err);
/* Before the first row: only the number of touched rows is kept, not which they are; sqi_table_dirty gives none. */
void sqi_table_count_only(sqi_table *t);
/* The types of the key columns. */
const sqi_type *const *sqi_table_key_types(const sqi_table *t, uint32_t *nkey);
void sqi_table_free(sqi_table *t); /* NULL is fine. What hangs off values is the caller's to release before */

/*
 * row[position] = the row of the key at that position, for the rows. If `fresh` is not NULL it has room for rows.n
 * entries and receives the positions that made a new row, in order, and *nfresh their number: for a deduplication that
 * is the selection of what goes on. On failure the rows made so far stay, and *nfresh tells how many.
 */
streamq_status sqi_table_lookup(sqi_table *t, const sqi_vec *keys, sqi_rows rows, sqi_table_mode mode, uint32_t *row,
                                uint32_t *fresh, uint32_t *nfresh, streamq_error **err);

/* SQI_TABLE_TOUCH for a stamped table: the position i of the chunk has the place stamp + i. hash: of the keys by
   position, from sqi_order_hash with the table's seed; NULL: not known. */
streamq_status sqi_table_lookup_stamped(sqi_table *t, const sqi_vec *keys, const uint64_t *hash, sqi_rows rows,
                                        uint64_t stamp, uint32_t *row, streamq_error **err);
/* Whether lookups have a use for such hashes. */
bool sqi_table_takes_hashes(const sqi_table *t);
/* Of a stamped table: stamps of the rows that sqi_table_dirty gives, ascending; the stamp of a row's insertion. */
const uint64_t *sqi_table_dirty_stamps(const sqi_table *t);
uint64_t sqi_table_born(const sqi_table *t, uint32_t row);

/* Mark a live row as touched. */
streamq_status sqi_table_touch(sqi_table *t, uint32_t row, streamq_error **err);
/* Take rows out: their keys are unknown from now on. Key and value stay readable until sqi_table_clean. */
streamq_status sqi_table_remove(sqi_table *t, const uint32_t *rows, uint32_t n, streamq_error **err);

/* Where the values stand. Asked for again after a lookup that may insert: `segment` may have moved, values have not. */
typedef struct sqi_table_values {
    char *const *segment; /* segment[row >> shift] + (row & mask) * stride + offset */
    uint32_t shift, mask, stride, offset;
} sqi_table_values;

sqi_table_values sqi_table_values_get(const sqi_table *t);
static inline void *sqi_table_values_at(const sqi_table_values *v, uint32_t row)
{
    return v->segment[row >> v->shift] + (size_t)(row & v->mask) * v->stride + v->offset;
}
void *sqi_table_value(const sqi_table *t, uint32_t row); /* one of them */

/* Rows touched in this batch and not removed, in order of first touch; rows removed in it, in order of removal. Both
   are valid until the table changes. */
void sqi_table_dirty(sqi_table *t, const uint32_t **rows, uint32_t *n);
void sqi_table_removed(const sqi_table *t, const uint32_t **rows, uint32_t *n);
/* The batch is delivered: nothing is touched, removed rows give back their memory and number. */
void sqi_table_clean(sqi_table *t);

/* Live rows in order of insertion: start with SQI_TABLE_NONE, up to `most` rows a call; 0 is the end. `last` is the
   last row of the call before; it may have been removed since, but not cleaned. */
uint32_t sqi_table_scan(const sqi_table *t, uint32_t last, uint32_t *rows, uint32_t most);

/* Live rows by number, from *next on (0 first), up to `most`; *next is moved on. Unlike a scan it may stand still while
   micro-batches go by: a row that is there all the time is met. 0 is the end. */
uint32_t sqi_table_walk(const sqi_table *t, uint32_t *next, uint32_t *rows, uint32_t most);

/* The keys of rows as vectors (one for each key column), dense. Long strings point into the table: valid until
   sqi_table_clean. */
streamq_status sqi_table_keys(const sqi_table *t, const uint32_t *rows, uint32_t n, sqi_vec *out, sqi_arena *arena,
                              streamq_error **err);

/* Rows of several tables of the same keys and values as one: their records side by side, which stay where they are while
   the rows live. In what follows, and with these values, row k is record[k]. `t` is any of the tables. */
void sqi_table_records(const sqi_table *t, const uint32_t *rows, uint32_t n, char **record);
sqi_table_values sqi_table_values_of(const sqi_table *t, char *const *record);
streamq_status sqi_table_keys_of(const sqi_table *t, char *const *record, const uint32_t *rows, uint32_t n,
                                 sqi_vec *out, sqi_arena *arena, streamq_error **err);

uint32_t sqi_table_live(const sqi_table *t); /* rows */
bool sqi_table_reused(const sqi_table *t);   /* a row was removed once: numbers are no order of insertion any more */

typedef struct sqi_table_counts {
    uint32_t total;            /* live rows */
    uint32_t updated, removed; /* in this batch: touched and alive; removed */
    uint64_t bytes;            /* memory held, index included */
} sqi_table_counts;

sqi_table_counts sqi_table_counts_get(sqi_table *t);

#endif
