/* Casts to intervals: answers of Spark. */
#include "expr_check.h"

START_TEST(to_intervals)
{
    static const expr_row rows[] = {
        {"CAST('1 day 2 hours' AS INTERVAL)", "interval | 1 days 2 hours"},
        {"CAST('INTERVAL 1 MONTH 2 DAYS' AS INTERVAL)", "interval | 1 months 2 days"},
        {"CAST('x' AS INTERVAL)", "interval | NULL"},
        {"CAST('1 02:03:04' AS INTERVAL DAY TO SECOND)",
         "interval day to second | INTERVAL '1 02:03:04' DAY TO SECOND"},
        {"CAST(\"INTERVAL '1 02:03:04' DAY TO SECOND\" AS INTERVAL DAY TO SECOND)",
         "interval day to second | INTERVAL '1 02:03:04' DAY TO SECOND"},
        {"CAST('1-2' AS INTERVAL YEAR TO MONTH)", "interval year to month | INTERVAL '1-2' YEAR TO MONTH"},
        {"CAST('-1-2' AS INTERVAL YEAR TO MONTH)", "interval year to month | INTERVAL '-1-2' YEAR TO MONTH"},
        {"CAST(\"INTERVAL '3' MONTH\" AS INTERVAL YEAR TO MONTH)", "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING"},
        {"CAST('10' AS INTERVAL DAY)", "interval day | INTERVAL '10' DAY"},
        {"CAST('10' AS INTERVAL MONTH)", "interval month | INTERVAL '10' MONTH"},
        {"CAST('x' AS INTERVAL DAY TO SECOND)", "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE"},
        {"try_cast('x' AS INTERVAL DAY)", "interval day | NULL"},
        {"CAST(NULL AS INTERVAL DAY)", "interval day | NULL"},
        {"CAST(5 AS INTERVAL DAY)", "interval day | INTERVAL '5' DAY"},
        {"CAST(5 AS INTERVAL YEAR)", "interval year | INTERVAL '5' YEAR"},
        {"CAST(90 AS INTERVAL MINUTE TO SECOND)", "interval minute to second | INTERVAL '01:30' MINUTE TO SECOND"},
        {"CAST(1.5 AS INTERVAL SECOND)", "interval second | INTERVAL '01.5' SECOND"},
        {"CAST(INTERVAL '1 02:03:04' DAY TO SECOND AS INTERVAL DAY)", "interval day | INTERVAL '1' DAY"},
        {"CAST(INTERVAL '1 02:03:04' DAY TO SECOND AS INTERVAL HOUR TO MINUTE)",
         "interval hour to minute | INTERVAL '26:03' HOUR TO MINUTE"},
        {"CAST(INTERVAL '1-2' YEAR TO MONTH AS INTERVAL YEAR)", "interval year | INTERVAL '1' YEAR"},
        {"CAST(INTERVAL '1-2' YEAR TO MONTH AS INTERVAL MONTH)", "interval month | INTERVAL '14' MONTH"},
        {"CAST(INTERVAL '1' DAY AS INTERVAL MONTH)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(1.5 AS INTERVAL YEAR)", "interval year | INTERVAL '1' YEAR"},
        {"CAST(1.5 AS INTERVAL MONTH)", "interval month | INTERVAL '2' MONTH"},
        {"CAST(2.4 AS INTERVAL DAY)", "interval day | INTERVAL '2' DAY"},
        {"CAST(99999999999 AS INTERVAL DAY)", "CAST_OVERFLOW"},
        {"CAST(1.5D AS INTERVAL DAY)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST('1' AS INTERVAL DAY TO SECOND)", "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE"},
        {"CAST(make_interval(1) AS INTERVAL YEAR)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
        {"CAST(DATE '2024-01-01' AS INTERVAL DAY)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {to_intervals};
    return sqi_test_main("expr_cast_interval", tests, sizeof tests / sizeof *tests);
}
