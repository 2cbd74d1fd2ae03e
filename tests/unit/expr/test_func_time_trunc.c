/* Times cut down to units: answers of Spark. */
#include "expr_check.h"

START_TEST(truncation)
{
    static const expr_row rows[] = {
        {"date_trunc('YEAR', TIMESTAMP '2024-05-15 12:34:56.789')", "timestamp | 2024-01-01 00:00:00"},
        {"date_trunc('QUARTER', TIMESTAMP '2024-05-15 12:34:56.789')", "timestamp | 2024-04-01 00:00:00"},
        {"date_trunc('MONTH', TIMESTAMP '2024-05-15 12:34:56.789')", "timestamp | 2024-05-01 00:00:00"},
        {"date_trunc('WEEK', TIMESTAMP '2024-05-15 12:34:56.789')", "timestamp | 2024-05-13 00:00:00"},
        {"date_trunc('DAY', TIMESTAMP '2024-05-15 12:34:56.789')", "timestamp | 2024-05-15 00:00:00"},
        {"date_trunc('DD', TIMESTAMP '2024-05-15 12:34:56.789')", "timestamp | 2024-05-15 00:00:00"},
        {"date_trunc('HOUR', TIMESTAMP '2024-05-15 12:34:56.789')", "timestamp | 2024-05-15 12:00:00"},
        {"date_trunc('MINUTE', TIMESTAMP '2024-05-15 12:34:56.789')", "timestamp | 2024-05-15 12:34:00"},
        {"date_trunc('SECOND', TIMESTAMP '2024-05-15 12:34:56.789')", "timestamp | 2024-05-15 12:34:56"},
        {"date_trunc('MILLISECOND', TIMESTAMP '2024-05-15 12:34:56.789123')", "timestamp | 2024-05-15 12:34:56.789"},
        {"date_trunc('MICROSECOND', TIMESTAMP '2024-05-15 12:34:56.789123')", "timestamp | 2024-05-15 12:34:56.789123"},
        {"date_trunc('hour', TIMESTAMP '1969-12-31 23:59:59.5')", "timestamp | 1969-12-31 23:00:00"},
        {"date_trunc('week', TIMESTAMP '1969-12-31 23:59:59.5')", "timestamp | 1969-12-29 00:00:00"},
        {"date_trunc('mon', '2024-05-15')", "timestamp | 2024-05-01 00:00:00"},
        {"date_trunc('yy', DATE '2024-05-15')", "timestamp | 2024-01-01 00:00:00"},
        {"date_trunc('nope', TIMESTAMP '2024-05-15 12:34:56')", "timestamp | NULL"},
        {"date_trunc(NULL, TIMESTAMP '2024-05-15 12:34:56')", "timestamp | NULL"},
        {"date_trunc('DAY', NULL)", "timestamp | NULL"},
        {"date_trunc('DAY', TIMESTAMP_NTZ '2024-05-15 12:34:56')", "timestamp | 2024-05-15 00:00:00"},
        {"trunc(DATE '2024-05-15', 'YEAR')", "date | 2024-01-01"},
        {"trunc(DATE '2024-05-15', 'yy')", "date | 2024-01-01"},
        {"trunc(DATE '2024-05-15', 'Q')", "date | NULL"},
        {"trunc(DATE '2024-05-15', 'QUARTER')", "date | 2024-04-01"},
        {"trunc(DATE '2024-05-15', 'MM')", "date | 2024-05-01"},
        {"trunc(DATE '2024-05-15', 'WEEK')", "date | 2024-05-13"},
        {"trunc(DATE '2024-05-15', 'DAY')", "date | NULL"},
        {"trunc('2024-05-15', 'month')", "date | 2024-05-01"},
        {"trunc(NULL, 'MM')", "date | NULL"},
        {"trunc(DATE '2024-05-15', NULL)", "date | NULL"},
        {"date_trunc('decade',TIMESTAMP '2024-01-02 03:04:05')", "timestamp | NULL"},
        {"trunc(TIMESTAMP '2024-05-06 03:04:05','MM')", "date | 2024-05-01"},
        {"date_trunc('week',DATE '2024-05-06')", "timestamp | 2024-05-06 00:00:00"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

START_TEST(buckets)
{
    static const expr_row rows[] = {
        {"time_bucket(INTERVAL '15' MINUTE, TIMESTAMP '2024-01-01 12:34:56')", "timestamp | 2024-01-01 12:30:00"},
        {"time_bucket(INTERVAL '1' HOUR, TIMESTAMP '1969-12-31 23:59:59')", "timestamp | 1969-12-31 23:00:00"},
        {"time_bucket(INTERVAL '1' MONTH, TIMESTAMP '2024-05-15 10:00:00')", "timestamp | 2024-05-01 00:00:00"},
        {"time_bucket(INTERVAL '15' MINUTE, NULL)", "timestamp | NULL"},
        {"time_bucket(INTERVAL '0' MINUTE, TIMESTAMP '2024-01-01 12:34:56')", "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE"},
        {"time_bucket(INTERVAL '1' MONTH, DATE '2024-05-15')", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"time_bucket(INTERVAL '1' MONTH, TIMESTAMP '2024-05-15 10:00:00', TIMESTAMP '2024-01-10 00:00:00')",
         "timestamp | 2024-05-10 00:00:00"},
        {"time_bucket(INTERVAL '7' DAY, TIMESTAMP '2024-05-15 10:00:00')", "timestamp | 2024-05-09 00:00:00"},
        {"time_bucket(INTERVAL '1' DAY, '2024-05-15 10:00:00')", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
        {"time_bucket(INTERVAL '-1' DAY, TIMESTAMP '2024-05-15 10:00:00')", "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE"},
        {"time_bucket(1, TIMESTAMP '2024-05-15 10:00:00')", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {truncation, buckets};
    return sqi_test_main("func_time_trunc", tests, sizeof tests / sizeof *tests);
}
