/* Arithmetic of dates and times: answers of Spark. */
#include "expr_check.h"

START_TEST(days_and_months)
{
    static const expr_row rows[] = {
        {"date_add(DATE '2024-02-28', 1)", "date | 2024-02-29"},
        {"date_add(DATE '2024-02-28', 2)", "date | 2024-03-01"},
        {"date_add(DATE '2023-02-28', 1)", "date | 2023-03-01"},
        {"date_add(DATE '2024-01-01', -1)", "date | 2023-12-31"},
        {"date_add('2024-01-31', 1)", "date | 2024-02-01"},
        {"date_add(TIMESTAMP '2024-01-31 23:59:59', 1)", "date | 2024-02-01"},
        {"date_add(DATE '2024-01-01', 1.5)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"date_add(DATE '2024-01-01', 2Y)", "date | 2024-01-03"},
        {"date_add(DATE '2024-01-01', 1L)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"date_add(DATE '2024-01-01', '2')", "date | 2024-01-03"},
        {"date_add(DATE '2024-01-01', 'x')", "CAST_INVALID_INPUT"},
        {"date_add(NULL, 1)", "date | NULL"},
        {"date_add(DATE '2024-01-01', NULL)", "date | NULL"},
        {"date_add('nope', 1)", "CAST_INVALID_INPUT"},
        {"date_add(DATE '2024-01-01')", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION"},
        {"date_add(DATE '2024-01-01', 2147483647)", "date | -5877587-06-21"},
        {"date_add(DATE '9999-12-31', 1)", "date | +10000-01-01"},
        {"dateadd(DATE '2024-12-31', 1)", "date | 2025-01-01"},
        {"dateadd(DAY, 1, DATE '2024-12-31')", "timestamp | 2025-01-01 00:00:00"},
        {"dateadd(MONTH, 1, TIMESTAMP '2024-01-31 10:00:00')", "timestamp | 2024-02-29 10:00:00"},
        {"date_sub(DATE '2024-03-01', 1)", "date | 2024-02-29"},
        {"date_sub(DATE '1970-01-01', 1)", "date | 1969-12-31"},
        {"date_sub(DATE '2024-03-01', NULL)", "date | NULL"},
        {"date_sub(DATE '0001-01-01', 1)", "date | 0000-12-31"},
        {"add_months(DATE '2024-01-31', 1)", "date | 2024-02-29"},
        {"add_months(DATE '2023-01-31', 1)", "date | 2023-02-28"},
        {"add_months(DATE '2024-02-29', 12)", "date | 2025-02-28"},
        {"add_months(DATE '2024-02-29', -1)", "date | 2024-01-29"},
        {"add_months('2024-08-31', 1)", "date | 2024-09-30"},
        {"add_months(TIMESTAMP '2024-08-31 10:00:00', -6)", "date | 2024-02-29"},
        {"add_months(DATE '2024-01-31', NULL)", "date | NULL"},
        {"add_months(NULL, 1)", "date | NULL"},
        {"add_months(DATE '2024-01-31', 1.5)", "date | 2024-02-29"},
        {"add_months(DATE '2024-01-31', 2147483647)", "ARITHMETIC_OVERFLOW"},
        {"last_day(DATE '2024-02-10')", "date | 2024-02-29"},
        {"last_day('2023-02-10')", "date | 2023-02-28"},
        {"last_day(TIMESTAMP '2024-12-31 23:59:59')", "date | 2024-12-31"},
        {"last_day(NULL)", "date | NULL"},
        {"last_day('x')", "CAST_INVALID_INPUT"},
        {"next_day(DATE '2024-01-01', 'MON')", "date | 2024-01-08"},
        {"next_day(DATE '2024-01-01', 'tuesday')", "date | 2024-01-02"},
        {"next_day(DATE '2024-01-01', 'Su')", "date | 2024-01-07"},
        {"next_day('2024-01-01', 'WED')", "date | 2024-01-03"},
        {"next_day(DATE '2024-01-01', 'xx')", "ILLEGAL_DAY_OF_WEEK"},
        {"next_day(DATE '2024-01-01', NULL)", "date | NULL"},
        {"next_day(NULL, 'MO')", "date | NULL"},
        {"next_day(DATE '2024-01-01',' MON ')", "ILLEGAL_DAY_OF_WEEK"},
        {"next_day(DATE '2024-01-01','mo')", "date | 2024-01-08"},
        {"add_months(DATE '2024-01-31','1')", "date | 2024-02-29"},
        {"date_add(DATE '2024-01-01',1S)", "date | 2024-01-02"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(differences)
{
    static const expr_row rows[] = {
        {"datediff(DATE '2024-03-01', DATE '2024-02-01')", "int | 29"},
        {"datediff('2024-03-01', '2023-03-01')", "int | 366"},
        {"datediff(TIMESTAMP '2024-03-01 00:00:00', TIMESTAMP '2024-02-29 23:59:59')", "int | 1"},
        {"datediff(DATE '2024-01-01', NULL)", "int | NULL"},
        {"datediff(DATE '9999-12-31', DATE '0001-01-01')", "int | 3652058"},
        {"date_diff(DATE '2024-01-01', DATE '2024-01-10')", "int | -9"},
        {"datediff(HOUR, TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-01 05:59:59')", "bigint | 5"},
        {"datediff(MONTH, DATE '2024-01-31', DATE '2024-02-29')", "bigint | 0"},
        {"date_diff(YEAR, DATE '2020-02-29', DATE '2024-02-28')", "bigint | 3"},
        {"months_between(DATE '2024-03-31', DATE '2024-02-29')", "double | 1.0"},
        {"months_between(DATE '2024-03-15', DATE '2024-02-15')", "double | 1.0"},
        {"months_between('1997-02-28 10:30:00', '1996-10-30')", "double | 3.94959677"},
        {"months_between('1997-02-28 10:30:00', '1996-10-30', false)", "double | 3.9495967741935485"},
        {"months_between(DATE '2024-01-01', DATE '2024-03-15')", "double | -2.4516129"},
        {"months_between(TIMESTAMP '2024-03-15 12:00:00', TIMESTAMP '2024-02-15 00:00:00')", "double | 1.0"},
        {"months_between(TIMESTAMP '2024-03-15 12:00:00', TIMESTAMP '2024-02-14 00:00:00')", "double | 1.0483871"},
        {"months_between(NULL, DATE '2024-03-15')", "double | NULL"},
        {"months_between(DATE '2024-03-15', NULL)", "double | NULL"},
        {"months_between(DATE '2024-03-15', DATE '2024-02-14', NULL)", "double | NULL"},
        {"months_between(DATE '2024-03-31', DATE '2024-03-30')", "double | 0.03225806"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(units)
{
    static const expr_row rows[] = {
        {"timestampadd(MICROSECOND, 5, TIMESTAMP '2024-01-31 10:00:00')", "timestamp | 2024-01-31 10:00:00.000005"},
        {"timestampadd(MILLISECOND, 5, TIMESTAMP '2024-01-31 10:00:00')", "timestamp | 2024-01-31 10:00:00.005"},
        {"timestampadd(HOUR, -11, TIMESTAMP '2024-01-31 10:00:00')", "timestamp | 2024-01-30 23:00:00"},
        {"timestampadd(WEEK, 1, TIMESTAMP '2024-01-31 10:00:00')", "timestamp | 2024-02-07 10:00:00"},
        {"timestampadd(QUARTER, 1, TIMESTAMP '2024-01-31 10:00:00')", "timestamp | 2024-04-30 10:00:00"},
        {"timestampadd(YEAR, -1, TIMESTAMP '2024-02-29 10:00:00')", "timestamp | 2023-02-28 10:00:00"},
        {"timestampadd(DAYOFYEAR, 1, DATE '2024-02-29')", "timestamp | 2024-03-01 00:00:00"},
        {"timestampadd(DAY, NULL, TIMESTAMP '2024-01-31 10:00:00')", "timestamp | NULL"},
        {"timestampadd(YEAR, 300000, TIMESTAMP '2024-01-31 10:00:00')", "DATETIME_OVERFLOW"},
        {"timestampdiff(SECOND, TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-01 00:01:01.999')", "bigint | 61"},
        {"timestampdiff(MONTH, TIMESTAMP '2024-01-31 10:00:00', TIMESTAMP '2024-02-29 09:59:59')", "bigint | 0"},
        {"timestampdiff(MONTH, TIMESTAMP '2024-01-29 10:00:00', TIMESTAMP '2024-02-29 09:59:59')", "bigint | 0"},
        {"timestampdiff(DAY, TIMESTAMP '2024-01-02 00:00:00', TIMESTAMP '2024-01-01 00:00:01')", "bigint | 0"},
        {"timestampdiff(QUARTER, DATE '2024-01-01', DATE '2024-12-31')", "bigint | 3"},
        {"timestampdiff(YEAR, NULL, DATE '2024-12-31')", "bigint | NULL"},
        {"timestampdiff(WEEK, DATE '2024-01-01', DATE '2024-01-20')", "bigint | 2"},
        {"timestampdiff(MONTH, DATE '2024-03-31', DATE '2024-02-29')", "bigint | -1"},
        {"timestampdiff(MICROSECOND, TIMESTAMP '0001-01-01 00:00:00', TIMESTAMP '9999-01-01 00:00:00')",
         "bigint | 315506361600000000"},
        {"timestampadd(DAY, 1.5, DATE '2024-01-01')", "timestamp | 2024-01-02 00:00:00"},
        {"timestampadd(DAY, '2', DATE '2024-01-01')", "timestamp | 2024-01-03 00:00:00"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(operators)
{
    static const expr_row rows[] = {
        {"DATE '2024-03-01' - 1", "date | 2024-02-29"},
        {"DATE '2024-02-28' + 1", "date | 2024-02-29"},
        {"DATE '2024-01-01' + 1L", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"DATE '2024-03-01' - DATE '2024-02-01'", "interval day | INTERVAL '29' DAY"},
        {"DATE '2024-02-01' - DATE '2024-03-01'", "interval day | INTERVAL '-29' DAY"},
        {"DATE '2024-03-01' - '2024-02-01'", "interval day | INTERVAL '29' DAY"},
        {"DATE '2024-03-01' - NULL", "interval day | NULL"},
        {"TIMESTAMP '2024-03-01 12:00:00' - TIMESTAMP '2024-02-29 23:30:00.5'",
         "interval day to second | INTERVAL '0 12:29:59.5' DAY TO SECOND"},
        {"TIMESTAMP '2024-03-01 12:00:00' - DATE '2024-02-29'",
         "interval day to second | INTERVAL '1 12:00:00' DAY TO SECOND"},
        {"DATE '2024-03-01' - TIMESTAMP '2024-02-29 06:00:00'",
         "interval day to second | INTERVAL '0 18:00:00' DAY TO SECOND"},
        {"TIMESTAMP_NTZ '2024-03-01 12:00:00' - TIMESTAMP_NTZ '2024-03-01 11:00:00'",
         "interval day to second | INTERVAL '0 01:00:00' DAY TO SECOND"},
        {"TIMESTAMP '2024-03-01 12:00:00' - '2024-03-01'",
         "interval day to second | INTERVAL '0 12:00:00' DAY TO SECOND"},
        {"DATE '2024-03-01' + DATE '2024-03-01'", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"DATE '2024-01-31' + INTERVAL '1' MONTH", "date | 2024-02-29"},
        {"DATE '2024-01-31' + INTERVAL '1' DAY", "date | 2024-02-01"},
        {"DATE '2024-01-31' + INTERVAL '1' HOUR", "timestamp | 2024-01-31 01:00:00"},
        {"DATE '2024-01-31' - INTERVAL '1-1' YEAR TO MONTH", "date | 2022-12-31"},
        {"TIMESTAMP '2024-01-31 10:00:00' + INTERVAL '1' MONTH", "timestamp | 2024-02-29 10:00:00"},
        {"TIMESTAMP '2024-01-31 10:00:00' + INTERVAL '1 02:03:04.5' DAY TO SECOND",
         "timestamp | 2024-02-01 12:03:04.5"},
        {"TIMESTAMP '2024-01-31 10:00:00' + make_interval(0, 1, 0, 1, 1)", "timestamp | 2024-03-01 11:00:00"},
        {"DATE '2024-01-31' + make_interval(0, 1, 0, 1)", "date | 2024-03-01"},
        {"DATE '2024-01-31' + make_interval(0, 0, 0, 0, 1)", "INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION"},
        {"TIMESTAMP '2024-01-31 10:00:00' - make_interval(0, 1, 0, 1, 1)", "timestamp | 2023-12-30 09:00:00"},
        {"INTERVAL '1' DAY + TIMESTAMP '2024-01-31 10:00:00'", "timestamp | 2024-02-01 10:00:00"},
        {"TIMESTAMP '2024-01-31 10:00:00' + 1", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
        {"'2024-01-31' + INTERVAL '1' DAY", "string | 2024-02-01 00:00:00"},
        {"'2024-01-31 10:00:00' + INTERVAL '1' HOUR", "string | 2024-01-31 11:00:00"},
        {"TIMESTAMP '9999-12-31 23:59:59' + INTERVAL '1' SECOND", "timestamp | +10000-01-01 00:00:00"},
        {"TIMESTAMP '2024-01-31 10:00:00' + NULL", "timestamp | NULL"},
        {"TIMESTAMP '2024-01-31 00:00:00' - INTERVAL '1' MONTH", "timestamp | 2023-12-31 00:00:00"},
        {"DATE '2024-01-01' + INTERVAL '1 02' DAY TO HOUR", "timestamp | 2024-01-02 02:00:00"},
        {"DATE '2024-01-01' - INTERVAL '25' HOUR", "timestamp | 2023-12-30 23:00:00"},
        {"'2024-01-01' - INTERVAL '1' MONTH", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
        {"'2024-01-01' + make_interval(0,1)", "string | 2024-02-01 00:00:00"},
        {"TIMESTAMP_NTZ '2024-01-01 00:00:00' + INTERVAL '1' DAY", "timestamp_ntz | 2024-01-02 00:00:00"},
        {"DATE '5881580-07-11' + INTERVAL '1' DAY", "date | -5877641-06-23"},
        {"DATE '5881580-07-11' + INTERVAL '1' MONTH", "ARITHMETIC_OVERFLOW"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {days_and_months, differences, units, operators};
    return sqi_test_main("func_time", tests, sizeof tests / sizeof *tests);
}
