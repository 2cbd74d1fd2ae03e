/*
 * run_state_read: a checkpoint's state as rows, looked at from outside, while its query runs, in this or any process, or
 * when it does not. Nothing is locked and nothing is written: a file of the log may go while it is read, then the
 * look is taken again.
 *
 * Columns are those of Spark's `statestore`: key STRUCT<...>, value STRUCT<...>, partition_id INT, which is always 0. An
 * aggregate's value is what it would give, not what it keeps.
 *
 * All of an operator's state stands in memory while it is read. Files are untrusted.
 */
#ifndef SQI_RUN_STATE_READ_H
#define SQI_RUN_STATE_READ_H

#include "run_checkpoint.h"

typedef struct sqi_state_place {
    sqi_alloc *alloc;
    const sqi_os *os;
    const sqi_log *log;
    const sqi_eval *eval;         /* pool, zones, settings */
    const sqi_registry *registry; /* of a program's own aggregates; may be NULL */
    uint32_t chunk_rows;
    const char *dir;
} sqi_state_place;

/* Is there one? STDS_COMMITTED_BATCH_UNAVAILABLE if not. */
streamq_status sqi_state_read_meta(const sqi_state_place *p, sqi_meta *m, streamq_error **err);

/* The columns of an operator's state, or of its changes (batch_id BIGINT, change_type STRING first). In `arena`. */
streamq_status sqi_state_read_schema(const sqi_state_place *p, uint32_t number, bool changes, sqi_arena *arena,
                                     sqi_schema *out, streamq_error **err);
/* The rows as they were after a batch, -1: the last that was delivered. */
streamq_status sqi_state_read_rows(const sqi_state_place *p, uint32_t number, int64_t batch, const sqi_schema *schema,
                                   sqi_source_emit emit, void *context, streamq_error **err);
/* What the batches from `first` to `last` (-1: the last that was delivered) changed: "update" with the new value,
   "delete" with none. */
streamq_status sqi_state_read_changes(const sqi_state_place *p, uint32_t number, int64_t first, int64_t last,
                                      const sqi_schema *schema, sqi_source_emit emit, void *context,
                                      streamq_error **err);
/* The oldest and the newest batch whose state can be read; -1: none. */
streamq_status sqi_state_read_batches(const sqi_state_place *p, int64_t *oldest, int64_t *newest, streamq_error **err);

#endif
