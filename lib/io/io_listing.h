/*
 * io_listing: the files that stand at a path: a file, a folder, or a pattern of either (io_glob.h).
 *
 * What Spark leaves out is left out: names that begin with '.', or with '_' unless they have a '=', and those that end
 * in "._COPYING_". Files below a folder count if `recursive` is set, or if a folder between is called key=value (then
 * they have partition columns, io_partition.h). A file without a byte has no rows and is passed over: it may be one that
 * is about to be written. Links are followed, but not into a folder that the way leads through already.
 *
 * Files are told one by one, in no order; nothing is kept, so a folder may hold millions.
 */
#ifndef SQI_IO_LISTING_H
#define SQI_IO_LISTING_H

#include "io_common.h"
#include "io_glob.h"

typedef struct sqi_found {
    sqi_span path;          /* absolute, NUL behind; valid within the call */
    size_t base, name;      /* in path: where the folders below the base begin, and the file's own name */
    int64_t size, modified; /* bytes; microseconds since 1970 */
} sqi_found;

typedef struct sqi_listing {
    const sqi_io_env *env;
    sqi_span path; /* of sqi_listing_path */
    bool pattern;  /* `glob` is to be matched */
    sqi_glob glob;
    bool filtered; /* only files whose name matches */
    sqi_glob filter;
    bool recursive;
    int64_t before, after; /* modification times that count lie between these, not on them */
    sqi_span base;         /* option basePath, of sqi_listing_path; empty: the path itself, or a file's folder */
    void *user;
    bool (*wanted)(void *user, const sqi_found *f); /* asked before the file system is for size and time; NULL: all */
    streamq_status (*file)(void *user, const sqi_found *f, streamq_error **err);
    void (*folder)(void *user, const char *path); /* is about to be read; NULL: nobody wants to know */
} sqi_listing;

typedef struct sqi_listing_result {
    size_t roots; /* things that the path stands for */
    bool certain; /* a new file can only come into a folder that was told */
} sqi_listing_result;

/* A path as the program gave it, absolute, without "file:" and doubled slashes; NUL behind, in `arena`. Other file
   systems are refused. `option`: its name, for the error. */
streamq_status sqi_listing_path(sqi_span *out, sqi_span given, const char *option, sqi_arena *arena,
                                streamq_error **err);
/* PATH_NOT_FOUND if a path that is no pattern is not there. */
streamq_status sqi_listing_run(const sqi_listing *l, sqi_listing_result *result, streamq_error **err);
/* A file of whose size and time somebody else knows (a log of files): told if the listing wants it. */
streamq_status sqi_listing_tell(const sqi_listing *l, const sqi_found *f, streamq_error **err);
/* Does Spark leave a file or folder of this name out? */
bool sqi_listing_hidden(sqi_span name);
/* Some folder between base and name is called key=value. */
bool sqi_listing_partitioned(const sqi_found *f);

#endif
