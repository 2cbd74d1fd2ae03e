/*
 * io_file_read: the rows of one file after the other: unpacked, decoded, with the values of its folders beside.
 */
#ifndef SQI_IO_FILE_READ_H
#define SQI_IO_FILE_READ_H

#include "io_file_list.h"
#include "io_file_plan.h"

typedef struct sqi_file_reader sqi_file_reader;

/* All arguments outlive it. `schema`: of the rows, of sqi_file_plan_make. */
streamq_status sqi_file_reader_new(sqi_file_reader **out, const sqi_file_plan *plan, const sqi_file_options *settings,
                                   const sqi_options *options, const sqi_schema *schema, const sqi_io_env *env,
                                   streamq_error **err);
void sqi_file_reader_free(sqi_file_reader *r); /* NULL is fine */
/* A file that is gone or corrupt is an error, or logged and left out as the options say. */
streamq_status sqi_file_reader_run(sqi_file_reader *r, const sqi_file *file, sqi_source_emit emit, void *context,
                                   streamq_error **err);

#endif
