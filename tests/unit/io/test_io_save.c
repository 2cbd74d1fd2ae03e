/* The batch write: Spark's save modes and files; a disk that fails at each call, and crashes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk_image.h"
#include "folder_rig.h"
#include "io_rig.h"
#include "io_save.h"
#include "test_main.h"

static rig r;
static folder f;
static sqi_save_spec spec;
static sqi_save *s;
static sqi_chunk chunk;

static void set_rows(const char *first, const char *second)
{
    chunk = rig_beside(&r, rig_strings(&r, (const char *[]){first, second}, 2), rig_numbers(&r, (int64_t[]){0, 1}, 2));
    chunk.ncol = r.schema.n;
}

static void prepare(bool partitioned)
{
    static const sqi_span name = {"k", 1};
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"value", "k"}, (const sqi_type *const[]){&sqi_type_string, &sqi_type_bigint},
                partitioned ? 2 : 1);
    spec = (sqi_save_spec){
        .format = &sqi_format_text, .options = &r.options, .schema = &r.schema, .target = {&name, partitioned}};
    set_rows("one", "two");
}

static void begin(bool partitioned)
{
    prepare(partitioned);
    folder_begin(&f);
    r.sim.os.files = &f.files;
    rig_option(&r, "path", folder_name(&f, "out"));
}

static void end(void)
{
    folder_end(&f);
    rig_end(&r);
}

static streamq_status try_save(sqi_save_mode mode, bool rows)
{
    spec.mode = mode;
    SQI_TRY(sqi_save_begin(&s, &r.env, &spec, &r.err));
    if (!s)
        return STREAMQ_OK;
    streamq_status status = rows ? sqi_save_write(s, &chunk, &r.err) : STREAMQ_OK;
    if (status == STREAMQ_OK)
        status = sqi_save_commit(s, &r.err);
    sqi_save_free(s);
    return status;
}

static void save(sqi_save_mode mode)
{
    ck_assert_msg(try_save(mode, true) == STREAMQ_OK, "%s", sqi_error_message(r.err));
}

/* Names without their random parts: "part-00000-*-c000.txt". */
static const char *tree(void)
{
    char *text = (char *)folder_tree(&f, "out"), *to = text;
    for (const char *from = text; *from;) {
        *to++ = *from++;
        if (to - text >= 11 && strncmp(to - 11, "part-00000-", 11) == 0) {
            *to++ = '*';
            from += 36;
        }
    }
    *to = '\0';
    return text;
}

START_TEST(files_are_in_place_with_a_mark_of_success)
{
    begin(false);
    ck_assert_int_eq(sqi_save_begin(&s, &r.env, &spec, &r.err), STREAMQ_OK);
    ck_assert_int_eq(sqi_save_write(s, &chunk, &r.err), STREAMQ_OK);
    ck_assert_str_eq(folder_list(&f, "out"), "_temporary");
    ck_assert_int_eq(sqi_save_commit(s, &r.err), STREAMQ_OK);
    sqi_save_free(s);
    ck_assert_str_eq(tree(), "_SUCCESS part-00000-*-c000.txt");
    ck_assert_str_eq(folder_read(&f, "out/_SUCCESS"), "");
    end();
    begin(true);
    save(SQI_SAVE_ERROR);
    ck_assert_str_eq(tree(), "_SUCCESS k=0/part-00000-*.c000.txt k=1/part-00000-*.c000.txt");
    ck_assert_str_eq(folder_list(&f, "out"), "_SUCCESS k=0 k=1");
    end();
}
END_TEST

START_TEST(no_rows_are_one_empty_file_or_no_folders)
{
    begin(false);
    ck_assert_int_eq(try_save(SQI_SAVE_ERROR, false), STREAMQ_OK);
    ck_assert_str_eq(tree(), "_SUCCESS part-00000-*-c000.txt");
    end();
    begin(true);
    ck_assert_int_eq(try_save(SQI_SAVE_ERROR, false), STREAMQ_OK);
    ck_assert_str_eq(tree(), "_SUCCESS");
    end();
}
END_TEST

START_TEST(a_path_that_is_there_is_refused_left_added_to_or_replaced)
{
    begin(false);
    save(SQI_SAVE_ERROR);
    rig_refused(&r, try_save(SQI_SAVE_ERROR, true), SQI_COND_PATH_ALREADY_EXISTS, "/out");
    save(SQI_SAVE_IGNORE);
    ck_assert_str_eq(tree(), "_SUCCESS part-00000-*-c000.txt");
    save(SQI_SAVE_APPEND);
    ck_assert_str_eq(tree(), "_SUCCESS part-00000-*-c000.txt part-00000-*-c000.txt");
    folder_put(&f, "out/_spark_metadata/0", "v1");
    folder_put(&f, "out/k=3/old", "x");
    folder_put(&f, "out/.hidden", "x");
    save(SQI_SAVE_OVERWRITE);
    ck_assert_str_eq(tree(), "_SUCCESS part-00000-*-c000.txt");
    ck_assert_str_eq(folder_list(&f, "out"), folder_tree(&f, "out")); /* no folder is left */
    end();
}
END_TEST

START_TEST(modes_that_find_nothing_write)
{
    static const sqi_save_mode mode[] = {SQI_SAVE_APPEND, SQI_SAVE_OVERWRITE, SQI_SAVE_IGNORE};
    for (int i = 0; i < 3; i++) {
        begin(false);
        save(mode[i]);
        ck_assert_str_eq(tree(), "_SUCCESS part-00000-*-c000.txt");
        end();
    }
}
END_TEST

START_TEST(a_file_in_the_way_is_refused)
{
    begin(false);
    folder_put(&f, "out", "a file");
    for (sqi_save_mode mode = SQI_SAVE_ERROR; mode <= SQI_SAVE_OVERWRITE; mode++)
        rig_refused(&r, try_save(mode, true), SQI_COND_PATH_ALREADY_EXISTS, "no folder");
    save(SQI_SAVE_IGNORE);
    ck_assert_str_eq(folder_read(&f, "out"), "a file");
    rig_option(&r, "path", "/");
    rig_refused(&r, try_save(SQI_SAVE_OVERWRITE, true), SQI_COND_INVALID_OPTION_VALUE, "'/'");
    end();
}
END_TEST

START_TEST(modes_have_sparks_names)
{
    sqi_save_mode mode;
    rig_begin(&r);
    static const struct {
        const char *name;
        sqi_save_mode mode;
    } good[] = {{"append", SQI_SAVE_APPEND}, {"Overwrite", SQI_SAVE_OVERWRITE}, {"ignore", SQI_SAVE_IGNORE},
                {"error", SQI_SAVE_ERROR},   {"errorIfExists", SQI_SAVE_ERROR}, {"default", SQI_SAVE_ERROR}};
    for (size_t i = 0; i < 6; i++) {
        ck_assert_int_eq(sqi_save_mode_find(sqi_span_of(good[i].name), &mode, &r.err), STREAMQ_OK);
        ck_assert_int_eq(mode, good[i].mode);
    }
    rig_refused(&r, sqi_save_mode_find(SQI_SPAN("foo"), &mode, &r.err), SQI_COND_INVALID_SAVE_MODE, "overwrite");
    rig_end(&r);
}
END_TEST

START_TEST(what_cannot_be_written_is_refused_before_anything_is_made)
{
    begin(false);
    rig_option(&r, "retention", "1d"); /* of streams alone */
    rig_refused(&r, try_save(SQI_SAVE_ERROR, true), SQI_COND_UNKNOWN_OPTION, "retention");
    r.options.first = NULL;
    rig_refused(&r, try_save(SQI_SAVE_ERROR, true), SQI_COND_MISSING_OPTION, "path");
    rig_option(&r, "path", folder_name(&f, "out"));
    r.schema.field[0].type = &sqi_type_bigint;
    ck_assert_int_ne(try_save(SQI_SAVE_ERROR, true), STREAMQ_OK);
    sqi_error_free(r.err);
    r.err = NULL;
    ck_assert_str_eq(folder_list(&f, ""), "");
    end();
}
END_TEST

START_TEST(a_save_that_is_given_up_leaves_nothing)
{
    for (int partitioned = 0; partitioned < 2; partitioned++) {
        begin(partitioned);
        ck_assert_int_eq(sqi_save_begin(&s, &r.env, &spec, &r.err), STREAMQ_OK);
        ck_assert_int_eq(sqi_save_write(s, &chunk, &r.err), STREAMQ_OK);
        sqi_save_free(s);
        ck_assert_str_eq(folder_list(&f, ""), "");
        end();
    }
}
END_TEST

static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_io_env env = r.env;
    sqi_save *mine;
    (void)context;
    env.alloc = alloc;
    SQI_TRY(sqi_save_begin(&mine, &env, &spec, err));
    streamq_status status = sqi_save_write(mine, &chunk, err);
    if (status == STREAMQ_OK)
        status = sqi_save_commit(mine, err);
    sqi_save_free(mine);
    if (status != STREAMQ_OK)
        ck_assert_str_eq(tree(), "_SUCCESS part-00000-*-c000.txt");
    return status;
}

START_TEST(every_allocation_may_fail)
{
    begin(_i);
    r.schema.n = 1;
    spec.target.npartition = 0;
    chunk.ncol = 1;
    save(SQI_SAVE_ERROR);
    spec.mode = SQI_SAVE_OVERWRITE;
    ck_assert_uint_ge(sqi_test_every_allocation(live, NULL), 10);
    end();
}
END_TEST

/* ---------------------------------------------------------------------------------------- a failing disk */

typedef struct gathering {
    const sqi_os_files *files;
    char path[SQI_OS_PATH_ROOM];
    bool success;
    size_t n;
    char *text[64];
} gathering;

static bool gather(void *user, const char *name, sqi_os_kind kind)
{
    gathering *g = user;
    size_t len = strlen(g->path);
    if (strcmp(name, "_temporary") == 0)
        return true;
    g->success |= strcmp(name, "_SUCCESS") == 0;
    snprintf(g->path + len, sizeof g->path - len, "/%s", name);
    if (kind == SQI_OS_DIRECTORY) {
        g->files->list(g->files->context, g->path, gather, g);
    } else if (name[0] != '_' && name[0] != '.') {
        char text[256];
        size_t got;
        int file;
        ck_assert_int_eq(g->files->open(g->files->context, g->path, SQI_OS_READ, &file), 0);
        ck_assert_int_eq(sqi_os_read_all(g->files, file, 0, text, sizeof text - 1, &got), 0);
        g->files->close(g->files->context, file);
        text[got] = '\0';
        g->text[g->n++] = strdup(text);
    }
    g->path[len] = '\0';
    return true;
}

static int order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What a reader sees: the texts of all files sorted; true: with a _SUCCESS. */
static bool look(const sqi_os_files *files, char *to)
{
    gathering g = {.files = files, .path = "/out"};
    files->list(files->context, "/out", gather, &g);
    qsort(g.text, g.n, sizeof *g.text, order);
    *to = '\0';
    for (size_t i = 0; i < g.n; i++) {
        strcat(to, g.text[i]);
        free(g.text[i]);
    }
    return g.success;
}

static const char *failed_call(const sqi_disk_sim *disk)
{
    for (size_t i = 1; i <= sqi_disk_sim_calls(disk); i++)
        if (strstr(sqi_disk_sim_text(disk, i), " = E") && !strstr(sqi_disk_sim_text(disk, i), "ENOENT"))
            return sqi_disk_sim_text(disk, i);
    return "no call failed";
}

static const char *const old_rows = "one\ntwo\n", *const new_rows = "three\nfour\n", *const new_parts = "four\nthree\n";

static sqi_disk_sim *prepare_disk(bool partitioned)
{
    prepare(partitioned);
    sqi_disk_sim *disk = sqi_disk_sim_new(3);
    r.sim.os.files = sqi_disk_sim_files(disk);
    rig_option(&r, "path", "/out");
    save(SQI_SAVE_ERROR);
    set_rows("three", "four");
    sqi_disk_sim_settle(disk);
    return disk;
}

/* Each call fails in turn: the old files are there as they were, or the new ones, never a part or a mixture. */
START_TEST(an_error_leaves_everything_as_it_was)
{
    size_t calls = 1;
    bool partitioned = _i;
    const char *fresh = partitioned ? new_parts : new_rows;
    for (size_t at = 0; at <= calls; at++) {
        char seen[256];
        sqi_disk_sim *disk = prepare_disk(partitioned);
        if (at)
            sqi_disk_sim_fail(disk, (sqi_disk_fault){SQI_DISK_ANY, at, false, ENOSPC, false});
        streamq_status status = try_save(SQI_SAVE_OVERWRITE, true);
        if (!at)
            calls = sqi_disk_sim_calls(disk);
        sqi_disk_sim_fail(disk, (sqi_disk_fault){0});
        ck_assert_msg(look(sqi_disk_sim_files(disk), seen), "%s: no _SUCCESS", failed_call(disk));
        ck_assert_msg(strcmp(seen, status == STREAMQ_OK ? fresh : old_rows) == 0, "%s: %s", failed_call(disk), seen);
        if (status != STREAMQ_OK)
            ck_assert_int_eq(status, STREAMQ_ERR_IO);
        sqi_error_free(r.err);
        r.err = NULL;
        ck_assert_uint_eq(sqi_disk_sim_open_files(disk), 0);
        save(SQI_SAVE_OVERWRITE); /* and again, when the disk is well */
        ck_assert(look(sqi_disk_sim_files(disk), seen));
        ck_assert_str_eq(seen, fresh);
        sqi_disk_sim_free(disk);
        rig_end(&r);
    }
    ck_assert_uint_gt(calls, 20);
}
END_TEST

START_TEST(an_error_of_append_leaves_what_was_there)
{
    size_t calls = 1;
    const char *both = _i ? "four\none\nthree\ntwo\n" : "one\ntwo\nthree\nfour\n";
    for (size_t at = 0; at <= calls; at++) {
        char seen[256];
        sqi_disk_sim *disk = prepare_disk(_i);
        if (at)
            sqi_disk_sim_fail(disk, (sqi_disk_fault){SQI_DISK_ANY, at, false, EIO, false});
        streamq_status status = try_save(SQI_SAVE_APPEND, true);
        if (!at)
            calls = sqi_disk_sim_calls(disk);
        sqi_disk_sim_fail(disk, (sqi_disk_fault){0});
        ck_assert(look(sqi_disk_sim_files(disk), seen));
        ck_assert_msg(strcmp(seen, status == STREAMQ_OK ? both : old_rows) == 0, "%s: %s", failed_call(disk), seen);
        sqi_error_free(r.err);
        r.err = NULL;
        sqi_disk_sim_free(disk);
        rig_end(&r);
    }
}
END_TEST

/* A crash may leave old and new files side by side for a moment, or neither: but with a _SUCCESS it is one of the two,
   whole, and the old files are somewhere as long as the new ones are not all in place. */
START_TEST(a_crash_leaves_no_success_over_a_part)
{
    char seen[256];
    const char *fresh = _i ? new_parts : new_rows;
    sqi_disk_sim *disk = prepare_disk(_i);
    save(SQI_SAVE_OVERWRITE);
    size_t tried = 0;
    for (size_t call = 0; call <= sqi_disk_sim_calls(disk); call++) {
        if (!sqi_disk_images_differ(disk, call))
            continue;
        sqi_disk_images it = sqi_disk_images_begin(disk, call, 20, call);
        for (sqi_disk_sim *crashed; (crashed = sqi_disk_images_next(&it)) != NULL; sqi_disk_sim_free(crashed), tried++)
            if (look(sqi_disk_sim_files(crashed), seen))
                ck_assert_msg(strcmp(seen, old_rows) == 0 || strcmp(seen, fresh) == 0, "after call %zu %s, %s: %s",
                              call, call ? sqi_disk_sim_text(disk, call) : "", sqi_disk_images_text(&it), seen);
        sqi_disk_images_end(&it);
    }
    ck_assert_uint_gt(tried, 20);
    sqi_disk_sim_free(disk);
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const once[] = {files_are_in_place_with_a_mark_of_success,
                                 no_rows_are_one_empty_file_or_no_folders,
                                 a_path_that_is_there_is_refused_left_added_to_or_replaced,
                                 modes_that_find_nothing_write,
                                 a_file_in_the_way_is_refused,
                                 modes_have_sparks_names,
                                 what_cannot_be_written_is_refused_before_anything_is_made,
                                 a_save_that_is_given_up_leaves_nothing};
    const TTest *const each[] = {every_allocation_may_fail, an_error_leaves_everything_as_it_was,
                                 an_error_of_append_leaves_what_was_there, a_crash_leaves_no_success_over_a_part};
    return sqi_test_main_each("io_save", once, sizeof once / sizeof *once, each, 4, 2);
}
