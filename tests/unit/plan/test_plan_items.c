/* plan_items: stars, default names, aliases of the same list, generators. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(stars_give_the_columns_in_order)
{
    sqi_plan_expect_schema("SELECT * FROM t", "k STRING, w INT");
    sqi_plan_expect_schema("SELECT t.*, w + 1 AS x FROM t", "k STRING, w INT, x INT");
    sqi_plan_expect_schema("SELECT * EXCEPT (w) FROM t", "k STRING");
    sqi_plan_expect_schema("SELECT st.* FROM s", "f INT, g STRING");
    sqi_plan_expect_schema("SELECT * EXCEPT (k, v, ar, m, st.f) FROM s", "st STRUCT<g: STRING> NOT NULL");
    sqi_plan_expect_refused("SELECT * EXCEPT (st.zz) FROM s", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
}
END_TEST

START_TEST(default_names_are_printed_as_spark_does)
{
    sqi_plan_expect_schema(
        "SELECT v + 1, K, -v, count(*), st.g, v IN (1, 2) FROM s GROUP BY ALL",
        "`(v + 1)` INT, K STRING, `(- v)` INT, `count(1)` BIGINT NOT NULL, g STRING, `(v IN (1, 2))` BOOLEAN");
}
END_TEST

START_TEST(an_alias_may_be_used_further_right)
{
    sqi_plan_expect_tree("SELECT v + 1 AS b, b * 2 AS c, b + c AS d FROM s",
                         "Project [b#5, c#6, (b#5 + c#6) AS d#7]\n"
                         "+- Project [k#0, v#1, ar#2, m#3, st#4, b#5, (b#5 * 2) AS c#6]\n"
                         "   +- Project [k#0, v#1, ar#2, m#3, st#4, (v#1 + 1) AS b#5]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(a_column_is_preferred_to_an_alias)
{
    sqi_plan_expect_tree("SELECT v + 1 AS k, k FROM s",
                         "Project [(v#1 + 1) AS k#5, k#0]\n"
                         "+- SubqueryAlias s\n"
                         "   +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(the_field_of_an_alias_is_found)
{
    sqi_plan_expect_tree("SELECT st AS x, x.f FROM s",
                         "Project [x#5, getfield(x#5) AS f#6]\n"
                         "+- Project [k#0, v#1, ar#2, m#3, st#4, st#4 AS x#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(aliases_are_used_over_aggregates)
{
    sqi_plan_expect_tree("SELECT k, sum(v) AS total, count(*) AS n, total / n AS mean FROM s GROUP BY k",
                         "Project [k#0, total#7, n#8, (cast(total#7 as double) / cast(n#8 as double)) AS mean#9]\n"
                         "+- Project [k#0, sum(v)#5, count(1)#6, k#0, sum(v)#5 AS total#7, count(1)#6 AS n#8]\n"
                         "   +- Aggregate [k#0], [k#0, sum(v#1) AS sum(v)#5, count(1) AS count(1)#6]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(aliases_are_refused_where_spark_refuses_them)
{
    sqi_plan_expect_refused("SELECT v + 1 AS b, v + 2 AS b, b * 2 FROM s", "AMBIGUOUS_LATERAL_COLUMN_ALIAS");
    sqi_plan_expect_refused("SELECT v AS x, sum(x) FROM s GROUP BY v",
                            "UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC");
    sqi_plan_expect_refused("SELECT b, v + 1 AS b FROM s", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
}
END_TEST

START_TEST(a_generator_becomes_a_node_below_the_projection)
{
    sqi_plan_expect_tree("SELECT k, explode(ar) AS x FROM s",
                         "Project [k#0, col#5 AS x#6]\n"
                         "+- Generate explode(ar#2), false, [col#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT posexplode(ar), explode(m) AS (name, n) FROM s",
                         "Project [pos#5, col#6, key#7 AS name#9, value#8 AS n#10]\n"
                         "+- Generate explode(m#3), false, [key#7, value#8]\n"
                         "   +- Generate posexplode(ar#2), false, [pos#5, col#6]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_schema("SELECT posexplode(ar), explode_outer(m) FROM s",
                           "pos INT NOT NULL, col INT, key STRING, value INT");
}
END_TEST

START_TEST(several_generators_multiply_in_their_order)
{
    sqi_plan_expect_tree("SELECT explode(ar) AS x, explode(ar) AS y, x + y AS z FROM s",
                         "Project [x#7, y#8, (x#7 + y#8) AS z#9]\n"
                         "+- Project [k#0, v#1, ar#2, m#3, st#4, col#5, col#6, col#5 AS x#7, col#6 AS y#8]\n"
                         "   +- Generate explode(ar#2), false, [col#6]\n"
                         "      +- Generate explode(ar#2), false, [col#5]\n"
                         "         +- SubqueryAlias s\n"
                         "            +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(a_generator_may_take_an_alias_or_an_aggregate)
{
    sqi_plan_expect_tree("SELECT ar AS a, explode(a) AS x FROM s",
                         "Project [ar#2 AS a#6, col#5 AS x#7]\n"
                         "+- Generate explode(ar#2), false, [col#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree(
        "SELECT k, explode(collect_list(v)) AS x, count(*) AS n FROM s GROUP BY k",
        "Project [k#0, col#7 AS x#8, count(1)#5 AS n#9]\n"
        "+- Generate explode(collect_list(v)#6), false, [col#7]\n"
        "   +- Aggregate [k#0], [k#0, count(1) AS count(1)#5, collect_list(v#1) AS collect_list(v)#6]\n"
        "      +- SubqueryAlias s\n"
        "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(generators_are_refused_elsewhere)
{
    sqi_plan_expect_refused("SELECT explode(ar) + 1 FROM s", "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS");
    sqi_plan_expect_refused("SELECT k FROM s WHERE explode(ar) > 1", "UNSUPPORTED_GENERATOR.OUTSIDE_SELECT");
    sqi_plan_expect_refused("SELECT k FROM s ORDER BY explode(ar)", "UNSUPPORTED_GENERATOR.OUTSIDE_SELECT");
    sqi_plan_expect_refused("SELECT count(*) FROM s GROUP BY explode(ar)", "UNSUPPORTED_EXPR_FOR_OPERATOR");
    sqi_plan_expect_refused("SELECT explode(m) AS x FROM s", "UDTF_ALIAS_NUMBER_MISMATCH");
    sqi_plan_expect_refused("SELECT explode(ar) AS (x, y) FROM s", "UDTF_ALIAS_NUMBER_MISMATCH");
    sqi_plan_expect_refused("SELECT v AS (x, y) FROM s", "MULTI_ALIAS_WITHOUT_GENERATOR");
}
END_TEST

START_TEST(window_functions_subqueries_and_time_windows_are_refused)
{
    sqi_plan_expect_refused("SELECT row_number() OVER (ORDER BY v) FROM s",
                            "NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING");
    sqi_plan_expect_refused("SELECT sum(w) OVER (ORDER BY w) FROM t", "UNSUPPORTED_FEATURE.SQL_CLAUSE");
    sqi_plan_expect_refused("SELECT (SELECT max(w) FROM t) FROM s", "UNSUPPORTED_FEATURE.SUBQUERY");
    sqi_plan_expect_refused("SELECT (SELECT max(v) FROM s) FROM t", "INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY");
    sqi_plan_expect_refused("SELECT k FROM t WHERE EXISTS (SELECT 1 FROM s WHERE s.k = t.k)",
                            "INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY");
    sqi_plan_expect_refused("SELECT window.start FROM s GROUP BY window(v, '1 minute')",
                            "UNSUPPORTED_FEATURE.TIME_WINDOW");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {stars_give_the_columns_in_order,
                                  default_names_are_printed_as_spark_does,
                                  an_alias_may_be_used_further_right,
                                  a_column_is_preferred_to_an_alias,
                                  the_field_of_an_alias_is_found,
                                  aliases_are_used_over_aggregates,
                                  aliases_are_refused_where_spark_refuses_them,
                                  a_generator_becomes_a_node_below_the_projection,
                                  several_generators_multiply_in_their_order,
                                  a_generator_may_take_an_alias_or_an_aggregate,
                                  generators_are_refused_elsewhere,
                                  window_functions_subqueries_and_time_windows_are_refused};
    return sqi_test_main("plan_items", tests, sizeof tests / sizeof *tests);
}
