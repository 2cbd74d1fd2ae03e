/* One data file being written: descriptors, syncs, what a failing disk leaves. */
#include <stdio.h>
#include <string.h>

#include "folder_rig.h"
#include "io_data_file.h"
#include "io_rig.h"
#include "test_main.h"

static rig r;
static folder f;
static sqi_data_desk desk;
static unsigned most_open, syncs;
static int (*real_sync)(void *context, int file, bool data_only);

static int count_sync(void *context, int file, bool data_only)
{
    syncs++;
    return real_sync(context, file, data_only);
}

static void begin(sqi_pack_kind pack, bool turns)
{
    rig_begin(&r);
    folder_begin(&f);
    real_sync = f.files.sync;
    f.files.sync = count_sync;
    r.sim.os.files = &f.files;
    syncs = most_open = 0;
    ck_assert_int_eq(sqi_data_desk_init(&desk, &r.env, pack, turns, &r.err), STREAMQ_OK);
}

static void end(void)
{
    ck_assert_uint_eq(desk.waiting, 0);
    ck_assert_uint_eq(desk.open, 0);
    sqi_data_desk_fini(&desk);
    folder_end(&f);
    rig_end(&r);
}

static void make(sqi_data_file *file, const char *name)
{
    const char *whole = folder_name(&f, name);
    char *path = sqi_alloc_get(&r.heap.alloc, strlen(whole) + 1);
    strcpy(path, whole);
    sqi_data_file_init(file, &desk, path, strlen(whole) + 1);
}

static streamq_status put(sqi_data_file *file, const char *text)
{
    sqi_buf_text(&file->pending, text);
    streamq_status status = sqi_data_file_more(file, &desk, &r.err);
    most_open = desk.open > most_open ? desk.open : most_open;
    return status;
}

START_TEST(a_small_file_is_written_once_at_its_end)
{
    sqi_data_file file;
    begin(SQI_PACK_NONE, false);
    make(&file, "a");
    ck_assert_int_eq(put(&file, "one\n"), STREAMQ_OK);
    ck_assert_int_eq(put(&file, "two\n"), STREAMQ_OK);
    ck_assert(!folder_has(&f, "a"));
    ck_assert_uint_eq(desk.waiting, 8);
    ck_assert_int_eq(sqi_data_file_finish(&file, &desk, &r.err), STREAMQ_OK);
    ck_assert_int_eq(sqi_data_file_finish(&file, &desk, &r.err), STREAMQ_OK);
    ck_assert_uint_eq(syncs, 1);
    ck_assert_int_eq(file.at, 8);
    ck_assert_int_gt(file.modified_millis, 0);
    ck_assert_str_eq(folder_read(&f, "a"), "one\ntwo\n");
    sqi_data_file_fini(&file, &desk);
    ck_assert(folder_has(&f, "a"));
    end();
}
END_TEST

START_TEST(a_file_without_bytes_is_there_and_compressed_ones_are_valid)
{
    sqi_data_file file;
    begin(SQI_PACK_NONE, false);
    make(&file, "a");
    ck_assert_int_eq(sqi_data_file_finish(&file, &desk, &r.err), STREAMQ_OK);
    ck_assert_str_eq(folder_read(&f, "a"), "");
    sqi_data_file_fini(&file, &desk);
    end();
#ifdef SQI_WITH_ZLIB
    begin(SQI_PACK_GZIP, false);
    make(&file, "a");
    ck_assert_int_eq(sqi_data_file_finish(&file, &desk, &r.err), STREAMQ_OK);
    ck_assert_int_eq(file.at, 20);
    sqi_data_file_fini(&file, &desk);
    end();
#endif
}
END_TEST

/* In turns: each piece is written at once, and there are more files than descriptors. */
START_TEST(many_files_share_few_descriptors_and_each_close_follows_a_sync)
{
    enum { FILES = 3 * SQI_DATA_OPEN, TURNS = 5 };
    static sqi_data_file file[FILES];
    char name[32], text[32], wanted[256];
    begin(SQI_PACK_NONE, true);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "f%d", i);
        make(&file[i], name);
    }
    for (int turn = 0; turn < TURNS; turn++)
        for (int i = 0; i < FILES; i++) {
            snprintf(text, sizeof text, "%d of %d\n", turn, i);
            ck_assert_int_eq(put(&file[i], text), STREAMQ_OK);
            ck_assert_int_eq(sqi_data_file_write(&file[i], &desk, &r.err), STREAMQ_OK);
            most_open = desk.open > most_open ? desk.open : most_open;
        }
    ck_assert_uint_le(most_open, SQI_DATA_OPEN);
    ck_assert_uint_eq(syncs, (FILES - SQI_DATA_OPEN) * TURNS);
    for (int i = 0; i < FILES; i++)
        ck_assert_int_eq(sqi_data_file_finish(&file[i], &desk, &r.err), STREAMQ_OK);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "f%d", i);
        wanted[0] = '\0';
        for (int turn = 0; turn < TURNS; turn++)
            snprintf(wanted + strlen(wanted), sizeof wanted - strlen(wanted), "%d of %d\n", turn, i);
        ck_assert_str_eq(folder_read(&f, name), wanted);
        sqi_data_file_fini(&file[i], &desk);
    }
    end();
}
END_TEST

START_TEST(much_is_written_before_the_end)
{
    sqi_data_file file;
    begin(SQI_PACK_NONE, false);
    make(&file, "a");
    for (int i = 0; i < 3 * SQI_DATA_PIECE / 1024; i++) {
        ck_assert(sqi_buf_repeat(&file.pending, 'x', 1024));
        ck_assert_int_eq(put(&file, ""), STREAMQ_OK);
        ck_assert_uint_lt(desk.waiting, SQI_DATA_PIECE);
    }
    ck_assert_int_eq(file.at, 3 * SQI_DATA_PIECE);
    sqi_data_file_remove(&file, &desk);
    ck_assert(!folder_has(&f, "a"));
    sqi_data_file_remove(&file, &desk);
    sqi_data_file_fini(&file, &desk);
    end();
}
END_TEST

START_TEST(a_name_that_is_taken_is_not_written_over)
{
    sqi_data_file file;
    begin(SQI_PACK_NONE, false);
    folder_put(&f, "a", "somebody's");
    make(&file, "a");
    ck_assert_int_eq(put(&file, "mine"), STREAMQ_OK);
    rig_refused(&r, sqi_data_file_finish(&file, &desk, &r.err), SQI_COND_IO_ERROR, "/a'");
    sqi_data_file_remove(&file, &desk);
    ck_assert_str_eq(folder_read(&f, "a"), "somebody's");
    sqi_data_file_fini(&file, &desk);
    end();
}
END_TEST

START_TEST(every_call_to_the_disk_may_fail)
{
    sqi_data_file file;
    for (size_t at = 1, calls = 1; at <= calls; at++) {
        begin(SQI_PACK_NONE, false);
        make(&file, "a");
        f.fail_at = at;
        streamq_status status = put(&file, "one\n");
        if (status == STREAMQ_OK)
            status = sqi_data_file_write(&file, &desk, &r.err);
        if (status == STREAMQ_OK)
            status = put(&file, "two\n");
        if (status == STREAMQ_OK)
            status = sqi_data_file_finish(&file, &desk, &r.err);
        calls = f.calls > calls ? f.calls : calls;
        rig_refused(&r, status, SQI_COND_IO_ERROR, "No space left");
        sqi_data_file_remove(&file, &desk);
        ck_assert(!folder_has(&f, "a"));
        sqi_data_file_fini(&file, &desk);
        end();
    }
}
END_TEST

static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_data_desk mine = {0};
    sqi_data_file file;
    sqi_io_env env = r.env;
    env.alloc = alloc;
    streamq_status status = sqi_data_desk_init(&mine, &env, *(sqi_pack_kind *)context, true, err);
    char *path = status == STREAMQ_OK ? sqi_alloc_zero(alloc, 128) : NULL;
    if (path) {
        strcpy(path, folder_name(&f, "a"));
        sqi_data_file_init(&file, &mine, path, 128);
        sqi_buf_text(&file.pending, "text");
        status = sqi_data_file_more(&file, &mine, err);
        if (status == STREAMQ_OK)
            status = sqi_data_file_finish(&file, &mine, err);
        sqi_data_file_remove(&file, &mine);
        sqi_data_file_fini(&file, &mine);
    } else if (status == STREAMQ_OK) {
        status = sqi_error_nomem(err);
    }
    sqi_data_desk_fini(&mine);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    sqi_pack_kind kind = SQI_PACK_NONE;
    begin(SQI_PACK_NONE, false);
    ck_assert_uint_ge(sqi_test_every_allocation(live, &kind), 2);
    if (sqi_pack_find(SQI_SPAN("gzip"), &kind, NULL) == STREAMQ_OK)
        ck_assert_uint_ge(sqi_test_every_allocation(live, &kind), 4);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_small_file_is_written_once_at_its_end,
                                  a_file_without_bytes_is_there_and_compressed_ones_are_valid,
                                  many_files_share_few_descriptors_and_each_close_follows_a_sync,
                                  much_is_written_before_the_end,
                                  a_name_that_is_taken_is_not_written_over,
                                  every_call_to_the_disk_may_fail,
                                  every_allocation_may_fail};
    return sqi_test_main("io_data_file", tests, sizeof tests / sizeof *tests);
}
