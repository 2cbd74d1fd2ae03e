/* Times moved between zones: answers of Spark. */
#include "expr_check.h"

START_TEST(zones)
{
    static const expr_row rows[] = {
        {"from_utc_timestamp(TIMESTAMP '2024-01-15 12:00:00', 'America/New_York')", "timestamp | 2024-01-15 07:00:00"},
        {"from_utc_timestamp(TIMESTAMP '2024-07-15 12:00:00', 'America/New_York')", "timestamp | 2024-07-15 08:00:00"},
        {"from_utc_timestamp('2024-07-15 12:00:00', 'Asia/Kolkata')", "timestamp | 2024-07-15 17:30:00"},
        {"from_utc_timestamp(TIMESTAMP '2024-07-15 12:00:00', '+05:30')", "timestamp | 2024-07-15 17:30:00"},
        {"from_utc_timestamp(TIMESTAMP '2024-07-15 12:00:00', 'GMT+3')", "timestamp | 2024-07-15 15:00:00"},
        {"from_utc_timestamp(TIMESTAMP '2024-07-15 12:00:00', 'PST')", "timestamp | 2024-07-15 05:00:00"},
        {"from_utc_timestamp(TIMESTAMP '2024-07-15 12:00:00', 'CET')", "timestamp | 2024-07-15 14:00:00"},
        {"from_utc_timestamp(TIMESTAMP '2024-03-10 06:59:59', 'America/New_York')", "timestamp | 2024-03-10 01:59:59"},
        {"from_utc_timestamp(TIMESTAMP '2024-03-10 07:00:00', 'America/New_York')", "timestamp | 2024-03-10 03:00:00"},
        {"from_utc_timestamp(TIMESTAMP '2024-11-03 06:00:00', 'America/New_York')", "timestamp | 2024-11-03 01:00:00"},
        {"from_utc_timestamp(TIMESTAMP '2024-07-15 12:00:00', 'Mars/Crater')", "INVALID_TIMEZONE"},
        {"from_utc_timestamp(TIMESTAMP '2024-07-15 12:00:00', NULL)", "timestamp | NULL"},
        {"from_utc_timestamp(NULL, 'UTC')", "timestamp | NULL"},
        {"from_utc_timestamp(TIMESTAMP '1880-01-01 00:00:00', 'Europe/Berlin')", "timestamp | 1880-01-01 00:53:28"},
        {"to_utc_timestamp(TIMESTAMP '2024-01-15 12:00:00', 'America/New_York')", "timestamp | 2024-01-15 17:00:00"},
        {"to_utc_timestamp(TIMESTAMP '2024-03-10 02:30:00', 'America/New_York')", "timestamp | 2024-03-10 07:30:00"},
        {"to_utc_timestamp(TIMESTAMP '2024-11-03 01:30:00', 'America/New_York')", "timestamp | 2024-11-03 05:30:00"},
        {"to_utc_timestamp(DATE '2024-07-15', 'Europe/Berlin')", "timestamp | 2024-07-14 22:00:00"},
        {"to_utc_timestamp(TIMESTAMP '2024-07-15 12:00:00', '-08:00')", "timestamp | 2024-07-15 20:00:00"},
        {"convert_timezone('Europe/Brussels', 'America/Los_Angeles', TIMESTAMP_NTZ '2021-12-06 00:00:00')",
         "timestamp_ntz | 2021-12-05 15:00:00"},
        {"convert_timezone('Asia/Tokyo', TIMESTAMP_NTZ '2024-01-01 00:00:00')", "timestamp_ntz | 2024-01-01 09:00:00"},
        {"convert_timezone('UTC', 'Europe/London', '2024-07-01')", "timestamp_ntz | 2024-07-01 01:00:00"},
        {"convert_timezone('UTC', NULL, TIMESTAMP_NTZ '2024-01-01 00:00:00')", "timestamp_ntz | NULL"},
        {"convert_timezone('UTC', 'Nope', TIMESTAMP_NTZ '2024-01-01 00:00:00')", "INVALID_TIMEZONE"},
        {"from_utc_timestamp(DATE '2024-01-01','Asia/Tokyo')", "timestamp | 2024-01-01 09:00:00"},
        {"to_utc_timestamp('2024-01-01','Nope')", "INVALID_TIMEZONE"},
        {"convert_timezone('UTC','Asia/Tokyo',TIMESTAMP '2024-01-01 00:00:00')", "timestamp_ntz | 2024-01-01 09:00:00"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {zones};
    return sqi_test_main("func_time_zone", tests, sizeof tests / sizeof *tests);
}
