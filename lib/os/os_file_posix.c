/*
 * os_file_posix: the system's files behind the table. Linux is the first home; another way stands beside each call that
 * is its own. Keeps nothing: a file is the system's descriptor.
 */
#include "os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_AT_ONCE = 1 << 30 }; /* systems give up a little below 2 GiB, or refuse more */

/* The result of a call that says -1 and errno; again if a signal came between. */
#define RETRY(result, call) \
    do                      \
        result = (call);    \
    while (result < 0 && errno == EINTR)

static int code_of(int result)
{
    return result < 0 ? errno : 0;
}

static int file_open(void *context, const char *path, int how, int *file)
{
    (void)context;
    *file = -1;
    if ((how & SQI_OS_TRUNCATE) && !(how & SQI_OS_WRITE))
        return EINVAL;
    /* Opening a pipe must not wait for the other end, nor a terminal become ours. */
    int flags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (how & SQI_OS_WRITE ? O_RDWR : O_RDONLY);
    flags |= (how & SQI_OS_CREATE ? O_CREAT : 0) | (how & SQI_OS_TRUNCATE ? O_TRUNC : 0);
    flags |= (how & SQI_OS_CREATE) && (how & SQI_OS_EXCLUSIVE) ? O_EXCL : 0;
    flags |= how & SQI_OS_NO_LINK ? O_NOFOLLOW : 0;
    RETRY(*file, open(path, flags, 0666));
    return code_of(*file);
}

static int64_t file_read(void *context, int file, int64_t at, void *to, size_t len)
{
    ssize_t n;
    (void)context;
    RETRY(n, pread(file, to, len < MOST_AT_ONCE ? len : MOST_AT_ONCE, (off_t)at));
    return n < 0 ? -(int64_t)errno : n;
}

static int64_t file_write(void *context, int file, int64_t at, const void *from, size_t len)
{
    ssize_t n;
    (void)context;
    RETRY(n, pwrite(file, from, len < MOST_AT_ONCE ? len : MOST_AT_ONCE, (off_t)at));
    return n < 0 ? -(int64_t)errno : n;
}

static int file_sync(void *context, int file, bool data_only)
{
    int result;
    (void)context;
#if defined(F_FULLFSYNC)
    (void)data_only;
    RETRY(result, fcntl(file, F_FULLFSYNC)); /* fsync leaves it in the drive's memory there */
    if (result == 0 || (errno != ENOTSUP && errno != ENOTTY && errno != EINVAL))
        return code_of(result);
    RETRY(result, fsync(file));
#elif defined(_POSIX_SYNCHRONIZED_IO) && _POSIX_SYNCHRONIZED_IO > 0
    RETRY(result, data_only ? fdatasync(file) : fsync(file));
#else
    (void)data_only;
    RETRY(result, fsync(file));
#endif
    return code_of(result);
}

static int file_truncate(void *context, int file, int64_t size)
{
    int result;
    (void)context;
    RETRY(result, ftruncate(file, (off_t)size));
    return code_of(result);
}

static sqi_os_kind kind_of(mode_t mode)
{
    return S_ISREG(mode) ? SQI_OS_FILE : S_ISDIR(mode) ? SQI_OS_DIRECTORY : S_ISLNK(mode) ? SQI_OS_LINK : SQI_OS_OTHER;
}

static void stat_of(const struct stat *s, sqi_os_stat *out)
{
#if defined(__APPLE__)
    struct timespec modified = s->st_mtimespec;
#else
    struct timespec modified = s->st_mtim;
#endif
    *out = (sqi_os_stat){.kind = kind_of(s->st_mode),
                         .size = (int64_t)s->st_size,
                         .modified_micros = (int64_t)modified.tv_sec * 1000000 + modified.tv_nsec / 1000,
                         .device = (uint64_t)s->st_dev,
                         .inode = (uint64_t)s->st_ino};
}

static int file_stat(void *context, int file, sqi_os_stat *out)
{
    struct stat s;
    (void)context;
    if (fstat(file, &s) != 0)
        return errno;
    stat_of(&s, out);
    return 0;
}

/* Not fcntl's first kind of lock: that is the process's, so a second open in it would not conflict, and closing any
   descriptor of the file would give it up. This one stands and falls with the open file, and with the process. */
static int file_lock(void *context, int file)
{
    int result;
    (void)context;
    RETRY(result, flock(file, LOCK_EX | LOCK_NB));
    return result < 0 && errno == EAGAIN ? EWOULDBLOCK : code_of(result);
}

static void file_close(void *context, int file)
{
    int before = errno;
    (void)context;
    sqi_os_close(file); /* not again after EINTR: the number may be another thread's by then */
    errno = before;
}

static int path_stat(void *context, const char *path, sqi_os_stat *out)
{
    struct stat s;
    int result;
    (void)context;
    RETRY(result, stat(path, &s));
    if (result == 0)
        stat_of(&s, out);
    return code_of(result);
}

static int path_rename(void *context, const char *from, const char *to)
{
    int result;
    (void)context;
    RETRY(result, rename(from, to));
    return code_of(result);
}

static int path_link(void *context, const char *from, const char *to)
{
    int result;
    (void)context;
    RETRY(result, linkat(AT_FDCWD, from, AT_FDCWD, to, 0)); /* a link to a link stays one */
    return code_of(result);
}

static int path_unlink(void *context, const char *path)
{
    int result;
    (void)context;
    RETRY(result, unlink(path));
    return code_of(result);
}

static int path_mkdir(void *context, const char *path)
{
    int result;
    (void)context;
    RETRY(result, mkdir(path, 0777));
    return code_of(result);
}

static int path_rmdir(void *context, const char *path)
{
    int result;
    (void)context;
    RETRY(result, rmdir(path));
    return result < 0 && errno == EEXIST ? ENOTEMPTY : code_of(result); /* POSIX allows either */
}

static int open_directory(const char *path, int *fd)
{
    RETRY(*fd, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return code_of(*fd);
}

static sqi_os_kind entry_kind(DIR *directory, const struct dirent *entry)
{
#if defined(DT_UNKNOWN)
    switch (entry->d_type) {
    case DT_REG:
        return SQI_OS_FILE;
    case DT_DIR:
        return SQI_OS_DIRECTORY;
    case DT_LNK:
        return SQI_OS_LINK;
    case DT_UNKNOWN:
        break; /* not every file system knows without asking */
    default:
        return SQI_OS_OTHER;
    }
#endif
    struct stat s;
    if (fstatat(dirfd(directory), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0)
        return SQI_OS_OTHER; /* gone meanwhile */
    return kind_of(s.st_mode);
}

static int path_list(void *context, const char *path, sqi_os_entry entry, void *user)
{
    int fd, code = open_directory(path, &fd);
    (void)context;
    if (code)
        return code;
    DIR *directory = fdopendir(fd);
    if (!directory) {
        code = errno;
        close(fd);
        return code;
    }
    for (;;) {
        errno = 0;
        const struct dirent *found = readdir(directory);
        if (!found) {
            code = errno;
            break;
        }
        if (strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0 &&
            !entry(user, found->d_name, entry_kind(directory, found)))
            break;
    }
    closedir(directory);
    return code;
}

static int path_sync_dir(void *context, const char *path)
{
    int fd, code = open_directory(path, &fd);
    if (code)
        return code;
    code = file_sync(context, fd, false);
    close(fd);
    return code == EINVAL || code == EBADF ? 0 : code; /* file systems that cannot, and need not */
}

int sqi_os_absolute(const char *path, char to[SQI_OS_PATH_ROOM])
{
    size_t len = strlen(path), at = 0;
    if (path[0] != '/') {
        if (!getcwd(to, SQI_OS_PATH_ROOM))
            return errno == ERANGE ? ENAMETOOLONG : errno;
        at = strlen(to);
        if (at + 1 < SQI_OS_PATH_ROOM && to[at - 1] != '/')
            to[at++] = '/';
    }
    if (len >= SQI_OS_PATH_ROOM - at)
        return ENAMETOOLONG;
    memcpy(to + at, path, len + 1);
    return 0;
}

const sqi_os_files *sqi_os_files_posix(void)
{
    static const sqi_os_files posix = {.open = file_open,
                                       .read = file_read,
                                       .write = file_write,
                                       .sync = file_sync,
                                       .truncate = file_truncate,
                                       .stat_file = file_stat,
                                       .lock = file_lock,
                                       .close = file_close,
                                       .stat = path_stat,
                                       .rename = path_rename,
                                       .link = path_link,
                                       .unlink = path_unlink,
                                       .mkdir = path_mkdir,
                                       .rmdir = path_rmdir,
                                       .list = path_list,
                                       .sync_dir = path_sync_dir};
    return &posix;
}
