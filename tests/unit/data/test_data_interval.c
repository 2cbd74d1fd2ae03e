/* Intervals as text, in every range of fields. */
#include "data_time.h"
#include "test_main.h"

#include <string.h>

static void assert_months(int from, int to, int32_t v, const char *expected)
{
    char t[SQI_TIME_TEXT + 1];
    t[sqi_time_interval_text(sqi_type_interval_ym(from, to), &v, t)] = '\0';
    ck_assert_str_eq(t, expected);
}

static void assert_micros(int from, int to, int64_t v, const char *expected)
{
    char t[SQI_TIME_TEXT + 1];
    t[sqi_time_interval_text(sqi_type_interval_dt(from, to), &v, t)] = '\0';
    ck_assert_str_eq(t, expected);
}

static void assert_calendar(sqi_interval v, const char *expected)
{
    char t[SQI_TIME_TEXT + 1];
    t[sqi_time_interval_text(&sqi_type_interval, &v, t)] = '\0';
    ck_assert_str_eq(t, expected);
}

START_TEST(years_and_months)
{
    assert_months(SQI_YEAR, SQI_MONTH, 14, "INTERVAL '1-2' YEAR TO MONTH");
    assert_months(SQI_YEAR, SQI_MONTH, -14, "INTERVAL '-1-2' YEAR TO MONTH");
    assert_months(SQI_YEAR, SQI_MONTH, 0, "INTERVAL '0-0' YEAR TO MONTH");
    assert_months(SQI_YEAR, SQI_MONTH, -11, "INTERVAL '-0-11' YEAR TO MONTH");
    assert_months(SQI_YEAR, SQI_MONTH, INT32_MAX, "INTERVAL '178956970-7' YEAR TO MONTH");
    assert_months(SQI_YEAR, SQI_MONTH, INT32_MIN, "INTERVAL '-178956970-8' YEAR TO MONTH");
    assert_months(SQI_YEAR, SQI_YEAR, 24, "INTERVAL '2' YEAR");
    assert_months(SQI_MONTH, SQI_MONTH, -14, "INTERVAL '-14' MONTH");
}
END_TEST

START_TEST(days_to_seconds)
{
    int64_t v = INT64_C(93784567000); /* 1 02:03:04.567 */
    assert_micros(SQI_DAY, SQI_SECOND, v, "INTERVAL '1 02:03:04.567' DAY TO SECOND");
    assert_micros(SQI_DAY, SQI_SECOND, -v, "INTERVAL '-1 02:03:04.567' DAY TO SECOND");
    assert_micros(SQI_DAY, SQI_MINUTE, v, "INTERVAL '1 02:03' DAY TO MINUTE");
    assert_micros(SQI_DAY, SQI_HOUR, v, "INTERVAL '1 02' DAY TO HOUR");
    assert_micros(SQI_DAY, SQI_DAY, v, "INTERVAL '1' DAY");
    assert_micros(SQI_HOUR, SQI_SECOND, v, "INTERVAL '26:03:04.567' HOUR TO SECOND");
    assert_micros(SQI_HOUR, SQI_MINUTE, v, "INTERVAL '26:03' HOUR TO MINUTE");
    assert_micros(SQI_HOUR, SQI_HOUR, v, "INTERVAL '26' HOUR");
    assert_micros(SQI_MINUTE, SQI_SECOND, v, "INTERVAL '1563:04.567' MINUTE TO SECOND");
    assert_micros(SQI_MINUTE, SQI_MINUTE, v, "INTERVAL '1563' MINUTE");
    assert_micros(SQI_SECOND, SQI_SECOND, v, "INTERVAL '93784.567' SECOND");
    assert_micros(SQI_HOUR, SQI_HOUR, INT64_C(3600000000), "INTERVAL '01' HOUR");
    assert_micros(SQI_SECOND, SQI_SECOND, -500000, "INTERVAL '-00.5' SECOND");
    assert_micros(SQI_DAY, SQI_SECOND, -500000, "INTERVAL '-0 00:00:00.5' DAY TO SECOND");
    assert_micros(SQI_SECOND, SQI_SECOND, 1, "INTERVAL '00.000001' SECOND");
    assert_micros(SQI_SECOND, SQI_SECOND, 0, "INTERVAL '00' SECOND");
    assert_micros(SQI_DAY, SQI_SECOND, INT64_MAX, "INTERVAL '106751991 04:00:54.775807' DAY TO SECOND");
    assert_micros(SQI_DAY, SQI_SECOND, INT64_MIN, "INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND");
}
END_TEST

START_TEST(calendar_intervals)
{
    assert_calendar((sqi_interval){0, 0, 0}, "0 seconds");
    assert_calendar((sqi_interval){14, 25, INT64_C(18367500000)},
                    "1 years 2 months 25 days 5 hours 6 minutes 7.5 seconds");
    assert_calendar((sqi_interval){-1, 1, -INT64_C(7200000000)}, "-1 months 1 days -2 hours");
    assert_calendar((sqi_interval){0, 0, 1}, "0.000001 seconds");
    assert_calendar((sqi_interval){1, 1, -1500000}, "1 months 1 days -1.5 seconds");
    assert_calendar((sqi_interval){24, 0, 0}, "2 years");
    assert_calendar((sqi_interval){INT32_MIN, INT32_MIN, INT64_MIN},
                    "-178956970 years -8 months -2147483648 days -2562047788 hours -54.775808 seconds");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {years_and_months, days_to_seconds, calendar_intervals};
    return sqi_test_main("data_interval", tests, sizeof tests / sizeof *tests);
}
