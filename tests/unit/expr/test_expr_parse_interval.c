/* Interval literals. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(amounts_with_units)
{
    static const sql_rig_row rows[] = {
        {"INTERVAL 1 DAY", "INTERVAL '1' DAY"},
        {"INTERVAL 1 DAY + a", "(+ INTERVAL '1' DAY a)"},
        {"INTERVAL -1 DAY", "INTERVAL '-1' DAY"},
        {"INTERVAL '1' DAY", "INTERVAL '1' DAY"},
        {"INTERVAL -'1' DAY", "INTERVAL '-1' DAY"},
        {"INTERVAL '-1' DAY", "INTERVAL '-1' DAY"},
        {"INTERVAL -'-1' DAY", "INTERVAL '1' DAY"},
        {"INTERVAL +1 DAY", "INTERVAL '1' DAY"},
        {"INTERVAL 1 DAY 2 HOURS -3 MINUTES", "INTERVAL '1 01:57' DAY TO MINUTE"},
        {"INTERVAL 1.5 SECONDS", "INTERVAL '01.5' SECOND"},
        {"INTERVAL 1.5 DAYS", "!INVALID_INTERVAL_FORMAT.INVALID_FRACTION 0-17"},
        {"INTERVAL 1 WEEK", "INTERVAL '7' DAY"},
        {"INTERVAL 1 YEAR 2 MONTHS", "INTERVAL '1-2' YEAR TO MONTH"},
        {"INTERVAL 14 MONTHS", "INTERVAL '14' MONTH"},
        {"INTERVAL 1 MONTH 1 DAY", "!INVALID_INTERVAL_LITERAL 0-22"},
        {"INTERVAL 1 MILLISECOND", "INTERVAL '00.001' SECOND"},
        {"INTERVAL 1 NANOSECOND", "!INVALID_INTERVAL_FORMAT.INVALID_UNIT 0-21"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(units_that_intervals_lack)
{
    static const sql_rig_row rows[] = {
        {"INTERVAL 1 QUARTER", "!PARSE_SYNTAX_ERROR 9-10"},
        {"INTERVAL 1", "!PARSE_SYNTAX_ERROR 9-10"},
        {"INTERVAL a DAY", "!PARSE_SYNTAX_ERROR 11-14"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(one_text_for_a_range_of_fields)
{
    static const sql_rig_row rows[] = {
        {"INTERVAL '1-2' YEAR TO MONTH", "INTERVAL '1-2' YEAR TO MONTH"},
        {"INTERVAL -'1-2' YEAR TO MONTH", "INTERVAL '-1-2' YEAR TO MONTH"},
        {"INTERVAL '1 02:03:04.5' DAY TO SECOND", "INTERVAL '1 02:03:04.5' DAY TO SECOND"},
        {"INTERVAL '1 2' DAY TO HOUR", "INTERVAL '1 02' DAY TO HOUR"},
        {"INTERVAL '1:2' HOUR TO MINUTE", "INTERVAL '01:02' HOUR TO MINUTE"},
        {"INTERVAL '1' DAY TO SECOND", "!INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE 0-26"},
        {"INTERVAL '1-12' YEAR TO MONTH", "!INVALID_INTERVAL_FORMAT.INTERVAL_PARSING 0-29"},
        {"INTERVAL 1 YEAR TO MONTH", "!INVALID_INTERVAL_LITERAL 0-24"},
        {"INTERVAL '1' MONTH TO YEAR", "!INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION 0-26"},
        {"INTERVAL '1' YEAR TO DAY", "!INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION 0-24"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(units_inside_the_text)
{
    static const sql_rig_row rows[] = {
        {"INTERVAL '1 day'", "INTERVAL '1' DAY"},
        {"INTERVAL '1 day 2 hours'", "INTERVAL '1 02' DAY TO HOUR"},
        {"INTERVAL 'interval 1 day'", "INTERVAL '1' DAY"},
        {"INTERVAL '1 year -2 months'", "INTERVAL '0-10' YEAR TO MONTH"},
        {"INTERVAL '1 year 2 days'", "!INVALID_INTERVAL_LITERAL 0-24"},
        {"INTERVAL '1'", "!INVALID_TYPED_LITERAL 0-12"},
        {"INTERVAL ''", "!INVALID_TYPED_LITERAL 0-11"},
        {"INTERVAL 'x' DAY", "!INVALID_INTERVAL_LITERAL 0-16"},
        {"INTERVAL '1 fortnight'", "!INVALID_TYPED_LITERAL 0-22"},
        {"INTERVAL '1' FORTNIGHT now", "!PARSE_SYNTAX_ERROR 23-26"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

START_TEST(what_is_too_long)
{
    static const sql_rig_row rows[] = {
        {"INTERVAL 9223372036854775807 DAYS", "!INVALID_INTERVAL_LITERAL 0-33"},
        {"INTERVAL 106751992 DAYS", "!INVALID_INTERVAL_LITERAL 0-23"},
        {"INTERVAL 178956971 YEARS", "!INVALID_INTERVAL_LITERAL 0-24"},
    };
    CHECK(sql_rig_expression, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        amounts_with_units,    units_that_intervals_lack, one_text_for_a_range_of_fields,
        units_inside_the_text, what_is_too_long,
    };
    return sqi_test_main("expr_parse_interval", tests, sizeof tests / sizeof *tests);
}
