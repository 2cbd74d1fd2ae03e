/*
 * io_rig: what a source or sink needs to be opened in a test: memory that is counted, a simulated clock, options, and
 * a collector that keeps the rows it is given as text.
 *
 *     rig r;
 *     rig_begin(&r);
 *     rig_option(&r, "rowsPerSecond", "5");
 *     sqi_source *s = rig_source(&r, &sqi_src_rate, NULL);
 *     ...
 *     rig_end(&r);                         closes, and fails the test on any leak
 */
#ifndef SQI_IO_RIG_H
#define SQI_IO_RIG_H

#include "fail_alloc.h"
#include "io_sink.h"
#include "io_source.h"
#include "os_sim.h"

typedef struct rig {
    sqi_fail_alloc heap;
    sqi_os_sim sim;
    sqi_io_env env;
    sqi_arena arena;
    sqi_options options;
    sqi_schema schema;
    bool bounded; /* sources of files: streamq_read, not streamq_read_stream */
    sqi_source *source;
    sqi_sink *sink;
    streamq_error *err;
    sqi_buf rows; /* one line a row: cells as CAST gives them, joined by '|' */
    size_t chunks;
    uint32_t most_rows; /* of any chunk */
    sqi_buf log;
} rig;

void rig_begin(rig *r);
void rig_end(rig *r);
void rig_option(rig *r, const char *name, const char *value);
void rig_columns(rig *r, const char *const *names, const sqi_type *const *types, uint32_t n);

/* Options checked, schema asked for, opened. rig_source fails the test where rig_try_source gives the status. */
streamq_status rig_try_source(rig *r, const sqi_source_type *type, void *declared);
sqi_source *rig_source(rig *r, const sqi_source_type *type, void *declared);
sqi_offset rig_latest(rig *r, const sqi_offset *start);
/* The rows of (start, end] as text. */
const char *rig_read(rig *r, const sqi_offset *start, const sqi_offset *end);
const char *rig_json(rig *r, const sqi_offset *o);

streamq_status rig_try_sink(rig *r, const sqi_sink_type *type, streamq_output_mode mode, void *declared);
sqi_sink *rig_sink(rig *r, const sqi_sink_type *type, streamq_output_mode mode, void *declared);
/* One micro-batch of one chunk. */
void rig_write(rig *r, int64_t batch_id, const sqi_chunk *chunk);

/* The error that stands must have this condition and this in its text; it is cleared. */
void rig_refused(rig *r, streamq_status status, sqi_cond cond, const char *text);

/* Chunks for tests, in the rig's arena. NULL strings are nulls. */
sqi_chunk rig_strings(rig *r, const char *const *values, uint32_t n);
sqi_chunk rig_numbers(rig *r, const int64_t *values, uint32_t n);
sqi_chunk rig_beside(rig *r, sqi_chunk a, sqi_chunk b);                         /* the columns of both */
sqi_batch *rig_batch(rig *r, const sqi_schema *schema, const sqi_chunk *chunk); /* chunk NULL: empty */

#endif
