#include "agg_rig.h"
#include "test_main.h"

START_TEST(the_most_frequent_value_wins_and_nulls_do_not_count)
{
    ck_assert_str_eq(sqi_agg_once("v STRING", "mode(v), mode(v, true)", "'b'\n'b'\n'a'\nNULL\nNULL\nNULL"), "b | b\n");
    ck_assert_str_eq(sqi_agg_split("v STRING", "mode(v)", "'a'\n'b'\n'b'--\n'a'\n'a'"), "a\n");
    ck_assert_str_eq(sqi_agg_once("v STRING", "mode(v)", "NULL"), "NULL\n");
}
END_TEST

START_TEST(ties_go_to_the_first_the_least_or_the_greatest)
{
    ck_assert_str_eq(
        sqi_agg_once("v INT",
                     "mode(v), mode(v, true), mode() WITHIN GROUP (ORDER BY v), mode() WITHIN GROUP (ORDER BY v DESC)",
                     "3\n1\n2"),
        "3 | 1 | 1 | 3\n");
}
END_TEST

START_TEST(nested_values_have_a_mode)
{
    ck_assert_str_eq(sqi_agg_once("a ARRAY<INT>", "mode(a)", "array(1)\narray(2, NULL)\narray(2, NULL)"),
                     "[2, null]\n");
}
END_TEST

START_TEST(an_argument_and_an_order_exclude_each_other)
{
    sqi_agg_refused("v INT", "mode()", SQI_COND_INVALID_WITHIN_GROUP_EXPRESSION__WITHIN_GROUP_MISSING);
    sqi_agg_refused("v INT", "mode(v) WITHIN GROUP (ORDER BY v)",
                    SQI_COND_INVALID_WITHIN_GROUP_EXPRESSION__WRONG_NUM_ORDERINGS);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_most_frequent_value_wins_and_nulls_do_not_count,
        ties_go_to_the_first_the_least_or_the_greatest,
        nested_values_have_a_mode,
        an_argument_and_an_order_exclude_each_other,
    };
    return sqi_test_main("agg_mode", tests, sizeof tests / sizeof *tests);
}
