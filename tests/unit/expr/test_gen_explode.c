#include "agg_rig.h"
#include "test_main.h"

START_TEST(explode_gives_a_row_for_each_element_and_none_for_nothing)
{
    const char *rows = "1, array('x', NULL, 'y')\n2, array()\n3, NULL\n4, array('')";
    ck_assert_str_eq(sqi_agg_generate("id INT, a ARRAY<STRING>", "explode(a)", true, rows),
                     "1 | x\n1 | NULL\n1 | y\n4 | \n");
    ck_assert_str_eq(sqi_agg_generate("id INT, a ARRAY<STRING>", "explode(a)", false, rows), "x\nNULL\ny\n\n");
}
END_TEST

START_TEST(explode_outer_gives_a_row_of_null_for_nothing)
{
    const char *rows = "1, array('x', NULL)\n2, array()\n3, NULL";
    ck_assert_str_eq(sqi_agg_generate("id INT, a ARRAY<STRING>", "explode_outer(a)", true, rows),
                     "1 | x\n1 | NULL\n2 | NULL\n3 | NULL\n");
}
END_TEST

START_TEST(positions_count_from_0_in_each_row)
{
    ck_assert_str_eq(
        sqi_agg_generate("id INT, a ARRAY<STRING>", "posexplode(a)", true, "1, array('x', NULL, 'z')\n2, array('q')"),
        "1 | 0 | x\n1 | 1 | NULL\n1 | 2 | z\n2 | 0 | q\n");
    ck_assert_str_eq(
        sqi_agg_generate("id INT, a ARRAY<STRING>", "posexplode_outer(a)", true, "1, array('x')\n2, array()\n3, NULL"),
        "1 | 0 | x\n2 | NULL | NULL\n3 | NULL | NULL\n");
}
END_TEST

START_TEST(maps_give_keys_and_values)
{
    const char *rows = "1, map('a', 1, 'b', NULL)\n2, map()\n3, NULL";
    ck_assert_str_eq(sqi_agg_generate("id INT, m MAP<STRING, INT>", "explode(m)", true, rows),
                     "1 | a | 1\n1 | b | NULL\n");
    ck_assert_str_eq(sqi_agg_generate("id INT, m MAP<STRING, INT>", "explode_outer(m)", true, rows),
                     "1 | a | 1\n1 | b | NULL\n2 | NULL | NULL\n3 | NULL | NULL\n");
    ck_assert_str_eq(sqi_agg_generate("id INT, m MAP<STRING, INT>", "posexplode(m)", true, rows),
                     "1 | 0 | a | 1\n1 | 1 | b | NULL\n");
}
END_TEST

START_TEST(a_constant_list_serves_every_row)
{
    ck_assert_str_eq(sqi_agg_generate("id INT", "explode(array(7, 8))", true, "1\n2"), "1 | 7\n1 | 8\n2 | 7\n2 | 8\n");
    ck_assert_str_eq(sqi_agg_generate("id INT", "explode(array(7, 8))", false, "1\n2"), "7\n8\n7\n8\n");
}
END_TEST

START_TEST(only_collections_explode)
{
    sqi_agg_refused("v STRING", "explode(v)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
    sqi_agg_refused("v STRING", "posexplode_outer(v)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        explode_gives_a_row_for_each_element_and_none_for_nothing,
        explode_outer_gives_a_row_of_null_for_nothing,
        positions_count_from_0_in_each_row,
        maps_give_keys_and_values,
        a_constant_list_serves_every_row,
        only_collections_explode,
    };
    return sqi_test_main("gen_explode", tests, sizeof tests / sizeof *tests);
}
