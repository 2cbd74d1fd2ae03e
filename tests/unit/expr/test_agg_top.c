#include <stdio.h>

#include "agg_rig.h"
#include "test_main.h"

START_TEST(a_count_asks_for_that_many_values_in_order)
{
    ck_assert_str_eq(sqi_agg_split("v STRING, o INT", "max_by(v, o, 2), min_by(v, o, 2)", "'a', 1\n'n', NULL"),
                     "[a] | [a]\n");
    ck_assert_str_eq(
        sqi_agg_split("v STRING, o INT", "max_by(v, o, 2), min_by(v, o, 2)", "'a', 1\n'n', NULL--\n'b', 3\n'c', 2"),
        "[b, c] | [a, c]\n");
    ck_assert_str_eq(sqi_agg_once("v STRING, o INT", "max_by(v, o, 2), min_by(v, o, 2)",
                                  "'a', 1\n'b', 1\n'c', 2\n'd', NULL\nNULL, 5"),
                     "[null, c] | [a, b]\n");
}
END_TEST

START_TEST(many_rows_are_cut_back_on_the_way)
{
    char rows[16 * 1000], *at = rows;
    for (int i = 0; i < 1000; ++i)
        at += sprintf(at, "%d, %d\n", i, i * 7919 % 1000);
    ck_assert_str_eq(sqi_agg_once("v INT, o INT", "min_by(o, o, 4), max_by(o, o, 3)", rows),
                     "[0, 1, 2, 3] | [999, 998, 997]\n");
}
END_TEST

START_TEST(the_count_must_be_a_small_positive_constant)
{
    sqi_agg_refused("v STRING, o INT", "max_by(v, o, 0)", SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE);
    sqi_agg_refused("v STRING, o INT", "max_by(v, o, 100001)", SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE);
    sqi_agg_refused("v STRING, o INT", "max_by(v, o, o)", SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_count_asks_for_that_many_values_in_order,
        many_rows_are_cut_back_on_the_way,
        the_count_must_be_a_small_positive_constant,
    };
    return sqi_test_main("agg_top", tests, sizeof tests / sizeof *tests);
}
