/*
 * io_file_clean: what becomes of files that were read (cleanSource): deleted, or moved below an archive folder, each with
 * the path it had. Best effort: what fails is logged and stays.
 */
#ifndef SQI_IO_FILE_CLEAN_H
#define SQI_IO_FILE_CLEAN_H

#include "io_file_options.h"

/* An archive that the source's path could reach would be read again: refused. So is one on another file system. */
streamq_status sqi_file_clean_check(const sqi_file_options *o, streamq_error **err);
/* Does a path that somebody else wrote down lie below the source's own? */
bool sqi_file_clean_inside(const sqi_file_options *o, sqi_span path);
void sqi_file_clean_run(const sqi_file_options *o, const char *path); /* absolute */

#endif
