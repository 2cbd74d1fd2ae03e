/* Conditions, coalesce and its kin, greatest and least, logic and IN: what the recorded cases do not say. */
#include <stdio.h>

#include "expr_check.h"

START_TEST(branches_meet_in_one_type)
{
    static const expr_row rows[] = {
        {"if(true, array(1), NULL)", "array<int> | [1]"},
        {"if(false, map('a', 1), map('b', 2.5D))", "map<string,double> | {b -> 2.5}"},
        {"CASE WHEN false THEN 1 WHEN true THEN 2L ELSE 1.5 END", "decimal(21,1) | 2.0"},
        {"CASE 3 WHEN 1 THEN 'a' END", "string | NULL"},
        {"coalesce(NULL, NULL, struct(1 AS a))", "struct<a:int> | {1}"},
        {"nvl2(1, 'a', NULL)", "string | a"},
        {"nullif(array(1), array(1))", "array<int> | NULL"},
        {"CASE WHEN 1 THEN 2 END", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"if(true, 1, DATE '2024-01-01')", "DATATYPE_MISMATCH.DATA_DIFF_TYPES"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(logic_has_three_values)
{
    static const char *const value[] = {"true", "false", "NULL"};
    static const char *const and_table[] = {"true",  "false", "NULL",  "false", "false",
                                            "false", "NULL",  "false", "NULL"};
    static const char *const or_table[] = {"true", "true", "true", "true", "false", "NULL", "true", "NULL", "NULL"};
    expr_bench x;
    expr_bench_init(&x);
    for (int i = 0; i < 9; i++) {
        char text[100], expected[32];
        snprintf(text, sizeof text, "%s AND %s", value[i / 3], value[i % 3]);
        snprintf(expected, sizeof expected, "boolean | %s", and_table[i]);
        expr_check(&x, text, expected);
        snprintf(text, sizeof text, "%s OR %s", value[i / 3], value[i % 3]);
        snprintf(expected, sizeof expected, "boolean | %s", or_table[i]);
        expr_check(&x, text, expected);
    }
    expr_check(&x, "false AND 'x'", "boolean | false"); /* the cast of the right side is never asked for */
    expr_check(&x, "'x' AND false", "CAST_INVALID_INPUT");
    expr_check(&x, "'a' AND 'b'", "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE");
    expr_bench_fini(&x);
}
END_TEST

START_TEST(in_knows_nulls_and_long_lists)
{
    static const expr_row rows[] = {
        {"5 IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)", "boolean | true"},
        {"50 IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)", "boolean | false"},
        {"50 IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, NULL)", "boolean | NULL"},
        {"5 NOT IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, NULL)", "boolean | false"},
        {"'q' IN ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'q')", "boolean | true"},
        {"-0.0D IN (0.0D)", "boolean | true"},
        {"double('NaN') IN (1D, double('NaN'))", "boolean | true"},
        {"NULL IN (1)", "boolean | NULL"},
        {"1 IN (1, 1 / 0)", "boolean | true"},
        {"2 IN (1, 1 / 0)", "DIVIDE_BY_ZERO"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(extremes_leave_nulls_out_and_keep_the_first_of_equals)
{
    static const expr_row rows[] = {
        {"greatest(NULL, 2, 1)", "int | 2"},
        {"least(array(2), array(1, 5), NULL)", "array<int> | [1, 5]"},
        {"greatest(0.0D, -0.0D)", "double | 0.0"},
        {"least(0.0D, -0.0D)", "double | 0.0"},
        {"greatest(1, 'a')", "DATATYPE_MISMATCH.DATA_DIFF_TYPES"},
        {"least(CAST(NULL AS INT), NULL)", "int | NULL"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(trying_catches_what_rows_do_and_nothing_else)
{
    static const expr_row rows[] = {
        {"try_add('x', 1)", "bigint | NULL"},
        {"try_add(1, 1 / 0)", "DIVIDE_BY_ZERO"}, /* numbers: only the sum itself is tried */
        {"try_add('1', 2)", "bigint | 3"},
        {"try_add(array(1), 2)", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
        {"try_eval(1)", "UNRESOLVED_ROUTINE"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {branches_meet_in_one_type, logic_has_three_values, in_knows_nulls_and_long_lists,
                                  extremes_leave_nulls_out_and_keep_the_first_of_equals,
                                  trying_catches_what_rows_do_and_nothing_else};
    return sqi_test_main("func_conditional", tests, sizeof tests / sizeof *tests);
}
