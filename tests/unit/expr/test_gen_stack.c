#include "agg_rig.h"
#include "test_main.h"

START_TEST(stack_lays_values_out_in_rows_and_pads_the_last)
{
    ck_assert_str_eq(sqi_agg_generate("a INT, b INT, c INT", "stack(2, 'b', b, 'c', c)", true, "1, 2, 3\n4, NULL, 6"),
                     "1 | b | 2\n1 | c | 3\n4 | b | NULL\n4 | c | 6\n");
    ck_assert_str_eq(sqi_agg_generate("a INT, b INT, c INT", "stack(2, a, b, c)", false, "1, 2, 3"),
                     "1 | 2\n3 | NULL\n");
    ck_assert_str_eq(sqi_agg_generate("a INT, b INT, c INT", "stack(3, a, b)", false, "1, 2, 3"), "1\n2\nNULL\n");
}
END_TEST

START_TEST(the_count_is_a_positive_constant_and_columns_have_one_type)
{
    sqi_agg_refused("a INT, b STRING", "stack(2, a, b)", SQI_COND_DATATYPE_MISMATCH__STACK_COLUMN_DIFF_TYPES);
    sqi_agg_refused("a INT", "stack(a, 1, 2)", SQI_COND_DATATYPE_MISMATCH__NON_FOLDABLE_INPUT);
    sqi_agg_refused("a INT", "stack(0, a)", SQI_COND_DATATYPE_MISMATCH__VALUE_OUT_OF_RANGE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        stack_lays_values_out_in_rows_and_pads_the_last,
        the_count_is_a_positive_constant_and_columns_have_one_type,
    };
    return sqi_test_main("gen_stack", tests, sizeof tests / sizeof *tests);
}
