/*
 * file_rig: an io_rig with a folder of its own, for what reads files.
 *
 *     file_begin(&f);
 *     file_put(&f, "sub/a.txt", "text", 1000);   modified 1000 seconds after 1970; 0: now
 *     file_path(&f, "*.txt");                    the option path
 *     ...
 *     file_end(&f);                              closes, removes the folder
 */
#ifndef SQI_FILE_RIG_H
#define SQI_FILE_RIG_H

#include "io_rig.h"

typedef struct file_failure { /* of calls whose path has this in it; 0: none */
    const char *call, *path;
    int code;
} file_failure;

typedef struct file_rig {
    rig r;
    char folder[64];
    sqi_type_pool *pool;
    sqi_zones *zones;
    sqi_os_files disk; /* the system's, but for: */
    file_failure fail;
    int failing;           /* the open file whose reads fail */
    unsigned stats, lists; /* calls so far */
} file_rig;

void file_begin(file_rig *f);
void file_end(file_rig *f);
void file_folder(file_rig *f, const char *name);
void file_put(file_rig *f, const char *name, const char *text, int64_t modified_seconds);
void file_put_bytes(file_rig *f, const char *name, const void *bytes, size_t len, int64_t modified_seconds);
void file_path(file_rig *f, const char *name);        /* below the folder; "": the folder itself */
const char *file_name(file_rig *f, const char *name); /* the whole path, in the rig's arena */
bool file_there(file_rig *f, const char *name);

#endif
