/*
 * io_manifest: the log of files of a file sink, Spark's `_spark_metadata`: which files in a folder are results, batch by
 * batch. Spark reads what this writes and this reads what Spark wrote.
 *
 * Entry N is a file `N`: the line `v1`, then one JSON object a line for each data file. Every tenth (the interval) is
 * `N.compact` instead, with all entries that still stand; older files of the log are then deleted after a delay, as long
 * as the last `keep` batches can be told apart. The entries that stand: the last compact file and what follows it.
 *
 * Adding an entry is atomic: it is there whole after a crash, or not at all, and never takes the place of another.
 * A log is read in pieces: its length needs no memory. What stands in it is not believed before it is checked.
 */
#ifndef SQI_IO_MANIFEST_H
#define SQI_IO_MANIFEST_H

#include "io_manifest_file.h"

#define SQI_MANIFEST_FOLDER "_spark_metadata" /* beside the data files */

typedef struct sqi_manifest_settings {
    int64_t interval;         /* default, where the log does not show one */
    int64_t keep;             /* batches that can still be told apart */
    int64_t delay_micros;     /* before files of the log that are not needed any more are deleted */
    int64_t retention_millis; /* entries of older files are dropped; INT64_MAX: none */
} sqi_manifest_settings;

sqi_manifest_settings sqi_manifest_defaults(void); /* 10, 100, 10 minutes, INT64_MAX */

typedef struct sqi_manifest {
    const sqi_io_env *env;
    const sqi_os_files *files;
    sqi_manifest_settings settings;
    char *folder;     /* NUL-terminated */
    int64_t latest;   /* the highest id, -1: none */
    int64_t compact;  /* the highest id of a compact file, -1: none */
    int64_t interval; /* of compaction: the log's own, or the default */
    int64_t swept;    /* files below this one were deleted; */
    bool left;        /* ... but for some that were too young */
} sqi_manifest;

/* Looks at the folder, which need not be there. */
streamq_status sqi_manifest_open(sqi_manifest *m, const sqi_io_env *env, sqi_span folder,
                                 const sqi_manifest_settings *settings, streamq_error **err);
void sqi_manifest_close(sqi_manifest *m); /* valid on a zeroed one */

typedef enum sqi_manifest_added {
    SQI_MANIFEST_REFUSED, /* an entry of this id or a later one is there, and stays as it is; or nothing was written */
    SQI_MANIFEST_ADDED,
    SQI_MANIFEST_PERHAPS /* with an error: it may be there, so what it names must stay */
} sqi_manifest_added;

/* The folder must be there. REFUSED without an error: the id is taken, by this process or another. */
streamq_status sqi_manifest_add(sqi_manifest *m, int64_t id, const sqi_manifest_entry *entries, size_t n,
                                sqi_manifest_added *added, streamq_error **err);

/*
 * Every entry that stands, oldest first; with `after` >= 0 only those of later batches, if the log can still tell them
 * apart (else all: who reads on knows what was seen). *latest: the highest id read, -1: there is no log. Looks at the
 * folder anew, so that what others add is found.
 */
streamq_status sqi_manifest_read(sqi_manifest *m, int64_t after, int64_t *latest, sqi_manifest_each each, void *context,
                                 streamq_error **err);

/* Whether a name in the folder is an entry of the log: digits, or digits and ".compact". */
bool sqi_manifest_name(const char *name, int64_t *id, bool *compact);
/* Whether id is one to compact at; the interval for a log whose only compact file is `latest`. */
bool sqi_manifest_compacts(int64_t id, int64_t interval);
int64_t sqi_manifest_derive(int64_t wanted, int64_t latest);

#endif
