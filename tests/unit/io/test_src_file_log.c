/* What a checkpoint keeps of a source of files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base_bytes.h"
#include "file_rig.h"
#include "test_main.h"

static file_rig f;
static const sqi_offset unknown = {0};
static sqi_buf block;

static void begin(void)
{
    file_begin(&f);
    sqi_buf_init(&block, &f.r.heap.alloc, 0);
}

static void end(void)
{
    sqi_buf_fini(&block);
    file_end(&f);
}

static void open_text(void)
{
    file_path(&f, "");
    rig_source(&f.r, &sqi_src_text, NULL);
}

/* The source as a new process has it. */
static void again(void)
{
    sqi_source_close(f.r.source);
    f.r.source = NULL;
    f.r.schema = (sqi_schema){0};
    open_text();
}

static void save_changes(const sqi_offset *from, const sqi_offset *to)
{
    sqi_buf_clear(&block);
    ck_assert_int_eq(f.r.source->type->save_changes(f.r.source, from, to, &block, &f.r.err), STREAMQ_OK);
}

static void load(void)
{
    ck_assert_msg(f.r.source->type->load(f.r.source, sqi_buf_view(&block), &f.r.err) == STREAMQ_OK, "%s",
                  sqi_error_message(f.r.err));
}

START_TEST(a_range_that_was_not_committed_reads_exactly_its_files_after_a_restart)
{
    begin();
    file_put(&f, "a", "a\n", 1000);
    file_put(&f, "p=1/b", "b\n", 2000);
    open_text();
    sqi_offset e = rig_latest(&f.r, &unknown);
    save_changes(&unknown, &e);
    file_put(&f, "c", "c\n", 500);
    again();
    load();
    ck_assert_str_eq(rig_read(&f.r, &unknown, &e), "a|NULL\nb|1\n");
    sqi_offset next = rig_latest(&f.r, &e);
    ck_assert_str_eq(rig_json(&f.r, &next), "{\"logOffset\":1}");
    ck_assert_str_eq(rig_read(&f.r, &e, &next), "c|NULL\n");
    end();
}
END_TEST

START_TEST(a_vanished_file_of_the_range_is_named)
{
    begin();
    file_put(&f, "a", "a\n", 1000);
    open_text();
    sqi_offset e = rig_latest(&f.r, &unknown);
    save_changes(&unknown, &e);
    again();
    load();
    ck_assert_int_eq(unlink(file_name(&f, "a")), 0);
    rig_refused(&f.r, f.r.source->type->read(f.r.source, &unknown, &e, NULL, NULL, &f.r.err),
                SQI_COND_FAILED_READ_FILE__FILE_NOT_EXIST, "/a'");
    end();
}
END_TEST

START_TEST(a_range_is_saved_alone)
{
    begin();
    rig_option(&f.r, "maxFilesPerTrigger", "1");
    file_put(&f, "a", "a\n", 1000);
    file_put(&f, "b", "b\n", 2000);
    open_text();
    sqi_offset one = rig_latest(&f.r, &unknown), two = rig_latest(&f.r, &one);
    save_changes(&one, &two);
    again();
    load();
    ck_assert_str_eq(rig_read(&f.r, &one, &two), "b\n");
    rig_refused(&f.r, f.r.source->type->read(f.r.source, &unknown, &one, NULL, NULL, &f.r.err), SQI_COND_IO_ERROR,
                "batch 0");
    end();
}
END_TEST

/* All of it in parts of about `most` bytes; the number of parts. */
static size_t save_and_load_all(size_t most, void (*between)(void))
{
    uint64_t cursor = 0;
    size_t n = 0;
    sqi_buf parts;
    sqi_buf_init(&parts, &f.r.heap.alloc, 0);
    do {
        sqi_buf_clear(&block);
        ck_assert_int_eq(f.r.source->type->save_some(f.r.source, &cursor, most, &block, &f.r.err), STREAMQ_OK);
        sqi_bytes_put_span(&parts, sqi_buf_view(&block));
        if (between)
            between();
        n++;
    } while (cursor);
    again();
    for (sqi_bytes b = sqi_bytes_of(sqi_buf_view(&parts)); sqi_bytes_left(&b);)
        ck_assert_int_eq(f.r.source->type->load(f.r.source, sqi_bytes_get_span(&b), &f.r.err), STREAMQ_OK);
    sqi_buf_fini(&parts);
    return n;
}

START_TEST(what_was_seen_is_not_new_after_a_restart)
{
    char name[100];
    begin();
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "a longer name of file number %d", i);
        file_put(&f, name, "x\n", 1000 + i);
    }
    open_text();
    sqi_offset e = rig_latest(&f.r, &unknown);
    f.r.source->type->commit(f.r.source, &e);
    ck_assert_uint_ge(save_and_load_all(1000, NULL), 5);
    sqi_offset same = rig_latest(&f.r, &e);
    ck_assert(sqi_offset_equal(&same, &e));
    file_put(&f, "new", "new\n", 5000);
    sqi_offset next = rig_latest(&f.r, &e);
    ck_assert_str_eq(rig_read(&f.r, &e, &next), "new\n");
    end();
}
END_TEST

START_TEST(a_save_holds_the_batches_that_were_not_committed)
{
    begin();
    file_put(&f, "a", "a\n", 1000);
    open_text();
    sqi_offset e = rig_latest(&f.r, &unknown);
    save_and_load_all(1 << 20, NULL);
    ck_assert_str_eq(rig_read(&f.r, &unknown, &e), "a\n");
    end();
}
END_TEST

START_TEST(the_limit_of_age_stands_after_a_restart)
{
    begin();
    rig_option(&f.r, "maxFileAge", "10s");
    file_put(&f, "a", "a\n", 2000);
    open_text();
    sqi_offset e = rig_latest(&f.r, &unknown);
    save_and_load_all(1 << 20, NULL);
    file_put(&f, "old", "old\n", 1000);
    sqi_offset same = rig_latest(&f.r, &e);
    ck_assert(sqi_offset_equal(&same, &e));
    end();
}
END_TEST

static sqi_offset place;

static void files_come(void)
{
    static int n;
    char name[50];
    for (int i = 0; i < 50; i++) {
        snprintf(name, sizeof name, "later %d", n);
        file_put(&f, name, "x\n", 100000 + n++);
    }
    place = rig_latest(&f.r, &place);
}

START_TEST(files_that_come_and_grow_old_between_the_parts_spoil_nothing)
{
    char name[50];
    begin();
    rig_option(&f.r, "maxFileAge", "1000s");
    for (int i = 0; i < 400; i++) {
        snprintf(name, sizeof name, "file %d", i);
        file_put(&f, name, "old\n", i < 200 ? 1000 : 99990);
    }
    place = unknown;
    open_text();
    place = rig_latest(&f.r, &place);
    save_and_load_all(500, files_come);
    /* What was seen before the save began, and is young enough, is known; the rest is for the records of the log. */
    sqi_offset e = rig_latest(&f.r, &place);
    ck_assert(!sqi_offset_equal(&e, &place));
    ck_assert_ptr_null(strstr(rig_read(&f.r, &place, &e), "old"));
    end();
}
END_TEST

START_TEST(paths_outside_of_the_source_are_not_read_nor_deleted)
{
    static const char *const paths[] = {"/etc/passwd", "%s/../passwd", "%s-other/x"};
    for (size_t i = 0; i < 3; i++) {
        char path[200];
        begin();
        rig_option(&f.r, "cleanSource", "delete");
        open_text();
        snprintf(path, sizeof path, paths[i], f.folder);
        sqi_buf_byte(&block, 1);
        sqi_bytes_put_varint(&block, 1);
        sqi_bytes_put_varint(&block, 1);
        sqi_bytes_put_varint(&block, 0);
        sqi_bytes_put_span(&block, sqi_span_of(path));
        sqi_bytes_put_varint(&block, 1);
        sqi_bytes_put_varint(&block, (uint64_t)(strrchr(path, '/') + 1 - path));
        sqi_bytes_put_varint(&block, sqi_zigzag(5));
        sqi_bytes_put_varint(&block, sqi_zigzag(5));
        sqi_bytes_put_varint(&block, 0);
        load();
        sqi_offset e = {.known = true, .number = {0, 0}};
        rig_refused(&f.r, f.r.source->type->read(f.r.source, &unknown, &e, NULL, NULL, &f.r.err),
                    SQI_COND_FAILED_READ_FILE, "not at the source's path");
        f.r.source->type->commit(f.r.source, &e);
        ck_assert_int_eq(access("/etc/passwd", F_OK), 0);
        end();
    }
}
END_TEST

/* Whatever stands in a block: loaded or refused. */
static void try_bytes(sqi_span bytes)
{
    streamq_error *err = NULL;
    again();
    streamq_status status = f.r.source->type->load(f.r.source, bytes, &err);
    ck_assert(status == STREAMQ_OK || sqi_error_cond(err) == SQI_COND_CHECKPOINT_CORRUPT);
    sqi_error_free(err);
}

START_TEST(damaged_blocks_are_refused_or_harmless)
{
    begin();
    file_put(&f, "a", "a\n", 1000);
    file_put(&f, "b", "b\n", 2000);
    open_text();
    sqi_offset e = rig_latest(&f.r, &unknown);
    uint64_t cursor = 0;
    save_changes(&unknown, &e);
    for (int kind = 0; kind < 3; kind++) {
        size_t len = block.len;
        char *whole = sqi_arena_text(&f.r.arena, block.ptr, len);
        if (kind) /* what the next one is made of */
            again();
        for (size_t n = 0; n < len; n++)
            try_bytes((sqi_span){whole, n});
        for (size_t i = 0; i < len; i++)
            for (int bit = 0; bit < 8; bit++) {
                whole[i] = (char)(whole[i] ^ (1 << bit));
                try_bytes((sqi_span){whole, len});
                whole[i] = (char)(whole[i] ^ (1 << bit));
            }
        again();
        e = rig_latest(&f.r, &unknown);
        sqi_buf_clear(&block);
        ck_assert_int_eq(f.r.source->type->save_some(f.r.source, &cursor, 1 << 20, &block, &f.r.err), STREAMQ_OK);
    }
    end();
}
END_TEST

static streamq_status save_and_load(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_io_env env = f.r.env;
    sqi_source *s;
    sqi_buf b;
    sqi_offset e;
    env.alloc = alloc;
    sqi_buf_init(&b, alloc, 0);
    streamq_status status = sqi_source_open(&s, &sqi_src_text, &env, &f.r.options, &f.r.schema, context, err);
    if (status == STREAMQ_OK)
        status = s->type->latest(s, &unknown, &e, err);
    if (status == STREAMQ_OK)
        status = s->type->save_changes(s, &unknown, &e, &b, err);
    if (status == STREAMQ_OK)
        status = s->type->load(s, sqi_buf_view(&b), err);
    sqi_source_close(s);
    sqi_buf_fini(&b);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    begin();
    file_put(&f, "a", "a\n", 1000);
    file_put(&f, "b", "b\n", 2000);
    open_text();
    void *plan = f.r.source->declared;
    sqi_source_close(f.r.source);
    f.r.source = NULL;
    ck_assert_uint_ge(sqi_test_every_allocation(save_and_load, plan), 8);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_range_that_was_not_committed_reads_exactly_its_files_after_a_restart,
                                  a_vanished_file_of_the_range_is_named,
                                  a_range_is_saved_alone,
                                  what_was_seen_is_not_new_after_a_restart,
                                  a_save_holds_the_batches_that_were_not_committed,
                                  the_limit_of_age_stands_after_a_restart,
                                  files_that_come_and_grow_old_between_the_parts_spoil_nothing,
                                  paths_outside_of_the_source_are_not_read_nor_deleted,
                                  damaged_blocks_are_refused_or_harmless,
                                  every_allocation_may_fail};
    return sqi_test_main("src_file_log", tests, sizeof tests / sizeof *tests);
}
