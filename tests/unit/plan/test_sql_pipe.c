/* sql_pipe: pipe operators. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(select_where_and_as)
{
    sqi_plan_expect_tree("FROM s |> SELECT v + 1 AS w |> WHERE w > 1 |> AS x |> SELECT x.w",
                         "Project [w#5]\n"
                         "+- SubqueryAlias x\n"
                         "   +- Filter (w#5 > 1)\n"
                         "      +- SubqueryAlias __auto_generated_subquery_name\n"
                         "         +- Project [(v#1 + 1) AS w#5]\n"
                         "            +- SubqueryAlias s\n"
                         "               +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(extend_set_and_drop_change_columns)
{
    sqi_plan_expect_tree("FROM t |> EXTEND w + 1 AS x, x * 2 AS y",
                         "Project [k#0, w#1, x#2, (x#2 * 2) AS y#3]\n"
                         "+- Project [k#0, w#1, k#0, w#1, (w#1 + 1) AS x#2]\n"
                         "   +- SubqueryAlias t\n"
                         "      +- Relation memory, [k#0, w#1]\n");
    sqi_plan_expect_tree("FROM t |> SET w = w + 1, k = concat(k, w)",
                         "Project [concat(k#0, cast(w#2 as string)) AS k#3, w#2]\n"
                         "+- Project [k#0, (w#1 + 1) AS w#2]\n"
                         "   +- SubqueryAlias t\n"
                         "      +- Relation memory, [k#0, w#1]\n");
    sqi_plan_expect_tree("FROM t |> DROP w", "Project [k#0]\n"
                                             "+- SubqueryAlias t\n"
                                             "   +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(aggregate_puts_keys_first)
{
    sqi_plan_expect_tree(
        "FROM s |> AGGREGATE sum(v) AS total, count(*) AS n GROUP BY upper(k) AS u",
        "Project [upper(k)#5 AS u#8, sum(v)#6 AS total#9, count(1)#7 AS n#10]\n"
        "+- Aggregate [upper(k#0)], [upper(k#0) AS upper(k)#5, sum(v#1) AS sum(v)#6, count(1) AS count(1)#7]\n"
        "   +- SubqueryAlias s\n"
        "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("FROM s |> AGGREGATE count(*) AS n GROUP BY 1",
                         "Project [k#0, count(1)#5 AS n#6]\n"
                         "+- Aggregate [k#0], [k#0, count(1) AS count(1)#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("FROM s |> AGGREGATE count(*)",
                         "Project [count(1)#5]\n"
                         "+- Aggregate [], [count(1) AS count(1)#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(select_may_group_and_be_distinct)
{
    sqi_plan_expect_tree("FROM s |> SELECT k, count(*) AS n GROUP BY k",
                         "Project [k#0, count(1)#5 AS n#6]\n"
                         "+- Aggregate [k#0], [k#0, count(1) AS count(1)#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("FROM s |> SELECT DISTINCT v",
                         "Distinct\n"
                         "+- Project [v#1]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(order_limit_and_sets)
{
    sqi_plan_expect_tree("FROM t |> ORDER BY w DESC |> LIMIT 2 |> OFFSET 1",
                         "Offset 1\n"
                         "+- GlobalLimit 2\n"
                         "   +- LocalLimit 2\n"
                         "      +- Sort [w#1 DESC NULLS LAST], true\n"
                         "         +- SubqueryAlias t\n"
                         "            +- Relation memory, [k#0, w#1]\n");
    sqi_plan_expect_tree("FROM s |> SELECT v |> UNION (SELECT v FROM r)",
                         "Distinct\n"
                         "+- Union\n"
                         "   :- Project [cast(v#1 as bigint) AS v#5]\n"
                         "   :  +- SubqueryAlias __auto_generated_subquery_name\n"
                         "   :     +- Project [v#1]\n"
                         "   :        +- SubqueryAlias s\n"
                         "   :           +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n"
                         "   +- Project [v#7]\n"
                         "      +- SubqueryAlias r\n"
                         "         +- StreamingRelation memory, [k#6, v#7]\n");
}
END_TEST

START_TEST(lateral_joins_use_the_rows_that_flow_in)
{
    sqi_plan_expect_tree("FROM s |> JOIN LATERAL explode(ar) AS x(a) |> SELECT k, a",
                         "Project [k#0, a#5]\n"
                         "+- Generate explode(ar#2), false, [a#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(what_was_dropped_is_gone)
{
    sqi_plan_expect_refused("FROM s |> SELECT k |> WHERE v > 1", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_refused("FROM s |> SELECT k |> ORDER BY v", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_schema("FROM s |> SELECT s.k |> WHERE s.k > 1 |> SELECT s.k", "k STRING");
}
END_TEST

START_TEST(bad_operators_are_refused)
{
    sqi_plan_expect_refused("FROM s |> EXTEND sum(v) AS t", "PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION");
    sqi_plan_expect_refused("FROM s |> AGGREGATE v GROUP BY k",
                            "PIPE_OPERATOR_AGGREGATE_EXPRESSION_CONTAINS_NO_AGGREGATE_FUNCTION");
    sqi_plan_expect_refused("FROM s |> WHERE sum(v) > 1", "INVALID_WHERE_CONDITION");
    sqi_plan_expect_refused("FROM s |> SET zz = 1", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_refused("FROM s |> DROP zz", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_refused("FROM s |> DROP k, v, K", "EXCEPT_OVERLAPPING_COLUMNS");
    sqi_plan_expect_refused("FROM s |> AGGREGATE count(*) GROUP BY 9", "GROUP_BY_POS_OUT_OF_RANGE");
    sqi_plan_expect_refused("FROM s |> TABLESAMPLE (50 PERCENT)", "UNSUPPORTED_STREAMING_OPERATION.SAMPLE");
    sqi_plan_expect_refused("FROM s |> PIVOT (sum(v) FOR k IN (1))", "UNSUPPORTED_FEATURE.SQL_CLAUSE");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {select_where_and_as,       extend_set_and_drop_change_columns,
                                  aggregate_puts_keys_first, select_may_group_and_be_distinct,
                                  order_limit_and_sets,      lateral_joins_use_the_rows_that_flow_in,
                                  what_was_dropped_is_gone,  bad_operators_are_refused};
    return sqi_test_main("sql_pipe", tests, sizeof tests / sizeof *tests);
}
