/* Folders of files as a source. The rules are Spark's (its suites' rows K6 to K12), and what is expected was asked of
   Spark 4.3. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_rig.h"
#include "test_main.h"

static file_rig f;
static const sqi_offset unknown = {0};
static sqi_offset last;

static void begin(void)
{
    file_begin(&f);
    last = unknown;
}

static void end(void)
{
    file_end(&f);
}

static sqi_source *text(const char *path)
{
    file_path(&f, path);
    return rig_source(&f.r, &sqi_src_text, NULL);
}

/* The rows of the next batch; "" if there is none. */
static const char *next(void)
{
    sqi_offset start = last;
    last = rig_latest(&f.r, &start);
    return sqi_offset_equal(&start, &last) ? "" : rig_read(&f.r, &start, &last);
}

static bool more(void)
{
    return f.r.source->type->more(f.r.source, &last);
}

static bool readable(void)
{
    struct pollfd one = {.fd = f.r.source->type->fd(f.r.source), .events = POLLIN};
    return poll(&one, 1, 0) == 1;
}

/* Files n .. m that hold their own number, a second apart. */
static void put_numbers(int from, int to)
{
    char name[20], value[20];
    for (int i = from; i <= to; i++) {
        snprintf(name, sizeof name, "f%d", i);
        snprintf(value, sizeof value, "%d\n", i);
        file_put(&f, name, value, 1000 + i);
    }
}

START_TEST(new_files_are_read_once)
{
    begin();
    file_put(&f, "a", "a\n", 0);
    text("");
    ck_assert_str_eq(next(), "a\n");
    ck_assert_str_eq(rig_json(&f.r, &last), "{\"logOffset\":0}");
    ck_assert_str_eq(next(), "");
    file_put(&f, "b with a space", "b\n", 0);
    ck_assert_str_eq(next(), "b\n");
    file_put(&f, "a", "changed\n", 0);
    file_put(&f, "_hidden", "h\n", 0);
    file_put(&f, ".hidden", "h\n", 0);
    file_put(&f, "sub/x", "x\n", 0);
    ck_assert_str_eq(next(), "");
    ck_assert_str_eq(rig_json(&f.r, &last), "{\"logOffset\":1}");
    end();
}
END_TEST

START_TEST(an_empty_file_is_one_that_is_still_to_be_written)
{
    begin();
    text("");
    file_put(&f, "a", "", 0);
    ck_assert_str_eq(next(), "");
    ck_assert_str_eq(rig_json(&f.r, &last), "null");
    int fd = open(file_name(&f, "a"), O_WRONLY | O_CLOEXEC);
    ck_assert_int_eq(write(fd, "a\n", 2), 2);
    close(fd);
    ck_assert_str_eq(next(), "a\n");
    end();
}
END_TEST

/* K8 */
START_TEST(a_limit_of_files_holds_for_every_batch)
{
    begin();
    rig_option(&f.r, "maxFilesPerTrigger", "2");
    put_numbers(1, 3);
    text("");
    ck_assert_str_eq(next(), "1\n2\n");
    ck_assert(more());
    ck_assert_str_eq(next(), "3\n");
    ck_assert(!more());
    put_numbers(4, 7);
    ck_assert_str_eq(next(), "4\n5\n");
    ck_assert_str_eq(next(), "6\n7\n");
    put_numbers(8, 12);
    ck_assert_str_eq(next(), "8\n9\n");
    ck_assert_str_eq(next(), "10\n11\n");
    ck_assert_str_eq(next(), "12\n");
    ck_assert_str_eq(next(), "");
    end();
}
END_TEST

START_TEST(one_shot_triggers_know_no_limit)
{
    begin();
    rig_option(&f.r, "maxFilesPerTrigger", "2");
    put_numbers(1, 3);
    text("");
    f.r.source->no_limits = true;
    ck_assert_str_eq(next(), "1\n2\n3\n");
    put_numbers(4, 5);
    ck_assert_str_eq(next(), "4\n5\n");
    end();
}
END_TEST

START_TEST(a_limit_of_bytes_takes_one_file_at_least_and_stops_at_the_first_that_is_too_much)
{
    begin();
    rig_option(&f.r, "maxBytesPerTrigger", "9");
    file_put(&f, "a", "aaaaa\n", 1000);
    file_put(&f, "b", "a file that is larger than the limit\n", 2000);
    file_put(&f, "c", "c\n", 3000);
    file_put(&f, "d", "d\n", 4000);
    text("");
    ck_assert_str_eq(next(), "aaaaa\n");
    ck_assert_str_eq(next(), "a file that is larger than the limit\n");
    ck_assert_str_eq(next(), "c\nd\n");
    end();
}
END_TEST

/* K10 */
START_TEST(newest_files_first)
{
    begin();
    rig_option(&f.r, "maxFilesPerTrigger", "1");
    rig_option(&f.r, "latestFirst", "true");
    rig_option(&f.r, "maxFileAge", "1ms");
    put_numbers(1, 2);
    text("");
    ck_assert_str_eq(next(), "2\n");
    ck_assert(more());
    ck_assert_str_eq(next(), "1\n"); /* the limit of age does not count */
    end();
}
END_TEST

START_TEST(any_range_of_batches_can_be_read_until_it_is_committed)
{
    static const struct {
        int64_t from, to;
        const char *rows;
    } ranges[] = {{-1, 2, "1\n2\n3\n"}, {0, 1, "2\n"}, {0, 2, "2\n3\n"}, {1, 2, "3\n"}, {2, 2, ""}};
    begin();
    rig_option(&f.r, "maxFilesPerTrigger", "1");
    put_numbers(1, 3);
    text("");
    for (int i = 0; i < 3; i++)
        next();
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        sqi_offset a = {.known = ranges[i].from >= 0, .number = {ranges[i].from, 0}};
        sqi_offset b = {.known = true, .number = {ranges[i].to, 0}};
        ck_assert_str_eq(rig_read(&f.r, &a, &b), ranges[i].rows);
    }
    sqi_offset one = {.known = true, .number = {1, 0}};
    f.r.source->type->commit(f.r.source, &one);
    rig_refused(&f.r, f.r.source->type->read(f.r.source, &unknown, &one, NULL, NULL, &f.r.err), SQI_COND_IO_ERROR,
                "which files batch 0");
    ck_assert_str_eq(rig_read(&f.r, &one, &last), "3\n");
    end();
}
END_TEST

START_TEST(a_range_that_was_planned_is_given_again_until_it_is_done)
{
    begin();
    put_numbers(1, 1);
    text("");
    sqi_offset a = rig_latest(&f.r, &unknown);
    put_numbers(2, 2);
    sqi_offset b = rig_latest(&f.r, &unknown);
    ck_assert(sqi_offset_equal(&a, &b));
    ck_assert_str_eq(rig_read(&f.r, &unknown, &b), "1\n");
    end();
}
END_TEST

/* K7 */
START_TEST(files_that_are_too_old_are_passed_over_but_not_at_first)
{
    begin();
    rig_option(&f.r, "maxFileAge", "10s");
    file_put(&f, "old", "old\n", 1000);
    file_put(&f, "new", "new\n", 2000);
    text("");
    ck_assert_str_eq(next(), "old\nnew\n");
    file_put(&f, "late", "late\n", 1500);
    file_put(&f, "in time", "in time\n", 1995);
    ck_assert_str_eq(next(), "in time\n");
    file_put(&f, "old", "written again\n", 1999); /* was forgotten */
    ck_assert_str_eq(next(), "written again\n");
    end();
}
END_TEST

START_TEST(files_may_be_known_by_their_own_names)
{
    begin();
    rig_option(&f.r, "fileNameOnly", "true");
    rig_option(&f.r, "recursiveFileLookup", "true");
    file_put(&f, "x/a", "xa\n", 1000);
    file_put(&f, "y/a", "ya\n", 2000);
    file_put(&f, "y/b", "yb\n", 3000);
    text("");
    ck_assert_str_eq(next(), "xa\nyb\n");
    file_put(&f, "z/b", "zb\n", 4000);
    ck_assert_str_eq(next(), "");
    end();
}
END_TEST

/* K12 */
START_TEST(a_folder_is_listed_once_for_the_batches_that_its_files_make)
{
    begin();
    rig_option(&f.r, "maxFilesPerTrigger", "10");
    put_numbers(1, 41);
    text("");
    unsigned lists = f.lists;
    for (int i = 0; i < 4; i++)
        ck_assert_str_ne(next(), "");
    ck_assert_uint_eq(f.lists, lists + 1);
    ck_assert(more()); /* one is left, less than a fifth of ten: it was dropped */
    ck_assert_str_eq(next(), "41\n");
    ck_assert_uint_eq(f.lists, lists + 2);
    end();
}
END_TEST

START_TEST(newest_first_lists_each_time)
{
    begin();
    rig_option(&f.r, "maxFilesPerTrigger", "5");
    rig_option(&f.r, "latestFirst", "true");
    put_numbers(1, 10);
    text("");
    unsigned lists = f.lists;
    ck_assert_str_eq(next(), "10\n9\n8\n7\n6\n");
    put_numbers(11, 11);
    ck_assert_str_eq(next(), "11\n5\n4\n3\n2\n");
    ck_assert_uint_eq(f.lists, lists + 2);
    end();
}
END_TEST

START_TEST(files_beyond_the_cache_are_listed_again)
{
    begin();
    rig_option(&f.r, "maxFilesPerTrigger", "2");
    rig_option(&f.r, "maxCachedFiles", "2");
    rig_option(&f.r, "discardCachedInputRatio", "0");
    put_numbers(1, 9);
    text("");
    unsigned lists = f.lists;
    ck_assert_str_eq(next(), "1\n2\n");
    ck_assert_str_eq(next(), "3\n4\n");
    ck_assert_uint_eq(f.lists, lists + 1);
    ck_assert(more());
    ck_assert_str_eq(next(), "5\n6\n");
    ck_assert_uint_eq(f.lists, lists + 2);
    end();
}
END_TEST

START_TEST(what_is_there_at_the_first_look_is_all_of_available_now)
{
    begin();
    rig_option(&f.r, "maxFilesPerTrigger", "2");
    put_numbers(1, 3);
    text("");
    f.r.source->available_now = true;
    ck_assert_str_eq(next(), "1\n2\n");
    put_numbers(4, 9);
    ck_assert_str_eq(next(), "3\n");
    ck_assert_str_eq(next(), "");
    ck_assert_int_eq(f.r.source->type->next_micros(f.r.source), INT64_MAX);
    end();
}
END_TEST

START_TEST(an_idle_folder_costs_no_listing_and_news_wake_it)
{
    begin();
    put_numbers(1, 1);
    text("");
    next();
    unsigned lists = f.lists;
    for (int i = 0; i < 100; i++)
        ck_assert_str_eq(next(), "");
    ck_assert_uint_eq(f.lists, lists);
    ck_assert(!readable());
    ck_assert_int_ge(f.r.source->type->next_micros(f.r.source), INT64_C(60000000));
    put_numbers(2, 2);
    ck_assert(readable());
    ck_assert_str_eq(next(), "2\n");
    ck_assert(!readable());
    file_put(&f, "p=1/x", "x\n", 0); /* a folder that was not there */
    ck_assert(readable());
    ck_assert_str_eq(next(), "x\n");
    file_put(&f, "p=1/y", "y\n", 0);
    ck_assert(readable());
    ck_assert_str_eq(next(), "y\n");
    end();
}
END_TEST

START_TEST(a_folder_that_cannot_be_watched_is_listed_now_and_then)
{
    begin();
    file_folder(&f, "a");
    text("*/in"); /* where `in` may come is not told */
    ck_assert_str_eq(next(), "");
    int64_t when = f.r.source->type->next_micros(f.r.source);
    ck_assert_int_gt(when, f.r.sim.monotonic);
    ck_assert_int_le(when, f.r.sim.monotonic + 200000);
    file_put(&f, "a/in/x", "x\n", 0);
    ck_assert_str_eq(next(), "x\n");
    end();
}
END_TEST

/* K11 */
START_TEST(files_are_deleted_when_their_batch_is_committed)
{
    begin();
    rig_option(&f.r, "cleanSource", "DELETE");
    file_put(&f, "a b%41#?", "a\n", 0);
    text("");
    next();
    ck_assert(file_there(&f, "a b%41#?"));
    file_put(&f, "b", "b\n", 0);
    sqi_offset first = last;
    next();
    f.r.source->type->commit(f.r.source, &first);
    ck_assert(!file_there(&f, "a b%41#?") && file_there(&f, "b"));
    f.fail = (file_failure){"unlink", "/b", EACCES};
    f.r.source->type->commit(f.r.source, &last);
    ck_assert(file_there(&f, "b"));
    ck_assert_ptr_nonnull(strstr(sqi_arena_text(&f.r.arena, f.r.log.ptr, f.r.log.len), "cannot delete"));
    ck_assert(f.r.source->type->destroys);
    end();
}
END_TEST

START_TEST(what_lies_at_a_path_when_it_is_declared)
{
    begin();
    file_path(&f, "nope");
    rig_refused(&f.r, rig_try_source(&f.r, &sqi_src_text, NULL), SQI_COND_PATH_NOT_FOUND, "nope");
    file_path(&f, "nope*/x");
    rig_source(&f.r, &sqi_src_text, NULL);
    ck_assert_str_eq(next(), "");
    end();
}
END_TEST

START_TEST(a_folder_that_goes_while_it_is_watched_is_an_error)
{
    begin();
    file_put(&f, "in/a", "a\n", 0);
    text("in");
    next();
    ck_assert_int_eq(sqi_os_remove_tree(sqi_os_files_posix(), file_name(&f, "in")), 0);
    sqi_offset e;
    rig_refused(&f.r, f.r.source->type->latest(f.r.source, &last, &e, &f.r.err), SQI_COND_PATH_NOT_FOUND, "/in");
    end();
}
END_TEST

START_TEST(a_file_that_grows_is_read_up_to_the_size_it_had)
{
    begin();
    file_put(&f, "a", "first\n", 0);
    text("");
    sqi_offset e = rig_latest(&f.r, &unknown);
    int fd = open(file_name(&f, "a"), O_WRONLY | O_APPEND | O_CLOEXEC);
    ck_assert_int_eq(write(fd, "later\n", 6), 6);
    close(fd);
    ck_assert_str_eq(rig_read(&f.r, &unknown, &e), "first\n");
    ck_assert_int_eq(truncate(file_name(&f, "a"), 3), 0);
    rig_refused(&f.r, f.r.source->type->read(f.r.source, &unknown, &e, NULL, NULL, &f.r.err), SQI_COND_FAILED_READ_FILE,
                "shorter");
    end();
}
END_TEST

static streamq_status take_nothing(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    (void)context;
    (void)chunk;
    (void)err;
    return STREAMQ_OK;
}

START_TEST(files_that_are_gone_or_cannot_be_read_are_named)
{
    begin();
    put_numbers(1, 2);
    text("");
    sqi_offset e = rig_latest(&f.r, &unknown);
    const sqi_source_type *t = f.r.source->type;
    f.fail = (file_failure){"open", "f2", EACCES};
    rig_refused(&f.r, t->read(f.r.source, &unknown, &e, take_nothing, NULL, &f.r.err), SQI_COND_FAILED_READ_FILE,
                "/f2'");
    f.fail = (file_failure){"read", "f1", EIO};
    rig_refused(&f.r, t->read(f.r.source, &unknown, &e, take_nothing, NULL, &f.r.err), SQI_COND_FAILED_READ_FILE,
                "/f1'");
    f.fail = (file_failure){0};
    ck_assert_int_eq(unlink(file_name(&f, "f2")), 0);
    rig_refused(&f.r, t->read(f.r.source, &unknown, &e, take_nothing, NULL, &f.r.err),
                SQI_COND_FAILED_READ_FILE__FILE_NOT_EXIST, "/f2'");
    end();
}
END_TEST

START_TEST(files_that_are_gone_or_corrupt_are_left_out_on_request)
{
    begin();
    rig_option(&f.r, "ignoreMissingFiles", "true");
    rig_option(&f.r, "ignoreCorruptFiles", "true");
    put_numbers(1, 3);
    file_put(&f, "f4.gz", "not gzip", 2000);
    text("");
    sqi_offset e = rig_latest(&f.r, &unknown);
    ck_assert_int_eq(unlink(file_name(&f, "f2")), 0);
    ck_assert_str_eq(rig_read(&f.r, &unknown, &e), "1\n3\n");
    sqi_buf_byte(&f.r.log, '\0');
    ck_assert_ptr_nonnull(strstr(f.r.log.ptr, "missing file is passed over"));
    ck_assert_ptr_nonnull(strstr(f.r.log.ptr, "f4.gz"));
    end();
}
END_TEST

START_TEST(partition_folders_are_columns)
{
    begin();
    file_put(&f, "p=1/a", "a\nb\r\n", 1000);
    text("");
    ck_assert_uint_eq(f.r.schema.n, 2);
    ck_assert_str_eq(next(), "a|1\nb|1\n");
    file_put(&f, "p=2/b", "b\n", 2000);
    file_put(&f, "c", "c\n", 3000);
    file_put(&f, "p=__HIVE_DEFAULT_PARTITION__/d", "d\n", 4000);
    ck_assert_str_eq(next(), "b|2\nc|NULL\nd|NULL\n");
    file_put(&f, "p=x/e", "e\n", 5000);
    sqi_offset start = last, e = rig_latest(&f.r, &start);
    rig_refused(&f.r, f.r.source->type->read(f.r.source, &start, &e, take_nothing, NULL, &f.r.err),
                SQI_COND_INVALID_PARTITION_VALUE, "'x'");
    end();
}
END_TEST

START_TEST(csv_and_json_are_read_with_the_schema_given)
{
    begin();
    rig_columns(&f.r, (const char *[]){"n", "s"}, (const sqi_type *const[]){&sqi_type_int, &sqi_type_string}, 2);
    rig_option(&f.r, "header", "true");
    file_put(&f, "a.csv", "n,s\n1,x\n2,\"y,z\"\n", 0);
    file_path(&f, "");
    rig_source(&f.r, &sqi_src_csv, NULL);
    ck_assert_str_eq(next(), "1|x\n2|y,z\n");
    end();
    begin();
    rig_columns(&f.r, (const char *[]){"n", "p"}, (const sqi_type *const[]){&sqi_type_int, &sqi_type_string}, 2);
    file_put(&f, "p=01/a.json", "{\"n\":1}\n{\"n\":2}\n", 0);
    file_path(&f, "");
    rig_source(&f.r, &sqi_src_json, NULL);
    ck_assert_str_eq(next(), "1|01\n2|01\n");
    end();
}
END_TEST

START_TEST(options_are_checked)
{
    static const char *const bad[][2] = {{"maxFilesPerTrigger", "0"},
                                         {"maxFilesPerTrigger", "-1"},
                                         {"maxFilesPerTrigger", "10.1"},
                                         {"maxFilesPerTrigger", "x"},
                                         {"maxBytesPerTrigger", "0"},
                                         {"maxBytesPerTrigger", "x"},
                                         {"maxFileAge", "soon"},
                                         {"cleanSource", "x"},
                                         {"maxCachedFiles", "-1"},
                                         {"discardCachedInputRatio", "2"},
                                         {"discardCachedInputRatio", "x"},
                                         {"latestFirst", "x"},
                                         {"fileNameOnly", "x"},
                                         {"ignoreMissingFiles", "x"},
                                         {"modifiedBefore", "2020-01-01T00:00:00"},
                                         {"pathGlobFilter", "[a"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        begin();
        file_path(&f, "");
        rig_option(&f.r, bad[i][0], bad[i][1]);
        rig_refused(&f.r, rig_try_source(&f.r, &sqi_src_text, NULL), SQI_COND_INVALID_OPTION_VALUE, bad[i][0]);
        end();
    }
    begin();
    rig_refused(&f.r, rig_try_source(&f.r, &sqi_src_text, NULL), SQI_COND_MISSING_OPTION, "path");
    file_path(&f, "");
    rig_option(&f.r, "cleanSource", "archive");
    rig_refused(&f.r, rig_try_source(&f.r, &sqi_src_text, NULL), SQI_COND_MISSING_OPTION, "sourceArchiveDir");
    rig_option(&f.r, "sourceArchiveDir", file_name(&f, "archive"));
    rig_refused(&f.r, rig_try_source(&f.r, &sqi_src_text, NULL), SQI_COND_INVALID_OPTION_VALUE, "can reach");
    rig_option(&f.r, "header", "true"); /* of csv */
    rig_refused(&f.r, rig_try_source(&f.r, &sqi_src_text, NULL), SQI_COND_UNKNOWN_OPTION, "header");
    end();
    begin();
    file_path(&f, "");
    rig_refused(&f.r, rig_try_source(&f.r, &sqi_src_json, NULL), SQI_COND_INVALID_ARGUMENT, "Schema must be specified");
    end();
}
END_TEST

START_TEST(a_bounded_read_is_all_there_is_by_path)
{
    begin();
    f.r.bounded = true;
    rig_option(&f.r, "maxFilesPerTrigger", "1");
    file_put(&f, "b", "b\n", 1000);
    file_put(&f, "a", "a\n", 2000);
    text("");
    f.r.source->available_now = f.r.source->no_limits = true;
    ck_assert_str_eq(next(), "a\nb\n");
    ck_assert_int_eq(f.r.source->type->fd(f.r.source), -1);
    end();
    begin();
    f.r.bounded = true;
    file_put(&f, "plain", "left out beside folders\n", 0);
    file_put(&f, "p=1/a", "a\n", 0);
    text("");
    f.r.source->available_now = f.r.source->no_limits = true;
    ck_assert_str_eq(next(), "a|1\n");
    end();
}
END_TEST

START_TEST(a_log_of_a_sink_says_what_is_there)
{
    static const char one[] = "v1\n{\"path\":\"file://%s/a\",\"size\":2,\"isDir\":false,\"modificationTime\":1000,"
                              "\"blockReplication\":1,\"blockSize\":1,\"action\":\"add\"}";
    char log[500];
    begin();
    file_put(&f, "a", "a\n", 0);
    file_put(&f, "of a batch that failed", "b\n", 0);
    snprintf(log, sizeof log, one, f.folder);
    file_put(&f, "_spark_metadata/0", log, 0);
    text("");
    ck_assert_str_eq(next(), "a\n");
    file_put(&f, "c", "c\n", 0);
    ck_assert_str_eq(next(), "");
    strcpy(strstr(log, "/a\"") + 1, "c\",\"size\":2,\"isDir\":false,\"modificationTime\":2000,\"blockReplication\":1,"
                                    "\"blockSize\":1,\"action\":\"add\"}");
    file_put(&f, "_spark_metadata/1", log, 0);
    ck_assert_str_eq(next(), "c\n");
    sqi_source_close(f.r.source);
    f.r.source = NULL;
    rig_option(&f.r, "cleanSource", "delete");
    rig_refused(&f.r, rig_try_source(&f.r, &sqi_src_text, NULL), SQI_COND_INVALID_OPTION_VALUE, "file sink");
    end();
}
END_TEST

START_TEST(of_many_files_only_the_new_ones_are_looked_at)
{
    char name[40];
    begin();
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof name, "file %d", i);
        file_put(&f, name, "x\n", 1000);
    }
    text("");
    ck_assert_uint_eq(strlen(next()), 4000);
    f.r.source->type->commit(f.r.source, &last);
    unsigned stats = f.stats;
    file_put(&f, "one more", "new\n", 2000);
    ck_assert_str_eq(next(), "new\n");
    ck_assert_uint_le(f.stats - stats, 4); /* the folder, its log's folder, the file */
    end();
}
END_TEST

START_TEST(impossible_offsets_are_refused)
{
    sqi_offset bad = {.known = true, .number = {-5, 0}}, e;
    begin();
    text("");
    rig_refused(&f.r, f.r.source->type->latest(f.r.source, &bad, &e, &f.r.err), SQI_COND_ARITHMETIC_OVERFLOW, "-5");
    bad.number[0] = INT64_MAX;
    rig_refused(&f.r, f.r.source->type->latest(f.r.source, &bad, &e, &f.r.err), SQI_COND_ARITHMETIC_OVERFLOW, "cannot");
    end();
}
END_TEST

START_TEST(the_source_describes_itself_as_spark_does)
{
    char wanted[200];
    sqi_buf b;
    begin();
    text("");
    sqi_source_end(f.r.source);
    sqi_buf_init(&b, &f.r.heap.alloc, 0);
    ck_assert(f.r.source->type->describe(f.r.source, &b) && sqi_buf_byte(&b, '\0'));
    snprintf(wanted, sizeof wanted, "FileStreamSource[file:%s]", f.folder);
    ck_assert_str_eq(b.ptr, wanted);
    sqi_buf_fini(&b);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        new_files_are_read_once,
        an_empty_file_is_one_that_is_still_to_be_written,
        a_limit_of_files_holds_for_every_batch,
        one_shot_triggers_know_no_limit,
        a_limit_of_bytes_takes_one_file_at_least_and_stops_at_the_first_that_is_too_much,
        newest_files_first,
        any_range_of_batches_can_be_read_until_it_is_committed,
        a_range_that_was_planned_is_given_again_until_it_is_done,
        files_that_are_too_old_are_passed_over_but_not_at_first,
        files_may_be_known_by_their_own_names,
        a_folder_is_listed_once_for_the_batches_that_its_files_make,
        newest_first_lists_each_time,
        files_beyond_the_cache_are_listed_again,
        what_is_there_at_the_first_look_is_all_of_available_now,
        an_idle_folder_costs_no_listing_and_news_wake_it,
        a_folder_that_cannot_be_watched_is_listed_now_and_then,
        files_are_deleted_when_their_batch_is_committed,
        what_lies_at_a_path_when_it_is_declared,
        a_folder_that_goes_while_it_is_watched_is_an_error,
        a_file_that_grows_is_read_up_to_the_size_it_had,
        files_that_are_gone_or_cannot_be_read_are_named,
        files_that_are_gone_or_corrupt_are_left_out_on_request,
        partition_folders_are_columns,
        csv_and_json_are_read_with_the_schema_given,
        options_are_checked,
        a_bounded_read_is_all_there_is_by_path,
        a_log_of_a_sink_says_what_is_there,
        of_many_files_only_the_new_ones_are_looked_at,
        impossible_offsets_are_refused,
        the_source_describes_itself_as_spark_does,
    };
    return sqi_test_main("src_file", tests, sizeof tests / sizeof *tests);
}
