#include "agg_rig.h"
#include "test_main.h"

START_TEST(pairs_with_a_null_are_left_out)
{
    const char *list = "covar_pop(x, y), covar_samp(x, y), corr(x, y), regr_count(y, x)";
    ck_assert_str_eq(sqi_agg_once("x DOUBLE, y DOUBLE", list, "1, 2"), "0.0 | NULL | NULL | 1\n");
    ck_assert_str_eq(sqi_agg_split("x DOUBLE, y DOUBLE", list, "1, 2--\n2, 4\nNULL, 5"), "0.5 | 1.0 | 1.0 | 2\n");
    ck_assert_str_eq(sqi_agg_once("x DOUBLE, y DOUBLE", list, "NULL, 1"), "NULL | NULL | NULL | 0\n");
}
END_TEST

START_TEST(a_constant_side_has_no_correlation)
{
    ck_assert_str_eq(sqi_agg_split("x DOUBLE, y DOUBLE", "corr(x, y), covar_pop(x, y)", "1, 1--\n2, 1"),
                     "NULL | 0.0\n");
}
END_TEST

START_TEST(regression_has_the_digits_of_merged_partial_states)
{
    ck_assert_str_eq(
        sqi_agg_split("y DOUBLE, x DOUBLE",
                      "regr_avgx(y, x), regr_avgy(y, x), regr_slope(y, x), regr_intercept(y, x), regr_sxy(y, x)",
                      "1, 1--\n2, 2\n2, 3\nNULL, 50\n50, NULL--\n2, 4"),
        "2.5 | 1.75 | 0.30000000000000004 | 0.9999999999999999 | 1.5000000000000002\n");
    ck_assert_str_eq(sqi_agg_once("y DOUBLE, x DOUBLE", "regr_slope(y, x), regr_intercept(y, x)", "1, 1"),
                     "NULL | NULL\n");
}
END_TEST

START_TEST(r2_is_1_for_a_level_line_and_null_for_an_upright_one)
{
    ck_assert_str_eq(sqi_agg_once("y DOUBLE, x DOUBLE", "regr_r2(y, x)", "1, 1\n1, 2"), "1.0\n");
    ck_assert_str_eq(sqi_agg_once("y DOUBLE, x DOUBLE", "regr_r2(y, x)", "1, 1\n2, 1"), "NULL\n");
    ck_assert_str_eq(sqi_agg_once("y DOUBLE, x DOUBLE", "regr_r2(y, x), regr_r2(x, y)", "1, 1\n2, 2\n2, 3"),
                     "0.7500000000000001 | 0.7499999999999999\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        pairs_with_a_null_are_left_out,
        a_constant_side_has_no_correlation,
        regression_has_the_digits_of_merged_partial_states,
        r2_is_1_for_a_level_line_and_null_for_an_upright_one,
    };
    return sqi_test_main("agg_corr", tests, sizeof tests / sizeof *tests);
}
