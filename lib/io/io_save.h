/*
 * io_save: the rows of a bounded plan as files in a folder, Spark's batch write. The files are made under
 * "_temporary/<id>" in the folder, which readers pass over, and moved to their places when all are whole and on the disk;
 * the empty file _SUCCESS comes last.
 *
 * An error at any step leaves the folder as it was. A crash before the first file is moved does too; one after that may
 * leave some of the new files, and with `overwrite` the old ones under "_temporary/<id>.old", but never a _SUCCESS. Old
 * files are deleted when all new ones are in their places.
 */
#ifndef SQI_IO_SAVE_H
#define SQI_IO_SAVE_H

#include "snk_file.h"

typedef enum sqi_save_mode { SQI_SAVE_ERROR, SQI_SAVE_APPEND, SQI_SAVE_OVERWRITE, SQI_SAVE_IGNORE } sqi_save_mode;

/* Spark's names: error, errorifexists, default, append, overwrite, ignore. */
streamq_status sqi_save_mode_find(sqi_span name, sqi_save_mode *mode, streamq_error **err);

typedef struct sqi_save_spec {
    const sqi_format_type *format;
    const sqi_options *options;
    const sqi_schema *schema; /* of the rows */
    sqi_file_target target;
    sqi_save_mode mode;
} sqi_save_spec;

typedef struct sqi_save sqi_save;

/* Checks the options, types and path. *out NULL without an error: something is there and the mode is `ignore`. */
streamq_status sqi_save_begin(sqi_save **out, const sqi_io_env *env, const sqi_save_spec *spec, streamq_error **err);
streamq_status sqi_save_write(sqi_save *s, const sqi_chunk *chunk, streamq_error **err);
streamq_status sqi_save_commit(sqi_save *s, streamq_error **err);
void sqi_save_free(sqi_save *s); /* without a commit nothing stays; NULL is fine */

#endif
