/* plan_grouping: keys, aggregates, HAVING and ORDER BY over them, grouping sets. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(keys_come_first_then_each_aggregate_once)
{
    sqi_plan_expect_tree("SELECT sum(v), k, sum(v) + count(*) AS x FROM s GROUP BY k",
                         "Project [sum(v)#5, k#0, (sum(v)#5 + count(1)#6) AS x#7]\n"
                         "+- Aggregate [k#0], [k#0, sum(v#1) AS sum(v)#5, count(1) AS count(1)#6]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(an_expression_that_is_a_key_is_not_computed_again)
{
    sqi_plan_expect_tree("SELECT v % 2 + 1 AS x, count(*) AS n FROM s GROUP BY v % 2",
                         "Project [((v % 2)#5 + 1) AS x#7, count(1)#6 AS n#8]\n"
                         "+- Aggregate [(v#1 % 2)], [(v#1 % 2) AS (v % 2)#5, count(1) AS count(1)#6]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(aggregates_without_group_by_make_one_group)
{
    sqi_plan_expect_tree("SELECT count(*) AS n FROM s",
                         "Project [count(1)#5 AS n#6]\n"
                         "+- Aggregate [], [count(1) AS count(1)#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT 1 AS one FROM s HAVING count(*) > 1",
                         "Project [one#6]\n"
                         "+- Filter (count(1)#5 > 1)\n"
                         "   +- Project [1 AS one#6, count(1)#5]\n"
                         "      +- Aggregate [], [count(1) AS count(1)#5]\n"
                         "         +- SubqueryAlias s\n"
                         "            +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT typeof(sum(v)) AS t FROM s",
                         "Project [bigint AS t#5]\n"
                         "+- Aggregate [], []\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(keys_may_be_positions_aliases_or_all)
{
    sqi_plan_expect_tree("SELECT v % 2 AS odd, k AS x, count(*) AS n FROM s GROUP BY 1, x",
                         "Project [(v % 2)#5 AS odd#7, k#0 AS x#8, count(1)#6 AS n#9]\n"
                         "+- Aggregate [(v#1 % 2), k#0], [(v#1 % 2) AS (v % 2)#5, k#0, count(1) AS count(1)#6]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT k, v + 1 AS w, max(v) AS m FROM s GROUP BY ALL",
                         "Project [k#0, (v + 1)#5 AS w#7, max(v)#6 AS m#8]\n"
                         "+- Aggregate [k#0, (v#1 + 1)], [k#0, (v#1 + 1) AS (v + 1)#5, max(v#1) AS max(v)#6]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT max(v) AS v, min(k) AS x FROM s GROUP BY v",
                         "Project [max(v)#5 AS v#7, min(k)#6 AS x#8]\n"
                         "+- Aggregate [v#1], [v#1, max(v#1) AS max(v)#5, min(k#0) AS min(k)#6]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(a_literal_key_is_a_key)
{
    sqi_plan_expect_tree("SELECT 'all' AS x, sum(v) AS n FROM s GROUP BY 'all'",
                         "Project [all AS x#7, sum(v)#6 AS n#8]\n"
                         "+- Aggregate [all], [all AS all#5, sum(v#1) AS sum(v)#6]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(having_sees_aliases_and_aggregates_that_are_not_selected)
{
    sqi_plan_expect_tree("SELECT k, sum(v) AS total FROM s GROUP BY k HAVING total > 1 AND max(v) < 9",
                         "Project [k#0, total#7]\n"
                         "+- Filter ((total#7 > 1) AND (max(v)#6 < 9))\n"
                         "   +- Project [k#0, sum(v)#5 AS total#7, max(v)#6]\n"
                         "      +- Aggregate [k#0], [k#0, sum(v#1) AS sum(v)#5, max(v#1) AS max(v)#6]\n"
                         "         +- SubqueryAlias s\n"
                         "            +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT k, sum(v) AS v FROM s GROUP BY k HAVING sum(v) > 1 AND v < 9",
                         "Project [k#0, v#6]\n"
                         "+- Filter ((sum(v)#5 > 1) AND (v#6 < 9))\n"
                         "   +- Project [k#0, sum(v)#5 AS v#6, sum(v)#5]\n"
                         "      +- Aggregate [k#0], [k#0, sum(v#1) AS sum(v)#5]\n"
                         "         +- SubqueryAlias s\n"
                         "            +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(order_by_sees_aliases_positions_keys_and_aggregates_that_are_not_selected)
{
    sqi_plan_expect_tree(
        "SELECT upper(k) AS u, sum(v) AS total FROM s GROUP BY k ORDER BY 2 DESC, length(k), u, count(*)",
        "Project [u#7, total#8]\n"
        "+- Sort [total#8 DESC NULLS LAST, length(k#0) ASC NULLS FIRST, u#7 ASC NULLS FIRST, count(1)#6 ASC NULLS "
        "FIRST], true\n"
        "   +- Project [upper(k#0) AS u#7, sum(v)#5 AS total#8, k#0, count(1)#6]\n"
        "      +- Aggregate [k#0], [k#0, sum(v#1) AS sum(v)#5, count(1) AS count(1)#6]\n"
        "         +- SubqueryAlias s\n"
        "            +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(what_is_no_key_is_refused)
{
    sqi_plan_expect_refused("SELECT k, v, sum(v) FROM s GROUP BY k", "MISSING_AGGREGATION");
    sqi_plan_expect_refused("SELECT k, sum(v) FROM s", "MISSING_GROUP_BY");
    sqi_plan_expect_refused("SELECT k FROM s HAVING k > 'a'", "MISSING_GROUP_BY");
    sqi_plan_expect_refused("SELECT k FROM s GROUP BY k ORDER BY v", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_refused("SELECT k FROM s GROUP BY k HAVING v > 1", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_refused("SELECT k FROM s GROUP BY k HAVING zz > 1", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
}
END_TEST

START_TEST(bad_keys_are_refused)
{
    sqi_plan_expect_refused("SELECT count(*) FROM s GROUP BY sum(v)", "GROUP_BY_AGGREGATE");
    sqi_plan_expect_refused("SELECT sum(v) AS x FROM s GROUP BY x", "GROUP_BY_AGGREGATE");
    sqi_plan_expect_refused("SELECT k, sum(v) FROM s GROUP BY 2", "GROUP_BY_POS_AGGREGATE");
    sqi_plan_expect_refused("SELECT k FROM s GROUP BY 2", "GROUP_BY_POS_OUT_OF_RANGE");
    sqi_plan_expect_refused("SELECT k FROM s GROUP BY 0", "GROUP_BY_POS_OUT_OF_RANGE");
    sqi_plan_expect_refused("SELECT k FROM s GROUP BY -1", "GROUP_BY_POS_OUT_OF_RANGE");
    sqi_plan_expect_refused("SELECT count(*) FROM s GROUP BY *", "INVALID_USAGE_OF_STAR_OR_REGEX");
    sqi_plan_expect_refused("SELECT explode(ar) AS e, count(*) FROM s GROUP BY e", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
}
END_TEST

START_TEST(aggregates_inside_aggregates_are_refused)
{
    sqi_plan_expect_refused("SELECT max(sum(v)) FROM s", "NESTED_AGGREGATE_FUNCTION");
    sqi_plan_expect_refused("SELECT k, sum(v) AS x FROM s GROUP BY k ORDER BY max(x)", "NESTED_AGGREGATE_FUNCTION");
    sqi_plan_expect_refused("SELECT k FROM s WHERE max(v) > 1", "INVALID_WHERE_CONDITION");
    sqi_plan_expect_refused("SELECT k FROM s ORDER BY count(*)", "UNSUPPORTED_EXPR_FOR_OPERATOR");
    sqi_plan_expect_refused("SELECT DISTINCT k FROM s GROUP BY k ORDER BY count(*)", "UNSUPPORTED_EXPR_FOR_OPERATOR");
}
END_TEST

START_TEST(grouping_sets_expand_the_rows)
{
    sqi_plan_expect_tree(
        "SELECT k, v, count(*) AS n FROM s GROUP BY ROLLUP(k, v)",
        "Project [k#5, v#6, count(1)#8 AS n#9]\n"
        "+- Aggregate [k#5, v#6, spark_grouping_id#7], [k#5, v#6, spark_grouping_id#7, count(1) AS count(1)#8]\n"
        "   +- Expand [[k#0, v#1, ar#2, m#3, st#4, k#0, v#1, 0], [k#0, v#1, ar#2, m#3, st#4, k#0, NULL, 1], [k#0, v#1, "
        "ar#2, m#3, st#4, NULL, NULL, 3]], [k#0, v#1, ar#2, m#3, st#4, k#5, v#6, spark_grouping_id#7]\n"
        "      +- SubqueryAlias s\n"
        "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree(
        "SELECT k, grouping(k) AS g, grouping_id() AS id FROM s GROUP BY CUBE(k)",
        "Project [k#5, cast((spark_grouping_id#6 % 2) as tinyint) AS g#7, spark_grouping_id#6 AS id#8]\n"
        "+- Aggregate [k#5, spark_grouping_id#6], [k#5, spark_grouping_id#6]\n"
        "   +- Expand [[k#0, v#1, ar#2, m#3, st#4, k#0, 0], [k#0, v#1, ar#2, m#3, st#4, NULL, 1]], [k#0, v#1, ar#2, "
        "m#3, st#4, k#5, spark_grouping_id#6]\n"
        "      +- SubqueryAlias s\n"
        "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(sets_that_repeat_are_told_apart)
{
    sqi_plan_expect_tree("SELECT k, count(*) AS n FROM t GROUP BY GROUPING SETS ((k), (k))",
                         "Project [k#0, count(1)#4 AS n#5]\n"
                         "+- Aggregate [k#0, spark_grouping_id#2, _gen_grouping_pos#3], [k#0, spark_grouping_id#2, "
                         "_gen_grouping_pos#3, count(1) AS count(1)#4]\n"
                         "   +- Expand [[k#0, w#1, k#0, 0, 0], [k#0, w#1, k#0, 0, 1]], [k#0, w#1, k#0, "
                         "spark_grouping_id#2, _gen_grouping_pos#3]\n"
                         "      +- SubqueryAlias t\n"
                         "         +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(keys_of_grouping_sets_may_be_null)
{
    sqi_plan_expect_schema("SELECT 1 AS one, count(*) AS n FROM t GROUP BY ROLLUP(1)", "one INT, n BIGINT NOT NULL");
}
END_TEST

START_TEST(operands_may_stand_the_other_way_round)
{
    sqi_plan_expect_tree("SELECT 1 + v AS a, k FROM s GROUP BY v + 1, k",
                         "Project [(v + 1)#5 AS a#6, k#0]\n"
                         "+- Aggregate [(v#1 + 1), k#0], [(v#1 + 1) AS (v + 1)#5, k#0]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(grouping_calls_need_grouping_sets_and_keys)
{
    sqi_plan_expect_refused("SELECT grouping(k) FROM s", "UNSUPPORTED_GROUPING_EXPRESSION");
    sqi_plan_expect_refused("SELECT k, grouping_id() FROM s GROUP BY k", "UNSUPPORTED_GROUPING_EXPRESSION");
    sqi_plan_expect_refused("SELECT k FROM s ORDER BY grouping(k)", "UNSUPPORTED_GROUPING_EXPRESSION");
    sqi_plan_expect_refused("SELECT k FROM s GROUP BY grouping(k)", "UNSUPPORTED_GROUPING_EXPRESSION");
    sqi_plan_expect_refused("SELECT k, grouping(v) FROM s GROUP BY ROLLUP(k)", "GROUPING_COLUMN_MISMATCH");
    sqi_plan_expect_refused("SELECT k, v, grouping_id(v, k) FROM s GROUP BY ROLLUP(k, v)",
                            "GROUPING_ID_COLUMN_MISMATCH");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {keys_come_first_then_each_aggregate_once,
                                  an_expression_that_is_a_key_is_not_computed_again,
                                  aggregates_without_group_by_make_one_group,
                                  keys_may_be_positions_aliases_or_all,
                                  a_literal_key_is_a_key,
                                  having_sees_aliases_and_aggregates_that_are_not_selected,
                                  order_by_sees_aliases_positions_keys_and_aggregates_that_are_not_selected,
                                  what_is_no_key_is_refused,
                                  bad_keys_are_refused,
                                  aggregates_inside_aggregates_are_refused,
                                  grouping_sets_expand_the_rows,
                                  sets_that_repeat_are_told_apart,
                                  keys_of_grouping_sets_may_be_null,
                                  operands_may_stand_the_other_way_round,
                                  grouping_calls_need_grouping_sets_and_keys};
    return sqi_test_main("plan_grouping", tests, sizeof tests / sizeof *tests);
}
