/* Bytes to the disk in the background: it is awaited, the step that failed is told, and a thread that cannot be is no
   failure. */
#include "run_syncer.h"
#include "test_main.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

typedef struct disk {
    sqi_os_files files;
    int code[3]; /* of each step */
    char bytes[16];
    _Atomic int writes, syncs, dirs, removed;
    int remove_code;
    _Atomic bool hold; /* removing takes until it is not set any more */
} disk;

static int64_t slow_write(void *context, int file, int64_t at, const void *from, size_t len)
{
    disk *d = context;
    ck_assert_int_eq(file, 7);
    usleep(1000);
    ++d->writes;
    if (d->code[SQI_SYNCER_WRITE])
        return -d->code[SQI_SYNCER_WRITE];
    memcpy(d->bytes + at, from, len);
    return (int64_t)len;
}

static int slow_sync(void *context, int file, bool data_only)
{
    disk *d = context;
    ck_assert_int_eq(file, 7);
    ck_assert(data_only);
    usleep(1000);
    ++d->syncs;
    return d->code[SQI_SYNCER_SYNC];
}

static int sync_dir(void *context, const char *dir)
{
    disk *d = context;
    ck_assert_str_eq(dir, "there");
    ++d->dirs;
    return d->code[SQI_SYNCER_SYNC_DIR];
}

static int remove_old(void *context, const char *path)
{
    disk *d = context;
    ck_assert_str_eq(path, "old");
    while (d->hold)
        usleep(100);
    ++d->removed;
    return d->remove_code;
}

static disk make(void)
{
    return (disk){.files = {.write = slow_write, .sync = slow_sync, .sync_dir = sync_dir, .unlink = remove_old}};
}

START_TEST(each_sync_is_awaited_and_its_failure_told)
{
    sqi_syncer s = {0};
    disk d = make();
    d.files.context = &d;
    sqi_syncer_job job = {.files = &d.files, .file = 7};
    for (int i = 1; i <= 20; ++i) {
        sqi_syncer_step step;
        d.code[SQI_SYNCER_SYNC] = i % 5 ? 0 : EIO;
        ck_assert(sqi_syncer_begin(&s, &job));
        ck_assert_int_eq(sqi_syncer_end(&s, &step), d.code[SQI_SYNCER_SYNC]);
        ck_assert_int_eq(step, SQI_SYNCER_SYNC);
        ck_assert_int_eq(d.syncs, i);
    }
    ck_assert_int_eq(d.writes + d.dirs, 0);
    ck_assert(sqi_syncer_begin(&s, &job));
    sqi_syncer_stop(&s); /* what was begun is not broken off */
    ck_assert_int_eq(d.syncs, 21);
    sqi_syncer_stop(&s);
}
END_TEST

START_TEST(bytes_are_written_before_they_are_synced_and_the_name_last)
{
    sqi_syncer s = {0};
    sqi_syncer_step step;
    disk d = make();
    d.files.context = &d;
    sqi_syncer_job job = {.files = &d.files, .file = 7, .at = 3, .bytes = "abc", .len = 3, .dir = "there"};
    ck_assert(sqi_syncer_begin(&s, &job));
    ck_assert_int_eq(sqi_syncer_end(&s, &step), 0);
    ck_assert_int_eq(memcmp(d.bytes, "\0\0\0abc", 7), 0);
    ck_assert_int_eq(d.writes * 100 + d.syncs * 10 + d.dirs, 111);
    for (int failing = SQI_SYNCER_SYNC_DIR; failing >= SQI_SYNCER_WRITE; --failing) {
        d.code[failing] = ENOSPC;
        ck_assert(sqi_syncer_begin(&s, &job));
        ck_assert_int_eq(sqi_syncer_end(&s, &step), ENOSPC);
        ck_assert_int_eq(step, failing); /* and nothing after it was tried */
    }
    ck_assert_int_eq(d.writes * 100 + d.syncs * 10 + d.dirs, 432);
    sqi_syncer_stop(&s);
}
END_TEST

START_TEST(what_is_old_is_removed_when_the_rest_is_known_and_nobody_waits_for_it)
{
    sqi_syncer s = {0};
    sqi_syncer_step step;
    disk d = make();
    d.files.context = &d;
    d.hold = true;
    d.remove_code = EACCES;
    const sqi_syncer_job job = {.files = &d.files, .file = 7, .old = "old"}, next = {.files = &d.files, .file = 7};
    ck_assert(!sqi_syncer_removes(&s));
    ck_assert(sqi_syncer_begin(&s, &job) && sqi_syncer_removes(&s));
    ck_assert_int_eq(sqi_syncer_end(&s, &step), 0);
    ck_assert(sqi_syncer_removes(&s) && d.removed == 0 && d.syncs == 1);
    ck_assert(sqi_syncer_begin(&s, &next) && sqi_syncer_removes(&s)); /* may be asked for already */
    d.hold = false;
    ck_assert_int_eq(sqi_syncer_end(&s, &step), 0);
    ck_assert(!sqi_syncer_removes(&s) && d.removed == 1 && d.syncs == 2);
    ck_assert_int_eq(sqi_syncer_removed(&s), EACCES);
    ck_assert_int_eq(sqi_syncer_removed(&s), 0);
    d.remove_code = ENOENT; /* somebody else was quicker */
    ck_assert(sqi_syncer_begin(&s, &job));
    sqi_syncer_stop(&s); /* what was begun is done, this too */
    ck_assert_int_eq(d.removed, 2);
    ck_assert_int_eq(s.remove_code, 0);
    d.code[SQI_SYNCER_SYNC] = EIO;
    ck_assert(sqi_syncer_begin(&s, &job));
    ck_assert_int_eq(sqi_syncer_end(&s, &step), EIO);
    sqi_syncer_stop(&s);
    ck_assert_int_eq(d.removed, 2); /* what replaces it may not be there */
}
END_TEST

START_TEST(one_that_never_began_is_stopped_too)
{
    sqi_syncer s = {0};
    sqi_syncer_stop(&s);
    ck_assert(!s.running);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_sync_is_awaited_and_its_failure_told, bytes_are_written_before_they_are_synced_and_the_name_last,
        what_is_old_is_removed_when_the_rest_is_known_and_nobody_waits_for_it, one_that_never_began_is_stopped_too};
    return sqi_test_main("run_syncer", tests, sizeof tests / sizeof *tests);
}
