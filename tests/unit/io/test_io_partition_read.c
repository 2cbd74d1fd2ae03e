/* Folders as columns; what is expected was asked of Spark 4.3. */
#include "io_partition_read.h"

#include <string.h>

#include "data_text.h"
#include "file_rig.h"
#include "test_main.h"

static file_rig f;

static sqi_partition_types types;

static streamq_status add(const char *folders)
{
    return sqi_partition_types_add(&types, SQI_SPAN("/base/"), sqi_span_of(folders), &f.r.err);
}

static void begin_types(void)
{
    types = (sqi_partition_types){.env = &f.r.env, .arena = &f.r.arena};
}

/* The columns of some folders, NULL at the end, as DDL. */
static const char *found(const char *const *folders)
{
    static char text[500];
    sqi_buf b;
    begin_types();
    for (; *folders; folders++)
        ck_assert_msg(add(*folders) == STREAMQ_OK, "%s: %s", *folders, sqi_error_message(f.r.err));
    sqi_buf_init(&b, &f.r.heap.alloc, 0);
    ck_assert(sqi_schema_print_ddl(&b, &(sqi_schema){types.n, types.field}) && sqi_buf_byte(&b, '\0'));
    ck_assert_uint_le(b.len, sizeof text);
    memcpy(text, b.ptr, b.len);
    sqi_buf_fini(&b);
    return text;
}

#define FOUND(...) found((const char *const[]){__VA_ARGS__, NULL})

START_TEST(types_are_those_of_the_values)
{
    static const char *const rows[][2] = {{"1/", "p INT"},
                                          {"01/", "p INT"},
                                          {"+5/", "p INT"},
                                          {"3000000000/", "p BIGINT"},
                                          {"12345678901234567890/", "p DECIMAL(20,0)"},
                                          {"100000000000000000000000000000000000000/", "p DOUBLE"},
                                          {"1e5/", "p DECIMAL(6,0)"},
                                          {"1e-5/", "p DOUBLE"},
                                          {"1.0/", "p DOUBLE"},
                                          {"5d/", "p DOUBLE"},
                                          {"NaN/", "p DOUBLE"},
                                          {"nan/", "p STRING"},
                                          {"Infinity/", "p DOUBLE"},
                                          {"0x1p3/", "p DOUBLE"},
                                          {" 5/", "p DOUBLE"},
                                          {"5 /", "p DOUBLE"},
                                          {"true/", "p STRING"},
                                          {"2020-01-01/", "p DATE"},
                                          {"2020-1-1/", "p STRING"},
                                          {"2020-02-30/", "p STRING"},
                                          {"2020-01/", "p STRING"},
                                          {"2020-01-01 10%3A20%3A30/", "p TIMESTAMP"},
                                          {"2020-01-01 10%3A20%3A30.5/", "p TIMESTAMP"},
                                          {"2020-01-01T10%3A20%3A30/", "p STRING"},
                                          {"2020-01-01 10%3A20/", "p STRING"},
                                          {"__HIVE_DEFAULT_PARTITION__/", "p VOID"},
                                          {"a=b/", "p STRING"},
                                          {"%zz/", "p STRING"}};
    file_begin(&f);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char folder[100] = "p=";
        strcat(folder, rows[i][0]);
        ck_assert_msg(strcmp(FOUND(folder), rows[i][1]) == 0, "%s: %s", folder, found((const char *[]){folder, NULL}));
    }
    file_end(&f);
}
END_TEST

START_TEST(a_column_holds_all_of_its_values)
{
    file_begin(&f);
    ck_assert_str_eq(FOUND("p=1/", "p=3000000000/"), "p BIGINT");
    ck_assert_str_eq(FOUND("p=2020-01-01/", "p=2020-01-01 10%3A20%3A30/"), "p TIMESTAMP");
    ck_assert_str_eq(FOUND("p=1/", "p=2020-01-01/"), "p STRING");
    ck_assert_str_eq(FOUND("p=1/", "p=a/"), "p STRING");
    ck_assert_str_eq(FOUND("p=1/", "p=1.5/"), "p DOUBLE");
    ck_assert_str_eq(FOUND("p=3000000000/", "p=1.5/"), "p STRING");
    ck_assert_str_eq(FOUND("p=12345678901234567890/", "p=1.5/"), "p STRING");
    ck_assert_str_eq(FOUND("p=1/", "p=12345678901234567890/"), "p DECIMAL(20,0)");
    ck_assert_str_eq(FOUND("p=12345678901234567890/", "p=123456789012345678901234/"), "p DECIMAL(24,0)");
    ck_assert_str_eq(FOUND("p=1.5/", "p=2020-01-01/"), "p STRING");
    ck_assert_str_eq(FOUND("p=__HIVE_DEFAULT_PARTITION__/", "p=1/"), "p INT");
    types.text = true;
    file_end(&f);
}
END_TEST

START_TEST(without_inference_all_are_strings)
{
    file_begin(&f);
    begin_types();
    types.text = true;
    ck_assert_int_eq(add("p=1/"), STREAMQ_OK);
    ck_assert_ptr_eq(types.field[0].type, &sqi_type_string);
    file_end(&f);
}
END_TEST

START_TEST(folders_that_make_columns)
{
    file_begin(&f);
    ck_assert_str_eq(FOUND("p=1/q=a/", "p=1/q=b/", "p=2/q=a/"), "p INT, q STRING");
    ck_assert_str_eq(FOUND("p=1/s/"), "p INT");
    ck_assert_str_eq(FOUND("s/p=1/"), "p INT");
    ck_assert_str_eq(FOUND("p=1/s/q=2/"), "q INT");
    ck_assert_str_eq(FOUND("P=1/", "p=2/"), "P INT");
    ck_assert_str_eq(FOUND("a%20b=x%2Fy/"), "`a b` STRING");
    ck_assert_str_eq(FOUND("", "p=1/"), "p INT");
    file_end(&f);
}
END_TEST

START_TEST(types_that_the_program_gave_are_kept_with_its_spelling)
{
    file_begin(&f);
    begin_types();
    sqi_field field = {SQI_SPAN("P"), &sqi_type_string, true};
    types.given = &(sqi_schema){1, &field};
    ck_assert_int_eq(add("p=1/"), STREAMQ_OK);
    ck_assert_ptr_eq(types.field[0].type, &sqi_type_string);
    ck_assert(sqi_span_equal(types.field[0].name, SQI_SPAN("P")));
    file_end(&f);
}
END_TEST

static void refused(const char *first, const char *second, sqi_cond cond)
{
    begin_types();
    if (second)
        ck_assert_int_eq(add(first), STREAMQ_OK);
    rig_refused(&f.r, add(second ? second : first), cond, "");
}

START_TEST(folders_that_do_not_go_together_are_refused)
{
    file_begin(&f);
    refused("p=/", NULL, SQI_COND_EMPTY_PARTITION_COLUMN_VALUE);
    refused("=1/", NULL, SQI_COND_EMPTY_PARTITION_COLUMN_NAME);
    refused("p=1/p=2/", NULL, SQI_COND_COLUMN_ALREADY_EXISTS);
    refused("p=1/", "q=2/", SQI_COND_CONFLICTING_PARTITION_COLUMN_NAMES);
    refused("p=1/", "p=1/q=2/", SQI_COND_CONFLICTING_PARTITION_COLUMN_NAMES);
    refused("s/p=1/", "r/p=2/", SQI_COND_CONFLICTING_DIRECTORY_STRUCTURES);
    char many[1000] = "";
    for (int i = 0; i < 65; i++)
        strcat(many, "abcdefgh=1/");
    refused(many, NULL, SQI_COND_LIMIT_EXCEEDED);
    file_end(&f);
}
END_TEST

static const char *value(const char *raw, const sqi_type *type)
{
    static char text[200];
    sqi_vec v;
    sqi_buf b;
    sqi_partition_key key = {SQI_SPAN("p"), sqi_span_of(raw)};
    if (sqi_partition_value(&v, key, type, &f.r.env, &f.r.arena, &f.r.err) != STREAMQ_OK) {
        rig_refused(&f.r, STREAMQ_ERR_DATA, SQI_COND_INVALID_PARTITION_VALUE, raw);
        return "refused";
    }
    ck_assert_uint_eq(v.mask, 0);
    if (!sqi_vec_valid(&v, 5))
        return "null";
    sqi_buf_init(&b, &f.r.heap.alloc, 0);
    ck_assert(sqi_text_value(&b, &v, 5, sqi_zone_utc(), SQI_TEXT_CAST) && sqi_buf_byte(&b, '\0'));
    memcpy(text, b.ptr, b.len);
    sqi_buf_fini(&b);
    return text;
}

START_TEST(values_are_read_as_their_types)
{
    file_begin(&f);
    ck_assert_str_eq(value("01", &sqi_type_int), "1");
    ck_assert_str_eq(value("300", &sqi_type_tinyint), "refused");
    ck_assert_str_eq(value("-3", &sqi_type_smallint), "-3");
    ck_assert_str_eq(value("3000000000", &sqi_type_bigint), "3000000000");
    ck_assert_str_eq(value("abc", &sqi_type_int), "refused");
    ck_assert_str_eq(value("1.5", &sqi_type_double), "1.5");
    ck_assert_str_eq(value("1.5", &sqi_type_float), "1.5");
    ck_assert_str_eq(value("1.25", sqi_type_decimal(f.pool, 5, 1)), "1.3");
    ck_assert_str_eq(value("TRUE", &sqi_type_boolean), "true");
    ck_assert_str_eq(value("no", &sqi_type_boolean), "refused");
    ck_assert_str_eq(value("2020-01-01", &sqi_type_date), "2020-01-01");
    ck_assert_str_eq(value("2020-01-01", &sqi_type_timestamp), "2020-01-01 00:00:00");
    ck_assert_str_eq(value("2020-01-01 10%3A20%3A30", &sqi_type_timestamp), "2020-01-01 10:20:30");
    ck_assert_str_eq(value("2020-01-01 10%3A20%3A30", &sqi_type_timestamp_ntz), "2020-01-01 10:20:30");
    ck_assert_str_eq(value("x%2Fy, and longer than twelve bytes", &sqi_type_string),
                     "x/y, and longer than twelve bytes");
    ck_assert_str_eq(value("%C3%A9", &sqi_type_string), "\xc3\x83\xc2\xa9");
    ck_assert_str_eq(value("a%2", &sqi_type_string), "a%2");
    ck_assert_str_eq(value("__HIVE_DEFAULT_PARTITION__", &sqi_type_int), "null");
    ck_assert_str_eq(value("x", &sqi_type_void), "null");
    file_end(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {types_are_those_of_the_values,
                                  a_column_holds_all_of_its_values,
                                  without_inference_all_are_strings,
                                  folders_that_make_columns,
                                  types_that_the_program_gave_are_kept_with_its_spelling,
                                  folders_that_do_not_go_together_are_refused,
                                  values_are_read_as_their_types};
    return sqi_test_main("io_partition_read", tests, sizeof tests / sizeof *tests);
}
