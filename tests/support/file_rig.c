/* file_rig: see the header. */
#include "file_rig.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -------------------------------------------------------------- a disk that fails where it is told to */

static int code_of(const file_rig *f, const char *call, const char *path)
{
    return f->fail.code && strcmp(f->fail.call, call) == 0 && strstr(path, f->fail.path) ? f->fail.code : 0;
}

static int disk_open(void *context, const char *path, int how, int *file)
{
    file_rig *f = context;
    int code = code_of(f, "open", path);
    *file = -1;
    if (!code)
        code = sqi_os_files_posix()->open(NULL, path, how, file);
    if (!code && code_of(f, "read", path))
        f->failing = *file;
    return code;
}

static int64_t disk_read(void *context, int file, int64_t at, void *to, size_t len)
{
    file_rig *f = context;
    return file == f->failing ? -f->fail.code : sqi_os_files_posix()->read(NULL, file, at, to, len);
}

static void disk_close(void *context, int file)
{
    file_rig *f = context;
    f->failing = file == f->failing ? -1 : f->failing;
    sqi_os_files_posix()->close(NULL, file);
}

static int disk_stat(void *context, const char *path, sqi_os_stat *out)
{
    file_rig *f = context;
    int code = code_of(f, "stat", path);
    f->stats++;
    return code ? code : sqi_os_files_posix()->stat(NULL, path, out);
}

static int disk_list(void *context, const char *path, sqi_os_entry entry, void *user)
{
    file_rig *f = context;
    int code = code_of(f, "list", path);
    f->lists++;
    return code ? code : sqi_os_files_posix()->list(NULL, path, entry, user);
}

static int disk_unlink(void *context, const char *path)
{
    int code = code_of(context, "unlink", path);
    return code ? code : sqi_os_files_posix()->unlink(NULL, path);
}

static int disk_link(void *context, const char *from, const char *to)
{
    int code = code_of(context, "link", from);
    return code ? code : sqi_os_files_posix()->link(NULL, from, to);
}

/* -------------------------------------------------------------- the folder */

void file_begin(file_rig *f)
{
    *f = (file_rig){.disk = *sqi_os_files_posix(), .failing = -1};
    f->disk.context = f;
    f->disk.open = disk_open;
    f->disk.read = disk_read;
    f->disk.close = disk_close;
    f->disk.stat = disk_stat;
    f->disk.list = disk_list;
    f->disk.unlink = disk_unlink;
    f->disk.link = disk_link;
    rig_begin(&f->r);
    f->r.sim.os.files = &f->disk;
    snprintf(f->folder, sizeof f->folder, "/tmp/streamq-files-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(f->folder));
    f->pool = sqi_type_pool_new(&f->r.heap.alloc);
    f->zones = sqi_zones_new(&f->r.heap.alloc);
    f->r.env.pool = f->pool;
    f->r.env.zones = f->zones;
}

void file_end(file_rig *f)
{
    sqi_source_close(f->r.source);
    sqi_sink_close(f->r.sink);
    f->r.source = NULL;
    f->r.sink = NULL;
    sqi_type_pool_free(f->pool);
    sqi_zones_free(f->zones);
    ck_assert_int_eq(sqi_os_remove_tree(sqi_os_files_posix(), f->folder), 0);
    rig_end(&f->r);
}

const char *file_name(file_rig *f, const char *name)
{
    return sqi_arena_printf(&f->r.arena, "%s%s%s", f->folder, *name ? "/" : "", name);
}

void file_folder(file_rig *f, const char *name)
{
    ck_assert_int_eq(sqi_os_mkdirs(sqi_os_files_posix(), file_name(f, name)), 0);
}

/* Written elsewhere and renamed, as who feeds a folder should. */
void file_put_bytes(file_rig *f, const char *name, const void *bytes, size_t len, int64_t modified_seconds)
{
    const char *path = file_name(f, name), *slash = strrchr(name, '/');
    char hidden[4096];
    if (slash)
        file_folder(f, sqi_arena_text(&f->r.arena, name, (size_t)(slash - name)));
    snprintf(hidden, sizeof hidden, "%s/.writing", f->folder);
    int fd = open(hidden, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
    if (modified_seconds) {
        struct timespec times[2] = {{modified_seconds, 0}, {modified_seconds, 0}};
        ck_assert_int_eq(futimens(fd, times), 0);
    }
    close(fd);
    ck_assert_msg(rename(hidden, path) == 0, "%s: %s", path, strerror(errno));
}

void file_put(file_rig *f, const char *name, const char *text, int64_t modified_seconds)
{
    file_put_bytes(f, name, text, strlen(text), modified_seconds);
}

void file_path(file_rig *f, const char *name)
{
    rig_option(&f->r, "path", file_name(f, name));
}

bool file_there(file_rig *f, const char *name)
{
    struct stat st;
    return lstat(file_name(f, name), &st) == 0;
}
