/* Types by name, and casts in expressions: answers of Spark. */
#include "expr_check.h"

START_TEST(typeof_names_types)
{
    static const expr_row rows[] = {
        {"typeof(1.50)", "string | decimal(3,2)"},
        {"typeof(NULL)", "string | void"},
        {"typeof(array(1, 2L))", "string | array<bigint>"},
        {"typeof(map('a', INTERVAL '1' DAY))", "string | map<string,interval day>"},
        {"typeof(struct(1, 'a'))", "string | struct<col1:int,col2:string>"},
        {"typeof(TIMESTAMP_NTZ '2024-01-01 00:00:00')", "string | timestamp_ntz"},
        {"typeof(make_interval(1))", "string | interval"},
        {"typeof(1 / 2)", "string | double"},
        {"typeof(map('a', 1))", "string | map<string,int>"},
        {"typeof(struct(1, 'a'))", "string | struct<col1:int,col2:string>"},
        {"typeof(named_struct('a b', 1, 'C', 2))", "string | struct<a b:int,C:int>"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(the_operator_of_casts)
{
    static const expr_row rows[] = {
        {"'5'::INT", "int | 5"},
        {"'5'::int + 1", "int | 6"},
        {"1.7::INT::STRING", "string | 1"},
        {"-1::STRING", "string | -1"},
        {"NULL::DATE", "date | NULL"},
        {"array('1')::ARRAY<INT>", "array<int> | [1]"},
        {"300::TINYINT", "CAST_OVERFLOW"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {typeof_names_types, the_operator_of_casts};
    return sqi_test_main("func_cast", tests, sizeof tests / sizeof *tests);
}
