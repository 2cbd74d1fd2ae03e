#include "agg_rig.h"
#include "test_main.h"

START_TEST(integers_add_up_to_bigint_and_average_as_double)
{
    ck_assert_str_eq(sqi_agg_once("b TINYINT, h SMALLINT, i INT, l BIGINT",
                                  "sum(b), sum(h), sum(i), sum(l), avg(b), avg(l)",
                                  "127, 32767, 2147483647, 1\n127, 32767, 2147483647, 2\nNULL, NULL, NULL, NULL"),
                     "254 | 65534 | 4294967294 | 3 | 127.0 | 1.5\n");
}
END_TEST

START_TEST(of_nulls_alone_there_is_no_sum)
{
    ck_assert_str_eq(sqi_agg_once("v INT, d DOUBLE, m DECIMAL(5,2)",
                                  "sum(v), avg(v), sum(d), avg(d), sum(m), avg(m), sum(NULL)", "NULL, NULL, NULL"),
                     "NULL | NULL | NULL | NULL | NULL | NULL | NULL\n");
}
END_TEST

START_TEST(a_sum_starts_from_0_so_negative_zeros_add_up_to_it)
{
    ck_assert_str_eq(sqi_agg_split("v DOUBLE", "sum(v), avg(v)", "-0.0D--\n-0.0D"), "0.0 | 0.0\n");
    ck_assert_str_eq(sqi_agg_split("v DOUBLE", "sum(v)", "DOUBLE('Infinity')--\nDOUBLE('-Infinity')"), "NaN\n");
}
END_TEST

START_TEST(decimals_keep_their_scale_and_averages_get_four_more_digits)
{
    ck_assert_str_eq(
        sqi_agg_split("m DECIMAL(10,2), w DECIMAL(38,18)", "sum(m), avg(m), avg(w)", "1.10, 1\n2.25, 2--\n1.00, 2"),
        "4.35 | 1.450000 | 1.6666666666666666666667\n");
}
END_TEST

START_TEST(a_bigint_sum_beyond_the_range_fails_or_is_null_for_good)
{
    const char *rows = "9223372036854775807\n1";
    sqi_agg_fails("v BIGINT", "sum(v)", rows, SQI_COND_ARITHMETIC_OVERFLOW);
    ck_assert_str_eq(sqi_agg_split("v BIGINT", "try_sum(v)", "9223372036854775807--\n1--\n-5"), "NULL\n");
    ck_assert_str_eq(sqi_agg_once("v BIGINT", "avg(v)", rows), "4.611686018427388E18\n");
}
END_TEST

START_TEST(a_decimal_sum_beyond_the_range_fails_or_is_null)
{
    const char *rows = "99999999999999999999999999999999999999\n1";
    sqi_agg_fails("v DECIMAL(38,0)", "sum(v)", rows, SQI_COND_ARITHMETIC_OVERFLOW);
    ck_assert_str_eq(sqi_agg_once("v DECIMAL(38,0)", "try_sum(v), try_avg(v)", rows), "NULL | NULL\n");
    sqi_agg_fails("v DECIMAL(38,0)", "avg(v)", "99999999999999999999999999999999999999",
                  SQI_COND_NUMERIC_VALUE_OUT_OF_RANGE__WITH_SUGGESTION);
}
END_TEST

START_TEST(intervals_add_up_and_averages_round_half_away_from_zero)
{
    ck_assert_str_eq(sqi_agg_once("d INTERVAL DAY TO SECOND, m INTERVAL YEAR TO MONTH",
                                  "sum(d), avg(d), sum(m), avg(m)",
                                  "INTERVAL '1 02:00:00' DAY TO SECOND, INTERVAL '1-2' YEAR TO MONTH\n"
                                  "INTERVAL '0 23:00:00.5' DAY TO SECOND, INTERVAL '0-1' YEAR TO MONTH"),
                     "INTERVAL '2 01:00:00.5' DAY TO SECOND | INTERVAL '1 00:30:00.25' DAY TO SECOND | "
                     "INTERVAL '1-3' YEAR TO MONTH | INTERVAL '0-8' YEAR TO MONTH\n");
    ck_assert_str_eq(sqi_agg_once("m INTERVAL YEAR TO MONTH", "avg(m)", "INTERVAL '-1' MONTH\nINTERVAL '-2' MONTH"),
                     "INTERVAL '-0-2' YEAR TO MONTH\n");
    sqi_agg_fails("m INTERVAL YEAR TO MONTH", "sum(m)", "INTERVAL '178956970' YEAR\nINTERVAL '178956970' YEAR",
                  SQI_COND_INTERVAL_ARITHMETIC_OVERFLOW__WITH_SUGGESTION);
    ck_assert_str_eq(sqi_agg_once("m INTERVAL YEAR TO MONTH", "try_sum(m), try_avg(m)",
                                  "INTERVAL '178956970' YEAR\nINTERVAL '178956970' YEAR"),
                     "NULL | NULL\n");
}
END_TEST

START_TEST(texts_are_read_as_doubles_and_booleans_refused)
{
    ck_assert_str_eq(sqi_agg_once("v STRING", "sum(v), avg(v)", "'1.5'\n' 2 '"), "3.5 | 1.75\n");
    sqi_agg_fails("v STRING", "sum(v)", "'x'", SQI_COND_CAST_INVALID_INPUT);
    sqi_agg_refused("v BOOLEAN", "sum(v)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        integers_add_up_to_bigint_and_average_as_double,
        of_nulls_alone_there_is_no_sum,
        a_sum_starts_from_0_so_negative_zeros_add_up_to_it,
        decimals_keep_their_scale_and_averages_get_four_more_digits,
        a_bigint_sum_beyond_the_range_fails_or_is_null_for_good,
        a_decimal_sum_beyond_the_range_fails_or_is_null,
        intervals_add_up_and_averages_round_half_away_from_zero,
        texts_are_read_as_doubles_and_booleans_refused,
    };
    return sqi_test_main("agg_sum", tests, sizeof tests / sizeof *tests);
}
