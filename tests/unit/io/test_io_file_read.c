/* Rows of one file after the other. */
#include "io_file_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "data_cut.h"
#include "data_text.h"
#include "file_rig.h"
#include "test_main.h"

static file_rig f;
static sqi_file_options o;
static sqi_file_plan *plan;
static sqi_schema schema;
static sqi_file_reader *reader;
static size_t as_lines, rows;

static streamq_status take(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    sqi_chunk cut = *chunk;
    sqi_vec column;
    (void)context;
    as_lines += chunk->lines.len > 0;
    if (chunk->lines.len)
        SQI_TRY(sqi_lines_cut(&cut, &column, chunk, &f.r.arena, err));
    for (SQI_EACH(cut.rows, k, i)) {
        rows++;
        for (uint32_t c = 0; c < cut.ncol; c++) {
            sqi_text_value(&f.r.rows, &cut.col[c], i, sqi_zone_utc(),
                           sqi_vec_valid(&cut.col[c], i) ? SQI_TEXT_CAST : SQI_TEXT_SHOW);
            sqi_buf_byte(&f.r.rows, c + 1 < cut.ncol ? '|' : '\n');
        }
    }
    return STREAMQ_OK;
}

static void begin(const sqi_format_type *format)
{
    file_path(&f, "");
    ck_assert_msg(sqi_file_plan_make(&plan, &schema, format, true, &f.r.options, f.r.schema.n ? &f.r.schema : NULL,
                                     &f.r.env, &f.r.arena, &f.r.err) == STREAMQ_OK,
                  "%s", sqi_error_message(f.r.err));
    ck_assert_int_eq(sqi_file_options_read(&o, format, &f.r.options, true, &f.r.env, &f.r.arena, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_file_reader_new(&reader, plan, &o, &f.r.options, &schema, &f.r.env, &f.r.err), STREAMQ_OK);
    as_lines = rows = 0;
}

static void end(void)
{
    sqi_file_reader_free(reader);
    file_end(&f);
}

static streamq_status run(const char *name, int64_t size)
{
    sqi_file file = {.path = file_name(&f, name), .size = size};
    file.len = (uint32_t)strlen(file.path);
    file.base = (uint32_t)strlen(f.folder) + 1;
    file.name = (uint32_t)(strrchr(file.path, '/') + 1 - file.path);
    sqi_buf_clear(&f.r.rows);
    return sqi_file_reader_run(reader, &file, take, NULL, &f.r.err);
}

static void expect(const char *name, int64_t size, const char *text)
{
    ck_assert_msg(run(name, size) == STREAMQ_OK, "%s", sqi_error_message(f.r.err));
    ck_assert(sqi_span_equal(sqi_buf_view(&f.r.rows), sqi_span_of(text)));
}

START_TEST(lines_are_handed_on_as_they_stand)
{
    file_begin(&f);
    file_put(&f, "a", "1\n2\n", 0);
    file_put(&f, "b", "3", 0);
    begin(&sqi_format_text);
    expect("a", 4, "1\n2\n");
    ck_assert_uint_eq(as_lines, 1);
    expect("b", 1, "3\n");
    end();
}
END_TEST

START_TEST(values_of_folders_stand_beside)
{
    file_begin(&f);
    file_put(&f, "p=1/q=x%2Fy/a", "1\n2\r\n3", 0);
    file_put(&f, "p=2/b", "4\n", 0);
    rig_option(&f.r, "pathGlobFilter", "a");
    begin(&sqi_format_text);
    expect("p=1/q=x%2Fy/a", 6, "1|1|x/y\n2|1|x/y\n3|1|x/y\n");
    expect("p=2/b", 2, "4|2|NULL\n");
    rig_refused(&f.r, run("p=x/c", 2), SQI_COND_INVALID_PARTITION_VALUE, "'x'");
    end();
}
END_TEST

START_TEST(a_column_is_the_folders_if_there_was_none_when_the_schema_was_given)
{
    file_begin(&f);
    rig_columns(&f.r, (const char *[]){"p", "n"}, (const sqi_type *const[]){&sqi_type_string, &sqi_type_int}, 2);
    begin(&sqi_format_json);
    file_put(&f, "a", "{\"p\":\"data\",\"n\":1}\n", 0);
    expect("a", 19, "data|1\n");
    file_put(&f, "p=folder/a", "{\"n\":1}\n", 0);
    expect("p=folder/a", 8, "folder|1\n");
    end();
}
END_TEST

START_TEST(records_may_be_longer_than_a_block)
{
    enum { N = 3000000 };
    char *text = malloc(N + 2);
    file_begin(&f);
    memset(text, 'x', N);
    memcpy(text + N, "\n", 2);
    file_put(&f, "a", text, 0);
    begin(&sqi_format_text);
    expect("a", N + 1, text);
    free(text);
    end();
}
END_TEST

START_TEST(half_a_record_before_a_failure_is_none)
{
    file_begin(&f);
    rig_option(&f.r, "ignoreCorruptFiles", "true");
    rig_option(&f.r, "ignoreMissingFiles", "true");
    file_put(&f, "a", "whole\nhalf", 0);
    begin(&sqi_format_text);
    expect("a", 10, "whole\nhalf\n");
    expect("a", 100, "whole\n"); /* it had more when it was listed */
    expect("gone", 100, "");
    f.fail = (file_failure){"read", "/a", EIO};
    expect("a", 10, "");
    end();
}
END_TEST

static streamq_status fails(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    (void)context;
    (void)chunk;
    return sqi_error_set(err, SQI_COND_FAILED_READ_FILE, "of somebody else");
}

START_TEST(failures_behind_the_reader_are_not_passed_over)
{
    file_begin(&f);
    rig_option(&f.r, "ignoreCorruptFiles", "true");
    file_put(&f, "a", "x\n", 0);
    begin(&sqi_format_text);
    sqi_file file = {.path = file_name(&f, "a"), .size = 2};
    file.len = (uint32_t)strlen(file.path);
    rig_refused(&f.r, sqi_file_reader_run(reader, &file, fails, NULL, &f.r.err), SQI_COND_FAILED_READ_FILE,
                "somebody else");
    end();
}
END_TEST

static streamq_status read_on(sqi_alloc *alloc, void *path, streamq_error **err)
{
    sqi_io_env env = f.r.env;
    sqi_file_reader *r;
    sqi_file file = {.path = path, .len = (uint32_t)strlen(path), .size = 4};
    env.alloc = alloc;
    file.base = (uint32_t)strlen(f.folder) + 1;
    file.name = (uint32_t)(strrchr(path, '/') + 1 - (char *)path);
    SQI_TRY(sqi_file_reader_new(&r, plan, &o, &f.r.options, &schema, &env, err));
    streamq_status status = sqi_file_reader_run(r, &file, take, NULL, err);
    sqi_file_reader_free(r);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    file_begin(&f);
    file_put(&f, "p=1/a", "1\n2\n", 0);
    begin(&sqi_format_text);
    char *path = sqi_arena_printf(&f.r.arena, "%s/p=1/a", f.folder);
    ck_assert_uint_ge(sqi_test_every_allocation(read_on, path), 6);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lines_are_handed_on_as_they_stand,
                                  values_of_folders_stand_beside,
                                  a_column_is_the_folders_if_there_was_none_when_the_schema_was_given,
                                  records_may_be_longer_than_a_block,
                                  half_a_record_before_a_failure_is_none,
                                  failures_behind_the_reader_are_not_passed_over,
                                  every_allocation_may_fail};
    return sqi_test_main("io_file_read", tests, sizeof tests / sizeof *tests);
}
