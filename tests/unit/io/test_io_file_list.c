/* Files in their order, by folder or by a sink's log. */
#include "io_file_list.h"

#include <stdio.h>
#include <string.h>

#include "file_rig.h"
#include "test_main.h"

static file_rig f;
static sqi_file_list l;

static void add(const char *path, uint32_t base, int64_t modified)
{
    sqi_file file = {.path = path, .len = (uint32_t)strlen(path), .base = base, .size = 1, .modified = modified};
    file.name = (uint32_t)(strrchr(path, '/') + 1 - path);
    ck_assert_int_eq(sqi_file_list_add(&l, &file, NULL), STREAMQ_OK);
}

static const char *order(sqi_file_order how)
{
    static char text[500];
    ck_assert_int_eq(sqi_file_list_sort(&l, how, NULL), STREAMQ_OK);
    text[0] = '\0';
    for (size_t i = 0; i < l.n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s,", l.file[i].path + l.file[i].name);
    return text;
}

START_TEST(files_are_sorted_by_time_or_path_and_stand_once)
{
    rig_begin(&f.r);
    sqi_file_list_init(&l, &f.r.heap.alloc);
    add("/c", 1, 5);
    add("/a", 1, 7);
    add("/b", 1, 5);
    add("/a", 1, 7);
    add("/d", 1, -3);
    ck_assert_str_eq(order(SQI_FILE_BY_PATH), "a,b,c,d,");
    ck_assert_str_eq(order(SQI_FILE_NEWEST_FIRST), "a,b,c,d,");
    ck_assert_str_eq(order(SQI_FILE_OLDEST_FIRST), "d,b,c,a,");
    sqi_file_list_clear(&l);
    ck_assert_str_eq(order(SQI_FILE_OLDEST_FIRST), "");
    sqi_file_list_fini(&l);
    sqi_file_list_fini(&l);
    rig_end(&f.r);
}
END_TEST

START_TEST(beside_partition_folders_other_files_do_not_count)
{
    rig_begin(&f.r);
    sqi_file_list_init(&l, &f.r.heap.alloc);
    add("/x=1/a", 5, 1);
    add("/x=1/b", 5, 1);
    sqi_file_list_keep_partitioned(&l);
    ck_assert_uint_eq(l.n, 2); /* x=1 is above the base */
    add("/x=1/y=1/c", 5, 1);
    sqi_file_list_keep_partitioned(&l);
    ck_assert_str_eq(order(SQI_FILE_BY_PATH), "c,");
    sqi_file_list_fini(&l);
    rig_end(&f.r);
}
END_TEST

static streamq_status keep(void *user, const sqi_found *found, streamq_error **err)
{
    (void)user;
    return sqi_file_list_found(&l, found, err);
}

static streamq_status run(bool *log)
{
    sqi_listing_result result;
    sqi_listing what = {.env = &f.r.env, .before = INT64_MAX, .after = INT64_MIN, .file = keep};
    what.path = sqi_span_of(file_name(&f, ""));
    return sqi_file_list_run(&what, &result, log, &f.r.err);
}

static void put_log(const char *name, const char *folder, const char *file, int64_t size)
{
    char text[1000];
    snprintf(text, sizeof text,
             "v1\n{\"path\":\"file://%s/%s\",\"size\":%lld,\"isDir\":false,\"modificationTime\":1000,"
             "\"blockReplication\":1,\"blockSize\":1,\"action\":\"add\"}",
             folder, file, (long long)size);
    file_put(&f, name, text, 0);
}

START_TEST(a_log_names_the_files_whatever_else_lies_there)
{
    bool log;
    file_begin(&f);
    sqi_file_list_init(&l, &f.r.heap.alloc);
    file_put(&f, "a", "a", 0);
    ck_assert_int_eq(run(&log), STREAMQ_OK);
    ck_assert(!log);
    ck_assert_str_eq(order(SQI_FILE_BY_PATH), "a,");
    sqi_file_list_clear(&l);
    put_log("_spark_metadata/0", f.folder, "p=1/b%20c", 7);
    put_log("_spark_metadata/1", "/another/folder", "d", 7);
    put_log("_spark_metadata/2", f.folder, "empty", 0);
    ck_assert_int_eq(run(&log), STREAMQ_OK);
    ck_assert(log);
    ck_assert_str_eq(order(SQI_FILE_BY_PATH), "b c,");
    ck_assert_int_eq(l.file[0].modified, 1000000);
    ck_assert_int_eq(l.file[0].size, 7);
    ck_assert_uint_eq(l.file[0].base, strlen(f.folder) + 1);
    file_put(&f, "_spark_metadata/3", "v1\n{nonsense", 0);
    rig_refused(&f.r, run(&log), SQI_COND_MALFORMED_LOG_FILE, "_spark_metadata/3");
    sqi_file_list_fini(&l);
    file_end(&f);
}
END_TEST

static streamq_status run_on(sqi_alloc *alloc, void *unused, streamq_error **err)
{
    sqi_io_env env = f.r.env;
    sqi_listing_result result;
    bool log;
    (void)unused;
    env.alloc = alloc;
    sqi_file_list_init(&l, alloc);
    sqi_listing what = {.env = &env, .before = INT64_MAX, .after = INT64_MIN, .file = keep};
    what.path = sqi_span_of(f.folder);
    streamq_status status = sqi_file_list_run(&what, &result, &log, err);
    if (status == STREAMQ_OK)
        status = sqi_file_list_sort(&l, SQI_FILE_OLDEST_FIRST, err);
    sqi_file_list_fini(&l);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    file_begin(&f);
    file_put(&f, "a", "a", 0);
    file_put(&f, "b", "a", 0);
    ck_assert_uint_ge(sqi_test_every_allocation(run_on, NULL), 4);
    put_log("_spark_metadata/0", f.folder, "a", 7);
    ck_assert_uint_ge(sqi_test_every_allocation(run_on, NULL), 4);
    file_end(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {files_are_sorted_by_time_or_path_and_stand_once,
                                  beside_partition_folders_other_files_do_not_count,
                                  a_log_names_the_files_whatever_else_lies_there, every_allocation_may_fail};
    return sqi_test_main("io_file_list", tests, sizeof tests / sizeof *tests);
}
