/* sql_table: VALUES, range and generators as tables. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(values_take_common_types)
{
    sqi_plan_expect_schema("SELECT * FROM VALUES (1, 2), (3, NULL)", "col1 INT NOT NULL, col2 INT");
    sqi_plan_expect_schema("SELECT * FROM VALUES (1, 'a'), (2.5, 'b') AS x(a, b)",
                           "a DECIMAL(11,1) NOT NULL, b STRING NOT NULL");
    sqi_plan_expect_tree("SELECT a FROM VALUES (1, 'a') AS x(a, b) WHERE a > 0",
                         "Project [a#2]\n"
                         "+- Filter (a#2 > 0)\n"
                         "   +- SubqueryAlias x\n"
                         "      +- Project [col1#0 AS a#2, col2#1 AS b#3]\n"
                         "         +- LocalRelation [col1#0, col2#1]\n");
    sqi_plan_expect_schema("SELECT * FROM VALUES 1, 2L", "col1 BIGINT NOT NULL");
}
END_TEST

START_TEST(bad_values_are_refused)
{
    sqi_plan_expect_refused("SELECT * FROM VALUES (1, 2), (3)", "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH");
    sqi_plan_expect_refused("SELECT * FROM VALUES (1), (array(1))",
                            "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE");
    sqi_plan_expect_refused("SELECT * FROM VALUES (rand())",
                            "INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE");
    sqi_plan_expect_refused("SELECT * FROM VALUES (sum(1))",
                            "INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE");
    sqi_plan_expect_refused("SELECT * FROM VALUES (a)", "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION");
}
END_TEST

START_TEST(range_counts_up_and_down)
{
    sqi_plan_expect_tree("SELECT * FROM range(3)", "Project [id#0]\n"
                                                   "+- Generate explode(ARRAY(0L, 1L, 2L)), false, [id#0]\n"
                                                   "   +- OneRowRelation\n");
    sqi_plan_expect_tree("SELECT x.id FROM range(10, 0, -4) x",
                         "Project [id#0]\n"
                         "+- SubqueryAlias x\n"
                         "   +- Generate explode(ARRAY(10L, 6L, 2L)), false, [id#0]\n"
                         "      +- OneRowRelation\n");
    sqi_plan_expect_tree("SELECT a FROM range(5, 7) AS x(a)",
                         "Project [a#1]\n"
                         "+- SubqueryAlias x\n"
                         "   +- Project [id#0 AS a#1]\n"
                         "      +- Generate explode(ARRAY(5L, 6L)), false, [id#0]\n"
                         "         +- OneRowRelation\n");
    sqi_plan_expect_tree("SELECT * FROM range(7, 5)", "Project [id#0]\n"
                                                      "+- LocalRelation [id#0]\n");
    sqi_plan_expect_schema("SELECT * FROM range(0)", "id BIGINT NOT NULL");
}
END_TEST

START_TEST(bad_ranges_are_refused)
{
    sqi_plan_expect_refused("SELECT * FROM range(1, 2, 0)", "FAILED_FUNCTION_CALL");
    sqi_plan_expect_refused("SELECT * FROM range(NULL)", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
    sqi_plan_expect_refused("SELECT * FROM range('a')", "CAST_INVALID_INPUT");
    sqi_plan_expect_refused("SELECT * FROM range()", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
    sqi_plan_expect_refused("SELECT * FROM range(9223372036854775807)", "LIMIT_EXCEEDED");
    sqi_plan_expect_refused("SELECT range.id FROM range(2)", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
}
END_TEST

START_TEST(generators_are_tables)
{
    sqi_plan_expect_tree("SELECT * FROM explode(array(1, 2))", "Project [col#0]\n"
                                                               "+- Generate explode(ARRAY(1, 2)), false, [col#0]\n"
                                                               "   +- OneRowRelation\n");
    sqi_plan_expect_tree("SELECT a FROM explode(array(1, 2)) AS x(a)",
                         "Project [a#0]\n"
                         "+- SubqueryAlias x\n"
                         "   +- Generate explode(ARRAY(1, 2)), false, [a#0]\n"
                         "      +- OneRowRelation\n");
    sqi_plan_expect_refused("SELECT * FROM explode(array(1)) AS x(a, b)", "NUM_TABLE_VALUE_ALIASES_MISMATCH");
    sqi_plan_expect_refused("SELECT * FROM upper('a')", "NOT_A_TABLE_FUNCTION");
    sqi_plan_expect_refused("SELECT * FROM nosuch(1)", "UNRESOLVABLE_TABLE_VALUED_FUNCTION");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {values_take_common_types, bad_values_are_refused, range_counts_up_and_down,
                                  bad_ranges_are_refused, generators_are_tables};
    return sqi_test_main("sql_table", tests, sizeof tests / sizeof *tests);
}
