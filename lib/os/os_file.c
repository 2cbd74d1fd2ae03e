/*
 * os_file: what is done over any table of file functions: whole reads and writes, a file that is there whole or not at
 * all, directories with what leads to them, trees removed. Takes no memory: paths are made on the stack. The system's
 * own table is os_file_posix.c.
 */
#include "os_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int sqi_os_write_all(const sqi_os_files *f, int file, int64_t at, const void *from, size_t len)
{
    for (const char *p = from; len > 0;) {
        int64_t n = f->write(f->context, file, at, p, len);
        if (n < 0)
            return (int)-n;
        if (n == 0)
            return EIO; /* neither written nor refused: trying for ever would not help */
        p += n;
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

int sqi_os_read_all(const sqi_os_files *f, int file, int64_t at, void *to, size_t len, size_t *got)
{
    *got = 0;
    while (*got < len) {
        int64_t n = f->read(f->context, file, at + (int64_t)*got, (char *)to + *got, len - *got);
        if (n < 0)
            return (int)-n;
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    return 0;
}

/* The length of the part before the last name, without its slash; "/" and "." where nothing else is left. */
static void parent_of(const char *path, size_t len, char *to)
{
    while (len > 0 && path[len - 1] != '/')
        len--;
    bool root = len > 0;
    while (len > 0 && path[len - 1] == '/')
        len--;
    if (len > 0)
        memcpy(to, path, len);
    else
        to[len++] = root ? '/' : '.';
    to[len] = '\0';
}

/* Without slashes at its end. Its length, or 0: empty or too long, see *code. */
static size_t take_path(const char *path, char *to, int *code)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    *code = len == 0 ? ENOENT : len >= SQI_OS_PATH_ROOM ? ENAMETOOLONG : 0;
    if (*code)
        return 0;
    memcpy(to, path, len);
    to[len] = '\0';
    return len;
}

/* Opens ".<name>.<n>.tmp" beside `path`, with the first n that nobody has: others of this name may be left from
   crashes, or be written at this moment. */
static int open_beside(const sqi_os_files *f, const char *path, char *temporary, int *file)
{
    enum { NAME_KEPT = 200, TRIES = 10000 }; /* a name may have 255 bytes; what is added needs some of them */
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    size_t kept = strlen(name);
    if (kept == 0)
        return path[0] ? EISDIR : ENOENT;
    if (kept > NAME_KEPT)
        for (kept = NAME_KEPT; kept > 1 && ((unsigned char)name[kept] & 0xC0) == 0x80;)
            kept--; /* some systems refuse a character cut in two */
    for (int n = 0; n < TRIES; n++) {
        int len =
            snprintf(temporary, SQI_OS_PATH_ROOM, "%.*s.%.*s.%d.tmp", (int)(name - path), path, (int)kept, name, n);
        if (len < 0 || len >= SQI_OS_PATH_ROOM)
            return ENAMETOOLONG;
        int code =
            f->open(f->context, temporary, SQI_OS_WRITE | SQI_OS_CREATE | SQI_OS_EXCLUSIVE | SQI_OS_NO_LINK, file);
        if (code != EEXIST)
            return code;
    }
    return EEXIST;
}

/* The temporary file gets its name, unless that is taken. Where there are no hard links, looking comes before renaming:
   two programs at the very same moment would then both believe that they were the first. */
static int name_fresh(const sqi_os_files *f, const char *temporary, const char *path)
{
    sqi_os_stat about;
    int code = f->link(f->context, temporary, path);
    if (code == 0) {
        f->unlink(f->context, temporary); /* if it stays, it is one more of those that crashes leave */
        return 0;
    }
    if (code != EPERM && code != ENOSYS && code != ENOTSUP && code != EOPNOTSUPP && code != EMLINK)
        return code;
    code = f->stat(f->context, path, &about);
    if (code == ENOENT)
        return f->rename(f->context, temporary, path);
    return code ? code : EEXIST;
}

int sqi_os_write_begin(const sqi_os_files *f, const char *path, char temporary[SQI_OS_PATH_ROOM], int *file)
{
    return open_beside(f, path, temporary, file);
}

int sqi_os_write_end(const sqi_os_files *f, const char *path, const char *temporary, int file, int code, bool fresh)
{
    char parent[SQI_OS_PATH_ROOM];
    if (code == 0)
        code = f->sync(f->context, file, false);
    f->close(f->context, file);
    if (code == 0)
        code = fresh ? name_fresh(f, temporary, path) : f->rename(f->context, temporary, path);
    if (code) {
        f->unlink(f->context, temporary);
        return code;
    }
    parent_of(path, strlen(path), parent);
    return f->sync_dir(f->context, parent);
}

int sqi_os_write_file(const sqi_os_files *f, const char *path, const void *bytes, size_t len, bool fresh)
{
    char temporary[SQI_OS_PATH_ROOM];
    int file, code = sqi_os_write_begin(f, path, temporary, &file);
    if (code)
        return code;
    return sqi_os_write_end(f, path, temporary, file, sqi_os_write_all(f, file, 0, bytes, len), fresh);
}

static int is_directory(const sqi_os_files *f, const char *path)
{
    sqi_os_stat about;
    int code = f->stat(f->context, path, &about);
    return code ? code : about.kind == SQI_OS_DIRECTORY ? 0 : ENOTDIR;
}

/* How much of the path is there: the length of the longest part that is a directory, 0 for the directory that relative
   paths start from. */
static int find_existing(const sqi_os_files *f, char *path, size_t len, size_t *there)
{
    char cut = '\0';
    for (*there = len;;) {
        int code = is_directory(f, path);
        path[*there] = cut;
        if (code != ENOENT || (*there == 1 && path[0] == '/'))
            return code;
        while (*there > 0 && path[*there - 1] != '/')
            --*there;
        while (*there > 1 && path[*there - 1] == '/')
            --*there;
        if (*there == 0)
            return 0;
        cut = path[*there];
        path[*there] = '\0';
    }
}

int sqi_os_mkdirs(const sqi_os_files *f, const char *path)
{
    char made[SQI_OS_PATH_ROOM], parent[SQI_OS_PATH_ROOM];
    int code;
    size_t there, len = take_path(path, made, &code);
    if (code == 0)
        code = find_existing(f, made, len, &there);
    if (code)
        return code;
    if (there > 1 || (there == 1 && made[0] != '/')) {
        /* Made perhaps by a process that was killed before it could sync the name. Not ours to insist on: the parent
           may be one that only others may read. */
        parent_of(made, there, parent);
        code = f->sync_dir(f->context, parent);
        if (code && code != EACCES && code != EPERM && code != EROFS)
            return code;
    }
    while (there < len) {
        while (made[there] == '/')
            there++;
        while (made[there] && made[there] != '/')
            there++;
        char cut = made[there];
        made[there] = '\0';
        code = f->mkdir(f->context, made);
        if (code == EEXIST)
            code = is_directory(f, made);
        parent_of(made, there, parent);
        if (code == 0)
            code = f->sync_dir(f->context, parent);
        made[there] = cut;
        if (code)
            return code;
    }
    return 0;
}

/* Where remove_tree is: the path of a directory, which is its own stack. */
typedef struct removal {
    const sqi_os_files *files;
    char path[SQI_OS_PATH_ROOM];
    size_t len;
    bool removed, down; /* in this listing: something is gone; the path now names a directory found in it */
    int code;
} removal;

static bool remove_entry(void *user, const char *name, sqi_os_kind kind)
{
    removal *r = user;
    size_t more = strlen(name);
    if (r->len + 1 + more >= SQI_OS_PATH_ROOM) {
        r->code = ENAMETOOLONG;
        return false;
    }
    r->path[r->len] = '/';
    memcpy(r->path + r->len + 1, name, more + 1);
    if (kind == SQI_OS_DIRECTORY) {
        r->len += 1 + more;
        r->down = true;
        return false;
    }
    int code = r->files->unlink(r->files->context, r->path);
    r->path[r->len] = '\0';
    r->removed = true;
    if (code && code != ENOENT) /* somebody else may be at it too */
        r->code = code;
    return r->code == 0;
}

/* EPERM is what systems other than Linux say of a directory, and what all say of names that are not ours to remove. A
   link of that kind must not be taken for the directory that it leads to. */
static bool opens_unlinked(const sqi_os_files *f, const char *path)
{
    int file;
    if (f->open(f->context, path, SQI_OS_READ | SQI_OS_NO_LINK, &file) != 0)
        return false;
    f->close(f->context, file);
    return true;
}

int sqi_os_remove_tree(const sqi_os_files *f, const char *path)
{
    removal r = {.files = f};
    size_t top = r.len = take_path(path, r.path, &r.code);
    if (r.code)
        return r.code;
    int refused = f->unlink(f->context, r.path);
    if (refused != EISDIR && (refused != EPERM || !opens_unlinked(f, r.path)))
        return refused;
    for (bool first = true;; first = false) { /* one directory is open at a time, however deep they stand */
        r.removed = r.down = false;
        int code = f->list(f->context, r.path, remove_entry, &r);
        if (first && code == ENOTDIR)
            return refused;
        if (r.code || (code && code != ENOENT))
            return r.code ? r.code : code;
        if (r.removed || r.down)
            continue; /* a listing may miss what stands beside what is removed: until one finds nothing */
        code = f->rmdir(f->context, r.path);
        if (code && (code != ENOENT || first))
            return code;
        if (r.len == top)
            return 0;
        while (r.path[r.len] != '/')
            r.len--;
        r.path[r.len] = '\0';
    }
}
