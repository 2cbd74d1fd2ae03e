/* Dates and timestamps as text. */
#include "data_time.h"
#include "test_main.h"

#include <string.h>

static void assert_date(int32_t year, int month, int day, const char *expected)
{
    char t[SQI_TIME_TEXT + 1];
    t[sqi_time_date_text(sqi_time_days(year, month, day), t)] = '\0';
    ck_assert_str_eq(t, expected);
}

static void assert_timestamp(int64_t micros, const char *expected)
{
    char t[SQI_TIME_TEXT + 1];
    t[sqi_time_timestamp_text(micros, t)] = '\0';
    ck_assert_str_eq(t, expected);
}

START_TEST(dates)
{
    assert_date(2024, 2, 29, "2024-02-29");
    assert_date(1, 1, 1, "0001-01-01");
    assert_date(0, 12, 31, "0000-12-31");
    assert_date(-1, 1, 1, "-0001-01-01");
    assert_date(-12345, 6, 7, "-12345-06-07");
    assert_date(9999, 12, 31, "9999-12-31");
    assert_date(10000, 1, 1, "+10000-01-01");
    assert_date(5881580, 7, 11, "+5881580-07-11");
    assert_date(-5877641, 6, 23, "-5877641-06-23");
}
END_TEST

START_TEST(timestamps)
{
    assert_timestamp(0, "1970-01-01 00:00:00");
    assert_timestamp(-1, "1969-12-31 23:59:59.999999");
    assert_timestamp(100000, "1970-01-01 00:00:00.1");
    assert_timestamp(10, "1970-01-01 00:00:00.00001");
    assert_timestamp(INT64_C(1709210096123456), "2024-02-29 12:34:56.123456");
    assert_timestamp(INT64_C(1709210096120000), "2024-02-29 12:34:56.12");
    assert_timestamp(INT64_MAX, "+294247-01-10 04:00:54.775807");
    assert_timestamp(INT64_MIN, "-290308-12-21 19:59:05.224192");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {dates, timestamps};
    return sqi_test_main("data_time_text", tests, sizeof tests / sizeof *tests);
}
