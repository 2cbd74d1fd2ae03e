/*
 * io_custom: sources and sinks that a program wrote against streamq_ext.h, seen as our own: src_custom and snk_custom
 * translate offsets, options and Arrow arrays, and turn a callback's "no" into USER_CALLBACK_FAILED.
 */
#ifndef SQI_IO_CUSTOM_H
#define SQI_IO_CUSTOM_H

#include "io_sink.h"
#include "io_source.h"
#include "streamq_ext.h"

struct streamq_ext_error { /* where a callback puts its reason */
    char text[512];
};

/* declared of sqi_src_custom and sqi_snk_custom: what was registered. Lives as long as the session. */
typedef struct sqi_custom_source {
    sqi_source_type type; /* sqi_src_custom under the program's name */
    streamq_source table;
} sqi_custom_source;

typedef struct sqi_custom_sink {
    sqi_sink_type type;
    streamq_sink table;
} sqi_custom_sink;

/* Options as the parallel arrays that callbacks take, in `arena`. */
typedef struct sqi_custom_options {
    const char **name, **value;
    size_t n;
} sqi_custom_options;

streamq_status sqi_custom_options_make(const sqi_options *o, sqi_arena *arena, sqi_custom_options *out,
                                       streamq_error **err);
/* The error for a callback of `what` ("source 'lines': read") that returned `code`. */
streamq_status sqi_custom_failed(const char *kind, const char *name, const char *callback, int32_t code,
                                 const struct streamq_ext_error *why, streamq_error **err);

#endif
