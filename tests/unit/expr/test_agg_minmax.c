#include "agg_rig.h"
#include "test_main.h"

START_TEST(every_type_with_an_order_has_a_least_and_a_greatest_value)
{
    ck_assert_str_eq(
        sqi_agg_split("b BOOLEAN, i INT, c DECIMAL(5,2), t STRING, y DATE",
                      "min(b), max(b), min(i), max(i), min(c), max(c), min(t), max(t), min(y), max(y)",
                      "true, 5, 1.10, 'b', DATE '2024-01-02'\nNULL, NULL, NULL, NULL, NULL\n--\n"
                      "false, -5, -1.10, 'a text that does not stand inside', DATE '1969-12-31'\n"
                      "true, 6, 0.00, 'é', DATE '9999-12-31'"),
        "false | true | -5 | 6 | -1.10 | 1.10 | a text that does not stand inside | é | 1969-12-31 | 9999-12-31\n");
}
END_TEST

START_TEST(nan_is_the_greatest_and_negative_zero_stays_what_it_is)
{
    ck_assert_str_eq(sqi_agg_split("v DOUBLE", "min(v), max(v)", "1.5D\nDOUBLE('NaN')--\nDOUBLE('Infinity')"),
                     "1.5 | NaN\n");
    ck_assert_str_eq(sqi_agg_split("v DOUBLE", "min(v), max(v)", "-0.0D--\n0.0D"), "-0.0 | -0.0\n");
}
END_TEST

START_TEST(structs_and_arrays_compare_part_by_part)
{
    ck_assert_str_eq(
        sqi_agg_split("p STRUCT<x: INT, y: STRING>, a ARRAY<INT>", "min(p), max(p), min(a), max(a)",
                      "named_struct('x', 1, 'y', 'b'), array(1, 2)\nnamed_struct('x', 1, 'y', 'a'), array(1)--\n"
                      "named_struct('x', NULL, 'y', 'z'), array(1, NULL)\nnamed_struct('x', 2, 'y', NULL), array()"),
        "{null, z} | {2, null} | [] | [1, 2]\n");
}
END_TEST

START_TEST(the_row_with_the_least_or_greatest_ordering_gives_its_value)
{
    ck_assert_str_eq(sqi_agg_split("x STRING, o INT", "min_by(x, o), max_by(x, o)", "'one', 1\n'two', 2\n'none', NULL"),
                     "one | two\n");
    ck_assert_str_eq(
        sqi_agg_split("x STRING, o INT", "min_by(x, o), max_by(x, o)", "'one', 1\n'two', 2--\n'zero', 0\nNULL, 9"),
        "zero | NULL\n");
    ck_assert_str_eq(sqi_agg_once("x STRING, o INT", "min_by(x, o), max_by(x, o)", "'a', NULL"), "NULL | NULL\n");
}
END_TEST

START_TEST(of_equal_orderings_the_latest_row_wins)
{
    ck_assert_str_eq(sqi_agg_split("x STRING, o INT", "min_by(x, o), max_by(x, o)", "'a', 1\n'b', 1--\n'c', 1"),
                     "c | c\n");
}
END_TEST

START_TEST(maps_have_no_order)
{
    sqi_agg_refused("m MAP<STRING, INT>", "max(m)", SQI_COND_DATATYPE_MISMATCH__INVALID_ORDERING_TYPE);
    sqi_agg_refused("m MAP<STRING, INT>", "max_by(1, m)", SQI_COND_DATATYPE_MISMATCH__INVALID_ORDERING_TYPE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_type_with_an_order_has_a_least_and_a_greatest_value,
        nan_is_the_greatest_and_negative_zero_stays_what_it_is,
        structs_and_arrays_compare_part_by_part,
        the_row_with_the_least_or_greatest_ordering_gives_its_value,
        of_equal_orderings_the_latest_row_wins,
        maps_have_no_order,
    };
    return sqi_test_main("agg_minmax", tests, sizeof tests / sizeof *tests);
}
