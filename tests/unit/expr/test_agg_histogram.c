#include "agg_rig.h"
#include "test_main.h"

START_TEST(bins_follow_the_values)
{
    ck_assert_str_eq(sqi_agg_once("v INT", "histogram_numeric(v, 3)", "0\n1\n2"), "[{0, 1.0}, {1, 1.0}, {2, 1.0}]\n");
    ck_assert_str_eq(sqi_agg_split("v INT", "histogram_numeric(v, 3)", "0\n1\n2--\n10"),
                     "[{0, 1.0}, {1, 2.0}, {10, 1.0}]\n");
    ck_assert_str_eq(sqi_agg_once("v DECIMAL(3,2)", "histogram_numeric(v, 5)", "1.5\n2.25\nNULL"),
                     "[{1.50, 1.0}, {2.25, 1.0}]\n");
    ck_assert_str_eq(sqi_agg_once("v INT", "histogram_numeric(v, 5)", "NULL"), "NULL\n");
}
END_TEST

START_TEST(two_bins_are_the_least)
{
    sqi_agg_refused("v INT", "histogram_numeric(v, 1)", SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE);
    sqi_agg_refused("v INT", "histogram_numeric(v, v)", SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        bins_follow_the_values,
        two_bins_are_the_least,
    };
    return sqi_test_main("agg_histogram", tests, sizeof tests / sizeof *tests);
}
