/*
 * os_file: files and directories, through one table of functions, so that a test can put a disk of its own beneath a
 * query (os_sim: one that loses what was not synced, or fails).
 *
 * Paths are bytes that end with NUL. A file is a number that the table gave out. Everything fails with an errno (or its
 * negative where a count is given); EINTR is dealt with below this table, short reads and writes are not: the functions
 * further down do that. Thread-safe as the system's own calls are.
 */
#ifndef SQI_OS_FILE_H
#define SQI_OS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SQI_OS_READ = 0,
    SQI_OS_WRITE = 1,     /* and read */
    SQI_OS_CREATE = 2,    /* if it is not there */
    SQI_OS_EXCLUSIVE = 4, /* with CREATE: EEXIST if it is there */
    SQI_OS_TRUNCATE = 8,
    SQI_OS_NO_LINK = 16 /* ELOOP if the last part of the path is a symbolic link */
};

typedef enum sqi_os_kind { SQI_OS_FILE, SQI_OS_DIRECTORY, SQI_OS_LINK, SQI_OS_OTHER } sqi_os_kind;

typedef struct sqi_os_stat {
    sqi_os_kind kind; /* of what a link points to */
    int64_t size;
    int64_t modified_micros; /* since 1970 UTC */
    uint64_t device, inode;
} sqi_os_stat;

/* One entry of a directory; "." and ".." are left out. False: enough. It may remove the entry that it is given. */
typedef bool (*sqi_os_entry)(void *user, const char *name,
                             sqi_os_kind kind); /* kind: of the entry, links not followed */

typedef struct sqi_os_files {
    void *context;
    int (*open)(void *context, const char *path, int how,
                int *file); /* close-on-exec; new files: 0666 less the umask */
    int64_t (*read)(void *context, int file, int64_t at, void *to, size_t len);          /* 0: the end */
    int64_t (*write)(void *context, int file, int64_t at, const void *from, size_t len); /* may be short */
    int (*sync)(void *context, int file,
                bool data_only); /* after a failure nothing that was written is known to be there */
    int (*truncate)(void *context, int file, int64_t size);
    int (*stat_file)(void *context, int file, sqi_os_stat *out);
    int (*lock)(void *context,
                int file); /* for this open file alone, until it is closed or the process ends; EWOULDBLOCK */
    void (*close)(void *context, int file);
    int (*stat)(void *context, const char *path, sqi_os_stat *out);
    int (*rename)(void *context, const char *from, const char *to); /* replaces */
    int (*link)(void *context, const char *from,
                const char *to); /* EEXIST; the way to a rename that does not replace */
    int (*unlink)(void *context, const char *path);
    int (*mkdir)(void *context, const char *path); /* EEXIST */
    int (*rmdir)(void *context, const char *path); /* empty ones */
    int (*list)(void *context, const char *path, sqi_os_entry entry, void *user);
    int (*sync_dir)(void *context,
                    const char *path); /* names made, renamed and removed in it are there after a crash */
} sqi_os_files;

const sqi_os_files *sqi_os_files_posix(void);

/* All of it, or an errno; write_all: ENOSPC and the like leave a part written. read_all: *got < len at the end of the
   file. */
int sqi_os_write_all(const sqi_os_files *f, int file, int64_t at, const void *from, size_t len);
int sqi_os_read_all(const sqi_os_files *f, int file, int64_t at, void *to, size_t len, size_t *got);

/* A whole file that is there after a crash, or is not: written beside its place as ".<name>.<number>.tmp", synced,
   renamed, directory synced. With `fresh` EEXIST if the name is taken, which is left as it is. A failure leaves no
   temporary file behind, a crash may (names that begin with "." and end with ".tmp"). If only the last step failed, the
   directory's sync, the file stands in its place, but may be gone after a crash. */
int sqi_os_write_file(const sqi_os_files *f, const char *path, const void *bytes, size_t len, bool fresh);
/* The same in steps, for a file that is too large for one piece of memory: begin, writes at the caller's own offsets,
   end, which also closes. `code`: the first errno of the writes, with which nothing is left behind. An error of `end`
   may mean that the name is there and perhaps not after a crash: only its last step, the directory, failed. */
enum { SQI_OS_PATH_ROOM = 4096 }; /* what systems take, the NUL included */
int sqi_os_write_begin(const sqi_os_files *f, const char *path, char temporary[SQI_OS_PATH_ROOM], int *file);
int sqi_os_write_end(const sqi_os_files *f, const char *path, const char *temporary, int file, int code, bool fresh);
/* An absolute path as it is, a relative one behind the working directory. */
int sqi_os_absolute(const char *path, char to[SQI_OS_PATH_ROOM]);
/* mkdir with all that leads there; fine if it is there. The directories made are synced into their parents, and so is
   the last one that was there before: perhaps somebody was killed between making and syncing it. */
int sqi_os_mkdirs(const sqi_os_files *f, const char *path);
/* A file, or a directory with all that is in it; links are removed, not followed. ENOENT if there is nothing; what
   others remove meanwhile is fine. */
int sqi_os_remove_tree(const sqi_os_files *f, const char *path);

#endif
