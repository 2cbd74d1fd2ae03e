/* Intervals made, multiplied and divided: answers of Spark. */
#include "expr_check.h"

START_TEST(made)
{
    static const expr_row rows[] = {
        {"make_interval(0, 1, 0, 1) - make_interval(0, 0, 0, 2)", "interval | 1 months -1 days"},
        {"make_interval(0, 1) + INTERVAL '1' DAY", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"make_interval(1) + make_interval(0, 1)", "interval | 1 years 1 months"},
        {"make_interval(1, 2) * 2", "interval | 2 years 4 months"},
        {"make_interval(0, 1, 0, 1) / 2", "interval | 12 hours"},
        {"make_interval(0, 1, 0, 1) * 1.5", "interval | 1 months 1 days 12 hours"},
        {"make_interval(0, 1) / 0", "INTERVAL_DIVIDED_BY_ZERO"},
        {"make_interval(0, 1) / 4", "interval | 0 seconds"},
        {"make_interval()", "interval | 0 seconds"},
        {"make_interval(1, 2, 3, 4, 5, 6, 7.008009)",
         "interval | 1 years 2 months 25 days 5 hours 6 minutes 7.008009 seconds"},
        {"make_interval(0, 0, 0, 0, 0, 0, 100.000001)", "interval | 1 minutes 40.000001 seconds"},
        {"make_interval(-1, 14, 0, -5)", "interval | 2 months -5 days"},
        {"make_interval(NULL, 1)", "interval | NULL"},
        {"make_interval(0, 1, 0, 1, 0, 0, -1.5)", "interval | 1 months 1 days -1.5 seconds"},
        {"make_interval(200000000)", "ARITHMETIC_OVERFLOW"},
        {"make_interval('x')", "CAST_INVALID_INPUT"},
        {"try_make_interval(200000000)", "interval | NULL"},
        {"try_make_interval(1, 1)", "interval | 1 years 1 months"},
        {"make_dt_interval()", "interval day to second | INTERVAL '0 00:00:00' DAY TO SECOND"},
        {"make_dt_interval(1)", "interval day to second | INTERVAL '1 00:00:00' DAY TO SECOND"},
        {"make_dt_interval(1, 12, 30, 01.001001)",
         "interval day to second | INTERVAL '1 12:30:01.001001' DAY TO SECOND"},
        {"make_dt_interval(0, 25, 61, 61)", "interval day to second | INTERVAL '1 02:02:01' DAY TO SECOND"},
        {"make_dt_interval(NULL)", "interval day to second | NULL"},
        {"make_dt_interval(1, NULL)", "interval day to second | NULL"},
        {"make_dt_interval(2147483647)", "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION"},
        {"make_dt_interval(-1, 1)", "interval day to second | INTERVAL '-0 23:00:00' DAY TO SECOND"},
        {"make_ym_interval()", "interval year to month | INTERVAL '0-0' YEAR TO MONTH"},
        {"make_ym_interval(1)", "interval year to month | INTERVAL '1-0' YEAR TO MONTH"},
        {"make_ym_interval(1, 14)", "interval year to month | INTERVAL '2-2' YEAR TO MONTH"},
        {"make_ym_interval(-1, -1)", "interval year to month | INTERVAL '-1-1' YEAR TO MONTH"},
        {"make_ym_interval(NULL, 1)", "interval year to month | NULL"},
        {"make_ym_interval(178956970, 8)", "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION"},
        {"make_ym_interval(178956970, 7)", "interval year to month | INTERVAL '178956970-7' YEAR TO MONTH"},
        {"make_interval(1) = make_interval(0, 12)", "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"},
        {"make_interval(1) < make_interval(2)", "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"},
        {"make_interval(0,0,0,0,0,0,1e15D)", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"},
        {"make_dt_interval(0,0,0,1e13D)", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"},
        {"make_ym_interval(1.5)", "interval year to month | INTERVAL '1-0' YEAR TO MONTH"},
        {"make_interval(1,1)*0.3", "interval | 3 months"},
        {"make_interval(0,0,0,1)/3", "interval | 8 hours"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(scaled)
{
    static const expr_row rows[] = {
        {"INTERVAL '1' DAY * 2", "interval day to second | INTERVAL '2 00:00:00' DAY TO SECOND"},
        {"2 * INTERVAL '1' DAY", "interval day to second | INTERVAL '2 00:00:00' DAY TO SECOND"},
        {"INTERVAL '1' DAY * 1.5", "interval day to second | INTERVAL '1 12:00:00' DAY TO SECOND"},
        {"INTERVAL '1' DAY * 0.1D", "interval day to second | INTERVAL '0 02:24:00' DAY TO SECOND"},
        {"INTERVAL '7' MONTH * 1.5", "interval year to month | INTERVAL '0-11' YEAR TO MONTH"},
        {"INTERVAL '1' MONTH * 0.5D", "interval year to month | INTERVAL '0-1' YEAR TO MONTH"},
        {"INTERVAL '3' MONTH * 0.5D", "interval year to month | INTERVAL '0-2' YEAR TO MONTH"},
        {"INTERVAL '-3' MONTH * 0.5", "interval year to month | INTERVAL '-0-2' YEAR TO MONTH"},
        {"INTERVAL '1' DAY * NULL", "interval day to second | NULL"},
        {"INTERVAL '1' DAY * '2'", "interval day to second | INTERVAL '2 00:00:00' DAY TO SECOND"},
        {"INTERVAL '1' DAY / 2", "interval day to second | INTERVAL '0 12:00:00' DAY TO SECOND"},
        {"INTERVAL '1' DAY / 7", "interval day to second | INTERVAL '0 03:25:42.857143' DAY TO SECOND"},
        {"INTERVAL '5' MONTH / 2", "interval year to month | INTERVAL '0-3' YEAR TO MONTH"},
        {"INTERVAL '-5' MONTH / 2", "interval year to month | INTERVAL '-0-3' YEAR TO MONTH"},
        {"INTERVAL '7' MONTH / 2", "interval year to month | INTERVAL '0-4' YEAR TO MONTH"},
        {"INTERVAL '1' SECOND / 3", "interval day to second | INTERVAL '0 00:00:00.333333' DAY TO SECOND"},
        {"INTERVAL '1' DAY / 1.5", "interval day to second | INTERVAL '0 16:00:00' DAY TO SECOND"},
        {"INTERVAL '1' DAY / 0", "INTERVAL_DIVIDED_BY_ZERO"},
        {"INTERVAL '1' YEAR / 0", "INTERVAL_DIVIDED_BY_ZERO"},
        {"INTERVAL '1' DAY / NULL", "interval day to second | NULL"},
        {"INTERVAL '1' DAY / 0.0D", "INTERVAL_DIVIDED_BY_ZERO"},
        {"2 / INTERVAL '1' DAY", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
        {"INTERVAL '7' DAY / INTERVAL '2' DAY", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"INTERVAL '1' DAY * 1.55", "interval day to second | INTERVAL '1 13:12:00' DAY TO SECOND"},
        {"INTERVAL '3' MONTH / 2.0", "interval year to month | INTERVAL '0-2' YEAR TO MONTH"},
        {"INTERVAL '1' DAY * 'x'", "CAST_INVALID_INPUT"},
        {"INTERVAL '1' DAY / '2'", "interval day to second | INTERVAL '0 12:00:00' DAY TO SECOND"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {made, scaled};
    return sqi_test_main("func_interval", tests, sizeof tests / sizeof *tests);
}
