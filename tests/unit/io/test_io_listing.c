/* Files at a path; what counts was asked of Spark 4.3. */
#include "io_listing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_rig.h"
#include "test_main.h"

static file_rig f;
static sqi_listing l;
static sqi_listing_result result;
static const char *names[1000];
static size_t n, folders;

static streamq_status on_file(void *user, const sqi_found *found, streamq_error **err)
{
    (void)user;
    (void)err;
    ck_assert_uint_lt(n, 1000);
    size_t skip = strlen(f.folder) + 1;
    names[n++] = sqi_arena_text(&f.r.arena, found->path.ptr + skip, found->path.len - skip);
    ck_assert_int_eq(found->path.ptr[found->name - 1], '/');
    ck_assert_uint_le(found->base, found->name);
    return STREAMQ_OK;
}

static void on_folder(void *user, const char *path)
{
    (void)user;
    folders += strncmp(path, f.folder, strlen(f.folder)) == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void set(const char *path)
{
    l = (sqi_listing){.env = &f.r.env, .before = INT64_MAX, .after = INT64_MIN, .file = on_file, .folder = on_folder};
    ck_assert_int_eq(sqi_listing_path(&l.path, sqi_span_of(file_name(&f, path)), "path", &f.r.arena, &f.r.err),
                     STREAMQ_OK);
    l.pattern = sqi_glob_special(l.path);
    if (l.pattern)
        ck_assert_int_eq(sqi_glob_make(&l.glob, l.path, "path", &f.r.arena, &f.r.err), STREAMQ_OK);
}

/* The names found, in order, a comma behind each. */
static const char *found(void)
{
    n = folders = 0;
    ck_assert_msg(sqi_listing_run(&l, &result, &f.r.err) == STREAMQ_OK, "%s", sqi_error_message(f.r.err));
    qsort(names, n, sizeof *names, by_name);
    sqi_buf_clear(&f.r.rows);
    for (size_t i = 0; i < n; i++)
        sqi_buf_printf(&f.r.rows, "%s,", names[i]);
    sqi_buf_byte(&f.r.rows, '\0');
    return f.r.rows.ptr;
}

static const char *at(const char *path)
{
    set(path);
    return found();
}

static void put_all(const char *const *files)
{
    for (; *files; files++)
        file_put(&f, *files, "x", 0);
}

#define PUT(...) put_all((const char *const[]){__VA_ARGS__, NULL})

START_TEST(what_spark_leaves_out_is_left_out)
{
    file_begin(&f);
    PUT("_a.txt", ".b.txt", "c.txt", "_COPYING_", "f._COPYING_", "_metadata", "g/.q", "_x/y");
    file_put(&f, "empty", "", 0);
    ck_assert_str_eq(at(""), "c.txt,");
    ck_assert_uint_eq(result.roots, 1);
    l.recursive = true;
    ck_assert_str_eq(found(), "c.txt,");
    ck_assert_str_eq(at("_a*"), "");
    ck_assert_str_eq(at("_a.txt"), "");
    ck_assert_str_eq(at("*"), "_x/y,c.txt,");
    file_end(&f);
}
END_TEST

START_TEST(folders_below_count_if_they_are_partitions_or_asked_for)
{
    file_begin(&f);
    PUT("a", "s/b", "s/p=1/c", "p=1/d", "p=1/q=2/e", "p=1/s/g", "_p=1/h", ".p=1/i");
    ck_assert_str_eq(at(""), "_p=1/h,a,p=1/d,p=1/q=2/e,p=1/s/g,s/p=1/c,");
    l.recursive = true;
    ck_assert_str_eq(found(), "_p=1/h,a,p=1/d,p=1/q=2/e,p=1/s/g,s/b,s/p=1/c,");
    ck_assert_uint_eq(folders, 7);
    ck_assert(result.certain);
    file_end(&f);
}
END_TEST

START_TEST(patterns)
{
    file_begin(&f);
    PUT("a.txt", "b.txt", "2024/01/x", "2024/02/x", "2023/01/x", "2023/01/y", "k*.txt", "p=1/f");
    ck_assert_str_eq(at("*.txt"), "a.txt,b.txt,k*.txt,");
    ck_assert_str_eq(at("20*/01"), "2023/01/x,2023/01/y,2024/01/x,");
    ck_assert_str_eq(at("{2023/01,2024/{01,02}}/x"), "2023/01/x,2024/01/x,2024/02/x,");
    ck_assert_str_eq(at("k\\*.txt"), "k*.txt,");
    ck_assert_str_eq(at("p=*"), "p=1/f,");
    ck_assert_str_eq(at("nope*/x"), "");
    ck_assert_uint_eq(result.roots, 0);
    ck_assert(result.certain);
    ck_assert_str_eq(at("20*/03"), "");
    ck_assert(!result.certain); /* what comes to 2023 is not told */
    file_end(&f);
}
END_TEST

START_TEST(filters)
{
    file_begin(&f);
    file_put(&f, "a.csv", "x", 1000);
    file_put(&f, "b.txt", "x", 2000);
    file_put(&f, "c.txt", "x", 3000);
    set("");
    l.filtered = true;
    ck_assert_int_eq(sqi_glob_make(&l.filter, SQI_SPAN("{a,c}.*"), "pathGlobFilter", &f.r.arena, NULL), STREAMQ_OK);
    ck_assert_str_eq(found(), "a.csv,c.txt,");
    l.filtered = false;
    l.before = INT64_C(2000000000);
    ck_assert_str_eq(found(), "a.csv,");
    l.before = INT64_MAX;
    l.after = INT64_C(2000000000);
    ck_assert_str_eq(found(), "c.txt,");
    file_end(&f);
}
END_TEST

START_TEST(odd_names)
{
    file_begin(&f);
    PUT("a b%20c#d?e.txt", "new\nline", "\xff\xfe", "co:lon", "-", "~");
    ck_assert_str_eq(at(""), "-,a b%20c#d?e.txt,co:lon,new\nline,~,\xff\xfe,");
    ck_assert_str_eq(at("new?line"), "new\nline,");
    ck_assert_str_eq(at("\xff*"), "\xff\xfe,");
    file_end(&f);
}
END_TEST

START_TEST(links_are_followed_but_not_in_circles)
{
    file_begin(&f);
    PUT("a", "d/p=1/x", "other/y");
    ck_assert_int_eq(symlink("a", file_name(&f, "link")), 0);
    ck_assert_int_eq(symlink("nowhere", file_name(&f, "dangling")), 0);
    ck_assert_int_eq(symlink("self", file_name(&f, "self")), 0);
    ck_assert_int_eq(symlink("../..", file_name(&f, "d/p=1/up")), 0);
    ck_assert_int_eq(symlink("../other", file_name(&f, "d/q=1")), 0);
    ck_assert_int_eq(mkfifo(file_name(&f, "pipe"), 0666), 0);
    ck_assert_str_eq(at(""), "a,d/p=1/x,d/q=1/y,link,");
    file_end(&f);
}
END_TEST

static void refused(sqi_cond cond, const char *text)
{
    rig_refused(&f.r, sqi_listing_run(&l, &result, &f.r.err), cond, text);
}

START_TEST(what_cannot_be_listed_is_named_with_the_cause)
{
    file_begin(&f);
    PUT("a", "sub/p=1/b");
    set("nope");
    refused(SQI_COND_PATH_NOT_FOUND, "nope");
    set("a/b");
    refused(SQI_COND_PATH_NOT_FOUND, "a/b");
    set("");
    f.fail = (file_failure){"list", "sub", EACCES};
    refused(SQI_COND_IO_ERROR, "sub");
    f.fail = (file_failure){"stat", "p=1/b", EIO};
    refused(SQI_COND_IO_ERROR, "p=1/b");
    f.fail = (file_failure){"stat", "p=1/b", ENOENT}; /* gone meanwhile */
    ck_assert_str_eq(found(), "a,");
    f.fail = (file_failure){"list", "sub/", ENOENT};
    ck_assert_str_eq(found(), "a,");
    set("s*");
    f.fail = (file_failure){"list", f.folder, EMFILE};
    refused(SQI_COND_IO_ERROR, "open files");
    ck_assert_int_eq(mkfifo(file_name(&f, "pipe"), 0666), 0);
    set("pipe");
    refused(SQI_COND_IO_ERROR, "neither a file nor a folder");
    file_end(&f);
}
END_TEST

START_TEST(folders_without_bottom_end)
{
    char deep[500] = "d";
    file_begin(&f);
    for (int i = 0; i < 110; i++)
        strcat(deep, "/d");
    file_folder(&f, deep);
    set("");
    refused(SQI_COND_LIMIT_EXCEEDED, "100 levels");
    file_end(&f);
}
END_TEST

static const char *path(const char *given)
{
    sqi_span out;
    if (sqi_listing_path(&out, sqi_span_of(given), "path", &f.r.arena, &f.r.err) != STREAMQ_OK)
        return NULL;
    ck_assert_uint_eq(strlen(out.ptr), out.len);
    return out.ptr;
}

START_TEST(paths_are_absolute_and_without_a_scheme)
{
    char here[4096], wanted[5000];
    file_begin(&f);
    ck_assert_str_eq(path("/a/b"), "/a/b");
    ck_assert_str_eq(path("//a///b/./c/"), "/a/b/c");
    ck_assert_str_eq(path("/"), "/");
    ck_assert_str_eq(path("file:///a%20b"), "/a%20b");
    ck_assert_str_eq(path("file:/a/b"), "/a/b");
    ck_assert_str_eq(path("/a/b:/c"), "/a/b:/c");
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    snprintf(wanted, sizeof wanted, "%s/x:y/z", here);
    ck_assert_str_eq(path("x:y/z"), wanted);
    ck_assert_ptr_null(path("hdfs://host/a"));
    rig_refused(&f.r, STREAMQ_ERR_UNSUPPORTED, SQI_COND_UNSUPPORTED_FEATURE, "hdfs");
    ck_assert_ptr_null(path("file://host/a"));
    rig_refused(&f.r, STREAMQ_ERR_UNSUPPORTED, SQI_COND_UNSUPPORTED_FEATURE, "another machine");
    ck_assert_ptr_null(path(""));
    rig_refused(&f.r, STREAMQ_ERR_INVALID, SQI_COND_INVALID_OPTION_VALUE, "empty");
    file_end(&f);
}
END_TEST

START_TEST(a_base_that_is_not_above_the_path_is_refused)
{
    file_begin(&f);
    PUT("p=1/q=2/f");
    set("p=1/q=2");
    l.base = sqi_span_of(file_name(&f, ""));
    ck_assert_str_eq(found(), "p=1/q=2/f,");
    l.base = sqi_span_of(file_name(&f, "p=1/q"));
    refused(SQI_COND_INVALID_OPTION_VALUE, "Wrong basePath");
    set("p=1");
    l.base = sqi_span_of(file_name(&f, "p=1/q=2"));
    refused(SQI_COND_INVALID_OPTION_VALUE, "Wrong basePath");
    file_end(&f);
}
END_TEST

static streamq_status run(sqi_alloc *alloc, void *unused, streamq_error **err)
{
    sqi_io_env env = f.r.env;
    (void)unused;
    env.alloc = alloc;
    l.env = &env;
    n = 0;
    return sqi_listing_run(&l, &result, err);
}

START_TEST(every_allocation_may_fail)
{
    file_begin(&f);
    PUT("a", "p=1/b", "p=2/c");
    set("");
    ck_assert_uint_ge(sqi_test_every_allocation(run, NULL), 2);
    set("*");
    ck_assert_uint_ge(sqi_test_every_allocation(run, NULL), 2);
    file_end(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_spark_leaves_out_is_left_out,
                                  folders_below_count_if_they_are_partitions_or_asked_for,
                                  patterns,
                                  filters,
                                  odd_names,
                                  links_are_followed_but_not_in_circles,
                                  what_cannot_be_listed_is_named_with_the_cause,
                                  folders_without_bottom_end,
                                  paths_are_absolute_and_without_a_scheme,
                                  a_base_that_is_not_above_the_path_is_refused,
                                  every_allocation_may_fail};
    return sqi_test_main("io_listing", tests, sizeof tests / sizeof *tests);
}
