/* What becomes of files that were read. */
#include "io_file_clean.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_rig.h"
#include "test_main.h"

static file_rig f;
static sqi_file_options o;

static void set(const char *path, const char *archive)
{
    o = (sqi_file_options){.clean = *archive ? SQI_CLEAN_ARCHIVE : SQI_CLEAN_DELETE};
    o.listing.env = &f.r.env;
    o.listing.path = sqi_span_of(path);
    o.listing.pattern = sqi_glob_special(o.listing.path);
    if (o.listing.pattern)
        ck_assert_int_eq(sqi_glob_make(&o.listing.glob, o.listing.path, "path", &f.r.arena, NULL), STREAMQ_OK);
    o.archive = sqi_span_of(archive);
}

static bool refused(const char *path, const char *archive)
{
    set(path, archive);
    if (sqi_file_clean_check(&o, &f.r.err) == STREAMQ_OK)
        return false;
    rig_refused(&f.r, STREAMQ_ERR_INVALID, SQI_COND_INVALID_OPTION_VALUE, "can reach");
    return true;
}

/* Row K11 of Spark's suites. */
START_TEST(an_archive_that_the_path_can_reach_is_refused)
{
    file_begin(&f);
    ck_assert(refused("/hello/worl", "/hello/worl/x"));
    ck_assert(refused("/hello/worl", "/hello/worl"));
    ck_assert(refused("/hello/worl", "/hello"));
    ck_assert(!refused("/hello/worl", "/hello/world"));
    ck_assert(refused("/hello/h{e,f}ll?", "/hello/hello"));
    ck_assert(!refused("/hello/h{e,f}ll?", "/hello/hallo"));
    ck_assert(refused("/hello/*", "/hello/world/spark"));
    ck_assert(refused("/*", "/anything"));
    ck_assert(!refused("/hello/wor*", "/hell/world"));
    file_end(&f);
}
END_TEST

START_TEST(archived_files_keep_their_paths)
{
    file_begin(&f);
    file_put(&f, "in/p=1/a b%41", "a", 0);
    set(file_name(&f, "in"), file_name(&f, "archive"));
    ck_assert_int_eq(sqi_file_clean_check(&o, &f.r.err), STREAMQ_OK);
    const char *moved = sqi_arena_printf(&f.r.arena, "archive%s/in/p=1/a b%%41", f.folder);
    sqi_file_clean_run(&o, file_name(&f, "in/p=1/a b%41"));
    ck_assert(!file_there(&f, "in/p=1/a b%41") && file_there(&f, moved));
    file_put(&f, "in/p=1/a b%41", "another", 0); /* one of that name is there: nobody's place is taken */
    sqi_file_clean_run(&o, file_name(&f, "in/p=1/a b%41"));
    ck_assert(file_there(&f, "in/p=1/a b%41"));
    sqi_buf_byte(&f.r.log, '\0');
    ck_assert_ptr_nonnull(strstr(f.r.log.ptr, "cannot archive"));
    file_end(&f);
}
END_TEST

START_TEST(where_there_are_no_links_files_are_renamed)
{
    file_begin(&f);
    file_put(&f, "in/a", "a", 0);
    set(file_name(&f, "in"), file_name(&f, "archive"));
    f.fail = (file_failure){"link", "in/a", EPERM};
    sqi_file_clean_run(&o, file_name(&f, "in/a"));
    ck_assert(!file_there(&f, "in/a"));
    file_put(&f, "in/a", "another", 0);
    sqi_file_clean_run(&o, file_name(&f, "in/a"));
    ck_assert(file_there(&f, "in/a"));
    file_end(&f);
}
END_TEST

START_TEST(only_what_is_at_the_path_is_touched)
{
    file_begin(&f);
    file_put(&f, "in/a", "a", 0);
    file_put(&f, "out/a", "a", 0);
    set(file_name(&f, "in"), "");
    sqi_file_clean_run(&o, file_name(&f, "out/a"));
    sqi_file_clean_run(&o, file_name(&f, "in/../out/a"));
    sqi_file_clean_run(&o, file_name(&f, "in/gone"));
    ck_assert(file_there(&f, "out/a"));
    ck_assert_uint_eq(f.r.log.len, 0);
    sqi_file_clean_run(&o, file_name(&f, "in/a"));
    ck_assert(!file_there(&f, "in/a"));
    set(file_name(&f, "o?t/*"), "");
    ck_assert(sqi_file_clean_inside(&o, sqi_span_of(file_name(&f, "out/a"))));
    ck_assert(!sqi_file_clean_inside(&o, sqi_span_of(file_name(&f, "in/a"))));
    file_end(&f);
}
END_TEST

START_TEST(an_archive_on_another_file_system_is_refused)
{
    struct stat here, shm;
    file_begin(&f);
    if (stat(f.folder, &here) == 0 && stat("/dev/shm", &shm) == 0 && here.st_dev != shm.st_dev) {
        set(file_name(&f, "in"), "/dev/shm/archive/of/streamq");
        rig_refused(&f.r, sqi_file_clean_check(&o, &f.r.err), SQI_COND_INVALID_OPTION_VALUE, "another file system");
    }
    file_end(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_archive_that_the_path_can_reach_is_refused, archived_files_keep_their_paths,
                                  where_there_are_no_links_files_are_renamed, only_what_is_at_the_path_is_touched,
                                  an_archive_on_another_file_system_is_refused};
    return sqi_test_main("io_file_clean", tests, sizeof tests / sizeof *tests);
}
