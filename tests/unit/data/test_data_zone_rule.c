/* Rules of POSIX's TZ form, and the switches that they give in a year. */
#include "data_zone.h"
#include "test_main.h"

static sqi_zone_rule parse(const char *text)
{
    sqi_zone_rule rule;
    ck_assert_msg(sqi_zone_rule_parse(sqi_span_of(text), &rule), "%s", text);
    return rule;
}

START_TEST(rules_are_read)
{
    sqi_zone_rule r = parse("EST5EDT,M3.2.0,M11.1.0");
    ck_assert(r.daylight && r.standard == -18000 && r.summer == -14400);
    ck_assert_str_eq(r.standard_name, "EST");
    ck_assert_str_eq(r.summer_name, "EDT");
    ck_assert(r.begin.kind == 'M' && r.begin.month == 3 && r.begin.week == 2 && r.begin.weekday == 0 &&
              r.begin.time == 7200);
    r = parse("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0");
    ck_assert(r.standard == 37800 && r.summer == 39600);
    ck_assert_str_eq(r.standard_name, "+1030");
    r = parse("IST-1GMT0,M10.5.0,M3.5.0/1");
    ck_assert(r.standard == 3600 && r.summer == 0 && r.end.time == 3600);
    r = parse("<-03>3");
    ck_assert(!r.daylight && r.standard == -10800);
    r = parse("EET-2EEST,M3.4.4/50,M10.4.4/50");
    ck_assert(r.begin.time == 50 * 3600);
    r = parse("<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
    ck_assert(r.begin.time == -3600);
    r = parse("XXX-1:02:03YYY,J60/0,365/24:30");
    ck_assert(r.standard == 3723 && r.begin.kind == 'J' && r.begin.day == 60 && r.end.kind == 'N' && r.end.day == 365);
    ck_assert_int_eq(r.end.time, 24 * 3600 + 1800);
    r = parse("<ANAMETHATISLONG>1");
    ck_assert_str_eq(r.standard_name, "ANAMETH");
}
END_TEST

START_TEST(what_is_no_rule_is_refused)
{
    static const char *const texts[] = {"",
                                        "EST",
                                        "E5",
                                        "EST5EDT",
                                        "EST5EDT,M3.2.0",
                                        "EST5EDT,M13.1.0,M1.1.0",
                                        "EST5EDT,M0.1.0,M1.1.0",
                                        "EST5EDT,M3.6.0,M1.1.0",
                                        "EST5EDT,M3.2.7,M1.1.0",
                                        "EST5EDT,J0,J5",
                                        "EST5EDT,J366,J5",
                                        "EST5EDT,366,5",
                                        "EST25",
                                        "EST5:60",
                                        "<EST5",
                                        "EST5 ",
                                        "EST5EDT,M3.2.0,M11.1.0x",
                                        "EST5EDT,M3.2.0/168,M11.1.0",
                                        "EST5EDT,M3.2,M11.1.0",
                                        "5",
                                        "EST99999999999999999999"};
    sqi_zone_rule rule;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(!sqi_zone_rule_parse(sqi_span_of(texts[i]), &rule), "'%s'", texts[i]);
    ck_assert(!sqi_zone_rule_parse((sqi_span){"EST5\0EDT", 8}, &rule));
}
END_TEST

START_TEST(switches_of_a_year_are_found)
{
    sqi_zone_rule york = parse("EST5EDT,M3.2.0,M11.1.0"), sydney = parse("AEST-10AEDT,M10.1.0,M4.1.0/3");
    sqi_zone_year y;
    sqi_zone_rule_year(&york, 2024, &y);
    ck_assert_int_eq(y.utc[0], 1710054000); /* 2024-03-10 07:00 UTC */
    ck_assert_int_eq(y.utc[1], 1730613600); /* 2024-11-03 06:00 UTC */
    ck_assert(y.before[0] == -18000 && y.after[0] == -14400 && y.before[1] == -14400 && y.after[1] == -18000);
    sqi_zone_rule_year(&sydney, 2024, &y);  /* the year begins in summer */
    ck_assert_int_eq(y.utc[0], 1712419200); /* 2024-04-06 16:00 UTC */
    ck_assert_int_eq(y.utc[1], 1728144000); /* 2024-10-05 16:00 UTC */
    ck_assert(y.before[0] == 39600 && y.after[0] == 36000);
}
END_TEST

START_TEST(julian_days_skip_the_leap_day_and_plain_ones_do_not)
{
    sqi_zone_rule j = parse("AAA0BBB,J60/0,J365/0"), n = parse("AAA0BBB,59/0,364/0");
    sqi_zone_year y;
    sqi_zone_rule_year(&j, 2024, &y);
    ck_assert_int_eq(y.utc[0], INT64_C(86400) * sqi_time_days(2024, 3, 1));
    sqi_zone_rule_year(&j, 2023, &y);
    ck_assert_int_eq(y.utc[0], INT64_C(86400) * sqi_time_days(2023, 3, 1));
    sqi_zone_rule_year(&n, 2024, &y);
    ck_assert_int_eq(y.utc[0], INT64_C(86400) * sqi_time_days(2024, 2, 29));
    sqi_zone_rule_year(&n, 2023, &y);
    ck_assert_int_eq(y.utc[0], INT64_C(86400) * sqi_time_days(2023, 3, 1));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {rules_are_read, what_is_no_rule_is_refused, switches_of_a_year_are_found,
                                  julian_days_skip_the_leap_day_and_plain_ones_do_not};
    return sqi_test_main("data_zone_rule", tests, sizeof tests / sizeof *tests);
}
