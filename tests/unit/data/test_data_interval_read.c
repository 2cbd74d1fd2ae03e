/*
 * Intervals from text. The tables hold what Spark answers, as text; the range of a field too large for the sum is ours,
 * Spark lets it wrap around.
 */
#include "data_time.h"
#include "test_main.h"

#include <string.h>

enum { YEAR_MONTH, MONTHS, DAY_SECOND, HOUR_MINUTE, SECONDS, DAYS };

static const sqi_type *type_of(int kind)
{
    switch (kind) {
    case YEAR_MONTH:
        return sqi_type_interval_ym(SQI_YEAR, SQI_MONTH);
    case MONTHS:
        return sqi_type_interval_ym(SQI_MONTH, SQI_MONTH);
    case DAY_SECOND:
        return sqi_type_interval_dt(SQI_DAY, SQI_SECOND);
    case HOUR_MINUTE:
        return sqi_type_interval_dt(SQI_HOUR, SQI_MINUTE);
    case SECONDS:
        return sqi_type_interval_dt(SQI_SECOND, SQI_SECOND);
    default:
        return sqi_type_interval_dt(SQI_DAY, SQI_DAY);
    }
}

START_TEST(intervals_are_read_as_spark_reads_them)
{
    static const struct {
        int kind;
        const char *text, *interval; /* "": refused */
    } rows[] = {
        {YEAR_MONTH, "6-7", "INTERVAL '6-7' YEAR TO MONTH"},
        {YEAR_MONTH, "-1-8", "INTERVAL '-1-8' YEAR TO MONTH"},
        {YEAR_MONTH, "INTERVAL '1-3' YEAR TO MONTH", "INTERVAL '1-3' YEAR TO MONTH"},
        {YEAR_MONTH, "-18-11", "INTERVAL '-18-11' YEAR TO MONTH"},
        {YEAR_MONTH, "-1-1", "INTERVAL '-1-1' YEAR TO MONTH"},
        {YEAR_MONTH, "-41-11", "INTERVAL '-41-11' YEAR TO MONTH"},
        {YEAR_MONTH, "1-3", "INTERVAL '1-3' YEAR TO MONTH"},
        {YEAR_MONTH, "2024-9", "INTERVAL '2024-9' YEAR TO MONTH"},
        {YEAR_MONTH, "1-4", "INTERVAL '1-4' YEAR TO MONTH"},
        {YEAR_MONTH, "81-2", "INTERVAL '81-2' YEAR TO MONTH"},
        {YEAR_MONTH, "202402-9", "INTERVAL '202402-9' YEAR TO MONTH"},
        {YEAR_MONTH, "-0-11", "INTERVAL '-0-11' YEAR TO MONTH"},
        {YEAR_MONTH, "2029-1", "INTERVAL '2029-1' YEAR TO MONTH"},
        {YEAR_MONTH, "202482-9", "INTERVAL '202482-9' YEAR TO MONTH"},
        {YEAR_MONTH, "U024-02-29' 12:34:56 -1:30", ""},
        {YEAR_MONTH, "3202", ""},
        {YEAR_MONTH, "202E4-12", ""},
        {YEAR_MONTH, "214748364Z", ""},
        {YEAR_MONTH, "2024-E-0", ""},
        {YEAR_MONTH, "1 day 2 h5Uurs", ""},
        {YEAR_MONTH, "1-:2", ""},
        {YEAR_MONTH, "2024-02-29 1234:56.12356", ""},
        {YEAR_MONTH, "d6.", ""},
        {YEAR_MONTH, "3", ""},
        {MONTHS, "08", "INTERVAL '8' MONTH"},
        {MONTHS, "14748648", "INTERVAL '14748648' MONTH"},
        {MONTHS, "-1428", "INTERVAL '-1428' MONTH"},
        {MONTHS, "2024412", "INTERVAL '2024412' MONTH"},
        {MONTHS, "147483648", "INTERVAL '147483648' MONTH"},
        {MONTHS, "6", "INTERVAL '6' MONTH"},
        {MONTHS, "5 ", "INTERVAL '5' MONTH"},
        {MONTHS, "342768", "INTERVAL '342768' MONTH"},
        {MONTHS, "400", "INTERVAL '400' MONTH"},
        {MONTHS, "72763", "INTERVAL '72763' MONTH"},
        {MONTHS, "2024-02-29 12:34:U6 UTC+2", ""},
        {MONTHS, "2024-02-29 12:34:56 G T0", ""},
        {MONTHS, ":3768", ""},
        {MONTHS, "20244-02-2d9 12:34:56 -1:30", ""},
        {MONTHS, "2094-02-29 12:34:T56 -1:30", ""},
        {MONTHS, "9223374036854775807", ""},
        {DAY_SECOND, "12 8:34:56", "INTERVAL '12 08:34:56' DAY TO SECOND"},
        {DAY_SECOND, "INTERVAL -'1 2:3:4' DAY TO SECOND", "INTERVAL '-1 02:03:04' DAY TO SECOND"},
        {DAY_SECOND, "INTERVAL -'1 2:38:4' DAY TO SECOND", "INTERVAL '-1 02:38:04' DAY TO SECOND"},
        {DAY_SECOND, "0 3:59:59.999999", "INTERVAL '0 03:59:59.999999' DAY TO SECOND"},
        {DAY_SECOND, "1 2:03:04.5", "INTERVAL '1 02:03:04.5' DAY TO SECOND"},
        {DAY_SECOND, "5 2:59:59.999999", "INTERVAL '5 02:59:59.999999' DAY TO SECOND"},
        {DAY_SECOND, "1 02:03:4.5", "INTERVAL '1 02:03:04.5' DAY TO SECOND"},
        {DAY_SECOND, "1 02:03:0.7", "INTERVAL '1 02:03:00.7' DAY TO SECOND"},
        {DAY_SECOND, "0 23:59:59.999992", "INTERVAL '0 23:59:59.999992' DAY TO SECOND"},
        {DAY_SECOND, "0 23:59:29.999999", "INTERVAL '0 23:59:29.999999' DAY TO SECOND"},
        {DAY_SECOND, "0 23:59:59.9994999", "INTERVAL '0 23:59:59.999499' DAY TO SECOND"},
        {DAY_SECOND, "0 23:59:9.9991999", "INTERVAL '0 23:59:09.999199' DAY TO SECOND"},
        {DAY_SECOND, "INTERVAL -'1 2:3:45' DAY TO SECOND", "INTERVAL '-1 02:03:45' DAY TO SECOND"},
        {DAY_SECOND, "1 4:0:00", "INTERVAL '1 04:00:00' DAY TO SECOND"},
        {DAY_SECOND, "0 23:59:5.999999", "INTERVAL '0 23:59:05.999999' DAY TO SECOND"},
        {DAY_SECOND, "1 02:03:04.5 ", "INTERVAL '1 02:03:04.5' DAY TO SECOND"},
        {DAY_SECOND, "0 23:59:59.999699", "INTERVAL '0 23:59:59.999699' DAY TO SECOND"},
        {DAY_SECOND, "0 23:59:59.9399299", "INTERVAL '0 23:59:59.939929' DAY TO SECOND"},
        {DAY_SECOND, "0 23:59:59.999999", "INTERVAL '0 23:59:59.999999' DAY TO SECOND"},
        {DAY_SECOND, "1 00:0:04.5", "INTERVAL '1 00:00:04.5' DAY TO SECOND"},
        {DAY_SECOND, "0 23:59:59.99999", "INTERVAL '0 23:59:59.99999' DAY TO SECOND"},
        {DAY_SECOND, "0 23:59:59.9999199", "INTERVAL '0 23:59:59.999919' DAY TO SECOND"},
        {DAY_SECOND, "1 02:05:04.5", "INTERVAL '1 02:05:04.5' DAY TO SECOND"},
        {DAY_SECOND, "INTERVAL -'1 2:3:48' DAY TO SECOND", "INTERVAL '-1 02:03:48' DAY TO SECOND"},
        {DAY_SECOND, "15 02:03:04.5", "INTERVAL '15 02:03:04.5' DAY TO SECOND"},
        {DAY_SECOND, "2Z24-11-03 01:30:00", ""},
        {DAY_SECOND, "I4nfinity", ""},
        {DAY_SECOND, "+12345-6-7 1:2", ""},
        {DAY_SECOND, "12345678901234567891234567890123-5678", ""},
        {DAY_SECOND, "ye6", ""},
        {DAY_SECOND, "202E4-12", ""},
        {DAY_SECOND, "INTERVAL '1-2'YEAR TU MONTH", ""},
        {DAY_SECOND, "'1", ""},
        {DAY_SECOND, "12:3456", ""},
        {DAY_SECOND, "012", ""},
        {DAY_SECOND, "2024-02-29 12:34:56 -1:3 0", ""},
        {DAY_SECOND, "-2 we1s 1.5 seconds", ""},
        {DAY_SECOND, "2024-:2-9", ""},
        {DAY_SECOND, "2609", ""},
        {HOUR_MINUTE, "02:08", "INTERVAL '02:08' HOUR TO MINUTE"},
        {HOUR_MINUTE, " 02:03", "INTERVAL '02:03' HOUR TO MINUTE"},
        {HOUR_MINUTE, "26:03", "INTERVAL '26:03' HOUR TO MINUTE"},
        {HOUR_MINUTE, "26:39", "INTERVAL '26:39' HOUR TO MINUTE"},
        {HOUR_MINUTE, "0:0", "INTERVAL '00:00' HOUR TO MINUTE"},
        {HOUR_MINUTE, "1134:56", "INTERVAL '1134:56' HOUR TO MINUTE"},
        {HOUR_MINUTE, "026:0", "INTERVAL '26:00' HOUR TO MINUTE"},
        {HOUR_MINUTE, "6:03", "INTERVAL '06:03' HOUR TO MINUTE"},
        {HOUR_MINUTE, "16:03", "INTERVAL '16:03' HOUR TO MINUTE"},
        {HOUR_MINUTE, "26:00", "INTERVAL '26:00' HOUR TO MINUTE"},
        {HOUR_MINUTE, "26:06", "INTERVAL '26:06' HOUR TO MINUTE"},
        {HOUR_MINUTE, "+02:03", "INTERVAL '02:03' HOUR TO MINUTE"},
        {HOUR_MINUTE, "1 24:0:00", ""},
        {HOUR_MINUTE, "202406-29 12:34:56 PST", ""},
        {HOUR_MINUTE, "0.00020000000000000000000000000000", ""},
        {HOUR_MINUTE, "2024-0Z-29 12:34:56+01:00", ""},
        {HOUR_MINUTE, "1-511", ""},
        {HOUR_MINUTE, "-290308-12-21 19:59:05.22481 2", ""},
        {HOUR_MINUTE, "5.3d", ""},
        {HOUR_MINUTE, "I5finity", ""},
        {SECONDS, "135", "INTERVAL '135' SECOND"},
        {SECONDS, "169", "INTERVAL '169' SECOND"},
        {SECONDS, "202", "INTERVAL '202' SECOND"},
        {SECONDS, "50", "INTERVAL '50' SECOND"},
        {SECONDS, "1.53", "INTERVAL '01.53' SECOND"},
        {SECONDS, "-127", "INTERVAL '-127' SECOND"},
        {SECONDS, "1143483648", "INTERVAL '1143483648' SECOND"},
        {SECONDS, "2054", "INTERVAL '2054' SECOND"},
        {SECONDS, "51 ", "INTERVAL '51' SECOND"},
        {SECONDS, "13", "INTERVAL '13' SECOND"},
        {SECONDS, "+37", "INTERVAL '37' SECOND"},
        {SECONDS, "1", "INTERVAL '01' SECOND"},
        {SECONDS, "14748648", "INTERVAL '14748648' SECOND"},
        {SECONDS, "012", "INTERVAL '12' SECOND"},
        {SECONDS, "interv4l 1 year 3 months", ""},
        {SECONDS, "204-2-9", ""},
        {SECONDS, "20T24-02-29/ 12:34:56 UT-03:30:15", ""},
        {SECONDS, "1.:53 day", ""},
        {SECONDS, "0-:03", ""},
        {SECONDS, "2024-082-2 12:34:56 -1:30", ""},
        {DAYS, "2029", "INTERVAL '2029' DAY"},
        {DAYS, "2", "INTERVAL '2' DAY"},
        {DAYS, "-9", "INTERVAL '-9' DAY"},
        {DAYS, "329768", "INTERVAL '329768' DAY"},
        {DAYS, "3278", "INTERVAL '3278' DAY"},
        {DAYS, "135", "INTERVAL '135' DAY"},
        {DAYS, "228", "INTERVAL '228' DAY"},
        {DAYS, "177", "INTERVAL '177' DAY"},
        {DAYS, "16", "INTERVAL '16' DAY"},
        {DAYS, "25", "INTERVAL '25' DAY"},
        {DAYS, "9223-72036854775e807", ""},
        {DAYS, ".0024-12", ""},
        {DAYS, "223372036854775807e", ""},
        {DAYS, "024-02-29 1:34:56 GMT0", ""},
        {DAYS, "3 Dmicrosconds", ""},
        {DAYS, "-E2233720368547475808", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const sqi_type *type = type_of(rows[i].kind);
        int64_t v;
        char t[SQI_TIME_TEXT + 1] = "";
        if (sqi_time_interval_read(sqi_span_of(rows[i].text), type, &v) == SQI_INTERVAL_READ_OK) {
            int32_t months = (int32_t)v;
            t[sqi_time_interval_text(type, type->id == SQI_INTERVAL_YM ? (const void *)&months : (const void *)&v, t)] =
                '\0';
        }
        ck_assert_msg(strcmp(t, rows[i].interval) == 0, "'%s' is '%s'", rows[i].text, t);
    }
}
END_TEST

START_TEST(texts_of_units_are_read_as_spark_reads_them)
{
    static const struct {
        const char *text, *interval; /* "": refused */
    } rows[] = {
        {"1 day 62 hours", "1 days 62 hours"},
        {"32 microseconds", "0.000032 seconds"},
        {"1 day 2 hour", "1 days 2 hours"},
        {"1 day 5 hours", "1 days 5 hours"},
        {"5 microseconds", "0.000005 seconds"},
        {"3 microsEconds", "0.000003 seconds"},
        {"43 microseconds", "0.000043 seconds"},
        {"interval 1 year 3 months", "1 years 3 months"},
        {"3 microseconds", "0.000003 seconds"},
        {"-2 weeks 01.5 seconds", "-14 days 1.5 seconds"},
        {"-2 weeks 1.5 seconds", "-14 days 1.5 seconds"},
        {"-9 weeks 1.5 seconds", "-63 days 1.5 seconds"},
        {"15 day", "15 days"},
        {" 3 microseconds", "0.000003 seconds"},
        {"interval  1 year 3 months", "1 years 3 months"},
        {"1 day 82 hours", "1 days 82 hours"},
        {"41 day 2 hours", "41 days 2 hours"},
        {"interval 1 year 3 month", "1 years 3 months"},
        {"-2 weeks 135 seconds", "-14 days 2 minutes 15 seconds"},
        {"1 day 92 hours", "1 days 92 hours"},
        {"-2 weeks 1.5  seconds", "-14 days 1.5 seconds"},
        {"13 microseconds", "0.000013 seconds"},
        {"23 microseconds", "0.000023 seconds"},
        {"interval 1 year 63 months", "6 years 3 months"},
        {"-2 weeks 1 seconds", "-14 days 1 seconds"},
        {"3 microsecond", "0.000003 seconds"},
        {"41 day 2 hoUrs", "41 days 2 hours"},
        {"1 day 2 hours", "1 days 2 hours"},
        {"999999E999999999999.5", ""},
        {"-1.e3", ""},
        {"interval 1 year 3Umonths", ""},
        {"- weeks 1./5 seconds", ""},
        {"8024-03-10 02:30:00", ""},
        {"2424-0310 02:30:00", ""},
        {"2 02402-29T12:34:56Z", ""},
        {"1e40e0", ""},
        {"1 02:03:045", ""},
        {"21474Z3748", ""},
        {"1e.5 day", ""},
        {"1234567890123456790123456789012345678", ""},
        {"57", ""},
        {"26:00", ""},
        {"-7Z28", ""},
        {"ye3", ""},
        {"1-12", ""},
        {"INTERVAL -'1 2:3:4' DAY TO SECOND'", ""},
        {"2024-02-29 12:34:56 UTTC+2", ""},
        {"2024-02Z29 12:34:56 -1:30", ""},
        {"+12345D'-06-07 1:2", ""},
        {"1 02:03:-045", ""},
        {"2024-02-29 12:34:56 UTC+T2", ""},
        {"2024-03-10 712:30:00", ""},
        {"y5", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sqi_interval v;
        char t[SQI_TIME_TEXT + 1] = "";
        if (sqi_time_interval_read_units(sqi_span_of(rows[i].text), &v))
            t[sqi_time_interval_text(&sqi_type_interval, &v, t)] = '\0';
        ck_assert_msg(strcmp(t, rows[i].interval) == 0, "'%s' is '%s'", rows[i].text, t);
    }
}
END_TEST

static sqi_interval_read read(int kind, const char *text)
{
    int64_t v;
    return sqi_time_interval_read(sqi_span_of(text), type_of(kind), &v);
}

START_TEST(refusals_tell_form_from_range)
{
    ck_assert_int_eq(read(YEAR_MONTH, "1-12"), SQI_INTERVAL_READ_RANGE);
    ck_assert_int_eq(read(YEAR_MONTH, "178956970-8"), SQI_INTERVAL_READ_RANGE);
    ck_assert_int_eq(read(YEAR_MONTH, "178956970-7"), SQI_INTERVAL_READ_OK);
    ck_assert_int_eq(read(YEAR_MONTH, "99999999999999999999-1"), SQI_INTERVAL_READ_RANGE);
    ck_assert_int_eq(read(YEAR_MONTH, "x"), SQI_INTERVAL_READ_FORMAT);
    ck_assert_int_eq(read(YEAR_MONTH, "INTERVAL '3' MONTH"), SQI_INTERVAL_READ_FORMAT);
    ck_assert_int_eq(read(DAY_SECOND, "1 24:00:00"), SQI_INTERVAL_READ_RANGE);
    ck_assert_int_eq(read(DAY_SECOND, "106751991 04:00:54.775807"), SQI_INTERVAL_READ_OK);
    ck_assert_int_eq(read(DAY_SECOND, "106751991 04:00:54.775808"), SQI_INTERVAL_READ_RANGE);
    ck_assert_int_eq(read(DAY_SECOND, "-106751991 04:00:54.775808"), SQI_INTERVAL_READ_OK);
    ck_assert_int_eq(read(DAY_SECOND, "1 2:3"), SQI_INTERVAL_READ_FORMAT);
    ck_assert_int_eq(read(DAY_SECOND, "1 002:03:04"), SQI_INTERVAL_READ_FORMAT);
    ck_assert_int_eq(read(DAY_SECOND, "1 02:03:04."), SQI_INTERVAL_READ_FORMAT);
    ck_assert_int_eq(read(DAY_SECOND, "1 02:03:04.1234567890"), SQI_INTERVAL_READ_FORMAT);
    ck_assert_int_eq(read(DAYS, "1.5"), SQI_INTERVAL_READ_FORMAT);
    ck_assert_int_eq(read(DAYS, "106751992"), SQI_INTERVAL_READ_RANGE);
    ck_assert_int_eq(read(DAYS, "interval -'5' day"), SQI_INTERVAL_READ_OK);
    ck_assert_int_eq(read(DAYS, "interval '5 day"), SQI_INTERVAL_READ_FORMAT);
    ck_assert_int_eq(read(DAYS, ""), SQI_INTERVAL_READ_FORMAT);
}
END_TEST

START_TEST(units_that_do_not_fit_are_refused)
{
    static const char *const texts[] = {"",
                                        "interval",
                                        "interval ",
                                        "1",
                                        "day",
                                        "1 fortnight",
                                        "1.5 days",
                                        "1 day 2",
                                        "2147483648 months",
                                        "178956971 years",
                                        "2147483648 days",
                                        "9223372036854775808 microseconds",
                                        "9223372036855 seconds",
                                        "1 day, 2 hours",
                                        "1..5 seconds",
                                        "- seconds"};
    sqi_interval v;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(!sqi_time_interval_read_units(sqi_span_of(texts[i]), &v), "'%s'", texts[i]);
    ck_assert(sqi_time_interval_read_units(SQI_SPAN("-1.5 seconds 3 milliseconds"), &v) && v.micros == -1497000);
    ck_assert(sqi_time_interval_read_units(SQI_SPAN(".5 second"), &v) && v.micros == 500000);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        intervals_are_read_as_spark_reads_them,
        texts_of_units_are_read_as_spark_reads_them,
        refusals_tell_form_from_range,
        units_that_do_not_fit_are_refused,
    };
    return sqi_test_main("data_interval_read", tests, sizeof tests / sizeof *tests);
}
