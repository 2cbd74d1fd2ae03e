/*
 * io_file_plan: what is decided about a source of files when it is declared: its columns. Data columns come first, as the
 * program gave them or as they were inferred; partition columns follow, but for those that stand in the data as well,
 * which keep their places and take their values from the folders. Every column may be null.
 */
#ifndef SQI_IO_FILE_PLAN_H
#define SQI_IO_FILE_PLAN_H

#include "io_file_options.h"

enum { SQI_FILE_NO_DATA = UINT32_MAX };

typedef struct sqi_file_plan {
    const sqi_format_type *format;
    bool streaming;
    sqi_schema data;      /* what the decoder gives */
    const uint32_t *from; /* for each column: the data's, or SQI_FILE_NO_DATA for a partition column */
    bool folders;         /* there are partition columns */
} sqi_file_plan;

/* `given` NULL: nothing. Looks at the folders, and into the files if the schema has to be inferred. In the arena. */
streamq_status sqi_file_plan_make(sqi_file_plan **out, sqi_schema *schema, const sqi_format_type *format,
                                  bool streaming, const sqi_options *options, const sqi_schema *given,
                                  const sqi_io_env *env, sqi_arena *arena, streamq_error **err);

#endif
