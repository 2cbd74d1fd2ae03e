/* Casts to decimals: answers of Spark. */
#include "expr_check.h"

START_TEST(to_decimals)
{
    static const expr_row rows[] = {
        {"CAST(1 AS DECIMAL(10,2)) + CAST(1 AS DECIMAL(5,4))", "decimal(13,4) | 2.0000"},
        {"CAST(1 AS DECIMAL(38,0)) + CAST(1 AS DECIMAL(38,0))", "decimal(38,0) | 2"},
        {"CAST(1 AS DECIMAL(38,10)) + CAST(1 AS DECIMAL(38,0))", "decimal(38,6) | 2.000000"},
        {"CAST(1.5 AS DECIMAL(20,10)) * CAST(1.5 AS DECIMAL(20,10))", "decimal(38,17) | 2.25000000000000000"},
        {"CAST(1.5 AS DECIMAL(38,10)) * CAST(1.5 AS DECIMAL(38,10))", "decimal(38,6) | 2.250000"},
        {"CAST(0.000001 AS DECIMAL(38,18)) * CAST(0.000001 AS DECIMAL(38,18))", "decimal(38,6) | 0.000000"},
        {"CAST(1234567.891 AS DECIMAL(38,18)) * CAST(2 AS DECIMAL(38,18))", "decimal(38,6) | 2469135.782000"},
        {"CAST(1 AS DECIMAL(10,2)) / CAST(3 AS DECIMAL(10,2))", "decimal(23,13) | 0.3333333333333"},
        {"CAST(1 AS DECIMAL(38,18)) / CAST(3 AS DECIMAL(38,18))", "decimal(38,6) | 0.333333"},
        {"CAST(1 AS DECIMAL(38,0)) / CAST(3 AS DECIMAL(38,0))", "decimal(38,6) | 0.333333"},
        {"CAST(2 AS DECIMAL(20,0)) / CAST(3 AS DECIMAL(20,0))", "decimal(38,18) | 0.666666666666666667"},
        {"CAST(5 AS DECIMAL(38,10)) % CAST(3 AS DECIMAL(38,0))", "decimal(38,10) | 2.0000000000"},
        {"CAST(1.25 AS DECIMAL(3,1))", "decimal(3,1) | 1.3"},
        {"CAST(1.35 AS DECIMAL(3,1))", "decimal(3,1) | 1.4"},
        {"CAST(-1.25 AS DECIMAL(3,1))", "decimal(3,1) | -1.3"},
        {"CAST(1.5 AS DECIMAL)", "decimal(10,0) | 2"},
        {"CAST(2.5 AS DECIMAL(1,0))", "decimal(1,0) | 3"},
        {"CAST(9.95 AS DECIMAL(2,1))", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"},
        {"CAST(9.94 AS DECIMAL(2,1))", "decimal(2,1) | 9.9"},
        {"CAST(123.4 AS DECIMAL(3,1))", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"},
        {"CAST(100 AS DECIMAL(2,0))", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"},
        {"CAST(99 AS DECIMAL(2,0))", "decimal(2,0) | 99"},
        {"CAST(1L AS DECIMAL(20,2))", "decimal(20,2) | 1.00"},
        {"CAST(-5Y AS DECIMAL(3,2))", "decimal(3,2) | -5.00"},
        {"CAST(1.005D AS DECIMAL(10,2))", "decimal(10,2) | 1.01"},
        {"CAST(0.1D AS DECIMAL(20,18))", "decimal(20,18) | 0.100000000000000000"},
        {"CAST(0.1D AS DECIMAL(38,30))", "decimal(38,30) | 0.100000000000000000000000000000"},
        {"CAST(1e20D AS DECIMAL(10,0))", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"},
        {"CAST(1e37D AS DECIMAL(38,0))", "decimal(38,0) | 10000000000000000000000000000000000000"},
        {"CAST(CAST('NaN' AS DOUBLE) AS DECIMAL(10,2))", "decimal(10,2) | NULL"},
        {"CAST(CAST('Infinity' AS DOUBLE) AS DECIMAL(10,2))", "decimal(10,2) | NULL"},
        {"CAST(CAST(0.1 AS FLOAT) AS DECIMAL(10,9))", "decimal(10,9) | 0.100000001"},
        {"CAST(true AS DECIMAL(3,1))", "decimal(3,1) | 1.0"},
        {"CAST(false AS DECIMAL(1,1))", "decimal(1,1) | 0.0"},
        {"CAST(true AS DECIMAL(1,1))", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"},
        {"CAST('1.25' AS DECIMAL(3,1))", "decimal(3,1) | 1.3"},
        {"CAST(' 1.25 ' AS DECIMAL(5,2))", "decimal(5,2) | 1.25"},
        {"CAST('1e2' AS DECIMAL(5,1))", "decimal(5,1) | 100.0"},
        {"CAST('1.5E-3' AS DECIMAL(5,4))", "decimal(5,4) | 0.0015"},
        {"CAST('+.5' AS DECIMAL(5,1))", "decimal(5,1) | 0.5"},
        {"CAST('5.' AS DECIMAL(5,1))", "decimal(5,1) | 5.0"},
        {"CAST('' AS DECIMAL(5,1))", "CAST_INVALID_INPUT"},
        {"CAST('abc' AS DECIMAL(5,1))", "CAST_INVALID_INPUT"},
        {"CAST('1,000' AS DECIMAL(5,1))", "CAST_INVALID_INPUT"},
        {"CAST('12345' AS DECIMAL(4,0))", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"},
        {"CAST('1e40' AS DECIMAL(38,0))", "NUMERIC_OUT_OF_SUPPORTED_RANGE"},
        {"CAST('NaN' AS DECIMAL(5,1))", "CAST_INVALID_INPUT"},
        {"CAST(NULL AS DECIMAL(5,1))", "decimal(5,1) | NULL"},
        {"CAST(TIMESTAMP '1970-01-01 00:00:01.5' AS DECIMAL(10,3))", "decimal(10,3) | 1.500"},
        {"CAST(DATE '2020-01-01' AS DECIMAL(10,3))", "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"},
        {"CAST(INTERVAL '3' DAY AS DECIMAL(10,2))", "decimal(10,2) | 3.00"},
        {"try_cast(123.4 AS DECIMAL(3,1))", "decimal(3,1) | NULL"},
        {"try_cast('abc' AS DECIMAL(3,1))", "decimal(3,1) | NULL"},
        {"CAST(1 AS DECIMAL(39,0))", "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION"},
        {"CAST(1 AS DECIMAL(5,6))", "DECIMAL_SCALE_EXCEEDS_PRECISION"},
        {"CAST(1 AS DECIMAL(38,38))", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"},
        {"CAST(0.5 AS DECIMAL(38,38))", "decimal(38,38) | 0.50000000000000000000000000000000000000"},
        {"CAST(1 AS DEC(5,1))", "decimal(5,1) | 1.0"},
        {"CAST(1 AS NUMERIC(5,1))", "decimal(5,1) | 1.0"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(to_decimals_from_intervals_and_times)
{
    static const expr_row rows[] = {
        {"try_cast('1e40' AS DECIMAL(38,0))", "decimal(38,0) | NULL"},
        {"CAST(INTERVAL '1.5' SECOND AS DECIMAL(10,2))", "decimal(10,2) | 1.50"},
        {"CAST(INTERVAL '90' MINUTE AS DECIMAL(10,2))", "decimal(10,2) | 90.00"},
        {"CAST(INTERVAL '1-6' YEAR TO MONTH AS DECIMAL(10,2))", "decimal(10,2) | 18.00"},
        {"CAST(TIMESTAMP '2024-01-01 00:00:00.5' AS DECIMAL(20,6))", "decimal(20,6) | 1704067200.500000"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {to_decimals, to_decimals_from_intervals_and_times};
    return sqi_test_main("expr_cast_decimal", tests, sizeof tests / sizeof *tests);
}
