/*
 * The log of files: what Spark's own suites show of HDFSMetadataLog, CompactibleFileStreamLog, FileStreamSinkLog and
 * CheckpointFileManager, and the faults of a disk.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "folder_rig.h"
#include "io_manifest.h"
#include "io_rig.h"
#include "test_main.h"

static rig r;
static folder f;
static sqi_manifest m;
static sqi_buf seen;
static sqi_manifest_settings settings;

static void reopen(void)
{
    char path[128];
    strcpy(path, folder_name(&f, "log"));
    sqi_manifest_close(&m);
    ck_assert_int_eq(sqi_manifest_open(&m, &r.env, sqi_span_of(path), &settings, &r.err), STREAMQ_OK);
}

static int64_t real_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

/* The simulated clock is set a while after the disk's, so that a file is always older than now. */
static void begin(int64_t interval, int64_t keep)
{
    rig_begin(&r);
    folder_begin(&f);
    folder_put(&f, "log/readme", "not an entry");
    sqi_os_sim_set_wall(&r.sim, real_now() + INT64_C(5000000));
    r.sim.os.files = &f.files;
    sqi_buf_init(&seen, &r.heap.alloc, 0);
    settings = sqi_manifest_defaults();
    settings.interval = interval;
    settings.keep = keep;
    settings.delay_micros = 0;
    reopen();
}

static void end(void)
{
    f.fail_at = 0;
    sqi_manifest_close(&m);
    sqi_buf_fini(&seen);
    folder_end(&f);
    rig_end(&r);
}

static sqi_manifest_entry entry_of(const char *path, int64_t modified)
{
    return (sqi_manifest_entry){sqi_span_of(path), 4, false, modified, 1, 33554432};
}

static sqi_manifest_added add(int64_t id, const char *path)
{
    sqi_manifest_added added;
    sqi_manifest_entry e = entry_of(path, 1000);
    ck_assert_msg(sqi_manifest_add(&m, id, &e, path ? 1 : 0, &added, &r.err) == STREAMQ_OK, "%s",
                  sqi_error_message(r.err));
    return added;
}

static void add_numbered(int64_t id)
{
    char path[32];
    snprintf(path, sizeof path, "/o/%lld", (long long)id);
    ck_assert_int_eq(add(id, path), SQI_MANIFEST_ADDED);
}

static streamq_status see(void *context, const sqi_manifest_entry *e, sqi_span line, streamq_error **err)
{
    (void)context;
    (void)line;
    (void)err;
    sqi_buf_printf(&seen, "%s%.*s", seen.len ? " " : "", (int)e->path.len, e->path.ptr);
    return STREAMQ_OK;
}

static const char *read_after(int64_t after)
{
    int64_t latest;
    sqi_buf_clear(&seen);
    ck_assert_msg(sqi_manifest_read(&m, after, &latest, see, NULL, &r.err) == STREAMQ_OK, "%s",
                  sqi_error_message(r.err));
    ck_assert_int_eq(latest, m.latest);
    ck_assert(sqi_buf_byte(&seen, '\0'));
    return seen.ptr;
}

static const char *names(void)
{
    char *all = (char *)folder_list(&f, "log");
    char *readme = strstr(all, " readme");
    ck_assert_ptr_nonnull(readme);
    ck_assert_str_eq(readme, " readme"); /* nothing behind it, and hidden files would stand before */
    *readme = '\0';
    return all;
}

/* ---------------------------------------------------------------------------------------- HDFSMetadataLog */

START_TEST(an_id_is_added_once_and_the_first_one_stays)
{
    begin(10, 100);
    ck_assert_int_eq(m.latest, -1);
    ck_assert_int_eq(add(0, "/o/0"), SQI_MANIFEST_ADDED);
    ck_assert_int_eq(add(1, "/o/1"), SQI_MANIFEST_ADDED);
    ck_assert_int_eq(add(1, "/o/other"), SQI_MANIFEST_REFUSED);
    ck_assert_int_eq(add(0, "/o/other"), SQI_MANIFEST_REFUSED);
    ck_assert_str_eq(read_after(-1), "/o/0 /o/1");
    reopen();
    ck_assert_int_eq(m.latest, 1);
    ck_assert_str_eq(read_after(-1), "/o/0 /o/1");
    ck_assert_str_eq(names(), "0 1");
    end();
}
END_TEST

START_TEST(an_id_that_somebody_else_added_is_refused_and_stays)
{
    begin(10, 100);
    add_numbered(0);
    folder_put(&f, "log/1", "v1");
    ck_assert_int_eq(add(1, "/o/1"), SQI_MANIFEST_REFUSED);
    ck_assert_str_eq(folder_read(&f, "log/1"), "v1");
    ck_assert_str_eq(names(), "0 1");
    end();
}
END_TEST

typedef struct contender {
    rig r;
    int number, won[11];
} contender;

static void *contend(void *argument)
{
    contender *c = argument;
    sqi_manifest mine;
    char path[128];
    snprintf(path, sizeof path, "%s/log", f.path);
    ck_assert_int_eq(sqi_manifest_open(&mine, &c->r.env, sqi_span_of(path), &settings, NULL), STREAMQ_OK);
    for (int64_t id = 0; id <= 10; id++) {
        char file[32];
        sqi_manifest_added added;
        snprintf(file, sizeof file, "/o/%d/%lld", c->number, (long long)id);
        sqi_manifest_entry e = entry_of(file, 1000);
        if (sqi_manifest_add(&mine, id, &e, 1, &added, NULL) == STREAMQ_OK)
            c->won[id] = added == SQI_MANIFEST_ADDED;
    }
    sqi_manifest_close(&mine);
    return NULL;
}

START_TEST(of_several_writers_one_adds_each_id)
{
    enum { WRITERS = 5 };
    static contender c[WRITERS];
    pthread_t thread[WRITERS];
    begin(100, 100);
    for (int i = 0; i < WRITERS; i++) {
        rig_begin(&c[i].r);
        c[i].number = i;
    }
    for (int i = 0; i < WRITERS; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, contend, &c[i]), 0);
    for (int i = 0; i < WRITERS; i++)
        ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
    for (int64_t id = 0; id <= 10; id++) {
        int winners = 0, who = 0;
        for (int i = 0; i < WRITERS; i++) {
            winners += c[i].won[id];
            who = c[i].won[id] ? i : who;
        }
        ck_assert_int_eq(winners, 1);
        char name[32], file[64];
        snprintf(name, sizeof name, "log/%lld", (long long)id);
        snprintf(file, sizeof file, "file:///o/%d/%lld\"", who, (long long)id);
        ck_assert(strstr(folder_read(&f, name), file));
    }
    ck_assert_str_eq(names(), "0 1 10 2 3 4 5 6 7 8 9");
    for (int i = 0; i < WRITERS; i++)
        rig_end(&c[i].r);
    end();
}
END_TEST

START_TEST(a_missing_id_is_an_error_that_names_it)
{
    int64_t latest;
    begin(10, 100);
    for (int64_t id = 0; id < 5; id++)
        add_numbered(id);
    remove(folder_name(&f, "log/2"));
    rig_refused(&r, sqi_manifest_read(&m, -1, &latest, see, NULL, &r.err), SQI_COND_BATCH_METADATA_NOT_FOUND,
                "entry 2");
    remove(folder_name(&f, "log/0"));
    rig_refused(&r, sqi_manifest_read(&m, -1, &latest, see, NULL, &r.err), SQI_COND_BATCH_METADATA_NOT_FOUND,
                "entry 0");
    ck_assert_str_eq(read_after(2), "/o/3 /o/4"); /* behind the hole nothing is missing */
    end();
}
END_TEST

START_TEST(a_missing_id_stops_a_compaction)
{
    sqi_manifest_added added;
    sqi_manifest_entry e = entry_of("/o/2", 1000);
    begin(3, 100);
    add_numbered(0);
    add_numbered(1);
    remove(folder_name(&f, "log/0"));
    rig_refused(&r, sqi_manifest_add(&m, 2, &e, 1, &added, &r.err), SQI_COND_BATCH_METADATA_NOT_FOUND, "entry 0");
    ck_assert_int_eq(added, SQI_MANIFEST_REFUSED);
    ck_assert_str_eq(names(), "1");
    end();
}
END_TEST

/* ---------------------------------------------------------------------------------------- CompactibleFileStreamLog */

START_TEST(names_are_numbers_and_compact_ones)
{
    int64_t id;
    bool compact;
    ck_assert(sqi_manifest_name("0", &id, &compact) && id == 0 && !compact);
    ck_assert(sqi_manifest_name("2.compact", &id, &compact) && id == 2 && compact);
    ck_assert(sqi_manifest_name("9223372036854775806", &id, &compact) && id == INT64_MAX - 1);
    static const char *const bad[] = {"",
                                      "-1",
                                      "+1",
                                      "01",
                                      "1.compact.",
                                      "1.crc",
                                      ".0.crc",
                                      "1x",
                                      "x",
                                      ".1.0.tmp",
                                      "compact",
                                      ".compact",
                                      "1 ",
                                      "00",
                                      "1.COMPACT",
                                      "9223372036854775807",
                                      "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!sqi_manifest_name(bad[i], &id, &compact), "%s", bad[i]);
}
END_TEST

START_TEST(compaction_comes_at_the_end_of_every_interval)
{
    static const bool at[] = {0, 0, 1, 0, 0, 1, 0, 0, 1};
    for (int64_t id = 0; id < 9; id++)
        ck_assert_int_eq(sqi_manifest_compacts(id, 3), at[id]);
}
END_TEST

START_TEST(an_interval_is_derived_from_one_compact_file)
{
    static const int64_t is[][3] = {/* wanted, latest, interval */
                                    {5, 4, 5},   {4, 9, 5},  {10, 9, 10}, {3, 4, 5},  {5, 9, 5}, {5, 10, 11},
                                    {8, 11, 12}, {5, 11, 6}, {7, 19, 10}, {10, 2, 3}, {1, 6, 1}};
    for (size_t i = 0; i < sizeof is / sizeof *is; i++)
        ck_assert_int_eq(sqi_manifest_derive(is[i][0], is[i][1]), is[i][2]);
    int64_t hostile = INT64_C(9223372036854775782); /* one below a prime number */
    ck_assert_int_eq(sqi_manifest_derive(10, hostile), hostile + 1);
}
END_TEST

START_TEST(a_log_keeps_the_interval_it_was_written_with)
{
    begin(3, 100);
    for (int64_t id = 0; id < 4; id++)
        add_numbered(id);
    settings.interval = 10;
    reopen();
    ck_assert_int_eq(m.interval, 3); /* one compact file: what divides 3 */
    add_numbered(4);
    add_numbered(5);
    reopen();
    ck_assert_int_eq(m.interval, 3); /* two: what lies between them */
    ck_assert_str_eq(names(), "0 1 2.compact 3 4 5.compact");
    end();
}
END_TEST

START_TEST(after_each_batch_all_entries_so_far_are_read)
{
    char all[256] = "";
    begin(3, 100);
    for (int64_t id = 0; id < 10; id++) {
        add_numbered(id);
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s/o/%lld", id ? " " : "", (long long)id);
        ck_assert_str_eq(read_after(-1), all);
    }
    ck_assert_str_eq(names(), "0 1 2.compact 3 4 5.compact 6 7 8.compact 9");
    reopen();
    ck_assert_str_eq(read_after(-1), all);
    end();
}
END_TEST

START_TEST(only_later_batches_are_read_where_they_can_be_told_apart)
{
    begin(3, 100);
    for (int64_t id = 0; id < 5; id++)
        add_numbered(id);
    ck_assert_str_eq(read_after(3), "/o/4");
    ck_assert_str_eq(read_after(2), "/o/3 /o/4");
    ck_assert_str_eq(read_after(1), "/o/0 /o/1 /o/2 /o/3 /o/4");
    ck_assert_str_eq(read_after(4), "");
    ck_assert_str_eq(read_after(77), "/o/0 /o/1 /o/2 /o/3 /o/4"); /* the folder is not the one that was read */
    end();
}
END_TEST

static const char *expired_names(int64_t keep, int64_t id)
{
    while (m.latest < id)
        add_numbered(m.latest + 1);
    (void)keep;
    return names();
}

START_TEST(old_files_of_the_log_are_deleted)
{
    begin(3, 1);
    ck_assert_str_eq(expired_names(1, 0), "0");
    ck_assert_str_eq(expired_names(1, 1), "0 1");
    ck_assert_str_eq(expired_names(1, 2), "0 1 2.compact");
    ck_assert_str_eq(expired_names(1, 3), "2.compact 3");
    ck_assert_str_eq(expired_names(1, 4), "2.compact 3 4");
    ck_assert_str_eq(expired_names(1, 5), "2.compact 3 4 5.compact");
    ck_assert_str_eq(expired_names(1, 6), "5.compact 6");
    end();
}
END_TEST

START_TEST(the_last_batches_are_kept_apart)
{
    begin(3, 2);
    ck_assert_str_eq(expired_names(2, 3), "0 1 2.compact 3");
    ck_assert_str_eq(expired_names(2, 4), "2.compact 3 4");
    ck_assert_str_eq(expired_names(2, 5), "2.compact 3 4 5.compact");
    ck_assert_str_eq(expired_names(2, 6), "2.compact 3 4 5.compact 6");
    ck_assert_str_eq(expired_names(2, 7), "5.compact 6 7");
    end();
}
END_TEST

START_TEST(young_files_of_the_log_stay_until_they_are_old)
{
    begin(3, 1);
    settings.delay_micros = INT64_C(600000000);
    reopen();
    ck_assert_str_eq(expired_names(1, 6), "0 1 2.compact 3 4 5.compact 6");
    sqi_os_sim_advance(&r.sim, INT64_C(700000000));
    ck_assert_str_eq(expired_names(1, 8),
                     "5.compact 6 7 8.compact"); /* at the next compaction they are looked at again */
    end();
}
END_TEST

START_TEST(what_crashes_left_is_swept_with_what_is_old)
{
    begin(3, 1);
    folder_put(&f, "log/.3.0.tmp", "half");
    folder_put(&f, "log/.0.crc", "crc");
    folder_put(&f, "log/.4.crc", "crc");
    while (m.latest < 2)
        add_numbered(m.latest + 1);
    add_numbered(3);
    ck_assert_str_eq(folder_list(&f, "log"), ".4.crc 2.compact 3 readme");
    end();
}
END_TEST

START_TEST(a_file_that_cannot_be_deleted_does_no_harm)
{
    begin(3, 1);
    folder_put(&f, "log/1.compact/in the way", "x"); /* a directory is no entry */
    for (int64_t id = 0; id < 7; id++)
        add_numbered(id);
    ck_assert_str_eq(read_after(-1), "/o/0 /o/1 /o/2 /o/3 /o/4 /o/5 /o/6");
    end();
}
END_TEST

/* ---------------------------------------------------------------------------------------- FileStreamSinkLog */

START_TEST(retention_drops_old_entries_when_read_and_when_compacted)
{
    begin(3, 100);
    int64_t now = r.sim.wall / 1000;
    sqi_manifest_added added;
    sqi_manifest_entry old = entry_of("/o/old", now - 5000), young = entry_of("/o/young", now);
    settings.retention_millis = 2000;
    reopen();
    ck_assert_int_eq(sqi_manifest_add(&m, 0, &old, 1, &added, &r.err), STREAMQ_OK);
    ck_assert_int_eq(sqi_manifest_add(&m, 1, &young, 1, &added, &r.err), STREAMQ_OK);
    ck_assert_str_eq(read_after(-1), "/o/young");
    ck_assert(strstr(folder_read(&f, "log/0"), "old"));
    ck_assert_int_eq(sqi_manifest_add(&m, 2, &old, 1, &added, &r.err), STREAMQ_OK);
    ck_assert(!strstr(folder_read(&f, "log/2.compact"), "old"));
    ck_assert(strstr(folder_read(&f, "log/2.compact"), "young"));
    settings.retention_millis = INT64_MAX;
    reopen();
    ck_assert_str_eq(read_after(-1), "/o/young");
    end();
}
END_TEST

START_TEST(a_batch_without_files_has_an_entry)
{
    begin(3, 100);
    ck_assert_int_eq(add(0, NULL), SQI_MANIFEST_ADDED);
    ck_assert_int_eq(add(1, NULL), SQI_MANIFEST_ADDED);
    ck_assert_str_eq(folder_read(&f, "log/0"), "v1");
    ck_assert_int_eq(add(2, NULL), SQI_MANIFEST_ADDED);
    ck_assert_str_eq(folder_read(&f, "log/2.compact"), "v1");
    ck_assert_str_eq(read_after(-1), "");
    reopen();
    ck_assert_int_eq(m.latest, 2);
    end();
}
END_TEST

START_TEST(a_compact_file_comes_before_one_of_the_same_number)
{
    begin(3, 100);
    for (int64_t id = 0; id < 4; id++)
        add_numbered(id);
    folder_put(&f, "log/2", "v1\nnonsense");
    ck_assert_str_eq(read_after(-1), "/o/0 /o/1 /o/2 /o/3");
    end();
}
END_TEST

START_TEST(a_later_version_anywhere_is_refused)
{
    int64_t latest;
    begin(3, 100);
    add_numbered(0);
    folder_put(&f, "log/1", "v2\n{}");
    reopen();
    rig_refused(&r, sqi_manifest_read(&m, -1, &latest, see, NULL, &r.err),
                SQI_COND_INVALID_LOG_VERSION__MAX_SUPPORTED_VERSION, "log/1");
    sqi_manifest_added added;
    rig_refused(&r, sqi_manifest_add(&m, 2, NULL, 0, &added, &r.err),
                SQI_COND_INVALID_LOG_VERSION__MAX_SUPPORTED_VERSION, "log/1");
    end();
}
END_TEST

START_TEST(a_log_that_is_not_there_is_empty)
{
    begin(10, 100);
    char path[128];
    strcpy(path, folder_name(&f, "nothing"));
    sqi_manifest_close(&m);
    ck_assert_int_eq(sqi_manifest_open(&m, &r.env, sqi_span_of(path), &settings, &r.err), STREAMQ_OK);
    ck_assert_int_eq(m.latest, -1);
    ck_assert_str_eq(read_after(-1), "");
    end();
}
END_TEST

/* ---------------------------------------------------------------------------------------- size, faults */

static streamq_status count(void *context, const sqi_manifest_entry *e, sqi_span line, streamq_error **err)
{
    (void)e;
    (void)line;
    (void)err;
    ++*(size_t *)context;
    return STREAMQ_OK;
}

/* A hundred thousand files in the log: memory is that of a few blocks, however many there are. */
START_TEST(a_long_log_is_compacted_and_read_in_little_memory)
{
    enum { FILES = 100000 };
    size_t n = 0;
    int64_t latest;
    begin(2, 100);
    char path[SQI_OS_PATH_ROOM];
    strcpy(path, folder_name(&f, "log/0"));
    FILE *to = fopen(path, "wb");
    fputs("v1", to);
    for (int i = 0; i < FILES; i++)
        fprintf(to,
                "\n{\"path\":\"file:///o/part-%08d.csv\",\"size\":1,\"isDir\":false,\"modificationTime\":1,"
                "\"blockReplication\":1,\"blockSize\":1,\"action\":\"add\"}",
                i);
    ck_assert_int_eq(fclose(to), 0);
    reopen();
    add_numbered(1);
    ck_assert_int_eq(sqi_manifest_read(&m, -1, &latest, count, &n, &r.err), STREAMQ_OK);
    ck_assert_uint_eq(n, FILES + 1);
    ck_assert_uint_lt(r.heap.alloc.peak, 2 << 20);
    end();
}
END_TEST

static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_manifest mine;
    sqi_manifest_added added;
    sqi_io_env env = r.env;
    char path[128];
    (void)context;
    env.alloc = alloc;
    sqi_os_remove_tree(sqi_os_files_posix(), folder_name(&f, "log"));
    folder_put(&f, "log/readme", "x");
    strcpy(path, folder_name(&f, "log"));
    streamq_status status = sqi_manifest_open(&mine, &env, sqi_span_of(path), &settings, err);
    for (int64_t id = 0; id < 3 && status == STREAMQ_OK; id++) {
        sqi_manifest_entry e = entry_of("/o/a b", 1000);
        status = sqi_manifest_add(&mine, id, &e, 1, &added, err);
        ck_assert(status == STREAMQ_OK || added == SQI_MANIFEST_REFUSED);
    }
    sqi_manifest_close(&mine);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    begin(3, 1);
    ck_assert_uint_ge(sqi_test_every_allocation(live, NULL), 10);
    end();
}
END_TEST

/* Each call to the disk fails in turn, once and for good. Whatever happens: what the log says afterwards is a beginning
   of what was added, whole, and an entry that is said not to be there is not there. */
static void fail_at(size_t at, bool beyond)
{
    sqi_manifest_added added = SQI_MANIFEST_ADDED;
    begin(3, 1);
    int64_t id = 0;
    f.calls = 0;
    f.fail_at = at;
    f.fail_beyond = beyond;
    for (streamq_status status = STREAMQ_OK; id < 7 && status == STREAMQ_OK; id += status == STREAMQ_OK) {
        char path[32];
        snprintf(path, sizeof path, "/o/%lld", (long long)id);
        sqi_manifest_entry e = entry_of(path, 1000);
        status = sqi_manifest_add(&m, id, &e, 1, &added, &r.err);
        ck_assert((status == STREAMQ_OK) == (added == SQI_MANIFEST_ADDED));
        ck_assert(status == STREAMQ_OK || strstr(sqi_error_message(r.err), "log"));
    }
    f.fail_at = 0;
    sqi_error_free(r.err);
    r.err = NULL;
    reopen();
    ck_assert(m.latest == id - 1 || (m.latest == id && added == SQI_MANIFEST_PERHAPS));
    char all[256] = "";
    for (int64_t i = 0; i <= m.latest; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s/o/%lld", i ? " " : "", (long long)i);
    ck_assert_str_eq(read_after(-1), all);
    while (m.latest < 8)
        add_numbered(m.latest + 1);
    end();
}

START_TEST(every_call_to_the_disk_may_fail)
{
    begin(3, 1);
    f.calls = 0;
    for (int64_t id = 0; id < 7; id++)
        add_numbered(id);
    size_t calls = f.calls;
    end();
    ck_assert_uint_gt(calls, 40);
    for (size_t at = 1; at <= calls; at++) {
        fail_at(at, false);
        fail_at(at, true);
    }
}
END_TEST

START_TEST(a_disk_that_fails_for_a_while_is_used_again)
{
    begin(3, 1);
    for (int64_t id = 0; id < 4; id++)
        add_numbered(id);
    f.fail_at = f.calls + 1;
    f.code = EIO;
    sqi_manifest_added added;
    rig_refused(&r, sqi_manifest_add(&m, 4, NULL, 0, &added, &r.err), SQI_COND_IO_ERROR, "log/4");
    f.fail_at = 0;
    add_numbered(4); /* the same again, when the disk is back */
    ck_assert_str_eq(read_after(2), "/o/3 /o/4");
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_id_is_added_once_and_the_first_one_stays,
                                  an_id_that_somebody_else_added_is_refused_and_stays,
                                  of_several_writers_one_adds_each_id,
                                  a_missing_id_is_an_error_that_names_it,
                                  a_missing_id_stops_a_compaction,
                                  names_are_numbers_and_compact_ones,
                                  compaction_comes_at_the_end_of_every_interval,
                                  an_interval_is_derived_from_one_compact_file,
                                  a_log_keeps_the_interval_it_was_written_with,
                                  after_each_batch_all_entries_so_far_are_read,
                                  only_later_batches_are_read_where_they_can_be_told_apart,
                                  old_files_of_the_log_are_deleted,
                                  the_last_batches_are_kept_apart,
                                  young_files_of_the_log_stay_until_they_are_old,
                                  what_crashes_left_is_swept_with_what_is_old,
                                  a_file_that_cannot_be_deleted_does_no_harm,
                                  retention_drops_old_entries_when_read_and_when_compacted,
                                  a_batch_without_files_has_an_entry,
                                  a_compact_file_comes_before_one_of_the_same_number,
                                  a_later_version_anywhere_is_refused,
                                  a_log_that_is_not_there_is_empty,
                                  a_long_log_is_compacted_and_read_in_little_memory,
                                  every_allocation_may_fail,
                                  every_call_to_the_disk_may_fail,
                                  a_disk_that_fails_for_a_while_is_used_again};
    return sqi_test_main("io_manifest", tests, sizeof tests / sizeof *tests);
}
