/* plan_union: common types, names and nullability of set operations. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(types_widen_names_come_from_the_first)
{
    sqi_plan_expect_schema("SELECT v AS a FROM s UNION ALL SELECT v FROM r", "a BIGINT");
    sqi_plan_expect_schema("SELECT 1.5 AS a UNION ALL SELECT 12345.678", "a DECIMAL(8,3) NOT NULL");
    sqi_plan_expect_schema("SELECT '5' AS a UNION ALL SELECT 7", "a BIGINT NOT NULL");
    sqi_plan_expect_schema("SELECT DATE '2024-01-01' AS a UNION ALL SELECT TIMESTAMP '2024-01-01 00:00:00'",
                           "a TIMESTAMP NOT NULL");
}
END_TEST

START_TEST(a_column_may_be_null_if_it_may_be_in_any_input)
{
    sqi_plan_expect_schema("SELECT 1 AS a, 2 AS b UNION ALL SELECT v, 3 FROM s", "a INT, b INT NOT NULL");
}
END_TEST

START_TEST(a_null_column_takes_the_other_type)
{
    sqi_plan_expect_tree("SELECT v, k FROM s UNION ALL SELECT NULL, NULL FROM s",
                         "Union\n"
                         ":- Project [v#1, k#0]\n"
                         ":  +- SubqueryAlias s\n"
                         ":     +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n"
                         "+- Project [cast(NULL#10 as int) AS NULL#12, cast(NULL#11 as string) AS NULL#13]\n"
                         "   +- Project [NULL AS NULL#10, NULL AS NULL#11]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#5, v#6, ar#7, m#8, st#9]\n");
}
END_TEST

START_TEST(unions_of_one_shape_become_one)
{
    sqi_plan_expect_tree("SELECT k FROM s UNION ALL SELECT k FROM r UNION ALL SELECT value FROM lines",
                         "Union\n"
                         ":- Project [k#0]\n"
                         ":  +- SubqueryAlias s\n"
                         ":     +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n"
                         ":- Project [k#5]\n"
                         ":  +- SubqueryAlias r\n"
                         ":     +- StreamingRelation memory, [k#5, v#6]\n"
                         "+- Project [value#7]\n"
                         "   +- SubqueryAlias lines\n"
                         "      +- StreamingRelation memory, [value#7]\n");
    sqi_plan_expect_tree("SELECT v FROM s UNION ALL SELECT v FROM s UNION ALL SELECT v FROM r",
                         "Union\n"
                         ":- Project [cast(v#1 as bigint) AS v#10]\n"
                         ":  +- Union\n"
                         ":     :- Project [v#1]\n"
                         ":     :  +- SubqueryAlias s\n"
                         ":     :     +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n"
                         ":     +- Project [v#6]\n"
                         ":        +- SubqueryAlias s\n"
                         ":           +- StreamingRelation memory, [k#5, v#6, ar#7, m#8, st#9]\n"
                         "+- Project [v#12]\n"
                         "   +- SubqueryAlias r\n"
                         "      +- StreamingRelation memory, [k#11, v#12]\n");
}
END_TEST

START_TEST(shapes_that_do_not_fit_are_refused)
{
    sqi_plan_expect_refused("SELECT k, v FROM s UNION ALL SELECT k FROM s", "NUM_COLUMNS_MISMATCH");
    sqi_plan_expect_refused("SELECT v FROM s UNION ALL SELECT ar FROM s", "INCOMPATIBLE_COLUMN_TYPE");
    sqi_plan_expect_refused("SELECT v FROM s EXCEPT SELECT ar FROM s", "INCOMPATIBLE_COLUMN_TYPE");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {types_widen_names_come_from_the_first, a_column_may_be_null_if_it_may_be_in_any_input,
                                  a_null_column_takes_the_other_type, unions_of_one_shape_become_one,
                                  shapes_that_do_not_fit_are_refused};
    return sqi_test_main("plan_union", tests, sizeof tests / sizeof *tests);
}
