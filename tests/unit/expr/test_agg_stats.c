#include "agg_rig.h"
#include "test_main.h"

START_TEST(variance_of_a_sample_needs_two_values)
{
    const char *list = "stddev_pop(v), var_pop(v), var_samp(v), variance(v), stddev(v)";
    ck_assert_str_eq(sqi_agg_once("v DOUBLE", list, "1"), "0.0 | 0.0 | NULL | NULL | NULL\n");
    ck_assert_str_eq(sqi_agg_split("v DOUBLE", list, "1--\n3"), "1.0 | 1.0 | 2.0 | 2.0 | 1.4142135623730951\n");
    ck_assert_str_eq(sqi_agg_split("v DOUBLE", list, "1--\n3--\n5\n7"),
                     "2.23606797749979 | 5.0 | 6.666666666666667 | 6.666666666666667 | 2.581988897471611\n");
    ck_assert_str_eq(sqi_agg_once("v DOUBLE", list, "NULL"), "NULL | NULL | NULL | NULL | NULL\n");
}
END_TEST

/* Merging the partial state of the second batch decides the last digits. */
START_TEST(the_last_digits_are_those_of_merged_partial_states)
{
    ck_assert_str_eq(sqi_agg_split("v INT", "stddev(v), stddev_pop(v), variance(v)", "2\n4\n4\n4--\n5\n5\n7\n9"),
                     "2.138089935299395 | 2.0 | 4.571428571428571\n");
    ck_assert_str_eq(
        sqi_agg_split("y DOUBLE, x DOUBLE", "regr_sxx(y, x), regr_syy(y, x)", "1, 1--\n2, 2\n2, 3\nNULL, 50\n50, NULL"),
        "2.0 | 0.6666666666666666\n");
}
END_TEST

START_TEST(shape_needs_a_spread)
{
    ck_assert_str_eq(sqi_agg_split("v INT", "skewness(v), kurtosis(v)", "1\n1"), "NULL | NULL\n");
    ck_assert_str_eq(sqi_agg_split("v INT", "skewness(v), kurtosis(v)", "1\n1--\n4"), "0.7071067811865476 | -1.5\n");
    sqi_agg_fails("v DOUBLE", "skewness(v)", "1e-160D\n2e-160D", SQI_COND_DIVIDE_BY_ZERO);
}
END_TEST

START_TEST(nan_and_infinity_spoil_a_variance)
{
    ck_assert_str_eq(sqi_agg_once("v DOUBLE", "var_samp(v)", "DOUBLE('NaN')\n1"), "NaN\n");
    ck_assert_str_eq(sqi_agg_once("v DOUBLE", "stddev_pop(v)", "DOUBLE('Infinity')\n1"), "NaN\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        variance_of_a_sample_needs_two_values,
        the_last_digits_are_those_of_merged_partial_states,
        shape_needs_a_spread,
        nan_and_infinity_spoil_a_variance,
    };
    return sqi_test_main("agg_stats", tests, sizeof tests / sizeof *tests);
}
