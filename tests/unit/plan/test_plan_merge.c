/* plan_merge: projections become one, limits go below them. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(projections_become_one)
{
    sqi_plan_expect_optimized("SELECT a + 1 AS b FROM (SELECT v * 2 AS a, k FROM s)",
                              "Project [((v#1 * 2) + 1) AS b#5]\n"
                              "+- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(an_expression_that_is_read_twice_is_computed_once)
{
    sqi_plan_expect_optimized("SELECT a + a AS b FROM (SELECT v * 2 AS a FROM s)",
                              "Project [(a#5 + a#5) AS b#6]\n"
                              "+- Project [(v#1 * 2) AS a#5]\n"
                              "   +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_optimized("SELECT a + a AS b FROM (SELECT v AS a FROM s)",
                              "Project [(v#1 + v#1) AS b#5]\n"
                              "+- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(a_random_value_stays_where_it_is)
{
    sqi_plan_expect_optimized("SELECT r + 1 AS b FROM (SELECT rand() AS r FROM s)",
                              "Project [(r#5 + 1.0) AS b#6]\n"
                              "+- Project [rand() AS r#5]\n"
                              "   +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(constants_fold_once_they_meet)
{
    sqi_plan_expect_optimized("SELECT a + 1 AS b, v FROM (SELECT 2 AS a, v FROM s)",
                              "Project [3 AS b#5, v#1]\n"
                              "+- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(what_fails_is_left_to_the_rows)
{
    sqi_plan_expect_optimized("SELECT v DIV a AS b FROM (SELECT 0 AS a, v FROM s)",
                              "Project [(cast(v#1 as bigint) DIV 0) AS b#5]\n"
                              "+- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(the_smaller_of_two_limits_stays)
{
    sqi_plan_expect_optimized("SELECT v FROM (SELECT v FROM s LIMIT 2) LIMIT 4",
                              "Project [v#1]\n"
                              "+- GlobalLimit 2\n"
                              "   +- LocalLimit 2\n"
                              "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_optimized("SELECT w FROM (SELECT w FROM t LIMIT 2 OFFSET 1) LIMIT 1",
                              "Project [w#1]\n"
                              "+- GlobalLimit 1\n"
                              "   +- LocalLimit 1\n"
                              "      +- GlobalLimit 2\n"
                              "         +- LocalLimit 2\n"
                              "            +- Offset 1\n"
                              "               +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(limits_stand_next_to_sorts)
{
    sqi_plan_expect_optimized(
        "SELECT k, n + 1 AS m FROM (SELECT k, count(*) AS n FROM s GROUP BY k ORDER BY max(v)) LIMIT 3",
        "Project [k#0, (count(1)#5 + 1) AS m#7]\n"
        "+- GlobalLimit 3\n"
        "   +- LocalLimit 3\n"
        "      +- Sort [max(v)#6 ASC NULLS FIRST], true\n"
        "         +- Aggregate [k#0], [k#0, count(1) AS count(1)#5, max(v#1) AS max(v)#6]\n"
        "            +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(filters_that_are_true_and_aliases_go)
{
    sqi_plan_expect_optimized("SELECT * FROM (SELECT * FROM s WHERE true) x",
                              "StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {projections_become_one,           an_expression_that_is_read_twice_is_computed_once,
                                  a_random_value_stays_where_it_is, constants_fold_once_they_meet,
                                  what_fails_is_left_to_the_rows,   the_smaller_of_two_limits_stays,
                                  limits_stand_next_to_sorts,       filters_that_are_true_and_aliases_go};
    return sqi_test_main("plan_merge", tests, sizeof tests / sizeof *tests);
}
