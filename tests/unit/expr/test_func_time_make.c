/* Dates and timestamps from numbers and back: answers of Spark. */
#include "expr_check.h"

START_TEST(made)
{
    static const expr_row rows[] = {
        {"make_date(2024, 2, 29)", "date | 2024-02-29"},
        {"make_date(2023, 2, 29)", "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION"},
        {"make_date(2024, 13, 1)", "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION"},
        {"make_date(0, 1, 1)", "date | 0000-01-01"},
        {"make_date(-1, 1, 1)", "date | -0001-01-01"},
        {"make_date(9999, 12, 31)", "date | 9999-12-31"},
        {"make_date(10000, 1, 1)", "date | +10000-01-01"},
        {"make_date('2024', '2', '3')", "date | 2024-02-03"},
        {"make_date(NULL, 1, 1)", "date | NULL"},
        {"make_date(2024, NULL, 1)", "date | NULL"},
        {"make_date(2024, 1)", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION"},
        {"make_timestamp(2024, 2, 29, 12, 34, 56.789)", "timestamp | 2024-02-29 12:34:56.789"},
        {"make_timestamp(2024, 2, 29, 12, 34, 56.789, 'America/New_York')", "timestamp | 2024-02-29 17:34:56.789"},
        {"make_timestamp(2024, 2, 29, 12, 34, 60)", "timestamp | 2024-02-29 12:35:00"},
        {"make_timestamp(2024, 2, 29, 12, 34, 60.5)", "INVALID_FRACTION_OF_SECOND"},
        {"make_timestamp(2024, 2, 29, 24, 0, 0)", "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION"},
        {"make_timestamp(2024, 2, 30, 1, 2, 3)", "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION"},
        {"make_timestamp(2024, 2, 29, 12, 34, NULL)", "timestamp | NULL"},
        {"make_timestamp(2024, 2, 29, 12, 34, 56, NULL)", "timestamp | NULL"},
        {"make_timestamp(2024, 2, 29, 12, 34, 56, 'Nowhere/Zone')", "INVALID_TIMEZONE"},
        {"make_timestamp(2024, 3, 10, 2, 30, 0, 'America/New_York')", "timestamp | 2024-03-10 07:30:00"},
        {"make_timestamp(2024, 11, 3, 1, 30, 0, 'America/New_York')", "timestamp | 2024-11-03 05:30:00"},
        {"make_timestamp(DATE '2024-02-29')", "timestamp | 2024-02-29 00:00:00"},
        {"make_timestamp_ntz(2024, 2, 29, 12, 34, 56.000001)", "timestamp_ntz | 2024-02-29 12:34:56.000001"},
        {"make_timestamp_ntz(2024, 2, 29, 12, 34, 99)", "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION"},
        {"make_timestamp_ltz(2024, 2, 29, 12, 34, 56, '+02:00')", "timestamp | 2024-02-29 10:34:56"},
        {"make_timestamp_ltz(2024, 2, 29, 12, 34, 56)", "timestamp | 2024-02-29 12:34:56"},
        {"try_make_timestamp(2024, 2, 30, 1, 2, 3)", "timestamp | NULL"},
        {"try_make_timestamp(2024, 2, 3, 1, 2, 3)", "timestamp | 2024-02-03 01:02:03"},
        {"try_make_timestamp_ntz(2024, 13, 1, 1, 2, 3)", "timestamp_ntz | NULL"},
        {"try_make_timestamp_ltz(2024, 2, 29, 12, 34, 56, 'CET')", "timestamp | 2024-02-29 11:34:56"},
        {"make_timestamp(2024,1,1,0,0,-1)", "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION"},
        {"make_timestamp(2024,1,1,0,0,60.000001)", "INVALID_FRACTION_OF_SECOND"},
        {"make_timestamp(2024,1,1,0,0,61)", "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION"},
        {"make_date(300000,1,1)", "date | +300000-01-01"},
        {"make_timestamp(2024,1,1,0,0,'1.5')", "timestamp | 2024-01-01 00:00:01.5"},
        {"make_timestamp(2024,1,1,0,0,1.23456789)", "timestamp | 2024-01-01 00:00:01.234568"},
        {"make_timestamp(2024,1,1,0,0)", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION"},
        {"make_timestamp_ntz(2024,1,1,0,0,1,'UTC')", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION"},
        {"make_timestamp_ntz(DATE '2024-01-01')", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION"},
        {"make_timestamp_ntz(DATE '2024-01-01', NULL)", "timestamp_ntz | NULL"},
        {"try_make_timestamp(2024,1,1,0,0,1,'Nowhere')", "INVALID_TIMEZONE"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(epochs)
{
    static const expr_row rows[] = {
        {"timestamp_seconds(0)", "timestamp | 1970-01-01 00:00:00"},
        {"timestamp_seconds(-1)", "timestamp | 1969-12-31 23:59:59"},
        {"timestamp_seconds(1700000000)", "timestamp | 2023-11-14 22:13:20"},
        {"timestamp_seconds(1.5)", "timestamp | 1970-01-01 00:00:01.5"},
        {"timestamp_seconds(1.1234567D)", "timestamp | 1970-01-01 00:00:01.123456"},
        {"timestamp_seconds(CAST('NaN' AS DOUBLE))", "timestamp | NULL"},
        {"timestamp_seconds(NULL)", "timestamp | NULL"},
        {"timestamp_seconds('1')", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"timestamp_seconds(9223372036854775807L)", "DATETIME_OVERFLOW"},
        {"timestamp_millis(1700000000123L)", "timestamp | 2023-11-14 22:13:20.123"},
        {"timestamp_millis(-1)", "timestamp | 1969-12-31 23:59:59.999"},
        {"timestamp_millis(NULL)", "timestamp | NULL"},
        {"timestamp_micros(1700000000123456L)", "timestamp | 2023-11-14 22:13:20.123456"},
        {"timestamp_micros(-1)", "timestamp | 1969-12-31 23:59:59.999999"},
        {"timestamp_micros(1.5)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"unix_seconds(TIMESTAMP '1970-01-01 00:00:01.999')", "bigint | 1"},
        {"unix_seconds(TIMESTAMP '1969-12-31 23:59:59.5')", "bigint | -1"},
        {"unix_seconds(DATE '1970-01-02')", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"unix_seconds(NULL)", "bigint | NULL"},
        {"unix_millis(TIMESTAMP '1969-12-31 23:59:59.9995')", "bigint | -1"},
        {"unix_micros(TIMESTAMP '1970-01-01 00:00:01.000001')", "bigint | 1000001"},
        {"unix_date(DATE '1970-01-02')", "int | 1"},
        {"unix_date(DATE '0001-01-01')", "int | -719162"},
        {"unix_date(NULL)", "int | NULL"},
        {"date_from_unix_date(0)", "date | 1970-01-01"},
        {"date_from_unix_date(-719162)", "date | 0001-01-01"},
        {"date_from_unix_date(2932896)", "date | 9999-12-31"},
        {"date_from_unix_date(NULL)", "date | NULL"},
        {"unix_seconds(TIMESTAMP_NTZ '2024-01-01 00:00:00')", "bigint | 1704067200"},
        {"unix_seconds('2024-01-01')", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"timestamp_millis('1')", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"timestamp_seconds(1.5F)", "timestamp | 1970-01-01 00:00:01.5"},
        {"timestamp_seconds(1e30D)", "timestamp | +294247-01-10 04:00:54.775807"},
        {"unix_micros(NULL)", "bigint | NULL"},
        {"timestamp_millis(1.5D)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {made, epochs};
    return sqi_test_main("func_time_make", tests, sizeof tests / sizeof *tests);
}
