/* plan_select: one SELECT block, the order of its parts. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(select_having_distinct_order_stand_in_this_order)
{
    sqi_plan_expect_tree(
        "SELECT DISTINCT k, sum(v) AS x FROM s GROUP BY k, m HAVING count(*) > 1 ORDER BY x DESC, k",
        "Sort [x#7 DESC NULLS LAST, k#0 ASC NULLS FIRST], true\n"
        "+- Distinct\n"
        "   +- Project [k#0, x#7]\n"
        "      +- Filter (count(1)#6 > 1)\n"
        "         +- Project [k#0, sum(v)#5 AS x#7, count(1)#6]\n"
        "            +- Aggregate [k#0, m#3], [k#0, m#3, sum(v#1) AS sum(v)#5, count(1) AS count(1)#6]\n"
        "               +- SubqueryAlias s\n"
        "                  +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(distinct_leaves_only_its_own_columns_to_order_by)
{
    sqi_plan_expect_refused("SELECT DISTINCT k FROM s ORDER BY v", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
}
END_TEST

START_TEST(non_deterministic_arguments_of_aggregates_are_refused)
{
    sqi_plan_expect_refused("SELECT sum(rand()) FROM s", "AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION");
    sqi_plan_expect_tree(
        "SELECT rand() >= 0 AS x, count(*) AS n FROM s GROUP BY rand() >= 0",
        "Project [(rand() >= 0)#5 AS x#7, count(1)#6 AS n#8]\n"
        "+- Aggregate [(rand() >= 0.0)], [(rand() >= 0.0) AS (rand() >= 0)#5, count(1) AS count(1)#6]\n"
        "   +- SubqueryAlias s\n"
        "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(a_select_without_from_has_one_row)
{
    sqi_plan_expect_tree("SELECT 1 AS a, 'x' AS b", "Project [1 AS a#0, x AS b#1]\n"
                                                    "+- OneRowRelation\n");
    sqi_plan_expect_schema("SELECT 1 AS a, 'x' AS b, NULL AS c", "a INT NOT NULL, b STRING NOT NULL, c VOID");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        select_having_distinct_order_stand_in_this_order, distinct_leaves_only_its_own_columns_to_order_by,
        non_deterministic_arguments_of_aggregates_are_refused, a_select_without_from_has_one_row};
    return sqi_test_main("plan_select", tests, sizeof tests / sizeof *tests);
}
