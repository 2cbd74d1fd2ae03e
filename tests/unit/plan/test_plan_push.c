/* plan_push: filters move towards the sources. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(through_projections_that_only_rename)
{
    sqi_plan_expect_optimized("SELECT a FROM (SELECT v AS a, k FROM s) WHERE a > 1",
                              "Project [v#1 AS a#5]\n"
                              "+- Filter (v#1 > 1)\n"
                              "   +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_optimized("SELECT a FROM (SELECT v * 2 AS a FROM s) WHERE a > 1",
                              "Filter (a#5 > 1)\n"
                              "+- Project [(v#1 * 2) AS a#5]\n"
                              "   +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(through_aggregations_by_key_only)
{
    sqi_plan_expect_optimized("SELECT k, sum(v) AS n FROM s GROUP BY k HAVING k > 'a' AND n > 1",
                              "Project [k#0, sum(v)#5 AS n#6]\n"
                              "+- Filter (sum(v)#5 > 1)\n"
                              "   +- Aggregate [k#0], [k#0, sum(v#1) AS sum(v)#5]\n"
                              "      +- Filter (k#0 > a)\n"
                              "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_optimized("SELECT u FROM (SELECT DISTINCT upper(k) AS u FROM s) WHERE u > 'A'",
                              "Distinct\n"
                              "+- Filter (u#5 > A)\n"
                              "   +- Project [upper(k#0) AS u#5]\n"
                              "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_optimized("SELECT n FROM (SELECT count(*) AS n FROM s) WHERE true AND n > 1",
                              "Project [count(1)#5 AS n#6]\n"
                              "+- Filter (count(1)#5 > 1)\n"
                              "   +- Aggregate [], [count(1) AS count(1)#5]\n"
                              "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(through_generators_by_kept_columns_only)
{
    sqi_plan_expect_optimized("SELECT e FROM s LATERAL VIEW explode(ar) AS e WHERE k > 'a' AND e > 1",
                              "Filter (e#5 > 1)\n"
                              "+- Generate explode(ar#2), false, [e#5]\n"
                              "   +- Filter (k#0 > a)\n"
                              "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(into_every_input_of_a_union)
{
    sqi_plan_expect_optimized("SELECT v FROM (SELECT k, v FROM s UNION ALL SELECT k, v FROM r) WHERE k > 'a'",
                              "Union\n"
                              ":- Project [cast(v#1 as bigint) AS v#5]\n"
                              ":  +- Filter (k#0 > a)\n"
                              ":     +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n"
                              "+- Project [v#7]\n"
                              "   +- Filter (k#6 > a)\n"
                              "      +- StreamingRelation memory, [k#6, v#7]\n");
}
END_TEST

START_TEST(not_through_limits_dedup_and_grouping_sets)
{
    sqi_plan_expect_optimized("SELECT v FROM (SELECT v FROM s LIMIT 3) WHERE v > 1",
                              "Project [v#1]\n"
                              "+- Filter (v#1 > 1)\n"
                              "   +- GlobalLimit 3\n"
                              "      +- LocalLimit 3\n"
                              "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_optimized(
        "SELECT k, n FROM (SELECT k, count(*) AS n FROM t GROUP BY ROLLUP(k)) WHERE k > 'a'",
        "Project [k#2, count(1)#4 AS n#5]\n"
        "+- Aggregate [k#2, spark_grouping_id#3], [k#2, spark_grouping_id#3, count(1) AS count(1)#4]\n"
        "   +- Filter (k#2 > a)\n"
        "      +- Expand [[k#0, 0], [NULL, 1]], [k#2, spark_grouping_id#3]\n"
        "         +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(random_conditions_stay_and_nothing_passes_them)
{
    sqi_plan_expect_optimized("SELECT v FROM (SELECT v FROM s WHERE rand() > 0.5) WHERE v > 1",
                              "Project [v#1]\n"
                              "+- Filter (v#1 > 1)\n"
                              "   +- Filter (rand() > 0.5)\n"
                              "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(what_can_fail_does_not_overtake_its_guard)
{
    sqi_plan_expect_optimized("SELECT k FROM (SELECT k, v + 1 AS w, v FROM s) WHERE w <> 0 AND 10 DIV v > 1",
                              "Project [k#0]\n"
                              "+- Filter ((w#5 != 0) AND ((10 DIV cast(v#1 as bigint)) > 1))\n"
                              "   +- Project [k#0, (v#1 + 1) AS w#5, v#1]\n"
                              "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        through_projections_that_only_rename,       through_aggregations_by_key_only,
        through_generators_by_kept_columns_only,    into_every_input_of_a_union,
        not_through_limits_dedup_and_grouping_sets, random_conditions_stay_and_nothing_passes_them,
        what_can_fail_does_not_overtake_its_guard};
    return sqi_test_main("plan_push", tests, sizeof tests / sizeof *tests);
}
