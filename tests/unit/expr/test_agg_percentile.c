#include <stdio.h>

#include "agg_rig.h"
#include "test_main.h"

START_TEST(percentiles_are_interpolated)
{
    const char *list = "percentile(v, 0.5), percentile(v, array(0, 0.25, 1)), median(v)";
    ck_assert_str_eq(sqi_agg_once("v INT", list, "1\n10\nNULL"), "5.5 | [1.0, 3.25, 10.0] | 5.5\n");
    ck_assert_str_eq(sqi_agg_split("v INT", list, "1\n10--\n4"), "4.0 | [1.0, 2.5, 10.0] | 4.0\n");
    ck_assert_str_eq(sqi_agg_once("v INT", list, "NULL"), "NULL | NULL | NULL\n");
    ck_assert_str_eq(sqi_agg_once("v INT", "percentile(v, array())", "1"), "NULL\n");
}
END_TEST

START_TEST(a_frequency_counts_a_value_several_times)
{
    ck_assert_str_eq(sqi_agg_split("v DOUBLE, n INT", "percentile(v, 0.5, n)", "1, 3\n2, 1"), "1.0\n");
    ck_assert_str_eq(sqi_agg_split("v DOUBLE, n INT", "percentile(v, 0.5, n)", "1, 3\n2, 1--\n2, 5\n9, 0\n8, NULL"),
                     "2.0\n");
    sqi_agg_fails("v DOUBLE, n INT", "percentile(v, 0.5, n)", "3, -1",
                  SQI_COND_NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION);
}
END_TEST

START_TEST(continuous_and_discrete_percentiles_follow_their_order)
{
    ck_assert_str_eq(
        sqi_agg_split("v INT",
                      "percentile_cont(0.5) WITHIN GROUP (ORDER BY v), percentile_disc(0.5) WITHIN GROUP (ORDER BY v), "
                      "percentile_cont(0.25) WITHIN GROUP (ORDER BY v DESC), "
                      "percentile_disc(0.25) WITHIN GROUP (ORDER BY v DESC)",
                      "10\n20--\n30\n40\nNULL"),
        "25.0 | 20.0 | 32.5 | 40.0\n");
    static const char *const at[] = {"0", "0.1", "0.25", "0.3", "0.5", "0.51", "0.76", "1"};
    static const char *const want[] = {"1.0", "1.0", "1.0", "2.0", "2.0", "3.0", "4.0", "4.0"};
    for (int i = 0; i < 8; ++i) {
        char call[80], line[16];
        sprintf(call, "percentile_disc(%s) WITHIN GROUP (ORDER BY v)", at[i]);
        sprintf(line, "%s\n", want[i]);
        ck_assert_str_eq(sqi_agg_once("v INT", call, "4\n3\n2\n1"), line);
    }
}
END_TEST

START_TEST(intervals_and_decimals_have_percentiles)
{
    ck_assert_str_eq(sqi_agg_once("d INTERVAL DAY TO SECOND, c DECIMAL(5,2)", "median(d), median(c)",
                                  "INTERVAL '1' DAY, 1.00\nINTERVAL '2' DAY, 2.25"),
                     "INTERVAL '1 12:00:00' DAY TO SECOND | 1.625\n");
}
END_TEST

START_TEST(columns_of_few_values_are_joined_before_they_grow)
{
    char rows[4 * 3000], *at = rows;
    for (int i = 0; i < 3000; ++i)
        at += sprintf(at, "%d\n", i % 3);
    ck_assert_str_eq(sqi_agg_once("v INT", "percentile(v, array(0.1, 0.5, 0.9))", rows), "[0.0, 1.0, 2.0]\n");
}
END_TEST

START_TEST(percentages_are_constants_from_0_to_1)
{
    sqi_agg_refused("v INT", "percentile(v, 1.5)", SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE);
    sqi_agg_refused("v INT", "percentile(v, v)", SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT);
    sqi_agg_refused("v INT", "percentile(v, NULL)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_NULL);
    sqi_agg_refused("v DATE", "percentile(v, 0.5)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
    sqi_agg_refused("v INT", "percentile_cont(0.5)", SQI_COND_INVALID_WITHIN_GROUP_EXPRESSION__WITHIN_GROUP_MISSING);
    sqi_agg_refused("v INT", "percentile_cont(0.5) WITHIN GROUP (ORDER BY v, v)",
                    SQI_COND_INVALID_WITHIN_GROUP_EXPRESSION__WRONG_NUM_ORDERINGS);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        percentiles_are_interpolated,
        a_frequency_counts_a_value_several_times,
        continuous_and_discrete_percentiles_follow_their_order,
        intervals_and_decimals_have_percentiles,
        columns_of_few_values_are_joined_before_they_grow,
        percentages_are_constants_from_0_to_1,
    };
    return sqi_test_main("agg_percentile", tests, sizeof tests / sizeof *tests);
}
