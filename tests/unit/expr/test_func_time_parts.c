/* Fields of dates, times and intervals: answers of Spark. */
#include "expr_check.h"

START_TEST(fields_of_dates_and_times)
{
    static const expr_row rows[] = {
        {"year(DATE '2024-02-29')", "int | 2024"},
        {"year(TIMESTAMP '2024-02-29 12:34:56')", "int | 2024"},
        {"year('2024-02-29')", "int | 2024"},
        {"year('2024')", "int | 2024"},
        {"year(NULL)", "int | NULL"},
        {"year('x')", "CAST_INVALID_INPUT"},
        {"year(DATE '0001-01-01')", "int | 1"},
        {"year(2024)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"quarter(DATE '2024-03-31')", "int | 1"},
        {"quarter(DATE '2024-04-01')", "int | 2"},
        {"month(DATE '2024-02-29')", "int | 2"},
        {"day(DATE '2024-02-29')", "int | 29"},
        {"dayofmonth(TIMESTAMP '2024-02-29 12:34:56')", "int | 29"},
        {"dayofyear(DATE '2024-12-31')", "int | 366"},
        {"dayofyear(DATE '2023-12-31')", "int | 365"},
        {"dayofweek(DATE '2024-01-07')", "int | 1"},
        {"dayofweek(DATE '2024-01-08')", "int | 2"},
        {"weekday(DATE '2024-01-07')", "int | 6"},
        {"weekday(DATE '2024-01-08')", "int | 0"},
        {"weekofyear(DATE '2024-01-01')", "int | 1"},
        {"weekofyear(DATE '2021-01-03')", "int | 53"},
        {"weekofyear(DATE '2020-12-31')", "int | 53"},
        {"weekofyear(DATE '2024-12-30')", "int | 1"},
        {"dayname(DATE '2024-01-07')", "string | Sun"},
        {"monthname(DATE '2024-01-07')", "string | Jan"},
        {"hour(TIMESTAMP '2024-02-29 12:34:56.789')", "int | 12"},
        {"minute(TIMESTAMP '2024-02-29 12:34:56.789')", "int | 34"},
        {"second(TIMESTAMP '2024-02-29 12:34:56.789')", "int | 56"},
        {"hour('2024-02-29 23:00:00')", "int | 23"},
        {"hour(DATE '2024-02-29')", "int | 0"},
        {"hour(TIMESTAMP_NTZ '2024-02-29 05:00:00')", "int | 5"},
        {"hour(NULL)", "int | NULL"},
        {"second(TIMESTAMP '1969-12-31 23:59:59.999999')", "int | 59"},
        {"minute(TIMESTAMP '1960-05-05 10:20:30')", "int | 20"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(extract_and_date_part)
{
    static const expr_row rows[] = {
        {"extract(YEAR FROM DATE '2024-02-29')", "int | 2024"},
        {"extract(YEAROFWEEK FROM DATE '2021-01-03')", "int | 2020"},
        {"extract(QUARTER FROM DATE '2024-02-29')", "int | 1"},
        {"extract(MONTH FROM TIMESTAMP '2024-02-29 12:34:56')", "int | 2"},
        {"extract(WEEK FROM DATE '2024-02-29')", "int | 9"},
        {"extract(DAY FROM DATE '2024-02-29')", "int | 29"},
        {"extract(DAYOFWEEK FROM DATE '2024-02-29')", "int | 5"},
        {"extract(DOW FROM DATE '2024-02-29')", "int | 5"},
        {"extract(DOW_ISO FROM DATE '2024-03-03')", "int | 7"},
        {"extract(DAYOFWEEK_ISO FROM DATE '2024-02-29')", "int | 4"},
        {"extract(DOY FROM DATE '2024-02-29')", "int | 60"},
        {"extract(HOUR FROM TIMESTAMP '2024-02-29 12:34:56')", "int | 12"},
        {"extract(MINUTE FROM TIMESTAMP '2024-02-29 12:34:56')", "int | 34"},
        {"extract(SECOND FROM TIMESTAMP '2024-02-29 12:34:56.000123')", "decimal(8,6) | 56.000123"},
        {"extract(SECONDS FROM TIMESTAMP '1969-12-31 23:59:59.5')", "decimal(8,6) | 59.500000"},
        {"extract(EPOCH FROM TIMESTAMP '2024-02-29 12:34:56')", "INVALID_EXTRACT_FIELD"},
        {"extract(CENTURY FROM DATE '2024-02-29')", "INVALID_EXTRACT_FIELD"},
        {"extract(FOO FROM DATE '2024-02-29')", "INVALID_EXTRACT_FIELD"},
        {"extract(HOUR FROM DATE '2024-02-29')", "int | 0"},
        {"extract(YEAR FROM '2024-02-29')", "int | 2024"},
        {"extract(DAY FROM NULL)", "int | NULL"},
        {"date_part('YEAR', DATE '2024-02-29')", "int | 2024"},
        {"date_part('d', DATE '2024-02-29')", "int | 29"},
        {"date_part('s', TIMESTAMP '2024-02-29 12:34:56.5')", "decimal(8,6) | 56.500000"},
        {"date_part(NULL, DATE '2024-02-29')", "double | NULL"},
        {"date_part('year', NULL)", "int | NULL"},
        {"date_part('nope', DATE '2024-02-29')", "INVALID_EXTRACT_FIELD"},
        {"datepart('week', DATE '2021-01-03')", "int | 53"},
        {"extract(YEAR FROM INTERVAL '1-2' YEAR TO MONTH)", "int | 1"},
        {"extract(MONTH FROM INTERVAL '1-2' YEAR TO MONTH)", "tinyint | 2"},
        {"extract(MONTH FROM INTERVAL '-14' MONTH)", "tinyint | -2"},
        {"extract(DAY FROM INTERVAL '1 02:03:04.5' DAY TO SECOND)", "int | 1"},
        {"extract(HOUR FROM INTERVAL '1 02:03:04.5' DAY TO SECOND)", "tinyint | 2"},
        {"extract(MINUTE FROM INTERVAL '1 02:03:04.5' DAY TO SECOND)", "tinyint | 3"},
        {"extract(SECOND FROM INTERVAL '1 02:03:04.5' DAY TO SECOND)", "decimal(8,6) | 4.500000"},
        {"extract(SECOND FROM INTERVAL '-1.25' SECOND)", "decimal(8,6) | -1.250000"},
        {"extract(YEAR FROM INTERVAL '1' DAY)", "INVALID_EXTRACT_FIELD"},
        {"extract(HOUR FROM INTERVAL '26' HOUR)", "tinyint | 2"},
        {"extract(DAY FROM make_interval(1, 2, 3, 4))", "int | 25"},
        {"extract(MONTH FROM make_interval(1, 14, 0, 1))", "tinyint | 2"},
        {"extract(YEAR FROM make_interval(1, 14, 0, 1))", "int | 2"},
        {"extract(SECOND FROM make_interval(0, 0, 0, 0, 0, 1, 2.5))", "decimal(8,6) | 2.500000"},
        {"date_part('SECONDS', INTERVAL '1 02:03:04.5' DAY TO SECOND)", "decimal(8,6) | 4.500000"},
        {"extract(DAY FROM INTERVAL '26' HOUR)", "INVALID_EXTRACT_FIELD"},
        {"extract(HOUR FROM INTERVAL '1' DAY)", "INVALID_EXTRACT_FIELD"},
        {"extract(YEAR FROM INTERVAL '14' MONTH)", "INVALID_EXTRACT_FIELD"},
        {"extract(WEEK FROM INTERVAL '14' DAY)", "INVALID_EXTRACT_FIELD"},
        {"extract(DAY FROM 5)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"extract(DAY FROM TIMESTAMP_NTZ '2024-01-02 03:04:05')", "int | 2"},
        {"date_part('year',INTERVAL '1-2' YEAR TO MONTH)", "int | 1"},
        {"date_part('x',INTERVAL '1-2' YEAR TO MONTH)", "INVALID_EXTRACT_FIELD"},
        {"date_part(concat('ye','ar'),DATE '2024-01-01')", "int | 2024"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {fields_of_dates_and_times, extract_and_date_part};
    return sqi_test_main("func_time_parts", tests, sizeof tests / sizeof *tests);
}
