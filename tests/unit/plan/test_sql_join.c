/* sql_join: joins are analyzed in full, then refused; LATERAL functions need none. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(a_condition_sees_both_sides)
{
    sqi_plan_expect_tree("SELECT s.k, w FROM s JOIN t ON s.k = t.k AND w > 1",
                         "Project [k#0, w#6]\n"
                         "+- Join Inner, ((k#0 = k#5) AND (w#6 > 1))\n"
                         "   :- SubqueryAlias s\n"
                         "   :  +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n"
                         "   +- SubqueryAlias t\n"
                         "      +- Relation memory, [k#5, w#6]\n");
    sqi_plan_expect_tree("SELECT r.k FROM r LEFT ANTI JOIN t ON r.k = t.k AND t.w > 1",
                         "Project [k#0]\n"
                         "+- Join LeftAnti, ((k#0 = k#2) AND (w#3 > 1))\n"
                         "   :- SubqueryAlias r\n"
                         "   :  +- StreamingRelation memory, [k#0, v#1]\n"
                         "   +- SubqueryAlias t\n"
                         "      +- Relation memory, [k#2, w#3]\n");
    sqi_plan_expect_tree("SELECT v FROM r, t WHERE r.k = t.k", "Project [v#1]\n"
                                                               "+- Filter (k#0 = k#2)\n"
                                                               "   +- Join Cross\n"
                                                               "      :- SubqueryAlias r\n"
                                                               "      :  +- StreamingRelation memory, [k#0, v#1]\n"
                                                               "      +- SubqueryAlias t\n"
                                                               "         +- Relation memory, [k#2, w#3]\n");
}
END_TEST

START_TEST(outer_joins_make_columns_nullable)
{
    sqi_plan_expect_schema("SELECT * FROM (SELECT 1 AS a) x LEFT JOIN (SELECT 2 AS b) y ON a = b",
                           "a INT NOT NULL, b INT");
    sqi_plan_expect_schema("SELECT * FROM (SELECT 1 AS a) x RIGHT JOIN (SELECT 2 AS b) y ON a = b",
                           "a INT, b INT NOT NULL");
    sqi_plan_expect_schema("SELECT * FROM (SELECT 1 AS a) x FULL JOIN (SELECT 2 AS b) y ON a = b", "a INT, b INT");
    sqi_plan_expect_schema("SELECT * FROM (SELECT 1 AS a) x LEFT SEMI JOIN (SELECT 2 AS b) y ON a = b",
                           "a INT NOT NULL");
}
END_TEST

START_TEST(using_gives_the_key_once_and_first)
{
    sqi_plan_expect_tree("SELECT * FROM (SELECT v, k FROM r) r JOIN t USING (k)",
                         "Project [k#0, v#1, w#3]\n"
                         "+- Project [k#0, v#1, w#3, k#0, k#2]\n"
                         "   +- Join Inner, (k#0 = k#2)\n"
                         "      :- SubqueryAlias r\n"
                         "      :  +- Project [v#1, k#0]\n"
                         "      :     +- SubqueryAlias r\n"
                         "      :        +- StreamingRelation memory, [k#0, v#1]\n"
                         "      +- SubqueryAlias t\n"
                         "         +- Relation memory, [k#2, w#3]\n");
    sqi_plan_expect_schema("SELECT *, r.k, t.k FROM (SELECT v, k FROM r) r JOIN t USING (k)",
                           "k STRING, v BIGINT, w INT, k STRING, k STRING");
    sqi_plan_expect_tree("FROM r |> RIGHT JOIN t USING (k)", "Project [k#2, v#1, w#3]\n"
                                                             "+- Project [k#2, v#1, w#3, k#0, k#2]\n"
                                                             "   +- Join RightOuter, (k#0 = k#2)\n"
                                                             "      :- SubqueryAlias r\n"
                                                             "      :  +- StreamingRelation memory, [k#0, v#1]\n"
                                                             "      +- SubqueryAlias t\n"
                                                             "         +- Relation memory, [k#2, w#3]\n");
}
END_TEST

START_TEST(natural_joins_take_the_common_names_and_full_ones_either_key)
{
    sqi_plan_expect_tree("SELECT k, t.k, v FROM r NATURAL FULL JOIN t",
                         "Project [k#4, k#2, v#1]\n"
                         "+- Project [coalesce(k#0, k#2) AS k#4, v#1, w#3, k#0, k#2]\n"
                         "   +- Join FullOuter, (k#0 = k#2)\n"
                         "      :- SubqueryAlias r\n"
                         "      :  +- StreamingRelation memory, [k#0, v#1]\n"
                         "      +- SubqueryAlias t\n"
                         "         +- Relation memory, [k#2, w#3]\n");
}
END_TEST

START_TEST(hidden_keys_do_not_count_in_set_operations)
{
    sqi_plan_expect_schema("FROM r |> JOIN t USING (k) |> UNION ALL (SELECT k, v, 1 FROM r)",
                           "k STRING, v BIGINT, w INT");
}
END_TEST

START_TEST(bad_joins_are_refused)
{
    sqi_plan_expect_refused("SELECT k FROM s JOIN t ON s.k = t.k", "AMBIGUOUS_REFERENCE");
    sqi_plan_expect_refused("SELECT 1 FROM s JOIN t ON k = 1", "AMBIGUOUS_REFERENCE");
    sqi_plan_expect_refused("SELECT 1 FROM s JOIN t ON v + w", "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE");
    sqi_plan_expect_refused("SELECT 1 FROM s JOIN t USING (v)", "UNRESOLVED_USING_COLUMN_FOR_JOIN");
    sqi_plan_expect_refused("SELECT 1 FROM s JOIN t ON rand() > 0.5", "INVALID_NON_DETERMINISTIC_EXPRESSIONS");
    sqi_plan_expect_refused("SELECT 1 FROM s JOIN t ON count(*) > 1", "UNSUPPORTED_EXPR_FOR_OPERATOR");
    sqi_plan_expect_refused("SELECT 1 FROM s JOIN t ON s.k = t.missing", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_refused("SELECT 1 FROM s JOIN (SELECT k, k FROM t) x USING (k)", "AMBIGUOUS_REFERENCE");
    sqi_plan_expect_refused("SELECT 1 FROM s JOIN LATERAL (SELECT v + 1) x", "UNSUPPORTED_FEATURE.JOIN");
}
END_TEST

START_TEST(the_mode_is_judged_before_the_join)
{
    sqi_plan_expect_check("SELECT s.k FROM s JOIN t ON s.k = t.k", STREAMQ_APPEND, "UNSUPPORTED_FEATURE.JOIN");
    sqi_plan_expect_check("SELECT s.k FROM s JOIN t ON s.k = t.k", STREAMQ_COMPLETE,
                          "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_condition_sees_both_sides,
                                  outer_joins_make_columns_nullable,
                                  using_gives_the_key_once_and_first,
                                  natural_joins_take_the_common_names_and_full_ones_either_key,
                                  hidden_keys_do_not_count_in_set_operations,
                                  bad_joins_are_refused,
                                  the_mode_is_judged_before_the_join};
    return sqi_test_main("sql_join", tests, sizeof tests / sizeof *tests);
}
