#include "agg_rig.h"
#include "test_main.h"

START_TEST(inline_spreads_structs_and_a_null_struct_is_a_row_of_nulls)
{
    const char *rows = "1, array(named_struct('n', 1, 't', 'a'), NULL)\n2, array()\n3, NULL";
    const char *schema = "id INT, a ARRAY<STRUCT<n: INT, t: STRING>>";
    ck_assert_str_eq(sqi_agg_generate(schema, "inline(a)", true, rows), "1 | 1 | a\n1 | NULL | NULL\n");
    ck_assert_str_eq(sqi_agg_generate(schema, "inline_outer(a)", true, rows),
                     "1 | 1 | a\n1 | NULL | NULL\n2 | NULL | NULL\n3 | NULL | NULL\n");
}
END_TEST

START_TEST(only_arrays_of_structs_are_spread)
{
    sqi_agg_refused("a ARRAY<INT>", "inline(a)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        inline_spreads_structs_and_a_null_struct_is_a_row_of_nulls,
        only_arrays_of_structs_are_spread,
    };
    return sqi_test_main("gen_inline", tests, sizeof tests / sizeof *tests);
}
