/* plan_screen: what is refused before binding, wherever it stands in an expression. */
#include "plan_expect.h"
#include "test_main.h"

START_TEST(a_window_function_is_refused_wherever_it_stands)
{
    sqi_plan_expect_refused("SELECT CASE WHEN v > 1 THEN sum(v) OVER () ELSE 0 END FROM s",
                            "NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING");
    sqi_plan_expect_refused("SELECT k FROM s ORDER BY rank() OVER (ORDER BY v)",
                            "NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING");
    sqi_plan_expect_refused("SELECT sum(w) FILTER (WHERE count(*) OVER () > 1) FROM t",
                            "UNSUPPORTED_FEATURE.SQL_CLAUSE");
    sqi_plan_expect_refused("SELECT k FROM s |> EXTEND row_number() OVER (ORDER BY k) AS n",
                            "NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING");
}
END_TEST

START_TEST(a_subquery_says_whether_it_reads_a_stream)
{
    sqi_plan_expect_refused("SELECT k FROM s WHERE v IN (SELECT w FROM t)", "UNSUPPORTED_FEATURE.SUBQUERY");
    sqi_plan_expect_refused("SELECT k FROM s WHERE v IN (SELECT v FROM r)",
                            "INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY");
    sqi_plan_expect_refused("WITH x AS (SELECT v FROM r) SELECT k FROM t WHERE w > (SELECT max(v) FROM x)",
                            "INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY");
    sqi_plan_expect_refused("WITH x AS (SELECT w FROM t) SELECT k FROM s WHERE v > (SELECT max(w) FROM x)",
                            "UNSUPPORTED_FEATURE.SUBQUERY");
    sqi_plan_expect_refused("SELECT k FROM t HAVING count(*) > (SELECT max(w) FROM t)", "UNSUPPORTED_FEATURE.SUBQUERY");
    sqi_plan_expect_refused("SELECT k FROM t LIMIT (SELECT 1)", "UNSUPPORTED_FEATURE.SUBQUERY");
}
END_TEST

START_TEST(time_windows_are_refused_in_keys_first)
{
    sqi_plan_expect_refused("SELECT window.start, count(*) FROM s GROUP BY window(v, '1 minute')",
                            "UNSUPPORTED_FEATURE.TIME_WINDOW");
    sqi_plan_expect_refused("SELECT session_window(v, '1 minute') FROM s", "UNSUPPORTED_FEATURE.TIME_WINDOW");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_window_function_is_refused_wherever_it_stands,
                                  a_subquery_says_whether_it_reads_a_stream, time_windows_are_refused_in_keys_first};
    return sqi_test_main("plan_screen", tests, sizeof tests / sizeof *tests);
}
