/* sql_from: names, aliases, LATERAL, what is refused in FROM. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(an_alias_hides_the_name)
{
    sqi_plan_expect_tree("SELECT x.k FROM s x", "Project [k#0]\n"
                                                "+- SubqueryAlias x\n"
                                                "   +- SubqueryAlias s\n"
                                                "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_refused("SELECT s.k FROM s x", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_tree("SELECT p, x.q FROM t AS x(p, q)", "Project [p#2, q#3]\n"
                                                            "+- SubqueryAlias x\n"
                                                            "   +- Project [k#0 AS p#2, w#1 AS q#3]\n"
                                                            "      +- SubqueryAlias t\n"
                                                            "         +- Relation memory, [k#0, w#1]\n");
    sqi_plan_expect_refused("SELECT * FROM t AS x(p)", "ASSIGNMENT_ARITY_MISMATCH");
}
END_TEST

START_TEST(a_subquery_without_alias_has_no_qualifier)
{
    sqi_plan_expect_tree("SELECT k FROM (SELECT k FROM s)",
                         "Project [k#0]\n"
                         "+- SubqueryAlias __auto_generated_subquery_name\n"
                         "   +- Project [k#0]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_refused("SELECT s.k FROM (SELECT k FROM s)", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_tree("SELECT x.k FROM (SELECT k FROM s) x",
                         "Project [k#0]\n"
                         "+- SubqueryAlias x\n"
                         "   +- Project [k#0]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(names_that_are_not_there_are_refused)
{
    sqi_plan_expect_refused("SELECT * FROM nowhere", "TABLE_OR_VIEW_NOT_FOUND");
    sqi_plan_expect_refused("SELECT * FROM a.s", "TABLE_OR_VIEW_NOT_FOUND");
}
END_TEST

START_TEST(lateral_views_stand_on_each_other)
{
    sqi_plan_expect_tree(
        "SELECT p, e FROM s LATERAL VIEW posexplode(ar) x AS p, q LATERAL VIEW OUTER explode(array(q)) AS e",
        "Project [p#5, e#7]\n"
        "+- Generate explode(array(q#6)), true, [e#7]\n"
        "   +- Generate posexplode(ar#2), false, [p#5, q#6]\n"
        "      +- SubqueryAlias s\n"
        "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT x.key, value FROM s LATERAL VIEW explode(m) x",
                         "Project [key#5, value#6]\n"
                         "+- Generate explode(m#3), false, [key#5, value#6]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(bad_lateral_views_are_refused)
{
    sqi_plan_expect_refused("SELECT * FROM s LATERAL VIEW explode(ar) x AS a, b", "UDTF_ALIAS_NUMBER_MISMATCH");
    sqi_plan_expect_refused("SELECT * FROM s LATERAL VIEW upper(k) x AS a", "UNSUPPORTED_GENERATOR.NOT_GENERATOR");
    sqi_plan_expect_refused("SELECT * FROM s LATERAL VIEW nosuch(k) x AS a", "UNRESOLVED_ROUTINE");
}
END_TEST

START_TEST(lateral_functions_join_each_row_with_its_own)
{
    sqi_plan_expect_tree("SELECT k, x.* FROM s, LATERAL explode(ar) AS x",
                         "Project [k#0, col#5]\n"
                         "+- Generate explode(ar#2), false, [col#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT k, a, b FROM s JOIN LATERAL explode(m) AS x(a, b)",
                         "Project [k#0, a#5, b#6]\n"
                         "+- Generate explode(m#3), false, [a#5, b#6]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT k, a FROM s LEFT JOIN LATERAL explode(ar) AS x(a)",
                         "Project [k#0, a#5]\n"
                         "+- Generate explode(ar#2), true, [a#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT k, a FROM s LEFT JOIN LATERAL explode(ar) AS x(a) ON true",
                         "Project [k#0, a#5]\n"
                         "+- Generate explode(ar#2), true, [a#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT k, a FROM s JOIN LATERAL explode(ar) AS x(a) ON a > 1",
                         "Project [k#0, a#5]\n"
                         "+- Filter (a#5 > 1)\n"
                         "   +- Generate explode(ar#2), false, [a#5]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_refused("SELECT * FROM s RIGHT JOIN LATERAL explode(ar) AS x(a)", "INVALID_LATERAL_JOIN_TYPE");
    sqi_plan_expect_refused("SELECT * FROM s, explode(ar) AS x", "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION");
}
END_TEST

START_TEST(joins_and_clauses_without_operators_are_refused)
{
    sqi_plan_expect_refused("SELECT * FROM s JOIN nowhere", "TABLE_OR_VIEW_NOT_FOUND");
    sqi_plan_expect_refused("SELECT * FROM s TABLESAMPLE (50 PERCENT)", "UNSUPPORTED_STREAMING_OPERATION.SAMPLE");
    sqi_plan_expect_refused("SELECT * FROM t TABLESAMPLE (50 PERCENT)", "UNSUPPORTED_FEATURE.SQL_CLAUSE");
    sqi_plan_expect_refused("SELECT * FROM s PIVOT (sum(v) FOR k IN (1))", "UNSUPPORTED_FEATURE.SQL_CLAUSE");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_alias_hides_the_name,
                                  a_subquery_without_alias_has_no_qualifier,
                                  names_that_are_not_there_are_refused,
                                  lateral_views_stand_on_each_other,
                                  bad_lateral_views_are_refused,
                                  lateral_functions_join_each_row_with_its_own,
                                  joins_and_clauses_without_operators_are_refused};
    return sqi_test_main("sql_from", tests, sizeof tests / sizeof *tests);
}
