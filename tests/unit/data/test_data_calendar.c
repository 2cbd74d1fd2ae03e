/* The calendar, walked day by day, and months added. */
#include "data_time.h"
#include "test_main.h"

START_TEST(days_and_dates_walk_together)
{
    sqi_civil c = {.year = -1001, .month = 1, .day = 1};
    int32_t day = sqi_time_days(c.year, c.month, c.day);
    while (c.year < 3000) {
        sqi_civil back;
        sqi_time_civil_date(day, &back);
        /* an assertion that holds costs a write, and there are a million days */
        if (back.year != c.year || back.month != c.month || back.day != c.day ||
            sqi_time_days(c.year, c.month, c.day) != day || !sqi_time_date_exists(c.year, c.month, c.day))
            ck_abort_msg("day %d is %d-%d-%d", day, back.year, back.month, back.day);
        day++;
        if (++c.day > sqi_time_month_days(c.year, c.month)) {
            ck_assert(!sqi_time_date_exists(c.year, c.month, c.day));
            c.day = 1;
            c.month = c.month == 12 ? 1 : c.month + 1;
            c.year += c.month == 1;
        }
    }
}
END_TEST

START_TEST(known_days_have_their_numbers)
{
    static const struct {
        int32_t year, month, day, days;
    } rows[] = {
        {1970, 1, 1, 0},      {1969, 12, 31, -1},          {2000, 2, 29, 11016},
        {2024, 2, 29, 19782}, {1, 1, 1, -719162},          {9999, 12, 31, 2932896},
        {0, 12, 31, -719163}, {5881580, 7, 11, INT32_MAX}, {-5877641, 6, 23, INT32_MIN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sqi_civil c;
        ck_assert(sqi_time_date_exists(rows[i].year, rows[i].month, rows[i].day));
        ck_assert_int_eq(sqi_time_days(rows[i].year, rows[i].month, rows[i].day), rows[i].days);
        sqi_time_civil_date(rows[i].days, &c);
        ck_assert(c.year == rows[i].year && c.month == rows[i].month && c.day == rows[i].day);
    }
}
END_TEST

START_TEST(dates_that_are_not_there_do_not_exist)
{
    ck_assert(!sqi_time_date_exists(2023, 2, 29) && !sqi_time_date_exists(1900, 2, 29) &&
              !sqi_time_date_exists(2024, 2, 30));
    ck_assert(!sqi_time_date_exists(2024, 0, 1) && !sqi_time_date_exists(2024, 13, 1) &&
              !sqi_time_date_exists(2024, 1, 0));
    ck_assert(!sqi_time_date_exists(2024, 4, 31) && !sqi_time_date_exists(2024, -1, 1));
    ck_assert(!sqi_time_date_exists(5881580, 7, 12) && !sqi_time_date_exists(-5877641, 6, 22));
    ck_assert(!sqi_time_date_exists(INT32_MAX, 1, 1) && !sqi_time_date_exists(INT32_MIN, 1, 1));
}
END_TEST

START_TEST(local_times_fall_into_fields)
{
    sqi_civil c;
    sqi_time_civil(-1, &c);
    ck_assert(c.year == 1969 && c.month == 12 && c.day == 31 && c.hour == 23 && c.minute == 59 && c.second == 59);
    ck_assert_uint_eq(c.micros, 999999);
    sqi_time_civil(INT64_MAX, &c);
    ck_assert(c.year == 294247 && c.month == 1 && c.day == 10 && c.hour == 4 && c.minute == 0 && c.second == 54);
    ck_assert_uint_eq(c.micros, 775807);
    sqi_time_civil(INT64_MIN, &c);
    ck_assert(c.year == -290308 && c.month == 12 && c.day == 21 && c.hour == 19 && c.minute == 59 && c.second == 5);
    ck_assert_uint_eq(c.micros, 224192);
}
END_TEST

START_TEST(months_keep_the_day_or_take_the_last)
{
    static const struct {
        int32_t year, month, day;
        int64_t months;
        int32_t to_year, to_month, to_day;
    } rows[] = {
        {2024, 1, 31, 1, 2024, 2, 29},  {2023, 1, 31, 1, 2023, 2, 28},  {2024, 2, 29, 12, 2025, 2, 28},
        {2024, 2, 29, -1, 2024, 1, 29}, {2024, 8, 31, -6, 2024, 2, 29}, {2024, 1, 15, -13, 2022, 12, 15},
        {1, 1, 1, -1, 0, 12, 1},        {2024, 5, 31, 0, 2024, 5, 31},  {1970, 1, 1, 12 * 5000000, 5001970, 1, 1},
    };
    int32_t day;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert(sqi_time_add_months(sqi_time_days(rows[i].year, rows[i].month, rows[i].day), rows[i].months, &day));
        ck_assert_int_eq(day, sqi_time_days(rows[i].to_year, rows[i].to_month, rows[i].to_day));
    }
    ck_assert(!sqi_time_add_months(0, INT32_MAX, &day) && !sqi_time_add_months(0, INT64_MIN, &day));
    ck_assert(!sqi_time_add_months(INT32_MAX, 1, &day) && !sqi_time_add_months(INT32_MIN, -1, &day));
}
END_TEST

START_TEST(division_floors)
{
    ck_assert_int_eq(sqi_time_floor_div(7, 2), 3);
    ck_assert_int_eq(sqi_time_floor_div(-7, 2), -4);
    ck_assert_int_eq(sqi_time_floor_div(-8, 2), -4);
    ck_assert_int_eq(sqi_time_floor_div(0, 5), 0);
    ck_assert_int_eq(sqi_time_floor_mod(-1, 5), 4);
    ck_assert_int_eq(sqi_time_floor_mod(-5, 5), 0);
    ck_assert_int_eq(sqi_time_floor_mod(INT64_MIN, 7), 6);
    ck_assert_int_eq(sqi_time_floor_div(INT64_MIN, 1), INT64_MIN);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        days_and_dates_walk_together, known_days_have_their_numbers,        dates_that_are_not_there_do_not_exist,
        local_times_fall_into_fields, months_keep_the_day_or_take_the_last, division_floors,
    };
    return sqi_test_main("data_calendar", tests, sizeof tests / sizeof *tests);
}
