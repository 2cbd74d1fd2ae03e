/* What is done over the table: whole reads and writes, files that are there or not, directories made, trees removed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os.h"
#include "test_main.h"

/* The real table, but for what a test wants otherwise. */
static sqi_os_files files;
static char home[64];
static int dir_syncs, fail_sync, fail_rename, fail_link, fail_dir;
static char synced[64][256];

static const sqi_os_files *real(void)
{
    return sqi_os_files_posix();
}

static int sync_or_fail(void *context, int file, bool data_only)
{
    return fail_sync ? fail_sync : real()->sync(context, file, data_only);
}
static int rename_or_fail(void *context, const char *from, const char *to)
{
    return fail_rename ? fail_rename : real()->rename(context, from, to);
}
static int link_or_fail(void *context, const char *from, const char *to)
{
    return fail_link ? fail_link : real()->link(context, from, to);
}
static int sync_dir_noted(void *context, const char *path)
{
    snprintf(synced[dir_syncs++], sizeof synced[0], "%s", path);
    return fail_dir ? fail_dir : real()->sync_dir(context, path);
}
static int64_t write_short(void *context, int file, int64_t at, const void *from, size_t len)
{
    return real()->write(context, file, at, from, len < 3 ? len : 3);
}
static int64_t read_short(void *context, int file, int64_t at, void *to, size_t len)
{
    return real()->read(context, file, at, to, len < 2 ? len : 2);
}
static int64_t write_nothing(void *context, int file, int64_t at, const void *from, size_t len)
{
    (void)context, (void)file, (void)at, (void)from, (void)len;
    return 0;
}

static void begin(void)
{
    files = *real();
    files.sync = sync_or_fail;
    files.rename = rename_or_fail;
    files.link = link_or_fail;
    files.sync_dir = sync_dir_noted;
    files.write = write_short;
    files.read = read_short;
    dir_syncs = fail_sync = fail_rename = fail_link = fail_dir = 0;
    strcpy(home, "/tmp/sqi_os_file_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
}

static void end(void)
{
    ck_assert_int_eq(sqi_os_remove_tree(&files, home), 0);
    ck_assert_int_eq(access(home, F_OK), -1);
}

static const char *in(const char *name)
{
    static char path[2][8192];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", home, name);
    return path[turn];
}

static bool count_entry(void *user, const char *name, sqi_os_kind kind)
{
    (void)name, (void)kind;
    ++*(int *)user;
    return true;
}

static int entries(const char *path)
{
    int n = 0;
    ck_assert_int_eq(real()->list(NULL, path, count_entry, &n), 0);
    return n;
}

static void holds(const char *name, const char *text)
{
    char got[64];
    size_t len;
    int file;
    ck_assert_int_eq(files.open(NULL, in(name), SQI_OS_READ, &file), 0);
    ck_assert_int_eq(sqi_os_read_all(&files, file, 0, got, sizeof got, &len), 0);
    ck_assert_uint_eq(len, strlen(text));
    ck_assert_mem_eq(got, text, len);
    files.close(NULL, file);
}

START_TEST(short_reads_and_writes_are_gone_on_with)
{
    begin();
    int file;
    size_t got;
    char to[32];
    ck_assert_int_eq(files.open(NULL, in("a"), SQI_OS_WRITE | SQI_OS_CREATE, &file), 0);
    ck_assert_int_eq(sqi_os_write_all(&files, file, 1, "0123456789", 10), 0);
    ck_assert_int_eq(sqi_os_read_all(&files, file, 1, to, 10, &got), 0);
    ck_assert_uint_eq(got, 10);
    ck_assert_mem_eq(to, "0123456789", 10);
    ck_assert_int_eq(sqi_os_read_all(&files, file, 6, to, sizeof to, &got), 0);
    ck_assert_uint_eq(got, 5);
    ck_assert_int_eq(sqi_os_read_all(&files, -1, 0, to, 1, &got), EBADF);
    ck_assert_int_eq(sqi_os_write_all(&files, -1, 0, to, 1), EBADF);
    ck_assert_int_eq(sqi_os_write_all(&files, file, 0, NULL, 0), 0);
    files.write = write_nothing;
    ck_assert_int_eq(sqi_os_write_all(&files, file, 0, "x", 1), EIO); /* and does not try for ever */
    files.close(NULL, file);
    end();
}
END_TEST

START_TEST(a_file_is_replaced_whole)
{
    begin();
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "first", 5, false), 0);
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "second", 6, false), 0);
    holds("a", "second");
    ck_assert_int_eq(entries(home), 1);
    ck_assert_int_eq(dir_syncs, 2);
    ck_assert_str_eq(synced[1], home);
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), NULL, 0, false), 0);
    holds("a", "");
    end();
}
END_TEST

START_TEST(a_fresh_file_takes_no_name_that_is_taken)
{
    begin();
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "first", 5, true), 0);
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "second", 6, true), EEXIST);
    holds("a", "first");
    ck_assert_int_eq(entries(home), 1);
    fail_link = EPERM; /* a file system without hard links */
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "second", 6, true), EEXIST);
    ck_assert_int_eq(sqi_os_write_file(&files, in("b"), "third", 5, true), 0);
    holds("a", "first");
    holds("b", "third");
    ck_assert_int_eq(entries(home), 2);
    fail_link = EIO;
    ck_assert_int_eq(sqi_os_write_file(&files, in("c"), "third", 5, true), EIO);
    ck_assert_int_eq(entries(home), 2);
    end();
}
END_TEST

START_TEST(a_write_that_fails_leaves_what_was_there)
{
    begin();
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "first", 5, false), 0);
    fail_sync = EIO;
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "second", 6, false), EIO);
    fail_sync = 0;
    fail_rename = ENOSPC;
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "second", 6, false), ENOSPC);
    fail_rename = 0;
    files.write = write_nothing;
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "second", 6, false), EIO);
    files.write = write_short;
    holds("a", "first");
    ck_assert_int_eq(entries(home), 1);
    fail_dir = EIO;
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "second", 6, false), EIO); /* there, but perhaps not for long */
    fail_dir = 0;
    holds("a", "second");
    ck_assert_int_eq(sqi_os_write_file(&files, in("none/a"), "x", 1, false), ENOENT);
    ck_assert_int_eq(sqi_os_write_file(&files, in("d/"), "x", 1, false), EISDIR);
    ck_assert_int_eq(sqi_os_write_file(&files, "", "x", 1, false), ENOENT);
    end();
}
END_TEST

START_TEST(what_a_crash_left_is_not_in_the_way)
{
    begin();
    int file;
    for (int n = 0; n < 3; n++) {
        char name[32];
        snprintf(name, sizeof name, ".a.%d.tmp", n);
        ck_assert_int_eq(files.open(NULL, in(name), SQI_OS_WRITE | SQI_OS_CREATE, &file), 0);
        files.close(NULL, file);
    }
    ck_assert_int_eq(symlink("/nowhere", in(".a.3.tmp")), 0);
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "x", 1, true), 0);
    holds("a", "x");
    ck_assert_int_eq(entries(home), 5);
    end();
}
END_TEST

START_TEST(the_longest_name_can_be_written)
{
    begin();
    char name[300] = "";
    for (int i = 0; i < 127; i++)
        strcat(name, "\xc3\xa9");
    ck_assert_int_eq(sqi_os_write_file(&files, in(name), "x", 1, false), 0);
    holds(name, "x");
    strcat(name, "xyz");
    ck_assert_int_eq(sqi_os_write_file(&files, in(name), "x", 1, false), ENAMETOOLONG);
    char path[5000];
    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    for (int i = 100; i < 4999; i += 100)
        path[i] = '/';
    ck_assert_int_eq(sqi_os_write_file(&files, path, "x", 1, false), ENAMETOOLONG);
    ck_assert_int_eq(sqi_os_mkdirs(&files, path), ENAMETOOLONG);
    ck_assert_int_eq(sqi_os_remove_tree(&files, path), ENAMETOOLONG);
    ck_assert_int_eq(entries(home), 1);
    end();
}
END_TEST

START_TEST(directories_are_made_and_synced_from_the_top)
{
    begin();
    ck_assert_int_eq(sqi_os_mkdirs(&files, in("a//b/c///")), 0);
    ck_assert_int_eq(entries(in("a/b/c")), 0);
    ck_assert_int_eq(dir_syncs, 4);
    ck_assert_str_eq(synced[0], "/tmp"); /* of home, which was there */
    ck_assert_str_eq(synced[1], home);
    ck_assert_str_eq(synced[2], in("a"));
    ck_assert_str_eq(synced[3], in("a//b"));
    ck_assert_int_eq(sqi_os_mkdirs(&files, in("a/b")), 0);
    ck_assert_int_eq(dir_syncs, 5);
    ck_assert_int_eq(sqi_os_mkdirs(&files, "/"), 0);
    ck_assert_int_eq(sqi_os_mkdirs(&files, "///"), 0);
    ck_assert_int_eq(dir_syncs, 5);
    ck_assert_int_eq(sqi_os_mkdirs(&files, ""), ENOENT);
    ck_assert_int_eq(chdir(home), 0);
    ck_assert_int_eq(sqi_os_mkdirs(&files, "r/s"), 0);
    ck_assert_str_eq(synced[5], ".");
    ck_assert_str_eq(synced[6], "r");
    ck_assert_int_eq(sqi_os_mkdirs(&files, "q"), 0);
    ck_assert_int_eq(sqi_os_mkdirs(&files, "."), 0);
    ck_assert_int_eq(entries(in("r")), 1);
    ck_assert_int_eq(chdir("/"), 0);
    end();
}
END_TEST

START_TEST(a_directory_is_not_made_over_a_file)
{
    begin();
    ck_assert_int_eq(sqi_os_write_file(&files, in("a"), "x", 1, false), 0);
    ck_assert_int_eq(sqi_os_mkdirs(&files, in("a")), ENOTDIR);
    ck_assert_int_eq(sqi_os_mkdirs(&files, in("a/b/c")), ENOTDIR);
    ck_assert_int_eq(symlink("nowhere", in("l")), 0);
    ck_assert_int_eq(sqi_os_mkdirs(&files, in("l")), ENOENT); /* a link to nothing is in the way */
    fail_dir = EACCES;
    ck_assert_int_eq(sqi_os_mkdirs(&files, home), 0); /* it is there, and its parent is not ours */
    ck_assert_int_eq(sqi_os_mkdirs(&files, in("d")), EACCES);
    fail_dir = EIO;
    ck_assert_int_eq(sqi_os_mkdirs(&files, home), EIO);
    fail_dir = 0;
    end();
}
END_TEST

START_TEST(a_tree_is_removed_and_links_are_not_followed)
{
    begin();
    char name[64];
    ck_assert_int_eq(sqi_os_mkdirs(&files, in("kept/in")), 0);
    ck_assert_int_eq(sqi_os_mkdirs(&files, in("t/x/y")), 0);
    ck_assert_int_eq(sqi_os_mkdirs(&files, in("t/z")), 0);
    int file;
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "t/%s%d", i % 3 ? "x/y/" : "", i);
        ck_assert_int_eq(files.open(NULL, in(name), SQI_OS_WRITE | SQI_OS_CREATE, &file), 0);
        files.close(NULL, file);
    }
    ck_assert_int_eq(symlink(in("kept"), in("t/z/l")), 0);
    ck_assert_int_eq(symlink(in("kept"), in("l")), 0);
    ck_assert_int_eq(sqi_os_remove_tree(&files, in("t//")), 0);
    ck_assert_int_eq(sqi_os_remove_tree(&files, in("l")), 0);
    ck_assert_int_eq(entries(home), 1);
    ck_assert_int_eq(entries(in("kept")), 1);
    ck_assert_int_eq(sqi_os_write_file(&files, in("file"), "x", 1, false), 0);
    ck_assert_int_eq(sqi_os_remove_tree(&files, in("file")), 0);
    ck_assert_int_eq(sqi_os_remove_tree(&files, in("file")), ENOENT);
    ck_assert_int_eq(sqi_os_remove_tree(&files, ""), ENOENT);
    end();
}
END_TEST

static int unlink_refused(void *context, const char *path)
{
    struct stat s;
    if (lstat(path, &s) == 0 && (S_ISDIR(s.st_mode) || strstr(path, "mine") == NULL))
        return EPERM;
    return real()->unlink(context, path);
}

START_TEST(a_name_that_may_not_be_removed_stays_with_what_it_leads_to)
{
    begin();
    ck_assert_int_eq(sqi_os_mkdirs(&files, in("kept/in")), 0);
    ck_assert_int_eq(symlink(in("kept"), in("l")), 0);
    ck_assert_int_eq(sqi_os_write_file(&files, in("kept/theirs"), "x", 1, false), 0);
    ck_assert_int_eq(sqi_os_mkdirs(&files, in("d/e")), 0);
    ck_assert_int_eq(sqi_os_write_file(&files, in("d/mine"), "x", 1, false), 0);
    files.unlink = unlink_refused;
    ck_assert_int_eq(sqi_os_remove_tree(&files, in("l")), EPERM);
    ck_assert_int_eq(sqi_os_remove_tree(&files, in("kept/theirs")), EPERM);
    ck_assert_int_eq(sqi_os_remove_tree(&files, in("d")), 0); /* EPERM is what some systems say of a directory */
    files.unlink = real()->unlink;
    ck_assert_int_eq(entries(in("kept")), 2);
    ck_assert_int_eq(entries(home), 2);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        short_reads_and_writes_are_gone_on_with,      a_file_is_replaced_whole,
        a_fresh_file_takes_no_name_that_is_taken,     a_write_that_fails_leaves_what_was_there,
        what_a_crash_left_is_not_in_the_way,          the_longest_name_can_be_written,
        directories_are_made_and_synced_from_the_top, a_directory_is_not_made_over_a_file,
        a_tree_is_removed_and_links_are_not_followed, a_name_that_may_not_be_removed_stays_with_what_it_leads_to};
    return sqi_test_main("os_file", tests, sizeof tests / sizeof *tests);
}
