/* A process that dies at the call that a test chose, and what it leaves. */
#include "disk_kill.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "test_main.h"

static char home[64], path[128];

static const char *in(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", home, name);
    return path;
}

/* Eight calls. */
static int write_one(const sqi_os_files *files, sqi_disk_kill *k, void *context)
{
    int file;
    char same[sizeof path];
    (void)context;
    strcpy(same, in("a"));
    if (files->open(files->context, in("a"), SQI_OS_WRITE | SQI_OS_CREATE, &file) ||
        files->lock(files->context, file) || files->write(files->context, file, 0, "0123456789", 10) != 10 ||
        files->sync(files->context, file, true))
        return 1;
    files->close(files->context, file);
    if (files->rename(files->context, in("a"), same) || files->sync_dir(files->context, home))
        return 2;
    sqi_disk_kill_mark(k);
    return sqi_disk_kill_calls(k, SQI_DISK_ANY) == 8 && sqi_disk_kill_calls(k, SQI_DISK_BIT(SQI_DISK_WRITE)) == 1 ? 0
                                                                                                                  : 3;
}

static int64_t size_left(void)
{
    sqi_os_stat about;
    const sqi_os_files *f = sqi_os_files_posix();
    return f->stat(NULL, in("a"), &about) ? -1 : about.size;
}

START_TEST(a_process_dies_where_it_was_told_to)
{
    static const int64_t sizes[3][8] = {
        {-1, 0, 0, 10, 10, 10, 10, 10}, {0, 0, 10, 10, 10, 10, 10, 10}, {0, 0, 5, 10, 10, 10, 10, 10}};
    strcpy(home, "/tmp/sqi_disk_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
    size_t calls;
    ck_assert_int_eq(sqi_disk_kill_run(NULL, write_one, NULL, &calls), 0);
    ck_assert_uint_eq(calls, 8);
    for (int when = 0; when < 3; when++)
        for (size_t at = 1; at <= calls; at++) {
            sqi_os_files_posix()->unlink(NULL, in("a"));
            sqi_disk_kill_point p = {.calls = SQI_DISK_ANY, .at = at, .when = (sqi_kill_when)when};
            size_t met;
            ck_assert_int_eq(sqi_disk_kill_run(&p, write_one, NULL, &met), SQI_KILLED);
            ck_assert_uint_eq(met, at);
            ck_assert_int_eq(size_left(), sizes[when][at - 1]);
        }
    sqi_disk_kill_point p = {.calls = SQI_DISK_BIT(SQI_DISK_WRITE), .at = 2};
    ck_assert_int_eq(sqi_disk_kill_run(&p, write_one, NULL, &calls), 0); /* there is no second write */
    ck_assert_uint_eq(calls, 1);
    ck_assert_int_eq(sqi_os_remove_tree(sqi_os_files_posix(), home), 0);
}
END_TEST

/* Every function of the table is handed on, with what it gives. */
static int call_all(const sqi_os_files *files, sqi_disk_kill *k, void *context)
{
    char got[4];
    size_t len;
    sqi_os_stat about;
    int file = -1;
    (void)context;
    bool ok = sqi_os_mkdirs(files, in("x/y")) == 0 && sqi_os_write_file(files, in("x/y/a"), "abc", 3, true) == 0 &&
              files->open(files->context, in("x/y/a"), SQI_OS_WRITE, &file) == 0 &&
              files->truncate(files->context, file, 2) == 0 && files->stat_file(files->context, file, &about) == 0 &&
              about.size == 2 && sqi_os_read_all(files, file, 0, got, 4, &len) == 0 && len == 2;
    files->close(files->context, file);
    ok = ok && files->open(files->context, in("none"), SQI_OS_READ, &file) == ENOENT &&
         sqi_os_remove_tree(files, in("x")) == 0 && files->rmdir(files->context, in("x")) == ENOENT;
    for (int kind = 0; kind < SQI_DISK_CALLS; kind++)
        if (kind != SQI_DISK_LOCK && kind != SQI_DISK_RENAME && kind != SQI_DISK_MARK)
            ok = ok && sqi_disk_kill_calls(k, SQI_DISK_BIT(kind)) > 0;
    return ok ? 0 : 1;
}

START_TEST(until_then_it_does_what_the_disk_does)
{
    strcpy(home, "/tmp/sqi_disk_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
    ck_assert_int_eq(sqi_disk_kill_run(NULL, call_all, NULL, NULL), 0);
    ck_assert_int_eq(sqi_os_remove_tree(sqi_os_files_posix(), home), 0);
}
END_TEST

START_TEST(a_point_can_be_told_as_text)
{
    sqi_disk_kill_point p;
    ck_assert(sqi_disk_kill_parse("write:3:before", &p));
    ck_assert(p.calls == SQI_DISK_BIT(SQI_DISK_WRITE) && p.at == 3 && p.when == SQI_KILL_BEFORE);
    ck_assert(sqi_disk_kill_parse("any:17:within", &p));
    ck_assert(p.calls == SQI_DISK_ANY && p.at == 17 && p.when == SQI_KILL_WITHIN);
    ck_assert(sqi_disk_kill_parse("sync,sync_dir:1:after", &p));
    ck_assert(p.calls == (SQI_DISK_BIT(SQI_DISK_SYNC) | SQI_DISK_BIT(SQI_DISK_SYNC_DIR)) && p.when == SQI_KILL_AFTER);
    static const char *const wrong[] = {"",
                                        "write",
                                        "write:",
                                        "write:3",
                                        "write:3:",
                                        "write:x:after",
                                        "writ:3:after",
                                        "write,:3:after",
                                        "write:3:afterwards",
                                        ":3:after",
                                        "write:-3:after"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!sqi_disk_kill_parse(wrong[i], &p), "%s", wrong[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_process_dies_where_it_was_told_to, until_then_it_does_what_the_disk_does,
                                  a_point_can_be_told_as_text};
    return sqi_test_main("disk_kill", tests, sizeof tests / sizeof *tests);
}
