/* sql_analyze: WITH, set operations, LIMIT. */
#include <stdio.h>
#include <stdlib.h>

#include "plan_expect.h"
#include "test_main.h"

START_TEST(with_names_chain_and_hide)
{
    sqi_plan_expect_tree("WITH a AS (SELECT v + 1 AS b FROM s), c(d) AS (SELECT b * 2 FROM a) SELECT d FROM c",
                         "Project [d#7]\n"
                         "+- SubqueryAlias c\n"
                         "   +- Project [(b * 2)#6 AS d#7]\n"
                         "      +- Project [(b#5 * 2) AS (b * 2)#6]\n"
                         "         +- SubqueryAlias a\n"
                         "            +- Project [(v#1 + 1) AS b#5]\n"
                         "               +- SubqueryAlias s\n"
                         "                  +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("WITH s AS (SELECT v * 100 AS v FROM s) SELECT v FROM s",
                         "Project [v#5]\n"
                         "+- SubqueryAlias s\n"
                         "   +- Project [(v#1 * 100) AS v#5]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree(
        "SELECT * FROM (WITH t AS (SELECT v FROM s) SELECT v FROM t) x, LATERAL explode(array(v)) AS y",
        "Project [v#1, col#5]\n"
        "+- Generate explode(array(v#1)), false, [col#5]\n"
        "   +- SubqueryAlias x\n"
        "      +- Project [v#1]\n"
        "         +- SubqueryAlias t\n"
        "            +- Project [v#1]\n"
        "               +- SubqueryAlias s\n"
        "                  +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(with_names_end_with_their_query)
{
    sqi_plan_expect_refused("SELECT * FROM (WITH x AS (SELECT v FROM s) SELECT v FROM x) UNION ALL SELECT v FROM x",
                            "TABLE_OR_VIEW_NOT_FOUND");
}
END_TEST

START_TEST(bad_with_clauses_are_refused)
{
    sqi_plan_expect_refused("WITH x AS (SELECT 1), X AS (SELECT 2) SELECT * FROM x", "DUPLICATED_CTE_NAMES");
    sqi_plan_expect_refused("WITH x AS (SELECT zz FROM s) SELECT 1", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_refused("WITH x(a, b) AS (SELECT 1) SELECT 1", "ASSIGNMENT_ARITY_MISMATCH");
    sqi_plan_expect_refused("WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x", "UNSUPPORTED_FEATURE.SQL_CLAUSE");
}
END_TEST

START_TEST(nests_and_rows_of_any_length_are_answered)
{
    static const struct {
        const char *first, *more, *last;
        int times;
        const char *condition;
    } texts[] = {{"SELECT v FROM s", " UNION ALL SELECT v FROM s", "", 400, NULL},
                 {"SELECT v FROM s", " UNION SELECT v FROM r", "", 30, NULL},
                 {"FROM s", " |> WHERE v > 1", "", 400, NULL},
                 {"", "SELECT * FROM (", "SELECT 1", 400, "PARSE_SYNTAX_ERROR"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t len = strlen(texts[i].more);
        char *sql = malloc(strlen(texts[i].first) + len * (size_t)texts[i].times + strlen(texts[i].last) + 1);
        ck_assert_ptr_nonnull(sql);
        char *end = sql + sprintf(sql, "%s", texts[i].first);
        for (int k = 0; k < texts[i].times; k++)
            end += sprintf(end, "%s", texts[i].more);
        sprintf(end, "%s", texts[i].last);
        sqi_plan_expect_refused(sql, texts[i].condition);
        free(sql);
    }
}
END_TEST

START_TEST(union_without_all_is_distinct)
{
    sqi_plan_expect_tree("SELECT k FROM s UNION SELECT k FROM r",
                         "Distinct\n"
                         "+- Union\n"
                         "   :- Project [k#0]\n"
                         "   :  +- SubqueryAlias s\n"
                         "   :     +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n"
                         "   +- Project [k#5]\n"
                         "      +- SubqueryAlias r\n"
                         "         +- StreamingRelation memory, [k#5, v#6]\n");
}
END_TEST

START_TEST(limits_are_constants)
{
    sqi_plan_expect_tree("SELECT v FROM s LIMIT 1 + 1",
                         "GlobalLimit 2\n"
                         "+- LocalLimit 2\n"
                         "   +- Project [v#1]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT v FROM s LIMIT ALL", "Project [v#1]\n"
                                                      "+- SubqueryAlias s\n"
                                                      "   +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT w FROM t LIMIT 2 OFFSET 3", "GlobalLimit 2\n"
                                                             "+- LocalLimit 2\n"
                                                             "   +- Offset 3\n"
                                                             "      +- Project [w#1]\n"
                                                             "         +- SubqueryAlias t\n"
                                                             "            +- Relation memory, [k#0, w#1]\n");
    sqi_plan_expect_tree("SELECT w FROM t OFFSET 3", "Offset 3\n"
                                                     "+- Project [w#1]\n"
                                                     "   +- SubqueryAlias t\n"
                                                     "      +- Relation memory, [k#0, w#1]\n");
    sqi_plan_expect_refused("SELECT v FROM s LIMIT v", "INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE");
    sqi_plan_expect_refused("SELECT v FROM s LIMIT zz", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_refused("SELECT v FROM s LIMIT -1", "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE");
    sqi_plan_expect_refused("SELECT v FROM s OFFSET -1", "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE");
    sqi_plan_expect_refused("SELECT v FROM s LIMIT 'a'", "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE");
    sqi_plan_expect_refused("SELECT v FROM s LIMIT 1L", "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE");
    sqi_plan_expect_refused("SELECT v FROM s LIMIT NULL", "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE");
    sqi_plan_expect_refused("SELECT v FROM s LIMIT CAST(NULL AS INT)", "INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL");
    sqi_plan_expect_refused("SELECT v FROM s LIMIT sum(v)", "INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE");
}
END_TEST

START_TEST(sort_by_and_distribute_by_are_taken)
{
    sqi_plan_expect_tree("SELECT w FROM t DISTRIBUTE BY k SORT BY w DESC", "Sort [w#1 DESC NULLS LAST], true\n"
                                                                           "+- Project [w#1]\n"
                                                                           "   +- SubqueryAlias t\n"
                                                                           "      +- Relation memory, [k#0, w#1]\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        with_names_chain_and_hide,          with_names_end_with_their_query,           bad_with_clauses_are_refused,
        union_without_all_is_distinct,      nests_and_rows_of_any_length_are_answered, limits_are_constants,
        sort_by_and_distribute_by_are_taken};
    return sqi_test_main("sql_analyze", tests, sizeof tests / sizeof *tests);
}
