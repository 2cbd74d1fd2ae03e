/* Schemas as printSchema shows them and as DDL. */
#include "data_bench.h"
#include "data_schema.h"

START_TEST(the_tree_is_print_schemas)
{
    setup();
    sqi_field inner[2] = {{SQI_SPAN("x"), &sqi_type_tinyint, true}, {SQI_SPAN("y"), &sqi_type_smallint, false}};
    const sqi_type *record = sqi_type_struct(pool, inner, 2);
    sqi_field field[] = {
        {SQI_SPAN("word"), &sqi_type_string, true},
        {SQI_SPAN("n"), &sqi_type_bigint, false},
        {SQI_SPAN("a"), sqi_type_array(pool, record, false), true},
        {SQI_SPAN("m"), sqi_type_map(pool, &sqi_type_string, sqi_type_array(pool, &sqi_type_int, true), true), true},
        {SQI_SPAN("d\n\t"), sqi_type_decimal(pool, 10, 2), true},
        {SQI_SPAN("i"), sqi_type_interval_dt(SQI_DAY, SQI_SECOND), true},
    };
    sqi_schema s = {sizeof field / sizeof *field, field};
    sqi_buf b;
    sqi_buf_init(&b, &alloc, 0);
    ck_assert(sqi_schema_print(&b, &s));
    sqi_buf_byte(&b, '\0');
    ck_assert_str_eq(b.ptr, "root\n"
                            " |-- word: string (nullable = true)\n"
                            " |-- n: long (nullable = false)\n"
                            " |-- a: array (nullable = true)\n"
                            " |    |-- element: struct (containsNull = false)\n"
                            " |    |    |-- x: byte (nullable = true)\n"
                            " |    |    |-- y: short (nullable = false)\n"
                            " |-- m: map (nullable = true)\n"
                            " |    |-- key: string\n"
                            " |    |-- value: array (valueContainsNull = true)\n"
                            " |    |    |-- element: integer (containsNull = true)\n"
                            " |-- d\\n\\t: decimal(10,2) (nullable = true)\n"
                            " |-- i: interval day to second (nullable = true)\n");
    sqi_buf_clear(&b);
    ck_assert(sqi_schema_print_ddl(&b, &s));
    sqi_buf_byte(&b, '\0');
    ck_assert_str_eq(b.ptr, "word STRING, n BIGINT NOT NULL, a ARRAY<STRUCT<x: TINYINT, y: SMALLINT NOT NULL>>, "
                            "m MAP<STRING, ARRAY<INT>>, `d\n\t` DECIMAL(10,2), i INTERVAL DAY TO SECOND");
    sqi_buf_fini(&b);
    teardown();
}
END_TEST

START_TEST(a_copy_has_its_own_names)
{
    setup();
    char name[] = "column";
    sqi_field field = {sqi_span_of(name), &sqi_type_int, true};
    sqi_schema to, empty = {0}, from = {1, &field};
    ck_assert_int_eq(sqi_schema_copy(&to, &from, &arena, NULL), STREAMQ_OK);
    memset(name, '#', sizeof name);
    ck_assert_uint_eq(to.n, 1);
    ck_assert(sqi_span_equal(to.field[0].name, SQI_SPAN("column")));
    ck_assert_ptr_eq(to.field[0].type, &sqi_type_int);
    ck_assert_int_eq(sqi_schema_copy(&to, &empty, &arena, NULL), STREAMQ_OK);
    ck_assert_uint_eq(to.n, 0);
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_tree_is_print_schemas, a_copy_has_its_own_names};
    return sqi_test_main("data_schema", tests, sizeof tests / sizeof *tests);
}
