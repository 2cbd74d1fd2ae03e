/* Times printed by patterns: what Spark prints in five zones. */
#include "data_pattern.h"
#include "test_main.h"

#include <string.h>

START_TEST(patterns_print_as_spark_prints_them)
{
    static const struct {
        const char *zone, *pattern;
        int64_t micros;
        const char *text;
    } rows[] = {
        {"America/New_York", "Q QQQ QQQQ", INT64_C(253402300799999999), "4 Q4 4th quarter"},
        {"+01:30", "Q QQQ QQQQ", INT64_C(0), "1 Q1 1st quarter"},
        {"+01:30", "yyyy-MM-dd HH:mm:ss", INT64_C(253402300799999999), "+10000-01-01 01:29:59"},
        {"UTC", "Z ZZZZ ZZZZZ", INT64_C(1720000000000000), "+0000 GMT Z"},
        {"Asia/Kolkata", "yy M d H m s", INT64_C(-1), "70 1 1 5 29 59"},
        {"+01:30", "k K h", INT64_C(1720000000000000), "11 11 11"},
        {"Asia/Kolkata", "X XX XXX XXXX XXXXX", INT64_C(253402300799999999), "+0530 +0530 +05:30 +0530 +05:30"},
        {"+01:30", "VV", INT64_C(1720000000000000), "+01:30"},
        {"+01:30", "E dd.MM.yy", INT64_C(-99999999999999999), "Thu 15.02.99"},
        {"UTC", "k K h", INT64_C(-62135596800000000), "24 0 12"},
        {"+01:30", "k K h", INT64_C(253402300799999999), "1 1 1"},
        {"UTC", "yy M d H m s", INT64_C(-62135596800000000), "01 1 1 0 0 0"},
        {"Europe/London", "x xxx", INT64_C(0), "+01 +01:00"},
        {"Asia/Kolkata", "X XX XXX XXXX XXXXX", INT64_C(0), "+0530 +0530 +05:30 +0530 +05:30"},
        {"America/New_York", "z", INT64_C(1709210096123456), "EST"},
        {"+01:30", "yy M d H m s", INT64_C(1720000000000000), "24 7 3 11 16 40"},
        {"America/New_York", "Q QQQ QQQQ", INT64_C(-1), "4 Q4 4th quarter"},
        {"America/New_York", "yy M d H m s", INT64_C(1720000000000000), "24 7 3 5 46 40"},
        {"+01:30", "[yyyy[MM]]dd", INT64_C(1730613600000000), "20241103"},
        {"Asia/Kolkata", "X XX XXX XXXX XXXXX", INT64_C(-1), "+0530 +0530 +05:30 +0530 +05:30"},
        {"+01:30", "yyyy-MM-dd HH:mm:ss", INT64_C(-1), "1970-01-01 01:29:59"},
        {"Europe/London", "X XX XXX XXXX XXXXX", INT64_C(951782400000001), "Z Z Z Z Z"},
        {"+01:30", "yy M d H m s", INT64_C(-1), "70 1 1 1 29 59"},
        {"Asia/Kolkata", "X XX XXX XXXX XXXXX", INT64_C(1730613600000000), "+0530 +0530 +05:30 +0530 +05:30"},
        {"Asia/Kolkata", "E dd.MM.yy", INT64_C(1709210096123456), "Thu 29.02.24"},
        {"+01:30", "O", INT64_C(951782400000001), "GMT+1:30"},
        {"Europe/London", "yyyy'T'HH''mm", INT64_C(-99999999999999999), "-1199T14'12"},
        {"UTC", "G yyyy", INT64_C(-99999999999999999), "BC 1200"},
        {"America/New_York", "D DDD", INT64_C(951782400000001), "59 059"},
        {"+01:30", "O", INT64_C(-62135596800000000), "GMT+1:30"},
        {"UTC", "G yyyy", INT64_C(1730613600000000), "AD 2024"},
        {"Europe/London", "G yyyy", INT64_C(-62135596800000000), "BC 0001"},
        {"Asia/Kolkata", "LLL LLLL L", INT64_C(-1), "Jan January 1"},
        {"Asia/Kolkata", "EEEE, d MMMM yyyy", INT64_C(-62135596800000000), "Monday, 1 January 0001"},
        {"Europe/London", "y-MMM-dd hh:mm:ss a", INT64_C(253402300799999999), "9999-Dec-31 11:59:59 PM"},
        {"UTC", "yy M d H m s", INT64_C(-99999999999999999), "99 2 15 14 13 20"},
        {"+01:30", "Z ZZZZ ZZZZZ", INT64_C(253402300799999999), "+0130 GMT+01:30 +01:30"},
        {"Europe/London", "Q QQQ QQQQ", INT64_C(253402300799999999), "4 Q4 4th quarter"},
        {"UTC", "k K h", INT64_C(1709210096123456), "12 0 12"},
        {"UTC", "yyyyy yyyyyy", INT64_C(-99999999999999999), "-01199 -001199"},
        {"Europe/London", "E dd.MM.yy", INT64_C(-62135596800000000), "Sun 31.12.00"},
        {"+01:30", "D DDD", INT64_C(951782400000001), "60 060"},
        {"UTC", "E dd.MM.yy", INT64_C(1730613600000000), "Sun 03.11.24"},
        {"America/New_York", "x xxx", INT64_C(1720000000000000), "-04 -04:00"},
        {"Europe/London", "Q QQQ QQQQ", INT64_C(951782400000001), "1 Q1 1st quarter"},
        {"UTC", "EEEE, d MMMM yyyy", INT64_C(-62135596800000000), "Monday, 1 January 0001"},
        {"Europe/London", "OOOO", INT64_C(-62135596800000000), "GMT-00:01:15"},
        {"America/New_York", "VV", INT64_C(-99999999999999999), "America/New_York"},
        {"Asia/Kolkata", "X XX XXX XXXX XXXXX", INT64_C(-62135596800000000), "+0553 +0553 +05:53 +055328 +05:53:28"},
        {"+01:30", "Q QQQ QQQQ", INT64_C(1720000000000000), "3 Q3 3rd quarter"},
        {"Europe/London", "yyyy-MM-dd HH:mm:ss", INT64_C(0), "1970-01-01 01:00:00"},
        {"Asia/Kolkata", "EEEE, d MMMM yyyy", INT64_C(-1), "Thursday, 1 January 1970"},
        {"+01:30", "[yyyy[MM]]dd", INT64_C(-62135596800000000), "00010101"},
        {"Europe/London", "k K h", INT64_C(951782400000001), "24 0 12"},
        {"Asia/Kolkata", "k K h", INT64_C(-99999999999999999), "20 8 8"},
        {"Asia/Kolkata", "E dd.MM.yy", INT64_C(0), "Thu 01.01.70"},
        {"Europe/London", "yy M d H m s", INT64_C(0), "70 1 1 1 0 0"},
        {"Europe/London", "z", INT64_C(1730613600000000), "GMT"},
        {"+01:30", "E dd.MM.yy", INT64_C(1709210096123456), "Thu 29.02.24"},
        {"Asia/Kolkata", "VV", INT64_C(1709210096123456), "Asia/Kolkata"},
        {"UTC", "Z ZZZZ ZZZZZ", INT64_C(1730613600000000), "+0000 GMT Z"},
        {"Asia/Kolkata", "yyyy-MM-dd HH:mm:ss", INT64_C(-99999999999999999), "-1199-02-15 20:06:48"},
        {"UTC", "O", INT64_C(253402300799999999), "GMT"},
        {"UTC", "E dd.MM.yy", INT64_C(0), "Thu 01.01.70"},
        {"UTC", "yyyy'T'HH''mm", INT64_C(0), "1970T00'00"},
        {"Asia/Kolkata", "Z ZZZZ ZZZZZ", INT64_C(951782400000001), "+0530 GMT+05:30 +05:30"},
        {"America/New_York", "E dd.MM.yy", INT64_C(1709210096123456), "Thu 29.02.24"},
        {"America/New_York", "SSS SSSSSS S", INT64_C(951782400000001), "000 000001 0"},
        {"+01:30", "Z ZZZZ ZZZZZ", INT64_C(-99999999999999999), "+0130 GMT+01:30 +01:30"},
        {"Asia/Kolkata", "SSS SSSSSS S", INT64_C(-99999999999999999), "000 000001 0"},
        {"Europe/London", "Q QQQ QQQQ", INT64_C(1730613600000000), "4 Q4 4th quarter"},
        {"+01:30", "VV", INT64_C(-62135596800000000), "+01:30"},
        {"Europe/London", "yyyy'T'HH''mm", INT64_C(-1), "1970T00'59"},
        {"Asia/Kolkata", "k K h", INT64_C(0), "5 5 5"},
        {"Asia/Kolkata", "G yyyy", INT64_C(1720000000000000), "AD 2024"},
        {"Asia/Kolkata", "EEEE, d MMMM yyyy", INT64_C(0), "Thursday, 1 January 1970"},
        {"+01:30", "EEEE, d MMMM yyyy", INT64_C(951782400000001), "Tuesday, 29 February 2000"},
        {"America/New_York", "[yyyy[MM]]dd", INT64_C(0), "19691231"},
        {"Asia/Kolkata", "[yyyy[MM]]dd", INT64_C(1720000000000000), "20240703"},
        {"+01:30", "D DDD", INT64_C(1709210096123456), "60 060"},
        {"Asia/Kolkata", "D DDD", INT64_C(-62135596800000000), "1 001"},
        {"+01:30", "D DDD", INT64_C(-1), "1 001"},
        {"Europe/London", "G yyyy", INT64_C(1730613600000000), "AD 2024"},
        {"America/New_York", "yyyyy yyyyyy", INT64_C(1720000000000000), "02024 002024"},
        {"+01:30", "yyyy'T'HH''mm", INT64_C(1730613600000000), "2024T07'30"},
        {"UTC", "EEEE, d MMMM yyyy", INT64_C(1709210096123456), "Thursday, 29 February 2024"},
        {"America/New_York", "O", INT64_C(951782400000001), "GMT-5"},
        {"Europe/London", "LLL LLLL L", INT64_C(1730613600000000), "Nov November 11"},
        {"Europe/London", "yyyy'T'HH''mm", INT64_C(951782400000001), "2000T00'00"},
        {"+01:30", "yyyyy yyyyyy", INT64_C(1720000000000000), "02024 002024"},
        {"UTC", "LLL LLLL L", INT64_C(-1), "Dec December 12"},
        {"+01:30", "yyyyy yyyyyy", INT64_C(-99999999999999999), "-01199 -001199"},
        {"America/New_York", "G yyyy", INT64_C(1709210096123456), "AD 2024"},
        {"+01:30", "yyyy-MM-dd HH:mm:ss", INT64_C(1709210096123456), "2024-02-29 14:04:56"},
        {"+01:30", "EEEE, d MMMM yyyy", INT64_C(-99999999999999999), "Thursday, 15 February -1199"},
        {"+01:30", "EEEE, d MMMM yyyy", INT64_C(1720000000000000), "Wednesday, 3 July 2024"},
        {"UTC", "OOOO", INT64_C(1720000000000000), "GMT"},
        {"+01:30", "[yyyy[MM]]dd", INT64_C(1720000000000000), "20240703"},
        {"+01:30", "X XX XXX XXXX XXXXX", INT64_C(1730613600000000), "+0130 +0130 +01:30 +0130 +01:30"},
        {"America/New_York", "EEEE, d MMMM yyyy", INT64_C(253402300799999999), "Friday, 31 December 9999"},
        {"+01:30", "O", INT64_C(1709210096123456), "GMT+1:30"},
        {"Europe/London", "Z ZZZZ ZZZZZ", INT64_C(1730613600000000), "+0000 GMT Z"},
        {"America/New_York", "VV", INT64_C(-62135596800000000), "America/New_York"},
        {"America/New_York", "OOOO", INT64_C(-62135596800000000), "GMT-04:56:02"},
        {"UTC", "x xxx", INT64_C(-99999999999999999), "+00 +00:00"},
        {"UTC", "k K h", INT64_C(-1), "23 11 11"},
        {"Asia/Kolkata", "x xxx", INT64_C(-62135596800000000), "+0553 +05:53"},
        {"Europe/London", "yyyyy yyyyyy", INT64_C(-1), "01970 001970"},
        {"Asia/Kolkata", "x xxx", INT64_C(-99999999999999999), "+0553 +05:53"},
        {"UTC", "VV", INT64_C(253402300799999999), "UTC"},
        {"America/New_York", "LLL LLLL L", INT64_C(1709210096123456), "Feb February 2"},
        {"UTC", "k K h", INT64_C(253402300799999999), "23 11 11"},
        {"Asia/Kolkata", "D DDD", INT64_C(1730613600000000), "308 308"},
        {"Europe/London", "G yyyy", INT64_C(951782400000001), "AD 2000"},
        {"UTC", "y-MMM-dd hh:mm:ss a", INT64_C(1709210096123456), "2024-Feb-29 12:34:56 PM"},
        {"America/New_York", "X XX XXX XXXX XXXXX", INT64_C(-62135596800000000),
         "-0456 -0456 -04:56 -045602 -04:56:02"},
        {"Europe/London", "x xxx", INT64_C(951782400000001), "+00 +00:00"},
        {"Europe/London", "D DDD", INT64_C(-99999999999999999), "46 046"},
        {"Asia/Kolkata", "Q QQQ QQQQ", INT64_C(1720000000000000), "3 Q3 3rd quarter"},
        {"UTC", "x xxx", INT64_C(0), "+00 +00:00"},
        {"UTC", "D DDD", INT64_C(0), "1 001"},
        {"+01:30", "k K h", INT64_C(-62135596800000000), "1 1 1"},
        {"+01:30", "SSS SSSSSS S", INT64_C(253402300799999999), "999 999999 9"},
        {"Europe/London", "E dd.MM.yy", INT64_C(1730613600000000), "Sun 03.11.24"},
        {"UTC", "D DDD", INT64_C(-1), "365 365"},
        {"Asia/Kolkata", "y-MMM-dd hh:mm:ss a", INT64_C(0), "1970-Jan-01 05:30:00 AM"},
        {"+01:30", "[yyyy[MM]]dd", INT64_C(951782400000001), "20000229"},
        {"+01:30", "D DDD", INT64_C(1720000000000000), "185 185"},
        {"America/New_York", "G yyyy", INT64_C(-99999999999999999), "BC 1200"},
        {"Europe/London", "LLL LLLL L", INT64_C(1709210096123456), "Feb February 2"},
        {"America/New_York", "O", INT64_C(1730613600000000), "GMT-5"},
        {"Asia/Kolkata", "G yyyy", INT64_C(-1), "AD 1970"},
        {"America/New_York", "Q QQQ QQQQ", INT64_C(1720000000000000), "3 Q3 3rd quarter"},
        {"Europe/London", "yyyyy yyyyyy", INT64_C(253402300799999999), "09999 009999"},
        {"America/New_York", "Z ZZZZ ZZZZZ", INT64_C(1720000000000000), "-0400 GMT-04:00 -04:00"},
        {"UTC", "yyyy-MM-dd HH:mm:ss", INT64_C(1730613600000000), "2024-11-03 06:00:00"},
        {"UTC", "SSS SSSSSS S", INT64_C(-99999999999999999), "000 000001 0"},
        {"UTC", "OOOO", INT64_C(1730613600000000), "GMT"},
        {"+01:30", "Q QQQ QQQQ", INT64_C(951782400000001), "1 Q1 1st quarter"},
        {"Asia/Kolkata", "[yyyy[MM]]dd", INT64_C(253402300799999999), "+100000101"},
        {"UTC", "EEEE, d MMMM yyyy", INT64_C(253402300799999999), "Friday, 31 December 9999"},
        {"America/New_York", "y-MMM-dd hh:mm:ss a", INT64_C(0), "1969-Dec-31 07:00:00 PM"},
        {"Europe/London", "OOOO", INT64_C(0), "GMT+01:00"},
        {"America/New_York", "X XX XXX XXXX XXXXX", INT64_C(1709210096123456), "-05 -0500 -05:00 -0500 -05:00"},
        {"+01:30", "SSS SSSSSS S", INT64_C(-1), "999 999999 9"},
        {"America/New_York", "VV", INT64_C(0), "America/New_York"},
        {"UTC", "yyyyy yyyyyy", INT64_C(1709210096123456), "02024 002024"},
        {"+01:30", "G yyyy", INT64_C(-99999999999999999), "BC 1200"},
        {"Europe/London", "yyyy'T'HH''mm", INT64_C(1709210096123456), "2024T12'34"},
        {"America/New_York", "yyyyy yyyyyy", INT64_C(-99999999999999999), "-01199 -001199"},
        {"America/New_York", "Z ZZZZ ZZZZZ", INT64_C(1730613600000000), "-0500 GMT-05:00 -05:00"},
        {"Asia/Kolkata", "yyyy-MM-dd HH:mm:ss", INT64_C(0), "1970-01-01 05:30:00"},
        {"UTC", "yyyy'T'HH''mm", INT64_C(1709210096123456), "2024T12'34"},
        {"Europe/London", "Q QQQ QQQQ", INT64_C(-62135596800000000), "4 Q4 4th quarter"},
        {"Asia/Kolkata", "yy M d H m s", INT64_C(951782400000001), "00 2 29 5 30 0"},
        {"Asia/Kolkata", "OOOO", INT64_C(0), "GMT+05:30"},
        {"Asia/Kolkata", "yyyyy yyyyyy", INT64_C(1730613600000000), "02024 002024"},
        {"Europe/London", "OOOO", INT64_C(253402300799999999), "GMT"},
        {"+01:30", "OOOO", INT64_C(-62135596800000000), "GMT+01:30"},
        {"Europe/London", "Z ZZZZ ZZZZZ", INT64_C(-62135596800000000), "-0001 GMT-00:01:15 -00:01:15"},
        {"+01:30", "yyyy'T'HH''mm", INT64_C(-99999999999999999), "-1199T15'43"},
        {"+01:30", "y-MMM-dd hh:mm:ss a", INT64_C(1709210096123456), "2024-Feb-29 02:04:56 PM"},
        {"UTC", "OOOO", INT64_C(1709210096123456), "GMT"},
        {"+01:30", "z", INT64_C(253402300799999999), "+01:30"},
        {"Europe/London", "OOOO", INT64_C(-99999999999999999), "GMT-00:01:15"},
        {"America/New_York", "VV", INT64_C(951782400000001), "America/New_York"},
        {"Asia/Kolkata", "SSS SSSSSS S", INT64_C(-1), "999 999999 9"},
        {"+01:30", "O", INT64_C(1720000000000000), "GMT+1:30"},
        {"Europe/London", "yyyy-MM-dd HH:mm:ss", INT64_C(-1), "1970-01-01 00:59:59"},
        {"+01:30", "[yyyy[MM]]dd", INT64_C(253402300799999999), "+100000101"},
    };
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_buf b;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_buf_init(&b, &alloc, 0);
    sqi_zones *zones = sqi_zones_new(&alloc);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const sqi_zone *zone;
        const sqi_pattern *p;
        ck_assert_int_eq(sqi_zones_get(zones, sqi_span_of(rows[i].zone), &zone, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_pattern_compile(sqi_span_of(rows[i].pattern), false, &arena, &p, NULL), STREAMQ_OK);
        sqi_buf_clear(&b);
        ck_assert(sqi_pattern_print(p, rows[i].micros, zone, &b));
        ck_assert_msg(b.len == strlen(rows[i].text) && memcmp(b.ptr, rows[i].text, b.len) == 0,
                      "%s '%s': %.*s is not %s", rows[i].zone, rows[i].pattern, (int)b.len, b.ptr, rows[i].text);
    }
    sqi_zones_free(zones);
    sqi_buf_fini(&b);
    sqi_arena_fini(&arena);
    ck_assert_uint_eq(alloc.used, 0);
}
END_TEST

START_TEST(the_week_of_the_month_counts_from_the_first)
{
    static const char expected[] = "1111111222222233333334444444555";
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_buf b;
    const sqi_pattern *p;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    sqi_buf_init(&b, &alloc, 0);
    ck_assert_int_eq(sqi_pattern_compile(SQI_SPAN("F"), false, &arena, &p, NULL), STREAMQ_OK);
    for (int day = 0; day < 31; day++)
        ck_assert(sqi_pattern_print(p, day * SQI_MICROS_PER_DAY, sqi_zone_utc(), &b));
    ck_assert(b.len == 31 && memcmp(b.ptr, expected, 31) == 0);
    sqi_buf_fini(&b);
    sqi_arena_fini(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {patterns_print_as_spark_prints_them, the_week_of_the_month_counts_from_the_first};
    return sqi_test_main("data_pattern_print", tests, sizeof tests / sizeof *tests);
}
