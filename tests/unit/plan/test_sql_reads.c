/* sql_reads: streams are found in every corner of a FROM clause. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(streams_are_found_through_joins_sets_pipes_and_with)
{
    sqi_plan_expect_refused("SELECT (SELECT max(x.v) FROM t JOIN s x ON true) FROM t",
                            "INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY");
    sqi_plan_expect_refused("SELECT (SELECT max(x.v) FROM (SELECT * FROM s) x) FROM t",
                            "INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY");
    sqi_plan_expect_refused("SELECT (SELECT max(x.v) FROM (SELECT w FROM t UNION SELECT v FROM s) x) FROM t",
                            "INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY");
    sqi_plan_expect_refused("SELECT (SELECT max(x.v) FROM (WITH y AS (SELECT * FROM s) SELECT 1 AS v) x) FROM t",
                            "INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY");
    sqi_plan_expect_refused("SELECT (SELECT max(x.v) FROM (FROM t |> UNION ALL TABLE r) x) FROM t",
                            "INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY");
    sqi_plan_expect_refused("SELECT (SELECT max(x.v) FROM (FROM t |> JOIN s ON true) x) FROM t",
                            "INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY");
}
END_TEST

START_TEST(tables_values_and_functions_are_no_streams)
{
    sqi_plan_expect_refused("SELECT (SELECT max(1) FROM t) FROM s", "UNSUPPORTED_FEATURE.SUBQUERY");
    sqi_plan_expect_refused("SELECT (SELECT max(1) FROM VALUES (1)) FROM s", "UNSUPPORTED_FEATURE.SUBQUERY");
    sqi_plan_expect_refused("SELECT (SELECT max(1) FROM range(3)) FROM s", "UNSUPPORTED_FEATURE.SUBQUERY");
    sqi_plan_expect_refused("SELECT (SELECT max(1) FROM nowhere) FROM s", "UNSUPPORTED_FEATURE.SUBQUERY");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {streams_are_found_through_joins_sets_pipes_and_with,
                                  tables_values_and_functions_are_no_streams};
    return sqi_test_main("sql_reads", tests, sizeof tests / sizeof *tests);
}
