/* plan_order: ORDER BY over output columns and the input below them. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(directions_and_nulls_are_kept)
{
    sqi_plan_expect_tree(
        "SELECT k, v FROM s ORDER BY k, v DESC, k DESC NULLS FIRST, v ASC NULLS LAST",
        "Sort [k#0 ASC NULLS FIRST, v#1 DESC NULLS LAST, k#0 DESC NULLS FIRST, v#1 ASC NULLS LAST], true\n"
        "+- Project [k#0, v#1]\n"
        "   +- SubqueryAlias s\n"
        "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(output_columns_go_before_the_input)
{
    sqi_plan_expect_tree("SELECT -v AS v FROM s ORDER BY v",
                         "Sort [v#5 ASC NULLS FIRST], true\n"
                         "+- Project [negative(v#1) AS v#5]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT k AS a FROM s ORDER BY s.v + 1, a",
                         "Project [a#5]\n"
                         "+- Sort [(v#1 + 1) ASC NULLS FIRST, a#5 ASC NULLS FIRST], true\n"
                         "   +- Project [k#0 AS a#5, v#1]\n"
                         "      +- SubqueryAlias s\n"
                         "         +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(positions_and_all_mean_output_columns)
{
    sqi_plan_expect_tree("SELECT k, v FROM s ORDER BY 2, 1 DESC",
                         "Sort [v#1 ASC NULLS FIRST, k#0 DESC NULLS LAST], true\n"
                         "+- Project [k#0, v#1]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_tree("SELECT k, v FROM s ORDER BY ALL DESC",
                         "Sort [k#0 DESC NULLS LAST, v#1 DESC NULLS LAST], true\n"
                         "+- Project [k#0, v#1]\n"
                         "   +- SubqueryAlias s\n"
                         "      +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
}
END_TEST

START_TEST(positions_out_of_range_are_refused)
{
    sqi_plan_expect_refused("SELECT k FROM s ORDER BY 2", "ORDER_BY_POS_OUT_OF_RANGE");
    sqi_plan_expect_refused("SELECT k FROM s ORDER BY 0", "ORDER_BY_POS_OUT_OF_RANGE");
}
END_TEST

START_TEST(a_type_without_an_order_is_refused)
{
    sqi_plan_expect_refused("SELECT m FROM s ORDER BY m", "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE");
    sqi_plan_expect_refused("SELECT k, count(*) FROM s GROUP BY k ORDER BY map('a', k)",
                            "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE");
}
END_TEST

START_TEST(an_ambiguous_name_is_refused)
{
    sqi_plan_expect_refused("SELECT k AS x, v AS x FROM s ORDER BY x", "AMBIGUOUS_REFERENCE");
}
END_TEST

START_TEST(after_a_set_operation_only_output_columns_are_seen)
{
    sqi_plan_expect_tree("SELECT k FROM s UNION ALL SELECT k FROM r ORDER BY k",
                         "Sort [k#0 ASC NULLS FIRST], true\n"
                         "+- Union\n"
                         "   :- Project [k#0]\n"
                         "   :  +- SubqueryAlias s\n"
                         "   :     +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n"
                         "   +- Project [k#5]\n"
                         "      +- SubqueryAlias r\n"
                         "         +- StreamingRelation memory, [k#5, v#6]\n");
    sqi_plan_expect_refused("SELECT k FROM s UNION ALL SELECT k FROM r ORDER BY v",
                            "UNRESOLVED_COLUMN.WITH_SUGGESTION");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {directions_and_nulls_are_kept,
                                  output_columns_go_before_the_input,
                                  positions_and_all_mean_output_columns,
                                  positions_out_of_range_are_refused,
                                  a_type_without_an_order_is_refused,
                                  an_ambiguous_name_is_refused,
                                  after_a_set_operation_only_output_columns_are_seen};
    return sqi_test_main("plan_order", tests, sizeof tests / sizeof *tests);
}
