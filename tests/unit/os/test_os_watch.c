/* News of folders. */
#include "os_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test_main.h"

static char folder[64];
static sqi_os_watch w;

static const char *in(const char *name)
{
    static char path[2][200];
    static int which;
    which = !which;
    snprintf(path[which], sizeof path[which], "%s/%s", folder, name);
    return path[which];
}

static void begin(void)
{
    snprintf(folder, sizeof folder, "/tmp/streamq-watch-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(sqi_os_watch_open(&w), 0);
}

static void end(void)
{
    char command[100];
    sqi_os_watch_close(&w);
    sqi_os_watch_close(&w);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static bool readable(void)
{
    struct pollfd one = {.fd = w.fd, .events = POLLIN};
    return poll(&one, 1, 0) == 1;
}

static void touch(const char *name)
{
    int fd = open(in(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, "x", 1), 1);
    close(fd);
}

static bool visible(const char *name)
{
    return name[0] != '.';
}

START_TEST(files_and_folders_that_come_are_news)
{
    begin();
    ck_assert_int_eq(sqi_os_watch_add(&w, folder), 0);
    ck_assert_int_eq(sqi_os_watch_add(&w, folder), 0);
    ck_assert_int_eq(w.live, 1);
    ck_assert(!readable() && !sqi_os_watch_drain(&w, NULL));
    touch("a");
    ck_assert(readable() && sqi_os_watch_drain(&w, NULL));
    ck_assert(!readable() && !sqi_os_watch_drain(&w, NULL));
    ck_assert_int_eq(rename(in("a"), in("b")), 0);
    ck_assert(sqi_os_watch_drain(&w, NULL));
    ck_assert_int_eq(link(in("b"), in("c")), 0);
    ck_assert(sqi_os_watch_drain(&w, NULL));
    ck_assert_int_eq(mkdir(in("d"), 0777), 0);
    ck_assert(sqi_os_watch_drain(&w, NULL));
    ck_assert_int_eq(unlink(in("c")), 0);
    ck_assert(!sqi_os_watch_drain(&w, NULL));
    end();
}
END_TEST

START_TEST(names_that_nobody_wants_are_no_news)
{
    begin();
    ck_assert_int_eq(sqi_os_watch_add(&w, folder), 0);
    touch(".hidden");
    ck_assert(readable() && !sqi_os_watch_drain(&w, visible));
    touch("seen");
    ck_assert(sqi_os_watch_drain(&w, visible));
    end();
}
END_TEST

START_TEST(a_folder_that_goes_is_news_and_frees_its_watch)
{
    begin();
    ck_assert_int_eq(mkdir(in("d"), 0777), 0);
    ck_assert_int_eq(sqi_os_watch_add(&w, in("d")), 0);
    ck_assert_int_eq(rmdir(in("d")), 0);
    ck_assert(sqi_os_watch_drain(&w, visible));
    ck_assert_int_eq(w.live, 0);
    end();
}
END_TEST

START_TEST(what_cannot_be_watched_is_said)
{
    begin();
    touch("file");
    ck_assert_int_eq(sqi_os_watch_add(&w, in("file")), ENOTDIR);
    ck_assert_int_eq(sqi_os_watch_add(&w, in("nothing")), ENOENT);
    w.live = SQI_OS_WATCH_MOST;
    ck_assert_int_eq(sqi_os_watch_add(&w, folder), ENOSPC);
    w.live = 0;
    sqi_os_watch_close(&w);
    ck_assert_int_eq(sqi_os_watch_add(&w, folder), EBADF);
    ck_assert(!sqi_os_watch_drain(&w, NULL));
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {files_and_folders_that_come_are_news, names_that_nobody_wants_are_no_news,
                                  a_folder_that_goes_is_news_and_frees_its_watch, what_cannot_be_watched_is_said};
    return sqi_test_main("os_watch", tests, sizeof tests / sizeof *tests);
}
