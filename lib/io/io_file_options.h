/*
 * io_file_options: the options that all formats of files share, read from what the program gave.
 */
#ifndef SQI_IO_FILE_OPTIONS_H
#define SQI_IO_FILE_OPTIONS_H

#include "io_format.h"
#include "io_listing.h"

typedef enum sqi_clean { SQI_CLEAN_OFF, SQI_CLEAN_DELETE, SQI_CLEAN_ARCHIVE } sqi_clean;

typedef struct sqi_file_options {
    sqi_listing listing;          /* without the functions */
    int64_t max_files, max_bytes; /* of a micro-batch; 0: no limit */
    int64_t max_age;              /* microseconds; INT64_MAX: no limit */
    int64_t max_cached;
    double discard;
    bool latest_first, name_only, ignore_missing, ignore_corrupt;
    sqi_clean clean;
    sqi_span archive; /* of sqi_listing_path */
} sqi_file_options;

/* The table of a format's reader: its own options and those of files, and its end. Rows are static. */
enum { SQI_FILE_OPTIONS_MOST = 96 };
size_t sqi_file_options_rows(const sqi_format_type *format, sqi_option_row to[SQI_FILE_OPTIONS_MOST]);

/* Checked against the table, then read; `streaming`: what Spark refuses for a stream is refused. In the arena. */
streamq_status sqi_file_options_read(sqi_file_options *o, const sqi_format_type *format, const sqi_options *given,
                                     bool streaming, const sqi_io_env *env, sqi_arena *arena, streamq_error **err);

#endif
