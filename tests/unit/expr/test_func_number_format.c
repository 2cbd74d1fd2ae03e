/* format_number against Java: answers of Spark. */
#include "expr_check.h"

START_TEST(patterns)
{
    static const expr_row rows[] = {
        {"format_number(1.005D,2)", "string | 1.00"},
        {"format_number(0.125D,2)", "string | 0.12"},
        {"format_number(-0.4D,0)", "string | -0"},
        {"format_number(123456789.5,'#,##0.00')", "string | 123,456,789.50"},
        {"format_number(1234.5,'')", "string | 1,234"},
        {"format_number(0.256,'#.##%')", "string | 25.6%"},
        {"format_number(12,'000.0')", "string | 012.0"},
        {"format_number(-12,'#;(#)')", "string | (12)"},
        {"format_number(1234.567,'#,###.#')", "string | 1,234.6"},
        {"format_number(CAST(0.1 AS FLOAT),12)", "string | 0.100000001490"},
        {"format_number(5,NULL)", "string | NULL"},
        {"format_number(12.5,'###,###')", "string | 12"},
        {"format_number(1234567,'####,####')", "string | 123,4567"},
        {"format_number(0,'#')", "string | 0"},
        {"format_number(0.5,'#.#')", "string | 0.5"},
        {"format_number(0,'#.##')", "string | 0"},
        {"format_number(12345,'0.###E0')", "string | 1.234E4"},
        {"format_number(1,'abc')", "string | abc1"},
        {"format_number(5,'$#')", "string | $5"},
        {"format_number(5,\"'x'#\")", "string | x5"},
        {"format_number(true,1)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"format_number(5,'0.0;')", "string | 5.0"},
        {"format_number(1234567.891, 2)", "string | 1,234,567.89"},
        {"format_number(1234567.891D, 0)", "string | 1,234,568"},
        {"format_number(2.5D, 0)", "string | 2"},
        {"format_number(3.5D, 0)", "string | 4"},
        {"format_number(12332.123456, '##################.###')", "string | 12332.123"},
        {"format_number(-1234567, 1)", "string | -1,234,567.0"},
        {"format_number(0.5D, 0)", "string | 0"},
        {"format_number(1234, -1)", "string | NULL"},
        {"format_number(NULL, 2)", "string | NULL"},
        {"format_number(1234.5D, NULL)", "string | NULL"},
        {"format_number('1234.5', 1)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"format_number(CAST('NaN' AS DOUBLE), 2)", "string | NaN"},
        {"format_number(CAST('Infinity' AS DOUBLE), 2)", "string | \xE2\x88\x9E"},
        {"format_number(1e20D, 3)", "string | 100,000,000,000,000,000,000.000"},
        {"format_number(9223372036854775807L, 2)", "string | 9,223,372,036,854,775,807.00"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(patterns_that_are_none_are_refused)
{
    static const expr_row rows[] = {
        {"format_number(1.5, '0.0.0')", "INVALID_FORMAT.UNEXPECTED_TOKEN"},
        {"format_number(1.5, '#0#')", "INVALID_FORMAT.UNEXPECTED_TOKEN"},
        {"format_number(1.5, '#,')", "INVALID_FORMAT.UNEXPECTED_TOKEN"},
        {"format_number(1.5, 'a''b')", "INVALID_FORMAT.UNEXPECTED_TOKEN"},
        {"length(format_number(1, 1000000))", "int | 342"},
        {"length(format_number(1.0, 1000))", "int | 1002"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {patterns, patterns_that_are_none_are_refused};
    return sqi_test_main("func_number_format", tests, sizeof tests / sizeof *tests);
}
