/* plan_prune: columns nobody reads go. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(projections_and_aggregates_shrink)
{
    sqi_plan_expect_optimized("SELECT b FROM (SELECT v + 1 AS a, v + 2 AS b FROM s)",
                              "Project [(v#1 + 2) AS b#5]\n"
                              "+- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_optimized("SELECT k, b FROM (SELECT k, sum(v) AS a, max(v) AS b FROM s GROUP BY k)",
                              "Project [k#0, max(v)#5 AS b#6]\n"
                              "+- Aggregate [k#0], [k#0, max(v#1) AS max(v)#5]\n"
                              "   +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(keys_stay)
{
    sqi_plan_expect_optimized("SELECT n FROM (SELECT k, v, count(*) AS n FROM s GROUP BY k, v)",
                              "Project [count(1)#5 AS n#6]\n"
                              "+- Aggregate [k#0, v#1], [k#0, v#1, count(1) AS count(1)#5]\n"
                              "   +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_optimized("SELECT v FROM (SELECT DISTINCT k, v FROM s)",
                              "Project [v#1]\n"
                              "+- Distinct\n"
                              "   +- Project [k#0, v#1]\n"
                              "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(a_generator_repeats_only_what_is_read)
{
    sqi_plan_expect_optimized("SELECT k, e FROM s LATERAL VIEW explode(ar) AS e",
                              "Generate explode(ar#2), false, [e#5]\n"
                              "+- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_optimized("SELECT e FROM s LATERAL VIEW explode(ar) AS e WHERE v > 1",
                              "Generate explode(ar#2), false, [e#5]\n"
                              "+- Filter (v#1 > 1)\n"
                              "   +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(a_sort_keeps_only_what_it_must)
{
    sqi_plan_expect_optimized("SELECT k FROM s ORDER BY v LIMIT 2",
                              "Project [k#0]\n"
                              "+- GlobalLimit 2\n"
                              "   +- LocalLimit 2\n"
                              "      +- Sort [v#1 ASC NULLS FIRST], true\n"
                              "         +- Project [k#0, v#1]\n"
                              "            +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(inputs_of_a_union_give_the_same_columns)
{
    sqi_plan_expect_optimized("SELECT v FROM (SELECT k, v FROM r UNION ALL SELECT * FROM r) WHERE v > 1",
                              "Union\n"
                              ":- Project [v#1]\n"
                              ":  +- Filter (v#1 > 1)\n"
                              ":     +- StreamingRelation memory, [k#0, v#1]\n"
                              "+- Project [v#3]\n"
                              "   +- Filter (v#3 > 1)\n"
                              "      +- StreamingRelation memory, [k#2, v#3]\n");
}
END_TEST

START_TEST(grouping_sets_carry_only_what_aggregates_read)
{
    sqi_plan_expect_optimized(
        "SELECT k, sum(w) AS n FROM t GROUP BY ROLLUP(k)",
        "Project [k#2, sum(w)#4 AS n#5]\n"
        "+- Aggregate [k#2, spark_grouping_id#3], [k#2, spark_grouping_id#3, sum(w#1) AS sum(w)#4]\n"
        "   +- Expand [[w#1, k#0, 0], [w#1, NULL, 1]], [w#1, k#2, spark_grouping_id#3]\n"
        "      +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(the_result_keeps_its_columns)
{
    sqi_plan_expect_optimized("SELECT v, v AS b, k FROM s WHERE st.f > 1",
                              "Project [v#1, v#1 AS b#5, k#0]\n"
                              "+- Filter (getfield(st#4) > 1)\n"
                              "   +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {projections_and_aggregates_shrink,
                                  keys_stay,
                                  a_generator_repeats_only_what_is_read,
                                  a_sort_keeps_only_what_it_must,
                                  inputs_of_a_union_give_the_same_columns,
                                  grouping_sets_carry_only_what_aggregates_read,
                                  the_result_keeps_its_columns};
    return sqi_test_main("plan_prune", tests, sizeof tests / sizeof *tests);
}
