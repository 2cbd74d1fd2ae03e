/* Rows into the files of their partitions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder_rig.h"
#include "io_output.h"
#include "io_rig.h"
#include "test_main.h"

static rig r;
static folder f;
static sqi_partition partition;
static sqi_output_spec spec;
static sqi_output *o;

/* Columns value and k; partitioned by k or not at all. */
static void begin(bool partitioned)
{
    static const sqi_span name = {"k", 1};
    rig_begin(&r);
    folder_begin(&f);
    r.sim.os.files = &f.files;
    rig_columns(&r, (const char *[]){"value", "k"}, (const sqi_type *const[]){&sqi_type_string, &sqi_type_bigint},
                partitioned ? 2 : 1);
    ck_assert_int_eq(sqi_partition_make(&partition, &r.schema, &name, partitioned, &r.arena, &r.err), STREAMQ_OK);
    folder_put(&f, "out/other", "not ours");
    spec = (sqi_output_spec){.env = &r.env,
                             .format = &sqi_format_text,
                             .options = &r.options,
                             .partition = &partition,
                             .pack = SQI_PACK_NONE};
    const char *out = folder_name(&f, "out");
    spec.folder = (sqi_span){sqi_arena_text(&r.arena, out, strlen(out)), strlen(out)};
}

static void open_output(void)
{
    ck_assert_msg(sqi_output_new(&o, &spec, &r.err) == STREAMQ_OK, "%s", sqi_error_message(r.err));
    ck_assert_int_eq(sqi_output_begin(o, &r.err), STREAMQ_OK);
}

static void end(void)
{
    f.fail_at = 0;
    sqi_output_free(o);
    o = NULL;
    ck_assert_str_eq(folder_read(&f, "out/other"), "not ours");
    folder_end(&f);
    rig_end(&r);
}

static sqi_chunk rows(int from, int n, int parts)
{
    const char *text[512];
    int64_t number[512];
    for (int i = 0; i < n; i++) {
        char *t = sqi_arena_printf(&r.arena, "row %d", from + i);
        text[i] = t;
        number[i] = (from + i) % parts;
    }
    return rig_beside(&r, rig_strings(&r, text, (uint32_t)n), rig_numbers(&r, number, (uint32_t)n));
}

static void write_rows(int from, int n, int parts)
{
    sqi_chunk c = rows(from, n, parts);
    c.ncol = r.schema.n;
    ck_assert_msg(sqi_output_write(o, &c, &r.err) == STREAMQ_OK, "%s", sqi_error_message(r.err));
}

static const char *finish(void)
{
    ck_assert_msg(sqi_output_finish(o, &r.err) == STREAMQ_OK, "%s", sqi_error_message(r.err));
    return folder_tree(&f, "out");
}

static const char *text_of(size_t i)
{
    char name[512];
    sqi_output_file file = sqi_output_at(o, i);
    snprintf(name, sizeof name, "out/%.*s", (int)file.name.len, file.name.ptr);
    const char *text = folder_read(&f, name);
    ck_assert_int_eq(file.size, strlen(text));
    return text;
}

/* "part-00000-" and a UUID of version 4 and what follows. */
static void assert_name(sqi_span name, const char *folder_part, const char *tail)
{
    char kept[256];
    snprintf(kept, sizeof kept, "%.*s", (int)name.len, name.ptr);
    ck_assert_str_eq(kept + strlen(kept) - strlen(tail), tail);
    ck_assert_uint_eq(strlen(kept), strlen(folder_part) + 11 + 36 + strlen(tail));
    ck_assert(strncmp(kept, folder_part, strlen(folder_part)) == 0);
    const char *uuid = kept + strlen(folder_part) + 11;
    ck_assert(strncmp(uuid - 11, "part-00000-", 11) == 0);
    ck_assert_uint_ge(strspn(uuid, "0123456789abcdef-"), 36);
}

START_TEST(rows_without_partitions_are_one_file_with_sparks_name)
{
    begin(false);
    open_output();
    write_rows(0, 2, 1);
    write_rows(2, 1, 1);
    finish();
    ck_assert_uint_eq(sqi_output_count(o), 1);
    ck_assert_str_eq(text_of(0), "row 0\nrow 1\nrow 2\n");
    ck_assert_int_eq(sqi_output_at(o, 0).rows, 3);
    assert_name(sqi_output_at(o, 0).name, "", "-c000.txt");
    end();
}
END_TEST

START_TEST(rows_go_into_the_folder_of_their_partition)
{
    begin(true);
    open_output();
    write_rows(0, 5, 3);
    write_rows(5, 4, 3);
    finish();
    ck_assert_uint_eq(sqi_output_count(o), 3);
    ck_assert_str_eq(text_of(0), "row 0\nrow 3\nrow 6\n");
    ck_assert_str_eq(text_of(1), "row 1\nrow 4\nrow 7\n");
    ck_assert_str_eq(text_of(2), "row 2\nrow 5\nrow 8\n");
    assert_name(sqi_output_at(o, 1).name, "k=1/", ".c000.txt");
    end();
}
END_TEST

START_TEST(a_file_is_cut_at_so_many_rows)
{
    begin(false);
    spec.most_rows = 3;
    open_output();
    write_rows(0, 2, 1);
    write_rows(2, 6, 1);
    write_rows(8, 1, 1);
    finish();
    ck_assert_uint_eq(sqi_output_count(o), 3);
    ck_assert_str_eq(text_of(0), "row 0\nrow 1\nrow 2\n");
    ck_assert_str_eq(text_of(1), "row 3\nrow 4\nrow 5\n");
    ck_assert_str_eq(text_of(2), "row 6\nrow 7\nrow 8\n");
    assert_name(sqi_output_at(o, 2).name, "", "-c002.txt");
    end();
    begin(true);
    spec.most_rows = 2;
    open_output();
    write_rows(0, 9, 2);
    finish();
    ck_assert_uint_eq(sqi_output_count(o), 5);
    ck_assert_str_eq(text_of(2), "row 8\n");
    assert_name(sqi_output_at(o, 2).name, "k=0/", ".c002.txt");
    end();
}
END_TEST

START_TEST(a_selection_says_which_rows_are_written)
{
    static const uint32_t sel[] = {1, 4, 6, 7};
    for (int partitioned = 0; partitioned < 2; partitioned++) {
        begin(partitioned);
        spec.most_rows = 2;
        open_output();
        sqi_chunk c = rows(0, 9, 1);
        c.ncol = r.schema.n;
        c.rows = (sqi_rows){sel, 4};
        ck_assert_int_eq(sqi_output_write(o, &c, &r.err), STREAMQ_OK);
        finish();
        ck_assert_uint_eq(sqi_output_count(o), 2);
        ck_assert_str_eq(text_of(0), "row 1\nrow 4\n");
        ck_assert_str_eq(text_of(1), "row 6\nrow 7\n");
        end();
    }
}
END_TEST

START_TEST(no_rows_make_no_file_but_where_one_is_wanted)
{
    begin(false);
    open_output();
    ck_assert_str_eq(finish(), "other");
    end();
    begin(false);
    spec.always = spec.one_name = true;
    open_output();
    finish();
    ck_assert_uint_eq(sqi_output_count(o), 1);
    ck_assert_str_eq(text_of(0), "");
    end();
    begin(true);
    spec.always = spec.one_name = true;
    open_output();
    ck_assert_str_eq(finish(), "other");
    end();
}
END_TEST

START_TEST(a_batch_write_has_one_random_part)
{
    begin(true);
    spec.one_name = true;
    open_output();
    write_rows(0, 2, 2);
    finish();
    sqi_span a = sqi_output_at(o, 0).name, b = sqi_output_at(o, 1).name;
    ck_assert_uint_eq(a.len, b.len);
    ck_assert_mem_eq(a.ptr + 4, b.ptr + 4, a.len - 4);
    end();
    begin(true);
    open_output();
    write_rows(0, 2, 2);
    finish();
    a = sqi_output_at(o, 0).name, b = sqi_output_at(o, 1).name;
    ck_assert(memcmp(a.ptr + 4, b.ptr + 4, a.len - 4) != 0);
    end();
}
END_TEST

START_TEST(an_attempt_that_is_given_up_leaves_no_file)
{
    begin(true);
    open_output();
    write_rows(0, 9, 3);
    sqi_output_abort(o);
    ck_assert_str_eq(folder_tree(&f, "out"), "other");
    ck_assert_int_eq(sqi_output_begin(o, &r.err), STREAMQ_OK);
    write_rows(0, 9, 3);
    finish();
    sqi_output_abort(o);
    ck_assert_str_eq(folder_tree(&f, "out"), "other");
    ck_assert_int_eq(sqi_output_begin(o, &r.err), STREAMQ_OK);
    write_rows(0, 9, 3);
    finish();
    sqi_output_forget(o);
    sqi_output_abort(o);
    ck_assert_str_ne(folder_tree(&f, "out"), "other");
    end();
}
END_TEST

START_TEST(a_new_attempt_gives_up_the_one_before)
{
    begin(false);
    open_output();
    write_rows(0, 1, 1);
    finish();
    ck_assert_int_eq(sqi_output_begin(o, &r.err), STREAMQ_OK);
    ck_assert_str_eq(folder_tree(&f, "out"), "other");
    end();
}
END_TEST

/* More partitions than descriptors, more bytes than may wait: each partition's rows are whole and in order. */
START_TEST(partitions_without_number_are_written_in_bounded_memory)
{
    enum { PARTS = 200, LONG = 4000, CHUNKS = 60 };
    static char longest[LONG + 1];
    begin(true);
    memset(longest, 'x', LONG);
    open_output();
    for (int c = 0; c < CHUNKS; c++) { /* 48 MB */
        sqi_arena_mark mark = sqi_arena_mark_get(&r.arena);
        const char *text[PARTS];
        int64_t number[PARTS];
        for (int i = 0; i < PARTS; i++) {
            text[i] = longest;
            number[i] = i;
        }
        sqi_chunk chunk = rig_beside(&r, rig_strings(&r, text, PARTS), rig_numbers(&r, number, PARTS));
        ck_assert_int_eq(sqi_output_write(o, &chunk, &r.err), STREAMQ_OK);
        sqi_arena_release(&r.arena, mark);
    }
    ck_assert_uint_lt(r.heap.alloc.peak, (size_t)100 << 20);
    finish();
    ck_assert_uint_eq(sqi_output_count(o), PARTS);
    for (size_t i = 0; i < PARTS; i++)
        ck_assert_int_eq(sqi_output_at(o, i).size, CHUNKS * (LONG + 1));
    end();
}
END_TEST

#ifdef SQI_WITH_ZLIB
START_TEST(files_are_compressed_in_turns_or_in_one_piece)
{
    for (int partitioned = 0; partitioned < 2; partitioned++) {
        begin(partitioned);
        spec.pack = SQI_PACK_GZIP;
        open_output();
        write_rows(0, 6, 2);
        write_rows(6, 3, 2);
        finish();
        sqi_output_file file = sqi_output_at(o, 0);
        char command[1024], text[64] = "";
        assert_name(file.name, partitioned ? "k=0/" : "", partitioned ? ".c000.txt.gz" : "-c000.txt.gz");
        snprintf(command, sizeof command, "gzip -dc '%.*s/%.*s' | head -c 60", (int)spec.folder.len, spec.folder.ptr,
                 (int)file.name.len, file.name.ptr);
        FILE *from = popen(command, "r");
        ck_assert_ptr_nonnull(from);
        text[fread(text, 1, sizeof text - 1, from)] = '\0';
        ck_assert_int_eq(pclose(from), 0);
        ck_assert_str_eq(text, partitioned ? "row 0\nrow 2\nrow 4\nrow 6\nrow 8\n"
                                           : "row 0\nrow 1\nrow 2\nrow 3\nrow 4\nrow 5\nrow 6\nrow 7\nrow 8\n");
        end();
    }
}
END_TEST
#endif

static streamq_status attempt(const sqi_io_env *env, bool partitioned, streamq_error **err)
{
    sqi_output_spec mine = spec;
    sqi_output *out;
    mine.env = env;
    sqi_chunk c = rows(0, 9, 3);
    c.ncol = partitioned ? 2 : 1;
    SQI_TRY(sqi_output_new(&out, &mine, err));
    streamq_status status = sqi_output_begin(out, err);
    if (status == STREAMQ_OK)
        status = sqi_output_write(out, &c, err);
    if (status == STREAMQ_OK)
        status = sqi_output_finish(out, err);
    if (status == STREAMQ_OK)
        ck_assert_uint_eq(sqi_output_count(out), partitioned ? 6 : 5);
    sqi_output_free(out); /* aborts */
    return status;
}

static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_io_env env = r.env;
    env.alloc = alloc;
    return attempt(&env, *(bool *)context, err);
}

START_TEST(every_allocation_may_fail)
{
    for (int partitioned = 0; partitioned < 2; partitioned++) {
        bool p = partitioned;
        begin(p);
        spec.most_rows = 2;
        ck_assert_uint_ge(sqi_test_every_allocation(live, &p), 10);
        ck_assert_str_eq(folder_tree(&f, "out"), "other");
        end();
    }
}
END_TEST

static void remove_parts(void) /* so that each attempt makes the same calls */
{
    for (int k = 0; k < 3; k++) {
        char part[32];
        snprintf(part, sizeof part, "out/k=%d", k);
        sqi_os_remove_tree(sqi_os_files_posix(), folder_name(&f, part));
    }
}

START_TEST(every_call_to_the_disk_may_fail)
{
    for (int partitioned = 0; partitioned < 2; partitioned++) {
        begin(partitioned);
        spec.most_rows = 2;
        f.calls = 0;
        ck_assert_int_eq(attempt(&r.env, partitioned, &r.err), STREAMQ_OK);
        size_t calls = f.calls - (partitioned ? 6 : 5); /* what is removed at the end may stay */
        remove_parts();
        for (size_t at = 1; at <= calls; at++) {
            f.calls = 0;
            f.fail_at = at;
            streamq_status status = attempt(&r.env, partitioned, &r.err);
            ck_assert_msg(status == STREAMQ_ERR_IO, "call %zu of %zu", at, calls);
            rig_refused(&r, status, SQI_COND_IO_ERROR, "No space left");
            f.fail_at = 0;
            ck_assert_str_eq(folder_tree(&f, "out"), "other");
            remove_parts();
        }
        end();
    }
}
END_TEST

START_TEST(types_that_the_format_cannot_write_are_refused_when_it_is_made)
{
    begin(true);
    rig_columns(&r, (const char *[]){"value", "k"}, (const sqi_type *const[]){&sqi_type_bigint, &sqi_type_bigint}, 2);
    static const sqi_span name = {"k", 1};
    ck_assert_int_eq(sqi_partition_make(&partition, &r.schema, &name, 1, &r.arena, &r.err), STREAMQ_OK);
    ck_assert_int_ne(sqi_output_new(&o, &spec, &r.err), STREAMQ_OK);
    ck_assert_ptr_null(o);
    ck_assert(strstr(sqi_error_message(r.err), "value"));
    sqi_error_free(r.err);
    r.err = NULL;
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {rows_without_partitions_are_one_file_with_sparks_name,
                                  rows_go_into_the_folder_of_their_partition,
                                  a_file_is_cut_at_so_many_rows,
                                  a_selection_says_which_rows_are_written,
                                  no_rows_make_no_file_but_where_one_is_wanted,
                                  a_batch_write_has_one_random_part,
                                  an_attempt_that_is_given_up_leaves_no_file,
                                  a_new_attempt_gives_up_the_one_before,
                                  partitions_without_number_are_written_in_bounded_memory,
#ifdef SQI_WITH_ZLIB
                                  files_are_compressed_in_turns_or_in_one_piece,
#endif
                                  every_allocation_may_fail,
                                  every_call_to_the_disk_may_fail,
                                  types_that_the_format_cannot_write_are_refused_when_it_is_made};
    return sqi_test_main("io_output", tests, sizeof tests / sizeof *tests);
}
