/*
 * io_common: what sources and sinks share: the surroundings they are opened in, and notices to the program's log.
 */
#ifndef SQI_IO_COMMON_H
#define SQI_IO_COMMON_H

#include "base_option.h"
#include "data_batch.h"
#include "data_time.h"
#include "os.h"

enum { SQI_LOG_DEBUG = 0, SQI_LOG_INFO = 1, SQI_LOG_WARN = 2, SQI_LOG_ERROR = 3 };

/* The session's log callback; call NULL means nobody listens. Called from any thread. */
typedef struct sqi_log {
    void (*call)(void *user, int32_t level, const char *text, size_t len);
    void *user;
} sqi_log;

void sqi_log_write(const sqi_log *log, int32_t level, const char *format, ...) __attribute__((format(printf, 3, 4)));

typedef struct sqi_io_env {
    sqi_alloc *alloc;
    const sqi_os *os;
    sqi_log log;
    const sqi_zone *zone; /* how timestamps are shown */
    sqi_type_pool *pool;
    sqi_zones *zones;
    uint32_t chunk_rows; /* rows of a chunk that a source makes */
    /* spark.sql.streaming.schemaInference; not spark.sql.sources.partitionColumnTypeInference.enabled */
    bool stream_inference, partition_text;
} sqi_io_env;

#endif
