#include "agg_rig.h"
#include "test_main.h"

START_TEST(and_and_or_leave_nulls_out)
{
    const char *list = "bool_and(b), every(b), bool_or(b), some(b), any(b)";
    ck_assert_str_eq(sqi_agg_once("b BOOLEAN", list, "true\nNULL"), "true | true | true | true | true\n");
    ck_assert_str_eq(sqi_agg_split("b BOOLEAN", list, "true--\nfalse"), "false | false | true | true | true\n");
    ck_assert_str_eq(sqi_agg_once("b BOOLEAN", list, "false"), "false | false | false | false | false\n");
    ck_assert_str_eq(sqi_agg_once("b BOOLEAN", list, "NULL"), "NULL | NULL | NULL | NULL | NULL\n");
}
END_TEST

START_TEST(numbers_are_refused)
{
    sqi_agg_refused("v INT", "bool_and(v)", SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_INPUT_TYPE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        and_and_or_leave_nulls_out,
        numbers_are_refused,
    };
    return sqi_test_main("agg_bool", tests, sizeof tests / sizeof *tests);
}
