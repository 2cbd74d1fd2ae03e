/* sql_group: GROUP BY as written becomes keys and sets. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(rollup_drops_keys_from_the_right)
{
    sqi_plan_expect_optimized(
        "SELECT count(*) AS n FROM t GROUP BY ROLLUP(k, w)",
        "Project [count(1)#5 AS n#6]\n"
        "+- Aggregate [k#2, w#3, spark_grouping_id#4], [k#2, w#3, spark_grouping_id#4, count(1) AS count(1)#5]\n"
        "   +- Expand [[k#0, w#1, 0], [k#0, NULL, 1], [NULL, NULL, 3]], [k#2, w#3, spark_grouping_id#4]\n"
        "      +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(cube_has_every_subset)
{
    sqi_plan_expect_optimized(
        "SELECT count(*) AS n FROM t GROUP BY CUBE(k, w)",
        "Project [count(1)#5 AS n#6]\n"
        "+- Aggregate [k#2, w#3, spark_grouping_id#4], [k#2, w#3, spark_grouping_id#4, count(1) AS count(1)#5]\n"
        "   +- Expand [[k#0, w#1, 0], [k#0, NULL, 1], [NULL, w#1, 2], [NULL, NULL, 3]], [k#2, w#3, "
        "spark_grouping_id#4]\n"
        "      +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(groupings_in_a_row_multiply)
{
    sqi_plan_expect_optimized(
        "SELECT count(*) AS n FROM t GROUP BY k, ROLLUP(w)",
        "Project [count(1)#4 AS n#5]\n"
        "+- Aggregate [k#0, w#2, spark_grouping_id#3], [k#0, w#2, spark_grouping_id#3, count(1) AS count(1)#4]\n"
        "   +- Expand [[k#0, w#1, 0], [k#0, NULL, 1]], [k#0, w#2, spark_grouping_id#3]\n"
        "      +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(sets_are_taken_as_written)
{
    sqi_plan_expect_optimized(
        "SELECT count(*) AS n FROM t GROUP BY GROUPING SETS ((k, w), (w), ())",
        "Project [count(1)#5 AS n#6]\n"
        "+- Aggregate [k#2, w#3, spark_grouping_id#4], [k#2, w#3, spark_grouping_id#4, count(1) AS count(1)#5]\n"
        "   +- Expand [[k#0, w#1, 0], [NULL, w#1, 2], [NULL, NULL, 3]], [k#2, w#3, spark_grouping_id#4]\n"
        "      +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(a_tuple_comes_and_goes_as_one)
{
    sqi_plan_expect_optimized("SELECT count(*) AS n FROM t GROUP BY ROLLUP((k, w), k)",
                              "Project [count(1)#6 AS n#7]\n"
                              "+- Aggregate [k#2, w#3, spark_grouping_id#4, _gen_grouping_pos#5], [k#2, w#3, "
                              "spark_grouping_id#4, _gen_grouping_pos#5, count(1) AS count(1)#6]\n"
                              "   +- Expand [[k#0, w#1, 0, 0], [k#0, w#1, 0, 1], [NULL, NULL, 3, 2]], [k#2, w#3, "
                              "spark_grouping_id#4, _gen_grouping_pos#5]\n"
                              "      +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(with_rollup_after_the_keys_is_the_same)
{
    sqi_plan_expect_optimized(
        "SELECT count(*) AS n FROM t GROUP BY k WITH ROLLUP",
        "Project [count(1)#4 AS n#5]\n"
        "+- Aggregate [k#2, spark_grouping_id#3], [k#2, spark_grouping_id#3, count(1) AS count(1)#4]\n"
        "   +- Expand [[k#0, 0], [NULL, 1]], [k#2, spark_grouping_id#3]\n"
        "      +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(too_many_sets_are_refused)
{
    sqi_plan_expect_refused(
        "SELECT 1 FROM t GROUP BY CUBE(k, w, 1+1, 1+2, 1+3, 1+4, 1+5, 1+6, 1+7, 1+8, 1+9, 1+10, 1+11)",
        "LIMIT_EXCEEDED");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {rollup_drops_keys_from_the_right, cube_has_every_subset,
                                  groupings_in_a_row_multiply,      sets_are_taken_as_written,
                                  a_tuple_comes_and_goes_as_one,    with_rollup_after_the_keys_is_the_same,
                                  too_many_sets_are_refused};
    return sqi_test_main("sql_group", tests, sizeof tests / sizeof *tests);
}
