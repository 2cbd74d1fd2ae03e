/* Columns of files, given or found; what is expected was asked of Spark 4.3. */
#include "io_file_plan.h"

#include <string.h>

#include "file_rig.h"
#include "test_main.h"

static file_rig f;
static sqi_file_plan *plan;
static sqi_schema schema;
static bool streaming;

static streamq_status make(const sqi_format_type *format)
{
    file_path(&f, "");
    return sqi_file_plan_make(&plan, &schema, format, streaming, &f.r.options, f.r.schema.n ? &f.r.schema : NULL,
                              &f.r.env, &f.r.arena, &f.r.err);
}

static const char *columns(const sqi_format_type *format)
{
    sqi_buf b;
    ck_assert_msg(make(format) == STREAMQ_OK, "%s", sqi_error_message(f.r.err));
    sqi_buf_init(&b, &f.r.heap.alloc, 0);
    ck_assert(sqi_schema_print_ddl(&b, &schema));
    const char *text = sqi_arena_text(&f.r.arena, b.ptr, b.len);
    sqi_buf_fini(&b);
    return text;
}

static void begin(bool stream)
{
    file_begin(&f);
    streaming = stream;
}

#define GIVEN(n, names, types) rig_columns(&f.r, (const char *[])names, (const sqi_type *const[])types, n)
#define LIST(...)   \
    {               \
        __VA_ARGS__ \
    }

START_TEST(text_has_one_column_and_those_of_the_folders)
{
    begin(true);
    file_put(&f, "a", "x", 0);
    ck_assert_str_eq(columns(&sqi_format_text), "value STRING");
    ck_assert(!plan->folders);
    file_put(&f, "p=1/q=a/b", "x", 0);
    ck_assert_str_eq(columns(&sqi_format_text), "value STRING, p INT, q STRING");
    ck_assert(plan->folders && plan->from[0] == 0 && plan->from[1] == SQI_FILE_NO_DATA);
    rig_option(&f.r, "recursiveFileLookup", "true");
    ck_assert_str_eq(columns(&sqi_format_text), "value STRING");
    file_end(&f);
}
END_TEST

START_TEST(partition_columns_that_were_given_come_last_with_the_types_given)
{
    begin(false);
    file_put(&f, "p=1/b", "x", 0);
    GIVEN(2, LIST("P", "line"), LIST(&sqi_type_string, &sqi_type_string));
    ck_assert_str_eq(columns(&sqi_format_text), "line STRING, P STRING");
    GIVEN(1, LIST("p"), LIST(&sqi_type_int));
    ck_assert_str_eq(columns(&sqi_format_text), "p INT");
    ck_assert_uint_eq(plan->data.n, 1);
    GIVEN(2, LIST("x", "y"), LIST(&sqi_type_string, &sqi_type_string));
    rig_refused(&f.r, make(&sqi_format_text), SQI_COND_INVALID_ARGUMENT, "2 columns");
    GIVEN(1, LIST("x"), LIST(&sqi_type_int));
    rig_refused(&f.r, make(&sqi_format_text), SQI_COND_UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE, "`x`");
    file_end(&f);
}
END_TEST

START_TEST(a_column_of_the_data_that_folders_have_too_keeps_its_place)
{
    begin(false);
    file_put(&f, "p=1/a.csv", "p,q\n5,6\n", 0);
    rig_option(&f.r, "header", "true");
    rig_option(&f.r, "inferSchema", "true");
    ck_assert_str_eq(columns(&sqi_format_csv), "p INT, q INT");
    ck_assert(plan->from[0] == SQI_FILE_NO_DATA && plan->from[1] == 1);
    file_end(&f);
}
END_TEST

START_TEST(every_column_may_be_null)
{
    sqi_type_pool *pool;
    begin(true);
    pool = f.pool;
    sqi_field inner = {SQI_SPAN("x"), &sqi_type_int, false};
    const sqi_type *list = sqi_type_array(pool, sqi_type_struct(pool, &inner, 1), false);
    const sqi_type *map = sqi_type_map(pool, &sqi_type_string, &sqi_type_int, false);
    GIVEN(2, LIST("a", "m"), LIST(list, map));
    f.r.schema.field[0].nullable = false;
    ck_assert_int_eq(make(&sqi_format_json), STREAMQ_OK);
    ck_assert(schema.field[0].nullable && schema.field[0].type->field[0].nullable);
    ck_assert(schema.field[0].type->field[0].type->field[0].nullable);
    ck_assert(schema.field[1].type->field[1].nullable);
    file_end(&f);
}
END_TEST

START_TEST(a_stream_has_to_be_given_its_schema_unless_inference_is_on)
{
    begin(true);
    file_put(&f, "a.json", "{\"x\":1}\n", 0);
    rig_refused(&f.r, make(&sqi_format_json), SQI_COND_INVALID_ARGUMENT, "Schema must be specified");
    rig_refused(&f.r, make(&sqi_format_csv), SQI_COND_INVALID_ARGUMENT, "schemaInference");
    f.r.env.stream_inference = true;
    ck_assert_str_eq(columns(&sqi_format_json), "x BIGINT");
    file_end(&f);
}
END_TEST

START_TEST(bounded_reads_infer_from_all_files)
{
    begin(false);
    file_put(&f, "b.json", "{\"y\":\"s\"}\n", 0);
    file_put(&f, "a.json", "{\"x\":1}\n", 0);
    ck_assert_str_eq(columns(&sqi_format_json), "x BIGINT, y STRING");
    file_end(&f);
    begin(false);
    file_put(&f, "a.csv", "1,x\n", 0);
    ck_assert_str_eq(columns(&sqi_format_csv), "_c0 STRING, _c1 STRING");
    file_end(&f);
}
END_TEST

START_TEST(without_files_nothing_can_be_inferred)
{
    begin(false);
    rig_refused(&f.r, make(&sqi_format_json), SQI_COND_UNABLE_TO_INFER_SCHEMA, "json");
    file_put(&f, "a.json.gz", "not gzip", 0);
    rig_refused(&f.r, make(&sqi_format_json), SQI_COND_FAILED_READ_FILE, "a.json.gz");
    rig_option(&f.r, "ignoreCorruptFiles", "true");
    ck_assert_str_eq(columns(&sqi_format_json), "");
    file_end(&f);
}
END_TEST

START_TEST(partition_types_may_be_turned_off)
{
    begin(true);
    file_put(&f, "p=1/a", "x", 0);
    f.r.env.partition_text = true;
    ck_assert_str_eq(columns(&sqi_format_text), "value STRING, p STRING");
    file_end(&f);
}
END_TEST

START_TEST(a_pattern_that_matches_nothing_is_an_error_of_a_bounded_read_alone)
{
    begin(false);
    rig_option(&f.r, "path", file_name(&f, "*.nothing"));
    for (int i = 0; i < 2; i++) {
        streamq_status status =
            sqi_file_plan_make(&plan, &schema, &sqi_format_text, i, &f.r.options, NULL, &f.r.env, &f.r.arena, &f.r.err);
        if (i == 0)
            rig_refused(&f.r, status, SQI_COND_PATH_NOT_FOUND, "*.nothing");
        else
            ck_assert_int_eq(status, STREAMQ_OK);
    }
    file_end(&f);
}
END_TEST

static streamq_status make_on(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_io_env env = f.r.env;
    sqi_arena arena;
    env.alloc = alloc;
    sqi_arena_init(&arena, alloc);
    streamq_status status = sqi_file_plan_make(&plan, &schema, context, false, &f.r.options, NULL, &env, &arena, err);
    sqi_arena_fini(&arena);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    begin(false);
    file_put(&f, "p=1/a", "{\"x\":1}\n", 0);
    file_path(&f, "");
    ck_assert_uint_ge(sqi_test_every_allocation(make_on, (void *)(uintptr_t)&sqi_format_text), 5);
    ck_assert_uint_ge(sqi_test_every_allocation(make_on, (void *)(uintptr_t)&sqi_format_json), 10);
    file_end(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {text_has_one_column_and_those_of_the_folders,
                                  partition_columns_that_were_given_come_last_with_the_types_given,
                                  a_column_of_the_data_that_folders_have_too_keeps_its_place,
                                  every_column_may_be_null,
                                  a_stream_has_to_be_given_its_schema_unless_inference_is_on,
                                  bounded_reads_infer_from_all_files,
                                  without_files_nothing_can_be_inferred,
                                  partition_types_may_be_turned_off,
                                  a_pattern_that_matches_nothing_is_an_error_of_a_bounded_read_alone,
                                  every_allocation_may_fail};
    return sqi_test_main("io_file_plan", tests, sizeof tests / sizeof *tests);
}
