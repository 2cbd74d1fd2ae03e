/* plan_explain: each kind of node, ids that follow a column, branches. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(ids_follow_a_column_until_it_is_renamed)
{
    sqi_plan_expect_tree("SELECT k, k AS a, w + 1 AS w FROM (SELECT w, k FROM t)",
                         "Project [k#0, k#0 AS a#2, (w#1 + 1) AS w#3]\n"
                         "+- SubqueryAlias __auto_generated_subquery_name\n"
                         "   +- Project [w#1, k#0]\n"
                         "      +- SubqueryAlias t\n"
                         "         +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(each_kind_of_node_has_its_line)
{
    sqi_plan_expect_tree("SELECT k, e FROM s LATERAL VIEW OUTER explode(ar) AS e WHERE v > 1 ORDER BY e DESC LIMIT 3",
                         "GlobalLimit 3\n"
                         "+- LocalLimit 3\n"
                         "   +- Sort [e#5 DESC NULLS LAST], true\n"
                         "      +- Project [k#0, e#5]\n"
                         "         +- Filter (v#1 > 1)\n"
                         "            +- Generate explode(ar#2), true, [e#5]\n"
                         "               +- SubqueryAlias s\n"
                         "                  +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree(
        "SELECT k, count(*) AS n FROM t GROUP BY CUBE(k)",
        "Project [k#2, count(1)#4 AS n#5]\n"
        "+- Aggregate [k#2, spark_grouping_id#3], [k#2, spark_grouping_id#3, count(1) AS count(1)#4]\n"
        "   +- Expand [[k#0, w#1, k#0, 0], [k#0, w#1, NULL, 1]], [k#0, w#1, k#2, spark_grouping_id#3]\n"
        "      +- SubqueryAlias t\n"
        "         +- Relation memory, [k#0, w#1]\n");
    sqi_plan_expect_tree("SELECT a FROM VALUES (1) AS x(a) UNION SELECT 2", "Distinct\n"
                                                                            "+- Union\n"
                                                                            "   :- Project [a#1]\n"
                                                                            "   :  +- SubqueryAlias x\n"
                                                                            "   :     +- Project [col1#0 AS a#1]\n"
                                                                            "   :        +- LocalRelation [col1#0]\n"
                                                                            "   +- Project [2 AS 2#2]\n"
                                                                            "      +- OneRowRelation\n");
    sqi_plan_expect_tree("SELECT w FROM t LIMIT 1 OFFSET 2", "GlobalLimit 1\n"
                                                             "+- LocalLimit 1\n"
                                                             "   +- Offset 2\n"
                                                             "      +- Project [w#1]\n"
                                                             "         +- SubqueryAlias t\n"
                                                             "            +- Relation memory, [k#0, w#1]\n");
    sqi_plan_expect_tree("SELECT w FROM t EXCEPT SELECT 1", "Except\n"
                                                            ":- Project [w#1]\n"
                                                            ":  +- SubqueryAlias t\n"
                                                            ":     +- Relation memory, [k#0, w#1]\n"
                                                            "+- Project [1 AS 1#2]\n"
                                                            "   +- OneRowRelation\n");
    sqi_plan_expect_tree("SELECT w FROM t INTERSECT SELECT 1", "Intersect\n"
                                                               ":- Project [w#1]\n"
                                                               ":  +- SubqueryAlias t\n"
                                                               ":     +- Relation memory, [k#0, w#1]\n"
                                                               "+- Project [1 AS 1#2]\n"
                                                               "   +- OneRowRelation\n");
}
END_TEST

START_TEST(branches_are_drawn_down_to_their_last_line)
{
    sqi_plan_expect_tree(
        "SELECT k FROM t UNION ALL (SELECT k FROM s UNION SELECT k FROM r) UNION ALL SELECT value FROM lines",
        "Union\n"
        ":- Project [k#0]\n"
        ":  +- SubqueryAlias t\n"
        ":     +- Relation memory, [k#0, w#1]\n"
        ":- Distinct\n"
        ":  +- Union\n"
        ":     :- Project [k#2]\n"
        ":     :  +- SubqueryAlias s\n"
        ":     :     +- StreamingRelation memory, [k#2, v#3, ar#4, m#5, st#6]\n"
        ":     +- Project [k#7]\n"
        ":        +- SubqueryAlias r\n"
        ":           +- StreamingRelation memory, [k#7, v#8]\n"
        "+- Project [value#9]\n"
        "   +- SubqueryAlias lines\n"
        "      +- StreamingRelation memory, [value#9]\n");
}
END_TEST

START_TEST(a_column_named_like_anything_prints)
{
    sqi_plan_expect_tree("SELECT w AS `a b#1, []`, k AS `` FROM t", "Project [w#1 AS a b#1, []#2, k#0 AS #3]\n"
                                                                    "+- SubqueryAlias t\n"
                                                                    "   +- Relation memory, [k#0, w#1]\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {ids_follow_a_column_until_it_is_renamed, each_kind_of_node_has_its_line,
                                  branches_are_drawn_down_to_their_last_line, a_column_named_like_anything_prints};
    return sqi_test_main("plan_explain", tests, sizeof tests / sizeof *tests);
}
