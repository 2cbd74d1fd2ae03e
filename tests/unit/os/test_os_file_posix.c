/* Files and directories of the real machine, behind the table. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os.h"
#include "test_main.h"

static const sqi_os_files *f;
static char home[64], path[512];

static void begin(void)
{
    f = sqi_os_files_posix();
    strcpy(home, "/tmp/sqi_os_file_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
}

static void end(void)
{
    ck_assert_int_eq(sqi_os_remove_tree(f, home), 0);
    ck_assert_int_eq(access(home, F_OK), -1);
}

static const char *in(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", home, name);
    return path;
}

static int open_as(const char *name, int how)
{
    int file = -1;
    ck_assert_int_eq(f->open(f->context, in(name), how, &file), 0);
    ck_assert_int_ge(file, 0);
    return file;
}

static int open_code(const char *name, int how)
{
    int file = 77, code = f->open(f->context, in(name), how, &file);
    ck_assert(code != 0 && file == -1);
    return code;
}

START_TEST(bytes_written_are_read_where_they_stand)
{
    begin();
    char got[16];
    sqi_os_stat about;
    int file = open_as("a", SQI_OS_WRITE | SQI_OS_CREATE);
    ck_assert_int_eq(f->write(f->context, file, 0, "hello", 5), 5);
    ck_assert_int_eq(f->write(f->context, file, 8, "x", 1), 1); /* a hole reads as zeros */
    ck_assert_int_eq(f->read(f->context, file, 3, got, sizeof got), 6);
    ck_assert_mem_eq(got, "lo\0\0\0x", 6);
    ck_assert_int_eq(f->read(f->context, file, 9, got, sizeof got), 0);
    ck_assert_int_eq(f->truncate(f->context, file, 4), 0);
    ck_assert_int_eq(f->sync(f->context, file, true), 0);
    ck_assert_int_eq(f->sync(f->context, file, false), 0);
    ck_assert_int_eq(f->stat_file(f->context, file, &about), 0);
    ck_assert_int_eq(about.size, 4);
    ck_assert_int_eq(about.kind, SQI_OS_FILE);
    ck_assert(about.modified_micros > INT64_C(1600000000000000));
    f->close(f->context, file);
    sqi_os_stat again;
    ck_assert_int_eq(f->stat(f->context, in("a"), &again), 0);
    ck_assert(again.inode == about.inode && again.device == about.device && again.size == 4);
    end();
}
END_TEST

START_TEST(open_does_what_it_is_told)
{
    begin();
    int file = open_as("a", SQI_OS_WRITE | SQI_OS_CREATE | SQI_OS_EXCLUSIVE);
    ck_assert_int_ne(fcntl(file, F_GETFD) & FD_CLOEXEC, 0);
    ck_assert_int_eq(f->write(f->context, file, 0, "12345", 5), 5);
    f->close(f->context, file);
    ck_assert_int_eq(open_code("a", SQI_OS_WRITE | SQI_OS_CREATE | SQI_OS_EXCLUSIVE), EEXIST);
    ck_assert_int_eq(open_code("b", SQI_OS_WRITE), ENOENT);
    ck_assert_int_eq(open_code("a/b", SQI_OS_READ), ENOTDIR);
    ck_assert_int_eq(open_code("a", SQI_OS_READ | SQI_OS_TRUNCATE), EINVAL);
    ck_assert_int_eq(symlink("a", in("l")), 0);
    ck_assert_int_eq(open_code("l", SQI_OS_READ | SQI_OS_NO_LINK), ELOOP);
    char got[8];
    file = open_as("l", SQI_OS_READ);
    ck_assert_int_eq(f->read(f->context, file, 0, got, sizeof got), 5);
    ck_assert_int_eq(f->write(f->context, file, 0, "x", 1), -EBADF);
    f->close(f->context, file);
    file = open_as("a", SQI_OS_WRITE | SQI_OS_TRUNCATE);
    ck_assert_int_eq(f->read(f->context, file, 0, got, sizeof got), 0);
    ck_assert_int_eq(f->read(f->context, file, -1, got, sizeof got), -EINVAL);
    f->close(f->context, file);
    ck_assert_int_eq(mkfifo(in("pipe"), 0600), 0);
    file = open_as("pipe", SQI_OS_READ); /* does not wait for a writer */
    ck_assert_int_eq(f->read(f->context, file, 0, got, sizeof got), -ESPIPE);
    f->close(f->context, file);
    end();
}
END_TEST

START_TEST(a_lock_is_of_one_open_file)
{
    begin();
    int a = open_as("lock", SQI_OS_WRITE | SQI_OS_CREATE), b = open_as("lock", SQI_OS_WRITE);
    ck_assert_int_eq(f->lock(f->context, a), 0);
    ck_assert_int_eq(f->lock(f->context, a), 0);
    ck_assert_int_eq(f->lock(f->context, b), EWOULDBLOCK);
    int c = open_as("lock", SQI_OS_READ);
    f->close(f->context, c); /* closing another descriptor of the file does not give the lock up */
    ck_assert_int_eq(f->lock(f->context, b), EWOULDBLOCK);
    f->close(f->context, a);
    ck_assert_int_eq(f->lock(f->context, b), 0);
    f->close(f->context, b);
    end();
}
END_TEST

START_TEST(a_killed_process_leaves_no_lock)
{
    begin();
    int ready[2];
    char byte;
    ck_assert_int_eq(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        int file;
        bool ok =
            f->open(f->context, in("lock"), SQI_OS_WRITE | SQI_OS_CREATE, &file) == 0 && f->lock(f->context, file) == 0;
        ok = write(ready[1], ok ? "y" : "n", 1) == 1 && ok;
        pause();
        _exit(0);
    }
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    ck_assert_int_eq(byte, 'y');
    int file = open_as("lock", SQI_OS_WRITE);
    ck_assert_int_eq(f->lock(f->context, file), EWOULDBLOCK);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    ck_assert_int_eq(f->lock(f->context, file), 0);
    f->close(f->context, file);
    end();
}
END_TEST

START_TEST(names_are_made_changed_and_removed)
{
    begin();
    char other[512];
    sqi_os_stat about;
    f->close(f->context, open_as("a", SQI_OS_WRITE | SQI_OS_CREATE));
    f->close(f->context, open_as("b", SQI_OS_WRITE | SQI_OS_CREATE));
    strcpy(other, in("b"));
    ck_assert_int_eq(f->link(f->context, in("a"), other), EEXIST);
    ck_assert_int_eq(f->rename(f->context, in("a"), other), 0);
    ck_assert_int_eq(f->stat(f->context, in("a"), &about), ENOENT);
    ck_assert_int_eq(f->link(f->context, other, in("a")), 0);
    ck_assert_int_eq(f->unlink(f->context, other), 0);
    ck_assert_int_eq(f->unlink(f->context, other), ENOENT);
    ck_assert_int_eq(f->mkdir(f->context, in("d")), 0);
    ck_assert_int_eq(f->mkdir(f->context, in("d")), EEXIST);
    ck_assert_int_eq(f->mkdir(f->context, in("x/y")), ENOENT);
    ck_assert_int_eq(f->unlink(f->context, in("d")), EISDIR);
    f->close(f->context, open_as("d/e", SQI_OS_WRITE | SQI_OS_CREATE));
    ck_assert_int_eq(f->rmdir(f->context, in("d")), ENOTEMPTY);
    ck_assert_int_eq(f->unlink(f->context, in("d/e")), 0);
    ck_assert_int_eq(f->rmdir(f->context, in("d")), 0);
    ck_assert_int_eq(f->sync_dir(f->context, home), 0);
    ck_assert_int_eq(f->sync_dir(f->context, in("d")), ENOENT);
    ck_assert_int_eq(f->sync_dir(f->context, in("a")), ENOTDIR);
    end();
}
END_TEST

typedef struct seen {
    int count[4], most;
    bool names_ok;
} seen;

static bool see(void *user, const char *name, sqi_os_kind kind)
{
    seen *s = user;
    s->count[kind]++;
    s->names_ok = s->names_ok && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
    errno = EINTR; /* what a callback leaves there is not the listing's */
    return --s->most > 0;
}

START_TEST(a_listing_says_what_each_entry_is)
{
    begin();
    f->close(f->context, open_as("file", SQI_OS_WRITE | SQI_OS_CREATE));
    ck_assert_int_eq(f->mkdir(f->context, in("dir")), 0);
    ck_assert_int_eq(symlink(home, in("link")), 0);
    ck_assert_int_eq(mkfifo(in("pipe"), 0600), 0);
    seen s = {.most = 100, .names_ok = true};
    ck_assert_int_eq(f->list(f->context, home, see, &s), 0);
    for (int kind = 0; kind < 4; kind++)
        ck_assert_int_eq(s.count[kind], 1);
    ck_assert(s.names_ok);
    s = (seen){.most = 1};
    ck_assert_int_eq(f->list(f->context, home, see, &s), 0);
    ck_assert_int_eq(s.count[0] + s.count[1] + s.count[2] + s.count[3], 1);
    ck_assert_int_eq(f->list(f->context, in("file"), see, &s), ENOTDIR);
    ck_assert_int_eq(f->list(f->context, in("none"), see, &s), ENOENT);
    end();
}
END_TEST

static int descriptors(void)
{
    seen s = {.most = 100000};
    ck_assert_int_eq(f->list(f->context, "/proc/self/fd", see, &s), 0);
    return s.count[SQI_OS_LINK];
}

START_TEST(what_fails_leaves_no_descriptor)
{
    begin();
    int before = descriptors();
    struct rlimit old, none;
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
    none = old;
    none.rlim_cur = 0;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    int opened = open_code("a", SQI_OS_WRITE | SQI_OS_CREATE);
    int listed = f->list(f->context, home, see, NULL), synced = f->sync_dir(f->context, home);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
    ck_assert_int_eq(opened, EMFILE);
    ck_assert_int_eq(listed, EMFILE);
    ck_assert_int_eq(synced, EMFILE);
    ck_assert_int_eq(f->sync_dir(f->context, home), 0);
    ck_assert_int_eq(descriptors(), before);
    end();
}
END_TEST

START_TEST(a_full_disk_says_so)
{
    f = sqi_os_files_posix();
    int file;
    if (access("/dev/full", W_OK) != 0)
        return;
    ck_assert_int_eq(f->open(f->context, "/dev/full", SQI_OS_WRITE, &file), 0);
    ck_assert_int_eq(f->write(f->context, file, 0, "x", 1), -ENOSPC);
    ck_assert_int_eq(sqi_os_write_all(f, file, 0, "x", 1), ENOSPC);
    f->close(f->context, file);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bytes_written_are_read_where_they_stand,
                                  open_does_what_it_is_told,
                                  a_lock_is_of_one_open_file,
                                  a_killed_process_leaves_no_lock,
                                  names_are_made_changed_and_removed,
                                  a_listing_says_what_each_entry_is,
                                  what_fails_leaves_no_descriptor,
                                  a_full_disk_says_so};
    return sqi_test_main("os_file_posix", tests, sizeof tests / sizeof *tests);
}
