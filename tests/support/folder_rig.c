/* folder_rig: see the header. */
#include "folder_rig.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---------------------------------------------------------------------------------------- the table that fails */

static const sqi_os_files *real(void)
{
    return sqi_os_files_posix();
}

static bool fails(void *context)
{
    folder *f = context;
    f->calls++;
    return f->fail_at && (f->calls == f->fail_at || (f->fail_beyond && f->calls > f->fail_at));
}

#define CALL(name, parameters, arguments)                                           \
    static int try_##name parameters                                                \
    {                                                                               \
        return fails(context) ? ((folder *)context)->code : real()->name arguments; \
    }

CALL(open, (void *context, const char *path, int how, int *file), (NULL, path, how, file))
CALL(sync, (void *context, int file, bool data_only), (NULL, file, data_only))
CALL(truncate, (void *context, int file, int64_t size), (NULL, file, size))
CALL(stat_file, (void *context, int file, sqi_os_stat *out), (NULL, file, out))
CALL(lock, (void *context, int file), (NULL, file))
CALL(stat, (void *context, const char *path, sqi_os_stat *out), (NULL, path, out))
CALL(rename, (void *context, const char *from, const char *to), (NULL, from, to))
CALL(link, (void *context, const char *from, const char *to), (NULL, from, to))
CALL(unlink, (void *context, const char *path), (NULL, path))
CALL(mkdir, (void *context, const char *path), (NULL, path))
CALL(rmdir, (void *context, const char *path), (NULL, path))
CALL(list, (void *context, const char *path, sqi_os_entry entry, void *user), (NULL, path, entry, user))
CALL(sync_dir, (void *context, const char *path), (NULL, path))

static int64_t try_read(void *context, int file, int64_t at, void *to, size_t len)
{
    return fails(context) ? -((folder *)context)->code : real()->read(NULL, file, at, to, len);
}

static int64_t try_write(void *context, int file, int64_t at, const void *from, size_t len)
{
    return fails(context) ? -((folder *)context)->code : real()->write(NULL, file, at, from, len);
}

static void try_close(void *context, int file)
{
    (void)context;
    real()->close(NULL, file);
}

/* ---------------------------------------------------------------------------------------- the folder */

void folder_begin(folder *f)
{
    *f = (folder){.code = ENOSPC};
    strcpy(f->path, "/tmp/streamq-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(f->path));
    f->files = (sqi_os_files){f,         try_open,  try_read,    try_write,  try_sync, try_truncate, try_stat_file,
                              try_lock,  try_close, try_stat,    try_rename, try_link, try_unlink,   try_mkdir,
                              try_rmdir, try_list,  try_sync_dir};
}

void folder_end(folder *f)
{
    ck_assert_int_eq(sqi_os_remove_tree(real(), f->path), 0);
}

static void path_of(const folder *f, const char *name, char to[SQI_OS_PATH_ROOM])
{
    ck_assert_int_lt(snprintf(to, SQI_OS_PATH_ROOM, "%s%s%s", f->path, *name ? "/" : "", name), SQI_OS_PATH_ROOM);
}

const char *folder_name(folder *f, const char *name)
{
    path_of(f, name, f->text);
    return f->text;
}

void folder_put(folder *f, const char *name, const char *text)
{
    char path[SQI_OS_PATH_ROOM];
    path_of(f, name, path);
    char *end = strrchr(path, '/');
    *end = '\0';
    ck_assert_int_eq(sqi_os_mkdirs(real(), path), 0);
    *end = '/';
    FILE *to = fopen(path, "wb");
    ck_assert_ptr_nonnull(to);
    ck_assert_uint_eq(fwrite(text, 1, strlen(text), to), strlen(text));
    ck_assert_int_eq(fclose(to), 0);
}

const char *folder_read(folder *f, const char *name)
{
    char path[SQI_OS_PATH_ROOM];
    path_of(f, name, path);
    FILE *from = fopen(path, "rb");
    ck_assert_msg(from != NULL, "there is no %s", path);
    size_t n = fread(f->text, 1, sizeof f->text - 1, from);
    f->text[n] = '\0';
    fclose(from);
    return f->text;
}

bool folder_has(folder *f, const char *name)
{
    char path[SQI_OS_PATH_ROOM];
    sqi_os_stat about;
    path_of(f, name, path);
    return real()->stat(NULL, path, &about) == 0;
}

enum { NAMES = 4096 };
typedef struct listing {
    char *name[NAMES];
    size_t n, skip;
    const char *below; /* tree: the path so far, "" at the top */
    folder *f;
} listing;

static void keep(listing *l, const char *name)
{
    ck_assert_uint_lt(l->n, NAMES);
    l->name[l->n++] = strdup(name);
}

static bool take_name(void *user, const char *name, sqi_os_kind kind)
{
    (void)kind;
    keep(user, name);
    return true;
}

static bool take_tree(void *user, const char *name, sqi_os_kind kind)
{
    listing *l = user;
    char path[SQI_OS_PATH_ROOM], whole[SQI_OS_PATH_ROOM];
    const char *before = l->below;
    snprintf(path, sizeof path, "%s%s%s", before, *before ? "/" : "", name);
    if (kind == SQI_OS_DIRECTORY) {
        l->below = path;
        path_of(l->f, path, whole);
        ck_assert_int_eq(real()->list(NULL, whole, take_tree, l), 0);
        l->below = before;
    } else {
        keep(l, path + l->skip);
    }
    return true;
}

static int order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *joined(folder *f, listing *l)
{
    size_t at = 0;
    f->text[0] = '\0';
    qsort(l->name, l->n, sizeof *l->name, order);
    for (size_t i = 0; i < l->n; i++) {
        at += (size_t)snprintf(f->text + at, sizeof f->text - at, "%s%s", i ? " " : "", l->name[i]);
        ck_assert_uint_lt(at, sizeof f->text);
        free(l->name[i]);
    }
    return f->text;
}

const char *folder_list(folder *f, const char *name)
{
    listing l = {.f = f};
    char path[SQI_OS_PATH_ROOM];
    path_of(f, name, path);
    ck_assert_int_eq(real()->list(NULL, path, take_name, &l), 0);
    return joined(f, &l);
}

const char *folder_tree(folder *f, const char *name)
{
    listing l = {.f = f, .below = name, .skip = *name ? strlen(name) + 1 : 0};
    char path[SQI_OS_PATH_ROOM];
    path_of(f, name, path);
    ck_assert_int_eq(real()->list(NULL, path, take_tree, &l), 0);
    return joined(f, &l);
}

void folder_age(folder *f, const char *name, int64_t modified_micros)
{
    char path[SQI_OS_PATH_ROOM];
    struct timespec t = {modified_micros / 1000000, modified_micros % 1000000 * 1000};
    path_of(f, name, path);
    ck_assert_int_eq(utimensat(AT_FDCWD, path, (struct timespec[]){t, t}, 0), 0);
}
