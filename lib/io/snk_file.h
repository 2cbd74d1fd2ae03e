/*
 * snk_file: what a writer declares for a sink of files, and what the batch write (io_save) shares with it: options, path,
 * output.
 */
#ifndef SQI_SNK_FILE_H
#define SQI_SNK_FILE_H

#include "io_output.h"
#include "io_sink.h"

typedef struct sqi_file_target { /* declared; may be NULL: not partitioned */
    const sqi_span *partition;
    uint32_t npartition;
} sqi_file_target;

/* Rows of a sink's or a batch write's options: its own and those of its format, with which a set is checked. */
enum { SQI_FILE_OPTIONS = 96 };
size_t sqi_snk_file_options(const sqi_format_type *format, bool streaming, sqi_option_row to[SQI_FILE_OPTIONS]);

/* The option `path` as an absolute path without slashes at its end, in the arena. */
streamq_status sqi_snk_file_folder(const sqi_options *options, sqi_arena *arena, sqi_span *folder, streamq_error **err);
/* compression and maxRecordsPerFile into the spec. */
streamq_status sqi_snk_file_settings(const sqi_options *options, sqi_output_spec *spec, streamq_error **err);

#endif
