/*
 * run_state_source: Spark's sources `statestore` and `state-metadata` for bounded reads: a checkpoint's state
 * (run_state_read), and the list of its stateful operators. They are no sources of the io room, which knows no
 * checkpoints; a reader finds them here.
 */
#ifndef SQI_RUN_STATE_SOURCE_H
#define SQI_RUN_STATE_SOURCE_H

#include "run_state_read.h"

/* `declared` of these types: what a plan knows and a source does not. */
typedef struct sqi_state_source {
    sqi_eval eval; /* pool, zones, settings */
    const sqi_registry *registry;
} sqi_state_source;

const sqi_source_type *sqi_state_source_find(sqi_span format); /* case-insensitive; NULL */
const sqi_source_type *sqi_state_source_at(size_t i);          /* NULL at the end */

/* In place of the type's own: it takes a look at the directory. Options were checked against the type's table. */
streamq_status sqi_state_source_schema(const sqi_source_type *type, const sqi_state_source *s,
                                       const sqi_options *options, const sqi_schema *given, const sqi_io_env *env,
                                       sqi_arena *arena, sqi_schema *out, streamq_error **err);

#endif
