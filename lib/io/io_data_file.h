/*
 * io_data_file: one data file while it is written: encoded rows wait in memory, are compressed and written in large
 * pieces, and synced before the descriptor is closed. What several files share (the compressor, how many descriptors are
 * open, how many bytes wait) is their desk.
 */
#ifndef SQI_IO_DATA_FILE_H
#define SQI_IO_DATA_FILE_H

#include "io_common.h"
#include "io_pack.h"

enum { SQI_DATA_OPEN = 64, SQI_DATA_PIECE = 1 << 20, SQI_DATA_WAITING = 32 << 20 };

typedef struct sqi_data_desk {
    const sqi_io_env *env;
    const sqi_os_files *files;
    sqi_pack *pack; /* NULL: none */
    sqi_buf packed;
    size_t waiting; /* bytes in all files of the desk */
    unsigned open;  /* descriptors */
    bool turns;     /* files are written in turns: each piece is a member of its own */
} sqi_data_desk;

typedef struct sqi_data_file {
    char *path; /* NUL-terminated; taken from the desk's allocator, path_size bytes */
    size_t path_size;
    sqi_buf pending;
    size_t counted; /* of these, in the desk's `waiting` */
    int64_t at;     /* bytes on disk */
    int64_t rows, modified_millis;
    int handle; /* -1: closed */
    bool made;  /* on disk; */
    bool whole; /* ... and finished */
} sqi_data_file;

streamq_status sqi_data_desk_init(sqi_data_desk *d, const sqi_io_env *env, sqi_pack_kind pack, bool turns,
                                  streamq_error **err);
void sqi_data_desk_fini(sqi_data_desk *d); /* valid on a zeroed one */

void sqi_data_file_init(sqi_data_file *f, sqi_data_desk *d, char *path, size_t path_size); /* takes the path */
/* After bytes were put into `pending`: counts them, and writes if they are many. */
streamq_status sqi_data_file_more(sqi_data_file *f, sqi_data_desk *d, streamq_error **err);
streamq_status sqi_data_file_write(sqi_data_file *f, sqi_data_desk *d, streamq_error **err); /* what waits */
streamq_status sqi_data_file_finish(sqi_data_file *f, sqi_data_desk *d, streamq_error **err);
void sqi_data_file_remove(sqi_data_file *f, sqi_data_desk *d); /* from the disk, as far as it can */
void sqi_data_file_fini(sqi_data_file *f, sqi_data_desk *d);   /* closes; the file stays */

#endif
