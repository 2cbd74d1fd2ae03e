/* sql_unpivot: columns become rows. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(each_set_gives_a_row_and_rows_without_a_value_go)
{
    sqi_plan_expect_tree("SELECT * FROM (SELECT k, w AS a, w + 1 AS b FROM t) UNPIVOT (x FOR n IN (a, b))",
                         "Project [k#0, n#4, x#5]\n"
                         "+- SubqueryAlias __auto_generated_subquery_name\n"
                         "   +- Filter isnotnull(x#5)\n"
                         "      +- Expand [[k#0, a, a#2], [k#0, b, b#3]], [k#0, n#4, x#5]\n"
                         "         +- Project [k#0, w#1 AS a#2, (w#1 + 1) AS b#3]\n"
                         "            +- SubqueryAlias t\n"
                         "               +- Relation memory, [k#0, w#1]\n");
    sqi_plan_expect_tree("FROM t |> UNPIVOT INCLUDE NULLS (x FOR n IN (w))", "Expand [[k#0, w, w#1]], [k#0, n#2, x#3]\n"
                                                                             "+- SubqueryAlias t\n"
                                                                             "   +- Relation memory, [k#0, w#1]\n");
}
END_TEST

START_TEST(several_values_take_common_types_and_joined_names)
{
    sqi_plan_expect_tree(
        "SELECT * FROM (SELECT k, v, v + 1L AS w FROM s) UNPIVOT ((a, b) FOR n IN ((v, w), (w, v) AS y))",
        "Project [k#0, n#6, a#7, b#8]\n"
        "+- SubqueryAlias __auto_generated_subquery_name\n"
        "   +- Filter (isnotnull(a#7) OR isnotnull(b#8))\n"
        "      +- Expand [[k#0, v_w, cast(v#1 as bigint), w#5], [k#0, y, w#5, cast(v#1 as bigint)]], [k#0, n#6, a#7, "
        "b#8]\n"
        "         +- Project [k#0, v#1, (cast(v#1 as bigint) + 1) AS w#5]\n"
        "            +- SubqueryAlias s\n"
        "               +- StreamingRelation memory, [k#0, v#1, ar#2, m#3, st#4]\n");
    sqi_plan_expect_schema(
        "SELECT * FROM (SELECT k, v, v + 1L AS w FROM s) UNPIVOT ((a, b) FOR n IN ((v, w), (w, v) AS y))",
        "k STRING, n STRING NOT NULL, a BIGINT, b BIGINT");
}
END_TEST

START_TEST(columns_keep_their_qualifier_unless_there_is_an_alias)
{
    sqi_plan_expect_schema("SELECT t.k FROM t UNPIVOT (x FOR n IN (w))", "k STRING");
    sqi_plan_expect_schema("SELECT y.k, y.x FROM t UNPIVOT (x FOR n IN (w)) y", "k STRING, x INT");
}
END_TEST

START_TEST(sets_that_do_not_fit_are_refused)
{
    sqi_plan_expect_refused("SELECT * FROM s UNPIVOT (x FOR n IN (v, k))", "UNPIVOT_VALUE_DATA_TYPE_MISMATCH");
    sqi_plan_expect_refused("SELECT * FROM s UNPIVOT (x FOR n IN (v, st))", "UNPIVOT_VALUE_DATA_TYPE_MISMATCH");
    sqi_plan_expect_refused("SELECT * FROM s UNPIVOT (x FOR n IN (zz))", "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    sqi_plan_expect_refused("SELECT * FROM s UNPIVOT (x FOR n IN (st.f))", "UNPIVOT_REQUIRES_ATTRIBUTES");
}
END_TEST

START_TEST(a_stream_may_be_unpivoted)
{
    sqi_plan_expect_check("SELECT * FROM s UNPIVOT (x FOR n IN (v))", STREAMQ_APPEND, NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_set_gives_a_row_and_rows_without_a_value_go,
                                  several_values_take_common_types_and_joined_names,
                                  columns_keep_their_qualifier_unless_there_is_an_alias,
                                  sets_that_do_not_fit_are_refused, a_stream_may_be_unpivoted};
    return sqi_test_main("sql_unpivot", tests, sizeof tests / sizeof *tests);
}
