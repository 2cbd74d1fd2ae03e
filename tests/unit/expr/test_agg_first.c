#include "agg_rig.h"
#include "test_main.h"

START_TEST(first_and_last_are_by_arrival_over_all_batches)
{
    const char *list = "first(v), last(v), any_value(v), first_value(v), last_value(v)";
    ck_assert_str_eq(sqi_agg_once("v INT", list, "NULL\n1"), "NULL | 1 | NULL | NULL | 1\n");
    ck_assert_str_eq(sqi_agg_split("v INT", list, "NULL\n1--\n2\nNULL"), "NULL | NULL | NULL | NULL | NULL\n");
    ck_assert_str_eq(sqi_agg_split("v STRING", list, "'a'--\n'a text that does not stand inside'--\n'c'"),
                     "a | c | a | a | c\n");
}
END_TEST

START_TEST(nulls_are_skipped_on_demand)
{
    ck_assert_str_eq(sqi_agg_split("v INT",
                                   "first(v, true), last(v, true), first(v) IGNORE NULLS, last_value(v) IGNORE NULLS",
                                   "NULL--\n1\nNULL--\n2\nNULL"),
                     "1 | 2 | 1 | 2\n");
    ck_assert_str_eq(sqi_agg_once("v INT", "first(v, true), first(v)", "NULL"), "NULL | NULL\n");
}
END_TEST

START_TEST(nested_values_are_kept_whole)
{
    ck_assert_str_eq(
        sqi_agg_split("m MAP<STRING, ARRAY<STRUCT<x: DOUBLE, t: STRING>>>", "first(m), last(m)",
                      "map('k', array(named_struct('x', 1.5D, 't', 'a text that is long enough'), NULL))--\n"
                      "map('l', NULL, 'm', array())"),
        "{k -> [{1.5, a text that is long enough}, null]} | {l -> null, m -> []}\n");
}
END_TEST

START_TEST(the_second_argument_must_be_a_constant_boolean)
{
    sqi_agg_refused("v INT", "first(v, 1)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
    sqi_agg_refused("v INT", "last(v, v > 0)", SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        first_and_last_are_by_arrival_over_all_batches,
        nulls_are_skipped_on_demand,
        nested_values_are_kept_whole,
        the_second_argument_must_be_a_constant_boolean,
    };
    return sqi_test_main("agg_first", tests, sizeof tests / sizeof *tests);
}
