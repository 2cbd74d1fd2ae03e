/*
 * io_seen: which files a source has taken: paths with their times, in a table that holds a million of them in some 50
 * bytes each beside their names.
 *
 * Spark's rule of age: a file is new if it is not in the table and not older than the newest one seen, less `age`, as
 * that was at the last purge. So what is too old can be forgotten: nothing that old is new again. Entries are forgotten
 * wholesale, when a quarter of them is too old.
 */
#ifndef SQI_IO_SEEN_H
#define SQI_IO_SEEN_H

#include "base_alloc.h"
#include "base_error.h"
#include "base_str.h"

typedef struct sqi_seen_entry {
    int64_t modified; /* microseconds */
    uint64_t at;      /* of the name: block and place */
    uint32_t len, hash;
} sqi_seen_entry;

typedef struct sqi_seen {
    sqi_alloc *alloc;
    int64_t age;            /* microseconds; INT64_MAX: for ever */
    int64_t latest, oldest; /* newest time seen; what is older than `oldest` is not new */
    sqi_seen_entry *entry;  /* in the order they came */
    size_t n, cap, old;     /* `old`: those below `oldest` when last counted */
    uint32_t *slot;         /* entry + 1; 0: free */
    size_t nslot;
    char **block;                          /* of names */
    size_t nblock, block_cap, used, bytes; /* used: of the last block; bytes: of all names */
} sqi_seen;

void sqi_seen_init(sqi_seen *s, sqi_alloc *alloc, int64_t age);
void sqi_seen_fini(sqi_seen *s); /* valid on a zeroed one */
/* Is it in the table? Then nothing else about the file matters. */
bool sqi_seen_has(const sqi_seen *s, sqi_span name);
bool sqi_seen_is_new(const sqi_seen *s, sqi_span name, int64_t modified);
streamq_status sqi_seen_add(sqi_seen *s, sqi_span name, int64_t modified, streamq_error **err); /* again: its time */
/* Moves `oldest` up to the newest time less the age. */
void sqi_seen_purge(sqi_seen *s);
/* Forgets what is too old if that is a quarter of it or more; places among the entries stay where they were. Without
   memory nothing changes. */
void sqi_seen_shrink(sqi_seen *s, uint64_t place[2]);
sqi_span sqi_seen_name(const sqi_seen *s, const sqi_seen_entry *e);
size_t sqi_seen_count(const sqi_seen *s); /* of those not too old */
size_t sqi_seen_bytes(const sqi_seen *s); /* held, names included */

#endif
