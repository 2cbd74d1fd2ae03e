/* Spark's duration texts. */
#include "base_option.h"
#include "test_main.h"

static void assert_micros(const char *text, int64_t expected)
{
    int64_t micros = -12345;
    ck_assert_msg(sqi_duration_parse(sqi_span_of(text), &micros), "'%s' does not parse", text);
    ck_assert_msg(micros == expected, "'%s' is %lld", text, (long long)micros);
}

static void assert_refused(const char *text)
{
    int64_t micros = -12345;
    ck_assert_msg(!sqi_duration_parse(sqi_span_of(text), &micros), "'%s' is %lld", text, (long long)micros);
    ck_assert_int_eq(micros, -12345);
}

START_TEST(short_forms_parse)
{
    assert_micros("100ms", 100000);
    assert_micros("1h", INT64_C(3600000000));
    assert_micros("5min", 300000000);
    assert_micros("5m", 300000000);
    assert_micros("2d", INT64_C(172800000000));
    assert_micros("7us", 7);
    assert_micros("3 S", 3000000);
}
END_TEST

START_TEST(a_bare_number_is_milliseconds)
{
    assert_micros("250", 250000);
    assert_micros(" 0 ", 0);
    assert_micros("-5", -5000);
}
END_TEST

START_TEST(interval_text_parses)
{
    assert_micros("10 seconds", 10000000);
    assert_micros("1 minute", 60000000);
    assert_micros("500 milliseconds", 500000);
    assert_micros("interval 5 seconds", 5000000);
    assert_micros("INTERVAL\t1 Minute 30 SECONDS", 90000000);
    assert_micros("1 week 1 day 1 hour 1 microsecond",
                  INT64_C(604800000000) + INT64_C(86400000000) + INT64_C(3600000001));
    assert_micros("1.5 seconds", 1500000);
    assert_micros(".25 second", 250000);
    assert_micros("- 1.5 seconds", -1500000);
    assert_micros("1 hour -10 minutes", INT64_C(3000000000));
}
END_TEST

START_TEST(the_whole_range_of_microseconds_can_be_said)
{
    assert_micros("9223372036854775807 us", INT64_MAX);
    assert_micros("-9223372036854775808 us", INT64_MIN);
    assert_refused("9223372036854775808 us");
    assert_refused("-9223372036854775809 us");
    assert_refused("9223372036854775807 days");
    assert_refused("99999999999999999999");
    assert_refused("9223372036854775807 us 1 us");
}
END_TEST

START_TEST(everything_else_is_refused)
{
    static const char *const bad[] = {"",        " ",           "interval",
                                      "seconds", "10 parsecs",  "1 month",
                                      "2 years", "1.5 hours",   "1.5",
                                      "1 2",     "5 seconds 3", "ms5",
                                      "1..5 s",  "--1 s",       "1.1234567890 seconds",
                                      "+",       ".",           "1,5 s"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(bad[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {short_forms_parse, a_bare_number_is_milliseconds, interval_text_parses,
                                  the_whole_range_of_microseconds_can_be_said, everything_else_is_refused};
    return sqi_test_main("base_duration", tests, sizeof tests / sizeof *tests);
}
