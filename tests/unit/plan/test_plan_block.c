/* plan_block: the nodes of one SELECT block, from below to above. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(aliases_that_build_on_each_other_take_one_projection_each)
{
    sqi_plan_expect_tree("SELECT w AS a, a + 1 AS b, w * 2 AS c, b + c AS d FROM t",
                         "Project [a#2, b#4, c#3, (b#4 + c#3) AS d#5]\n"
                         "+- Project [k#0, w#1, a#2, c#3, (a#2 + 1) AS b#4]\n"
                         "   +- Project [k#0, w#1, w#1 AS a#2, (w#1 * 2) AS c#3]\n"
                         "      +- SubqueryAlias t\n"
                         "         +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(what_only_order_by_and_having_need_is_dropped_at_the_end)
{
    sqi_plan_expect_tree("SELECT k FROM t ORDER BY w", "Project [k#0]\n"
                                                       "+- Sort [w#1 ASC NULLS FIRST], true\n"
                                                       "   +- Project [k#0, w#1]\n"
                                                       "      +- SubqueryAlias t\n"
                                                       "         +- Relation memory, [k#0, w#1]\n");
    sqi_plan_expect_tree("SELECT k FROM t GROUP BY k HAVING sum(w) > 1 ORDER BY max(w)",
                         "Project [k#0]\n"
                         "+- Sort [max(w)#3 ASC NULLS FIRST], true\n"
                         "   +- Filter (sum(w)#2 > 1)\n"
                         "      +- Project [k#0, sum(w)#2, max(w)#3]\n"
                         "         +- Aggregate [k#0], [k#0, sum(w#1) AS sum(w)#2, max(w#1) AS max(w)#3]\n"
                         "            +- SubqueryAlias t\n"
                         "               +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(hidden_columns_do_not_show_in_the_schema)
{
    sqi_plan_expect_schema("SELECT k FROM t ORDER BY w", "k STRING");
    sqi_plan_expect_schema("SELECT * FROM (SELECT k FROM t GROUP BY k ORDER BY max(w))", "k STRING");
}
END_TEST

START_TEST(generators_stand_above_the_aggregation_and_below_the_items)
{
    sqi_plan_expect_tree(
        "SELECT explode(array(sum(w), count(*))) AS x, k FROM t GROUP BY k ORDER BY x, min(w)",
        "Project [x#6, k#0]\n"
        "+- Sort [x#6 ASC NULLS FIRST, min(w)#4 ASC NULLS FIRST], true\n"
        "   +- Project [col#5 AS x#6, k#0, min(w)#4]\n"
        "      +- Generate explode(array(sum(w)#2, count(1)#3)), false, [col#5]\n"
        "         +- Aggregate [k#0], [k#0, sum(w#1) AS sum(w)#2, count(1) AS count(1)#3, min(w#1) AS min(w)#4]\n"
        "            +- SubqueryAlias t\n"
        "               +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(distinct_stands_between_having_and_order)
{
    sqi_plan_expect_tree("SELECT DISTINCT k FROM t GROUP BY k HAVING sum(w) > 1 ORDER BY k",
                         "Sort [k#0 ASC NULLS FIRST], true\n"
                         "+- Distinct\n"
                         "   +- Project [k#0]\n"
                         "      +- Filter (sum(w)#2 > 1)\n"
                         "         +- Project [k#0, sum(w)#2]\n"
                         "            +- Aggregate [k#0], [k#0, sum(w#1) AS sum(w)#2]\n"
                         "               +- SubqueryAlias t\n"
                         "                  +- Relation memory, [k#0, w#1]\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        aliases_that_build_on_each_other_take_one_projection_each,
        what_only_order_by_and_having_need_is_dropped_at_the_end, hidden_columns_do_not_show_in_the_schema,
        generators_stand_above_the_aggregation_and_below_the_items, distinct_stands_between_having_and_order};
    return sqi_test_main("plan_block", tests, sizeof tests / sizeof *tests);
}
