#include "agg_rig.h"
#include "test_main.h"

START_TEST(texts_are_joined_in_order_of_arrival)
{
    ck_assert_str_eq(
        sqi_agg_once("v STRING", "listagg(v), listagg(v, ','), string_agg(v, '; '), listagg(v, NULL)", "'x'\nNULL\n''"),
        "x | x, | x;  | x\n");
    ck_assert_str_eq(sqi_agg_split("v STRING", "listagg(v, ',')", "'x'--\n'y'"), "x,y\n");
    ck_assert_str_eq(sqi_agg_once("v STRING", "listagg(v, ',')", "NULL"), "NULL\n");
}
END_TEST

START_TEST(within_group_orders_by_any_item)
{
    ck_assert_str_eq(
        sqi_agg_split("v STRING, o INT",
                      "listagg(v, '-') WITHIN GROUP (ORDER BY o DESC), listagg(v, '-') WITHIN GROUP (ORDER BY v)",
                      "'b', 1\n'a', 2--\n'c', 0\n'd', NULL\nNULL, 9"),
        "a-b-c-d | a-b-c-d\n");
    ck_assert_str_eq(sqi_agg_once("v STRING, o INT", "listagg(v) WITHIN GROUP (ORDER BY o NULLS FIRST, v DESC)",
                                  "'a', 1\n'b', 1\n'z', NULL"),
                     "zba\n");
}
END_TEST

START_TEST(numbers_become_texts_and_binaries_stay_apart)
{
    ck_assert_str_eq(sqi_agg_once("v INT", "listagg(v, 0)", "1\n2"), "102\n");
    ck_assert_str_eq(sqi_agg_once("v BINARY", "listagg(v)", "X'41'\nX'42'"), "AB\n");
    sqi_agg_refused("v BINARY", "listagg(v, ',')", SQI_COND_DATATYPE_MISMATCH__DATA_DIFF_TYPES);
    sqi_agg_refused("v STRING", "listagg(v, v)", SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        texts_are_joined_in_order_of_arrival,
        within_group_orders_by_any_item,
        numbers_become_texts_and_binaries_stay_apart,
    };
    return sqi_test_main("agg_listagg", tests, sizeof tests / sizeof *tests);
}
