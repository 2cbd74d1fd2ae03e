/*
 * The sink of files: what Spark's FileStreamSinkSuite and ManifestFileCommitProtocolSuite show, a disk that fails at each
 * call, and every disk that a crash may leave.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "disk_image.h"
#include "folder_rig.h"
#include "io_manifest.h"
#include "io_rig.h"
#include "snk_file.h"
#include "test_main.h"

static rig r;
static folder f;
static sqi_file_target target;
static sqi_span partition_name = {"k", 1};
static sqi_chunk chunk;

/* Columns value and, if partitioned, k. */
static void set_rows(int64_t from)
{
    const char *text[6];
    int64_t number[6];
    for (int i = 0; i < 6; i++) {
        text[i] = sqi_arena_printf(&r.arena, "row %d", (int)from + i);
        number[i] = i % 2;
    }
    chunk = rig_beside(&r, rig_strings(&r, text, 6), rig_numbers(&r, number, 6));
    chunk.ncol = r.schema.n;
}

static void prepare(bool partitioned)
{
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"value", "k"}, (const sqi_type *const[]){&sqi_type_string, &sqi_type_bigint},
                partitioned ? 2 : 1);
    target = (sqi_file_target){&partition_name, partitioned};
    set_rows(0);
}

static void begin(bool partitioned)
{
    prepare(partitioned);
    folder_begin(&f);
    r.sim.os.files = &f.files;
    rig_option(&r, "path", folder_name(&f, "out of it"));
}

static streamq_status try_open(void)
{
    sqi_sink_close(r.sink);
    r.sink = NULL;
    streamq_status status = sqi_sink_check(&sqi_snk_text, &r.options, "sink 'text'", &r.err);
    return status == STREAMQ_OK ? sqi_sink_open(&r.sink, &sqi_snk_text, &r.env, &r.options, &r.schema, STREAMQ_APPEND,
                                                SQI_SPAN("q"), &target, &r.err)
                                : status;
}

static void reopen(void)
{
    ck_assert_msg(try_open() == STREAMQ_OK, "%s", sqi_error_message(r.err));
}

static void end(void)
{
    f.fail_at = 0;
    sqi_sink_close(r.sink);
    r.sink = NULL;
    folder_end(&f);
    rig_end(&r);
}

static streamq_status try_batch(int64_t id)
{
    SQI_TRY(r.sink->type->begin(r.sink, id, &r.err));
    SQI_TRY(r.sink->type->write(r.sink, &chunk, &r.err));
    return r.sink->type->commit(r.sink, id, &r.err);
}

/* ---------------------------------------------------------------------------------------- what a reader sees */

typedef struct reading {
    const sqi_os_files *files;
    sqi_buf *to;
    size_t entries;
} reading;

/* The text of every file that the log names; a file that is not there or has another size fails the test. */
static streamq_status read_file(void *context, const sqi_manifest_entry *e, sqi_span line, streamq_error **err)
{
    reading *x = context;
    char path[SQI_OS_PATH_ROOM], text[4096];
    int file;
    size_t got;
    (void)line;
    (void)err;
    snprintf(path, sizeof path, "%.*s", (int)e->path.len, e->path.ptr);
    ck_assert_msg(x->files->open(x->files->context, path, SQI_OS_READ, &file) == 0, "%s is not there", path);
    ck_assert_int_eq(sqi_os_read_all(x->files, file, 0, text, sizeof text, &got), 0);
    x->files->close(x->files->context, file);
    ck_assert_msg((int64_t)got == e->size, "%s has %zu bytes, not %lld", path, got, (long long)e->size);
    ck_assert_uint_gt(got, 0); /* the log names no empty files */
    sqi_buf_put(x->to, text, got);
    x->entries++;
    return STREAMQ_OK;
}

static int64_t read_all(const sqi_io_env *env, const char *folder_path, sqi_buf *to)
{
    sqi_manifest m;
    sqi_manifest_settings settings = sqi_manifest_defaults();
    char log[SQI_OS_PATH_ROOM];
    reading x = {sqi_os_files_of(env->os), to, 0};
    int64_t latest;
    snprintf(log, sizeof log, "%s/" SQI_MANIFEST_FOLDER, folder_path);
    ck_assert_int_eq(sqi_manifest_open(&m, env, sqi_span_of(log), &settings, &r.err), STREAMQ_OK);
    ck_assert_msg(sqi_manifest_read(&m, -1, &latest, read_file, &x, &r.err) == STREAMQ_OK, "%s",
                  sqi_error_message(r.err));
    sqi_manifest_close(&m);
    ck_assert(sqi_buf_byte(to, '\0'));
    return latest;
}

static const char *visible(void)
{
    char path[SQI_OS_PATH_ROOM];
    strcpy(path, folder_name(&f, "out of it"));
    sqi_buf_clear(&r.rows);
    read_all(&r.env, path, &r.rows);
    return r.rows.ptr;
}

static size_t count_files(void)
{
    size_t n = 0;
    for (const char *p = folder_tree(&f, "out of it"); (p = strstr(p, "part-00000")) != NULL; p++)
        n++;
    return n;
}

/* ---------------------------------------------------------------------------------------- the contract */

START_TEST(a_batch_is_visible_when_it_is_committed)
{
    begin(false);
    reopen();
    ck_assert_str_eq(visible(), "");
    ck_assert_int_eq(r.sink->type->begin(r.sink, 0, &r.err), STREAMQ_OK);
    ck_assert_int_eq(r.sink->type->write(r.sink, &chunk, &r.err), STREAMQ_OK);
    ck_assert_str_eq(visible(), "");
    ck_assert_int_eq(r.sink->type->commit(r.sink, 0, &r.err), STREAMQ_OK);
    ck_assert_str_eq(visible(), "row 0\nrow 1\nrow 2\nrow 3\nrow 4\nrow 5\n");
    end();
}
END_TEST

START_TEST(a_batch_that_was_committed_before_is_dropped_also_after_a_restart)
{
    int64_t latest;
    begin(false);
    reopen();
    ck_assert_int_eq(try_batch(0), STREAMQ_OK);
    ck_assert_int_eq(try_batch(1), STREAMQ_OK);
    set_rows(100);
    ck_assert_int_eq(try_batch(1), STREAMQ_OK);
    ck_assert(strstr(sqi_buf_byte(&r.log, '\0') ? r.log.ptr : "", "Skipping already committed batch 1"));
    reopen();
    ck_assert_int_eq(r.sink->type->latest(r.sink, &latest, &r.err), STREAMQ_OK);
    ck_assert_int_eq(latest, 1);
    ck_assert_int_eq(try_batch(1), STREAMQ_OK);
    ck_assert_int_eq(try_batch(0), STREAMQ_OK);
    ck_assert_uint_eq(count_files(), 2);
    ck_assert_ptr_null(strstr(visible(), "100"));
    ck_assert_int_eq(try_batch(2), STREAMQ_OK);
    ck_assert_ptr_nonnull(strstr(visible(), "100"));
    end();
}
END_TEST

START_TEST(a_sink_that_is_new_remembers_nothing)
{
    int64_t latest;
    begin(false);
    reopen();
    ck_assert_int_eq(r.sink->type->latest(r.sink, &latest, &r.err), STREAMQ_OK);
    ck_assert_int_eq(latest, -1);
    end();
}
END_TEST

START_TEST(an_aborted_batch_leaves_no_files)
{
    begin(true);
    reopen();
    ck_assert_int_eq(r.sink->type->begin(r.sink, 0, &r.err), STREAMQ_OK);
    ck_assert_int_eq(r.sink->type->write(r.sink, &chunk, &r.err), STREAMQ_OK);
    r.sink->type->abort(r.sink);
    ck_assert_uint_eq(count_files(), 0);
    ck_assert_int_eq(try_batch(0), STREAMQ_OK);
    ck_assert_uint_eq(count_files(), 2);
    r.sink->type->abort(r.sink);
    ck_assert_uint_eq(count_files(), 2);
    end();
}
END_TEST

START_TEST(a_batch_without_rows_has_an_entry_and_no_file)
{
    begin(false);
    reopen();
    rig_write(&r, 0, NULL);
    ck_assert_str_eq(folder_tree(&f, "out of it"), "_spark_metadata/0");
    ck_assert_str_eq(folder_read(&f, "out of it/_spark_metadata/0"), "v1");
    reopen();
    set_rows(0);
    ck_assert_int_eq(try_batch(0), STREAMQ_OK);
    ck_assert_uint_eq(count_files(), 0);
    end();
}
END_TEST

START_TEST(partitions_and_odd_names_are_in_the_log)
{
    begin(true);
    reopen();
    ck_assert_int_eq(try_batch(0), STREAMQ_OK);
    ck_assert_str_eq(visible(), "row 0\nrow 2\nrow 4\nrow 1\nrow 3\nrow 5\n");
    const char *log = folder_read(&f, "out of it/_spark_metadata/0");
    ck_assert_ptr_nonnull(strstr(log, "/out%20of%20it/k=0/part-00000-"));
    ck_assert_ptr_nonnull(strstr(log, "\"size\":18,\"isDir\":false,\"modificationTime\":"));
    ck_assert_ptr_nonnull(strstr(log, "\"blockReplication\":1,\"blockSize\":33554432,\"action\":\"add\"}"));
    end();
}
END_TEST

START_TEST(another_writer_of_the_same_batch_is_an_error_and_ours_goes)
{
    begin(false);
    reopen();
    ck_assert_int_eq(r.sink->type->begin(r.sink, 0, &r.err), STREAMQ_OK);
    ck_assert_int_eq(r.sink->type->write(r.sink, &chunk, &r.err), STREAMQ_OK);
    folder_put(&f, "out of it/_spark_metadata/0", "v1");
    rig_refused(&r, r.sink->type->commit(r.sink, 0, &r.err), SQI_COND_CONCURRENT_STREAM_LOG_UPDATE, "batch 0");
    r.sink->type->abort(r.sink);
    ck_assert_str_eq(folder_tree(&f, "out of it"), "_spark_metadata/0");
    end();
}
END_TEST

/* ---------------------------------------------------------------------------------------- options */

START_TEST(options_are_the_sinks_and_the_formats)
{
    begin(false);
    rig_option(&r, "lineSep", ";");
    rig_option(&r, "maxRecordsPerFile", "4");
    rig_option(&r, "retention", "7d");
    reopen();
    ck_assert_int_eq(try_batch(0), STREAMQ_OK);
    ck_assert_str_eq(visible(), "row 0;row 1;row 2;row 3;row 4;row 5;");
    ck_assert_uint_eq(count_files(), 2);
    rig_option(&r, "maxRecordsPerFile", "-1");
    reopen();
    rig_option(&r, "maxRecordsPerFile", "some");
    rig_refused(&r, try_open(), SQI_COND_INVALID_OPTION_VALUE, "maxRecordsPerFile");
    rig_option(&r, "maxRecordsPerFile", "0");
    rig_option(&r, "retention", "foo");
    rig_refused(&r, try_open(), SQI_COND_INVALID_OPTION_VALUE, "retention");
    rig_option(&r, "retention", "1h");
    rig_option(&r, "compression", "foo");
    rig_refused(&r, try_open(), SQI_COND_CODEC_NOT_AVAILABLE, "foo");
    rig_option(&r, "compression", "none");
    rig_option(&r, "header", "true");
    rig_refused(&r, try_open(), SQI_COND_UNKNOWN_OPTION, "header");
    end();
}
END_TEST

START_TEST(a_path_is_needed_and_has_to_be_a_folder_here)
{
    begin(false);
    r.options.first = NULL;
    rig_refused(&r, try_open(), SQI_COND_MISSING_OPTION, "path");
    rig_option(&r, "path", "");
    rig_refused(&r, try_open(), SQI_COND_INVALID_OPTION_VALUE, "path");
    rig_option(&r, "path", "hdfs://host/a");
    rig_refused(&r, try_open(), SQI_COND_INVALID_OPTION_VALUE, "hdfs");
    folder_put(&f, "file", "x");
    rig_option(&r, "path", folder_name(&f, "file"));
    rig_refused(&r, try_open(), SQI_COND_IO_ERROR, "file");
    char path[256];
    snprintf(path, sizeof path, "file://%s/a b//", f.path);
    rig_option(&r, "path", path);
    reopen();
    ck_assert_int_eq(try_batch(0), STREAMQ_OK);
    ck_assert(folder_has(&f, "a b/_spark_metadata/0"));
    end();
}
END_TEST

START_TEST(a_partition_that_cannot_be_is_refused_when_it_opens)
{
    begin(true);
    static sqi_span unknown = {"zz", 2};
    target.partition = &unknown;
    rig_refused(&r, try_open(), SQI_COND_COLUMN_NOT_FOUND, "zz");
    ck_assert_str_eq(folder_list(&f, ""), "");
    end();
}
END_TEST

START_TEST(retention_drops_entries_and_leaves_files)
{
    begin(false);
    rig_option(&r, "retention", "1s");
    reopen();
    sqi_os_sim_set_wall(&r.sim, INT64_C(1) << 60); /* long after the files were written */
    ck_assert_int_eq(try_batch(0), STREAMQ_OK);
    for (int64_t id = 1; id < 10; id++)
        ck_assert_int_eq(try_batch(id), STREAMQ_OK);
    ck_assert_str_eq(folder_read(&f, "out of it/_spark_metadata/9.compact"), "v1");
    ck_assert_uint_eq(count_files(), 10);
    end();
}
END_TEST

START_TEST(its_type_says_what_it_is)
{
    static const sqi_sink_type *const type[] = {&sqi_snk_csv, &sqi_snk_json, &sqi_snk_text};
    for (size_t i = 0; i < 3; i++) {
        ck_assert(type[i]->idempotent && type[i]->append_only && type[i]->needs_checkpoint && type[i]->files);
        ck_assert_ptr_eq(sqi_sink_find(sqi_span_of(type[i]->name)), type[i]);
    }
}
END_TEST

/* ---------------------------------------------------------------------------------------- faults */

/* Each call fails in turn, once and for good: what is visible is whole batches, none twice, and when the disk is back
   the sink goes on where it says it is. */
static void fail_at(size_t at, bool beyond, bool partitioned, size_t *calls)
{
    int64_t latest, done = 0;
    prepare(partitioned);
    sqi_disk_sim *disk = sqi_disk_sim_new(11);
    r.sim.os.files = sqi_disk_sim_files(disk);
    rig_option(&r, "path", "/out");
    rig_option(&r, "maxRecordsPerFile", "2");
    if (at)
        sqi_disk_sim_fail(disk, (sqi_disk_fault){SQI_DISK_ANY, at, beyond, at % 2 ? ENOSPC : EIO, at % 4 == 3});
    streamq_status status = try_open();
    for (; done < 12 && status == STREAMQ_OK; done += status == STREAMQ_OK) {
        set_rows(done * 10);
        status = try_batch(done);
    }
    *calls = sqi_disk_sim_calls(disk);
    if (status != STREAMQ_OK) {
        ck_assert_int_eq(sqi_cond_status(sqi_error_cond(r.err)), STREAMQ_ERR_IO);
        ck_assert_ptr_nonnull(strstr(sqi_error_message(r.err), "/out")); /* it names the file */
        if (r.sink)
            r.sink->type->abort(r.sink);
    }
    sqi_error_free(r.err);
    r.err = NULL;
    sqi_disk_sim_fail(disk, (sqi_disk_fault){0});
    reopen();
    ck_assert_int_eq(r.sink->type->latest(r.sink, &latest, &r.err), STREAMQ_OK);
    ck_assert(latest == done - 1 || latest == done);
    for (int64_t id = done; id < 13; id++) {
        set_rows(id * 10);
        ck_assert_int_eq(try_batch(id), STREAMQ_OK);
    }
    read_all(&r.env, "/out", &r.rows);
    for (int64_t id = 0; id < 13; id++)
        for (int i = 0; i < 6; i++) {
            char row[32];
            snprintf(row, sizeof row, "row %d\n", (int)id * 10 + i);
            const char *first = strstr(r.rows.ptr, row);
            ck_assert_msg(first != NULL, "call %zu: %s is lost", at, row);
            ck_assert_msg(strstr(first + 1, row) == NULL, "call %zu: %s is there twice", at, row);
        }
    sqi_sink_close(r.sink);
    r.sink = NULL;
    ck_assert_uint_eq(sqi_disk_sim_open_files(disk), 0);
    ck_assert_uint_eq(sqi_disk_sim_misuse(disk), 0);
    sqi_disk_sim_free(disk);
    rig_end(&r);
}

START_TEST(every_call_to_the_disk_may_fail)
{
    size_t calls, ignored;
    fail_at(0, false, _i, &calls);
    for (size_t at = 1; at <= calls; at++) {
        fail_at(at, false, _i, &ignored);
        fail_at(at, true, _i, &ignored);
    }
}
END_TEST

static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_io_env env = r.env;
    sqi_sink *k;
    (void)context;
    env.alloc = alloc;
    sqi_os_remove_tree(sqi_os_files_posix(), folder_name(&f, "out of it"));
    streamq_status status =
        sqi_sink_open(&k, &sqi_snk_text, &env, &r.options, &r.schema, STREAMQ_APPEND, SQI_SPAN("q"), &target, err);
    for (int64_t id = 0; id < 2 && status == STREAMQ_OK; id++) {
        status = k->type->begin(k, id, err);
        if (status == STREAMQ_OK)
            status = k->type->write(k, &chunk, err);
        if (status == STREAMQ_OK)
            status = k->type->commit(k, id, err);
        if (status != STREAMQ_OK)
            k->type->abort(k);
    }
    sqi_sink_close(k);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    begin(_i);
    ck_assert_uint_ge(sqi_test_every_allocation(live, NULL), 20);
    end();
}
END_TEST

/* A crash anywhere: what was committed is there whole; what was not is not, or whole too. Then the batch runs again. */
static void check_crashed(sqi_disk_sim *disk, int64_t committed, const char *why)
{
    sqi_os_sim sim;
    sqi_sink *k;
    int64_t latest;
    sqi_os_sim_init(&sim, INT64_C(1800000000000000), 7);
    sim.os.files = sqi_disk_sim_files(disk);
    sqi_io_env env = r.env;
    env.os = &sim.os;
    ck_assert_msg(sqi_sink_open(&k, &sqi_snk_text, &env, &r.options, &r.schema, STREAMQ_APPEND, SQI_SPAN("q"), &target,
                                &r.err) == STREAMQ_OK,
                  "%s: %s", why, sqi_error_message(r.err));
    ck_assert_int_eq(k->type->latest(k, &latest, &r.err), STREAMQ_OK);
    ck_assert_msg(latest == committed || latest == committed + 1, "%s: %lld committed, %lld there", why,
                  (long long)committed, (long long)latest);
    for (int64_t id = committed < 0 ? 0 : committed; id < committed + 3; id++) {
        sqi_arena_mark mark = sqi_arena_mark_get(&r.arena);
        set_rows(id * 10);
        ck_assert_int_eq(k->type->begin(k, id, &r.err), STREAMQ_OK);
        ck_assert_int_eq(k->type->write(k, &chunk, &r.err), STREAMQ_OK);
        ck_assert_msg(k->type->commit(k, id, &r.err) == STREAMQ_OK, "%s: %s", why, sqi_error_message(r.err));
        sqi_arena_release(&r.arena, mark);
    }
    sqi_sink_close(k);
    sqi_buf_clear(&r.rows);
    ck_assert_int_eq(read_all(&env, "/out", &r.rows), committed + 2);
    size_t bytes = 1;
    for (int64_t id = 0; id < committed + 3; id++)
        for (int i = 0; i < 6; i++)
            bytes += 5 + (size_t)snprintf(NULL, 0, "%d", (int)id * 10 + i);
    ck_assert_msg(r.rows.len == bytes, "%s: %zu bytes are visible, not %zu", why, r.rows.len, bytes);
    sqi_os_sim_fini(&sim);
}

START_TEST(a_crash_anywhere_loses_nothing_and_repeats_nothing)
{
    enum { BATCHES = 12, IMAGES = 12 };
    size_t committed_at[BATCHES];
    prepare(_i);
    sqi_disk_sim *disk = sqi_disk_sim_new(11);
    r.sim.os.files = sqi_disk_sim_files(disk);
    rig_option(&r, "path", "/out");
    rig_option(&r, "maxRecordsPerFile", "4");
    reopen();
    for (int64_t id = 0; id < BATCHES; id++) {
        set_rows(id * 10);
        ck_assert_int_eq(try_batch(id), STREAMQ_OK);
        committed_at[id] = sqi_disk_sim_calls(disk);
    }
    sqi_sink_close(r.sink);
    r.sink = NULL;
    size_t tried = 0;
    for (size_t call = 0; call <= sqi_disk_sim_calls(disk); call++) {
        int64_t committed = -1;
        while (committed + 1 < BATCHES && committed_at[committed + 1] <= call)
            committed++;
        if (!sqi_disk_images_differ(disk, call))
            continue;
        sqi_disk_images it = sqi_disk_images_begin(disk, call, IMAGES, 5 + call);
        for (sqi_disk_sim *crashed; (crashed = sqi_disk_images_next(&it)) != NULL; sqi_disk_sim_free(crashed), tried++)
            check_crashed(crashed, committed, sqi_disk_images_text(&it));
        sqi_disk_images_end(&it);
    }
    ck_assert_uint_gt(tried, 100);
    sqi_disk_sim_free(disk);
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const once[] = {a_batch_is_visible_when_it_is_committed,
                                 a_batch_that_was_committed_before_is_dropped_also_after_a_restart,
                                 a_sink_that_is_new_remembers_nothing,
                                 an_aborted_batch_leaves_no_files,
                                 a_batch_without_rows_has_an_entry_and_no_file,
                                 partitions_and_odd_names_are_in_the_log,
                                 another_writer_of_the_same_batch_is_an_error_and_ours_goes,
                                 options_are_the_sinks_and_the_formats,
                                 a_path_is_needed_and_has_to_be_a_folder_here,
                                 a_partition_that_cannot_be_is_refused_when_it_opens,
                                 retention_drops_entries_and_leaves_files,
                                 its_type_says_what_it_is};
    const TTest *const each[] = {every_call_to_the_disk_may_fail, every_allocation_may_fail,
                                 a_crash_anywhere_loses_nothing_and_repeats_nothing};
    return sqi_test_main_each("snk_file", once, sizeof once / sizeof *once, each, 3, 2);
}
