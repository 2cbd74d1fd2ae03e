#include <stdio.h>

#include "agg_rig.h"
#include "test_main.h"

START_TEST(lists_keep_the_order_of_arrival_and_leave_nulls_out)
{
    sqi_agg_open("k INT, v STRING", "k", "collect_list(v), array_agg(v)");
    ck_assert_str_eq(
        sqi_agg_batch("1, 'c'\n1, 'a text that does not stand inside'\n2, NULL\n1, NULL"),
        "1 | [c, a text that does not stand inside] | [c, a text that does not stand inside]\n2 | [] | []\n");
    ck_assert_str_eq(sqi_agg_batch("1, 'b'\n1, ''"),
                     "1 | [c, a text that does not stand inside, b, ] | [c, a text that does not stand inside, b, ]\n");
    sqi_agg_close();
}
END_TEST

START_TEST(sets_hold_each_value_once_in_normal_form)
{
    ck_assert_str_eq(
        sqi_agg_split("v DOUBLE", "collect_set(v)", "DOUBLE('NaN')\n0.0D--\n-DOUBLE('NaN')\n-0.0D\n1D\nNULL"),
        "[NaN, 0.0, 1.0]\n");
    ck_assert_str_eq(sqi_agg_split("v STRING", "collect_set(v)", "'b'\n'a'\n'b'--\n'a'\n'c'"), "[b, a, c]\n");
}
END_TEST

START_TEST(nested_values_are_collected_too)
{
    ck_assert_str_eq(sqi_agg_split("k INT, v STRING, a ARRAY<INT>",
                                   "collect_list(struct(k, v)), collect_list(a), collect_set(a)",
                                   "1, 'x', array(1, 2)\n2, NULL, NULL--\n3, 'z', array(1, 2)"),
                     "[{1, x}, {2, null}, {3, z}] | [[1, 2], [1, 2]] | [[1, 2]]\n");
    ck_assert_str_eq(sqi_agg_once("m MAP<INT, INT>", "collect_list(m)", "map(1, 2)\nmap(3, NULL)"),
                     "[{1 -> 2}, {3 -> null}]\n");
}
END_TEST

START_TEST(a_set_of_many_values_finds_each_again)
{
    char rows[12 * 2000], *at = rows;
    for (int i = 0; i < 2000; ++i)
        at += sprintf(at, "'%d'\n", i % 700);
    sqi_agg_open("v STRING", "", "collect_set(v)");
    const char *out = sqi_agg_batch(rows);
    size_t commas = 0;
    for (; *out; ++out)
        commas += *out == ',';
    ck_assert_uint_eq(commas, 699);
    sqi_agg_close();
}
END_TEST

START_TEST(a_set_of_maps_is_refused)
{
    sqi_agg_refused("m MAP<INT, INT>", "collect_set(m)", SQI_COND_DATATYPE_MISMATCH__UNSUPPORTED_INPUT_TYPE);
    sqi_agg_refused("m ARRAY<MAP<INT, INT>>", "collect_set(m)", SQI_COND_DATATYPE_MISMATCH__UNSUPPORTED_INPUT_TYPE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        lists_keep_the_order_of_arrival_and_leave_nulls_out,
        sets_hold_each_value_once_in_normal_form,
        nested_values_are_collected_too,
        a_set_of_many_values_finds_each_again,
        a_set_of_maps_is_refused,
    };
    return sqi_test_main("agg_collect", tests, sizeof tests / sizeof *tests);
}
