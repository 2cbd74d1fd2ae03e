/*
 * What stop and start again shows where files come in and go out: what went wrong in other systems around a restart (PR1,
 * PR8, PR10 to PR15, PR18, PR21 to PR23). Everything is on the simulated disk, the kills are on the real one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk_image.h"
#include "kill_rig.h"
#include "restart_rig.h"
#include "test_main.h"

static void make_folder(restart_rig *r, const char *path)
{
    const sqi_os_files *f = sqi_disk_sim_files(r->disk);
    ck_assert_int_eq(f->mkdir(f->context, path), 0);
}

static void begin(restart_rig *r)
{
    restart_rig_begin(r);
    make_folder(r, "/in");
}

/* A new life that reads /in as f (value STRING), with an option. */
static void live(restart_rig *r, const char *option, const char *value)
{
    restart_rig_live(r);
    streamq_reader *reader = streamq_read_stream(r->plan, "text");
    streamq_reader_option(reader, "path", "/in");
    if (option)
        streamq_reader_option(reader, option, value);
    (void)streamq_stream_alias(streamq_reader_load(reader), "f");
}

static void start(restart_rig *r, const char *option, const char *value)
{
    live(r, option, value);
    restart_rig_open(r, restart_rig_writer(r, "SELECT value FROM f", STREAMQ_APPEND, NULL));
}

static void run(restart_rig *r, const char *want)
{
    start(r, NULL, NULL);
    restart_rig_run(r);
    restart_rig_gives(r, want);
}

/* -------------------------------------------------------------- what happens to files while nobody looks */

START_TEST(a_file_that_was_read_is_not_read_again_whatever_is_added_to_it) /* PR10, PR14; Spark knows files by path */
{
    restart_rig r;
    begin(&r);
    restart_rig_put(&r, "/in/a", "1\n2\n");
    run(&r, "0: 1, 2");
    restart_rig_put(&r, "/in/a", "1\n2\n3\n");
    restart_rig_put(&r, "/in/b", "4\n");
    run(&r, "1: 4");
    restart_rig_put(&r, "/in/a", ""); /* cut off: not a place that it waits for */
    restart_rig_put(&r, "/in/c", "5\n");
    run(&r, "2: 5");
    restart_rig_end(&r);
}
END_TEST

START_TEST(an_unterminated_last_line_is_a_row_and_comes_once) /* PR11, PR23 */
{
    restart_rig r;
    begin(&r);
    restart_rig_put(&r, "/in/a", "1\n2");
    run(&r, "0: 1, 2");
    restart_rig_put(&r, "/in/b", "3\r\n4");
    r.chunk = "1";
    run(&r, "1: 3, 4");
    run(&r, "");
    restart_rig_end(&r);
}
END_TEST

START_TEST(a_file_renamed_while_it_was_stopped_is_a_new_one) /* PR12; as in Spark */
{
    restart_rig r;
    begin(&r);
    const sqi_os_files *f = sqi_disk_sim_files(r.disk);
    restart_rig_put(&r, "/in/log", "1\n");
    run(&r, "0: 1");
    ck_assert_int_eq(f->rename(f->context, "/in/log", "/in/log.1"), 0);
    restart_rig_put(&r, "/in/log", "2\n"); /* the path is known */
    run(&r, "1: 1");
    restart_rig_end(&r);
}
END_TEST

START_TEST(a_line_longer_than_every_buffer_comes_whole_and_once) /* PR13 */
{
    enum { LONG = 3 << 20 };
    restart_rig r;
    char *text = malloc(LONG + 16);
    begin(&r);
    memset(text, 'x', LONG);
    strcpy(text + LONG, "\nend\n");
    restart_rig_put(&r, "/in/a", text);
    free(text);
    for (int i = 0; i < 2; i++) {
        live(&r, NULL, NULL);
        restart_rig_open(&r, restart_rig_writer(&r, "SELECT length(value) FROM f", STREAMQ_APPEND, NULL));
        restart_rig_run(&r);
        restart_rig_gives(&r, i ? "" : "0: 3, 3145728");
    }
    restart_rig_end(&r);
}
END_TEST

START_TEST(files_waiting_in_a_batch_that_failed_are_in_it_again)
{
    restart_rig r;
    begin(&r);
    restart_rig_put(&r, "/in/a", "1\n");
    restart_rig_put(&r, "/in/b", "x\n");
    live(&r, NULL, NULL);
    restart_rig_open(&r, restart_rig_writer(&r, "SELECT CAST(value AS INT) FROM f", STREAMQ_APPEND, NULL));
    restart_rig_run(&r);
    restart_rig_fails(&r, "CAST_INVALID_INPUT", "x");
    restart_rig_gives(&r, "");
    run(&r, "0: 1, x");
    restart_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- several folders */

static void two_folders(restart_rig *r, const char *want)
{
    live(r, NULL, NULL);
    streamq_reader *reader = streamq_read_stream(r->plan, "text");
    streamq_reader_option(reader, "path", "/other");
    (void)streamq_stream_alias(streamq_reader_load(reader), "g");
    restart_rig_open(
        r, restart_rig_writer(r, "SELECT value FROM f UNION ALL SELECT upper(value) FROM g", STREAMQ_APPEND, NULL));
    restart_rig_run(r);
    restart_rig_gives(r, want);
}

START_TEST(each_folder_has_a_memory_of_its_own) /* PR15, PR2 */
{
    restart_rig r;
    begin(&r);
    make_folder(&r, "/other");
    restart_rig_put(&r, "/in/a", "a\n");
    two_folders(&r, "0: a");
    restart_rig_put(&r, "/other/a", "b\n"); /* the same name */
    two_folders(&r, "1: B");
    restart_rig_put(&r, "/in/b", "c\n");
    restart_rig_put(&r, "/other/b", "d\n");
    two_folders(&r, "2: D, c");
    two_folders(&r, "");
    restart_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- files that are deleted when they were read */

START_TEST(a_file_is_deleted_only_when_no_crash_can_want_it_again) /* PR18 */
{
    restart_rig r;
    size_t images = 0, deleted = 0;
    begin(&r);
    for (char name[] = "/in/1"; name[4] <= '4'; name[4]++)
        restart_rig_put(&r, name, (char[]){name[4], '\n', 0});
    sqi_disk_sim_settle(r.disk);
    static const char sql[] = "SELECT sum(CAST(value AS INT)), count(*) FROM f";
    live(&r, "cleanSource", "delete");
    streamq_writer *w = restart_rig_writer(&r, sql, STREAMQ_UPDATE, NULL);
    restart_rig_open(&r, w);
    restart_rig_run(&r);
    restart_rig_put(&r, "/in/5", "5\n");
    restart_rig_run(&r);
    restart_rig_gives(&r, "0: 10|4; 1: 15|5");
    restart_rig_live(&r);
    restart_rig_die(&r);
    sqi_disk_sim *recorded = r.disk;
    for (size_t call = 1; call <= sqi_disk_sim_calls(recorded); call++) {
        deleted += sqi_disk_sim_kind(recorded, call) == SQI_DISK_UNLINK;
        if (!sqi_disk_images_differ(recorded, call))
            continue;
        sqi_disk_images it = sqi_disk_images_begin(recorded, call, 10, 3);
        for (sqi_disk_sim *crashed; (crashed = sqi_disk_images_next(&it)); sqi_disk_sim_free(crashed), images++) {
            r.disk = crashed;
            r.machine.os.files = sqi_disk_sim_files(crashed);
            restart_rig_put(&r, "/in/9", "100\n");
            live(&r, "cleanSource", "delete");
            restart_rig_open(&r, restart_rig_writer(&r, sql, STREAMQ_UPDATE, NULL));
            restart_rig_run(&r);
            ck_assert_msg(!r.error, "%s\n%s", streamq_error_message(r.error), sqi_disk_images_text(&it));
            /* 5 is there, or its name was not on the disk yet */
            ck_assert_msg(strstr(r.got, "110|5") || strstr(r.got, "115|6"), "%s\n%s", r.got, sqi_disk_images_text(&it));
            r.got[0] = '\0';
            restart_rig_die(&r);
        }
        sqi_disk_images_end(&it);
    }
    ck_assert_uint_gt(images, 20);
    ck_assert_uint_ge(deleted, 4);
    r.disk = recorded;
    restart_rig_end(&r);
}
END_TEST

/* -------------------------------------------------------------- files out */

static void start_out(restart_rig *r, const char *option, const char *value)
{
    restart_rig_live(r);
    streamq_writer *w = restart_rig_writer(r, "SELECT CAST(v AS STRING) AS value FROM t", STREAMQ_APPEND, "text");
    streamq_writer_option(w, "path", "/out");
    if (option)
        streamq_writer_option(w, option, value);
    restart_rig_open(r, w);
}

/* The rows that readers of the folder see. */
static void shown(restart_rig *r, const char *want)
{
    streamq_plan *plan = streamq_plan_new(r->session);
    streamq_reader *reader = streamq_read(plan, "text");
    streamq_reader_option(reader, "path", "/out");
    streamq_batch *b = streamq_collect(
        streamq_select(streamq_reader_load(reader), "listagg(value, ' ') WITHIN GROUP (ORDER BY value)"), &r->error);
    ck_assert_msg(b, "%s", streamq_error_message(r->error));
    char *text = streamq_batch_get_text(b, 0, 0);
    ck_assert_str_eq(text ? text : "", want);
    streamq_string_free(text);
    streamq_batch_free(b);
    streamq_plan_free(plan);
}

START_TEST(an_old_copy_of_the_checkpoint_is_refused_where_the_sink_has_more) /* PR8 */
{
    restart_rig r;
    size_t len, meta_len;
    restart_rig_begin(&r);
    start_out(&r, NULL, NULL);
    restart_rig_push(&r, "(1)");
    restart_rig_run(&r);
    restart_rig_die(&r);
    char *old = malloc(1 << 16);
    const void *bytes = sqi_disk_sim_get(r.disk, "/ckpt/wal-0000000000000000000", &len);
    ck_assert(bytes && len < 1 << 16);
    memcpy(old, bytes, len);
    start_out(&r, NULL, NULL);
    restart_rig_push(&r, "(2)");
    restart_rig_run(&r);
    restart_rig_push(&r, "(3)");
    restart_rig_run(&r);
    restart_rig_die(&r);
    sqi_disk_sim_settle(r.disk);
    sqi_disk_sim_put(r.disk, "/ckpt/wal-0000000000000000000", old, len);
    free(old);
    start_out(&r, NULL, NULL);
    ck_assert_ptr_null(r.query);
    restart_rig_fails(&r, "CHECKPOINT_MISMATCH", "batch 2");
    const sqi_os_files *f = sqi_disk_sim_files(r.disk);
    ck_assert_ptr_nonnull(sqi_disk_sim_get(r.disk, "/ckpt/metadata", &meta_len));
    ck_assert_int_eq(sqi_os_remove_tree(f, "/ckpt"), 0); /* a new one knows even less */
    start_out(&r, NULL, NULL);
    restart_rig_fails(&r, "CHECKPOINT_MISMATCH", "batch 2");
    restart_rig_end(&r);
}
END_TEST

START_TEST(a_batch_of_several_files_is_shown_whole_or_not_at_all) /* PR22, PR21 */
{
    restart_rig r;
    size_t writes = 0;
    for (size_t at = 1; at <= writes + 1; at++) {
        restart_rig_begin(&r);
        start_out(&r, "maxRecordsPerFile", "1");
        restart_rig_push(&r, "(1), (2)");
        restart_rig_run(&r);
        size_t before = sqi_disk_sim_calls(r.disk);
        restart_rig_push(&r, "(3), (4), (5)");
        if (at > 1)
            sqi_disk_sim_fail(r.disk,
                              (sqi_disk_fault){.calls = SQI_DISK_BIT(SQI_DISK_WRITE), .at = at - 1, .code = 28});
        restart_rig_run(&r);
        for (size_t call = before + 1; at == 1 && call <= sqi_disk_sim_calls(r.disk); call++)
            writes += sqi_disk_sim_kind(r.disk, call) == SQI_DISK_WRITE;
        ck_assert_int_eq(r.error != NULL, at > 1);
        if (r.error) {
            restart_rig_fails(&r, "IO_ERROR", "");
            sqi_disk_sim_fail(r.disk, (sqi_disk_fault){0});
            start_out(&r, "maxRecordsPerFile", "1");
            restart_rig_push(&r, "(3), (4), (5)");
            restart_rig_run(&r);
        }
        if (at <= writes || at == 1) /* after the last one, which says that it was delivered, the feed is read twice */
            shown(&r, "1 2 3 4 5");
        restart_rig_end(&r);
    }
    ck_assert_uint_ge(writes, 5);
}
END_TEST

START_TEST(a_file_sink_shows_each_row_once_after_twenty_kills) /* PR1 */
{
    kill_story s = {.source = KILL_FILES, .sink = KILL_FILE};
    int64_t until = 0;
    kill_story_begin(&s);
    for (size_t i = 0; i < 60 && s.killed < 20; i++) {
        sqi_disk_kill_point p = {SQI_DISK_ANY, 10 + i * 37 % 90, (sqi_kill_when)(i % 3)};
        kill_story_live(&s, &(kill_life){.until = until += 5, .seed = i + 1}, &p, NULL);
    }
    kill_story_live(&s, &(kill_life){.until = until}, NULL, NULL);
    kill_verdict v = kill_story_end(&s, until);
    ck_assert_msg(v.lost + v.duplicated + v.wrong == 0 && s.killed == 20, "%zu kills, %zu lost, %zu twice: %s",
                  s.killed, v.lost, v.duplicated, s.world.wrong);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_file_that_was_read_is_not_read_again_whatever_is_added_to_it,
                                  an_unterminated_last_line_is_a_row_and_comes_once,
                                  a_file_renamed_while_it_was_stopped_is_a_new_one,
                                  a_line_longer_than_every_buffer_comes_whole_and_once,
                                  files_waiting_in_a_batch_that_failed_are_in_it_again,
                                  each_folder_has_a_memory_of_its_own,
                                  a_file_is_deleted_only_when_no_crash_can_want_it_again,
                                  an_old_copy_of_the_checkpoint_is_refused_where_the_sink_has_more,
                                  a_batch_of_several_files_is_shown_whole_or_not_at_all,
                                  a_file_sink_shows_each_row_once_after_twenty_kills};
    return sqi_test_main("restart_files", tests, sizeof tests / sizeof *tests);
}
