/*
 * run_checkpoint: a query's directory: whose it is (run_meta), the log (run_wal) of micro-batches (run_record), a lock.
 * Design: docs/design/overview.md, "The micro-batch and its log"; every byte: docs/design/checkpoint-format.md.
 *
 * State is in the log alone. A record holds what its micro-batch changed; and from time to time a pass goes over all
 * state, a part with each record, in proportion to what the micro-batch writes anyway. A restart begins at the first
 * record of the last whole pass and applies changes and parts in order. So there is no moment at which a snapshot has to
 * be taken, one sync a micro-batch is all there is, and when a pass is whole what lies before it can go (except for what
 * minBatchesToRetain asks for).
 *
 * One thread at a time.
 */
#ifndef SQI_RUN_CHECKPOINT_H
#define SQI_RUN_CHECKPOINT_H

#include "io_source.h"
#include "op.h"
#include "run_meta.h"
#include "run_record.h"
#include "run_wal.h"

typedef struct sqi_checkpoint_spec {
    sqi_alloc *alloc;
    const sqi_os *os;
    const sqi_log *log;
    const char *dir; /* made if it is not there */
    int64_t retain;  /* micro-batches whose state can be gone back to, at least 1 */
    uint64_t growth; /* bytes of log, and half the state's size, from one pass to the next */
    bool read_only;  /* no lock, no directory made, nothing written: a look from outside */
    bool temporary;  /* removed by close if `clean` */
} sqi_checkpoint_spec;

/* A source or an operator that keeps something; the order is the same at every start (its index is in the records). */
typedef struct sqi_checkpoint_source {
    sqi_source *source;
    sqi_offset start, end;
} sqi_checkpoint_source;

typedef struct sqi_checkpoint_parts {
    sqi_checkpoint_source *source;
    size_t nsource;
    sqi_op **op;
    size_t nop;
} sqi_checkpoint_parts;

typedef struct sqi_checkpoint_entry sqi_checkpoint_entry; /* run_checkpoint_impl.h */
typedef struct sqi_checkpoint_pass {
    int64_t begin, end; /* micro-batches */
} sqi_checkpoint_pass;

typedef struct sqi_checkpoint {
    sqi_checkpoint_spec spec;
    sqi_alloc *alloc;
    const sqi_os_files *files;
    sqi_meta meta;
    sqi_wal wal;
    int lock;
    bool is_new; /* no query has ever started here */
    sqi_buf record;

    sqi_checkpoint_entry *entry; /* of the records scanned at open */
    size_t nentry, entry_cap;
    int64_t last;   /* micro-batch of the last record; -1: none */
    bool delivered; /* the log says that it was */

    sqi_checkpoint_pass *pass; /* whole ones, the oldest first; the first may lie before what was scanned */
    size_t npass, pass_cap;
    bool passing;
    int64_t pass_begin;
    size_t pass_part;     /* operators, then sources */
    uint64_t pass_cursor; /* within it */
    uint64_t pass_bytes;  /* parts written by the running pass */
    uint64_t state_bytes; /* by the last whole one */
    uint64_t log_bytes;   /* of the log since that began; and since the running one began */
    uint64_t pass_log;
} sqi_checkpoint;

/* Take the directory: lock, metadata, and a look at the log as far back as a restart needs it. On failure nothing is
   left but what was there. CONCURRENT_QUERY: another query, of this or any program, holds it. */
streamq_status sqi_checkpoint_open(sqi_checkpoint *c, const sqi_checkpoint_spec *spec, streamq_error **err);
/* Valid on a zeroed one. clean: the query ended as it was asked to; then the end of the log is synced. */
void sqi_checkpoint_close(sqi_checkpoint *c, bool clean);

/* The shape (run_meta.h) is what the metadata says, or becomes it. */
streamq_status sqi_checkpoint_match(sqi_checkpoint *c, sqi_span shape, streamq_error **err);

/* Put back what is known into sources and operators that have seen nothing. *again: the last micro-batch is not known to
   be delivered; then ranges are its own, *head its time, and state is that before it. Otherwise `start` of each source
   is where it goes on. Nothing happens if the log is empty (last is -1). After it the log can be written. */
streamq_status sqi_checkpoint_restore(sqi_checkpoint *c, sqi_checkpoint_parts *parts, sqi_record_head *head,
                                      bool *again, streamq_error **err);
/* The state of operators as it was after micro-batch `batch`, for a look from outside: load is called with their blocks. */
typedef streamq_status (*sqi_checkpoint_load)(void *context, const sqi_record_item *item, streamq_error **err);
streamq_status sqi_checkpoint_replay(sqi_checkpoint *c, int64_t batch, sqi_checkpoint_load load, void *context,
                                     streamq_error **err);
/* What the micro-batches from `first` to `last` recorded, in order; of one that was repeated the last time. -1: the first,
   and the last, that there is. */
typedef struct sqi_checkpoint_record {
    int64_t batch;
    const sqi_record_head *head;
    sqi_bytes items; /* for sqi_record_next, in a copy */
    uint64_t bytes;  /* of it on disk */
    int64_t segment; /* that it stands in: its first micro-batch */
    bool delivered;
} sqi_checkpoint_record;
typedef streamq_status (*sqi_checkpoint_take)(void *context, const sqi_checkpoint_record *record, streamq_error **err);
streamq_status sqi_checkpoint_records(sqi_checkpoint *c, int64_t first, int64_t last, sqi_checkpoint_take take,
                                      void *context, streamq_error **err);
/* The last micro-batch that the log says was delivered, -1: none; and the oldest whose state can still be read (-1: of
   none), which takes a look at the whole log. */
int64_t sqi_checkpoint_committed(const sqi_checkpoint *c);
streamq_status sqi_checkpoint_oldest(sqi_checkpoint *c, int64_t *batch, streamq_error **err);

/* One micro-batch: log writes its record (behind: a thread does, and syncs it, while the caller works on something else);
   sync makes sure of it; then the sink commits; then `delivered`. */
streamq_status sqi_checkpoint_log(sqi_checkpoint *c, int64_t batch, const sqi_record_head *head,
                                  const sqi_checkpoint_parts *parts, bool behind, streamq_error **err);
streamq_status sqi_checkpoint_sync(sqi_checkpoint *c, streamq_error **err);
streamq_status sqi_checkpoint_delivered(sqi_checkpoint *c, int64_t batch, streamq_error **err);

#endif
