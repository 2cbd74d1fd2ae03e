/*
 * io_file_list: the files of a source in the order in which they are read, by folder or by the log that a file sink left
 * (`_spark_metadata`): then a file counts if the log names it, whatever else lies in the folder.
 */
#ifndef SQI_IO_FILE_LIST_H
#define SQI_IO_FILE_LIST_H

#include "io_listing.h"

typedef struct sqi_file {
    const char *path;         /* NUL behind */
    uint32_t len, base, name; /* see sqi_found */
    int64_t size, modified;
} sqi_file;

typedef struct sqi_file_list {
    sqi_arena arena; /* paths */
    sqi_alloc *alloc;
    sqi_file *file;
    size_t n, cap;
} sqi_file_list;

void sqi_file_list_init(sqi_file_list *l, sqi_alloc *alloc);
void sqi_file_list_fini(sqi_file_list *l); /* valid on a zeroed one */
void sqi_file_list_clear(sqi_file_list *l);
/* A copy of it. */
streamq_status sqi_file_list_add(sqi_file_list *l, const sqi_file *f, streamq_error **err);
streamq_status sqi_file_list_found(sqi_file_list *l, const sqi_found *f, streamq_error **err);

typedef enum sqi_file_order { SQI_FILE_BY_PATH, SQI_FILE_OLDEST_FIRST, SQI_FILE_NEWEST_FIRST } sqi_file_order;
/* Sorted, equal paths once; times that are equal: by path. */
streamq_status sqi_file_list_sort(sqi_file_list *l, sqi_file_order order, streamq_error **err);
/* If some files have partition folders, those without do not count in a bounded read. */
void sqi_file_list_keep_partitioned(sqi_file_list *l);

/* What stands at the listing's path, by sqi_listing_run or by a log. *log: there is one. */
streamq_status sqi_file_list_run(const sqi_listing *l, sqi_listing_result *result, bool *log, streamq_error **err);

#endif
