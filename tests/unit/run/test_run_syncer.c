/* A sync in the background: it is awaited, its failure is told, and a thread that cannot be is no failure. */
#include "run_syncer.h"
#include "test_main.h"

#include <errno.h>
#include <unistd.h>

typedef struct disk {
    sqi_os_files files;
    int code;
    _Atomic int syncs;
} disk;

static int slow_sync(void *context, int file, bool data_only)
{
    disk *d = context;
    ck_assert_int_eq(file, 7);
    ck_assert(data_only);
    usleep(1000);
    ++d->syncs;
    return d->code;
}

START_TEST(each_sync_is_awaited_and_its_failure_told)
{
    sqi_syncer s = {0};
    disk d = {.files = {.sync = slow_sync}};
    d.files.context = &d;
    for (int i = 1; i <= 20; ++i) {
        d.code = i % 5 ? 0 : EIO;
        ck_assert(sqi_syncer_begin(&s, &d.files, 7));
        ck_assert_int_eq(sqi_syncer_end(&s), d.code);
        ck_assert_int_eq(d.syncs, i);
    }
    ck_assert(sqi_syncer_begin(&s, &d.files, 7));
    sqi_syncer_stop(&s); /* what was begun is not broken off */
    sqi_syncer_stop(&s);
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
    const TTest *const tests[] = {each_sync_is_awaited_and_its_failure_told, one_that_never_began_is_stopped_too};
    return sqi_test_main("run_syncer", tests, sizeof tests / sizeof *tests);
}
